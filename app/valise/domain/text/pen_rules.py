"""What only the pen may do, and what delegations do about the pen. Bodies to sign, as in rules.py.

`device` is the device that acts; NotAllowed("text.not-pen") when it does not hold the pen, "text.frozen" when
nobody may write on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.text import labels as lb
from valise.domain.text import words as w
from valise.domain.text.book import AGREED, FINAL, LIVE, PENDING, SPANNED, WHOLE, Book, Par, Prop, Span
from valise.domain.text.fold import TextState, ahead
from valise.domain.text.kinds import OUTCOMES
from valise.domain.text.pen import words_hash
from valise.domain.text.rules import SECTIONS, Body, changeable, proposal, ready, standing, tidy

CHUNK = 90_000  # bytes of body; an operation is at most 128 KiB
STATUSES = ("open", "agreed ad ref", "closed", "parked")


def _size(body: Any) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode())


def _held(state: TextState, device: str) -> Book:
    book = ready(state)
    if book.frozen:
        raise NotAllowed("text.frozen", "the text is frozen")
    if book.holder[0] != device:
        raise NotAllowed("text.not-pen", "this device does not hold the pen")
    return book


def _pen(state: TextState, **fields: Any) -> Body:
    body = {"text": state.text, "pen_prev": state.book.head, **fields}
    if _size(body) > CHUNK:
        raise NotAllowed("text.too-large", "too much for one operation")
    return body


# opening


def open_text(
    *, title: str, roster: Sequence[str], pen_device: str, pen_delegation: str, paragraphs: Sequence[Mapping[str, str]],
    symbol: str = "", organ: str = "", language: str = "en", quorum: int = 0, silence: int = 72,
) -> tuple[Body, list[list[dict[str, str]]]]:
    """The body of text.open and what is left of a long text, in chunks for `bring` (each one more operation).
    A paragraph = {section, label, words, status, parent?}. `quorum` 0 = more than half of the roster."""
    if not roster or pen_delegation not in roster:
        raise NotAllowed("text.roster", "the delegation that holds the pen has to take part")
    made = [_made(one) for one in paragraphs]
    if not title.strip():
        raise NotAllowed("text.title", "a text needs a title")
    chunks: list[list[dict[str, str]]] = [[]]
    size = 2_000 + 50 * len(roster)
    for one in made:
        size += _size(one) + 60
        if chunks[-1] and (size > CHUNK or len(chunks[-1]) >= 1000):
            chunks.append([])
            size = _size(one) + 500
        chunks[-1].append(one)
    body: Body = {
        "title": tidy(title, 500), "organ": tidy(organ, 200), "symbol": tidy(symbol, 120), "language": language,
        "roster": sorted(set(roster)), "rules": {"quorum": quorum or len(set(roster)) // 2 + 1, "silence": silence},
        "pen_device": pen_device, "pen_delegation": pen_delegation, "paragraphs": chunks[0],
    }
    return body, chunks[1:]


def _made(one: Mapping[str, str]) -> dict[str, str]:
    if one["section"] not in SECTIONS or one.get("status", "open") not in STATUSES:
        raise NotAllowed("text.section", "there is no such section or status")
    made = {
        "section": one["section"], "label": tidy(one.get("label", ""), 80), "words": tidy(one["words"]),
        "status": one.get("status", "open"),
    }
    return {**made, "parent": tidy(one["parent"], 80)} if one.get("parent") else made


def bring(state: TextState, device: str, chunk: Sequence[Mapping[str, str]]) -> Body:
    """The next chunk of a long text, at its end."""
    book = _held(state, device)
    edits = [
        {"op": "add", "after": f"#{at}" if at else (book.order[-1] if book.order else ""), **_made(one)}
        for at, one in enumerate(chunk)
    ]
    return _pen(state, edits=edits, dispositions=[])


# changing the text


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
                if touched and prop.now.state in LIVE:
                    found[prop.node.id] = prop
    return [found[id] for id in sorted(found)]


def merge(
    state: TextState, device: str, edits: Sequence[Mapping[str, Any]], dispositions: Sequence[Mapping[str, Any]]
) -> Body:
    """Change the text. Every live proposal the edits touch must be disposed of: NotAllowed("text.undisposed").
    An "add" without label gets the next one (bis, ter, quater between frozen numbers)."""
    book = _held(state, device)
    made = [_edit(book, edit) for edit in edits]
    _label_new(book, made)
    said = []
    for one in dispositions:
        prop = proposal(book, one["proposal"])
        if one["outcome"] not in OUTCOMES:
            raise NotAllowed("text.outcome", "there is no such outcome")
        if prop.now.state not in PENDING:
            raise NotAllowed("text.decided", "this proposal is no longer open")
        clean = {"proposal": one["proposal"], "outcome": one["outcome"]}
        if one.get("span") is not None:
            clean["span"] = list(one["span"])
        if one.get("note"):
            clean["note"] = tidy(one["note"], 2_000)
        _check_span(book, prop, clean, made)
        said.append(clean)
    if len({one["proposal"] for one in said}) != len(said):
        raise NotAllowed("text.outcome", "a proposal is disposed of twice")
    if {prop.node.id for prop in touched_by(book, made)} - {one["proposal"] for one in said}:
        raise NotAllowed("text.undisposed", "a proposal these edits touch is not disposed of")
    if not made and not said:
        raise NotAllowed("text.no-change", "there is nothing to do")
    return _pen(state, edits=made, dispositions=said)


def _edit(book: Book, edit: Mapping[str, Any]) -> dict[str, Any]:
    op = edit.get("op")
    if op == "add":
        if edit["after"] and not edit["after"].startswith("#"):
            standing(book, edit["after"])
        return {"op": op, "after": "" if edit["after"] == book.title_id else edit["after"], **_made(edit)}
    if op not in ("words", "drop", "move", "label", "split", "join"):
        raise NotAllowed("text.edit", "there is no such edit")
    id = edit["paragraph"]
    if op in ("move", "label"):
        standing(book, id)
    else:
        changeable(book, id)
    if id == book.title_id and op != "words":
        raise NotAllowed("text.unknown-paragraph", "the title can only be worded otherwise")
    made: dict[str, Any] = {"op": op, "paragraph": id}
    if op == "move":
        if edit["after"]:
            standing(book, edit["after"])
        if edit["after"] in (id, book.title_id):
            raise NotAllowed("text.no-change", "it cannot stand there")
        made["after"] = edit["after"]
    if op in ("words", "split", "join"):
        made["words"] = tidy(edit["words"])
    if op == "join":
        if edit["with"] in (id, book.title_id):
            raise NotAllowed("text.no-change", "a paragraph cannot be joined with itself or the title")
        made["with"] = changeable(book, edit["with"]).id
    if op == "split":
        made["rest"] = tidy(edit["rest"])
    if op in ("label", "split"):
        made["label"] = tidy(edit.get("label", ""), 80)
    return made


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
    needed = said["outcome"] == "rebased" or words != book.pars[prop.par].words or prop.now.state not in LIVE
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
    made = []
    for prop in sorted(par.props, key=lambda one: one.node.id):
        if prop is taken or prop.now.state not in LIVE or prop.what in ("paragraph", "move"):
            continue
        said: dict[str, Any] = {"proposal": prop.node.id, "outcome": "rebased"}
        if prop.now.state == "kept as alternative":
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
        made.append(said)
    return made


def take(state: TextState, device: str, id: str) -> Body:
    """The merge by which the pen takes one proposal as it stands. NotAllowed("text.decided") when it is not open,
    late and stale ones have to be admitted first."""
    book = _held(state, device)
    prop = proposal(book, id)
    if prop.now.state not in LIVE:
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
        said += [{"proposal": one.node.id, "outcome": "superseded"} for one in touched_by(book, edits) if one is not prop]
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
    anchor = _standing_before(book, id)
    for one in book.order[book.order.index(anchor) + 1 :] if anchor else ():
        par = book.pars[one]
        if par.parent == anchor:
            anchor_of_last = one if par.gone < 0 else ""
            id = anchor_of_last or id
    return _standing_before(book, id)


def reject(state: TextState, device: str, id: str) -> Body:
    """The pen does not take a proposal."""
    return merge(state, device, [], [{"proposal": id, "outcome": "rejected"}])


def admit(state: TextState, device: str, items: Sequence[Mapping[str, Any]]) -> Body:
    """Take late, stale, moot or cut-off proposals in: {"proposal", "span"?}; a missing span is looked for.
    NotAllowed("text.span", "text.decided", "text.agreed")."""
    book = _held(state, device)
    made = []
    for one in items:
        prop = proposal(book, one["proposal"])
        if prop.flaw or prop.now.state not in ("late", "stale", "moot", "void"):
            raise NotAllowed("text.decided", "this proposal needs no admission or cannot be admitted")
        clean: dict[str, Any] = {"proposal": one["proposal"]}
        if prop.what != "paragraph":
            par = changeable(book, prop.par)
            if prop.what in SPANNED:
                span = one.get("span") or w.rebase(prop.now.span, par.words_of(prop.now.ver), par.words)
                if span is None or not 0 <= span[0] <= span[1] <= len(par.words):
                    raise NotAllowed("text.span", "its words are not found again; name the place")
                clean["span"] = list(span)
        made.append(clean)
    return _pen(state, items=made)


# status, revision, the pen itself


def _status(state: TextState, device: str, paragraph: str, allowed: Sequence[str]) -> tuple[Book, Body]:
    book = _held(state, device)
    par = standing(book, paragraph)
    if par.status not in allowed:
        raise NotAllowed("text.status", "the paragraph does not stand so that this could be done")
    return book, _pen(state, paragraph=par.id, ver=par.ver, hash=words_hash(par.words))


def _unbracketed(book: Book, paragraph: str) -> None:
    if any(prop.now.state in LIVE for prop in book.pars[paragraph].props if prop.what not in ("paragraph", "move")):
        raise NotAllowed("text.still-bracketed", "proposals on this paragraph are still open")


def agree(state: TextState, device: str, paragraph: str) -> Body:
    """Agreed ad referendum. NotAllowed("text.still-bracketed") while proposals on it are open."""
    book, body = _status(state, device, paragraph, ("open", "parked"))
    _unbracketed(book, paragraph)
    return body


def close(state: TextState, device: str, paragraph: str) -> Body:
    """Closed: not reopened without the chair's consent."""
    book, body = _status(state, device, paragraph, ("open", "parked", "agreed ad ref"))
    _unbracketed(book, paragraph)
    return body


def reopen(state: TextState, device: str, paragraph: str) -> Body:
    """Open for negotiation again."""
    return _status(state, device, paragraph, ("parked", *sorted(AGREED)))[1]


def park(state: TextState, device: str, paragraph: str) -> Body:
    """Set aside until later."""
    return _status(state, device, paragraph, ("open",))[1]


def revision(state: TextState, device: str, symbol: str, renumber: bool = False) -> Body:
    """A revision over everything that is here; `renumber` numbers the paragraphs through again."""
    book = _held(state, device)
    symbol = tidy(symbol, 120).strip()
    if not symbol or any(edition.node.body["symbol"] == symbol for edition in book.editions.values()):
        raise NotAllowed("text.symbol", "a revision needs a symbol of its own")
    new = [{"paragraph": id, "label": label} for id, label in lb.renumbered(book)] if renumber else []
    of_text, of_state, size, root = ahead(state, symbol, new)
    return _pen(
        state, symbol=symbol, text_hash=of_text, state_hash=of_state, log_size=size, log_root=root,
        heads=state.past.heads(), **({"labels": new} if new else {}),
    )


def pass_pen(state: TextState, device: str, to_device: str, to_delegation: str) -> Body:
    """Give the pen to one device of a delegation that takes part."""
    book = _held(state, device)
    if to_delegation not in book.roster or to_device == device:
        raise NotAllowed("text.roster", "the pen can only go to another device of a delegation that takes part")
    return _pen(state, device=to_device, delegation=to_delegation)


def roster(state: TextState, device: str, delegations: Sequence[str]) -> Body:
    """Who takes part from here on; the delegation that holds the pen has to."""
    book = _held(state, device)
    if book.holder[1] not in delegations:
        raise NotAllowed("text.roster", "the delegation that holds the pen has to take part")
    return _pen(state, roster=sorted(set(delegations)))


def remove_pen(state: TextState, delegation: str, device: str, at: str, to_device: str, reason: str = "") -> Body:
    """The delegation that holds the pen takes it from its own device, from chain position `at` on."""
    book = ready(state)
    place = book.place.get(at, -1)
    if place < 0 or book.holders[place][1] != delegation:
        raise NotAllowed("text.not-pen", "this delegation did not hold the pen there")
    if device == book.holders[place][0] or to_device == book.holders[place][0]:
        raise NotAllowed("text.not-pen", "another device of the delegation has to do this")
    return {"text": state.text, "at": at, "device": to_device, "delegation": delegation, "reason": tidy(reason, 2_000)}


def recover(state: TextState, delegation: str, at: str, device: str, to_delegation: str, reason: str = "") -> Body:
    """One of k voices that the pen goes to this device from chain position `at` on."""
    book = ready(state)
    if book.genesis is None or delegation not in book.genesis.body["roster"]:
        raise NotAllowed("text.roster", "only delegations that took part from the opening count")
    if at not in book.place:
        raise NotAllowed("text.unknown-version", "this is not a position of the pen chain")
    if to_delegation not in book.roster:
        raise NotAllowed("text.roster", "the pen can only go to a delegation that takes part")
    return {"text": state.text, "at": at, "device": device, "delegation": to_delegation, "reason": tidy(reason, 2_000)}


def resolve_pen(state: TextState, stands: str, reason: str = "") -> Body:
    """One of k voices that this of the rival pen operations stands."""
    book = ready(state)
    if stands not in book.rivals:
        raise NotAllowed("text.frozen", "this is none of the operations that froze the text")
    at = state.past.nodes[stands].body["pen_prev"]
    return {"text": state.text, "what": "pen", "at": at, "device": "", "seq": 0, "stands": stands,
            "reason": tidy(reason, 2_000)}


def resolve_device(state: TextState, stands: str, reason: str = "") -> Body:
    """The word of a device's own delegation, or one of k voices, which of its two operations stands."""
    for one in state.suspended:
        if stands in one.rivals:
            return {"text": state.text, "what": "device", "at": "", "device": one.device, "seq": one.seq,
                    "stands": stands, "reason": tidy(reason, 2_000)}
    raise NotAllowed("text.not-suspended", "no device is suspended over this operation")
