"""Which way serves which delegation, what waits and why; and choosing a way for one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import Served
from valise.ui import actions, theme
from valise.ui.exchange import keys, said
from valise.ui.exchange.table import Cell, Column, Rows, Table
from valise.ui.language import translate
from valise.ui.messages.terms import brief
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import moment

_LOUD = {"stopped": 0, "way.none": 1, "way.trouble": 2, "way.courier": 3, "unconfirmed": 4}


def order(one: Served) -> tuple[bool, int, str]:
    """Who needs a person first, then by code; our own laptops at the end."""
    return one.own, _LOUD.get(one.why, 1 if not one.ways else 5), one.code


class DelegationsPane(QWidget):
    """`export(delegations)` asks for a bundle for them, `go(screen, ref)` leads elsewhere."""

    export = Signal(object)
    go = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, bar: NoticeBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door, self.runner, self.bar = door, runner, bar
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.SPACE.s, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.stack = QStackedWidget(self)
        box.addWidget(self.stack, 1)
        self.none = EmptyState(
            "contacts", self.tr("You know no delegation yet"),
            self.tr("Open an identity card under Contacts; then it stands here how that delegation is reached."),
            self.tr("Go to Contacts"), lambda: self.go.emit("contacts", ""), self,
        )  # fmt: skip
        self.stack.addWidget(self.none)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        self.rows = Rows(
            (
                Column(self.tr("Delegation"), self._who, 160),
                Column(self.tr("Way"), self._way, 138),
                Column(self.tr("Waiting"), self._waiting, 166),
                Column(self.tr("Why"), self._why),
                Column(self.tr("Last heard"), lambda one: Cell(brief(one.heard) if one.heard else moment(0)), 124, spare=True),
            ),
            lambda one: one.delegation, said.spoken, self,
        )  # fmt: skip
        self.table = Table(
            self.tr("How each delegation is reached"), self.rows, inner,
            help_=self.tr("Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once"),
        )  # fmt: skip
        self.table.setMinimumHeight(180)
        column.addWidget(self.table, 1)
        self.what = Words("", "", inner)
        self.todo = Words("", "muted", inner)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.what)
        words.addWidget(self.todo)
        self.step = button("", self._step, parent=inner)
        self.choose = button(self.tr("Choose the way…"), self._menu_below, parent=inner)
        named(self.choose, self.tr("Choose the way for this delegation"))
        line = row(words, self.step, self.choose)
        line.setStretch(0, 1)
        column.addLayout(line)
        self.stack.addWidget(inner)
        self.acts = {
            name: actions.make(name, self.table, partial(self.choose_way, way)) for name, way in keys.CHOICES.items()
        }
        self.table.opened.connect(lambda _one: self._menu_here())
        self.table.asked.connect(lambda _one, point: self.open_menu(point))
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._settle())
        self.menu: QMenu | None = None
        self._wanted = ""
        self.stack.setCurrentWidget(inner)  # until it is known whether there is nobody
        self._settle()

    def _who(self, one: Served) -> Cell:
        more = self.tr("our other laptops") if one.own else one.name
        return Cell(isolate(one.code), isolate(more), bold=True)

    def _way(self, one: Served) -> Cell:
        sign = said.ICONS[one.ways[0]] if one.ways else "minus"
        return Cell(said.chosen(one), said.decided(one), sign)

    def _waiting(self, one: Served) -> Cell:
        if not one.waiting:
            return Cell("–", tone="muted")
        words = translate("exchange", "%n items", None, one.waiting)
        return Cell(words, self.tr("since {0}").format(brief(one.oldest)))

    def _why(self, one: Served) -> Cell:
        words, sign, tone = said.why(one)
        return Cell(words, sign=sign, tone=tone)

    def show_served(self, served: Sequence[Served]) -> None:
        """As it stands; the keyboard stays where it is."""
        found, held = sorted(served, key=order), self.table.hasFocus()
        self.rows.follow(found)
        self.stack.setCurrentIndex(1 if found else 0)
        self.table.settle()
        if found and self._wanted:
            self.table.at(self._wanted)
        elif not found and held:
            self.first().setFocus()
        self._wanted = ""
        self._settle()

    def waiting_on(self, way: str) -> list[str]:
        """Delegations that this way serves first, and for which something waits."""
        return [one.delegation for one in self.rows.rows if one.waiting and one.ways[:1] == (way,)]

    def at(self, delegation: str) -> None:
        """Be at one delegation, once it is known who there is."""
        if self.rows.rows:
            self.table.at(delegation)
        else:
            self._wanted = delegation

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self.table if self.stack.currentIndex() else self.none.step or self

    # -- the one that is chosen

    def _settle(self) -> None:
        one = self.table.row()
        there = isinstance(one, Served)
        self.choose.setEnabled(there)
        for name, way in keys.CHOICES.items():
            self.acts[name].setEnabled(there and (not way or way in one.possible))
        if not there:
            self.what.setText("")
            self.todo.setText("")
            named(self.step, self.tr("Next step"))
            self.step.hide()
            return
        what, todo = said.story(one)
        self.what.setText(what)
        self.todo.setText(todo)
        self.todo.setVisible(bool(todo))
        words = ""
        if one.why == "stopped":
            words = self.tr("Go to Contacts")
        elif one.waiting and (one.why in ("way.none", "way.trouble", "way.courier") or not one.ways):
            words = self.tr("Make a bundle…")
        self.step.setText(words)
        named(self.step, words or self.tr("Next step"))
        self.step.setVisible(bool(words))

    def _step(self) -> None:
        one = self.table.row()
        if isinstance(one, Served):
            if one.why == "stopped":
                self.go.emit("contacts", one.delegation)
            else:
                self.export.emit([one.delegation])

    def choose_way(self, way: str) -> None:
        """This way from now on; "" = automatic."""
        one = self.table.row()
        if isinstance(one, Served):  # also what seems to be chosen already: the row may be a moment old
            exchange, delegation = self.door.exchange, one.delegation
            self.runner.run(lambda: exchange.choose(delegation, way), None, self.bar.show_error, owner=self)  # type: ignore[arg-type]

    def _menu_below(self) -> None:
        self.open_menu(self.choose.mapToGlobal(self.choose.rect().bottomLeft()))

    def _menu_here(self) -> None:
        self.open_menu(self.table.viewport().mapToGlobal(self.table.visualRect(self.table.currentIndex()).center()))

    def open_menu(self, point: QPoint) -> None:
        """The ways one can choose for the delegation one is at, with their keys."""
        one = self.table.row()
        if not isinstance(one, Served):
            return
        self.menu = QMenu(self)
        named(self.menu, self.tr("Way for {0}").format(isolate(one.name)))
        for name, way in keys.CHOICES.items():
            action = self.menu.addAction(self.acts[name].icon(), self.acts[name].text())
            action.setShortcut(self.acts[name].shortcut())
            action.setShortcutVisibleInContextMenu(True)
            action.setCheckable(True)
            action.setChecked(one.chosen == way)
            action.setEnabled(not way or way in one.possible)
            action.triggered.connect(partial(self._picked, way))
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        self.menu.popup(point)

    def _picked(self, way: str, _checked: bool = False) -> None:
        self.choose_way(way)
