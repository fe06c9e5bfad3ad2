"""One process that works on a long text: opens it, pages through it, types in it; prints JSON of seconds and MB.

`python -m benchmarks.worked ours VAULT TEXT` is the workbench, `... bare WORDS` a QTextEdit with the same words.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QTextEdit, QWidget

from benchmarks.measure import memory

SIZE = (1360, 860)
PAGES, SAID = 120, "Acting in good faith and within the limits of their capacities, "


def turned(app: QApplication, widget: QWidget, key: Qt.Key, text: str = "") -> float:
    """Seconds from a key to the window painted."""
    start = time.perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        app.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
    app.processEvents()
    return time.perf_counter() - start


def waited(app: QApplication, until: Callable[[], bool], seconds: int = 60) -> None:
    """Let the window work until something is there."""
    deadline = QDeadlineTimer(seconds * 1000)
    while not until():
        if deadline.hasExpired():
            raise RuntimeError("it never came")
        app.processEvents()


def pages(app: QApplication, widget: QWidget) -> dict[str, list[float]]:
    """Down and up again, a page at a time, then arrow by arrow."""
    down = [turned(app, widget, Qt.Key.Key_PageDown) for _ in range(PAGES)]
    up = [turned(app, widget, Qt.Key.Key_PageUp) for _ in range(PAGES // 2)]
    arrows = [turned(app, widget, Qt.Key.Key_Down) for _ in range(PAGES // 2)]
    return {"pages": down + up, "arrows": arrows}


def typed(app: QApplication, widget: QWidget) -> list[float]:
    """A clause, letter by letter."""
    return [turned(app, widget, Qt.Key.Key_Space if one == " " else Qt.Key.Key_A, one) for one in SAID]


def bare(app: QApplication, words: Path) -> dict[str, Any]:
    said = words.read_text("utf-8")
    window = QTextEdit()
    window.resize(*SIZE)
    window.show()
    app.processEvents()
    before, start = memory(), time.perf_counter()
    window.setPlainText(said)
    app.processEvents()
    made: dict[str, Any] = {"open": time.perf_counter() - start, **pages(app, window)}
    cursor = window.textCursor()
    cursor.setPosition(len(said) // 2)
    cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
    window.setTextCursor(cursor)
    app.processEvents()
    made["keys"] = typed(app, window)
    made["memory"] = memory() - before
    return made


def ours(app: QApplication, folder: Path, text: str) -> dict[str, Any]:
    from benchmarks import worlds
    from valise.ui import language, theme
    from valise.ui.texts import TextsScreen
    from valise.ui.window import MainWindow

    theme.install(app)
    language.use(app, "en")  # as the application does: its plurals are a translation
    desk = worlds.unlock(folder)
    window = MainWindow(desk, periodic=False)
    window.resize(*SIZE)
    window.show()
    app.processEvents()
    before, start = memory(), time.perf_counter()
    window.show_screen("texts")
    screen = window.made("texts")
    assert isinstance(screen, TextsScreen)
    screen.open_text(text)
    app.processEvents()
    made: dict[str, Any] = {"open": time.perf_counter() - start, "rows": screen.model.rowCount()}
    screen.list.setFocus()
    made.update(pages(app, screen.list))
    screen.list.go(screen.model.rowCount() // 2)
    app.processEvents()
    screen.commands.begin()
    waited(app, lambda: screen.list.editor is not None)
    editor = screen.list.editor
    assert editor is not None
    editor.words.moveCursor(QTextCursor.MoveOperation.Start)
    app.processEvents()
    made["keys"] = typed(app, editor.words)
    if not editor.text().startswith(SAID):
        raise RuntimeError("the words did not arrive in the editor")
    made["memory"] = memory() - before
    start = time.perf_counter()
    screen.list.close_editor()
    app.processEvents()
    made["left"] = time.perf_counter() - start
    return made


def main(what: str, *rest: str) -> dict[str, Any]:
    app = QApplication(["valise"])
    return bare(app, Path(rest[0])) if what == "bare" else ours(app, Path(rest[0]), rest[1])


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
    os._exit(0)  # without taking the window down piece by piece
