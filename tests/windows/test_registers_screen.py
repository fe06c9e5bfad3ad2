"""The registers' screen on a fake door: rows, views, filters, sides, by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from registers_hands import ALT, CTRL, NONE, SHIFT, Hands, K, open_registers
from walk import name_of, nameless

from valise.desk.door_registers import Filter, Saved
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Unavailable
from valise.ui import actions, screens, theme
from valise.ui.registers import keys, said
from valise.ui.registers.asking import CellDialog, TextDialog
from valise.ui.registers.filtering import FilterDialog
from valise.ui.registers.map import Bands
from valise.ui.registers.matrixview import FAR, NEAR, SIGNED
from valise.ui.registers.widgets.model import SHOWN
from valise.ui.registers.widgets.pages import PAGE, PAGES, Pages
from valise.ui.registers.widgets.quiet import QuietLine
from valise.ui.text_safe import clean, tip
from valise.ui.widgets.labels import hint

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
HOSTILE = "<b>bold</b><img src=x> \u202eevil\u202c \x07 & <script>"


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


@pytest.fixture
def fresh(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor(empty=True))


@pytest.fixture
def mirrored(qtbot: Any, right_to_left: None) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


# the list


def test_the_list_has_every_register_with_its_rows(hands: Hands) -> None:
    rows = hands.screen.list.model.rows
    assert [one if isinstance(one, str) else one.id for one in rows] == [
        "correspondence", "practices", "Commitments", "norms", "cbm.global"]  # fmt: skip
    assert hands.spoken(hands.screen.list.list, 0) == "Correspondence, 4 rows"
    assert "100000 rows" in hands.spoken(hands.screen.list.list, 1).replace(",", "")
    hands.screen.list.list.setFocus()
    hands.key(K.Key_Home)
    hands.key(K.Key_Down)
    hands.settled()
    assert hands.page.definition.id == "practices"
    hands.key(K.Key_Return)
    assert hands.page.table.table.hasFocus()


def test_a_word_narrows_the_list(hands: Hands) -> None:
    hands.screen.list.box.setText("conf build")
    assert [one.id for one in hands.screen.list.model.rows if not isinstance(one, str)] == ["cbm.global"]
    hands.key(K.Key_Return, widget=hands.screen.list.box)
    hands.settled()
    assert hands.page.definition.id == "cbm.global"


# the table


def test_a_hundred_thousand_rows_are_read_by_the_page(hands: Hands) -> None:
    hands.register("practices")
    table, fake = hands.page.table.table, hands.door.registers
    assert table.rows.rowCount() == 100_000
    shown = {first for first, _ in fake.pages if first >= 1_000_000}
    assert shown <= {1_000_000, 1_000_000 + PAGE} and all(count <= PAGE for _, count in fake.pages)
    fake.pages.clear()
    table.setFocus()
    hands.key(K.Key_End, CTRL)
    hands.settled()
    assert table.row().title == "Practice 99999"
    assert len(fake.pages) <= 3
    for n in range(0, 100_000, 1000):
        table.rows.row(n)
    assert len(table.rows.pages._held) <= PAGES


def test_pages_forget_the_oldest_and_miss_what_is_gone() -> None:
    from array import array

    pages = Pages(lambda ids: [])
    pages.show(array("q", range(10)))
    assert pages.row(3) is None and pages.row(10) is None and pages.place(4) == 4 and pages.place(99) == -1


def test_headings_and_key_sort_and_turn_round(hands: Hands) -> None:
    hands.register("correspondence")
    table = hands.page.table.table
    table.setFocus()
    table.setCurrentIndex(table.rows.index(0, 3))
    assert table.column() == "date"
    titles = lambda: [table.rows.row(n).title for n in range(4)]  # noqa: E731
    before = titles()
    hands.key(K.Key_O, CTRL | SHIFT)
    hands.settled()
    assert titles() == before[::-1]
    head = table.horizontalHeader()
    assert "sorted upwards" in table.rows.headerData(3, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.AccessibleTextRole))
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(3) + 20, 10))
    hands.settled()
    assert titles() == before and table.rows.sort == "-date"
    hands.key(K.Key_O, CTRL | SHIFT, widget=table)
    hands.settled()
    assert table.rows.sort == ""


def test_a_cell_says_its_sign_and_word_and_what_differs(hands: Hands) -> None:
    hands.door.registers.one_differs()
    hands.register("norms")
    model = hands.page.table.model
    places = [n for n in range(model.rowCount()) if model.row(n).place.row == "XB/a"]
    shown = model.index(places[0], 2).data(SHOWN)
    assert shown.sign == said.DIFFERS and shown.words == "Planned" and shown.mark == "different values stand" and shown.bold
    other = model.index(0, 2).data(SHOWN)
    assert other.sign and other.words
    spoken = model.index(0, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith("Aurelia · Norm (b)") and "State: Aurelia" in spoken


def test_hostile_words_stay_words(hands: Hands) -> None:
    hands.door.registers._put("correspondence", "evil", "stated", subject=HOSTILE, way="sent")
    hands.door.touch(Changes(registers=frozenset({"correspondence"})))
    hands.settled()
    model = hands.page.table.model
    row = next(n for n in range(model.rowCount()) if model.row(n).place.row == "evil")
    column = [one.id for one in model.columns].index("subject")
    words = model.index(row, column).data()
    assert "\u202e" not in words and "\x07" not in words
    told = model.index(row, column).data(int(Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in told and told == tip(clean(HOSTILE))
    hands.page.table.table.at(model.row(row).id)
    hands.page.open_here()
    hands.settled()
    assert "<b>" in hands.page.row_page.title.plain()


# filters


def test_words_are_looked_for_after_a_pause(hands: Hands) -> None:
    hands.register("correspondence")
    hands.screen.find()
    QTest.keyClicks(QApplication.focusWidget(), "visit chair")
    hands.filtered()
    assert [hands.page.table.model.row(0).title, hands.page.table.model.rowCount()] == ["2026/002 Visit of the Chair", 1]
    assert hands.page.filters.count.plain() == "1 row"
    hands.page.filters.box.setText("nothing like it")
    hands.filtered()
    assert hands.page.stack.currentWidget() is hands.page.none
    hands.page.none.step.click()
    hands.filtered()
    assert hands.page.table.model.rowCount() == 4 and hands.page.filters.box.text() == ""


def test_a_filter_by_choices_is_ticked_shown_as_a_chip_and_taken_away(hands: Hands) -> None:
    hands.register("norms")
    hands.key(K.Key_F, CTRL | SHIFT)
    dialog = hands.dialog(FilterDialog)
    assert nameless(dialog) == []
    keys_ = [dialog.columns.item(n).data(Qt.ItemDataRole.UserRole) for n in range(dialog.columns.count())]
    assert keys_ == ["@state", "@item", "status"]
    dialog.columns.setCurrentRow(keys_.index("status"))
    dialog.list.setFocus()
    for _ in range(3):
        hands.key(K.Key_Down, widget=dialog.list)
    hands.key(K.Key_Space, widget=dialog.list)
    dialog.columns.setCurrentRow(0)
    assert heads(dialog) == [("State", "State"), ("Item", "Item"), ("✓ Status (1)", "Status, ticked: 1")]  # also from another column
    dialog.box.setText("borov")
    dialog.list.setCurrentRow(1)
    hands.key(K.Key_Space, widget=dialog.list)
    hands.key(K.Key_Return, widget=dialog.go)
    hands.settled()
    assert hands.page.look.filter.only == {"status": ("partial",), "@state": ("XB",)}
    model = hands.page.table.model
    assert model.rowCount() and all(model.row(n).place.row.startswith("XB/") for n in range(model.rowCount()))
    chips = [one for one in hands.page.filters.chips.findChildren(QWidget) if one.accessibleName().startswith("Take this filter away")]
    assert any("In part" in one.accessibleName() for one in chips)
    next(one for one in chips if "In part" in one.accessibleName()).click()
    hands.settled()
    assert hands.page.look.filter.only == {"@state": ("XB",)}


def heads(dialog: FilterDialog) -> list[tuple[str, str]]:
    """What stands in the list of columns, and what is said of it."""
    items = [dialog.columns.item(n) for n in range(dialog.columns.count())]
    return [(one.text(), str(one.data(Qt.ItemDataRole.AccessibleTextRole))) for one in items]


def test_nothing_said_stands_alone_in_a_filter(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.filters.ask()
    dialog = hands.dialog(FilterDialog)
    dialog.columns.setCurrentRow(0)
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.list.item(dialog.list.count() - 1).setCheckState(Qt.CheckState.Checked)
    assert dialog.only["way"] == () and dialog.list.item(0).checkState() == Qt.CheckState.Unchecked
    assert heads(dialog)[0] == ("✓ Way (1)", "Way, ticked: 1")
    dialog.clear.click()
    assert dialog.only == {} and heads(dialog)[0] == ("Way", "Way")
    dialog.reject()


def test_an_ampersand_of_outside_words_is_no_key(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.register("norms")
    filters = hands.page.filters
    filters.show_saved([Saved("Q & A", "norms", "stated", Filter(), "table")])
    drops = next(one.menu() for one in filters.menu.actions() if one.menu() is not None)
    assert [one.text().strip("\u2068\u2069") for one in (filters.menu.actions()[0], drops.actions()[0])] == ["Q && A", "Q && A"]
    monkeypatch.setattr(said, "filtered", lambda *_: [("status", "Status: Q & A")])
    filters.set_filter(Filter(only={"status": ("partial",)}))
    (chip,) = filters.chips.findChildren(QPushButton)
    assert chip.text() == "Status: Q && A" and chip.accessibleName().endswith(": Q & A") and chip.shortcut().isEmpty()


def test_filters_are_kept_under_a_name_and_taken_again(hands: Hands) -> None:
    hands.register("norms")
    hands.page.filters.due.click()
    hands.settled()
    count = hands.page.table.model.rowCount()
    assert 0 < count < 99 and hands.page.filters.filter.due
    hands.page.filters.keep.emit()
    dialog = hands.dialog(TextDialog)
    QTest.keyClicks(dialog.line, "Our late reviews")
    hands.key(K.Key_Return, widget=dialog.line)
    hands.settled()
    assert hands.door.registers.kept == [Saved("Our late reviews", "norms", "stated", hands.page.look.filter, "table")]
    hands.page.clear_filter()
    hands.settled()
    entry = next(one for one in hands.page.filters.menu.actions() if "Our late reviews" in one.text())
    entry.trigger()
    hands.settled()
    assert hands.page.table.model.rowCount() == count and hands.page.filters.due.isChecked()
    hands.page.filters.dropped.emit("Our late reviews")
    hands.settled()
    assert hands.door.registers.kept == []


def test_differences_and_rows_taken_out_are_found(hands: Hands) -> None:
    hands.door.registers.one_differs()
    hands.register("norms")
    hands.page.filters.differs.click()
    hands.settled()
    assert [hands.page.table.model.row(n).place.row for n in range(hands.page.table.model.rowCount())] == ["XB/a"]
    hands.page.filters.differs.click()
    hands.page.filters.gone.click()
    hands.settled()
    assert hands.page.stack.currentWidget() is hands.page.none


# sides


def test_the_two_sides_are_two_tables_with_a_frame_and_a_name(hands: Hands) -> None:
    hands.register("norms")
    hands.page.table.table.setFocus()
    stated = hands.page.table.model.rowCount()
    assert "confidence" not in [one.id for one in hands.page.table.model.columns]
    assert not hands.page.frame.banner.isVisible()
    hands.key(K.Key_A, CTRL | SHIFT)
    hands.settled()
    assert hands.page.look.side == "assessed" and hands.page.frame.banner.isVisible()
    assert "Our assessment – internal" in hands.page.frame.words.plain()
    model = hands.page.table.model
    assert model.rowCount() == 1 and all(model.row(n).place.side == "assessed" for n in range(model.rowCount()))
    assert "confidence" in [one.id for one in model.columns]
    frame = hands.page.frame
    image = frame.grab().toImage()
    assert image.pixelColor(2, frame.height() // 2 + 1) != image.pixelColor(12, frame.height() // 2 + 1) or any(
        image.pixelColor(2, y) != image.pixelColor(12, y) for y in range(frame.height()))  # fmt: skip
    hands.key(K.Key_A, CTRL | SHIFT)
    hands.settled()
    assert hands.page.table.model.rowCount() == stated and not hands.page.frame.banner.isVisible()


def test_each_side_keeps_its_own_filter(hands: Hands) -> None:
    hands.register("norms")
    hands.page.set_filter(Filter(words="aurelia"))
    hands.settled()
    hands.page.use_side("assessed")
    hands.settled()
    assert hands.page.look.filter == Filter()
    hands.page.use_side("stated")
    hands.settled()
    assert hands.page.look.filter.words == "aurelia" and hands.page.filters.box.text() == "aurelia"


# views


def test_views_have_keys_and_keep_the_keyboard(hands: Hands) -> None:
    hands.register("norms")
    hands.page.first().setFocus()
    for number, widget in enumerate((hands.page.table, hands.page.matrix, hands.page.board, hands.page.timeline)):
        hands.key(K(K.Key_1 + number), ALT)
        hands.settled()
        assert hands.page.widget() is widget and widget.isAncestorOf(QApplication.focusWidget())
        assert nameless(hands.page) == []


def test_a_register_without_views_has_a_table(hands: Hands) -> None:
    hands.register("practices")
    assert [hands.page.tabs.tabText(n) for n in range(hands.page.tabs.count())] == ["Table"]


@pytest.mark.parametrize("distance", [NEAR, SIGNED, FAR])
def test_a_status_in_the_matrix_is_changed_only_with_date_and_author(hands: Hands, distance: int) -> None:
    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    matrix = hands.page.matrix
    matrix.use_distance(distance)
    matrix.go_to("XB", "b")
    matrix.first().setFocus()
    hands.key(K.Key_Return)
    dialog = hands.dialog(CellDialog)
    assert nameless(dialog) == []
    dialog.choices["in_place"].setFocus()
    hands.key(K.Key_Space, widget=dialog.choices["in_place"])
    assert not dialog.keep.isEnabled() and "Date of statement" in dialog.missing.plain() and "Stated by" in dialog.missing.plain()
    hands.key(K.Key_Return, widget=dialog.keep)
    assert dialog.isVisible() and hands.door.called("registers.set") == []
    QTest.keyClicks(dialog.asked["date"].focusProxy(), "2026-11-20")
    assert not dialog.keep.isEnabled()
    QTest.keyClicks(dialog.asked["author"].focusProxy(), "Ministry of Justice")
    assert dialog.keep.isEnabled()
    hands.key(K.Key_Return, widget=dialog.keep)
    hands.settled()
    ((args, _),) = hands.door.called("registers.set")
    assert args[0].row == "XB/b" and args[0].side == "stated"
    assert args[1] == {"status": ("in_place",), "date": ("2026-11-20",), "author": ("Ministry of Justice",)}
    hands.settled()
    down = [code for code, _ in matrix.model.matrix.down].index("XB")
    assert matrix.model.cell(down, 1).value == "in_place"
    assert "In place" in matrix.told.plain()


def test_the_old_date_is_not_taken_over(hands: Hands) -> None:
    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    hands.page.matrix.go_to("XB", "c")
    hands.page.matrix._open(0, 0)
    dialog = hands.dialog(CellDialog)
    assert dialog.asked["author"].values() == ("Ministry of Foreign Affairs",) and dialog.asked["date"].values() == ()
    dialog.choices["planned"].setChecked(True)
    assert not dialog.keep.isEnabled()
    dialog.asked["date"].line.setText("2026-13-40")
    assert not dialog.keep.isEnabled()
    hands.key(K.Key_T, widget=dialog.asked["date"].line)
    assert dialog.keep.isEnabled()
    dialog.reject()


def test_the_matrix_moves_by_arrows_and_is_spoken(hands: Hands) -> None:
    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    matrix = hands.page.matrix
    matrix.go(0, 0)
    matrix.zoom(FAR)
    assert matrix.distance == FAR and matrix.map.hasFocus()
    hands.key(K.Key_Right)
    hands.key(K.Key_Down)
    assert matrix.map.at == (1, 1)
    spoken = QAccessible.queryAccessibleInterface(matrix.map).text(QAccessible.Text.Description)
    assert spoken == "Borovia, Norm (b) Consider all information: nothing said" and matrix.told.plain() == spoken
    hands.key(K.Key_Plus, CTRL)
    assert matrix.distance == SIGNED and matrix.table.hasFocus() and matrix.at() == (1, 1)
    hands.key(K.Key_Minus, CTRL)
    assert matrix.distance == FAR
    index = matrix.model.index(1, 2)
    assert index.data(int(Qt.ItemDataRole.AccessibleTextRole)).startswith("Borovia, Norm (c)")


def test_headings_of_the_matrix_are_the_same_after_another_look(hands: Hands, worn: theme.Theme) -> None:
    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    matrix = hands.page.matrix
    matrix.table.clearSelection()
    painted = {}
    for turn in ("first", "again"):
        for distance in (SIGNED, NEAR, SIGNED):
            matrix.use_distance(distance)
            hands.settled()
            for head in (matrix.table.horizontalHeader(), matrix.table.verticalHeader()):
                painted.setdefault((distance, head.orientation()), []).append(head.grab().toImage())
        if turn == "first":
            for look in ("dark", "light"):
                worn.choose(look)
                hands.settled()
    for there in painted.values():
        assert all(one == there[0] for one in there)


def test_a_hint_is_plain_in_the_tooltip_and_to_a_screen_reader(qtbot: Any, worn: theme.Theme) -> None:
    line = QuietLine("x")
    qtbot.addWidget(line)
    hint(line, HOSTILE)
    assert "<img" not in line.toolTip() and "&lt;img" in line.toolTip()
    assert QAccessible.queryAccessibleInterface(line).text(QAccessible.Text.Description) == clean(HOSTILE)
    hint(line, "")
    assert line.toolTip() == ""


def test_no_two_choices_look_alike_without_colour(hands: Hands) -> None:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QImage, QPainter

    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    patterns = hands.page.matrix.model.patterns
    assert len({patterns.sign(one.id) for one in patterns.choices}) == len(patterns.choices)
    looks = set()
    for one in patterns.choices:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(theme.colour("surface"))
        painter = QPainter(image)
        patterns.paint(painter, QRect(0, 0, 24, 24), one.id)
        painter.end()
        looks.add(bytes(image.convertToFormat(QImage.Format.Format_Grayscale8).constBits()))
    assert len(looks) == len(patterns.choices)


def test_the_whole_matrix_of_the_world_has_cells_one_can_read() -> None:
    for states, items in ((193, 16), (193, 11), (193, 8), (57, 16), (35, 11)):
        laid = Bands.fitting(states, items, 1000, 560)
        assert laid.wide >= 9 and laid.tall >= 9, (states, items, laid)
        boxes = [laid.cell(row, column, items) for row in range(states) for column in range(items)]
        assert len({(box.x(), box.y()) for box in boxes}) == states * items
        assert all(box.right() <= 1000 and box.bottom() <= 560 for box in boxes)


def test_the_map_mirrors(mirrored: Hands) -> None:
    hands = mirrored
    hands.register("norms")
    hands.page.use_view(1)
    hands.settled()
    matrix = hands.page.matrix
    matrix.use_distance(FAR)
    first, second = matrix.map.rect_of(0, 0), matrix.map.rect_of(0, 1)
    assert first.x() > second.x() and first.right() > matrix.map.width() // 2
    assert matrix.map.cell_at(second.center()) == (0, 1)
    matrix.map.go(0, 0)
    matrix.map.setFocus()
    hands.key(K.Key_Left)
    assert matrix.map.at == (0, 1)


def test_a_card_moves_through_the_same_dialog(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.use_view(1)
    hands.settled()
    board = hands.page.board
    lane = next(one for one in board.lanes if one.value == "sent")
    lane.list.setFocus()
    title = lane.list.row().title
    assert lane.list.accessibleName() == "→ Sent, 2 rows"
    hands.key(K.Key_Right, CTRL)
    dialog = hands.dialog(CellDialog)
    assert dialog.value() == "received" and not dialog.keep.isEnabled()  # who says so is asked for
    QTest.keyClicks(dialog.note, "Seen in the register of the mission")
    hands.key(K.Key_Return, widget=dialog.keep)
    hands.settled()
    hands.settled()
    received = next(one for one in board.lanes if one.value == "received")
    assert title in [received.list.cards.pages.row(n).title for n in range(received.list.cards.rowCount())]
    assert hands.door.called("registers.set")[0][1]["note"] == "Seen in the register of the mission"


def test_the_timeline_is_in_order_and_opens_by_enter(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.use_view(2)
    hands.settled()
    line = hands.page.timeline.list
    days = [line.cards.pages.row(n).cells["date"].values[0] for n in range(line.cards.rowCount())]
    assert days == sorted(days, reverse=True)
    assert line.grab().toImage().width() > 0
    hands.key(K.Key_Return)
    hands.settled()
    assert not hands.page.in_views


def test_rows_of_a_room_with_others_are_looked_at_and_made_there(hands: Hands) -> None:
    hands.register("norms")
    assert not hands.page.where.isVisible()
    hands.register("correspondence")
    where = hands.page.where
    assert where.isVisible() and where.itemData(0) == "" and where.count() > 1
    where.setCurrentIndex(1)
    hands.settled()
    assert hands.door.called("registers.ids")[-1][1]["room"] == where.itemData(1)
    hands.page.new()
    assert hands.page.row_page.place.room == where.itemData(1)


# empty, errors, refreshing


def test_an_empty_register_says_the_next_step(fresh: Hands) -> None:
    fresh.register("correspondence")
    assert fresh.page.stack.currentWidget() is fresh.page.empty and fresh.page.empty.step is not None
    assert "running number" in fresh.page.empty.more.plain()
    fresh.page.first().setFocus()
    fresh.key(K.Key_Return)
    assert not fresh.page.in_views


def test_an_error_is_said_and_the_screen_stays(hands: Hands) -> None:
    hands.door.fail("registers.ids", Unavailable("vault.busy"))
    hands.register("norms")
    assert hands.page.bar.isVisible() and hands.page.bar.happened.plain()
    hands.door.fail("registers.row", NotAllowed("register.row"))
    hands.page.open_row(hands.door.registers._row(hands.door.registers.order[0], "en", whole=False).place)
    assert hands.page.row_page.bar.isVisible()


def test_what_changes_elsewhere_is_shown_and_one_stays(hands: Hands) -> None:
    hands.register("correspondence")
    table = hands.page.table.table
    table.setCurrentIndex(table.rows.index(2, 1))
    held = table.row().place.row
    hands.door.registers._put("correspondence", "new", "stated", subject="From another laptop", way="received")
    hands.door.touch(Changes(registers=frozenset({"correspondence"})))
    hands.settled()
    hands.settled()
    assert table.rows.rowCount() == 5 and table.row().place.row == held
    assert hands.spoken(hands.screen.list.list, 0) == "Correspondence, 5 rows"


def test_a_reference_opens_a_row_on_its_side(hands: Hands) -> None:
    hands.screen.open_ref("norms/XB/c#assessed")
    hands.settled()
    assert not hands.page.in_views and hands.page.row_page.place.side == "assessed"
    assert hands.page.frame.banner.isVisible()
    hands.screen.open_ref("nobody/knows")
    hands.screen.open_ref("practices")
    hands.settled()
    assert hands.page.in_views and hands.page.definition.id == "practices"


def test_every_act_has_a_key_and_stands_in_the_table() -> None:
    screens.load_actions()
    for screen in ("registers", "commitments"):
        for act in keys.ACTS:
            assert actions.spec(f"{screen}.{act}").keys
    assert actions.spec("registers.define").shortcut == "Ctrl+Shift+N"


def test_f6_cycles_the_panes(hands: Hands) -> None:
    assert len(hands.screen.panes()) >= 4
    hands.page.open_here()
    assert hands.page.row_page.history in hands.screen.panes()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_view_paints_in_both_looks(hands: Hands, worn: theme.Theme, look: theme.Choice) -> None:
    worn.choose(look)
    hands.register("norms")
    for number in range(4):
        hands.page.use_view(number)
        hands.settled()
        image = hands.screen.grab().toImage()
        assert not image.isNull() and name_of(hands.page.widget().first())


def test_single_keys_of_the_date_field(keep: Callable[[QWidget], QWidget], hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.open_here()
    hands.settled()
    editor = hands.page.row_page.form.lines["date"].editor
    editor.line.setFocus()
    editor.line.setText("2026-02-28")
    hands.key(K.Key_Up, NONE, widget=editor.line)
    assert editor.values() == ("2026-03-01",)
    hands.key(K.Key_Down, CTRL, widget=editor.line)
    assert editor.values() == ("2026-01-30",)
    assert editor.told.plain() == "30 January 2026"


def test_every_row_is_shown_where_the_view_itself_leaves_some_out(hands: Hands) -> None:
    hands.register("correspondence")
    page = hands.page
    page.views[1] = replace(page.views[1], kind="table", only={"way": ("nowhere",)})
    page.use_view(1)
    hands.settled()
    assert page.stack.currentWidget() is page.none and page.none.sentence.plain() == "No row belongs here now"
    page.none.step.click()
    hands.settled()
    assert page.tabs.currentIndex() == 0 and page.stack.currentWidget() is page.table
    page.set_filter(Filter(words="nowhere at all"))
    hands.settled()
    assert page.none.sentence.plain() == "No row passes this filter"
    page.none.step.click()
    hands.settled()
    assert page.stack.currentWidget() is page.table


def test_escape_in_the_empty_search_of_the_filter_closes_it(hands: Hands) -> None:
    hands.register("correspondence")
    hands.page.filters.ask()
    dialog = hands.dialog(FilterDialog)
    dialog.box.setFocus()
    QTest.keyClicks(dialog.box, "s")
    hands.key(K.Key_Escape, widget=dialog.box)
    assert dialog.isVisible() and dialog.box.text() == ""
    with hands.qtbot.waitSignal(dialog.rejected):
        hands.key(K.Key_Escape, widget=dialog.box)
