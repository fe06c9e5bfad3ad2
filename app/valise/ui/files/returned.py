"""A file comes back: what it changes against the text, who wrote it, and what of it is proposed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Brought, Returned, ReturnedChange, ReturnedComment
from valise.domain.errors import ValiseError
from valise.domain.text.model import Run, TextHead
from valise.ui import actions, theme
from valise.ui.files import said
from valise.ui.files.authors import AuthorsTable
from valise.ui.files.beside import Beside
from valise.ui.files.ticks import TickList
from valise.ui.language import sentences, translate
from valise.ui.seeing.reading import Item, whole
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate, shorten
from valise.ui.texts import terms
from valise.ui.texts.difference import runs_between
from valise.ui.texts.found import found_notes
from valise.ui.texts.open_dialog import LARGEST, DropZone
from valise.ui.texts.people import People
from valise.ui.widgets import files
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import Words, heading
from valise.ui.widgets.notice import NoticeBar

AROUND = 8  # words shown on either side of a change
NAME = 120  # characters of an author's name


def runs_of(one: ReturnedChange) -> tuple[Run, ...]:
    """What a change does to the words it was made on."""
    start, end = one.span
    if one.kind == "words":
        return runs_between(one.words, one.words[:start] + one.new + one.words[end:], AROUND)
    if one.kind == "delete":
        return whole(one.words, "delete")
    return whole(one.new, "insert") if one.kind == "paragraph" else whole(shorten(one.words, 160))


class ReturnedDialog(Dialog):
    """`brought(Brought)` after what was ticked was proposed. `take_file(path)` reads a file."""

    brought = Signal(object)

    def __init__(self, door: Door, runner: Runner, head: TextHead, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner, self._head, self._people = door, runner, head, people
        self._work = Beside(self)
        self._path: Path | None = None
        self._read: Returned | None = None
        self._names: dict[str, str] = {}
        self.setWindowTitle(self.tr("A file comes back"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 720)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(heading(self.tr("A file of this text comes back"), self))
        column.addWidget(
            Words(
                self.tr(
                    "What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes "
                    "proposals of your delegation; nothing else of the file leaves this laptop."
                ),
                "muted", self,
            )
        )  # fmt: skip
        self.bar = NoticeBar(self)
        column.addWidget(self.bar)
        self.zone = DropZone(self)
        self.zone.given.connect(self.take_file)
        column.addWidget(self.zone)
        self.progress = ProgressLine(self)
        column.addWidget(self.progress)
        self.found = Words("", "small", self)
        column.addWidget(self.found)
        self.authors = AuthorsTable(people, self)
        column.addWidget(self.authors)
        self.list = TickList(self.tr("What the file changes"), self)
        column.addWidget(self.list, 1)
        self._buttons(column)
        self.list.toggled.connect(self._allow)
        self.list.copied.connect(self._copy)
        self.list.wanted.connect(self.go.click)
        self.list.selectionModel().currentChanged.connect(lambda *_places: self._allow())
        self._allow()
        self.zone.choose.setFocus()

    def _buttons(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        self.all = button(self.tr("Tick all"), lambda: self.list.tick_all(True), parent=self)
        self.none = button(self.tr("Tick none"), lambda: self.list.tick_all(False), parent=self)
        self.copy = button(self.tr("Copy the words"), lambda: self._copy(self.list.currentIndex().row()), parent=self)
        for made, key in ((self.all, "Ctrl+A"), (self.none, "Ctrl+Shift+A"), (self.copy, "Ctrl+C")):
            made.setToolTip(f"{made.text()} ({actions.native(key)})")
            line.addWidget(made)
        line.addStretch(1)
        self.cancel = button(self.tr("Cancel"), self._back, kind="quiet", parent=self)
        self.go = button(self.tr("Propose"), self._propose, kind="primary", parent=self)
        self.go.setToolTip(self.tr("Propose what is ticked (Ctrl+Enter in the list)"))
        line.addWidget(self.cancel)
        line.addWidget(self.go)
        column.addLayout(line)

    # reading

    def take_file(self, path: str) -> None:
        """Read a file and set it against the text, beside the window."""
        if self._work.busy:
            return
        self._path = Path(path)
        here, text = self._path, self._head.id
        self.zone.said.setText(self.tr("Reading {0}…").format(isolate(here.name)))
        self._read = None
        self.found.setText("")
        self.authors.hide()
        self.list.show_ticks([], self._head.language)
        self.bar.close_notice()
        self._working(True)

        def read() -> tuple[Returned, list[tuple[Run, ...]], dict[str, str], dict[str, str]]:
            returned = self._door.returned.read(text, here.name, files.read(here, LARGEST))
            names = {row.id: terms.name(row) for row in self._door.texts.outline(text)}
            # a file may hold thousands of changes: their differences are not for the thread of the window
            return returned, [runs_of(one) for one in returned.changes], self._door.returned.authors(), names

        self._work.run(read, lambda found: self._show(*found), lambda error: self._failed(error, here.name))

    def _failed(self, error: ValiseError, name: str) -> None:
        self._working(False)
        self.bar.show_error(error)
        self.zone.said.setText(self.tr("{0} could not be read. Choose another file.").format(isolate(name)))
        self.zone.choose.setFocus()

    def _show(
        self, returned: Returned, runs: list[tuple[Run, ...]], remembered: dict[str, str], names: dict[str, str]
    ) -> None:
        self._working(False)
        self._read, self._names = returned, names
        assert self._path is not None
        self.zone.said.setText(self.tr("Read: {0}").format(isolate(self._path.name)))
        told = [
            self.tr("Read against {0}, which it changes least.").format(isolate(returned.symbol))
            if returned.symbol
            else self.tr("Read against the text as it stands.")
        ]
        empty = not (returned.changes or returned.comments)
        if empty:
            told.append(self.tr("This file changes nothing."))
        held = sum(bool(one.held) for one in returned.changes)
        if held:
            told.append(self.tr("Cannot be proposed: {0}; each says why.").format(held))
        notes = found_notes(code for code, _ in returned.notes)
        self.found.setText(sentences(told + notes))
        self.found.setRole("warn" if notes or held else "" if empty else "good")
        may = [one for one in returned.changes if not one.held]
        self.authors.show_authors([*(one.author for one in may), *(one.author for one in returned.comments)], remembered)
        self.list.show_ticks(
            [*map(self._change, returned.changes, runs), *(self._comment(one) for one in returned.comments)],
            self._head.language,
        )
        (self.zone.choose if empty else self.list).setFocus()

    def _change(self, one: ReturnedChange, runs: tuple[Run, ...]) -> Item:
        place = isolate(self._name(one.target, one.label))
        if one.kind == "paragraph":
            what = self.tr("New paragraph after {0}").format(place) if one.after else self.tr("New first paragraph")
        elif one.kind == "delete":
            what = self.tr("{0}: delete the paragraph").format(place)
        elif one.kind == "move":
            after = isolate(self._name(one.after, ""))
            what = (
                self.tr("{0}: move after {1}").format(place, after) if one.after
                else self.tr("{0}: move to the start").format(place)
            )  # fmt: skip
        else:
            what = self.tr("{0}: other words").format(place)
        by = self._author(one.author)
        note = f"{said.held(one.held)} {by}" if one.held else by
        return Item(f"c{one.n}", "–" if one.held else "", "warn", what, note, runs)

    def _comment(self, one: ReturnedComment) -> Item:
        what = self.tr("Remark on {0}").format(isolate(self._name(one.target, "")))
        return Item(f"r{one.n}", "", "info", what, self._author(one.author), whole(one.words))

    def _name(self, paragraph: str, label: str) -> str:
        return label or self._names.get(paragraph) or self.tr("a paragraph")

    def _author(self, author: str) -> str:
        if not author:
            return self.tr("No author in the file: typed over.")
        return self.tr("Author in the file: {0}.").format(isolate(shorten(author, NAME)))

    # choosing

    def _ticked(self) -> tuple[list[int], list[int]]:
        """Numbers of the changes and of the comments that are ticked."""
        if self._read is None:
            return [], []
        size = len(self._read.changes)
        places = sorted(self.list.ticks.ticked)
        return (
            [self._read.changes[n].n for n in places if n < size],
            [self._read.comments[n - size].n for n in places if n >= size],
        )

    def _allow(self) -> None:
        changes, comments = self._ticked()
        busy = self._work.busy
        count = len(self.list.ticks.items)
        self.go.setText(self._offer(len(changes), len(comments)))
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(bool(changes or comments) and not busy)
        for made in (self.all, self.none):
            made.setEnabled(count > 0 and not busy)
        self.copy.setEnabled(self.list.current() is not None)

    def _offer(self, changes: int, remarks: int) -> str:
        if changes and remarks:
            both = translate("files", "Propose %n changes, {remarks}", None, changes)
            return both.format(remarks=translate("files", "make %n remarks", None, remarks))
        if remarks:
            return translate("files", "Make %n remarks", None, remarks)
        if changes:
            return translate("files", "Propose %n changes", None, changes)
        return self.tr("Propose")

    def _copy(self, place: int) -> None:
        """The words the file has there, for writing them oneself."""
        if self._read is None or place < 0:
            return
        size = len(self._read.changes)
        one = self._read.changes[place] if place < size else None
        words = self._read.comments[place - size].words if one is None else self._words(one)
        clipboard().copy(words)
        self.bar.say(self.tr("Copied."), self.tr("The clipboard is emptied in ten seconds."), tone="info")

    @staticmethod
    def _words(one: ReturnedChange) -> str:
        if one.kind == "words":
            return one.words[: one.span[0]] + one.new + one.words[one.span[1] :]
        return one.new or one.words

    # proposing

    def _propose(self) -> None:
        changes, comments = self._ticked()
        if self._read is None or self._work.busy or not (changes or comments):
            return
        self.go.setEnabled(False)
        self.progress.wait()
        returned, text = self._read, self._head.id
        wording, learned, unnamed = self.authors.wording(), self.authors.learned(), self.authors.word("")

        def bring() -> Brought:
            done = self._door.returned.bring(
                text, returned, changes, comments, lambda author: wording.get(author, unnamed)
            )
            if learned:
                self._door.returned.remember(learned)
            return done

        self._runner.run(bring, self._done, self._refused, owner=self)

    def _done(self, done: Brought) -> None:
        self.progress.rest()
        self.brought.emit(done)
        self.accept()

    def _refused(self, error: ValiseError) -> None:
        self.progress.rest()
        self._allow()
        again = error.code == "returned.changed" and self._path is not None
        self.bar.show_error(
            error, self.tr("Read it again") if again else "", (lambda: self.take_file(str(self._path))) if again else None
        )

    def _working(self, on: bool) -> None:
        if on:
            self.progress.wait()
        else:
            self.progress.rest()
        self.zone.setEnabled(not on)
        words = self.tr("Stop") if on else self.tr("Cancel")
        self.cancel.setText(words)
        self.cancel.setAccessibleName(words)
        if on:
            self.cancel.setFocus()
        self._allow()

    def _back(self) -> None:
        if not self._work.busy:
            self.reject()
            return
        self._work.stop()
        self._working(False)
        self.zone.said.setText(self.tr("Stopped. Choose a file, or drop it here."))
        self.zone.choose.setFocus()

    def done(self, result: int) -> None:
        """However it is closed, nothing more is told."""
        self._work.stop()
        super().done(result)


def taken_back(door: Door, text: str, done: Brought) -> None:
    """Withdraw what a returned file became, on the writer thread; remarks stay, they cannot be unsaid."""
    calls = [partial(door.texts.withdraw, text, one) for one in done.proposals]
    calls += [partial(door.internal.take_back, one) for one in done.drafts]
    failed: ValiseError | None = None
    for call in calls:
        try:
            call()
        except ValiseError as error:  # decided meanwhile: the others still go
            failed = error
    if failed is not None:
        raise failed
