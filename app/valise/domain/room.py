"""Rooms: who is in them, decided by signed operations of the room's chair, as a pure function of the set.

Removal beats addition: an addition counts only when every removal of that delegation that exists lies in
the addition's own past. So while two devices see different heads, nobody who was removed in either is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from valise.domain.errors import NotAllowed
from valise.domain.kinds import Ident, Many, Text, operation
from valise.domain.op import Op

ROOM_KINDS = ("bilateral", "group", "internal")


@dataclass(frozen=True, slots=True)
class RoomState:
    """`members` sorted; `ever` = every delegation that was a member at some time, or taken for one; `heads` of the membership
    DAG, sorted; `removals` = (delegation, operation id), those in `lifted` lie before a later addition of the same
    delegation; `void` = operations that had no authority."""

    id: str
    kind: Literal["bilateral", "group", "internal"]
    title: str
    chair: str
    members: tuple[str, ...]
    ever: frozenset[str]
    heads: tuple[str, ...]
    removals: tuple[tuple[str, str], ...]
    void: tuple[str, ...]
    since: tuple[tuple[str, str], ...]  # (member, the operation that made it one)
    lifted: frozenset[str] = frozenset()


@operation(
    "room.create",
    {
        "kind": Text(16, ROOM_KINDS),
        "title": Text(300),
        "members": Many(Ident(), 300),
        "chair": Ident(),
        "nonce": Text(43, least=22),
    },
    right="speak",
)
def _founding(op: Op) -> str:
    """Why a founding operation has no authority, or ""."""
    members = op.body["members"]
    if sorted(set(members)) != members or op.author not in members or op.body["chair"] != op.author:
        return "room.founding"
    size = {"internal": (1, 1), "bilateral": (2, 2), "group": (2, 300)}[op.body["kind"]]
    return "" if size[0] <= len(members) <= size[1] else "room.founding"


@operation(
    "room.add", {"delegation": Ident(), "heads": Many(Ident(), 64), "history": Text(8, ("record",))}, right="commit"
)
def _may_add(state_chair: str, kind: str, op: Op) -> bool:
    return kind == "group" and op.author == state_chair


@operation("room.remove", {"delegation": Ident(), "heads": Many(Ident(), 64)}, right="commit")
def _may_remove(state_chair: str, kind: str, op: Op) -> bool:
    if kind == "internal" or op.body["delegation"] == state_chair:
        return False
    return kind == "group" and op.author in (state_chair, op.body["delegation"])


def fold(ops: Iterable[Op], cut: Iterable[Op] = ()) -> RoomState | None:
    """The room as the set of its membership operations gives it; None while the founding one is not here.

    `cut` = those of devices with two histories, which do not count; but whoever they added may have been heard by some
    before they knew, and so is heard by all, also one who had been removed before.
    """
    every = sorted(ops, key=lambda op: op.id)
    founding = next((op for op in every if op.kind == "room.create"), None)
    if founding is None or _founding(founding):
        return None
    kind, chair = founding.body["kind"], founding.body["chair"]
    valid: dict[str, Op] = {founding.id: founding}
    void = []
    for op in every:
        if op.kind == "room.create":
            continue
        rule = _may_add if op.kind == "room.add" else _may_remove
        if rule(chair, kind, op):
            valid[op.id] = op
        else:
            void.append(op.id)
    past = _pasts(valid, founding.id)
    removals = tuple((op.body["delegation"], op.id) for op in valid.values() if op.kind == "room.remove")
    made: dict[str, str] = {}
    ever = set(founding.body["members"])
    for op in valid.values():
        names = founding.body["members"] if op is founding else [op.body["delegation"]] if op.kind == "room.add" else []
        for name in names:
            ever.add(name)
            if all(removal in past[op.id] for gone, removal in removals if gone == name):
                made.setdefault(name, op.id)
    cut_adds = {op.id: op for op in cut if op.kind == "room.add" and _may_add(chair, kind, op)}
    ever.update(op.body["delegation"] for op in cut_adds.values())
    heard = _pasts({**valid, **cut_adds}, founding.id) if cut_adds else past
    lifted = frozenset(
        removal
        for op in (*valid.values(), *cut_adds.values())
        if op.kind == "room.add"
        for gone, removal in removals
        if gone == op.body["delegation"] and removal in heard[op.id]
    )
    covered = {head for op in valid.values() if op is not founding for head in op.body["heads"]}
    heads = tuple(sorted(set(valid) - covered))
    members = tuple(sorted(made))
    return RoomState(
        founding.id,
        kind,
        founding.body["title"],
        chair,
        members,
        frozenset(ever),
        heads,
        tuple(sorted(removals)),
        tuple(void),
        tuple(sorted(made.items())),
        lifted,
    )


def _pasts(valid: dict[str, Op], founding: str) -> dict[str, set[str]]:
    """For each membership operation, the ids in its past (by `heads`); the founding one is in every past."""
    pasts: dict[str, set[str]] = {}
    for start, first in valid.items():
        seen = {founding}
        todo = list(first.body.get("heads", ()))
        while todo:
            one = todo.pop()
            if one not in seen and one in valid:
                seen.add(one)
                todo.extend(valid[one].body.get("heads", ()))
        seen.discard(start)
        pasts[start] = seen
    return pasts


def create(kind: str, title: str, members: Sequence[str], me: str, nonce: str) -> dict[str, Any]:
    """Body of a founding operation. NotAllowed("room.members") when the number of members does not fit the kind."""
    every = sorted({*members, me})
    fits = {"internal": len(every) == 1, "bilateral": len(every) == 2, "group": len(every) >= 2}
    if kind not in fits or not fits[kind]:
        raise NotAllowed("room.members")
    return {"kind": kind, "title": title.strip(), "members": every, "chair": me, "nonce": nonce}


def add(state: RoomState, me: str, delegation: str) -> dict[str, Any]:
    """Body that adds a delegation and shares the room's record with it (the signed sharing of history)."""
    if state.kind != "group" or me != state.chair:
        raise NotAllowed("room.not_chair")
    if delegation in state.members:
        raise NotAllowed("room.already_member")
    return {"delegation": delegation, "heads": list(state.heads), "history": "record"}


def remove(state: RoomState, me: str, delegation: str) -> dict[str, Any]:
    """Body that removes a delegation; a delegation may remove itself, the chair anybody but itself."""
    if state.kind != "group" or delegation == state.chair or me not in (state.chair, delegation):
        raise NotAllowed("room.not_chair")
    if delegation not in state.members:
        raise NotAllowed("room.not_member")
    return {"delegation": delegation, "heads": list(state.heads)}
