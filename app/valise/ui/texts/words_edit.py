"""The field for the words of a paragraph: plain, one line of the record, in the direction of its words."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QTextEdit, QWidget

from valise.ui import theme
from valise.ui.texts.runs import READING_PX


class WordsEdit(QTextEdit):
    """Plain words only: pasted formatting is left outside. Grows with its content."""

    grown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False  # an input method shows letters that are not words yet
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFont(theme.font(READING_PX))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A paragraph is one line of the record: Enter alone writes nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted lines become one."""
        self.insertPlainText(" ".join(source.text().split("\n")))

    def _grow(self) -> None:
        wanted = max(44, int(self.document().size().height()) + 18)
        if wanted != self.height():
            self.setFixedHeight(wanted)
            self.grown.emit()

    def set_direction(self, side: Qt.LayoutDirection) -> None:
        """Direction of the paragraph under the cursor's hand, not of the window."""
        option = self.document().defaultTextOption()
        if option.textDirection() != side:
            option.setTextDirection(side)
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            self.document().setDefaultTextOption(option)
