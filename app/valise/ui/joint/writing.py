"""Open a joint statement: room, title, language, words, a date; the words as they will be signed are shown before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.views import JointRow
from valise.domain import joint as rules
from valise.domain.errors import NotAllowed, ValiseError
from valise.ui import actions
from valise.ui.joint import said
from valise.ui.joint.confirm import UntilField
from valise.ui.joint.pane import HashBox, SignedWords, turn
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate
from valise.ui.texts.drafts import Drafts
from valise.ui.texts.script import direction, from_editor
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.notice import NoticeBar

KIND = "joint"  # of its drafts: the room stands for the text, the statement it replaces for the paragraph
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")


class OpenStatement(Asking):
    """`wanted(room, body)` once the words were seen as they will be signed; then `opened()` or `refused(error)`."""

    wanted = Signal(str, object)

    def __init__(
        self, rooms: Sequence[tuple[str, str]], drafts: Drafts, replaces: JointRow | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._drafts, self._old = drafts, replaces
        self._replaces = replaces.id if replaces is not None else ""
        self._body: dict[str, Any] = {}
        self.resize(720, 700)
        self.begin(
            self.tr("Joint statement"),
            self.tr("Open other words in its place") if replaces is not None else self.tr("Open a joint statement"),
        )
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._writing(rooms))
        self.pages.addWidget(self._reading())
        self.column.addWidget(self.pages, 1)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button("", self.forward, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._room = ""
        self._start()
        self.room.currentIndexChanged.connect(self._moved)
        self.title.textChanged.connect(self._typed)
        self.words.textChanged.connect(self._typed)
        self.language.currentIndexChanged.connect(self._turn_words)
        self.until.changed.connect(self._allow)
        QShortcut(actions.portable("Ctrl+Return"), self).activated.connect(self.forward)
        self._turn(0)

    # building

    def _writing(self, rooms: Sequence[tuple[str, str]]) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        self.room = named(QComboBox(page), self.tr("Room whose delegations can sign on"))
        for key, name in rooms:
            self.room.addItem(clean(name, lines=False), key)
        self.room.setEnabled(self._old is None)
        self.title = named(QLineEdit(page), self.tr("Title of the statement"))
        self.title.setMaxLength(300)
        self.language = named(QComboBox(page), self.tr("Language of the statement"))
        names = (self.tr("English"), self.tr("French"), self.tr("Spanish"), self.tr("Russian"), self.tr("Arabic"),
                 self.tr("Chinese"))  # fmt: skip
        for tag, name in zip(LANGUAGES, names, strict=True):
            self.language.addItem(name, tag)
        for place, (words, field) in enumerate(
            ((self.tr("Room"), self.room), (self.tr("Title"), self.title), (self.tr("Language"), self.language))
        ):
            grid.addWidget(Words(words, "muted", page), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self.words = named(
            QPlainTextEdit(page), self.tr("The words of the statement"), self.tr("Kept in the vault as you type")
        )
        self.words.setPlaceholderText(self.tr("The words. Everybody signs them exactly as they stand here."))
        self.words.setTabChangesFocus(True)
        column.addWidget(self.words, 1)
        self.hint = Words("", "small", page)
        column.addWidget(self.hint)
        self.until = UntilField(page)
        column.addWidget(self.until)
        return page

    def _reading(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Words(self.tr("This is what will be signed:"), "strong", page))
        self.seen_title = SafeLabel("", "heading", page)
        column.addWidget(self.seen_title)
        self.seen = SignedWords(self.tr("The words as they will be signed"), page)
        column.addWidget(self.seen, 1)
        self.changed = Words(
            self.tr("Spaces at the ends of lines and empty lines around the words were left out."), "small", page
        )
        column.addWidget(self.changed)
        self.hash = HashBox(page)
        self.hash.copy.connect(lambda: clipboard().copy(str(self._body.get("hash", ""))))
        column.addWidget(Words(self.tr("Hash"), "muted", page))
        column.addWidget(self.hash)
        self.means = Words("", "", page)
        column.addWidget(self.means)
        return page

    # drafts

    def _start(self) -> None:
        """What was being written before, or the words that are to be replaced, or nothing."""
        keys = [str(self.room.itemData(n)) for n in range(self.room.count())]
        kept = next((key for key in keys if self._drafts.read(key, self._replaces, KIND) is not None), "")
        self.room.setCurrentIndex(max(0, keys.index(kept) if kept else 0))
        self._room = self.room.currentData() or ""
        if self._old is not None:
            place = self.language.findData(self._old.language)
            if place < 0:
                self.language.addItem(clean(self._old.language, lines=False), self._old.language)
                place = self.language.count() - 1
            self.language.setCurrentIndex(place)
        if kept:
            self._load()
        elif self._old is not None:
            self.title.setText(clean(self._old.title, lines=False))
            self.words.setPlainText(self._old.words)
        self.title.setFocus()

    def _load(self) -> None:
        held = self._drafts.read(self._room, self._replaces, KIND)
        if held is None:
            return
        for field in (self.title, self.words):
            field.blockSignals(True)
        self.words.setPlainText(held[0])
        self.title.setText(held[1])
        for field in (self.title, self.words):
            field.blockSignals(False)
        self.bar.say(
            self.tr("What you wrote before is here again. Look at the language and the date: they are not kept."), tone="info",
            step=self.tr("Start anew"), slot=self._anew,
        )  # fmt: skip

    def _anew(self) -> None:
        self.bar.close_notice()
        self.title.clear()
        self.words.clear()
        self.title.setFocus()

    def _moved(self) -> None:
        """Another room: the words go along, unless something was being written for that room."""
        before, self._room = self._room, self.room.currentData() or ""
        if self._drafts.read(self._room, self._replaces, KIND) is not None:
            self._load()
        else:
            self._drafts.drop(before, self._replaces, KIND)
            self._keep()
        self._allow()

    def _keep(self) -> None:
        if self._room:
            title = from_editor(self.title.text())
            self._drafts.keep(self._room, self._replaces, KIND, from_editor(self.words.toPlainText()), title)

    # both pages

    def _typed(self) -> None:
        self._keep()
        self._turn_words()
        self._allow()

    def _turn_words(self) -> None:
        """The editor in the direction of what is written in it."""
        self.words.blockSignals(True)  # it is not another text
        turn(self.words, direction(self.words.toPlainText(), self.language.currentData()))
        self.words.blockSignals(False)

    def prepared(self) -> str:
        """The words out of the editor; a tabulator would only look like spaces."""
        return from_editor(self.words.toPlainText()).replace("\t", " ")

    def _allow(self) -> None:
        long = len(self.prepared().strip()) - rules.LONGEST
        self.hint.setText(
            translate("joint", "Too long by %n characters.", None, long) if long > 0
            else self.tr("What you write is kept in the vault until it is opened.")
        )  # fmt: skip
        whole = bool(self._room and self.title.text().strip() and self.prepared().strip())
        self.go.setEnabled(whole and long <= 0 and self.until.valid())

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        words = (
            (self.tr("Continue…"), self.tr("Cancel")) if page == 0 else (self.tr("Open for sign-on"), self.tr("Back"))
        )
        for made, text in zip((self.go, self.cancel), words, strict=True):
            made.setText(text)
            named(made, text)
        if page == 0:
            self._turn_words()
            self._allow()

    def forward(self) -> None:
        """Show what will be signed; then open it."""
        if not self.go.isEnabled():
            return
        if self.pages.currentIndex() == 1:
            self.go.setEnabled(False)
            self.wanted.emit(self._room, self._body)
            return
        try:
            self._body = rules.open_statement(
                from_editor(self.title.text()),
                self.prepared(),
                self.language.currentData(),
                self.until.value(),
                self._replaces,
            )
        except NotAllowed as error:
            self.bar.show_error(error)
            return
        self.bar.close_notice()
        self.seen_title.setText(self._body["title"])
        self.seen.show_words(self._body["words"], self._body["language"])
        self.changed.setVisible(self._body["words"] != from_editor(self.words.toPlainText()))
        self.hash.show_hash(self._body["hash"])
        room = isolate(self.room.currentText())
        means = self.tr(
            "Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new "
            "statement in their place, which everybody signs anew. Opening does not sign your own delegation on."
        ).format(room)
        if self._old is not None and said.listed(self._old):
            means += " " + self.tr("Names on the old words: {0}; none of them goes along.").format(
                said.count(self._old)
            )
        self.means.setText(means)
        self._turn(1)
        self.go.setFocus()

    def opened(self) -> None:
        """It is open: nothing has to be kept any more."""
        self._drafts.drop(self._room, self._replaces, KIND)
        self.accept()

    def refused(self, error: ValiseError) -> None:
        """It could not be opened; the words are still here."""
        self._turn(0)
        self.bar.show_error(error)

    def reject(self) -> None:
        if self.pages.currentIndex() == 1:
            self._turn(0)
            self.words.setFocus()
        else:
            super().reject()
