"""What a delegation says to itself about a text: red lines, fallbacks, instructions, notes from the room, and drafts that
a second officer releases before they leave.

All of it lives in the internal room, which has no peer. Rows are sets; what stands is computed, so order plays no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from valise.domain.errors import NotAllowed
from valise.domain.kinds import Fields, Ident, Many, Text, Whole, operation
from valise.domain.op import Op
from valise.domain.text import saying
from valise.domain.text.book import AGREED
from valise.domain.text.fold import TextState
from valise.domain.text.kinds import PROPOSAL

Body = dict[str, Any]
Sort = Literal["note", "red line", "fallback", "instruction"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Outcome = Literal["released", "returned", "withdrawn"]
RANK: Mapping[str, int] = {"released": 0, "withdrawn": 1, "returned": 2}
LONGEST = 20_000  # code points of a note
TOGETHER = 50  # proposals in one draft
_DRAFT = Fields({name: field for name, field in PROPOSAL.items() if name != "number"}, frozenset({"after", "section"}))


@operation(
    "remark.write",
    {
        "text": Ident(),
        "paragraph": Text(100),
        "words": Text(LONGEST, least=1),
        "sort": Text(20, SORTS),
        "replaces": Ident(),
    },
    right="observe",
    optional=("sort", "replaces"),
)
def note(op: Op) -> tuple[str, str]:
    """(sort, the note it takes the place of or "")."""
    return str(op.body.get("sort", "note")), str(op.body.get("replaces", ""))


@operation("remark.strike", {"text": Ident(), "remark": Ident()}, right="observe")
def struck(op: Op) -> str:
    """Id of a note that no longer holds."""
    return str(op.body["remark"])


@operation("release.rule", {"on": Whole(0, 1)}, right="amend")
def rule(op: Op) -> bool:
    """Whether its officer wants every proposal released by a second one."""
    return bool(op.body["on"])


@operation(
    "release.ask",
    {"text": Ident(), "proposals": Many(_DRAFT, TOGETHER), "replaces": Ident(empty=True)},
    right="amend",
)
def asked(op: Op) -> str:
    """The draft it takes the place of, or ""."""
    return str(op.body["replaces"])


@operation(
    "release.decide",
    {
        "text": Ident(),
        "ask": Ident(),
        "outcome": Text(10, get_args(Outcome)),
        "words": Text(2_000),
        "proposals": Many(Ident(), TOGETHER),
    },
    right="amend",
)
def decided(op: Op) -> str:
    """The draft it decides."""
    return str(op.body["ask"])


# what stands


@dataclass(frozen=True, slots=True)
class Said:
    """One officer's word, `order` as lists sort it."""

    order: tuple[Any, ...]
    officer: str
    value: str


def four_eyes(said: Iterable[Said]) -> tuple[bool, str]:
    """(whether the rule holds, the officer who alone wants it lifted). `value` "on" or "off": one officer sets it, two
    lift it."""
    holds, lifting = False, ""
    for one in sorted(said, key=lambda each: each.order):
        if one.value == "on":
            holds, lifting = True, ""
        elif holds and lifting not in ("", one.officer):
            holds, lifting = False, ""
        elif holds:
            lifting = one.officer
    return holds, lifting


def outcome(officer: str, decisions: Iterable[Said]) -> Said | None:
    """The decision that counts on a draft of `officer`: a release by another officer stands, whatever came beside it;
    else its own withdrawal, also of a draft that was returned; else the return."""
    valid = [one for one in sorted(decisions, key=lambda each: each.order)
             if one.officer and (one.officer == officer) == (one.value == "withdrawn")]  # fmt: skip
    return min(valid, key=lambda each: RANK[each.value], default=None)


# what may be said


def write(text: str, paragraph: str, sort: str, words: str, replaces: str = "") -> Body:
    """Body of a note. NotAllowed("internal.empty" | "internal.sort" | "internal.too-long")."""
    if not words.strip():
        raise NotAllowed("internal.empty", "there are no words")
    if sort not in SORTS:
        raise NotAllowed("internal.sort", "there is no such kind of note")
    if len(words) > LONGEST:
        raise NotAllowed("internal.too-long", "the note is too long")
    made: Body = {"text": text, "paragraph": paragraph, "words": words, "sort": sort}
    return {**made, "replaces": replaces} if replaces else made


def ask(text: str, proposals: Sequence[Mapping[str, Any]], replaces: str = "") -> Body:
    """Body that asks a second officer to release these proposals (bodies of text.propose)."""
    if len(proposals) > TOGETHER:
        raise NotAllowed("release.too-many", "too many proposals in one draft")
    drafts = [{name: one[name] for name in one if name not in ("number", "text")} for one in proposals]
    return {"text": text, "proposals": drafts, "replaces": replaces}


def stale(state: TextState, drafts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the text has moved on under a draft, so that it would not say what its author saw."""
    book = state.book
    for one in drafts:
        par = book.pars.get(one["paragraph"]) if one["paragraph"] else None
        if one["paragraph"] and (par is None or par.gone >= 0 or par.status in AGREED or par.ver != one["ver"]):
            return True
        after = one.get("after", "")
        if after and (after not in book.pars or book.pars[after].gone >= 0):
            return True
    return False


def released(state: TextState, delegation: str, drafts: Sequence[Mapping[str, Any]]) -> list[Body]:
    """The bodies of text.propose that leave. NotAllowed("release.stale" | "text.not-open")."""
    saying.ready(state)
    if stale(state, drafts):
        raise NotAllowed("release.stale", "the paragraph has changed since this draft was written")
    first = saying.next_number(state, delegation)
    return [{"text": state.text, "number": first + at, **one} for at, one in enumerate(drafts)]
