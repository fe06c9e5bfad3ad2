"""Which registers there are, what exists in them without anybody having written it, and what things are called in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import lru_cache
from typing import Final

from valise.desk import reference
from valise.desk.context import Context
from valise.domain.errors import NotAllowed, Refused
from valise.domain.register import values as v
from valise.domain.register.definition import Column, Definition, Side
from valise.vault import people, registers
from valise.vault import registers_look as look
from valise.vault.store import Handle

Values = tuple[str, ...]
RECORDS: Final = ("record",)
BETWEEN: Final = " · "  # parts of a row's title


class Book:
    """The registers of this vault: those of the program and the delegation's own."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.called: Callable[[str, str], str] = _official  # a State, by its code and in a language; "" for none
        self.official: Callable[[], AbstractContextManager[None]] = nullcontext  # around what may leave (see state_names)
        self._own: tuple[tuple[int, ...], dict[str, Definition]] = ((), {})

    def all(self) -> list[Definition]:
        """Every register, in order; one of ours never takes the place of one of the program."""
        shipped = reference.registers()
        taken = {one.id for one in shipped}
        own = [one for name, one in self._defined().items() if name not in taken]
        return sorted((*shipped, *own), key=lambda one: (one.order, one.id))

    def one(self, register: str) -> Definition:
        """NotAllowed("register.unknown")."""
        found = _shipped().get(register) or self._defined().get(register)
        if found is None:
            raise NotAllowed("register.unknown", "there is no such register")
        return found

    def shipped(self, register: str) -> bool:
        """Whether it comes with the program."""
        return register in _shipped()

    def _defined(self) -> dict[str, Definition]:
        with self.context.read() as handle:
            numbers, known = look.defined(handle), self._own
            if numbers == known[0]:
                return known[1]
            found: dict[str, Definition] = {}
            for toml in look.definitions(handle):
                with suppress(Refused):  # written for another version of the program: the one before it holds
                    made = reference.read(toml)
                    found[made.id] = made
        self._own = numbers, found
        return found

    # what exists by itself

    def fictional(self) -> bool:
        """Whether our own delegation is one of training: then the States are those of training too."""
        own = reference.state(self.context.own.code)
        return own is not None and own.fictional

    def states(self, definition: Definition, language: str = "en") -> tuple[reference.State, ...]:
        """The States that have rows in a register, in the order of a language."""
        return reference.states(definition.states, fictional=self.fictional(), language=language)

    def given(self, definition: Definition, side: Side, room: str, language: str = "en") -> Mapping[str, Mapping[str, Values]]:
        """Rows that are there without an operation, by key, with the values they have until somebody writes; States in the order
        of a language."""
        if room or not definition.items:
            return {}
        if definition.rows in (("record",), ("item",)):
            return {one.id: one.values if side == "stated" else {} for one in definition.items}
        if definition.rows not in (("state", "item"), ("item", "state")):
            return {}
        return {key: {} for key in _crossed(definition, tuple(one.code for one in self.states(definition, language)))}

    # what things are called

    def known(self, handle: Handle) -> v.Known:
        """What columns of some kinds can hold here."""
        return {
            "state": _States(), "zone": frozenset(reference.zones()), "delegation": _Asked(lambda one: people.one(handle, one) is not None),
            "evidence": _Asked(lambda one: handle.row("select 1 from attachment where id = ?", (one,)) is not None),
        }  # fmt: skip

    def may_hold(self, handle: Handle) -> v.Known:
        """The same for what is written here: a vault for practice takes no real State."""
        known = self.known(handle)
        return {**known, v.REAL: _Asked(_real)} if self.context.training else known

    def names(self, kind: str, language: str = "en") -> list[tuple[str, str]]:
        """(value, name) of what a column of this kind can be."""
        if kind == "delegation":
            with self.context.read() as handle:
                every = people.everybody(handle)
            return sorted(((one.id, f"{one.code}, {one.name}") for one in every if one.stopped != "replaced"), key=lambda one: one[1])
        if kind == "contact":
            return self._contacts(language)
        found = reference.names(kind, language, fictional=self.fictional())
        if kind != "state":
            return found
        return [(code, self.called(code, language)) for code, _ in found if not (self.context.training and _real(code))]

    def _contacts(self, language: str) -> list[tuple[str, str]]:
        definition = _shipped().get("contacts")
        with self.context.read() as handle:
            space = next((n for n, told in look.spaces(handle).items() if told == ("contacts", "stated", "")), None)
            if definition is None or space is None:
                return []
            name = self.naming(handle)
            found = [(one.key, self.title(definition, one.key, one.cells, language, name)) for one in look.every(handle, space)]
        return sorted(found, key=lambda one: v.order(v.sort_key(one[1])))

    def naming(self, handle: Handle) -> v.Name:
        """What things are called, asked of the vault once each."""

        @lru_cache(4_096)
        def name(kind: str, value: str, language: str) -> str:
            if kind == "state":
                return self.called(value, language)
            if kind == "delegation":
                person = people.one(handle, value)
                return f"{person.code}, {person.name}" if person else ""
            if kind == "evidence":
                return str(handle.value("select name from attachment where id = ?", (value,), ""))
            if kind == "paragraph":
                return self._paragraph(handle, value)
            register, _, key = value.partition("/") if kind == "record" else ("contacts", "", value)
            return self._record(handle, register, key, language)

        return name

    def _record(self, handle: Handle, register: str, key: str, language: str) -> str:
        """The title of another row; "" for one that is not here."""
        cells = self._cells(handle, register, key)
        return "" if cells is None else self._plainly(self.one(register), key, cells, language)

    def _plainly(self, definition: Definition, key: str, cells: Mapping[str, Values], language: str) -> str:
        """The title made of nothing that would have to be looked up in turn."""
        return self.title(definition, key, cells, language, lambda kind, value, tongue: self.called(value, tongue) if kind == "state" else "")

    def _cells(self, handle: Handle, register: str, key: str) -> Mapping[str, Values] | None:
        try:
            definition = self.one(register)
        except NotAllowed:
            return None
        space = registers.space(handle, register, "stated", "")
        stored = look.by_key(handle, space, key) if space is not None else None
        given = self.given(definition, "stated", "").get(key)
        if stored is None and given is None:
            return None
        return {**(given or {}), **(stored.cells if stored else {})}

    def has(self, handle: Handle, register: str, key: str) -> bool:
        """Whether a row is in our own record."""
        return self._cells(handle, register, key) is not None

    def titles(self, handle: Handle, register: str, language: str) -> Iterator[tuple[str, str]]:
        """(key, title as a column that holds the row shows it) of every row of our own record that is not taken out.
        NotAllowed("register.unknown")."""
        definition = self.one(register)
        space, given = registers.space(handle, register, "stated", ""), self.given(definition, "stated", "")
        written = {one.key: one for one in look.every(handle, space, gone=None)} if space is not None else {}
        for key in (*given, *(key for key in written if key not in given)):
            one = written.get(key)
            if one is None or not one.gone:
                yield key, self._plainly(definition, key, {**given.get(key, {}), **(one.cells if one else {})}, language)

    def _paragraph(self, handle: Handle, value: str) -> str:
        title = handle.value("select title from text where id = ?", (value.partition("#")[0],), "")
        return str(title)

    def title(self, definition: Definition, key: str, cells: Mapping[str, Values], language: str, name: v.Name) -> str:
        """What names a row in lists: its title columns, else what it is about, else its first words."""
        told = [self.shown(definition, key, column, cells[column.id], language, name) for column in _titles(definition) if cells.get(column.id)]
        if told and definition.title_columns:
            return BETWEEN.join(told)
        about = self.about(definition, key, language)
        return BETWEEN.join(shown for axis, shown in about.items() if axis != "record") or (told[0] if told else key)

    def shown(self, definition: Definition, key: str, column: Column, values: Values, language: str, name: v.Name) -> str:
        """A cell as the screen shows it. The English name a row was shipped with is its title, and that is in six languages."""
        item = definition.item(key) if definition.rows == RECORDS else None
        if item is not None and values == (item.title.by["en"],) == item.values.get(column.id):
            return item.title.in_(language)
        return v.shown(column, values, language, name)

    def titled(self, definition: Definition, key: str) -> list[str]:
        """What the item of a row is called, in every language; [] for a row without one."""
        item = definition.item(key if definition.rows == RECORDS else definition.axes_of(key).get("item", ""))
        return list(item.title.by.values()) if item is not None else []

    def about(self, definition: Definition, key: str, language: str = "en") -> dict[str, str]:
        """What each axis of a row is called."""
        made: dict[str, str] = {}
        for axis, part in definition.axes_of(key).items():
            item = definition.item(part) if axis == "item" else None
            if item is not None:
                made[axis] = item.title.in_(language)
            elif axis == "delegation":
                with self.context.read() as handle:
                    person = people.one(handle, part)
                made[axis] = f"{person.code}, {person.name}" if person else part
            else:
                made[axis] = (self.called(part, language) if axis == "state" else "") or part
        return made

    def answering(self, code: str) -> str:
        """All that a State is looked for by, a line each: its codes, its names in every language, a name of ours."""
        found = reference.state(code)
        return "\n".join(dict.fromkeys((found.code, found.alpha3, *found.names(), self.called(code, "en")))) if found else code


class _Asked:
    """Values that are known where a question says yes."""

    def __init__(self, question: Callable[[str], bool]) -> None:
        self.question = question

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and self.question(value)


class _States:
    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and reference.state(value) is not None


def _real(code: str) -> bool:
    found = reference.state(code)
    return found is not None and not found.fictional


def _official(code: str, language: str) -> str:
    found = reference.state(code)
    return found.in_(language) if found else ""


@lru_cache(1)
def _shipped() -> dict[str, Definition]:
    return {one.id: one for one in reference.registers()}


@lru_cache(64)
def _lines(items: tuple[str, ...], states: tuple[str, ...], state_first: bool) -> tuple[str, ...]:
    return tuple(f"{state}/{item}" if state_first else f"{item}/{state}" for state in states for item in items)


def _crossed(definition: Definition, states: tuple[str, ...]) -> Iterator[str]:
    yield from _lines(tuple(one.id for one in definition.items), states, definition.rows[0] == "state")


def _titles(definition: Definition) -> Sequence[Column]:
    """The columns that name a row; where none are told the first one of words."""
    named = [column for one in definition.title_columns if (column := definition.column(one)) is not None]
    return named or [one for one in definition.columns if one.kind == "text"][:1]


__all__ = ["BETWEEN", "Book", "Values"]
