"""What only the pen may do, and what delegations do about the pen. Bodies to sign.

`device` is the device that acts; NotAllowed("text.not-pen") when it does not hold the pen, "text.frozen" when
nobody may write on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from valise.domain.errors import NotAllowed
from valise.domain.text import labels as lb
from valise.domain.text.book import AGREED, LIVE, Book
from valise.domain.text.fold import TextState, ahead
from valise.domain.text.pen import words_hash
from valise.domain.text.saying import CHUNK, Body, held, made, pen_body, ready, size_of, standing, tidy


def open_text(
    *, title: str, roster: Sequence[str], pen_device: str, pen_delegation: str, paragraphs: Sequence[Mapping[str, str]],
    symbol: str = "", organ: str = "", language: str = "en", quorum: int = 0, silence: int = 72,
) -> tuple[Body, list[list[dict[str, str]]]]:
    """The body of text.open and what is left of a long text, in chunks for `bring` (each one more operation).
    A paragraph = {section, label, words, status, parent?}. `quorum` 0 = more than half of the roster."""
    if not roster or pen_delegation not in roster:
        raise NotAllowed("text.roster", "the delegation that holds the pen has to take part")
    brought = [made(one) for one in paragraphs]
    if not title.strip():
        raise NotAllowed("text.title", "a text needs a title")
    chunks: list[list[dict[str, str]]] = [[]]
    size = 2_000 + 50 * len(roster)
    for one in brought:
        size += size_of(one) + 60
        if chunks[-1] and (size > CHUNK or len(chunks[-1]) >= 1000):
            chunks.append([])
            size = size_of(one) + 500
        chunks[-1].append(one)
    body: Body = {
        "title": tidy(title, 500), "organ": tidy(organ, 200), "symbol": tidy(symbol, 120), "language": language,
        "roster": sorted(set(roster)), "rules": {"quorum": quorum or len(set(roster)) // 2 + 1, "silence": silence},
        "pen_device": pen_device, "pen_delegation": pen_delegation, "paragraphs": chunks[0],
    }
    return body, chunks[1:]


def bring(state: TextState, device: str, chunk: Sequence[Mapping[str, str]]) -> Body:
    """The next chunk of a long text, at its end."""
    book = held(state, device)
    edits = [
        {"op": "add", "after": f"#{at}" if at else (book.order[-1] if book.order else ""), **made(one)}
        for at, one in enumerate(chunk)
    ]
    return pen_body(state, edits=edits, dispositions=[])


# status, revision, the pen itself


def _status(state: TextState, device: str, paragraph: str, allowed: Sequence[str]) -> tuple[Book, Body]:
    book = held(state, device)
    par = standing(book, paragraph)
    if par.status not in allowed:
        raise NotAllowed("text.status", "the paragraph does not stand so that this could be done")
    return book, pen_body(state, paragraph=par.id, ver=par.ver, hash=words_hash(par.words))


def _unbracketed(book: Book, paragraph: str) -> None:
    if any(prop.state in LIVE for prop in book.pars[paragraph].props if prop.what not in ("paragraph", "move")):
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
    book = held(state, device)
    symbol = tidy(symbol, 120).strip()
    if not symbol or any(edition.node.body["symbol"] == symbol for edition in book.editions.values()):
        raise NotAllowed("text.symbol", "a revision needs a symbol of its own")
    new = [{"paragraph": id, "label": label} for id, label in lb.renumbered(book)] if renumber else []
    of_text, of_state, size, root = ahead(state, symbol, new)
    return pen_body(
        state, symbol=symbol, text_hash=of_text, state_hash=of_state, log_size=size, log_root=root,
        heads=state.heads(), **({"labels": new} if new else {}),
    )


def pass_pen(state: TextState, device: str, to_device: str, to_delegation: str) -> Body:
    """Give the pen to one device of a delegation that takes part."""
    book = held(state, device)
    if to_delegation not in book.roster or to_device == device:
        raise NotAllowed("text.roster", "the pen can only go to another device of a delegation that takes part")
    return pen_body(state, device=to_device, delegation=to_delegation)


def roster(state: TextState, device: str, delegations: Sequence[str]) -> Body:
    """Who takes part from here on; the delegation that holds the pen has to."""
    book = held(state, device)
    if book.holder[1] not in delegations:
        raise NotAllowed("text.roster", "the delegation that holds the pen has to take part")
    return pen_body(state, roster=sorted(set(delegations)))


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
