"""Several values in one line, as each language parts them, and read back however they were parted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale

from valise.ui.contacts.directory.wording import Wording


@pytest.fixture(autouse=True)
def back(qapp: Any) -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(("locale", "between"), [("en_GB", "; "), ("zh_CN", "；"), ("ar_001", "؛ "), ("fr_FR", "\u202f; ")])
def test_values_are_parted_as_the_language_does_and_read_back(locale: str, between: str) -> None:
    QLocale.setDefault(QLocale(locale))
    wording, values = Wording(), ["+44 20 7946 0000", "+44 20 7946 0001"]
    shown = wording.shown("phones", values)
    assert shown == between.join(values)
    assert wording.told("phones", shown) == wording.told("phones", "; ".join(values)) == values


def test_what_was_typed_may_part_values_in_any_way() -> None:
    assert Wording().told("phones", " 1;2 ；3؛ 4 ;; ") == ["1", "2", "3", "4"]
