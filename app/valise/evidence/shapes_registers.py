"""What each kind of operation about a register, and about a round of pings, must look like (docs/evidence.md)."""

from __future__ import annotations

from typing import Final

from valise.evidence.shapes import _FILE, Check, _ident, _kind, _many, _object, _one, _perhaps, _text, _whole

_NAME, _ROW, _NAMED = _text(60, 1), _text(200, 1), _text(200, 1)
_NOTE = _text(2_000)
_WHEN = _whole()  # ms UTC
_CHANGE = _object({"field": _NAME, "values": _many(_text(20_000), 200), "replaces": _many(_ident, 200)})
_kind("register.set", "speak", {
    "register": _NAME, "side": _one("stated", "assessed"), "row": _ROW, "changes": _many(_CHANGE, 200), "note": _NOTE,
    "undoes": _perhaps, "files": _many(_FILE, 20),
}, ("note", "undoes", "files"))  # fmt: skip
_kind("register.define", "commit", {"toml": _text(200_000, 1)})

# Of an entry, what its own delegation is asked about: nothing of how the other one handles it.
_ASKED: Final = (
    "category", "entry_kind", "full_name", "form_of_address", "official_position", "institution", "description", "email",
    "email_alternative", "phone", "phone_24x7", "languages", "hours", "time_zone", "preferred_channel",
)  # fmt: skip
_ENTRY = _many(_object({"field": _one(*_ASKED), "values": _many(_text(1_000), 40)}), len(_ASKED))
_FORUM, _YES = _text(100), _whole(0, 1)
_CONTACT = _object({"contact": _ROW, "state": _text(20), "label": _text(60), "way": _one("here", "outside")})
_PINGS: Final[dict[str, dict[str, Check]]] = {
    "round": {
        "title": _NAMED, "forum": _FORUM, "due": _WHEN, "exercise": _YES, "nonce": _text(43, 22),
        "asked": _many(_CONTACT, 400), "words": _NOTE,
    },
    "close": {"round": _ident},
    "record": {
        "round": _ident, "contact": _ROW, "outcome": _one("answered", "no reply", "bounced", "wrong contact"),
        "channel": _one("telephone", "e-mail", "meeting", "note", "other"), "asked_at": _WHEN, "at": _WHEN, "words": _NOTE,
        "changes": _ENTRY, "replaces": _many(_ident, 50),
    },
    "ask": {
        "token": _ident, "title": _NAMED, "forum": _FORUM, "role": _text(300), "due": _WHEN, "exercise": _YES,
        "marking": _text(60), "entry": _ENTRY,
    },
    "answer": {
        "ask": _ident, "says": _one("confirmed", "changed", "wrong contact"), "changes": _ENTRY, "words": _NOTE,
        "replaces": _many(_ident, 50),
    },
}  # fmt: skip
for _name, _fields in _PINGS.items():
    _kind(f"ping.{_name}", "speak", _fields)
