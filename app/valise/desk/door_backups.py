"""The door's part for copies of a vault: backups, a vault for a journey, a restored laptop, and destroying a vault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Progress = Callable[[int, int], None]
Secret = bytearray | Sequence[str]
"""What opens a backup: its passphrase, or recovery shares as typed."""


@dataclass(frozen=True, slots=True)
class BackupNote:
    """A backup that was written and verified. `place` is the name of its folder, `size` bytes, `digest` 64 hex digits."""

    at: int
    kind: Literal["backup", "travel"]
    place: str
    name: str
    size: int
    waiting: int
    digest: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Words of a conversation said between the backup and the admission of this laptop: only the old one could open them."""

    room: str
    title: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class LaptopRow:
    """A laptop of our delegation that is in use as far as we know. `old`: the backup was made on it."""

    id: str
    officer: str
    role: str
    old: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """This vault was made from a backup. While `waits` everything can be read and nothing sent. `check` is read aloud at the
    first laptop; `rooms` titles for a journey; `replaces` the laptops it may take the place of."""

    at: int
    taken_at: int
    kind: Literal["backup", "travel"]
    waits: bool
    waiting: int
    check: str
    rooms: tuple[str, ...]
    replaces: tuple[LaptopRow, ...]
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class BackupState:
    """`waiting` items of the record, of conversations, that have not left; `key_file` lies beside the vault; `age` days since
    the last backup, -1 for none; `news` operations that came since."""

    last: BackupNote | None
    age: int
    news: int
    record: int
    conversation: int
    code: str
    key_file: bool
    restored: Restored | None


@dataclass(frozen=True, slots=True)
class BackupFile:
    """What lies in a folder, seen from outside. `whole` False = never finished or never verified."""

    path: Path
    at: int
    size: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that was read to its end and verifies. `known`: it is one this vault noted."""

    kind: Literal["backup", "travel"]
    taken_at: int
    operations: int
    contacts: int
    files: int
    waiting: int
    digest: str
    known: bool


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What could not be reached: "keyring"."""

    left: tuple[str, ...]


class Backups(Protocol):
    """Slow calls run on a thread of their own; what `progress(done, total)` raises stops them and leaves nothing behind."""

    def state(self) -> BackupState: ...
    def look(self, folder: Path) -> list[BackupFile]:
        """Backups in a folder, the newest first, unfinished ones too. Unavailable("backup.medium")."""
        ...

    def make(self, folder: Path, passphrase: bytearray, progress: Progress | None = None) -> BackupNote:
        """Write a backup there, read it again, and only then call it one. Wipes `passphrase`, which is the vault's.

        WrongPassphrase("vault.passphrase"), NotAllowed("backup.inside"), Unavailable("backup.full" | "backup.medium"),
        Damaged("backup.differs").
        """
        ...

    def make_travel(
        self, folder: Path, rooms: Sequence[str], library: bool, journey: bytearray, progress: Progress | None = None
    ) -> BackupNote:
        """The same with these rooms alone, under a passphrase for the journey. Wipes it. NotAllowed("backup.no_rooms")."""
        ...

    def check(self, path: Path, secret: Secret, progress: Progress | None = None) -> Checked:
        """Read a backup to its end. Wipes a passphrase. WrongPassphrase("backup.passphrase"), Damaged("backup.*"),
        Refused("backup.*" | "shares.*")."""
        ...

    def request(self) -> bytes:
        """A restored laptop's request to be admitted. NotAllowed("restore.nothing")."""
        ...

    def admit(self, answer: bytes) -> None:
        """Read the answer of the first laptop. Refused("grant.*"), NotAllowed("restore.nothing" | "restore.fork")."""
        ...

    def certify(
        self, key_file: bytes, passphrase: bytearray, replaces: Sequence[str] = (), newest: bytes = b""
    ) -> None:
        """Admit this restored laptop here, with the key file of the delegation; those it `replaces` are revoked with it.

        `newest` is our own card as somebody else holds it, should it be newer than the backup's. Wipes `passphrase`.
        NotAllowed("restore.nothing" | "root.other" | "restore.fork"), WrongPassphrase("rootfile.passphrase"), Refused.
        """
        ...

    def destroy(self, code: str, key_file: bool = False) -> Destroyed:
        """Close this vault and destroy it; `code` is our delegation's, typed by a person. NotAllowed("backup.confirm"),
        Unavailable("vault.erasing")."""
        ...
