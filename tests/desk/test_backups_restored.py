"""A laptop restored from a backup is a new one; a vault for a journey takes nothing else along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backups_hands import NEW, key_file, lose, passphrase, said, talk
from tests.world import FAST, World

from valise.desk.desk import Desk
from valise.desk.door_laptops import Admit, Terms
from valise.desk.library import Read
from valise.domain.errors import NotAllowed, Refused, WrongPassphrase
from valise.protocol import shares as slip39
from valise.protocol.card import read_card
from valise.protocol.request import read_request
from valise.vault import backup, header, people, slots
from valise.vault import backup_tables as held
from valise.vault.slots import Given


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


# restoring: a new laptop


def test_c9_restored_backup_is_a_new_laptop_and_the_record_is_there_again(world: World, stick: Path) -> None:
    """The laptop is lost; one restored from yesterday's backup reads at once, is admitted, and gets back what was said for
    the record since. What was said between them since only the lost one could open, and that is named."""
    room = world.room()
    talk(world, room, "yesterday")
    old = world["XA"].me().device
    note = world["XA"].backups.make(stick, passphrase())
    with world["XA"].store.read() as reader:
        before = backup.digest(reader)
    talk(world, room, "today")
    key = key_file(world)
    desk = lose(world, stick, note)
    with desk.store.read() as reader:
        assert backup.digest(reader) == before
    assert said(desk, room) == {f"yesterday {who} {how}" for who in ("XA", "XB") for how in ("record", "chat")}
    assert desk.me().device != old and desk.me().rights == ()
    with pytest.raises(NotAllowed, match=r"rights\.missing"):
        desk.messages.send(room, "not yet")
    desk.backups.certify(key, passphrase(), [old])
    assert set(desk.me().rights) == {"observe", "speak", "amend", "pen", "commit", "enrol"}
    world["XB"].contacts.import_card(desk.contacts.own_card())
    assert world["XB"].contacts.one(world.id("XA")).stopped
    world["XB"].contacts.decide(world.id("XA"), True)
    world.exchange(12, 700_000)
    assert said(desk, room) >= {"today XA record", "today XB record"}
    assert not said(desk, room) & {"today XA chat", "today XB chat"}
    world["XB"].messages.send(room, "welcome back")
    desk.messages.send(room, "here we are", for_the_record=True)
    world.exchange(4, 30_000)
    assert "welcome back" in said(desk, room) and "here we are" in said(world["XB"], room)
    restored = desk.backups.state().restored
    assert restored is not None and not restored.waits
    assert [(one.code, one.count) for one in restored.lost] == [("XB", 1)]
    assert desk.rooms.one(room).disagreement == world["XB"].rooms.one(room).disagreement == ""
    # and again after it was closed
    desk.close()
    world.desks["XA"] = world.gate("XA anew").unlock(bytearray(NEW))
    assert world["XA"].me().device == desk.me().device and world["XA"].backups.state().restored == restored


def test_restored_backup_never_acts_as_the_old_laptop(world: World, stick: Path) -> None:
    """Nothing of the old device's keys is in the new vault; nothing leaves it before it is admitted; what it signs then, it
    signs as another; and it begins every session anew."""
    room = world.room()
    talk(world, room, "before")
    desk = world["XA"]
    with desk.store.read() as reader:
        keys = [bytes(row[0]) for row in reader.rows("select value from secret")]
        tags = {row[0] for row in reader.rows("select tag from session_out union select tag from session_in")}
    old = desk.me().device
    note = desk.backups.make(stick, passphrase())
    key = key_file(world)
    world["XA"].messages.send(room, "never left", for_the_record=True)
    desk = lose(world, stick, note)
    with desk.store.read() as reader:
        assert not {bytes(row[0]) for row in reader.rows("select value from secret")} & set(keys)
        for table in held.NEVER - {"meta", "generation", "secret", "restored", "restored_log"}:
            assert reader.value(f"select count(*) from {table}") == 0, table
    bundles = set(world.share.rglob("*"))
    for _ in range(3):
        desk.exchange.now()
        world.clock.advance(700_000)
    assert set(world.share.rglob("*")) == bundles
    status = desk.exchange.status()
    assert status.problem == "restore.waiting" and not status.reachable
    desk.backups.certify(key, passphrase(), [old])
    world["XB"].contacts.import_card(desk.contacts.own_card())
    world["XB"].contacts.decide(world.id("XA"), True)
    desk.messages.send(room, "from the new one", for_the_record=True)
    world.exchange(6, 700_000)
    with world["XB"].store.read() as reader:
        devices = {row[0] for row in reader.rows("select device from op where kind = 'message.send' and author = ?", (world.id("XA"),))}
        assert devices == {old, desk.me().device}
        assert reader.value("select count(*) from suspended") == 0
        revoked = people.device(reader, old)
        assert revoked is not None and revoked.revoked_at
    with desk.store.read() as reader:
        assert not {row[0] for row in reader.rows("select tag from session_out union select tag from session_in")} & tags


def test_a_restored_laptop_waits_over_a_restart_and_is_admitted_by_the_first(world: World, stick: Path) -> None:
    """A second laptop of the delegation is in use: it admits the restored one like any other."""
    room = world.room()
    talk(world, room, "before")
    note = world["XA"].backups.make(stick, passphrase())
    lost = world.gate("XA lost").restore(stick / note.name, passphrase(), bytearray(NEW))
    request = lost.backups.request()
    waits = lost.backups.state().restored
    assert waits is not None and waits.waits and waits.check == read_request(request).check_code
    again = lost.backups.make(stick, bytearray(NEW))  # what waits can be backed up too, as what it was restored from
    with pytest.raises(NotAllowed, match=r"restore\.waiting"):
        lost.backups.make_travel(stick, [room], False, bytearray(NEW))
    lost.close()
    other = world.gate("XA other").restore(stick / again.name, bytearray(NEW), bytearray(NEW))
    assert said(other, room) == said(world["XA"], room) and other.me().rights == ()
    other.close()
    lost = world.gate("XA lost").unlock(bytearray(NEW))
    assert lost.backups.request() == request and said(lost, room)
    answer = admitted(world, request)
    lost.backups.admit(answer)
    assert "speak" in lost.me().rights
    with pytest.raises(NotAllowed, match=r"restore\.nothing"):
        lost.backups.admit(answer)
    world["XB"].contacts.import_card(lost.contacts.own_card())
    world["XB"].contacts.decide(world.id("XA"), True)
    lost.messages.send(room, "both are in use", for_the_record=True)
    world.desks["XA lost"] = lost
    world.exchange(8, 700_000)
    assert "both are in use" in said(world["XA"], room) & said(world["XB"], room)


def admitted(world: World, request: bytes, rooms: tuple[str, ...] = ()) -> bytes:
    from valise.desk.ceremony import Ceremony, from_file

    desk = world["XA"]
    root = from_file(key_file(world), passphrase(), (FAST.floor_ops, FAST.floor_mem))
    asked = read_request(request)
    terms = Terms(asked.officer, asked.role, ("observe", "speak", "amend"), rooms=rooms)
    with Ceremony(desk.context, desk._secret, root) as act:
        return act.sign([Admit(request, terms, asked.check_code)]).answers[0]


def test_a_second_list_of_laptops_is_not_made_unseen(world: World, stick: Path) -> None:
    """Since the backup another laptop was admitted: certifying on top of the old list would fork it, the newer card helps."""
    note = world["XA"].backups.make(stick, passphrase())
    world.gate("XA second").ask_enrolment(officer="Two", role="Adviser", passphrase=passphrase())
    second = world.gate("XA second").request_again(passphrase())
    admitted(world, second)
    newest = world["XA"].contacts.own_card()
    key = key_file(world)
    desk = lose(world, stick, note)
    desk.backups.certify(key, passphrase(), (), newest)
    made = read_card(desk.contacts.own_card())
    assert made.number == read_card(newest).number + 1 and made.prev == read_card(newest).hash and len(made.devices) == 3


def test_a_card_of_another_list_is_refused(world: World, stick: Path) -> None:
    note = world["XA"].backups.make(stick, passphrase())
    key, other = key_file(world), world["XB"].contacts.own_card()
    desk = lose(world, stick, note)
    with pytest.raises(NotAllowed, match=r"restore\.fork"):
        desk.backups.certify(key, passphrase(), (), other)
    with pytest.raises(WrongPassphrase, match=r"rootfile\.passphrase"):
        desk.backups.certify(key, bytearray(b"another"))
    with pytest.raises(NotAllowed, match=r"root\.other"):
        desk.backups.certify(key_file(world, "XB"), passphrase())
    assert desk.me().rights == () and desk.backups.state().restored.waits  # type: ignore[union-attr]
    desk.backups.certify(key, passphrase())
    assert desk.me().rights


def test_recovery_shares_open_the_backup(world: World, stick: Path) -> None:
    """The vault has a recovery slot: whoever joins its shares opens its backups too, and chooses a new passphrase."""
    desk, secret = world["XA"], bytearray(range(32))
    loaded = header.load(desk.store.folder).header
    slot = slots.seal(slots.RECOVERY, Given(recovery=secret), desk.store._key, loaded.vault, cost=FAST, need=2, total=3, set=7)
    header.save(desk.store.folder, slots.with_slot(loaded, slot))
    words = slip39.split(bytes(secret), 2, 3)
    note = desk.backups.make(stick, passphrase())
    assert desk.backups.check(stick / note.name, words[1:]).known
    world.desks.pop("XA").close()
    with pytest.raises(Refused, match=r"shares\.few"):
        world.gate("XA anew").restore(stick / note.name, words[:1], bytearray(NEW))
    other = slip39.split(bytes(32), 2, 3)
    with pytest.raises(WrongPassphrase, match=r"backup\.passphrase"):
        world.gate("XA anew").restore(stick / note.name, other[:2], bytearray(NEW))
    world.desks["XA"] = world.gate("XA anew").restore(stick / note.name, words[:2], bytearray(NEW))
    assert world.gate("XA anew").exists()


def test_a_backup_without_shares_says_so(world: World, stick: Path) -> None:
    note = world["XA"].backups.make(stick, passphrase())
    with pytest.raises(Refused, match=r"backup\.no_shares"):
        world["XA"].backups.check(stick / note.name, slip39.split(bytes(32), 2, 2))


# a journey


CANARIES = ("zanzibar", "kilimanjaro", "ouagadougou", "reykjavik", "titicaca", "samarkand")


def test_a_journey_takes_nothing_else_along(tmp_path: Path, stick: Path) -> None:
    """Words planted in other rooms, notes, drafts, files, the library and names of delegations met there: none is in a row."""
    world = World(tmp_path / "w", ("XA", "XB", "XG"))
    try:
        desk = world["XA"]
        chosen = world.room("bilateral", title="", members=("XB",))
        other = world.room("group", title="zanzibar")
        for room, word in ((chosen, "wanted"), (other, "kilimanjaro")):
            desk.messages.send(room, word, for_the_record=True)
            desk.messages.send(room, f"{word} chat")
            file = desk.messages.attach(room, f"{word}.txt", word.encode() * 9)
            desk.messages.send(room, f"{word} file", attachments=[file.id])
        text = desk.texts.open(chosen, "A text", symbol="F/1", paragraphs=[{"section": "OP", "label": "OP 1", "words": "Decides."}])
        paragraph = desk.texts.outline(text)[-1].id
        desk.internal.write(text, paragraph, "ouagadougou is as far as we go")
        from valise.desk import views

        desk.messages.save_draft(views.Draft(other, "", "reykjavik", "reykjavik", "", False, (), 0))
        told: dict[str, Any] = {"symbol": "T/1", "title": "titicaca", "language": "en",
                                "paragraphs": [{"label": "OP 1", "section": "OP", "words": "titicaca"}]}  # fmt: skip
        desk.library.take_in(Read((("digest", told),), 0, (), 1))
        desk.settings.set("exchange.folder", "/media/samarkand")
        world.exchange()
        assert all(_occurs(desk, word) for word in CANARIES)
        gone = world.id("XG")
        with pytest.raises(NotAllowed, match=r"backup\.no_rooms"):
            desk.backups.make_travel(stick, [], False, bytearray(NEW))
        note = desk.backups.make_travel(stick, [chosen], False, bytearray(NEW))
        assert note.kind == "travel" and desk.backups.state().last is None
        travel = world.gate("journey").restore(stick / note.name, bytearray(NEW), bytearray(NEW))
        try:
            assert {"wanted", "wanted chat", "wanted file"} <= said(travel, chosen)
            assert [one.id for one in travel.rooms.all()] == [chosen]
            assert [one.code for one in travel.contacts.all()] == ["XB"]
            assert [one.id for one in travel.texts.all()] == [text]
            for word in (*CANARIES, gone, other):
                assert not _occurs(travel, word), word
                assert not travel.search(word)
            restored = travel.backups.state().restored
            assert restored is not None and restored.kind == "travel" and len(restored.rooms) == 1
            # admitted at home for this room alone; the answer tells it of nobody else
            travel.backups.admit(admitted(world, travel.backups.request(), (chosen,)))
            assert travel.context.own.rooms == (chosen,) and [one.code for one in travel.contacts.all()] == ["XB"]
            assert not _occurs(travel, gone)
            with pytest.raises(NotAllowed):
                travel.rooms.create("group", "another", [world.id("XB")])
        finally:
            travel.close()
        inside = desk.backups.make_travel(stick, [chosen, _internal(desk)], True, bytearray(NEW))
        travel = world.gate("inside").restore(stick / inside.name, bytearray(NEW), bytearray(NEW))
        try:
            assert _occurs(travel, "ouagadougou") and _occurs(travel, "titicaca") and not _occurs(travel, "kilimanjaro")
            assert travel.library.find("titicaca")
        finally:
            travel.close()
    finally:
        world.close()


def test_a_journey_admitted_with_the_key_file_is_for_its_rooms_only(world: World, stick: Path) -> None:
    chosen = world.room("bilateral", title="", members=("XB",))
    note = world["XA"].backups.make_travel(stick, [chosen], False, bytearray(NEW))
    travel = world.gate("journey").restore(stick / note.name, bytearray(NEW), bytearray(NEW))
    try:
        travel.backups.certify(key_file(world), passphrase())
        assert travel.context.own.rooms == (chosen,) and "enrol" not in travel.me().rights
    finally:
        travel.close()


def _internal(desk: Desk) -> str:
    return desk.rooms.internal()


def _occurs(desk: Desk, word: str) -> bool:
    """Whether a word stands in any cell of any table of the open database, as text or bytes, or in its name."""
    wanted = word.encode()
    with desk.store.read() as reader:
        for (table,) in reader.rows("select name from sqlite_schema where type = 'table'"):
            for row in reader.rows(f"select * from {table}"):
                for cell in row:
                    data = cell if isinstance(cell, bytes) else str(cell).encode()
                    if wanted in data:
                        return True
    return False
