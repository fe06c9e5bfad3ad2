"""The guard around vodozemac, and the traps of vodozemac, each shown to be there and to be answered."""

from __future__ import annotations

import ast
import traceback
from pathlib import Path

import pytest
import vodozemac
from hypothesis import given, settings
from hypothesis import strategies as st

import valise
from valise.domain.errors import Refused
from valise.protocol import cbor, olm
from valise.protocol.olm import InboundGroup, OlmAccount, OlmSession, OutboundGroup

from .made import all_refused, flips, refused

SECRET_WORD = "A" * 44


def pair() -> tuple[OlmSession, OlmSession, bytes]:
    """Sender's session, receiver's session, and the first message (already read)."""
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    out = sender.outbound(receiver.identity, receiver.fallback())
    first = out.encrypt(b"first")
    back, plaintext = receiver.inbound(sender.identity, first)
    assert plaintext == b"first"
    return out, back, first


def state(kept: olm._Kept) -> str:
    return str(kept._it.pickle(b"\0" * 32))


def test_only_this_module_imports_the_library() -> None:
    importers = set()
    for path in Path(valise.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "vodozemac" for name in names):
                importers.add(path.name)
    assert importers == {"olm.py"}
    source = Path(olm.__file__).read_text("utf-8")
    assert not any("Ed25519" in node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))


def test_the_panic_is_there_and_is_contained(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BaseException) as caught:
        vodozemac.Ed25519PublicKey.from_base64(SECRET_WORD)
    assert not isinstance(caught.value, Exception)
    holder = OlmAccount.new()
    with pytest.raises(Refused) as refusal:
        holder._run("olm.probe", lambda _: vodozemac.Ed25519PublicKey.from_base64(SECRET_WORD))
    assert refusal.value.code == "olm.probe"
    shown = "".join(traceback.format_exception(refusal.value))
    assert "slice" not in shown
    assert refused(lambda: holder.identity) == "olm.broken"
    assert SECRET_WORD not in capfd.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_is_not_the_librarys_passes(error: type[BaseException]) -> None:
    with pytest.raises(error), olm.guard("olm.probe"):
        raise error


def test_text_of_an_error_goes_no_further() -> None:
    with pytest.raises(Refused) as caught, olm.guard("olm.probe"):
        raise ValueError("Aurelia proposes")
    assert "Aurelia" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_codes_of_others_are_not_let_through() -> None:
    with pytest.raises(Refused) as caught, olm.guard("olm.probe"):
        raise Refused("cbor.malformed")
    assert caught.value.code == "olm.probe"


def test_a_conversation() -> None:
    out, back, first = pair()
    assert first[0] == 0
    assert out.id == back.id == olm.prekey_session_id(first)
    assert len(out.id) == 32
    assert back.matches(first)
    reply = back.encrypt(b"reply")
    assert reply[0] == 1
    assert olm.prekey_session_id(reply) is None
    assert not back.matches(reply)
    assert out.decrypt(reply) == b"reply"
    again = out.encrypt(b"again")
    assert again[0] == 1
    assert back.decrypt(again) == b"again"


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=40), st.booleans()), max_size=12))
def test_dumps_continue(turns: list[tuple[bool, bytes, bool]]) -> None:
    sides = list(pair()[:2])
    for forth, words, reload in turns:
        sender, receiver = (0, 1) if forth else (1, 0)
        message = sides[sender].encrypt(words)
        if reload:
            sides = [OlmSession.load(one.dump()) for one in sides]
        assert sides[receiver].decrypt(message) == words


def test_every_dump_has_its_own_key() -> None:
    out, back, _ = pair()
    group = OutboundGroup.new()
    for kept in (OlmAccount.new(), out, back, group, InboundGroup.from_key(group.key())):
        dumps = [cbor.decode(kept.dump()) for _ in range(5)]
        assert len({one["key"] for one in dumps}) == 5
        assert len({one["pickle"] for one in dumps}) == 5
        assert all(len(one["key"]) == 32 for one in dumps)


def test_the_pickle_iv_trap_is_there() -> None:
    account = vodozemac.Account()
    assert account.pickle(b"k" * 32) == account.pickle(b"k" * 32)


@pytest.mark.parametrize("kind", [OlmAccount, OlmSession, OutboundGroup, InboundGroup])
def test_dumps_that_are_none(kind: type[OlmAccount]) -> None:
    key = bytes(32)
    for data in (
        b"",
        b"\xff",
        cbor.encode([]),
        cbor.encode({}),
        cbor.encode({"key": key}),
        cbor.encode({"key": key, "pickle": ""}),
        cbor.encode({"key": key[1:], "pickle": "AAAA"}),
        cbor.encode({"key": "k", "pickle": "AAAA"}),
        cbor.encode({"key": key, "pickle": b"AAAA"}),
        cbor.encode({"key": key, "pickle": OlmAccount.new()._it.pickle(bytes(31) + b"x")}),
    ):
        assert refused(lambda data=data: kind.load(data)) == "olm.dump"


def test_every_bit_of_a_session_message_and_nothing_lost() -> None:
    out, back, _ = pair()
    out.decrypt(back.encrypt(b"x"))
    message = out.encrypt(b"the real one")
    before = state(back)
    all_refused(flips(message), back.decrypt)
    for size in range(len(message)):
        assert refused(lambda size=size: back.decrypt(message[:size])).startswith("olm.")
    assert state(back) == before
    assert back.decrypt(message) == b"the real one"
    assert refused(lambda: back.decrypt(message)) == "olm.decrypt"


def test_every_bit_of_a_first_message() -> None:
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    message = sender.outbound(receiver.identity, receiver.fallback()).encrypt(b"first")
    before = state(receiver)
    assert all_refused(flips(message), lambda one: receiver.inbound(sender.identity, one)) == 8 * len(message)
    assert state(receiver) == before
    assert refused(lambda: receiver.inbound(bytes(32), message)) == "olm.session"
    assert refused(lambda: receiver.inbound(b"short", message)) == "olm.session"
    assert refused(lambda: OlmAccount.new().inbound(sender.identity, message)) == "olm.session"


@pytest.mark.parametrize("place", [35, 69, 103])
def test_the_bit_that_x25519_ignores_makes_no_new_session(place: int) -> None:
    """The trap: the same words under another session id, three times over. The answer: one spelling only."""
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    message = sender.outbound(receiver.identity, receiver.fallback()).encrypt(b"first")
    other = bytearray(message)
    other[place] ^= 0x80
    raw = vodozemac.AnyOlmMessage.from_parts(0, bytes(other[1:])).to_pre_key()
    assert raw is not None
    key = vodozemac.Curve25519PublicKey.from_bytes(sender.identity)
    session, words = receiver._it.create_inbound_session(key, raw)
    assert bytes(words) == b"first"
    assert olm._id(session.session_id) != olm.prekey_session_id(message)
    assert refused(lambda: receiver.inbound(sender.identity, bytes(other))) == "olm.message"
    assert refused(lambda: olm.prekey_session_id(bytes(other))) == "olm.message"


@pytest.mark.parametrize("message", [b"", b"\0", b"\1", b"\2" + bytes(80), b"\xff" * 80, b"\0" + b"\3" * 200])
def test_messages_that_are_none(message: bytes) -> None:
    _, back, _ = pair()
    assert refused(lambda: olm.prekey_session_id(message)) == "olm.message"
    assert refused(lambda: back.matches(message)) == "olm.message"
    assert refused(lambda: back.decrypt(message)).startswith("olm.")
    assert refused(lambda: OlmAccount.new().inbound(bytes(32), message)).startswith("olm.")


@settings(deadline=None, max_examples=100)
@given(st.binary(min_size=1, max_size=250))
def test_noise_is_refused(noise: bytes) -> None:
    account = OlmAccount.load(ACCOUNT)
    group = OutboundGroup.new()
    inbound = InboundGroup.from_key(group.key())
    for act in (
        lambda: account.inbound(bytes(32), noise),
        lambda: account.outbound(noise + bytes(32), noise),  # 32 bytes of noise would be a key
        lambda: InboundGroup.from_key(noise),
        lambda: inbound.decrypt(noise),
        lambda: OutboundGroup.load(noise),
    ):
        assert refused(act).startswith("olm.")


ACCOUNT = OlmAccount.new().dump()


def test_low_order_keys_open_no_session() -> None:
    account = OlmAccount.new()
    good = OlmAccount.new().identity
    for low in (bytes(32), b"\1" + bytes(31)):
        assert refused(lambda low=low: account.outbound(low, good)) == "olm.session"
        assert refused(lambda low=low: account.outbound(good, low)) == "olm.session"


def test_fallback_keys_turn() -> None:
    account, sender = OlmAccount.new(), OlmAccount.new()
    first = account.fallback()
    assert account.fallback() == first == OlmAccount.load(account.dump()).fallback()
    message = sender.outbound(account.identity, first).encrypt(b"x")
    second = account.rotate()
    assert second != first
    assert OlmAccount.load(account.dump()).inbound(sender.identity, message)[1] == b"x"
    account.rotate()
    assert refused(lambda: account.inbound(sender.identity, message)) == "olm.session"


def test_a_replayed_first_message_is_seen_by_its_session_id() -> None:
    """The trap: the library opens it a second time. The answer: the id to remember is there before opening."""
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    message = sender.outbound(receiver.identity, receiver.fallback()).encrypt(b"x")
    seen = olm.prekey_session_id(message)
    one, two = (receiver.inbound(sender.identity, message) for _ in range(2))
    assert one[1] == two[1] == b"x"
    assert one[0].id == two[0].id == seen


def test_forty_skipped_keys_are_kept_and_no_more() -> None:
    out, back, _ = pair()
    messages = [out.encrypt(bytes([n])) for n in range(42)]
    assert back.decrypt(messages[41]) == bytes([41])  # 41 were skipped, one too many
    assert refused(lambda: back.decrypt(messages[0])) == "olm.decrypt"
    for n in range(1, 41):
        assert back.decrypt(messages[n]) == bytes([n])


def test_megolm() -> None:
    group = OutboundGroup.new()
    inbound = InboundGroup.from_key(group.key())
    assert (group.index, inbound.first_index) == (0, 0)
    assert group.id == inbound.id
    assert len(group.id) == 32
    messages = [group.encrypt(bytes([n])) for n in range(5)]
    assert group.index == 5
    assert refused(lambda: InboundGroup.from_key(group.key())) == "olm.group"  # it has begun: only from index 5 on
    for n in (4, 0, 3, 1, 2):
        assert inbound.decrypt(messages[n]) == (bytes([n]), n)
    group, inbound = OutboundGroup.load(group.dump()), InboundGroup.load(inbound.dump())
    assert inbound.decrypt(group.encrypt(b"six")) == (b"six", 5)


def test_megolm_replays_show_the_same_index() -> None:
    """The trap: no error. The answer: the index comes back with the words, so that a table can notice."""
    group = OutboundGroup.new()
    inbound = InboundGroup.from_key(group.key())
    message = group.encrypt(b"once")
    assert inbound.decrypt(message) == inbound.decrypt(message) == (b"once", 0)


def test_a_restored_sender_shows_two_bodies_at_one_index() -> None:
    group = OutboundGroup.new()
    twin = OutboundGroup.load(group.dump())
    inbound = InboundGroup.from_key(group.key())
    assert inbound.decrypt(group.encrypt(b"one")) == (b"one", 0)
    assert inbound.decrypt(twin.encrypt(b"two")) == (b"two", 0)


def test_every_bit_of_a_megolm_message_and_nothing_lost() -> None:
    group = OutboundGroup.new()
    inbound = InboundGroup.from_key(group.key())
    message = group.encrypt(b"the real one")
    before = state(inbound)
    all_refused(flips(message), inbound.decrypt)
    for size in range(len(message)):
        assert refused(lambda size=size: inbound.decrypt(message[:size])).startswith("olm.")
    assert state(inbound) == before
    assert inbound.decrypt(message) == (b"the real one", 0)


def test_a_session_key_is_told_from_its_state() -> None:
    group = OutboundGroup.new()
    key = group.key()
    inbound = InboundGroup.from_key(key)
    assert len(key) == olm.GROUP_KEY and inbound.key() == key
    inbound.decrypt(group.encrypt(b"one"))
    assert InboundGroup.load(inbound.dump()).key() == inbound.key() == key


def test_bits_of_a_session_key() -> None:
    """Each makes no key, or one that opens nothing of the session."""
    group = OutboundGroup.new()
    key, message = group.key(), group.encrypt(b"x")
    for n, one in enumerate(flips(key)):
        try:
            made = InboundGroup.from_key(one)
        except Refused as error:
            assert error.code == "olm.group"
            continue
        assert n >= 8 * 5, "version and index are the ones our senders write"
        # a ratchet has parts that come into use later; none of them makes it the session that was announced
        assert made.key() != key and (made.id == group.id or refused(lambda made=made: made.decrypt(message)) == "olm.decrypt")


def test_a_session_key_is_written_in_one_way() -> None:
    """The trap: the library reads on past the end. The answer: what was read must be what was given."""
    key = OutboundGroup.new().key()
    longer = key + key[-32:]
    read = vodozemac.InboundGroupSession.import_session(vodozemac.ExportedSessionKey(olm._unpadded(longer)))
    assert olm._exported(read) == key
    assert refused(lambda: InboundGroup.from_key(longer)) == "olm.group"
    assert refused(lambda: InboundGroup.from_key(key[:-1])) == "olm.group"


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_a_session_key_whose_signatures_anybody_makes(point: bytes) -> None:
    """The trap: the library takes a signing key of low order. The answer: such a point is nobody's key."""
    key = OutboundGroup.new().key()[:-32] + point
    read = vodozemac.ExportedSessionKey(olm._unpadded(key))
    assert vodozemac.InboundGroupSession.import_session(read).first_known_index == 0
    assert refused(lambda: InboundGroup.from_key(key)) == "olm.group"


def test_nothing_is_shown_of_what_is_kept() -> None:
    account = OlmAccount.new()
    assert repr(account) == "OlmAccount()"
