"""The library screen: documents, searching, the passage where it stands, dropping, copying."""

from __future__ import annotations

from typing import Any

import pytest
from fake_door import FakeDoor
from library_hands import CTRL, SHIFT, Hands, K
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from walk import name_of, nameless

from valise.domain.errors import Unavailable
from valise.ui import theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.library.documents import ORDERS
from valise.ui.library.reading_pane import AROUND, EARLIER, LATER, LETTERS
from valise.ui.library.results import LONGEST, card
from valise.ui.window import MainWindow

INVITES = "Invites all States to continue to inform the Secretariat of their views and assessments;"


@pytest.fixture
def hands(window: MainWindow, door: FakeDoor, qtbot: Any) -> Hands:
    return Hands(window, door, qtbot)


@pytest.fixture
def bare(keep: Any, qtbot: Any) -> Hands:
    """A vault without anything in it."""
    door = FakeDoor(empty=True)
    return Hands(keep(MainWindow(door, periodic=False)), door, qtbot)  # type: ignore[arg-type]


# the documents


def test_an_empty_library_says_what_it_is_for_and_the_next_step(bare: Hands) -> None:
    screen = bare.screen
    assert screen.stack.currentWidget() is screen.empty and screen.empty.step is not None
    assert "no official text" in screen.empty.more.plain()
    assert screen.panes() == [screen.empty.step] and screen.empty.step.hasFocus()
    screen.empty.step.click()
    assert screen.picking is not None and screen.picking.fileMode() == QFileDialog.FileMode.ExistingFiles
    screen.picking.close()


def test_documents_are_listed_ordered_and_narrowed(hands: Hands) -> None:
    pane = hands.screen.documents

    def symbols() -> list[str]:
        return [one.symbol for one in pane.model.rows]

    assert symbols() == ["A/70/174", "FICT/AR/1", "FICT/RES/73/27", "FICT/ZH/1"]
    orders = {}
    for n in range(pane.sorting.count()):
        pane.sorting.setCurrentIndex(n)
        orders[pane.sorting.currentData()] = symbols()[0]
    assert orders == {"symbol": "A/70/174", "adopted": "FICT/ZH/1", "title": "FICT/RES/73/27", "language": "FICT/AR/1",
                      "added": "FICT/AR/1"} and set(orders) == set(ORDERS)  # fmt: skip
    hands.key(K.Key_D, CTRL)
    assert pane.box.hasFocus()
    for words, found in (("experts", ["A/70/174"]), ("chinese", ["FICT/ZH/1"]), ("决定", ["FICT/ZH/1"]), ("x y", [])):
        pane.box.setText(words)
        assert symbols() == found
        assert pane.count.plain() == f"{len(found)} of 4"
    pane.box.clear()
    spoken = pane.model.index(pane.model.place(1)).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("FICT/RES/73/27", "Developments", "2018-12-05", "119-46-14", "English", "4 paragraphs"):
        assert part in spoken


def test_a_document_is_read_where_one_chose_it(hands: Hands) -> None:
    pane = hands.screen.documents
    pane.list.setFocus()
    pane.list.setCurrentIndex(pane.model.index(0))
    hands.settled()
    assert hands.screen.reading.title.plain() == "A/70/174"
    assert [one.head.strip("\u2068\u2069") for one in hands.screen.reading.list.entries.items] == [
        "13",
        "13 (e)",
        "13 (f)",
    ]


def test_thousands_of_documents_are_one_height_and_painted_only_in_sight(hands: Hands) -> None:
    for n in range(3_000):
        hands.door.library.add(f"FICT/MANY/{n}", f"Document {n}", "en", "", "", [])
    hands.screen.load()
    hands.settled()
    pane = hands.screen.documents
    assert pane.list.uniformItemSizes() and pane.model.rowCount() == 3_004
    seen: list[int] = []
    data = pane.model.data
    pane.model.data = lambda index, role=0: (seen.append(index.row()), data(index, role))[1]  # type: ignore[method-assign]
    pane.list.scrollToBottom()
    pane.list.grab()
    assert 0 < len(set(seen)) < 60


def test_a_document_is_taken_out_after_asking(hands: Hands) -> None:
    pane = hands.screen.documents
    pane.list.setFocus()
    pane.list.setCurrentIndex(pane.model.index(1))
    hands.settled()

    def asked() -> Confirm:
        return next(one for one in QApplication.topLevelWidgets() if isinstance(one, Confirm) and one.isVisible())

    hands.key(K.Key_Delete)
    assert "FICT/AR/1" in asked().question.plain() and nameless(asked()) == []
    asked().leave.click()
    hands.settled()
    assert hands.door.called("library.drop") == []
    pane.list.setFocus()
    hands.key(K.Key_Delete)
    asked().do_it.click()
    hands.settled()
    assert [args for args, _ in hands.door.called("library.drop")] == [(4,)]
    assert pane.model.place(4) == -1 and "FICT/AR/1" in hands.screen.bar.happened.plain()


def test_delete_in_the_search_box_only_deletes_a_letter(hands: Hands) -> None:
    hands.screen.documents.list.setCurrentIndex(hands.screen.documents.model.index(1))
    hands.search("states")
    hands.screen.box.setCursorPosition(0)
    hands.key(K.Key_Delete)
    assert hands.screen.box.text() == "tates"
    assert not any(isinstance(one, Confirm) and one.isVisible() for one in QApplication.topLevelWidgets())


# searching


def test_words_as_written_come_before_words_like_them(hands: Hands) -> None:
    (exact, *_) = hands.search("policy level and the technical level")
    assert exact.sign == "=" and exact.head.strip("\u2068\u2069") == "FICT/RES/73/27, OP 1"
    for part in ("2018-12-05", "119-46-14", "English"):
        assert part in exact.note
    (near,) = hands.search(INVITES)
    assert near.sign == "≈" and "per cent alike" in near.note and "100" not in near.note
    assert [(run.style, run.text.strip()) for run in near.words if run.style in ("insert", "delete")] == [
        ("delete", "Member")
    ]
    assert "[-Member-]" in near.spoken and "*" not in near.spoken  # what was not typed is no difference
    assert "Much like it: 1" in hands.screen.said.plain()
    assert hands.search("nothing of the kind, zebra") == []
    assert "Nothing in the library" in hands.screen.said.plain()


def test_a_difference_is_seen_without_colour(hands: Hands) -> None:
    hands.search(INVITES.replace("Secretariat", "Chair"))
    item = hands.screen.results.entries.items[0]
    document = hands.screen.results.cards.parts(item, 500, Qt.LayoutDirection.LeftToRight)[-1]
    block, styles = document.begin(), {}
    place = block.begin()
    while not place.atEnd():
        fragment = place.fragment()
        styles[fragment.text().strip()] = (fragment.charFormat().fontUnderline(), fragment.charFormat().fontStrikeOut())
        place += 1
    assert styles["Chair"] == (True, False) and styles["Secretariat"] == (False, True)
    assert styles["States to continue to inform the"] == (False, False)


@pytest.mark.parametrize(
    ("asked", "source"),
    [("A/70/174 13 (f)", "A/70/174, 13 (f)"), ("联络", "FICT/ZH/1, OP 1"), ("جهات اتصال", "FICT/AR/1, OP 1")],
)
def test_by_symbol_and_in_other_scripts(hands: Hands, asked: str, source: str) -> None:
    (item,) = hands.search(asked)
    assert item.head.strip("\u2068\u2069") == source and item.sign == "="
    assert hands.screen.reading.list.passage() == item.passage  # where it stands, beside it
    current = hands.screen.documents.current()
    assert current is not None and current.id == item.passage.source


def test_the_keyboard_goes_from_the_box_through_the_results_into_the_document(hands: Hands) -> None:
    hands.search("states")
    screen = hands.screen
    assert screen.results.currentIndex().row() == 0
    hands.key(K.Key_Down)
    assert screen.box.hasFocus() and screen.results.currentIndex().row() == 1
    hands.key(K.Key_Return)
    assert screen.results.hasFocus()
    hands.key(K.Key_Return)
    assert screen.reading.list.hasFocus()
    hands.settled()
    assert screen.reading.list.passage() == screen.results.passage()


def test_only_the_newest_question_is_answered(hands: Hands) -> None:
    asked = len(hands.door.called("library.find"))
    for end in range(1, 7):
        hands.screen.box.setText("states"[:end])
    hands.settled()
    assert [args[0] for args, _ in hands.door.called("library.find")[asked:]] == ["states"]
    threads = [thread for (name, _, _), thread in zip(hands.door.calls, hands.door.threads, strict=True)
               if name.startswith("library.")]  # fmt: skip
    assert threads and all(one.startswith("writer") for one in threads)


def test_a_question_that_cannot_be_answered_is_said(hands: Hands) -> None:
    hands.door.fail("library.find", Unavailable("vault.busy"))
    assert hands.search("states") == [] and hands.screen.bar.isVisible()
    assert len(hands.search("states ")) == 3


def test_a_long_document_shows_the_neighbours_and_more_on_enter(hands: Hands) -> None:
    rows = [(f"OP {n}", f"Decides on point number {n} of many;") for n in range(1, 201)]
    rows[99] = ("OP 100", "Decides on the needle;")
    hands.door.library.add("FICT/LONG/1", "Long", "en", "", "", rows)
    hands.screen.load()
    hands.settled()
    hands.search("needle")
    hands.settled()
    reading = hands.screen.reading
    assert reading.list.passage().label == "OP 100" and reading.list.entries.rowCount() == 2 * AROUND + 3
    keys = [one.key for one in reading.list.entries.items]
    assert keys[0] == EARLIER and keys[-1] == LATER
    reading.list.setCurrentIndex(reading.list.entries.index(len(keys) - 1))
    reading.list.setFocus()
    hands.key(K.Key_Return)
    labels = [one.passage.label for one in reading.list.entries.items if one.key not in (EARLIER, LATER)]
    assert "OP 160" in labels and reading.list.passage().label == "OP 130"


def test_long_paragraphs_are_cut_in_the_results_and_few_at_a_time_in_the_document(hands: Hands) -> None:
    rows = [(f"OP {n}", f"Decides {n}; " + "a very long winded paragraph " * 600) for n in range(1, 21)]
    hands.door.library.add("FICT/LONG/2", "Long", "en", "", "", rows)
    hands.screen.load()
    hands.settled()
    items = hands.search("long winded")
    assert len(items) == 20 and all(len("".join(run.text for run in one.words)) <= LONGEST + 2 for one in items)
    hands.settled()
    reading = hands.screen.reading.list
    assert reading.passage() == items[0].passage and len(reading.passage().words) > 10 * LONGEST
    seen: set[str] = set()
    while True:
        shown = [one for one in reading.entries.items if one.key not in (EARLIER, LATER)]
        assert sum(len(one.passage.words) for one in shown) < 3 * LETTERS
        seen |= {one.passage.label for one in shown}
        reading.setCurrentIndex(reading.entries.index(reading.entries.rowCount() - 1))
        if reading.current().key != LATER:
            break
        hands.qtbot.keyClick(reading, K.Key_Return)
    assert seen == {label for label, _ in rows}


def test_another_passage_of_the_same_document_does_not_read_it_anew(hands: Hands) -> None:
    hands.screen.documents.list.setCurrentIndex(hands.screen.documents.model.index(0))
    hands.settled()
    before = len(hands.door.called("library.passages"))
    for asked in ("A/70/174 13 (f)", "A/70/174 13 (e)"):
        hands.search(asked)
        assert hands.screen.reading.list.passage().label == asked.partition(" ")[2]
    assert len(hands.door.called("library.passages")) == before


def test_a_passage_is_copied_with_its_source_and_forgotten_on_lock(hands: Hands) -> None:
    hands.search("A/70/174 13 (f)")
    hands.key(K.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == (
        "A State should not conduct or knowingly support activity that damages critical infrastructure;\n"
        "(A/70/174, 13 (f))"
    )
    hands.window.lock("asked")
    assert QGuiApplication.clipboard().text() == ""


# for everybody


def test_in_a_narrow_window_the_documents_make_room(hands: Hands) -> None:
    pane, window = hands.screen.documents, hands.window
    assert pane.isVisible()
    window.resize(window.minimumSize())
    hands.qtbot.waitUntil(lambda: not pane.isVisible())
    hands.qtbot.waitUntil(lambda: hands.screen.reading.geometry().right() <= hands.screen.split.width())
    assert pane.list not in [one for one in hands.screen.panes() if one.isVisible()]
    hands.key(K.Key_D, CTRL)
    assert pane.isVisible() and pane.box.hasFocus()
    window.resize(1280, 800)
    hands.qtbot.waitUntil(lambda: hands.screen.width() >= 1000)
    assert pane.isVisible()


def test_every_control_has_a_name_and_every_list_says_what_enter_does(hands: Hands) -> None:
    hands.search("states")
    assert nameless(hands.screen) == []
    for one in (hands.screen.results, hands.screen.reading.list, hands.screen.documents.list):
        assert name_of(one) and "Enter" in one.accessibleDescription()


@pytest.mark.parametrize("dark", [False, True])
def test_cards_mirror(hands: Hands, worn: theme.Theme, qapp: QApplication, dark: bool) -> None:
    worn.choose("dark" if dark else "light")
    hands.search(INVITES)
    results = hands.screen.results

    def weight(left: bool) -> int:
        """Pixels of the accent in the outer three columns of a side."""
        image = results.viewport().grab().toImage()
        wide = image.width()
        rows, accent = range(4, 40), theme.colour("accent").rgb()
        columns = range(3) if left else range(wide - 3, wide)
        return sum(image.pixel(x, y) == accent for x in columns for y in rows)

    assert weight(True) > 60 and weight(False) == 0
    try:
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        assert weight(False) > 60 and weight(True) == 0
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


HOSTILE = "<b>bold</b><img src=x> \u202eevil\u202c \x07 & <script>" + "very long " * 400


def test_what_a_file_says_of_itself_is_only_text(hands: Hands) -> None:
    hands.door.library.add(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, [(HOSTILE, f"harmless words {HOSTILE}")])
    hands.screen.load()
    hands.settled()
    (item,) = hands.search("harmless words")
    assert "\u202e" not in item.head + item.note and len(item.head) < 300 and len(item.note) < 300
    assert card(hands.door.library.find("harmless words")[0], "harmless words").head == item.head
    hands.settled()
    assert "<b>bold</b>" in hands.screen.reading.title.plain() and hands.window.grab().width() > 0
    hands.screen.documents.list.setFocus()
    hands.key(K.Key_Delete)
    (asked,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, Confirm) and one.isVisible()]
    assert "\u202e" not in asked.question.plain()
    asked.reject()
