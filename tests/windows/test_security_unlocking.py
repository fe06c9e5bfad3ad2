"""The section on unlocking: what it says of each way in, and each ceremony from its button to its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_data import DAY, NOW
from fake_door import GOOD, FakeDoor
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from walk import nameless

from valise.desk.door_slots import SlotView
from valise.desk.views import Changes
from valise.domain.errors import Unavailable
from valise.protocol import shares as sharing
from valise.ui.security.doing import ConfirmDialog
from valise.ui.security.share_dialogs import RehearseDialog, SharesDialog
from valise.ui.security.share_sheets import ShareSheets
from valise.ui.security.unlocking import UnlockingSection
from valise.ui.security.unlocking_dialogs import ChangeDialog
from valise.ui.tasks import Runner
from valise.ui.widgets.shares_entry import SharesEntry

Keep = Callable[[QWidget], Any]
NEW = "another sentence nobody says"
PASSPHRASE = SlotView("passphrase", NOW - 40 * DAY, 4, 256)
RING = SlotView("keyring", NOW)
SHARES = SlotView("recovery", NOW - DAY, need=3, total=5)
TRIED = SlotView("recovery", NOW - DAY, need=3, total=5, rehearsed=NOW)
BOTH = SlotView("passphrase+keyring", NOW, 4, 256)


class Shown:
    """The section with the fake door behind it; shows again whenever the door says something changed."""

    def __init__(self, keep: Keep, runner: Runner, qtbot: Any) -> None:
        self.door, self.qtbot = FakeDoor(), qtbot
        self.section: UnlockingSection = keep(UnlockingSection(self.door, runner))  # type: ignore[arg-type]
        self.errors: list[Any] = []
        self.section.notice.connect(self.errors.append)
        self.stand(PASSPHRASE)

    def stand(self, *rows: SlotView) -> None:
        self.door.slots.rows = list(rows)
        self.again()

    def again(self) -> None:
        self.section.refresh(Changes(settings=True))
        wanted = {one.kind for one in self.door.slots.rows}
        self.qtbot.waitUntil(lambda: self.section.runner.idle and self.section.ways.keys() == wanted)

    def visible(self) -> set[str]:
        names = ("change", "make", "rehearse", "drop", "use", "stop", "both", "alone")
        return {name for name in names if not getattr(self.section, name).isHidden() and getattr(self.section, name).isEnabled()}

    def dialog(self, kind: type[Any]) -> Any:
        assert isinstance(self.section.dialog, kind)
        return self.section.dialog

    def words(self) -> str:
        return " ".join(one.text() for one in self.section.findChildren(QLabel) if not one.isHidden())


@pytest.fixture
def shown(keep: Keep, runner: Runner, qtbot: Any) -> Shown:
    return Shown(keep, runner, qtbot)


def enter(entry: SharesEntry, *shares: str) -> None:
    for share in shares:
        for word in share.split():
            QTest.keyClicks(entry.field, word[:4])
            QTest.keyClick(entry.field, Qt.Key.Key_Space)


def confirm(shown: Shown, words: str = GOOD) -> ConfirmDialog:
    dialog = shown.dialog(ConfirmDialog)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.passphrase.field(), words)
    QTest.keyClick(dialog.passphrase.field(), Qt.Key.Key_Return)
    return dialog  # type: ignore[no-any-return]


def closed(shown: Shown) -> None:
    shown.qtbot.waitUntil(lambda: shown.section.dialog is None)
    assert all(not any(one) for one in shown.door.slots.given), "every passphrase was wiped"


@pytest.mark.parametrize(
    ("rows", "buttons", "says"),
    [
        ((PASSPHRASE,), {"change", "make", "use"}, ["There are none", "Not used", "4 passes over 256 MiB"]),
        ((PASSPHRASE, SHARES), {"change", "make", "rehearse", "drop", "use"}, ["Any 3 of 5", "Never rehearsed"]),
        ((PASSPHRASE, TRIED), {"change", "make", "rehearse", "drop", "use", "both"}, ["Rehearsed on"]),
        ((PASSPHRASE, RING), {"change", "make", "stop"}, ["without typing", "any program running under your account"]),
        ((PASSPHRASE, RING, TRIED), {"change", "make", "rehearse", "drop", "stop", "both"}, ["without typing"]),
        ((BOTH, TRIED), {"change", "rehearse", "alone"}, ["Needed together", "only the recovery shares open"]),
    ],
)  # fmt: skip
def test_what_stands_is_said_and_only_what_can_be_done_offered(
    shown: Shown, rows: tuple[SlotView, ...], buttons: set[str], says: list[str]
) -> None:
    shown.stand(*rows)
    assert shown.visible() == buttons
    assert all(one in shown.words() for one in says)
    assert nameless(shown.section) == []


def test_the_passphrase_is_changed(shown: Shown) -> None:
    shown.section.change.click()
    dialog = shown.dialog(ChangeDialog)
    shown.qtbot.waitUntil(dialog.old.field().hasFocus)
    assert nameless(dialog) == []
    QTest.keyClicks(dialog.old.field(), GOOD)
    QTest.keyClicks(dialog.new.once.field(), "password1234")
    QTest.keyClicks(dialog.new.again.field(), "password1234")
    assert not dialog.go.isEnabled() and "Too easy to guess" in dialog.new.meter.words.plain()
    dialog.new.once.forget()
    dialog.new.again.forget()
    QTest.keyClicks(dialog.new.once.field(), NEW)
    QTest.keyClicks(dialog.new.again.field(), NEW[:-1] + "z")
    assert not dialog.go.isEnabled() and "not the same" in dialog.new.line.plain()
    dialog.new.again.forget()
    QTest.keyClicks(dialog.new.again.field(), NEW)
    QTest.keyClick(dialog.new.again.field(), Qt.Key.Key_Return)
    closed(shown)
    assert [name for name, *_ in shown.door.calls if name.startswith("slots")] == ["slots.change_passphrase"]


def test_a_wrong_passphrase_is_said_in_the_dialog_and_can_be_typed_again(shown: Shown) -> None:
    shown.section.use.click()
    dialog = confirm(shown, "not the passphrase")
    shown.qtbot.waitUntil(dialog.notice.isVisible)
    assert shown.section.dialog is dialog and dialog.passphrase.empty() and dialog.passphrase.field().hasFocus()
    confirm(shown)
    closed(shown)
    shown.again()
    assert "stop" in shown.visible()


def test_a_keyring_that_does_not_answer_is_said(shown: Shown) -> None:
    shown.door.fail("slots.keyring_on", Unavailable("custodian.unavailable"))
    shown.section.use.click()
    dialog = confirm(shown)
    shown.qtbot.waitUntil(dialog.notice.isVisible)
    assert "does not answer" in dialog.notice.happened.plain()
    dialog.cancel.click()
    closed(shown)


def test_the_keyring_is_turned_off_at_once(shown: Shown) -> None:
    shown.stand(PASSPHRASE, RING)
    shown.section.stop.click()
    shown.qtbot.waitUntil(lambda: [one.kind for one in shown.door.slots.rows] == ["passphrase"])
    shown.again()
    assert "use" in shown.visible() and not shown.errors


def test_both_are_demanded_and_the_passphrase_alone_again(shown: Shown) -> None:
    shown.stand(PASSPHRASE, RING, TRIED)
    shown.section.both.click()
    assert "one way in" in " ".join(one.text() for one in shown.dialog(ConfirmDialog).findChildren(QLabel))
    confirm(shown)
    closed(shown)
    shown.again()
    assert shown.visible() == {"change", "rehearse", "alone"}
    shown.section.alone.click()
    confirm(shown)
    closed(shown)
    shown.again()
    assert "alone" not in shown.visible()


def test_shares_are_made_put_on_paper_and_rehearsed_at_once(shown: Shown) -> None:
    shown.section.make.click()
    dialog = shown.dialog(SharesDialog)
    assert nameless(dialog) == []
    dialog.count.total.setValue(2)
    assert dialog.count.need.maximum() == 2, "no more are needed than there are"
    dialog.count.total.setValue(4)
    dialog.count.need.setValue(2)
    QTest.keyClicks(dialog.passphrase.field(), GOOD)
    dialog.go.click()
    shown.qtbot.waitUntil(lambda: isinstance(shown.section.dialog, ShareSheets))
    sheets = shown.dialog(ShareSheets)
    made = shown.door.slots.shares
    assert len(made) == 4 and nameless(sheets) == []
    seen = []
    for number in range(1, 5):
        assert sheets.caption.plain() == f"Sheet {number} of 4; any 2 of them are enough"
        seen.append(" ".join(cell.plain().split()[1] for cell in sheets.sheet.cells))
        sheets.next.click()
    assert tuple(seen) == made
    rehearsal = shown.dialog(RehearseDialog)
    enter(rehearsal.entry_box, made[3], made[1])
    shown.qtbot.waitUntil(rehearsal.notice.isVisible)
    assert "open your vault" in rehearsal.notice.happened.plain()
    rehearsal.cancel.click()
    closed(shown)
    shown.again()
    assert "Rehearsed on" in shown.words() and "both" in shown.visible()


def test_new_shares_say_that_the_old_ones_end(shown: Shown) -> None:
    shown.stand(PASSPHRASE, SHARES)
    assert shown.section.make.text() == "Make new shares…"
    shown.section.make.click()
    assert "no longer" in " ".join(one.text() for one in shown.dialog(SharesDialog).findChildren(QLabel))
    shown.dialog(SharesDialog).reject()
    closed(shown)


def test_a_rehearsal_with_other_shares_says_so_and_begins_again(shown: Shown) -> None:
    shown.stand(PASSPHRASE, SHARES)
    shown.section.rehearse.click()
    dialog = shown.dialog(RehearseDialog)
    enter(dialog.entry_box, *sharing.split(bytes(32), 2, 2))
    shown.qtbot.waitUntil(dialog.notice.isVisible)
    assert "another set" in dialog.notice.happened.plain()
    assert dialog.entry_box.isEnabled() and dialog.entry_box.entered() == 0
    dialog.cancel.click()
    closed(shown)
    assert not shown.door.slots.rows[1].rehearsed


def test_shares_are_let_go_of_only_with_the_passphrase(shown: Shown) -> None:
    shown.stand(PASSPHRASE, SHARES)
    shown.section.drop.click()
    confirm(shown)
    closed(shown)
    shown.again()
    assert "There are none" in shown.words()


def test_nothing_is_closed_while_it_works(shown: Shown) -> None:
    """The shares made meanwhile would be lost, and those before open nothing any more."""
    shown.section.make.click()
    dialog = shown.dialog(SharesDialog)
    QTest.keyClicks(dialog.passphrase.field(), GOOD)
    dialog.go.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert shown.section.dialog is not None
    shown.qtbot.waitUntil(lambda: isinstance(shown.section.dialog, ShareSheets))


# sheets


@pytest.fixture
def sheets(keep: Keep) -> ShareSheets:
    made = keep(ShareSheets(sharing.split(bytes(range(32)), 2, 3), 2, "share of a vault of XA"))
    assert isinstance(made, ShareSheets)
    return made


def test_each_sheet_is_printed_on_a_page_of_its_own(sheets: ShareSheets, tmp_path: Path) -> None:
    words = [list(one) for one in sheets._shares]
    paper = QPdfWriter(str(tmp_path / "paper.pdf"))
    assert sheets.print_on(paper) == 3
    del paper
    pages = PdfReader(tmp_path / "paper.pdf").pages
    assert len(pages) == 3
    for page, share, number in zip(pages, words, (1, 2, 3), strict=True):
        text = " ".join(page.extract_text().split())
        assert f"Sheet {number} of 3" in text and "share of a vault of XA" in text
        together = text.replace(" ", "")  # letters set closer together come back with gaps between them
        assert all(word in together for word in share)


def test_a_printer_that_takes_nothing_is_said(sheets: ShareSheets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valise.ui.security.share_sheets.QPainter.begin", lambda *_: False)
    assert sheets.print_on(QPdfWriter(str(tmp_path / "x.pdf"))) == 0
    assert "by hand" in sheets.line.plain()


def test_the_printing_dialog_offers_no_file(sheets: ShareSheets, qtbot: Any) -> None:
    from PySide6.QtPrintSupport import QAbstractPrintDialog

    sheets.print.click()
    assert sheets._printing is not None
    asking, printer = sheets._printing
    assert not asking.testOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile)
    assert printer.docName() == "Valise"
    asking.reject()
    qtbot.waitUntil(lambda: sheets._printing is None)


def test_one_can_look_back_and_leaving_has_to_be_said_twice(sheets: ShareSheets) -> None:
    first = sheets.sheet.cells[5].plain()
    sheets.next.click()
    sheets.back.click()
    assert sheets.sheet.cells[5].plain() == first and not sheets.back.isEnabled()
    QTest.keyClick(sheets, Qt.Key.Key_Escape)
    assert sheets.isVisible() and "never shown again" in sheets.line.plain()
    QTest.keyClick(sheets, Qt.Key.Key_Escape)
    assert not sheets.isVisible() and sheets._shares == []


def test_nothing_of_a_sheet_can_be_copied(sheets: ShareSheets) -> None:
    QGuiApplication.clipboard().clear()
    QTest.keyClick(sheets, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(sheets, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ""
    flags = {cell.textInteractionFlags() for cell in sheets.sheet.cells}
    assert flags <= {Qt.TextInteractionFlag.NoTextInteraction, Qt.TextInteractionFlag.LinksAccessibleByMouse}
