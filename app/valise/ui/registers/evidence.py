"""What the editors ask of the desk: sealing a file as evidence, saving a copy, choosing a paragraph or a row, going there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place
from valise.domain.errors import NotYet, ValiseError
from valise.domain.text.model import ParagraphRow
from valise.ui.registers import said
from valise.ui.registers.look import Names
from valise.ui.registers.widgets.picking import Around
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets import files
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import SearchBox, button
from valise.ui.widgets.labels import Words, named

LARGEST = 64 * 1024 * 1024  # bytes of a file of evidence
MOST = 400  # rows offered


class Evidence(QObject):
    """`went(screen, ref)`, `failed(error)`. `place` is the row the files belong to."""

    went = Signal(str, str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, owner: QWidget) -> None:
        super().__init__(owner)
        self.door, self.runner, self.owner = door, runner, owner
        self.place: Place | None = None

    def around(self, names: Names) -> Around:
        """For the editors of a form or a dialog."""
        return Around(names.of, self._name, self._attach, self._save, self._pick, self._go, self._link)

    def _name(self, evidence: str, then: Callable[[str], object]) -> None:
        def failed(error: ValiseError) -> None:
            then(self.tr("A file that is not here yet") if isinstance(error, NotYet) else self.tr("A file"))

        self.runner.run(lambda: self.door.registers.file(evidence)[0], then, failed, owner=self.owner)

    def _link(self, kind: str, value: str, then: Callable[[str], object]) -> None:
        def called() -> str:
            if kind == "paragraph":
                text, _, paragraph = value.partition("#")
                head = self.door.texts.head(text)
                return _called(head.symbol or head.title, next((one for one in self.door.texts.outline(text) if one.id == paragraph), None))
            register, _, key = value.partition("/")
            return self.door.registers.row(Place(register, key), said.language()).title

        self.runner.run(called, then, lambda _error: then(""), owner=self.owner)

    def _attach(self, then: Callable[[str, str], object]) -> None:
        files.pick_file(self.owner, self.tr("Add a file as evidence"), "", lambda path: self._sealed(path, then))

    def _sealed(self, path: Path, then: Callable[[str, str], object]) -> None:
        place = self.place
        if place is None:
            return

        def call(progress: Callable[[int, int], None]) -> str:
            return self.door.registers.attach(place, path.name, files.read(path, LARGEST), progress)

        self.runner.run(call, lambda evidence: then(evidence, path.name), self.failed.emit, on_progress=lambda _d, _t: None, owner=self.owner)

    def _save(self, evidence: str) -> None:
        def came(found: tuple[str, bytes]) -> None:
            name, data = found
            files.pick_place(self.owner, self.tr("Save a copy; outside the vault it is not protected"), clean(name, lines=False),
                             lambda path: self._write(path, data))  # fmt: skip

        self.runner.run(lambda: self.door.registers.file(evidence), came, self.failed.emit, owner=self.owner)

    def _write(self, path: Path, data: bytes) -> None:
        try:
            files.write(path, data)
        except ValiseError as error:
            self.failed.emit(error)

    def _pick(self, kind: str, _now: str, then: Callable[[str, str], object]) -> None:
        dialog = PickDialog(self._offered(kind), kind, self.owner)
        dialog.chosen.connect(then)
        dialog.open()

    def _offered(self, kind: str) -> list[tuple[str, str]]:
        try:
            if kind == "paragraph":
                return [
                    (f"{text.id}#{one.id}", _called(text.symbol or text.title, one))
                    for text in self.door.texts.all() for one in self.door.texts.outline(text.id)
                ]  # fmt: skip
            found = []
            for definition in self.door.registers.definitions():
                if "record" in definition.rows:
                    ids = self.door.registers.ids(definition.id, language=said.language())[:MOST]
                    rows = self.door.registers.page(ids, said.language()) if len(ids) else []
                    found += [(f"{definition.id}/{one.place.row}", f"{said.term(definition.title)} · {shorten(one.title, 90)}") for one in rows]
            return found
        except ValiseError as error:
            self.failed.emit(error)
            return []

    def _go(self, kind: str, value: str) -> None:
        if kind == "paragraph":
            self.went.emit("texts", value)
        else:
            self.went.emit("registers", value)


def _called(text: str, row: ParagraphRow | None) -> str:
    """A paragraph in one line: the symbol of its text, its label, how it begins."""
    parts = (shorten(text, 40), row.label, shorten(row.first_words, 80)) if row is not None else (shorten(text, 40),)
    return " · ".join(part for part in parts if part)


class PickDialog(Asking):
    """One of many by its words. `chosen(value, words)`."""

    chosen = Signal(str, str)

    def __init__(self, offered: list[tuple[str, str]], kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=620)
        self.setModal(True)
        self.begin(self.tr("Choose a paragraph") if kind == "paragraph" else self.tr("Choose a row"))
        self.box = SearchBox(self.tr("Some of its words"), self)
        self.list = named(QListWidget(self), self.tr("What can be chosen"))
        self.list.setMinimumHeight(320)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # the end of long words is left out
        for value, words in offered:
            item = QListWidgetItem(isolate(words))
            item.setData(Qt.ItemDataRole.UserRole, value)
            self.list.addItem(item)
        self.none = Words(self.tr("There is nothing to choose from yet."), "muted", self)
        self.none.setVisible(not offered)
        self.column.addWidget(self.box)
        self.column.addWidget(self.none)
        self.column.addWidget(self.list)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Choose"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.box.textChanged.connect(self._narrow)
        self.box.moved.connect(lambda _step: self.list.setFocus())
        self.box.returnPressed.connect(self._go)
        self.list.itemActivated.connect(lambda _item: self._go())
        self.list.setCurrentRow(0)
        self.go.setEnabled(bool(offered))
        self.box.setFocus()

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        every = [self.list.item(n) for n in range(self.list.count())]
        phrase = re.compile(rf"(?<!\w){re.escape(' '.join(words))}(?!\d)", re.IGNORECASE)
        there = [item for item in every if phrase.search(item.text())] if words else []  # "OP 3" is no "OP 2" of a CRP.3
        first = None
        for item in every:
            shown = item in there if there else all(word in item.text().casefold() for word in words)
            item.setHidden(not shown)
            first = item if first is None and not item.isHidden() else first
        self.list.setCurrentItem(first)
        self.go.setEnabled(first is not None)

    def _go(self) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isHidden():
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)), clean(item.text()))
            self.accept()
