"""A text as a document: built from what the room's record holds and from nothing else, so that no internal word can be in it."""

from __future__ import annotations

from collections.abc import Callable

from valise.domain.text import view
from valise.domain.text.book import LIVE, Book, Prop
from valise.domain.text.fold import TextState
from valise.domain.text.standing import positions_on
from valise.formats.abc import TITLE, Change, Comment, Document, Para
from valise.vault.store import Handle

Codes = Callable[[str], str]  # delegation id -> its code


def codes_of(handle: Handle) -> Codes:
    """Delegation -> its code, "?" for one that is not known."""
    known: dict[str, str] = dict(handle.rows("select id, code from delegation"))
    return lambda delegation: known.get(delegation, "?")


def document(state: TextState, codes: Codes, marking: str = "") -> Document:
    """A state as a document. NotAllowed("text.not-open")."""
    book, head = state.book, view.head(state)
    standing = book.standing()
    place = {book.title_id: TITLE, **{par.id: at for at, par in enumerate(standing)}}
    changes: list[Change] = []
    for prop in sorted(book.props.values(), key=lambda one: one.node.order):
        changes += _change(book, prop, place, codes)
    comments: list[Comment] = []
    for par in (book.pars[book.title_id], *standing):
        alive = sorted((prop.node for prop in par.props if prop.state in LIVE), key=lambda node: node.order)
        for target in (par.id, *(node.id for node in alive)):  # the same order wherever they came first
            comments += _said(book, target, place[par.id], codes)
    header = [f"{name}: {value}" for name, value in (("Symbol", head.symbol), ("Handling", marking)) if value]
    return Document(
        head.title,
        tuple(
            Para(par.section, par.label, par.words, par.status, book.pars[par.parent].label if par.parent else "")
            for par in standing
        ),
        head.language,
        formula=head.organ,
        header=tuple(header),
        changes=tuple(changes),
        comments=tuple(comments),
    )


def _change(book: Book, prop: Prop, place: dict[str, int], codes: Codes) -> list[Change]:
    """A live proposal under each delegation behind it."""
    body, now = prop.node.body, prop.now
    at = place.get(prop.par, TITLE if not prop.par else None)
    if prop.state not in LIVE or at is None:
        return []
    author = ", ".join(codes(one) for one in now.sponsors)
    words = str(body["words"])
    if prop.what == "paragraph":
        return [Change("paragraph", words=words, author=author, after=at, section=body["section"])]
    if prop.what == "move":
        after = place.get(body["after"], TITLE)
        return [Change("move", at, author=author, after=after)]
    if prop.what == "delete":
        return [Change("delete", at, author=author)]
    par = book.pars[prop.par]
    span = (0, len(par.words)) if prop.what == "alternative" else now.span
    return [Change("words", at, span, words, author)] if now.ver == par.ver else []


def _said(book: Book, target: str, at: int, codes: Codes) -> list[Comment]:
    """Positions and remarks of the room, as comments on the paragraph."""
    found = []
    about = book.props.get(target)
    what = f" ({codes(about.node.author)}/{about.node.body['number']})" if about else ""
    for node, _ in positions_on(book, target):
        if node.body["value"] != "none":
            voice = str(node.body["behalf"]) or codes(node.author)
            found.append(Comment(at, (0, 0), f"{node.body['value']}{what}", voice))
    for node in sorted(book.comments.get(target, ()), key=lambda one: one.order):
        found.append(Comment(at, (0, 0), f"{node.body['words']}{what}", codes(node.author)))
    return found
