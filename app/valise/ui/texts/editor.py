"""The editor in the card: words as they should read, the proposal they make, a reason. Nothing is sent by typing."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from valise.domain.text.kinds import barred
from valise.domain.text.model import Run
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.texts.difference import hunks, runs_between
from valise.ui.texts.runs import Look, RunsLabel
from valise.ui.texts.script import direction, from_editor
from valise.ui.texts.words_edit import WordsEdit
from valise.ui.widgets.labels import named

Mode = Literal["words", "add", "delete", "pen", "alternative", "move", "comment"]
BELOW: frozenset[Mode] = frozenset({"add", "alternative", "move", "comment"})  # under the words, which stay in sight
WORDLESS: frozenset[Mode] = frozenset({"delete", "move"})
SETTLE_MS = 60  # after the last key the difference is computed; keys themselves stay instant


class CardEditor(QFrame):
    """One editor for all acts that need words. `done(mode, words, reason, choice)` on Ctrl+Enter, `left(words, reason)`
    on Esc; `choice` is the section of a new paragraph, or the paragraph one is moved after. `typed` at every change."""

    done = Signal(str, str, str, str)
    left = Signal(str, str)
    resized = Signal()
    edited = Signal(str)  # the words, after a pause
    typed = Signal()

    def __init__(self, mode: Mode, base: str, language: str, parent: QWidget | None = None, *, about: str = "") -> None:
        super().__init__(parent)
        self.mode: Mode = mode
        self.base = base
        self.overtaken = False
        self.allowed = True  # the pen's list may still lack an answer
        self._language = language
        self._about = about
        self.setObjectName("cardEditor")
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        self.words = named(WordsEdit(self), self._title())
        self.words.setPlainText(base if mode not in WORDLESS and mode != "comment" else "")
        self.words.setVisible(mode not in WORDLESS)
        self.section = named(QComboBox(self), self._choice())
        self.section.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.section.setMinimumContentsLength(14)
        if mode == "add":
            for key, text in (
                ("PP", self.tr("Preambular paragraph")),
                ("OP", self.tr("Operative paragraph")),
                ("annex", self.tr("Annex")),
                ("other", self.tr("Other")),
            ):
                self.section.addItem(text, key)
        self.section.setVisible(mode in ("add", "move"))
        column.addWidget(self.words)
        self._caption = QLabel(self)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setProperty("role", "small")
        self._caption.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self._caption, 1)
        top.addWidget(self.section)
        column.addLayout(top)
        self.preview = RunsLabel(Look(px=13, language=language), self)
        column.addWidget(self.preview)
        self.extra = QVBoxLayout()  # the pen's list of touched proposals stands here
        self.extra.setSpacing(theme.SPACE.xs)
        column.addLayout(self.extra)
        self.reason = named(QLineEdit(self), self.tr("Reason, read by everybody in the room"))
        self.reason.setPlaceholderText(self.tr("Reason (optional, read by everybody in the room)"))
        self.reason.setMaxLength(2000)
        self.reason.setVisible(mode not in ("pen", "comment"))
        column.addWidget(self.reason)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE.s)
        row.addStretch(1)
        self._leave = named(QPushButton(self.tr("Leave"), self), self.tr("Leave without sending, Escape"))
        self._leave.setProperty("kind", "quiet")
        self._leave.clicked.connect(self.leave)
        short = self._verb() if mode in ("pen", "comment") else self.tr("Propose")
        self.send = named(QPushButton(short, self), f"{self._verb()}, Ctrl+Enter")
        self.send.setProperty("kind", "primary")
        self.send.setToolTip(self.tr("Ctrl+Enter"))
        self.send.clicked.connect(self.commit)
        row.addWidget(self._leave)
        row.addWidget(self.send)
        column.addLayout(row)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SETTLE_MS)
        self._pause.timeout.connect(self.refresh)
        self.words.textChanged.connect(self._typed)
        self.words.textChanged.connect(self.typed)
        self.reason.textChanged.connect(self.typed)
        self.section.currentIndexChanged.connect(self._allow)
        self.words.grown.connect(self.resized)
        for child in (self.words, self.reason, self.section, self.send, self._leave):
            child.installEventFilter(self)
        self.refresh()

    def _title(self) -> str:
        return {
            "words": self.tr("The paragraph as it should read"),
            "add": self.tr("Words of the new paragraph"),
            "pen": self.tr("The paragraph as the pen will set it"),
            "alternative": self.tr("Other words for the whole paragraph"),
            "comment": self.tr("Remark, read by everybody in the room"),
        }.get(self.mode, self.tr("Words"))

    def _choice(self) -> str:
        if self.mode == "move":
            return self.tr("The paragraph after which it should stand")
        return self.tr("Section of the new paragraph")

    def _verb(self) -> str:
        return {
            "words": self.tr("Propose"),
            "add": self.tr("Propose paragraph"),
            "delete": self.tr("Propose deletion"),
            "pen": self.tr("Set the words"),
            "alternative": self.tr("Propose alternative"),
            "move": self.tr("Propose move"),
            "comment": self.tr("Say it to the room"),
        }[self.mode]

    def _explain(self) -> str:
        """The line under the words while there is nothing to compare."""
        return {
            "words": self.tr("Write the paragraph as it should read. The difference becomes the proposal."),
            "pen": self.tr("Write the paragraph as it should read. The difference becomes the proposal."),
            "add": self.tr("Becomes a proposal for a new paragraph after this one."),
            "alternative": self.tr("Write other words for the whole paragraph; they will stand beside it."),
            "delete": self.tr("Proposes to delete the paragraph:"),
            "move": self.tr("Proposes to move the paragraph after:"),
            "comment": self.tr(
                "A remark on {0} that everybody in the room reads. It changes no word of the text."
            ).format(isolate(self._about)),
        }[self.mode]

    def put_below(self, widget: QWidget) -> None:
        """A line of its own right under the words."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.indexOf(self.words) + 1, widget)

    def restore(self, words: str, reason: str) -> None:
        """Words left earlier and not sent come back."""
        if self.mode not in WORDLESS and words:
            self.words.setPlainText(words)
        self.reason.setText(reason)
        self.refresh()

    def rebase(self, base: str) -> None:
        """The pen changed the paragraph under the editor: the words stay, the difference is to the new words."""
        self.base = base
        self.overtaken = True
        self.refresh()

    def focus_words(self) -> None:
        """Keyboard to the words (or to the reason where there are none to write)."""
        if self.mode in WORDLESS:
            (self.reason if self.mode == "delete" else self.section).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.words.moveCursor(QTextCursor.MoveOperation.End)

    def text(self) -> str:
        """The words as code points, NFC."""
        return from_editor(self.words.toPlainText()).replace("\n", " ")

    def changed(self) -> bool:
        """Something would be sent."""
        if self.mode in WORDLESS:
            return self.mode == "delete" or self.section.currentIndex() > 0
        if barred(self.text()):
            return False
        return bool(self.text().strip()) and (self.mode == "comment" or self.text() != self.base)

    def unsent(self) -> tuple[str, str]:
        """(words, reason) worth keeping; both empty where nothing was written."""
        words = self.text() if self.mode not in WORDLESS else ""
        return (words if words != self.base else "", self.reason.text())

    def _typed(self) -> None:
        self.words.set_direction(direction(self.words.toPlainText(), self._language))
        self._pause.start()

    def refresh(self) -> None:
        """The line of difference, and whether there is something to send."""
        self._pause.stop()
        words = self.text()
        self.words.set_direction(direction(words or self.base, self._language))
        shown: tuple[Run, ...] = ()
        if self.mode in WORDLESS or self.mode in ("add", "comment") or words == self.base:
            self._caption.setText(self._explain())
            if self.mode == "delete":
                shown = (Run(self.base, "delete"),)
            if words and barred(words):
                self._caption.setText(self.tr("The words hold a hidden control character. Write that place again."))
        elif barred(words):
            self._caption.setText(self.tr("The words hold a hidden control character. Write that place again."))
        elif not words.strip():
            self._caption.setText(self.tr("No words are left. To delete the paragraph, leave and press D."))
        else:
            count = len(hunks(self.base, words))
            if self.mode == "pen":
                self._caption.setText(self.tr("The text will change here:"))
            elif self.mode == "alternative":
                self._caption.setText(self.tr("It differs from the paragraph here:"))
            elif count == 1:
                self._caption.setText(self.tr("Proposes:"))
            else:
                self._caption.setText(translate("texts", "Proposes %n changes:", None, count))
            shown = runs_between(self.base, words, around=5)
        if self.overtaken:
            self._caption.setText(
                " ".join(
                    (
                        self.tr(
                            "The pen changed this paragraph while you were writing. Your words "
                            "are kept; look at the difference again."
                        ),
                        self._caption.text(),
                    )
                )
            )
        self.preview.show_runs(shown)
        self.preview.setVisible(bool(shown))
        self.edited.emit(words)
        self._allow()

    def allow(self, allowed: bool) -> None:
        """Whether every touched proposal has its disposition (pen only)."""
        self.allowed = allowed
        self._allow()

    def _allow(self) -> None:
        self.send.setEnabled(self.allowed and self.changed())
        self.resized.emit()

    def commit(self) -> None:
        """Send, if there is something to send; otherwise nothing happens and the caption says why."""
        self.refresh()
        if QApplication.activeModalWidget() is not None:
            return  # a dialog has the word: keys that reach the card behind it were not meant for it
        if self.send.isEnabled():
            self.done.emit(self.mode, self.text(), self.reason.text().strip(), self.section.currentData() or "")

    def leave(self) -> None:
        """Close; what was written is handed back so that it can be taken up again."""
        self.left.emit(*self.unsent())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter sends and Esc leaves from every field of the editor."""
        return self._taken(event) or super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """The same from what was put into the editor, such as the answers to amendments."""
        return self._taken(event) or super().event(event)

    def _taken(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if not held and event.text().isprintable() and event.text():
                event.accept()  # a letter typed here is never one of the keys of the table
                return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        return False
