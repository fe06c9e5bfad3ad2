"""Who had seen what: the part of the room's record a text stands on.

Every record-class operation of the room is entered here; those of other texts and other matters only as
bare links (`kind` is ""). An operation is *here* when everything it names (`prev`, `deps`, the text, the pen
operation before it, the proposals and paragraph versions it speaks of) is here; until then it waits.

Causality is kept as two small numbers per operation instead of a vector of 386 devices. The pen chain is
linear and each pen operation has the one before it in its past, so the pasts of the chain are nested:
`seen` = the first chain position whose past holds the operation, `known` = the highest chain position in the
operation's own past. "The pen had seen p when it did k" is `p.seen <= k`; "p was made knowing k" is
`p.known >= k`. Marking costs each operation one visit in all. `Past.vector` gives the classic vector.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from valise.domain.op import Op

UNSEEN = 2**31
NO_LIMIT = 2**60


Rest = tuple[str, "tuple[str, ...] | list[str]", int, int, dict[str, Any]]


class Node:
    """An operation as the fold holds it; `kind` "" = not of this text. What is seldom asked for (`rest`: prev,
    deps, at, tick, body without the text's id) stays the bytes of the snapshot until it is."""

    __slots__ = ("_rest", "author", "device", "done", "id", "kind", "known", "seen", "seq")

    def __init__(
        self, id: str, kind: str, author: str, device: str, seq: int, rest: Rest | bytes, known: int = -1,
        seen: int = UNSEEN, done: bool = False,
    ) -> None:
        self.id = id
        self.kind = kind
        self.author = author
        self.device = device
        self.seq = seq
        self.known = known
        self.seen = seen
        self.done = done
        self._rest = rest

    @property
    def rest(self) -> Rest:
        rest = self._rest
        if type(rest) is bytes:
            prev, deps, at, tick, body = json.loads(rest)
            rest = self._rest = (prev, deps, at, tick, body)
        return rest  # type: ignore[return-value]

    @property
    def packed(self) -> bytes:
        """`rest` as canonical JSON."""
        rest = self._rest
        return rest if type(rest) is bytes else canonical(rest)

    @property
    def prev(self) -> str:
        return self.rest[0]

    @property
    def at(self) -> int:
        return self.rest[2]

    @property
    def body(self) -> dict[str, Any]:
        return self.rest[4]

    @property
    def order(self) -> tuple[int, int, str, int, str]:
        """Sort key for lists, display only (as Op.order)."""
        rest = self.rest
        return (rest[2], rest[3], self.device, self.seq, self.id)

    def again(self) -> Node:
        """The same operation, not folded."""
        return Node(self.id, self.kind, self.author, self.device, self.seq, self._rest)


def node_of(op: Op, mine: bool) -> Node:
    """The node of an operation; of a foreign one only the links are kept."""
    body = {name: value for name, value in op.body.items() if name != "text"} if mine else {}
    rest = (op.prev, op.deps, op.at, op.tick, body)
    return Node(op.id, op.kind if mine else "", op.author, op.device, op.seq, rest)


def canonical(value: Any) -> bytes:
    """Canonical JSON of strings, integers, lists and objects: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _maker(reference: str) -> str:
    """The operation a paragraph id, proposal id or own mark ("#2") comes from; "" for none."""
    return "" if reference.startswith("#") else reference.partition("/")[0]


def references(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    """Operations a body speaks of; "" among them means nothing."""
    for name in ("pen_prev", "at", "stands", "ver", "proposal", "revision", "silence"):
        value = body.get(name)
        if type(value) is str:
            yield value
    for name in ("paragraph", "after", "target"):
        value = body.get(name)
        if type(value) is str:
            yield _maker(value)
    for name in ("replaces", "heads"):
        yield from body.get(name, ())
    if kind in ("text.merge", "text.admit", "text.revision"):
        for edit in body.get("edits", ()):
            for name in ("paragraph", "after", "with"):
                if name in edit:
                    yield _maker(edit[name])
        for name in ("dispositions", "items"):
            for one in body.get(name, ()):
                yield one["proposal"]
        for one in body.get("labels", ()):
            yield _maker(one["paragraph"])


class Past:
    """The links of one room's record as far as they have come, and the devices caught with two histories.

    Feed record-class operations only: sequence numbers count per class."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.nodes: dict[str, Node] = {}
        self.devices: dict[str, dict[int, Node]] = {}
        self.twins: dict[str, dict[int, list[Node]]] = {}  # device -> seq -> two or more operations
        self.outside: dict[str, int] = {}  # device -> first sequence number suspended by the room
        self.limits: dict[str, int] = {}  # device -> first sequence number that does not apply
        self.losers: set[str] = set()  # operations of a branch a resolution has cut
        self.lacking: dict[str, int] = {}  # waiting operation -> how many of its links are not here
        self.wanted: dict[str, list[Node]] = {}  # missing or waiting operation -> those that wait for it

    def links(self, node: Node) -> set[str]:
        """Ids of everything the operation stands on."""
        prev, deps, _, _, body = node.rest
        found = {prev, *deps}
        if node.kind:
            if node.id != self.text:
                found.add(self.text)
            found.update(references(node.kind, body))
        found.discard("")
        return found

    def add(self, node: Node) -> tuple[list[Node], bool]:
        """Enter a new operation. Returns what is here now because of it, in causal order, and whether the
        device turned out to have two histories that reach further back than was known."""
        self.nodes[node.id] = node
        log = self.devices.setdefault(node.device, {})
        worse = False
        other = log.setdefault(node.seq, node)
        if other is not node:
            twins = self.twins.setdefault(node.device, {}).setdefault(node.seq, [other])
            twins.append(node)
            worse = node.seq < self.limits.get(node.device, NO_LIMIT)
        if node.prev in self.losers:
            self._lose(node)
        return self.enter(node), worse

    def _lose(self, node: Node) -> None:
        """The operation follows a branch that was cut, and so do those after it (as `suspend` finds them)."""
        limit, twins = self.limits.get(node.device, NO_LIMIT), self.twins.get(node.device, {})
        log = self.devices[node.device]
        lost = [node] if node.seq <= limit else []
        for one in lost:
            self.losers.add(one.id)
            after = twins.get(one.seq + 1) or ([log[one.seq + 1]] if one.seq + 1 in log else [])
            lost += [next for next in after if next.prev == one.id and next.seq <= limit]

    def enter(self, node: Node) -> list[Node]:
        """Work out whether the operation is here, and who waited for it."""
        missing = [link for link in self.links(node) if (at := self.nodes.get(link)) is None or not at.done]
        if missing:
            self.lacking[node.id] = len(missing)
            for link in missing:
                self.wanted.setdefault(link, []).append(node)
            return []
        node.done = True
        ready = [node]
        for here in ready:
            for waiter in self.wanted.pop(here.id, ()):
                self.lacking[waiter.id] -= 1
                if not self.lacking[waiter.id]:
                    del self.lacking[waiter.id]
                    waiter.done = True
                    ready.append(waiter)
        return ready

    def cut(self, node: Node) -> str:
        """"" or the code why the operation does not apply."""
        if node.seq >= self.limits.get(node.device, NO_LIMIT) or node.id in self.losers:
            return "text.suspended"
        before = self.nodes.get(node.prev)
        if (before is None) != (node.seq == 1) or (
            before is not None and (before.device != node.device or before.seq != node.seq - 1)
        ):
            return "text.log-broken"
        return ""

    def suspend(self, settled: Mapping[tuple[str, int], str]) -> None:
        """Work out `limits` and `losers` anew. `settled` = (device, seq) -> the operation that stands there."""
        self.limits.clear()
        self.losers.clear()
        for device in self.twins.keys() | self.outside.keys():
            log, twins = self.devices.get(device, {}), self.twins.get(device, {})
            outside = self.outside.get(device, NO_LIMIT)
            for seq in sorted(log.keys() | {outside} - {NO_LIMIT}):
                here = twins.get(seq) or ([log[seq]] if seq in log else [])
                self.losers.update(one.id for one in here if one.prev in self.losers)
                left = [one.id for one in here if one.id not in self.losers]
                stands = settled.get((device, seq), "")
                if stands in left:
                    self.losers.update(one for one in left if one != stands)
                elif len(left) > 1 or seq == outside:
                    self.limits[device] = seq
                    break

    def mark(self, node: Node, position: int) -> list[Node]:
        """Everything the pen operation at this chain position is the first to have in its past."""
        node.seen = position
        fresh = [node]
        nodes = self.nodes
        for one in fresh:
            for link in self.links(one):
                at = nodes[link]
                if at.seen == UNSEEN:
                    at.seen = position
                    fresh.append(at)
        return fresh

    def vector(self, id: str) -> dict[str, int]:
        """Device -> highest sequence number in the past of an operation that is here (itself included)."""
        found: dict[str, int] = {}
        stack, met = [self.nodes[id]], {id}
        while stack:
            node = stack.pop()
            found[node.device] = max(node.seq, found.get(node.device, 0))
            for link in self.links(node) - met:
                met.add(link)
                stack.append(self.nodes[link])
        return found

    @property
    def missing(self) -> tuple[str, ...]:
        """Operations others speak of that have not come, sorted."""
        return tuple(sorted(self.wanted.keys() - self.nodes.keys()))
