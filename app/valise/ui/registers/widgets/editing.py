"""Editors of single values: words, numbers, dates, moments, a yes or a no, choices, one or several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from valise.domain.register.definition import Column
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.seeing import deadline
from valise.ui.text_safe import clean, tip
from valise.ui.widgets.buttons import button
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import Words, named

LONGEST = 20_000  # characters of a value (domain/register/kinds.py)
_NUMBER = re.compile(r"-?\d{1,15}([.]\d{1,9})?", re.ASCII)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Editor(QWidget):
    """Edits the values of one field. `values()` is what would be kept, `problem()` why it cannot be ("" when it can)."""

    changed = Signal()

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = column
        self._wide = False

    def values(self) -> tuple[str, ...]:
        raise NotImplementedError

    def set_values(self, values: Sequence[str]) -> None:
        raise NotImplementedError

    def problem(self) -> str:
        return ""

    def describe(self, words: str) -> None:
        """What a screen reader says beside the name: who asserted the value and when."""
        target = self.focusProxy() or self
        target.setAccessibleDescription(clean(words))
        target.setToolTip("")

    def _name(self, widget: QWidget) -> None:
        name = said.term(self.column.title)
        if self.column.required:
            name = self.tr("{0}, required").format(name)
        named(widget, name, said.term(self.column.help) if self.column.help is not None else "")


class LineEditor(Editor):
    """One line: text, number, address, symbol. With `many`, values on one line each would be TextsEditor's."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.line = QLineEdit(self)
        self.line.setMaxLength(LONGEST)
        self._name(self.line)
        hint = {"number": "0", "symbol": "A/70/174, para. 13 (f)", "email": "office@example.org", "phone": "+41 22 000 00 00"}
        self.line.setPlaceholderText(hint.get(column.kind, ""))
        if column.kind in ("number", "email", "phone", "url"):
            self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if column.kind in ("number", "phone"):
            self.line.setMaximumWidth(220)
        self.note = Words("", "error", self)
        self.note.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.line)
        box.addWidget(self.note)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._typed)

    def values(self) -> tuple[str, ...]:
        words = clean(self.line.text(), lines=False).strip()
        return (words,) if words else ()

    def set_values(self, values: Sequence[str]) -> None:
        self.line.setText(values[0] if values else "")
        self.line.setCursorPosition(0)

    def problem(self) -> str:
        words = self.line.text().strip()
        if not words:
            return ""
        if self.column.kind == "number" and not _NUMBER.fullmatch(words):
            return self.tr("A number, for example 12 or 3.5")
        if self.column.kind == "email" and not _MAIL.fullmatch(words):
            return self.tr("An address as office@example.org")
        return ""

    def _typed(self) -> None:
        self.note.setText(self.problem())
        self.note.setVisible(bool(self.problem()))
        self.changed.emit()


class LongEditor(Editor):
    """Several lines; or, for short text that may have many values, one value a line."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.lines = column.many and column.kind != "long"
        self.words = QPlainTextEdit(self)
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(66 if self.lines else 104)
        self._name(self.words)
        if self.lines:
            self.words.setPlaceholderText(self.tr("One on each line"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.words)
        self.setFocusProxy(self.words)
        self.words.textChanged.connect(self.changed)

    def values(self) -> tuple[str, ...]:
        text = clean(self.words.toPlainText()).strip()
        if self.lines:
            return tuple(one.strip() for one in text.split("\n") if one.strip())
        return (text,) if text else ()

    def set_values(self, values: Sequence[str]) -> None:
        self.words.setPlainText("\n".join(values))

    def problem(self) -> str:
        return self.tr("Too long") if any(len(one) > LONGEST for one in self.values()) else ""


class _DayLine(QLineEdit):
    """Up and Down move by a day, with Ctrl by a month; T is today."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step * (30 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1))
        elif event.text().casefold() == "t":
            self.stepped.emit(0)
        else:
            super().keyPressEvent(event)


class DateEditor(Editor):
    """A day as YYYY-MM-DD, said in words beside it."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.line = _DayLine(self)
        self.line.setMaxLength(10)
        self.line.setFixedWidth(130)
        self.line.setPlaceholderText(self.tr("YYYY-MM-DD"))
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._name(self.line)
        self.line.setToolTip(self.tr("Up and Down change the day, with Ctrl the month; T is today"))
        self.today = button(self.tr("Today"), lambda: self._step(0), kind="quiet", parent=self)
        self.today.setAccessibleName(self.tr("{0}: today").format(said.term(column.title)))
        self.told = Words("", "muted", self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE.s)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self.line, 0, 0)
        self._grid.addWidget(self.today, 0, 1)
        self._grid.addWidget(self.told, 0, 2)
        self._below = False
        self.setFocusProxy(self.line)
        self.line.stepped.connect(self._step)
        self.line.textChanged.connect(self._typed)

    def values(self) -> tuple[str, ...]:
        words = self.line.text().strip()
        return (words,) if words else ()

    def set_values(self, values: Sequence[str]) -> None:
        self.line.setText(values[0] if values else "")

    def problem(self) -> str:
        words = self.line.text().strip()
        return "" if not words or said.day_words(words) else self.tr("A day as 2026-11-22")

    def _step(self, days: int) -> None:
        day = date.fromisoformat(said.today())
        if days:
            with suppress(ValueError, OverflowError):  # what stands there is no day: from today
                day = date.fromisoformat(self.line.text().strip()) + timedelta(days=days)
        self.line.setText(day.isoformat())

    def _typed(self) -> None:
        problem = self.problem()
        self.told.setRole("error" if problem and len(self.line.text()) >= 8 else "muted")
        self.told.setText(problem or said.day_words(self.line.text().strip()))
        self._place()
        self.changed.emit()

    def _place(self) -> None:
        """The day in words beside the day, or below it where it would not stand on one line."""
        beside = self.line.width() + self.today.sizeHint().width() + 2 * theme.SPACE.s
        below = beside + self.told.fontMetrics().horizontalAdvance(self.told.text()) > self.width()
        if below != self._below:
            self._below = below
            self._grid.removeWidget(self.told)
            self._grid.addWidget(self.told, int(below), 0 if below else 2, 1, 3 if below else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


class MomentEditor(Editor):
    """A moment in UTC, "2026-11-22 14:05", with what clocks show here and where the talks are."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.line = QLineEdit(self)
        self.line.setMaxLength(20)
        self.line.setFixedWidth(170)
        self.line.setPlaceholderText(self.tr("YYYY-MM-DD HH:MM"))
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._name(self.line)
        self.now = button(self.tr("Now"), self._now, kind="quiet", parent=self)
        self.now.setAccessibleName(self.tr("{0}: now").format(said.term(column.title)))
        self.told = Words("", "muted", self)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE.s)
        line.addWidget(self.line)
        line.addWidget(Words(self.tr("UTC"), "muted", self))
        line.addWidget(self.now)
        line.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(line)
        box.addWidget(self.told)
        self.told.hide()
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._typed)

    def values(self) -> tuple[str, ...]:
        words = self.line.text().strip()
        at = deadline.parse(words)
        if at:
            return (f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%MZ}",)
        return (words,) if words else ()

    def set_values(self, values: Sequence[str]) -> None:
        self.line.setText(values[0].replace("T", " ").removesuffix("Z") if values else "")

    def problem(self) -> str:
        words = self.line.text().strip()
        return "" if not words or deadline.parse(words) else self.tr("A day and a time as 2026-11-22 14:05, in UTC")

    def _now(self) -> None:
        self.line.setText(deadline.exact(deadline.now()))

    def _typed(self) -> None:
        values = self.values()
        told = self.problem() or (said.moment_words(values[0]) if values else "")
        self.told.setText(told)
        self.told.setRole("error" if self.problem() else "muted")
        self.told.setVisible(bool(told))
        self.changed.emit()


class SignedBox(QComboBox):
    """A list in which typed letters find a word, also where a sign stands before it: "s" is "→ Sent"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed, self._at = "", 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter, held = event.text().casefold(), Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if not letter.strip() or not letter.isprintable() or event.modifiers() & held:
            super().keyPressEvent(event)
            return
        now = monotonic()
        further = now - self._at < QApplication.keyboardInputInterval() / 1000
        self._typed, self._at = (self._typed if further else "") + letter, now
        self._find(self._typed, 0 if further else 1) or self._find(letter, 1)

    def _find(self, words: str, onward: int) -> bool:
        """Go to the next line that begins so, from the one here on (0) or after it (1)."""
        many, here = self.count(), self.currentIndex() + onward
        places = ((here + step) % many for step in range(many))
        found = next((one for one in places if _plain(self.itemText(one)).startswith(words)), None)
        if found is not None:
            self.setCurrentIndex(found)
        return found is not None


def _plain(words: str) -> str:
    """What is said of a choice, without its sign."""
    return words.casefold().lstrip("".join(one for one in set(words) if not one.isalnum()))


class ChoiceEditor(Editor):
    """One of the choices of a column, or none; also a yes or a no."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.box = SignedBox(self)
        self.box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.box.addItem(self.tr("–"), "")
        self.box.setItemData(0, self.tr("Nothing entered"), int(Qt.ItemDataRole.AccessibleTextRole))
        if column.kind == "yesno":
            self.box.addItem(f"✓ {said.yes_no('yes')}", "yes")
            self.box.addItem(f"✗ {said.yes_no('no')}", "no")
        for one in column.choices:
            self.box.addItem(said.offered(one), one.id)
            if one.help is not None:
                self.box.setItemData(self.box.count() - 1, tip(said.term(one.help)), int(Qt.ItemDataRole.ToolTipRole))
        self._name(self.box)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.box)
        box.addStretch(1)
        self.setFocusProxy(self.box)
        self.box.currentIndexChanged.connect(lambda _at: self.changed.emit())

    def values(self) -> tuple[str, ...]:
        value = str(self.box.currentData() or "")
        return (value,) if value else ()

    def set_values(self, values: Sequence[str]) -> None:
        value = values[0] if values else ""
        place = self.box.findData(value)
        if place < 0:  # of an older definition, or a peer's: it is not lost by looking at it
            self.box.addItem(clean(value, lines=False), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)


class ChoicesEditor(Editor):
    """Any of the choices of a column."""

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._further: tuple[str, ...] = ()
        flow = Flow(self, theme.SPACE.m)
        for one in column.choices:
            made = named(QCheckBox(said.offered(one).replace("&", "&&"), self), f"{said.term(column.title)}: {said.term(one.title)}")
            made.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[one.id] = made
            flow.addWidget(made)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def values(self) -> tuple[str, ...]:
        return tuple(one for one, box in self.boxes.items() if box.isChecked()) + self._further

    def set_values(self, values: Sequence[str]) -> None:
        self._further = tuple(one for one in values if one not in self.boxes)
        for one, box in self.boxes.items():
            box.setChecked(one in values)
