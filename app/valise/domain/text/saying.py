"""What a delegation may say about a text. Each function checks the rule and returns the body to sign (or bodies).

Raises NotAllowed with a code ``text.*``; nothing is changed. Words are brought into NFC here, at the author's
side, and never again. What only the pen may do is in merging.py and pen_rules.py; the desk finds all of it in rules.py.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.text import words as w
from valise.domain.text.book import AGREED, PENDING, Book, Par, Prop
from valise.domain.text.fold import TextState
from valise.domain.text.kinds import LONGEST, barred
from valise.domain.text.standing import CAUTION, positions_on, sponsors

Body = dict[str, Any]
NEAR = 3  # changes with fewer words between them become one proposal
CHUNK = 90_000  # bytes of body; an operation is at most 128 KiB
STATUSES = ("open", "agreed ad ref", "closed", "parked")
SECTIONS = ("title", "PP", "OP", "annex", "other")


def tidy(text: str, limit: int = LONGEST) -> str:
    """The words in NFC. NotAllowed("text.characters") for control characters, "text.too-long"."""
    words = unicodedata.normalize("NFC", text)
    if barred(words):
        raise NotAllowed("text.characters", "the words hold a control character")
    if len(words) > limit:
        raise NotAllowed("text.too-long", "the words are too long")
    return words


def ready(state: TextState) -> Book:
    """The state of an open text, or NotAllowed("text.not-open")."""
    book = state.book
    if book.genesis is None:
        raise NotAllowed("text.not-open", "the opening of this text is not here")
    return book


def standing(book: Book, paragraph: str) -> Par:
    """A paragraph that stands, or NotAllowed("text.unknown-paragraph")."""
    par = book.pars.get(paragraph)
    if par is None or par.gone >= 0:
        raise NotAllowed("text.unknown-paragraph", "this paragraph does not stand")
    return par


def changeable(book: Book, paragraph: str) -> Par:
    """A paragraph that is not agreed, or NotAllowed("text.agreed")."""
    par = standing(book, paragraph)
    if par.status in AGREED:
        raise NotAllowed("text.agreed", "this paragraph is agreed; the pen has to reopen it first")
    return par


def proposal(book: Book, id: str) -> Prop:
    """NotAllowed("text.unknown-proposal")."""
    prop = book.props.get(id)
    if prop is None:
        raise NotAllowed("text.unknown-proposal", "this proposal is not here")
    return prop


def next_number(state: TextState, delegation: str) -> int:
    """The next number of the delegation's own count of proposals."""
    return max(state.book.numbers.get(delegation, ()), default=0) + 1


def _propose(state: TextState, delegation: str, what: str, par: Par | None, span: tuple[int, int], words: str,
             reason: str, number: int = 0, **more: str) -> Body:
    quote = par.words[span[0] : span[1]] if par is not None and what not in ("alternative", "move") else ""
    return {
        "text": state.text, "number": number or next_number(state, delegation), "what": what,
        "paragraph": par.id if par is not None else "", "ver": par.ver if par is not None else "", "span": list(span),
        "quote": quote, "words": words, "reason": tidy(reason, 2_000), **more,
    }


def propose_words(state: TextState, delegation: str, paragraph: str, new_words: str, reason: str = "") -> list[Body]:
    """The paragraph as it should read; one proposal per change, changes closer than three words joined.
    NotAllowed("text.no-change")."""
    book = ready(state)
    par = changeable(book, paragraph)
    new = tidy(new_words)
    hunks = w.difference(par.words, new, w.fewer_than(NEAR))
    if not hunks:
        raise NotAllowed("text.no-change", "the words are the same")
    what = "title" if par.id == book.title_id else "words"
    first = next_number(state, delegation)
    if what == "title":
        return [_propose(state, delegation, what, par, (0, len(par.words)), new, reason)]
    return [
        _propose(state, delegation, what, par, (hunk.start, hunk.end), hunk.words, reason, first + at)
        for at, hunk in enumerate(hunks)
    ]


def propose_title(state: TextState, delegation: str, new_words: str, reason: str = "") -> list[Body]:
    """Another title for the text."""
    return propose_words(state, delegation, ready(state).title_id, new_words, reason)


def propose_paragraph(
    state: TextState, delegation: str, after: str, section: str, words: str, reason: str = ""
) -> Body:
    """A new paragraph after the one named ("" = at the start). NotAllowed("text.section", "text.no-change")."""
    book = ready(state)
    if after:
        standing(book, after)
        if after == book.title_id:
            after = ""
    if section not in SECTIONS:
        raise NotAllowed("text.section", "there is no such section")
    said = tidy(words)
    if not said.strip():
        raise NotAllowed("text.no-change", "there are no words")
    return _propose(state, delegation, "paragraph", None, (0, 0), said, reason, after=after, section=section)


def _own_paragraph(book: Book, paragraph: str) -> Par:
    if paragraph == book.title_id:
        raise NotAllowed("text.unknown-paragraph", "the title can only be worded otherwise")
    return changeable(book, paragraph)


def propose_delete(state: TextState, delegation: str, paragraph: str, reason: str = "") -> Body:
    """The whole paragraph is to go."""
    par = _own_paragraph(ready(state), paragraph)
    return _propose(state, delegation, "delete", par, (0, len(par.words)), "", reason)


def propose_move(state: TextState, delegation: str, paragraph: str, after: str, reason: str = "") -> Body:
    """The paragraph is to stand after another ("" = at the start)."""
    book = ready(state)
    par = _own_paragraph(book, paragraph)
    if after:
        standing(book, after)
    if after in (paragraph, book.title_id):
        raise NotAllowed("text.no-change", "it cannot stand there")
    return _propose(state, delegation, "move", par, (0, 0), "", reason, after=after)


def propose_alternative(state: TextState, delegation: str, paragraph: str, words: str, reason: str = "") -> Body:
    """Other words for the whole paragraph, as "PP 5 alt"."""
    par = _own_paragraph(ready(state), paragraph)
    said = tidy(words)
    if said == par.words or not said.strip():
        raise NotAllowed("text.no-change", "the words are the same")
    return _propose(state, delegation, "alternative", par, (0, len(par.words)), said, reason)


def _pending(book: Book, id: str) -> Prop:
    prop = proposal(book, id)
    if prop.state not in PENDING:
        raise NotAllowed("text.decided", "this proposal is no longer open")
    return prop


def cosponsor(state: TextState, delegation: str, id: str) -> Body:
    """Stand behind a proposal too. NotAllowed("text.already-sponsor", "text.withdrawn")."""
    prop = _pending(ready(state), id)
    if delegation in sponsors(prop):
        raise NotAllowed("text.already-sponsor", "this delegation sponsors it already")
    if any(node.author == delegation for node in prop.leavers):
        raise NotAllowed("text.withdrawn", "this delegation has withdrawn from it")
    return {"text": state.text, "proposal": id}


def withdraw(state: TextState, delegation: str, id: str) -> Body:
    """Stand behind it no longer, for good; it goes on with the sponsors it has. NotAllowed("text.not-sponsor")."""
    prop = _pending(ready(state), id)
    if delegation not in sponsors(prop):
        raise NotAllowed("text.not-sponsor", "only a sponsor may withdraw")
    return {"text": state.text, "proposal": id}


def position(state: TextState, delegation: str, target: str, value: str, behalf: str = "") -> Body:
    """Say where the delegation (or the group it speaks for) stands; takes the place of what it said before.
    NotAllowed("text.position", "text.unknown-target", "text.no-change")."""
    book = ready(state)
    if value not in CAUTION:
        raise NotAllowed("text.position", "there is no such position")
    if target not in book.props:
        if target not in book.pars:
            raise NotAllowed("text.unknown-target", "there is nothing to take a position on")
        standing(book, target)
    behalf = tidy(behalf, 80).strip()
    earlier = [
        (node, rivals) for node, rivals in positions_on(book, target)
        if node.author == delegation and node.body["behalf"] == behalf
    ]
    if not earlier and value == "none":
        raise NotAllowed("text.no-change", "there is no position to give up")
    if any(not rivals and node.body["value"] == value for node, rivals in earlier):
        raise NotAllowed("text.no-change", "that is the position already")
    replaces = sorted(one.id for node, rivals in earlier for one in (node, *rivals))
    return {"text": state.text, "target": target, "value": value, "behalf": behalf, "replaces": replaces}


def comment(state: TextState, target: str, words: str) -> Body:
    """A remark everybody in the room reads. NotAllowed("text.unknown-target", "text.no-change")."""
    book = ready(state)
    if target not in book.props and target not in book.pars:
        raise NotAllowed("text.unknown-target", "there is nothing to comment on")
    said = tidy(words, 4_000)
    if not said.strip():
        raise NotAllowed("text.no-change", "there are no words")
    return {"text": state.text, "target": target, "words": said}


def acknowledge(state: TextState, revision: str) -> Body:
    """What this replica computed for a revision: the same, or visibly not. NotYet("text.unknown-revision")."""
    text_hash, state_hash, _, _ = state.computed(revision)
    return {"text": state.text, "revision": revision, "text_hash": text_hash, "state_hash": state_hash}


# what the rules of the pen share


def size_of(body: Any) -> int:
    return len(json.dumps(body, ensure_ascii=False).encode())


def held(state: TextState, device: str) -> Book:
    book = ready(state)
    if book.frozen:
        raise NotAllowed("text.frozen", "the text is frozen")
    if book.holder[0] != device:
        raise NotAllowed("text.not-pen", "this device does not hold the pen")
    return book


def pen_body(state: TextState, **fields: Any) -> Body:
    body = {"text": state.text, "pen_prev": state.book.head, **fields}
    if size_of(body) > CHUNK:
        raise NotAllowed("text.too-large", "too much for one operation")
    return body


def made(one: Mapping[str, str]) -> dict[str, str]:
    if one["section"] not in SECTIONS or one.get("status", "open") not in STATUSES:
        raise NotAllowed("text.section", "there is no such section or status")
    clean = {
        "section": one["section"], "label": tidy(one.get("label", ""), 80), "words": tidy(one["words"]),
        "status": one.get("status", "open"),
    }
    return {**clean, "parent": tidy(one["parent"], 80)} if one.get("parent") else clean
