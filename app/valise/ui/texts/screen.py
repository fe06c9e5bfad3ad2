"""The workbench: texts and outline, the continuous text, amendments and internal remarks side by side."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.domain.text.model import ParagraphView, TextHead
from valise.ui import actions, fonts, theme
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.texts import allowed, layout, style, table, terms
from valise.ui.texts.amendments import AmendmentsPane
from valise.ui.texts.card import CardDelegate
from valise.ui.texts.commands import Commands
from valise.ui.texts.deciding import Deciding
from valise.ui.texts.drafts import Drafts
from valise.ui.texts.headline import FrozenStrip, Headline
from valise.ui.texts.inside import Inside
from valise.ui.texts.internal import InternalPane
from valise.ui.texts.news import News
from valise.ui.texts.open_dialog import OpenTextDialog
from valise.ui.texts.outline import OutlinePane
from valise.ui.texts.paragraphs import ParagraphModel
from valise.ui.texts.pen import PenBench
from valise.ui.texts.people import People
from valise.ui.texts.revisions import RevisionsPane
from valise.ui.texts.side import TextsSide
from valise.ui.texts.textview import TextView
from valise.ui.texts.writing import Writing
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import named
from valise.ui.widgets.notice import NoticeBar

NARROW = 820  # pixels; below them the left column makes room
PANE_MS = 25  # the right pane follows after a pause, so that a held arrow key stays instant


class TextsScreen(Screen):
    """See `valise.ui.screens.Screen`. `ref` of `open_ref` is "<text>" or "<text>#<paragraph>"."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        from valise.ui.files.bench import FilesBench  # both are built of parts of this package
        from valise.ui.seeing.bench import SeeingBench

        super().__init__(door, runner, parent)
        self.people = People(door)
        self.people.renew()
        self.text = ""
        self.head: TextHead | None = None
        self.pen = False
        self.language = "en"
        self.drafts = Drafts(door, runner, self)
        self.model = ParagraphModel(self.fetch, self)
        self.cards = CardDelegate(self.model, self.people.code, self)
        self.list = TextView(self.model, self.cards, self)
        self.amendments = AmendmentsPane(self.people, self)
        self.internal = InternalPane(self.drafts, self)
        self.revisions = RevisionsPane(self.people, self)
        self.outline = OutlinePane(self.model, self.people, self)
        self.side = TextsSide(door, self.people, self.outline, self)
        self.writing = Writing(self)
        self.commands = Commands(self)
        self.news = News(self)
        self.deciding = Deciding(self)
        self.inside = Inside(self)
        self.far = SeeingBench(self)
        self.files = FilesBench(self)
        slots = self.commands.slots() | self.inside.slots()
        self.acts = {name: actions.make(f"texts.{name}", self, slots[name]) for name in table.NAMES}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PANE_MS)
        self._soon.timeout.connect(self.show_right)
        self._build()
        self._wire()
        self._restyle()
        self._load_texts()

    # building

    def _build(self) -> None:
        act = self.acts
        self.bar = NoticeBar(self)
        self.headline = Headline(
            [[act["edit"], act["add"], act["delete"]], [act["remark"], act["goto"]]],
            [act["export"], act["returned"], act["passage"], act["copy"]],
            [act[name] for name in table.SEEING], self,
        )  # fmt: skip
        self.frozen = FrozenStrip(self)
        self.bench = PenBench(
            [(act["set"], self.tr("Edit")), (act["agree"], self.tr("Agree ad ref")), (act["park"], self.tr("Park")),
             (act["reopen"], self.tr("Reopen")), (act["revision"], self.tr("Revision")),
             (act["pass"], self.tr("Pass"))],
            self,
        )  # fmt: skip
        middle = layout.column(
            [self.headline, self.frozen, self.far.build_strip(), self.bench], self.list, self.bar, self
        )
        self.tabs = named(QTabWidget(self), self.tr("Amendments and revisions"))
        self.tabs.addTab(self.amendments, self.tr("Amendments"))
        self.tabs.addTab(self.revisions, self.tr("Revisions"))
        self.tabs.addTab(self.far.history, self.tr("History"))
        named(self.tabs.tabBar(), self.tr("Amendments and revisions"))
        self.tabs.setUsesScrollButtons(False)  # the longest words of any language end in an ellipsis
        right = layout.over(self.tabs, self.internal, self)
        self.columns = QSplitter(Qt.Orientation.Horizontal, self)
        self.columns.setObjectName("columns")
        self.columns.setChildrenCollapsible(False)
        for part, stretch in ((self.side, 0), (middle, 1), (right, 0)):
            self.columns.addWidget(part)
            self.columns.setStretchFactor(self.columns.count() - 1, stretch)
        self.side.setMinimumWidth(190)
        middle.setMinimumWidth(298)  # both fit into half of 1,280 px, beside the narrow sidebar
        right.setMinimumWidth(256)
        self.columns.setSizes([228, 652, 380])
        self.empty = EmptyState(
            "texts", self.tr("No text yet"),
            self.tr("Open a text from a document or from the clipboard. You hold its pen; everybody in the room "
                    "can propose amendments."),
            self.tr("Open a text…"), self.new, self,
        )  # fmt: skip
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.columns)
        self.stack.addWidget(self.far.page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.far.joint.build_doors()

    def _wire(self) -> None:
        self.side.chosen.connect(self.open_text)
        self.side.wanted.connect(self.new)
        self.outline.went.connect(self.list.go)
        self.list.moved.connect(self._moved)
        self.list.wanted.connect(self.commands.begin)
        self.list.doubleClicked.connect(lambda _index: self.commands.begin())
        self.amendments.picked.connect(self.commands.picked)
        self.amendments.chosen.connect(self._mark)
        self.amendments.spoken_for.connect(self.list.setFocus)
        self.drafts.failed.connect(self.bar.show_error)
        self.frozen.wanted.connect(self.deciding.open)
        self.revisions.copy.connect(self._copy_hash)
        self.revisions.silence.connect(self.far.open_silence)
        self.model.rowsAboutToBeRemoved.connect(self._rows_going)
        theme.current().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setStyleSheet(style.sheet() + self.far.sheet())
        self.cards.restyle()
        self.list.doItemsLayout()

    # the texts

    def _load_texts(self) -> None:
        rows = self.side.load()
        if not self.far.stays(rows):
            self.stack.setCurrentWidget(self.columns if rows else self.empty)
        self.count.emit(sum(row.open_proposals for row in rows if self._ours(row.id, row.pen_delegation)))
        if rows and all(row.id != self.text for row in rows):
            self.open_text(rows[0].id)

    def _ours(self, text: str, holder: str) -> bool:
        return holder == self.people.own and self.door.texts.holds_pen(text)

    def open_text(self, text: str) -> None:
        """Show another text."""
        if text == self.text:
            return
        self.writing.stash()
        self.list.close_editor()
        self.text = text
        self.amendments.choose("")
        self._read_head()
        self.cards.language = self.language
        self.cards.restyle()
        self.model.show(self.door.texts.outline(text))
        self.outline.again()
        self.side.show_current(text)
        if self.model.rowCount():
            self.list.go(0)
        self.show_right()
        self.news.opened()

    def _read_head(self) -> None:
        head = self.door.texts.head(self.text)
        self.head = head
        self.pen = self.door.texts.holds_pen(self.text)
        self.language = head.language
        self.headline.show_head(head, self.people, pen=self.pen)
        self.frozen.show_head(head, self.people)
        self.bench.setVisible(self.pen)
        self.far.show_head(head)
        self.revisions.show_head(head, pen=self.pen)
        self.tabs.setTabText(1, self.tr("Revisions ({0})").format(len(head.revisions)))

    # the paragraph

    def fetch(self, key: str) -> ParagraphView:
        """A paragraph of the text; at the title also what is proposed to stand before the first one."""
        view = self.door.texts.paragraph(self.text, key)
        fonts.current().meet(view.paragraph.words)
        if view.paragraph.section != "title":
            return view
        return replace(view, proposals=(*view.proposals, *self.door.texts.at_start(self.text)))

    def place_of_proposal(self, proposal: str) -> int:
        """Row of the paragraph an amendment is shown at, -1 for none."""
        rows = range(self.model.rowCount())
        return next((n for n in rows if any(one.id == proposal for one in self.model.view(n).proposals)), -1)

    def view(self) -> ParagraphView | None:
        """The paragraph one is at."""
        place = self.list.currentIndex().row()
        return self.model.view(place) if 0 <= place < self.model.rowCount() else None

    def _moved(self, place: int) -> None:
        self.outline.show_current(place)
        self._soon.start()

    def show_right(self) -> None:
        self._soon.stop()
        view = self.view()
        frozen = bool(self.head and self.head.frozen)
        targets = (view.paragraph.id, *(one.id for one in view.proposals)) if view else ()
        self.amendments.show_view(
            view, language=self.language, pen=self.pen, frozen=frozen,
            comments=tuple(said for one in targets for said in self.door.texts.comments(self.text, one)),
            unsent=self.list.editor is None and self.writing.unsent(view) is not None,
        )  # fmt: skip
        self._mark(self.amendments.target)
        live = sum(one.state in terms.PENDING for one in view.proposals) if view else 0
        self.tabs.setTabText(0, self.tr("Amendments ({0})").format(live))
        self.inside.show()
        self.far.show_paragraph(view)
        allowed.allow(self)

    def _mark(self, proposal: str) -> None:
        if self.cards.marked != proposal:
            self.cards.marked = proposal
            self.list.viewport().update()
        allowed.allow(self)

    def _rows_going(self, _parent: object, first: int, last: int) -> None:
        place = self.model.place(self.cards.editing) if self.list.editor is not None else -1
        if first <= place <= last:
            self.writing.give_up()

    # Screen

    def refresh(self, changes: Changes) -> None:
        if changes.contacts or changes.rooms:
            self.people.renew()
            self.outline.fill_modes()
            self.side.repaint_names()
            self.cards.restyle()
            self.list.viewport().update()
        if changes.texts or changes.rooms or changes.contacts:
            self._load_texts()
        self.far.joint.refresh(changes)
        if self.text and (self.text in changes.texts or changes.rooms or changes.contacts):
            self._follow()

    def _follow(self) -> None:
        try:
            rows = self.door.texts.outline(self.text)
        except (ValiseError, KeyError) as error:
            self.notice.emit(error if isinstance(error, ValiseError) else ValiseError("text.missing"))
            return
        self._read_head()
        look = self.list.visible_rows()
        current = self.list.currentIndex().row()
        held = self.model.row(current).id if 0 <= current < self.model.rowCount() else ""
        keys = {self.model.row(place).id for place in look} | {held, self.cards.editing}
        look = {place for place, row in enumerate(rows) if row.id in keys}
        self.model.follow(rows, look)
        if held and self.model.place(held) < 0 and self.model.rowCount():
            self.list.go(min(current, self.model.rowCount() - 1))
        self.list.lay_out()
        editor = self.list.editor
        if editor is not None and editor.mode != "add":
            place = self.model.place(self.cards.editing)
            if place >= 0 and (now := self.model.view(place).paragraph.words) != editor.base:
                editor.rebase(now)
        self.outline.again()
        self.show_right()
        self.news.changed()
        self.deciding.changed()

    def focus_first(self) -> None:
        """The text itself."""
        if self.stack.currentWidget() is self.empty:
            if self.empty.step is not None:
                self.empty.step.setFocus()
        elif self.far.looking():
            self.far.first().setFocus()
        else:
            self.list.setFocus()

    def open_ref(self, ref: str) -> None:
        """Show a text, a paragraph of it, or the paragraph an amendment belongs to."""
        text, _, inner = ref.partition("#")
        if self.side.place(text) < 0:
            return self.far.joint.open_ref(ref)
        self.far.leave()
        self.open_text(text)
        if not inner:
            return
        place = self.model.place(inner)
        if place < 0:
            place = self.place_of_proposal(inner)
        if place >= 0:
            self.list.go(place)
            self.show_right()
            if any(one.id == inner for one in self.model.view(place).proposals):
                self.amendments.choose(inner)

    def panes(self) -> list[QWidget]:
        if self.stack.currentWidget() is self.empty:
            return [self.empty.step] if self.empty.step is not None else []
        if self.far.looking():
            return self.far.panes()
        return [self.side.list, self.outline.list, self.list, self.tabs.tabBar(), self.internal.words]

    def new(self) -> None:
        """Open a text (Ctrl+N); on the page of joint statements, one of those."""
        if self.far.joint.new():
            return
        dialog = OpenTextDialog(self.door, self.runner, self)
        dialog.opened.connect(self._opened)
        dialog.open()

    def _opened(self, text: str) -> None:
        self.far.leave()
        self._load_texts()
        self.open_text(text)
        self.list.setFocus()

    def find(self) -> None:  # type: ignore[override]  # as in Screen
        """The filter of the outline (Ctrl+F)."""
        self.far.leave()
        self.side.show()
        self.outline.box.setFocus()
        self.outline.box.selectAll()

    def focus_remark(self) -> None:
        """Write an internal remark (Ctrl+M)."""
        self.internal.words.setFocus()

    def _copy_hash(self, digits: str) -> None:
        clipboard().copy(digits)
        self.bar.say(self.tr("The whole hash is on the clipboard for ten seconds."), tone="info")

    def save(self) -> None:
        """Before locking: what stands in the editors goes into the vault (the window empties the clipboard)."""
        self.writing.keep()
        self.internal.keep_words()
        self.drafts.store_now()

    def event(self, event: QEvent) -> bool:
        """A letter that nobody below took as text: an act, unless somebody is typing words."""
        if event.type() == QEvent.Type.ShortcutOverride and not self.far.looking() and self.commands.is_typing(event):
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the text and its amendments come first; Ctrl+F brings the list back."""
        super().resizeEvent(event)
        self.side.setVisible(event.size().width() >= NARROW)

    def hideEvent(self, event: QHideEvent) -> None:
        self._soon.stop()
        super().hideEvent(event)
