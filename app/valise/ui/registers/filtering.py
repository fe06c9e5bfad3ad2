"""Which rows are shown: words, what was chosen as chips one can take away, filters kept under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QToolButton, QVBoxLayout, QWidget

from valise.desk.door_registers import Filter, Saved
from valise.domain.register.definition import Definition, Side
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.look import Names
from valise.ui.registers.widgets.picking import FREE, NAMED
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import SearchBox, button, icon_button, row
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import named, small
from valise.ui.widgets.layouts import clear

PAUSE = 200  # ms without a key before words are looked for


def filterable(definition: Definition, side: Side, names: Names) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(key of Filter.only, heading, (value, words) of what it can be), for what has a list of what it can be."""
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    for axis in definition.rows:
        if axis == "record":
            continue
        listed = [(one.id, said.term(one.title)) for one in definition.items] if axis == "item" else names.of(axis)
        found.append((f"@{axis}", said.axis_name(axis), listed))
    for column in definition.columns_of(side):
        if column.kind == "choice":
            found.append((column.id, said.term(column.title), [(one.id, said.choice(one)) for one in column.choices]))
        elif column.kind == "yesno":
            found.append((column.id, said.term(column.title), [(one, said.yes_no(one)) for one in ("yes", "no")]))
        elif column.kind in NAMED and (names.of(column.kind) or column.kind not in FREE):
            found.append((column.id, said.term(column.title), names.of(column.kind)))
    return [one for one in found if one[2]]


class FilterDialog(Asking):
    """A column on the left, with a sign where something of it is ticked; what it can be on the right. `chosen(only)`."""

    chosen = Signal(object)

    def __init__(self, definition: Definition, side: Side, now: Filter, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=640)
        self.setModal(True)
        self.begin(self.tr("Filter"), said.term(definition.title))
        self.only: dict[str, tuple[str, ...]] = dict(now.only)
        self._parts = filterable(definition, side, names)
        self.columns = named(QListWidget(self), self.tr("Filter by"))
        self.box = SearchBox(self.tr("Possible values"), self)
        self.list = named(QListWidget(self), self.tr("Show rows with"), self.tr("Space ticks"))
        for part in (self.columns, self.list):
            part.setMinimumHeight(300)
            part.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.columns.setFixedWidth(210)
        self.columns.setWordWrap(True)
        for key, head, _ in self._parts:
            item = QListWidgetItem(head)
            item.setData(Qt.ItemDataRole.UserRole, key)
            self.columns.addItem(item)
        self._sign()
        right = QVBoxLayout()
        right.addWidget(self.box)
        right.addWidget(self.list)
        self.column.addLayout(row(self.columns, right))
        self.clear = button(self.tr("Take all ticks away"), self._clear, kind="quiet", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Show"), self._go, kind="primary", parent=self)
        self.column.addLayout(row(self.clear, None, self.cancel, self.go))
        self.columns.currentRowChanged.connect(lambda _row: self._fill())
        self.box.textChanged.connect(lambda _text: self._narrow())
        self.box.moved.connect(lambda _step: self.list.setFocus())
        self.box.left.connect(self.reject)
        self.list.itemChanged.connect(self._ticked)
        at = next((n for n, (key, _, _) in enumerate(self._parts) if key in self.only), 0)
        self.columns.setCurrentRow(at)
        self.columns.setFocus()

    def _key(self) -> str:
        item = self.columns.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _fill(self) -> None:
        key = self._key()
        self.list.blockSignals(True)
        self.list.clear()
        ticked = self.only.get(key)
        for value, words in [*next((one for name, _, one in self._parts if name == key), []), ("", self.tr("Nothing entered"))]:
            if key.startswith("@") and not value:
                continue
            item = QListWidgetItem(clean(words, lines=False))
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = ticked is not None and (value in ticked if ticked else not value)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)
        self.box.clear()

    def _narrow(self) -> None:
        words = self.box.text().casefold().split()
        for n in range(self.list.count()):
            item = self.list.item(n)
            item.setHidden(not all(word in item.text().casefold() for word in words))

    def _ticked(self, changed: QListWidgetItem) -> None:
        value = str(changed.data(Qt.ItemDataRole.UserRole))
        on = changed.checkState() == Qt.CheckState.Checked
        self.list.blockSignals(True)
        for n in range(self.list.count()):  # "nothing said" stands alone: the desk asks for values, or for an empty cell
            item = self.list.item(n)
            if on and (not value) != (not item.data(Qt.ItemDataRole.UserRole)):
                item.setCheckState(Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        ticked = [self.list.item(n) for n in range(self.list.count()) if self.list.item(n).checkState() == Qt.CheckState.Checked]
        values = tuple(str(one.data(Qt.ItemDataRole.UserRole)) for one in ticked)
        key = self._key()
        if not values:
            self.only.pop(key, None)
        else:
            self.only[key] = () if values == ("",) else values
        self._sign()

    def _sign(self) -> None:
        """Which columns have ticks, and how many: one sees only the values of the one one is at."""
        for n, (key, head, _) in enumerate(self._parts):
            item, many = self.columns.item(n), len(self.only[key]) or 1 if key in self.only else 0
            number = QLocale().toString(many)
            item.setText(f"✓ {head} ({number})" if many else head)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("{0}, ticked: {1}").format(head, number) if many else head)
            item.setFont(theme.font(theme.BODY_PX, bold=bool(many)))

    def _clear(self) -> None:
        self.only.clear()
        self._sign()
        self._fill()

    def _go(self) -> None:
        self.chosen.emit(dict(self.only))
        self.accept()


class FilterBar(QWidget):
    """`changed(Filter)`; `keep()`, `dropped(name)` and `took(Saved)` of filters under a name."""

    changed = Signal(object)
    keep = Signal()
    dropped = Signal(str)
    took = Signal(object)

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = names
        self.filter = Filter()
        self.definition: Definition | None = None
        self.side: Side = "stated"
        self._silent = False
        self.box = SearchBox(self.tr("Words in any field"), self)
        self.box.setFixedWidth(max(210, self.box.fontMetrics().horizontalAdvance(self.box.placeholderText()) + 62))
        self.by = icon_button("filter", self.tr("Filter by what fields say (Ctrl+Shift+F)"), self.ask, parent=self)
        self.due = self._toggle(self.tr("{0} Review due").format(said.DUE), self.tr("Only rows whose review is due"))
        self.differs = self._toggle(self.tr("{0} Differences").format(said.DIFFERS), self.tr("Only rows where different values stand"))
        self.gone = self._toggle(self.tr("Taken out"), self.tr("Rows that were taken out, instead of those that stand"))
        self.saved = QToolButton(self)
        self.saved.setText(self.tr("Kept filters"))
        self.saved.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.saved.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self.saved, self.tr("Kept filters"), self.tr("Filters under a name"))
        self.menu = named(QMenu(self.saved), self.tr("Kept filters"))
        self.saved.setMenu(self.menu)
        self.count = small("", self)
        self.count.setWordWrap(False)
        self.count.setMinimumHeight(30)
        line = Flow(spacing=4)
        for part in (self.box, self.by, self.due, self.differs, self.gone, self.saved, self.count):
            line.addWidget(part)
        self.chips = QWidget(self)
        self._flow = Flow(self.chips, theme.SPACE.xs)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.l, 4, theme.SPACE.l, 4)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self.chips)
        self.chips.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE)
        self._soon.timeout.connect(self._now)
        self.box.textChanged.connect(lambda _text: self._silent or self._soon.start())
        for part in (self.due, self.differs, self.gone):
            part.toggled.connect(lambda _on: self._now())

    def _toggle(self, words: str, help_: str) -> QToolButton:
        made = QToolButton(self)
        made.setText(words)
        made.setCheckable(True)
        made.setToolTip(help_)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return named(made, words, help_)

    @property
    def waiting(self) -> bool:
        """Words were typed that have not been looked for yet."""
        return self._soon.isActive()

    def show_for(self, definition: Definition, side: Side, filter_: Filter) -> None:
        """Another register or side."""
        self.definition, self.side = definition, side
        self.due.setVisible(definition.column("review") is not None)
        self.by.setVisible(bool(filterable(definition, side, self.names)))
        self.set_filter(filter_)

    def set_filter(self, filter_: Filter) -> None:
        """Show a filter, without announcing it."""
        self._silent = True
        self.filter = filter_
        if self.box.text().split() != filter_.words.split():
            self.box.setText(filter_.words)
        for part, on in ((self.due, bool(filter_.due)), (self.differs, filter_.differs), (self.gone, filter_.gone)):
            part.blockSignals(True)
            part.setChecked(on)
            part.blockSignals(False)
        self._silent = False
        self._soon.stop()
        self._show_chips()

    def show_saved(self, saved: Sequence[Saved]) -> None:
        """The filters kept for this register."""
        self.menu.clear()
        for one in saved:
            self.menu.addAction(isolate(one.name).replace("&", "&&")).triggered.connect(lambda _on=False, one=one: self.took.emit(one))
        if saved:
            self.menu.addSeparator()
        self.menu.addAction(self.tr("Keep this filter…")).triggered.connect(lambda _on=False: self.keep.emit())
        if saved:
            drops = named(self.menu.addMenu(self.tr("Take out")), self.tr("Take out"))
            for one in saved:
                drops.addAction(isolate(one.name).replace("&", "&&")).triggered.connect(lambda _on=False, one=one: self.dropped.emit(one.name))

    def show_count(self, words: str) -> None:
        """How many rows pass, in words."""
        self.count.setText(words)

    def ask(self) -> None:
        """Choose what fields must say."""
        if self.definition is None or self.by.isHidden():
            return
        dialog = FilterDialog(self.definition, self.side, self.filter, self.names, self)
        dialog.chosen.connect(lambda only: self._emit(replace(self.filter, only=only)))
        dialog.open()

    def _now(self) -> None:
        if not self._silent:
            self._soon.stop()
            self._emit(replace(self.filter, words=" ".join(self.box.text().split()), due=said.today() if self.due.isChecked() else "",
                               differs=self.differs.isChecked(), gone=self.gone.isChecked()))  # fmt: skip

    def _emit(self, filter_: Filter) -> None:
        if filter_ != self.filter:
            self.filter = filter_
            self._show_chips()
            self.changed.emit(filter_)

    def _show_chips(self) -> None:
        clear(self._flow)
        if self.definition is None:
            return
        by = {kind: self.names.by(kind) for kind in ("state", *NAMED)}
        by["item"] = {one.id: said.term(one.title) for one in self.definition.items}
        parts = [one for one in said.filtered(self.definition, self.filter, by) if one[0] in self.filter.only]
        for key, words in parts:
            made = button(words.replace("&", "&&"), lambda key=key: self._without(key), icon="cross", parent=self.chips)
            made.setAccessibleName(self.tr("Take this filter away: {0}").format(words))
            made.setToolTip(self.tr("Take this filter away"))
            self._flow.addWidget(made)
            made.show()
        self.chips.setVisible(bool(parts))
        self.chips.updateGeometry()

    def _without(self, key: str) -> None:
        self.by.setFocus()
        self._emit(replace(self.filter, only={one: values for one, values in self.filter.only.items() if one != key}))
