"""Comparing words live: what two laptops say to each other in the conversation of their two delegations, and what it comes to.

One offers with a commitment, one other answers with a nonce in the clear, the first then opens its commitment. Nobody can
choose what he says after he knows what the other said, so that who stands between the two has one guess and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from valise.domain.kinds import Ident, operation
from valise.domain.op import Op

TERM: Final = 10 * 60 * 1000  # ms

Stage = Literal["offered", "answered", "open", "void"]


@dataclass(frozen=True, slots=True)
class Talk:
    """One comparison. Devices and certificate hashes are as their owners claim them; `why` says why it is void:
    "cancelled", "second answer", "reflected", "commitment"."""

    id: str
    starter: str  # device
    starter_delegation: str
    starter_certificate: str
    commitment: str
    answerer: str = ""
    answerer_delegation: str = ""
    answerer_certificate: str = ""
    answer: str = ""  # the nonce of who answers
    opening: str = ""  # the nonce of who started
    stage: Stage = "offered"
    why: str = ""


@operation(
    "compare.offer",
    {"talk": Ident(), "commitment": Ident(), "certificate": Ident()},
    right="speak",
    travels="chat",
)
def _offer(op: Op) -> Talk:
    return Talk(op.body["talk"], op.device, op.author, op.body["certificate"], op.body["commitment"])


@operation("compare.answer", {"talk": Ident(), "nonce": Ident(), "certificate": Ident()}, right="speak", travels="chat")
def _answer(talk: Talk, op: Op) -> Talk:
    if op.author == talk.starter_delegation:
        return talk  # nobody compares with himself
    if talk.stage != "offered":
        same = (op.device, op.body["nonce"]) == (talk.answerer, talk.answer)
        return talk if same else _void(talk, "second answer")
    if op.body["nonce"] in (talk.commitment, talk.id):
        return _void(talk, "reflected")
    return replace(
        talk, answerer=op.device, answerer_delegation=op.author, answerer_certificate=op.body["certificate"],
        answer=op.body["nonce"], stage="answered",
    )  # fmt: skip


@operation("compare.reveal", {"talk": Ident(), "nonce": Ident(), "answer": Ident()}, right="speak", travels="chat")
def _reveal(talk: Talk, op: Op, opens: Callable[[Talk, str], bool]) -> Talk:
    if op.device != talk.starter or talk.stage == "offered":
        return talk  # another laptop cannot open it, and nothing is opened before an answer
    if op.body["answer"] != talk.answer:
        return _void(talk, "second answer")
    if op.body["nonce"] == talk.answer:
        return _void(talk, "reflected")
    if talk.stage == "open":
        return talk if op.body["nonce"] == talk.opening else _void(talk, "commitment")
    if not opens(talk, op.body["nonce"]):
        return _void(talk, "commitment")
    return replace(talk, opening=op.body["nonce"], stage="open")


@operation("compare.cancel", {"talk": Ident()}, right="speak", travels="chat")
def _cancel(talk: Talk, op: Op) -> Talk:
    if op.author == talk.starter_delegation and op.device != talk.starter:
        return talk  # another laptop of the same delegation has no say
    return _void(talk, "cancelled")


def _void(talk: Talk, why: str) -> Talk:
    return replace(talk, stage="void", why=talk.why or why)


def fold(ops: Iterable[Op], opens: Callable[[Talk, str], bool]) -> dict[str, Talk]:
    """Every comparison of a room by its id, oldest first, from its conversation in order of arrival.

    A second offer under an id already used is as if it were not there: a comparison cannot be replayed. What is void stays
    void. `opens` says whether a nonce opens the commitment of a talk that was answered.
    """
    found: dict[str, Talk] = {}
    for op in ops:
        if not op.kind.startswith("compare."):
            continue
        name = op.body["talk"]
        if op.kind == "compare.offer":
            found.setdefault(name, _offer(op))
            continue
        talk = found.get(name)
        if talk is None or talk.stage == "void":
            continue
        if op.kind == "compare.answer":
            found[name] = _answer(talk, op)
        elif op.kind == "compare.reveal":
            found[name] = _reveal(talk, op, opens)
        else:
            found[name] = _cancel(talk, op)
    return found


def fresh(started: int, now: int) -> bool:
    """Whether a comparison may go on, by this laptop's own clock; a clock set back ends it, since nobody knows how long it took."""
    return 0 <= now - started < TERM
