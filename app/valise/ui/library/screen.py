"""The library: documents on the left, a search in the middle, beside it the passage where it stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.library import ENDINGS, Found, Imported, Passage, Source
from valise.domain.errors import ValiseError
from valise.ui import actions, theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.language import translate
from valise.ui.library import keys, said  # noqa: F401  its actions stand in the table
from valise.ui.library.documents import DocumentsPane
from valise.ui.library.finding import Finder
from valise.ui.library.importing import Importer
from valise.ui.library.reading_pane import ReadingPane
from valise.ui.library.report import ImportReport
from valise.ui.library.results import HitList, card
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate, unmarked
from valise.ui.widgets import files
from valise.ui.widgets.buttons import ProgressLine, SearchBox, action_button, button, icon_button, row
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words
from valise.ui.widgets.notice import NoticeBar

NARROW = 800  # pixels; below them the documents make room


class LibraryScreen(Screen):
    """See `valise.ui.screens.Screen`. `ref` of `open_ref` is what is searched."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._sources: dict[int, Source] = {}
        self.picking: QFileDialog | None = None
        self.report: Imported | None = None  # of the last import
        self.importer = Importer(door, runner, self)
        self.finder = Finder(door, runner, self)
        make = actions.make
        self._folder = make("library.folder", self, self.import_folder)
        self._cancel = make("library.cancel", self, self.importer.cancel)
        self._cancel.setEnabled(False)
        self._copy = make("library.copy", self, self.copy)
        make("library.filter", self, self._filter)
        self._build()
        self._wire()
        self.load()

    # building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self.bar = NoticeBar(self)
        box.addWidget(self.bar)
        box.addWidget(self._strip())
        self._files = icon_button("upload", self.tr("Import files (Ctrl+N)"), self.new, parent=self)
        self.documents = DocumentsPane([self._files, action_button(self._folder, self)], self)
        self._drop = actions.make("library.drop", self.documents.list, self.drop)
        self.reading = ReadingPane(self.door, self.runner, [action_button(self._copy, self)], self)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        for part, least, stretch in ((self.documents, 230, 0), (self._middle(), 280, 3), (self.reading, 240, 2)):
            part.setMinimumWidth(least)
            self.split.addWidget(part)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
        self.split.setSizes([290, 460, 400])
        self.empty = EmptyState(
            "library", self.tr("The library is empty"),
            self.tr("Valise brings no official text with it. Import the documents your delegation works with, for example "
                    "resolutions and reports as the United Nations publishes them. They stay on this laptop, in the "
                    "vault, and are found by their words, also while you write. A whole folder: Ctrl+O."),
            self.tr("Import files…"), self.new, self,
        )  # fmt: skip
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.empty)
        box.addWidget(self.stack, 1)

    def _strip(self) -> QWidget:
        self.strip = QFrame(self)
        self.strip.setObjectName("bar")
        self.progress = ProgressLine(self.strip)
        self.progress_said = Words("", parent=self.strip)
        self.cancel_button = button(self.tr("Stop"), self._cancel.trigger, parent=self.strip)
        self.cancel_button.setToolTip(self._cancel.toolTip())
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.s)
        column.addLayout(row(self.progress_said, None, self.cancel_button))
        column.addWidget(self.progress)
        self.strip.hide()
        return self.strip

    def _middle(self) -> QWidget:
        middle = QFrame(self)
        middle.setObjectName("pane")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, theme.SPACE.m, 0, 0)
        column.setSpacing(theme.SPACE.s)
        self.box = SearchBox(self.tr("Words of a draft, or A/70/174 13 (f)"), middle)
        self.said = Words("", "small", middle)
        for part in (row(self.box), row(self.said)):
            part.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
            column.addLayout(part)
        self.results = HitList(self.tr("Passages found"), self.tr("Enter goes to the passage in its document"), middle)
        column.addWidget(self.results, 1)
        return middle

    def _wire(self) -> None:
        self.box.textChanged.connect(self.finder.ask)
        self.box.moved.connect(self.results.step)
        self.box.returnPressed.connect(self._to_results)
        self.finder.found.connect(self._found)
        self.finder.failed.connect(self.bar.show_error)
        self.results.moved.connect(self._result)
        self.results.went.connect(lambda _key: self.reading.list.setFocus())
        self.documents.chosen.connect(self._document)
        self.documents.list.activated.connect(lambda _index: self.reading.list.setFocus())
        self.importer.progressed.connect(self._progress)
        self.importer.ended.connect(self._imported)
        self._say_found("", [])

    # the documents

    def load(self) -> None:
        """Read the list of documents anew."""
        self.runner.run(self.door.library.sources, self._loaded, self.bar.show_error, owner=self)

    def _loaded(self, sources: list[Source]) -> None:
        self._sources = {one.id: one for one in sources}
        self.documents.show_sources(sources)
        held = self.isAncestorOf(focus) if (focus := self.focusWidget()) is not None else False
        before = self.stack.currentWidget()
        self.stack.setCurrentWidget(self.split if sources else self.empty)
        if self.isVisible() and before is not self.stack.currentWidget() and (held or self.hasFocus()):
            self.focus_first()
        if self.box.text().strip():
            self.finder.now()

    def _document(self, source: Source | None) -> None:
        if source is not None:
            self.reading.show_passage(source)

    def drop(self) -> None:
        """Take the chosen document out, after asking."""
        one = self.documents.current()
        if one is None:
            return

        def yes() -> None:
            self.runner.run(
                lambda: self.door.library.drop(one.id),
                lambda _none: self._dropped(one),
                self.bar.show_error,
                owner=self,
            )

        Confirm(
            self, self.tr("Take {0} out of the library?").format(isolate(said.name(one))),
            self.tr("Its words are no longer found here. Your drafts and texts stay as they are; the file it came from "
                    "is not touched and can be imported again."),
            self.tr("Take it out"), yes,
        )  # fmt: skip

    def _dropped(self, one: Source) -> None:
        self.reading.clear()
        self.bar.say(self.tr("{0} is no longer in the library.").format(isolate(said.name(one))), tone="info")
        self.load()

    # searching

    def _found(self, asked: str, hits: list[Found]) -> None:
        self.results.show_hits([card(one, asked) for one in hits])
        self._say_found(asked, hits)

    def _say_found(self, asked: str, hits: list[Found]) -> None:
        same = sum(not one.hunks for one in hits)
        if not asked:
            told = self.tr("Nothing you type leaves this laptop.")
        elif not hits:
            told = self.tr("Nothing in the library is like these words.")
        elif same == len(hits):
            told = self.tr("Found as written: {0}").format(same)
        else:
            told = self.tr("Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what "
                           "stands in the document.").format(same, len(hits) - same)  # fmt: skip
        self.said.setText(told)

    def _result(self, one: Passage | None) -> None:
        source = self._sources.get(one.source) if one is not None else None
        if one is not None and source is not None:
            self.documents.go(source.id)
            self.reading.show_passage(source, one.n)

    def _to_results(self) -> None:
        if self.finder.waiting:
            self.finder.now()
        self.results.setFocus()

    def copy(self) -> None:
        """The passage one is at and where it stands, on the clipboard."""
        inside = self.reading.list if self.reading.list.hasFocus() else self.results
        one = inside.passage() or self.reading.list.passage()
        if one is None:
            self.bar.say(self.tr("Choose a paragraph first."), tone="info")
            return
        clipboard().copy(f"{unmarked(one.words)}\n({said.source(one)})")
        self.bar.say(
            self.tr("Copied: {0}.").format(isolate(said.source(one))),
            self.tr("The clipboard is emptied in ten seconds."), tone="info",
        )  # fmt: skip

    # importing

    def new(self) -> None:
        """Choose files to import (Ctrl+N)."""
        if not self._free():
            return
        patterns = " ".join(f"*{ending}" for ending in ENDINGS)
        kinds = f"{self.tr('Documents')} ({patterns});;{self.tr('All files')} (*)"
        self.picking = files.pick_file(self, self.tr("Import into the library"), kinds, lambda _path: None)
        self.picking.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.picking.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))

    def import_folder(self) -> None:
        """Choose a folder to import (Ctrl+O)."""
        if self._free():
            self.picking = files.pick_folder(self, self.tr("Import a folder into the library"), self.take_folder)

    def take(self, chosen: list[Path]) -> None:
        """Import these files."""
        self._begin()
        self.importer.files(chosen)

    def take_folder(self, folder: Path) -> None:
        """Import what is in this folder."""
        self._begin()
        self.importer.folder(folder)

    def _free(self) -> bool:
        if self.importer.busy:
            self.bar.say(self.tr("An import is under way."), self.tr("Wait for it, or stop it first."), tone="info")
        return not self.importer.busy

    def _begin(self) -> None:
        self.bar.close_notice()
        self.strip.show()
        self._cancel.setEnabled(True)
        self.cancel_button.setEnabled(True)
        self.progress.wait()
        self.progress_said.setText(self.tr("Looking for documents…"))

    def _progress(self, done: int, total: int) -> None:
        self.progress.show_progress(done, total)
        self.progress_said.setText(translate("library", "Importing: {0} of %n files", None, total).format(done))

    def _imported(self, done: Imported, error: ValiseError | None) -> None:
        self.strip.hide()
        self.progress.rest()
        self._cancel.setEnabled(False)
        self.report = done
        happened, more = said.outcome(done)
        if error is not None:
            self.bar.show_error(error)
        else:
            step = self.tr("What could not be read") if done.refused else ""
            tone = "warn" if done.refused or done.cancelled else "good"
            if not (done.added or done.known or done.refused or done.cancelled):
                happened, tone = self.tr("No document that can be read is there."), "info"
            self.bar.say(happened, more, tone=tone, step=step, slot=self.show_report)
        self.load()

    def show_report(self) -> None:
        """What the last import could not read."""
        if self.report is not None:
            ImportReport(self.report, self)

    # Screen

    def focus_first(self) -> None:
        if self.stack.currentWidget() is self.empty and self.empty.step is not None:
            self.empty.step.setFocus()
        else:
            self.box.setFocus()

    def open_ref(self, ref: str) -> None:
        self.box.setText(ref)
        self.finder.now()

    def panes(self) -> list[QWidget]:
        if self.stack.currentWidget() is self.empty:
            return [self.empty.step] if self.empty.step is not None else []
        return [self.documents.list, self.box, self.results, self.reading.list]

    def find(self) -> None:  # type: ignore[override]  # as in Screen
        self.box.setFocus()
        self.box.selectAll()

    def _filter(self) -> None:
        self.documents.show()
        self.documents.box.setFocus()
        self.documents.box.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the passages come first; Ctrl+D brings the documents back."""
        super().resizeEvent(event)
        if (event.size().width() >= NARROW) != (event.oldSize().width() >= NARROW):
            self.documents.setVisible(event.size().width() >= NARROW)

    def save(self) -> None:
        """Before locking: an import ends where it is; what was taken in stays."""
        self.importer.stop()
