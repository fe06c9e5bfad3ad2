"""Every place of the window over the vault that the window's tests invent: tabs, sections, dialogs, and what is before the
vault is open; then, by `recipes.py`, what opens only in a certain state. Nothing is listed here by name that the window can
say by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import shiboken6
from draining import drain
from fake_door import FakeDoor, FakeGate
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QWidget,
)
from recipes import RECIPES, Recipe

from valise.protocol.identity import DeviceSecret
from valise.protocol.olm import OlmAccount
from valise.protocol.request import make_request
from valise.ui import actions, screens
from valise.ui.first.enrol import EnrolPage
from valise.ui.first.front import Front
from valise.ui.gallery import until
from valise.ui.lock import LockWatch
from valise.ui.security import sections
from valise.ui.widgets.notice import NoticeBar
from valise.ui.window import MainWindow

Shown = tuple[str, QWidget]
LOWER = 6  # pictures of what is below the edge, at most


@cache
def _request() -> bytes:
    """What a further laptop carries to the first one."""
    secret = DeviceSecret(
        ed25519_seed=bytes(32), composite_seed=bytes(64), account=OlmAccount.new(), prekey_seed=bytes(32), mailbox=bytes(16)
    )
    return make_request(secret, "Second Secretary", "Adviser", 0).data


class Rooms:
    """One walk through everything, in the language and look the application has now."""

    def __init__(self, base: Path, size: QSize) -> None:
        self.base, self.size = base, size
        self.failed: list[str] = []  # what did not come off

    def all(self) -> Iterator[Shown]:
        """(name, what to take a picture of)."""
        for entry in screens.shown():
            yield from self._tried(entry.name, self.screen(entry.name))
        for entry in screens.shown():
            yield from self._tried(f"empty {entry.name}", self.empty(entry.name))
        for recipe in RECIPES:
            yield from self._tried(recipe.name, self.cooked(recipe))
        yield from self._tried("front", self.front())

    def _tried(self, name: str, walk: Iterator[Shown]) -> Iterator[Shown]:
        """The others are wanted although this one breaks off."""
        try:
            yield from walk
        except Exception as error:
            self.failed.append(f"{name}: {type(error).__name__} {error}")

    @contextmanager
    def window(self, door: FakeDoor | None = None) -> Iterator[MainWindow]:
        made = MainWindow(door or FakeDoor(), watch=LockWatch(clock=lambda: 0.0), periodic=False)
        made.resize(self.size)
        made.show()
        made.activateWindow()
        self.rest(made)
        try:
            yield made
        finally:
            made.close()
            made.deleteLater()
            drain()

    def rest(self, window: MainWindow) -> None:
        for _ in range(2):
            drain()
            until(lambda: window.runner.idle)
        drain()

    def screen(self, name: str) -> Iterator[Shown]:
        """The screen as it opens, each of its tabs and sections, and every dialog that opens from any of them."""
        with self.window() as window:
            window.show_screen(name, focus=True)
            self.rest(window)
            tried: set[str] = set()
            first = name == screens.shown()[0].name
            for place in self._places(window, name):
                self.rest(window)
                yield from self._whole(f"room-{name}{place}", window)
                for opened, dialog in self._dialogs(window, first, tried):
                    yield from self._whole(f"room-{name}{place}-{opened}", dialog)
                window.show_screen(name)  # something may have led elsewhere

    def empty(self, name: str) -> Iterator[Shown]:
        """The screen in a vault in which nothing is yet."""
        with self.window(FakeDoor(empty=True)) as window:
            window.show_screen(name, focus=True)
            self.rest(window)
            yield f"empty-{name}", window

    def cooked(self, recipe: Recipe) -> Iterator[Shown]:
        """What a recipe opens, or the window in the state it brings about."""
        door = FakeDoor()
        recipe.before(door)
        with self.window(door) as window:
            window.show_screen(recipe.screen, focus=True)
            self.rest(window)
            made = recipe.act(window)
            self.rest(window)
            for one in self._open():
                yield from self._whole(f"state-{recipe.name}-{type(one).__name__}", one)
            if not self._open():
                yield from self._whole(f"state-{recipe.name}", window)
            self._close(window)
            del made

    @staticmethod
    def _whole(name: str, root: QWidget) -> Iterator[Shown]:
        """It as it opens, and then what is below the edge of each page in it that scrolls."""
        yield name, root
        number = 0
        for page in [one for one in root.findChildren(QScrollArea) if one.isVisible() and not one.visibleRegion().isEmpty()]:
            bar = page.verticalScrollBar()
            began = bar.value()
            while shiboken6.isValid(bar) and bar.value() < bar.maximum() and number < LOWER:
                bar.setValue(bar.value() + bar.pageStep())
                drain()
                number += 1
                yield f"{name}-below{number}", root
            if shiboken6.isValid(bar):
                bar.setValue(began)
                drain()

    def _places(self, window: MainWindow, name: str) -> Iterator[str]:
        yield ""
        if name == "security":
            for part in sections.shown():
                window.go("security", part.name)
                yield f"-{part.name}"
        seen: set[int] = set()
        while bar := next(
            (one for one in window.made(name).findChildren(QTabBar) if one.isVisible() and one.count() > 1 and id(one) not in seen), None
        ):
            seen.add(id(bar))
            title = bar.objectName() or type(bar.parent()).__name__
            for n in range(bar.count()):
                if bar.isTabEnabled(n):
                    bar.setCurrentIndex(n)
                    yield f"-{title}{n + 1}"

    def _dialogs(self, window: MainWindow, first: bool, tried: set[str]) -> Iterator[Shown]:
        for opener in self._openers(window, first):
            if not shiboken6.isValid(opener) or not opener.isEnabled():
                continue
            key = f"{opener.objectName()} {opener.text()}"
            if key in tried:
                continue
            tried.add(key)
            QTimer.singleShot(0, self._close_menu)
            opener.trigger() if isinstance(opener, QAction) else opener.click()
            self.rest(window)
            for one in self._open():
                yield type(one).__name__, one
            self._close(window)

    @staticmethod
    def _open() -> list[QDialog]:
        return [
            one for one in QApplication.topLevelWidgets()
            if isinstance(one, QDialog) and one.isVisible() and not isinstance(one, QFileDialog)
        ]  # fmt: skip

    def _close(self, window: MainWindow) -> None:
        """Every dialog and every notice, so that the next picture shows one thing alone."""
        for one in QApplication.topLevelWidgets():
            if isinstance(one, QDialog) and one.isVisible():
                one.done(0)
                one.hide()
        for bar in window.findChildren(NoticeBar):
            bar.close_notice()
        self.rest(window)

    @staticmethod
    def _close_menu() -> None:
        menu = QApplication.activePopupWidget()
        if menu is not None:
            menu.close()

    @staticmethod
    def _openers(window: MainWindow, first: bool) -> list[QAction | QAbstractButton]:
        """What can be done now that asks something more."""
        known = {one.id: one.screen for one in actions.all_specs()}
        wanted = ("courier.export", "courier.take", "search", "keys", "guide") if first else ()
        found: list[QAction | QAbstractButton] = [
            one for one in window.findChildren(QAction)
            if one.isEnabled() and isinstance(owner := one.parent(), QWidget) and owner.isVisible()
            and (known.get(one.objectName()) or one.objectName() in wanted)
        ]  # fmt: skip
        centre = window.centralWidget()
        found += [one for one in centre.findChildren(QAbstractButton) if one.isVisible() and one.isEnabled() and "…" in one.text()]
        return found

    def front(self) -> Iterator[Shown]:
        """Unlock, the first run, waiting to be admitted, and each page and way of theirs."""
        for name, exists, awaiting in (("unlock", True, False), ("first", False, False), ("waiting", True, True)):
            made = Front(FakeGate(self.base, exists=exists, awaiting=awaiting), "idle", lambda _door: None)
            made.show()
            drain()
            yield f"front-{name}", made
            stack = made.findChild(QStackedWidget)
            for n in range(stack.count() if stack is not None else 0):
                stack.setCurrentIndex(n)
                drain()
                yield f"front-{name}-page{n + 1}", made
            if isinstance(made.content, EnrolPage):
                made.content.show_request(_request())
                drain()
                yield f"front-{name}-code", made
            for way, act in self._ways(made) if not awaiting else ():
                act()
                drain()
                yield f"front-{way}", made
            made.close()
            made.deleteLater()
            drain()

    @staticmethod
    def _ways(front: Front) -> tuple[tuple[str, Callable[[], None]], ...]:
        return ("recover", front._recover), ("practise", front._practise), ("restore", front._restore)
