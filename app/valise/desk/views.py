"""What the desk hands to the window and the command line: plain immutable values, no secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from valise.domain.internal import Sort
from valise.domain.joint import Purpose, SignState

Trust = Literal["own", "verified in person", "vouched", "received only", "unknown"]
Delivery = Literal["waiting", "sent", "delivered", "acknowledged", "trouble"]
Screen = Literal[
    "overview", "texts", "messages", "contacts", "settings", "security", "registers", "commitments", "incidents"
]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a command or an exchange touched. Models refresh these rows only. Empty sets = nothing."""

    rooms: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()  # text ids
    threads: frozenset[str] = frozenset()  # room ids whose messages changed
    contacts: frozenset[str] = frozenset()  # delegation ids
    registers: frozenset[str] = frozenset()  # register ids, also of what pings and rounds say about contacts
    incidents: frozenset[str] = frozenset()  # incident ids
    status: bool = False  # outbox, last exchange
    settings: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    delegation: str
    code: str
    name: str
    device: str
    officer: str
    role: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    id: str
    officer: str
    role: str
    rights: tuple[str, ...]
    not_after: int  # ms UTC
    first_seen: int
    revoked: bool
    not_before: int = 0
    number: int = 0  # of its certificate, counted within the delegation
    rooms: tuple[str, ...] = ()  # a travel laptop: the only rooms it is for


@dataclass(frozen=True, slots=True)
class ContactView:
    """A delegation we know. `changed` = a card with another root came under the same code: sending stops."""

    id: str
    code: str
    name: str
    trust: Trust
    trust_since: int
    changed: bool
    devices: tuple[DeviceView, ...]
    fingerprint: str  # full fingerprint of the root, grouped hex
    notices: tuple[str, ...] = ()  # "<code>:<ms UTC>", e.g. "device.new:1780000000000"
    stopped: str = ""  # "", "changed", "differs", "forked"


@dataclass(frozen=True, slots=True)
class SafetyNumber:
    """The same on both sides. `digits` = 12 groups of 5, `words` = 12 words, `qr` = text to put in a QR code."""

    digits: tuple[str, ...]
    words: tuple[str, ...]
    qr: str


@dataclass(frozen=True, slots=True)
class RoomView:
    id: str
    kind: Literal["bilateral", "group", "internal"]
    title: str
    members: tuple[str, ...]  # delegation ids
    chair: str  # delegation id
    devices: int
    unread: int
    waiting: int  # items of ours not yet delivered everywhere
    disagreement: str  # "" or the codes of the delegations that see another list of members: "XB, XD"
    blocked: str  # "" or a code why nothing is sent: contact.changed, contact.differs, contact.forked, room.left
    epoch: str


@dataclass(frozen=True, slots=True)
class TextRow:
    id: str
    room: str
    title: str
    symbol: str
    paragraphs: int
    open_paragraphs: int
    open_proposals: int
    revision: str  # "Rev.2" or ""
    pen_delegation: str
    changed_at: int


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note on a paragraph. `sort` is "note", "red line", "fallback" or "instruction"."""

    id: str
    text: str
    paragraph: str
    sort: Sort
    words: str
    officer: str
    at: int


@dataclass(frozen=True, slots=True)
class Held:
    """A change in a draft that has not left: the words `quote` at `span` become `words`; `what` as in a proposal."""

    what: str
    paragraph: str
    span: tuple[int, int]
    quote: str
    words: str
    section: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft that a second officer releases. `state`: "waiting", "stale" (the text has moved on), "released", "returned",
    "withdrawn". `mine`: written by this officer, who cannot release it."""

    id: str
    text: str
    paragraph: str
    changes: tuple[Held, ...]
    reason: str
    officer: str
    at: int
    state: str
    mine: bool
    decided_by: str = ""
    decided_at: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Whether proposals wait for a second officer. `lifting`: the one officer who wants the rule lifted, "" for none;
    `seconds`: other officers of the delegation who could release."""

    on: bool
    lifting: str
    seconds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOn:
    """A delegation's sign-on. `state`: "signed", "late" (after the list was closed), "admitted", "left", "other words"."""

    delegation: str
    code: str
    name: str
    at: int
    state: SignState


@dataclass(frozen=True, slots=True)
class JointRow:
    """A joint statement, or the co-sponsors of a revision (`text`, `revision`). `hash` is what everybody signs; `sound`:
    the words here have it. `newer`: the statement in whose place it stands no longer. `ours`: the state of our own
    sign-on or "". `until` ms UTC, 0 for none: what people read, it closes nothing by itself."""

    id: str
    room: str
    purpose: Purpose
    title: str
    words: str
    language: str
    text: str
    revision: str
    hash: str
    opener: str
    at: int
    until: int
    closed: bool
    closed_at: int
    sound: bool
    newer: str
    ours: str
    signs: tuple[SignOn, ...]


@dataclass(frozen=True, slots=True)
class ReturnedChange:
    """A change a returned file makes. `words` are those of `target` (a paragraph) when the file went out, of which `quote`
    (at `span`) become `new`; `author` as the file names him, "" where it was typed over. `held`: why it cannot be
    proposed ("returned.changed" | "returned.agreed" | "returned.gone"), or ""."""

    n: int
    kind: str
    target: str
    label: str
    words: str
    quote: str
    span: tuple[int, int]
    new: str
    author: str
    after: str
    held: str
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReturnedComment:
    """A remark in a returned file that was not there when it went out."""

    n: int
    target: str
    words: str
    author: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A returned file against the text at `base` (a revision, "" = as it stands). `notes`: (code, count) of what could
    not be read."""

    base: str
    symbol: str
    places: tuple[str, ...]
    changes: tuple[ReturnedChange, ...]
    comments: tuple[ReturnedComment, ...]
    notes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a returned file: ids of proposals, of drafts that wait for a second officer, number of remarks."""

    proposals: tuple[str, ...]
    drafts: tuple[str, ...]
    remarks: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark everybody in the room reads. `target` is a paragraph or a proposal."""

    id: str
    target: str
    delegation: str
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class TextDraft:
    """Unsent words at a paragraph. Stays in this vault."""

    text: str
    paragraph: str
    kind: str
    words: str
    reason: str
    saved_at: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    device: str
    delegation: str
    delivered_at: int  # 0 = not yet
    acknowledged_at: int  # 0 = not yet


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: str
    name: str
    media_type: str
    size: int  # bytes of plaintext
    ready: bool  # all of it is here and verified


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `body` is plain text with *emphasis*, **strong** and lines starting "- "; never HTML."""

    id: str
    room: str
    thread: str  # id of the first message of the thread
    author: str  # delegation id
    officer: str
    own: bool
    body: str
    marking: str  # "TLP:AMBER", a national marking, or ""
    for_the_record: bool
    attachments: tuple[AttachmentView, ...]
    sent_at: int
    received_at: int  # 0 for own messages
    delivery: Delivery
    delivery_line: str  # "" or "<devices that hold it>/<devices it is for>", e.g. "2/3"
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One thread of a room. `first_line` of the newest message, plain text."""

    id: str
    room: str
    subject: str
    first_line: str
    newest_at: int
    messages: int
    unread: int


@dataclass(frozen=True, slots=True)
class Draft:
    room: str
    thread: str  # "" = a new thread
    subject: str
    body: str
    marking: str
    for_the_record: bool
    attachments: tuple[str, ...]  # attachment ids already sealed into the vault
    saved_at: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result; `kind` is text | proposal | note | joint | message | contact | incident | register (a row) | item (a norm
    or a measure, `ref` "norms/f"). `excerpt` is plain text."""

    kind: str
    ref: str
    room: str
    title: str
    excerpt: str
    at: int


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that needs a person. `screen` and `ref` say where it is settled."""

    screen: Screen
    ref: str
    line: str  # key of a sentence plus values, see `values`
    values: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Convergence:
    """How far a revision (id "" = the text as it stands) has come: words outside brackets, and all words with the longest
    alternative of each bracket. `at` ms UTC."""

    revision: str
    symbol: str
    at: int
    unbracketed: int
    words: int


@dataclass(frozen=True, slots=True)
class ExchangeStatus:
    """The truth for the status line. Times are ms UTC, 0 = never."""

    carrier: str  # "folder", "" = none set
    place: str  # the folder's path, for Settings
    reachable: bool
    problem: str  # "" or an error code
    waiting: int  # items not yet acknowledged by every recipient device
    sealed_waiting: int  # envelopes we hold but cannot open yet
    last_exchange: int
    next_exchange: int


@dataclass(frozen=True, slots=True)
class Overview:
    due: tuple[Due, ...] = field(default=())
    status: ExchangeStatus | None = None
