"""What everybody may add: proposals, sponsors, positions, comments, acknowledgements. Sets: order plays no part."""

from __future__ import annotations

from valise.domain.text.book import WHOLE, Book, Prop, span_of
from valise.domain.text.past import Node
from valise.domain.text.standing import refresh


def _flaw(book: Book, node: Node) -> str:
    """"" or why the proposal can never count: it must quote the words of the version it names."""
    body = node.body
    what, after = body["what"], body.get("after", "")
    if what in ("paragraph", "move") and after and (after not in book.pars or after == book.title_id):
        return "text.unknown-paragraph"
    if what == "paragraph":
        return "" if body["words"] and "section" in body else "text.no-change"
    par = book.pars.get(body["paragraph"])
    if par is None or (par.id == book.title_id) != (what == "title"):
        return "text.unknown-paragraph"
    if par.version(body["ver"]) < 0:
        return "text.unknown-version"
    if what == "move":
        return "text.no-change" if after == par.id else ""
    words = par.words_of(body["ver"])
    start, end = span_of(node)
    if not 0 <= start <= end <= len(words) or (what in WHOLE and (start, end) != (0, len(words))):
        return "text.span"
    if what == "alternative":
        return "" if body["words"] and body["words"] != words else "text.no-change"
    if words[start:end] != body["quote"]:
        return "text.quote"
    if what == "delete":
        return "text.no-change" if body["words"] else ""
    return "text.no-change" if body["words"] == body["quote"] else ""


def propose(book: Book, node: Node, cut: str = "") -> str:
    """text.propose. One of a device with two histories is kept too: shown, and the pen may admit it."""
    body = node.body
    par = body.get("after", "") if body["what"] == "paragraph" else body["paragraph"]
    prop = Prop(node, body["what"], par, _flaw(book, node), cut)
    book.count(prop, body["number"])
    refresh(book, prop)
    return prop.flaw


def cosponsor(book: Book, node: Node) -> str:
    prop = book.props.get(node.body["proposal"])
    if prop is None:
        return "text.unknown-proposal"
    prop.backers = (*prop.backers, node)
    refresh(book, prop)
    return ""


def withdraw(book: Book, node: Node) -> str:
    """text.withdraw: final for that delegation; only sponsors have something to withdraw."""
    prop = book.props.get(node.body["proposal"])
    if prop is None:
        return "text.unknown-proposal"
    prop.leavers = (*prop.leavers, node)
    refresh(book, prop)
    return ""


def _target(book: Book, target: str) -> str:
    if target in book.props:
        book.touched.update((target, book.props[target].par))
    elif target in book.pars:
        book.touched.add(target)
    else:
        return "text.unknown-target"
    book.touched.discard("")
    return ""


def position(book: Book, node: Node) -> str:
    """text.position: `replaces` reaches positions of its own delegation on the same target and no others."""
    target = node.body["target"]
    why = _target(book, target)
    if not why:
        book.positions.setdefault(target, []).append(node)
    return why


def comment(book: Book, node: Node) -> str:
    why = _target(book, node.body["target"])
    if not why:
        book.comments.setdefault(node.body["target"], []).append(node)
    return why


def acknowledge(book: Book, node: Node) -> str:
    """text.revision_ack: "I computed the same", or visibly not."""
    edition = book.editions.get(node.body["revision"])
    if edition is None:
        return "text.unknown-revision"
    said = edition.node.body
    same = all(node.body[name] == said[name] for name in ("text_hash", "state_hash"))
    (edition.acks if same else edition.others).add(node.author)
    book.touched.add(edition.node.id)
    return ""
