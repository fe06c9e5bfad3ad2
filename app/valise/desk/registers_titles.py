"""What a file calls States, delegations, items, contacts and other rows, turned back into what a cell holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from valise.desk import reference
from valise.desk.registers_book import Book
from valise.domain.errors import NotAllowed, Refused
from valise.domain.register import values as v
from valise.domain.register.definition import Column, ColumnKind, Definition
from valise.vault.store import Handle

ROWS: Final[frozenset[ColumnKind]] = frozenset({"contact", "record"})
"""Kinds of columns that hold another row, which has to be there."""

Found = Mapping[str, frozenset[str]]
"""A name, folded -> everything that is called so."""


class Titles:
    """Names in one language, as a file of that language shows them; each kind is read when it is first asked for."""

    def __init__(self, book: Book, handle: Handle, language: str) -> None:
        self.book, self.handle, self.language = book, handle, language
        self._held: dict[str, Found] = {}

    def values(self, column: Column, cell: str) -> list[str]:
        """What a cell of a file says, for `values.checked`. Refused("import.ambiguous") when several things are called so,
        Refused("import.unknown") for a row that is not here."""
        if column.kind not in (*ROWS, "state", "delegation"):
            return [v.parse(column, one.strip(), self.language) for one in (cell.split(v.BETWEEN.strip()) if column.many else [cell])]
        return [self._value(column.kind, one) for one in (self._parts(column.kind, cell) if column.many else [cell.strip()]) if one]

    def named(self, kind: str, text: str) -> str:
        """The State or delegation of this name; "" for none. Refused("import.ambiguous")."""
        return _only(self._of(kind).get(v.fold(text), frozenset()))

    def item(self, definition: Definition, text: str) -> str:
        """The item of this id or title, in the language of the file before others, or of this symbol; "" for none.
        Refused("import.ambiguous")."""
        folded, items = v.fold(text), definition.items
        for found in (
            [one.id for one in items if v.fold(one.id) == folded],
            [one.id for one in items if v.fold(one.title.in_(self.language)) == folded],
            [one.id for one in items if folded in {v.fold(title) for title in one.title.by.values()}],
            [one.id for one in items if folded and v.fold(one.symbol) == folded],
        ):
            if found:
                return _only(frozenset(found))
        return ""

    # inside

    def _value(self, kind: ColumnKind, text: str) -> str:
        if kind in ROWS and self._there(kind, text):
            return text
        found = self.named(kind, text)
        if not found and kind in ROWS:
            raise Refused("import.unknown", "there is no such row")
        return found or text

    def _parts(self, kind: str, cell: str) -> list[str]:
        """The values of a cell that holds many: the longest name first, for a name may have our separator in it."""
        pieces, known, made = [one.strip() for one in cell.split(v.BETWEEN.strip())], self._of(kind), []
        while pieces:
            many = next((n for n in range(len(pieces), 1, -1) if v.fold(v.BETWEEN.join(pieces[:n])) in known), 1)
            made.append(v.BETWEEN.join(pieces[:many]))
            pieces = pieces[many:]
        return made

    def _there(self, kind: str, key: str) -> bool:
        register, _, row = key.partition("/") if kind == "record" else ("contacts", "", key)
        return bool(row) and self.book.has(self.handle, register, row)

    def _of(self, kind: str) -> Found:
        if kind not in self._held:
            ask: Mapping[str, Callable[[], Iterator[tuple[str, str]]]] = {
                "state": self._states, "delegation": lambda: iter(self.book.names("delegation")),
                "contact": lambda: self._rows(("contacts",), ""), "record": lambda: self._rows([one.id for one in self.book.all()], "/"),
            }  # fmt: skip
            held: dict[str, set[str]] = {}
            for value, name in ask[kind]() if kind in ask else ():
                held.setdefault(v.fold(name), set()).add(value)
            self._held[kind] = {name: frozenset(some) for name, some in held.items()}
        return self._held[kind]

    def _states(self) -> Iterator[tuple[str, str]]:
        """By the names shown here, and by three letters and the names of the United Nations in every language: a file may come
        from elsewhere."""
        yield from self.book.names("state", self.language)
        for code, _ in reference.names("state", fictional=self.book.fictional()):
            if (found := reference.state(code)) is not None:
                yield from ((code, name) for name in (found.alpha3, *found.names()) if name)

    def _rows(self, registers: Sequence[str], between: str) -> Iterator[tuple[str, str]]:
        for register in registers:
            try:
                told = self.book.titles(self.handle, register, self.language)
            except NotAllowed:  # a vault without the directory
                continue
            for key, title in told:
                yield (f"{register}{between}{key}" if between else key), title


def _only(found: frozenset[str]) -> str:
    if len(found) > 1:
        raise Refused("import.ambiguous", "several things are called so")
    return next(iter(found), "")


__all__ = ["ROWS", "Titles"]
