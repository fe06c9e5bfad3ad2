"""Addresses with their window of time: as many lines as are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.seeing import deadline
from valise.ui.texts.script import from_editor
from valise.ui.widgets.buttons import button, icon_button, row
from valise.ui.widgets.labels import named

MOST = 300


class _Line(QWidget):
    """One address."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.what = named(QLineEdit(self), self.tr("{0}: address, domain or network").format(name))
        self.what.setPlaceholderText(self.tr("Address, domain or AS"))
        self.what.setMaxLength(300)
        self.start = named(QLineEdit(self), self.tr("{0}: from, in UTC").format(name))
        self.end = named(QLineEdit(self), self.tr("{0}: until, in UTC").format(name))
        self.start.setPlaceholderText(self.tr("from 2026-12-10 18:00"))
        self.end.setPlaceholderText(self.tr("until"))
        self.out = icon_button("cross", self.tr("Remove this address"), parent=self)
        line = row(self.what, self.start, self.end, self.out)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        line.setStretch(2, 2)
        self.setLayout(line)

    def value(self) -> dict[str, Any]:
        return {
            "what": " ".join(from_editor(self.what.text()).split()), "from": deadline.parse(self.start.text()),
            "to": deadline.parse(self.end.text()),
        }  # fmt: skip

    def valid(self) -> bool:
        """Each time is empty or one, and they are in order."""
        made = self.value()
        typed = [bool(one.text().strip()) for one in (self.start, self.end)]
        whole = all(bool(at) == there for at, there in zip((made["from"], made["to"]), typed, strict=True))
        return whole and (not made["from"] or not made["to"] or made["from"] < made["to"])


class PlacesField(QWidget):
    """`changed()`. Lines without an address do not count."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.lines: list[_Line] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        self._box = QVBoxLayout()
        self._box.setSpacing(theme.SPACE.xs)
        column.addLayout(self._box)
        self.more = button(self.tr("Add an address"), self._more, icon="plus", kind="quiet", parent=self)
        column.addLayout(row(self.more, None))
        self.setFocusProxy(self.more)

    def add(self, value: dict[str, Any] | None = None) -> _Line:
        """One more line."""
        line = _Line(self._name, self)
        if value:
            line.what.setText(str(value["what"]))
            line.start.setText(deadline.exact(value["from"]) if value["from"] else "")
            line.end.setText(deadline.exact(value["to"]) if value["to"] else "")
        for box in (line.what, line.start, line.end):
            box.textChanged.connect(self.changed)
        line.out.clicked.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._box.addWidget(line)
        self.more.setEnabled(len(self.lines) < MOST)
        self.changed.emit()
        return line

    def _more(self) -> None:
        self.add().what.setFocus()

    def _remove(self, line: _Line) -> None:
        self.lines.remove(line)
        line.hide()
        line.deleteLater()
        self.more.setEnabled(True)
        self.more.setFocus()
        self.changed.emit()

    def value(self) -> list[dict[str, Any]]:
        return [made for line in self.lines if (made := line.value())["what"]]

    def valid(self) -> bool:
        return all(line.valid() for line in self.lines)

    def set_value(self, value: Sequence[dict[str, Any]]) -> None:
        for line in list(self.lines):
            self.lines.remove(line)
            line.hide()
            line.deleteLater()
        for one in value:
            self.add(one)
