"""The section "Checks": what it says is what the desk knows, and nobody goes on without having read what may happen."""

from __future__ import annotations

import pytest
from fake_copies import FakeCopies
from fake_door import FakeDoor
from pytestqt.qtbot import QtBot

from valise.desk.views import Changes
from valise.ui.security.checks import ChecksSection, Noticed
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.widgets.labels import SafeLabel, Words

EVERYTHING = Changes(status=True)


@pytest.fixture
def section(qtbot: QtBot, worn: object, door: FakeDoor, runner: Runner) -> ChecksSection:
    made = ChecksSection(door, runner)
    qtbot.addWidget(made)
    made.resize(860, 900)
    made.show()
    return made


def shown(qtbot: QtBot, section: ChecksSection) -> str:
    section.view = None
    section.refresh(EVERYTHING)
    qtbot.waitUntil(lambda: section.view is not None)
    return clean(" ".join(one.text() for one in section.findChildren(SafeLabel) if not one.isHidden()))


def test_a_vault_in_order_says_so_in_few_words(qtbot: QtBot, section: ChecksSection) -> None:
    said = shown(qtbot, section)
    assert "everything verifies" in said and "As far as anybody here knows, yes." in said
    assert section.decide.isHidden() and section.sure.isHidden() and not section.none.isHidden()


def test_an_old_copy_says_that_nothing_is_lost_and_who_is_waited_for(
    qtbot: QtBot, section: ChecksSection, door: FakeDoor
) -> None:
    copies: FakeCopies = door.copies  # type: ignore[assignment]
    copies.put_back()
    said = shown(qtbot, section)
    assert "Nothing is lost" in said and "Borovia" in said and "on its way back" in said and "doctor --salvage" in said
    assert len([one for one in section.findChildren(Noticed) if not one.isHidden()]) == 3
    assert section.sure.isHidden()
    words = [one for one in section.findChildren(Words) if "Two copies" in one.plain()]
    assert [one.property("role") for one in (section.problems, *words)] == ["error", "error"]


def test_going_on_takes_two_steps_with_the_risk_between(qtbot: QtBot, section: ChecksSection, door: FakeDoor) -> None:
    copies: FakeCopies = door.copies  # type: ignore[assignment]
    copies.put_back()
    shown(qtbot, section)
    section.decide.click()
    assert "admitted anew" in section.risk.text() and not section.sure.isHidden()
    assert not [one for one in door.calls if one[0] == "copies.go_on"]
    section.view = None
    section.sure.click()
    qtbot.waitUntil(lambda: section.view is not None and not section.view.waits)
    assert section.sure.isHidden() and section.decide.isHidden()


def test_the_check_shows_its_progress_and_its_result(qtbot: QtBot, section: ChecksSection, door: FakeDoor) -> None:
    copies: FakeCopies = door.copies  # type: ignore[assignment]
    copies.put_back()
    assert "something is wrong" in shown(qtbot, section)
    section.view = None
    section.check.click()
    assert not section.check.isEnabled() and not section.progress.isHidden()
    qtbot.waitUntil(lambda: section.view is not None)
    assert section.check.isEnabled() and section.progress.isHidden()
    assert "everything verifies" in clean(section.checked.text())
