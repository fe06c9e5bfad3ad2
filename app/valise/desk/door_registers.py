"""The door to the registers: definitions, rows, differences, views, files out and in."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from valise.domain.register.definition import Definition, Side

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is. `room` "" = our internal room."""

    register: str
    row: str
    side: Side = "stated"
    room: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows. `words`: every word in any cell. `only`: column (or "@state", "@item", "@delegation") -> one of these values;
    an empty tuple = the cell is empty. `due`: reviews that lie before that date. `differs`: only rows with a difference to settle."""

    words: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    due: str = ""
    differs: bool = False
    gone: bool = False  # rows that were taken out, instead of those that stand


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter a person keeps under a name."""

    name: str
    register: str
    side: Side
    filter: Filter
    view: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One value that somebody asserted. `op` is its operation; `at` ms UTC; `own` = by our delegation."""

    op: str
    values: tuple[str, ...]
    code: str  # of the delegation
    officer: str
    at: int
    own: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row as it stands. More than one in `said` that say different things = a difference for a person to settle;
    `values` is then the newest, and `differs` True."""

    values: tuple[str, ...] = ()
    shown: str = ""  # the values as a table, a CSV and a screen reader show them, in the language asked for
    differs: bool = False
    said: tuple[Said, ...] = ()
    unfit: bool = False  # came from a peer or an older definition and is not what the column asks for


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `title` names it in lists; `changed_at` ms UTC; `changed_by` "XA, delegate". `cells` has the axes too ("@state").
    `differs` without a cell that does: one laptop took the row out while another changed it; `take_out` or `put_back` settles."""

    id: int  # within this vault, until it is locked
    place: Place
    title: str
    cells: Mapping[str, Cell]
    differs: bool
    gone: bool
    changed_at: int
    changed_by: str


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a row, newest first in a history."""

    op: str
    field: str
    before: str
    after: str
    code: str
    officer: str
    at: int
    note: str
    undoes: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What stands where a row and an item meet. `value` is the id of a choice, "" = nothing said."""

    value: str
    differs: bool = False
    evidence: int = 0
    due: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """State down, item across. `cells[y][x]`; `down` (code, name), `across` (item id, short title)."""

    down: tuple[tuple[str, str], ...]
    across: tuple[tuple[str, str], ...]
    cells: tuple[tuple[MatrixCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of an import to what stands."""

    line: int  # of the file, the header is 1
    place: Place
    title: str
    field: str
    before: str
    after: str
    new_row: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line of an import cannot be taken. `code` has a sentence in the window."""

    line: int
    column: str
    code: str
    words: str = ""  # what stands there, shortened


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would change. Nothing is taken while there are faults. `token` is given back to `take`."""

    token: str
    rows: int
    equal: int
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    total_changes: int
    total_faults: int
    series: int = 0  # of a calendar: entries that repeat, of which the first is taken
    floating: int = 0  # of a calendar: entries whose hours name no time zone, taken as UTC
    whole_days: int = 0  # of a calendar: entries of whole days where a moment is kept, taken as 00:00 UTC


class Registers(Protocol):
    """Queries are short and paged; commands come back with what they made and announce Changes.registers."""

    def definitions(self) -> list[Definition]:
        """Every register, in the order of the sidebar and the list."""
        ...

    def definition(self, register: str) -> Definition:
        """NotAllowed("register.unknown")."""
        ...

    def define(self, toml: str) -> Definition:
        """Add or renew a register of the delegation's own. Refused("register.toml", line with row and column)."""
        ...

    def names(self, kind: str, language: str = "en") -> list[tuple[str, str]]:
        """What a column of kind state, delegation, contact, marking, language or zone can be: (value, name); States by their names
        in `language`, in its order."""
        ...

    def state_names(self) -> dict[str, str]:
        """Names of States of our own, by code; "" = the code alone is shown."""
        ...

    def name_state(self, code: str, name: str | None, *, language: str = "en") -> None:
        """Call a State so on the screens of this vault, in every language ("" = its code alone, None or its name in `language` = as
        the United Nations do). It is a setting of this vault: in no message, operation or file. NotAllowed("state.unknown" |
        "state.name")."""
        ...

    # looking
    def ids(self, register: str, side: Side = "stated", *, filter: Filter = ..., sort: str = "", room: str = "",
            language: str = "en") -> array[int]:
        """Ids of the rows that pass, in order ('q'); "-date" sorts downwards, States stand in the order of `language`. One covering
        index scan."""
        ...

    def page(self, ids: Sequence[int], language: str = "en") -> list[Row]:
        """The rows of these ids with what the table shows (no `said`)."""
        ...

    def row(self, place: Place, language: str = "en") -> Row:
        """All of one row; of a State x item register also one nobody has written in yet. NotAllowed("register.row")."""
        ...

    def history(self, place: Place, field: str = "", language: str = "en") -> list[Event]: ...
    def matrix(self, register: str, side: Side, cell: str, *, filter: Filter = ..., language: str = "en") -> Matrix: ...
    def counts(self, register: str, side: Side, column: str, *, filter: Filter = ...) -> dict[str, int]:
        """How many rows have each choice ("" = none), for a board's heads."""
        ...

    # writing
    def new_row(self, register: str, values: Mapping[str, Sequence[str]], *, side: Side = "stated", room: str = "",
                about: Mapping[str, str] = ...) -> Place:
        """`about`: the axes a person chooses (State, item); a record gets an id of its own. NotAllowed("register.*"),
        Refused("register.value", the column)."""
        ...

    def set(self, place: Place, values: Mapping[str, Sequence[str]], *, note: str = "", files: Sequence[str] = ()) -> str:
        """Change fields; replaces everything of ours that stands there, so that it also settles a difference. Returns the
        operation, for `undo`; "" when nothing would be otherwise. NotAllowed("register.asks" | "register.required" |
        "register.not_own" | "register.side" | "register.gone" | ...)."""
        ...

    def undo(self, op: str) -> str:
        """Put back what stood before, as a further operation. NotAllowed("register.undone" | "register.moved_on")."""
        ...

    def take_out(self, place: Place, note: str = "") -> str:
        """The row as it is seen now is shown no more; it stays in the record."""
        ...

    def put_back(self, place: Place) -> str: ...
    def attach(self, place: Place, name: str, data: bytes, progress: Progress | None = None) -> str:
        """Seal a file into the vault as evidence; give its id in the values of an evidence column and in `files`."""
        ...

    def file(self, evidence: str) -> tuple[str, bytes]:
        """(name, verified bytes). NotYet("attachment.incomplete")."""
        ...

    # filters that a person keeps
    def saved(self, register: str = "") -> list[Saved]: ...
    def save(self, saved: Saved) -> None: ...
    def drop(self, register: str, name: str) -> None: ...

    # files
    def export(self, register: str, side: Side, form: str, to: Path, *, ids: Sequence[int] | None = None, view: str = "",
               language: str = "en", progress: Progress | None = None) -> int:
        """Write rows (all, or these) as `form` ("csv", or an ExportForm's id); returns how many. The internal side says so in
        the file's name and on every page. Unavailable("file.*")."""
        ...

    def read(self, register: str, side: Side, file: Path, progress: Progress | None = None) -> Preview:
        """What importing a CSV (or .ics, where the register writes one) would change; what is wrong inside the file is a Fault.
        Refused("import.kind" | "format.*"). Contact cards: Pings.read_cards."""
        ...

    def take(self, token: str, progress: Progress | None = None) -> int:
        """Take a previewed import in, all of it in one transaction; returns the rows changed. NotAllowed("import.stale")."""
        ...
