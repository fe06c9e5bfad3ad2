"""From the command to the lock: one instance, unlock, main window, lock, and what is imported when."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import GOOD, FakeGate
from PySide6.QtCore import QLocale, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from valise.domain.errors import Unavailable
from valise.system import ahead, keeper
from valise.ui import app as application
from valise.ui import language, theme
from valise.ui.app import Application, Single, run
from valise.ui.first.front import Front
from valise.ui.first.unlock import UnlockPage
from valise.ui.locking.signals import Signals
from valise.ui.window import MainWindow


@pytest.fixture
def started(worn: theme.Theme, gate: FakeGate, qtbot: Any) -> Iterator[Application]:
    made = Application(gate)
    made.show()
    yield made
    shown = made.shown()
    if shown is not None:
        shown.close()
        shown.deleteLater()
    made.deleteLater()


def test_unlocking_leads_to_the_main_window_and_locking_ends_it(
    started: Application, gate: FakeGate, qtbot: Any
) -> None:
    front = started.shown()
    assert isinstance(front, Front)
    page = front.content
    assert isinstance(page, UnlockPage)
    qtbot.keyClicks(page.entry.field(), GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: isinstance(started.shown(), MainWindow))
    window = started.window
    assert window is not None
    qtbot.waitUntil(window.isVisible)
    assert started.front is None
    qtbot.waitUntil(lambda: bool(gate.opened.called("exchange.now")))
    with qtbot.waitSignal(started.ended) as heard:
        window.lock("session")
    assert heard.args == ["session"]
    assert gate.opened.closed


def test_a_given_passphrase_unlocks_and_is_wiped(started: Application, gate: FakeGate, qtbot: Any) -> None:
    given = bytearray(GOOD.encode())
    started.unlock_with(given)
    qtbot.waitUntil(lambda: started.window is not None)
    assert not any(given)
    more = bytearray(b"nothing to unlock")
    started.unlock_with(more)
    assert not any(more)


def test_a_second_start_shows_the_running_window(qapp: QApplication, tmp_path: Path, qtbot: Any) -> None:
    first, second, elsewhere = Single(tmp_path), Single(tmp_path), Single(tmp_path / "other")
    assert first.claim()
    first.listen()
    with qtbot.waitSignal(first.called):
        assert not second.claim()
    assert elsewhere.claim()
    assert str(tmp_path) not in first.name
    first.release()
    assert second.claim()
    for one in (second, elsewhere):
        one.release()


def test_without_a_place_for_the_lock_file_the_vaults_own_lock_decides(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(_folder: Path) -> Path:
        raise Unavailable("system.folder")

    monkeypatch.setattr(application, "own", nowhere)
    assert Single(tmp_path).claim()


def drive(monkeypatch: pytest.MonkeyPatch, steps: Callable[[Application], None]) -> None:
    """Run `steps` in the event loop of `run`, once the first window is there."""
    show = Application.show

    def showing(self: Application) -> None:
        show(self)
        QTimer.singleShot(0, self, lambda: steps(self))

    monkeypatch.setattr(Application, "show", showing)


def when_open(self: Application, act: Callable[[MainWindow], object]) -> None:
    if self.window is None:
        QTimer.singleShot(1, self, lambda: when_open(self, act))
    else:
        act(self.window)


@pytest.mark.parametrize("reason", list(keeper.LOCKED))
def test_run_ends_with_the_number_of_its_lock(
    worn: theme.Theme, gate: FakeGate, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    drive(monkeypatch, lambda self: when_open(self, lambda window: window.lock(reason)))
    code = run(gate, ["valise"], passphrase=bytearray(GOOD.encode()))
    assert keeper.reason_of(code) == reason
    assert gate.opened.closed


@pytest.mark.parametrize("act", ["close", "lock"])
def test_run_that_was_quit_or_closed_at_once_ends_for_good(
    worn: theme.Theme, gate: FakeGate, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    arguments = ["closed"] if act == "lock" else []
    drive(monkeypatch, lambda self: when_open(self, lambda window: getattr(window, act)(*arguments)))
    assert run(gate, ["valise"], passphrase=bytearray(GOOD.encode())) == 0
    assert gate.opened.closed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("opened", [False, True])
def test_a_signal_closes_the_vault_and_ends_the_program(
    worn: theme.Theme, gate: FakeGate, monkeypatch: pytest.MonkeyPatch, number: int, opened: bool
) -> None:
    def send(_window: object = None) -> None:
        os.kill(os.getpid(), number)

    drive(monkeypatch, (lambda self: when_open(self, send)) if opened else send)
    inherited = signal.signal(number, signal.SIG_DFL)  # what a shell starts in the background ignores SIGINT
    try:
        code = run(gate, ["valise"], passphrase=bytearray(GOOD.encode()) if opened else None)
        assert code == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, inherited)
    assert not opened or gate.opened.closed


def test_a_signal_that_is_to_be_ignored_is_ignored(qapp: QApplication, qtbot: Any) -> None:
    """nohup valise."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        signals = Signals()
        with qtbot.waitSignal(signals.asked):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
        assert signals.came == [signal.SIGTERM]
        signals.close()
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a file chooser is part of the process")
def test_c7_no_file_name_is_handed_to_a_file_chooser_of_the_desktop(
    worn: theme.Theme, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    native = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    QApplication.setAttribute(native, False)
    drive(monkeypatch, lambda self: self.front.close())
    assert run(gate, ["valise"]) == 0
    assert QApplication.testAttribute(native)


def test_run_says_why_it_locked(worn: theme.Theme, gate: FakeGate, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def steps(self: Application) -> None:
        said.append(self.front.content.line.plain())
        self.front.close()

    drive(monkeypatch, steps)
    assert run(gate, ["valise"], reason="suspend") == 0
    assert "went to sleep" in said[0]


def test_a_second_run_ends_at_once(worn: theme.Theme, gate: FakeGate, qtbot: Any) -> None:
    first = Single(gate.folder)
    assert first.claim()
    first.listen()
    with qtbot.waitSignal(first.called):
        assert run(gate, ["valise"]) == 0
    assert gate.calls == []
    first.release()


def test_a_language_without_translation_stays_left_to_right(qapp: QApplication) -> None:
    before = QLocale()
    language.use(qapp, "ar")
    try:
        ours = [one for one in qapp.findChildren(QTranslator) if one.filePath()]
        wanted = Qt.LayoutDirection.RightToLeft if ours else Qt.LayoutDirection.LeftToRight
        assert qapp.layoutDirection() == wanted
    finally:
        language.use(qapp, "en")
        QLocale.setDefault(before)
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


PROBE = """
import sys
from valise.ui import app
from PySide6.QtWidgets import QApplication
from valise.ui.first.unlock import UnlockPage

import pathlib
from valise import bootstrap

folder = pathlib.Path(sys.argv[1])
(folder / "header.json").write_text("{}")

def paint(self, event):
    print("\\n".join(sorted(sys.modules)))
    QApplication.instance().quit()

UnlockPage.paintEvent = paint
sys.exit(app.run(bootstrap.gate(folder), ["valise"]))
"""


def test_the_unlock_page_is_painted_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.split())
    assert "valise.ui.first.unlock" in loaded
    heavy = {
        "vodozemac", "nacl", "cryptography", "sqlcipher3", "segno", "cbor2", "keyring", "asyncio", "ssl",
        "concurrent.futures", "rapidfuzz", "regex", "PySide6.QtNetwork", "PySide6.QtDBus", "valise.ui.window",
        "valise.ui.first.wizard", "valise.vault.store", "valise.vault.header", "valise.protocol", "valise.desk.desk",
        "valise.desk.entrance", "valise.formats", "valise.ui.reading_order", "html",
    }  # fmt: skip
    assert not {one for one in loaded if one in heavy or one.partition(".")[0] in heavy}


AHEAD = """
import sys, threading
from pathlib import Path
from valise.system import ahead

ahead.begin()
for one in threading.enumerate():
    if one is not threading.main_thread():
        one.join(30)
loaded = Path("/proc/self/maps").read_text()
assert "libQt6Widgets" in loaded and "libfontconfig" in loaded and "PySide6" not in sys.modules

from valise.ui import imports
imports.plain()

from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
assert QThread.isMainThread() and app.thread() is QThread.currentThread()
QLabel("words").show()
app.processEvents()
import linecache
from valise.ui import theme
assert not [one for one in linecache.cache if one.endswith("theme.py")]
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is loaded ahead")
def test_what_is_loaded_ahead_leaves_qt_to_the_first_thread_and_imports_to_python() -> None:
    done = subprocess.run([sys.executable, "-c", AHEAD], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_qt_nothing_is_loaded_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(ahead.threading, "Thread", lambda *_, **__: pytest.fail("a thread was begun"))
    ahead.begin()


def test_a_process_started_without_collecting_collects_once_the_window_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    application._collect()
    assert gc.isenabled() and not frozen
    gc.disable()
    try:
        application._collect()
        assert gc.isenabled() and frozen
    finally:
        gc.enable()
