"""The one guard around vodozemac. Nothing else imports it, and no failure of it leaves this module as itself.

Any exception becomes Refused("olm.*") without the library's text; so does pyo3's PanicException, which is
not an Exception. After a panic the object is not used again (load it anew from its last dump). The
library's Ed25519 classes are never given peer data: one of them panics on 44 characters.
A dump is CBOR {"key": 32 fresh random bytes, "pickle": text}: the library derives the pickle's IV from the
key, so no key is used for two pickles.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any, Final, Self, TypeVar

import vodozemac

from valise.domain.errors import Refused
from valise.protocol import cbor, signing

_DUMP_LIMIT: Final = 4 << 20
_SECRET: Final = 32
GROUP_KEY: Final = 165  # version, index 4, ratchet 128, signing key 32
_OPENS: Final = 0
_FIELD: Final = 2**255 - 19
# Where the three keys of an opening message stand, after our type byte and its version, with their field tags.
_KEYS_OF_OPENING: Final = ((2, b"\x0a\x20"), (36, b"\x12\x20"), (70, b"\x1a\x20"))
T = TypeVar("T")


class guard:
    """`with guard(code):` turns whatever the library raises into Refused(code), without its text.

    Also the panic, a BaseException that cannot be imported; `holder` is then marked as broken.
    """

    __slots__ = ("_code", "_holder")

    def __init__(self, code: str, holder: _Kept | None = None) -> None:
        self._code = code
        self._holder = holder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError, GeneratorExit)):
            return
        if isinstance(error, Refused) and error.code.startswith("olm."):
            return
        if self._holder is not None and not isinstance(error, Exception):
            self._holder.broken = True
        raise Refused(self._code, "the session library refused") from None


class _Kept:
    """What all wrapped objects share: the object itself, and whether a panic has spoilt it."""

    __slots__ = ("_it", "broken")

    def __init__(self, it: Any) -> None:
        self._it = it
        self.broken = False

    def _run(self, code: str, act: Callable[[Any], T]) -> T:
        if self.broken:
            raise Refused("olm.broken", "the session must be loaded again")
        with guard(code, self):
            return act(self._it)

    def dump(self) -> bytes:
        """Secret bytes for the vault, sealed under a key that no other dump uses."""
        key = secrets.token_bytes(_SECRET)
        return cbor.encode({"key": key, "pickle": self._run("olm.dump", lambda it: it.pickle(key))})

    @staticmethod
    def _unpickle(data: bytes, load: Callable[[str, bytes], T]) -> T:
        with guard("olm.dump"):
            held = cbor.decode(data, _DUMP_LIMIT)
            if type(held) is not dict or held.keys() != {"key", "pickle"} or type(held["pickle"]) is not str:
                raise Refused("olm.dump", "not a dump of ours")
            return load(held["pickle"], held["key"])

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def _id(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _unpadded(data: bytes) -> str:
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def _exported(group: Any) -> bytes:
    """An inbound session at its first index."""
    return _id(group.export_at(group.first_known_index).to_base64())


def _message(message: bytes) -> Any:
    """The library's message, if `message` is the one way to write it.

    The library reads other spellings too: unknown fields, and keys with the bit that X25519 ignores. In a
    message that opens a session the latter gives another session id to the same words, so a replay would pass
    for something new.
    """
    if len(message) < 2 or message[0] > 1:
        raise Refused("olm.message", "not a session message")
    read = vodozemac.AnyOlmMessage.from_parts(message[0], bytes(message[1:]))
    if bytes(read.to_parts()[1]) != message[1:]:
        raise Refused("olm.message", "not written as our senders write it")
    if message[0] == _OPENS:
        for start, tag in _KEYS_OF_OPENING:
            key = message[start + 2 : start + 2 + _SECRET]
            if message[start : start + 2] != tag or int.from_bytes(key, "little") >= _FIELD:
                raise Refused("olm.message", "a key is not written as our senders write it")
    return read


def _prekey(message: bytes) -> Any:
    prekey = _message(message).to_pre_key()
    if prekey is None:
        raise Refused("olm.message", "not a message that opens a session")
    return prekey


def prekey_session_id(message: bytes) -> bytes | None:
    """The id of the session a prekey message opens, None for an ordinary message. Raises Refused("olm.message").

    A prekey message made with a fallback key can be replayed: remember these ids while that key lives.
    """
    with guard("olm.message"):
        prekey = _message(message).to_pre_key()
        return None if prekey is None else _id(prekey.session_id())


class OlmSession(_Kept):
    """A pairwise ratchet. A failing `decrypt` leaves it as it was."""

    __slots__ = ()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From a dump. Raises Refused("olm.dump")."""
        return cls(cls._unpickle(data, vodozemac.Session.from_pickle))

    @property
    def id(self) -> bytes:
        """32 bytes, the same on both sides."""
        return self._run("olm.session", lambda it: _id(it.session_id))

    def encrypt(self, plaintext: bytes) -> bytes:
        """One type byte (0 opens a session, 1 continues one), then the message."""
        kind, body = self._run("olm.encrypt", lambda it: it.encrypt(plaintext).to_parts())
        return bytes((kind,)) + bytes(body)

    def decrypt(self, message: bytes) -> bytes:
        """Raises Refused("olm.decrypt" | "olm.message"): forged, seen before, older than the 40 keys kept."""
        return self._run("olm.decrypt", lambda it: bytes(it.decrypt(_message(message))))

    def matches(self, message: bytes) -> bool:
        """Whether a prekey message belongs to this session."""

        def act(it: Any) -> bool:
            prekey = _message(message).to_pre_key()
            return prekey is not None and bool(it.session_matches(prekey))

        return self._run("olm.message", act)


class OlmAccount(_Kept):
    """A device's long-term Olm identity and its fallback key (the one before stays usable until the next turn)."""

    __slots__ = ()

    @classmethod
    def new(cls) -> Self:
        """A fresh identity with a first fallback key."""
        with guard("olm.account"):
            account = cls(vodozemac.Account())
        account.rotate()
        return account

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From a dump. Raises Refused("olm.dump")."""
        return cls(cls._unpickle(data, vodozemac.Account.from_pickle))

    @property
    def identity(self) -> bytes:
        """32 bytes of Curve25519."""
        return self._run("olm.account", lambda it: bytes(it.curve25519_key.to_bytes()))

    def fallback(self) -> bytes:
        """The current fallback key, 32 bytes of Curve25519.

        It is never marked as published inside the library, which would hide it from us after a load.
        """
        return self._run("olm.account", lambda it: bytes(next(iter(it.fallback_key.values())).to_bytes()))

    def rotate(self) -> bytes:
        """Make a new fallback key and return it. Messages to the one before still open, older ones do not."""
        self._run("olm.account", lambda it: it.generate_fallback_key())
        return self.fallback()

    def outbound(self, identity: bytes, fallback: bytes) -> OlmSession:
        """A session to a peer from its (verified) keys. Raises Refused("olm.session")."""

        def act(it: Any) -> OlmSession:
            key = vodozemac.Curve25519PublicKey.from_bytes
            return OlmSession(it.create_outbound_session(key(identity), key(fallback)))

        return self._run("olm.session", act)

    def inbound(self, sender_identity: bytes, message: bytes) -> tuple[OlmSession, bytes]:
        """The session a prekey message opens, and its plaintext. Raises Refused("olm.session")."""

        def act(it: Any) -> tuple[OlmSession, bytes]:
            sender = vodozemac.Curve25519PublicKey.from_bytes(sender_identity)
            session, plaintext = it.create_inbound_session(sender, _prekey(message))
            return OlmSession(session), bytes(plaintext)

        return self._run("olm.session", act)


class OutboundGroup(_Kept):
    """Our sending half of a Megolm session. Dump it before a ciphertext leaves."""

    __slots__ = ()

    @classmethod
    def new(cls) -> Self:
        """A fresh session at index 0."""
        with guard("olm.group"):
            return cls(vodozemac.GroupSession())

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From a dump. Raises Refused("olm.dump")."""
        return cls(cls._unpickle(data, vodozemac.GroupSession.from_pickle))

    @property
    def id(self) -> bytes:
        """32 bytes."""
        return self._run("olm.group", lambda it: _id(it.session_id))

    @property
    def index(self) -> int:
        """The index the next message will have."""
        return self._run("olm.group", lambda it: int(it.message_index))

    def key(self) -> bytes:
        """The session key at the present index: secret, GROUP_KEY bytes, opens everything from here on.

        In the library's exported form, without the signature of the session over itself. That one says only that whoever
        made the key can write in it; it goes along with a copied key and binds it to nobody.
        """
        return self._run("olm.group", lambda it: _exported(vodozemac.InboundGroupSession(it.session_key)))

    def encrypt(self, plaintext: bytes) -> bytes:
        """A Megolm message; advances `index` by one."""
        return self._run("olm.encrypt", lambda it: bytes(it.encrypt(plaintext).to_bytes()))


class InboundGroup(_Kept):
    """Our receiving half. It does not notice replays: the same message gives the same index again."""

    __slots__ = ()

    @classmethod
    def from_key(cls, key: bytes) -> Self:
        """From the bytes of `OutboundGroup.key` at index 0. Raises Refused("olm.group")."""
        with guard("olm.group"):
            signing.check_public(key[-_SECRET:])  # of low order it would verify what anybody writes
            read = vodozemac.ExportedSessionKey(_unpadded(key))
            made = cls(vodozemac.InboundGroupSession.import_session(read))
        if made.first_index or made.key() != key:
            raise Refused("olm.group", "not a session key as our senders write it")
        return made

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From a dump. Raises Refused("olm.dump")."""
        return cls(cls._unpickle(data, vodozemac.InboundGroupSession.from_pickle))

    @property
    def id(self) -> bytes:
        """32 bytes, equal to the sender's."""
        return self._run("olm.group", lambda it: _id(it.session_id))

    @property
    def first_index(self) -> int:
        """The first index this session can open."""
        return self._run("olm.group", lambda it: int(it.first_known_index))

    def key(self) -> bytes:
        """What `OutboundGroup.key` was at the first index: what a session is announced by."""
        return self._run("olm.group", _exported)

    def decrypt(self, message: bytes) -> tuple[bytes, int]:
        """Plaintext and index. Raises Refused("olm.decrypt" | "olm.message")."""

        def act(it: Any) -> tuple[bytes, int]:
            read = vodozemac.MegolmMessage.from_bytes(message)
            if bytes(read.to_bytes()) != message:  # unknown fields, which the signature does not cover
                raise Refused("olm.message", "not written as our senders write it")
            opened = it.decrypt(read)
            return bytes(opened.plaintext), int(opened.message_index)

        return self._run("olm.decrypt", act)
