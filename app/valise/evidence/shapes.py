"""What each kind of operation must look like: the right it needs, its signature, the fields of its body (docs/evidence.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from valise.protocol.canonical import MAX_INT

Check = Callable[[Any], bool]
RIGHTS: Final = ("amend", "commit", "enrol", "observe", "pen", "speak")
_ID = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_PARAGRAPH = re.compile(r"[A-Za-z0-9_-]{43}/(0|[1-9][0-9]{0,4})\Z", re.ASCII)
_OWN = re.compile(r"#[1-9][0-9]{0,3}\Z", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufeff]")


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind. `composite`: both signature algorithms; `fields` and `optional` name what its body holds."""

    right: str
    composite: bool
    fields: dict[str, Check]
    optional: frozenset[str]

    def fits(self, body: Any) -> bool:
        """Whether the body has exactly these fields, each as it must be."""
        return _object(self.fields, self.optional)(body)


def _ident(value: Any) -> bool:
    return type(value) is str and _ID.match(value) is not None


def _perhaps(value: Any) -> bool:
    return value == "" or _ident(value)


def _hash(value: Any) -> bool:
    return type(value) is str and _HEX.match(value) is not None


def _paragraph(value: Any) -> bool:
    return type(value) is str and _PARAGRAPH.match(value) is not None


def _start(value: Any) -> bool:
    return value == "" or _paragraph(value)


def _after(value: Any) -> bool:
    return _start(value) or (type(value) is str and _OWN.match(value) is not None)


def _target(value: Any) -> bool:
    return _paragraph(value) or _ident(value)


def _text(most: int, least: int = 0) -> Check:
    return lambda value: type(value) is str and least <= len(value) <= most


def _words(most: int, least: int = 0) -> Check:
    return lambda value: type(value) is str and least <= len(value) <= most and not _CONTROL.search(value)


def _one(*choices: str) -> Check:
    return lambda value: type(value) is str and value in choices


def _whole(least: int = 0, most: int = MAX_INT) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _many(item: Check, most: int) -> Check:
    return lambda value: type(value) is list and len(value) <= most and all(map(item, value))


def _object(fields: dict[str, Check], optional: frozenset[str] = frozenset()) -> Check:
    def check(value: Any) -> bool:
        return (
            type(value) is dict
            and value.keys() <= fields.keys()
            and fields.keys() - optional <= value.keys()
            and all(fields[name](one) for name, one in value.items())
        )

    return check


def _form(forms: dict[str, Check]) -> Check:
    return lambda value: (
        type(value) is dict and type(value.get("op")) is str and value["op"] in forms and forms[value["op"]](value)
    )


_LONG, _LABEL, _REASON = _words(20_000), _words(80), _words(2_000)
_SECTION = _one("title", "PP", "OP", "annex", "other")
_STATUS = _one("open", "agreed ad ref", "closed", "parked")
_VALUE = _one("support", "oppose", "reserve", "scrutiny reservation", "can go along", "none")
_WHAT = _one("words", "paragraph", "delete", "move", "alternative", "title")
_OUTCOME = _one("accepted", "amended", "rejected", "superseded", "rebased", "kept as alternative")
_TIME = _whole(1, 2**45)


def _span(value: Any) -> bool:
    return _many(_whole(0, 20_000), 2)(value) and len(value) == 2 and value[0] <= value[1]


_MADE: dict[str, Check] = {"section": _SECTION, "label": _LABEL, "words": _LONG, "status": _STATUS, "parent": _LABEL}
_OP: dict[str, Check] = {"op": _text(10, 1)}
_EDIT = _form({
    "words": _object({**_OP, "paragraph": _paragraph, "words": _LONG}),
    "add": _object({**_OP, "after": _after, **_MADE}, frozenset({"status", "parent"})),
    "drop": _object({**_OP, "paragraph": _paragraph}),
    "move": _object({**_OP, "paragraph": _paragraph, "after": _start}),
    "label": _object({**_OP, "paragraph": _paragraph, "label": _LABEL}),
    "split": _object({**_OP, "paragraph": _paragraph, "words": _LONG, "rest": _LONG, "label": _LABEL}),
    "join": _object({**_OP, "paragraph": _paragraph, "with": _paragraph, "words": _LONG}),
})  # fmt: skip
_DISPOSITION = _object({"proposal": _ident, "outcome": _OUTCOME, "span": _span, "note": _REASON}, frozenset({"span", "note"}))
_FILE = _object({
    "id": _ident, "name": _text(200, 1), "media": _text(120), "size": _whole(0, 2**31), "sealed": _whole(0, 2**31),
    "chunks": _whole(1, 40_000), "key": _text(43, 43), "plain_hash": _ident, "sealed_hash": _ident,
})  # fmt: skip
_PROPOSAL: dict[str, Check] = {
    "number": _whole(1), "what": _WHAT, "paragraph": _start, "ver": _perhaps, "span": _span, "quote": _LONG,
    "words": _LONG, "reason": _REASON, "after": _start, "section": _SECTION,
}  # fmt: skip
_DRAFT = _object({name: one for name, one in _PROPOSAL.items() if name != "number"}, frozenset({"after", "section"}))

KINDS: dict[str, Shape] = {}


def _kind(name: str, right: str, fields: dict[str, Check], optional: tuple[str, ...] = (), *, composite: bool = False) -> None:
    KINDS[name] = Shape(right, composite, fields, frozenset(optional))


_kind("room.create", "speak", {
    "kind": _one("bilateral", "group", "internal"), "title": _text(300), "members": _many(_ident, 300), "chair": _ident,
    "nonce": _text(43, 22),
})  # fmt: skip
_kind("room.add", "commit", {"delegation": _ident, "heads": _many(_ident, 64), "history": _one("record")})
_kind("room.remove", "commit", {"delegation": _ident, "heads": _many(_ident, 64)})
_kind("log.checkpoint", "observe", {"number": _whole(1), "seq": _whole(1), "head": _ident}, composite=True)
_kind("message.send", "speak", {
    "thread": _perhaps, "subject": _text(300), "body": _text(60_000), "marking": _text(60), "attachments": _many(_FILE, 20),
    "again": _ident,
}, ("again",))  # fmt: skip
_kind("message.acknowledge", "speak", {"message": _ident})
_kind("contact.vouch", "commit", {
    "about": _ident, "code": _text(12, 2), "card": _ident, "number": _whole(1), "how": _one("code", "words", "eye"),
    "verified_at": _whole(),
}, composite=True)  # fmt: skip
_kind("contact.unvouch", "commit", {"vouch": _ident}, composite=True)
_kind("joint.open", "amend", {
    "purpose": _one("joint statement", "co-sponsorship"), "title": _words(300, 1), "words": _text(60_000), "text": _perhaps,
    "revision": _perhaps, "hash": _hash, "language": _words(35), "until": _whole(0, 2**45), "replaces": _perhaps,
})  # fmt: skip
_kind("joint.sign", "commit", {"statement": _ident, "hash": _hash}, composite=True)
_kind("joint.leave", "commit", {"statement": _ident, "signs": _many(_ident, 1000)}, composite=True)
_kind("joint.close", "amend", {"statement": _ident, "signs": _many(_ident, 1000)})
_kind("joint.admit", "amend", {"statement": _ident, "signs": _many(_ident, 1000)})
_kind("remark.write", "observe", {
    "text": _ident, "paragraph": _text(100), "words": _text(20_000, 1),
    "sort": _one("note", "red line", "fallback", "instruction"), "replaces": _ident,
}, ("sort", "replaces"))  # fmt: skip
_kind("remark.strike", "observe", {"text": _ident, "remark": _ident})
_kind("release.rule", "amend", {"on": _whole(0, 1)})
_kind("release.ask", "amend", {"text": _ident, "proposals": _many(_DRAFT, 50), "replaces": _perhaps})
_kind("release.decide", "amend", {
    "text": _ident, "ask": _ident, "outcome": _one("released", "returned", "withdrawn"), "words": _text(2_000),
    "proposals": _many(_ident, 50),
})  # fmt: skip
_kind("text.open", "pen", {
    "title": _words(500, 1), "organ": _words(200), "symbol": _words(120), "language": _words(35), "roster": _many(_ident, 1000),
    "rules": _object({"quorum": _whole(1, 1000), "silence": _whole(0, 8760)}), "pen_device": _ident, "pen_delegation": _ident,
    "paragraphs": _many(_object(_MADE, frozenset({"parent"})), 1000),
})  # fmt: skip
_NAMED: dict[str, Check] = {"paragraph": _paragraph, "ver": _ident, "hash": _hash}
_HOLDER: dict[str, Check] = {"device": _ident, "delegation": _ident}
_PEN: dict[str, dict[str, Check]] = {
    "merge": {"edits": _many(_EDIT, 1000), "dispositions": _many(_DISPOSITION, 1000)},
    "agree": _NAMED, "close": _NAMED, "reopen": _NAMED, "park": _NAMED,
    "admit": {"items": _many(_object({"proposal": _ident, "span": _span}, frozenset({"span"})), 500)},
    "revision": {
        "symbol": _words(120, 1), "text_hash": _hash, "state_hash": _hash, "log_size": _whole(), "log_root": _hash,
        "heads": _many(_ident, 1000), "labels": _many(_object({"paragraph": _paragraph, "label": _LABEL}), 2000),
    },
    "pass": _HOLDER,
    "roster": {"roster": _many(_ident, 1000)},
    "silence_open": {"revision": _ident, "scope": _REASON, "deadline": _TIME},
    "silence_extend": {"silence": _ident, "deadline": _TIME},
    "silence_close": {"silence": _ident},
    "silence_confirm": {"silence": _ident, "outcome": _one("kept", "broken")},
}  # fmt: skip
for _name, _fields in _PEN.items():
    _kind(f"text.{_name}", "pen", {"text": _ident, "pen_prev": _ident, **_fields},
          ("labels",) if _name == "revision" else (), composite=_name == "revision")  # fmt: skip
PEN: Final = frozenset(f"text.{name}" for name in _PEN)
VOTES: Final = frozenset({"text.remove_pen", "text.recover", "text.resolve"})
_SAID: dict[str, tuple[str, dict[str, Check], tuple[str, ...]]] = {
    "remove_pen": ("pen", {"at": _ident, **_HOLDER, "reason": _REASON}, ()),
    "recover": ("commit", {"at": _ident, **_HOLDER, "reason": _REASON}, ()),
    "resolve": ("commit", {"what": _one("pen", "device"), "at": _perhaps, "device": _perhaps, "seq": _whole(),
                           "stands": _ident, "reason": _REASON}, ()),
    "propose": ("amend", _PROPOSAL, ("after", "section")),
    "cosponsor": ("amend", {"proposal": _ident}, ()),
    "withdraw": ("amend", {"proposal": _ident}, ()),
    "position": ("speak", {"target": _target, "value": _VALUE, "behalf": _words(80), "replaces": _many(_ident, 200)}, ()),
    "comment": ("speak", {"target": _target, "words": _words(4_000, 1)}, ()),
    "revision_ack": ("speak", {"revision": _ident, "text_hash": _hash, "state_hash": _hash}, ()),
    "silence_break": ("amend", {"silence": _ident, "reason": _REASON}, ()),
}  # fmt: skip
for _name, (_right, _fields, _optional) in _SAID.items():
    _kind(f"text.{_name}", _right, {"text": _ident, **_fields}, _optional)
