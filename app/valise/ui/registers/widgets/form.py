"""All fields of a row in groups, each with its editor; who asserted a value and when is said where the keyboard or the mouse is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from valise.desk.door_registers import Cell, Row
from valise.domain.register.definition import Column, Definition, Side
from valise.ui import theme
from valise.ui.registers import said
from valise.ui.registers.widgets.editing import Editor
from valise.ui.registers.widgets.picking import Around, editor_for
from valise.ui.widgets.buttons import Card, ScrollPage, button
from valise.ui.widgets.labels import SafeLabel, Words, hint, named

LINKS = ("evidence", "paragraph", "record", "url", "symbol")
LABEL = 168  # px
GROUPS = ("needed", "further", "links", "internal", "written")


def group_of(column: Column) -> str:
    """Where a field stands in the form."""
    if not column.by_hand:
        return "written"
    if column.internal:
        return "internal"
    if column.kind in LINKS:
        return "links"
    return "needed" if column.required else "further"


class FieldLine(QObject):
    """The label, the editor, and what stands there; not a widget of its own, so that all fields share one grid."""

    def __init__(self, column: Column, editor: Editor | None, parent: QWidget, settle: Callable[[str], object]) -> None:
        super().__init__(parent)
        self.column, self.editor = column, editor
        self.cell = Cell()
        title = said.term(column.title)
        self.label = Words(f"{title} *" if column.required else title, "muted", parent)
        self.label.setAccessibleName(title)
        self.label.setMinimumHeight(36)
        if column.help is not None:
            hint(self.label, said.term(column.help))
        self.shown = SafeLabel("", "", parent) if editor is None else None
        self.differs = Words("", "warn", parent)
        self.differs.hide()
        self.button = button(self.tr("Settle…"), lambda: settle(column.id), parent=parent)
        self.button.setAccessibleName(self.tr("{0}: settle which value stands").format(title))
        self.button.hide()

    def show_cell(self, cell: Cell) -> None:
        """What stands there."""
        self.cell = cell
        if self.shown is not None:
            self.shown.setText(cell.shown or "–")
        if self.editor is not None:
            self.editor.set_values(cell.values)
            self.editor.describe(said.standing(cell))
        told = ""
        if cell.differs:
            told = self.tr("{0} Different values stand").format(said.DIFFERS)
        elif cell.unfit:
            told = self.tr("{0} This is not what the field asks for").format(said.UNFIT)
        self.differs.setText(told)
        self.differs.setVisible(bool(told))
        self.button.setVisible(cell.differs)


class RowForm(ScrollPage):
    """`edited()` with every key, `at(field)` where the keyboard or the mouse is, `settle(field)` for a difference."""

    edited = Signal()
    at = Signal(str)
    settle = Signal(str)

    def __init__(self, definition: Definition, side: Side, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=860)
        self.definition, self.side = definition, side
        self.lines: dict[str, FieldLine] = {}
        self._held: dict[str, tuple[str, ...]] = {}
        self._filling = False
        self._at = ""
        self._newest: list[str] = []  # fields in the order in which they were written in
        named(self, self.tr("Fields of the row"))
        self.box.setSpacing(theme.SPACE.m)
        groups: dict[str, list[Column]] = {one: [] for one in GROUPS}
        for column in definition.columns_of(side):
            groups[group_of(column)].append(column)
        for name, columns in groups.items():
            if columns:
                self._group(name, columns, around, alone=name == "further" and not groups["needed"])
        self.box.addStretch(1)

    def _group(self, name: str, columns: Sequence[Column], around: Around, *, alone: bool) -> None:
        card = Card(self)
        titles = {
            "needed": self.tr("Needed"), "further": self.tr("Further"), "links": self.tr("Evidence and links"),
            "internal": self.tr("Internal to our delegation"), "written": self.tr("Written by the program"),
        }  # fmt: skip
        card.box.setSpacing(theme.SPACE.s)
        if not alone:
            card.box.addWidget(Words(titles[name], "strong", card))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.s)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(1, 1)
        for place, column in enumerate(columns):
            editor = editor_for(column, around, card) if column.by_hand else None
            line = FieldLine(column, editor, card, self.settle.emit)
            line.label.setFixedWidth(LABEL)
            grid.addWidget(line.label, place, 0, Qt.AlignmentFlag.AlignTop)
            body = QGridLayout()
            body.setSpacing(2)
            body.setColumnStretch(0, 1)
            body.addWidget(editor or line.shown or QWidget(card), 0, 0, 1, 2, Qt.AlignmentFlag(0))
            body.addWidget(line.differs, 1, 0)
            body.addWidget(line.button, 1, 1)
            grid.addLayout(body, place, 1)
            self.lines[column.id] = line
            if editor is not None:
                editor.changed.connect(partial(self._edited, column.id))
                for part in (editor, *editor.findChildren(QWidget)):
                    part.setProperty("field", column.id)
                    part.installEventFilter(self)
        card.box.addLayout(grid)
        self.box.addWidget(card)

    # what stands, what is changed

    def show_row(self, row: Row | None, drafted: Mapping[str, Sequence[str]] | None = None) -> None:
        """A row (None = one that is to be made), and over it what had been begun."""
        self._filling = True
        for field, line in self.lines.items():
            cell = row.cells.get(field, Cell()) if row is not None else Cell()
            line.show_cell(cell)
            self._held[field] = line.editor.values() if line.editor is not None else cell.values
        for field, values in (drafted or {}).items():
            found = self.lines.get(field)
            if found is not None and found.editor is not None:
                found.editor.set_values(list(values))
        self._filling = False
        self.edited.emit()
        if self._at:
            self.at.emit(self._at)  # what is said of it may be another thing now

    def changes(self) -> dict[str, tuple[str, ...]]:
        """Fields that say something else than what stands."""
        made = {}
        for field, line in self.lines.items():
            if line.editor is not None and line.editor.values() != self._held.get(field, ()):
                made[field] = line.editor.values()
        return made

    def missing(self) -> tuple[str, str] | None:
        """(field, why) of the first thing that keeps it from being kept; a status is not changed without its date."""
        changes = self.changes()
        for field, line in self.lines.items():
            if line.editor is None:
                continue
            title = said.brief(said.term(line.column.title))
            problem = line.editor.problem()
            if problem:
                return field, self.tr("{0}: {1}").format(title, problem)
            if line.column.required and not line.editor.values():
                return field, self.tr("{0} is needed.").format(title)
            for asked in line.column.asks if changes.get(field) else ():
                other = self.lines.get(asked)
                if other is not None and other.editor is not None and not other.editor.values():
                    return asked, self.tr("{0} is changed only together with: {1}").format(
                        title, said.brief(said.term(other.column.title)))  # fmt: skip
        return None

    def stale(self) -> tuple[str, str] | None:
        """(field, why) when a status was changed and the date it asks for is still that of what stood before."""
        changes = self.changes()
        for field in changes:
            for asked in self.lines[field].column.asks:
                line = self.lines.get(asked)
                if line is not None and asked not in changes and line.column.kind in ("date", "moment") and line.cell.values:
                    return asked, self.tr("{0} is new, but {1} is still {2}. Change it, or keep again if it holds.").format(
                        said.brief(said.term(self.lines[field].column.title)), said.brief(said.term(line.column.title)),
                        said.day_words(line.cell.values[0][:10]) or said.brief(line.cell.values[0]))  # fmt: skip
        return None

    def focus_field(self, field: str = "") -> None:
        """The keyboard to a field, else to the first."""
        line = self.lines.get(field) or next((one for one in self.lines.values() if one.editor is not None), None)
        if line is not None and line.editor is not None:
            target = line.editor.focusProxy() or line.editor
            target.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(line.editor)

    def told(self, field: str) -> str:
        """Who asserted what stands in a field, and when."""
        line = self.lines.get(field)
        if line is None:
            return ""
        standing = said.standing(line.cell)
        title = said.brief(said.term(line.column.title))
        return self.tr("{0}: {1}").format(title, standing) if standing else self.tr("{0}: nothing said yet").format(title)

    def put_back(self) -> str:
        """What was begun in a field goes back to what stands: in that with the keyboard, else in the newest. The field, or ""."""
        begun, here = self.changes(), QApplication.focusWidget()
        at = str(here.property("field") or "") if here is not None and self.isAncestorOf(here) else ""
        field = at if at in begun else next((one for one in reversed(self._newest) if one in begun), next(iter(begun), ""))
        line = self.lines.get(field)
        if line is None or line.editor is None:
            return ""
        self._filling = True
        line.editor.set_values(self._held.get(field, ()))
        self._filling = False
        self.edited.emit()
        return field

    def _edited(self, field: str) -> None:
        if not self._filling:
            self._newest = [*(one for one in self._newest if one != field), field]
            self.edited.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            field = watched.property("field")
            if field:
                self._at = str(field)
                self.at.emit(self._at)
            if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
                self.ensureWidgetVisible(watched, 0, 40)
        return super().eventFilter(watched, event)
