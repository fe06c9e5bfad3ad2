"""The watcher of starts, on a real screen."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCREEN = shutil.which("Xvfb") and shutil.which("dbus-run-session")
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.setStyleSheet("background: white")
window.resize(800, 600)
window.show()
QTimer.singleShot(400, lambda: window.setStyleSheet("background: navy"))
app.exec()
"""


@pytest.mark.skipif(not SCREEN, reason="no Xvfb or no session bus here")
def test_a_start_is_seen_to_its_last_change_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import desktops
    from benchmarks.measure import Options

    begun: list[int] = []
    end = desktops._end

    def kept(running: object) -> None:
        begun.extend(desktops._family(running.pid))  # type: ignore[attr-defined]
        end(running)  # type: ignore[arg-type]

    monkeypatch.setattr(desktops, "_end", kept)
    told = desktops.start([sys.executable, "-c", WINDOW], tmp_path, Options(tmp_path, quick=True))
    assert told is not None and 0 < told.first < told.stands and told.stands - told.first > 0.2
    assert told.memory > 10
    assert len(begun) > 1 and not any(Path(f"/proc/{one}/exe").exists() for one in begun)
    assert desktops.start([sys.executable, "-c", ""], tmp_path, Options(tmp_path, quick=True)) is None
