"""One incident, one record: what a set of operations about it comes to, whatever their order, with the same hash for all.

A value stands until an operation of the same delegation takes its place; two that stand and say different things are a
difference for a person. The tier only rises. A closure stands until it is opened again. No clock decides anything here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from valise.domain.incident import kinds
from valise.domain.incident.form import CHANGES, TIERS, Form, empty
from valise.domain.op import Op

State = Literal["sent", "acknowledged", "answered", "offered", "chosen", "closed"]
STATES: tuple[State, ...] = ("sent", "acknowledged", "answered", "offered", "chosen", "closed")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the common timeline. `at` ms UTC by its author's clock. `counts` False: said by somebody whose word it is
    not (a closure by another delegation), kept and shown all the same."""

    id: str
    kind: str
    author: str
    device: str
    at: int
    body: Mapping[str, Any]
    counts: bool
    files: tuple[str, ...]

    @property
    def form(self) -> Form:
        """What was filled in; {} where the operation has no form."""
        found: Form = self.body.get("form", {})
        return found


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of assistance. `chosen` and `withdrawn` may both be true: it was taken back after it was chosen, or before
    that was known."""

    id: str
    delegation: str
    at: int
    form: Form
    chosen: bool
    withdrawn: bool


@dataclass(frozen=True)
class Incident:
    """What a set of operations comes to. `form` holds one value a key (the one of the smallest operation id where several
    stand); `differs` names the keys of which two stand, `standing` has all of them."""

    id: str
    room: str
    opener: str
    at: int
    embargo: int
    form: Form
    standing: Mapping[str, tuple[tuple[str, Any], ...]]  # key -> (operation, value), by operation id
    differs: frozenset[str]
    tier: str
    tier_since: int
    acknowledged: tuple[tuple[str, int, str], ...]  # delegation, first time, role
    answered: tuple[str, ...]  # delegations that responded or offered
    offers: tuple[Offer, ...]
    closures: tuple[str, ...]  # those that stand
    lines: tuple[Line, ...]  # by the clock, for display
    ticks: Mapping[str, int]

    @property
    def exercise(self) -> bool:
        """Whether it is one. Said when it was opened, and by nothing afterwards."""
        return bool(self.form["exercise"])

    @property
    def title(self) -> str:
        return str(self.form["title"])

    @property
    def closed(self) -> bool:
        return bool(self.closures)

    @property
    def chosen(self) -> tuple[Offer, ...]:
        """The offers the opener takes and that were not taken back."""
        return tuple(one for one in self.offers if one.chosen and not one.withdrawn)

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.closed:
            return "closed"
        if self.chosen:
            return "chosen"
        if any(not one.withdrawn for one in self.offers):
            return "offered"
        return "answered" if self.answered else "acknowledged" if self.acknowledged else "sent"

    @property
    def changed_at(self) -> int:
        return max(one.at for one in self.lines)

    @cached_property
    def record(self) -> bytes:
        """The canonical record: one JSON text (RFC 8785) of what stands and of every operation it stands on."""
        value = {
            "v": 1, "incident": self.id, "room": self.room, "opener": self.opener, "at": self.at, "embargo": self.embargo,
            "exercise": int(self.exercise), "state": self.state, "tier": self.tier,
            "standing": {key: [list(one) for one in values] for key, values in self.standing.items()},
            "acknowledged": [list(one) for one in self.acknowledged], "answered": list(self.answered),
            "offers": [
                {"id": one.id, "delegation": one.delegation, "chosen": int(one.chosen), "withdrawn": int(one.withdrawn)}
                for one in sorted(self.offers, key=lambda offer: offer.id)
            ],
            "closures": list(self.closures),
            "operations": [
                {"id": one.id, "kind": one.kind, "author": one.author, "device": one.device, "at": one.at,
                 "tick": self.ticks[one.id], "counts": int(one.counts), "body": one.body}
                for one in sorted(self.lines, key=lambda line: line.id)
            ],
        }  # fmt: skip
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def hash(self) -> str:
        """Hex SHA-256 of the record: the same at every delegation that holds the same operations (sha256sum agrees)."""
        return hashlib.sha256(self.record).hexdigest()


def fold(ops: Iterable[Op], suspended: Collection[str] = ()) -> Incident | None:
    """What a set of operations about one incident comes to; None while its opening is not among them.

    `suspended`: operations of devices with two histories, which count for nothing. What is said in another room than that of
    the opening is said to other people and does not belong here.
    """
    every = {op.id: op for op in ops if op.id not in suspended and op.kind in kinds.SHARED}
    first = next((op for op in every.values() if op.kind == "incident.open"), None)
    if first is None:
        return None
    mine = [
        op for op in every.values()
        if op is first or (op.kind != "incident.open" and op.body["incident"] == first.id and op.room == first.room)
    ]  # fmt: skip
    mine.sort(key=lambda op: op.id)
    counts = {op.id: _counts(op, first, mine) for op in mine}
    valid = [op for op in mine if counts[op.id]]
    standing = _standing(first, valid)
    form = {key: values[0][1] for key, values in standing.items()}
    reopened = {id for op in valid if op.kind == "incident.reopen" for id in op.body["closes"]}
    raised = [op for op in valid if op.kind == "incident.raise"]
    tier = max((str(first.body["form"]["tier"]), *(str(op.body["tier"]) for op in raised)), key=TIERS.index)
    since = min((op.at for op in raised if op.body["tier"] == tier), default=first.at)
    if tier == first.body["form"]["tier"]:
        since = first.at
    acknowledged: dict[str, tuple[int, str, str]] = {}
    for op in valid:
        if op.kind == "incident.acknowledge":
            one = (op.at, op.id, str(op.body["form"]["ack"]["role"]))
            acknowledged[op.author] = min(acknowledged.get(op.author, one), one)
    answered = {op.author for op in valid if op.kind in ("incident.respond", "incident.offer")}
    return Incident(
        first.id, first.room, first.author, first.at, first.body["embargo"], form, standing,
        frozenset(key for key, values in standing.items() if len(values) > 1 and len({_text(one) for _, one in values}) > 1),
        tier, since, tuple(sorted((who, at, role) for who, (at, _, role) in acknowledged.items())),
        tuple(sorted(answered)), _offers(valid),
        tuple(sorted(op.id for op in valid if op.kind == "incident.close" and op.id not in reopened)),
        tuple(
            Line(op.id, op.kind, op.author, op.device, op.at, op.body, counts[op.id], tuple(one["id"] for one in kinds.files(op)))
            for op in sorted(mine, key=lambda op: op.order)
        ),
        {op.id: op.tick for op in mine},
    )  # fmt: skip


_OPENERS = ("incident.update", "incident.choose", "incident.raise", "incident.close", "incident.reopen")
_OTHERS = ("incident.acknowledge", "incident.respond", "incident.offer")


def _counts(op: Op, first: Op, mine: Iterable[Op]) -> bool:
    """Whether it is its author's to say. Who asked corrects, chooses, raises and closes; the others acknowledge and answer;
    an offer is taken back by whoever made it."""
    if op is first:
        return True
    if op.kind in _OPENERS:
        return op.author == first.author
    if op.kind in _OTHERS:
        return op.author != first.author
    made = next((one for one in mine if one.id == op.body["offer"] and one.kind == "incident.offer"), None)
    return made is not None and made.author == op.author


def _standing(first: Op, valid: list[Op]) -> dict[str, tuple[tuple[str, Any], ...]]:
    """Every value of every key that no later operation took the place of."""
    said: dict[str, list[Op]] = {key: [first] for key, value in first.body["form"].items() if not empty(value)}
    updates = [op for op in valid if op.kind == "incident.update"]
    for op in updates:
        for key in op.body["form"].keys() & CHANGES:
            said.setdefault(key, []).append(op)
    over = {op.id: set(op.body["over"]) for op in updates}
    made: dict[str, tuple[tuple[str, Any], ...]] = {}
    for key, ops in said.items():
        if len(ops) == 1:  # as it was said first: so stands nearly everything
            made[key] = ((ops[0].id, ops[0].body["form"][key]),)
            continue
        replaced = {id for op in ops if op is not first for id in over[op.id] if id != op.id}
        # operations that name each other in a ring cannot be made: an id is a hash of what it names
        stands = [op for op in ops if op.id not in replaced]
        made[key] = tuple((op.id, op.body["form"][key]) for op in sorted(stands, key=lambda op: op.id))
    return made


def _offers(valid: list[Op]) -> tuple[Offer, ...]:
    chosen = {id for op in valid if op.kind == "incident.choose" for id in op.body["offers"]}
    gone = {op.body["offer"] for op in valid if op.kind == "incident.withdraw"}
    made = [op for op in valid if op.kind == "incident.offer"]
    return tuple(
        Offer(op.id, op.author, op.at, op.body["form"], op.id in chosen, op.id in gone)
        for op in sorted(made, key=lambda op: op.order)
    )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
