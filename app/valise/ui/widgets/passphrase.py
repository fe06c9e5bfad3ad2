"""The passphrase entry: gives bytes once, then what held them is overwritten, emptied and destroyed (C17)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from valise.ui import access, icons
from valise.ui.access_secret import SecretAccess
from valise.ui.widgets.labels import named

_JUDGED = 72  # characters
LOOK = QKeySequence(Qt.Key.Key_F8)  # shows what was typed, and hides it
_BLOCKED = (
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
)


class SecretField(QLineEdit):
    """A text box for what must not leave it: nothing typed can be copied, cut, dragged or undone out of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def blocked(self) -> tuple[QKeySequence.StandardKey, ...]:
        """The keys that do nothing here."""
        return _BLOCKED

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if any(event.matches(one) for one in self.blocked()):
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # A selection made with the mouse would go to the X11 primary selection while the text can be read.
        if self.echoMode() == QLineEdit.EchoMode.Normal:
            self.deselect()
        super().mouseReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        # Before the window's own shortcuts can take these keys.
        early = event if event.type() == QEvent.Type.ShortcutOverride else None
        if isinstance(early, QKeyEvent) and any(early.matches(one) for one in self.blocked()):
            event.accept()
            return True
        return super().event(event)


class _Field(SecretField):
    """One life of the passphrase's text box."""

    caps = Signal(bool)
    looked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(self.inputMethodHints() | Qt.InputMethodHint.ImhHiddenText)

    def event(self, event: QEvent) -> bool:
        # The eye is no stop of Tab: who goes on typing there would press it with the next space.
        key = event if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) else None
        if isinstance(key, QKeyEvent) and QKeySequence(key.keyCombination()) == LOOK:
            if event.type() == QEvent.Type.KeyPress:
                self.looked.emit()
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if len(letter) == 1 and letter.lower() != letter.upper():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(letter.isupper() != shift)
        super().keyPressEvent(event)


access.speaks(_Field, SecretAccess)


class PassphraseEntry(QWidget):
    """A passphrase box with an eye. `take()` gives what was typed as a bytearray (UTF-8, NFC) and destroys the box.

    `submitted` on Enter; `edited` when what was typed changed; `caps_lock(bool)` when it seems to be on.
    """

    submitted = Signal()
    edited = Signal()
    caps_lock = Signal(bool)
    _entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        # Queued: `take()` destroys the box, which must not happen inside its own signal.
        self._entered.connect(self.submitted, Qt.ConnectionType.QueuedConnection)
        self._field = self._make()

    def _make(self) -> _Field:
        field = _Field(self)
        named(field, self._name)
        field.returnPressed.connect(self._entered)
        field.textChanged.connect(self._changed)
        field.caps.connect(self.caps_lock)
        self._eye = QAction(field)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._look)
        field.looked.connect(self._eye.toggle)
        field.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._look(False)
        self._row.addWidget(field)
        self.setFocusProxy(field)
        return field

    def _changed(self, _text: str) -> None:
        self.edited.emit()

    def _look(self, shown: bool) -> None:
        field = getattr(self, "_field", None)
        words = self.tr("Hide the passphrase") if shown else self.tr("Show the passphrase")
        icons.bind(self._eye, "eye-off" if shown else "eye")
        self._eye.setText(words)
        self._eye.setToolTip(f"{words} ({LOOK.toString(QKeySequence.SequenceFormat.NativeText)})")
        holder = self._eye.parent()
        if isinstance(holder, QLineEdit):
            for button in holder.findChildren(QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                named(button, words)
        if field is not None and shiboken6.isValid(field):
            field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def field(self) -> QLineEdit:
        """The text box of now (for tests); another one after each `take()`."""
        return self._field

    def length(self) -> int:
        """How many characters are in it."""
        return len(self._field.text())

    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self._field.text()

    def same_as(self, other: PassphraseEntry) -> bool:
        """Whether both hold the same."""
        return unicodedata.normalize("NFC", self._field.text()) == unicodedata.normalize("NFC", other._field.text())

    def measure(self) -> tuple[int, int, int]:
        """Characters, words and different characters; for the advice, without handing the text out."""
        text = self._field.text()
        return len(text), len(text.split()), len(set(text))

    def strength(self, about: Sequence[str] = ()) -> int:
        """zxcvbn's score, 0 (guessed at once) to 4, without handing the text out; of 72 characters at most (it takes long
        over more). `about` = names and codes that make it weaker."""
        from zxcvbn import zxcvbn

        return int(zxcvbn(self._field.text()[:_JUDGED], [one for one in about if one])["score"])

    def take(self) -> bytearray:
        """What was typed, once. The caller wipes it. The box is overwritten, emptied, destroyed and made anew."""
        old = self._field
        had_focus = old.hasFocus()
        given = bytearray(unicodedata.normalize("NFC", old.text()), "utf-8")
        old.blockSignals(True)
        old.setText("\u2022" * len(old.text()))  # setText also empties the box's undo history
        old.clear()
        self._row.removeWidget(old)
        self.setFocusProxy(None)  # type: ignore[arg-type]
        shiboken6.delete(old)
        self._field = self._make()
        if had_focus:
            self._field.setFocus()
        return given

    def forget(self) -> None:
        """Destroy what was typed without handing it out."""
        given = self.take()
        given[:] = bytes(len(given))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._field.setFocus(event.reason())
