"""The operation kinds of texts: name, fields, the right they need, and the function that folds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from valise.domain.errors import Refused
from valise.domain.kinds import Field, Fields, Ident, Many, Right, Text, Whole, operation
from valise.domain.text import facts, pen, silence
from valise.domain.text.book import Book
from valise.domain.text.model import PositionValue, ProposalKind, Section, Status
from valise.domain.text.past import Node

LONGEST = 20_000  # code points of one paragraph
# C0 and C1 controls, line and paragraph separators, lone surrogates, and the two overrides that make a
# reader see other words than were signed (U+202D, U+202E).
_BARRED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ud800-\udfff\ufeff]")
_PARAGRAPH = re.compile(r"[A-Za-z0-9_-]{43}/(0|[1-9][0-9]{0,4})\Z", re.ASCII)
_OWN = re.compile(r"#[1-9][0-9]{0,3}\Z", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


def barred(words: str) -> bool:
    """Whether words hold a character that has no place in a paragraph."""
    return _BARRED.search(words) is not None


@dataclass(frozen=True)
class Words(Text):
    """One line of text without control characters."""

    def check(self, value: Any) -> None:
        super().check(value)
        if barred(value):
            raise Refused("op.body", "a text field holds a control character")


@dataclass(frozen=True)
class ParagraphRef(Field):
    """"<pen operation>/<n>"; `start` admits "", `own` admits "#n", the n-th new paragraph of this operation."""

    start: bool = False
    own: bool = False

    def check(self, value: Any) -> None:
        if isinstance(value, str) and (
            _PARAGRAPH.match(value) or (self.start and value == "") or (self.own and _OWN.match(value))
        ):
            return
        raise Refused("op.body", "a field is not a paragraph")


@dataclass(frozen=True)
class Target(Field):
    """A proposal or a paragraph."""

    def check(self, value: Any) -> None:
        (ParagraphRef() if isinstance(value, str) and "/" in value else Ident()).check(value)


@dataclass(frozen=True)
class Hash(Field):
    """Hex SHA-256."""

    def check(self, value: Any) -> None:
        if not isinstance(value, str) or not _HEX.match(value):
            raise Refused("op.body", "a field is not a hash")


@dataclass(frozen=True)
class SpanOf(Field):
    """[start, end) in code points."""

    def check(self, value: Any) -> None:
        Many(Whole(0, LONGEST), 2).check(value)
        if len(value) != 2 or value[0] > value[1]:
            raise Refused("op.body", "a field is not a span")


@dataclass(frozen=True)
class OneOf(Field):
    """An object whose `op` says which fields it has."""

    forms: Mapping[str, Fields]

    def check(self, value: Any) -> None:
        form = self.forms.get(value["op"]) if isinstance(value, dict) and isinstance(value.get("op"), str) else None
        if form is None:
            raise Refused("op.body", "an edit is of no known form")
        form.check(value)


_ID, _PAR, _OP = Ident(), ParagraphRef(), Text(10, least=1)
_LABEL, _WORDS, _REASON = Words(80), Words(LONGEST), Words(2_000)
_SECTION, _STATUS = Text(10, get_args(Section)), Text(20, get_args(Status))
_MADE = {"section": _SECTION, "label": _LABEL, "words": _WORDS, "status": _STATUS, "parent": _LABEL}
OUTCOMES = ("accepted", "amended", "rejected", "superseded", "rebased", "kept as alternative")
_EDIT = OneOf({
    "words": Fields({"op": _OP, "paragraph": _PAR, "words": _WORDS}),
    "add": Fields({"op": _OP, "after": ParagraphRef(start=True, own=True), **_MADE}, frozenset({"status", "parent"})),
    "drop": Fields({"op": _OP, "paragraph": _PAR}),
    "move": Fields({"op": _OP, "paragraph": _PAR, "after": ParagraphRef(start=True)}),
    "label": Fields({"op": _OP, "paragraph": _PAR, "label": _LABEL}),
    "split": Fields({"op": _OP, "paragraph": _PAR, "words": _WORDS, "rest": _WORDS, "label": _LABEL}),
    "join": Fields({"op": _OP, "paragraph": _PAR, "with": _PAR, "words": _WORDS}),
})
_DISPOSITION = Fields(
    {"proposal": _ID, "outcome": Text(20, OUTCOMES), "span": SpanOf(), "note": _REASON}, frozenset({"span", "note"})
)

PenFold = Callable[[Book, Node, int], str]
FactFold = Callable[[Book, Node], str]
PEN: dict[str, PenFold] = {}
FACTS: dict[str, FactFold] = {}
VOTES: frozenset[str] = frozenset({"text.remove_pen", "text.recover", "text.resolve"})


def _pen(name: str, fold: PenFold, fields: Mapping[str, Field], *, composite: bool = False,
         optional: tuple[str, ...] = ()) -> None:
    if name != "text.open":
        fields = {"text": _ID, "pen_prev": _ID, **fields}
    PEN[name] = operation(name, fields, right="pen", composite=composite, optional=optional)(fold)


def _fact(name: str, fold: FactFold, right: Right, fields: Mapping[str, Field], optional: tuple[str, ...] = ()) -> None:
    FACTS[name] = operation(name, {"text": _ID, **fields}, right=right, optional=optional)(fold)


def _vote(name: str, right: Right, fields: Mapping[str, Field]) -> None:
    @operation(name, {"text": _ID, **fields}, right=right)
    def counted(book: Book, node: Node) -> str:
        """Counted by chain.Votes; the whole text is folded again."""
        return ""


_pen("text.open", pen.opened, {
    "title": Words(500, least=1), "organ": Words(200), "symbol": Words(120), "language": Words(35),
    "roster": Many(_ID, 1000), "rules": Fields({"quorum": Whole(1, 1000), "silence": Whole(0, 8760)}),
    "pen_device": _ID, "pen_delegation": _ID,
    "paragraphs": Many(Fields(_MADE, frozenset({"parent"})), 1000),
})
_pen("text.merge", pen.merge, {"edits": Many(_EDIT, 1000), "dispositions": Many(_DISPOSITION, 1000)})
for _name, _fold in (("agree", pen.agree), ("close", pen.close), ("reopen", pen.reopen), ("park", pen.park)):
    _pen(f"text.{_name}", _fold, {"paragraph": _PAR, "ver": _ID, "hash": Hash()})
_pen("text.admit", pen.admit, {"items": Many(Fields({"proposal": _ID, "span": SpanOf()}, frozenset({"span"})), 500)})
_pen("text.revision", pen.revision, {
    "symbol": Words(120, least=1), "text_hash": Hash(), "state_hash": Hash(), "log_size": Whole(), "log_root": Hash(),
    "heads": Many(_ID, 1000), "labels": Many(Fields({"paragraph": _PAR, "label": _LABEL}), 2000),
}, composite=True, optional=("labels",))
_pen("text.pass", pen.passed, {"device": _ID, "delegation": _ID})
_pen("text.roster", pen.enrolled, {"roster": Many(_ID, 1000)})
_DEADLINE = Whole(1, 2**45)  # ms UTC
_pen("text.silence_open", silence.opened, {"revision": _ID, "scope": _REASON, "deadline": _DEADLINE})
_pen("text.silence_extend", silence.extended, {"silence": _ID, "deadline": _DEADLINE})
_pen("text.silence_close", silence.closed, {"silence": _ID})
_pen("text.silence_confirm", silence.confirmed, {"silence": _ID, "outcome": Text(10, ("kept", "broken"))})
_vote("text.remove_pen", "pen", {"at": _ID, "device": _ID, "delegation": _ID, "reason": _REASON})
_vote("text.recover", "commit", {"at": _ID, "device": _ID, "delegation": _ID, "reason": _REASON})
_vote("text.resolve", "commit", {
    "what": Text(10, ("pen", "device")), "at": Ident(empty=True), "device": Ident(empty=True), "seq": Whole(),
    "stands": _ID, "reason": _REASON,
})
PROPOSAL: Mapping[str, Field] = {
    "number": Whole(1), "what": Text(20, get_args(ProposalKind)), "paragraph": ParagraphRef(start=True),
    "ver": Ident(empty=True), "span": SpanOf(), "quote": _WORDS, "words": _WORDS, "reason": _REASON,
    "after": ParagraphRef(start=True), "section": _SECTION,
}
_fact("text.propose", facts.propose, "amend", PROPOSAL, optional=("after", "section"))
_fact("text.cosponsor", facts.cosponsor, "amend", {"proposal": _ID})
_fact("text.withdraw", facts.withdraw, "amend", {"proposal": _ID})
_fact("text.position", facts.position, "speak", {
    "target": Target(), "value": Text(30, get_args(PositionValue)), "behalf": Words(80), "replaces": Many(_ID, 200),
})
_fact("text.comment", facts.comment, "speak", {"target": Target(), "words": Words(4_000, least=1)})
_fact("text.revision_ack", facts.acknowledge, "speak", {
    "revision": _ID, "text_hash": Hash(), "state_hash": Hash(),
})
_fact("text.silence_break", silence.broken, "amend", {"silence": _ID, "reason": _REASON})
KINDS: frozenset[str] = frozenset(PEN) | frozenset(FACTS) | VOTES
