"""What the pen and the delegations do in a silence procedure: bodies to sign. Times are ms UTC and handed in."""

from __future__ import annotations

from valise.domain.errors import NotAllowed
from valise.domain.text.book import Silence
from valise.domain.text.fold import TextState
from valise.domain.text.saying import Body, held, pen_body, ready, tidy
from valise.domain.text.silence import judge, weight

LEAST = 3_600_000  # ms: a period shorter than an hour is a slip of the hand
MOST = 366 * 24 * LEAST


def silence_open(state: TextState, device: str, revision: str, deadline: int, now: int, scope: str = "") -> Body:
    """Put a revision under silence until `deadline`. NotAllowed("text.silence-runs" | "text.deadline" | ...)."""
    book = held(state, device)
    if revision not in book.editions:
        raise NotAllowed("text.unknown-revision", "this revision is not here")
    if any(not one.closings for one in book.silences.values()):
        raise NotAllowed("text.silence-runs", "a silence procedure is running already")
    _ahead(deadline, now)
    return pen_body(state, revision=revision, scope=tidy(scope, 2_000), deadline=deadline)


def silence_extend(state: TextState, device: str, silence: str, deadline: int, now: int) -> Body:
    """Another, later deadline. NotAllowed("text.deadline" | "text.silence-over")."""
    held(state, device)
    one = _running(state, silence)
    if deadline <= one.deadline:
        raise NotAllowed("text.deadline", "the new deadline has to be later")
    _ahead(deadline, now)
    return pen_body(state, silence=silence, deadline=deadline)


def silence_close(state: TextState, device: str, silence: str, now: int) -> Body:
    """The period is over: its deadline has passed, or somebody broke it. NotAllowed("text.silence-not-over")."""
    held(state, device)
    one = _running(state, silence)
    if now < one.deadline and not one.breaks:
        raise NotAllowed("text.silence-not-over", "the deadline has not passed and nobody broke the silence")
    return pen_body(state, silence=silence)


def silence_confirm(state: TextState, device: str, silence: str, outcome: str) -> Body:
    """How a contested procedure ended. NotAllowed("text.silence-clear") when nothing is contested."""
    held(state, device)
    one = _known(state, silence)
    if judge(one) != "contested":
        raise NotAllowed("text.silence-clear", "nothing about this silence procedure is contested")
    return pen_body(state, silence=silence, outcome=outcome)


def silence_break(state: TextState, delegation: str, silence: str, reason: str) -> Body:
    """Break the silence, with the reason. NotAllowed("text.silence-over" | "text.silence-broken" | "text.reason")."""
    ready(state)
    one = _running(state, silence)
    if any(node.author == delegation and weight(one, node) == "counts" for node in one.breaks):
        raise NotAllowed("text.silence-broken", "this delegation has broken the silence already")
    if not reason.strip():
        raise NotAllowed("text.reason", "a delegation that breaks the silence says why")
    return {"text": state.text, "silence": silence, "reason": tidy(reason, 2_000)}


def closing_due(state: TextState, device: str, now: int) -> str:
    """The silence procedure this device may close now, "" when there is none."""
    book = state.book
    if book.genesis is None or book.frozen or book.holder[0] != device:
        return ""
    return next((id for id, one in book.silences.items() if not one.closings and now >= one.deadline), "")


def _ahead(deadline: int, now: int) -> None:
    if not now + LEAST <= deadline <= now + MOST:
        raise NotAllowed("text.deadline", "the deadline has to lie between an hour and a year ahead")


def _known(state: TextState, silence: str) -> Silence:
    one = ready(state).silences.get(silence)
    if one is None:
        raise NotAllowed("text.unknown-silence", "this silence procedure is not here")
    return one


def _running(state: TextState, silence: str) -> Silence:
    one = _known(state, silence)
    if one.closings:
        raise NotAllowed("text.silence-over", "this silence procedure is over")
    return one
