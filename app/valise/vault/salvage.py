"""What verifies of a damaged vault, and of its last good copy, row by row into a new database under the same key.

The damaged files are kept aside. What is derived is derived again; since ratchets may be old now, the desk takes the vault
for an older copy of itself (desk.copies) and signs nothing before the others have said what it had said.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from valise.domain.errors import Damaged
from valise.protocol import operation
from valise.vault import certificates, files, migrate, search, shelf
from valise.vault import connection as cx
from valise.vault.append import CHAT, KLASS, RECORD, WAITS, Record
from valise.vault.good import GOOD
from valise.vault.lock import Lock
from valise.vault.pages import SEAL
from valise.vault.store import DATABASE, LOCK, Store, Tx

Progress = Callable[[int, int], None]
UNKNOWN = -1  # it cannot be told how many rows were lost
AHEAD = 1 << 20  # the count of transactions goes on beyond whatever was lost of it
_SHADOW = re.compile(r"(search|agreed)(_(data|idx|content|docsize|config|words))?\Z")
_AGAIN = frozenset({"search_ref", "head"})  # derived, and of no use half
_TOGETHER = 500


class Kept(NamedTuple):
    """One table: rows that are in the new vault; rows known to be lost, or UNKNOWN."""

    table: str
    rows: int
    lost: int


def salvage(folder: Path, key: str, now: int, progress: Progress | None = None) -> list[Kept]:
    """Make a new database of what verifies, and put it in the place of the damaged one. Tables that lost something, first.

    Raises Damaged("vault.damaged") when neither file opens, Damaged("vault.keys_lost"), Unavailable("vault.busy" |
    "vault.disk_full" | ...); the folder is then as it was.
    """
    lock = Lock(folder / LOCK)
    try:
        database, made = folder / DATABASE, folder / f"{DATABASE}.salvage"
        for name in (made, made.with_name(f"{made.name}-wal"), made.with_name(f"{made.name}-shm")):
            name.unlink(missing_ok=True)
        sources = [one for one in (_source(database, key), _source(folder / GOOD, key)) if one is not None]
        if not sources:
            raise Damaged("vault.damaged", "neither the database nor its last good copy opens")
        try:
            migrate.make(made, key, migrate.steps())
            found = _fill(made, key, sources, now, progress or (lambda done, total: None))
        finally:
            for one in sources:
                one.close()
        _swap(database, made)
    except (OSError, cx.EngineError) as error:
        raise cx.failure(error) or error from error
    finally:
        lock.release()
    _derive(folder, key, now)
    return found


class Source:
    """A file that may be damaged. The engine answers nothing more once a page has failed, so it is opened anew then."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._connection = cx.connect(path, key)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Row after row; raises the engine's error at the first that cannot be read."""
        if self._connection is None:
            self._connection = cx.connect(self._path, self._key)
        try:
            yield from self._connection.execute(sql, values)
        except cx.EngineError:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _source(path: Path, key: str) -> Source | None:
    if not path.exists():
        return None
    try:
        return Source(path, key)
    except Damaged:
        return None


def _fill(made: Path, key: str, sources: list[Source], now: int, progress: Progress) -> list[Kept]:
    target = cx.connect(made, key)
    try:
        tables = [
            (name, sql) for name, sql in target.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not _SHADOW.match(name) and name not in _AGAIN and not name.startswith("sqlite_")
        ]
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN IMMEDIATE")
        found = []
        for done, (table, sql) in enumerate(tables, 1):
            found.append(_table(target, sources, table, "without rowid" in sql.lower()))
            progress(done, len(tables))
        if any(one.lost for one in found if one.table in ("op", "log", "op_missing")):
            _logs(target)
        _strays(target)
        target.execute("INSERT OR IGNORE INTO generation(one, value) VALUES (1, 0)")
        target.execute(
            "UPDATE generation SET value = max(value, (SELECT coalesce(max(generation), 0) FROM point_told)) + ?", (AHEAD,)
        )
        itself = (
            "SELECT count(*) FROM secret WHERE name IN ('device', 'olm') UNION ALL SELECT count(*) + 1 FROM delegation"
            " WHERE own = 1 AND id IN (SELECT delegation FROM device)"
        )
        if [row[0] for row in target.execute(itself)] != [2, 2]:
            raise Damaged("vault.keys_lost", "the keys of this laptop are on a page that does not verify")
        target.execute("DELETE FROM meta WHERE key IN ('open', 'check')")
        report = json.dumps([list(one) for one in found if one.lost])
        target.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('salvaged', ?)", (report,))
        target.execute("INSERT INTO event(at, code, detail) VALUES (?, 'vault.salvaged', ?)", (now, report))
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.close()
    return sorted(found, key=lambda one: (one.lost == 0, one.table))


def _table(target: Any, sources: list[Source], table: str, keyed: bool) -> Kept:
    """From the damaged file first; the copy fills up only where that one failed, so that nothing comes back that is gone."""
    before = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    if before:
        target.execute(f'DELETE FROM "{table}"')
    expected: int | None = 0
    for source in sources:
        if _copy(target, source, table, keyed):
            break
        counted = _count(source, table)
        expected = None if expected is None or counted is None else max(expected, counted, 1)
    rows = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return Kept(table, rows, 0 if expected == 0 else UNKNOWN if expected is None else max(0, expected - rows))


def _count(source: Source, table: str) -> int | None:
    try:
        return int(next(source.rows(f'SELECT count(*) FROM "{table}"'))[0])  # an index may know what the table does not
    except cx.EngineError:
        return None


def _copy(target: Any, source: Source, table: str, keyed: bool) -> bool:
    """Copy every row that can be read; False when some could not."""
    try:
        info = list(source.rows(f'PRAGMA table_info("{table}")'))
    except cx.EngineError:
        return False
    here = {row[1] for row in target.execute(f'PRAGMA table_info("{table}")')}
    columns = [row[1] for row in info if row[1] in here]
    if not columns:
        return True  # an older copy did not have it
    names = ", ".join(f'"{one}"' for one in columns)
    by = [f'"{row[1]}"' for row in sorted(info, key=lambda row: row[5]) if row[5]] if keyed else ["rowid"]
    into = f'INSERT OR IGNORE INTO "{table}"({names}) VALUES ({", ".join("?" * len(columns))})'
    whole = True
    waiting: list[Any] = []
    for row in _rows(source, table, names, by):
        # an overflow page that does not verify may be given as zeroes: an operation is what its id says, or it is lost
        if row is None or (table == "op" and not _genuine(dict(zip(columns, row, strict=True)))):
            whole = False
            continue
        waiting.append(row)
        if len(waiting) >= _TOGETHER:
            target.executemany(into, waiting)
            waiting = []
    target.executemany(into, waiting)
    return whole


def _genuine(row: dict[str, Any]) -> bool:
    return bool(operation.op_id(row["raw"], KLASS[row["klass"]]) == row["id"])


def _rows(source: Source, table: str, names: str, by: list[str]) -> Iterator[Any]:
    """Every row that can be read, None wherever something could not: onward from the start, over each gap in ever longer
    leaps, and at last back from the end."""
    keys = ", ".join(by)
    if by == ["rowid"]:
        place, leap = 0, 1  # our rowids begin with 1
        while leap < 1 << 40:
            start = place + leap
            try:
                for row in source.rows(
                    f'SELECT rowid, {names} FROM "{table}" NOT INDEXED WHERE rowid >= ? ORDER BY rowid', (start,)
                ):
                    place, leap = row[0], 1
                    yield row[1:]
                return
            except cx.EngineError:
                yield None
                leap *= 2
        return
    for order in (keys, ", ".join(f"{one} DESC" for one in by)):
        try:
            yield from source.rows(f'SELECT {names} FROM "{table}" NOT INDEXED ORDER BY {order}')
            return
        except cx.EngineError:
            yield None


def _logs(target: Any) -> None:
    """How far each log reaches, from the operations that are there; those whose past is lost wait for it again."""
    here = dict(target.execute("SELECT id, state FROM op"))
    links = {
        name: (klass, [one for one in (prev, *json.loads(raw)["deps"]) if one])
        for name, klass, prev, raw in target.execute("SELECT id, klass, prev, raw FROM op")
    }
    target.execute("DELETE FROM op_missing")
    moved = True
    while moved:
        moved = False
        for name, (klass, before) in links.items():
            if klass == RECORD and here[name] != WAITS and any(here.get(one, WAITS) == WAITS for one in before):
                here[name], moved = WAITS, True
    for name, (klass, before) in links.items():
        if klass == RECORD and here[name] == WAITS:
            target.execute("UPDATE op SET state = 0 WHERE id = ?", (name,))
            target.executemany(
                "INSERT OR IGNORE INTO op_missing(missing, op) VALUES (?, ?)",
                [(one, name) for one in before if here.get(one, WAITS) == WAITS],
            )
    known = {tuple(row[:3]): row[3:] for row in target.execute("SELECT room, klass, device, held, head, top FROM log")}
    logs: dict[tuple[str, int, str], dict[int, str]] = {}
    for room, klass, device, seq, name in target.execute("SELECT room, klass, device, seq, min(id) FROM op GROUP BY 1, 2, 3, 4"):
        logs.setdefault((room, klass, device), {})[seq] = name
    for key, seqs in logs.items():
        held = 0 if key[1] == RECORD else min(known[key][0], min(seqs) - 1) if key in known else min(seqs) - 1
        while held + 1 in seqs:
            held += 1
        target.execute(
            "INSERT OR REPLACE INTO log(room, klass, device, held, head, top) VALUES (?, ?, ?, ?, ?, ?)",
            (*key, held, seqs.get(held, ""), max(*seqs, known.get(key, (0, "", 0))[2])),
        )
    target.executemany(
        "DELETE FROM log WHERE room = ? AND klass = ? AND device = ?", [one for one in known if one not in logs and one[1] != CHAT]
    )


def _strays(target: Any) -> None:
    """Rows that refer to what was lost would keep the vault from being written."""
    for _ in range(8):
        broken = target.execute("PRAGMA foreign_key_check").fetchall()
        if not broken:
            return
        for table, rowid, _parent, _index in broken:
            if rowid is None:
                target.execute(f'DELETE FROM "{table}"')
            else:
                target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))


def _swap(database: Path, made: Path) -> None:
    """The damaged files go aside under names of their own; a crash in between is made good by `finish`."""
    n = next(n for n in range(1, 1 << 20) if not database.with_name(f"{database.name}.damaged-{n}").exists())
    done = made.with_name(f"{database.name}.salvaged")
    os.replace(made, done)
    files.sync_folder(database.parent)
    for end in ("-wal", ""):
        if (old := database.with_name(database.name + end)).exists():
            os.replace(old, database.with_name(f"{database.name}.damaged-{n}{end}"))
    for gone in (*(database.with_name(database.name + end) for end in ("-shm",)), database.with_name(SEAL)):
        gone.unlink(missing_ok=True)
    migrate.finish_salvage(database)


def _derive(folder: Path, key: str, now: int) -> None:
    """Projections and the search index again, from the operations alone."""
    store = Store.open(folder, key)
    try:
        with store.write() as tx:
            Record(certificates.Certificates(), shelf.Shelf(store)).rebuild(tx)
            _index(tx, now)
        store.close()
    finally:
        store.abandon()


def _index(tx: Tx, now: int) -> None:
    for name, code, called in list(tx.rows("SELECT id, code, name FROM delegation ORDER BY code, id")):
        search.index(tx, "contact", name, "", now, called, f"{code} {called}")
    for n, words in list(tx.rows("SELECT n, words FROM passage ORDER BY n")):
        tx.run("INSERT INTO agreed(rowid, words) VALUES (?, ?)", (n, search.tokens(words)))
