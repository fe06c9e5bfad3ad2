"""What the desk hands to the window and the command line: plain immutable values, no secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Trust = Literal["own", "verified in person", "vouched", "received only", "unknown"]
Delivery = Literal["waiting", "sent", "delivered", "acknowledged", "trouble"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a command or an exchange touched. Models refresh these rows only. Empty sets = nothing."""

    rooms: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()  # text ids
    threads: frozenset[str] = frozenset()  # room ids whose messages changed
    contacts: frozenset[str] = frozenset()  # delegation ids
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
class Remark:
    """An internal remark on a paragraph. Lives in the internal room, never leaves it."""

    id: str
    text: str
    paragraph: str
    words: str
    officer: str
    at: int


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
    """A search result; `kind` is text | proposal | message | contact. `excerpt` is plain text."""

    kind: str
    ref: str
    room: str
    title: str
    excerpt: str
    at: int


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that needs a person. `screen` and `ref` say where it is settled."""

    screen: Literal["texts", "messages", "contacts", "settings"]
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
