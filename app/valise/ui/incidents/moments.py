"""A moment in UTC, or none, with what clocks here show then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.seeing import deadline
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, named, small


class MomentField(QWidget):
    """`changed()`; `value()` ms UTC, 0 for none."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        column.addWidget(Words(name, "strong", self))
        self.exact = named(QLineEdit(self), self.tr("{0}, in UTC, for example 2026-12-10 18:00").format(name))
        self.exact.setPlaceholderText("2026-12-10 18:00")
        self.clocks = small("", self)
        column.addLayout(row(self.exact, Words("UTC", "muted", self), self.clocks, None))
        self.exact.textChanged.connect(self._told)
        self.setFocusProxy(self.exact)

    def _told(self) -> None:
        at = deadline.parse(self.exact.text())
        told = " · ".join(deadline.clocks(at)[1:]) if at else ""
        self.clocks.setText(told if self.valid() else self.tr("This is no time: write it like 2026-12-10 18:00."))
        self.changed.emit()

    def value(self) -> int:
        return deadline.parse(self.exact.text())

    def valid(self) -> bool:
        """None, or a time."""
        return not self.exact.text().strip() or bool(self.value())

    def set_value(self, at: int) -> None:
        self.exact.setText(deadline.exact(at) if at else "")
