"""What the tests of backups do with whole delegations."""

from __future__ import annotations

from pathlib import Path

from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.door_backups import BackupNote
from valise.desk.gate import KEY_FILE

DAY = 24 * 3600 * 1000
NEW = b"a passphrase for the new laptop"


def passphrase() -> bytearray:
    return bytearray(PASSPHRASE)


def key_file(world: World, code: str = "XA") -> bytes:
    return (world.base / code / KEY_FILE).read_bytes()


def talk(world: World, room: str, words: str) -> None:
    """Both say something for the record and something between them."""
    for code in ("XA", "XB"):
        for record in (True, False):
            world[code].messages.send(room, f"{words} {code} {'record' if record else 'chat'}", for_the_record=record)
    world.exchange()


def said(desk: Desk, room: str) -> set[str]:
    return {one.body for row in desk.messages.threads(room) for one in desk.messages.page(room, row.id, 0, 99)}


def lose(world: World, stick: Path, note: BackupNote, code: str = "XA") -> Desk:
    """The laptop is gone; another is made from the backup."""
    world.desks.pop(code).close()
    desk = world.gate(f"{code} anew").restore(stick / note.name, passphrase(), bytearray(NEW))
    world.desks[code] = desk
    return desk
