"""Writing a backup and reading it again: the tables of backup_tables in the stream of backup_file.

The first frame says what the backup is, then come rows, at the end the count and a digest of every table. A digest is
SHA-256 over the rows' deterministic CBOR in the order of the table's key, so that two vaults can be compared by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from valise.domain.errors import Damaged, Refused
from valise.protocol import cbor
from valise.vault import backup_file as file
from valise.vault import backup_tables as held
from valise.vault.backup_file import Cover
from valise.vault.backup_tables import KEPT, LIBRARY, Part, Scope
from valise.vault.store import Handle

WHOLE: Final = "backup"
TRAVEL: Final = "travel"
_BATCH = 256 << 10  # bytes of rows in one frame, about
_FRONT = ("v", "kind", "schema", "taken_at", "device", "delegation", "rooms", "waiting", "columns", "rows")

Progress = Callable[[int, int], None]
Fault = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Front:
    """What a backup says of itself. `kind` "backup" or "travel", `schema` of the database it was taken from, `taken_at` ms
    UTC, `device` and `delegation` whose it was, `rooms` of a journey, `waiting` items that had not left,
    `columns` of every table, `rows` in all (for progress)."""

    kind: str
    schema: int
    taken_at: int
    device: str
    delegation: str
    rooms: tuple[str, ...]
    waiting: int
    columns: dict[str, tuple[str, ...]]
    rows: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Table -> (rows, SHA-256 of them)."""

    tables: dict[str, tuple[int, bytes]]

    @property
    def digest(self) -> str:
        """64 hex digits over every table's name, count and digest."""
        return hashlib.sha256(_closing(self)).hexdigest()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(count for count, _ in self.tables.values())


@dataclass(slots=True)
class _Sum:
    """Counts and digests what goes by."""

    hashes: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def table(self, table: str) -> None:
        self.hashes[table] = hashlib.sha256()
        self.counts[table] = 0

    def row(self, table: str, raw: bytes) -> None:
        self.hashes[table].update(raw)
        self.counts[table] += 1

    def contents(self) -> Contents:
        return Contents({one: (self.counts[one], self.hashes[one].digest()) for one in sorted(self.hashes)})


def plan(handle: Handle, scope: Scope | None, taken_at: int, device: str, waiting: int) -> tuple[Front, list[Part]]:
    """What a backup of the vault as `handle` shows it will be."""
    chosen = held.parts(handle, scope)
    total = sum(handle.value(f"select count(*) from ({one.sql})", one.values) for one in chosen)
    own = handle.value("select id from delegation where own = 1", (), "")
    columns = {one.table: one.columns for one in chosen}
    version = int(handle.value("pragma user_version"))
    kind, rooms = (TRAVEL, tuple(sorted(scope.rooms))) if scope else (WHOLE, ())
    return Front(kind, version, taken_at, device, own, rooms, waiting, columns, total), chosen


def write(
    handle: Handle, out: BinaryIO, cover: Cover, key: str, front: Front, chosen: list[Part],
    progress: Progress, fault: Fault = lambda name: None,
) -> Contents:  # fmt: skip
    """Write it all; `handle` must show one unchanging state. `progress(rows so far, rows)` may raise to stop.

    Raises Unavailable("backup.full" | "backup.medium"), Refused("backup.large"), what the vault raises.
    """
    stream = file.Writer(out, cover, key)
    stream.frame(_front(front))
    tally = _Sum()
    done = 0
    for one in chosen:
        tally.table(one.table)
        batch: list[bytes] = []
        size = 0
        for row in handle.each(one.sql, one.values):
            raw = cbor.encode(held.cells(row))
            tally.row(one.table, raw)
            batch.append(raw)
            size += len(raw)
            done += 1
            if size >= _BATCH:
                _strike(fault)
                stream.frame(cbor.encode([one.table, batch]))
                progress(done, front.rows)
                batch, size = [], 0
        if batch:
            _strike(fault)
            stream.frame(cbor.encode([one.table, batch]))
            progress(done, front.rows)
    made = tally.contents()
    stream.frame(_closing(made), last=True)
    return made


def read(source: BinaryIO, cover: Cover, key: str, front_only: bool = False) -> Iterator[Any]:
    """First the Front, then (table, row bytes) for every row, at last the Contents, which agree with the rows.

    `row` gives the values of row bytes. Raises Damaged("backup.cut" | "backup.altered" | "backup.form"),
    Refused("backup.newer"), Unavailable("backup.medium").
    """
    stream = file.frames(source, cover, key)
    front = _read_front(next(stream))
    yield front
    if front_only:
        return
    tally = _Sum()
    for table in front.columns:
        tally.table(table)
    closing = b""
    for frame in stream:
        if closing:
            yield from _rows(closing, front, tally)
        closing = frame
    made = tally.contents()
    if closing != _closing(made):
        raise Damaged("backup.form", "counts or digests do not agree with the rows")
    yield made


def row(raw: bytes, columns: int) -> list[Any]:
    """The values of one row. Raises Damaged("backup.form")."""
    try:
        values = cbor.decode(raw, file.FRAME)
    except Refused:
        raise Damaged("backup.form", "a row is not CBOR") from None
    if type(values) is not list or len(values) != columns or any(type(one) not in (int, str, bytes, bool) for one in values):
        raise Damaged("backup.form", "a row has another shape")
    if any(one is True for one in values):
        raise Damaged("backup.form", "a row has another shape")
    return [None if one is False else one for one in values]


def digest(handle: Handle, scope: Scope | None = None) -> Contents:
    """The contents a backup of this vault would have: for comparing two vaults."""
    tally = _Sum()
    for one in held.parts(handle, scope):
        tally.table(one.table)
        for found in handle.each(one.sql, one.values):
            tally.row(one.table, cbor.encode(held.cells(found)))
    return tally.contents()


def _rows(frame: bytes, front: Front, tally: _Sum) -> Iterator[tuple[str, bytes]]:
    try:
        value = cbor.decode(frame, file.FRAME)
    except Refused:
        raise Damaged("backup.form", "a frame is not CBOR") from None
    if type(value) is not list or len(value) != 2 or type(value[0]) is not str or type(value[1]) is not list:
        raise Damaged("backup.form", "a frame has another shape")
    table, rows = value
    if table not in front.columns:
        raise Damaged("backup.form", "rows of a table that was not announced")
    for raw in rows:
        if type(raw) is not bytes:
            raise Damaged("backup.form", "a frame has another shape")
        tally.row(table, raw)
        yield table, raw


def _front(front: Front) -> bytes:
    return cbor.encode({
        "v": file.VERSION, "kind": front.kind, "schema": front.schema, "taken_at": front.taken_at,
        "device": front.device, "delegation": front.delegation, "rooms": list(front.rooms), "waiting": front.waiting,
        "columns": {table: list(columns) for table, columns in front.columns.items()}, "rows": front.rows,
    })  # fmt: skip


def _read_front(frame: bytes) -> Front:
    try:
        value = cbor.decode(frame, file.FRAME)
    except Refused:
        raise Damaged("backup.form", "the first frame is not CBOR") from None
    if type(value) is not dict or type(value.get("v")) is not int:
        raise Damaged("backup.form", "the first frame has another shape")
    if value["v"] > file.VERSION:
        raise Refused("backup.newer", "written by a newer Valise")
    kinds = (int, str, int, int, str, str, list, int, dict, int)
    if value.keys() != set(_FRONT) or [type(value[one]) for one in _FRONT] != list(kinds):
        raise Damaged("backup.form", "the first frame has another shape")
    columns: dict[str, tuple[str, ...]] = {}
    for table, names in value["columns"].items():
        known = table in KEPT or table in LIBRARY
        if type(names) is not list or not all(type(one) is str and held.NAME.match(one) for one in names):
            raise Damaged("backup.form", "the first frame has another shape")
        if not known:
            raise Damaged("backup.form", "a table no backup of ours holds")
        columns[table] = tuple(names)
    if value["kind"] not in (WHOLE, TRAVEL) or any(type(one) is not str for one in value["rooms"]):
        raise Damaged("backup.form", "the first frame has another shape")
    return Front(
        value["kind"], value["schema"], value["taken_at"], value["device"], value["delegation"],
        tuple(value["rooms"]), value["waiting"], columns, value["rows"],
    )  # fmt: skip


def _closing(contents: Contents) -> bytes:
    return cbor.encode({one: [count, made] for one, (count, made) in contents.tables.items()})


def _strike(fault: Fault) -> None:
    with file.medium():
        fault("backup.frame")
