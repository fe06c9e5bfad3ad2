"""First steps: each says how far it is, and its button leads to where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_data import NOW
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from walk import nameless

from valise.desk.door_slots import SlotView
from valise.desk.views import Changes
from valise.ui.security.steps import STEPS, StepsSection
from valise.ui.tasks import Runner

Keep = Callable[[QWidget], Any]
EVERYTHING = Changes(status=True, settings=True)
SHARES = SlotView("recovery", NOW, need=2, total=3)


@pytest.fixture
def section(keep: Keep, door: FakeDoor, runner: Runner) -> StepsSection:
    made = StepsSection(door, runner)  # type: ignore[arg-type]
    keep(made)
    return made


def stand(section: StepsSection, qtbot: Any) -> dict[str, str]:
    section._shown = {}
    section.refresh(EVERYTHING)
    qtbot.waitUntil(lambda: bool(section._shown) and section.runner.idle)
    return section._shown


def test_a_new_delegation_has_everything_before_it(section: StepsSection, door: FakeDoor, qtbot: Any) -> None:
    door.backups.now = replace(door.backups.now, last=None)
    assert stand(section, qtbot) == dict.fromkeys([one.name for one in STEPS], "open")
    assert section.later.isVisible() and nameless(section) == []
    heard: list[tuple[str, str]] = []
    section.go.connect(lambda *where: heard.append(where))
    section.focus_first()
    assert section.rows["key"].act.hasFocus()
    for place in [*(row.act for row in section.rows.values()), section.later]:
        assert place.hasFocus(), place.accessibleName()
        QTest.keyClick(place, Qt.Key.Key_Return)
        QTest.keyClick(place, Qt.Key.Key_Tab)
    assert heard == [*(("security", one.place) for one in STEPS), ("overview", "")]


def test_what_is_done_says_so_and_shares_want_a_rehearsal(section: StepsSection, door: FakeDoor, qtbot: Any) -> None:
    door.slots.rows.append(SHARES)
    door.laptops.view = replace(door.laptops.view, beside=False, total=3, need=2, made_at=NOW, rehearsed_at=NOW)
    assert stand(section, qtbot) == {"key": "done", "vault": "half", "root": "done", "backup": "done"}
    vault = section.rows["vault"]
    assert vault.act.text() == "Rehearse…" and "rehearsal" in vault.state.plain()
    assert section.rows["key"].act.isHidden() and section.first() is vault.act
    door.slots.rows[-1] = replace(SHARES, rehearsed=NOW)
    assert set(stand(section, qtbot).values()) == {"done"}
    assert section.later.isHidden() and "All of this is done" in section.line.plain() and section.first() is None


def test_a_laptop_that_may_not_admit_has_nothing_to_do_with_the_root_key(
    section: StepsSection, door: FakeDoor, qtbot: Any
) -> None:
    door.me_view = replace(door.me_view, rights=("observe", "speak"))
    assert list(stand(section, qtbot)) == ["vault", "backup"]
    assert "1." in " ".join(one.text() for one in section.rows["vault"].findChildren(type(section.line)))


def test_no_shares_are_asked_of_a_key_of_which_none_can_be_made(section: StepsSection, door: FakeDoor, qtbot: Any) -> None:
    door.laptops.view = replace(door.laptops.view, splittable=False)
    assert "root" not in stand(section, qtbot)
