"""Importing into the library: beside everything else, stopped by a key or a lock, with a report of what was refused."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from library_hands import CTRL, SHIFT, Hands, K
from PySide6.QtWidgets import QApplication
from walk import nameless

from valise.desk.library import TOGETHER, Imported
from valise.domain.errors import Unavailable
from valise.ui import actions
from valise.ui.library.report import ImportReport
from valise.ui.window import MainWindow


@pytest.fixture
def hands(window: MainWindow, door: FakeDoor, qtbot: Any) -> Hands:
    return Hands(window, door, qtbot)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n in range(2 * TOGETHER + 3):
        (tmp_path / f"FICT-{n:02}.txt").write_text(f"Requests States to answer call {n};", "utf-8")
    (tmp_path / "broken <b>name.docx").write_bytes(b"PK")
    return tmp_path


def test_an_import_reads_beside_the_writer_and_reports_each_refusal(hands: Hands, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    hands.screen.importer.progressed.connect(lambda done, total: told.append((done, total)))
    hands.screen.take_folder(folder)
    assert hands.screen.strip.isVisible() and hands.screen.cancel_button.isEnabled()
    hands.settled()
    files = 2 * TOGETHER + 4
    assert told[0] == (0, files) and told[-1] == (files, files)
    assert hands.screen.report == Imported(files - 1, 0, files - 1, (("broken <b>name.docx", "format.zip"),), False)
    by_name: dict[str, set[str]] = {}
    for (name, _, _), thread in zip(hands.door.calls, hands.door.threads, strict=True):
        by_name.setdefault(name, set()).add(thread.partition("_")[0])
    assert by_name["library.read"] == by_name["library.documents"] == {"import"}
    assert by_name["library.take_in"] == {"writer"}
    sizes = [len(args[0].documents) for args, _ in hands.door.called("library.take_in")]
    assert max(sizes) <= TOGETHER and sum(sizes) == files - 1
    screen = hands.screen
    assert not screen.strip.isVisible() and f"{files - 1}" in screen.bar.happened.plain()
    step = screen.bar.step()
    assert step is not None
    step.click()
    report = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ImportReport) and one.isVisible())
    (item,) = report.list.entries.items
    assert "broken <b>name.docx" in item.head and "damaged" in item.note
    assert nameless(report) == [] and report.grab().width() > 0
    report.done_button.click()
    screen.take_folder(folder)
    hands.settled()
    assert screen.report is not None and (screen.report.added, screen.report.known) == (0, files - 1)


def test_while_a_file_is_being_read_everything_else_goes_on(hands: Hands, folder: Path) -> None:
    library = hands.door.library
    library.gate = threading.Event()
    hands.screen.take_folder(folder)
    hands.qtbot.waitUntil(library.reading.is_set)
    hands.screen.box.setText("states")
    hands.screen.finder.now()
    hands.qtbot.waitUntil(lambda: hands.screen.results.entries.rowCount() == 3)
    assert hands.screen.importer.busy
    hands.screen.new()
    assert hands.screen.picking is None and "under way" in hands.screen.bar.happened.plain()
    library.gate.set()
    hands.settled()


def test_an_import_is_stopped_by_its_key_and_goes_on_when_asked_again(hands: Hands, folder: Path) -> None:
    library = hands.door.library
    library.gate = threading.Event()
    hands.screen.take_folder(folder)
    hands.qtbot.waitUntil(library.reading.is_set)
    assert actions.spec("library.cancel").shortcut == "Ctrl+Shift+X"
    hands.key(K.Key_X, CTRL | SHIFT)
    library.gate.set()
    hands.settled()
    done = hands.screen.report
    assert done is not None and done.cancelled and done.added == 0
    assert "Import the same again" in hands.screen.bar.confidentiality.plain()
    hands.screen.take_folder(folder)
    hands.settled()
    assert hands.screen.report is not None and not hands.screen.report.cancelled
    assert hands.screen.report.added == 2 * TOGETHER + 3


def test_what_stops_an_import_is_said_and_what_was_taken_in_stays(hands: Hands, folder: Path) -> None:
    hands.door.fail("library.take_in", Unavailable("vault.disk_full"))
    hands.screen.take_folder(folder)
    hands.settled()
    assert hands.screen.bar.isVisible() and hands.screen.report == Imported(0, 0, 0, (), False)
    assert len(hands.door.called("library.take_in")) == 1 and not hands.screen.strip.isVisible()


@pytest.mark.parametrize("how", ["lock", "close"])
def test_a_lock_in_the_middle_of_an_import_is_safe(hands: Hands, folder: Path, how: str) -> None:
    library = hands.door.library
    library.gate = threading.Event()
    hands.screen.take_folder(folder)
    hands.qtbot.waitUntil(library.reading.is_set)
    with hands.qtbot.waitSignal(hands.window.locked):
        hands.window.lock("asked") if how == "lock" else hands.window.close()
    assert hands.door.closed
    library.gate.set()
    hands.qtbot.waitUntil(lambda: not any(one.name == "import" for one in threading.enumerate()))
    assert hands.door.called("library.take_in") == []


def test_no_import_of_nothing(hands: Hands, tmp_path: Path) -> None:
    hands.screen.take_folder(tmp_path)
    hands.settled()
    assert "No document" in hands.screen.bar.happened.plain() and hands.door.called("library.take_in") == []
