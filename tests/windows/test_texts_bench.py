"""The workbench as a whole: proposing, positions, what is being written, going about, refreshing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from valise.desk.views import Changes
from valise.domain.errors import NotAllowed
from valise.ui import theme
from valise.ui.tasks import Runner
from valise.ui.texts import TextsScreen
from valise.ui.texts.difference import NEAR, hunks
from valise.ui.texts.outline import GoTo, find_label
from valise.ui.texts.texts_list import SECOND
from valise.ui.widgets.clipboard import clipboard

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
K = Qt.Key
# The offscreen platform has no window manager to give size hints to, and says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@dataclass
class Bench:
    """A workbench on a fake door, shown, with the keyboard in the text."""

    qtbot: Any
    door: FakeDoor
    runner: Runner
    screen: TextsScreen

    def at(self, label: str) -> str:
        """Go to a paragraph; its id."""
        place = [row.label for row in self.screen.model.rows()].index(label)
        self.screen.list.go(place)
        self.screen.list.setFocus()
        self.screen.show_right()
        return self.screen.model.row(place).id

    def key(self, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier, widget: QWidget | None = None) -> None:
        self.qtbot.keyClick(widget or QApplication.focusWidget() or self.screen.list, key, modifiers)

    def settled(self) -> None:
        """Every command is done and every change is shown."""
        self.qtbot.waitUntil(lambda: self.runner.idle)
        QCoreApplication.processEvents()

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        return [args for args, _named in self.door.called(f"texts.{name}")]


def open_bench(qtbot: Any, door: FakeDoor, *, rtl: bool = False) -> Iterator[Bench]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.install(app, "light")
    if rtl:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    runner = Runner()
    screen = TextsScreen(door, runner)  # type: ignore[arg-type]
    screen.commands.guard.burst = 0.0  # tests type faster than a person
    end = door.subscribe(runner.announce)
    runner.changed.connect(screen.refresh)
    screen.resize(1300, 860)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.focus_first()
    QCoreApplication.processEvents()
    yield Bench(qtbot, door, runner, screen)
    end()
    runner.close()
    clipboard().clear()
    screen.close()
    screen.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


@pytest.fixture
def mirrored(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor(), rtl=True)


# proposing


def test_a_proposal_takes_two_interactions_and_can_be_taken_back(bench: Bench) -> None:
    paragraph = bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None and editor.words.hasFocus()
    editor.words.setPlainText(editor.base.replace("six", "twelve"))
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    words = "Decides that points of contact will be tested every twelve months;"
    assert bench.calls("propose_words") == [(d.TEXT, paragraph, words, "")]
    assert bench.screen.list.editor is None and bench.screen.list.hasFocus()
    assert bench.screen.bar.isVisible() and "XA/13" in bench.screen.bar.happened.plain()
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    bench.settled()
    assert len(bench.calls("withdraw")) == 1
    calls = zip(bench.door.calls, bench.door.threads, strict=True)
    commands = [thread for (name, _, _), thread in calls if name in ("texts.propose_words", "texts.withdraw")]
    assert commands and all(thread.startswith("writer") for thread in commands)


def test_typed_words_are_words_not_keys_of_the_table(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_F2)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.selectAll()
    bench.qtbot.keyClicks(editor.words, "sorgnadwtkx SORGN")
    bench.key(K.Key_Return)  # a paragraph is one line
    assert editor.text() == "sorgnadwtkx SORGN"
    bench.settled()
    for name in ("position", "propose_delete", "withdraw", "take", "reject", "merge"):
        assert bench.calls(name) == []
    bench.key(K.Key_Escape)
    assert bench.screen.list.editor is None


def test_the_line_of_difference_shows_what_will_be_proposed(bench: Bench) -> None:
    bench.at("OP 2")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None and not editor.send.isEnabled()
    editor.words.setPlainText(editor.base.replace("Encourages", "Invites").replace("two", "three"))
    editor.refresh()
    styles = {(run.style, run.text) for run in editor.preview.runs()}
    assert {("delete", "Encourages"), ("insert", "Invites"), ("delete", "two"), ("insert", "three")} <= styles
    assert "2" in editor._caption.text() and editor.send.isEnabled()
    editor.words.setPlainText("a hidden \u202e turn")
    editor.refresh()
    assert not editor.send.isEnabled()
    bench.key(K.Key_Escape)


def test_the_preview_joins_changes_as_the_domain_does() -> None:
    saying = pytest.importorskip("valise.domain.text.saying", exc_type=ImportError)
    assert saying.NEAR == NEAR
    assert [hunk.words for hunk in hunks("a b c d e f", "x b y d e f")] == ["x b y"]


def test_words_left_with_escape_come_back(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Half a thought")
    editor.reason.setText("because")
    bench.key(K.Key_Escape)
    assert bench.screen.list.editor is None and bench.calls("propose_words") == []
    bench.at("OP 2")
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    editor = bench.screen.list.editor
    assert editor is not None
    assert (editor.text(), editor.reason.text()) == ("Half a thought", "because")
    assert bench.screen.view().paragraph.label == "OP 3"  # type: ignore[union-attr]


def test_a_refused_proposal_keeps_its_words(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Decides otherwise;")
    bench.door.fail("texts.propose_words", NotAllowed("text.agreed", "agreed meanwhile"))
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.screen.bar.isVisible() and bench.screen.bar.confidentiality.plain()
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    assert bench.screen.list.editor is not None and bench.screen.list.editor.text() == "Decides otherwise;"


def test_code_points_beyond_the_basic_plane_survive_the_editor(bench: Bench) -> None:
    paragraph = bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Decide\u0301 𝒜 😀 𠀀 twelve")
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.calls("propose_words") == [(d.TEXT, paragraph, "Decid\u00e9 𝒜 😀 𠀀 twelve", "")]


def test_pasted_formatting_and_lines_stay_outside(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("<b>bold</b>\nnext")
    editor.words.selectAll()
    editor.words.insertFromMimeData(data)
    assert editor.text() == "<b>bold</b> next"


def test_a_new_paragraph_and_a_deletion(bench: Bench) -> None:
    paragraph = bench.at("OP 3")
    bench.key(K.Key_A)
    editor = bench.screen.list.editor
    assert editor is not None and editor.mode == "add"
    bench.qtbot.keyClicks(editor.words, "Invites the Chair to report;")
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.calls("propose_paragraph") == [(d.TEXT, paragraph, "OP", "Invites the Chair to report;", "")]
    bench.key(K.Key_D)
    editor = bench.screen.list.editor
    assert editor is not None and editor.reason.hasFocus()
    bench.qtbot.keyClicks(editor.reason, "not needed")
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.calls("propose_delete") == [(d.TEXT, paragraph, "not needed")]


def test_an_agreed_paragraph_takes_no_proposal_and_says_why(bench: Bench) -> None:
    bench.at("PP 2")
    bench.key(K.Key_Return)
    assert bench.screen.list.editor is None
    assert "agreed ad ref" in bench.screen.bar.happened.plain()


# positions


@pytest.mark.parametrize(
    ("key", "modifiers", "value"),
    [(K.Key_S, None, "support"), (K.Key_O, None, "oppose"), (K.Key_R, None, "reserve"), (K.Key_G, None, "can go along"),
     (K.Key_R, SHIFT, "scrutiny reservation")],
)  # fmt: skip
def test_a_letter_is_a_position(bench: Bench, key: Qt.Key, modifiers: Any, value: str) -> None:
    paragraph = bench.at("OP 2")
    bench.key(key, modifiers or Qt.KeyboardModifier.NoModifier)
    bench.settled()
    assert bench.calls("position") == [(d.TEXT, paragraph, value)]


def test_letters_speak_to_the_chosen_amendment_and_n_takes_back(bench: Bench) -> None:
    bench.at("OP 2")
    bench.key(K.Key_Down, ALT)
    bench.key(K.Key_Down, ALT)
    bench.key(K.Key_O)
    bench.settled()
    bench.key(K.Key_N)
    bench.settled()
    assert bench.calls("position") == [
        (d.TEXT, d.ident("proposal XE/1"), "oppose"),
        (d.TEXT, d.ident("proposal XE/1"), "none"),
    ]
    bench.key(K.Key_Up, ALT)
    bench.key(K.Key_Up, ALT)
    bench.key(K.Key_S)
    bench.settled()
    assert bench.calls("position")[-1][2] == "support"
    assert bench.calls("position")[-1][1].endswith("/10")
    bench.key(K.Key_S)  # said already: nothing is sent twice
    bench.settled()
    assert len(bench.calls("position")) == 3


def test_w_withdraws_only_what_we_sponsor(bench: Bench) -> None:
    bench.at("PP 5")
    bench.key(K.Key_W)
    bench.settled()
    assert bench.calls("withdraw") == [(d.TEXT, d.ident("proposal XA/12"))]
    bench.at("PP 3")
    bench.key(K.Key_W)
    bench.settled()
    assert len(bench.calls("withdraw")) == 1


# internal


def test_a_remark_goes_inside_and_stays_apart(bench: Bench) -> None:
    paragraph = bench.at("OP 2")
    bench.key(K.Key_M, CTRL)
    assert bench.screen.internal.words.hasFocus()
    bench.qtbot.keyClicks(bench.screen.internal.words, "sorgn fallback: invites")
    bench.key(K.Key_Return, CTRL)
    bench.settled()
    assert bench.door.called("internal.write")[0][0] == (d.TEXT, paragraph, "sorgn fallback: invites", "note", "")
    assert bench.calls("position") == [] and bench.screen.internal.words.toPlainText() == ""
    inside = bench.screen.internal.grab().toImage().pixelColor(3, 60)
    outside = bench.screen.amendments.grab().toImage().pixelColor(3, 60)
    assert inside != outside


def test_a_half_written_remark_stays_with_its_paragraph(bench: Bench) -> None:
    bench.at("OP 2")
    bench.screen.internal.words.setPlainText("half")
    bench.at("OP 3")
    assert bench.screen.internal.words.toPlainText() == ""
    bench.at("OP 2")
    assert bench.screen.internal.words.toPlainText() == "half"


# going about


def test_going_to_a_paragraph_by_its_number(bench: Bench) -> None:
    rows = bench.screen.model.rows()
    assert rows[find_label(rows, "pp2bis")].label == "PP 2 bis"
    assert rows[find_label(rows, "3")].label == "OP 3"
    assert rows[find_label(rows, "6")].label == "PP 6"
    assert find_label(rows, "99") == -1 and find_label(rows, " ") == -1
    bench.key(K.Key_G, CTRL)
    dialog = bench.screen.findChild(GoTo)
    assert dialog is not None
    dialog.box.setText("op 6 (a)")
    dialog._go.click()
    assert bench.screen.view().paragraph.label == "OP 6 (a)"  # type: ignore[union-attr]


def test_the_outline_filters(bench: Bench) -> None:
    outline = bench.screen.outline

    def labels() -> list[str]:
        return [outline.proxy.index(n, 0).data().split(" ")[0:2][1] for n in range(outline.proxy.rowCount())]

    outline.mode.setCurrentIndex(outline.mode.findData("agreed"))
    assert labels() == ["1", "2", "4", "1", "6", "7"]
    outline.mode.setCurrentIndex(outline.mode.findData(d.delegation("XF")))
    bench.qtbot.waitUntil(lambda: outline.proxy.rowCount() == 1)
    assert labels() == ["5"]
    outline.mode.setCurrentIndex(outline.mode.findData(d.delegation("XA")))
    bench.qtbot.waitUntil(lambda: outline.proxy.rowCount() == 3)  # proposed, co-sponsored, opposed
    outline.mode.setCurrentIndex(0)
    outline.box.setText("directory")
    assert outline.proxy.rowCount() == 2


def test_copied_in_notation_and_forgotten(bench: Bench) -> None:
    bench.key(K.Key_C, CTRL | SHIFT)
    bench.settled()
    board = QGuiApplication.clipboard()
    assert "**OP 2** [Encourages / Calls upon (XB, XA, XC)" in board.text()
    assert "x-kde-passwordManagerHint" in board.mimeData().formats()
    clipboard().clear()
    assert board.text() == ""


def test_search_results_lead_to_their_paragraph(bench: Bench) -> None:
    place = next(row.id for row in bench.screen.model.rows() if row.label == "PP 4")
    bench.screen.open_ref(f"{d.TEXT}#{place}")
    assert bench.screen.view().paragraph.label == "PP 4"  # type: ignore[union-attr]
    bench.screen.open_ref(f"{d.TEXT}#{d.ident('proposal XE/2')}")
    assert bench.screen.view().paragraph.label == "OP 3"  # type: ignore[union-attr]
    assert bench.screen.amendments.target == d.ident("proposal XE/2")
    bench.screen.open_ref(d.OTHER_TEXT)
    assert bench.screen.text == d.OTHER_TEXT
    bench.screen.open_ref("nowhere")
    assert bench.screen.text == d.OTHER_TEXT


def test_an_empty_vault_says_the_next_step(qtbot: Any) -> None:
    for bench in open_bench(qtbot, FakeDoor(empty=True)):
        assert bench.screen.stack.currentWidget() is bench.screen.empty
        assert bench.screen.empty.step is not None and bench.screen.empty.step.hasFocus()


# refreshing


def test_only_the_rows_that_changed_are_repainted(bench: Bench) -> None:
    seen: list[int] = []
    bench.at("OP 2")
    bench.screen.model.dataChanged.connect(lambda top, _bottom: seen.append(top.row()))
    resets: list[int] = []
    bench.screen.model.modelReset.connect(lambda: resets.append(1))
    held = bench.door.texts._held(d.TEXT, bench.screen.model.row(11).id)
    held.words = "Decides that points of contact will be tested every nine months;"
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.qtbot.waitUntil(lambda: bool(seen))
    assert seen == [11] and resets == []
    before = len(bench.door.calls)
    bench.door.touch(Changes(threads=frozenset({d.GROUP}), status=True))
    bench.settled()
    assert len(bench.door.calls) == before
    bench.door.touch(Changes(texts=frozenset({d.OTHER_TEXT})))
    bench.settled()
    assert seen == [11] and bench.screen.view().paragraph.label == "OP 2"  # type: ignore[union-attr]


def test_paragraphs_come_and_go_around_the_current_one(bench: Bench) -> None:
    bench.at("OP 2")
    text = bench.door.texts.rows[d.TEXT]
    text.held.insert(3, d.Held(f"{d.ident('merge 9')}/0", "PP", "PP 2 ter", "Mindful of time,"))
    del text.held[0]
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.qtbot.waitUntil(lambda: [row.label for row in bench.screen.model.rows()][2] == "PP 2 ter")
    assert bench.screen.view().paragraph.label == "OP 2"  # type: ignore[union-attr]


def test_the_pen_changes_the_words_under_the_editor(bench: Bench) -> None:
    paragraph = bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Decides that points of contact will be tested every six weeks;")
    held = bench.door.texts._held(d.TEXT, paragraph)
    held.words = "Decides that focal points will be tested every six months;"
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.qtbot.waitUntil(lambda: editor.overtaken)
    assert editor.text() == "Decides that points of contact will be tested every six weeks;"
    assert any(run.style == "delete" and "focal" in run.text for run in editor.preview.runs())


def test_words_on_a_paragraph_that_was_taken_out_are_kept(bench: Bench) -> None:
    paragraph = bench.at("OP 3")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("My words")
    bench.door.texts.rows[d.TEXT].held.remove(bench.door.texts._held(d.TEXT, paragraph))
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.qtbot.waitUntil(lambda: bench.screen.model.place(paragraph) < 0)
    assert bench.screen.list.editor is None
    bench.qtbot.waitUntil(lambda: bench.door.texts.draft(d.TEXT, paragraph, "words") is not None)
    kept = bench.door.texts.draft(d.TEXT, paragraph, "words")
    assert kept is not None and kept.words == "My words"
    assert bench.screen.bar.isVisible()
    bench.screen.bar.findChild(QPushButton).click()
    assert QApplication.clipboard().text() == "My words"


def test_a_frozen_text_is_said_plainly_and_takes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    old = bench.door.texts.head
    monkeypatch.setattr(bench.door.texts, "head", lambda text: replace(old(text), frozen="text.pen-fork"))
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.qtbot.waitUntil(bench.screen.frozen.isVisible)
    assert "two different" in bench.screen.frozen.what.plain()
    bench.at("OP 2")
    for key in (K.Key_S, K.Key_A, K.Key_T):
        bench.key(key)
    bench.key(K.Key_A, CTRL | SHIFT)
    bench.settled()
    for name in ("position", "propose_paragraph", "take", "agree"):
        assert bench.calls(name) == []
    assert bench.screen.list.editor is None


def test_two_lines_of_an_arabic_title_have_room_in_the_list(qapp: QApplication) -> None:
    wrapped = QFontMetrics(theme.font(14, bold=True)).boundingRect(
        QRect(0, 0, 150, 1000), int(Qt.TextFlag.TextWordWrap), "مشروع مقرر بشأن استخدام جهات الاتصال"
    )
    assert wrapped.height() <= 20 + SECOND


def test_two_thousand_paragraphs(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    text = bench.door.texts.long(2000)
    bench.screen.refresh(Changes(texts=frozenset({text})))
    before = len(bench.calls("paragraph"))
    start = perf_counter()
    bench.screen.open_text(text)
    bench.screen.list.viewport().repaint()
    shown = perf_counter() - start
    QCoreApplication.processEvents()
    read = len(bench.calls("paragraph")) - before
    keys: list[float] = []
    for _ in range(20):
        start = perf_counter()
        bench.key(K.Key_Down)
        bench.screen.list.viewport().repaint()
        keys.append(perf_counter() - start)
    start = perf_counter()
    bench.screen.list.go(1700)
    bench.screen.list.viewport().repaint()
    jump = perf_counter() - start
    with capsys.disabled():
        print(f"\n2,000 paragraphs: shown {shown * 1000:.0f} ms, {read} read; key {sorted(keys)[10] * 1000:.1f} ms "
              f"(worst {max(keys) * 1000:.1f}); to 1,700 {jump * 1000:.0f} ms")  # fmt: skip
    assert bench.screen.model.rowCount() == 2000
    assert 0 < read < 60  # only what is seen is read
    QCoreApplication.processEvents()
    assert 1700 in bench.screen.list.visible_rows()
    assert len(bench.screen.cards._documents) <= 256
