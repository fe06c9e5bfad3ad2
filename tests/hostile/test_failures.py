"""The ways in which protocols like this one have failed elsewhere, one test a line; each names the check that holds it.

A check is named by its file and what it raises, as `guards.py` lists them. Those that are no `raise` are a line of code.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nacl.bindings as sodium
import pytest
from tests.hostile import tools as h
from tests.hostile.tools import CHAT, RECORD
from tests.world import World

from valise.carriers import abc
from valise.desk import roster as rosters
from valise.desk.desk import Desk
from valise.domain.errors import Refused
from valise.protocol import attachment, canonical, cbor, envelope, keymessage, signing
from valise.protocol.certificate import read_prekeys
from valise.protocol.frame import encode
from valise.protocol.hpke import XWingKey, check_public
from valise.protocol.keymessage import Outer
from valise.protocol.olm import OlmAccount, OlmSession, OutboundGroup, guard
from valise.vault import people, prekeys, sessions

DAY = 24 * 3600 * 1000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """XB is the hostile one, XG the one it tries to deceive; XD knows everybody and is in no room."""
    made = World(tmp_path, ("XA", "XB", "XG", "XD"))
    yield made
    made.close()


@pytest.fixture
def room(world: World) -> str:
    return h.talk(world, members=("XA", "XB", "XG"))


def refused(tally: object, *codes: str) -> None:
    assert tally.refused == list(codes) and tally.operations == 0  # type: ignore[attr-defined]


def mailbag(world: World, code: str) -> list[tuple[bytes, bytes]]:
    """Every envelope that lies in the folder for a laptop."""
    routes = frozenset({world[code].context.own.mailbox})
    return list(abc.find("folder")(world.share).fetch(routes, b"", 100_000, lambda names: ()).items)


def forget_envelopes(desk: Desk) -> None:
    """As when they come so late that their ids are forgotten."""
    with desk.context.write() as tx:
        tx.run("delete from envelope_seen")


# -- key-compromise impersonation


def test_who_has_our_keys_does_not_pass_for_others_towards_us(world: World, room: str) -> None:
    """XB has copied every private key of XG. It opens a session with XG in the name of XA, of whom it has nothing.

    Olm binds the sender's own identity key; the announcement is XA's signature. Guards: protocol/keymessage.py
    check_binding for a session whose Olm key is another's, check_announcement (`signing.verify`).
    """
    victim, thief = world["XG"], world["XB"]
    blob, *_ = h.key_to(thief, victim, room, RECORD, sign_as=thief, sender=canonical.unb64u(world["XA"].me().device))
    refused(h.give(victim, blob), "key.binding")
    # with the name of XA on the outside too, the message must open in a session of XA's Olm key: the thief has no such key,
    # but he has XG's account, and with it computes what XA and XG would share if Diffie-Hellman were all
    with victim.context.read() as handle:
        device = people.device(handle, world["XA"].me().device)
        stolen = OlmAccount.load(handle.row("select value from secret where name = 'olm'")[0])
        generation = prekeys.present(handle)
    assert device is not None and generation is not None
    other = OlmAccount.new()
    group = OutboundGroup.new()
    made = keymessage.SessionKey(
        1 << 50, canonical.unb64u(device.id), device.olm, canonical.unb64u(victim.me().device), stolen.identity,
        canonical.unb64u(device.certificate_hash), XWingKey(os.urandom(32)).public, room, RECORD, 0, bytes(32), group.key())
    for account in (other, stolen):
        sealed = account.outbound(stolen.identity, stolen.fallback()).encrypt(keymessage.encode(made))
        payload = keymessage.encode_outer(Outer(made.sender, made.number, sealed))
        public = XWingKey(generation.seed).public
        refused(h.give(victim, envelope.seal_key(public, made.recipient, payload)), "olm.session")
    # and where the pairwise layer gives way, the signature of a record session does not
    with victim.context.write() as tx:
        tx.run("update device set olm = ? where id = ?", (other.identity, device.id))
    made = replace(made, sender_olm=other.identity)
    sealed = other.outbound(stolen.identity, stolen.fallback()).encrypt(keymessage.encode(made))
    payload = keymessage.encode_outer(Outer(made.sender, made.number, sealed))
    assert h.give(victim, envelope.seal_key(public, made.recipient, payload)).opened == 1
    frame = h.plain(world["XB"], room)
    what = keymessage.announced(made.sender, room, frame.epoch, RECORD, made.tag, made.key, frame.recipients)
    session = h.Session(made.tag, frame.epoch, made.wrap, b"", 0, 0, frame.recipients, thief.context.keys.ed25519.sign(what))
    refused(h.give(victim, h.seal_in(session, group, frame)), "signature.bad")


# -- replays and disorder


def first_message(world: World, room: str) -> tuple[bytes, bytes]:
    """A key envelope from XB to XG that opens a new Olm session, and what is inside its outer layer."""
    victim, sender = world["XG"], world["XB"]
    world.clock.advance(61_000)
    with sender.context.write() as tx:
        made = sessions.made(tx, h.out(sender, room, CHAT).tag)
        device = people.device(tx, victim.me().device)
        assert made is not None and device is not None
        sender.exchange.opening.keys.send_session(tx, device, made, renew=True)
        blob = tx.row("select blob from key_out where device = ? order by made_at desc limit 1", (device.id,))[0]
    with victim.context.write() as tx:
        found = victim.exchange.opening.keys.outer(tx, bytes(16), blob)
    return blob, keymessage.encode_outer(found.outer)


def sealed_anew(world: World, code: str, payload: bytes) -> bytes:
    """The same Olm message in another outer layer, as whoever once opened one could not make and a relay cannot either."""
    with world[code].context.read() as handle:
        present = prekeys.present(handle)
    assert present is not None
    return envelope.seal_key(XWingKey(present.seed).public, canonical.unb64u(world[code].me().device), payload)


def test_a_prekey_message_opens_a_session_once(world: World, room: str) -> None:
    """The fallback key can be used any number of times, so its messages could be replayed as new sessions.

    Guard: desk/keys.py `Refused("olm.replayed")`, ids kept while a key lives that they could open.
    """
    blob, inner = first_message(world, room)
    victim = world["XG"]
    assert h.give(victim, blob).opened == 1
    for turned in (False, True):
        if turned:  # the keys on the card have turned, the old ones still open
            with victim.context.write() as tx:
                victim.ratchets.turn(tx)
        with victim.context.write() as tx:
            tx.run("delete from olm")
            tx.run("delete from session_in where device = ?", (world["XB"].me().device,))
        refused(h.give(victim, sealed_anew(world, "XG", inner)), "olm.replayed")


def test_megolm_messages_replayed_or_out_of_order_count_once(world: World, room: str) -> None:
    """Megolm itself has no memory. Guards: vault/sessions.py replay table, desk/opening.py `Refused("frame.two_bodies")`."""
    made = [
        h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message(f"words {n}"), CHAT, seq=2 + n), CHAT)
        for n in range(3)]
    blobs = [h.seal(world["XB"], room, CHAT, h.plain(world["XB"], room, items=(one,))) for one in made]
    victim = world["XG"]
    tally = h.give(victim, blobs[2], blobs[0], blobs[1])
    assert tally.refused == [] and tally.opened == 3
    with victim.context.read() as handle:
        index = handle.value("select count(*) from replay")
    forget_envelopes(victim)
    tally = h.give(victim, *blobs)
    assert tally.opened == 0 and tally.operations == 0
    with victim.context.read() as handle:
        assert handle.value("select count(*) from replay") == index
        assert handle.value("select count(*) from message where body like 'words %'") == 3
    session = h.out(world["XB"], room, CHAT)
    twice = [h.seal_in(session, OutboundGroup.load(session.state), h.plain(world["XB"], room, at=at)) for at in (1, 2)]
    assert h.give(victim, twice[0]).refused == []
    refused(h.give(victim, twice[1]), "frame.two_bodies")
    assert "session.two_bodies" in h.events(victim)


def test_a_message_before_the_sixty_before_it(world: World, room: str) -> None:
    """A courier brings the last bundle first. Olm keeps forty skipped keys, so a batch is sorted by the sender's count first.

    Guard: desk/opening.py `sorted(opened, key=...)` in `_keys`.
    """
    blobs = [h.key_to(world["XB"], world["XG"], room, CHAT)[0] for _ in range(61)]
    tally = h.give(world["XG"], blobs[60], *blobs[:60])
    assert tally.opened == 61 and tally.refused == []
    # across batches Olm loses some; the session is opened anew and nothing stays closed
    blobs = [h.key_to(world["XB"], world["XG"], room, CHAT)[0] for _ in range(61)]
    assert h.give(world["XG"], blobs[60]).opened == 1
    assert len(h.give(world["XG"], *blobs[:60]).refused) > 0
    world.clock.advance(25 * 3600 * 1000)
    sent = world["XB"].messages.send(room, "and it goes on")
    world.exchange(rounds=6, pause=61_000)
    assert world["XB"].messages.one(sent).delivery_line == "2/2"


def test_the_same_bundle_twice(world: World, room: str) -> None:
    """Guard: desk/opening.py `parcels.seen` in `batch`; and where that is forgotten, the replay table."""
    items = mailbag(world, "XG")
    assert len(items) > 10
    aside = ("generation", "meta", "cursor", "statement_due", "repaired")
    before = h.contents(world["XG"], aside)
    tally = world["XG"].exchange.take([*items, *items])
    assert tally.opened == tally.operations == 0 and tally.refused == []
    assert h.contents(world["XG"], aside) == before


# -- unknown key share


@pytest.mark.parametrize("name", ["sender", "sender_olm", "recipient", "recipient_olm"])
def test_a_key_message_is_bound_to_both_ends(world: World, room: str, name: str) -> None:
    """XB hands XG a key that was made for another, or says that another made it.

    Guard: protocol/keymessage.py `Refused("key.binding")`, over every one of these.
    """
    device = canonical.unb64u(world["XA"].me().device)
    with world["XG"].context.read() as handle:
        other = people.device(handle, world["XA"].me().device)
    assert other is not None
    value = other.olm if name.endswith("olm") else device
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, **{name: value})
    refused(h.give(world["XG"], blob), "key.binding")


def test_what_was_sealed_for_one_is_not_passed_on_to_another(world: World, room: str) -> None:
    """XB opens what XA sent it and seals the very same Olm message for XG, under XA's name or its own.

    Guards: protocol/envelope.py `info` holds the recipient; desk/keys.py `_decrypt`, no session of that device opens it.
    """
    world.clock.advance(25 * 3600 * 1000)
    world["XA"].messages.send(room, "in a new session")
    world["XA"].exchange.now()
    me = canonical.unb64u(world["XB"].me().device)
    with world["XB"].context.write() as tx:
        keys = world["XB"].exchange.opening.keys
        found = []
        for name, blob in mailbag(world, "XB"):
            if envelope.kind_of(blob) != "key":
                continue
            try:
                found.append((blob, keys.outer(tx, name, blob).outer))
            except Exception:  # noqa: S112 - one that was for a key which is gone
                continue
    blob, outer = next(one for one in reversed(found) if one[1].device == canonical.unb64u(world["XA"].me().device))
    for who in (outer.device, me):
        tally = h.give(world["XG"], sealed_anew(world, "XG", keymessage.encode_outer(replace(outer, device=who))))
        assert tally.opened == 0 and tally.refused[0].startswith("olm.")
    with pytest.raises(Refused, match="does not open"):
        with world["XB"].context.write() as tx:
            private = world["XB"].exchange.opening.keys._private(tx, envelope.key_id_of(blob))
        envelope.open_key(private, canonical.unb64u(world["XG"].me().device), blob)


def test_a_session_of_another_is_not_passed_on_as_ones_own(world: World, room: str) -> None:
    """XB gives XG the session of XA as its own, and seals XA's frames anew under its own tag: they would be XB's words.

    The key inside carries no signature of the session over itself; with one XB could copy it just as well. Guards:
    protocol/keymessage.py `check_announcement` over sender and key; desk/opening.py `Refused("op.chat_not_own")`.
    """
    for klass, code in ((RECORD, "signature.bad"), (CHAT, "op.chat_not_own")):
        theirs = h.out(world["XA"], room, klass)
        item = h.item(world["XA"], h.fields(world["XA"], room, "message.send", h.message("XA speaks"), klass), klass)
        made = h.announced(world["XA"], theirs.tag, h.plain(world["XA"], room, items=(item,)))
        with world["XA"].context.read() as handle:
            key = sessions.made(handle, theirs.tag)
        assert key is not None
        blob, mine, _ = h.key_to(world["XB"], world["XG"], room, klass, key=key.key)
        assert h.give(world["XG"], blob).opened == 1
        inner = OutboundGroup.load(theirs.state).encrypt(encode(made))  # as XB finds it in XA's envelope
        refused(h.give(world["XG"], envelope.seal_content(mine.wrap, mine.tag, inner)), code)


def test_a_key_message_does_not_come_back_to_its_sender(world: World, room: str) -> None:
    """Reflection: XB returns to XA what XA sealed for it. Guards: desk/keys.py `_decrypt`, its own ratchet does not open its
    own messages; and were it to, the binding names another sender and recipient."""
    blob, inner = first_message(world, room)
    outer = keymessage.decode_outer(inner)
    for who in (outer.device, canonical.unb64u(world["XG"].me().device)):
        tally = h.give(world["XB"], sealed_anew(world, "XB", keymessage.encode_outer(replace(outer, device=who))))
        assert tally.opened == 0 and tally.refused[0].startswith("olm.")
    # and the words of the message themselves, in the ratchet that leads back: as they are, and as if XG had made them
    plain: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        decode = keymessage.decode
        patch.setattr(keymessage, "decode", lambda data, ends: plain.append(data) or decode(data, ends))
        assert h.give(world["XG"], blob).opened == 1
    with world["XG"].context.read() as handle:
        own = people.device(handle, world["XG"].me().device)
    assert own is not None
    said = cbor.decode(plain[0])
    said[3] = canonical.unb64u(own.certificate_hash)
    for words, waits in ((plain[0], True), (cbor.encode(said), False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(keymessage, "encode", lambda _, words=words: words)
            back, *_ = h.key_to(world["XG"], world["XB"], room, CHAT)
        tally = h.give(world["XB"], back)
        assert (tally.opened, tally.sealed, tally.refused) == ((0, 1, []) if waits else (0, 0, ["key.binding"]))


def test_a_reply_key_serves_the_device_it_was_given_to(world: World, room: str) -> None:
    """XB learns the reply key that XG gave XA and seals to it: what is said of whose keys moved on would be false.

    Guard: desk/keys.py `Refused("key.other_reply")`.
    """
    with world["XG"].context.read() as handle:
        row = handle.row("select seed from reply_key where device = ? order by n desc", (world["XA"].me().device,))
    blob, *_ = h.key_to(world["XB"], world["XG"], room, CHAT, public=XWingKey(row[0]).public)
    refused(h.give(world["XG"], blob), "key.other_reply")


# -- first contact


def test_no_number_of_first_contacts_exhausts_a_laptop(world: World) -> None:
    """There are no one-time keys to run out of: first contact uses the fallback key on the card, any number of times.

    What holds in their place: X-Wing outside, each opening message once (above), and the keys turn the day after they were
    used. Guards: desk/ratchets.py `TURN_USED` in `_time_to_turn`.
    """
    victim = world["XG"]
    with victim.context.read() as handle:
        account = OlmAccount.load(handle.row("select value from secret where name = 'olm'")[0])
        me = people.device(handle, victim.me().device)
    assert me is not None
    for _ in range(200):
        stranger = OlmAccount.new()
        session, plain = account.inbound(stranger.identity, stranger.outbound(me.olm, me.fallback).encrypt(b"first"))
        assert plain == b"first" and isinstance(session, OlmSession)
    h.talk(world)
    with victim.context.write() as tx:
        before = victim.exchange.opening.keys.generation(tx)
        prekeys.used(tx, before.id, world.clock.now())
    world.clock.advance(DAY + 3600 * 1000)
    world.exchange(rounds=2)
    with victim.context.read() as handle:
        after = prekeys.present(handle)
    assert after is not None and after.number > before.number


# -- members


def test_with_two_membership_heads_only_who_is_in_both_is_written_to(world: World, room: str) -> None:
    """XA removes XG while XB, not having heard, adds XD: removal beats addition, and until the heads meet nobody who was
    removed on one of them is sealed for. Guard: domain/room.py removals; desk/sealing.py `_session`, its recipients."""
    chair, other = world["XA"], world["XB"]
    before = h.out(other, room, CHAT).tag
    with chair.context.write() as tx:
        heads = rosters.of(chair.context, tx, room).state.heads  # type: ignore[union-attr]
    chair.rooms.remove(room, world.id("XG"))
    chair.rooms.add(room, world.id("XD"), True)
    with chair.store.read() as handle:
        rows = handle.rows("select id, raw, sig from op where room = ? and kind in ('room.remove', 'room.add') order by n", (room,))
    body = canonical.decode(rows[-1][1])
    body["body"]["heads"] = sorted(heads)  # a second branch beside the removal
    rival = h.item(chair, body)
    removal = h.Item(RECORD, rows[0][1], rows[0][2])
    tally = h.send(chair, other, room, RECORD, items=(removal, rival), epoch=h.out(chair, room, RECORD).epoch)
    assert tally.refused == [] and tally.operations == 2
    with other.context.write() as tx:
        roster = rosters.of(other.context, tx, room)
    assert roster is not None and len(roster.state.heads) == 2
    assert world.id("XG") not in roster.state.members
    other.messages.send(room, "while the heads differ")
    other.exchange.seal()
    session = h.out(other, room, CHAT)
    with other.context.read() as handle:
        made = sessions.made(handle, session.tag)
    assert made is not None and session.tag != before
    assert world["XG"].me().device not in made.recipients


def test_a_removed_member_cannot_use_the_key_it_still_has(world: World, room: str) -> None:
    """XB was removed and keeps sealing in its live session, and asks for the new key. Guards: desk/opening.py `_member`,
    vault/append.py `op.removed`; desk/keys.py `again`, its recipients."""
    frame = h.plain(world["XB"], room)
    world["XA"].rooms.remove(room, world.id("XB"))
    world["XA"].exchange.now()
    world["XG"].exchange.now()
    assert world.id("XB") not in world["XG"].rooms.one(room).members
    item = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("still here"), CHAT), CHAT)
    device = world["XB"].me().device
    with world["XG"].context.write() as tx:
        tx.run("delete from roster_seen where device = ?", (device,))
    tally = h.give(world["XG"], h.seal(world["XB"], room, CHAT, replace(frame, items=(item,), at=frame.at + 1)))
    assert tally.operations == 0
    with world["XG"].context.read() as handle:
        assert not handle.rows("select 1 from roster_seen where device = ?", (device,)), "nor does its list of members count"
    world["XG"].messages.send(room, "without XB")
    world["XG"].exchange.seal()
    fresh = h.out(world["XG"], room, CHAT).tag
    with world["XG"].context.write() as tx:
        peer = people.device(tx, device)
        assert peer is not None and not world["XG"].exchange.opening.keys.again(tx, fresh, peer)
    world.exchange(rounds=4, pause=61_000)
    assert "still here" not in h.bodies(world["XG"]) and "without XB" not in h.bodies(world["XB"])


def test_another_list_of_members_is_seen_and_shown(world: World, room: str) -> None:
    """A ghost in the list of one shows at the others: every frame names the epoch its sender computed.

    Guards: desk/opening.py `_compare`; and a frame sealed for another epoch than its session's is `frame.binding`.
    """
    victim = world["XG"]
    assert not victim.rooms.one(room).disagreement
    world.clock.advance(61_000)
    ghost = os.urandom(32)
    group = OutboundGroup.new()
    blob, session, group = h.key_to(world["XB"], victim, room, CHAT, group=group, epoch=ghost)
    tally = h.give(victim, blob, h.seal_in(session, group, h.plain(world["XB"], room, epoch=ghost)))
    assert tally.refused == []
    assert victim.rooms.one(room).disagreement
    with victim.context.read() as handle:
        assert handle.value("select introduce from statement_due where room = ?", (room,)) == 1, "and says who it knows of"
    refused(h.give(victim, h.seal_in(session, group, h.plain(world["XB"], room))), "frame.binding")


# -- malformed keys


def test_a_key_of_33_bytes_cannot_bring_down_the_process() -> None:
    """vodozemac panics on 44 unpadded characters of base64: a BaseException that no `except Exception` holds.

    Guard: protocol/olm.py `guard.__exit__`; and no key of a peer is ever given to it as text.
    """
    import vodozemac

    text = base64.b64encode(bytes(33)).decode()
    assert len(text) == 44
    with pytest.raises(Refused) as found, guard("olm.key"):
        vodozemac.Ed25519PublicKey.from_base64(text)
    assert found.value.code == "olm.key" and "panic" not in str(found.value).casefold()
    account = OlmAccount.new()
    for length in (0, 31, 33, 44, 1000):
        with pytest.raises(Refused):
            account.outbound(bytes([9] * length), account.fallback())
        with pytest.raises(Refused):
            account.inbound(bytes([9] * length), account.outbound(account.identity, account.fallback()).encrypt(b""))


LOW_ORDER = [bytes(32), b"\x01" + bytes(31), bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
LOW_ORDER += [
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]


@pytest.mark.parametrize("point", LOW_ORDER, ids=lambda one: one[:4].hex())
def test_keys_of_low_order_make_no_shared_secret(point: bytes) -> None:
    """Guards: protocol/hpke.py `check_public`, protocol/olm.py `outbound`: the libraries refuse a shared secret of zeros."""
    account = OlmAccount.new()
    for pair in ((point, account.fallback()), (account.identity, point)):
        with pytest.raises(Refused) as found:
            account.outbound(*pair)
        assert found.value.code == "olm.session"
    good = XWingKey(os.urandom(32)).public
    with pytest.raises(Refused) as found:
        check_public(good[:-32] + point)
    assert found.value.code == "hpke.key"
    secret = signing.DeviceKey(os.urandom(32))
    with pytest.raises(Refused):
        body = {"v": 1, "device": "", "number": 1, "xwing": canonical.b64u(good[:-32] + point), "fallback": "", "issued_at": 1}
        raw = canonical.encode(body)
        read_prekeys(raw, secret.sign(canonical.digest("valise/v1/prekeys", raw)), secret.public)


def test_signing_keys_of_low_or_mixed_order_are_nobodys() -> None:
    """A key in the small subgroup verifies one signature for every message; a mixed one verifies for some and not for others.

    Guard: protocol/signing.py, `crypto_core_ed25519_is_valid_point` where keys come in.
    """
    identity = b"\x01" + bytes(31)
    small = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    honest = signing.DeviceKey(os.urandom(32)).public
    mixed = sodium.crypto_core_ed25519_add(honest, small)
    for key in (identity, small, mixed):
        with pytest.raises(Refused):
            signing.check_public(key)
        with pytest.raises(Refused):
            signing.verify(key, b"any message at all".ljust(32), identity + bytes(32))
    signing.check_public(honest)


# -- attachments


def test_an_attachment_that_opens_under_two_keys_is_one_file_or_none() -> None:
    """An AEAD of this kind does not commit to its key: one ciphertext can be built that opens under two. The signed hash of
    the plaintext says which file was meant. Guard: protocol/attachment.py `Refused("attachment.differs")`."""
    out, honest = attachment.seal([b"the report on points of contact"])
    other_out, other = attachment.seal([b"another report on some contacts"])
    assert len(out) == len(other_out)
    # what a key-switching ciphertext comes to at the recipient: the bytes of one, opened under the key that was announced,
    # give a plaintext that verifies as an AEAD and is not the file that was signed for
    for claimed in (
        replace(other, plain_hash=honest.plain_hash), replace(other, sealed_hash=honest.sealed_hash),
        replace(honest, key=other.key)):
        with pytest.raises(Refused) as found:
            attachment.open(claimed, other_out)
        assert found.value.code == "attachment.differs" or claimed.key != other.key
    assert attachment.open(other, other_out) == b"another report on some contacts"


