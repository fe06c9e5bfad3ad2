"""What was copied or selected is forgotten: on a real X server, read by another program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

OWNER = """
import json, sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QClipboard, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPlainTextEdit, QTextBrowser, QVBoxLayout, QWidget
from valise.ui.widgets.clipboard import clipboard

app = QApplication(["owner"])
window = QWidget()
box = QVBoxLayout(window)
places = {"edit": QPlainTextEdit("words of a draft"), "line": QLineEdit("words of a draft"),
          "browser": QTextBrowser(), "list": QListWidget()}
places["browser"].setPlainText("words of a draft")
places["list"].addItem("words of a draft")
for one in places.values():
    box.addWidget(one)
window.show()
forgetful = clipboard()

def hear():
    order = sys.stdin.readline().split()
    if not order:
        notifier.setEnabled(False)
        app.quit()
        return
    if order[0] == "clear":
        forgetful.clear()
    elif order[0] == "elapse":
        forgetful._timer.timeout.emit()
    else:
        what, where = order
        place = places[where]
        place.setFocus()
        if where == "list":
            place.setCurrentRow(0)
        else:
            from PySide6.QtCore import Qt
            QTest.keyClick(place, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if what == "copy":
            from PySide6.QtCore import Qt
            QTest.keyClick(place, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    app.processEvents()
    modes = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
    data = {mode.name: app.clipboard().mimeData(mode).formats() for mode in modes}
    print(json.dumps(data), flush=True)

notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(hear)
print("ready", flush=True)
app.exec()
"""

READER = """
import json
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication
app = QApplication(["reader"])
print(json.dumps([app.clipboard().text(one) for one in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)]))
"""
WORDS = "words of a draft"
HINT = "x-kde-passwordManagerHint"


@pytest.fixture(scope="module")
def screen() -> Iterator[dict[str, str]]:
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb on this machine")
    read, write = os.pipe()
    with subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        process.terminate()


class Owner:
    """The program that copies and selects."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER], env=environ, stdin=pipe, stdout=pipe, text=True, bufsize=1
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def __call__(self, order: str) -> dict[str, list[str]]:
        """What it now offers, by clipboard."""
        print(order, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def others_read(self) -> list[str]:
        """What another program finds: (clipboard, primary selection)."""
        done = subprocess.run(
            [sys.executable, "-c", READER], env=self.environ, capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(done.stdout)


@pytest.fixture
def owner(screen: dict[str, str]) -> Iterator[Owner]:
    made = Owner(screen)
    yield made
    made.process.communicate(timeout=30)


@pytest.mark.parametrize("where", ["edit", "line", "browser"])
def test_what_is_selected_in_any_view_is_gone_after_the_lock(owner: Owner, where: str) -> None:
    offered = owner(f"select {where}")
    assert HINT in offered["Selection"]  # and managers that watch it are asked to leave it alone
    assert owner.others_read() == ["", WORDS]
    assert owner("clear") == {"Clipboard": [], "Selection": []}
    assert owner.others_read() == ["", ""]


@pytest.mark.parametrize("where", ["edit", "line", "browser", "list"])
@pytest.mark.parametrize("end", ["clear", "elapse"])
def test_what_is_copied_from_any_view_is_marked_and_forgotten(owner: Owner, where: str, end: str) -> None:
    offered = owner(f"copy {where}")
    assert HINT in offered["Clipboard"]
    assert owner.others_read()[0] == WORDS
    owner(end)
    assert owner.others_read() == ["", ""]


def test_what_another_program_put_there_stays(owner: Owner, screen: dict[str, str]) -> None:
    other = Owner(screen)
    owner("copy edit")
    other("copy line")
    other("select line")
    owner("clear")
    assert owner.others_read() == [WORDS, WORDS]
    other("clear")
    assert owner.others_read() == ["", ""]
    other.process.communicate(timeout=30)
