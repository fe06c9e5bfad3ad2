"""Choosing a status, settling a difference, taking a row out: small dialogs that ask for what a change must say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from valise.desk.door_registers import Cell, Row, Said
from valise.domain.register.definition import Column, Definition
from valise.ui.language import colon, listed
from valise.ui.registers import said
from valise.ui.registers.widgets.editing import DateEditor, Editor
from valise.ui.registers.widgets.picking import Around, SearchChoice, editor_for
from valise.ui.registers.widgets.radio import Radio
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, hint, named

NOTE = 2_000  # characters of a reason (domain/register/kinds.py)


class SideMark(Words):
    """ "Our assessment – internal", wherever a dialog writes on that side; hidden on the other."""

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__("", "strong", parent)
        if side == "assessed":
            self.setText(f"◈ {said.side_name('assessed')}")
            self.setToolTip(said.side_means("assessed"))
        self.setVisible(side == "assessed")


class CellDialog(Asking):
    """A choice for a cell, together with what it asks for (its date) and with who says it. `kept(values, note)`."""

    kept = Signal(object, str)

    def __init__(self, definition: Definition, column: Column, shown: Row, around: Around, parent: QWidget | None = None, *,
                 chosen: str = "") -> None:  # fmt: skip
        super().__init__(parent, width=560)
        self.setModal(True)
        self.column_of, self.row = column, shown
        title = said.term(column.title)
        self.begin(title, clean(shown.title, lines=False))
        self.column.addWidget(SideMark(shown.place.side, self))
        cell = shown.cells.get(column.id)
        if cell is not None and cell.said:
            for one in cell.said:
                self.say(self.tr("Stands: {0} — {1}").format(said.brief(said.shown_values(column, one.values)), said.who(one)), "small")
        else:
            self.say(self.tr("Nothing has been said here yet."), "small")
        self.group = QButtonGroup(self)
        self.choices: dict[str, Radio] = {}
        box = QVBoxLayout()
        box.setSpacing(0)
        now = chosen or (cell.values[0] if cell is not None and cell.values else "")
        for one in column.choices:
            made = named(Radio(said.choice(one).replace("&", "&&"), self), said.term(one.title), said.term(one.help) if one.help else "")
            hint(made, said.term(one.help) if one.help else "")
            self.group.addButton(made)
            self.choices[one.id] = made
            box.addWidget(made)
        if now in self.choices:
            self.choices[now].setChecked(True)
        self.column.addLayout(box)
        self.asked: dict[str, Editor] = {}
        for asked in column.asks:
            field = definition.column(asked)
            if field is not None and (shown.place.side == "assessed" or not field.internal):
                self._ask(field, around, shown)
        self.note = named(QLineEdit(self), self.tr("Said by, or seen where"))
        self.note.setMaxLength(NOTE)
        self.note.setPlaceholderText(self.tr("For example: Ministry of Foreign Affairs, statement in the working group"))
        self.sourced = any(not isinstance(one, DateEditor) for one in self.asked.values())
        self.column.addWidget(Words(self.tr("Why (may stay empty)") if self.sourced else self.tr("Said by, or seen where"), "strong", self))
        if self.sourced:
            named(self.note, self.tr("Why"))
            self.note.setPlaceholderText("")
        self.column.addWidget(self.note)
        self.missing = self.say("", "warn")
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.keep = button(self.tr("Keep"), self._keep, kind="primary", icon="check", parent=self)
        self.end(self.cancel, self.keep)
        self.group.buttonToggled.connect(lambda _button, _on: self._check())
        self.note.textChanged.connect(lambda _text: self._check())
        self.note.returnPressed.connect(self.keep.click)
        self._check()
        first = self.choices.get(now) or next(iter(self.choices.values()), None)
        if first is not None:
            first.setFocus()

    def _ask(self, field: Column, around: Around, shown: Row) -> None:
        editor = editor_for(field, around, self)
        cell = shown.cells.get(field.id)
        if cell is not None and field.kind not in ("date", "moment"):
            editor.set_values(cell.values)  # the date is the new statement's own: it is not taken over
        editor.changed.connect(self._check)
        self.asked[field.id] = editor
        self.column.addWidget(Words(said.term(field.title), "strong", self))
        self.column.addWidget(editor)

    def value(self) -> str:
        """What is chosen."""
        return next((one for one, made in self.choices.items() if made.isChecked()), "")

    def _lacking(self) -> list[str]:
        lacking = [] if self.value() else [self.tr("one of the choices")]
        for editor in self.asked.values():
            if not editor.values() or editor.problem():
                lacking.append(said.term(editor.column.title))
        if not self.sourced and not self.note.text().strip():
            lacking.append(self.tr("who says it, or where it was seen"))
        return lacking

    def _check(self) -> None:
        lacking = self._lacking()
        self.missing.setText(self.tr("Still needed: {0}").format(listed(lacking)) if lacking else "")
        self.keep.setEnabled(not lacking)

    def _keep(self) -> None:
        if self._lacking():
            return
        values = {self.column_of.id: (self.value(),), **{field: one.values() for field, one in self.asked.items()}}
        self.kept.emit(values, clean(self.note.text(), lines=False).strip())
        self.accept()


class SettleDialog(Asking):
    """Two values stand: both with who and when. A person picks one or writes a third. `kept(values, note)`."""

    kept = Signal(object, str)

    def __init__(self, column: Column, shown: Row, around: Around, parent: QWidget | None = None, *,
                 asked: Sequence[Column] = (), names: Mapping[str, str] | None = None) -> None:  # fmt: skip
        super().__init__(parent, width=560)
        self.setModal(True)
        self.column_of = column
        self.begin(self.tr("Settle a difference"), clean(f"{shown.title}{colon()}{said.term(column.title)}", lines=False))
        self.column.addWidget(SideMark(shown.place.side, self))
        self.say(self.tr("Different values were written without knowing of each other. Both stand until a person decides; "
                         "who wrote what stays in the history."))  # fmt: skip
        self.group = QButtonGroup(self)
        self.options: list[tuple[Radio, tuple[str, ...]]] = []
        told: dict[tuple[str, ...], list[Said]] = {}
        for one in shown.cells[column.id].said:
            told.setdefault(one.values, []).append(one)
        for values, by in told.items():
            words = said.shown_values(column, values, names) or self.tr("empty")
            self._option(words, [said.who(one) + (f" — {isolate(one.note)}" if one.note else "") for one in by], values)
        self.other = self._option(self.tr("Something else"), [], ())
        self.editor = editor_for(column, around, self)
        self.editor.setEnabled(False)
        self.column.addWidget(self.editor)
        self._beside = _beside(shown, column, asked)
        self.asked = {one.id: editor_for(one, around, self) for one in asked}
        for one in asked:
            self.column.addWidget(Words(said.term(one.title), "strong", self))
            self.asked[one.id].changed.connect(self._check)
            self.column.addWidget(self.asked[one.id])
        self.note = named(QLineEdit(self), self.tr("Reason"))
        self.note.setMaxLength(NOTE)
        self.note.setPlaceholderText(self.tr("Reason, kept in the history"))
        self.column.addWidget(self.note)
        self.cancel = button(self.tr("Leave both standing"), self.reject, kind="quiet", parent=self)
        self.keep = button(self.tr("Let this stand"), self._keep, kind="primary", icon="check", parent=self)
        self.end(self.cancel, self.keep)
        self.group.buttonToggled.connect(self._chosen)
        self.editor.changed.connect(self._check)
        self.note.returnPressed.connect(self.keep.click)
        self._check()
        self.options[0][0].setFocus()

    def _option(self, words: str, by: Sequence[str], values: tuple[str, ...]) -> Radio:
        made = named(Radio(clean(words, lines=False).replace("&", "&&")[:200], self), clean(f"{words}. {'; '.join(by)}", lines=False))
        self.group.addButton(made)
        self.options.append((made, values))
        self.column.addWidget(made)
        for line in by:
            who = Words(line, "small", self)
            self.column.addLayout(row(_gap(self), who))
        return made

    def _chosen(self, made: object, on: bool) -> None:
        """A value comes with the date it was said with; with another one's date it would be a statement that nobody made."""
        if on:
            values = next(values for option, values in self.options if option is made)
            for field, editor in self.asked.items():
                if made is not self.other:
                    editor.set_values(self._beside.get((field, values), ()))
                elif isinstance(editor, DateEditor):
                    editor.set_values(())
        self._check()

    def _picked(self) -> tuple[str, ...] | None:
        if self.other.isChecked():
            return self.editor.values() if self.editor.values() and not self.editor.problem() else None
        return next((values for made, values in self.options if made.isChecked()), None)

    def _check(self) -> None:
        self.editor.setEnabled(self.other.isChecked())
        ready = self._picked() is not None and all(one.values() and not one.problem() for one in self.asked.values())
        self.keep.setEnabled(ready)

    def _keep(self) -> None:
        values = self._picked()
        if values is None:
            return
        self.kept.emit({self.column_of.id: values, **{field: one.values() for field, one in self.asked.items()}}, self.note.text().strip())
        self.accept()


def _beside(shown: Row, column: Column, asked: Sequence[Column]) -> dict[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """(asked field, value) -> what was said there in the operation that said the value, or what stands there undisputed."""
    found: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for one in asked:
        cell = shown.cells.get(one.id, Cell())
        by = {told.op: told.values for told in cell.said}
        for told in sorted(shown.cells[column.id].said, key=lambda told: told.at):
            if told.op in by or not cell.differs:
                found[one.id, told.values] = by.get(told.op, cell.values)
    return found


def _gap(parent: QWidget) -> QWidget:
    made = QWidget(parent)
    made.setFixedWidth(18)
    return made


class ReasonDialog(Asking):
    """Something with a reason. `kept(reason)`."""

    kept = Signal(str)

    def __init__(self, name: str, what: str, consequence: str, do_it: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=480)
        self.setModal(True)
        self.begin(name, what)
        self.say(consequence, "")
        self.words = named(QPlainTextEdit(self), self.tr("Reason"))
        self.words.setTabChangesFocus(True)
        self.words.setPlaceholderText(self.tr("Reason, kept in the history"))
        self.words.setFixedHeight(76)
        self.column.addWidget(self.words)
        self.cancel = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.go = button(do_it, self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.words.textChanged.connect(lambda: self.go.setEnabled(bool(self.words.toPlainText().strip())))
        self.go.setEnabled(False)
        self.words.setFocus()

    def _go(self) -> None:
        self.kept.emit(clean(self.words.toPlainText()).strip()[:NOTE])
        self.accept()


class BeginDialog(Asking):
    """What a new row of a State x item register is about. `chosen(about)`."""

    chosen = Signal(object)

    def __init__(self, definition: Definition, names: Callable[[str], list[tuple[str, str]]], parent: QWidget | None = None, *,
                 about: Mapping[str, str] | None = None) -> None:  # fmt: skip
        super().__init__(parent, width=460)
        self.setModal(True)
        self.begin(self.tr("A further row"), said.term(definition.title))
        self.boxes: dict[str, SearchChoice] = {}
        for axis in definition.rows:
            if axis == "record":
                continue
            listed = [(one.id, said.term(one.title)) for one in definition.items] if axis == "item" else names(axis)
            box = SearchChoice(listed, parent=self)
            box.name(said.axis_name(axis))
            box.set_value((about or {}).get(axis, ""))
            box.picked.connect(self._check)
            self.boxes[axis] = box
            self.column.addWidget(Words(said.axis_name(axis), "strong", self))
            self.column.addWidget(box)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Go on"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._check()

    def _check(self) -> None:
        self.go.setEnabled(all(box.value() for box in self.boxes.values()))

    def _go(self) -> None:
        self.chosen.emit({axis: box.value() for axis, box in self.boxes.items()})
        self.accept()


class TextDialog(Asking):
    """One name for something. `kept(name)`."""

    kept = Signal(str)

    def __init__(self, name: str, what: str, parent: QWidget | None = None, *, limit: int = 80) -> None:
        super().__init__(parent, width=420)
        self.setModal(True)
        self.begin(name, what)
        self.line = named(QLineEdit(self), name)
        self.line.setMaxLength(limit)
        self.column.addWidget(self.line)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Keep"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.line.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.line.returnPressed.connect(self._go)
        self.go.setEnabled(False)
        self.line.setFocus()

    def _go(self) -> None:
        if self.line.text().strip():
            self.kept.emit(clean(self.line.text(), lines=False).strip())
            self.accept()

