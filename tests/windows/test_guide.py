"""The window of the guide: opened by F1 at the right page, read and searched by keys alone, loading nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeGate
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from walk import nameless

from valise.ui import actions, screens, theme
from valise.ui.first.front import Front
from valise.ui.guide import look, places
from valise.ui.guide import window as guides
from valise.ui.guide.book import CONTENTS, Book
from valise.ui.guide.window import GuideWindow, show_guide
from valise.ui.widgets.keys_page import KeysPage
from valise.ui.window import MainWindow

K = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ALL = [one.name for one in screens.shown()]


@pytest.fixture
def guide(keep: Callable[[QWidget], QWidget]) -> Iterator[GuideWindow]:
    made = keep(show_guide(CONTENTS))
    assert isinstance(made, GuideWindow)
    yield made
    made.close()
    guides._open.clear()


def there(qtbot: Any) -> GuideWindow:
    """The guide, in front."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), GuideWindow))
    active = QApplication.activeWindow()
    assert isinstance(active, GuideWindow)
    return active


def front_again(qtbot: Any, window: QWidget) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and QApplication.focusWidget() is not None)


def press_help(qtbot: Any) -> GuideWindow:
    qtbot.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), K.Key_F1)
    return there(qtbot)


# where F1 leads


@pytest.mark.parametrize("name", ALL)
def test_f1_opens_the_page_about_the_screen(window: MainWindow, qtbot: Any, name: str) -> None:
    window.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: window.runner.idle)
    shown = press_help(qtbot).shown
    fitting = {places.SCREENS[name], *places.SHOWN.values()} if name in ("security", "contacts") else {places.SCREENS[name]}
    assert shown in fitting and shown != CONTENTS


def test_f1_follows_what_the_screen_shows_and_where_the_keyboard_is(window: MainWindow, qtbot: Any) -> None:
    window.go("settings", "exchange")
    assert press_help(qtbot).shown == "30-ways"
    front_again(qtbot, window)
    window.show_screen("texts", focus=True)
    texts: Any = window.made("texts")
    texts.internal.words.setFocus()
    assert press_help(qtbot).shown == "11-internal"
    front_again(qtbot, window)
    for section, page in (("backups", "37-backups"), ("unlocking", "36-recovery"), ("evidence", "41-evidence")):
        window.go("security", section)
        assert press_help(qtbot).shown == page
        front_again(qtbot, window)
    assert len([one for one in QApplication.topLevelWidgets() if isinstance(one, GuideWindow)]) == 1


def test_f1_in_a_dialog_is_about_the_dialog_and_the_guide_is_not_blocked_by_it(window: MainWindow, qtbot: Any) -> None:
    window.show_screen("messages", focus=True)
    qtbot.keyClick(QApplication.focusWidget(), K.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
    guide = press_help(qtbot)
    assert guide.shown == "21-rooms"
    handle = guide.windowHandle()
    assert handle is not None and handle.transientParent() is None
    qtbot.keyClick(guide.reader, K.Key_F, CTRL)
    assert guide.search.hasFocus()


def test_the_button_at_the_bottom_and_the_search_for_acts_lead_to_it_too(window: MainWindow, qtbot: Any) -> None:
    qtbot.mouseClick(window.guide, Qt.MouseButton.LeftButton)
    assert there(qtbot).shown == places.SCREENS["overview"]
    assert any(one.objectName() == "guide" for one in window.actions())


@pytest.mark.parametrize(("exists", "page"), [(True, "04-unlock-and-lock"), (False, "01-start")])
def test_before_the_vault_is_open(keep: Any, tmp_path: Path, qtbot: Any, exists: bool, page: str) -> None:
    front = keep(Front(FakeGate(tmp_path, exists=exists)))  # type: ignore[arg-type]
    assert nameless(front) == []
    guide = press_help(qtbot)
    assert guide.shown == page
    assert guide.windowHandle().transientParent() is front.windowHandle()  # it ends with the page
    front_again(qtbot, front)
    front.content.practise.click()
    assert press_help(qtbot).shown == "02-practise"
    guide.close()


def test_the_sheet_of_keys_stays_a_key_away(window: MainWindow, qtbot: Any) -> None:
    guide = show_guide("44-keys")
    qtbot.waitUntil(guide.isActiveWindow)
    qtbot.keyClick(guide.reader, K.Key_F1, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), KeysPage))
    said = [one.text() for one in QApplication.activeWindow().findChildren(QLabel)]
    assert actions.spec("guide.back").explanation in said and actions.spec("keys").explanation in said


def test_locking_takes_the_guide_with_it(window: MainWindow, qtbot: Any) -> None:
    guide = press_help(qtbot)
    with qtbot.waitSignal(window.locked):
        qtbot.keyClick(guide.reader, K.Key_L, CTRL)
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert guides._open == []


# reading


def test_every_page_is_shown_and_named(guide: GuideWindow) -> None:
    assert nameless(guide) == []
    for name in guide.book.names:
        guide.show_page(name)
        title = guide.book.page(name).title
        assert guide.reader.accessibleName() == title
        assert title in guide.windowTitle()
        assert guide.reader.toPlainText().startswith(title)
        assert guide.list.currentItem().data(Qt.ItemDataRole.UserRole)[0] == name


def test_links_lead_on_and_alt_left_leads_back_to_the_same_place(guide: GuideWindow, qtbot: Any) -> None:
    guide.show_page("46-questions")
    bar = guide.reader.verticalScrollBar()
    bar.setValue(bar.maximum())
    at = bar.value()
    assert at > 0
    guide.reader.anchorClicked.emit(QUrl("36-recovery.md"))
    assert guide.shown == "36-recovery" and bar.value() == 0
    guide.reader.anchorClicked.emit(QUrl("36-recovery.md#shares-of-the-delegation"))
    assert bar.value() > 0
    qtbot.keyClick(guide.reader, K.Key_Left, ALT)
    assert (guide.shown, bar.value()) == ("36-recovery", 0)
    qtbot.keyClick(guide.reader, K.Key_Left, ALT)
    assert (guide.shown, bar.value()) == ("46-questions", at)
    qtbot.keyClick(guide.reader, K.Key_Right, ALT)
    assert guide.shown == "36-recovery"
    qtbot.keyClick(guide.reader, K.Key_Home, ALT)
    assert guide.shown == CONTENTS
    assert not guide.acts["guide.forward"].isEnabled()


def test_a_link_is_followed_by_tab_and_enter(guide: GuideWindow, qtbot: Any) -> None:
    guide.show_page("06-vouch")
    guide.reader.setFocus()
    qtbot.keyClick(guide.reader, K.Key_Tab)
    qtbot.keyClick(guide.reader, K.Key_Return)
    assert guide.shown == "07-changed"


@pytest.mark.parametrize("url", ["https://example.org/", "file:///etc/hostname", "../../README.md", "mailto:a@b.example", "no-page.md"])
def test_nothing_leads_out(guide: GuideWindow, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    from PySide6.QtGui import QDesktopServices

    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda one: opened.append(one) or True)
    guide.show_page("05-verify")
    before = guide.reader.toPlainText()
    guide.reader.anchorClicked.emit(QUrl(url))
    guide.reader.setSource(QUrl(url))
    assert (guide.shown, guide.reader.toPlainText(), opened) == ("05-verify", before, [])
    assert not guide.reader.openLinks() and not guide.reader.openExternalLinks()


@pytest.mark.parametrize(
    "url",
    ["https://example.org/x.png", "file:///usr/share/x.png", "../pictures/../../icons/pen.svg", "../pictures/none.png", "//host/pictures/overview.png"],
)
def test_nothing_but_a_picture_of_the_guide_is_loaded(guide: GuideWindow, url: str) -> None:
    picture = QTextDocument.ResourceType.ImageResource
    assert guide.reader.loadResource(picture.value, QUrl(url)) is None
    style = QTextDocument.ResourceType.StyleSheetResource
    assert guide.reader.loadResource(style.value, QUrl("../pictures/overview.png")) is None
    assert not guide.reader.loadResource(picture.value, QUrl("../pictures/overview.png")).isNull()


def test_pictures_fit_the_page_at_every_width(guide: GuideWindow, qtbot: Any) -> None:
    guide.show_page("09-propose")
    for width in (1400, 900, 540):
        guide.resize(width, 700)
        QApplication.processEvents()
        assert guide.reader.document().idealWidth() <= guide.reader.viewport().width()
        assert not guide.reader.horizontalScrollBar().isVisible()


def test_the_page_of_keys_has_every_key_of_the_table(guide: GuideWindow) -> None:
    guide.show_page("44-keys")
    said = guide.reader.toPlainText()
    screens.load_actions()
    for one in actions.all_specs():
        for key in one.keys:
            assert one.explanation in said and key.toString(key.SequenceFormat.NativeText) in said


# search


def test_search_by_keys_alone(guide: GuideWindow, qtbot: Any) -> None:
    qtbot.keyClick(guide.reader, K.Key_F, CTRL)
    assert guide.search.hasFocus()
    qtbot.keyClicks(guide.search, "scrutiny")
    assert guide.list.count() >= 2 and guide.list.accessibleName() == "Found in the guide"
    first = guide.list.item(0).data(Qt.ItemDataRole.UserRole)
    qtbot.keyClick(guide.search, K.Key_Down)
    second = guide.list.currentItem().data(Qt.ItemDataRole.UserRole)
    assert first != second
    qtbot.keyClick(guide.search, K.Key_Return)
    assert guide.shown == second[0] and guide.reader.hasFocus()
    marked = [one.cursor.selectedText().casefold() for one in guide.reader.extraSelections()]
    assert marked and set(marked) == {"scrutiny"}
    qtbot.keyClick(guide.reader, K.Key_F, CTRL)
    qtbot.keyClick(guide.search, K.Key_Escape)
    assert guide.search.text() == "" and guide.list.accessibleName() == "Contents"
    qtbot.keyClick(guide.search, K.Key_Escape)
    assert guide.reader.hasFocus() and guide.isVisible()


def test_what_is_not_there_is_said(guide: GuideWindow, qtbot: Any) -> None:
    qtbot.keyClicks(guide.search, "no such word anywhere")
    assert guide.list.count() == 0 and guide.none.isVisible() and guide.none.plain()
    shown = guide.shown
    qtbot.keyClick(guide.search, K.Key_Return)
    assert guide.shown == shown


def test_the_contents_are_gone_through_with_arrows(guide: GuideWindow, qtbot: Any) -> None:
    qtbot.keyClick(guide.reader, K.Key_F6)
    assert guide.list.hasFocus()
    qtbot.keyClick(guide.list, K.Key_Down)  # over the heading of the group
    qtbot.keyClick(guide.list, K.Key_Return)
    assert guide.shown == guide.book.names[1]
    qtbot.keyClick(guide.list, K.Key_F6)
    assert guide.reader.hasFocus()
    assert all(
        bool(guide.list.item(row).flags() & Qt.ItemFlag.ItemIsSelectable) == (guide.list.item(row).data(Qt.ItemDataRole.UserRole) is not None)
        for row in range(guide.list.count())
    )


# looks and languages


def test_it_is_worn_in_both_palettes(guide: GuideWindow, worn: theme.Theme) -> None:
    guide.show_page("05-verify")
    plain = guide.grab().toImage()
    worn.choose("dark")
    QApplication.processEvents()
    dark = guide.grab().toImage()
    corner = QPoint(dark.width() - 30, dark.height() - 8)
    assert plain.pixelColor(corner) == theme.LIGHT.surface and dark.pixelColor(corner) == theme.DARK.surface
    assert theme.DARK.accent in look.sheet() and guide.reader.toPlainText().startswith(guide.book.page("05-verify").title)


def test_it_is_mirrored_and_an_english_page_is_still_read_from_the_left(guide: GuideWindow, right_to_left: None) -> None:
    guide.show_page("05-verify")
    QApplication.processEvents()
    assert guide.list.mapTo(guide, QPoint(0, 0)).x() > guide.reader.mapTo(guide, QPoint(0, 0)).x()
    option = guide.reader.document().defaultTextOption()
    assert option.textDirection() == Qt.LayoutDirection.LeftToRight


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("fr"))
    yield
    QLocale.setDefault(before)


def test_a_page_in_english_says_so_in_another_window_and_names_acts_as_the_window_does(
    french: None, guide: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "spoken", lambda: {"Contacts": "Délégations"})
    guide.show_page("05-verify")
    assert guide.missing.isVisible() == (guide.book.page("05-verify").language != "fr")
    if guide.missing.isVisible():
        assert "Contacts (\u2068Délégations\u2069)" in guide.reader.toPlainText()


def test_in_an_english_window_nothing_is_missing(guide: GuideWindow) -> None:
    guide.show_page("05-verify")
    assert not guide.missing.isVisible()
    assert set(look.spoken()) >= {"Contacts", "Lock now"}


def test_another_language_turns_the_open_guide(guide: GuideWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, title in (("en", "Guide"), ("fr", "Guide en français")):
        (tmp_path / language).mkdir()
        (tmp_path / language / f"{CONTENTS}.md").write_text(f"# {title}\n\n## G\n\n- [A](01-a.md)\n", "utf-8")
        (tmp_path / language / "01-a.md").write_text(f"# A {language}\n", "utf-8")
    monkeypatch.setattr(guides, "Book", lambda language: Book(language, tmp_path))
    monkeypatch.setattr(guides, "language", lambda: "fr")
    QGuiApplication.sendEvent(guide, QEvent(QEvent.Type.LanguageChange))
    assert guide.reader.toPlainText().startswith("Guide en français")
    assert not guide.missing.isVisible()
