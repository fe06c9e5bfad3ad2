"""The form of an incident: 38 keys in seven groups. The keys are stable; their labels stand in resources/reference/incident.toml.

Use is voluntary (A/70/174, para. 13), so only what nobody could answer without is required. Times are ms UTC, 0 = none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from valise.domain.errors import Refused
from valise.domain.kinds import Field, Fields, Ident, Many, Text, Whole
from valise.domain.message import TLP
from valise.domain.text.kinds import Words

Form = Mapping[str, Any]
Group = Literal["header", "marking", "incident", "technical", "request", "response", "closure"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
Sort = Literal[
    "line", "text", "choice", "choices", "yesno", "moment", "entry", "entries", "language", "severity", "places", "files",
    "receipt", "reference",
]  # fmt: skip
"""How a key is filled in. line: one line. text: lines. entry: a point of contact, role before person. severity: a level and the
name of its scale. places: addresses with a window of time. receipt: a role; its time is that of the operation."""

LONGEST: Final = 20_000  # code points of one field
WHOLE: Final = 120_000  # octets of a form as it is signed; an operation holds 128 KiB
TIME: Final = Whole(0, 2**45)  # ms UTC, 0 = none

REQUESTS: Final = ("request for information", "request for assistance", "request for mitigation")
OPENING: Final = ("notification", *REQUESTS, "exercise")
REPLIES: Final = ("acknowledgement", "response", "update", "closure")
TYPES: Final = (*OPENING, *REPLIES)  # the form's tenth, "ping", has operations of its own
TIERS: Final = ("T0", "T1", "T2", "T3")
URGENCY: Final = ("routine", "priority", "immediate")
SECTORS: Final = (
    "energy", "health", "finance", "transport", "water", "telecom", "government", "elections", "food", "other",
)  # fmt: skip
STATUSES: Final = ("suspected", "ongoing", "contained", "ended")
CRITICAL: Final = ("yes", "no", "not stated")
ONWARD: Final = ("CSIRT", "law enforcement", "named operators", "regional organization", "none")
ACTIONS: Final = (
    "confirm receipt", "information", "mitigate", "preserve evidence", "technical call", "diplomatic call",
    "expert assistance", "none",
)  # fmt: skip
CAPACITY: Final = ("yes", "partly", "no", "under examination")
REASONS: Final = ("capacity", "law", "more information needed", "outside competence", "not stated")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the form. `source` "editorial", or the norm it comes from."""

    key: str
    group: Group
    sort: Sort
    required: bool
    field: Field
    choices: tuple[str, ...] = ()
    source: str = "editorial"


def _choice(key: str, group: Group, required: bool, choices: tuple[str, ...], source: str = "editorial") -> Key:
    return Key(key, group, "choice", required, Text(40, choices), choices, source)


def _choices(key: str, group: Group, required: bool, choices: tuple[str, ...], source: str = "editorial") -> Key:
    return Key(key, group, "choices", required, Many(Text(40, choices), len(choices)), choices, source)


def _text(key: str, group: Group, required: bool, source: str = "editorial") -> Key:
    return Key(key, group, "text", required, Text(LONGEST), source=source)


_B, _C, _G, _H = (f"A/70/174, para. 13 ({letter})" for letter in "bcgh")
_ROLE = Text(200, least=1)
_PLACE = Fields({"what": Words(300, least=1), "from": TIME, "to": TIME})

KEYS: Final[tuple[Key, ...]] = (
    _choice("message_type", "header", True, TYPES, _H),
    Key("exercise", "header", "yesno", True, Whole(0, 1)),
    Key("reference", "header", "line", True, Words(120, least=1)),
    Key("their_reference", "header", "line", False, Words(120)),
    Key("from_entry", "header", "entry", True, _ROLE, source=_H),
    Key("to_entries", "header", "entries", True, Many(_ROLE, 50), source=_H),
    _choice("tier", "header", True, TIERS),
    _choice("urgency", "header", True, URGENCY),
    Key("sent_at", "header", "moment", True, TIME),
    Key("reply_requested_by", "header", "moment", False, TIME),
    Key("languages", "header", "language", True, Words(35, least=2)),
    _choice("tlp", "marking", True, TLP, "TLP 2.0"),
    Key("national_marking", "marking", "line", False, Words(120)),
    _choices("onward_sharing", "marking", False, ONWARD),
    Key("attribution_disclaimer", "marking", "yesno", True, Whole(0, 1), source=_B),
    Key("title", "incident", "line", True, Words(300, least=1)),
    _choice("status", "incident", True, STATUSES),
    Key("first_observed", "incident", "moment", False, TIME),
    _choices("sectors", "incident", True, SECTORS, _G),
    _choice("critical_infrastructure", "incident", True, CRITICAL, _H),
    Key("severity", "incident", "severity", False, Fields({"level": Words(80), "scale": Words(200)})),
    _text("impact", "incident", True, _B),
    _text("description", "incident", True, _B),
    _text("cross_border", "incident", False, _C),
    Key("indicators", "technical", "files", False, Many(Ident(), 20), source="STIX 2.1"),
    Key("infrastructure_in_recipient_territory", "technical", "places", False, Many(_PLACE, 300), source=_C),
    _text("evidence_preserved", "technical", False),
    _choices("requested_actions", "request", True, ACTIONS, _H),
    _text("request_detail", "request", False),
    _text("offer", "request", False, _H),
    _text("legal_basis", "request", False),
    Key("ack", "response", "receipt", True, Fields({"role": Words(200, least=1)}), source=_C),
    _choice("capacity", "response", False, CAPACITY, _H),
    _text("action_taken", "response", False),
    _choice("refusal_reason", "response", False, REASONS),
    _text("outcome", "closure", False),
    _text("lessons", "closure", False),
    Key("record_copy", "closure", "reference", True, Words(120, least=1)),
)
BY_KEY: Final[Mapping[str, Key]] = {one.key: one for one in KEYS}

# Which keys an operation carries. When a message was sent is the time of its operation, and what it is follows from its kind.
HEAD: Final = (
    "reference", "their_reference", "from_entry", "languages", "tlp", "national_marking", "onward_sharing",
    "attribution_disclaimer",
)  # fmt: skip
_ABOUT: Final = (
    "urgency", "reply_requested_by", "title", "status", "first_observed", "sectors", "critical_infrastructure", "severity",
    "impact", "description", "cross_border", "indicators", "infrastructure_in_recipient_territory", "evidence_preserved",
    "requested_actions", "request_detail", "legal_basis",
)  # fmt: skip
CARRIED: Final[Mapping[str, tuple[str, ...]]] = {
    "incident.open": ("message_type", "exercise", "to_entries", "tier", *HEAD, *_ABOUT),
    "incident.update": (*HEAD, *_ABOUT),
    "incident.acknowledge": (*HEAD, "ack"),
    "incident.respond": (*HEAD, "capacity", "action_taken", "refusal_reason"),
    "incident.offer": (*HEAD, "offer", "capacity", "legal_basis"),
    "incident.close": (*HEAD, "outcome", "lessons", "record_copy"),
}
CHANGES: Final = frozenset(_ABOUT)  # keys an update may change, and keep what stands of the others
# What a reply cannot go without besides the required keys it carries.
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"incident.respond": ("capacity",), "incident.offer": ("offer",)}


def required(kind: str) -> tuple[str, ...]:
    """The keys a form of this kind must fill in, in the order of the form."""
    also = _ALSO.get(kind, ())
    must = [one.key for one in KEYS if one.required or one.key in also]
    if kind == "incident.update":
        must = [key for key in must if key in HEAD]
    return tuple(key for key in must if key in CARRIED[kind])


def fields_of(kind: str) -> Fields:
    """The check of a form as it travels with an operation of this kind."""
    keys = CARRIED[kind]
    return Fields({key: BY_KEY[key].field for key in keys}, frozenset(keys) - frozenset(required(kind)))


def empty(value: Any) -> bool:
    """Whether nothing was filled in. A no (0) is an answer."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(empty(one) for one in value.values())
    return value is None or value == []


def nothing(key: str) -> Any:
    """How a key says that what stood there was taken back."""
    sort = BY_KEY[key].sort
    if sort == "severity":
        return {"level": "", "scale": ""}
    return 0 if sort in ("moment", "yesno") else [] if sort in ("choices", "entries", "places", "files") else ""


def composed(value: Any) -> Any:
    """A value as it will be signed: every text in NFC, which may make it shorter or longer than it was typed, or came."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: composed(one) for key, one in value.items()}
    return [composed(one) for one in value] if isinstance(value, list | tuple) else value


def repeated(key: str, said: str, otherwise: str) -> str:
    """A line of somebody else's form as ours may carry it; `otherwise` where it could not, so that no form bars an answer."""
    words = str(composed(said))
    try:
        BY_KEY[key].field.check(words)
    except Refused:
        return otherwise
    return words


def missing(kind: str, form: Form) -> tuple[str, ...]:
    """The required keys that are not filled in, in the order of the form."""
    return tuple(key for key in required(kind) if empty(form.get(key)))


def blank(kind: str = "incident.open") -> dict[str, Any]:
    """A form before anybody wrote in it: no exercise, no attribution (norm 13 (b)), routine, nothing stated."""
    made: dict[str, Any] = {
        "message_type": "notification", "exercise": 0, "tier": "T1", "urgency": "routine", "languages": "en",
        "tlp": "TLP:AMBER", "attribution_disclaimer": 1, "status": "suspected", "critical_infrastructure": "not stated",
    }  # fmt: skip
    return {key: value for key, value in made.items() if key in CARRIED[kind]}
