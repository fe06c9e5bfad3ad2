"""A vault made from a backup: its rows, brought up to date, proved, and everything derived from them made anew.

Nothing in a backup is believed because it is in one: cards, certificates and signed operations are verified as if a peer
had sent them. The vault has no key of any laptop and no header yet; both are its caller's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, BinaryIO, Final

from valise.domain.errors import Damaged, NotAllowed, Refused, ValiseError
from valise.protocol import operation
from valise.protocol.identity import read_card
from valise.vault import backup, files, header, migrate, place, search
from valise.vault import connection as cx
from valise.vault.append import KLASS, Record
from valise.vault.backup import Contents, Front
from valise.vault.backup_file import Cover
from valise.vault.certificates import Certificates
from valise.vault.lock import Lock
from valise.vault.shelf import Shelf
from valise.vault.store import DATABASE, LOCK, Store, Tx

_TOGETHER: Final = 500  # rows in one statement's batch

Progress = Callable[[int, int], None]


def build(
    source: BinaryIO, cover: Cover, backup_key: str, folder: Path, key: str, now: int,
    progress: Progress, schema: Traversable | None = None,
) -> tuple[Store, Front, Contents]:  # fmt: skip
    """A store under `key` in `folder` (made if absent) with everything of the backup, `source` standing behind its cover.

    `progress(done, 2 x rows)`: rows written, then operations proved; what it raises stops it. On any failure nothing of it
    stays. Raises NotAllowed("vault.exists" | "vault.synced_folder"), Damaged("backup.*"),
    Refused("backup.newer" | "backup.forged"), Unavailable("backup.medium" | "vault.*").
    """
    place.check(folder)
    new = not folder.exists()
    with _disk():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = Lock(folder / LOCK)
    store = None
    try:
        if header.exists(folder):
            raise NotAllowed("vault.exists", "there is a vault in this folder already")
        with _disk():
            files.set_aside(folder / DATABASE)
        try:
            front, contents = _fill(source, cover, backup_key, folder / DATABASE, key, schema, progress)
            lock.release()
            store = Store.open(folder, key, schema=schema)
            with store.write() as tx:
                prove(tx, lambda done, total: progress(front.rows + front.rows * done // max(1, total), 2 * front.rows))
                _derive(tx, store, now)
        except BaseException:
            if store is not None:
                store.abandon()
            _away(folder, new)
            raise
    finally:
        lock.release()
    return store, front, contents


def prove(tx: Tx, progress: Progress) -> None:
    """Every card, certificate and operation is what its signature says and its row shows. Refused("backup.forged")."""
    try:
        for name, root, data, number, hashed in tx.rows(
            "select id, root, card, card_number, card_hash from delegation join delegation_card on delegation = id"
        ):
            card = read_card(data)
            _same((card.delegation, card.root, card.number, card.hash), (name, root, number, hashed))
        certificates = Certificates()
        for row in list(tx.rows(
            "select id, delegation, number, certificate_hash, officer, role, rights, rooms, not_before, not_after,"
            " ed25519, olm from device"
        )):  # fmt: skip
            one = certificates.of(tx, row[0])
            _same(row, (one.device, one.delegation, one.number, one.hash, one.officer, one.role, ",".join(one.rights),
                        ",".join(one.rooms), one.not_before, one.not_after, one.ed25519, one.olm))  # fmt: skip
        total = tx.value("select count(*) from op")
        for done, row in enumerate(tx.each(
            "select id, room, klass, author, device, seq, prev, kind, at, tick, membership, raw, sig from op order by n"
        )):  # fmt: skip
            if done % 256 == 0:
                progress(done, total)
            if row[2] not in (0, 1):
                raise Refused("backup.forged", "an operation of no class")
            op = operation.read(row[11], row[12], KLASS[row[2]])
            operation.verify(operation.Signed(op, row[11], row[12]), KLASS[row[2]], *certificates.every(tx, op.device))
            _same(row[:11], (op.id, op.room_id, row[2], op.author, op.device, op.seq, op.prev, op.kind, op.at, op.tick,
                             int(op.kind.startswith("room."))))  # fmt: skip
    except ValiseError as error:
        if error.code.startswith("vault."):
            raise
        raise Refused("backup.forged", "something in this backup does not verify") from None


def note(tx: Tx, front: Front, contents: Contents, now: int) -> None:
    """Write down what this vault came from, and how far every conversation went in it."""
    tx.run(
        "insert into restored(one, at, taken_at, kind, device, rooms, waiting, digest) values (1,?,?,?,?,?,?,?)",
        (now, front.taken_at, front.kind, front.device, json.dumps(list(front.rooms)), front.waiting, contents.digest),
    )
    tx.run("insert into restored_log(room, device, top) select room, device, top from log where klass = 1")


def _fill(
    source: BinaryIO, cover: Cover, backup_key: str, database: Path, key: str, schema: Traversable | None,
    progress: Progress,
) -> tuple[Front, Contents]:  # fmt: skip
    """The database as it was when the backup was made, in the form its version had."""
    every = migrate.steps(schema)
    reading = backup.read(source, cover, backup_key)
    front: Front = next(reading)
    if front.schema > len(every):
        raise Refused("backup.newer", "this backup was written by a newer Valise")
    if front.schema < 1:
        raise Damaged("backup.form", "a version that never was")
    migrate.make(database, key, every[: front.schema])
    connection = cx.connect(database, key)
    try:
        connection.execute("pragma foreign_keys = off")  # rows come by table, not by what points to what
        connection.execute("begin immediate")
        contents = _pour(connection, reading, front, progress)
        if connection.execute("pragma foreign_key_check").fetchone() is not None:
            raise Damaged("backup.form", "a row points to nothing")
        connection.execute("commit")
    except cx.EngineError as error:
        made = cx.failure(error)
        if isinstance(made, Refused):  # a row the schema does not take
            raise Damaged("backup.form", "a row does not fit") from error
        raise made or error from error
    finally:
        connection.close()
    return front, contents


def _pour(connection: Any, reading: Iterator[Any], front: Front, progress: Progress) -> Contents:
    sql: dict[str, str] = {}
    for table, columns in front.columns.items():
        there = {row[1] for row in connection.execute(f'pragma table_info("{table}")')}
        if not columns or not set(columns) <= there:
            raise Damaged("backup.form", "columns no version of ours had")
        names = ", ".join(f'"{one}"' for one in columns)
        # a schema file may have put rows into a table that is kept: those of the backup are the ones that count
        connection.execute(f'delete from "{table}"')
        sql[table] = f'insert into "{table}"({names}) values ({", ".join("?" * len(columns))})'
    waiting: list[list[Any]] = []
    before, done = "", 0
    for item in reading:
        table = "" if isinstance(item, Contents) else item[0]
        if waiting and (table != before or len(waiting) >= _TOGETHER):
            connection.executemany(sql[before], waiting)
            done += len(waiting)
            progress(min(done, front.rows), 2 * front.rows)
            waiting = []
        if isinstance(item, Contents):
            return item
        waiting.append(backup.row(item[1], len(front.columns[table])))
        before = table
    raise Damaged("backup.form", "the backup has no end")


def _derive(tx: Tx, store: Store, now: int) -> None:
    Record(Certificates(), Shelf(store)).rebuild(tx)
    for name, code, called in list(tx.rows("select id, code, name from delegation order by code, id")):
        search.index(tx, "contact", name, "", now, called, f"{code} {called}")
    for n, words in list(tx.rows("select n, words from passage order by n")):
        tx.run("insert into agreed(rowid, words) values (?,?)", (n, search.tokens(words)))


def _away(folder: Path, new: bool) -> None:
    """Take away what was made; the folder too when it was made for this."""
    with suppress(OSError):
        for one in folder.glob(f"{DATABASE}*"):
            if "headless" not in one.name:
                one.unlink(missing_ok=True)
        if new:
            (folder / LOCK).unlink(missing_ok=True)
            folder.rmdir()


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    if tuple(one) != tuple(other):
        raise Refused("backup.forged", "a row shows something else than was signed")


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cx.failure(error) or error from error


