"""What a connected client costs while nothing happens: its share of a core over a minute (goal: below 1 %), the relay's beside it.

The window with its rounds as it makes them (at once when one is worth making, else at the set interval), drawn in memory, connected
to a relay and shown on the messages; and beside it the same rounds without a window.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import measure as m
from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held
from benchmarks.peers import relay
from benchmarks.peers.vaults import WINDOW, Rounds, connect
from valise.desk.desk import Desk

GOAL = 0.01
SETTLES = 5.0  # seconds after the connection that are not counted


def run(options: Options) -> Ratios:
    """Ratios: shares of a core, "window" and "rounds"."""
    seconds, settles = options.size(60.0, 1.0), options.size(SETTLES, 0.2)
    table = Table(
        f"Connected to a relay, nothing happening, {seconds:.0f} s",
        ("process", "CPU share of a core", "rounds of the exchange", "threads", "MB", "relay's share", "goal"),
    )
    ratios: Ratios = {}
    with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as name:
        base = Path(name)
        with relay.serving(base, {"XA": 1, "XB": 1}) as running:
            worlds.close(*relay.pair(base, running)[:2])
            for kind, told in (("rounds", "the exchange's rounds alone"), ("window", "the window, drawn in memory")):
                found = measured(kind, base / "XB", seconds, settles, running)
                ratios[kind] = found["share"]
                table.add(told, f"{found['share']:.3%}", found["rounds"], found["threads"], found["memory"],
                          f"{found['relay']:.3%}", held(found["share"], GOAL))  # fmt: skip
    print(table.markdown())
    return ratios


def measured(kind: str, vault: Path, seconds: float, settles: float, running: relay.Relay) -> dict[str, Any]:
    """One process of that kind, and what the relay spent meanwhile."""
    command = [sys.executable, "-m", "benchmarks.idle", kind, str(vault), str(seconds), str(settles)]
    environ = m.surroundings({"QT_QPA_PLATFORM": "offscreen"})
    with subprocess.Popen(command, cwd=m.ROOT, env=environ, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            child.stdout.readline()  # it is connected
            before = running.cpu
            told = child.stdout.readline()
            spent = running.cpu - before
            child.wait(60)
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        raise RuntimeError(f"benchmarks.idle ended with {child.returncode}")
    found: dict[str, Any] = json.loads(told)
    return {**found, "relay": spent / seconds}


def counted(desk: Desk) -> list[float]:
    """The times of all rounds from now on."""
    made: list[float] = []
    now = desk.exchange.now

    def round_() -> Any:
        made.append(time.monotonic())
        return now()

    desk.exchange.now = round_  # type: ignore[method-assign]
    return made


def say(desk: Desk, made: list[float], cpu: float, seconds: float) -> None:
    """RuntimeError when it is not connected at all: then it costs nothing and tells nothing."""
    threads = len(list(Path("/proc/self/task").iterdir())) if Path("/proc/self/task").exists() else 0
    share = (time.process_time() - cpu) / seconds
    if not any(one.name == "relay" and one.state == "ready" for one in desk.exchange.ways()):
        raise RuntimeError("not connected")
    print(json.dumps({"share": share, "rounds": len(made), "threads": threads, "memory": m.memory()}), flush=True)


def rounds(desk: Desk, seconds: float, settles: float) -> None:
    """Without a window."""
    turns = Rounds(desk, *WINDOW)
    connect(desk)

    def until(end: float) -> None:
        while (left := end - time.monotonic()) > 0:
            turns.turn(left)

    until(time.monotonic() + settles)
    print("ready", flush=True)
    made, cpu = counted(desk), time.process_time()
    until(time.monotonic() + seconds)
    say(desk, made, cpu, seconds)


def window(desk: Desk, seconds: float, settles: float) -> None:
    """As an officer leaves it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from valise.ui import language, theme
    from valise.ui.window import MainWindow

    app = QApplication(["valise"])
    theme.install(app)
    language.use(app, "en")  # as the application does: its plurals are a translation
    shown = MainWindow(desk)
    shown.show()
    shown.show_screen("messages")
    state: dict[str, Any] = {}

    def begin() -> None:
        print("ready", flush=True)
        state.update(made=counted(desk), cpu=time.process_time())
        QTimer.singleShot(int(seconds * 1_000), end)

    def end() -> None:
        say(desk, state["made"], state["cpu"], seconds)
        app.quit()

    QTimer.singleShot(int((settles + 1) * 1_000), begin)
    app.exec()


if __name__ == "__main__":
    opened = worlds.unlock(Path(sys.argv[2]))
    with contextlib.suppress(BrokenPipeError):
        (window if sys.argv[1] == "window" else rounds)(opened, float(sys.argv[3]), float(sys.argv[4]))
    opened.close()
    os._exit(0)  # without taking the window down piece by piece
