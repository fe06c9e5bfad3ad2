"""Agreed language in the editor: phrases of the draft that stand in the library, marked quietly, and words taken from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QVBoxLayout

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.text import words as w
from valise.domain.text.phrases import LEAST, Common
from valise.ui import theme
from valise.ui.tasks import Runner, Task
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.script import points, utf16
from valise.ui.widgets.labels import Words

if TYPE_CHECKING:
    from valise.desk.library import Passage
    from valise.ui.texts.editor import CardEditor

PAUSE = 400  # ms without a key before phrases are looked up
KEPT = 8  # insertions whose source goes and comes with undo and redo


@dataclass(frozen=True, slots=True)
class _Inserted:
    """Words and reason before and after an insertion."""

    words: tuple[str, str]
    reason: tuple[str, str]


def source(one: Passage) -> str:
    """Where a passage stands: "A/RES/73/27, OP 5". Outside text."""
    return ", ".join(shorten(clean(part, lines=False), 120) for part in (one.symbol, one.label) if part)


class Agreed(QFrame):
    """The line under the words of an editor, and the marks within them. Computed beside the window, never while keys or
    an input method are at work; what was computed for other words is dropped."""

    def __init__(self, editor: CardEditor, door: Door, runner: Runner) -> None:
        super().__init__(editor)
        self._editor, self._door, self._runner = editor, door, runner
        self._words = editor.words
        self._looked: str | None = None
        self._task: Task | None = None
        self._marks: list[tuple[QTextCursor, Passage]] = []
        self._inserted: list[_Inserted] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.line = Words("", "small", self)
        box.addWidget(self.line)
        self.hide()
        editor.put_below(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.look)
        self._words.textChanged.connect(self._typed)
        self._words.cursorPositionChanged.connect(self._tell)
        theme.current().changed.connect(self._paint)
        self._timer.start()

    # phrases

    def _typed(self) -> None:
        self._timer.start()
        if self._inserted:
            self._follow()

    def _now(self) -> str:
        """The words as they stand, code point by code point as the editor counts them (not NFC: places must agree)."""
        text = self._words.toPlainText().replace("\u2029", "\n").replace("\u2028", "\n")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def look(self) -> None:
        """Look the phrases up now, unless an input method is composing."""
        self._timer.stop()
        if self._words.composing:
            self._timer.start()
            return
        text = self._now()
        if text == self._looked:
            return
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._looked = text
        if w.count(text) < LEAST:
            self._show(text, [])
            return

        def done(found: list[tuple[Common, Passage]]) -> None:
            self._task = None
            if self._words.composing:
                self._looked = None
                self._timer.start()
            elif text == self._now():
                self._show(text, found)

        def failed(_error: ValiseError) -> None:  # marks are a help, not worth a notice while somebody writes
            self._task = None
            self._show(text, [])

        self._task = self._runner.run(lambda: self._door.library.phrases(text), done, failed, owner=self)

    def _show(self, text: str, found: list[tuple[Common, Passage]]) -> None:
        self._marks = []
        for one, passage in found:
            cursor = QTextCursor(self._words.document())
            cursor.setPosition(utf16(text, one.start))
            cursor.setPosition(utf16(text, one.end), QTextCursor.MoveMode.KeepAnchor)
            self._marks.append((cursor, passage))
        self._paint()
        self._tell()

    def _paint(self) -> None:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        look.setUnderlineColor(theme.colour("accent"))
        selections = []
        for cursor, _passage in self._marks:
            made = QTextEdit.ExtraSelection()
            made.cursor, made.format = cursor, look  # type: ignore[attr-defined]
            selections.append(made)
        self._words.setExtraSelections(selections)

    def here(self) -> Passage | None:
        """The source of the phrase the cursor is in."""
        place = self._words.textCursor().position()
        return next(
            (one for cursor, one in self._marks if cursor.selectionStart() <= place <= cursor.selectionEnd()), None
        )

    def marked(self) -> list[tuple[str, Passage]]:
        """The phrases as they stand now, with their sources."""
        return [(cursor.selectedText(), one) for cursor, one in self._marks]

    def _tell(self) -> None:
        one = self.here()
        if one is not None:
            said = self.tr("Agreed language: {0}. No difference.").format(isolate(source(one) or one.section))
        elif self._marks:
            said = self.tr("Dotted: agreed language, {0}. F3 goes to the next place.").format(len(self._marks))
        else:
            said = ""
        if said != self.line.text():
            self.line.setText(said)
            self._words.setAccessibleDescription(self.line.plain())
        if self.isHidden() == bool(self._marks):
            self.setVisible(bool(self._marks))
            self._editor.resized.emit()

    def next(self) -> bool:
        """The cursor into the next phrase, around the end; False when there is none."""
        self.look()
        if not self._marks:
            return False
        place = self._words.textCursor().position()
        starts = [cursor.selectionStart() for cursor, _one in self._marks]
        cursor = self._words.textCursor()
        cursor.setPosition(next((one for one in starts if one > place), starts[0]))
        self._words.setTextCursor(cursor)
        self._words.setFocus()
        self._tell()
        return True

    # taking words

    def insert(self, one: Passage) -> None:
        """Its words where the cursor is (in place of a selection), its source into the reason. Undo takes both back."""
        editor, field = self._editor, self._words
        before, reason = field.toPlainText(), editor.reason.text()
        cursor = field.textCursor()
        taken = " ".join(one.words.split("\n"))
        if not one.language.startswith("zh"):
            lead, tail = (
                before[: points(before, cursor.selectionStart())],
                before[points(before, cursor.selectionEnd()) :],
            )
            taken = (" " if lead and lead[-1].isalnum() else "") + taken + (" " if tail[:1].isalnum() else "")
        cursor.beginEditBlock()
        cursor.insertText(taken)
        cursor.endEditBlock()
        field.setTextCursor(cursor)
        if not editor.reason.isHidden():
            told = self.tr("Agreed language: {0}").format(source(one))
            editor.reason.setText("; ".join(part for part in (reason.strip(), told) if part))
        self._inserted.append(_Inserted((before, field.toPlainText()), (reason, editor.reason.text())))
        del self._inserted[:-KEPT]
        field.setFocus()

    def _follow(self) -> None:
        """Undo and redo are the field's; where they lead to the words before or after an insertion, the source goes along."""
        now, reason = self._words.toPlainText(), self._editor.reason.text()
        for one in reversed(self._inserted):
            for words, had, wanted in ((one.words[0], one.reason[1], one.reason[0]), (one.words[1], *one.reason)):
                if now == words and reason == had:
                    self._editor.reason.setText(wanted)
                    return
