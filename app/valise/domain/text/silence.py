"""The silence procedure: a revision stands as agreed unless somebody breaks the silence before it ends.

No clock decides. A break counts when the pen had it in its past as it closed the period; one made in ignorance of the
closing that says of itself that it was in time makes the outcome *contested*, until the pen, which then has it in its past,
confirms one or the other. A break that was made knowing the closing, or that says of itself that it came after the
deadline, is *late*: shown, without effect.
"""

from __future__ import annotations

from valise.domain.text import model as m
from valise.domain.text.book import Book, Silence
from valise.domain.text.past import Node


def opened(book: Book, node: Node, position: int) -> str:
    """text.silence_open: on one revision; one period at a time."""
    body = node.body
    if body["revision"] not in book.editions:
        return "text.unknown-revision"
    if any(not one.closings for one in book.silences.values()):
        return "text.silence-runs"
    book.silences[node.id] = Silence(node, position, body["deadline"])
    book.touched.add(node.id)
    return ""


def extended(book: Book, node: Node, position: int) -> str:
    """text.silence_extend: only to a later deadline, and only while the period runs."""
    silence = book.silences.get(node.body["silence"])
    if silence is None:
        return "text.unknown-silence"
    if silence.closings:
        return "text.silence-over"
    if node.body["deadline"] <= silence.deadline:
        return "text.deadline"
    silence.extensions = (*silence.extensions, (node.id, node.body["deadline"]))
    book.touched.add(silence.node.id)
    return ""


def closed(book: Book, node: Node, position: int) -> str:
    """text.silence_close: the pen says that the period is over."""
    silence = book.silences.get(node.body["silence"])
    if silence is None:
        return "text.unknown-silence"
    if silence.closings:
        return "text.silence-over"
    silence.closings = ((position, ""),)
    book.touched.add(silence.node.id)
    return ""


def confirmed(book: Book, node: Node, position: int) -> str:
    """text.silence_confirm: with all breaks it knows in its past the pen says how it ended."""
    silence = book.silences.get(node.body["silence"])
    if silence is None:
        return "text.unknown-silence"
    if not silence.closings:
        return "text.silence-runs"
    silence.closings = (*silence.closings, (position, node.body["outcome"]))
    book.touched.add(silence.node.id)
    return ""


def broken(book: Book, node: Node) -> str:
    """text.silence_break: any delegation, with its reason. Kept whenever it comes."""
    silence = book.silences.get(node.body["silence"])
    if silence is None:
        return "text.unknown-silence"
    silence.breaks = (*silence.breaks, node)
    book.touched.add(silence.node.id)
    return ""


def weight(silence: Silence, node: Node) -> m.BreakState:
    """What a break is worth: "counts", "late", or "contested" while the pen has not spoken with it in its past."""
    if not silence.closings:
        return "counts"
    first, last = silence.closings[0][0], silence.closings[-1][0]
    if node.seen <= first:
        return "counts"
    if node.known >= first or node.at > silence.deadline:
        return "late"
    if node.seen <= last:  # the pen confirmed with this break before its eyes
        return "counts" if silence.closings[-1][1] == "broken" else "late"
    return "contested"


def judge(silence: Silence) -> m.SilenceState:
    """Where the period stands."""
    worth = {weight(silence, node) for node in silence.breaks}
    if "contested" in worth:
        return "contested"
    if "counts" in worth:
        return "broken"
    return "kept" if silence.closings else "running"
