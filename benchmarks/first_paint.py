"""One process that shows a window and says when it was painted: `bare`, or `ours` with the unlock page of a vault.

Prints JSON: at (monotonic seconds, the same clock for all processes), cpu (seconds of this process), memory (MB).
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from benchmarks.measure import memory


def say() -> None:
    """Called once the first paint has been handed over; ends the process without tidying up."""
    at, cpu = time.monotonic(), time.process_time()
    print(json.dumps({"at": at, "cpu": cpu, "memory": memory()}), flush=True)
    os._exit(0)


def watch(widget: Any) -> Any:
    """Call `say` after the first paint of `widget`. Keep what is returned."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Filter(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and widget.isVisible():
                widget.removeEventFilter(self)
                QTimer.singleShot(0, say)
            return False

    made = Filter()
    widget.installEventFilter(made)
    return made


def bare() -> None:
    """The floor: an application and an empty window."""
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(["bare"])
    window = QWidget()
    window.resize(502, 632)
    kept = watch(window)
    window.show()
    app.exec()
    del kept


def ours(vault: str) -> None:
    """The real command up to its unlock page."""
    from valise import cli
    from valise.ui import app
    from valise.ui.first.unlock import UnlockPage

    kept = []
    show = app.Application.show

    def shown(application: app.Application) -> None:
        page = application.front.content if application.front is not None else None
        if not isinstance(page, UnlockPage):
            os._exit(3)
        kept.append(watch(page))
        show(application)

    app.Application.show = shown  # type: ignore[method-assign]
    cli.run(["--vault", vault])


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        ours(sys.argv[2])
    sys.exit(4)  # nothing was painted
