"""A citation typed in the search: the norm is the first line, with its citation, and opens on its screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from walk import nameless

from valise.desk import citing
from valise.desk.views import Hit
from valise.ui.widgets.search_palette import SearchPalette

Keep = Callable[[QWidget], Any]
OURS = Hit("register", "norms/assessed//XB/f", "", "Borovia · Norm (f)", "our own view", 1_796_774_400_000)


@pytest.fixture
def box(keep: Keep, qtbot: Any) -> SearchPalette:
    """The palette over what needs no vault, and one row of ours."""
    window = keep(QWidget())
    made = SearchPalette(lambda words: citing.around([OURS] if "own view" in words else [], words), [], window)
    made.open()
    qtbot.waitUntil(made.box.hasFocus)
    return made


@pytest.mark.parametrize(
    ("typed", "screen", "ref"),
    [
        ("A/70/174 13 (f)", "commitments", "norms/f"), ("norme f", "commitments", "norms/f"), ("CBM 12 OSCE", "commitments", "cbm.osce/12"),
        ("A/80/257", "registers", "documents/stated//a-80-257"), ("own view", "registers", "norms/assessed//XB/f"),
    ],
)  # fmt: skip
def test_what_is_typed_opens_its_screen(box: SearchPalette, qtbot: Any, typed: str, screen: str, ref: str) -> None:
    qtbot.keyClicks(box.box, typed)
    box.look()
    with qtbot.waitSignal(box.chosen) as heard:
        qtbot.keyClick(box.box, Qt.Key.Key_Return)
    assert heard.args == [screen, ref]


def test_the_line_of_a_norm_shows_its_citation(box: SearchPalette, qtbot: Any) -> None:
    qtbot.keyClicks(box.box, "norm f")
    box.look()
    said = str(box.model.data(box.model.index(0)))
    assert said.startswith("(f) Do not damage critical infrastructure, A/70/174, para. 13 (f)")
    assert "Found: 1" in box.said.plain() and nameless(box) == []
