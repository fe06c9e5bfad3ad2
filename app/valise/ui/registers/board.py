"""One column for each choice; a card goes to another column through the same dialog as a cell."""

from __future__ import annotations

from array import array
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place, Row
from valise.domain.register.definition import Column
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.cards import CardList, CardModel
from valise.ui.registers.look import Names, RegisterView, axis_columns, cell_of
from valise.ui.registers.widgets.model import TableColumn
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import Words, small
from valise.ui.widgets.layouts import clear

LEAST = 200  # px of a column


class Lane(QFrame):
    """One choice with its cards."""

    def __init__(self, value: str, title: str, list_: CardList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tile")
        self.value, self.title, self.list = value, title, list_
        self.count = small("", self)
        self.head = Words(title, "strong", self, wrap=False)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 8, 4, 4)
        box.setSpacing(4)
        head = row(self.head, None, self.count)
        head.setContentsMargins(8, 0, 8, 0)
        box.addLayout(head)
        list_.setParent(self)
        list_.setStyleSheet("QListView { background: transparent; }")
        box.addWidget(list_, 1)
        self.setMinimumWidth(LEAST)

    def show_count(self, count: int) -> None:
        """How many cards."""
        self.count.setText(str(count))
        self.list.setAccessibleName(self.tr("{0}, {1}").format(self.title, said.rows(count)))


class BoardLook(RegisterView):
    """Arrows go from card to card and from column to column; with Ctrl they take the card along."""

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, names, parent)
        self.lanes: list[Lane] = []
        self._axes: list[TableColumn] = []
        self._shape: tuple[str, str, str] = ("", "", "")
        self._inner = QWidget(self)
        self._inner.setObjectName("scrolled")
        self._line = QHBoxLayout(self._inner)
        self._line.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.m)
        self._line.setSpacing(theme.SPACE.s)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._inner)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll = scroll
        self.hint = small("", self)
        hint = row(self.hint)
        hint.setContentsMargins(theme.SPACE.l, 4, theme.SPACE.l, 0)
        self.column.addLayout(hint)
        self.column.addWidget(scroll, 1)

    def _by(self) -> Column | None:
        return self.look.definition.column(self.view.by) if self.look is not None and self.view is not None else None

    def read(self) -> None:
        by = self._by()
        if self.look is None or self.view is None or by is None:
            return
        look, view = self.look, self.view
        self._axes = axis_columns(look.definition, self.names)
        shape = (look.id, look.side, view.id)
        if shape != self._shape:
            self._shape = shape
            self._build(by)
        values, language = [lane.value for lane in self.lanes], said.language()

        def call() -> list[array[int]]:
            found = []
            for value in values:
                only = {**look.filter.only, by.id: (value,) if value else ()}
                found.append(self.door.registers.ids(
                    look.id, look.side, filter=replace(look.filter, only=only), sort=view.sort, room=look.room, language=language
                ))  # fmt: skip
            return found

        self.ask(call, self._came)

    def _build(self, by: Column) -> None:
        clear(self._line)
        self.lanes = []
        asked = [said.term(one.title) for name in by.asks if self.look is not None and (one := self.look.definition.column(name))]
        hint = self.tr("Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.")
        self.hint.setText(f"{hint} {self.tr('Asked for then: {0}.').format(', '.join(asked))}" if asked else hint)
        choices = [(one.id, said.choice(one)) for one in by.choices]
        if by.kind == "yesno":
            choices = [("yes", f"✓ {said.yes_no('yes')}"), ("no", f"✗ {said.yes_no('no')}")]
        for value, title in [("", self.tr("Nothing entered")), *choices]:
            cards = CardList(title, CardModel(self.fetch, self._more, self, title=self._head), self)
            lane = Lane(value, title, cards, self._inner)
            cards.opened.connect(lambda found: self.opened.emit(found.place))
            cards.pushed.connect(partial(self._push, lane))
            cards.left.connect(partial(self._leave, lane))
            self.lanes.append(lane)
            self._line.addWidget(lane)
            lane.show()
        if self.isVisible():
            self.first().setFocus()

    def _head(self, found: Row) -> str:
        """A narrow card has the State on its first line, the item on its second."""
        if self.look is not None and "item" in self.look.definition.rows:
            return self._axes[0].cell(found).words
        return found.title

    def _more(self, found: Row) -> str:
        if self.look is None or self.view is None:
            return ""
        parts = []
        if "item" in self.look.definition.rows:
            parts.append(isolate(self._axes[-1].cell(found).words))
        for id in self.view.columns:
            column = self.look.definition.column(id)
            if column is not None and id not in self.look.definition.title_columns:
                words = cell_of(column)(found).words
                if words:
                    parts.append(isolate(words))
        return " · ".join(parts)

    def _came(self, found: list[array[int]]) -> None:
        if len(found) != len(self.lanes):
            return
        held = self.place_row()
        total = 0
        for lane, ids in zip(self.lanes, found, strict=True):
            lane.list.cards.show(ids)
            lane.show_count(len(ids))
            lane.setVisible(bool(lane.value) or bool(ids))
            total += len(ids)
            lane.list.settle(held.id if held is not None else 0)
        self.counted.emit(total)

    def lane(self) -> Lane | None:
        """The column with the keyboard, else the first with a card."""
        return next((one for one in self.lanes if one.list.hasFocus()), None) or next(
            (one for one in self.lanes if one.list.cards.rowCount() and not one.isHidden()), self.lanes[0] if self.lanes else None)  # fmt: skip

    def place_row(self) -> Row | None:
        """The row one is at."""
        lane = self.lane()
        return lane.list.row() if lane is not None else None

    def place(self) -> Place | None:
        found = self.place_row()
        return found.place if found is not None else None

    def _near(self, lane: Lane, step: int) -> Lane | None:
        shown = [one for one in self.lanes if not one.isHidden()]
        at = shown.index(lane) + step
        return shown[at] if 0 <= at < len(shown) else None

    def _leave(self, lane: Lane, step: int) -> None:
        other = self._near(lane, step)
        if other is not None:
            other.list.settle()
            other.list.setFocus()
            self.scroll.ensureWidgetVisible(other, 20, 0)

    def _push(self, lane: Lane, found: Row, step: int) -> None:
        other = self._near(lane, step)
        by = self._by()
        if other is not None and other.value and by is not None:
            self.choose.emit(found.place, by.id, other.value)

    def first(self) -> QWidget:
        lane = self.lane()
        return lane.list if lane is not None else self
