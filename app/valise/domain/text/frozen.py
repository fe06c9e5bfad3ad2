"""Why a text goes no further, what the delegations can say about it, and who has said what. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from valise.domain.text.book import Book
from valise.domain.text.chain import Votes
from valise.domain.text.fold import TextState
from valise.domain.text.kinds import VOTES
from valise.domain.text.past import Node
from valise.domain.text.saying import ready


@dataclass(frozen=True, slots=True)
class Side:
    """One of two operations that cannot both stand: who signed it, what it did, (label, words) of what it wrote, and the
    delegations that said it stands."""

    id: str
    kind: str
    device: str
    delegation: str
    at: int
    wrote: tuple[tuple[str, str], ...]
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubled:
    """A device with two histories: its two (or more) operations at one place."""

    device: str
    delegation: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The pen to this device, from the last common position on."""

    device: str
    delegation: str
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """`code` as in the text's head, "" while it is not frozen. `at` is the last common position of the pen chain; `quorum`
    of the `roster` that took part from the opening decide."""

    code: str
    at: str
    quorum: int
    roster: tuple[str, ...]
    sides: tuple[Side, ...]
    doubled: tuple[Doubled, ...]
    recoveries: tuple[Recovery, ...]


def frozen(state: TextState) -> Frozen:
    """NotAllowed("text.not-open")."""
    book = ready(state)
    assert book.genesis is not None
    body, past = book.genesis.body, state.past
    votes = Votes()
    for node in past.nodes.values():
        if node.done and node.kind in VOTES and not past.cut(node):
            votes.count(node)
    roster = frozenset(body["roster"])
    stands = votes.stands.get(book.head, {})
    sides = tuple(_side(book, past.nodes[id], stands.get(id, ())) for id in book.rivals if id in past.nodes)
    doubled = []
    for one in state.suspended:
        said = votes.devices.get((one.device, one.seq), {})
        nodes = [past.nodes[id] for id in one.rivals if id in past.nodes]
        doubled.append(
            Doubled(one.device, one.delegation, tuple(_side(book, node, said.get(node.id, ())) for node in nodes))
        )
    return Frozen(
        book.frozen, book.head, int(body["rules"]["quorum"]), tuple(sorted(roster)), sides, tuple(doubled),
        tuple(
            Recovery(device, delegation, tuple(sorted(who & roster)))
            for (device, delegation), who in sorted(votes.recover.get(book.head, {}).items())
        ),
    )  # fmt: skip


def _side(book: Book, node: Node, voices: Iterable[str]) -> Side:
    wrote = []
    for edit in node.body.get("edits", ()) if node.kind == "text.merge" else ():
        par = book.pars.get(edit.get("paragraph", ""))
        wrote.append((par.label if par else edit.get("label", ""), str(edit.get("words", ""))))
    if node.kind == "text.propose":
        par = book.pars.get(node.body["paragraph"])
        wrote.append((par.label if par else "", str(node.body["words"])))
    return Side(node.id, node.kind, node.device, node.author, node.at, tuple(wrote), tuple(sorted(voices)))
