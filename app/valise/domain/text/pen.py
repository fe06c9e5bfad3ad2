"""What the pen does to a text. Each function folds one operation at the end of the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from valise.domain.text.book import AGREED, SPANNED, Book, Edition, Par
from valise.domain.text.model import Status
from valise.domain.text.past import NO_LIMIT, Node
from valise.domain.text.standing import refresh


def words_hash(words: str) -> str:
    """What agree, close, reopen and park name: hex SHA-256 of the words in UTF-8."""
    return hashlib.sha256(words.encode()).hexdigest()


def _place(book: Book, id: str, after: str) -> None:
    book.order.insert(book.order.index(after) + 1 if after else 0, id)


def _new(book: Book, node: Node, number: int, position: int, made: Mapping[str, Any]) -> Par:
    status: Status = made.get("status", "open")
    parent = book.labels.get(made.get("parent", ""), "")
    par = Par(f"{node.id}/{number}", made["section"], made["label"], status, parent)
    par.versions.append((position, node.id, made["words"]))
    if status in AGREED:
        par.spells.append([position, NO_LIMIT])
    book.pars[par.id] = par
    if par.label:
        book.labels[par.label] = par.id
    book.touched.add(par.id)
    return par


def opened(book: Book, node: Node, position: int) -> str:
    """text.open: the title is paragraph "<text>/0", the others follow in the order given."""
    book.genesis = node
    book.roster = tuple(sorted(set(node.body["roster"])))
    title = {"section": "title", "label": "", "words": node.body["title"]}
    _new(book, node, 0, position, title)
    for number, made in enumerate(node.body["paragraphs"], 1):
        book.order.append(_new(book, node, number, position, made).id)
    return ""


def merge(book: Book, node: Node, position: int) -> str:
    """text.merge: all of it or, when one edit does not fit, nothing of it. Returns "" or why not."""
    edits, dispositions = node.body["edits"], node.body["dispositions"]
    why = _fits(book, node, edits) or next(
        ("text.unknown-proposal" for one in dispositions if one["proposal"] not in book.props), ""
    )
    if why:
        return why
    changed: set[str] = set()
    number = 0
    for edit in edits:
        op = edit["op"]
        if op in ("words", "split", "join"):
            _reword(book, edit["paragraph"], node.id, position, edit["words"])
            changed.add(edit["paragraph"])
        if op in ("add", "split"):
            number += 1
            made = edit
            if op == "split":
                whole = book.pars[edit["paragraph"]]
                made = {"section": whole.section, "label": edit["label"], "words": edit["rest"]}
            par = _new(book, node, number, position, made)
            if op == "split":
                par.parent = book.pars[edit["paragraph"]].parent
            after = edit["after"] if op == "add" else edit["paragraph"]
            _place(book, par.id, f"{node.id}/{after[1:]}" if after.startswith("#") else after)
        elif op in ("drop", "join"):
            gone = book.pars[edit["paragraph" if op == "drop" else "with"]]
            gone.gone = position
            changed.add(gone.id)
        elif op == "move":
            book.order.remove(edit["paragraph"])
            _place(book, edit["paragraph"], edit["after"])
            book.touched.add(edit["paragraph"])
        elif op == "label":
            _label(book, edit["paragraph"], edit["label"])
    for one in dispositions:
        prop = book.props[one["proposal"]]
        span = tuple(one["span"]) if "span" in one else None
        prop.events = (*prop.events, (position, one["outcome"], span, one.get("note", "")))
        if prop.par not in changed:
            refresh(book, prop)
    for id in changed:
        book.touched.add(id)
        for prop in book.pars[id].props:
            refresh(book, prop)
    return ""


def _fits(book: Book, node: Node, edits: list[dict[str, Any]]) -> str:
    """"" when every edit speaks of a paragraph that stands and may be changed."""
    gone: set[str] = set()
    new = 0

    def stands(id: str) -> bool:
        par = book.pars.get(id)
        return par is not None and par.gone < 0 and id not in gone

    for edit in edits:
        op = edit["op"]
        mine = edit.get("paragraph", "")
        if op != "add" and not stands(mine):
            return "text.unknown-paragraph"
        if op in ("words", "split", "join", "drop") and book.pars[mine].status in AGREED:
            return "text.agreed"
        if op in ("drop", "move", "split", "join", "label") and mine == book.title_id:
            return "text.unknown-paragraph"
        if op == "join":
            other = edit["with"]
            if other in (mine, book.title_id) or not stands(other):
                return "text.unknown-paragraph"
            if book.pars[other].status in AGREED:
                return "text.agreed"
            gone.add(other)
        if op in ("add", "move"):
            after = edit["after"]
            if after.startswith("#"):
                if op == "move" or not 0 < int(after[1:]) <= new:
                    return "text.unknown-paragraph"
            elif after and (after not in book.pars or after in (mine, book.title_id)):
                return "text.unknown-paragraph"
        if op == "drop":
            gone.add(mine)
        new += op in ("add", "split")
    return ""


def _reword(book: Book, id: str, ver: str, position: int, words: str) -> None:
    par = book.pars[id]
    par.shown = None
    if par.versions[-1][0] == position:
        par.versions.pop()
    par.versions.append((position, ver, words))


def _label(book: Book, id: str, label: str) -> None:
    book.pars[id].label = label
    book.touched.add(id)
    if label:
        book.labels[label] = id


def _status(status: Status) -> Callable[[Book, Node, int], str]:
    def fold(book: Book, node: Node, position: int) -> str:
        par = book.pars.get(node.body["paragraph"])
        if par is None or par.gone >= 0:
            return "text.unknown-paragraph"
        if par.ver != node.body["ver"] or words_hash(par.words) != node.body["hash"]:
            return "text.unknown-version"
        was, now = par.status in AGREED, status in AGREED
        if was and status == "parked":
            return "text.agreed"
        par.status = status
        if now and not was:
            par.spells.append([position, NO_LIMIT])
        elif was and not now:
            par.spells[-1][1] = position
        book.touched.add(par.id)
        for prop in par.props:
            refresh(book, prop)
        return ""

    return fold


agree = _status("agreed ad ref")
close = _status("closed")
reopen = _status("open")
park = _status("parked")


def admit(book: Book, node: Node, position: int) -> str:
    """text.admit: late, stale, moot or cut-off proposals come in, at the span given in today's words."""
    for one in node.body["items"]:
        prop = book.props.get(one["proposal"])
        if prop is None or prop.flaw:
            return "text.unknown-proposal"
        par = book.pars.get(prop.par)
        if par is not None and par.gone >= 0 and prop.what != "paragraph":
            return "text.unknown-paragraph"
        if prop.what in SPANNED and par is not None:
            span = one.get("span", [0, -1])
            if not 0 <= span[0] <= span[1] <= len(par.words):
                return "text.span"
    for one in node.body["items"]:
        prop = book.props[one["proposal"]]
        span = tuple(one["span"]) if "span" in one else None
        prop.events = (*prop.events, (position, "admitted", span, ""))
        refresh(book, prop)
    return ""


def revision(book: Book, node: Node, position: int) -> str:
    """text.revision: new labels if any, with an alias table. The fold adds what this replica computes."""
    if any(one["paragraph"] not in book.pars for one in node.body.get("labels", ())):
        return "text.unknown-paragraph"
    edition = Edition(node, len(book.editions) + 1, position)
    for one in node.body.get("labels", ()):
        old = book.pars[one["paragraph"]].label
        if old != one["label"]:
            edition.aliases.append((old, one["label"]))
            _label(book, one["paragraph"], one["label"])
    book.editions[node.id] = edition
    book.touched.add(node.id)
    return ""


def passed(book: Book, node: Node, position: int) -> str:
    """text.pass: the chain itself says who holds the pen."""
    return ""


def enrolled(book: Book, node: Node, position: int) -> str:
    """text.roster: the delegations that take part from here on (k of n stays with those of the opening)."""
    book.roster = tuple(sorted(set(node.body["roster"])))
    return ""
