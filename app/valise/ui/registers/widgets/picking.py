"""Editors that pick from what there is: States, delegations, markings, languages, files of evidence, paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from valise.domain.register.definition import Column
from valise.ui import theme
from valise.ui.library.said import language as language_name
from valise.ui.registers import said
from valise.ui.registers.widgets.editing import (
    ChoiceEditor,
    ChoicesEditor,
    DateEditor,
    Editor,
    LineEditor,
    LongEditor,
    MomentEditor,
)
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.buttons import button, icon_button, row
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import SafeLabel, named
from valise.ui.widgets.layouts import clear

NAMED = ("state", "delegation", "contact", "marking", "language", "zone")
_SURE = 3  # letters that must be typed before they stand for a name where anything else may be typed too
CHIP = 48  # letters of a value on a button; all of them are its accessible name
_ALSO = " · "
FREE = ("marking", "language")  # what is not in the list may be typed: a national marking, another language


@dataclass(slots=True)
class Around:
    """What editors ask of whoever shows them. `attach(done)` asks for a file and calls `done(evidence id, name)`; `pick(kind, now, done)`
    chooses a paragraph or a row and calls `done(value, words)`; `go(kind, value)` shows what a value points to;
    `link_name(kind, value, done)` calls `done(words)`, "" for what is not here."""

    names: Callable[[str], list[tuple[str, str]]]
    file_name: Callable[[str, Callable[[str], object]], object]
    attach: Callable[[Callable[[str, str], object]], object]
    save: Callable[[str], object]
    pick: Callable[[str, str, Callable[[str, str], object]], object]
    go: Callable[[str, str], object]
    link_name: Callable[[str, str, Callable[[str], object]], object]


def _offered(column: Column, around: Around) -> list[tuple[str, str]]:
    """A language by its own name and, where the window has one, by that of the window: "fr français · French"."""
    names = around.names(column.kind)
    if column.kind != "language":
        return names
    also = {tag: language_name(tag) for tag, _ in names}
    return [(tag, name if also[tag].casefold() in (tag, name.casefold()) else f"{name}{_ALSO}{also[tag]}") for tag, name in names]


class SearchChoice(QComboBox):
    """A box one types into: what contains the words is offered. `value()` is "" until something of the list stands there."""

    picked = Signal()

    def __init__(self, names: Sequence[tuple[str, str]], *, free: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._free = free
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumWidth(220)
        self.setMaxVisibleItems(14)
        self.addItem("", "")
        for value, name in names:
            self.addItem(clean(name if value == name or len(value) > 8 else f"{value} {name}", lines=False), value)
        completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.currentIndexChanged.connect(lambda _at: self.picked.emit())
        self.editTextChanged.connect(lambda _text: self.picked.emit())
        line = self.lineEdit()
        assert line is not None
        line.returnPressed.connect(self.settle)  # before whoever adds what stands here

    def focusNextPrevChild(self, next: bool) -> bool:
        self.settle()  # while its list is open no focusOutEvent comes
        return super().focusNextPrevChild(next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.settle()

    def settle(self) -> None:
        """Words that can mean only one of the list become that one: "bor" is Borovia once Enter or Tab is pressed."""
        words = clean(self.currentText(), lines=False).strip().casefold()
        known = self.findText(words, Qt.MatchFlag.MatchFixedString) >= 0 or any(
            str(self.itemData(n)).casefold() == words for n in range(self.count())
        )
        if not words or known or (self._free and len(words) < _SURE):
            return
        found = [n for n in range(self.count()) if self._means(n, words)]
        if len(found) == 1:
            self.setCurrentIndex(found[0])

    def _means(self, place: int, words: str) -> bool:
        """Where other words may stand too, only the beginning of a name counts."""
        name = self.itemText(place).casefold()
        if not self._free:
            return words in name
        return any(one.strip().startswith(words) for one in name.removeprefix(str(self.itemData(place)).casefold()).split(_ALSO.strip()))

    def name(self, name: str, help_: str = "") -> None:
        """Its accessible name."""
        named(self, name, help_)
        line = self.lineEdit()
        if line is not None:
            named(line, name, help_)

    def value(self) -> str:
        """The value chosen, or typed where that may be."""
        words = clean(self.currentText(), lines=False).strip()
        place = self.findText(words, Qt.MatchFlag.MatchFixedString)
        if place >= 0:
            return str(self.itemData(place) or "")
        place = next((n for n in range(self.count()) if str(self.itemData(n)).casefold() == words.casefold()), -1) if words else -1
        if place >= 0:
            return str(self.itemData(place))
        return words if self._free else ""

    def set_value(self, value: str) -> None:
        """Show a value; one that is not in the list is shown as it is."""
        place = self.findData(value)
        if place < 0:
            self.addItem(clean(value, lines=False), value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def unknown(self) -> bool:
        """Whether words stand there that are nothing of the list."""
        return bool(self.currentText().strip()) and not self.value()


class NameEditor(Editor):
    """One State, delegation, contact, marking, language or zone."""

    def __init__(self, column: Column, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self.box = SearchChoice(_offered(column, around), free=column.kind in FREE, parent=self)
        self._name(self.box)
        self.box.name(self.box.accessibleName(), said.term(column.help) if column.help is not None else "")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.box)
        line.addStretch(1)
        self.setFocusProxy(self.box)
        self.box.picked.connect(self.changed)

    def values(self) -> tuple[str, ...]:
        value = self.box.value()
        return (value,) if value else ()

    def set_values(self, values: Sequence[str]) -> None:
        self.box.set_value(values[0] if values else "")

    def problem(self) -> str:
        return self.tr("Choose one of the list") if self.box.unknown() else ""


class Chips(QWidget):
    """Values that were added, each with a button that takes it out again. `dropped(value)`, `opened(value)`."""

    dropped = Signal(str)
    opened = Signal(str)

    def __init__(self, open_words: str = "", parent: QWidget | None = None, *, icon: str = "attach") -> None:
        super().__init__(parent)
        self._open, self._icon = open_words, icon
        self.flow = Flow(self, theme.SPACE.xs)

    def show_values(self, values: Sequence[tuple[str, str]], *, fixed: bool = False) -> None:
        """(value, words) each; `fixed` = they cannot be taken out here."""
        clear(self.flow)
        for value, words in values:
            if self._open:
                part: QWidget = button(shorten(clean(words, lines=False), CHIP).replace("&", "&&"), lambda value=value: self.opened.emit(value),
                                       icon=self._icon, parent=self)  # fmt: skip
                part.setAccessibleName(self._open.format(isolate(words)))
                part.setToolTip("")
                part.setMinimumWidth(CHIP)  # in little room its words end in an ellipsis
            else:
                part = SafeLabel(words, "strong", self, wrap=False)
            whole = QWidget(self)  # what takes it out stays beside it
            line = row(part, spacing=theme.SPACE.xs)
            if not fixed:
                line.addWidget(icon_button(
                    "cross", self.tr("Take out: {0}").format(isolate(words)), lambda value=value: self.dropped.emit(value), parent=self
                ))  # fmt: skip
            whole.setLayout(line)
            self.flow.addWidget(whole)
            whole.show()
        self.setVisible(bool(values))
        self.updateGeometry()


class NamesEditor(Editor):
    """Several States, delegations, markings, languages or zones."""

    def __init__(self, column: Column, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self._values: list[str] = []
        self._by = dict(around.names(column.kind))
        self.box = SearchChoice(_offered(column, around), free=column.kind in FREE, parent=self)
        self._name(self.box)
        self.box.name(self.box.accessibleName())
        self.add = button(self.tr("Add"), self._add, parent=self)
        self.add.setAccessibleName(self.tr("Add to {0}").format(said.term(column.title)))
        self.chips = Chips(parent=self)
        self.chips.dropped.connect(self._drop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.chips)
        box.addLayout(row(self.box, self.add, None))
        self.setFocusProxy(self.box)
        self.box.picked.connect(lambda: self.add.setEnabled(bool(self.box.value())))
        self.add.setEnabled(False)
        inner = self.box.lineEdit()
        if inner is not None:
            inner.returnPressed.connect(self._add)

    def values(self) -> tuple[str, ...]:
        return tuple(self._values)

    def set_values(self, values: Sequence[str]) -> None:
        self._values = list(dict.fromkeys(values))
        self._show()

    def _show(self) -> None:
        self.chips.show_values([(one, self._by.get(one, one)) for one in self._values])
        self.changed.emit()

    def _add(self) -> None:
        value = self.box.value()
        if value and value not in self._values:
            self._values.append(value)
            self.box.setCurrentIndex(0)
            self._show()

    def _drop(self, value: str) -> None:
        self._values.remove(value)
        self._show()
        self.box.setFocus()


class EvidenceEditor(Editor):
    """Files in the vault: added from the disk, saved out again."""

    def __init__(self, column: Column, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self._around = around
        self._values: list[str] = []
        self._names: dict[str, str] = {}
        self.chips = Chips(self.tr("Save a copy of {0}"), self)
        self.chips.opened.connect(around.save)
        self.chips.dropped.connect(self._drop)
        self.add = button(self.tr("Add a file…"), lambda: around.attach(self.added), icon="attach", parent=self)
        self._name(self.add)
        self.add.setAccessibleName(self.tr("{0}: add a file").format(said.term(column.title)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.chips)
        box.addLayout(row(self.add, None))
        self.setFocusProxy(self.add)

    def values(self) -> tuple[str, ...]:
        return tuple(self._values)

    def set_values(self, values: Sequence[str]) -> None:
        self._values = list(values)
        for one in values:
            if one not in self._names:
                self._around.file_name(one, lambda name, one=one: self._called(one, name))
        self._show()

    def added(self, evidence: str, name: str) -> None:
        """A file is in the vault."""
        self._names[evidence] = name
        self._values = [*self._values, evidence] if self.column.many else [evidence]
        self._show()

    def _called(self, evidence: str, name: str) -> None:
        self._names[evidence] = name
        self._show()

    def _show(self) -> None:
        self.chips.show_values([(one, self._names.get(one, self.tr("A file"))) for one in self._values])
        self.changed.emit()

    def _drop(self, value: str) -> None:
        self._values.remove(value)
        self._show()
        self.add.setFocus()


class LinkEditor(Editor):
    """Paragraphs of texts, or rows of registers: chosen, gone to, taken away."""

    def __init__(self, column: Column, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(column, parent)
        self._around = around
        self._values: list[str] = []
        self._words: dict[str, str] = {}
        self.chips = Chips(self.tr("Go to {0}"), self, icon="arrow-right")
        self.chips.opened.connect(lambda value: around.go(column.kind, value))
        self.chips.dropped.connect(self._drop)
        self.choose = button(self.tr("Choose…"), lambda: around.pick(column.kind, "", self.chosen), icon="texts", parent=self)
        self._name(self.choose)
        self.choose.setAccessibleName(self.tr("{0}: choose").format(said.term(column.title)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.chips)
        box.addLayout(row(self.choose, None))
        self.setFocusProxy(self.choose)
        self._show()

    def values(self) -> tuple[str, ...]:
        return tuple(self._values)

    def set_values(self, values: Sequence[str]) -> None:
        self._values = list(values)
        for one in values:
            if one not in self._words:
                self._words[one] = "…"
                self._around.link_name(self.column.kind, one, lambda words, one=one: self._called(one, words))
        self._show()

    def _called(self, value: str, words: str) -> None:
        self._words[value] = words or self.tr("Something that is not here")
        self._show()

    def chosen(self, value: str, words: str) -> None:
        """A further one; in a field for one, instead of it."""
        self._words[value] = words
        self._values = [*dict.fromkeys([*self._values, value])] if self.column.many else [value]
        self._show()

    def _show(self) -> None:
        self.chips.show_values([(one, self._words[one]) for one in self._values])
        self.changed.emit()

    def _drop(self, value: str) -> None:
        self._values.remove(value)
        self._show()
        self.choose.setFocus()


def editor_for(column: Column, around: Around, parent: QWidget | None = None) -> Editor:
    """The editor of a column."""
    if column.kind in ("choice", "yesno"):
        return ChoicesEditor(column, parent) if column.many else ChoiceEditor(column, parent)
    if column.kind == "evidence":
        return EvidenceEditor(column, around, parent)
    if column.kind in ("paragraph", "record"):
        return LinkEditor(column, around, parent)
    if column.kind in NAMED:
        return NamesEditor(column, around, parent) if column.many else NameEditor(column, around, parent)
    if column.many or column.kind == "long":
        return LongEditor(column, parent)
    if column.kind == "date":
        return DateEditor(column, parent)
    return MomentEditor(column, parent) if column.kind == "moment" else LineEditor(column, parent)
