"""The common widgets: passphrases that leave, outside text that stays plain, words before colour."""

from __future__ import annotations

import ast
import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from walk import name_of, nameless

from valise.domain.errors import NotAllowed, NotYet, Refused
from valise.ui import theme
from valise.ui.models.paged import PAGE, PAGES, ROW_ROLE, PagedModel
from valise.ui.text_safe import FSI, PDI, clean, isolate, isolate_lines, shorten, unmarked
from valise.ui.widgets import times
from valise.ui.widgets.badge import MARKINGS, TLP, TRUST_LOOK, MarkingLabel, TrustBadge
from valise.ui.widgets.buttons import SearchBox
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import ElidedLabel, SafeLabel, Words
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.passphrase import PassphraseEntry
from valise.ui.widgets.qr import QUIET, QrView, qr_image

Keep = Callable[[QWidget], Any]
CONTROL = Qt.KeyboardModifier.ControlModifier


# C17


def test_a_passphrase_is_given_once_and_its_box_destroyed(keep: Keep, qtbot: Any) -> None:
    entry = keep(PassphraseEntry("Passphrase"))
    box = entry.field()
    box.insert("pa\u0301ss words")  # key events of the test library are Latin only
    given = entry.take()
    assert given == bytearray("p\u00e1ss words", "utf-8")  # NFC
    assert isinstance(given, bytearray)
    assert not shiboken6.isValid(box)
    assert entry.empty()
    assert entry.take() == bytearray()


def test_nothing_can_be_undone_or_copied_out(keep: Keep, qtbot: Any) -> None:
    board = QGuiApplication.clipboard()
    board.setText("before")
    entry = keep(PassphraseEntry("Passphrase"))
    box = entry.field()
    qtbot.keyClicks(box, "secret words")
    for shown in (False, True):
        entry._eye.setChecked(shown)
        box.selectAll()
        for key in (Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Z):
            qtbot.keyClick(box, key, CONTROL)
        assert box.text() == "secret words"
        assert board.text() == "before"
    assert box.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    assert not box.dragEnabled()
    entry.forget()
    assert not entry.field().isUndoAvailable()
    assert entry.field().text() == ""


def test_the_old_box_keeps_no_text_in_its_undo_history(keep: Keep, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[tuple[str, bool]] = []
    real = shiboken6.delete

    def look(box: QLineEdit) -> None:
        left.append((box.text(), box.isUndoAvailable()))
        box.setEchoMode(QLineEdit.EchoMode.Normal)
        box.undo()
        left.append((box.text(), True))
        real(box)

    monkeypatch.setattr("valise.ui.widgets.passphrase.shiboken6.delete", look)
    entry = keep(PassphraseEntry("Passphrase"))
    qtbot.keyClicks(entry.field(), "secret words")
    entry.take()
    assert all("secret" not in text and "words" not in text for text, _ in left)


def test_no_python_object_keeps_the_passphrase(keep: Keep, qtbot: Any) -> None:
    entry = keep(PassphraseEntry("Passphrase"))
    qtbot.keyClicks(entry.field(), "zqx" + "jkv" * 3)
    given = entry.take()
    given[:] = bytes(len(given))
    gc.collect()
    wanted = "zqx" + "jkv" * 3
    holders = [one for one in gc.get_objects() if isinstance(one, bytearray | list) and wanted.encode() in _flat(one)]
    assert not holders


def _flat(one: Any) -> bytes:
    return bytes(one) if isinstance(one, bytearray) else b""


def test_enter_is_told_after_the_key_was_handled(keep: Keep, qtbot: Any) -> None:
    entry = keep(PassphraseEntry("Passphrase"))
    qtbot.keyClicks(entry.field(), "abc")
    taken: list[bytearray] = []
    entry.submitted.connect(lambda: taken.append(entry.take()))
    with qtbot.waitSignal(entry.submitted):
        qtbot.keyClick(entry.field(), Qt.Key.Key_Return)
    assert taken == [bytearray(b"abc")]


def test_the_eye_and_its_name(keep: Keep, qtbot: Any) -> None:
    entry = keep(PassphraseEntry("Passphrase"))
    assert entry.field().echoMode() == QLineEdit.EchoMode.Password
    assert nameless(entry) == []
    entry._eye.trigger()
    assert entry.field().echoMode() == QLineEdit.EchoMode.Normal
    assert "Hide the passphrase" in [name_of(one) for one in entry.findChildren(QWidget)]


def test_caps_lock_is_noticed_from_what_keys_give(keep: Keep, qtbot: Any) -> None:
    entry = keep(PassphraseEntry("Passphrase"))
    heard: list[bool] = []
    entry.caps_lock.connect(heard.append)
    qtbot.keyClick(entry.field(), "a")
    qtbot.keyClick(entry.field(), "A", Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(entry.field(), Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(entry.field(), "B")
    assert heard[0] is False
    assert heard[1] is False
    assert heard[-1] is True


# C16

HOSTILE = "<b>bold</b> <a href='https://example.org'>x</a> <img src='file:///etc/passwd'>"


def test_outside_text_is_never_markup(keep: Keep) -> None:
    label = keep(SafeLabel(HOSTILE))
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setOpenExternalLinks(True)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert not label.openExternalLinks()
    assert HOSTILE in label.text()
    assert name_of(label) == HOSTILE


@given(st.text(max_size=60))
def test_isolates_are_balanced_and_nothing_steers_outside(text: str) -> None:
    shown = isolate(text)
    assert shown[0] == FSI
    assert shown[-1] == PDI
    assert shown.count(FSI) == shown.count(PDI) == 1
    assert not any(c in shown for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\n\r\0")
    many = isolate_lines(text)
    assert many.count(FSI) == many.count(PDI)
    assert clean(clean(text)) == clean(text)


def test_words_survive_cleaning() -> None:
    assert clean("نقطة اتصال\nOP\u00a04\tà\u0300") == "نقطة اتصال\nOP\u00a04\tà\u0300"
    assert clean("a\u202eb\x07c\r\nd") == "ab\ufffdc\nd"
    assert shorten("one two three four", 12) == "one two…"


def test_no_code_of_the_window_gives_text_to_a_bare_label() -> None:
    # A QLabel guesses whether its text is markup. Here it holds pictures only; text goes through SafeLabel and Words.
    offenders = []
    for path in Path(theme.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "QLabel" and node.args:
                if not isinstance(node.args[0], (ast.Name, ast.Attribute)):  # a name is the parent
                    offenders.append(f"{path.name}:{node.lineno}")
    assert offenders == []


def test_no_widget_gets_the_markup_of_a_tooltip_alone() -> None:
    """Qt reads a tooltip to a screen reader where there is no description: `hint` gives both."""
    offenders = []
    for path in Path(theme.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setToolTip" and len(node.args) == 1:
                to = getattr(node.func.value, "id", "")  # type: ignore[attr-defined]
                if to != "item" and any(getattr(one, "id", "") == "tip" for one in ast.walk(node.args[0])):
                    offenders.append(f"{path.parent.name}/{path.name}")
    assert offenders == ["widgets/labels.py"]


def test_every_dialog_is_one_of_the_house() -> None:
    found = set()
    for path in Path(theme.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "QDialog" for base in node.bases):
                found.add(node.name)
    assert found == {"Dialog"}


def test_names_stand_at_the_start_whatever_their_script(right_to_left: None, keep: Keep) -> None:
    label = keep(SafeLabel("Aurelia"))
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    assert label.alignment() & Qt.AlignmentFlag.AlignAbsolute
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft


def test_excerpts_are_read_without_marks() -> None:
    assert (
        unmarked("*Encourages* States, **calls upon** them; 2 * 3 * 4")
        == "Encourages States, calls upon them; 2 * 3 * 4"
    )


@pytest.mark.parametrize("words, side", [
    ("الفريق العامل المفتوح العضوية المعني بأمن تكنولوجيات المعلومات والاتصالات وأمن استخدامها", Qt.AlignmentFlag.AlignRight),
    ("A group open to all that looks at the security of what everybody uses every day", Qt.AlignmentFlag.AlignLeft),
])  # fmt: skip
def test_prose_keeps_the_side_of_its_own_script(keep: Keep, words: str, side: Qt.AlignmentFlag) -> None:
    label = keep(SafeLabel(words))
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        label.setLayoutDirection(direction)
        assert label.alignment() & side and label.alignment() & Qt.AlignmentFlag.AlignAbsolute


def test_captions_and_codes_stand_below_their_title_however_long(right_to_left: None, keep: Keep) -> None:
    long = "Control stations of a water utility restart and lose their settings"
    for role in ("title", "heading", "strong", "mono"):
        assert keep(SafeLabel(long, role)).alignment() & Qt.AlignmentFlag.AlignRight
    assert keep(SafeLabel(long)).alignment() & Qt.AlignmentFlag.AlignLeft


def test_a_line_of_names_alone_goes_in_the_direction_of_the_window(right_to_left: None, keep: Keep) -> None:
    label = keep(Words(f"+ {isolate('2027-12-08')}"))
    assert label.text().startswith("\u200f") and label.plain() == "+ 2027-12-08"
    label = keep(Words("Ctrl+1"))
    assert label.text() == "Ctrl+1"


def test_a_sentence_of_ours_that_begins_with_a_code_is_cut_at_its_own_end(right_to_left: None, keep: Keep) -> None:
    line = keep(ElidedLabel("Rev.2", ours=True))
    line.setText(f"{isolate('Rev.2')} · المفتوح 4 من 8 · التعديلات المقترحة: 12")
    assert line.plain() == "Rev.2 · المفتوح 4 من 8 · التعديلات المقترحة: 12"
    line.resize(120, 24)
    cut = line.grab().toImage()
    line.resize(600, 24)
    whole = line.grab().toImage().copy(480, 0, 120, 24)
    ends = [[one.pixel(x, y) for x in range(90, 120) for y in range(24)] for one in (cut, whole)]
    assert ends[0] == ends[1]  # the code first, at the right, with no dots before it


# words before colour


def test_each_trust_level_has_its_own_icon_and_words(keep: Keep) -> None:
    badge = keep(TrustBadge())
    words = set()
    for level in TRUST_LOOK:
        badge.set_trust(level)
        words.add(badge.text())
        assert name_of(badge) == badge.text() != ""
    assert len(words) == len(TRUST_LOOK)
    assert len({look[0] for look in TRUST_LOOK.values()}) == len(TRUST_LOOK)
    badge.set_trust("something new")
    assert badge.text() == "unknown"


def test_markings_say_their_words_in_the_published_colours(keep: Keep) -> None:
    facts = Path(__file__).parents[3] / "shared" / "facts" / "tlp.json"
    if facts.exists():
        published = {one["label"]: one["fg"] for one in json.loads(facts.read_text())["items"]}
        assert published == TLP
    label = keep(MarkingLabel())
    label.set_marking("")
    assert not label.isVisible()
    for marking in (*MARKINGS, "NATIONAL RESTRICTED"):
        label.set_marking(marking)
        assert label.isVisible()
        assert label.text() == marking
        assert marking in name_of(label)
        ink, fill = label.colours()
        assert theme.contrast(ink.name(), fill.name()) >= 4.5


def test_a_notice_has_three_parts_and_one_way_out(keep: Keep, qtbot: Any) -> None:
    bar = keep(NoticeBar())
    pressed: list[bool] = []
    bar.show_error(NotAllowed("room.blocked"), "Go to Contacts", lambda: pressed.append(True))
    assert bar.isVisible()
    assert all(one.isVisible() and one.plain() for one in (bar.happened, bar.confidentiality, bar.todo))
    assert bar.property("tone") == "bad"
    assert nameless(bar) == []
    bar.step().click()
    assert pressed == [True]
    bar.show_error(NotYet("attachment.incomplete"))
    assert bar.step() is None
    assert bar.property("tone") == "info"
    bar.dismiss.setFocus()
    qtbot.keyClick(bar.dismiss, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    bar.show_error(Refused("card.torn"))
    assert bar.isVisible()


def test_the_search_box_steers_a_list(keep: Keep, qtbot: Any) -> None:
    box = keep(SearchBox("Find"))
    steps: list[int] = []
    left: list[bool] = []
    box.moved.connect(steps.append)
    box.left.connect(lambda: left.append(True))
    qtbot.keyClicks(box, "ab")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (steps, box.text(), left) == ([1, -1], "", [])
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert left == [True]
    assert nameless(box) == []


def test_a_qr_code_has_its_quiet_zone_and_black_on_white(keep: Keep) -> None:
    image = qr_image("VALISE1:" + "ab" * 32)
    side = image.width()
    assert all(image.pixelColor(x, y).lightness() == 255 for x in range(side) for y in range(QUIET))
    assert image.pixelColor(QUIET, QUIET).lightness() == 0
    view = keep(QrView("VALISE1:" + "ab" * 32, "Your code"))
    assert view.width() % side == 0
    shot = view.grab().toImage()
    module = view.width() // side
    for x in range(0, side, 3):
        for y in range(QUIET, side - QUIET, 3):
            wanted = image.pixelColor(x, y).lightness() < 128
            got = shot.pixelColor(x * module + module // 2, y * module + module // 2).lightness() < 128
            assert got == wanted


def test_times_are_utc_and_say_so() -> None:
    now = 1_796_140_800_000  # 1 December 2026, 16:00 UTC
    assert times.moment(now - 3_600_000, now) == "15:00 UTC"
    assert times.moment(now - 86_400_000, now).endswith("30 November, 16:00 UTC")
    assert times.moment(now - 366 * 86_400_000, now) == "30 November 2025, 16:00 UTC"
    assert times.moment(0) == "never"
    assert (times.day(now, now), times.day(now - 86_400_000, now)) == ("Today", "Yesterday")
    assert times.countdown(292) == "4:52"


def test_the_clipboard_forgets_only_what_is_ours(worn: theme.Theme) -> None:
    ours = clipboard()
    board = QGuiApplication.clipboard()
    ours.copy("words of a text")
    assert board.text() == "words of a text"
    assert bytes(board.mimeData().data("x-kde-passwordManagerHint").data()) == b"secret"
    ours.clear()
    assert board.text() == ""
    ours.copy("words of a text")
    other = QMimeData()
    other.setText("somebody else's")
    board.setMimeData(other)
    ours.clear()
    assert board.text() == "somebody else's"
    board.clear()


def test_what_a_field_copies_by_itself_is_forgotten_too(worn: theme.Theme, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, board = clipboard(), QGuiApplication.clipboard()
    monkeypatch.setattr(type(ours), "owns", staticmethod(lambda: True))  # the platform in memory never says so
    field = keep(QPlainTextEdit("words of a text"))
    field.selectAll()
    field.copy()
    assert board.text() == "words of a text" and board.mimeData().hasFormat("x-kde-passwordManagerHint")
    ours.clear()
    assert board.text() == ""
    monkeypatch.setattr(type(ours), "owns", staticmethod(lambda: False))
    other = QMimeData()
    other.setText("somebody else's")
    board.setMimeData(other)
    ours.clear()
    assert board.text() == "somebody else's"
    board.clear()


def test_an_elided_line_says_all_of_itself(keep: Keep) -> None:
    label = keep(ElidedLabel("a very long name of a delegation " * 5))
    label.resize(80, 20)
    assert name_of(label) == ("a very long name of a delegation " * 5).strip()


def test_a_plain_picture_label_is_no_control(keep: Keep) -> None:
    assert nameless(keep(QLabel())) == []


# the paged model


def test_the_model_holds_pages_and_not_everything() -> None:
    asked: list[int] = []

    def fetch(offset: int, limit: int) -> list[int]:
        asked.append(offset)
        return list(range(offset, min(offset + limit, 100_000)))

    model: PagedModel[int] = PagedModel(fetch, str)
    model.reset(100_000)
    assert model.rowCount() == 100_000
    assert asked == []
    for number in range(0, 100_000, PAGE // 2):
        assert model.row(number) == number
    assert len(model._pages) <= PAGES
    assert model.data(model.index(99_999), ROW_ROLE) == 99_999
    assert model.data(model.index(5)) == "5"
    assert model.row(100_000) is None
    assert asked.count(0) == 2  # fetched again after it had been pushed out


def test_rows_appended_are_inserted_and_nothing_else_moves(qtbot: Any) -> None:
    rows = list(range(200))
    model: PagedModel[int] = PagedModel(lambda offset, limit: rows[offset : offset + limit], str)
    model.reset(200)
    assert model.row(199) == 199
    rows += [200, 201]
    with qtbot.waitSignal(model.rowsInserted) as heard:
        model.grow(202)
    assert heard.args[1:] == [200, 201]
    assert model.row(201) == 201
    del rows[10:]
    with qtbot.waitSignal(model.modelReset):
        model.grow(10)


def test_an_empty_search_offers_nothing_to_clear_whatever_is_done_to_it(worn: theme.Theme, keep: Keep) -> None:
    box = keep(SearchBox("Filter"))
    box.resize(120, 30)
    box.show()
    for look in ("dark", "light"):  # with another theme its icon is another one, and Qt brings the button back
        worn.choose(look)
        box.resize(box.width() + 20, 30)
        assert not box._clear.isVisible()
    box.setText("words")
    assert box._clear.isVisible()
    box.clear()
    assert not box._clear.isVisible()


def test_tab_leads_past_the_eye_and_its_key_shows_what_was_typed(keep: Keep, qtbot: Any) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    first, second = PassphraseEntry("Passphrase", page), PassphraseEntry("Once more", page)
    for one in (first, second):
        column.addWidget(one)
    keep(page)
    page.activateWindow()
    first.setFocus()
    qtbot.keyClicks(first.field(), "quiet nets")
    qtbot.keyClick(first.field(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second.field()
    qtbot.keyClicks(second.field(), "quiet nets")
    assert first.same_as(second)
    hidden, plain = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal
    assert (first.field().echoMode(), second.field().echoMode()) == (hidden, hidden)
    qtbot.keyClick(second.field(), Qt.Key.Key_F8)
    assert (first.field().echoMode(), second.field().echoMode()) == (hidden, plain)
    qtbot.keyClick(second.field(), Qt.Key.Key_F8)
    assert second.field().echoMode() == hidden and first.same_as(second)
