"""One process that unlocks a vault and asks for what a window shows first; prints JSON of seconds and MB per step."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import memory


def main(folder: Path) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication

    from valise.ui import language, theme
    from valise.ui.messages import screen as _messages
    from valise.ui.window import MainWindow

    assert _messages
    app = QApplication(["valise"])
    theme.install(app)
    language.use(app, "en")  # as the application does: its plurals are a translation
    steps: dict[str, Any] = {}
    start = time.perf_counter()

    def done(step: str) -> None:
        steps[step] = {"wall": time.perf_counter() - start, "memory": memory()}

    desk = worlds.unlock(folder)  # the passphrase function takes about a millisecond here
    done("unlocked")
    rooms = desk.rooms.all()
    group = next(one.id for one in rooms if one.kind == "group")
    done("rooms")
    threads = desk.messages.threads(group)
    done("threads")
    desk.messages.page(group, threads[0].id, 0, 50)
    done("page")
    desk.overview()
    done("overview")
    desk.search("ban", 50)
    done("search")
    window = MainWindow(desk, periodic=False)
    window.show()
    app.processEvents()
    window.go("messages", group)
    app.processEvents()
    window.grab()
    done("window")
    desk.close()
    return steps


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))), flush=True)
    os._exit(0)  # without taking the window down piece by piece
