"""The door to points of contact: the directory as it is read, ping rounds, what others ask us, notes verbales, cards.

Entries are rows of the register `contacts`; they are changed through the door of registers. Times are ms UTC, 0 = never.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from valise.desk.views import Due
from valise.domain.ping.rules import How, Outcome

Progress = Callable[[int, int], None]
Version = Literal["3.0", "4.0"]
Delivery = Literal["", "waiting", "sent", "delivered"]


@dataclass(frozen=True, slots=True)
class There:
    """A moment where a contact is. `clock` "03:40", `weekday` 0 = Monday, `offset` minutes east of UTC; `holiday` its name or "";
    `open` by the entry's own hours, None where they do not say."""

    clock: str
    date: str  # YYYY-MM-DD
    weekday: int
    offset: int
    holiday: str = ""
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """What came of the newest round that asked this contact."""

    round: str
    title: str
    outcome: Outcome
    how: How
    at: int
    exercise: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A point of contact as the directory shows it. `fields`: column -> values as they stand; `shown`: column -> what a table
    shows. `way` "here" (`delegation` answers in this program), "outside", "" for our own."""

    contact: str
    id: int  # of its row, for the door of registers
    state: str
    state_name: str
    fields: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, str]
    label: str  # role before person: "Technical, National CERT, Duty officer"
    there: There | None
    marking: str
    overdue: bool  # its review
    differs: bool
    way: str
    delegation: str
    memberships: tuple[str, ...]
    last: Last | None
    confirmed_at: int
    confirmed_how: str
    changed_at: int
    changed_by: str

    def first(self, column: str) -> str:
        """The first value of a column, or ""."""
        return next(iter(self.fields.get(column, ())), "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: every word somewhere in what is shown; the others by value, empty = all. `attention`: only those whose
    review is late, whose values differ or whom the last round did not confirm."""

    words: str = ""
    categories: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    attention: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a round could ask. `hindered`: why it had better not ("status", "own", "training"), or ""."""

    contact: str
    state: str
    label: str
    way: str
    hindered: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next round as it could be opened. `due_since` 0 while the last one is younger than six months."""

    title: str
    last_at: int
    due_since: int
    answer_by: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round. `counts` of every outcome that occurs, in the order of OUTCOMES."""

    id: str
    title: str
    forum: str
    at: int
    due: int
    closed_at: int
    exercise: bool
    officer: str
    words: str
    asked: int
    counts: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One contact of a round. `at` by the clock of who answered, `received_at` by ours; `latency` ms between question and answer
    as signed, None where there is none or where the clocks contradict each other (`doubt`). `by`: the officer. `asked_there`:
    the moment of the question where the contact is. `delivery` is never an answer."""

    contact: str
    state: str
    state_name: str
    label: str
    way: str
    outcome: Outcome
    how: How
    asked_at: int
    at: int
    received_at: int
    latency: int | None
    doubt: bool
    differs: bool
    by: str
    channel: str
    words: str
    changes: Mapping[str, tuple[str, ...]]
    delivery: Delivery
    marking: str
    asked_there: There | None
    counted: str = ""
    taken: bool = False  # the entry says so already


@dataclass(frozen=True, slots=True)
class RoundView:
    head: RoundHead
    rows: tuple[RoundRow, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What another delegation asks us: is this entry of yours right? `entry` (column, values). `says` our answer or "", with the
    `changes` and `words` that went with it."""

    id: str
    delegation: str
    code: str
    name: str
    title: str
    forum: str
    role: str
    due: int
    exercise: bool
    marking: str
    entry: tuple[tuple[str, tuple[str, ...]], ...]
    at: int
    received_at: int
    says: str = ""
    said_at: int = 0
    said_by: str = ""
    late: bool = False
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One contact in one round. `open` and `holiday` when it was asked."""

    round: str
    outcome: Outcome
    latency: int | None
    open: bool | None
    holiday: str


@dataclass(frozen=True, slots=True)
class Track:
    """One contact over the rounds; `points` in the order of Reach.rounds, None where it was not asked."""

    contact: str
    state: str
    state_name: str
    label: str
    points: tuple[Point | None, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Reachability over rounds, oldest first; rows by State and label, never by result."""

    rounds: tuple[RoundHead, ...]
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class CardField:
    """One difference of a card to the entry that stands."""

    column: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardRead:
    """One card of a file. `contact` the entry it is about, "" = it would be a new one; `missing` columns a person has to fill
    before it can be taken; `left_out` how many properties have no place in an entry."""

    n: int
    title: str
    contact: str
    changes: tuple[CardField, ...]
    missing: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class CardPreview:
    token: str
    cards: tuple[CardRead, ...]


@dataclass(frozen=True, slots=True)
class Nomination:
    """A note verbale that nominates a contact. `to` whom it is addressed to, `place` where and `date` (YYYY-MM-DD) when."""

    contact: str
    language: str
    to: str
    place: str
    date: str
    marking: str
    replaces: str = ""  # whom it takes the place of, in words
    fields: tuple[str, ...] = ()  # columns named in it; empty = the usual ones


@dataclass(frozen=True, slots=True)
class Sent:
    """A note that was written and entered in `correspondence` under its number."""

    number: str
    row: str
    path: Path


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written: rows in it, and rows left out because their marking is stricter."""

    rows: int
    left_out: int


class Pings(Protocol):
    """Queries are short; commands announce Changes.registers with "contacts"."""

    # the directory
    def entries(self, wanted: Wanted = ..., language: str = "en") -> list[Entry]:
        """Entries by State and label."""
        ...

    def entry(self, contact: str, language: str = "en") -> Entry:
        """NotAllowed("register.row")."""
        ...

    def there(self, contact: str, at: int = 0) -> There | None:
        """The moment (0 = now) where a contact is; None without a zone."""
        ...

    def past(self, contact: str, language: str = "en") -> list[tuple[RoundHead, RoundRow]]:
        """What came of each round that asked one contact, newest first; the heads count this contact alone.
        NotAllowed("register.row")."""
        ...

    # rounds
    def proposal(self, language: str = "en") -> Proposal: ...
    def rounds(self) -> list[RoundHead]: ...
    def round(self, round: str, language: str = "en") -> RoundView:
        """NotAllowed("ping.unknown")."""
        ...

    def open(self, title: str, *, due: int, contacts: Sequence[str], forum: str = "", exercise: bool = False, words: str = "",
             outside: Sequence[str] = (), progress: Progress | None = None) -> str:
        """Open a round and ask everybody whom we exchange with, each alone; `outside`: of these, whom an officer calls or writes
        to instead. NotAllowed("ping.*" | "training.real_contact" | "register.row" | "rights.missing")."""
        ...

    def record(self, round: str, contact: str, outcome: str, *, channel: str, at: int, asked_at: int = 0, words: str = "",
               changes: Mapping[str, Sequence[str]] = ...) -> str:
        """What an officer found out by telephone or letter; takes the place of what was recorded before. NotAllowed("ping.*")."""
        ...

    def close(self, round: str) -> None:
        """Nobody waits any more; answers that come still count, as late."""
        ...

    def take(self, round: str, contact: str) -> str:
        """Take the correction of an answer into the entry, and that it was confirmed. Returns the operation of the register."""
        ...

    def reach(self, contacts: Sequence[str] = (), *, exercises: bool = False, language: str = "en") -> Reach: ...
    def report(self, round: str, form: str, to: Path, *, marking: str = "", state: str = "", language: str = "en",
               progress: Progress | None = None) -> Reported:
        """`form` "csv" or "pdf". With `marking`, entries marked more strictly are left out; with `state`, only its own entries,
        and nothing that tells of others. Refused("ping.report"), Unavailable("file.unwritable")."""
        ...

    # what others ask us
    def questions(self) -> list[Question]: ...
    def answer(self, question: str, says: str, *, changes: Mapping[str, Sequence[str]] = ..., words: str = "") -> str:
        """Signed for the other delegation: `says` "confirmed" | "changed" | "wrong contact". NotAllowed("ping.*")."""
        ...

    # files
    def cards(self, contacts: Sequence[str], to: Path, *, version: Version = "4.0", marking: str = "") -> Reported:
        """Write entries as vCards. Refused("vcard.*"), Unavailable("file.unwritable")."""
        ...

    def read_cards(self, file: Path) -> CardPreview:
        """What taking a .vcf would change. Refused("vcard.*" | "format.*"), Unavailable("format.no_child")."""
        ...

    def take_cards(self, token: str, chosen: Sequence[int], fill: Mapping[int, Mapping[str, Sequence[str]]] = ...) -> int:
        """Take these cards of a preview, `fill` in what they lack; how many. NotAllowed("vcard.stale" | "register.*")."""
        ...

    def nominate(self, nomination: Nomination, to: Path) -> Sent:
        """Write the note verbale and enter it as sent. Refused("format.*"), NotAllowed("ping.nothing" | "ping.not_ours" |
        "register.*")."""
        ...

    def due(self, language: str = "en") -> list[Due]:
        """What pings ask of a person now."""
        ...
