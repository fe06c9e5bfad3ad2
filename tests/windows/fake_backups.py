"""The backups of the fake door: a list of notes; a folder holds what was put into it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk.door_backups import (
    BackupFile,
    BackupNote,
    BackupState,
    Checked,
    Destroyed,
    LaptopRow,
    Lost,
    Restored,
    Secret,
)
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, WrongPassphrase

DAY = 24 * 3600 * 1000
DIGEST = "5f1c7a0e9b3d4826" * 4
GOOD = b"a good passphrase"
NOTE = BackupNote(d.NOW - 20 * DAY, "backup", "BLUE STICK", "valise-2026-11-02-1810.valise-backup", 48_300_000, 3, DIGEST)
WAITING = Restored(
    d.NOW, d.NOW - DAY, "backup", True, 3, "2676 2290 5012 0237 2606", (),
    (LaptopRow("old", "Second Secretary", "Delegate", True), LaptopRow("other", "Legal adviser", "", False)), (),
)  # fmt: skip
LOST = (Lost("room", "Drafting group", "XB", 3), Lost("room 2", "", "XG", 1))


class FakeBackups(Part):
    part = "backups"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        note = None if desk.empty else NOTE
        self.now = BackupState(note, 20 if note else -1, 41 if note else 7, 2, 1, "XA", True, None)
        self.found: list[BackupFile] = []
        self.hold: threading.Event | None = None  # when set, slow calls wait for it, telling progress meanwhile
        self.begun = threading.Event()
        self.left: tuple[str, ...] = ()

    def _slow(self, progress: Any) -> None:
        for share in range(4):
            if progress is not None:
                progress(share, 4)
            self.begun.set()
            if self.hold is not None:
                self.hold.wait(10)

    def _open(self, secret: Secret) -> None:
        good = bytes(secret) == GOOD if isinstance(secret, bytearray) else bool(secret)
        if isinstance(secret, bytearray):
            secret[:] = bytes(len(secret))
        if not good:
            raise WrongPassphrase("vault.passphrase")

    @recorded
    def state(self) -> BackupState:
        return self.now

    @recorded
    def look(self, folder: Path) -> list[BackupFile]:
        return self.found

    @recorded
    def make(self, folder: Path, passphrase: bytearray, progress: Any = None) -> BackupNote:
        self._open(passphrase)
        self._slow(progress)
        note = replace(NOTE, at=d.NOW, place=folder.name, name="valise-2026-11-22-0900.valise-backup")
        self.now = replace(self.now, last=note, age=0, news=0)
        self.desk.touch(Changes(settings=True))
        return note

    @recorded
    def make_travel(
        self, folder: Path, rooms: Sequence[str], library: bool, journey: bytearray, progress: Any = None
    ) -> BackupNote:
        journey[:] = bytes(len(journey))
        self._slow(progress)
        return replace(NOTE, at=d.NOW, kind="travel", place=folder.name, name="valise-journey-2026-11-22-0900.valise-backup")

    @recorded
    def check(self, path: Path, secret: Secret, progress: Any = None) -> Checked:
        self._open(secret)
        self._slow(progress)
        return Checked("backup", NOTE.at, 12_480, 6, 14, 3, DIGEST, True)

    @recorded
    def request(self) -> bytes:
        return b"a request"

    @recorded
    def admit(self, answer: bytes) -> None:
        self._admitted()

    @recorded
    def certify(
        self, key_file: bytes, passphrase: bytearray, replaces: Sequence[str] = (), newest: bytes = b""
    ) -> None:
        if bytes(passphrase) != GOOD:
            raise WrongPassphrase("rootfile.passphrase")
        self._admitted()

    def _admitted(self) -> None:
        assert self.now.restored is not None
        self.now = replace(self.now, restored=replace(self.now.restored, waits=False, check="", replaces=(), lost=LOST))

    @recorded
    def destroy(self, code: str, key_file: bool = False) -> Destroyed:
        if code.strip().upper() != "XA":
            raise NotAllowed("backup.confirm")
        return Destroyed(self.left)
