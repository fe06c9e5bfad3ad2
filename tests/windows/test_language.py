"""The language of the window: chosen in the settings and spoken at once, everywhere, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from draining import drain
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton

from valise.ui import actions, dates, language, screens, theme
from valise.ui.first.front import Front
from valise.ui.registers import timeline
from valise.ui.seeing import deadline
from valise.ui.settings.screen import SettingsScreen
from valise.ui.text_safe import clean
from valise.ui.texts.screen import TextsScreen
from valise.ui.widgets import times
from valise.ui.widgets.search_palette import SearchPalette
from valise.ui.window import MainWindow


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication) -> Iterator[None]:
    yield
    drain()
    language.use(qapp, "en")
    drain()


def choose(window: MainWindow, spoken: str, qtbot: Any) -> None:
    """As a person does it."""
    window.show_screen("settings")
    screen = window.made("settings")
    assert isinstance(screen, SettingsScreen)
    combo = screen.fields["language"].editor
    assert isinstance(combo, QComboBox)
    old = window.centralWidget()
    combo.setCurrentIndex(combo.findData(spoken))
    qtbot.waitUntil(lambda: window.centralWidget() is not old)
    drain()


def test_english_has_its_two_forms(qapp: QApplication) -> None:
    said = [language.translate("registers", "%Ln rows", None, n) for n in (0, 1, 2, 21, 12345)]
    assert said == ["0 rows", "1 row", "2 rows", "21 rows", "12,345 rows"]


def test_between_two_things_stands_the_colon_of_the_language(qapp: QApplication) -> None:
    said = {}
    for spoken in ("fr", "zh", "ru", "en"):
        language.use(qapp, spoken)
        said[spoken] = language.colon()
    assert said == {"fr": "\u00a0: ", "zh": "：", "ru": ": ", "en": ": "}


def test_the_signs_between_parts_and_sentences_are_those_of_the_language(qapp: QApplication) -> None:
    said = {}
    for spoken in ("fr", "zh", "ar", "en"):
        language.use(qapp, spoken)
        said[spoken] = (language.semicolons("ab"), language.sentences((f"a{language.full_stop()}", "b")), language.percent(62))
    assert said == {
        "fr": ("a\u202f; b", "a. b", "62 %"), "zh": ("a；b", "a。b", "62%"), "ar": ("a؛ b", "a. b", "62 %"), "en": ("a; b", "a. b", "62 %"),
    }  # fmt: skip


@pytest.mark.parametrize("spoken", ["en", "fr", "es", "ru", "ar", "zh"])
@pytest.mark.parametrize(("exists", "awaiting"), [(False, False), (True, True), (True, False)])
def test_before_the_vault_is_open_nothing_is_wider_than_its_window(
    spoken: str, exists: bool, awaiting: bool, qapp: QApplication, qtbot: Any, tmp_path: Path
) -> None:
    language.use(qapp, spoken)
    front = Front(FakeGate(tmp_path, exists=exists, awaiting=awaiting))
    qtbot.addWidget(front)
    front.show()
    drain()
    assert front._reach is not None
    assert front._reach.horizontalScrollBar().maximum() == 0
    front.runner.close()


def test_dates_and_numbers_are_those_of_the_language_and_utc_stays(qapp: QApplication) -> None:
    at = 1_772_546_700_000  # 3 March 2026, 14:05
    seen = {}
    for spoken in ("fr", "ru", "zh", "ar", "en"):
        language.use(qapp, spoken)
        seen[spoken] = times.moment(at, at + 40 * 86_400_000)
        assert clean(seen[spoken]).endswith("14:05 UTC")
        assert QLocale().toString(1234567).translate(dict.fromkeys(map(ord, ",.\u00a0\u202f \u066c"))) == "1234567"
    assert seen["en"].startswith("3 March")
    assert seen["fr"].startswith("3 mars")
    assert "мар" in seen["ru"]
    assert len(set(seen.values())) == 5


def test_times_do_not_change_places_beside_codes_from_right_to_left(qapp: QApplication) -> None:
    language.use(qapp, "ar")
    at = 1_772_546_700_000
    clocks = deadline.clocks(at, UTC)
    assert all(one.startswith("\u2068") and one.endswith("\u2069") for one in (*clocks, times.moment(at)))
    assert [clean(one) for one in clocks] == ["3 مارس 2026، 14:05 UTC", "09:05 نيويورك", "15:05 جنيف"]
    language.use(qapp, "fr")
    assert deadline.clocks(at, UTC)[1] == "09:05 New York"


def test_what_has_no_translation_is_english_from_left_to_right(qapp: QApplication) -> None:
    language.use(qapp, "sw")
    assert QLocale().language() == QLocale.Language.English
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert language.translate("registers", "%Ln rows", None, 1) == "1 row"


def test_another_language_is_spoken_at_once_on_every_screen_and_back(
    window: MainWindow, door: FakeDoor, qtbot: Any, qapp: QApplication, translations: ModuleType
) -> None:
    for entry in screens.shown():
        window.made(entry.name)
    before = {name: one.text() for name, one in window.sidebar.buttons.items()}
    choose(window, "ar", qtbot)
    assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert window._current() is window.made("settings")  # where the person was
    arabic = {text: forms[0] for _, text, forms, _, finished in translations.messages(
        translations.FOLDER / "valise_ar.ts") if finished}  # fmt: skip
    for name, one in window.sidebar.buttons.items():
        assert one.text() == arabic[before[name]]
    assert window.windowTitle() == arabic["Valise"]
    assert actions.spec("lock").label == arabic["Lock now"]
    assert {one.text() for one in window.actions() if one.objectName() == "lock"} == {arabic["Lock now"]}
    for entry in screens.shown():
        window.show_screen(entry.name)
        shown = {one.text() for one in window.made(entry.name).findChildren(QLabel) if one.text()}
        assert not {one for one in shown if one in arabic and arabic[one] != one}, entry.name
    choose(window, "en", qtbot)
    assert {name: one.text() for name, one in window.sidebar.buttons.items()} == before
    assert window.layoutDirection() == Qt.LayoutDirection.LeftToRight


def test_choosing_what_is_spoken_already_makes_nothing_anew(window: MainWindow, qapp: QApplication) -> None:
    there = window.centralWidget()
    language.use(qapp, "en")
    drain()
    assert window.centralWidget() is there


def test_an_open_dialog_is_asked_to_its_end_first(window: MainWindow, qapp: QApplication, qtbot: Any) -> None:
    asked = QDialog(window)
    asked.open()
    there = window.centralWidget()
    language.use(qapp, "fr")
    drain()
    assert window.centralWidget() is there
    asked.accept()
    qtbot.waitUntil(lambda: window.centralWidget() is not there)


def test_a_window_that_has_locked_is_not_made_anew(window: MainWindow, qapp: QApplication) -> None:
    there = window.centralWidget()
    window.lock("asked")
    language.use(qapp, "fr")
    drain()
    assert window.centralWidget() is there


@pytest.mark.parametrize("spoken", ["en", "fr", "es", "ru", "ar", "zh"])
def test_the_columns_of_a_text_have_room_for_their_words(window: MainWindow, qapp: QApplication, spoken: str) -> None:
    language.use(qapp, spoken)
    drain()
    window.resize(1280, 800)
    window.show_screen("texts", focus=True)
    drain()
    screen = window.made("texts")
    assert isinstance(screen, TextsScreen)
    title = QFontMetrics(theme.font(13, bold=True)).horizontalAdvance(language.translate("texts", "Title"))
    assert screen.cards.margin - 22 >= title
    (joint,) = (one for one in screen.side.findChildren(QPushButton) if one.text())
    assert joint.isVisible() and joint.width() >= joint.sizeHint().width()


CHORD = re.compile(r"\b(?:Ctrl|Alt|Shift)(?:\+(?:Ctrl|Alt|Shift|[A-Z][a-z]+|[A-Z0-9]))+\b")
SIGNS = ("Plus", "Minus")  # keys that are called by their sign, in words


@pytest.mark.parametrize("spoken", ["ar", "en", "es", "fr", "ru", "zh"])
def test_texts_call_keys_as_the_keyboard_and_the_tooltips_do(spoken: str, qapp: QApplication, translations: ModuleType) -> None:
    language.use(qapp, spoken)
    wrong = []
    told = [
        (source, [source] if spoken == "en" else forms)  # of English only the plurals stand in a file
        for _, source, forms, _, _ in translations.messages(translations.FOLDER / f"valise_{spoken.replace('en', 'fr')}.ts")
    ]
    for source, forms in told:
        for key in CHORD.findall(source):
            shown = actions.native(key.replace("Enter", "Return")) if not key.endswith(SIGNS) else "Ctrl+"
            wrong += [(source, one, shown) for one in forms if shown not in one]
    assert wrong == []
    assert actions.native("Ctrl+Shift+Return") == {"es": "Ctrl+Mayús+Intro", "fr": "Ctrl+Maj+Entrée"}.get(spoken, "Ctrl+Shift+Enter")
    assert [one.id for one in actions.all_specs() if len(one.called) != len(set(one.called))] == []
    assert actions.spec("search").shown == "Ctrl+K"
    send = actions.ActionSpec("x", "x", "Ctrl+Return", alternatives=("Ctrl+Enter",))  # one name in most languages, still two keys
    assert [key.toString() for key in send.keys] == ["Ctrl+Return", "Ctrl+Enter"]


def test_the_search_calls_keys_so_too(window: MainWindow, qapp: QApplication) -> None:
    language.use(qapp, "es")
    window.search()
    drain()
    palette = next(one for one in window.findChildren(SearchPalette) if one.isVisible())
    keys = [one.beside for one in palette._commands]
    assert "Ctrl+L" in keys and not [one for one in keys if re.search("Control|Shift|Return", one)]
    palette.reject()


@pytest.mark.parametrize("spoken", ["ar", "en", "es", "fr", "ru", "zh"])
def test_every_month_has_room_beside_the_line_of_time(spoken: str, qapp: QApplication) -> None:
    language.use(qapp, spoken)
    letters = QFontMetrics(theme.font(theme.SMALL_PX, bold=True))
    assert max(letters.horizontalAdvance(dates.month(QDate(2026, one, 1))) for one in range(1, 13)) <= timeline.SPINE - 26
