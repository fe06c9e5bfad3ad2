"""The status line: the truth about the exchange and the lock, in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from valise.desk.views import ExchangeStatus
from valise.ui import icons, theme
from valise.ui.widgets.buttons import icon_button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import countdown, moment


class StatusLine(QFrame):
    """`show_status`, `show_lock`, `show_busy`. `.lock` is the button that locks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        named(self, self.tr("Status"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE.m, 2, theme.SPACE.s, 2)
        row.setSpacing(theme.SPACE.s)
        self._sign = QLabel(self)
        self._sign.setFixedSize(14, 14)
        row.addWidget(self._sign)
        self.exchange = Words("", "", self)
        self.exchange.setWordWrap(False)
        row.addWidget(self.exchange)
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

    def show_status(self, status: ExchangeStatus, now: int | None = None) -> None:
        """Say where the exchange stands. Never "connected" without a carrier that answered."""
        if not status.carrier:
            sign, token = "laptop", "muted"
            parts = [self.tr("Sealed, only on this device: no exchange folder is set")]
        elif status.reachable and not status.problem:
            sign, token = "check-circle", "good"
            parts = [self.tr("Exchange folder connected")]
        elif status.reachable:
            sign, token = "warning", "warn"
            parts = [self.tr("Exchange folder connected, with trouble")]
        else:
            sign, token = "warning", "warn"
            parts = [self.tr("Exchange folder not reachable, everything stays sealed on this device")]
        if status.waiting:
            parts.append(self.tr("waiting to be delivered: {0}").format(status.waiting))
        elif status.carrier:
            parts.append(self.tr("nothing waiting"))
        if status.sealed_waiting:
            parts.append(self.tr("received but not yet readable: {0}").format(status.sealed_waiting))
        if status.carrier:
            parts.append(self.tr("last exchange {0}").format(moment(status.last_exchange, now)))
        icons.bind(self._sign, sign, token, 14)
        self.exchange.setText("  ·  ".join(parts))

    def show_lock(self, seconds: int) -> None:
        """Seconds until it locks; negative = it does not lock by itself."""
        text = self.tr("does not lock by itself") if seconds < 0 else self.tr("locks in {0}").format(countdown(seconds))
        if text != self.locks.text():
            self.locks.setText(text)

    def show_busy(self, busy: bool) -> None:
        """Whether a command is under way."""
        self.busy.setVisible(busy)
