"""A working minute of a real window over a real vault, in a process of its own, on whatever buses it is given.

Argument: a folder. Prints JSON: every word that was planted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit
from tests.hostile.test_canaries import Words, negotiate

from valise.desk import views
from valise.ui import language, theme
from valise.ui.screens import shown
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.search_palette import SearchPalette
from valise.ui.window import MainWindow


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "nothing happens any more"
        QCoreApplication.processEvents()


def main(folder: Path) -> None:
    app = QApplication(["valise", "-style", "fusion"])
    app.setApplicationName("Valise")
    app.setDesktopFileName("valise")
    theme.install(app, "light")
    language.use(app, "en")  # as the application does: its plurals are a translation
    plant = Words(99)
    world, room = negotiate(folder / "world", plant)
    desk = world["XB"]
    window = MainWindow(desk, periodic=False)
    window.show()
    window.activateWindow()
    assert window.watch.listen()
    until(lambda: window.watch._system.held and window.watch._system.watched)
    # look at everything, and type and copy where something can be typed
    typed = plant("typed")
    for entry in shown():
        window.show_screen(entry.name, focus=True)
        until(lambda: window.runner.idle)
        for ref in [view.id for view in desk.texts.all()] if entry.name == "texts" else [""]:
            window.go(entry.name, ref)
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit):
            QTest.keyClicks(focus, typed)
            QTest.keyClick(focus, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(focus, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    window.search()
    palette = window.findChild(SearchPalette)
    until(palette.isVisible)
    QTest.keyClicks(palette.findChild(QLineEdit), typed)
    until(lambda: window.runner.idle)
    palette.close()
    clipboard().copy(plant("copied"))
    desk.messages.save_draft(views.Draft(room, "", plant("draft"), plant("draft"), "", False, (), 0))
    # nobody looks, and something comes: a message with a file, and its words
    window.hide()
    until(lambda: not window.notifier.seen)
    file = world["XA"].messages.attach(room, f"{plant('file name')}.txt", plant("file").encode())
    world["XA"].messages.send(room, plant("body"), subject=plant("subject"), attachments=[file.id])
    world.exchange()
    window.exchange.now()
    until(lambda: window.notifier._thread is not None)
    window.notifier._thread.join(30)
    until(lambda: window.runner.idle)
    window.lock("session")
    for one in ("XA", "XG"):
        world[one].close()
    print(json.dumps(list(plant.planted)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
