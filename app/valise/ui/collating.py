"""The order of words in a list that a person reads: that of the language of the window, and numbers by what they are worth."""

from __future__ import annotations

from functools import cache, cmp_to_key
from typing import Any

from PySide6.QtCore import QCollator, QLocale, Qt


@cache
def _key(locale: str) -> Any:
    made = QCollator(QLocale(locale))
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setNumericMode(True)
    return cmp_to_key(made.compare)  # two sort keys of Qt's are never equal, so that nothing behind them would count


def placed(words: str) -> Any:
    """What a title is sorted by; two that differ in nothing but capitals have the same place."""
    return _key(QLocale().name())(words)
