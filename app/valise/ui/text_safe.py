"""Text that came from outside, made fit to be shown: plain, isolated in direction, free of tricks."""

from __future__ import annotations

import re
import unicodedata

_EMPHASIS = re.compile(r"(\*{1,2})([^\s*](?:[^*]*[^\s*])?)\1")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # category Cc but the line end and the tab
FSI, PDI = "\u2068", "\u2069"
# Explicit embeddings, overrides and isolates could reorder what stands around them (UAX 9); ours are the only ones.
_STEERING = {ord(c): None for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def clean(text: str, *, lines: bool = True) -> str:
    """`text` without direction controls and control characters (shown as U+FFFD); line ends kept if `lines`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_STEERING)
    if not lines:
        text = " ".join(text.split())
    return _CONTROL.sub("\ufffd", text)


def isolate(text: str) -> str:
    """Outside text to be put inside a sentence of ours: cleaned, one line, within U+2068 and U+2069."""
    return f"{FSI}{clean(text, lines=False)}{PDI}"


def isolate_lines(text: str) -> str:
    """Outside text of several lines: each line isolated on its own, so that each takes its own direction."""
    return "\n".join(f"{FSI}{line}{PDI}" if line else "" for line in clean(text).split("\n"))


def tip(text: str) -> str:
    """A tooltip that is what it says, whatever is in it: Qt would take outside words for markup. "" stays none."""
    from html import escape  # the first page does without it

    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if text else ""


def begins_right_to_left(text: str) -> bool:
    """By the first strongly directed character (UAX 9, P2), isolated or not."""
    kinds = (unicodedata.bidirectional(c) for c in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def unmarked(text: str) -> str:
    """Words without the marks of emphasis ("*Recalling*" -> "Recalling"), for one-line excerpts."""
    return _EMPHASIS.sub(r"\2", text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word where there is one, with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"
