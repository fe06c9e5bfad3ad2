"""Entering recovery shares from paper: word by word, share by share, each checked as soon as it is whole.

Words are shown while they are typed (they are compared with paper) and are gone when their share is accepted.
Pasting is refused: what lies on a clipboard is read by other programs, and shares belong on paper.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from valise.desk.shares import LENGTH, WORDS, ShareInfo, look, tidy
from valise.domain.errors import Refused
from valise.ui import theme
from valise.ui.language import listed, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import SafeLabel, Words, named, small
from valise.ui.widgets.passphrase import SecretField

_COLUMNS = 3
_OFFERED = 6
_KNOWN = frozenset(WORDS)


class WordSheet(QWidget):
    """The thirty-three numbered words of a share, in three columns read downwards. `chosen(place)` on a click."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE.l)
        grid.setVerticalSpacing(2)
        rows = -(-LENGTH // _COLUMNS)
        self.cells: list[SafeLabel] = []
        for place in range(LENGTH):
            cell = _Cell("", "", self, wrap=False)
            cell.setFont(theme.font(mono=True))
            cell.clicked.connect(lambda at=place: self.chosen.emit(at))
            grid.addWidget(cell, place % rows, place // rows)
            self.cells.append(cell)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.show_words(())

    def show_words(self, words: Sequence[str], at: int = -1) -> None:
        """Show these; `at` is the place being typed."""
        for place, cell in enumerate(self.cells):
            word = words[place] if place < len(words) else ""
            cell.setText(f"{place + 1:>2}  {word or '·'}")
            cell.setRole("strong" if place == at else "")


class _Cell(SafeLabel):
    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()
        super().mouseReleaseEvent(event)


class _WordField(SecretField):
    """One word. `ended` on Space or Enter; `moved(-1 | 1)` at its ends; `erased` on Backspace in an empty one."""

    ended = Signal()
    moved = Signal(int)
    offered = Signal(int)
    erased = Signal()
    pasted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.setMaxLength(400)  # a scanner may type a whole share at once

    def blocked(self) -> tuple[QKeySequence.StandardKey, ...]:
        return (*super().blocked(), QKeySequence.StandardKey.Paste)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif plain and key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ended.emit()
        elif plain and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.offered.emit(1 if key == Qt.Key.Key_Down else -1)
        elif plain and key == Qt.Key.Key_Backspace and not self.text():
            self.erased.emit()
        elif plain and key == Qt.Key.Key_Left and self.cursorPosition() == 0:
            self.moved.emit(-1)
        elif plain and key == Qt.Key.Key_Right and self.cursorPosition() == len(self.text()):
            self.moved.emit(1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:  # would paste the X11 primary selection
            self.pasted.emit()
            return
        super().mouseReleaseEvent(event)


class SharesEntry(QWidget):
    """Shares one after the other until as many are right as they say are needed: then `complete`.

    `take()` gives them once and forgets them; `entered()` says how many are right, `need()` how many it takes (0 before
    the first is whole). `edited` on every change. Hidden with its page it forgets everything.
    """

    complete = Signal()
    edited = Signal()
    _whole = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Recovery shares"))
        # Queued: who hears it may destroy this widget, which must not happen inside its own key event.
        self._whole.connect(self.complete, Qt.ConnectionType.QueuedConnection)
        self._shares: list[str] = []
        self._infos: list[ShareInfo] = []
        self._words: list[str] = []
        self._at = 0
        self._typed = ""  # what was typed before a suggestion was put in its place
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.caption = Words("", "strong", self)
        box.addWidget(self.caption)
        self.sheet = WordSheet(self.tr("Words of this share"), self)
        self.sheet.chosen.connect(self._go)
        box.addWidget(self.sheet)
        self.field = _WordField(self)
        self.field.textEdited.connect(self._edited)
        self.field.ended.connect(self._end)
        self.field.moved.connect(lambda step: self._go(self._at + step))
        self.field.offered.connect(self._offer)
        self.field.erased.connect(lambda: self._go(self._at - 1))
        self.field.pasted.connect(self._no_paste)
        box.addWidget(self.field)
        self.offers = small("", self)
        box.addWidget(self.offers)
        self.line = Words("", "muted", self)
        self.line.setMinimumHeight(2 * self.fontMetrics().height())
        box.addWidget(self.line)
        self.again = button(self.tr("Begin this share again"), self._begin, kind="quiet", parent=self)
        box.addLayout(row(self.again, None))
        self.setFocusProxy(self.field)
        self._begin()

    def entered(self) -> int:
        """How many shares are right so far."""
        return len(self._shares)

    def need(self) -> int:
        """How many it takes; 0 while that is not known."""
        return self._infos[0].need if self._infos else 0

    def is_complete(self) -> bool:
        """Whether `take()` would give a whole set."""
        return bool(self._infos) and len(self._shares) == self.need()

    def take(self) -> list[str]:
        """The shares, once; everything typed is forgotten. (Python text cannot be wiped: it is let go of.)"""
        given, self._shares = self._shares, []
        self.forget()
        return given

    def forget(self) -> None:
        """Let go of everything typed and begin with the first share."""
        self._shares, self._infos = [], []
        self._begin()

    def say(self, words: str, role: str = "error") -> None:
        """A sentence in the line below the field."""
        self.line.setRole(role)
        self.line.setText(words)

    def _begin(self) -> None:
        self._words = []
        self._go(0)
        done = self.is_complete()
        for one in (self.field, self.again, self.sheet):
            one.setEnabled(not done)
        if not self._shares:
            self.say(
                self.tr("Type the words as they stand on paper; four letters of a word are enough, then Space."),
                "muted",
            )

    def _go(self, place: int) -> None:
        """Type the word at `place`; only places up to the first empty one can be reached."""
        self._at = max(0, min(place, len(self._words), LENGTH - 1))
        self._put(self._words[self._at] if self._at < len(self._words) else "")
        self.field.selectAll()
        self._show()

    def _put(self, word: str) -> None:
        self.field.setText("\u2022" * len(self.field.text()))  # setText also empties what could be undone
        self.field.setText(word)
        self._typed = word

    def _show(self) -> None:
        self.sheet.show_words(self._words, self._at)
        number, need = len(self._shares) + 1, self.need()
        if self.is_complete():
            caption = translate("shares", "All %n shares are right", None, need)
        elif need:
            caption = self.tr("Share {0} of {1}").format(number, need)
        else:
            caption = self.tr("First share")
        self.caption.setText(caption)
        named(self.field, self.tr("{0}, word {1} of {2}").format(caption, self._at + 1, LENGTH))
        self.field.setPlaceholderText(self.tr("Word {0} of {1}").format(self._at + 1, LENGTH))
        self._show_offers()
        self.edited.emit()

    def _matches(self) -> list[str]:
        typed = self._typed.lower()
        return [word for word in WORDS if word.startswith(typed)] if typed else []

    def _show_offers(self) -> None:
        found = self._matches()
        shown = " · ".join(found[:_OFFERED]) + (" …" if len(found) > _OFFERED else "")
        self.offers.setText(shown)
        self.field.setAccessibleDescription(shown)

    def _edited(self, text: str) -> None:
        parts = tidy(text)
        if len(parts) > 1 or (parts and text[-1].isspace()):  # an input method or a scanner gave several at once
            self._put("")
            for n, part in enumerate(parts):
                self._put(part)
                if n < len(parts) - 1 or text[-1].isspace():
                    before = (self._at, len(self._shares))
                    self._end()
                    if (self._at, len(self._shares)) == before:
                        return
        self._typed = self.field.text().strip()
        if self.line.property("role") in ("error", "warn"):
            self.say("", "muted")
        self._show_offers()
        self.edited.emit()

    def _offer(self, step: int) -> None:
        """Put the next of the words that begin so into the field."""
        found = self._matches()
        if not found:
            return
        now = self.field.text()
        place = found.index(now) + step if now in found and now != self._typed else (0 if step > 0 else -1)
        kept = self._typed
        self.field.setText(found[place % len(found)])
        self._typed = kept

    def _end(self) -> None:
        """The word is meant to be whole: take it, or the only word that begins so."""
        typed = self.field.text().strip()
        low = typed.lower()
        if not low:
            return
        found = [low] if low in _KNOWN else [word for word in WORDS if word.startswith(low)]
        if len(found) != 1:
            self._not_a_word(typed, bool(found))
            return
        self._words[self._at : self._at + 1] = found
        if len(self._words) == LENGTH:
            self._check()
        else:
            self.say("", "muted")
            self._go(self._at + 1)

    def _not_a_word(self, typed: str, several: bool) -> None:
        if several:
            self.say(self.tr("Several words begin with {0}: type one letter more.").format(isolate(typed)), "warn")
        else:
            near = difflib.get_close_matches(typed.lower(), WORDS, 3, 0.6)
            words = self.tr("{0} is not in the list of words.").format(isolate(typed))
            if near:
                words += " " + self.tr("Perhaps: {0}").format(isolate(listed(near)))
            self.say(words)
        self.field.selectAll()

    def _check(self) -> None:
        share = " ".join(self._words)
        try:
            info = look(share)
        except Refused as error:
            self._go(self._at)
            self.say(self._wrong(error.code))
            return
        if self._infos and (info.identifier, info.need) != (self._infos[0].identifier, self._infos[0].need):
            self._begin()
            self.say(self.tr("This share is right by itself and belongs to another set. Take one of the same set."))
            return
        if any(info.index == one.index for one in self._infos):
            self._begin()
            self.say(self.tr("This share was entered before. Take another one of the set."))
            return
        self._shares.append(share)
        self._infos.append(info)
        number, need = len(self._shares), info.need
        self._begin()
        if number == need:
            self.say(self.tr("Share {0} of {1} is right. These are enough.").format(number, need), "good")
            self._whole.emit()
        else:
            more = translate("shares", "Share {0} of {1} is right. %n more.", None, need - number)
            self.say(more.format(number, need), "good")

    def _wrong(self, code: str) -> str:
        if code == "shares.foreign":
            return self.tr("This share is whole, but Valise did not make it.")
        return self.tr(
            "A word of this share is wrong or in the wrong place. Compare each with the paper; "
            "the Left key and a click lead back to a word."
        )

    def _no_paste(self) -> None:
        self.say(self.tr("Shares are typed, not pasted: other programs read what lies on the clipboard."), "warn")

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.field.setFocus(event.reason())

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        if not event.spontaneous():  # another page is shown: nothing of what was typed stays behind it
            self.forget()
