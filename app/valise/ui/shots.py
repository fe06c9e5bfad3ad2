"""Screenshots of real windows over open vaults, drawn in memory: for the demonstration and the README."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from valise.desk.door import Door
from valise.ui import language, theme
from valise.ui.contacts import ContactsScreen
from valise.ui.texts import TextsScreen
from valise.ui.window import MainWindow

SIZE = (1360, 860)
LAYERS = 6  # of widgets in widgets, about
LOOKS: dict[str, tuple[theme.Choice, Qt.LayoutDirection]] = {
    "XA": ("light", Qt.LayoutDirection.LeftToRight),
    "XB": ("dark", Qt.LayoutDirection.LeftToRight),
    "XG": ("light", Qt.LayoutDirection.RightToLeft),
}


def settle(milliseconds: int = 60) -> None:
    """Let queued work of the window happen."""
    deadline = QDeadlineTimer(milliseconds)
    while not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    for _ in range(LAYERS):  # on a slow machine the time is over before the last of them is laid out
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def _place(door: Door, text: str) -> str:
    """The paragraph to look at: the first with open amendments."""
    rows = door.texts.outline(text)
    return next((row.id for row in rows if row.open_proposals), rows[0].id)


def _more(window: MainWindow, screen: str) -> Iterator[str]:
    """What a screen shows besides, one after the other: the editor on a card, the safety number."""
    shown = window.made(screen)
    if isinstance(shown, TextsScreen):
        shown.writing.begin("words")
        if shown.list.editor is not None:
            shown.list.editor.words.moveCursor(QTextCursor.MoveOperation.Start)
            shown.list.editor.words.insertPlainText("Acting in good faith, ")
            shown.list.editor.refresh()
        yield "editor"
        shown.drafts.drop(shown.text, shown.cards.editing, "words")
        shown.list.close_editor()
    elif isinstance(shown, ContactsScreen) and shown.contact() is not None:
        shown.start_verifying()
        yield "verify"


def gallery(doors: dict[str, Door], text: str, folder: Path) -> Iterator[str]:
    """One window a delegation, each screen once; yields the names of the files written."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["valise"])
        theme.install(app)
    for code, door in doors.items():
        look, direction = LOOKS.get(code, ("light", Qt.LayoutDirection.LeftToRight))
        theme.install(app).choose(look)
        language.use(app, "en")  # its plurals too
        app.setLayoutDirection(direction)
        window = MainWindow(door, periodic=False)
        window.resize(*SIZE)
        window.show()
        for screen in ("overview", "texts", "messages", "contacts", "settings"):
            window.show_screen(screen)
            settle()
            if screen == "texts":
                window.go("texts", f"{text}#{_place(door, text)}")
            elif screen == "messages":
                rooms = [room for room in door.rooms.all() if room.kind == "group"]
                if rooms:
                    window.go("messages", rooms[0].id)
            settle(150)
            for what in chain([""], _more(window, screen)):
                settle(150)
                name = folder / f"{code}-{what or screen}-{look}.png"
                window.grab().save(str(name))
                yield name.name
        window.close()
        settle()
        window.deleteLater()
        settle()
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
