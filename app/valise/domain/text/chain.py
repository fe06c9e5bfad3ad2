"""The pen chain: who may write next, and which operation did.

Followed from the opening operation. The holder's next operation is the one that names the head in `pen_prev`.
Two of them freeze the text at the last common one, for everybody, until k of n delegations say which stands
(text.resolve) or give the pen to another device from there on (text.recover, whatever was written after).
The delegation that holds the pen may take it from its own device at a chain position (text.remove_pen): what
that device wrote after it does not count, unless it passed the pen to another delegation meanwhile; then the
text freezes instead. A cut is made at a position of the chain, never at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from valise.domain.text.past import Node

Holder = tuple[str, str]  # device, delegation


@dataclass(slots=True)
class Votes:
    """What delegations said about the pen and about devices with two histories."""

    recover: dict[str, dict[Holder, set[str]]] = field(default_factory=dict)
    remove: dict[str, list[Node]] = field(default_factory=dict)
    stands: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    devices: dict[tuple[str, int], dict[str, set[str]]] = field(default_factory=dict)

    def count(self, node: Node) -> None:
        body = node.body
        if node.kind == "text.recover":
            holder = (body["device"], body["delegation"])
            self.recover.setdefault(body["at"], {}).setdefault(holder, set()).add(node.author)
        elif node.kind == "text.remove_pen":
            self.remove.setdefault(body["at"], []).append(node)
        elif body["what"] == "pen":
            self.stands.setdefault(body["at"], {}).setdefault(body["stands"], set()).add(node.author)
        elif node.device != body["device"]:
            place = (body["device"], body["seq"])
            self.devices.setdefault(place, {}).setdefault(body["stands"], set()).add(node.author)


@dataclass(slots=True)
class Path:
    """The chain as far as it goes. `frozen` is "" or the code why it goes no further."""

    ids: list[str]
    holders: list[Holder]
    frozen: str = ""
    rivals: tuple[str, ...] = ()


def settled(votes: Votes, owners: Mapping[str, str], roster: frozenset[str], quorum: int) -> dict[tuple[str, int], str]:
    """Which operation stands where a device has two: its own delegation's word, or that of k of n."""
    found = {}
    for (device, seq), sides in votes.devices.items():
        own = [side for side, authors in sides.items() if owners.get(device) in authors]
        many = [side for side, authors in sides.items() if 0 < quorum <= len(authors & roster)]
        chosen = many or own
        if len(chosen) == 1:
            found[device, seq] = chosen[0]
    return found


def _passed_away(claims: Mapping[str, Sequence[Node]], start: str, holder: Holder) -> list[str]:
    """Pen operations after `start` by which this device gave the pen to another delegation."""
    stack, found = [start], []
    while stack:
        for node in claims.get(stack.pop(), ()):
            if node.device == holder[0]:
                stack.append(node.id)
                if node.kind == "text.pass" and node.body["delegation"] != holder[1]:
                    found.append(node.id)
    return found


def after(
    at: str, holder: Holder, claims: Mapping[str, Sequence[Node]], votes: Votes, roster: frozenset[str], quorum: int
) -> tuple[Holder, Node | None, str, tuple[str, ...]]:
    """What follows a chain position: (holder, next operation or None, why frozen, rival operations)."""
    given = [to for to, authors in votes.recover.get(at, {}).items() if 0 < quorum <= len(authors & roster)]
    if len(given) > 1:
        return holder, None, "text.recoveries-differ", ()
    if given:
        holder = given[0]
    else:
        taken = {
            (node.body["device"], holder[1])
            for node in votes.remove.get(at, ())
            if node.author == holder[1] != "" and node.device != holder[0] and node.body["delegation"] == holder[1]
        }
        if len(taken) > 1:
            return holder, None, "text.recoveries-differ", ()
        if taken:
            away = _passed_away(claims, at, holder)
            if away:
                return holder, None, "text.pen-fork", tuple(sorted(away))
            holder = taken.pop()
    nexts = [node for node in claims.get(at, ()) if (node.device, node.author) == holder]
    if len(nexts) > 1:
        stands = votes.stands.get(at, {})
        chosen = [node for node in nexts if 0 < quorum <= len(stands.get(node.id, set()) & roster)]
        if len(chosen) == 1:
            nexts = chosen
    if len(nexts) > 1:
        return holder, None, "text.pen-fork", tuple(sorted(node.id for node in nexts))
    return holder, nexts[0] if nexts else None, "", ()


def holder_of(node: Node, before: Holder) -> Holder:
    """Who may write after this pen operation."""
    if node.kind == "text.open":
        return (node.body["pen_device"], node.body["pen_delegation"])
    if node.kind == "text.pass":
        return (node.body["device"], node.body["delegation"])
    return before


def walk(
    genesis: Node, claims: Mapping[str, Sequence[Node]], votes: Votes, roster: frozenset[str], quorum: int
) -> Path:
    """Follow the chain from the opening operation."""
    path = Path([genesis.id], [])
    node, holder = genesis, holder_of(genesis, ("", ""))
    while True:
        holder, following, path.frozen, path.rivals = after(node.id, holder, claims, votes, roster, quorum)
        path.holders.append(holder)
        if following is None:
            return path
        node = following
        path.ids.append(node.id)
        holder = holder_of(node, holder)
