"""Plain advice about a passphrase, from its length and words alone: no meter that pretends to know."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication

LEAST = 12  # characters
Level = Literal["none", "short", "fair", "good"]


def judge(characters: int, words: int, different: int) -> Level:
    """none: nothing typed; short: not accepted; fair; good: four words or more, or twenty characters."""
    if not characters:
        return "none"
    if characters < LEAST or different < 6:
        return "short"
    if (words >= 4 and characters >= 18) or (characters >= 20 and different >= 10):
        return "good"
    return "fair"


def advice(level: Level) -> tuple[str, str]:
    """A sentence and the role it is shown in."""
    tr = QCoreApplication.translate
    return {
        "none": (
            tr("advice", "Take four or five words that have nothing to do with each other, or a sentence nobody else "
               "would say. Nobody can reset it: without it the vault stays closed."),
            "muted",
        ),
        "short": (
            tr("advice", "Too easy to guess: at least twelve characters, not the same few again and again."), "error",
        ),
        "fair": (tr("advice", "Accepted. One or two more words would make it much harder to guess."), "warn"),
        "good": (tr("advice", "Long enough, as long as it is not a known quotation and is used nowhere else."), "good"),
    }[level]  # fmt: skip
