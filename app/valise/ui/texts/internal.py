"""The internal side of the current paragraph: notes by kind, and drafts that wait for a second officer. It lives in the
delegation's own room and looks like nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from valise.desk.views import HeldDraft, Note
from valise.domain.internal import SORTS
from valise.domain.text.model import ParagraphView
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.texts import style, terms
from valise.ui.texts.drafts import Drafts
from valise.ui.texts.held import HeldCard
from valise.ui.texts.proposal_card import Chooser
from valise.ui.widgets.buttons import button
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.times import moment

# a sign beside the word: colour is not what tells them apart
SIGN = {"note": "·", "red line": "⊘", "fallback": "↓", "instruction": "→"}
_SORT = {
    "note": QT_TRANSLATE_NOOP("texts", "Note"),
    "red line": QT_TRANSLATE_NOOP("texts", "Red line"),
    "fallback": QT_TRANSLATE_NOOP("texts", "Fallback"),
    "instruction": QT_TRANSLATE_NOOP("texts", "Instruction"),
}


def sort_name(value: str) -> str:
    """The kind of a note, with its sign."""
    return f"{SIGN[value]} {translate('texts', _SORT[value])}"


class NoteCard(QFrame):
    """`picked(verb, note id)`: "edit" or "strike"."""

    picked = Signal(str, str)

    def __init__(self, note: Note, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remark")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(9, 6, 9, 6)
        inside.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(Words(sort_name(note.sort), "strong" if note.sort != "note" else "small", self), 1)
        chooser = Chooser(self)
        chooser.add("edit", self.tr("Change"), self.tr("Change this note: {0}").format(isolate(note.words[:60])))
        chooser.add("strike", self.tr("Strike out"), self.tr("Strike out this note: {0}").format(isolate(note.words[:60])))
        chooser.picked.connect(lambda verb: self.picked.emit(verb, note.id))
        head.addWidget(chooser)
        inside.addLayout(head)
        inside.addWidget(SafeLabel(note.words, "", self))
        inside.addWidget(Words(f"{isolate(note.officer)} · {moment(note.at)}", "small", self))


class InternalPane(QFrame):
    """`written(words, sort, note it replaces)` when a note is kept; what is being written stays until then, paragraph by
    paragraph. `struck(note)`; `decided(verb, draft)` of a draft that waits."""

    written = Signal(str, str, str)
    struck = Signal(str)
    decided = Signal(str, str)

    def __init__(self, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("internal")
        self._drafts = drafts
        self._text = self._paragraph = self._replaces = ""
        self._notes: dict[str, Note] = {}
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
        self.words.setFixedHeight(46)
        self.words.installEventFilter(self)
        self.words.textChanged.connect(self.keep_words)
        self.sort = named(QComboBox(self), self.tr("Kind of internal remark"))
        for one in SORTS:
            self.sort.addItem(sort_name(one), one)
        self.sort.setToolTip(self.tr("Alt+1 to Alt+4 while writing"))
        keep = button(self.tr("Keep internally"), self.write_down, parent=self)
        keep.setToolTip(self.tr("Ctrl+Enter"))
        self.keep = keep
        column.addWidget(self.words)
        self.changing = Words("", "small", self)
        self.changing.hide()
        column.addWidget(self.changing)
        line = Flow(spacing=8)
        line.addWidget(self.sort)
        line.addWidget(keep)
        column.addLayout(line)
        theme.current().changed.connect(self._mark_colour)
        self._mark_colour()
        self.show_side("", None, [], [], "en")

    def _mark_colour(self) -> None:
        self._mark.setPixmap(icons.pixmap("eye-off", style.internal_edge(), 18, self.devicePixelRatioF()))

    def show_side(
        self, text: str, view: ParagraphView | None, notes: Sequence[Note], drafts: Sequence[HeldDraft], language: str
    ) -> None:
        """The notes and drafts of one paragraph, newest last, and the words begun there."""
        paragraph = view.paragraph.id if view is not None else ""
        if (text, paragraph) != (self._text, self._paragraph):
            self.keep_words()
            self._text, self._paragraph = text, ""
            left = self._drafts.read(text, paragraph, "remark") if paragraph else None
            self.words.setPlainText(left[0] if left else "")
            self._paragraph = paragraph
            self._change("")
        self._notes = {one.id: one for one in notes}
        self.setEnabled(bool(paragraph))
        inner = QWidget()
        inner.setObjectName("scrolled")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(5)
        for draft in drafts:
            held = HeldCard(view, draft, language, inner)
            held.picked.connect(self.decided)
            box.addWidget(held)
        for note in notes:
            card = NoteCard(note, inner)
            card.picked.connect(self._picked)
            box.addWidget(card)
        if not notes and not drafts:
            box.addWidget(Words(self.tr("Red lines, fallbacks and notes from the room."), "small", inner))
        box.addStretch(1)
        old = self._scroll.takeWidget()
        self._scroll.setWidget(inner)
        if old is not None:
            old.deleteLater()
        self.words.setAccessibleDescription(terms.name(view.paragraph) if view is not None else "")

    def _picked(self, verb: str, note: str) -> None:
        if verb == "strike":
            self.struck.emit(note)
        elif note in self._notes:
            self.words.setPlainText(self._notes[note].words)
            self.sort.setCurrentIndex(self.sort.findData(self._notes[note].sort))
            self._change(note)
            self.words.setFocus()

    def _change(self, note: str) -> None:
        self._replaces = note
        self.changing.setText(self.tr("Changes the note; Esc keeps it as it was.") if note else "")
        self.changing.setVisible(bool(note))

    def keep_words(self) -> None:
        """Keep what is being written, as it is."""
        if self._paragraph:
            self._drafts.keep(self._text, self._paragraph, "remark", self.words.toPlainText())

    def write_down(self) -> None:
        """Keep the note in the vault."""
        words = self.words.toPlainText().strip()
        if words and self._paragraph:
            self.written.emit(words, self.sort.currentData(), self._replaces)

    def written_down(self, text: str, paragraph: str) -> None:
        """It is in the internal room: the words are no longer a draft."""
        if (text, paragraph) == (self._text, self._paragraph):
            self.words.clear()
            self._change("")
        self._drafts.drop(text, paragraph, "remark")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.write_down()
                    return True
            elif event.key() == Qt.Key.Key_Escape and self._replaces:
                self.words.clear()
                self._change("")
                return True
            elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
                place = event.key() - Qt.Key.Key_1
                if 0 <= place < self.sort.count():
                    self.sort.setCurrentIndex(place)
                    return True
        return super().eventFilter(watched, event)
