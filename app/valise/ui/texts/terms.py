"""The words of the table: statuses, states, positions and their signs. One place, translated here.

A sign carries the meaning, colour only adds to it; the word always stands beside the sign where there is room.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.domain.text.model import Paragraph, ParagraphRow, Position, PositionValue, Proposal, Status
from valise.ui.language import translate

_STATUS = {
    "open": QT_TRANSLATE_NOOP("texts", "open"),
    "agreed ad ref": QT_TRANSLATE_NOOP("texts", "agreed ad ref"),
    "closed": QT_TRANSLATE_NOOP("texts", "closed"),
    "parked": QT_TRANSLATE_NOOP("texts", "parked"),
}
_STATUS_HELP = {
    "open": QT_TRANSLATE_NOOP("texts", "Under negotiation."),
    "agreed ad ref": QT_TRANSLATE_NOOP(
        "texts", "Agreed at the table, subject to confirmation by capitals; not reopened meanwhile."
    ),
    "closed": QT_TRANSLATE_NOOP("texts", "Not reopened without the chair's consent."),
    "parked": QT_TRANSLATE_NOOP("texts", "Set aside until later."),
}
_STATE = {
    "open": QT_TRANSLATE_NOOP("texts", "open"),
    "rebased": QT_TRANSLATE_NOOP("texts", "open, carried over to the new words by the pen"),
    "accepted": QT_TRANSLATE_NOOP("texts", "taken into the text"),
    "amended": QT_TRANSLATE_NOOP("texts", "taken with changes"),
    "rejected": QT_TRANSLATE_NOOP("texts", "not taken"),
    "superseded": QT_TRANSLATE_NOOP("texts", "replaced by a later proposal"),
    "kept as alternative": QT_TRANSLATE_NOOP("texts", "kept as an alternative"),
    "stale": QT_TRANSLATE_NOOP("texts", "written for earlier words; the pen decides whether to admit it"),
    "late": QT_TRANSLATE_NOOP("texts", "came after the paragraph was agreed; the pen decides whether to admit it"),
    "moot": QT_TRANSLATE_NOOP("texts", "its paragraph is no longer in the text"),
    "withdrawn": QT_TRANSLATE_NOOP("texts", "withdrawn by its sponsor"),
    "void": QT_TRANSLATE_NOOP("texts", "without effect"),
}
_KIND = {
    "words": QT_TRANSLATE_NOOP("texts", "change of words"),
    "paragraph": QT_TRANSLATE_NOOP("texts", "new paragraph"),
    "delete": QT_TRANSLATE_NOOP("texts", "delete the paragraph"),
    "move": QT_TRANSLATE_NOOP("texts", "move the paragraph"),
    "alternative": QT_TRANSLATE_NOOP("texts", "alternative to the paragraph"),
    "title": QT_TRANSLATE_NOOP("texts", "change of title"),
}
_NOTICE = {
    "text.rebase-differs": QT_TRANSLATE_NOOP(
        "texts", "The pen carried this over to another place than this computer would have. Read both again."
    ),
    "text.span": QT_TRANSLATE_NOOP("texts", "Its place in the new words could not be found."),
    "text.quote": QT_TRANSLATE_NOOP("texts", "The words it quotes are not those of the text."),
    "text.unknown-version": QT_TRANSLATE_NOOP("texts", "It refers to a version of the paragraph that never stood."),
    "text.unknown-paragraph": QT_TRANSLATE_NOOP("texts", "It refers to a paragraph that is not in the text."),
    "text.unknown-proposal": QT_TRANSLATE_NOOP("texts", "It refers to an amendment that is not in the text."),
    "text.unknown-target": QT_TRANSLATE_NOOP("texts", "It refers to something that is not in the text."),
    "text.no-change": QT_TRANSLATE_NOOP("texts", "It would change nothing."),
    "text.agreed": QT_TRANSLATE_NOOP("texts", "Its paragraph was agreed at that time."),
    "text.not-pen": QT_TRANSLATE_NOOP("texts", "Its computer did not hold the pen."),
    "text.log-broken": QT_TRANSLATE_NOOP("texts", "The numbering of its computer's entries is broken."),
    "text.pen-fork": QT_TRANSLATE_NOOP("texts", "It belongs to a continuation that was not the one taken."),
    "text.removed": QT_TRANSLATE_NOOP("texts", "It came after its computer was taken out of the talks."),
    "text.suspended": QT_TRANSLATE_NOOP("texts", "Its computer signed two different histories."),
}
_CODE = re.compile(r"text\.[a-z-]+")
_FROZEN = {
    "text.pen-fork": QT_TRANSLATE_NOOP("texts", "This text is frozen: the pen wrote two different continuations."),
    "text.pen-suspended": QT_TRANSLATE_NOOP(
        "texts", "This text is frozen: the computer that holds the pen signed two different histories."
    ),
    "text.recoveries-differ": QT_TRANSLATE_NOOP(
        "texts", "This text is frozen: the delegations recovered the pen in two different ways."
    ),
}
_POSITION = {
    "support": QT_TRANSLATE_NOOP("texts", "supports"),
    "oppose": QT_TRANSLATE_NOOP("texts", "opposes"),
    "reserve": QT_TRANSLATE_NOOP("texts", "reserves"),
    "scrutiny reservation": QT_TRANSLATE_NOOP("texts", "scrutiny reservation"),
    "can go along": QT_TRANSLATE_NOOP("texts", "can go along"),
    "none": QT_TRANSLATE_NOOP("texts", "no position"),
}
_POSITION_SIGN = {
    "support": "✓",
    "oppose": "✕",
    "reserve": "–",
    "scrutiny reservation": "?",
    "can go along": "+",
    "none": "·",
}
POSITIONS: tuple[PositionValue, ...] = ("support", "can go along", "reserve", "scrutiny reservation", "oppose", "none")
_STANCE = {"proposes": QT_TRANSLATE_NOOP("texts", "proposes")}
STANCES = ("proposes", "support", "can go along", "scrutiny reservation", "reserve", "oppose")
LIVE = frozenset({"open", "rebased", "kept as alternative"})
WAITING = frozenset({"stale", "late"})  # for the pen to admit them
PENDING = LIVE | WAITING  # not decided
STATUSES: tuple[Status, ...] = ("open", "agreed ad ref", "closed", "parked")


def status(value: str) -> str:
    return translate("texts", _STATUS.get(value, value))


def status_help(value: str) -> str:
    return translate("texts", _STATUS_HELP.get(value, value))


def state(proposal: Proposal) -> str:
    """The state of a proposal as a person says it."""
    return translate("texts", _STATE.get(proposal.state, proposal.state))


def outcome(value: str) -> str:
    """What the pen said of a proposal."""
    return translate("texts", _STATE.get(value, value))


def kind(value: str) -> str:
    return translate("texts", _KIND.get(value, value))


def position(value: str) -> str:
    return translate("texts", _POSITION.get(value, value))


def sign(value: str) -> str:
    return _POSITION_SIGN.get(value, "·")


def stance(value: str) -> str:
    """What a delegation does at a paragraph: a position, or that it proposes something."""
    return translate("texts", _STANCE[value]) if value in _STANCE else position(value)


def stance_sign(value: str) -> str:
    return "✎" if value in _STANCE else sign(value)


_SILENCE = {
    "running": QT_TRANSLATE_NOOP("texts", "under silence"),
    "kept": QT_TRANSLATE_NOOP("texts", "silence kept: it stands as agreed"),
    "broken": QT_TRANSLATE_NOOP("texts", "silence broken: it is not agreed"),
    "contested": QT_TRANSLATE_NOOP("texts", "contested: the pen decides whether the silence was broken in time"),
}


def silence(value: str) -> str:
    """Where a silence procedure stands."""
    return translate("texts", _SILENCE.get(value, value))


def latest(positions: tuple[Position, ...], target: str) -> dict[str, Position]:
    """The standing position of each delegation on `target`, in order of support to opposition; "none" falls away."""
    standing: dict[str, Position] = {}
    for one in positions:
        if one.target == target and (one.delegation not in standing or standing[one.delegation].at <= one.at):
            standing[one.delegation] = one
    kept = [one for one in standing.values() if one.value != "none"]
    kept.sort(key=lambda one: (POSITIONS.index(one.value), one.at, one.id))
    return {one.delegation: one for one in kept}


def own_position(positions: tuple[Position, ...], target: str, own: str, behalf: str) -> Position | None:
    """What our delegation last said on `target` for itself ("") or for a group, if it still says it."""
    said = [one for one in positions if (one.target, one.delegation, one.behalf) == (target, own, behalf)]
    last = max(said, key=lambda one: (one.at, one.id), default=None)
    return last if last is not None and last.value != "none" else None


def notice(code: str) -> str:
    """Why something is void or shown otherwise; a note of the pen is given back as it is."""
    if not _CODE.fullmatch(code):
        return code
    return translate(
        "texts", _NOTICE.get(code, QT_TRANSLATE_NOOP("texts", "It is without effect by the rules of the text."))
    )


def frozen(code: str) -> str:
    """Why nobody may write on."""
    return translate("texts", _FROZEN.get(code, QT_TRANSLATE_NOOP("texts", "This text is frozen: nobody can write on.")))


def name(paragraph: Paragraph | ParagraphRow) -> str:
    """What a paragraph is called: its label, or what it is where it has none."""
    return paragraph.label or (translate("texts", "Title") if paragraph.section == "title" else translate("texts", "This paragraph"))


def brackets(count: int) -> str:
    return translate("texts", "%n brackets", None, count)


def amendments(count: int) -> str:
    return translate("texts", "%n amendments", None, count)


def row_parts(row: ParagraphRow) -> list[str]:
    """Label, status and counts of a row, for a screen reader and for tooltips."""
    parts = [name(row), status(row.status)]
    if row.open_brackets:
        parts.append(brackets(row.open_brackets))
    if row.open_proposals:
        parts.append(amendments(row.open_proposals))
    return parts


def still_open(count: int) -> str:
    """The slip of agreeing a paragraph that keeps its brackets, said once."""
    return translate("texts", "%n brackets are still open in it.", None, count)
