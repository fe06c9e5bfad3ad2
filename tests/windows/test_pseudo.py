"""Every screen in a language nobody speaks: nothing stands outside the translator, nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import shiboken6
from draining import drain
from fake_door import FakeDoor, FakeGate
from pseudo import Pseudo, cut, hard, longer, untranslated
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from valise.domain.errors import ValiseError
from valise.ui import actions, screens, theme
from valise.ui.first.front import Front
from valise.ui.strings import EVERY, tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.labels import Words
from valise.ui.window import MainWindow

SCREENS = [one.name for one in screens.shown()]


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    made = Pseudo()
    qapp.installTranslator(made)
    yield made
    qapp.removeTranslator(made)
    drain()


@pytest.fixture
def shown(pseudo: Pseudo, worn: theme.Theme, door: FakeDoor, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow(door, periodic=False)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(lambda: made.runner.idle)
    yield made
    made.close()
    drain()


def test_the_check_itself_notices(pseudo: Pseudo, worn: theme.Theme, qtbot: Any) -> None:
    assert hard(longer("%n rows of {register}")) == ""
    assert hard(f"{longer('Sent')} 14:05 UTC, Ctrl+K") == ""
    assert hard(isolate("their own words")) == ""
    assert hard(f"{longer('Sent')} by us") == "by us"
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(90, 60)
    for n, one in enumerate((QCheckBox("Write it to them", page), Words(longer("A sentence that is cut"), "", page))):
        one.setGeometry(0, 22 * n, 60, 20)
    page.show()
    assert {one.partition(" in ")[0] for one in untranslated(page)} == {"button 'Write it to them'"}
    assert {one.partition(" ")[0] for one in cut(page)} == {"QCheckBox", "Words"}


def places(screen: QWidget) -> Iterator[str]:
    """The screen as it opens, then each of its tabs and pages."""
    yield ""
    for one in screen.findChildren(QTabWidget):
        for n in range(one.count()):
            if one.isVisible():
                one.setCurrentIndex(n)
                yield one.tabText(n)
    for one in screen.findChildren(QStackedWidget):
        if one.isVisible() and not isinstance(one.parentWidget(), QTabWidget):
            for n in range(one.count()):
                one.setCurrentIndex(n)
                yield f"page {n}"


def unknown(pseudo: Pseudo, translations: ModuleType) -> set[tuple[str, str]]:
    """What was looked up and is not among the texts to translate. A text of a class is looked up under its heirs first."""
    texts = set(translations.texts_of())
    ours = {context for context, _ in texts} - {"QShortcut"}  # Qt's own, of which we call some keys otherwise
    of_classes = {text for context, text in texts if context[:1].isupper()}
    return {
        (context, text) for context, text in pseudo.asked
        if context in ours and (context, text) not in texts and not (context[:1].isupper() and text in of_classes)
    }  # fmt: skip


def dialogs() -> list[QDialog]:
    """What is open over the window; the system's own choosers speak for themselves."""
    return [
        one for one in QApplication.topLevelWidgets()
        if isinstance(one, QDialog) and one.isVisible() and not isinstance(one, QFileDialog)
    ]  # fmt: skip


def openers(window: MainWindow, first: bool) -> list[QAction | QAbstractButton]:
    """What can be done now that asks something more: it opens a dialog."""
    screen = window.centralWidget()
    known = {one.id: one.screen for one in actions.all_specs()}
    wanted = ("courier.export", "courier.take", "search") if first else ()
    found: list[QAction | QAbstractButton] = [
        one for one in window.findChildren(QAction)
        if one.isEnabled() and isinstance(owner := one.parent(), QWidget) and owner.isVisible()
        and (known.get(one.objectName()) or one.objectName() in wanted)
    ]  # fmt: skip
    found += [one for one in screen.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled() and "…" in one.text()]
    return found


def close_menu() -> None:
    menu = QApplication.activePopupWidget()
    if menu is not None:
        menu.close()


def close_all() -> None:
    for one in QApplication.topLevelWidgets():
        if isinstance(one, QDialog) and one.isVisible():
            one.done(0)
            one.hide()
    drain()


# The system's own dialogs for files are all that opens from the first page of these.
FILES_ALONE = ("commitments", "incidents", "library", "settings")


@pytest.mark.parametrize("name", SCREENS)
def test_its_dialogs_do_neither(
    name: str, shown: MainWindow, pseudo: Pseudo, translations: ModuleType, qtbot: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: shown.runner.idle)
    said: set[str] = set()
    short: set[str] = set()
    seen: set[str] = set()
    tried: set[str] = set()
    # The security screen is a stack of sections; elsewhere the fake door knows the page that opens, and what hangs on it.
    for _place in places(shown.made(name)) if name == "security" else ("",):
        drain()
        for one in openers(shown, name == SCREENS[0]):
            if not shiboken6.isValid(one) or not one.isEnabled() or f"{one.objectName()} {one.text()}" in tried:
                continue
            tried.add(f"{one.objectName()} {one.text()}")
            QTimer.singleShot(0, close_menu)  # a menu stays until it is closed
            one.trigger() if isinstance(one, QAction) else one.click()
            qtbot.waitUntil(lambda: shown.runner.idle)
            drain()
            for dialog in dialogs():
                seen.add(type(dialog).__name__)
                said |= untranslated(dialog)
                short |= {f"{type(dialog).__name__}: {this}" for this in cut(dialog)}
            close_all()
    assert seen or name in FILES_ALONE, "nothing was opened"
    assert not said, "\n".join(sorted(said))
    assert not unknown(pseudo, translations)
    assert not short, "\n".join(sorted(short))


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_says_nothing_outside_the_translator_and_cuts_nothing(
    name: str, shown: MainWindow, pseudo: Pseudo, translations: ModuleType, qtbot: Any
) -> None:
    shown.show_screen(name, focus=True)
    qtbot.waitUntil(lambda: shown.runner.idle)
    drain()
    said: set[str] = set()
    short: set[str] = set()
    for _place in places(shown.made(name)):
        drain()
        said |= untranslated(shown)
        short |= cut(shown)
    assert not said, "\n".join(sorted(said))
    assert not unknown(pseudo, translations)
    assert not short, "\n".join(sorted(short))


@pytest.mark.parametrize("which", ["unlock", "first run", "waiting"])
def test_before_the_vault_is_open(
    which: str, pseudo: Pseudo, translations: ModuleType, keep: Callable[[QWidget], Any], tmp_path: Path
) -> None:
    gate = FakeGate(tmp_path, exists=which != "first run", awaiting=which == "waiting")
    front = keep(Front(gate, "idle", lambda _door: None))
    front.resize(1000, 760)
    said, short = untranslated(front), cut(front)
    stack = front.findChild(QStackedWidget)
    for n in range(stack.count() if stack is not None else 0):
        stack.setCurrentIndex(n)
        drain()
        said |= untranslated(front)
        short |= cut(front)
    assert not said, "\n".join(sorted(said))
    assert not unknown(pseudo, translations)
    assert not short, "\n".join(sorted(short))


def test_every_error_every_action_and_every_setting(pseudo: Pseudo, shown: MainWindow) -> None:
    for code in EVERY:
        told = tell(ValiseError(code))
        assert not [hard(one) for one in (told.happened, told.confidentiality, told.todo) if hard(one)], code
    screens.load_actions()
    for one in actions.all_specs():
        assert not hard(one.label), one.id
        assert not hard(one.explanation), one.id
    shown.show_keys()
    drain()
    assert [hard(one) for page in dialogs() for one in untranslated(page)] == []
    close_all()
