"""Open a text: the room, the words from a file or pasted, title, symbol, language; what was found is shown first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.desk.views import RoomView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.contacts.trust import Names
from valise.ui.files.authors import AuthorsTable
from valise.ui.language import sentences
from valise.ui.messages.rooms import room_name
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts import terms
from valise.ui.texts.found import found_notes
from valise.ui.texts.people import People
from valise.ui.widgets import files
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import Words, heading, named
from valise.ui.widgets.notice import NoticeBar

LARGEST = 32 * 1024 * 1024  # bytes read from a file before it goes to the confined child
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
_KEYS = ("section", "label", "words", "status")
PREVIEW = 400  # paragraphs listed


class DropZone(QFrame):
    """A file by drag and drop or by a chooser. `given(path)`."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropzone")
        self.setAcceptDrops(True)
        box = QHBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        self.said = Words(self.tr("Drop a document here (Word, UN XML, text), or choose one"), "muted", self)
        box.addWidget(self.said, 1)
        self.choose = button(self.tr("Choose a file…"), self._choose, icon="folder", parent=self)
        box.addWidget(self.choose)

    def _choose(self) -> None:
        kinds = self.tr("Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)")
        pick_file(self, self.tr("Choose a document"), kinds, lambda path: self.given.emit(str(path)))

    @staticmethod
    def _path(data: QMimeData) -> str:
        urls = data.urls() if data.hasUrls() else []
        return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""

    def _over(self, over: bool) -> None:
        self.setProperty("over", over)
        self.style().unpolish(self)
        self.style().polish(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._path(event.mimeData()):
            event.acceptProposedAction()
            self._over(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._over(False)
        path = self._path(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.given.emit(path)


class OpenTextDialog(Dialog):
    """`opened(text id)` after the text was opened in its room."""

    opened = Signal(str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._paragraphs: list[dict[str, str]] = []
        self._changes: list[dict[str, Any]] = []
        self._comments: list[dict[str, Any]] = []
        self._organ = ""
        self._serial = 0
        self.setWindowTitle(self.tr("Open a text"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 680)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(heading(self.tr("Open a text for negotiation"), self))
        column.addWidget(
            Words(self.tr("You will hold the pen. Everybody in the room can read the text and propose."), "muted", self)
        )
        self.bar = NoticeBar(self)
        column.addWidget(self.bar)
        self._source(column)
        self._fields(column)
        self._preview(column)
        row = QHBoxLayout()
        self.progress = ProgressLine(self)
        row.addWidget(self.progress, 1)
        row.addWidget(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self))
        self.go = button(self.tr("Open the text"), self._open, kind="primary", parent=self)
        row.addWidget(self.go)
        column.addLayout(row)
        self._allow()

    def _source(self, column: QVBoxLayout) -> None:
        self.tabs = named(QTabBar(self), self.tr("Where the words come from"))
        self.tabs.addTab(self.tr("From a file"))
        self.tabs.addTab(self.tr("Paste"))
        self.tabs.setDrawBase(False)
        self.stack = QStackedWidget(self)
        self.zone = DropZone(self.stack)
        self.zone.given.connect(self.take_file)
        pasted = QWidget(self.stack)
        box = QHBoxLayout(pasted)
        box.setContentsMargins(0, 0, 0, 0)
        self.paste = named(QPlainTextEdit(pasted), self.tr("The words of the text, pasted"))
        self.paste.setPlaceholderText(
            self.tr("Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.")
        )
        self.paste.setTabChangesFocus(True)
        box.addWidget(self.paste, 1)
        box.addWidget(button(self.tr("Read"), self._read_pasted, parent=pasted), 0, Qt.AlignmentFlag.AlignBottom)
        self.stack.addWidget(self.zone)
        self.stack.addWidget(pasted)
        self.stack.setFixedHeight(104)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        column.addWidget(self.tabs)
        column.addWidget(self.stack)

    def _fields(self, column: QVBoxLayout) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.s)
        grid.setVerticalSpacing(6)
        self.room = named(QComboBox(self), self.tr("Room"))
        names = Names(self._door)
        for one in self._rooms():
            self.room.addItem(clean(room_name(one, names), lines=False), one.id)
        self.title = named(QLineEdit(self), self.tr("Title of the text"))
        self.title.setMaxLength(500)
        self.symbol = named(QLineEdit(self), self.tr("Symbol"))
        self.symbol.setPlaceholderText(self.tr("optional"))
        self.symbol.setMaxLength(200)
        self.language = named(QComboBox(self), self.tr("Language of the text"))
        names = {
            "en": self.tr("English"),
            "fr": self.tr("French"),
            "es": self.tr("Spanish"),
            "ru": self.tr("Russian"),
            "ar": self.tr("Arabic"),
            "zh": self.tr("Chinese"),
        }
        for tag in LANGUAGES:
            self.language.addItem(names[tag], tag)
        for place, (words, field) in enumerate(
            (
                (self.tr("Room"), self.room),
                (self.tr("Title"), self.title),
                (self.tr("Symbol"), self.symbol),
            )
        ):
            grid.addWidget(Words(words, "muted", self), place, 0)
            grid.addWidget(field, place, 1, 1, 1 if field is self.symbol else 3)
        grid.addWidget(Words(self.tr("Language"), "muted", self), 2, 2)
        grid.addWidget(self.language, 2, 3)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self.title.textChanged.connect(self._allow)

    def _preview(self, column: QVBoxLayout) -> None:
        people = People(self._door)
        people.renew()
        self.authors = AuthorsTable(people, self)
        column.addWidget(self.authors)
        self.found = Words(self.tr("What was found is shown here before anything is opened."), "small", self)
        column.addWidget(self.found)
        self.list = named(QListWidget(self), self.tr("Paragraphs found"))
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)

    def _rooms(self) -> list[RoomView]:
        return [one for one in self._door.rooms.all() if not one.blocked]

    def take_file(self, path: str) -> None:
        """Read the file on the writer thread and have it parsed by the confined child."""
        name = Path(path).name
        self.zone.said.setText(self.tr("Reading {0}…").format(isolate(name)))

        self._read(lambda: self._door.texts.read_file(name, files.read(Path(path), LARGEST)), name)

    def _read_pasted(self) -> None:
        words = self.paste.toPlainText()
        if words.strip():
            self._read(lambda: self._door.texts.read_file("pasted.txt", words.encode("utf-8", "replace")), "")

    def _read(self, call: Callable[[], dict[str, Any]], name: str) -> None:
        self._serial += 1
        serial = self._serial
        self.progress.wait()
        self._paragraphs = []
        self._allow()

        def read() -> tuple[dict[str, Any], dict[str, str]]:
            return call(), self._door.returned.authors()

        self._runner.run(
            read,
            lambda found: self._show(*found, name) if serial == self._serial else None,
            lambda error: self._failed(error, name) if serial == self._serial else None,
            owner=self,
        )

    def _failed(self, error: ValiseError, name: str) -> None:
        self.progress.rest()
        self.bar.show_error(error)
        if name:
            self.zone.said.setText(self.tr("{0} could not be read. Choose another file.").format(isolate(name)))
        self._allow()

    def _show(self, found: dict[str, Any], remembered: dict[str, str], name: str) -> None:
        self.progress.rest()
        self.bar.close_notice()
        if name:
            self.zone.said.setText(self.tr("Read: {0}").format(isolate(name)))
        self._paragraphs = [dict(one) for one in found.get("paragraphs", ())]
        self._changes = [dict(one) for one in found.get("changes", ())]
        self._comments = [dict(one) for one in found.get("comments", ())]
        self._organ = str(found.get("organ", ""))
        self.authors.show_authors((str(one["author"]) for one in (*self._changes, *self._comments)), remembered)
        for field, key in ((self.title, "title"), (self.symbol, "symbol")):
            if found.get(key):
                field.setText(clean(str(found[key]), lines=False))
        place = self.language.findData(str(found.get("language", "")).split("-")[0])
        if place >= 0:
            self.language.setCurrentIndex(place)
        self.list.clear()
        for one in self._paragraphs[:PREVIEW]:
            label, words = str(one.get("label", "")), str(one.get("words", ""))
            status = terms.status(one.get("status", "open"))
            self.list.addItem(f"{isolate(label) if label else '·'}  {isolate(shorten(words, 160))}  ({status})")
        said = [self.tr("Paragraphs found: {0}.").format(len(self._paragraphs))]
        if self._changes:
            said.append(
                self.tr("Tracked changes: {0}; each becomes a proposal of your delegation.").format(
                    len(self._changes)
                )
            )
        if self._comments:
            said.append(self.tr("Comments: {0}, kept as remarks that the room reads.").format(len(self._comments)))
        notes = found_notes(str(note) for note in found.get("lossy", ()))
        said += notes
        self.found.setText(sentences(said))
        self.found.setRole("warn" if notes else "good")
        self._allow()

    def _allow(self) -> None:
        self.go.setEnabled(bool(self._paragraphs and self.title.text().strip() and self.room.count()))

    def _open(self) -> None:
        self.go.setEnabled(False)
        self.progress.wait()
        room, title = self.room.currentData(), self.title.text().strip()
        symbol, language, organ = self.symbol.text().strip(), self.language.currentData(), self._organ
        paragraphs = [
            {key: str(one.get(key, "")) for key in (*_KEYS, *(["parent"] if one.get("parent") else []))}
            for one in self._paragraphs
        ]
        changes, comments = self._changes, self._comments
        wording, learned, unnamed = self.authors.wording(), self.authors.learned(), self.authors.word("")

        def open_() -> str:
            made = self._door.texts.open(
                room, title, symbol=symbol, organ=organ, language=language, paragraphs=paragraphs, changes=changes,
                comments=comments, named=lambda author: wording.get(author, unnamed),
            )  # fmt: skip
            if learned:
                self._door.returned.remember(learned)
            return made

        self._runner.run(
            open_,
            self._opened,
            lambda error: self._failed(error, ""),
            owner=self,
        )

    def _opened(self, text: str) -> None:
        self.opened.emit(text)
        self.accept()
