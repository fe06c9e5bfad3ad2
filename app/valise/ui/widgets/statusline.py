"""The status line: the truth about the exchange and the lock, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStyle, QToolButton, QWidget

from valise.desk.door_exchange import WayView
from valise.desk.views import ExchangeStatus
from valise.ui import actions, icons, theme
from valise.ui.exchange import said
from valise.ui.text_safe import FSI, PDI
from valise.ui.widgets.buttons import icon_button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import countdown, moment


class OneLine(Words):
    """A sentence of ours on one line, cut with an ellipsis where the room ends; all of it for whoever listens."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent, wrap=False)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        where = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading)
        painter.drawText(self.contentsRect(), int(where | Qt.AlignmentFlag.AlignVCenter), f"{FSI}{shown}{PDI}")


class StatusLine(QFrame):
    """`show_status`, `show_lock`, `show_busy`. `.lock` is the button that locks, `.ways` leads to the ways of exchange."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        named(self, self.tr("Status"))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.m, 2, theme.SPACE.s, 2)
        row.setSpacing(theme.SPACE.s)
        self._sign = QLabel(self)
        self._sign.setFixedSize(14, 14)
        row.addWidget(self._sign)
        self.exchange = OneLine("", "", self)
        row.addWidget(self.exchange)
        self.ways = icon_button("chevron-right", self.tr("Ways of exchange"), parent=self)
        self.ways.setFixedSize(26, 24)
        self._point()
        row.addWidget(self.ways)
        self.busy = Words(self.tr("· working…"), "", self)
        self.busy.setWordWrap(False)
        self.busy.hide()
        row.addWidget(self.busy)
        row.addStretch(1)
        self.locks = Words("", "", self)
        self.locks.setWordWrap(False)
        row.addWidget(self.locks, 0, Qt.AlignmentFlag.AlignVCenter)
        self.lock = icon_button("lock", self.tr("Lock now"), parent=self)
        self.lock.setFixedSize(26, 24)
        row.addWidget(self.lock)

    def add(self, action: str, slot: Callable[[], object]) -> QToolButton:
        """A button at the end for an action of the table."""
        one = actions.spec(action)
        made = icon_button(one.icon, one.label, slot, parent=self)
        made.setFixedSize(26, 24)
        made.setToolTip(f"{one.explanation} ({one.shown})")
        self._row.addWidget(made)
        return made

    def show_status(self, status: ExchangeStatus, ways: Sequence[WayView], now: int | None = None) -> None:
        """Say where the exchange stands, over all ways. Never "connected" without one that answered."""
        words, sign, token = said.line(status, ways)
        parts = [words]
        set_up = any(said.used(one) for one in ways)
        if status.waiting:
            parts.append(self.tr("waiting to be delivered: {0}").format(status.waiting))
        elif set_up:
            parts.append(self.tr("nothing waiting"))
        if status.sealed_waiting:
            parts.append(self.tr("received but not yet readable: {0}").format(status.sealed_waiting))
        if set_up:
            parts.append(self.tr("last exchange {0}").format(moment(status.last_exchange, now)))
        icons.bind(self._sign, sign, token, 14)
        self.exchange.setText("  ·  ".join(parts))

    def _point(self) -> None:
        icons.bind(self.ways, "chevron-right")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "ways"):
            self._point()

    def show_lock(self, seconds: int) -> None:
        """Seconds until it locks; negative = it does not lock by itself."""
        text = self.tr("does not lock by itself") if seconds < 0 else self.tr("locks in {0}").format(countdown(seconds))
        if text != self.locks.text():
            self.locks.setText(text)

    def show_busy(self, busy: bool) -> None:
        """Whether a command is under way."""
        self.busy.setVisible(busy)
