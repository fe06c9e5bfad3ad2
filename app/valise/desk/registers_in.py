"""Files into registers: what a table would change is shown first, with whatever is wrong by line and column; then all of it
is taken in one transaction, or nothing.

The file is read in the confined child and streamed. A cell that says what the row already shows changes nothing, in whatever
language the file is; so what was exported is imported back equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from valise.desk.context import Context
from valise.desk.door_registers import Place, Preview, Progress
from valise.desk.registers_lines import Heads, Line, Plan, Reader, called
from valise.desk.registers_lists import Seen
from valise.desk.registers_look import Looking
from valise.desk.registers_write import Making, Writing
from valise.domain.errors import NotAllowed, Refused
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import LANGUAGES, Axis, Column, Definition, Side
from valise.formats.records import Misread
from valise.vault import registers
from valise.vault import registers_look as look
from valise.vault.store import Tx

MOST: Final = 200_000  # rows of one import
FAULTS: Final = 5_000  # after so many the rest of the file is not looked at
LARGE: Final = 4 * 2**20  # bytes of a file whose rows are counted first
TOLD: Final = 500  # rows between two words to `progress`


class Imports:
    """Reads files and takes them in. Keeps the last preview until it is taken or another one is made."""

    def __init__(self, context: Context, looking: Looking, writing: Writing) -> None:
        self.context = context
        self.looking = looking
        self.writing = writing
        self._plan: Plan | None = None

    def read(self, register: str, side: Side, file: Path, progress: Progress | None) -> Preview:
        """Refused("import.kind" | "format.*"), Unavailable("format.no_child"), NotAllowed("register.*"). Everything that is
        wrong inside the file is a Fault of the preview."""
        definition = self.looking.book.one(register)
        rules.may(definition, side, internal=True)
        if file.suffix.lower() == ".ics" and any(one.kind == "ics" for one in definition.exports):
            return self._prepared(definition, side, lambda plan: self._dates(definition, plan, file))
        if file.suffix.lower() not in (".csv", ".tsv", ".txt"):
            raise Refused("import.kind", "only tables (CSV) and calendars of dates are read here")
        from valise.formats import table_csv

        def lines() -> Iterator[tuple[int, tuple[str, ...]]]:
            if file.is_file() and file.stat().st_size > LARGE:  # whether there are too many is known before any is looked at
                for number, _ in table_csv.read(file, MOST + 1):
                    if progress is not None and number % (20 * TOLD) == 0:
                        progress(0, number)
            yield from ((one.number, one.cells) for one in table_csv.read(file, MOST + 1))

        return self.preview(definition, side, lines(), progress)

    def preview(
        self, definition: Definition, side: Side, lines: Iterator[tuple[int, tuple[str, ...]]], progress: Progress | None = None
    ) -> Preview:
        """What the rows of a table would change, the headings first, each with its number; whatever file they came from."""
        return self._prepared(definition, side, lambda plan: self._read(definition, plan, lines, progress))

    def _prepared(self, definition: Definition, side: Side, read: Callable[[Plan], None]) -> Preview:
        plan = Plan(self._fresh(), definition.id, side)
        try:
            with self.looking.book.official():  # as files have it
                read(plan)
        except Misread as error:
            plan.fault(error.row, str(error.column or ""), error)
        self._plan = plan
        return Preview(
            plan.token, plan.rows, plan.equal, tuple(plan.changes), tuple(plan.faults), plan.total_changes, plan.total_faults
        )

    def take(self, token: str, progress: Progress | None) -> int:
        """NotAllowed("import.stale" | "import.faults"): nothing was taken."""
        plan = self._plan
        if plan is None or plan.token != token:
            raise NotAllowed("import.stale", "this preview is no longer there")
        if plan.total_faults:
            raise NotAllowed("import.faults", "the file has faults")
        with self.context.write() as tx:
            making = self.writing.making(tx, Place(plan.register, "", plan.side))
            space = registers.space(tx, plan.register, plan.side, "")
            for n, line in enumerate(plan.lines):
                stored = look.by_key(tx, space, line.place.row) if space is not None and (line.newest or not line.new) else None
                if (stored.newest if stored else 0) != line.newest:
                    raise NotAllowed("import.stale", "a row was changed since")
                self._take(tx, making, line, stored)
                if progress is not None and n % TOLD == 0:
                    progress(n, len(plan.lines))
        if progress is not None:
            progress(len(plan.lines), len(plan.lines))
        self._plan = None
        return len(plan.lines)

    def _take(self, tx: Tx, making: Making, line: Line, stored: look.Stored | None) -> None:
        made = self.writing.completed(tx, making, line.place, dict(line.made), new=line.new)
        seen = Seen(stored.id if stored else 0, line.place.row, stored.cells if stored else {})
        files = self.writing.files(tx, making, made, seen, ())
        self.writing.say(tx, making.room, line.place, seen.id, made, files=files)

    def _fresh(self) -> str:
        return self.context.entropy(12).hex()

    # reading

    def _read(
        self, definition: Definition, plan: Plan, lines: Iterator[tuple[int, tuple[str, ...]]], progress: Progress | None
    ) -> None:
        first = next(lines, None)
        heads = self._heads(definition, plan, first[1]) if first is not None else None
        if heads is None:
            return
        with self.context.read() as handle:
            reader = Reader(self.looking, self._fresh, handle, definition, plan, heads)
            for number, cells in lines:
                plan.rows += 1
                reader.line(number, cells)
                if progress is not None and plan.rows % TOLD == 0:
                    progress(plan.rows, 0)
                if plan.total_faults >= FAULTS:
                    return

    def _dates(self, definition: Definition, plan: Plan, file: Path) -> None:
        """Entries of a calendar: those we made change their rows, others are new records."""
        from valise.desk import registers_dates as dates
        from valise.formats import ics

        entries = ics.read(file)
        there = {one.id for one in definition.columns_of(plan.side)}
        with self.context.read() as handle:
            reader = Reader(self.looking, self._fresh, handle, definition, plan, Heads("en", (), ()))
            seen = self.looking.seen(handle, definition, plan.side, "", reader.space)
            known = dates.known(definition, plan.side, (one.key for one in seen))
            wanted: dict[str, tuple[int, bool, dict[str, list[str]]]] = {}  # several entries may be dates of one row
            for number, entry in enumerate(entries, 1):
                key, column = known.get(entry.uid, ("", None))
                if column is None and definition.rows != ("record",):
                    plan.fault(number, "", Refused("import.about"), entry.title)
                    continue
                key = key or self._fresh()
                _, _, values = wanted.setdefault(key, (number, column is None, {}))
                values |= {name: some for name, some in dates.wanted(definition, entry, column).items() if name in there}
            plan.rows = len(wanted) + plan.total_faults
            for key, (number, new, values) in wanted.items():
                reader.row(number, key, values, new=new)

    def _heads(self, definition: Definition, plan: Plan, cells: Sequence[str]) -> Heads | None:
        """What the headings name, in whatever language most of them are."""
        columns = definition.columns_of(plan.side)
        named: list[Column | Axis | None] = []
        votes = dict.fromkeys(("en", *LANGUAGES), 0)
        keys = {v.KEY: "stated", v.KEY_ASSESSED: "assessed"}
        for cell in cells:
            if keys.get(cell, plan.side) != plan.side:
                plan.fault(1, cell, Refused("import.side"), cell)
                return None
        for n, cell in enumerate(cells, 1):
            folded = v.fold(cell)
            if cell in keys:
                named.append(None)
                continue
            found = called(definition, columns, folded, named)
            if not found:
                plan.fault(1, str(n), Refused("import.column"), cell)
                return None
            if found[0] in named:
                plan.fault(1, cell, Refused("import.column_twice"), cell)
                return None
            named.append(found[0])
            for tongue in found[1]:
                votes[tongue] += 1
        axes = [one for one in definition.rows if one != "record"]
        if None not in named and any(one not in named for one in axes):
            plan.fault(1, v.AXES[next(one for one in axes if one not in named)].in_("en"), Refused("import.missing"))
            return None
        if all(one is None or isinstance(one, str) for one in named):
            plan.fault(1, "", Refused("import.missing"))
            return None
        return Heads(max(votes, key=lambda one: votes[one]), tuple(named), tuple(cells))
