"""Backups, a vault for a journey, and destroying a vault. Nothing is called a backup before it was read again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from valise.desk import restoring, ways
from valise.desk.ceremony import from_file
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.door_backups import (
    BackupFile,
    BackupNote,
    BackupState,
    Checked,
    Destroyed,
    LaptopRow,
    Lost,
    Progress,
    Restored,
    Secret,
)
from valise.desk.gate import KEY_FILE
from valise.domain.errors import Damaged, NotAllowed, Unavailable, ValiseError
from valise.protocol.card import read_card
from valise.protocol.certificate import DeviceSecret
from valise.vault import backup, backup_file, erase, header, people, slots
from valise.vault.backup import Contents
from valise.vault.backup_tables import Scope
from valise.vault.connection import new_key
from valise.vault.files import sync_folder
from valise.vault.header import Header
from valise.vault.slots import Given, Kdf
from valise.vault.store import Handle

DAY = 24 * 3600 * 1000
_KINDS: dict[str, Literal["backup", "travel"]] = {backup.WHOLE: "backup", backup.TRAVEL: "travel"}


class BackupsDesk:
    """The door's Backups. `close` closes the desk; `keyring` names what the keyring keeps for this vault beside its slots."""

    def __init__(
        self, context: Context, secret: DeviceSecret, root_floor: tuple[int, int], close: Callable[[], None]
    ) -> None:
        self.context = context
        self._kdf = Kdf(*root_floor, *root_floor)
        self._close = close
        self._floor = root_floor
        self.keyring: Callable[[], Sequence[str]] = lambda: ()
        self.admission = restoring.Admission(context, secret, root_floor)
        self.fault: backup.Fault = lambda name: None  # for tests: "backup.frame", ".written", ".verified"

    def state(self) -> BackupState:
        """The last backup and what a restored laptop waits for."""
        with self.context.read() as handle:
            row = handle.row("select at, kind, place, name, size, waiting, digest from backup_made where kind = 'backup' order by id desc")
            last = _note(row) if row else None
            since = handle.value("select count(*) from op where received_at > ?1 or (received_at = 0 and at > ?1)",
                                 (last.at if last else 0,))  # fmt: skip
            record, conversation = _waiting(handle)
            restored = self._restored(handle)
        age = max(0, self.context.clock.now() - last.at) // DAY if last else -1
        key_file = (self.context.store.folder / KEY_FILE).exists()
        return BackupState(last, age, since, record, conversation, self.context.own.code, key_file, restored)

    def look(self, folder: Path) -> list[BackupFile]:
        """Backups in a folder, the newest first; those never finished too. Unavailable("backup.medium")."""
        found = []
        with backup_file.medium():
            places = [one for one in folder.iterdir() if one.is_file()]
        for path in places:
            part = path.name.endswith(backup_file.ENDING + backup_file.PART)
            if not part and not path.name.endswith(backup_file.ENDING):
                continue
            at = 0
            with contextlib.suppress(ValiseError, OSError), path.open("rb") as source:
                at = backup_file.read_cover(source).header.made
            with contextlib.suppress(OSError):
                found.append(BackupFile(path, at, path.stat().st_size, not part))
        return sorted(found, key=lambda one: (-one.at, one.path.name))

    def make(self, folder: Path, passphrase: bytearray, progress: Progress | None = None) -> BackupNote:
        """A backup of everything. Wipes `passphrase`. See door_backups.Backups."""
        try:
            of = header.load(self.context.store.folder).header
            vault_key = self._opened(of, passphrase)
            return self._make(folder, passphrase, None, of, vault_key, progress)
        finally:
            passphrase[:] = bytes(len(passphrase))

    def make_travel(
        self, folder: Path, rooms: Sequence[str], library: bool, journey: bytearray, progress: Progress | None = None
    ) -> BackupNote:
        """A vault for a journey. Wipes `journey`. See door_backups.Backups."""
        try:
            with self.context.read() as handle:
                known = {row[0] for row in handle.rows("select id from room")}
                if self._maker(handle) != self.context.own.device:
                    raise NotAllowed("restore.waiting")
            if not rooms or not set(rooms) <= known:
                raise NotAllowed("backup.no_rooms")
            ways.check_new(journey)
            # no way in by recovery shares: they are of the vault at home
            nobody = Header("", "", 0, ())
            return self._make(folder, journey, Scope(tuple(rooms), library), nobody, "", progress)
        finally:
            journey[:] = bytes(len(journey))

    def check(self, path: Path, secret: Secret, progress: Progress | None = None) -> Checked:
        """Read a backup to its end. See door_backups.Backups."""
        given = restoring.given(secret)
        try:
            front, contents = self._read(path, given, progress or _silent)
        finally:
            given.wipe()
        with self.context.read() as handle:
            known = handle.row("select 1 from backup_made where digest = ?", (contents.digest,)) is not None
        counts = {name: count for name, (count, _) in contents.tables.items()}
        return Checked(
            _KINDS[front.kind], front.taken_at, counts.get("op", 0), max(0, counts.get("delegation", 0) - 1),
            counts.get("attachment", 0), front.waiting, contents.digest, known,
        )  # fmt: skip

    def request(self) -> bytes:
        """See door_backups.Backups."""
        return self.admission.request().data

    def admit(self, answer: bytes) -> None:
        """See door_backups.Backups."""
        self.admission.answer(answer)

    def certify(
        self, key_file: bytes, passphrase: bytearray, replaces: Sequence[str] = (), newest: bytes = b""
    ) -> None:
        """See door_backups.Backups."""
        self.admission.certify(from_file(key_file, passphrase, self._floor), replaces, newest)

    def destroy(self, code: str, key_file: bool = False) -> Destroyed:
        """Close and destroy this vault. See door_backups.Backups."""
        if code.strip().upper() != self.context.own.code:
            raise NotAllowed("backup.confirm")
        folder, custodian = self.context.store.folder, self.context.custodian
        names: list[str] = []
        with contextlib.suppress(ValiseError):  # a damaged header says nothing of slots
            of = header.load(folder).header
            names = [ways.keyring_name(of, one) for one in of.slots if one["kind"] in (slots.KEYRING, slots.SECOND)]
        marks = list(self.keyring())
        self._close()
        erase.erase(folder, KEY_FILE if key_file else "")
        left = []
        for name in (*names, *marks):
            try:
                custodian.forget(name)
            except Unavailable:
                left += ["keyring"] if name in names else []  # a mark opens nothing, and is often not there
        return Destroyed(tuple(sorted(set(left))))

    # writing

    def _cost(self) -> Kdf:
        """A backup's passphrase is stretched no less than the vault's own."""
        slot = slots.one_of(header.load(self.context.store.folder).header, slots.PASSPHRASE, slots.SECOND)
        return self._kdf.at_least(slot["kdf"]["ops"], slot["kdf"]["mem"]) if slot is not None else self._kdf

    def _opened(self, of: Header, passphrase: bytearray) -> str:
        """The vault's own key, by the passphrase a person typed once more."""
        opened, given = ways.by_passphrase(self.context.custodian, of, passphrase, self._kdf)
        given.passphrase = None  # still needed
        given.wipe()
        return opened.key

    def _make(
        self, folder: Path, passphrase: bytearray, scope: Scope | None, of: Header, vault_key: str,
        progress: Progress | None,
    ) -> BackupNote:  # fmt: skip
        home = self.context.store.folder.resolve()
        if folder.resolve() == home or home in folder.resolve().parents:
            raise NotAllowed("backup.inside")
        tell = progress or _silent
        now = self.context.clock.now()
        key = new_key()
        cover = backup_file.seal_cover(passphrase, key, vault_key, of, now, self._cost())
        path = _free(folder, now, scope is not None)
        part = path.with_name(path.name + backup_file.PART)
        try:
            written, front = self._write(part, cover, key, scope, now, tell)
            self.fault("backup.written")
            given = Given(passphrase=bytearray(passphrase))
            try:
                _, again = self._read(part, given, lambda done, total: tell(total + done, 2 * total))
            finally:
                given.wipe()
            if again != written:
                raise Damaged("backup.differs", "what was read is not what was written")
            self.fault("backup.verified")
            with backup_file.medium():
                os.replace(part, path)
                size = path.stat().st_size
                sync_folder(folder)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)  # where the stick is gone it stays, and is known by its name
            raise
        kind = _KINDS[front.kind]
        note = BackupNote(now, kind, folder.resolve().name, path.name, size, front.waiting, written.digest)
        with self.context.write() as tx:
            tx.run(
                "insert into backup_made(at, kind, place, name, size, rows, waiting, digest) values (?,?,?,?,?,?,?,?)",
                (now, kind, note.place, note.name, size, written.rows, note.waiting, note.digest),
            )
            self.context.touch(settings=True)
        return note

    def _write(
        self, part: Path, cover: backup_file.Cover, key: str, scope: Scope | None, now: int, tell: Progress
    ) -> tuple[Contents, backup.Front]:
        with backup_file.medium():
            out = part.open("xb")
        with out:
            # one reader at one state: whoever writes meanwhile does not wait for it
            with self.context.store.read() as handle:
                waiting = sum(_waiting(handle, scope.rooms if scope else None))
                front, parts = backup.plan(handle, scope, now, self._maker(handle), waiting)
                total = 2 * front.rows
                made = backup.write(
                    handle, out, cover, key, front, parts, lambda done, _of: tell(done, total), self.fault
                )
            with backup_file.medium():
                out.flush()
                os.fsync(out.fileno())
                if hasattr(os, "posix_fadvise"):  # read again from the medium, not from memory
                    os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return made, front

    def _read(self, path: Path, given: Given, tell: Progress) -> tuple[backup.Front, Contents]:
        with backup_file.medium():
            source = path.open("rb")
        with source:
            cover = backup_file.read_cover(source)
            reading = backup.read(source, cover, backup_file.open_cover(cover, given, self._kdf))
            front: backup.Front = next(reading)
            for done, item in enumerate(reading, 1):
                if isinstance(item, Contents):
                    return front, item
                backup.row(item[1], len(front.columns[item[0]]))
                if done % 256 == 0:
                    tell(min(done, front.rows), front.rows)
        raise Damaged("backup.form", "the backup has no end")

    def _maker(self, handle: Handle) -> str:
        """The laptop a backup is of: this one, or, while it waits to be admitted, the one it was restored from."""
        row = handle.row("select device from restored where admitted_at = 0")
        return str(row[0]) if row else self.context.own.device

    # what a person is told

    def _restored(self, handle: Handle) -> Restored | None:
        row = handle.row("select at, taken_at, kind, device, waiting, rooms, admitted_at from restored")
        if row is None:
            return None
        waits = not row[6]
        titles = handle.rows(
            "select title, kind from room where id in (select value from json_each(?)) order by n", (row[5],)
        )
        person = next(one for one in people.everybody(handle) if one.own)
        entries = [one for one in read_card(people.card(handle, person.id)).devices if not one.revoked_at]
        laptops = tuple(
            LaptopRow(one.certificate.device, one.certificate.officer, one.certificate.role,
                      one.certificate.device == row[3])
            for one in entries if one.certificate.device != self.context.own.device
        )  # fmt: skip
        return Restored(
            row[0], row[1], _KINDS[row[2]], waits, row[4], self.admission.request().check_code if waits else "",
            tuple(title or kind for title, kind in titles), laptops if waits else (), _lost(handle),
        )  # fmt: skip


def _note(row: Sequence[Any]) -> BackupNote:
    return BackupNote(*row)


def _waiting(handle: Handle, rooms: Sequence[str] | None = None) -> tuple[int, int]:
    """Items of the record and of conversations that nobody but this laptop is known to hold: queued, or sealed and not
    acknowledged."""
    counts = {RECORD: 0, CHAT: 0}
    for room, klass, count in handle.rows(
        "select room, klass, count(*) from outbox group by room, klass"
        " union all select room, klass, sum(last - first + 1) from parcel group by room, klass"
    ):
        if rooms is None or room in rooms:
            counts[klass] += count
    return counts[RECORD], counts[CHAT]


def _lost(handle: Handle) -> tuple[Lost, ...]:
    """Of each conversation, what lies between the backup and where it begins for this laptop."""
    rows = handle.rows(
        "select log.room, room.title, delegation.code, log.held - restored_log.top - ("
        "  select count(distinct seq) from op where op.room = log.room and op.klass = 1 and op.device = log.device"
        "  and op.seq > restored_log.top and op.seq <= log.held)"
        " from restored_log join log on log.room = restored_log.room and log.device = restored_log.device and log.klass = 1"
        " join room on room.id = log.room join device on device.id = log.device"
        " join delegation on delegation.id = device.delegation order by room.n, delegation.code"
    )
    return tuple(Lost(*row) for row in rows if row[3] > 0)


def _free(folder: Path, now: int, travel: bool) -> Path:
    """A name nobody has used there; it says when, not whose."""
    when = datetime.fromtimestamp(now / 1000, UTC)
    stem = f"valise-{'journey-' if travel else ''}{when:%Y-%m-%d-%H%M%S}"
    for n in range(1, 1000):
        path = folder / f"{stem}{f'-{n}' if n > 1 else ''}{backup_file.ENDING}"
        if not path.exists() and not path.with_name(path.name + backup_file.PART).exists():
            return path
    raise Unavailable("backup.medium", "no name is free there")


def _silent(done: int, total: int) -> None:
    return None
