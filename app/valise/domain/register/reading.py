"""Reads the definition of a register from TOML and says, by line and column, what is not right with it.

The format is docs/registers.md. Whatever is wrong is Refused("register.toml", "line 12, column 3: ...").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from valise.domain.register.definition import (
    AXES,
    COLUMN_KINDS,
    EXPORT_KINDS,
    SIDES,
    VIEW_KINDS,
    Choice,
    Column,
    Definition,
    ExportForm,
    Item,
    Side,
    View,
)
from valise.domain.register.fields import COLUMN_ID, ID, LARGEST, Fields, nearest, shown
from valise.domain.register.places import Path
from valise.domain.register.values import AXES as AXIS_TITLES

Source = Callable[[str], Mapping[str, str]]
"""The files of a folder of the resources: "registers" -> {"norms.toml": its text}."""

Lists = tuple[Mapping[str, tuple[Choice, ...]], Mapping[str, tuple[Item, ...]]]

__all__ = ["LARGEST", "Lists", "Source", "read", "read_choices", "read_items", "shared", "shipped"]

SCREENS: Final = ("registers", "commitments", "contacts")
_ABOUT = ("@state", "@item", "@delegation")
_TOP = ("id", "title", "rows", "column", "help", "screen", "order", "sides", "shared", "states", "items", "item", "view",
        "export", "title_columns", "review", "running", "version")  # fmt: skip
_CHOICE = ("id", "title", "sign", "help")
_COLUMN_KEYS = ("id", "kind", "title", "help", "choices", "choice", "many", "required", "asks", "internal", "source", "wide",
                "by_hand")  # fmt: skip
_ITEM = ("id", "title", "symbol", "summary", "text", "text_status", "group", "values")
_VIEW = ("id", "kind", "title", "columns", "by", "cell", "sort", "only")
_EXPORT = ("id", "kind", "title", "columns", "template")


def read(
    text: str,
    *,
    choices: Mapping[str, tuple[Choice, ...]] | None = None,
    items: Mapping[str, tuple[Item, ...]] | None = None,
    states: Sequence[str] = (),
) -> Definition:
    """One register. `choices`, `items`: lists a file may name; `states`: memberships it may name (none given: not checked).
    Refused("register.toml", where and what)."""
    return _Reader(text, guard=True).definition(choices or {}, items or {}, states)


def read_items(text: str) -> tuple[Item, ...]:
    """A list of items, `[[item]]` tables and nothing else."""
    reader = _Reader(text, guard=False)
    reader.known(reader.top, (), ("item",))
    return reader.items(reader.top)


def read_choices(text: str) -> dict[str, tuple[Choice, ...]]:
    """Shared lists of choices: `[[choices.NAME]]` tables."""
    reader = _Reader(text, guard=False)
    reader.known(reader.top, (), ("choices",))
    lists = reader.table(reader.top, (), "choices")
    return {name: reader.choices(lists, ("choices",), name) for name in lists}


def shared(source: Source) -> Lists:
    """The lists that every register may name: choices by name, and items by the name of their file."""
    choices = read_choices(source("registers")["_choices.toml"])
    return choices, {
        name.removesuffix(".toml"): read_items(text) for name, text in sorted(source("reference/items").items())
    }


def shipped(source: Source, lists: Lists | None = None) -> tuple[Definition, ...]:
    """Every register of the program, by order and id. Not cached here: whoever has the files keeps what this made."""
    choices, items = lists or shared(source)
    found = [
        _Reader(text, guard=False).definition(choices, items, ())
        for name, text in source("registers").items()
        if name.endswith(".toml") and not name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda one: (one.order, one.id)))


class _Reader(Fields):
    """Reads the parts of a definition."""

    def choices(self, table: Mapping[str, Any], path: Path, key: str) -> tuple[Choice, ...]:
        seen: set[str] = set()
        made = []
        for n, one in enumerate(self.tables(table, path, key)):
            at = (*path, key, n)
            self.known(one, at, _CHOICE)
            made.append(
                Choice(
                    self.ident(one, at, ID, seen),
                    self.title(one, at),
                    self.text(one, at, "sign", 2),
                    self.words(one, at, "help"),
                )
            )
        self.distinct(((one.title, (*path, key, n, "title")) for n, one in enumerate(made)), "choices")
        return tuple(made)

    def items(self, top: Mapping[str, Any]) -> tuple[Item, ...]:
        seen: set[str] = set()
        made = []
        for n, one in enumerate(self.tables(top, (), "item")):
            at: Path = ("item", n)
            self.known(one, at, _ITEM)
            values = self.table(one, at, "values")
            made.append(
                Item(
                    self.ident(one, at, ID, seen),
                    self.title(one, at),
                    self.text(one, at, "symbol", 100),
                    self.words(one, at, "summary"),
                    self.text(one, at, "text", 5_000),
                    self.text(one, at, "text_status", 100),
                    self.text(one, at, "group", 60),
                    {key: self._values(values, (*at, "values"), key) for key in values},
                )
            )
            if made[-1].text and not made[-1].text_status:
                self.fail((*at, "text"), "a text needs a text_status: verbatim, summary or recollected")
        self.distinct(((one.title, ("item", n, "title")) for n, one in enumerate(made)), "items")
        return tuple(made)

    def _values(self, table: Mapping[str, Any], path: Path, key: str) -> tuple[str, ...]:
        if isinstance(table[key], list):
            return self.texts(table, path, key)
        return (self.text(table, path, key, 5_000, needed=True),)

    def definition(
        self, lists: Mapping[str, tuple[Choice, ...]], items: Mapping[str, tuple[Item, ...]], states: Sequence[str]
    ) -> Definition:
        top = self.top
        self.known(top, (), _TOP)
        id = self.ident(top, (), ID)
        rows = self.some_of(top, (), "rows", AXES)
        if not rows:
            self.fail(("rows",), f"rows says what a row is about: one or more of {', '.join(AXES)}")
        sides: tuple[Side, ...] = self.some_of(top, (), "sides", SIDES) or ("stated",)
        columns = self._columns(top, lists, "assessed" in sides)
        named = {one.id: one for one in columns}
        own = self._items_of(top, items)
        if ("item" in rows) and not own:
            self.fail(("rows",), "rows are about items, and there is no [[item]] and no list of items")
        if own and "item" not in rows and rows != ("record",):
            self.fail(("items" if "items" in top else "item",), "there are items, and rows are not about them")
        self._shipped_values(own, named, rows)
        if states and top.get("states", "") not in ("", *states):
            self.fail(("states",), f"states is a membership{nearest(top['states'], states)}")
        if self.flag(top, (), "shared", False) and rows[0] not in ("state", "delegation"):
            self.fail(("shared",), "rows of a shared register are first about a State or a delegation, who alone writes them")
        review = self.whole(top, (), "review", 0, 0, 120)
        if review and ("review" not in named or named["review"].kind != "date"):
            self.fail(("review",), "a review asks for a column review of kind date")
        running = self.text(top, (), "running", 60)
        if running and (running not in named or named[running].kind != "text" or named[running].by_hand):
            self.fail(("running",), "running names a column of kind text with by_hand = false")
        return Definition(
            id=id,
            title=self.title(top, ()),
            rows=rows,
            columns=columns,
            help=self.words(top, (), "help"),
            screen=self.one_of(top, (), "screen", SCREENS, "registers"),
            order=self.whole(top, (), "order", 1000, 0, 100_000),
            sides=sides,
            shared=self.flag(top, (), "shared", False),
            states=self.text(top, (), "states", 60),
            items=own,
            views=self._views(top, named, rows, own),
            exports=self._exports(top, named),
            title_columns=self.texts(top, (), "title_columns", tuple(named)),
            review=review,
            running=running,
            version=self.whole(top, (), "version", 1, 1, 1_000_000),
        )

    def _columns(
        self, top: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]], assessed: bool
    ) -> tuple[Column, ...]:
        seen: set[str] = set()
        made = []
        for n, one in enumerate(self.tables(top, (), "column")):
            at: Path = ("column", n)
            self.known(one, at, _COLUMN_KEYS)
            id = self.ident(one, at, COLUMN_ID, seen)
            kind = self.one_of(one, at, "kind", COLUMN_KINDS)
            choices = self._choices_of(one, at, lists)
            if (kind == "choice") is not bool(choices):
                self.fail(at, "a column of kind choice, and no other, has choices")
            internal = self.flag(one, at, "internal", False)
            if internal and not assessed:
                self.fail((*at, "internal"), 'an internal column needs sides = [..., "assessed"]')
            made.append(
                Column(
                    id=id,
                    kind=kind,
                    title=self.title(one, at),
                    help=self.words(one, at, "help"),
                    choices=choices,
                    many=self.flag(one, at, "many", False),
                    required=self.flag(one, at, "required", False),
                    asks=self.texts(one, at, "asks"),
                    internal=internal,
                    source=self.text(one, at, "source", 200),
                    wide=self.whole(one, at, "wide", 16, 2, 120),
                    by_hand=self.flag(one, at, "by_hand", True),
                )
            )
        if not made:
            self.fail(("column",), "there is no [[column]]")
        self._asks(made)
        rows = self.texts(top, (), "rows", AXES)
        axes = ((AXIS_TITLES[one], ("rows", one)) for one in AXES if one in rows and one != "record")
        self.distinct((*axes, *((one.title, ("column", n, "title")) for n, one in enumerate(made))), "columns")
        return tuple(made)

    def _asks(self, columns: list[Column]) -> None:
        named = {one.id: one for one in columns}
        for n, column in enumerate(columns):
            for asked in column.asks:
                if asked == column.id or asked not in named:
                    self.fail(
                        ("column", n, "asks"),
                        f"asks names {shown(asked)}, which is no other column{nearest(asked, list(named))}",
                    )
                if named[asked].internal and not column.internal:
                    self.fail(("column", n, "asks"), f"asks names {shown(asked)}, which the stated side does not have")

    def _choices_of(
        self, one: Mapping[str, Any], at: Path, lists: Mapping[str, tuple[Choice, ...]]
    ) -> tuple[Choice, ...]:
        if "choices" not in one:
            return self.choices(one, at, "choice")
        if "choice" in one:
            self.fail((*at, "choices"), "a column has choices = ... or [[column.choice]], not both")
        name = self.text(one, at, "choices", 60, needed=True)
        if name not in lists:
            self.fail((*at, "choices"), f"there is no list of choices {shown(name)}{nearest(name, list(lists))}")
        return lists[name]

    def _items_of(self, top: Mapping[str, Any], lists: Mapping[str, tuple[Item, ...]]) -> tuple[Item, ...]:
        if "items" not in top:
            return self.items(top)
        if "item" in top:
            self.fail(("items",), "a register has items = ... or [[item]], not both")
        name = self.text(top, (), "items", 60, needed=True)
        if name not in lists:
            self.fail(("items",), f"there is no list of items {shown(name)}{nearest(name, list(lists))}")
        return lists[name]

    def _shipped_values(self, items: tuple[Item, ...], named: Mapping[str, Column], rows: tuple[str, ...]) -> None:
        for n, item in enumerate(items):
            for key, values in item.values.items():
                at: Path = ("item", n, "values", key)
                if rows not in (("record",), ("item",)):
                    self.fail(at, "an item has values only where a row is about nothing else")
                if key not in named or named[key].internal:
                    self.fail(at, f"there is no column {shown(key)} on the stated side{nearest(key, list(named))}")
                if len(values) > 1 and not named[key].many:
                    self.fail(at, f"the column {shown(key)} holds one value")
                for value in values if named[key].kind == "choice" else ():
                    if named[key].choice(value) is None:
                        self.fail(
                            at,
                            f"{shown(value)} is none of its choices{nearest(value, [one.id for one in named[key].choices])}",
                        )

    def _views(
        self, top: Mapping[str, Any], named: Mapping[str, Column], rows: tuple[str, ...], items: tuple[Item, ...]
    ) -> tuple[View, ...]:
        seen: set[str] = set()
        values: dict[str, list[str]] = {one.id: [c.id for c in one.choices] for one in named.values() if one.choices}
        values["@item"] = [one.id for one in items]
        about = tuple(one for one in _ABOUT if one[1:] in rows)
        made = []
        for n, one in enumerate(self.tables(top, (), "view")):
            at: Path = ("view", n)
            self.known(one, at, _VIEW)
            id = self.ident(one, at, ID, seen)
            kind = self.one_of(one, at, "kind", VIEW_KINDS)
            by, cell = self.text(one, at, "by", 60), self.text(one, at, "cell", 60)
            if kind == "matrix" and ("item" not in rows or len(rows) != 2):
                self.fail(at, 'a matrix asks for rows = ["state", "item"] or ["delegation", "item"]')
            self._names(at, "cell", cell, named, ("choice",) if kind == "matrix" else ())
            self._names(at, "by", by, named, {"board": ("choice",), "timeline": ("date", "moment")}.get(kind, ()))
            sort = self.text(one, at, "sort", 61)
            if sort and sort.removeprefix("-") not in (*named, *about):
                self.fail((*at, "sort"), f"sort names no column{nearest(sort.removeprefix('-'), list(named))}")
            made.append(
                View(
                    id,
                    kind,
                    self.title(one, at),
                    self.texts(one, at, "columns", tuple(named)),
                    by,
                    cell,
                    sort,
                    self._only(one, at, (*named, *about), values),
                )
            )
        return tuple(made)

    def _names(self, at: Path, key: str, value: str, named: Mapping[str, Column], kinds: tuple[str, ...]) -> None:
        if not kinds:
            if value:
                self.fail((*at, key), f"a view of this kind has no {key}")
        elif value not in named or named[value].kind not in kinds:
            self.fail((*at, key) if value else at, f"{key} names a column of kind {' or '.join(kinds)}")

    def _only(
        self, one: Mapping[str, Any], at: Path, names: Sequence[str], values: Mapping[str, list[str]]
    ) -> dict[str, tuple[str, ...]]:
        only = self.table(one, at, "only")
        self.known(only, (*at, "only"), names)
        return {key: self.texts(only, (*at, "only"), key, values.get(key)) for key in only}

    def _exports(self, top: Mapping[str, Any], named: Mapping[str, Column]) -> tuple[ExportForm, ...]:
        seen: set[str] = set()
        made = []
        for n, one in enumerate(self.tables(top, (), "export")):
            at: Path = ("export", n)
            self.known(one, at, _EXPORT)
            kind = self.one_of(one, at, "kind", EXPORT_KINDS)
            if kind == "ics" and not any(column.kind in ("date", "moment") for column in named.values()):
                self.fail((*at, "kind"), "a calendar file asks for a column of kind date or moment")
            made.append(
                ExportForm(
                    self.ident(one, at, ID, seen),
                    kind,
                    self.title(one, at),
                    self.texts(one, at, "columns", tuple(named)),
                    self.text(one, at, "template", 60),
                )
            )
        return tuple(made)
