"""A person at the keyboard, and windows over whole delegations."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QTextCursor, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.world import FAST, World

from valise import bootstrap
from valise.desk.gate import Gate
from valise.ui.lock import LockWatch
from valise.ui.window import MainWindow

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
PLAIN = Qt.KeyboardModifier.NoModifier
PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "*Recalling* its mandate,", "status": "closed"},
    {
        "section": "OP",
        "label": "OP 1",
        "words": "*Decides* that States should designate points of contact within twelve months;",
        "status": "open",
    },
    {"section": "OP", "label": "OP 2", "words": "*Invites* States to test them every year.", "status": "open"},
]


def press(key: Qt.Key, modifiers: Any = PLAIN, widget: QWidget | QWindow | None = None) -> None:
    """One key, to whatever has the keyboard; what it set off happens."""
    target = widget or QApplication.focusWidget()
    assert target is not None, "nothing has the keyboard"
    QTest.keyClick(target, key, modifiers)
    QCoreApplication.processEvents()


def type_words(words: str) -> None:
    """Words typed where the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None, "nothing has the keyboard"
    QTest.keyClicks(target, words)
    QCoreApplication.processEvents()


def rewrite(bench: Any, old: str, new: str) -> None:
    """In the open editor: select a word and type another over it."""
    field = bench.list.editor.words
    place = field.toPlainText().index(old)
    cursor = field.textCursor()
    cursor.setPosition(place)
    cursor.setPosition(place + len(old), QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
    type_words(new)


def drain() -> None:
    """Let deferred deletions and queued signals happen."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()


class Seconds:
    """The clock of an idle lock: it stands still until it is told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Desks(World):
    """As everywhere in the tests, with the real reader of documents."""

    def gate(self, code: str) -> Gate:
        return Gate(
            self.base / code,
            clock=self.clock,
            make_carrier=bootstrap.folder_carrier,
            parser=bootstrap.read_document,
            entropy=self.entropy,
            kdf=FAST,
        )


class Table:
    """Delegations at one table, each with its window. `world` has the desks."""

    def __init__(self, world: World, qtbot: Any) -> None:
        self.world = world
        self.qtbot = qtbot
        self.windows: dict[str, MainWindow] = {}
        self.clocks: dict[str, Seconds] = {}

    def __getitem__(self, code: str) -> MainWindow:
        """The window of a delegation, opened when it was not."""
        if code not in self.windows:
            clock = self.clocks.setdefault(code, Seconds())
            window = MainWindow(self.world[code], watch=LockWatch(clock=clock), periodic=False)
            window.show()
            self.windows[code] = window
        return self.windows[code]

    def front(self, code: str) -> MainWindow:
        """That window in front, with the keyboard."""
        window = self[code]
        window.activateWindow()
        self.qtbot.waitUntil(window.isActiveWindow)
        return window

    def settle(self) -> None:
        """Every command of every window is done and shown."""
        for _ in range(2):
            for window in self.windows.values():
                self.qtbot.waitUntil(lambda window=window: window.runner.idle)
            drain()

    def exchange(self, rounds: int = 4, pause: int = 0) -> None:
        """Everybody exchanges, and every window shows what came."""
        self.settle()
        self.world.exchange(rounds, pause)
        self.settle()

    def screen(self, code: str, name: str) -> Any:
        """A screen, shown, with the keyboard where its work starts."""
        window = self.front(code)
        window.show_screen(name, focus=True)
        self.settle()
        screen = window.made(name)
        if name == "texts":
            screen.commands.guard.burst = 0.0  # these hands are faster than a person's
        return screen

    def text(self, paragraphs: list[dict[str, str]] | None = None, **more: Any) -> str:
        """A text in a room of all, opened by XA, known to all."""
        room = self.world.room()
        text = self.world["XA"].texts.open(
            room, more.pop("title", "Draft decision on points of contact"), symbol="FICT/CRP.1",
            paragraphs=paragraphs or PARAGRAPHS, **more,
        )  # fmt: skip
        self.exchange()
        return text

    def at(self, code: str, text: str, label: str) -> Any:
        """The workbench of a delegation at one paragraph, with the keyboard in the text."""
        bench = self.screen(code, "texts")
        bench.open_text(text)
        bench.list.go([row.label for row in bench.model.rows()].index(label))
        bench.list.setFocus()
        bench.show_right()
        return bench

    def close(self) -> None:
        for window in self.windows.values():
            window.close()
            window.deleteLater()
        drain()
