"""Traps. On Python 3.11, PySide6 6.12.0 drops a reference to None at each void call and aborts after some thousand of them:
hence the pin, and a count. And what `QLayout.itemAt` returns is kept while the layout lives, also when Qt has deleted the item and
something else lies in its place: that is then taken for the old one, and gone when the layout goes. So nobody asks for items."""

from __future__ import annotations

import ctypes
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, QTimer

CALLS = 5000
ROOT = Path(__file__).parents[1]


def none_lost(call: Callable[[], object]) -> int:
    """References to None that CALLS calls lose (or leak, as a negative number)."""
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(None)


def test_void_methods_leave_none_alone() -> None:
    thing = QObject()
    timer = QTimer()
    for call in (lambda: thing.setObjectName("name"), timer.stop, lambda: thing.blockSignals(False)):
        assert abs(none_lost(call)) < CALLS // 50


def test_the_count_would_notice() -> None:
    if sys.version_info >= (3, 12):  # None is immortal there: the trap cannot close, and the count stands still
        assert none_lost(lambda: None) == 0
        return
    drop = ctypes.pythonapi.Py_DecRef
    drop.argtypes = [ctypes.py_object]
    drop.restype = ctypes.c_int
    keep = [None] * (2 * CALLS)  # what is dropped below is really ours to give
    try:
        assert none_lost(lambda: drop(None)) > CALLS // 2
    finally:
        for _ in range(CALLS):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
    assert len(keep) == 2 * CALLS


def test_the_version_is_pinned_and_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"PySide6-Essentials=={PySide6.__version__}" in project["dependencies"]
    assert PySide6.__version__ != "6.12.0"


def test_nobody_asks_a_layout_for_its_items() -> None:
    asked = [one for one in (ROOT / "app").rglob("*.py") if re.search(r"\.itemAt(Position)?\(", one.read_text("utf-8"))]
    assert asked == []
