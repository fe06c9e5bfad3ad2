"""A text leaves as a file: in which format, which kind of text, as of when, under which marking, and what it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.export import Leaving, Made, Offer
from valise.domain.errors import ValiseError
from valise.domain.text.model import TextHead
from valise.ui.contacts.confirm import Confirm
from valise.ui.files import said
from valise.ui.files.beside import Beside
from valise.ui.files.places import Places, there
from valise.ui.messages.marking import MarkingChoice
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.notice import NoticeBar

WIDE, INDENT, TALL = 660, 26, 104  # pixels
NOW = ""  # in place of a revision: the text as it stands


class ExportDialog(Asking):
    """`saved(file name, Made)` once the file is complete on the disk."""

    saved = Signal(str, object)

    def __init__(self, door: Door, head: TextHead, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._head, self._places = door, head, places
        self._leaving: Leaving | None = None
        self._work, self._look = Beside(self), Beside(self)
        self._saving = False
        self.picking: QFileDialog | None = None
        self.setMinimumWidth(WIDE)
        self.begin(self.tr("Export the text"), self.tr("Export the text as a file"))
        self.say(
            self.tr(
                "Built from the room's record alone: no internal note, no draft, nothing that has not left. Authors "
                "are delegations; no officer is named."
            )
        )
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.offers: list[Offer] = said.offered(door.export.offers())
        self._fields()
        self._kinds()
        self._contents()
        self.say(self.tr("The file is not encrypted: whoever has it can read it."), "warn")
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.cancel = button(self.tr("Cancel"), self._back, kind="quiet", parent=self)
        self.go = button(self.tr("Save as…"), self._choose, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._format_chosen()
        self._read()
        self.resize(WIDE, self.column.totalHeightForWidth(WIDE))
        self.format.setFocus()

    # building

    def _fields(self) -> None:
        self.format = named(QComboBox(self), self.tr("Format"))
        for one in self.offers:
            self.format.addItem(said.format_name(one), one.name)
        self.revision = named(QComboBox(self), self.tr("Which state of the text"))
        self.revision.addItem(self.tr("As it stands now"), NOW)
        for one in reversed(self._head.revisions):
            self.revision.addItem(clean(shorten(one.symbol, 80), lines=False), one.id)
        self.marking = MarkingChoice(self)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for line, (words, field) in enumerate(
            (
                (self.tr("Format"), self.format),
                (self.tr("Version"), self.revision),
                (self.tr("Marking"), self.marking),
            )
        ):
            grid.addWidget(Words(words, "strong", self), line, 0)
            grid.addWidget(field, line, 1)
        self.column.addLayout(grid)
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.revision.currentIndexChanged.connect(self._read)

    def _kinds(self) -> None:
        self.column.addWidget(Words(self.tr("Which text"), "strong", self))
        group = QButtonGroup(self)
        box = QVBoxLayout()
        box.setSpacing(2)
        self.kinds: dict[str, QRadioButton] = {}
        for kind in said.KINDS:
            made = named(QRadioButton(said.kind_name(kind), self), said.kind_name(kind), said.kind_means(kind))
            group.addButton(made)
            self.kinds[kind] = made
            box.addWidget(made)
            line = QHBoxLayout()  # mirrors, as margins do not
            line.addSpacing(INDENT)
            line.addWidget(Words(said.kind_means(kind), "muted", self), 1)
            box.addLayout(line)
        self.column.addLayout(box)
        self.keeps = self.say("", "small")
        self.kinds["tracked"].setChecked(True)
        group.buttonClicked.connect(lambda _which: self._show())

    def _contents(self) -> None:
        self.column.addWidget(Words(self.tr("What is in it"), "strong", self))
        self.list = named(QListWidget(self), self.tr("What is in the file"))
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setFixedHeight(TALL)
        self.column.addWidget(self.list)

    # what was chosen

    def offer(self) -> Offer:
        """The format."""
        return self.offers[self.format.currentIndex()]

    def kind(self) -> str:
        """Which text."""
        return next(kind for kind, made in self.kinds.items() if made.isChecked())

    def _format_chosen(self) -> None:
        marks = self.offer().marks
        tracked = self.kinds["tracked"]
        if not marks and tracked.isChecked():
            self.kinds["compilation"].setChecked(True)
        tracked.setEnabled(marks)
        self.keeps.setText(
            self.tr("This format keeps changes and remarks as such: it can be brought back without loss.")
            if marks
            else self.tr("This format has no changes of its own: brackets show them. To bring a file back, take Word.")
        )
        self._show()

    def _read(self) -> None:
        text, revision = self._head.id, str(self.revision.currentData())
        self._leaving = None
        self._show()
        self._look.run(lambda: self._door.export.leaving(text, revision), self._looked, self.bar.show_error)

    def _looked(self, leaving: Leaving) -> None:
        self._leaving = leaving
        self._show()

    def _show(self) -> None:
        self.list.clear()
        if self._leaving is not None:
            self.list.addItems(said.contents(self._leaving, self.kind()))

    # the file

    def name(self) -> str:
        """The name that is suggested."""
        revision = str(self.revision.currentData())
        words = said.kind_name(self.kind())
        symbol = self._head.symbol
        if revision:
            symbol = next((one.symbol for one in self._head.revisions if one.id == revision), symbol)
        elif self._head.revisions:
            words = self.tr("as it stands") + " " + words  # it is not the revision whose symbol it bears
        return said.file_name(clean(symbol, lines=False), clean(self._head.title, lines=False), words, self.offer().ending)

    def _choose(self) -> None:
        if not self._work.busy:
            self.picking = self._places.ask(self, self.tr("Save the file"), self.name(), self.take_place)

    def take_place(self, path: Path) -> None:
        """Make the file and put it there; asks before anything is replaced."""
        if path.suffix.lower() != self.offer().ending:
            path = path.with_name(path.name + self.offer().ending)
        if there(path):
            self._replace(path, lambda: self._make(path, True))
        else:
            self._make(path, False)

    def _replace(self, path: Path, yes: Callable[[], object]) -> None:
        Confirm(
            self, self.tr("Replace {0}?").format(isolate(path.name)),
            self.tr("A file of this name is there already. What it holds now is lost."), self.tr("Replace it"), yes,
        )  # fmt: skip

    def _make(self, path: Path, replace: bool) -> None:
        text, revision, marking = self._head.id, str(self.revision.currentData()), self.marking.marking()
        name, kind = self.offer().name, self.kind()
        self._working(True)
        self._work.run(
            lambda: self._door.export.made(text, name, kind, revision, marking),
            lambda made: self._made(path, made, replace), self._failed,
        )  # fmt: skip

    def _made(self, path: Path, made: Made, replace: bool) -> None:
        if not replace and there(path):  # it came while the file was made
            self._working(False)
            self._replace(path, lambda: self._save(path, made))
        else:
            self._save(path, made)

    def _save(self, path: Path, made: Made) -> None:
        self._working(True)
        self._saving = True
        self.cancel.setEnabled(False)  # from here on it is done in a moment, whole or not at all
        self._work.run(
            lambda: self._door.export.save(path, made.data), lambda _none: self._saved(path, made), self._failed
        )

    def _saved(self, path: Path, made: Made) -> None:
        self._working(False)
        self.saved.emit(path.name, made)
        self.accept()

    def _failed(self, error: ValiseError) -> None:
        self._working(False)
        self.bar.show_error(error)

    def _working(self, on: bool) -> None:
        self._saving = False
        if on:
            self.progress.wait()
            self.bar.close_notice()
        else:
            self.progress.rest()
        for one in (self.go, self.format, self.revision, self.marking):
            one.setEnabled(not on)
        for kind, made in self.kinds.items():
            made.setEnabled(not on and (kind != "tracked" or self.offer().marks))
        self.cancel.setEnabled(True)
        words = self.tr("Stop") if on else self.tr("Cancel")
        self.cancel.setText(words)
        named(self.cancel, words)
        (self.cancel if on else self.go).setFocus()

    def _back(self) -> None:
        if self._work.busy:
            self._work.stop()
            self._working(False)
            self.bar.say(self.tr("Stopped. No file was written."), tone="info")
        else:
            self.reject()

    def reject(self) -> None:
        """Not in the moment of saving: one would not know whether the file is there."""
        if not self._saving:
            super().reject()

    def done(self, result: int) -> None:
        """However it is closed, nothing more is written after."""
        self._work.stop()
        self._look.stop()
        super().done(result)
