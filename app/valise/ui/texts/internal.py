"""Internal remarks on the current paragraph. They live in the delegation's own room and look like nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from valise.desk.views import Remark
from valise.ui import icons, theme
from valise.ui.text_safe import isolate
from valise.ui.texts import style
from valise.ui.texts.drafts import Drafts
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.times import moment


class InternalPane(QFrame):
    """`written(words)` when a remark is kept; what is being written stays until then, paragraph by paragraph."""

    written = Signal(str)

    def __init__(self, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("internal")
        self._drafts = drafts
        self._text = self._paragraph = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 9, 14, 12)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        self._mark = QLabel(self)
        self._mark.setFixedSize(18, 18)
        row.addWidget(self._mark)
        head = Words(self.tr("Internal, stays in your delegation"), "", self)
        head.setObjectName("internalHead")
        row.addWidget(head, 1)
        column.addLayout(row)
        self._scroll = named(QScrollArea(self), self.tr("Internal remarks on the paragraph"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._scroll, 1)
        self.words = named(QPlainTextEdit(self), self.tr("Internal remark, never leaves your delegation"))
        self.words.setPlaceholderText(self.tr("For your delegation only"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(54)
        self.words.installEventFilter(self)
        self.words.textChanged.connect(self.keep_words)
        keep = button(self.tr("Keep internally"), self.commit, parent=self)
        keep.setToolTip(self.tr("Ctrl+Enter"))
        self.keep = keep
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(keep, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(line)
        theme.current().changed.connect(self._mark_colour)
        self._mark_colour()
        self.show_remarks("", "", [], "")

    def _mark_colour(self) -> None:
        self._mark.setPixmap(icons.pixmap("eye-off", style.internal_edge(), 18, self.devicePixelRatioF()))

    def show_remarks(self, text: str, paragraph: str, remarks: list[Remark], label: str) -> None:
        """The remarks of one paragraph, newest last, and the words begun there."""
        if (text, paragraph) != (self._text, self._paragraph):
            self.keep_words()
            self._text, self._paragraph = text, ""
            left = self._drafts.read(text, paragraph, "remark") if paragraph else None
            self.words.setPlainText(left[0] if left else "")
            self._paragraph = paragraph
        self.setEnabled(bool(paragraph))
        inner = QWidget()
        inner.setObjectName("scrolled")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(5)
        for one in remarks:
            frame = QFrame(inner)
            frame.setObjectName("remark")
            inside = QVBoxLayout(frame)
            inside.setContentsMargins(9, 6, 9, 6)
            inside.setSpacing(2)
            inside.addWidget(SafeLabel(one.words, "", frame))
            inside.addWidget(Words(f"{isolate(one.officer)} · {moment(one.at)}", "small", frame))
            box.addWidget(frame)
        if not remarks:
            box.addWidget(Words(self.tr("Red lines, fallbacks and notes from the room."), "small", inner))
        box.addStretch(1)
        old = self._scroll.takeWidget()
        self._scroll.setWidget(inner)
        if old is not None:
            old.deleteLater()
        self.words.setAccessibleDescription(label)

    def keep_words(self) -> None:
        """Keep what is being written, as it is."""
        if self._paragraph:
            self._drafts.keep(self._text, self._paragraph, "remark", self.words.toPlainText())

    def commit(self) -> None:
        """Keep the remark in the vault."""
        words = self.words.toPlainText().strip()
        if words and self._paragraph:
            self.written.emit(words)

    def written_down(self, text: str, paragraph: str) -> None:
        """It is in the internal room: the words are no longer a draft."""
        if (text, paragraph) == (self._text, self._paragraph):
            self.words.clear()
        self._drafts.drop(text, paragraph, "remark")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commit()
                return True
        return super().eventFilter(watched, event)
