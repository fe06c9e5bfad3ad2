"""Ping rounds: which there were, whom each asked, what came of it; recording, closing, a report."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHeaderView, QMenu, QStackedWidget, QWidget

from valise.desk.door import Door
from valise.desk.door_pings import Reported, RoundHead, RoundRow, RoundView
from valise.ui import icons, theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.recording import Recording
from valise.ui.contacts.directory.view import DirectoryView, plain_table
from valise.ui.contacts.directory.wording import Wording
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.language import translate
from valise.ui.messages.files import suggested
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate, shorten, tip
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import pick_place
from valise.ui.widgets.labels import SafeLabel, Words, named, small
from valise.ui.widgets.times import moment

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WIDTHS = (125, 160, 140, 75, 130, 115, 115)  # with the note they fit beside the navigation on 1280 points


class RoundModel(QAbstractTableModel):
    """One row for each contact of a round."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[RoundRow, ...] = ()
        self._cells: list[tuple[str, ...]] = []

    def show(self, rows: tuple[RoundRow, ...]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.rows = rows
        self._cells = [said.cells(one) for one in rows]
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 8

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._cells[index.row()][index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: {self._cells[index.row()][index.column()]}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            name = said.ICONS[self.rows[index.row()].outcome]
            return QIcon(icons.pixmap(name, theme.tokens().text, 16, 2.0))
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if way == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("State"), self.tr("Point of contact"), self.tr("Outcome"), self.tr("Latency"), self.tr("Asked, time there"),
                    self.tr("Answered, their clock"), self.tr("Received, our clock"), self.tr("Note"))[section]  # fmt: skip
        return None


class RoundsView(DirectoryView):
    """`round_asked()` to open one, `entry_asked(contact)` to look at an entry."""

    round_asked = Signal()
    entry_asked = Signal(str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.heads: list[RoundHead] = []
        self.view: RoundView | None = None
        self._wanted = ""
        self.choose = named(QComboBox(self), self.tr("Round"))
        self.choose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choose.currentIndexChanged.connect(self._chosen)
        self.begin = button(self.tr("Open a round…"), self.round_asked.emit, kind="primary", icon="send", parent=self)
        self.report = button(self.tr("Report"), icon="download", parent=self)
        self.menu = QMenu(self.report)
        named(self.menu, self.tr("Report"))
        self.menu.addAction(self.tr("Table (CSV)…"), partial(self.choose_place, "csv"))
        self.menu.addAction(self.tr("Pages (PDF)…"), partial(self.choose_place, "pdf"))
        self.alone = self.menu.addMenu(self.tr("For one State only"))
        named(self.alone, self.tr("For one State only"))
        self.report.setMenu(self.menu)
        self.end = button(self.tr("Close the round…"), self.ask_close, parent=self)
        top = row(self.choose, None, self.end, self.report, self.begin)
        self.column.addLayout(top)
        self.stack = QStackedWidget(self)
        self.inside = QWidget(self.stack)
        self.table = plain_table(self.inside, self.tr("Contacts of the round"))
        self._fill()
        self.none = EmptyState(
            "refresh", self.tr("No round yet"),
            self.tr("A round asks points of contact to confirm their entry, and nothing else. Every six months is usual."),
            self.tr("Open a round…"), self.round_asked.emit, self.stack,
        )  # fmt: skip
        self.stack.addWidget(self.inside)
        self.stack.addWidget(self.none)
        self.column.addWidget(self.progress)
        self.column.addWidget(self.stack, 1)

    def _fill(self) -> None:
        from PySide6.QtWidgets import QVBoxLayout

        box = QVBoxLayout(self.inside)
        box.setContentsMargins(0, 0, 0, 0)
        self.exercise = ExerciseBanner(self.inside)
        self.title = SafeLabel("", "heading", self.inside)
        self.when = small("", self.inside)
        self.counted = Words("", "", self.inside)
        for one in (self.exercise, self.title, self.when, self.counted):
            box.addWidget(one)
        self.model = RoundModel(self)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(self.table.SelectionBehavior.SelectRows)
        self.table.setIconSize(QSize(16, 16))
        self.table.verticalHeader().hide()
        self.table.setWordWrap(True)
        self.table.verticalHeader().setMinimumSectionSize(34)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for place, wide in enumerate(_WIDTHS):
            self.table.setColumnWidth(place, wide)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.Alignment(Qt.TextFlag.TextWordWrap))
        head.setMinimumHeight(2 * head.fontMetrics().lineSpacing() + theme.SPACE.m)
        head.setStretchLastSection(True)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self.table.activated.connect(lambda index: self.entry_asked.emit(self.model.rows[index.row()].contact))
        box.addWidget(self.table, 1)
        self.clock = small(self.tr(
            "Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or"
            " read is no answer."), self.inside)  # fmt: skip
        box.addWidget(self.clock)
        self.show_entry = button(self.tr("Show the entry"), self._entry, icon="card", parent=self.inside)
        self.record = button(self.tr("Record an outcome…"), self.ask_record, icon="edit", parent=self.inside)
        self.take = button(self.tr("Take into the entry…"), self.ask_take, icon="check", parent=self.inside)
        box.addLayout(row(self.show_entry, self.record, self.take, None))

    # showing

    def read(self) -> None:
        wanted = self._wanted

        def both() -> tuple[list[RoundHead], RoundView | None]:
            heads = self.door.pings.rounds()
            name = wanted if any(one.id == wanted for one in heads) else heads[0].id if heads else ""
            return heads, self.door.pings.round(name, said.language()) if name else None

        self.ask(both, lambda found: self.show_round(*found))

    def show_round(self, heads: list[RoundHead], view: RoundView | None) -> None:
        """All rounds, and one of them with its rows."""
        self.heads, self.view = heads, view
        kept = self._row()
        self.choose.blockSignals(True)
        self.choose.clear()
        for one in heads:
            self.choose.addItem(said.titled(shorten(clean(one.title, lines=False), 50), one.exercise), one.id)
        self.choose.setCurrentIndex(self.choose.findData(view.head.id) if view is not None else -1)
        self.choose.blockSignals(False)
        for part in (self.choose, self.report, self.end):
            part.setVisible(view is not None)
        self.begin.setVisible(view is not None)
        self.stack.setCurrentWidget(self.inside if view is not None else self.none)
        if view is None:
            return
        head = view.head
        self._wanted = head.id
        named(self.choose, self.tr("Round: {title}").format(title=clean(head.title, lines=False)))
        self.exercise.show_exercise(head.exercise)
        self.title.setText(head.title)
        opened = self.tr("Opened {when} by {who}").format(when=isolate(moment(head.at)), who=isolate(head.officer))
        self.when.setText(" · ".join(part for part in (opened, said.state_of(head, _now()), isolate(head.forum) if head.forum else "") if part))
        self.counted.setText(translate("directory", "%n asked: {counts}", None, head.asked).format(counts=said.counts(head)))
        self.end.setEnabled(not head.closed_at)
        self.model.show(view.rows)
        self._states(view)
        place = next((n for n, one in enumerate(view.rows) if kept is not None and one.contact == kept.contact), 0)
        if view.rows:
            self.table.selectRow(place)
        self._offer()

    def open_round(self, round: str) -> None:
        """Show one round."""
        self._wanted = round
        self.read()

    def _states(self, view: RoundView) -> None:
        self.alone.clear()
        for state, name in sorted({(one.state, one.state_name) for one in view.rows}):
            self.alone.addAction(clean(f"{state} {name} (PDF)…", lines=False).replace("&", "&&"), partial(self.choose_place, "pdf", state))

    def _chosen(self, place: int) -> None:
        if place >= 0:
            self.open_round(str(self.choose.itemData(place)))

    def _row(self) -> RoundRow | None:
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def _offer(self) -> None:
        one = self._row()
        self.record.setEnabled(one is not None and one.how != "signed")
        drill = self.view is not None and self.view.head.exercise  # nothing of it goes into an entry
        confirmed = one is not None and one.outcome in ("confirmed", "late") and not one.differs and not drill
        taken = one is not None and one.taken
        self.take.setEnabled(confirmed and not taken)
        self.take.setText(
            self.tr("Taken into the entry") if taken
            else self.tr("Take the correction…") if one is not None and one.changes else self.tr("Note as confirmed…")
        )  # fmt: skip
        named(self.take, self.take.text())
        self.show_entry.setEnabled(one is not None)

    def first(self) -> QWidget:
        return self.table if self.stack.currentWidget() is self.inside else self.none.step or self

    # acting

    def _entry(self) -> None:
        if (one := self._row()) is not None:
            self.entry_asked.emit(one.contact)

    def ask_record(self) -> None:
        """What an officer found out by telephone or letter."""
        one = self._row()
        if one is None or self.view is None:
            return
        round = self.view.head.id
        dialog = Recording(self, one, self.view.head.at)

        def keep() -> None:
            told, pings = dialog.told(), self.door.pings
            self.do(lambda: pings.record(round, one.contact, **told), lambda _done: self.read())

        dialog.accepted.connect(keep)

    def ask_take(self) -> None:
        """Show what would change in the entry, then take it."""
        one = self._row()
        if one is None or self.view is None:
            return
        round, pings, contact = self.view.head.id, self.door.pings, one.contact
        words = Wording()
        lines = [f"{said.field(name)}: {isolate(words.shown(name, values)) if values else '–'}" for name, values in one.changes.items()]
        lines.append(self.tr("Last confirmed: {when}").format(when=isolate(moment(one.at))))
        Confirm(
            self, self.tr("Take this into the entry of {who}?").format(who=isolate(f"{one.state} {one.state_name}")), "\n".join(lines),
            self.tr("Take it"), lambda: self.do(lambda: pings.take(round, contact), self._taken), danger=False,
        )  # fmt: skip

    def _taken(self, _op: str) -> None:
        self.said.emit(self.tr("Taken into the entry."))
        self.read()

    def ask_close(self) -> None:
        """Nobody waits any more."""
        if self.view is None:
            return
        round, pings = self.view.head.id, self.door.pings
        Confirm(
            self, self.tr("Close this round?"),
            self.tr("Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was."),
            self.tr("Close the round"), lambda: self.do(lambda: pings.close(round), lambda _done: self.read()), danger=False,
        )  # fmt: skip

    def choose_place(self, form: str, state: str = "") -> None:
        """Ask where to write a report."""
        if self.view is not None:
            name = suggested(f"{self.view.head.title} {state}".strip() + f".{form}")
            pick_place(self, self.tr("Save the report"), name, partial(self.save, form, state))

    def save(self, form: str, state: str, path: Path) -> None:
        """Write the report to a place that was chosen."""
        if self.view is None:
            return
        round, pings = self.view.head.id, self.door.pings

        def done(made: Reported) -> None:
            self.progress.rest()
            words = translate("directory", "Saved as {file}: %Ln contacts.", None, made.rows).format(file=isolate(path.name))
            self.said.emit(words)

        self.progress.wait()
        self.do(lambda: pings.report(round, form, path, state=state, language=said.language()), done)


def _now() -> int:
    from datetime import UTC, datetime

    return int(datetime.now(UTC).timestamp() * 1000)
