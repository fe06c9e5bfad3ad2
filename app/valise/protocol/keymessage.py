"""Key messages: how a session key travels from one device to one other, inside HPKE(X-Wing){ Olm { this } }.

The outer part (seen only by the recipient, after HPKE) says which device sends and at what place in its own
count to us, so that a batch can be sorted before Olm is touched. What both ends know does not travel inside:
the message holds one hash that binds both devices, both Olm keys and the count to everything it says.

What a session is for and holds for all its recipients alike (epoch, everybody it is sealed for) stands in every
frame; a record session is announced there under the device's signature.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, hpke, signing
from valise.protocol.olm import GROUP_KEY

ANNOUNCE: Final = "valise/v1/session"
BINDING: Final = "valise/v1/key-binding"
TAG: Final = "valise/v1/tag"
RECORD: Final = 0
_MOST: Final = 2048  # bytes of either part
_COUNT: Final = 2**53


def tag_of(sender: bytes, wrap: bytes) -> bytes:
    """The 16-byte tag of a session. It follows from its sender, so nobody can announce another's tag as its own."""
    return canonical.digest(TAG, sender + wrap)[:16]


@dataclass(frozen=True, slots=True)
class Outer:
    device: bytes  # 32, sender
    number: int  # the sender's count of key messages to us, from 1
    message: bytes  # Olm


@dataclass(frozen=True, slots=True)
class Ends:
    """Who sends to whom: known to both before the message is read. Device ids and Olm keys are 32 bytes."""

    number: int  # the outer count
    sender: bytes
    sender_olm: bytes
    recipient: bytes
    recipient_olm: bytes


@dataclass(frozen=True, slots=True)
class SessionKey(Ends):
    certificate: bytes  # hash of the sender's
    reply_key: bytes  # 1,216-byte X-Wing public key
    room: str
    klass: int
    base: int  # chat class: the sender's conversation begins at this seq for this recipient; record class: 0
    wrap: bytes
    key: bytes  # of the Megolm session, at index 0
    binding: bytes = b""  # as it came

    @property
    def tag(self) -> bytes:
        return tag_of(self.sender, self.wrap)

    def bound(self) -> bytes:
        """The binding as it has to be: 32 bytes over both ends and all that the message says."""
        return canonical.digest(BINDING, cbor.encode([getattr(self, one.name) for one in fields(self)[:-1]]))


def encode_outer(outer: Outer) -> bytes:
    return cbor.encode([outer.device, outer.number, outer.message])


def decode_outer(data: bytes) -> Outer:
    """Refused("key.malformed")."""
    value = cbor.decode(data, _MOST)
    if not isinstance(value, list) or len(value) != 3:
        raise Refused("key.malformed")
    _sized(value[0], 32)
    if type(value[1]) is not int or not 0 < value[1] < _COUNT or not isinstance(value[2], bytes):
        raise Refused("key.malformed")
    return Outer(value[0], value[1], value[2])


def encode(message: SessionKey) -> bytes:
    """Bound to the ends it names, which are not written."""
    room = canonical.unb64u(message.room, 32)
    return cbor.encode(
        [message.reply_key, message.key, message.wrap, message.certificate, message.bound(), room, message.klass, message.base]
    )


def decode(data: bytes, ends: Ends) -> SessionKey:
    """Strict; Refused("key.malformed"). The binding is not checked yet."""
    value: Any = cbor.decode(data, _MOST)
    if not isinstance(value, list) or len(value) != 8:
        raise Refused("key.malformed")
    reply_key, key, wrap, certificate, binding, room, klass, base = value
    _sized(reply_key, hpke.PUBLIC)
    _sized(key, GROUP_KEY)
    for one in (wrap, certificate, binding, room):
        _sized(one, 32)
    if type(klass) is not int or klass not in (0, 1) or type(base) is not int or not 0 <= base < _COUNT:
        raise Refused("key.malformed")
    return SessionKey(
        ends.number,
        ends.sender,
        ends.sender_olm,
        ends.recipient,
        ends.recipient_olm,
        certificate,
        reply_key,
        canonical.b64u(room),
        klass,
        base,
        wrap,
        key,
        binding,
    )


def _sized(value: Any, size: int) -> None:
    if not isinstance(value, bytes) or len(value) != size:
        raise Refused("key.malformed")


def check_binding(message: SessionKey) -> None:
    """The message was made by this sender for this recipient, with these keys and at this count. Refused("key.binding")."""
    if message.binding != message.bound():
        raise Refused("key.binding")


def announced(sender: bytes, room: str, epoch: bytes, klass: int, tag: bytes, key: bytes, recipients: bytes) -> bytes:
    """What a record session's announcement signs: 32 bytes. `key` = of the Megolm session at index 0."""
    return canonical.digest(
        ANNOUNCE, cbor.encode([sender, room, epoch, klass, tag, canonical.digest(ANNOUNCE, key), recipients])
    )


def check_announcement(klass: int, what: bytes, announcement: bytes, public: bytes) -> None:
    """A record session is announced under its device's signature, a conversation under nobody's.
    Refused("signature.bad" | "frame.binding")."""
    if klass == RECORD:
        signing.verify(public, what, announcement)
    elif announcement:
        raise Refused("frame.binding")
