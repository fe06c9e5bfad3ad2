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
        self._point: tuple[int, bytes] | None = None

    def point(self) -> tuple[int, bytes]:
        """(generation, root 16 bytes) that this transaction commits."""
        if self._point is None:
            value, root = self.row("SELECT value, root FROM generation")
            self._point = int(value) + 1, hashlib.sha256(bytes(root) + os.urandom(16)).digest()[:16]
            self.run("UPDATE generation SET value = ?, root = ?", self._point)
        return self._point

    def skip_to(self, generation: int) -> None:
        """Count on beyond `generation`: this transaction commits at least the one after it."""
        self._point = None
        self.run("UPDATE generation SET value = max(value, ?)", (generation,))

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
