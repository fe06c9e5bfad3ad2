"""Memory at rest: an unlocked window with sample data (UI.md: at most 120 MB), and with 100,000 messages (P1: 200 MB).

Resident memory of a fresh process, Qt drawing in memory, against a bare window of the same toolkit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import hundred, worlds
from benchmarks.measure import Options, Ratios, Table, child, held, memory

GOAL, LARGE = 120, 200
SCREENS = ("overview", "texts", "messages", "contacts", "settings")


def run(options: Options) -> Ratios:
    """Ratios: "sample" and "large" to their goals, "bare" (sample to the bare window)."""
    environ = {"QT_QPA_PLATFORM": "offscreen", **options.environ()}
    table = Table("Resident memory at rest, offscreen", ("process", "MB", "ratio to a bare window", "goal"))
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        sample(Path(base) / "XA")
        if not options.quick:
            child("benchmarks.memory", str(Path(base) / "XA"), environ=environ)  # compiles what is not compiled yet
        floor = child("benchmarks.first_paint", "bare", environ=environ)["memory"]
        shown = child("benchmarks.memory", str(Path(base) / "XA"), environ=environ)
    folder, facts = hundred.vault(options)
    large = child("benchmarks.memory", str(folder / "XA"), environ=environ)
    table.add("bare window", floor, 1)
    table.add("sample data, overview shown", shown["overview"], shown["overview"] / floor, held(shown["overview"], GOAL))
    table.add("sample data, every screen shown once", shown["settings"], shown["settings"] / floor, held(shown["settings"], GOAL))
    table.add(f"{facts['messages']:,} messages, overview shown", large["overview"], large["overview"] / floor)
    table.add(f"{facts['messages']:,} messages, every screen shown once", large["settings"], large["settings"] / floor,
              held(large["settings"], LARGE))  # fmt: skip
    print(table.markdown())
    return {"sample": shown["settings"] / GOAL, "large": large["settings"] / LARGE, "bare": shown["overview"] / floor}


def sample(folder: Path) -> None:
    """A vault with the sample text a first run offers."""
    from valise import bootstrap
    from valise.demo import fill_sample

    worlds.found(folder).close()
    desk = bootstrap.gate(folder, kdf=worlds.FAST).unlock(bytearray(worlds.PASSPHRASE))
    fill_sample(desk)
    desk.close()


def rest(folder: Path) -> dict[str, Any]:
    """Unlock, show each screen in turn; MB after each."""
    from PySide6.QtWidgets import QApplication

    from valise.ui import language, theme
    from valise.ui.shots import settle
    from valise.ui.window import MainWindow

    app = QApplication(["valise"])
    theme.install(app)
    language.use(app, "en")  # as the application does: its plurals are a translation
    desk = worlds.unlock(folder)
    window = MainWindow(desk, periodic=False)
    window.show()
    found = {}
    for screen in SCREENS:
        window.show_screen(screen)
        settle(100)
        found[screen] = memory()
    desk.close()
    return found


if __name__ == "__main__":
    print(json.dumps(rest(Path(sys.argv[1]))), flush=True)
    os._exit(0)  # without taking the window down piece by piece
