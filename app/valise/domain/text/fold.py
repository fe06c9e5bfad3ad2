"""The fold of one text: a state that is a pure function of the set of operations given.

Feed `TextState.apply` every record-class operation of the room, in any order, as often as you like; those of
other matters are kept as links only, because they carry causality. An ordinary operation is folded in place.
What reaches back (a device caught with two histories, a second operation of the pen at one place, a word of the
quorum) marks the state, and the next reader folds everything again; so a flood of such operations costs one fold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from valise.domain.errors import NotYet
from valise.domain.op import Op
from valise.domain.text import facts, hashes, snapshot
from valise.domain.text.book import Book, Edition
from valise.domain.text.chain import Path, Votes, holder_of, settled, walk
from valise.domain.text.kinds import FACTS, KINDS, PEN, VOTES
from valise.domain.text.past import UNSEEN, Node, Past, node_of

SUSPENDED = "text.suspended"  # the opening itself does not stand
EVERYTHING: frozenset[str] = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Suspension:
    """A device whose operations do not apply from `seq` on. `rivals` = its two (or more) operations there."""

    device: str
    delegation: str
    seq: int
    rivals: tuple[str, ...]


class TextState:
    """One text as far as its operations have come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._past = Past(text)
        self._book = Book(text)
        self._again = False  # the next reader folds everything again
        self._proof: dict[str, str] | None = None

    # what goes in

    def apply(self, op: Op) -> frozenset[str]:
        """Enter one operation of the room (again: nothing happens). Returns the ids of the paragraphs, proposals
        and revisions touched, "*" = everything."""
        past = self._past
        if op.id in past.nodes:
            return frozenset()
        mine = (op.kind == "text.open" and op.id == self.text) or (
            op.kind != "text.open" and op.kind in KINDS and op.body.get("text") == self.text
        )
        return self._enter(node_of(op, mine))

    def apply_all(self, ops: Iterable[Op]) -> frozenset[str]:
        """Enter many operations."""
        touched: set[str] = set()
        for op in ops:
            touched |= self.apply(op)
        return EVERYTHING if "*" in touched else frozenset(touched)

    def suspend(self, device: str, from_seq: int) -> frozenset[str]:
        """The room saw two histories of this device (for instance in operations of another class)."""
        past = self._past
        if past.outside.get(device, from_seq + 1) <= from_seq:
            return frozenset()
        past.outside[device] = from_seq
        self._proof = None
        self._again = True
        return EVERYTHING

    def _enter(self, node: Node) -> frozenset[str]:
        self._proof = None
        ready, worse = self._past.add(node)
        if worse:
            self._again = True
        if self._again:
            return EVERYTHING
        book = self._book
        book.touched.clear()
        for here in ready:
            self._fold(here)
            if self._again:
                return EVERYTHING
        return frozenset(book.touched)

    # the fold

    def _fold(self, node: Node) -> None:
        """Fold one operation that is here and all of whose past is folded."""
        past, book = self._past, self._book
        nodes = past.nodes
        node.known = max((nodes[link].known for link in past.links(node)), default=-1)
        book.unseen[node.id] = node
        if not node.kind:
            return
        book.logged += 1
        cut = past.cut(node)
        if book.frozen == SUSPENDED or (cut and node.id == self.text):
            book.frozen = book.void[node.id] = SUSPENDED
        elif cut:
            book.void[node.id] = cut
            if node.kind == "text.propose":
                facts.propose(book, node, cut)
        elif node.kind in VOTES:
            self._again = True
        elif node.kind in PEN:
            self._pen(node)
        else:
            self._fact(node)

    def _fact(self, node: Node) -> None:
        why = FACTS[node.kind](self._book, node)
        if why:
            self._book.void[node.id] = why

    def _pen(self, node: Node) -> None:
        book = self._book
        if node.kind == "text.open":
            self._extend(node, holder_of(node, ("", "")))
            return
        before = node.body["pen_prev"]
        place = book.place.get(before, -1)
        if node.kind == "text.pass" and book.removed:
            self._again = True
        elif place < 0 or book.holders[place] != (node.device, node.author):
            book.void[node.id] = "text.not-pen"
        elif before == book.head and book.frozen in ("", "text.pen-suspended"):
            self._extend(node, holder_of(node, book.holder))
        elif before == book.head and book.frozen == "text.pen-fork" and not book.removed:
            book.void[node.id] = "text.pen-fork"
            book.rivals = tuple(sorted({*book.rivals, node.id}))
        else:
            self._again = True

    def _extend(self, node: Node, holder: tuple[str, str]) -> None:
        """The next operation of the pen chain."""
        past, book = self._past, self._book
        position = len(book.chain)
        book.chain.append(node.id)
        book.place[node.id] = position
        book.holders.append(holder)
        book.touched.add(node.id)
        book.frozen = "text.pen-suspended" if holder[0] in past.limits else ""
        node.known = position
        for seen in past.mark(node, position):
            book.unseen.pop(seen.id, None)
        why = PEN[node.kind](book, node, position)
        if why:
            book.void[node.id] = why
        elif node.kind == "text.revision":
            self._compute(book.editions[node.id])

    def _compute(self, edition: Edition) -> None:
        """What this replica computes for a revision, over the revision's own past and nothing else."""
        past, book = self._past, self._book
        limit = edition.position
        if past.limits or past.losers:
            # Rare and exact: what was found out about devices later must not change what was signed then.
            inside = [node for node in past.nodes.values() if node.seen <= limit and node is not edition.node]
            body = edition.node.body
            edition.computed = _of_past(self.text, inside, body["symbol"], body.get("labels", []))
            return
        of_text = hashes.text_hash(book)
        logged = sorted(
            id for id, node in past.nodes.items() if node.kind and node.seen <= limit and node is not edition.node
        )
        edition.computed = (of_text, hashes.state_hash(book, of_text, limit), len(logged), hashes.log_root(logged))

    def _refold(self) -> None:
        """Fold everything again, from the operations alone."""
        old = self._past
        past, book = Past(self.text), Book(self.text)
        past.outside = old.outside
        order: list[Node] = []
        for node in old.nodes.values():
            node.known, node.seen, node.done = -1, UNSEEN, False
            order += past.add(node)[0]
        self._past, self._book, self._again = past, book, False
        genesis = past.nodes.get(self.text)
        if genesis is None or not genesis.done or not genesis.kind:
            past.suspend({})
            return
        roster, quorum = frozenset(genesis.body["roster"]), int(genesis.body["rules"]["quorum"])
        mine = [node for node in order if node.kind]
        said = Votes()
        for node in mine:
            if node.kind == "text.resolve" and node.device not in past.twins:
                said.count(node)
        suspects = (past.twins.keys() | past.outside.keys()) & past.devices.keys()
        owners = {device: min(node.author for node in past.devices[device].values()) for device in suspects}
        past.suspend(settled(said, owners, roster, quorum))
        votes = Votes()
        claims: dict[str, list[Node]] = {}
        for node in mine:
            if past.cut(node):
                continue
            if node.kind in VOTES:
                votes.count(node)
            elif node.kind in PEN and node is not genesis:
                claims.setdefault(node.body["pen_prev"], []).append(node)
        path = walk(genesis, claims, votes, roster, quorum)
        if past.cut(genesis):
            book.frozen, path = SUSPENDED, Path([], [])
        place = {id: position for position, id in enumerate(path.ids)}
        for node in order:
            if node.id in place:
                book.logged += 1
                self._extend(node, path.holders[place[node.id]])
            elif path.ids and node.kind in ("text.open", *PEN, *VOTES) and not past.cut(node):
                node.known = max((past.nodes[link].known for link in past.links(node)), default=-1)
                book.logged += 1
                book.unseen[node.id] = node
                if node.kind in PEN:
                    book.void[node.id] = "text.pen-fork" if node.id in path.rivals else "text.not-pen"
            else:
                self._fold(node)
        book.frozen, book.rivals = path.frozen or book.frozen, path.rivals
        book.removed = any(votes.remove.values())

    # what comes out

    @property
    def book(self) -> Book:
        """The state, folded as far as the operations allow. Read only."""
        if self._again:
            self._refold()
        return self._book

    @property
    def past(self) -> Past:
        """Who had seen what. Read only."""
        if self._again:
            self._refold()
        return self._past

    @property
    def opened(self) -> bool:
        """Whether the opening operation is here and stands."""
        return self.book.genesis is not None

    @property
    def waiting(self) -> tuple[str, ...]:
        """Operations of this text whose past is not all here, sorted."""
        nodes = self._past.nodes
        return tuple(sorted(id for id in self._past.lacking if nodes[id].kind))

    @property
    def missing(self) -> tuple[str, ...]:
        """Operations that are spoken of and have not come, sorted."""
        return self._past.missing

    @property
    def suspended(self) -> tuple[Suspension, ...]:
        """Devices with two histories, by device id."""
        past = self.past
        found = []
        for device, seq in sorted(past.limits.items()):
            twins = past.twins.get(device, {}).get(seq, [])
            log = past.devices.get(device)
            owner = min(node.author for node in log.values()) if log else ""
            found.append(Suspension(device, owner, seq, tuple(sorted(node.id for node in twins))))
        return tuple(found)

    @property
    def void(self) -> dict[str, str]:
        """Operations that have no effect, and why."""
        return self.book.void

    def computed(self, revision: str) -> tuple[str, str, int, str]:
        """(text hash, state hash, log size, log root) this replica computes for a revision.
        NotYet("text.unknown-revision")."""
        edition = self.book.editions.get(revision)
        if edition is None:
            raise NotYet("text.unknown-revision")
        return edition.computed

    def as_of(self, revision: str) -> TextState:
        """The text as a revision had it: folded apart, from the revision and what it covers and nothing else (about 40
        microseconds an operation). NotYet("text.unknown-revision")."""
        past, edition = self.past, self.book.editions.get(revision)
        if edition is None:
            raise NotYet("text.unknown-revision")
        return _folded(self.text, [node for node in past.nodes.values() if node.seen <= edition.position])

    def heads(self) -> list[str]:
        """What is here and nothing else here stands on, sorted: what a revision covers."""
        past, book = self.past, self.book
        found = {book.head, *book.unseen} - {""}
        for node in book.unseen.values():
            found -= past.links(node)
        return sorted(found)

    def proof(self) -> dict[str, str]:
        """Same text, same members, same pending list, in under 200 bytes."""
        book = self.book
        if self._proof is None:
            self._proof = hashes.proof(book)
        return dict(self._proof)

    # cache

    def dump(self) -> bytes:
        """The same bytes for the same set of operations."""
        return snapshot.dump(self.past, self.book)

    @classmethod
    def load(cls, data: bytes) -> TextState:
        """The state `dump` wrote. Damaged("text.snapshot") when it is of another version or torn."""
        past, book = snapshot.load(data)
        state = cls(past.text)
        state._past, state._book = past, book
        return state


def ahead(state: TextState, symbol: str, labels: list[dict[str, str]]) -> tuple[str, str, int, str]:
    """What a revision made now, on all that is here, must name: (text hash, state hash, log size, log root)."""
    past, book = state.past, state.book
    inside = [node for node in past.nodes.values() if node.done]
    if past.limits or past.losers:
        return _of_past(state.text, inside, symbol, labels)
    of_text = hashes.text_hash(book, symbol, {one["paragraph"]: one["label"] for one in labels})
    logged = sorted(node.id for node in inside if node.kind)
    return of_text, hashes.state_hash(book, of_text), len(logged), hashes.log_root(logged)


def _of_past(text: str, inside: list[Node], symbol: str, labels: list[dict[str, str]]) -> tuple[str, str, int, str]:
    """The same over a set of operations that holds its own past, folded apart."""
    state = _folded(text, inside)
    of_text = hashes.text_hash(state.book, symbol, {one["paragraph"]: one["label"] for one in labels})
    logged = sorted(node.id for node in inside if node.kind)
    return of_text, hashes.state_hash(state.book, of_text), len(logged), hashes.log_root(logged)


def _folded(text: str, inside: list[Node]) -> TextState:
    """A set of operations that holds its own past, folded apart from everything else."""
    state = TextState(text)
    for node in inside:
        state._past.nodes[node.id] = node.again()
    state._again = True
    return state
