"""The encrypted database: one writer, one read connection per thread, every change in one transaction."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from valise.domain.errors import Damaged, NotAllowed, Unavailable
from valise.vault import connection as cx
from valise.vault import files, header, migrate, pages, place
from valise.vault.handle import Done, Fault, Handle, Reader, Tx
from valise.vault.lock import Lock

__all__ = ["DATABASE", "LOCK", "Done", "Fault", "Handle", "Reader", "Store", "Tx"]

DATABASE: Final = "vault.db"
LOCK: Final = "vault.lock"
_PATIENCE = 0.02  # seconds a reader has to end by itself when the vault closes


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
        self.marks = pages.Marks()
        self._key = key
        self._held = lock
        self._fault = fault
        self._writer: Any = connection
        self._turn = threading.RLock()
        self._writing = False
        self._marked = not self.was_clean  # meta "open" is set
        self._checked = self.was_clean  # or `checks.integrity` found nothing; only then may `close` take the mark away
        self._copying = False
        self._stop_copy = threading.Event()
        self._copied = threading.Event()
        self._copied.set()
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
                seal, now = pages.sealed(folder, database, key)
                connection, notices = migrate.bring_up(database, key, migrate.steps(schema), hook)
            if place.concern(folder):
                notices.append("vault.synced_folder")
            handle = Handle(connection)
            if handle.value("SELECT value FROM meta WHERE key = 'open'", default=0) != 0:
                notices.append("vault.unclean")
            made = cls(folder, key, lock, connection, fault=hook, notices=notices)
            if seal is not None and "migrate.put_back" not in notices:
                value, root = handle.row("SELECT value, root FROM generation")
                made.marks = seal.against(value, root, now)
            return made
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

    def found_damaged(self) -> None:
        """`checks` found something: no close of this session counts as a clean one, and none is sealed."""
        self._checked = False

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
                tx.point()
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
        """Move everything from the write-ahead log into the database file; False when a reader or a copy is in the way."""
        with self._turn:
            if self._writing:
                raise RuntimeError("a checkpoint inside a transaction")
            if self._copying:
                return False
            row = Handle(self._alive()).row("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(row[0] == 0)

    @contextmanager
    def still(self) -> Iterator[Callable[[], bool] | None]:
        """Inside, the database file is not changed, whatever is written meanwhile: that stays in the log. Gives a question
        to ask often: whether to stop, since the vault closes. None when a reader is in the way, or another is inside."""
        with self._turn:
            inside = not self._copying and self.checkpoint()
            if inside:
                self._execute(self._alive(), "PRAGMA wal_autocheckpoint = 0")
                self._copying = True
                self._stop_copy.clear()
                self._copied.clear()
        try:
            yield self._stop_copy.is_set if inside else None
        finally:
            if inside:
                self._copied.set()
                with self._turn:
                    self._copying = False
                    if self._writer is not None:
                        self._execute(self._writer, "PRAGMA wal_autocheckpoint = 1000")

    @contextmanager
    def unwritten(self) -> Iterator[str]:
        """Inside, nobody writes; the raw key, for whoever looks at pages of the file."""
        with self._turn:
            self._alive()
            yield self._key

    def close(self) -> None:
        """Close cleanly: mark it, empty the write-ahead log, seal what the file is now, let the lock go. May be called twice."""
        self._stop_copy.set()
        self._copied.wait()
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
                self._copying = False
                if self.checkpoint() and self._checked:
                    self._seal()
            finally:
                self.abandon()

    def _seal(self) -> None:
        row = Handle(self._writer).row("SELECT value, root FROM generation")
        self._close_writer()  # from here on nothing changes the file
        # the vault is whole without it: a full disk must not keep it from closing
        with suppress(OSError):
            made = pages.Seal(int(row[0]), bytes(row[1]), pages.fingerprint(self.folder / DATABASE))
            pages.write_seal(self.folder, self._key, made)

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(cx.EngineError):
                writer.close()

    def abandon(self) -> None:
        """Let everything go as it is, a transaction undone, no mark made: for simulated crashes and after damage."""
        self._stop_copy.set()
        self._copied.wait()
        self._close_readings()
        self._close_writer()
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
