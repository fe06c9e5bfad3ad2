"""Commitments: norms and confidence-building measures, one page each, and the matrices of States."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Definition, Side
from valise.ui import actions, theme
from valise.ui.commitments import keys  # noqa: F401  its actions stand in the table
from valise.ui.commitments.listing import CommitmentList, Line
from valise.ui.commitments.page import ItemPage
from valise.ui.registers import refs
from valise.ui.registers.acts import Acts
from valise.ui.registers.page import RegisterPage
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.notice import NoticeBar

NARROW = 900  # px


class CommitmentsScreen(Screen):
    """See `valise.ui.screens.Screen`. `ref`: "norms" (its matrix), "norms/f" (its page), "norms/XB/f" (a row)."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.definitions: list[Definition] = []
        self._narrow = False
        self._home = False  # from a row back to the page it was opened from
        self.bar = NoticeBar(self)
        self.list = CommitmentList(self)
        self.list.setMinimumWidth(200)
        self.page = ItemPage(door, runner, self)
        self.rows = RegisterPage(door, runner, self)
        self.none = EmptyState("commitments", self.tr("No norms or measures are here"), self.tr("Their registers come with the program."),
                               parent=self)  # fmt: skip
        self.stack = QStackedWidget(self)
        for part in (self.page, self.rows, self.none):
            self.stack.addWidget(part)
        right = QWidget(self)
        right.setMinimumWidth(420)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        notes = row(self.bar)
        notes.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        column.addLayout(notes)
        column.addWidget(self.stack, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(right)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([248, 800])
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.split)
        self.acts = Acts("commitments", self, self.rows)
        for act, slot in (("matrix", self.matrix), ("own", self.page.open_own), ("next", lambda: self.list.step(1)),
                          ("before", lambda: self.list.step(-1)), ("library", self.page._library)):  # fmt: skip
            actions.make(f"commitments.{act}", self, slot)
        self.list.chosen.connect(self._chosen)
        self.list.entered.connect(self.focus_first)
        self.page.opened.connect(self._open_row)
        self.page.matrix.connect(self.matrix)
        self.page.library.connect(lambda symbol: self.go.emit("library", symbol))
        self.page.failed.connect(self.bar.show_error)
        self.rows.went.connect(self.go)
        self.rows.row_page.closed.connect(self._closed)
        self.load()

    def load(self) -> None:
        """Read which norms and measures there are."""
        try:
            self.definitions = [one for one in self.door.registers.definitions() if one.screen == "commitments"]
        except ValiseError as error:
            self.notice.emit(error)
            return
        self.list.show_definitions(self.definitions)
        if not self.definitions:
            self.stack.setCurrentWidget(self.none)
        elif self.list.current() is None:
            first = self.definitions[0]
            self.list.go(first.id, first.items[0].id if first.items else "")

    # where one is

    def _chosen(self, line: Line) -> None:
        self.bar.close_notice()
        self._home = False
        if line.item is not None:
            self.stack.setCurrentWidget(self.page)
            self.page.open_item(line.definition, line.item)
        else:
            self._show_rows(line.definition)

    def _show_rows(self, definition: Definition, side: Side | None = None) -> None:
        self.stack.setCurrentWidget(self.rows)
        self.rows.open_register(definition, side=side, view=self._matrix_of(definition) if self.rows.definition != definition else "")

    @staticmethod
    def _matrix_of(definition: Definition) -> str:
        return next((one.id for one in definition.views if one.kind == "matrix"), "")

    def matrix(self) -> None:
        """From a page to the matrix, at this item and our own State; from the matrix to the page of the item one is at."""
        line = self.list.current()
        if line is None:
            return
        definition = line.definition
        if line.item is not None and self.stack.currentWidget() is self.page:
            item = line.item.id
            self.list.go(definition.id, quiet=True)
            self._show_rows(definition, self.page.side)
            wanted = self._matrix_of(definition)
            if wanted and self.rows.view().id != wanted:
                self.rows.use_view(next(n for n, one in enumerate(self.rows.views) if one.id == wanted))
            self.rows.matrix.go_to(self.door.me().code, item)
            self.rows.first().setFocus()
            return
        place = self.rows.place()
        item = definition.axes_of(place.row).get("item", "") if place is not None else ""
        if definition.item(item) is not None:
            self.list.go(definition.id, item)
            self.focus_first()

    def _open_row(self, place: Place) -> None:
        definition = next((one for one in self.definitions if one.id == place.register), None)
        if definition is None:
            return
        item = self.list.current()
        self._show_rows(definition, place.side)
        self.rows.open_row(place)
        self._home = item is not None and item.item is not None

    def _closed(self) -> None:
        line = self.list.current()
        if self._home and line is not None and line.item is not None:
            self._home = False
            self.stack.setCurrentWidget(self.page)
            self.page.open_item(line.definition, line.item)
            self.focus_first()

    # as every screen

    def refresh(self, changes: Changes) -> None:
        if not (changes.registers or changes.settings or (changes.status and not self.definitions)):
            return
        self.load()
        self.page.names.forget()
        if self.stack.currentWidget() is self.page:
            self.page.read()
        else:
            self.rows.follow()

    def focus_first(self) -> None:
        current = self.stack.currentWidget()
        (self.page.first() if current is self.page else self.rows.first() if current is self.rows else self.list.list).setFocus()

    def open_ref(self, ref: str) -> None:
        wanted = refs.parse(ref)
        register, key = wanted.register, wanted.key
        definition = next((one for one in self.definitions if one.id == register), None)
        if definition is None:
            return
        self.list.box.clear()
        if definition.item(key) is not None or not key:
            self.list.go(register, key)
            line = self.list.current()
            if line is not None:
                self._chosen(line)
            self.focus_first()
            return
        axes = definition.axes_of(key)
        if axes:
            self.list.go(register, axes.get("item", ""), quiet=True)
            self._open_row(Place(register, key, wanted.side, wanted.room))

    def panes(self) -> list[QWidget]:
        inside = self.page.panes() if self.stack.currentWidget() is self.page else self.rows.panes()
        return [self.list.list, *inside]

    def new(self) -> None:
        if self.stack.currentWidget() is self.rows:
            self.rows.new()
        else:
            self.page.open_own()

    def find(self) -> None:  # type: ignore[override]
        rows = self.stack.currentWidget() is self.rows and self.rows.in_views
        box = self.rows.filters.box if rows else self.list.box
        box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        box.selectAll()

    def save(self) -> None:
        self.rows.save()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.stack.currentWidget() is self.rows and self.rows.in_views:
            self.matrix()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            beside = 200 if narrow else 248
            self.split.setSizes([beside, self.width() - beside])
