"""Screenshots of real windows over open vaults, drawn in memory: for the demonstration and the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from valise.desk.door import Door
from valise.ui import theme
from valise.ui.window import MainWindow

SIZE = (1360, 860)
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


def gallery(doors: dict[str, Door], text: str, folder: Path) -> Iterator[str]:
    """One window a delegation, each screen once; yields the names of the files written."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["valise"])
        theme.install(app)
    for code, door in doors.items():
        look, direction = LOOKS.get(code, ("light", Qt.LayoutDirection.LeftToRight))
        theme.install(app).choose(look)
        app.setLayoutDirection(direction)
        window = MainWindow(door, periodic=False)
        window.resize(*SIZE)
        window.show()
        for screen in ("overview", "texts", "messages", "contacts", "settings"):
            window.show_screen(screen)
            settle()
            if screen == "texts":
                place = next((row.id for row in door.texts.outline(text) if row.label == "OP 8"), "")
                window.go("texts", f"{text}#{place}")
            elif screen == "messages":
                rooms = [room for room in door.rooms.all() if room.kind == "group"]
                if rooms:
                    window.go("messages", rooms[0].id)
            settle(150)
            name = folder / f"{code}-{screen}-{look}.png"
            window.grab().save(str(name))
            yield name.name
        window.close()
        settle()
        window.deleteLater()
        settle()
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
