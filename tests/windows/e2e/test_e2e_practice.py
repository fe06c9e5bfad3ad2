"""Practice from the first run on: a real vault beside none, real partners, keys alone; a real card is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import press, type_words
from PySide6.QtCore import Qt
from tests.world import World

from valise.desk.gate import Gate
from valise.ui.app import Application
from valise.ui.contacts.screen import ContactsScreen
from valise.ui.first.practise import PractisePage
from valise.ui.first.wizard import FirstRun
from valise.ui.overview import OverviewScreen
from valise.ui.widgets.banner import PracticeBanner

WORDS = "seven quiet lighthouses mend nets"


@pytest.fixture
def practising(worn: Any, qtbot: Any, gate_at: Callable[[str], Gate]) -> Iterator[Application]:
    """The window of a vault for practice, made from the first run."""
    gate = gate_at("vault")
    made = Application(gate, "", None)
    made.show()
    qtbot.waitUntil(lambda: made.shown() is not None and made.shown().isActiveWindow())
    run = made.front.content
    assert isinstance(run, FirstRun)
    run.practise.setFocus()
    press(Qt.Key.Key_Return)
    page = made.front.content
    assert isinstance(page, PractisePage) and page.fresh is not None
    page.fresh.once.setFocus()
    type_words(WORDS)
    press(Qt.Key.Key_Return)
    type_words(WORDS)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made.window is not None and made.window.isVisible(), timeout=60_000)
    yield made
    assert not gate.exists()  # the real vault was never made
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()


def test_practice_from_the_first_run(practising: Application, qtbot: Any, tmp_path: Path) -> None:
    window = practising.window
    assert window is not None
    (band,) = window.findChildren(PracticeBanner)
    assert band.isVisible()
    overview = window.made("overview")
    assert isinstance(overview, OverviewScreen) and overview.practice is not None
    window.go("overview", "practice")
    qtbot.waitUntil(lambda: len(overview.practice.done) == 5, timeout=20_000)
    assert overview.practice.count.plain() == "0 of 5 tasks done"
    overview.practice.rows["verify"].act.click()
    shown = window.made("contacts")
    contacts = shown if isinstance(shown, ContactsScreen) else shown.findChildren(ContactsScreen)[0]
    assert contacts.isVisible()
    # somebody hands over the card of a real delegation
    world = World(tmp_path / "real", ("XB",))
    card = tmp_path / "real.card"
    card.write_bytes(world["XB"].contacts.own_card())
    world.close()
    before = window.door.contacts.all()
    contacts.import_card(card)
    qtbot.waitUntil(contacts.notice_bar.isVisible, timeout=20_000)
    assert contacts.notice_bar.happened.plain().startswith("This is the card of a real delegation")
    assert window.door.contacts.all() == before
    # the task is done where it is done, and the page knows
    window.runner.run(lambda: window.door.contacts.verified(overview.practice.partner, "words"))
    window.go("overview", "practice")
    qtbot.waitUntil(lambda: overview.practice.count.plain() == "1 of 5 tasks done", timeout=20_000)
