"""The operations of incidents. Those of the first table stand in the room the delegations share, those of the second in
the internal room alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from valise.domain.incident.form import LONGEST, TIERS, TIME, fields_of
from valise.domain.kinds import Field, Ident, Many, Right, Text, operation
from valise.domain.message import ATTACHMENT, attachment_id
from valise.domain.op import Op

MOST: Final = 1_000  # operations one of them names
_FILES: Final = Many(ATTACHMENT, 20)
_WORDS: Final = Text(LONGEST)


def subject(op: Op) -> str:
    """Id of the incident an operation belongs to; an opening is its own."""
    return op.id if op.kind == "incident.open" else str(op.body["incident"])


# name, right, fields beside "incident"
_SHARED: Final[tuple[tuple[str, Right, Mapping[str, Field]], ...]] = (
    # `over`: earlier operations of the same delegation whose values of the same keys these take the place of
    ("incident.update", "speak", {"form": fields_of("incident.update"), "over": Many(Ident(), MOST), "files": _FILES}),
    ("incident.acknowledge", "speak", {"form": fields_of("incident.acknowledge")}),
    ("incident.respond", "speak", {"form": fields_of("incident.respond"), "files": _FILES}),
    ("incident.offer", "speak", {"form": fields_of("incident.offer"), "files": _FILES}),
    ("incident.withdraw", "speak", {"offer": Ident(), "words": _WORDS}),
    # who asked says which offers it takes: it binds the delegation
    ("incident.choose", "commit", {"offers": Many(Ident(), MOST), "words": _WORDS}),
    ("incident.raise", "speak", {"tier": Text(2, TIERS), "words": _WORDS}),
    ("incident.close", "speak", {"form": fields_of("incident.close"), "seen": Many(Ident(), MOST)}),
    ("incident.reopen", "speak", {"closes": Many(Ident(), MOST), "words": _WORDS}),
)
_INSIDE: Final[tuple[tuple[str, Right, Mapping[str, Field]], ...]] = (
    ("incident.note", "observe", {"words": Text(LONGEST, least=1), "replaces": Ident(empty=True)}),
    ("incident.task", "observe", {
        "words": Text(2_000, least=1), "officer": Text(200), "due": TIME, "replaces": Ident(empty=True),
    }),
    ("incident.done", "observe", {"task": Ident(), "words": Text(2_000)}),
    ("incident.strike", "observe", {"what": Ident()}),
    # it was sent on to others; `until` is the embargo that still ran, `reason` why it did not hold it back
    ("incident.passed", "observe", {"made": Ident(empty=True), "where": Text(200), "until": TIME, "reason": Text(2_000)}),
)  # fmt: skip

operation(
    "incident.open", {"form": fields_of("incident.open"), "embargo": TIME, "files": _FILES}, right="speak",
)(subject)  # fmt: skip
for _name, _right, _fields in (*_SHARED, *_INSIDE):
    operation(_name, {"incident": Ident(), **_fields}, right=_right)(subject)

SHARED: Final = frozenset({"incident.open", *(name for name, _, _ in _SHARED)})
INSIDE: Final = frozenset(name for name, _, _ in _INSIDE)


def belongs(kind: str, room_kind: str) -> bool:
    """Whether an operation of this kind means anything in such a room: what is ours alone only in the internal one."""
    return kind in (INSIDE if room_kind == "internal" else SHARED)


def files(op: Op) -> list[Mapping[str, Any]]:
    """The files of an operation that are what they are called; another is as if it were not there."""
    return [one for one in op.body.get("files", ()) if one["id"] == attachment_id(op.room_id, one)]
