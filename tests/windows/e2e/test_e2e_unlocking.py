"""Unlocking with a real vault behind it: shares made in the window, the passphrase forgotten, the vault opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from tests.world import FAST, PASSPHRASE

from valise import bootstrap
from valise.desk.views import Changes
from valise.system.custodian import NoCustodian
from valise.ui import theme
from valise.ui.first.front import Front
from valise.ui.first.recover import RecoverPage
from valise.ui.first.unlock import UnlockPage
from valise.ui.security.share_dialogs import RehearseDialog, SharesDialog
from valise.ui.security.share_sheets import ShareSheets
from valise.ui.security.unlocking import UnlockingSection
from valise.ui.tasks import Runner
from valise.ui.widgets.shares_entry import SharesEntry

NEW = "another sentence nobody says"


def enter(entry: SharesEntry, *shares: str) -> None:
    for share in shares:
        for word in share.split():
            QTest.keyClicks(entry.field, word[:4])
            QTest.keyClick(entry.field, Qt.Key.Key_Space)


def shown(widget: QWidget, qtbot: Any) -> Any:
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def unlock_page(front: Front) -> UnlockPage:
    assert isinstance(front.content, UnlockPage)
    return front.content


def test_from_paper_to_a_new_passphrase(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> None:
    gate = bootstrap.gate(tmp_path / "vault", kdf=FAST, custodian=NoCustodian())
    door = gate.create(code="XA", name="Aurelia", officer="Officer", role="Delegate", passphrase=bytearray(PASSPHRASE))

    runner = Runner()
    door.subscribe(lambda changes: None)
    section = shown(UnlockingSection(door, runner), qtbot)
    section.refresh(Changes(settings=True))
    qtbot.waitUntil(lambda: "There are none" in section.recovery.plain())
    section.make.click()
    asking = section.dialog
    assert isinstance(asking, SharesDialog)
    QTest.keyClicks(asking.passphrase.field(), PASSPHRASE.decode())
    asking.go.click()
    qtbot.waitUntil(lambda: isinstance(section.dialog, ShareSheets))
    sheets = section.dialog
    assert isinstance(sheets, ShareSheets)
    paper = []
    for _ in range(3):
        paper.append(" ".join(cell.plain().split()[1] for cell in sheets.sheet.cells))
        sheets.next.click()
    rehearsal = section.dialog
    assert isinstance(rehearsal, RehearseDialog)
    enter(rehearsal.entry_box, paper[2], paper[0])
    qtbot.waitUntil(rehearsal.notice.isVisible)
    rehearsal.reject()
    section.refresh(Changes(settings=True))
    qtbot.waitUntil(lambda: "Rehearsed on" in section.rehearsal.plain())
    section.close()
    runner.close(door.close)
    runner.deleteLater()

    front = shown(Front(gate), qtbot)
    unlock_page(front).others["recovery"].click()
    page = front.content
    assert isinstance(page, RecoverPage)
    enter(page.shares.entry, paper[1], paper[2])
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.passphrase)
    QTest.keyClicks(page.passphrase.once.field(), NEW)
    QTest.keyClicks(page.passphrase.again.field(), NEW)
    with qtbot.waitSignal(front.opened) as heard:
        page.next.click()
    assert heard.args[0].me().code == "XA"
    front.runner.close(heard.args[0].close)
    front.close()

    front = shown(Front(gate), qtbot)
    QTest.keyClicks(unlock_page(front).entry.field(), PASSPHRASE.decode())
    unlock_page(front).unlock()
    qtbot.waitUntil(lambda: unlock_page(front).line.property("role") == "error")
    QTest.keyClicks(unlock_page(front).entry.field(), NEW)
    with qtbot.waitSignal(front.opened) as heard:
        unlock_page(front).unlock()
    front.runner.close(heard.args[0].close)
    front.close()
