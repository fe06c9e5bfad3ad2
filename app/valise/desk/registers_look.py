"""Looking at registers: pages of rows, one row, its history, matrix and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from valise.desk import reference
from valise.desk.door_registers import Cell, Event, Filter, Matrix, MatrixCell, Place, Row, Said
from valise.desk.registers_book import Values
from valise.desk.registers_lists import WHOLE, Lists, Seen, seen_of
from valise.domain.errors import NotAllowed
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import Column, Definition, Side
from valise.domain.register.kinds import GONE
from valise.vault import registers, search
from valise.vault import registers_look as look
from valise.vault.store import Handle

_DATES: Final = "%Y-%m-%d"


class Looking(Lists):
    """Queries on registers."""

    def hit(self, ref: str, words: str, language: str = "en") -> tuple[str, str]:
        """(title, what of the row holds the words) of a place in the search index; ("", "") for a row that is not shown."""
        register, side, room, key = registers.place_of(ref)
        try:
            row = self.row(Place(register, key, "assessed" if side == "assessed" else "stated", room), language)
        except NotAllowed:  # of a register that is not known here, or not for that room
            return "", ""
        cells = [cell.shown for name, cell in row.cells.items() if cell.shown and not name.startswith("@")]
        holding = [one for one in cells if any(search.scan(word)(one) for word in words.split())]
        return row.title, v.BETWEEN.join(holding or cells)

    # rows

    def page(self, ids: Sequence[int], language: str) -> list[Row]:
        with self.context.read() as handle:
            stored = look.by_id(handle, [one for one in ids if one > 0])
            spaces, name = look.spaces(handle), self.book.naming(handle)
            authors = look.authors(handle, {one.newest for one in stored.values()})
            known = self.book.known(handle)
            given: dict[tuple[str, Side, str], tuple[Definition, Mapping[str, Mapping[str, Values]]]] = {}
            made = []
            for one in ids:
                if one > 0 and one in stored:
                    register, side, room = spaces[stored[one].space]
                    place = Place(register, stored[one].key, "assessed" if side == "assessed" else "stated", room)
                elif one < 0 and -one <= len(self.by_number):
                    place = self.by_number[-one - 1]
                else:
                    continue
                space = place.register, place.side, place.room
                if space not in given:
                    definition = self.book.one(place.register)
                    given[space] = definition, self.book.given(definition, place.side, place.room)
                definition, there = given[space]
                cells = there.get(place.row, {})
                seen = seen_of(stored[one], cells) if one > 0 else Seen(one, place.row, cells)
                made.append(self._row(handle, definition, place, seen, language, name, authors, known))
            return made

    def row(self, place: Place, language: str) -> Row:
        with self.context.read() as handle:
            definition, seen = self.one(handle, place)
            authors = look.authors(handle, [seen.newest] if seen.newest else [])
            said: dict[str, list[Said]] = {}
            for word in look.uttered(handle, seen.id, standing=True) if seen.id > 0 else ():
                told = Said(word.op, word.values, word.code, word.officer, word.at, word.author == self.context.own.delegation,
                            self._note(handle, word.n))  # fmt: skip
                said.setdefault(word.field, []).insert(0, told)
            name, known = self.book.naming(handle), self.book.known(handle)
            return self._row(handle, definition, place, seen, language, name, authors, known, said)

    def one(self, handle: Handle, place: Place) -> tuple[Definition, Seen]:
        """The row of a place, also one nobody wrote in. NotAllowed("register.row" | "register.unknown" | ...)."""
        definition = self.book.one(place.register)
        rules.may(definition, place.side, internal=not place.room)
        space = registers.space(handle, place.register, place.side, place.room)
        stored = look.by_key(handle, space, place.row) if space is not None else None
        given = self.book.given(definition, place.side, place.room).get(place.row)
        if stored is not None:
            return definition, seen_of(stored, given or {})
        if given is None and not self.free(definition, place):
            raise NotAllowed("register.row", "this row is not here")
        return definition, Seen(self.number(place), place.row, given or {})

    def free(self, definition: Definition, place: Place) -> bool:
        """Whether a row nobody wrote in can be written: it is about a State or an item there is."""
        return "record" not in definition.rows and rules.fits(definition, place.row, self.codes(definition))

    def codes(self, definition: Definition) -> frozenset[str]:
        """Codes of the States a row can be about."""
        return frozenset(one.code for one in (*reference.states(definition.states), *reference.states(fictional=True)))

    def _row(
        self, handle: Handle, definition: Definition, place: Place, seen: Seen, language: str, name: v.Name,
        authors: Mapping[int, tuple[str, str]], known: v.Known, said: Mapping[str, Sequence[Said]] | None = None,
    ) -> Row:  # fmt: skip
        cells = {
            f"@{axis}": Cell((part,), about) for (axis, part), about in
            zip(definition.axes_of(place.row).items(), self.book.about(definition, place.row, language).values(), strict=True)
        }  # fmt: skip
        for column in definition.columns_of(place.side):
            values = seen.cells.get(column.id, ())
            cells[column.id] = Cell(
                values, self.book.shown(definition, place.row, column, values, language, name), column.id in seen.differing,
                tuple((said or {}).get(column.id, ())),
                bool(values) and (not v.fits(column, values, known) or self._twice(handle, definition, place, column, values)),
            )  # fmt: skip
        by = ", ".join(one for one in authors.get(seen.newest, ()) if one)
        return Row(
            seen.id, place, self.book.title(definition, place.row, seen.cells, language, name), cells, bool(seen.differing),
            seen.gone, seen.at, by,
        )  # fmt: skip

    def _twice(self, handle: Handle, definition: Definition, place: Place, column: Column, values: Values) -> bool:
        """A running number that two laptops gave apart: both rows show it, until a person gives one another."""
        if column.id != definition.running:
            return False
        space = registers.space(handle, place.register, place.side, place.room)
        return space is not None and len(look.holding(handle, space, column.id, values[0])) > 1

    def _note(self, handle: Handle, n: int) -> str:
        return str(json.loads(handle.value("select raw from op where n = ?", (n,)))["body"].get("note", ""))

    def history(self, place: Place, field: str, language: str) -> list[Event]:
        with self.context.read() as handle:
            definition, seen = self.one(handle, place)
            words = look.uttered(handle, seen.id) if seen.id > 0 else []
            name = self.book.naming(handle)
            standing = {one.op: all(other.stands for other in words if other.op == one.op) for one in words}
            given = self.book.given(definition, place.side, place.room).get(place.row, {})
            made = []
            for word in words:
                if field and word.field != field:
                    continue
                body = self.body(handle, word.op)
                replaced = next((set(one["replaces"]) for one in body["changes"] if one["field"] == word.field), set())
                before = [one.values for one in words if one.field == word.field and one.op in replaced]
                column = definition.column(word.field) or Column(word.field, "yesno" if word.field == GONE else "text", definition.title)
                made.append(Event(
                    word.op, word.field, v.shown(column, before[-1] if before else given.get(word.field, ()), language, name),
                    v.shown(column, word.values, language, name), word.code, word.officer, word.at, body.get("note", ""),
                    body.get("undoes", ""), standing[word.op] and word.author == self.context.own.delegation,
                ))  # fmt: skip
            told = {one.op for one in made if one.before != one.after}
            return [one for one in reversed(made) if one.before != one.after or one.op not in told]  # said again beside a change

    def body(self, handle: Handle, op: str) -> dict[str, Any]:
        """The body of an operation. NotAllowed("register.operation")."""
        row = handle.row("select raw from op where id = ? and kind = 'register.set' and state > 0", (op,))
        if row is None:
            raise NotAllowed("register.operation", "this change is not here")
        found: dict[str, Any] = json.loads(row[0])["body"]
        return found

    # matrix and board

    def matrix(self, register: str, side: Side, cell: str, filter: Filter, language: str) -> Matrix:
        definition = self.book.one(register)
        rules.may(definition, side, internal=True)
        evidence = [one.id for one in definition.columns_of(side) if one.kind == "evidence"]
        today = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC).strftime(_DATES)
        found: dict[tuple[str, str], MatrixCell] = {}
        shown: set[str] = set()
        with self.context.read() as handle:
            passes = self.passing(handle, definition, side, filter)
            for row in self.seen(handle, definition, side, "", registers.space(handle, register, side, "")):
                axes = definition.axes_of(row.key)
                if not axes or not passes(row):
                    continue
                down = axes.get("state") or axes.get("delegation") or ""
                shown.add(down)
                found[down, axes.get("item", "")] = MatrixCell(
                    (row.cells.get(cell) or ("",))[0], cell in row.differing, sum(len(row.cells.get(one, ())) for one in evidence),
                    any(one < today for one in row.cells.get(rules.REVIEW, ())),
                )  # fmt: skip
        kind = "state" if "state" in definition.rows else "delegation"
        names = self.book.names(kind) if kind != "state" else [
            (one.code, self.book.called(one.code, language)) for one in self.book.states(definition, language)
        ]
        there = {value for value, _ in names}
        named = [one for one in names if one[0] in shown] + [
            (one, self.book.about(definition, f"{one}/x", language).get(kind, one)) for one in sorted(shown - there)
        ]
        items = filter.only.get("@item", ())
        across = [(one.id, one.title.in_(language)) for one in definition.items if not items or one.id in items]
        blank = MatrixCell("")
        return Matrix(
            tuple(named), tuple(across), tuple(tuple(found.get((down, item), blank) for item, _ in across) for down, _ in named)
        )

    def counts(self, register: str, side: Side, column: str, filter: Filter) -> dict[str, int]:
        definition = self.book.one(register)
        told = definition.column(column)
        values = [one.id for one in told.choices] if told else []
        made = dict.fromkeys(("", *values), 0)
        with self.context.read() as handle:
            space = registers.space(handle, register, side, "")
            if self.book.given(definition, side, "") and (space is None or look.count(handle, space) <= WHOLE):
                passes = self.passing(handle, definition, side, filter)
                for row in self.seen(handle, definition, side, "", space):
                    for value in (row.cells.get(column) or ("",)) if passes(row) else ():
                        made[value] = made.get(value, 0) + 1
                return made
            if space is None:
                return made
            keys, made[""] = look.tally(handle, space, column, self.ask(definition, side, filter))
            by_key = {v.sort_key(one): one for one in values}
            for key, many in keys.items():
                made[by_key.get(key, str(key))] = many
            return made
