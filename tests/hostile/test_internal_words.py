"""What a delegation says to itself never leaves it: no frame for others, no key, no export, no answer holds it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.hostile.scan import Scan
from tests.hostile.test_canaries import Words, plaintext
from tests.hostile.tools import CHAT, RECORD
from tests.world import PASSPHRASE, World

from valise.desk import views
from valise.desk.gate import KEY_FILE
from valise.formats import abc as formats
from valise.formats.kinds import KINDS
from valise.protocol import canonical, frame, keymessage
from valise.protocol.frame import Frame
from valise.protocol.keymessage import SessionKey
from valise.vault import parcels

PARAGRAPHS = [
    {"section": "OP", "label": "OP 1", "words": "States should designate points of contact;", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "Invites States to test them.", "status": "open"},
]


class Outgoing:
    """Every frame and every session key in the clear, as any desk of this process makes them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.frames: list[tuple[str, bytes]] = []
        self.keys: list[SessionKey] = []
        encode, encode_key = frame.encode, keymessage.encode

        def framed(one: Frame) -> bytes:
            data = encode(one)
            self.frames.append((one.room, data))
            return data

        def keyed(one: SessionKey) -> bytes:
            self.keys.append(one)
            return encode_key(one)

        patch.setattr(frame, "encode", framed)
        patch.setattr(keymessage, "encode", keyed)


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    return Outgoing(monkeypatch)


@pytest.fixture
def world(tmp_path: Path, outgoing: Outgoing) -> Iterator[World]:
    """XA has two laptops, so that its internal room has something to carry."""
    made = World(tmp_path)
    gate = made.gate("XA-2")
    request = gate.ask_enrolment(officer="Second", role="Adviser", passphrase=bytearray(b"another one"))
    key_file = (made.base / "XA" / KEY_FILE).read_bytes()
    answer = made["XA"].grant_enrolment(
        request, key_file, bytearray(PASSPHRASE), ("observe", "speak", "amend", "pen", "commit"))
    second = gate.finish_enrolment(answer, bytearray(b"another one"))
    second.exchange.use_folder(made.share)
    second.exchange.resend = 60_000
    made.desks["XA-2"] = second
    yield made
    made.close()


def test_internal_words_are_in_nothing_that_leaves(world: World, outgoing: Outgoing) -> None:
    plant = Words(386)
    a, second, b = world["XA"], world["XA-2"], world["XB"]
    room = world.room(members=("XA", "XB", "XG"))
    text = a.texts.open(room, "Draft decision", paragraphs=PARAGRAPHS)
    world.exchange(rounds=2)
    world.accept_laptops()
    world.exchange(rounds=8, pause=61_000)
    one, two = [row.id for row in second.texts.outline(text)][1:]
    internal = a.rooms.internal()
    assert second.rooms.internal() == internal
    for desk in (a, second):
        desk.internal.write(text, one, f"our red line: {plant('red line')}", "red line")
        desk.internal.write(text, two, f"we could live with {plant('fallback')}", "fallback")
        note = desk.internal.write(text, two, f"the capital says {plant('replaced')}", "instruction")
        note = desk.internal.write(text, two, f"the capital says {plant('struck')}", "instruction", replaces=note)
        desk.internal.strike(text, note)
        desk.messages.send(internal, f"instructions: {plant('instruction')}", subject=plant("internal subject"), for_the_record=True)
        desk.messages.send(internal, f"between us: {plant('internal talk')}")
        desk.texts.save_draft(views.TextDraft(text, one, "remark", plant("unsent remark"), ""))
        desk.texts.save_draft(views.TextDraft(text, two, "words", plant("unsent words"), plant("unsent reason")))
        unsent = [plant("unsent subject"), plant("unsent body"), plant("unsent marking")]
        desk.messages.save_draft(views.Draft(internal, "", *unsent, False, (), 0))
        file = desk.messages.attach(internal, f"{plant('internal file')}.txt", f"{plant('internal annex')} ".encode() * 5_000)
        desk.messages.send(internal, "see file", attachments=[file.id])
    # drafts that wait for a second officer, one returned, one taken back
    a.internal.want_four_eyes(True)
    world.exchange(rounds=4, pause=61_000)
    for words in ("returned draft", "draft taken back", "draft that waits"):
        assert second.texts.propose_words(text, one, f"States should {plant(words)} contacts;", plant(words)) == []
        second.texts.propose_paragraph(text, two, "OP", f"Invites {plant(words)};")
    world.exchange(rounds=4, pause=61_000)
    drafts = [held.id for held in a.internal.drafts(text)]
    a.internal.give_back(drafts[0], f"no: {plant('why it was returned')}")
    second.internal.take_back(drafts[2])
    for desk in (a, second):
        desk.internal.want_four_eyes(False)
        world.exchange(rounds=4, pause=61_000)
    assert len(a.internal.drafts(text)) == 4
    # and all around it the negotiation goes on, from both laptops
    world.exchange(rounds=6, pause=61_000)
    (proposal,) = second.texts.propose_words(text, two, "Invites all States to test them.", "clearer")
    b.texts.propose_words(text, one, "States shall designate points of contact;")
    world.exchange(rounds=4, pause=61_000)
    a.texts.comment(text, two, "we thank the sponsor")
    a.texts.position(text, proposal, "support")
    second.messages.send(room, "a word to all")
    a.texts.take(text, proposal)
    a.texts.revision(text, "FICT/CRP.1/Rev.1")
    world.clock.advance(25 * 3600 * 1000)  # new sessions
    a.messages.send(room, "another word to all", for_the_record=True)
    world.exchange(rounds=6, pause=61_000)

    scan = Scan(plant.planted)
    internal_rooms = {internal} | {desk.rooms.internal() for desk in world.desks.values()}
    sent = [data for name, data in outgoing.frames if name not in internal_rooms]
    assert len(sent) > 20 and not scan.hits(b"".join(sent))
    # the hook sees what it should: within the delegation the words do travel
    inside = b"".join(data for name, data in outgoing.frames if name == internal)
    said = {word for word, place in plant.planted.items() if place in ("red line", "fallback", "instruction", "internal talk")}
    assert said <= {word for word, _ in scan.hits(inside)}
    # and no key of an internal session was ever made for anybody else
    own = {canonical.unb64u(world[code].me().device) for code in ("XA", "XA-2")}
    assert {key.recipient for key in outgoing.keys if key.room in internal_rooms} == own
    # nothing written out for others holds them
    for desk in (a, second):
        notation, plain = desk.texts.notation(text), desk.texts.plain(text)
        assert "all States" in notation and "all States" in plain
        written = [notation.encode(), plain.encode(), repr(desk.texts.proof(text)).encode()]
        document = formats.by_name("notation").read(notation.encode())
        assert len(document.paragraphs) == 2
        written += [one.write(document) for one in formats.all_formats()]
        written += [desk.export.file(text, "docx", kind, marking="TLP:AMBER") for kind in KINDS]
        written += [desk.export.file(text, one.name, "compilation") for one in formats.all_formats()]
        written += [part for data in written if data[:2] == b"PK" for part in _members(data)]
        assert not scan.hits(b"".join(written))
        assert not scan.hits(desk.contacts.own_card()) and not scan.hits(desk.contacts.own_qr().encode())
    # nor has anybody else, in the vault or on the carrier
    for code in ("XB", "XG"):
        assert not scan.hits(plaintext(world[code]).encode())
    assert not scan.tree(world.share)[0]


def _members(data: bytes) -> list[bytes]:
    """What lies packed in a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [packed.read(name) for name in packed.namelist()]


def test_internal_words_cannot_be_asked_for(world: World, outgoing: Outgoing) -> None:
    """XB somehow learnt the ids of XA's internal room, its operations, its file and its session, and asks."""
    room = h.talk(world, members=("XA", "XB", "XG"))
    if world.accept_laptops():
        world.exchange(rounds=4, pause=61_000)
    a = world["XA"]
    internal = a.rooms.internal()
    file = a.messages.attach(internal, "fallback.txt", b"our fallback " * 9_000)
    a.messages.send(internal, "our instructions", attachments=[file.id], for_the_record=True)
    world.exchange(rounds=6, pause=61_000)
    with a.store.read() as handle:
        ids = tuple(row[0] for row in handle.rows("select id from op where room = ? order by n", (internal,)))
        tags = tuple(row[0] for row in handle.rows("select tag from session_made where room = ?", (internal,)))
    assert ids and tags
    a.exchange.repair.spacing = 0
    asked = {
        "want": ids, "tags": tags, "pieces": ((canonical.unb64u(file.id), (0, 1, 2)),),
        "logs": tuple(h.line(a, klass, 0) for klass in (RECORD, CHAT)),
    }
    keys = len(outgoing.keys)
    for place in (room, internal):
        h.send(world["XB"], a, room, statement=h.said(world["XB"], room, **asked, room=place))
    items, pieces, _ = a.exchange.repair.answers(room)
    assert items and not {h.ident(one) for one in items} & set(ids) and pieces == []
    assert a.exchange.repair.rooms_answered() == []
    assert len(outgoing.keys) == keys
    with a.store.read() as handle:
        assert all(world["XB"].me().device not in parcels.recipients(handle, tag) for tag in tags)


def test_nobody_is_added_to_the_internal_room(world: World) -> None:
    """Neither by us nor by anybody: an operation that adds a member to it has no effect."""
    from valise.domain.errors import NotAllowed

    room = h.talk(world, members=("XA", "XB", "XG"))
    a, b = world["XA"], world["XB"]
    internal = a.rooms.internal()
    with pytest.raises(NotAllowed):
        a.rooms.add(internal, world.id("XB"))
    # our own second laptop, taken over, tries to let XB in
    second = world["XA-2"]
    with a.store.read() as handle:
        heads = [row[0] for row in handle.rows("select id from op where room = ? and membership = 1", (internal,))]
    made = h.item(second, h.fields(second, internal, "room.add", {"delegation": world.id("XB"), "heads": heads, "history": "record"}))
    second.messages.send(internal, "to have a session", for_the_record=True)
    world.exchange(rounds=4, pause=61_000)
    h.send(second, a, internal, items=(made,))
    assert a.rooms.one(internal).members == (world.id("XA"),)
    # and XB, who is no member, adds itself through the room it shares
    body = {"delegation": world.id("XB"), "heads": heads, "history": "record"}
    forged = h.item(b, h.fields(b, internal, "room.add", body, seq=1, prev=""))
    blob, session, group = h.key_to(b, a, internal, RECORD)
    h.give(a, blob)
    tally = h.give(a, h.seal_in(session, group, h.plain(b, room, room=internal, epoch=session.epoch, items=(forged,))))
    assert tally.refused == ["op.not_member"]
    assert a.rooms.one(internal).members == (world.id("XA"),)
