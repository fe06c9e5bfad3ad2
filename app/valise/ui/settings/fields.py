"""One editor for any declared setting: a box to tick, a number, a choice, a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from valise.settings import Setting, masked, unmasked
from valise.ui import language, theme
from valise.ui.language import translate
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, named, small

Changed = Callable[[str, Any], object]


def caption(setting: Setting) -> str:
    """What a person reads beside it."""
    return translate("settings", setting.label)


def unit(setting: Setting) -> str:
    """The unit after a number."""
    known = {
        "seconds": translate("settings", "seconds"),
        "minutes": translate("settings", "minutes"),
        "hours": translate("settings", "hours"),
        "days": translate("settings", "days"),
        "%": translate("settings", "%"),
    }
    return known.get(setting.unit, setting.unit)


def translated() -> set[str]:
    """English and every language the window has been translated into."""
    there = language.folder()
    found = {one.stem.removeprefix("valise_") for one in there.glob("valise_*.qm")} if there.is_dir() else set()
    return {"en", *found}


def choices_of(setting: Setting) -> list[tuple[str, str]]:
    """What can be chosen: (value, words). Languages only as far as there is a translation."""
    pairs = list(zip(setting.choices, setting.labels or setting.choices, strict=True))
    if setting.key == "language":
        there = {"system", *translated()}
        pairs = [(value, words) for value, words in pairs if value in there]
    return [(value, translate("settings", words)) for value, words in pairs]


class SettingField(QWidget):
    """Shows one setting and tells `changed(key, value)` when a person sets it."""

    def __init__(self, setting: Setting, value: Any, changed: Changed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key: str = setting.key
        self._changed = changed
        self._quiet = False
        self._type, self._stored = setting.type, ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        name = caption(setting)
        helped = translate("settings", setting.help)
        self.editor = self._make(setting)
        named(self.editor, name, helped)
        if isinstance(self.editor, QCheckBox):
            self.editor.setText(name)
        else:
            label = Words(name, "strong", self)
            label.setBuddy(self.editor)
            box.addWidget(label)
        box.addLayout(row(self.editor, None))
        if helped:
            box.addWidget(small(helped, self))
        self.show_value(value)

    def _make(self, setting: Setting) -> QWidget:
        if setting.type == "choice":
            combo = QComboBox(self)
            combo.setMinimumWidth(220)
            for value, words in choices_of(setting):
                combo.addItem(words, value)
            combo.currentIndexChanged.connect(lambda _index: self._tell(combo.currentData()))
            return combo
        if setting.type == "switch":
            tick = QCheckBox(self)
            tick.toggled.connect(self._tell)
            return tick
        if setting.type == "whole":
            number = QSpinBox(self)
            number.setRange(setting.least, setting.most)
            number.setSingleStep(setting.step)
            number.setKeyboardTracking(False)
            number.setMinimumWidth(140)
            if setting.unit:
                number.setSuffix(f" {unit(setting)}")
            number.valueChanged.connect(self._tell)
            return number
        line = QLineEdit(self)
        line.setMinimumWidth(380)
        line.editingFinished.connect(lambda: self._finished(line))
        return line

    def _finished(self, line: QLineEdit) -> None:
        if self._type == "text":
            value = unmasked(line.text().strip(), self._stored)
            if value == self._stored:
                return
            self._stored = value
            line.setText(masked(value))  # what was typed as a password is seen no longer
            self._tell(value)
        else:
            self._tell(line.text())

    def _tell(self, value: Any) -> None:
        if not self._quiet:
            self._changed(self.key, value)

    def show_value(self, value: Any) -> None:
        """Show what is stored, without telling."""
        self._quiet = True
        try:
            if isinstance(self.editor, QComboBox):
                index = self.editor.findData(value)
                if index < 0:
                    self.editor.addItem(str(value), value)
                    index = self.editor.count() - 1
                self.editor.setCurrentIndex(index)
            elif isinstance(self.editor, QCheckBox):
                self.editor.setChecked(bool(value))
            elif isinstance(self.editor, QSpinBox):
                self.editor.setValue(int(value))
            elif self._type == "text" and isinstance(self.editor, QLineEdit):
                self._stored = str(value)
                if not (self.editor.hasFocus() and self.editor.isModified()):
                    self.editor.setText(masked(self._stored))
            elif isinstance(self.editor, QLineEdit) and not self.editor.hasFocus():
                self.editor.setText(str(value))
        finally:
            self._quiet = False
