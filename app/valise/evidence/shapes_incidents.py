"""What each kind of operation about an incident must look like (docs/evidence.md): the form of 38 keys, and what is said on it."""

from __future__ import annotations

from typing import Final

from valise.evidence.shapes import _FILE, Check, _ident, _kind, _many, _object, _one, _perhaps, _text, _whole, _words

_TIME = _whole(0, 2**45)
_LONG, _ROLE = _text(20_000), _text(200, 1)
_FILES = _many(_FILE, 20)
_ONWARD = ("CSIRT", "law enforcement", "named operators", "regional organization", "none")
_SECTORS = ("energy", "health", "finance", "transport", "water", "telecom", "government", "elections", "food", "other")
_ACTIONS = ("confirm receipt", "information", "mitigate", "preserve evidence", "technical call", "diplomatic call",
            "expert assistance", "none")  # fmt: skip
_TYPES = ("notification", "request for information", "request for assistance", "request for mitigation", "exercise",
          "acknowledgement", "response", "update", "closure")  # fmt: skip
_TIER = _one("T0", "T1", "T2", "T3")
_FORM: Final[dict[str, Check]] = {
    "message_type": _one(*_TYPES), "exercise": _whole(0, 1), "reference": _words(120, 1), "their_reference": _words(120),
    "from_entry": _ROLE, "to_entries": _many(_ROLE, 50), "tier": _TIER, "urgency": _one("routine", "priority", "immediate"),
    "reply_requested_by": _TIME, "languages": _words(35, 2),
    "tlp": _one("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"), "national_marking": _words(120),
    "onward_sharing": _many(_one(*_ONWARD), len(_ONWARD)), "attribution_disclaimer": _whole(0, 1), "title": _words(300, 1),
    "status": _one("suspected", "ongoing", "contained", "ended"), "first_observed": _TIME,
    "sectors": _many(_one(*_SECTORS), len(_SECTORS)), "critical_infrastructure": _one("yes", "no", "not stated"),
    "severity": _object({"level": _words(80), "scale": _words(200)}), "impact": _LONG, "description": _LONG, "cross_border": _LONG,
    "indicators": _many(_ident, 20),
    "infrastructure_in_recipient_territory": _many(_object({"what": _words(300, 1), "from": _TIME, "to": _TIME}), 300),
    "evidence_preserved": _LONG, "requested_actions": _many(_one(*_ACTIONS), len(_ACTIONS)), "request_detail": _LONG, "offer": _LONG,
    "legal_basis": _LONG, "ack": _object({"role": _words(200, 1)}), "capacity": _one("yes", "partly", "no", "under examination"),
    "action_taken": _LONG,
    "refusal_reason": _one("capacity", "law", "more information needed", "outside competence", "not stated"),
    "outcome": _LONG, "lessons": _LONG, "record_copy": _words(120, 1),
}  # fmt: skip
_MUST: Final = ("reference", "from_entry", "languages", "tlp", "attribution_disclaimer")  # in every form
_HEAD: Final = (*_MUST, "their_reference", "national_marking", "onward_sharing")
_TOLD: Final = ("title", "status", "sectors", "critical_infrastructure", "impact", "description", "requested_actions")
_ABOUT: Final = (
    "urgency", *_TOLD, "reply_requested_by", "first_observed", "severity", "cross_border", "indicators",
    "infrastructure_in_recipient_territory", "evidence_preserved", "request_detail", "legal_basis",
)  # fmt: skip


def _form(keys: tuple[str, ...], must: tuple[str, ...]) -> Check:
    every = (*_HEAD, *keys)
    return _object({key: _FORM[key] for key in every}, frozenset(every) - {*_MUST, *must})


_OPENS = ("message_type", "exercise", "to_entries", "tier", "urgency")
_OP: Final[dict[str, Check]] = {"incident": _ident}
_SHARED: Final[dict[str, tuple[str, dict[str, Check]]]] = {
    "update": ("speak", {"form": _form(_ABOUT, ()), "over": _many(_ident, 1_000), "files": _FILES}),
    "acknowledge": ("speak", {"form": _form(("ack",), ("ack",))}),
    "respond": ("speak", {"form": _form(("capacity", "action_taken", "refusal_reason"), ("capacity",)), "files": _FILES}),
    "offer": ("speak", {"form": _form(("offer", "capacity", "legal_basis"), ("offer",)), "files": _FILES}),
    "withdraw": ("speak", {"offer": _ident, "words": _LONG}),
    "choose": ("commit", {"offers": _many(_ident, 1_000), "words": _LONG}),
    "raise": ("speak", {"tier": _TIER, "words": _LONG}),
    "close": ("speak", {"form": _form(("outcome", "lessons", "record_copy"), ("record_copy",)), "seen": _many(_ident, 1_000)}),
    "reopen": ("speak", {"closes": _many(_ident, 1_000), "words": _LONG}),
    "note": ("observe", {"words": _text(20_000, 1), "replaces": _perhaps}),
    "task": ("observe", {"words": _text(2_000, 1), "officer": _text(200), "due": _TIME, "replaces": _perhaps}),
    "done": ("observe", {"task": _ident, "words": _text(2_000)}),
    "strike": ("observe", {"what": _ident}),
    "passed": ("observe", {"made": _perhaps, "where": _text(200), "until": _TIME, "reason": _text(2_000)}),
}  # fmt: skip
_kind("incident.open", "speak", {
    "form": _form(("message_type", "exercise", "to_entries", "tier", *_ABOUT), (*_OPENS, *_TOLD)), "embargo": _TIME, "files": _FILES,
})  # fmt: skip
for _name, (_right, _fields) in _SHARED.items():
    _kind(f"incident.{_name}", _right, {**_OP, **_fields})
