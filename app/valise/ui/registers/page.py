"""A register on the right of its list: sides, views, filters, rows; one row takes the place of the views."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Filter, Place
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Definition, Side, View
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.asking import BeginDialog
from valise.ui.registers.board import BoardLook
from valise.ui.registers.capacity import Totals
from valise.ui.registers.changing import Changing
from valise.ui.registers.filtering import FilterBar
from valise.ui.registers.keeping import Keeping
from valise.ui.registers.look import Look, Names, RegisterView
from valise.ui.registers.matrixview import MatrixLook
from valise.ui.registers.rowpage import RowPage
from valise.ui.registers.sides import SideFrame, SideSwitch
from valise.ui.registers.tableview import TableLook
from valise.ui.registers.timeline import TimelineLook
from valise.ui.registers.viewtabs import PLAIN, ViewTabs
from valise.ui.registers.where import Where
from valise.ui.registers.widgets.quiet import QuietLine
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import ElidedLabel, hint, named
from valise.ui.widgets.notice import NoticeBar


class RegisterPage(QWidget):
    """`went(screen, ref)` along a link, `shown(register, side)`. `definition` is None until `open_register`."""

    went = Signal(str, str)
    shown = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner = door, runner
        self.names = Names(door)
        self.definition: Definition | None = None
        self.views: list[View] = []
        self.look: Look | None = None
        self._looks: dict[tuple[str, Side], Look] = {}
        self._view_of: dict[str, str] = {}
        self.changing, self.keeping = Changing(self), Keeping(self)
        self._build()

    def _build(self) -> None:
        self.title = ElidedLabel("", self, bold=True)
        self.title.setFont(theme.font(theme.HEADING_PX, bold=True))
        self.help = QuietLine("", self)
        heads = QVBoxLayout()
        heads.setSpacing(1)
        heads.addWidget(self.title)
        heads.addWidget(self.help)
        self.sides = SideSwitch(self)
        self.sides.chosen.connect(self.use_side)
        self.new_button = button(self.tr("New"), self.new, icon="plus", kind="primary", parent=self)
        self.new_button.setToolTip(self.tr("A further row (Ctrl+N)"))
        self.more = QToolButton(self)
        self.more.setText("⋯")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self.more, self.tr("Further acts"))
        self.menu = named(QMenu(self.more), self.tr("Further acts"))
        self.more.setMenu(self.menu)
        top = row(heads, self.sides, self.new_button, self.more)
        top.setStretch(0, 1)
        top.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.m, 4)
        self.tabs = ViewTabs(self)
        self.where = Where(self.door, self)
        self.where.chosen.connect(self.use_room)
        tabs = row(self.tabs, None, self.where)
        tabs.setContentsMargins(theme.SPACE.s, 0, theme.SPACE.m, 0)
        self.bar = NoticeBar(self)
        notes = row(self.bar)
        notes.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        self.filters = FilterBar(self.names, self)
        self.table = TableLook(self.door, self.runner, self.names, self)
        self.matrix = MatrixLook(self.door, self.runner, self.names, self)
        self.board = BoardLook(self.door, self.runner, self.names, self)
        self.timeline = TimelineLook(self.door, self.runner, self.names, self)
        self.stack = QStackedWidget(self)
        for one in self.all_views():
            self.stack.addWidget(one)
            one.opened.connect(self.open_row)
            one.choose.connect(self.changing.choose)
            one.failed.connect(self.bar.show_error)
            one.counted.connect(self._counted)
            one.sort.connect(self.sort_by)
        self.table.menu.connect(self.changing.menu)
        self.empty = EmptyState("registers", "", "", self.tr("A first row"), self.new, self)
        self.none = EmptyState("filter", self.tr("No row passes this filter"), "", self.tr("Show every row"), self.clear_filter, self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.none)
        views = QWidget(self)
        inside = QVBoxLayout(views)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for part in (top, notes):
            inside.addLayout(part)
        inside.addLayout(tabs)
        inside.addWidget(self.filters)
        inside.addWidget(self.stack, 1)
        self.totals = Totals(self.door, self.runner, self)
        self.totals.failed.connect(self.bar.show_error)
        inside.addWidget(self.totals)
        self.views_page = views
        self.row_page = RowPage(self.door, self.runner, self.names, self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(views)
        self.pages.addWidget(self.row_page)
        self.frame = SideFrame(self.pages, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.frame)
        self.tabs.currentChanged.connect(self._tab)
        self.filters.changed.connect(self._filtered)
        self.filters.keep.connect(self.keeping.ask)
        self.filters.dropped.connect(self.keeping.drop)
        self.filters.took.connect(self.keeping.take)
        self.row_page.closed.connect(self.back)
        self.row_page.went.connect(self.went)
        self.row_page.did.connect(lambda op, _words: self.changing.did.append(op))

    def all_views(self) -> tuple[RegisterView, ...]:
        return self.table, self.matrix, self.board, self.timeline

    # showing

    def open_register(self, definition: Definition, *, side: Side | None = None, view: str = "") -> None:
        """Show a register, as it was left when it was shown before."""
        side = side or (self.look.side if self.look is not None and self.look.id == definition.id else definition.sides[0])
        if side not in definition.sides:
            side = definition.sides[0]
        held = self._looks.get((definition.id, side))
        self.look = replace(held, definition=definition) if held is not None else Look(definition, side)
        self.bar.close_notice()
        same = self.definition is not None and self.definition == definition
        self.definition = definition
        self.pages.setCurrentWidget(self.views_page)
        self.title.setText(said.term(definition.title))
        told = said.term(definition.help) if definition.help is not None else ""
        self.help.setText(told)
        self.help.setVisible(bool(told))
        hint(self.help, told)
        self.sides.show_sides(definition.sides, side)
        self.frame.show_side(side if "assessed" in definition.sides else "stated")
        self.filters.show_for(definition, side, self.look.filter)
        self.where.show_for(definition.shared and side == "stated", self.look.room)
        if not same:
            self.tabs.show_views(definition)
            self.views = self.tabs.views
        wanted = view or self._view_of.get(definition.id, "")
        place = next((n for n, one in enumerate(self.views) if one.id == wanted), 0)
        self._view_of[definition.id] = self.views[place].id
        self.tabs.go(place)
        self.keeping.read()
        self.read()
        self.shown.emit(definition.id, side)

    def view(self) -> View:
        """The view that is chosen; a plain one before a register is there."""
        chosen = self.views[max(0, self.tabs.currentIndex())] if self.views else PLAIN
        alone = chosen.kind == "matrix" and self.look is not None and bool(self.look.room)
        return PLAIN if alone else chosen  # a matrix is of our own record

    def widget(self) -> RegisterView:
        """What shows it."""
        return {"table": self.table, "matrix": self.matrix, "board": self.board, "timeline": self.timeline}[self.view().kind]  # type: ignore[return-value]

    def _tab(self, _place: int) -> None:
        if self.definition is None:
            return
        focused = self.stack.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() is not None else False
        self._view_of[self.definition.id] = self.view().id
        self.read()
        if focused:
            self.widget().first().setFocus()

    def use_view(self, number: int) -> None:
        """The view of this number, from 0, with the keyboard in it."""
        if 0 <= number < len(self.views) and self.in_views:
            self.tabs.setCurrentIndex(number)
            self.widget().first().setFocus()

    def read(self) -> None:
        """Ask for the rows again."""
        if self.look is None:
            return
        view = self.view()
        self._looks[self.look.id, self.look.side] = self.look
        look = self.look
        if view.only:
            look = replace(look, filter=replace(look.filter, only={**view.only, **look.filter.only}))
        self.stack.setCurrentWidget(self.widget())
        self.widget().open_look(look, view)
        self.totals.follow(look.id, look.side, look.room)

    def _counted(self, count: int) -> None:
        if self.definition is None or self.look is None or self.sender() is not self.widget():
            return
        self.filters.show_count(said.states(count) if self.view().kind == "matrix" else said.rows(count))
        current = self.stack.currentWidget()
        held = current is not None and current.isAncestorOf(focus) if (focus := self.window().focusWidget()) is not None else False
        target: QWidget = self.widget()
        if not count and self.view().kind != "matrix":
            plain = self.look.filter == Filter() and not self.view().only
            target = self.empty if plain else self.none
            alone = self.look.filter == Filter()
            self.none.sentence.setText(self.tr("No row belongs here now") if alone else self.tr("No row passes this filter"))
            if plain:
                self.empty.sentence.setText(self.tr("Nothing is in this register yet"))
                self.empty.more.setText(said.term(self.definition.help) if self.definition.help is not None else "")
                self.empty.more.setVisible(bool(self.empty.more.text()))
        if target is not current:
            self.stack.setCurrentWidget(target)
            if held:
                self.first().setFocus()

    @property
    def in_views(self) -> bool:
        """Not at one row."""
        return self.pages.currentWidget() is self.views_page

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        if not self.in_views:
            return self.row_page
        current = self.stack.currentWidget()
        if isinstance(current, EmptyState) and current.step is not None:
            return current.step
        return self.widget().first()

    def follow(self) -> None:
        """Something changed: what is shown is read anew, one stays where one is."""
        self.names.forget()
        if self.definition is None:
            return
        try:
            self.definition = self.door.registers.definition(self.definition.id)
        except ValiseError as error:
            self.bar.show_error(error)
            return
        if self.in_views:
            self.read()
        else:
            self.row_page.follow()

    # sides, filters, order

    def use_side(self, side: Side) -> None:
        """The other side: other rows, never in one table with these."""
        if self.definition is not None and side in self.definition.sides and self.in_views:
            self.open_register(self.definition, side=side)
            self.widget().first().setFocus()

    def use_room(self, room: str) -> None:
        """Our own rows, or those of a room with others."""
        if self.look is not None:
            self.look = replace(self.look, room=room)
            self.read()

    def other_side(self) -> None:
        """By key."""
        if self.look is not None and self.definition is not None and len(self.definition.sides) > 1:
            self.use_side("assessed" if self.look.side == "stated" else "stated")

    def _filtered(self, filter_: Filter) -> None:
        if self.look is not None:
            self.look = replace(self.look, filter=filter_)
            self.read()

    def set_filter(self, filter_: Filter) -> None:
        """Show these rows."""
        self.filters.set_filter(filter_)
        self._filtered(filter_)

    def clear_filter(self) -> None:
        """Every row; where the view itself leaves some out, in the first one that leaves out none."""
        self.set_filter(Filter())
        if self.view().only:
            self.tabs.setCurrentIndex(next((n for n, one in enumerate(self.views) if not one.only), 0))

    def sort_by(self, column: str) -> None:
        """By a column; again downwards, then as the view has it."""
        if self.look is None:
            return
        following = {column: f"-{column}", f"-{column}": ""}.get(self.look.sort, column)
        self.look = replace(self.look, sort=following)
        self.read()

    def use(self, filter_: Filter, sort: str, view: str) -> None:
        """A filter with its order and view, as it was kept."""
        if self.look is not None and self.definition is not None:
            self.look = replace(self.look, filter=filter_, sort=sort)
            self._looks[self.look.id, self.look.side] = self.look
            self.open_register(self.definition, view=view)

    def sort_here(self) -> None:
        """By the column one is at."""
        if self.views and self.in_views and self.widget() is self.table:
            self.table.table.sort_here()

    # rows

    def place(self) -> Place | None:
        """The row one is at."""
        here = self.widget().place if self.in_views else lambda: self.row_page.place
        return here() if self.definition is not None else None

    def open_row(self, place: Place, field: str = "") -> None:
        """Show every field of a row."""
        if self.definition is not None:
            self.pages.setCurrentWidget(self.row_page)
            self.row_page.open_row(self.definition, place, field)

    def open_here(self) -> None:
        """The row one is at."""
        place = self.place()
        if place is not None and self.in_views:
            self.open_row(place)

    def new(self) -> None:
        """A further row: of a record at once, else after asking what it is about. What is begun is asked about first."""
        if self.definition is None or self.look is None:
            return
        if not self.in_views and self.row_page.begun:
            self.row_page.leave()
            return
        definition, look = self.definition, self.look
        place = Place(definition.id, "", look.side, look.room)
        if definition.rows == ("record",):
            self.pages.setCurrentWidget(self.row_page)
            self.row_page.begin_row(definition, place, {})
            return
        at = self.place()
        about = definition.axes_of(at.row) if at is not None else {}
        dialog = BeginDialog(definition, self.names.of, self, about=dict(about))  # type: ignore[arg-type]
        dialog.chosen.connect(partial(self._begin, place))
        dialog.open()

    def _begin(self, place: Place, about: dict[str, str]) -> None:
        if self.definition is None:
            return
        if "record" in self.definition.rows:
            self.pages.setCurrentWidget(self.row_page)
            self.row_page.begin_row(self.definition, place, about)
        else:
            self.open_row(replace(place, row="/".join(about[axis] for axis in self.definition.rows)))

    def back(self) -> None:
        """From a row to the rows, and there to the same row."""
        self.pages.setCurrentWidget(self.views_page)
        if self.row_page.row is not None:
            self.widget().stand(self.row_page.row.id)
        self.read()
        self.first().setFocus()

    def undo(self) -> None:
        """What was begun in the row shown, else our own last change: of that row, or of this session."""
        self.changing.undo()

    def settle(self) -> None:
        """The first difference of the row one is at."""
        self.changing.settle()

    def take_out(self) -> None:
        """The row one is at."""
        self.changing.take_out()

    def turn_history(self) -> None:
        """The history of the row one is at."""
        self.open_here() if self.in_views else self.row_page.turn_history()

    def keep(self) -> None:
        """Ctrl+S."""
        if not self.in_views:
            self.row_page.keep()

    def panes(self) -> list[QWidget]:
        """For F6."""
        if self.in_views:
            return [self.tabs, self.filters, self.stack]
        return [self.row_page.holder, self.row_page.history]

    def save(self) -> None:
        """Before locking."""
        self.row_page.drafts.store_now()

