"""Backups as a person has them: made while working, verified, cancelled, destroyed with the vault."""

from __future__ import annotations

import errno
import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from backups_hands import DAY, NEW, passphrase, said, talk
from tests.world import FAST, PASSPHRASE, World

from valise import bootstrap, cli
from valise.desk import ways
from valise.desk.backups import BackupsDesk
from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.domain.errors import Damaged, NotAllowed, Unavailable, ValiseError, WrongPassphrase
from valise.vault import backup, backup_file, header, slots
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


# making


def test_a_backup_is_verified_noted_and_dated(world: World, stick: Path) -> None:
    room = world.room()
    talk(world, room, "before")
    desk = world["XA"]
    assert desk.backups.state().last is None and desk.backups.state().age == -1
    told: list[tuple[int, int]] = []
    note = desk.backups.make(stick, passphrase(), lambda done, total: told.append((done, total)))
    assert note.place == "stick" and note.size == (stick / note.name).stat().st_size and len(note.digest) == 64
    assert told == sorted(told) and told[-1][0] <= told[-1][1]
    assert [one.name for one in stick.iterdir()] == [note.name] and "XA" not in note.name
    state = desk.backups.state()
    assert state.last == note and (state.age, state.news) == (0, 0)
    world.clock.advance(3 * DAY)
    desk.messages.send(room, "later")
    state = desk.backups.state()
    assert state.age == 3 and state.news == 1
    checked = desk.backups.check(stick / note.name, passphrase())
    assert checked.known and checked.digest == note.digest and checked.contacts == 1
    with pytest.raises(WrongPassphrase, match=r"backup\.passphrase"):
        desk.backups.check(stick / note.name, bytearray(b"another"))
    with pytest.raises(WrongPassphrase, match=r"vault\.passphrase"):
        desk.backups.make(stick, bytearray(b"another"))
    with pytest.raises(NotAllowed, match=r"backup\.inside"):
        desk.backups.make(world.base / "XA", passphrase())


def test_the_passphrase_is_protected_no_less_than_in_the_vault(world: World, stick: Path) -> None:
    desk = world["XA"]
    loaded = header.load(desk.store.folder).header
    slot = slots.seal(slots.PASSPHRASE, Given(passphrase=passphrase()), desk.store._key, loaded.vault, cost=FAST.at_least(3, 16_384))
    header.save(desk.store.folder, header.Header(loaded.vault, "", loaded.made, (slot,)), forget=True)
    note = desk.backups.make(stick, passphrase())
    with (stick / note.name).open("rb") as source:
        (made,) = backup_file.read_cover(source).header.slots
    assert (made["kdf"]["ops"], made["kdf"]["mem"]) == (3, 16_384)
    anew = world.gate("anew").restore(stick / note.name, passphrase(), passphrase())
    (kept,) = header.load(anew.store.folder).header.slots
    assert (kept["kdf"]["ops"], kept["kdf"]["mem"]) == (3, 16_384)
    anew.close()


def test_the_passphrase_is_wiped(world: World, stick: Path) -> None:
    given = passphrase()
    note = world["XA"].backups.make(stick, given)
    assert bytes(given) == bytes(len(given))
    given = passphrase()
    world["XA"].backups.check(stick / note.name, given)
    assert bytes(given) == bytes(len(given))


def test_what_waits_is_told(world: World, stick: Path) -> None:
    room = world.room()
    world["XA"].messages.send(room, "for the record", for_the_record=True)
    world["XA"].messages.send(room, "between us")
    state = world["XA"].backups.state()
    assert (state.record, state.conversation) == (1, 1)
    assert world["XA"].backups.make(stick, passphrase()).waiting == 2
    world["XA"].exchange.now()  # sealed, and nobody has said yet that he holds it
    state = world["XA"].backups.state()
    assert (state.record, state.conversation) == (1, 1)
    world.exchange()
    state = world["XA"].backups.state()
    assert (state.record, state.conversation) == (0, 0)


def test_the_writer_is_not_held_up_and_the_backup_shows_one_state(world: World, stick: Path) -> None:
    """While a backup is being written somebody goes on working; what he writes is in the next one."""
    room = world.room()
    talk(world, room, "before")
    desk = world["XA"]
    with desk.store.read() as reader:
        before = backup.digest(reader)
    during: list[str] = []

    def fault(name: str) -> None:
        if name == "backup.frame":
            writer = threading.Thread(target=lambda: during.append(desk.messages.send(room, f"meanwhile {len(during)}")))
            writer.start()
            writer.join(10)
            assert not writer.is_alive()

    desk.backups.fault = fault
    note = desk.backups.make(stick, passphrase())
    assert len(during) > 3 and note.digest == before.digest


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "backup.full"), (errno.EIO, "backup.medium")])
def test_a_full_or_failing_medium_is_named_and_harms_nothing(
    world: World, stick: Path, number: int, code: str
) -> None:
    desk = world["XA"]
    first = desk.backups.make(stick, passphrase())
    before = (stick / first.name).read_bytes()
    for upto in (1, 3):
        left = [upto]

        def fault(name: str, left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise OSError(number, "the medium")

        desk.backups.fault = fault
        with pytest.raises(Unavailable, match=code.replace(".", r"\.")):
            desk.backups.make(stick, passphrase())
        assert [one.name for one in stick.iterdir()] == [first.name] and (stick / first.name).read_bytes() == before
    desk.backups.fault = lambda name: None
    assert desk.backups.state().last == first
    assert world.room() and desk.backups.make(stick, passphrase()).name != first.name


def test_a_stick_that_keeps_other_bytes_is_found_out(world: World, stick: Path) -> None:
    desk = world["XA"]

    def fault(name: str) -> None:
        if name == "backup.written":
            (part,) = stick.glob("*.part")
            data = bytearray(part.read_bytes())
            data[-100] ^= 4
            part.write_bytes(data)

    desk.backups.fault = fault
    with pytest.raises(Damaged, match=r"backup\.altered"):
        desk.backups.make(stick, passphrase())
    assert list(stick.iterdir()) == [] and desk.backups.state().last is None


def test_a_stick_pulled_out_leaves_a_named_fragment(world: World, stick: Path) -> None:
    """The folder is gone in the middle; when it is back, what lies there is known not to be a backup."""
    desk = world["XA"]
    away = stick.with_name("away")

    def fault(name: str) -> None:
        if name == "backup.written":
            stick.rename(away)

    desk.backups.fault = fault
    with pytest.raises(Unavailable, match=r"backup\.medium"):
        desk.backups.make(stick, passphrase())
    away.rename(stick)
    (found,) = desk.backups.look(stick)
    assert not found.whole and found.path.name.endswith(".part") and found.at
    desk.backups.fault = lambda name: None
    note = desk.backups.make(stick, passphrase())
    assert {(one.path.name, one.whole) for one in desk.backups.look(stick)} == {
        (note.name, True), (found.path.name, False)
    }  # fmt: skip
    with pytest.raises(Unavailable, match=r"backup\.medium"):
        desk.backups.look(stick / "nowhere")


class _Stop(Exception):
    pass


def test_a_cancelled_backup_is_taken_away(world: World, stick: Path) -> None:
    def progress(done: int, total: int) -> None:
        raise _Stop

    with pytest.raises(_Stop):
        world["XA"].backups.make(stick, passphrase(), progress)
    assert list(stick.iterdir()) == []


def test_the_vault_can_close_while_a_backup_is_written(world: World, stick: Path) -> None:
    """A lock waits for no stick. What stays there is a whole backup that verifies, or nothing; never a part of one."""
    desk = world["XA"]
    closer = threading.Thread(target=desk.close)

    def fault(name: str) -> None:
        if name == "backup.written":
            closer.start()
            closer.join(10)
            assert not closer.is_alive()

    desk.backups.fault = fault
    with pytest.raises(Unavailable, match=r"vault\.closed"):
        desk.backups.make(stick, passphrase())
    desk = world.desks["XA"] = world.gate("XA").unlock(passphrase())
    (found,) = desk.backups.look(stick)
    assert found.whole and not desk.backups.check(found.path, passphrase()).known


def test_restoring_can_be_stopped_at_every_step(world: World, stick: Path) -> None:
    room = world.room()
    talk(world, room, "before")
    note = world["XA"].backups.make(stick, passphrase())
    told: list[tuple[int, int]] = []
    world.gate("whole").restore(
        stick / note.name, passphrase(), bytearray(NEW), lambda done, total: told.append((done, total))
    ).close()
    assert told == sorted(told) and told[-1][0] <= told[-1][1] and len(told) > 4
    for upto in range(len(told)):
        left = [upto]

        def progress(done: int, total: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise _Stop

        with pytest.raises(_Stop):
            world.gate("half").restore(stick / note.name, passphrase(), bytearray(NEW), progress)
        assert not (world.base / "half").exists()


# destroying


class _Keyring:
    """A keyring in memory, which may be gone."""

    def __init__(self) -> None:
        self.held = {"one": b"1", "two": b"2"}
        self.gone = False

    def available(self) -> bool:
        return not self.gone

    def keep(self, name: str, value: bytes) -> None:
        self.held[name] = value

    def look(self, name: str) -> bytes | None:
        return self.held.get(name)

    def forget(self, name: str) -> None:
        if self.gone:
            raise Unavailable("custodian.unavailable")
        self.held.pop(name, None)


def with_keyring(world: World) -> tuple[Desk, _Keyring, str]:
    """XA opens without typing too: a slot whose secret the keyring keeps. The last is its name there."""
    desk, ring = world["XA"], _Keyring()
    desk.context.custodian = ring
    loaded = header.load(desk.store.folder).header
    slot = slots.seal(slots.KEYRING, Given(keyring=bytearray(32)), desk.store._key, loaded.vault, cost=FAST)
    made = slots.with_slot(loaded, slot)
    header.save(desk.store.folder, made)
    name = ways.keyring_name(made, slot)
    ring.keep(name, bytes(32))
    return desk, ring, name


def test_a_vault_is_destroyed_with_its_keyring_entries(world: World, stick: Path) -> None:
    desk, ring, name = with_keyring(world)
    desk.backups.keyring = lambda: ["one"]
    note = desk.backups.make(stick, passphrase())
    with pytest.raises(NotAllowed, match=r"backup\.confirm"):
        desk.backups.destroy("XB")
    assert desk.me().code == "XA" and world.gate("XA").exists() and name in ring.held
    assert desk.backups.destroy(" xa ").left == ()
    assert ring.held == {"two": b"2"}
    assert [one.name for one in (world.base / "XA").iterdir()] == [KEY_FILE]
    assert not world.gate("XA").exists()
    with pytest.raises(ValiseError):
        world.gate("XA").unlock(passphrase())
    desk.close()  # what the window does at its end harms nothing
    world.desks["XA"] = world.gate("XA").restore(stick / note.name, passphrase(), bytearray(NEW))


def test_what_could_not_be_forgotten_is_told(world: World) -> None:
    desk, ring, _ = with_keyring(world)
    ring.gone = True
    assert desk.backups.destroy("XA", True).left == ("keyring",)
    assert not (world.base / "XA").exists()
    world.desks.pop("XA")


def test_the_desk_is_the_doors(world: World) -> None:
    assert isinstance(world["XA"].backups, BackupsDesk)


def test_the_command_line_backs_up_and_restores(
    world: World, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    room = world.room()
    talk(world, room, "before")
    key = world.base / "XA" / KEY_FILE
    world.desks.pop("XA").close()
    monkeypatch.setattr(bootstrap, "gate", lambda folder: world.gate(folder.name))

    def run(*words: str, typed: bytes) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        return cli.run(["--passphrase-stdin", "--vault", *words])

    assert run("XA", "backup", str(stick), typed=b"not it\n") == 4 and list(stick.iterdir()) == []
    assert run("none", "backup", str(stick), typed=b"\n") == 2
    assert run("XA", "backup", str(stick), typed=PASSPHRASE + b"\n") == 0
    (made,) = stick.iterdir()
    assert made.name in capsys.readouterr().out
    both = PASSPHRASE + b"\n" + PASSPHRASE + b"\n"
    assert run("anew", "restore", str(made), "--key", str(key), typed=both) == 0
    assert "is admitted" in capsys.readouterr().out
    assert run("anew", "restore", str(made), typed=both) == 4
    world.desks["XA"] = world.gate("anew").unlock(passphrase())
    assert world["XA"].me().rights and said(world["XA"], room)
    assert run("waits", "restore", str(made), "--key", str(made), typed=both) == 1
    assert world.gate("waits").exists()
