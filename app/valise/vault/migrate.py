"""Bringing a database up to date: numbered schema files, one transaction, and a copy kept until it has succeeded.

Beside `vault.db` may lie `vault.db.making` (a new database not finished), `vault.db.before` (the copy, while a
migration runs) and `vault.db.back` (the copy, once it was decided to put it back). All are as encrypted as the
database. Whoever calls holds the vault's lock and has no connection to it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from valise.domain.errors import Damaged, Refused, Unavailable
from valise.vault import connection as cx
from valise.vault import files

_NAME = re.compile(r"(\d{3})_[a-z0-9_]+\.sql\Z")


class Step(NamedTuple):
    """One schema file: brings a database from `number` - 1 to `number`."""

    number: int
    name: str
    sql: str


def steps(schema: Traversable | None = None) -> tuple[Step, ...]:
    """The schema files, in order. `schema` is the folder; the package's own when not given."""
    folder = resources.files("valise.vault.schema") if schema is None else schema
    found = sorted(
        Step(int(match[1]), one.name, one.read_text("utf-8"))
        for one in folder.iterdir()
        if (match := _NAME.match(one.name))
    )
    if not found or [one.number for one in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("schema files are not numbered 001, 002, ... without a gap")
    return tuple(found)


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script (the engine's own script runner would commit in between)."""
    pending = ""
    for piece in sql.split(";")[:-1]:
        pending += piece + ";"
        if cx.complete(pending):
            yield pending.strip()
            pending = ""
    rest = pending + sql.rsplit(";", 1)[-1]
    if re.sub(r"--[^\n]*|/\*.*?\*/|\s", "", rest, flags=re.S):
        raise RuntimeError("a schema file ends in the middle of a statement")


def make(database: Path, key: str, todo: Sequence[Step]) -> None:
    """A new database at `database`, which appears only when it is complete. Raises Unavailable, OSError."""
    making = database.with_name(f"{database.name}.making")
    _remove(making)
    # Made here so that the files the engine puts beside it are the owner's alone too.
    os.close(os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        connection = cx.connect(making, key)
        try:
            _apply(connection, todo, _nothing)
            _empty_log(connection)
        finally:
            connection.close()
        os.rename(making, database)
    except BaseException as error:
        _remove(making)
        raise cx.failure(error) or error from error
    files.sync_folder(database.parent)


def bring_up(database: Path, key: str, todo: Sequence[Step], fault: Callable[[str], None]) -> tuple[Any, list[str]]:
    """A connection to an up-to-date database, and notices ("migrate.put_back").

    Raises Damaged("vault.missing" | "vault.wrong_key" | "vault.damaged"), Refused("vault.newer"),
    Unavailable("migrate.failed" | "vault.disk_full" | ...); after a failure the database is as it was.
    """
    newest = todo[-1].number
    notices: list[str] = []
    finish_salvage(database)
    if _back(database).exists():
        _put_back(database)
        notices.append("migrate.put_back")
    elif _before(database).exists() and _settle_interrupted(database, key, newest):
        notices.append("migrate.put_back")
    connection = _open(database, key)
    try:
        version = _version(connection)
        if version > newest:
            raise Refused("vault.newer", "this vault was written by a newer Valise")
        if version == newest:
            return connection, notices
        _empty_log(connection)
    except BaseException:
        connection.close()
        raise
    connection.close()
    return _migrate(database, key, todo[version:], fault), notices


def finish_salvage(database: Path) -> None:
    """A salvaged database was complete when it got this name: it takes its place, if nothing stands there any more."""
    done = database.with_name(f"{database.name}.salvaged")
    if done.exists() and not database.exists():
        _remove_log(database)
        os.replace(done, database)
        files.sync_folder(database.parent)


def _migrate(database: Path, key: str, todo: Sequence[Step], fault: Callable[[str], None]) -> Any:
    files.copy(database, _before(database))
    fault("migrate.copied")
    connection = _open(database, key)
    try:
        _apply(connection, todo, fault)
        fault("migrate.after")
        if not _sound(connection):
            raise Damaged("vault.damaged", "the database does not verify after its migration")
    except Exception as error:
        connection.close()
        _put_back(database, fault)
        raise cx.failure(error) or Unavailable("migrate.failed", "the vault is as it was before") from error
    except BaseException:
        connection.close()  # the process is going down: the next start decides what to do with the copy
        raise
    _before(database).unlink()
    files.sync_folder(database.parent)
    return connection


def _apply(connection: Any, todo: Sequence[Step], fault: Callable[[str], None]) -> None:
    # Tables are rebuilt by renaming; the check would break what points to them (sqlite.org/lang_altertable.html).
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in todo:
            for one in statements(step.sql):
                fault("migrate.step")
                connection.execute(one)
        connection.execute(f"PRAGMA user_version = {todo[-1].number:d}")
        connection.execute("UPDATE generation SET value = value + 1")
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise Unavailable("migrate.failed", "a row points to nothing after the migration")
        fault("migrate.before")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(cx.EngineError):
            connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA foreign_keys = ON")


def _settle_interrupted(database: Path, key: str, newest: int) -> bool:
    """A migration was cut short. Its one transaction is there or not; the copy is for when neither holds.

    True when the copy was put back.
    """
    copy = _before(database)
    version = _sound_version(database, key)
    if version is None:
        if _sound_version(copy, key) is None:
            raise Damaged("vault.damaged", "neither the database nor the copy made before its migration verifies")
        _put_back(database)
        return True
    if version <= newest:
        copy.unlink()
        files.sync_folder(database.parent)
    return False


def _put_back(database: Path, fault: Callable[[str], None] | None = None) -> None:
    hook = fault or _nothing
    back = _back(database)
    if not back.exists():
        os.rename(_before(database), back)  # from here on the decision is made, whatever happens
        files.sync_folder(database.parent)
    hook("migrate.putting_back")
    # The log goes first: replayed over the copy it would tear it.
    _remove_log(database)
    files.sync_folder(database.parent)
    hook("migrate.putting_back")
    os.replace(back, database)
    files.sync_folder(database.parent)


def _open(database: Path, key: str) -> Any:
    cx.check_key(key)
    # Read before there is a connection: closing any handle to the file drops the engine's own locks on it (POSIX).
    try:
        with database.open("rb") as data:
            salt = data.read(cx.SALT_BYTES)
    except FileNotFoundError:
        raise Damaged("vault.missing", "the database file is gone") from None
    if not salt:
        raise Damaged("vault.damaged", "the database file is empty")
    try:
        return cx.connect(database, key)
    except Damaged as error:
        if salt != bytes.fromhex(key)[-cx.SALT_BYTES :]:
            raise Damaged("vault.wrong_key", "the key does not belong to this database") from error
        raise


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _sound(connection: Any) -> bool:
    return [row[0] for row in connection.execute("PRAGMA quick_check")] == ["ok"]


def _sound_version(database: Path, key: str) -> int | None:
    try:
        connection = _open(database, key)
    except Damaged:
        return None
    try:
        return _version(connection) if _sound(connection) else None
    except cx.EngineError as error:
        if isinstance(cx.failure(error), Damaged):
            return None
        raise
    finally:
        connection.close()


def _empty_log(connection: Any) -> None:
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:
        raise Unavailable("vault.busy", "another program reads the database")


def _before(database: Path) -> Path:
    return database.with_name(f"{database.name}.before")


def _back(database: Path) -> Path:
    return database.with_name(f"{database.name}.back")


def _remove_log(database: Path) -> None:
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)


def _remove(database: Path) -> None:
    _remove_log(database)
    database.unlink(missing_ok=True)


def _nothing(name: str) -> None:
    return None
