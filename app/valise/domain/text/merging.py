"""How the pen changes the text: edits with a disposition for every proposal they touch. Bodies to sign.

NotAllowed("text.not-pen") when `device` does not hold the pen, "text.frozen" when nobody may write on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.text import labels as lb
from valise.domain.text import words as w
from valise.domain.text.book import FINAL, LIVE, PENDING, SPANNED, WHOLE, Book, Par, Prop, Span
from valise.domain.text.fold import TextState
from valise.domain.text.kinds import OUTCOMES
from valise.domain.text.saying import Body, changeable, held, made, pen_body, proposal, standing, tidy


def touched_by(book: Book, edits: Sequence[Mapping[str, Any]]) -> list[Prop]:
    """The live proposals these edits touch, which the pen has to dispose of, by id."""
    found: dict[str, Prop] = {}
    for edit in edits:
        for name in ("paragraph", "with"):
            par = book.pars.get(edit.get(name, ""))
            if par is None or edit["op"] in ("label", "add"):
                continue
            for prop in par.props:
                worded = prop.what in SPANNED or prop.what in WHOLE
                touched = {
                    "move": prop.what == "move",
                    "words": worded and edit.get("words") != par.words,
                }.get(edit["op"], prop.what != "paragraph")
                if touched and prop.state in LIVE:
                    found[prop.node.id] = prop
    return [found[id] for id in sorted(found)]


def merge(
    state: TextState, device: str, edits: Sequence[Mapping[str, Any]], dispositions: Sequence[Mapping[str, Any]]
) -> Body:
    """Change the text. Every live proposal the edits touch must be disposed of: NotAllowed("text.undisposed").
    An "add" without label gets the next one (bis, ter, quater between frozen numbers)."""
    book = held(state, device)
    ready = [_edit(book, edit) for edit in edits]
    _label_new(book, ready)
    said = []
    for one in dispositions:
        prop = proposal(book, one["proposal"])
        if one["outcome"] not in OUTCOMES:
            raise NotAllowed("text.outcome", "there is no such outcome")
        if prop.state not in PENDING:
            raise NotAllowed("text.decided", "this proposal is no longer open")
        clean = {"proposal": one["proposal"], "outcome": one["outcome"]}
        if one.get("span") is not None:
            clean["span"] = list(one["span"])
        if one.get("note"):
            clean["note"] = tidy(one["note"], 2_000)
        _check_span(book, prop, clean, ready)
        said.append(clean)
    if len({one["proposal"] for one in said}) != len(said):
        raise NotAllowed("text.outcome", "a proposal is disposed of twice")
    if {prop.node.id for prop in touched_by(book, ready)} - {one["proposal"] for one in said}:
        raise NotAllowed("text.undisposed", "a proposal these edits touch is not disposed of")
    if not ready and not said:
        raise NotAllowed("text.no-change", "there is nothing to do")
    return pen_body(state, edits=ready, dispositions=said)


def _edit(book: Book, edit: Mapping[str, Any]) -> dict[str, Any]:
    op = edit.get("op")
    if op == "add":
        if edit["after"] and not edit["after"].startswith("#"):
            standing(book, edit["after"])
        return {"op": op, "after": "" if edit["after"] == book.title_id else edit["after"], **made(edit)}
    if op not in ("words", "drop", "move", "label", "split", "join"):
        raise NotAllowed("text.edit", "there is no such edit")
    id = edit["paragraph"]
    if op in ("move", "label"):
        standing(book, id)
    else:
        changeable(book, id)
    if id == book.title_id and op != "words":
        raise NotAllowed("text.unknown-paragraph", "the title can only be worded otherwise")
    clean: dict[str, Any] = {"op": op, "paragraph": id}
    if op == "move":
        if edit["after"]:
            standing(book, edit["after"])
        if edit["after"] in (id, book.title_id):
            raise NotAllowed("text.no-change", "it cannot stand there")
        clean["after"] = edit["after"]
    if op in ("words", "split", "join"):
        clean["words"] = tidy(edit["words"])
    if op == "join":
        if edit["with"] in (id, book.title_id):
            raise NotAllowed("text.no-change", "a paragraph cannot be joined with itself or the title")
        clean["with"] = changeable(book, edit["with"]).id
    if op == "split":
        clean["rest"] = tidy(edit["rest"])
    if op in ("label", "split"):
        clean["label"] = tidy(edit.get("label", ""), 80)
    return clean


def _label_new(book: Book, edits: list[dict[str, Any]]) -> None:
    """Give new paragraphs without a label theirs; those of one merge after each other count on."""
    mine: dict[str, str] = {}
    at: list[str] = []
    for edit in edits:
        if edit["op"] not in ("add", "split"):
            continue
        after = edit["paragraph"] if edit["op"] == "split" else edit["after"]
        anchor = at[int(after[1:]) - 1] if after.startswith("#") else after
        at.append(anchor)
        if edit["label"]:
            continue
        whole = book.pars[after] if edit["op"] == "split" else None
        section = whole.section if whole else edit["section"]
        parent = whole.parent if whole else book.labels.get(edit.get("parent", ""), "")
        label = lb.for_new(book, anchor, section, parent)
        while label and label in mine:
            found = lb.between(section, [label], [label], {*book.labels, *mine})
            label = found if found not in mine else lb.with_suffix(label, {*book.labels, *mine})
        if label:
            mine[label] = edit["label"] = label


def _check_span(book: Book, prop: Prop, said: Mapping[str, Any], edits: Sequence[Mapping[str, Any]]) -> None:
    if prop.what not in SPANNED or said["outcome"] in FINAL:
        return
    words = next(
        (edit["words"] for edit in reversed(edits) if edit.get("paragraph") == prop.par and "words" in edit),
        book.pars[prop.par].words,
    )
    span = said.get("span")
    needed = said["outcome"] == "rebased" or words != book.pars[prop.par].words or prop.state not in LIVE
    if (span is None and needed) or (span is not None and not 0 <= span[0] <= span[1] <= len(words)):
        raise NotAllowed("text.span", "the place in the new words is missing or not in them")


def _clear(span: Span, cut: Span, words: str) -> Span | None:
    """Where a span lies after `cut` was replaced by `words`, when the two do not touch."""
    if span[1] < cut[0] or (span[1] == cut[0] and span[0] < span[1] and cut[0] < cut[1]):
        return span
    if span[0] > cut[1] or (span[0] == cut[1] and span[0] < span[1] and cut[0] < cut[1]):
        shift = len(words) - (cut[1] - cut[0])
        return (span[0] + shift, span[1] + shift)
    return None


def others(book: Book, par: Par, new: str, taken: Prop | None) -> list[dict[str, Any]]:
    """Dispositions for the other live proposals of a paragraph whose words become `new`: the same outcome is
    accepted too, what can be found again is rebased, a rival that cannot is superseded in so many words."""
    found = []
    for prop in sorted(par.props, key=lambda one: one.node.id):
        if prop is taken or prop.state not in LIVE or prop.what in ("paragraph", "move"):
            continue
        said: dict[str, Any] = {"proposal": prop.node.id, "outcome": "rebased"}
        if prop.state == "kept as alternative":
            said["outcome"] = "kept as alternative"
        words = prop.node.body["words"]
        if prop.what in WHOLE:
            if prop.what == "alternative" and words == new:
                said["outcome"] = "accepted"
        else:
            start, end = prop.now.span
            if par.words[:start] + words + par.words[end:] == new:
                said["outcome"] = "accepted"
            else:
                span = None
                if taken is not None and taken.what in SPANNED:
                    span = _clear(prop.now.span, taken.now.span, taken.node.body["words"])
                span = span or w.rebase(prop.now.span, par.words, new)
                if span is None:
                    said["outcome"] = "superseded"
                else:
                    said["span"] = list(span)
        found.append(said)
    return found


def take(state: TextState, device: str, id: str) -> Body:
    """The merge by which the pen takes one proposal as it stands. NotAllowed("text.decided") when it is not open,
    late and stale ones have to be admitted first."""
    book = held(state, device)
    prop = proposal(book, id)
    if prop.state not in LIVE:
        raise NotAllowed("text.decided", "this proposal is not open")
    body = prop.node.body
    said: list[dict[str, Any]] = [{"proposal": id, "outcome": "accepted"}]
    if prop.what == "paragraph":
        after = _last_child(book, body["after"])
        edits: list[dict[str, Any]] = [
            {"op": "add", "after": after, "section": body["section"], "label": "", "words": body["words"]}
        ]
        return merge(state, device, edits, said)
    par = changeable(book, prop.par)
    if prop.what == "move":
        edits = [{"op": "move", "paragraph": par.id, "after": _standing_before(book, body["after"])}]
        rivals = [one.node.id for one in touched_by(book, edits) if one is not prop]
        said += [{"proposal": rival, "outcome": "superseded"} for rival in rivals]
    elif prop.what == "delete":
        edits = [{"op": "drop", "paragraph": par.id}]
        said += [
            {"proposal": one.node.id, "outcome": "accepted" if one.what == "delete" else "superseded"}
            for one in touched_by(book, edits) if one is not prop
        ]
    else:
        start, end = prop.now.span
        new = par.words[:start] + body["words"] + par.words[end:]
        edits = [{"op": "words", "paragraph": par.id, "words": new}]
        said += others(book, par, new, prop)
    return merge(state, device, edits, said)


def _standing_before(book: Book, id: str) -> str:
    """The paragraph itself, or the last one before it that stands."""
    if not id:
        return ""
    at = book.order.index(id)
    while at >= 0 and book.pars[book.order[at]].gone >= 0:
        at -= 1
    return book.order[at] if at >= 0 else ""


def _last_child(book: Book, id: str) -> str:
    """The last sub-paragraph of a paragraph (a new paragraph goes after all of it)."""
    last = anchor = _standing_before(book, id)
    for par in book.standing():
        if anchor and par.parent == anchor:
            last = par.id
    return last


def reject(state: TextState, device: str, id: str) -> Body:
    """The pen does not take a proposal."""
    return merge(state, device, [], [{"proposal": id, "outcome": "rejected"}])


def admit(state: TextState, device: str, items: str | Sequence[Mapping[str, Any]]) -> Body:
    """Take late, stale, moot or cut-off proposals in: one id, or {"proposal", "span"?}; a missing span is looked for.
    NotAllowed("text.span", "text.decided", "text.agreed")."""
    book = held(state, device)
    ready = []
    named: Sequence[Mapping[str, Any]] = [{"proposal": items}] if isinstance(items, str) else items
    for one in named:
        prop = proposal(book, one["proposal"])
        if prop.flaw or prop.state not in ("late", "stale", "moot", "void"):
            raise NotAllowed("text.decided", "this proposal needs no admission or cannot be admitted")
        clean: dict[str, Any] = {"proposal": one["proposal"]}
        if prop.what != "paragraph":
            par = changeable(book, prop.par)
            if prop.what in SPANNED:
                span = one.get("span") or w.rebase(prop.now.span, par.words_of(prop.now.ver), par.words)
                if span is None or not 0 <= span[0] <= span[1] <= len(par.words):
                    raise NotAllowed("text.span", "its words are not found again; name the place")
                clean["span"] = list(span)
        ready.append(clean)
    return pen_body(state, items=ready)
