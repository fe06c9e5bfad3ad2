"""The streamlining bench: the pen goes through what is open paragraph by paragraph, picks among like proposals, says what
becomes of each, and sends all of it at once. Until then everything can be taken back and is kept in the vault."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import TextDraft
from valise.domain.errors import ValiseError
from valise.domain.text.model import ParagraphRow, ParagraphView, TextHead
from valise.domain.text.streamline import Choice
from valise.ui.language import comma, listed, translate
from valise.ui.seeing import said
from valise.ui.seeing.picking import Pick, Picker
from valise.ui.seeing.reading import Item, ReadingList
from valise.ui.seeing.view import SeeingView
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, named

DRAFT = "bench"  # the kind under which a pick is kept in the vault


class StreamlineView(SeeingView):
    """`sent(number of paragraphs)` after the pen's operation was made; `told(sentence)` for the notice of the page."""

    sent = Signal(int)

    def __init__(self, door: Door, runner: Runner, people: People, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, people, parent)
        self.pen = False
        self._choices: dict[str, tuple[Choice, ...]] = {}
        self._names: dict[str, str] = {}
        self.picks: dict[str, Pick] = {}
        self.picker: Picker | None = None
        self.count = Words("", "small", self)
        self.column.addWidget(self.count)
        self.column.addWidget(self.progress)
        self.list = ReadingList(self.tr("Paragraphs with open amendments"), self)
        self.scroll = named(QScrollArea(self), self.tr("What is proposed, and what becomes of it"))
        self.scroll.setWidgetResizable(True)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(self.scroll)
        self.split.setSizes([380, 720])
        self.stack.addWidget(self.split)
        self.none = self.empty(
            "check-circle", self.tr("Nothing to streamline"),
            self.tr("No amendment changes words of a paragraph at present. New ones appear here when they come."),
        )  # fmt: skip
        self.column.addWidget(self.stack, 1)
        self.undo = button(self.tr("Take back this paragraph"), self.take_back, icon="undo", parent=self)
        self.send = button(self.tr("Send"), self.send_all, kind="primary", icon="check", parent=self)
        self.waits = Words("", "warn", self)
        line = row(self.undo, self.waits, self.send)
        line.setStretch(1, 1)
        self.column.addLayout(line)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show())
        self.list.went.connect(lambda _key: self._into())

    # reading

    def open_head(self, head: TextHead) -> None:
        if self.head is None or self.head.id != head.id:
            self.picks.clear()
        super().open_head(head)

    def read(self) -> None:
        if self.head is None:
            return
        text, known = self.head.id, set(self.picks)

        def call() -> Any:
            choices = self.door.seeing.choices(text)
            here = dict.fromkeys(one.paragraph for one in choices)
            kept = {key: self.door.texts.draft(text, key, DRAFT) for key in here if key not in known}
            return choices, self.door.texts.outline(text), kept, self.door.texts.holds_pen(text)

        self.ask(call, self._came)

    def _came(
        self, answer: tuple[tuple[Choice, ...], list[ParagraphRow], dict[str, TextDraft | None], bool]
    ) -> None:
        choices, outline, kept, self.pen = answer
        self._names = {one.id: said.label(one.label, one.section) for one in outline}
        self._choices = {}
        for one in choices:
            self._choices[one.paragraph] = (*self._choices.get(one.paragraph, ()), one)
        for key, draft in kept.items():
            if draft is not None and (pick := Pick.read(draft.words)) is not None:
                self.picks[key] = pick
        for key, pick in list(self.picks.items()):
            here = self._choices.get(key)
            if here is None or here[0].words != pick.base:  # the paragraph is no longer the one that was picked in
                del self.picks[key]
        self.stack.setCurrentWidget(self.split if self._choices else self.none)
        self._list()
        self._show()

    def _list(self) -> None:
        items = []
        for key, here in self._choices.items():
            options = sum(len(one.options) for one in here)
            amendments = sum(len(option.proposals) for one in here for option in one.options)
            alike = any(option.like for one in here for option in one.options)
            readings = translate("seeing", "%n readings", None, options)
            note = f"{terms.amendments(amendments)}{comma()}{readings}"
            if alike:
                note = self.tr("{0}, some nearly alike").format(note)
            pick = self.picks.get(key)
            if pick is not None:
                note = self.tr("{0} · picked, not sent").format(note)
            sign, tone = ("●", "accent") if pick is not None else ("○", "muted")
            items.append(Item(key, sign, tone, isolate(self._names.get(key, "")), note))
        self.list.show_items(items, self.head.language if self.head else "en")
        self._allow()

    # picking

    def current(self) -> str:
        """The paragraph one is at, "" for none."""
        one = self.list.current()
        return one.key if one is not None else ""

    def _show(self) -> None:
        key = self.current()
        if self.head is None or key not in self._choices:
            self.scroll.setWidget(QWidget())
            self.picker = None
            return
        try:
            view = self.door.texts.paragraph(self.head.id, key)
        except ValiseError as error:
            self.failed.emit(error)
            return
        self._open(view, self._choices[key])

    def _open(self, view: ParagraphView, here: tuple[Choice, ...]) -> None:
        key = view.paragraph.id
        language = self.head.language if self.head else "en"
        picker = Picker(view, here, self.picks.get(key), self.people, language, self.pen)
        picker.changed.connect(lambda: self._picked(key, picker))
        self.picker = picker
        frame = QFrame()
        frame.setObjectName("scrolled")
        box = QVBoxLayout(frame)
        box.setContentsMargins(14, 4, 14, 14)
        box.addWidget(picker)
        box.addStretch(1)
        self.scroll.setWidget(frame)
        self._allow()

    def _into(self) -> None:
        if self.picker is not None:
            self.picker.first().setFocus()

    def _picked(self, key: str, picker: Picker) -> None:
        if picker is not self.picker or self.head is None:
            return
        pick = picker.pick()
        if pick is None:
            self.picks.pop(key, None)
        else:
            self.picks[key] = pick
        self._keep(key, pick)
        place = self.list.entries.items
        if any(one.key == key and (one.sign == "●") != (pick is not None) for one in place):
            quiet = self.list.selectionModel().blockSignals(True)
            self._list()
            self.list.selectionModel().blockSignals(quiet)
        self._allow()

    def _keep(self, key: str, pick: Pick | None) -> None:
        """In the vault a moment later: a pick outlives the lock and a crash."""
        assert self.head is not None
        text, texts = self.head.id, self.door.texts
        draft = TextDraft(text, key, DRAFT, pick.write() if pick else "", "")
        self.runner.run(lambda: texts.save_draft(draft), lambda _none: None, self.failed.emit, owner=self)

    def take_back(self) -> None:
        """Nothing is picked in this paragraph any more."""
        key = self.current()
        if self.picks.pop(key, None) is not None:
            self._keep(key, None)
            self._list()
            self._show()

    # sending

    def missing(self) -> list[str]:
        """Paragraphs that are picked in and have amendments without an answer."""
        return [key for key, pick in self.picks.items() if not pick.complete]

    def _allow(self) -> None:
        missing = self.missing()
        self.undo.setEnabled(self.current() in self.picks)
        self.send.setEnabled(self.pen and bool(self.picks) and not missing)
        count = len(self.picks)
        self.send.setText(
            translate("seeing", "Send %n paragraphs", None, count) if count else self.tr("Send")
        )
        self.send.setAccessibleName(self.send.text())
        names = listed(isolate(self._names.get(key, "")) for key in missing[:6])
        self.waits.setText(self.tr("Without an answer: {0}").format(names) if missing else "")
        if not self.pen:
            self.waits.setText(self.tr("Only who holds the pen can send; you can look."))
        self.count.setText(
            self.tr("Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent"
                    " before you send it, and nobody's words are dropped without an answer.").format(len(self._choices))
            if self._choices else ""
        )  # fmt: skip

    def send_all(self) -> None:
        """One operation of the pen for everything that is picked."""
        if self.head is None or not self.send.isEnabled():
            return
        text, picks, texts = self.head.id, dict(self.picks), self.door.texts
        edits = [
            {"op": "words", "paragraph": key, "words": pick.words}
            for key, pick in picks.items()
            if pick.words != pick.base
        ]
        given = [one for pick in picks.values() for one in pick.dispositions()]
        self.send.setEnabled(False)

        def call() -> str:
            made = texts.merge(text, edits, given)
            for key in picks:
                texts.drop_draft(text, key, DRAFT)
            return made

        def done(_made: str) -> None:
            for key in picks:
                self.picks.pop(key, None)
            self.sent.emit(len(picks))
            self.read()

        def failed(error: ValiseError) -> None:
            self.failed.emit(error)
            self._allow()

        self.runner.run(call, done, failed, owner=self)

    def first(self) -> QWidget:
        return self.list if self.stack.currentWidget() is self.split else self
