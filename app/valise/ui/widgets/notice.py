"""The notice bar: what happened, what it means for confidentiality, what to do. Never a box in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.language import sentences
from valise.ui.strings import Tone, tell
from valise.ui.widgets.buttons import button, icon_button
from valise.ui.widgets.labels import Words, named

_ICONS: dict[str, tuple[str, str]] = {
    "info": ("info", "info"),
    "good": ("check-circle", "good"),
    "warn": ("warning", "warn"),
    "bad": ("shield-alert", "bad"),
}


class NoticeBar(QFrame):
    """Hidden until something is to be said. `show_error`, `say`; at most one button; Escape closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        named(self, self.tr("Notice"))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        line.setSpacing(theme.SPACE.m)
        self._icon = QLabel(self)
        self._icon.setFixedSize(20, 20)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.happened = Words("", "strong", self)
        self.confidentiality = Words("", "", self)
        self.todo = Words("", "", self)
        for label in (self.happened, self.confidentiality, self.todo):
            words.addWidget(label)
        line.addLayout(words, 1)
        self._step: QPushButton | None = None
        self._line = line
        self.dismiss = icon_button("cross", self.tr("Close this notice"), self.close_notice, parent=self)
        line.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_error(self, error: ValiseError, step: str = "", slot: Callable[[], object] | None = None) -> None:
        """Say an error in its three sentences, with one button for the way out when there is one."""
        told = tell(error)
        self.say(told.happened, told.confidentiality, told.todo, told.tone, step, slot)

    def say(
        self, happened: str, confidentiality: str = "", todo: str = "", tone: Tone = "info",
        step: str = "", slot: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        """Say something of ours. Outside words inside it must be isolated by the caller."""
        for label, words in ((self.happened, happened), (self.confidentiality, confidentiality), (self.todo, todo)):
            label.setText(words)
            label.setVisible(bool(words))
        icons.bind(self._icon, *_ICONS[tone], 20)
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        if self._step is not None:
            self._step.deleteLater()
            self._step = None
        if step:
            self._step = button(step, slot, parent=self)
            self._line.insertWidget(2, self._step, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleDescription(sentences(one for one in (happened, confidentiality, todo) if one))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def step(self) -> QPushButton | None:
        """The button, when there is one."""
        return self._step

    def close_notice(self) -> None:
        """Hide it."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_notice()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
