"""What the door offers about evidence: the signed record of a room as a file for others, and checking such a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Report = Mapping[str, Any]
"""The verifier's report as it comes from a confined process, each field of the type docs/evidence.md gives it."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A room whose record can be written. `internal`: only as an archive of our own."""

    id: str
    title: str
    kind: str
    members: tuple[str, ...]  # codes
    operations: int
    internal: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """What an evidence file of a room would let anybody read. Names are peers' words.

    `delegations` = (code, name), `officers` whose certificates go along, `markings` = (marking, messages for the record),
    `files` named with size and hash, `vouched` = words about third delegations.
    """

    room: str
    operations: int
    delegations: tuple[tuple[str, str], ...]
    officers: tuple[str, ...]
    texts: int
    statements: int
    messages: int
    markings: tuple[tuple[str, int], ...]
    files: int
    vouched: int
    internal: bool


@dataclass(frozen=True, slots=True)
class Written:
    """An evidence file that was written and read back sound. `sha256` hex of the whole file."""

    path: Path
    size: int
    operations: int
    sha256: str


class Evidence(Protocol):
    def rooms(self) -> list[RecordRow]:
        """Every room with a record, shared ones first."""
        ...

    def holds(self, room: str) -> Holds:
        """NotAllowed("evidence.unknown")."""
        ...

    def save(
        self, room: str, path: Path, *, own_archive: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Written:
        """Write the record of a room, whole or not at all, and check what was written.

        NotAllowed("evidence.unknown" | "evidence.internal" for an internal room without `own_archive`),
        Unavailable("file.unwritable" | "evidence.no_child"), Damaged("evidence.own").
        """
        ...

    def check(self, path: Path) -> Report:
        """The report on any evidence file, made by a process without keys.

        Unavailable("file.unreadable" | "evidence.no_child"), Refused("evidence.too_hard" | "evidence.child").
        """
        ...
