"""An old copy put back, and two live copies: noticed, held back, healed, shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.domain.errors import NotAllowed, Unavailable
from valise.vault import generation, pages
from valise.vault.store import DATABASE


class Keyring:
    """A keyring in memory; `gone` makes it answer nothing."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.gone = False

    def _ask(self) -> None:
        if self.gone:
            raise Unavailable("custodian.unavailable")

    def available(self) -> bool:
        return not self.gone

    def keep(self, name: str, value: bytes) -> None:
        self._ask()
        self.kept[name] = value

    def look(self, name: str) -> bytes | None:
        self._ask()
        return self.kept.get(name)

    def forget(self, name: str) -> None:
        self._ask()
        self.kept.pop(name, None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def copy_of(world: World, code: str) -> Path:
    """The closed vault as a careful person copies it to a stick; opened again afterwards."""
    world[code].close()
    target = world.base / f"{code}-copy"
    shutil.copytree(world.base / code, target, dirs_exist_ok=True)
    world.desks[code] = world.gate(code).unlock(bytearray(PASSPHRASE))
    return target


def put_back(world: World, code: str, copy: Path, *, seal: bool = True) -> Desk:
    """The copy takes the place of the vault. `seal`: with everything beside it, as a backup program does."""
    world[code].close()
    folder = world.base / code
    if seal:
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)
    else:
        shutil.copyfile(copy / DATABASE, folder / DATABASE)
    world.desks[code] = world.gate(code).unlock(bytearray(PASSPHRASE))
    return world.desks[code]


def old(desk: Desk) -> generation.Old | None:
    with desk.context.read() as handle:
        return generation.old(handle)


def bodies(desk: Desk, room: str) -> set[str]:
    return {one.body for thread in desk.messages.threads(room) for one in desk.messages.page(room, thread.id, 0, 100)}


def suspended(world: World) -> list[object]:
    found = []
    for desk in world.desks.values():
        with desk.context.read() as handle:
            found += handle.rows("select device, seq, klass from suspended")
    return found


def test_an_old_copy_learns_from_its_peers_that_it_is_one_and_heals(world: World) -> None:
    room = world.room()
    world["XA"].messages.send(room, "before", for_the_record=True)
    world.exchange()
    copy = copy_of(world, "XA")
    for n in range(3):
        world["XA"].messages.send(room, f"after {n}", for_the_record=True)
        world["XA"].messages.send(room, f"talk {n}")
        world.exchange(2, 30_000)
    desk = put_back(world, "XA", copy)
    assert old(desk) is None and bodies(desk, room) == {"before"}
    world.exchange(3, 30_000)
    noticed = old(desk)
    assert noticed is not None and noticed.cause in ("peer", "history")
    world.exchange(6, 30_000)
    assert {"before", "after 0", "after 1", "after 2"} <= bodies(desk, room)
    desk.messages.send(room, "and on", for_the_record=True)
    desk.messages.send(room, "and talk on")
    world.exchange(4, 30_000)
    for code in ("XB", "XG"):
        assert {"and on", "and talk on", "talk 2"} <= bodies(world[code], room)
        assert [one.state for one in seen(world[code])] == ["healed"] * len(seen(world[code]))
    assert suspended(world) == []
    assert old(desk).learned.generation >= noticed.learned.generation  # type: ignore[union-attr]


def seen(desk: Desk) -> list[generation.Seen]:
    with desk.context.read() as handle:
        return generation.seen(handle)


def test_nothing_is_signed_before_it_is_known_what_had_been_said(world: World) -> None:
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(3, 30_000)
    desk = put_back(world, "XA", copy)
    desk.exchange.now()
    if old(desk) is None:
        world.exchange(1, 30_000)
        desk.exchange.now()
    assert old(desk) is not None
    with desk.context.write() as tx:
        waiting = desk.copies.missing(tx, room, 0)
    if waiting:
        with pytest.raises(NotAllowed) as caught:
            desk.messages.send(room, "too early", for_the_record=True)
        assert caught.value.code == "copy.old"
    world.exchange(6, 30_000)
    desk.messages.send(room, "in time", for_the_record=True)
    world.exchange(3, 30_000)
    assert suspended(world) == [] and {"said", "in time"} <= bodies(world["XB"], room)


def with_keyring(world: World, code: str, keyring: Keyring) -> Desk:
    """The laptop starts again with this keyring."""
    world[code].close()
    gate = world.gate(code)
    gate._custodian = keyring
    world.desks[code] = gate.unlock(bytearray(PASSPHRASE))
    return world.desks[code]


def test_the_keyring_remembers_at_unlock_before_anything_is_sent(world: World) -> None:
    keyring = Keyring()
    room = world.room("bilateral", members=("XB",))
    with_keyring(world, "XA", keyring)
    copy = copy_of(world, "XA")
    desk = with_keyring(world, "XA", keyring)
    desk.messages.send(room, "said", for_the_record=True)
    world.exchange(2, 70_000)
    desk.close()
    (world.base / "XA" / "vault.db").write_bytes((copy / "vault.db").read_bytes())
    (world.base / "XA" / "vault.seal").unlink()
    gate = world.gate("XA")
    gate._custodian = keyring
    desk = world.desks["XA"] = gate.unlock(bytearray(PASSPHRASE))
    noticed = old(desk)
    assert noticed is not None and noticed.cause == "keyring"
    with desk.context.read() as handle:
        assert handle.rows("select 1 from session_out") == [] and handle.rows("select 1 from olm") == []
    with pytest.raises(NotAllowed, match=r"copy\.old"):
        desk.messages.send(room, "too early", for_the_record=True)
    inside = desk.rooms.internal()
    desk.messages.send(inside, "nobody else is here, so it goes on", for_the_record=True)
    world.exchange(6, 30_000)
    assert "said" in bodies(desk, room) and suspended(world) == []
    desk.messages.send(room, "and on", for_the_record=True)
    world.exchange(3, 30_000)
    assert {"said", "and on"} <= bodies(world["XB"], room)


def test_a_keyring_that_fails_is_no_error(world: World) -> None:
    keyring = Keyring()
    desk = with_keyring(world, "XA", keyring)
    keyring.gone = True
    desk.exchange.now()
    desk = with_keyring(world, "XA", keyring)
    assert old(desk) is None and not desk.copies.state().keyring
    keyring.gone = False
    keyring.kept = {name: value[:-1] + bytes([value[-1] ^ 1]) for name, value in keyring.kept.items()}
    assert old(with_keyring(world, "XA", keyring)) is None  # what is not our own word counts for nothing


def test_a_peer_cannot_make_a_vault_doubt_itself(world: World) -> None:
    """A point nobody of ours has said, and a log longer than ours: a claim holds a room for some minutes, no more."""
    from tests.hostile import tools as h

    from valise.protocol.statement import LogLine, Point

    room = world.room("bilateral", members=("XB",))
    desk, peer = world["XA"], world["XB"]
    me = desk.me().device
    forged = h.said(peer, room, echo=((me, Point(2**40, b"r" * 32)),), logs=(LogLine(0, me, 9_000, b"h" * 32, 9_000),))
    with desk.context.write() as tx:
        desk.exchange.repair.take(tx, peer.me().device, room, forged)
    assert old(desk) is None
    with pytest.raises(NotAllowed, match=r"copy\.old"):
        desk.messages.send(room, "waits for the proof", for_the_record=True)
    world.clock.advance(6 * 60_000)
    desk.messages.send(room, "none came", for_the_record=True)


def test_two_live_copies_are_shown_with_both_signed_statements(world: World) -> None:
    """Both go on: the others see it, name it, and can prove it."""
    from valise.protocol import statement

    room = world.room()
    clone = copy_of(world, "XA")
    gate = world.gate("XA")
    gate.folder = clone
    other = gate.unlock(bytearray(PASSPHRASE))
    try:
        for n in range(8):
            for one, word in ((world["XA"], "first"), (other, "second")):
                try:
                    one.messages.send(room, f"{word} {n}", for_the_record=True)
                except NotAllowed as error:
                    assert error.code in ("copy.old", "op.own_history")
                one.exchange.now()
                world["XB"].exchange.now()
                world["XG"].exchange.now()
                world.clock.advance(61_000)
        for code in ("XB", "XG"):
            found = seen(world[code])
            assert found, code
            key = world[code].context.record.certificates
            with world[code].context.read() as handle:
                public = key.of(handle, world["XA"].me().device).ed25519
            pair = [statement.decode(raw, public) for raw in (found[0].first, found[0].second)]
            assert statement.contradict(*pair)
            with world[code].context.read() as handle:
                frozen = handle.rows("select 1 from suspended where klass = 0")
            assert frozen or "two" in {one.state for one in found}
    finally:
        other.close()


def test_a_person_may_go_on_without_who_stays_away(world: World) -> None:
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(2, 30_000)
    desk = put_back(world, "XA", copy)
    for _ in range(6):  # XG is away
        desk.exchange.now()
        world["XB"].exchange.now()
        world.clock.advance(30_000)
    state = desk.copies.state()
    assert state.old_at and [one.who for one in state.waits] == [("Gallia Minor",)]
    assert [one.line for one in desk.overview().due if one.line == "copy.old"]
    desk.copies.go_on()
    assert not desk.copies.state().waits
    desk.messages.send(room, "without waiting", for_the_record=True)
    world.exchange(4, 30_000)
    assert suspended(world) == [] and {"said", "without waiting"} <= bodies(world["XG"], room)


def test_what_was_signed_too_early_and_never_left_is_signed_again(world: World) -> None:
    """Nothing outside remembers, and a person writes before the first exchange."""
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(3, 30_000)
    desk = put_back(world, "XA", copy)
    desk.messages.send(room, "written at once", for_the_record=True)
    desk.messages.send(room, "a word", for_the_record=False)
    world.exchange(8, 30_000)
    assert suspended(world) == []
    for code in ("XA", "XB", "XG"):
        assert {"said", "written at once", "a word"} <= bodies(world[code], room), code


def test_a_clock_five_years_back_neither_alarms_nor_stops_the_healing(world: World) -> None:
    room = world.room()
    copy = copy_of(world, "XA")
    world["XA"].messages.send(room, "said", for_the_record=True)
    world.exchange(2, 30_000)
    world.clock.advance(-5 * 365 * 24 * 3_600_000)
    world.exchange(2, 30_000)
    assert old(world["XA"]) is None
    desk = put_back(world, "XA", copy)
    world.exchange(10, 30_000)
    desk.messages.send(room, "and on", for_the_record=True)
    world.exchange(3, 30_000)
    assert suspended(world) == [] and {"said", "and on"} <= bodies(world["XB"], room)


def test_the_keyring_hears_of_what_leaves_by_courier_alone(world: World) -> None:
    """No round of the exchange is made; an old copy of before the bundle is still told that it is one."""
    keyring = Keyring()
    room = world.room()
    with_keyring(world, "XA", keyring).close()
    copy = world.base / "careful"
    shutil.copytree(world.base / "XA", copy)
    desk = with_keyring(world, "XA", keyring)
    desk.messages.send(room, "carried", for_the_record=True)
    stick = world.base / "stick"
    stick.mkdir()
    desk.courier.export(stick, [world.id("XB")])
    desk.store.abandon()  # the power fails
    shutil.copyfile(copy / DATABASE, world.base / "XA" / DATABASE)
    for end in ("-wal", "-shm"):
        (world.base / "XA" / f"{DATABASE}{end}").unlink(missing_ok=True)
    (world.base / "XA" / pages.SEAL).unlink(missing_ok=True)
    noticed = old(with_keyring(world, "XA", keyring))
    assert noticed is not None and noticed.cause == "keyring"


def test_an_old_copy_that_left_a_room_says_so_and_waits_for_nobody_there(world: World) -> None:
    keyring = Keyring()
    room = world.room(chair="XB")
    desk = with_keyring(world, "XA", keyring)
    desk.rooms.remove(room, world.id("XA"))  # waits: no round is made before the copy
    desk.close()
    copy = world.base / "careful"
    shutil.copytree(world.base / "XA", copy)
    world.desks["XA"] = with_keyring(world, "XA", keyring)
    world["XA"].rooms.create("bilateral", "", [world.id("XB")])
    world["XA"].exchange.now()
    put_back(world, "XA", copy, seal=False).close()
    desk = world.desks["XA"] = with_keyring(world, "XA", keyring)
    assert old(desk) is not None
    world.exchange(8, 30_000)
    for code in ("XB", "XG"):
        assert world.id("XA") not in world[code].rooms.one(room).members
    with desk.context.read() as handle:
        assert not generation.held(handle, room, 0) and not handle.rows("select 1 from outbox")
    assert suspended(world) == []


def said(desk: Desk, room: str) -> list[str]:
    return sorted(one.body for thread in desk.messages.threads(room) for one in desk.messages.page(room, thread.id, 0, 100))


def test_what_an_old_copy_says_once_more_is_there_once(world: World) -> None:
    """Some have had it, some have not, and the copy cannot know; replies and acknowledgements find the one that is shown."""
    room = world.room()
    message = world["XA"].messages.send(room, "waits in the copy")
    keyring = Keyring()
    with_keyring(world, "XA", keyring).close()
    copy = world.base / "careful"
    shutil.copytree(world.base / "XA", copy)
    with_keyring(world, "XA", keyring).exchange.now()
    world["XB"].exchange.now()
    assert said(world["XB"], room) == ["waits in the copy"] and said(world["XG"], room) == []
    for file in world.share.rglob("*"):  # and the folder loses what XG had not fetched
        if file.is_file():
            file.unlink()
    put_back(world, "XA", copy, seal=False)
    desk = with_keyring(world, "XA", keyring)
    world["XB"].messages.send(room, "a reply", thread=message)
    world["XB"].messages.acknowledge(message)
    world.exchange(10, 61_000)
    for code in ("XA", "XB", "XG"):
        assert said(world[code], room) == ["a reply", "waits in the copy"], code
    assert old(desk) is not None
    threads = desk.messages.threads(room)
    assert len(threads) == 1 and threads[0].messages == 2
    first = next(one for one in desk.messages.page(room, threads[0].id, 0, 9) if one.own)
    assert first.delivery == "acknowledged"
    for code in ("XA", "XB", "XG"):
        before = said(world[code], room)
        world[code].rebuild()
        assert said(world[code], room) == before


def test_other_words_are_not_hidden_behind_a_message_said_before(world: World) -> None:
    from tests.hostile import tools as h

    room = world.room()
    message = world["XB"].messages.send(room, "first words")
    world["XA"].messages.send(room, "a greeting")
    world.exchange()
    for code, words in (("XB", "second words"), ("XA", "not mine")):
        body = {**h.message(words), "again": message}
        made = h.item(world[code], h.fields(world[code], room, "message.send", body, h.CHAT), h.CHAT)
        h.send(world[code], world["XG"], room, h.CHAT, items=(made,))
    assert said(world["XG"], room) == ["a greeting", "first words", "not mine", "second words"]
