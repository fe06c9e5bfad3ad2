"""Where something happened since a revision, or among operations somebody names, and by whom. Display only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from valise.domain.errors import NotYet
from valise.domain.text.book import Book
from valise.domain.text.fold import TextState
from valise.domain.text.past import Node

Places = Mapping[str, tuple[str, ...]]  # paragraph -> delegations that did something there, sorted


def since(state: TextState, revision: str) -> Places:
    """What the pen had not seen when it made that revision. NotYet("text.unknown-revision")."""
    edition = state.book.editions.get(revision)
    if edition is None:
        raise NotYet("text.unknown-revision")
    limit = edition.position
    return _places(state, (node for node in state.past.nodes.values() if node.seen > limit and node is not edition.node))


def among(state: TextState, operations: Iterable[str]) -> Places:
    """Where these operations did something; those that are not of this text do nothing in it."""
    nodes = state.past.nodes
    return _places(state, (nodes[id] for id in operations if id in nodes))


def _places(state: TextState, nodes: Iterable[Node]) -> Places:
    book = state.book
    found: dict[str, set[str]] = {}
    for node in nodes:
        if node.kind and node.done and node.id not in book.void:
            for id in _touched(book, node):
                if id in book.pars:
                    found.setdefault(id, set()).add(node.author)
    return {id: tuple(sorted(who)) for id, who in found.items()}


def _touched(book: Book, node: Node) -> Iterator[str]:
    body = node.body
    match node.kind:
        case "text.propose":
            yield body["paragraph"] or body.get("after", "") or book.title_id
        case "text.cosponsor" | "text.withdraw":
            yield _of(book, body["proposal"])
        case "text.position" | "text.comment":
            yield body["target"] if body["target"] in book.pars else _of(book, body["target"])
        case "text.admit":
            yield from (_of(book, one["proposal"]) for one in body["items"])
        case "text.agree" | "text.close" | "text.reopen" | "text.park":
            yield body["paragraph"]
        case "text.merge":
            yield from (edit["paragraph"] for edit in body["edits"] if "paragraph" in edit)
            yield from (f"{node.id}/{n}" for n, _ in enumerate(body["edits"], 1))  # new paragraphs are named after it
            yield from (_of(book, one["proposal"]) for one in body["dispositions"])


def _of(book: Book, proposal: str) -> str:
    prop = book.props.get(proposal)
    return (prop.par or book.title_id) if prop else ""
