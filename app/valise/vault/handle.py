"""Asking and writing inside one state of the database: what `Store.read` and `Store.write` give."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from valise.vault import connection as cx

_AT_ONCE: Final = 500  # rows fetched at a time by `each`

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
        try:
            self._ready()
            return self._connection.execute(sql, values).fetchall()  # type: ignore[no-any-return]
        except BaseException as error:
            self._failed(error)
            raise

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
        cursor = self._do(self._connection.execute, sql, values)
        while part := self._do(cursor.fetchmany, _AT_ONCE):
            yield from part

    def _do(self, act: Callable[..., Any], *values: Any) -> Any:
        try:
            self._ready()
            return act(*values)
        except BaseException as error:
            self._failed(error)
            raise

    def _ready(self) -> None:
        """Before each statement. RuntimeError where there can be none any more."""
        if self._connection is None:
            raise RuntimeError("this handle has ended")

    def _failed(self, error: BaseException) -> None:
        """Raises our error for one of the engine's or the disk's; returns where it is neither."""
        made = cx.failure(error)
        if made is not None:
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
        self._point: tuple[int, bytes] | None = None

    def point(self) -> tuple[int, bytes]:
        """(generation, root 16 bytes) that this transaction commits."""
        if self._point is None:
            value, root = self.row("SELECT value, root FROM generation")
            self._point = int(value) + 1, hashlib.sha256(bytes(root) + os.urandom(16)).digest()[:16]
            self.run("UPDATE generation SET value = ?, root = ? WHERE one = 1", self._point)
        return self._point

    def skip_to(self, generation: int) -> None:
        """Count on beyond `generation`: this transaction commits at least the one after it."""
        self._point = None
        self.run("UPDATE generation SET value = max(value, ?)", (generation,))

    def run(self, sql: str, values: Values = ()) -> Done:
        """One statement that changes something. Raises Refused("vault.constraint") for a row the schema refuses."""
        self.wrote = True
        try:
            self._ready()
            cursor = self._connection.execute(sql, values)
        except BaseException as error:
            self._failed(error)
            raise
        done = Done(cursor.lastrowid or 0, cursor.rowcount)
        cursor.close()
        return done

    def many(self, sql: str, rows: Iterable[Values]) -> int:
        """One statement for each of `rows`; the number of rows changed."""
        self.wrote = True
        cursor = self._do(self._connection.executemany, sql, rows)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _ready(self) -> None:
        super()._ready()
        if self.spoiled:
            # SQLite may have ended the transaction itself: what came now would stand outside it.
            raise RuntimeError("this transaction has failed already")
        self._fault("statement")

    def _failed(self, error: BaseException) -> None:
        self.spoiled = self.spoiled or not cx.is_constraint(error)
        super()._failed(error)
