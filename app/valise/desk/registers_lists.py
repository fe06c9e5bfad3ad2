"""Which rows of a register pass a filter, and in which order.

What somebody wrote is found by the indexes of the vault. Rows that exist by themselves (every State x norm, what the program
ships) are few; a register that has such rows is gone through whole, as long as it is not large.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from valise.desk import reference
from valise.desk.context import Context
from valise.desk.door_registers import Filter, Place
from valise.desk.registers_book import Book, Values
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import LANGUAGES, Definition, Side
from valise.vault import registers, search
from valise.vault import registers_look as look
from valise.vault.store import Handle

WHOLE: Final = 20_000  # rows of a register with rows of its own that are gone through one by one


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as it stands, written or not. `id` below 0: nobody wrote in it."""

    id: int
    key: str
    cells: Mapping[str, Values]
    differing: frozenset[str] = frozenset()
    gone: bool = False
    at: int = 0
    newest: int = 0


class Lists:
    """Lists of rows. Keeps nothing but numbers for rows nobody wrote in."""

    def __init__(self, context: Context, book: Book) -> None:
        self.context = context
        self.book = book
        self._unwritten: dict[Place, int] = {}
        self.by_number: list[Place] = []

    # lists

    def ids(self, register: str, side: Side, filter: Filter, sort: str, room: str, language: str = "en") -> array[int]:
        definition = self.book.one(register)
        rules.may(definition, side, internal=not room)
        down, by = sort.startswith("-"), sort.removeprefix("-")
        with self.context.read() as handle:
            space = registers.space(handle, register, side, room)
            given = self.book.given(definition, side, room, language)
            if filter.gone or (given and (space is None or look.count(handle, space) <= WHOLE)):
                return self._gone_through(handle, definition, side, room, space, filter, by, down, language)
            made = array("q")
            if space is not None:
                made = look.select(
                    handle, space, self.ask(definition, side, filter), sort=self._field(definition, by), down=down,
                    ranks=self._ranks(definition, by, language),
                )  # fmt: skip
            if given:  # many were written: those nobody wrote in come after them
                assert space is not None
                written = {one.key for one in look.every(handle, space, gone=None)}
                passes = self.passing(handle, definition, side, filter)
                made.extend(
                    self.number(Place(register, key, side, room)) for key, cells in given.items()
                    if key not in written and passes(Seen(-1, key, cells))
                )  # fmt: skip
            return made

    def ask(self, definition: Definition, side: Side, filter: Filter) -> look.Ask:
        """A filter as the vault asks it."""
        only = tuple((self._field(definition, name), values) for name, values in filter.only.items())
        before = (rules.REVIEW, filter.due) if filter.due else ("", "")
        return look.Ask(only, tuple(self._phrases(definition, side, filter.words)), before, filter.differs)

    def _phrases(
        self, definition: Definition, side: Side, words: str
    ) -> Iterator[tuple[str, tuple[tuple[str, Values], ...]]]:
        """For each phrase the question to the index, and the values whose name holds it."""
        for phrase, goes_on in search.phrases(words):
            told = " ".join(phrase)
            holds = search.scan(f'"{told}' + ("" if goes_on else '"'))
            also = []
            for name, named in self._named(definition, side):
                values = tuple(value for value, text in named.items() if holds(text))
                if values:
                    also.append((name, values))
            yield f'"{told}"{"*" if goes_on else ""}', tuple(also)

    def _named(self, definition: Definition, side: Side) -> Iterator[tuple[str, dict[str, str]]]:
        """Fields whose values are shown by a name: value -> its names in every language."""
        states = {code: self.book.answering(code) for code in reference.places()}
        for column in definition.columns_of(side):
            if column.kind == "choice":
                yield column.id, {one.id: "\n".join(one.title.by.values()) for one in column.choices}
            elif column.kind == "yesno":
                yield column.id, {one: "\n".join(v.YES_NO[tongue][n] for tongue in LANGUAGES) for n, one in enumerate(("yes", "no"))}
            elif column.kind in ("state", "delegation"):
                yield column.id, states if column.kind == "state" else dict(self.book.names("delegation"))
        for n, axis in enumerate(definition.rows, 1):
            if axis == "state":
                yield f"@{n}", states
            elif axis == "item":
                yield f"@{n}", {one.id: "\n".join((*one.title.by.values(), one.symbol)) for one in definition.items}

    def _field(self, definition: Definition, name: str) -> str:
        """"@state" as the vault has it: the part of the key it is."""
        axis = rules.axis(name)
        if axis is not None and axis in definition.rows:
            return f"@{definition.rows.index(axis) + 1}"
        return name or ("@key" if definition.rows[0] != "record" else "")

    def _ranks(self, definition: Definition, name: str, language: str) -> Mapping[str, int] | None:
        """The order of values that is not that of their letters."""
        column, axis = definition.column(name), rules.axis(name)
        if axis == "item":
            return {one.id: n for n, one in enumerate(definition.items)}
        if axis == "state" or (column is not None and column.kind == "state"):
            return reference.places(language)
        if column is not None and column.kind == "delegation":
            return {value: n for n, (value, _) in enumerate(self.book.names("delegation"))}
        if column is not None and column.kind == "choice":
            return {one.id: n for n, one in enumerate(column.choices)}
        return None

    def seen(
        self, handle: Handle, definition: Definition, side: Side, room: str, space: int | None, *, gone: bool | None = False,
        language: str = "en",
    ) -> Iterator[Seen]:  # fmt: skip
        """Every row, those that exist by themselves first and in the order of that language."""
        given = dict(self.book.given(definition, side, room, language))
        written = {one.key: one for one in look.every(handle, space, gone=None)} if space is not None else {}
        for key, cells in given.items():
            stored = written.pop(key, None)
            if stored is None:
                if gone is not True:
                    yield Seen(self.number(Place(definition.id, key, side, room)), key, cells)
            elif gone is None or stored.gone == gone:
                yield seen_of(stored, cells)
        for stored in written.values():
            if gone is None or stored.gone == gone:
                yield seen_of(stored, {})

    def _gone_through(
        self, handle: Handle, definition: Definition, side: Side, room: str, space: int | None, filter: Filter, by: str, down: bool,
        language: str,
    ) -> array[int]:  # fmt: skip
        passes = self.passing(handle, definition, side, filter)
        found = [one for one in self.seen(handle, definition, side, room, space, gone=filter.gone, language=language) if passes(one)]
        if by:
            key = self._sorting(definition, by, language)
            having = sorted((one for one in found if key(one) is not None), key=lambda one: key(one) or (), reverse=down)
            found = having + [one for one in found if key(one) is None]
        return array("q", (one.id for one in found))

    def passing(self, handle: Handle, definition: Definition, side: Side, filter: Filter) -> Callable[[Seen], bool]:
        """The filter as a question about one row, the same as the vault's."""
        holds = search.scan(filter.words) if search.phrases(filter.words) else None
        wanted = [(self._field(definition, name), {v.sort_key(one) for one in values}) for name, values in filter.only.items()]
        name = self.book.naming(handle)
        columns = definition.columns_of(side)
        answering = lru_cache(512)(self.book.answering)

        def states(row: Seen) -> Iterator[str]:
            """Of every State in a row all that it is looked for by."""
            about = definition.axes_of(row.key).get("state")
            told = (code for one in columns if one.kind == "state" for code in row.cells.get(one.id, ()))
            return (answering(code) for code in (*((about,) if about else ()), *told))

        def passes(row: Seen) -> bool:
            if filter.differs and not row.differing:
                return False
            for field, keys in wanted:
                have = {v.sort_key(one) for one in _of(row, field)}
                if not (keys & have if keys else not have):
                    return False
            if filter.due and not any(one < filter.due for one in row.cells.get(rules.REVIEW, ())):
                return False
            return holds is None or holds("\n".join(
                [*self.book.about(definition, row.key).values(), *self.book.titled(definition, row.key), row.key.replace("/", "\n")]
                + [v.shown(one, row.cells[one.id], "en", name) for one in columns if row.cells.get(one.id)]
                + [value for values in row.cells.values() for value in values] + [*states(row)]
            ))  # fmt: skip

        return passes

    def _sorting(self, definition: Definition, by: str, language: str) -> Callable[[Seen], tuple[object, ...] | None]:
        field, ranks = self._field(definition, by), self._ranks(definition, by, language)

        def key(row: Seen) -> tuple[object, ...] | None:
            values = _of(row, field) if field != "@key" else (row.key,)
            if not values:
                return None
            if ranks is not None:
                return (min(ranks.get(one, len(ranks)) for one in values),)
            return min(v.order(v.sort_key(one)) for one in values)

        return key

    def number(self, place: Place) -> int:
        found = self._unwritten.get(place)
        if found is None:
            self.by_number.append(place)
            found = self._unwritten[place] = -len(self.by_number)
        return found


def seen_of(stored: look.Stored, given: Mapping[str, Values]) -> Seen:
    """A stored row, with the values it has by itself where nobody wrote."""
    cells = {**given, **stored.cells} if given else stored.cells
    return Seen(stored.id, stored.key, cells, stored.differing, stored.gone, stored.at, stored.newest)


def _of(row: Seen, field: str) -> Values:
    """Values of a field, or a part of the key."""
    if field.startswith("@"):
        parts = row.key.split("/")
        n = int(field[1:]) if field[1:].isdigit() else 0
        return (parts[n - 1],) if 0 < n <= len(parts) else ()
    return row.cells.get(field, ())
