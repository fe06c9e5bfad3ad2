"""What a rolling text is made of, as immutable values. The fold makes them, everybody else reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Section = Literal["title", "PP", "OP", "annex", "other"]
Status = Literal["open", "agreed ad ref", "closed", "parked"]
ProposalKind = Literal["words", "paragraph", "delete", "move", "alternative", "title"]
ProposalState = Literal[
    "open", "rebased", "accepted", "amended", "rejected", "superseded", "kept as alternative",
    "stale", "late", "moot", "withdrawn", "void",
]
PositionValue = Literal["support", "oppose", "reserve", "scrutiny reservation", "can go along", "none"]
RunStyle = Literal["plain", "bracket", "insert", "delete", "attribution", "separator", "remark", "emphasis"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `id` is "<pen operation id>/<n>", never reused; `ver` the pen operation that last
    set its words; `label` is frozen between revisions ("OP 3 bis", "OP 6 (a)", "PP 5 alt 1 (XI)")."""

    id: str
    section: Section
    label: str
    words: str
    status: Status
    ver: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An amendment. `span` = [start, end) in code points of the words of version `ver`; `quote` those words."""

    id: str
    label: str  # "XA/12", stable at once
    kind: ProposalKind
    paragraph: str
    ver: str
    span: tuple[int, int]
    quote: str
    words: str
    reason: str
    author: str  # delegation id
    device: str
    at: int
    sponsors: tuple[str, ...]  # delegation ids, author first
    state: ProposalState
    notice: str = ""  # why void, or where readers' recomputed rebase differs from the pen's
    after: str = ""  # for paragraph and move: the paragraph it goes after ("" = at the start)
    section: str = ""  # for paragraph: the section it goes into


@dataclass(frozen=True, slots=True)
class Position:
    """What a delegation says of a proposal or paragraph (`target`). `behalf` is free text ("ALP") or ""."""

    id: str
    delegation: str
    target: str
    value: PositionValue
    behalf: str
    at: int


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph as shown. `proposals` are the ids this stretch comes from (none = base words)."""

    text: str
    style: RunStyle
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph with its computed brackets and everything said about it."""

    paragraph: Paragraph
    runs: tuple[Run, ...]
    proposals: tuple[Proposal, ...]  # all that anchor here, open first, then by display order
    positions: tuple[Position, ...]  # on the paragraph and on its proposals
    open_brackets: int


@dataclass(frozen=True, slots=True)
class ParagraphRow:
    """A line of the outline; cheap for 2,000 paragraphs."""

    id: str
    section: Section
    label: str
    status: Status
    first_words: str
    open_brackets: int
    open_proposals: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A frozen state of the text. Hashes are hex SHA-256; `text_hash` = sha256sum of the plain text file."""

    id: str
    number: int
    symbol: str
    text_hash: str
    state_hash: str
    at: int
    acknowledged_by: tuple[str, ...] = ()  # delegation ids that computed the same
    alarm: str = ""  # not empty when this replica computes something else
    log_size: int = 0
    log_root: str = ""
    aliases: tuple[tuple[str, str], ...] = ()  # old label, new label, where it renumbered
    disputed_by: tuple[str, ...] = ()  # delegation ids that computed something else


BreakState = Literal["counts", "late", "contested"]
SilenceState = Literal["running", "broken", "kept", "contested"]


@dataclass(frozen=True, slots=True)
class Break:
    """Somebody broke the silence; what it is worth is said by silence.weight."""

    id: str
    delegation: str
    reason: str
    at: int
    state: BreakState


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence procedure on a revision. Times are ms UTC; `deadline` is the one in force, `first_deadline` the first.

    "kept" = nobody broke it, the revision stands; "contested" = a break in time by its own word that the pen did not know
    when it closed the period.
    """

    id: str
    revision: str
    symbol: str
    scope: str
    opened_at: int
    deadline: int
    first_deadline: int
    state: SilenceState
    closed: bool
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class TextHead:
    """What stands above a text."""

    id: str
    room: str
    title: str
    symbol: str
    organ: str
    language: str  # BCP 47
    pen_device: str
    pen_delegation: str
    frozen: str  # "" or why the text is frozen (a pen fork)
    revisions: tuple[Revision, ...] = field(default=())
    paragraphs: int = 0
    open_paragraphs: int = 0
    open_proposals: int = 0
    suspended: tuple[str, ...] = ()  # device ids with two histories
    waiting: int = 0  # operations of this text whose past is not all here
    rivals: tuple[str, ...] = ()  # the pen operations that froze it
    silences: tuple[Silence, ...] = ()  # oldest first; at most the last of them runs
