"""The encrypted database: one writer, one read connection per thread, every change in one transaction."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, NamedTuple

from valise.domain.errors import Damaged, NotAllowed, Unavailable
from valise.vault import connection as cx
from valise.vault import files, header, migrate, place
from valise.vault.lock import Lock

DATABASE: Final = "vault.db"
LOCK: Final = "vault.lock"
_PATIENCE = 0.02  # seconds a reader has to end by itself when the vault closes
_AT_ONCE = 500  # rows fetched at a time by `each`

Fault = Callable[[str], None]
Values = Sequence[Any]


class Done(NamedTuple):
    """What a statement did: the rowid it inserted last, the number of rows it changed."""

    lastrowid: int
    rowcount: int


class Handle:
    """Asking questions. Rows are plain tuples; blobs are bytes. Raises Damaged, Unavailable("vault.*")."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Values = ()) -> list[Any]:
        """Every row, as a list of tuples."""
        return self._do(lambda: self._connection.execute(sql, values).fetchall())  # type: ignore[no-any-return]

    def row(self, sql: str, values: Values = ()) -> Any:
        """The first row as a tuple, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Values = (), default: Any = None) -> Any:
        """The first column of the first row, or `default`."""
        found = self.rows(sql, values)
        return found[0][0] if found else default

    def each(self, sql: str, values: Values = ()) -> Iterator[Any]:
        """Rows one after the other without holding them all; for long walks inside one transaction."""
        cursor = self._do(lambda: self._connection.execute(sql, values))
        while part := self._do(lambda: cursor.fetchmany(_AT_ONCE)):
            yield from part

    def _do(self, act: Callable[[], Any]) -> Any:
        if self._connection is None:
            raise RuntimeError("this handle has ended")
        try:
            return act()
        except BaseException as error:
            made = cx.failure(error)
            if made is None:
                raise
            raise made from error

    def _end(self) -> None:
        self._connection = None


class Reader(Handle):
    """A look at one unchanging state of the database."""


class Tx(Handle):
    """A write transaction. After any failure but a refused row it only rolls back, whoever swallows the error."""

    def __init__(self, connection: Any, fault: Fault) -> None:
        super().__init__(connection)
        self._fault = fault
        self.spoiled = False
        self.wrote = False

    def run(self, sql: str, values: Values = ()) -> Done:
        """One statement that changes something. Raises Refused("vault.constraint") for a row the schema refuses."""
        self.wrote = True
        cursor = self._do(lambda: self._connection.execute(sql, values))
        done = Done(cursor.lastrowid or 0, cursor.rowcount)
        cursor.close()
        return done

    def many(self, sql: str, rows: Iterable[Values]) -> int:
        """One statement for each of `rows`; the number of rows changed."""
        self.wrote = True
        cursor = self._do(lambda: self._connection.executemany(sql, rows))
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _do(self, act: Callable[[], Any]) -> Any:
        if self._connection is None:
            raise RuntimeError("this handle has ended")
        if self.spoiled:
            # SQLite may have ended the transaction itself: what came now would stand outside it.
            raise RuntimeError("this transaction has failed already")
        try:
            self._fault("statement")
            return act()
        except BaseException as error:
            self.spoiled = not cx.is_constraint(error)
            made = cx.failure(error)
            if made is None:
                raise
            raise made from error


class _Reading:
    """The read connection of one thread. The lock keeps `close` from pulling it away in the middle of a query."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.lock = threading.RLock()
        self.depth = 0
        self.owner = weakref.ref(threading.current_thread())


class Store:
    """An open vault. `write` may be used from any thread, one at a time; `read` from any number at once.

    `notices` are codes for a person that arose while opening: "vault.unclean" (check it, see `checks`),
    "vault.synced_folder", "migrate.put_back".
    `fault` is called with "begin", "statement", "commit.before", "commit.after", "close" (and by a migration with
    "migrate.copied", "migrate.step", "migrate.before", "migrate.after", "migrate.putting_back"); what it raises
    happens there.
    """

    def __init__(
        self, folder: Path, key: str, lock: Lock, connection: Any, *, fault: Fault, notices: list[str]
    ) -> None:
        self.folder = folder
        self.notices = notices
        self._key = key
        self._held = lock
        self._fault = fault
        self._writer: Any = connection
        self._turn = threading.RLock()
        self._writing = False
        self._marked = not self.was_clean  # meta "open" is set
        self._checked = self.was_clean  # or `checks.integrity` found nothing; only then may `close` take the mark away
        self._mine = threading.local()
        self._readings: list[_Reading] = []
        self._readings_lock = threading.Lock()

    @classmethod
    def create(cls, folder: Path, key: str, *, schema: Traversable | None = None, fault: Fault | None = None) -> Store:
        """Make a new vault database in `folder` (made if absent) and open it. Write header.json only afterwards.

        Raises NotAllowed("vault.exists" | "vault.synced_folder"), Refused("vault.key_form"), Unavailable("vault.*").
        """
        cx.check_key(key)
        place.check(folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = Lock(folder / LOCK)
        except OSError as error:
            raise cx.failure(error) or error from error
        try:
            if any((folder / name).exists() for name in (header.NAME, header.COPY)):
                raise NotAllowed("vault.exists", "there is a vault in this folder already")
            with _disk():
                files.set_aside(folder / DATABASE)
                migrate.make(folder / DATABASE, key, migrate.steps(schema))
        except BaseException:
            lock.release()
            raise
        lock.release()
        return cls.open(folder, key, schema=schema, fault=fault)

    @classmethod
    def open(cls, folder: Path, key: str, *, schema: Traversable | None = None, fault: Fault | None = None) -> Store:
        """Open the vault in `folder`, bringing an older one up to date first.

        Raises Unavailable("vault.busy" | "vault.disk_full" | "migrate.failed" | ...), Damaged("vault.missing" |
        "vault.wrong_key" | "vault.damaged"), Refused("vault.key_form" | "vault.newer").
        """
        cx.check_key(key)
        hook = fault or _no_fault
        database = folder / DATABASE
        if not folder.is_dir():
            raise Damaged("vault.missing", "there is no vault here")
        with _disk():
            lock = Lock(folder / LOCK)
        connection = None
        try:
            with _disk():
                connection, notices = migrate.bring_up(database, key, migrate.steps(schema), hook)
            if place.concern(folder):
                notices.append("vault.synced_folder")
            handle = Handle(connection)
            if handle.value("SELECT value FROM meta WHERE key = 'open'", default=0) != 0:
                notices.append("vault.unclean")
            return cls(folder, key, lock, connection, fault=hook, notices=notices)
        except BaseException:
            if connection is not None:
                connection.close()
            lock.release()
            raise

    @property
    def was_clean(self) -> bool:
        """False when the session before this one wrote and never closed; `checks.integrity` is then due."""
        return "vault.unclean" not in self.notices

    def found_sound(self) -> None:
        """`checks.integrity` found nothing: a clean close of this session counts as one again."""
        self._checked = True

    @property
    def in_transaction(self) -> bool:
        return self._writing

    def generation(self) -> int:
        """How many write transactions this vault has seen."""
        with self.read() as reader:
            return int(reader.value("SELECT value FROM generation"))

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction: everything inside is written, synced, or nothing is. Not re-entrant (RuntimeError).

        Raises Unavailable("vault.disk_full" | "vault.io" | ...), Damaged("vault.damaged"); nothing was changed then,
        except by a failure that comes after "commit.after".
        """
        with self._turn:
            if self._writing:
                raise RuntimeError("a transaction inside a transaction")
            connection = self._alive()
            self._writing = True
            try:
                with self._transaction(connection) as tx:
                    yield tx
            finally:
                self._writing = False

    @contextmanager
    def _transaction(self, connection: Any) -> Iterator[Tx]:
        tx = Tx(connection, self._fault)
        try:
            self._strike("begin")
            self._execute(connection, "BEGIN IMMEDIATE")
            yield tx
            if tx.wrote:
                tx.run("UPDATE generation SET value = value + 1")
                if not self._marked:
                    tx.run("INSERT OR REPLACE INTO meta(key, value) VALUES ('open', 1)")
                self._strike("commit.before")
                self._execute(connection, "COMMIT")
            else:
                self._execute(connection, "ROLLBACK")
        except BaseException:
            tx._end()
            self._undo(connection)
            raise
        tx._end()
        if tx.wrote:
            self._marked = True
            self._strike("commit.after")

    def _strike(self, name: str) -> None:
        with _disk():
            self._fault(name)

    def _execute(self, connection: Any, sql: str) -> None:
        with _disk():
            connection.execute(sql)

    def _undo(self, connection: Any) -> None:
        # The first failure is the one to tell of; an abandoned connection has rolled back by being closed.
        with suppress(cx.EngineError):
            if connection is not None and connection.in_transaction:
                connection.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """This thread's read connection, at one unchanging state until the block ends. May be nested.

        Inside `write` it shows the state before the transaction: ask the Tx there.
        """
        reading = self._reading()
        with reading.lock:
            if reading.connection is None:
                raise Unavailable("vault.closed", "the vault is closed")
            reader = Reader(reading.connection)
            if reading.depth == 0:
                reader.rows("BEGIN")
            reading.depth += 1
            try:
                yield reader
            finally:
                reading.depth -= 1
                reader._end()
                if reading.depth == 0:
                    self._undo(reading.connection)

    def _reading(self) -> _Reading:
        found: _Reading | None = getattr(self._mine, "reading", None)
        if found is not None:
            return found
        self._alive()
        made = _Reading(cx.connect(self.folder / DATABASE, self._key, reading=True))
        with self._readings_lock:
            if self._writer is None:
                made.connection.close()
                raise Unavailable("vault.closed", "the vault is closed")
            gone = [one for one in self._readings if one.owner() is None]
            self._readings = [one for one in self._readings if one not in gone]
            self._readings.append(made)
        for one in gone:
            one.connection.close()
        self._mine.reading = made
        return made

    def _alive(self) -> Any:
        if self._writer is None:
            raise Unavailable("vault.closed", "the vault is closed")
        return self._writer

    def checkpoint(self) -> bool:
        """Move everything from the write-ahead log into the database file; False when a reader is in the way."""
        with self._turn:
            if self._writing:
                raise RuntimeError("a checkpoint inside a transaction")
            row = Handle(self._alive()).row("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(row[0] == 0)

    def close(self) -> None:
        """Close cleanly: mark it, empty the write-ahead log, let the lock go. May be called twice."""
        with self._turn:
            if self._writing:
                raise RuntimeError("the vault cannot close inside a transaction")
            if self._writer is None:
                return
            try:
                self._strike("close")
                self._close_readings()
                if self._marked and self._checked:
                    self._execute(self._writer, "DELETE FROM meta WHERE key = 'open'")
                self.checkpoint()
            finally:
                self.abandon()

    def abandon(self) -> None:
        """Let everything go as it is, a transaction undone, no mark made: for simulated crashes and after damage."""
        self._close_readings()
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(cx.EngineError):
                writer.close()
        self._key = ""
        self._held.release()

    def _close_readings(self) -> None:
        with self._readings_lock:
            readings, self._readings = self._readings, []
        for one in readings:
            # A long query of another thread ends with "vault.closed"; asked again, since it may only be about to begin.
            while not one.lock.acquire(timeout=_PATIENCE):
                one.connection.interrupt()
            try:
                connection, one.connection = one.connection, None
                connection.close()
            finally:
                one.lock.release()


@contextmanager
def _disk() -> Iterator[None]:
    """Failures of the disk and the engine as ours; mistakes in the program pass."""
    try:
        yield
    except (OSError, cx.EngineError) as error:
        made = cx.failure(error)
        if made is None:
            raise
        raise made from error


def _no_fault(name: str) -> None:
    return None
