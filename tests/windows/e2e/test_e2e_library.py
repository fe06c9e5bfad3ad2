"""A delegation fills its library from a folder, stops and goes on, and proposes in agreed language, by keys alone."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, Table, press
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from valise.desk.library import TOGETHER
from valise.ui.library.picker import PassagePicker
from valise.ui.library.report import ImportReport
from valise.ui.texts.agreed import source

K = Qt.Key
FILES = 36
DOCUMENT = """# Report {n} of the working group

Symbol: FICT/GM/2025/{n}
Adopted: 2025-03-01
Vote: 120-3-14

## Title

Report {n} of the working group

## Text

**PP 1** *Recalling* the voluntary nature of points of contact at the policy level, *(open)*

**OP 1** *Requests* States that are in a position to do so to answer question {n} of the Secretariat; *(open)*

(f) By asking each of them for an answer to question {n}; *(open)*
"""
CHINESE = """# 工作组的报告

Symbol: FICT/ZH/1

## Title

工作组的报告

## Text

**OP 1** 请各国指定政策层面和技术层面的联络点，并每年加以测试； *(open)*
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    (made / "older").mkdir(parents=True)
    for n in range(FILES):
        (made / ("older" if n % 3 == 0 else ".") / f"{n:02}.md").write_text(DOCUMENT.format(n=n), "utf-8")
    (made / "zh.md").write_text(CHINESE, "utf-8")
    (made / "07 torn.docx").write_bytes(b"PK\x03\x04 and nothing that belongs there")
    return made


def settled(table: Table, screen: Any) -> None:
    table.qtbot.waitUntil(lambda: not screen.importer.busy and not screen.finder.waiting, timeout=30_000)
    table.settle()


def test_a_folder_comes_in_is_stopped_goes_on_and_serves_a_proposal(table: Table, folder: Path) -> None:
    text = table.text()
    desk = table.world["XB"]
    screen = table.screen("XB", "library")
    assert screen.stack.currentWidget() is screen.empty
    # stopped after a few files, by key; other commands went on meanwhile
    looked: list[int] = []

    def stop(done: int, _total: int) -> None:
        looked.append(done)
        if done == 20:
            desk_said = desk.texts.comment(text, desk.texts.outline(text)[1].id, "said while importing")
            assert desk_said
            press(K.Key_X, CTRL | SHIFT, screen)

    screen.importer.progressed.connect(stop)
    screen.take_folder(folder)
    settled(table, screen)
    first = screen.report
    assert first.cancelled and 16 <= first.added < FILES and max(looked) < FILES + 2
    assert len(desk.library.sources()) == first.added
    assert "Import the same again" in screen.bar.confidentiality.plain()
    # the same again
    screen.importer.progressed.disconnect(stop)
    screen.take_folder(folder)
    settled(table, screen)
    second = screen.report
    assert not second.cancelled and first.added + second.added == FILES + 1 and second.known == first.added
    assert [name for name, _ in first.refused + second.refused if "torn" in name]
    assert screen.documents.model.rowCount() == FILES + 1
    (refused,) = second.refused
    assert refused[0] == "07 torn.docx"
    screen.bar.step().click()
    report = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ImportReport) and one.isVisible())
    assert "07 torn.docx" in report.list.entries.items[0].head
    report.done_button.click()
    # by symbol, as people write it; then two characters
    for asked, found in (("FICT/GM/2025/21 1 (f)", "FICT/GM/2025/21, OP 1 (f)"), ("联络", "FICT/ZH/1, OP 1")):
        press(K.Key_F, CTRL, screen)
        screen.box.setText(asked)
        settled(table, screen)
        assert source(screen.results.passage()) == found
        assert screen.reading.list.passage() == screen.results.passage()
    # while writing: search, Enter, propose
    bench = table.at("XB", text, "OP 2")
    press(K.Key_Return)
    bench.list.editor.words.moveCursor(QTextCursor.MoveOperation.End)
    press(K.Key_F, CTRL | SHIFT)
    picker = next(one for one in QApplication.topLevelWidgets() if isinstance(one, PassagePicker) and one.isVisible())
    picker.box.setText("FICT/GM/2025/7 OP 1")
    press(K.Key_Return, widget=picker.box)
    table.settle()
    taken = "*Requests* States that are in a position to do so to answer question 7 of the Secretariat;"
    editor = bench.list.editor
    assert editor.text().endswith(taken) and editor.reason.text() == "Agreed language: FICT/GM/2025/7, OP 1"
    bench.writing.agreed.look()
    table.settle()
    ((words, passage),) = bench.writing.agreed.marked()
    assert "that are in a position to do so" in words and passage.symbol.startswith("FICT/GM/2025/")
    editor.words.setFocus()
    press(K.Key_Return, CTRL, editor.words)
    table.exchange()
    there = table.world["XA"].texts.paragraph(text, bench.view().paragraph.id)
    (proposal,) = there.proposals
    assert proposal.reason == "Agreed language: FICT/GM/2025/7, OP 1" and "question 7" in proposal.words
    assert table.world["XA"].library.sources() == []  # a library never leaves its laptop


def test_a_lock_while_importing_keeps_whole_transactions_and_the_vault_sound(table: Table, folder: Path) -> None:
    screen = table.screen("XB", "library")
    window = table.windows.pop("XB")

    def lock(done: int, _total: int) -> None:
        if done == TOGETHER + 2:
            window.lock("asked")

    with table.qtbot.waitSignal(window.locked, timeout=30_000):
        screen.importer.progressed.connect(lock)
        screen.take_folder(folder)
    table.qtbot.waitUntil(lambda: not any(one.name == "import" for one in threading.enumerate()), timeout=10_000)
    window.deleteLater()
    table.world.desks["XB"] = table.world.gate("XB").unlock(bytearray(b"correct horse for tests"))
    desk = table.world["XB"]
    assert len(desk.library.sources()) == TOGETHER - 1  # one transaction, the torn file among its sixteen
    assert desk.library.find("FICT/GM/2025/1 OP 1")
    screen = table.screen("XB", "library")
    screen.take_folder(folder)
    settled(table, screen)
    assert len(desk.library.sources()) == FILES + 1
