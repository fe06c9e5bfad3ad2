"""What somebody who walks through registers for the first time would stumble over, on a fake door: keys in a choice, the wheel over
a field, the date that comes with a value, links by their name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDateEdit,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from registers_hands import Hands, K, open_registers

from valise.desk.door_registers import Place
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.asking import CellDialog, SettleDialog
from valise.ui.registers.evidence import PickDialog
from valise.ui.registers.exporting import ExportDialog
from valise.ui.registers.widgets.picking import CHIP
from valise.ui.widgets.files import pick_place
from valise.ui.widgets.labels import named

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


def scrolled_over(widget: QWidget) -> bool:
    """A notch of the wheel over it; whether it let the page have it."""
    at = QPointF(widget.rect().center())
    event = QWheelEvent(at, widget.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(widget, event)
    return not event.isAccepted()


def matrix(hands: Hands) -> Any:
    """The matrix of the norms, with the keyboard."""
    hands.register("norms")
    hands.page.use_view(next(n for n, one in enumerate(hands.page.views) if one.kind == "matrix"))
    hands.settled()
    return hands.page.matrix


def test_an_arrow_chooses_where_nothing_was_chosen_yet(hands: Hands) -> None:
    stands = matrix(hands).model.matrix
    empty = next((y, x) for y, line in enumerate(stands.cells) for x, cell in enumerate(line) if not cell.value)
    hands.page.matrix.go_to(stands.down[empty[0]][0], stands.across[empty[1]][0])
    hands.key(K.Key_Return, widget=hands.page.matrix.first())
    asked = hands.dialog(CellDialog)
    first, second = list(asked.choices)[:2]
    assert asked.value() == "" and asked.choices[first].hasFocus()
    hands.key(K.Key_Down, widget=asked.choices[first])
    assert asked.value() == second and asked.choices[second].hasFocus() and not asked.keep.isEnabled()
    hands.key(K.Key_Up)
    assert asked.value() == first
    asked.reject()


def test_the_wheel_changes_no_field_and_scrolls_the_page(hands: Hands, qtbot: Any) -> None:
    hands.register("correspondence")
    hands.page.open_row(Place("correspondence", "r0"))
    hands.settled()
    form = hands.page.row_page.form
    boxes = form.findChildren(QComboBox)
    assert len(boxes) >= 2
    for box in boxes:
        box.setFocus()
        before = box.currentIndex(), box.currentText()
        assert scrolled_over(box), box.accessibleName()
        assert (box.currentIndex(), box.currentText()) == before
    assert form.changes() == {}
    for made in (QSpinBox(), QDateEdit()):
        qtbot.addWidget(named(made, "A number"))
        before = made.text()
        assert scrolled_over(made) and made.text() == before


def test_a_value_that_is_let_stand_brings_its_own_date(hands: Hands) -> None:
    """The date of one statement with the value of another would be a statement that nobody made."""
    hands.door.registers.one_differs()
    hands.door.registers.one_differs("XB/a", "date", "2026-11-01", "2026-11-20")
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/a"))
    hands.settled()
    hands.page.row_page.settle("status")
    dialog = hands.dialog(SettleDialog)
    date = dialog.asked["date"]
    assert date.values() == ()
    for place, day in ((0, "2026-11-01"), (1, "2026-11-20"), (0, "2026-11-01")):
        dialog.options[place][0].setChecked(True)
        assert date.values() == (day,)
    dialog.other.setChecked(True)
    assert date.values() == () and not dialog.keep.isEnabled()
    dialog.reject()


def test_what_is_said_below_the_form_follows_what_is_settled(hands: Hands) -> None:
    hands.door.registers.one_differs()
    hands.register("norms")
    hands.page.open_row(Place("norms", "XB/a"))
    hands.settled()
    page = hands.page.row_page
    page.form.focus_field("status")
    assert said.DIFFERS in page.told.plain()
    hands.door.registers.set(Place("norms", "XB/a"), {"status": ("planned",), "date": ("2026-11-01",), "author": ("Embassy",)})
    page.follow()
    hands.settled()
    assert page.told.plain() and said.DIFFERS not in page.told.plain()


def test_a_label_finds_its_paragraph_and_enter_takes_it(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.open_row(Place("correspondence", "r0"))
    hands.settled()
    editor = hands.page.row_page.form.lines["paragraph"].editor
    editor.choose.click()
    dialog = hands.dialog(PickDialog)
    QTest.keyClicks(dialog.box, "OP 3")
    shown = [dialog.list.item(n).text() for n in range(dialog.list.count()) if not dialog.list.item(n).isHidden()]
    assert shown and all("OP 3" in one for one in shown) and len(shown) < dialog.list.count()
    hands.key(K.Key_Return, widget=dialog.box)
    assert len(editor.values()) == 1


def test_links_are_called_by_what_they_point_to_and_fit_the_page(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.open_row(Place("correspondence", "r0"))
    hands.settled()
    editor = hands.page.row_page.form.lines["paragraph"].editor
    text = hands.door.texts.all()[0]
    some = [one for one in hands.door.texts.outline(text.id) if one.label][:2]
    editor.set_values([f"{text.id}#{one.id}" for one in some] + ["gone#gone"])
    hands.settled()
    chips = [one for one in editor.chips.findChildren(QPushButton) if one.text()]
    assert [any(one.label in chip.accessibleName() for chip in chips) for one in some] == [True, True]
    assert "Something that is not here" in chips[-1].accessibleName()
    assert all(len(one.text()) <= CHIP for one in chips)
    for one in chips:  # what takes it out stands beside it, and both are on the page
        (out,) = [other for other in one.parentWidget().findChildren(QAbstractButton) if other is not one]
        assert abs(out.geometry().center().y() - one.geometry().center().y()) < 3
        assert one.parentWidget().width() <= editor.chips.width()


def test_the_legend_names_the_sign_of_a_difference_where_one_stands(hands: Hands) -> None:
    shown = matrix(hands)
    assert shown.legend.plain() and said.DIFFERS not in shown.legend.plain()
    hands.door.registers.one_differs()
    hands.settled()
    shown.read()
    hands.settled()
    assert f"{said.DIFFERS} different values stand" in shown.legend.plain()


@pytest.mark.parametrize(("register", "asked"), [("norms", True), ("correspondence", False)])
def test_a_board_names_what_it_will_ask_for_and_nothing_else(hands: Hands, register: str, asked: bool) -> None:
    hands.register(register)
    place = next(n for n, one in enumerate(hands.page.views) if one.kind == "board")
    hands.page.use_view(place)
    hands.settled()
    words = hands.page.board.hint.plain()
    assert words.startswith("Arrow keys go") and ("Asked for then: " in words) == asked and "a date" not in words


def test_a_timeline_is_written_with_its_dates_and_says_so(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.use_view(next(n for n, one in enumerate(hands.page.views) if one.kind == "timeline"))
    hands.settled()
    by = hands.page.definition.column(hands.page.view().by)
    written = hands.page.definition.written("stated", None, hands.page.view().id)
    assert written[0] is by
    hands.screen.acts.export()
    dialog = hands.dialog(ExportDialog)
    assert said.term(by.title) in dialog.leaves.plain() and "Electronic mail" not in dialog.leaves.plain()
    labels = [dialog.form.itemText(n) for n in range(dialog.form.count())]
    assert not any(one.casefold().count(ending) > 1 for one in labels for ending in ("pdf", "ics", "docx", "csv")), labels
    dialog.reject()


def test_a_name_without_an_ending_gets_the_one_proposed(hands: Hands, tmp_path: Path) -> None:
    chosen: list[Path] = []
    dialog = pick_place(hands.screen, "Save", "events-2026-11-22.csv", chosen.append)
    dialog.selectFile(str(tmp_path / "mine"))
    dialog.accept()
    assert chosen == [tmp_path / "mine.csv"]


def test_the_page_behind_a_field_gets_the_wheel(qtbot: Any, worn: theme.Theme) -> None:
    area, inside = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    box = QVBoxLayout(inside)
    field = named(QComboBox(), "A choice")
    field.addItems(["one", "two", "three"])
    long = QLabel()
    long.setFixedHeight(3_000)
    box.addWidget(field)
    box.addWidget(long)
    area.setWidget(inside)
    area.resize(300, 300)
    with qtbot.waitExposed(area):
        area.show()
    at = field.mapTo(area, field.rect().center())
    window = area.windowHandle()
    QTest.wheelEvent(window, QPointF(at), QPoint(0, -240))
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    assert field.currentIndex() == 0


