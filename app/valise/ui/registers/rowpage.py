"""One row: all its fields, what was begun, what differs, its history; kept by Ctrl+S, left by Escape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Place, Row
from valise.domain.errors import ValiseError
from valise.domain.register.definition import Definition
from valise.ui import icons, theme
from valise.ui.registers import said
from valise.ui.registers.asked import AskLine, PartedLine
from valise.ui.registers.asking import ReasonDialog, SettleDialog
from valise.ui.registers.beside import Beside
from valise.ui.registers.capacity import Matches
from valise.ui.registers.drafts import RowDrafts
from valise.ui.registers.evidence import Evidence
from valise.ui.registers.history import HistoryPane
from valise.ui.registers.look import Names
from valise.ui.registers.widgets.form import RowForm
from valise.ui.registers.widgets.quiet import QuietLine
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import button, icon_button, row
from valise.ui.widgets.labels import ElidedLabel, small
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import moment


class RowPage(QWidget):
    """`closed()` when it is left, `made(Place)` when a new row was kept, `did(operation, words)` for what can be undone,
    `went(screen, ref)` along a link."""

    closed = Signal()
    made = Signal(object)
    did = Signal(str, str)
    went = Signal(str, str)

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner, self.names = door, runner, names
        self.drafts = RowDrafts(door, runner, self)
        self.evidence = Evidence(door, runner, self)
        self.around = self.evidence.around(names)
        self.definition: Definition | None = None
        self.place: Place | None = None
        self.about: dict[str, str] = {}
        self.row: Row | None = None
        self.form: RowForm | None = None
        self._busy = False
        self._held_good: dict[str, tuple[str, ...]] | None = None
        self.evidence.failed.connect(self._failed)
        self.evidence.went.connect(self.went)
        self.drafts.failed.connect(self._failed)
        self._build()

    def _build(self) -> None:
        self.back = button(self.tr("Back"), self.leave, icon="arrow-left", kind="quiet", parent=self)
        self._point_back()
        self.back.setToolTip(self.tr("Back to the rows (Escape)"))
        self.title = ElidedLabel("", self, bold=True)
        self.title.setFont(theme.font(theme.HEADING_PX, bold=True))
        self.changed = small("", self)
        undo = self.tr("Undo the last change of your delegation in this row (Ctrl+Z)")
        self.undo_button = icon_button("undo", undo, self.undo_last, parent=self)
        self.past = icon_button("history", self.tr("History of the row (Ctrl+Shift+H)"), self.show_history, parent=self)
        self.past.setCheckable(True)
        self.out = button(self.tr("Take out…"), self.take_out, parent=self)
        self.keep_button = button(self.tr("Keep"), self.keep, kind="primary", icon="check", parent=self)
        self.keep_button.setToolTip(self.tr("Keep what was changed (Ctrl+S)"))
        top = row(self.back, self.title, self.undo_button, self.past, self.out, self.keep_button)
        top.setStretch(1, 1)
        top.setContentsMargins(theme.SPACE.s, theme.SPACE.s, theme.SPACE.l, theme.SPACE.s)
        self.bar = NoticeBar(self)
        self.leaving = AskLine(self.tr("Not kept yet."), (
            (self.tr("Go on writing"), self._stay, "quiet"), (self.tr("Throw it away"), self._throw_away, ""),
            (self.tr("Leave it for later"), self._leave_later, ""), (self.tr("Keep it"), self._keep_and_leave, "primary"),
        ), self)  # fmt: skip
        self.leave_stay, self.leave_drop, self.leave_later, self.leave_keep = self.leaving.buttons
        self.parted = PartedLine(self.take_out, self.put_back, self)
        notes = QVBoxLayout()
        notes.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        notes.addWidget(self.bar)
        notes.addWidget(self.parted)
        notes.addWidget(self.leaving)
        self.holder = QFrame(self)
        self._held = QVBoxLayout(self.holder)
        self._held.setContentsMargins(0, 0, 0, 0)
        self.history = HistoryPane(self)
        self.history.undo.connect(self.undo)
        self.split = Beside(self.holder, self.history, self)
        self.matches = Matches(self.door, self.runner, self)
        self.matches.went.connect(self.went)
        self.matches.failed.connect(self._failed)
        self.past.setChecked(True)
        self.told = QuietLine("", self, ours=True)
        self.changed.setWordWrap(False)
        bottom = row(self.told, self.changed)
        bottom.setStretch(0, 1)
        bottom.setContentsMargins(theme.SPACE.l, 4, theme.SPACE.l, 6)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addLayout(notes)
        box.addWidget(self.split, 1)
        box.addWidget(self.matches)
        box.addLayout(bottom)

    # showing

    def open_row(self, definition: Definition, place: Place, field: str = "") -> None:
        """Show a row. An error is said by the notice, and nothing changes."""
        try:
            shown = self.door.registers.row(place, said.language())
        except ValiseError as error:
            self._failed(error)
            return
        self._show(definition, place, shown, {})
        self._read_history()
        if self.form is not None:
            self.form.focus_field(field)

    def begin_row(self, definition: Definition, place: Place, about: Mapping[str, str], words: str = "") -> None:
        """A row that is to be made; `place.row` "" for a record."""
        self._show(definition, place, None, dict(about))
        self.title.setText(words or self.tr("New: {0}").format(said.term(definition.title)))
        self.history.show_events((), definition)
        if self.form is not None:
            self.form.focus_field()

    def _show(self, definition: Definition, place: Place, shown: Row | None, about: dict[str, str]) -> None:
        same = self.definition is not None and (self.definition, self.place) == (definition, place) and self.form is not None
        self.definition, self.place, self.row, self.about = definition, place, shown, about
        self.bar.close_notice()
        self.leaving.hide()
        self.evidence.place = place
        if not same or self.form is None:
            if self.form is not None:
                self._held.removeWidget(self.form)
                self.form.hide()
                self.form.deleteLater()
            self.form = RowForm(definition, place.side, self.around, self.holder)
            self.form.edited.connect(self._edited)
            self.form.at.connect(lambda field: self.told.setText(self.form.told(field)) if self.form is not None else None)
            self.form.settle.connect(self.settle)
            self._held.addWidget(self.form)
            self.form.show()
        drafted = self.drafts.read(place)
        self.form.show_row(shown, drafted)
        if drafted:
            self.bar.say(self.tr("What you had begun here is back; it is not kept yet."), tone="info",
                         step=self.tr("Throw it away"), slot=self._drop_draft)  # fmt: skip
        self._show_head()

    def _show_head(self) -> None:
        shown = self.row
        if shown is not None:
            self.title.setText(shown.title)
            by = self.tr("Last changed by {0} · {1}").format(isolate(shown.changed_by), moment(shown.changed_at))
            self.changed.setText(by if shown.changed_at else self.tr("Nothing written yet"))
            self.out.setText(self.tr("Put back") if shown.gone else self.tr("Take out…"))
            self.out.setAccessibleName(self.out.text())
        else:
            self.changed.setText("")
        self.out.setVisible(shown is not None and bool(shown.changed_at))
        self.parted.follow(shown)
        self.matches.follow(self.place if shown is not None else None)
        self._edited()

    def follow(self) -> None:
        """The row changed meanwhile: what stands is shown anew, what was begun stays."""
        if self.definition is None or self.place is None or self.row is None or self.form is None or self._busy:
            return
        begun = self.form.changes()
        try:
            self.row = self.door.registers.row(self.place, said.language())
        except ValiseError as error:
            self._failed(error)
            return
        self.form.show_row(self.row, begun)
        self._show_head()
        self._read_history()

    def _read_history(self) -> None:
        if self.definition is None or self.place is None:
            return
        place, definition = self.place, self.definition
        self.runner.run(lambda: self.door.registers.history(place, language=said.language()),
                        lambda events: self._came(place, definition, events), self._failed, owner=self)  # fmt: skip

    def _came(self, place: Place, definition: Definition, events: Sequence[object]) -> None:
        if place == self.place:
            self.history.show_events(events, definition)  # type: ignore[arg-type]
            self._edited(store=False)

    # keeping

    @property
    def begun(self) -> bool:
        """Something says otherwise than what stands."""
        return self.form is not None and bool(self.form.changes())

    def _edited(self, store: bool = True) -> None:
        if self.form is None or self.place is None:
            return
        changes = self.form.changes()
        self.keep_button.setEnabled(bool(changes) and not self._busy)
        self.undo_button.setEnabled(bool(self.history.last_own()))
        if store and not self._busy:
            self.drafts.keep(self.place, changes)
        if not changes:
            self.leaving.hide()

    def keep(self, *, leave: bool = False) -> bool:
        """Keep what was changed; False when something is missing, and the keyboard is there."""
        if self.form is None or self.place is None or self._busy or not self.begun:
            return False
        missing = self.form.missing()
        if missing is not None:
            field, why = missing
            self.bar.say(why, tone="warn")
            self.form.focus_field(field)
            return False
        stale = self.form.stale()
        if stale is not None and self._held_good != self.form.changes():
            self._held_good = self.form.changes()
            self.bar.say(stale[1], tone="warn")
            self.form.focus_field(stale[0])
            return False
        place, values, about, new = self.place, self.form.changes(), self.about, self.row is None
        fields = self.form.lines
        for field in list(values):  # a status goes with its date in one operation
            values.update({one: fields[one].editor.values() for one in fields[field].column.asks  # type: ignore[union-attr]
                           if one in fields and fields[one].editor is not None})  # fmt: skip
        files = [one for field, ids in values.items() if fields[field].column.kind == "evidence" for one in ids]
        self._busy = True
        self.keep_button.setEnabled(False)

        def call() -> object:
            if new:
                return self.door.registers.new_row(place.register, values, side=place.side, room=place.room, about=about)
            return self.door.registers.set(place, values, files=files)

        self.runner.run(call, lambda made: self._kept(place, made, leave), self._not_kept, owner=self)
        return True

    def _kept(self, place: Place, made: object, leave: bool) -> None:
        self._busy = False
        self.drafts.drop(place)
        if isinstance(made, Place):
            self.made.emit(made)
            if self.definition is not None:
                self.open_row(self.definition, made)
            self.bar.say(self.tr("The row is kept."), tone="good")
        else:
            self.did.emit(str(made), self.tr("The row is kept."))
            if self.form is not None:
                self.form.show_row(None)
            self.follow()
            self.bar.say(self.tr("Kept."), tone="good")
        if leave:
            self.closed.emit()

    def _not_kept(self, error: ValiseError) -> None:
        self._busy = False
        self._edited()
        self._failed(error)

    def _failed(self, error: ValiseError) -> None:
        self.bar.show_error(error)

    # leaving

    def leave(self) -> None:
        """Back to the rows; asks when something is begun. It is in the vault all the same until it is thrown away."""
        if not self.begun:
            self.closed.emit()
            return
        self.bar.close_notice()
        self.leaving.show()
        self.leave_keep.setFocus()

    def _keep_and_leave(self) -> None:
        self.leaving.hide()
        self.keep(leave=True)

    def _leave_later(self) -> None:
        self.leaving.hide()
        self.drafts.store()
        self.closed.emit()

    def _throw_away(self) -> None:
        self._drop_draft()
        self.leaving.hide()
        self.closed.emit()

    def _stay(self) -> None:
        self.leaving.hide()
        if self.form is not None:
            self.form.focus_field()

    def _drop_draft(self) -> None:
        if self.place is not None and self.form is not None:
            self.form.show_row(self.row)
            self.drafts.drop(self.place)
            self.bar.close_notice()

    # other acts

    def settle(self, field: str) -> None:
        """Let one of several standing values stand, or a third."""
        if self.definition is None or self.row is None or self.place is None:
            return
        column = self.definition.column(field)
        if column is None or not self.row.cells[field].differs:
            return
        asked = [one for one in (self.definition.column(name) for name in column.asks) if one is not None]
        place = self.place
        dialog = SettleDialog(column, self.row, self.around, self, asked=asked, names=self.names.by(column.kind))
        dialog.kept.connect(lambda values, note: self._run(lambda: self.door.registers.set(place, values, note=note), self.tr("Settled.")))
        dialog.open()

    def differing(self) -> str:
        """The first field where different values stand."""
        return next((one for one, cell in self.row.cells.items() if cell.differs), "") if self.row is not None else ""

    def undo_last(self) -> None:
        """Take back our last change in this row."""
        if op := self.history.last_own():
            self.undo(op)

    def undo(self, op: str) -> None:
        """Put back what stood before; the change and its undoing both stay in the history."""
        self._run(lambda: self.door.registers.undo(op), self.tr("Undone; both stay in the history."))

    def take_out(self) -> None:
        """Take the row out with a reason, or put it back."""
        if self.place is None or self.row is None:
            return
        place = self.place
        if self.row.gone:
            self.put_back()
            return
        dialog = ReasonDialog(
            self.tr("Take out"), self.tr("Take this row out?"),
            self.tr("It is no longer shown among the rows and in no export. Its values and history stay; it can be put back."),
            self.tr("Take it out"), self,
        )  # fmt: skip
        dialog.kept.connect(lambda note: self._run(lambda: self.door.registers.take_out(place, note), self.tr("The row was taken out.")))
        dialog.open()

    def put_back(self) -> None:
        """The row is not out, or no more."""
        if (place := self.place) is not None:
            self._run(lambda: self.door.registers.put_back(place), self.tr("The row stands again."))

    def _run(self, call: object, words: str) -> None:
        def done(_result: object) -> None:
            self.follow()
            self.bar.say(words, tone="good")

        self.runner.run(call, done, self._failed, owner=self)  # type: ignore[arg-type]

    def show_history(self) -> None:
        """Show the history, or make room."""
        self.history.setVisible(self.past.isChecked())

    def turn_history(self) -> None:
        """By key: shown with the keyboard in it, or away."""
        self.past.click()
        if self.past.isChecked():
            self.history.page.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._point_back()

    def _point_back(self) -> None:
        """The arrow points to where one comes from, which is on the right where one reads from there."""
        icons.bind(self.back, "arrow-left", "accent")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.split.adapt(self.width()):  # below the fields it is shown when it is asked for
            self.past.setChecked(not self.split.narrow)
            self.show_history()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._stay() if self.leaving.isVisible() else self.leave()
            return
        super().keyPressEvent(event)
