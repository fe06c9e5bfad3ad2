"""What a disk may hold after the power went: the shim's log, replayed up to any point.

Every change and sync of a recorded run stands in the log, in order. `Disk` applies them one after the other and knows, for
each file of the victim, what was synced and what was not; of the latter a crash may keep everything (the process was
killed), nothing, or any part: each 512-byte sector of each write alone, whole truncations alone, and the changes of names
in order up to some point. Changes of other folders (the peer, the exchange folder) are another machine's and are all there.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
WRITE, TRUNCATE, SYNC, RENAME, UNLINK, CREATE, MARK = range(1, 8)
KINDS = {WRITE: "write", TRUNCATE: "truncate", SYNC: "sync", RENAME: "rename", UNLINK: "unlink", CREATE: "create", MARK: "mark"}
_HEAD = struct.Struct("<BIQI")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the log. `at` is an offset, a size, or the number of a mark; for a rename `data` is the new name."""

    kind: int
    path: str
    at: int
    data: bytes


def read(log: Path) -> list[Step]:
    """The whole log."""
    held, found, at = log.read_bytes(), [], 0
    while at < len(held):
        kind, length, place, size = _HEAD.unpack_from(held, at)
        at += _HEAD.size
        found.append(Step(kind, held[at : at + length].decode(), place, held[at + length : at + length + size]))
        at += length + size
    return found


@dataclass(slots=True)
class Inode:
    """A file: what it holds now, what was last synced, and what came since."""

    data: bytearray
    durable: bytes = b""
    pending: list[Step] = field(default_factory=list)


def _apply(data: bytearray, step: Step, keep: tuple[bool, ...] | None = None) -> None:
    """A write or truncation; with `keep` only those sectors of a write."""
    if step.kind == TRUNCATE:
        if step.at <= len(data):
            del data[step.at :]
        else:
            data.extend(bytes(step.at - len(data)))
        return
    for place, start in enumerate(range(0, len(step.data), SECTOR)):
        if keep is not None and not keep[place]:
            continue
        part = step.data[start : start + SECTOR]
        where = step.at + start
        if where > len(data):
            data.extend(bytes(where - len(data)))
        data[where : where + len(part)] = part


class Disk:
    """The disk of the run at one point of the log. `victim` = the folder whose changes a crash may lose."""

    def __init__(self, base: Path, victim: str) -> None:
        self.victim = f"{victim}/"
        self.now: dict[str, Inode] = {}
        for path in sorted(base.rglob("*")):
            if path.is_file() and not path.name.endswith("-shm"):
                data = path.read_bytes()
                self.now[str(path.relative_to(base))] = Inode(bytearray(data), data)
        self.durable: dict[str, Inode] = self._mine(self.now)
        self.names: list[tuple[Step, Inode]] = []  # changes of names since the folder was synced, with what was created

    def take(self, step: Step) -> None:
        """Apply one step of the log."""
        if step.kind == MARK or step.path.endswith("-shm"):
            return
        mine = step.path.startswith(self.victim)
        if step.kind == SYNC:
            self._sync(step.path)
        elif step.kind in (WRITE, TRUNCATE):
            inode = self.now[step.path]
            _apply(inode.data, step)
            if mine:
                inode.pending.append(step)
        else:
            fresh = Inode(bytearray())
            self._name(self.now, step, fresh)
            if mine:
                self.names.append((step, fresh))

    def _sync(self, path: str) -> None:
        if path in self.now:
            inode = self.now[path]
            inode.durable, inode.pending = bytes(inode.data), []
            return
        if f"{path}/" == self.victim:
            self.durable, self.names = self._mine(self.now), []

    @staticmethod
    def _name(names: dict[str, Inode], step: Step, fresh: Inode) -> None:
        if step.kind == CREATE:
            names[step.path] = fresh
        elif step.kind == UNLINK:
            names.pop(step.path, None)
        elif step.path in names:
            names[step.data.decode()] = names.pop(step.path)

    def killed(self) -> dict[str, bytes]:
        """Every file when only the process ended."""
        return {name: bytes(one.data) for name, one in self.now.items()}

    def lost(self) -> dict[str, bytes]:
        """Every file when nothing survived but what was synced."""
        return self._after({**self._others(), **self.durable}, None)

    def torn(self, rng: random.Random) -> dict[str, bytes]:
        """Every file when some of what was not synced survived."""
        names = dict(self.durable)
        for step, fresh in self.names[: rng.randrange(len(self.names) + 1)]:
            self._name(names, step, fresh)
        return self._after({**self._others(), **names}, rng)

    def _mine(self, names: dict[str, Inode]) -> dict[str, Inode]:
        return {name: one for name, one in names.items() if name.startswith(self.victim)}

    def _others(self) -> dict[str, Inode]:
        return {name: one for name, one in self.now.items() if not name.startswith(self.victim)}

    def _after(self, names: dict[str, Inode], rng: random.Random | None) -> dict[str, bytes]:
        made = {}
        for name, inode in names.items():
            if not name.startswith(self.victim):
                made[name] = bytes(inode.data)
                continue
            data = bytearray(inode.durable)
            for step in inode.pending if rng is not None else ():
                assert rng is not None
                if step.kind == TRUNCATE:
                    if rng.random() < 0.5:
                        _apply(data, step)
                    continue
                sectors = -(-len(step.data) // SECTOR)
                chance = rng.choice((0.0, 0.5, 1.0))
                _apply(data, step, tuple(rng.random() < chance for _ in range(sectors)))
            made[name] = bytes(data)
        return made


def write(files: dict[str, bytes], base: Path) -> None:
    """Put the files of a moment on a real disk."""
    for name, data in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def digest(files: dict[str, bytes], victim: str) -> bytes:
    """Tells two states of the victim's folder apart."""
    made = hashlib.blake2b(digest_size=16)
    for name, data in sorted(files.items()):
        if name.startswith(f"{victim}/"):
            made.update(f"{name}\0{len(data)}\0".encode() + data)
    return made.digest()


def points(steps: list[Step], victim: str) -> Iterator[int]:
    """Where a crash can matter: after each change or sync of the victim's files, the beginning included."""
    yield 0
    for number, step in enumerate(steps, 1):
        if step.path.startswith(f"{victim}/") or step.path == victim:
            yield number
