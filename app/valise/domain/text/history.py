"""What happened to one paragraph, from its first words to now, in display order. Display only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from valise.domain.errors import NotAllowed
from valise.domain.text import words as w
from valise.domain.text.book import Book, Par, Prop
from valise.domain.text.fold import TextState
from valise.domain.text.past import Node

Happened = Literal[
    "brought", "words", "moved", "dropped", "label", "agreed ad ref", "closed", "reopened", "parked", "proposed",
    "cosponsored", "withdrew", "disposed", "admitted", "position", "comment", "revision",
]  # fmt: skip
_STATUS: dict[str, Happened] = {
    "text.agree": "agreed ad ref", "text.close": "closed", "text.reopen": "reopened", "text.park": "parked",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `words` are those it left or spoke, `hunks` turn the words before into them (only
    "words"); `proposal` its id where it is about one; `detail` the outcome, the value of a position, a new label, a
    revision's symbol."""

    id: str
    what: Happened
    delegation: str
    at: int
    words: str = ""
    hunks: tuple[w.Hunk, ...] = ()
    proposal: str = ""
    detail: str = ""


def history(state: TextState, paragraph: str) -> tuple[Entry, ...]:
    """Everything about a paragraph (also the title, also one that was dropped). NotAllowed("text.unknown-paragraph")."""
    book = state.book
    par = book.pars.get(paragraph)
    if par is None:
        raise NotAllowed("text.unknown-paragraph", "this paragraph is not here")
    nodes = state.past.nodes
    found: list[tuple[Node, Entry]] = []
    for position, id in enumerate(book.chain):
        node = nodes[id]
        if id not in book.void:
            found += ((node, entry) for entry in _pen(book, par, node, position))
    for prop in par.props:
        if not prop.flaw:
            found += _proposal(state, prop)
    found += ((node, _position(node, "")) for node in book.positions.get(par.id, ()))
    found += ((node, _entry(node, "comment", words=str(node.body["words"]))) for node in book.comments.get(par.id, ()))
    return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0].order))


def _entry(node: Node, what: Happened, *, words: str = "", hunks: tuple[w.Hunk, ...] = (), proposal: str = "",
           detail: str = "") -> Entry:  # fmt: skip
    return Entry(node.id, what, node.author, node.at, words, hunks, proposal, detail)


def _pen(book: Book, par: Par, node: Node, position: int) -> Iterator[Entry]:
    """What this operation of the pen did to the paragraph."""
    for index, (at, _, words) in enumerate(par.versions):
        if at == position:
            if index:
                yield _entry(node, "words", words=words, hunks=tuple(w.difference(par.versions[index - 1][2], words)))
            else:
                yield _entry(node, "brought", words=words)
    if par.gone == position:
        yield _entry(node, "dropped")
    body = node.body
    if node.kind in _STATUS and body["paragraph"] == par.id:
        yield _entry(node, _STATUS[node.kind])
    elif node.kind == "text.merge":
        for edit in body["edits"]:
            if edit["op"] in ("move", "label") and edit["paragraph"] == par.id:
                yield _entry(node, "moved") if edit["op"] == "move" else _entry(node, "label", detail=edit["label"])
    elif node.kind == "text.revision":
        fresh = next((one["label"] for one in body.get("labels", ()) if one["paragraph"] == par.id), "")
        if fresh:
            yield _entry(node, "label", detail=fresh)
        if par.versions[0][0] <= position and not 0 <= par.gone < position:
            yield _entry(node, "revision", detail=str(body["symbol"]))


def _proposal(state: TextState, prop: Prop) -> Iterator[tuple[Node, Entry]]:
    book, nodes = state.book, state.past.nodes
    node, id = prop.node, prop.node.id
    yield node, _entry(node, "proposed", words=str(node.body["words"]), proposal=id, detail=prop.what)
    for backer in prop.backers:
        yield backer, _entry(backer, "cosponsored", proposal=id)
    for leaver in prop.leavers:
        yield leaver, _entry(leaver, "withdrew", proposal=id)
    for position, outcome, _, note in prop.events:
        pen = nodes[book.chain[position]]
        what: Happened = "admitted" if outcome == "admitted" else "disposed"
        yield pen, _entry(pen, what, words=note, proposal=id, detail=outcome)
    for said in book.positions.get(id, ()):
        yield said, _position(said, id)
    for said in book.comments.get(id, ()):
        yield said, _entry(said, "comment", words=str(said.body["words"]), proposal=id)


def _position(node: Node, proposal: str) -> Entry:
    return _entry(node, "position", proposal=proposal, detail=str(node.body["value"]), words=str(node.body["behalf"]))
