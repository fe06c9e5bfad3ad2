"""Practice in the windows: the way in before anything is open, the band on every page, the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fake_data as d
import pytest
from fake_door import GOOD, FakeDoor, FakeGate
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from valise.desk.views import Changes
from valise.domain.training import TASKS, Done
from valise.ui import theme
from valise.ui.first.front import Front
from valise.ui.first.practise import PractisePage
from valise.ui.overview.practice import PracticePage
from valise.ui.tasks import Runner
from valise.ui.widgets.banner import PracticeBanner
from valise.ui.window import MainWindow


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    theme.install(qapp, "light")
    made = Runner()
    yield made
    made.close()


def front(qtbot: QtBot, gate: FakeGate) -> tuple[Front, PractisePage]:
    theme.install(QApplication.instance(), "light")  # type: ignore[arg-type]
    made = Front(gate)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    content = made.content
    assert content is not None
    content.practise.click()  # type: ignore[attr-defined]
    page = made.content
    assert isinstance(page, PractisePage)
    return made, page


@pytest.mark.parametrize("exists", [True, False])
def test_from_the_unlock_page_and_the_first_run(qtbot: QtBot, tmp_path: Path, exists: bool) -> None:
    gate = FakeGate(tmp_path, exists=exists)
    made, page = front(qtbot, gate)
    assert page.fresh is not None and not page.go.isEnabled()
    for entry in (page.fresh.once, page.fresh.again):
        qtbot.keyClicks(entry.field(), GOOD)
    assert page.go.isEnabled()
    with qtbot.waitSignal(made.opened) as opened:
        page.go.click()
    assert opened.args[0].training.on()
    assert gate.calls == [] and gate.beside.calls == ["practise"]  # the real vault stayed closed
    assert bytes(gate.beside.seen_passphrases[0]) == bytes(len(GOOD))


def test_the_known_one_asks_for_its_passphrase(qtbot: QtBot, tmp_path: Path) -> None:
    gate = FakeGate(tmp_path)
    gate.practised = True
    made, page = front(qtbot, gate)
    assert page.entry is not None
    qtbot.keyClicks(page.entry.field(), "wrong words")
    page.go.click()
    qtbot.waitUntil(lambda: page.line.property("role") == "error")
    assert page.entry.empty() and page.back.isEnabled()
    qtbot.keyClicks(page.entry.field(), GOOD)
    with qtbot.waitSignal(made.opened):
        page.begin()


def test_back_leads_where_one_came_from(qtbot: QtBot, tmp_path: Path) -> None:
    made, page = front(qtbot, FakeGate(tmp_path))
    page.back.click()
    assert type(made.content).__name__ == "UnlockPage"
    made.close()
    made, page = front(qtbot, FakeGate(tmp_path, exists=False))
    page.back.click()
    assert type(made.content).__name__ == "FirstRun"
    made.close()


def test_the_band_stands_on_every_page(window_of: object, qtbot: QtBot) -> None:
    door = FakeDoor()
    door.training.is_on = True
    window = MainWindow(door, periodic=False)
    qtbot.addWidget(window)
    window.show()
    for entry in window._entries:
        window.show_screen(entry.name)
        (band,) = window.findChildren(PracticeBanner)
        assert band.isVisible() and band.mark.plain() == "TRAINING"
        assert band.geometry().bottom() <= window.stack.mapTo(window, window.stack.rect().topLeft()).y()
    assert window.windowTitle().startswith("TRAINING")
    assert "TRAINING" in QAccessible.queryAccessibleInterface(band).text(QAccessible.Text.Name)
    window.lock()


@pytest.fixture
def window_of() -> None:
    """Nothing but a name that says what the test is about."""


def test_a_real_vault_has_no_band_and_no_tasks(qtbot: QtBot) -> None:
    window = MainWindow(FakeDoor(), periodic=False)
    qtbot.addWidget(window)
    window.show()
    assert window.findChildren(PracticeBanner) == [] and "TRAINING" not in window.windowTitle()
    assert window.made("overview").practice is None  # type: ignore[attr-defined]
    window.lock()


@pytest.fixture
def page(qtbot: QtBot, runner: Runner) -> PracticePage:
    door = FakeDoor()
    door.training.is_on = True
    made = PracticePage(door, runner)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    qtbot.waitUntil(lambda: bool(made.done))
    return made


def test_each_task_says_how_far_it_is_by_sign_and_word(page: PracticePage) -> None:
    assert [task for task in page.rows] == list(TASKS)
    assert page.rows["verify"].state.plain().startswith("Done ")
    assert page.rows["amend"].state.plain() == "Not done yet."
    assert page.count.plain() == "1 of 5 tasks done"


@pytest.mark.parametrize(("task", "place"), [
    ("verify", ["contacts", d.delegation("XB")]), ("amend", ["texts", ""]), ("acknowledge", ["messages", ""]),
    ("ping", ["contacts", "ask:"]), ("incident", ["incidents", ""]),
])  # fmt: skip
def test_each_leads_to_its_place(page: PracticePage, qtbot: QtBot, task: str, place: list[str]) -> None:
    with qtbot.waitSignal(page.go) as went:
        page.rows[task].act.click()  # type: ignore[index]
    assert went.args == place


def test_what_the_partner_sees_stands_there_to_compare(page: PracticePage) -> None:
    number = page.door.contacts.safety(d.delegation("XB"))
    assert page.words.plain().split() == " ".join(number.words).split()


def test_it_follows_what_happens(page: PracticePage, qtbot: QtBot) -> None:
    page.door.training.done = tuple(Done(task, d.NOW) for task in TASKS)  # type: ignore[attr-defined]
    page.refresh(Changes(texts=frozenset({"x"})))
    qtbot.waitUntil(lambda: page.count.plain() == "5 of 5 tasks done")
    page.focus_first()
    assert page.print.hasFocus()


def test_the_record_has_every_task_with_its_date_and_year(page: PracticePage, qtbot: QtBot, runner: Runner, tmp_path: Path) -> None:
    page.write(tmp_path / "record.pdf")
    qtbot.waitUntil(lambda: runner.idle and page.print.isEnabled())
    (call,) = [one for one in page.door.calls if one[0] == "training.record"]  # type: ignore[attr-defined]
    lines = call[1][2]
    assert len(lines) == 5 and "2026" in lines[0][1] and lines[1][1] == "Not done yet."
    assert page.saved.plain() == "Saved as record.pdf."


def test_every_control_has_a_name(page: PracticePage) -> None:
    for one in page.findChildren(QWidget):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.isVisible():
            assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), type(one).__name__
