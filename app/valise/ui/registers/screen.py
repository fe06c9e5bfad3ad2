"""The registers: which there are on the left, one of them on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Definition
from valise.ui import actions
from valise.ui.registers import keys, refs  # noqa: F401  its actions stand in the table
from valise.ui.registers.acts import Acts
from valise.ui.registers.defining import DefineDialog, added_words
from valise.ui.registers.listing import RegisterList
from valise.ui.registers.look import written
from valise.ui.registers.page import RegisterPage
from valise.ui.screens import Screen
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import action_button

NARROW = 860  # px; below them the list makes room
GROUPS = ("registers", "commitments", "contacts")


class RegistersScreen(Screen):
    """See `valise.ui.screens.Screen`. `ref`: "register", "register/row key", "register/row key#assessed"."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._define = actions.make("registers.define", self, self.define)
        self.list = RegisterList([action_button(self._define, self)], self)
        self.list.setMinimumWidth(190)
        self.page = RegisterPage(door, runner, self)
        self.page.setMinimumWidth(420)
        self.page.went.connect(self.go)
        self.acts = Acts("registers", self, self.page)
        self.dialog: DefineDialog | None = None
        self._narrow = False
        self._counts: dict[str, int] = {}
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.list)
        self.split.addWidget(self.page)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([228, 800])
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.split)
        self.list.chosen.connect(self._chosen)
        self.list.entered.connect(lambda: self.page.first().setFocus())
        self.load()

    # which registers

    def load(self, changed: frozenset[str] | None = None) -> None:
        """Read which registers there are, and how many rows those that changed have (None = each)."""
        try:
            definitions = self.door.registers.definitions()
        except ValiseError as error:
            self.notice.emit(error)
            return
        self._show(definitions)
        asked = [one for one in definitions if changed is None or one.id in changed or one.id not in self._counts]

        def came(counts: dict[str, int]) -> None:
            self._counts = {**self._counts, **counts}
            self._show(definitions)

        self.runner.run(lambda: self._count(asked), came, self.notice.emit, owner=self)

    def _count(self, definitions: list[Definition]) -> dict[str, int]:
        return {one.id: len(self.door.registers.ids(one.id, filter=written(one))) for one in definitions}

    def _show(self, definitions: list[Definition]) -> None:
        by = {screen: [one for one in definitions if one.screen == screen] for screen in GROUPS}
        by["registers"] += [one for one in definitions if one.screen not in GROUPS]
        self.list.show_groups(
            [("", by["registers"]), (self.tr("Commitments"), by["commitments"]), (self.tr("Contacts"), by["contacts"])],
            self._counts,
        )
        if self.list.current() is None and by["registers"] + definitions:
            self.list.go((by["registers"] or definitions)[0].id)

    def _chosen(self, definition: Definition) -> None:
        if self.page.definition is None or self.page.definition.id != definition.id or not self.page.in_views:
            self.page.row_page.drafts.store()
            self.page.open_register(definition)

    def define(self) -> None:
        """Add a register from a file."""
        self.dialog = DefineDialog(self.door, self.runner, self)
        self.dialog.added.connect(self._added)
        self.dialog.open()

    def _added(self, made: Definition) -> None:
        self.load()
        self.list.box.clear()
        self.list.go(made.id)
        self.page.bar.say(added_words(made), tone="good")

    # as every screen

    def refresh(self, changes: Changes) -> None:
        if changes.registers:
            self.load(changes.registers)
        if changes.registers or changes.settings:  # States may be called otherwise
            self.page.follow()

    def focus_first(self) -> None:
        self.page.first().setFocus() if self.page.definition is not None else self.list.list.setFocus()

    def open_ref(self, ref: str) -> None:
        wanted = refs.parse(ref)
        self.list.box.clear()
        if not self.list.go(wanted.register, quiet=True):
            return
        definition = self.list.current()
        if definition is None:
            return
        self.page.open_register(definition, side=wanted.side if wanted.key else None)
        if wanted.key and definition.axes_of(wanted.key):
            self.page.open_row(Place(wanted.register, wanted.key, wanted.side, wanted.room))
        else:
            self.page.first().setFocus()

    def panes(self) -> list[QWidget]:
        return [self.list.list, *self.page.panes()]

    def new(self) -> None:
        self.page.new()

    def find(self) -> None:  # type: ignore[override]
        box = self.page.filters.box if self.page.in_views else self.list.box
        box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        box.selectAll()

    def save(self) -> None:
        self.page.save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            beside = 190 if narrow else 228
            self.split.setSizes([beside, self.width() - beside])
