"""What a register is: its rows, columns, statuses, views and exports, as its TOML file says. `reading.py` reads the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Side = Literal["stated", "assessed"]
"""stated: what a State or an organization says of itself, or a plain fact with its source. assessed: what our delegation
thinks of it; only ever in the internal room. The two never share a cell, an export column or an operation."""
SIDES: Final[tuple[Side, ...]] = get_args(Side)

Axis = Literal["state", "delegation", "item", "record"]
"""What a row is about: a State (ISO 3166-1 alpha-2, or a fictional code), a delegation (id), an item of the register (a norm,
a CBM), or a record of its own (an id that is made with it)."""
AXES: Final[tuple[Axis, ...]] = get_args(Axis)

ColumnKind = Literal[
    "text", "long", "date", "moment", "number", "yesno", "choice", "state", "delegation", "contact",
    "paragraph", "record", "evidence", "marking", "language", "email", "phone", "url", "symbol", "zone",
]  # fmt: skip
"""date: YYYY-MM-DD. moment: YYYY-MM-DDTHH:MMZ (UTC, RFC 3339). number: decimal text. yesno: "yes" | "no". contact: row key of
`contacts`. paragraph: "<text id>#<paragraph id>". record: "<register>/<row key>". evidence: id of a file in the vault.
language: BCP 47. symbol: UN document symbol with an optional paragraph. zone: IANA time zone."""
COLUMN_KINDS: Final[tuple[ColumnKind, ...]] = get_args(ColumnKind)

ViewKind = Literal["table", "matrix", "board", "timeline"]
VIEW_KINDS: Final[tuple[ViewKind, ...]] = get_args(ViewKind)
ExportKind = Literal["csv", "pdf", "docx", "ics", "vcard"]
EXPORT_KINDS: Final[tuple[ExportKind, ...]] = get_args(ExportKind)
LANGUAGES: Final = ("ar", "zh", "en", "fr", "ru", "es")


@dataclass(frozen=True, slots=True)
class Words:
    """A term in the languages of the United Nations; English is always there."""

    by: Mapping[str, str]

    def in_(self, language: str) -> str:
        """The term in `language` ("fr"), or in English."""
        return self.by.get(language) or self.by["en"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice. `sign`: one or two characters that tell it from the others without colour."""

    id: str
    title: Words
    sign: str = ""
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row. `many`: any number of values. `by_hand` False: the program writes it (a running number, a ping)."""

    id: str
    kind: ColumnKind
    title: Words
    help: Words | None = None
    choices: tuple[Choice, ...] = ()
    many: bool = False
    required: bool = False
    asks: tuple[str, ...] = ()  # columns without a value of which this one may not be changed (a status asks for its date)
    internal: bool = False  # belongs to the assessed side alone, and to no export or message that leaves
    source: str = ""  # where the field comes from: a symbol and paragraph, an RFC and section, or "editorial"
    wide: int = 16  # letters a table gives it
    by_hand: bool = True

    def choice(self, id: str) -> Choice | None:
        return next((one for one in self.choices if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Item:
    """What rows are about besides a State: a norm, a CBM. `text` only where it was imported or may be shown; `text_status`
    says what it is ("verbatim", "recollected": shown as a summary, never as a quotation).

    Rows that exist without any operation: about items, one for every item (and, with a State, for every State of
    `Definition.states`); in a register of records alone, one for every item too, its key is the item's id (a shipped
    document, a forum). `values` = what the cells of such a row hold until somebody writes there (rows ("record",) and
    ("item",) only, by column, as `Said` by nobody): an operation on the field takes their place, and they never make a
    difference with it. A row that was taken out is gone; values a later version ships anew show only in untouched cells."""

    id: str
    title: Words
    symbol: str = ""  # "A/70/174, para. 13 (f)"
    summary: Words | None = None
    text: str = ""
    text_status: str = ""
    group: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the rows. table: `columns`. matrix: State down, item across, `cell` in it. board: one column for each
    choice of `by`. timeline: by the date or moment `by`."""

    id: str
    kind: ViewKind
    title: Words
    columns: tuple[str, ...] = ()
    by: str = ""
    cell: str = ""
    sort: str = ""  # "-date" = newest first
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column -> values; a built-in filter


@dataclass(frozen=True, slots=True)
class ExportForm:
    """One file it can be written as, with the columns in their order (a survey's own order)."""

    id: str
    kind: ExportKind
    title: Words
    columns: tuple[str, ...] = ()
    template: str = ""  # a form of the format: "note-verbale", "survey"


@dataclass(frozen=True, slots=True)
class Definition:
    """A register. `rows` is what a row key is made of, in this order, joined by "/"."""

    id: str
    title: Words
    rows: tuple[Axis, ...]
    columns: tuple[Column, ...]
    help: Words | None = None
    screen: str = "registers"  # the screen of the sidebar it stands on: registers, commitments, contacts
    order: int = 1000
    sides: tuple[Side, ...] = ("stated",)
    shared: bool = False  # may also live in a room with others, where each delegation writes the rows of its own State only
    states: str = ""  # which States have rows: "" every State, or a membership ("OSCE", "OAS", "ARF")
    items: tuple[Item, ...] = ()
    views: tuple[View, ...] = ()
    exports: tuple[ExportForm, ...] = ()
    title_columns: tuple[str, ...] = ()  # what names a row in lists and hits
    review: int = 0  # months after which a row is due for review; needs a column "review"
    running: str = ""  # column that gets a running number: "{year}/{n:03}"
    version: int = 1

    def column(self, id: str) -> Column | None:
        return next((one for one in self.columns if one.id == id), None)

    def item(self, id: str) -> Item | None:
        return next((one for one in self.items if one.id == id), None)

    def view(self, id: str) -> View | None:
        return next((one for one in self.views if one.id == id), None)

    def written(self, side: Side, form: ExportForm | None, view: str) -> list[Column]:
        """The columns of a file: those of the form, else what the view shows (of a timeline its date, of a board what it is by),
        else all; of this side alone."""
        there = {one.id: one for one in self.columns_of(side)}
        seen = self.view(view) if view else None
        own = form.columns if form is not None else ()
        named = own or (seen.columns if seen else ())
        if seen is not None and named and not own:
            named = tuple(dict.fromkeys((seen.by, *named) if seen.kind == "timeline" else (*named, seen.by, seen.cell)))
        chosen = [there[one] for one in named if one in there] or list(there.values())
        if named and side == "assessed" and not own:
            chosen += [one for one in there.values() if one.internal and one not in chosen]
        return chosen

    def columns_of(self, side: Side) -> tuple[Column, ...]:
        """The columns a side has: `internal` ones are on the assessed side only."""
        return tuple(one for one in self.columns if side == "assessed" or not one.internal)

    def axes_of(self, key: str) -> dict[Axis, str]:
        """What a row key is about, by axis; {} when it does not fit."""
        parts = key.split("/") if key else []
        return dict(zip(self.rows, parts, strict=True)) if len(parts) == len(self.rows) and all(parts) else {}
