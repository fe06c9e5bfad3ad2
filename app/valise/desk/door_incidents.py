"""What the door offers about incidents: reporting, asking for help, answering, the common timeline, and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from valise.desk.views import AttachmentView
from valise.domain.incident.form import Form
from valise.domain.incident.inside import Inside
from valise.domain.incident.ladder import Step
from valise.domain.incident.record import State
from valise.domain.incident.template import Template


@dataclass(frozen=True, slots=True)
class Party:
    """A delegation as the page names it."""

    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A room in which an incident can be reported. `members` are the others who will read it."""

    room: str
    title: str
    members: tuple[Party, ...]

    @property
    def group(self) -> bool:
        return len(self.members) > 1


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in the list. `needs`: what a person of ours has to do about it ("acknowledge", "answer", "escalate",
    "choose", "close"), or "". `late`: unanswered after its time. Times ms UTC."""

    id: str
    room: str
    title: str
    sort: str  # message_type
    exercise: bool
    own: bool
    opener: Party
    tlp: str
    national: str
    tier: str
    urgency: str
    status: str
    state: State
    at: int
    changed_at: int
    unseen: bool
    needs: str
    late: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the common timeline. `form` is as filled in; `words` what was said beside a form. `counts` False: not its
    author's to say. `late`: not among what was seen when the incident was closed."""

    id: str
    kind: str
    by: Party
    officer: str
    own: bool
    at: int
    form: Form
    words: str
    tier: str
    files: tuple[AttachmentView, ...]
    counts: bool
    late: bool


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer of assistance. `state`: "open", "chosen", "withdrawn", "withdrawn after it was chosen"."""

    id: str
    by: Party
    at: int
    words: str
    capacity: str
    own: bool
    state: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Whether a delegation of the room acknowledged. `at` 0 = not yet. It accepts no fact and agrees with nothing."""

    by: Party
    at: int
    role: str
    answered: bool


@dataclass(frozen=True, slots=True)
class IncidentView:
    """All of one incident. `form` is what stands; `differs` the keys of which two values stand, all of them in `standing`.
    `hash` is the same at every delegation that holds the same. `may`: what our delegation can do about it now ("acknowledge",
    "respond", "offer", "withdraw", "choose", "raise", "close", "reopen", "update"). `step` None: not ours to raise."""

    row: IncidentRow
    place: str  # title of the room, "" for one without
    form: Form
    standing: Mapping[str, tuple[Any, ...]]
    differs: frozenset[str]
    embargo: int
    hash: str
    timeline: tuple[Said, ...]
    receipts: tuple[Receipt, ...]
    offers: tuple[OfferView, ...]
    step: Step | None
    inside: Inside
    officers: Mapping[str, str]  # device -> officer, of what is inside
    may: frozenset[str]
    readers: tuple[Party, ...] = ()  # the others in the room; none where we are in it no longer


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves and to whom: nothing else does. `laptops` = of all recipients together."""

    place: Place
    laptops: int
    marking: tuple[str, ...]
    exercise: bool
    form: Form
    files: tuple[AttachmentView, ...]
    embargo: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in, kept through locks and crashes. `matter`: "incident" or "judicial"."""

    id: str
    room: str = ""
    form: Form = field(default_factory=dict)
    matter: str = "incident"
    embargo: int = 0
    files: tuple[str, ...] = ()
    saved_at: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One object of a STIX bundle, as it would be taken in: `sort` is its STIX type; `words` are of outside."""

    sort: str
    words: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a STIX bundle would become: a draft, which a person looks at before anything is sent. `draft` is that form;
    `left_out` objects that are nothing to us."""

    token: str
    marking: str
    exercise: bool
    found: tuple[Found, ...]
    left_out: int
    form: Form


class Incidents(Protocol):
    """Commands announce Changes.incidents. NotAllowed("incident.*") names the rule."""

    def template(self) -> Template: ...
    def places(self) -> list[Place]:
        """Rooms in which we can report, those of two first."""
        ...

    def all(self) -> list[IncidentRow]:
        """Open first, what needs somebody before the rest, then the newest."""
        ...

    def one(self, incident: str) -> IncidentView:
        """NotAllowed("incident.unknown")."""
        ...

    def seen(self, incident: str) -> None: ...

    # reporting
    def blank(self) -> dict[str, Any]:
        """A form with what can be known: our reference, our role, no attribution."""
        ...

    def look(
        self, room: str, form: Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = ()
    ) -> Leaving:
        """What `open` would send. Raises what it would raise."""
        ...

    def open(
        self, room: str, form: Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = (), draft: str = ""
    ) -> str:
        """Report it; drops the draft. NotAllowed("incident.judicial" | "incident.red_to_group" | "incident.required" | ...)."""
        ...

    def update(self, incident: str, changes: Form, files: Sequence[str] = ()) -> None: ...

    # answering
    def acknowledge(self, incident: str, role: str) -> None:
        """Receipt alone: accepts no fact, agrees with nothing (norm 13 (c))."""
        ...

    def respond(self, incident: str, answer: Form, files: Sequence[str] = ()) -> None: ...
    def offer(self, incident: str, offered: Form, files: Sequence[str] = ()) -> None: ...
    def withdraw(self, incident: str, offer: str, words: str = "") -> None: ...
    def choose(self, incident: str, offers: Sequence[str], words: str = "") -> None: ...
    def raise_to(self, incident: str, tier: str, words: str = "") -> None: ...
    def close(self, incident: str, closing: Form) -> None: ...
    def reopen(self, incident: str, words: str) -> None: ...
    def send_on(self, incident: str, room: str, *, reason: str = "") -> str:
        """Report it in another room, in our name, with its markings. NotAllowed("incident.not_further" |
        "incident.red_to_group" | "incident.embargo" without a reason, which is kept in the internal room)."""
        ...

    # inside our delegation
    def note(self, incident: str, words: str, replaces: str = "") -> None: ...
    def task(self, incident: str, words: str, *, officer: str = "", due: int = 0, replaces: str = "") -> None: ...
    def done(self, incident: str, task: str, words: str = "") -> None: ...
    def strike(self, incident: str, what: str) -> None: ...

    # drafts
    def drafts(self) -> list[Draft]:
        """Reports being written, the newest first."""
        ...

    def draft(self, draft: str) -> Draft | None:
        """One of them, or what was being said about an incident: "<incident>/<act>"."""
        ...

    def save_draft(self, draft: Draft) -> str:
        """Keep it; returns its id ("" in `draft` makes a new one)."""
        ...

    def drop_draft(self, draft: str) -> None: ...

    # files
    def record(self, incident: str) -> bytes:
        """The canonical record; its SHA-256 is the hash that is shown."""
        ...

    def printed(self, incident: str, language: str = "en") -> bytes:
        """A PDF of everything that was said, both markings on every page."""
        ...

    def stix(self, incident: str, *, reason: str = "") -> bytes:
        """A STIX 2.1 bundle. Under an embargo NotAllowed("incident.embargo") without a reason."""
        ...

    def save(self, path: Path, data: bytes) -> None:
        """Unavailable("file.unwritable")."""
        ...

    def read_stix(self, file: Path | bytes) -> Preview:
        """Refused("stix.*" | "format.*"). Nothing is taken in yet."""
        ...

    def take_stix(self, token: str) -> str:
        """Make a draft of what was previewed; returns its id. NotAllowed("incident.stale")."""
        ...
