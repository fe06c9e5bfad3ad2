"""One editor for any key of the form. Every one has a name and says whether it must be filled in."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from valise.domain.incident import form as forms
from valise.domain.incident.template import Template
from valise.ui import theme
from valise.ui.incidents import said
from valise.ui.incidents.places import PlacesField
from valise.ui.seeing import deadline
from valise.ui.texts.script import from_editor
from valise.ui.widgets.badge import TLP
from valise.ui.widgets.buttons import row
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import Words, named, small

_LINES = {"description": 6, "impact": 3, "offer": 4, "outcome": 4}


class FormField(QWidget):
    """`changed()` when a person changed it. `value()` as it travels, empty where nothing was filled in."""

    changed = Signal()

    def __init__(self, words: Template, key: str, *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.spec, self.required = key, forms.BY_KEY[key], required
        self._words = words
        self.name = said.label(words, key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.xs)
        helped = said.helped(words, key)
        self.asked = small(self.tr("required"), self)
        self.asked.setVisible(required)
        self.caption = Words(self.name, "strong", self)
        self.caption.setWordWrap(len(self.name) > 50)  # beside another label it would be broken too early
        if self.spec.sort != "yesno":
            column.addLayout(row(self.caption, self.asked, None))
        else:
            self.caption.hide()
            self.asked.hide()
        spoken = f"{self.name}, {self.tr('required')}" if required else self.name
        self.editor = getattr(self, f"_make_{self.spec.sort}")(spoken, helped)
        column.addWidget(self.editor)
        if helped:
            column.addWidget(small(helped, self))
        first = self.editor.focusProxy() or self.editor
        self.setFocusProxy(first if first.focusPolicy() != Qt.FocusPolicy.NoFocus else None)

    # what each sort is edited with

    def _make_line(self, name: str, helped: str) -> QWidget:
        made = named(QLineEdit(self), name, helped)
        made.setMaxLength(300 if self.key == "title" else 120)
        made.textChanged.connect(self.changed)
        return made

    _make_reference = _make_line

    def _make_entry(self, name: str, helped: str) -> QWidget:
        made = named(QLineEdit(self), name, helped)
        made.setMaxLength(200)
        made.textChanged.connect(self.changed)
        return made

    _make_receipt = _make_entry

    def _make_text(self, name: str, helped: str) -> QWidget:
        made = named(QPlainTextEdit(self), name, helped)
        made.setTabChangesFocus(True)
        lines = _LINES.get(self.key, 2)
        made.setFixedHeight(made.fontMetrics().lineSpacing() * lines + 22)
        made.textChanged.connect(self.changed)
        return made

    def _make_entries(self, name: str, helped: str) -> QWidget:
        made = self._make_text(name, self.tr("One a line. {0}").format(helped))
        assert isinstance(made, QPlainTextEdit)
        made.setPlaceholderText(self.tr("One a line"))
        return made

    def _make_choice(self, name: str, helped: str) -> QWidget:
        made = named(QComboBox(self), name, helped)
        choices = self.spec.choices
        if self.key == "message_type":
            choices = forms.OPENING
        elif self.key == "tlp":
            choices = tuple(reversed(tuple(TLP)))
        if not self.required and self.key != "tlp":
            made.addItem(self.tr("Not stated here"), "")
        for one in choices:
            made.addItem(self._words.choice(self.key, one, said.language()), one)
        made.currentIndexChanged.connect(lambda _n: self.changed.emit())
        return made

    def _make_language(self, name: str, helped: str) -> QWidget:
        made = named(QComboBox(self), name, helped)
        for tag, title in said.languages().items():
            made.addItem(title, tag)
        made.currentIndexChanged.connect(lambda _n: self.changed.emit())
        return made

    def _make_choices(self, name: str, helped: str) -> QWidget:
        made = named(QWidget(self), name, helped)
        flow = Flow(made, 10)
        self.boxes: dict[str, QCheckBox] = {}
        for one in self.spec.choices:
            words = self._words.choice(self.key, one, said.language())
            box = named(QCheckBox(words, made), f"{name}: {words}")
            box.toggled.connect(lambda on, one=one: self._ticked(one, on))
            flow.addWidget(box)
            self.boxes[one] = box
        made.setFocusProxy(next(iter(self.boxes.values())))
        return made

    def _ticked(self, one: str, on: bool) -> None:
        """"None" stands alone."""
        for other, box in self.boxes.items():
            if on and other != one and "none" in (one, other):
                box.setChecked(False)
        self.changed.emit()

    def _make_yesno(self, name: str, helped: str) -> QWidget:
        made = named(QCheckBox(self.name, self), name, helped)
        made.toggled.connect(lambda _on: self.changed.emit())
        return made

    def _make_moment(self, name: str, helped: str) -> QWidget:
        made = QWidget(self)
        self.exact = named(QLineEdit(made), self.tr("{0}, in UTC, for example 2026-12-10 18:00").format(name), helped)
        self.exact.setPlaceholderText("2026-12-10 18:00")
        self.clocks = small("", made)
        line = row(self.exact, Words("UTC", "muted", made), self.clocks, None)
        made.setLayout(line)
        self.exact.textChanged.connect(self._told)
        made.setFocusProxy(self.exact)
        return made

    def _told(self) -> None:
        at = deadline.parse(self.exact.text())
        typed = bool(self.exact.text().strip())
        self.clocks.setText(" · ".join(deadline.clocks(at)[1:]) if at else self.tr("year-month-day hour:minute") if typed else "")
        self.changed.emit()

    def _make_severity(self, name: str, helped: str) -> QWidget:
        made = QWidget(self)
        self.level = named(QLineEdit(made), self.tr("{0}: level").format(name), helped)
        self.scale = named(QLineEdit(made), self.tr("{0}: name of the scale").format(name), helped)
        self.level.setPlaceholderText(self.tr("Level"))
        self.scale.setPlaceholderText(self.tr("Name of the scale"))
        for one, most in ((self.level, 80), (self.scale, 200)):
            one.setMaxLength(most)
            one.textChanged.connect(self.changed)
        line = row(self.level, self.scale)
        line.setStretch(1, 2)
        made.setLayout(line)
        made.setFocusProxy(self.level)
        return made

    def _make_places(self, name: str, _helped: str) -> QWidget:
        made = PlacesField(name, self)
        made.changed.connect(self.changed)
        return made

    # values

    def valid(self) -> bool:
        """Whether what is typed can be understood."""
        if self.spec.sort == "moment":
            return not self.exact.text().strip() or bool(deadline.parse(self.exact.text()))
        return not isinstance(self.editor, PlacesField) or self.editor.valid()

    def value(self) -> Any:
        sort, editor = self.spec.sort, self.editor
        if isinstance(editor, QComboBox):
            return editor.currentData()
        if sort == "choices":
            return [one for one, box in self.boxes.items() if box.isChecked()]
        if isinstance(editor, QCheckBox):
            return int(editor.isChecked())
        if sort == "moment":
            return deadline.parse(self.exact.text())
        if sort == "severity":
            found = {"level": _line(self.level), "scale": _line(self.scale)}
            return found if any(found.values()) else {}
        if isinstance(editor, PlacesField):
            return editor.value()
        if isinstance(editor, QPlainTextEdit):
            typed = from_editor(editor.toPlainText())
            return [one.strip()[:200] for one in typed.splitlines() if one.strip()][:50] if sort == "entries" else typed.strip()
        assert isinstance(editor, QLineEdit)
        return {"role": _line(editor)} if sort == "receipt" else _line(editor)

    def set_value(self, value: Any) -> None:
        """Show a value; None empties it."""
        sort, editor = self.spec.sort, self.editor
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(value)))
        elif sort == "choices":
            for one, box in self.boxes.items():
                box.setChecked(one in (value or ()))
        elif isinstance(editor, QCheckBox):
            editor.setChecked(bool(value))
        elif sort == "moment":
            self.exact.setText(deadline.exact(value) if value else "")
        elif sort == "severity":
            self.level.setText(str((value or {}).get("level", "")))
            self.scale.setText(str((value or {}).get("scale", "")))
        elif isinstance(editor, PlacesField):
            editor.set_value(value or [])
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText("\n".join(value or ()) if sort == "entries" else str(value or ""))
        elif isinstance(editor, QLineEdit):
            editor.setText(str((value or {}).get("role", "")) if sort == "receipt" else str(value or ""))


def _line(box: QLineEdit) -> str:
    return " ".join(from_editor(box.text()).split())
