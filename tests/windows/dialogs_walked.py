"""Every dialog that any test opens is walked when it opens: a title, for each control a name, a role and a way of Tab as one
reads, no Alt letter for two of them, and one look of Cancel. That each is opened by some test is looked at when a whole run ends (`tests/walked.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from order import backwards
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog, QGroupBox, QLabel, QPushButton, QTabBar, QWidget
from tests import walked
from walk import controls, nameless

SILENT = {QAccessible.Role.NoRole, QAccessible.Role.Client}
# A page that scrolls has no role of its own in Qt.
PAGES = ("QScrollArea",)


def roleless(root: QWidget) -> list[str]:
    """Controls that do not say what they are."""
    found = []
    for one in controls(root):
        interface = QAccessible.queryAccessibleInterface(one)
        if not any(one.inherits(kind) for kind in PAGES) and (interface is None or interface.role() in SILENT):
            found.append(f"{type(one).__name__} {one.accessibleName()!r} says no role")
    return found


def letters_twice(root: QWidget) -> list[str]:
    """Letters that with Alt lead to more than one thing that is shown."""
    counted = Counter(QKeySequence.mnemonic(text).toString() for one in root.findChildren(QWidget) if one.isVisible() for text in lettered(one))
    return [f"{letter} leads to {count} things" for letter, count in counted.items() if letter and count > 1]


def lettered(one: QWidget) -> list[str]:
    """Texts of it in which Qt looks for an Alt letter."""
    if isinstance(one, QTabBar):
        return [one.tabText(n) for n in range(one.count())]
    if isinstance(one, QLabel):
        return [one.text()] if one.buddy() is not None else []
    if isinstance(one, QGroupBox):
        return [one.title()]
    return [one.text()] if isinstance(one, QAbstractButton) else []


def wrong(dialog: QWidget) -> list[str]:
    """What is wrong with it for somebody who does not see it, has no mouse, or knows the others."""
    found = [*(f"no name: {one}" for one in nameless(dialog)), *roleless(dialog), *backwards(dialog), *letters_twice(dialog)]
    found += [
        "Cancel looks otherwise than elsewhere" for one in dialog.findChildren(QPushButton)
        if one.text() == "Cancel" and one.isVisible() and one.property("kind") != "quiet"
    ]  # fmt: skip
    if not dialog.windowTitle():
        found.append("no title")
    return [f"{type(dialog).__name__}: {one}" for one in found]


class Walked:
    """Looks at each dialog as it opens. `problems`: of all of them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.problems: set[str] = set()
        for name in ("open", "show"):
            self._follow(name, getattr(QDialog, name), patch)

    def _follow(self, name: str, real: Callable[[Any], None], patch: pytest.MonkeyPatch) -> None:
        def opened(dialog: QDialog) -> None:
            real(dialog)
            if type(dialog).__module__.startswith("valise.") and dialog.isVisible():
                walked.SEEN.add(type(dialog).__name__)
                for _ in range(4):  # it stands as it will stand; what lies within what scrolls comes one after the other
                    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
                self.problems.update(wrong(dialog))

        patch.setattr(QDialog, name, opened)
