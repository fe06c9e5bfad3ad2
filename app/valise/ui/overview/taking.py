"""Reading a calendar: into which register, what it would change, and only then taking it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QListWidget, QRadioButton, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Preview
from valise.domain.errors import Refused, ValiseError
from valise.ui.overview import terms
from valise.ui.strings import tell
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate, shorten
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.notice import NoticeBar

REGISTERS = ("consultations", "events")
MOST = 200  # lines of the preview that are listed


class TakeDialog(Asking):
    """`taken(rows)` after it was taken. Nothing changes before that."""

    taken = Signal(int)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=620)
        self._door, self._runner = door, runner
        self.file: Path | None = None
        self.preview: Preview | None = None
        self.begin(self.tr("Read a calendar"))
        self.say(self.tr("Events of a calendar file (.ics) become rows of a register. You see what changes before anything does."))
        self.notice = NoticeBar(self)
        self.column.addWidget(self.notice)
        self.into = QButtonGroup(self)
        for place, name in enumerate(REGISTERS):
            one = named(QRadioButton(isolate(terms.register(name)).replace("&", "&&"), self), terms.register(name))
            one.setChecked(not place)
            self.into.addButton(one, place)
            self.column.addWidget(one)
        self.into.idToggled.connect(lambda _place, on: self._look() if on else None)
        self.choose = button(self.tr("Choose a file…"), self._choose, icon="folder", parent=self)
        self.name = SafeLabel("", "muted", self, wrap=False)
        self.column.addLayout(row(self.choose, self.name, None))
        self.told = Words("", "strong", self)
        self.told.hide()
        self.column.addWidget(self.told)
        self.less = Words("", "warn", self)
        self.less.hide()
        self.column.addWidget(self.less)
        self.list = named(QListWidget(self), self.tr("What it would change"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setMinimumHeight(200)
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.hide()
        self.column.addWidget(self.list)
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Take it in"), self.take, kind="primary", parent=self)
        self.go.setEnabled(False)
        self.end(self.cancel, self.go)
        self.choose.setFocus()

    def register(self) -> str:
        """The register that is chosen."""
        return REGISTERS[self.into.checkedId()]

    def _choose(self) -> None:
        pick_file(self, self.tr("Choose a calendar"), self.tr("Calendars (*.ics);;All files (*)"), self.take_file)

    def take_file(self, path: Path) -> None:
        """What was chosen."""
        self.file = path
        self.name.setText(path.name)
        self._look()

    def _look(self) -> None:
        file, register, door = self.file, self.register(), self._door
        if file is None:
            return
        self.preview = None
        self.go.setEnabled(False)
        self.notice.hide()
        self.progress.wait()
        self._runner.run(lambda: door.today.read(register, file), self._came, self._failed, owner=self)

    def _came(self, found: Preview) -> None:
        self.progress.rest()
        self.preview = found
        self.list.clear()
        new = len({one.place.row for one in found.changes if one.new_row})
        if found.total_faults:
            self.told.setText(self.tr("Nothing can be taken in yet; places to mend: {0}.").format(found.total_faults))
        elif not found.total_changes:
            self.told.setText(self.tr("Everything in this file is there already."))
        else:
            self.told.setText(self.tr("New rows: {0}. Changed fields: {1}. Unchanged: {2}.").format(
                new, sum(not one.new_row for one in found.changes), found.equal))  # fmt: skip
        for fault in found.faults[:MOST]:
            told = tell(Refused(fault.code)).happened
            self.list.addItem(self.tr("Entry {0}, {1}: {2}").format(max(1, fault.line - 1), isolate(fault.column), told))
        for one in found.changes[: MOST - len(found.faults[:MOST])]:
            before = isolate(shorten(one.before, 80)) if one.before else self.tr("empty")
            self.list.addItem(
                self.tr("{row}: {field} {before} → {after}").format(
                    row=isolate(shorten(one.title, 80)), field=isolate(self._field(one.field)), before=before,
                    after=isolate(shorten(one.after, 120)) if one.after else self.tr("empty"),
                )
            )  # fmt: skip
        self.told.show()
        self.less.setText("\n".join(self._less(found)))
        self.less.setVisible(bool(found.total_changes) and bool(self.less.text()))
        self.list.setVisible(self.list.count() > 0)
        self.go.setEnabled(not found.total_faults and bool(found.total_changes))
        self.fit()

    def _less(self, found: Preview) -> list[str]:
        """What of the file is not taken in as it stands there."""
        told = []
        if found.series:
            told.append(self.tr("Entries that repeat: {0}. Only the first time of each is taken in.").format(found.series))
        if found.floating:
            told.append(self.tr("Entries that name no time zone: {0}. Their hours are taken as UTC.").format(found.floating))
        if found.whole_days:
            told.append(self.tr("Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.").format(
                found.whole_days))  # fmt: skip
        return told

    def _field(self, name: str) -> str:
        held = next((one for one in self._door.registers.definitions() if one.id == self.register()), None)
        column = held.column(name) if held is not None else None
        return column.title.in_(terms.language()) if column is not None else name

    def take(self) -> None:
        """Take what was shown, all of it or nothing."""
        if self.preview is None or not self.go.isEnabled():
            return
        token, door = self.preview.token, self._door
        self.go.setEnabled(False)
        self.progress.wait()
        self._runner.run(lambda: door.registers.take(token), self._done, self._failed, owner=self)

    def _done(self, rows: int) -> None:
        self.progress.rest()
        self.taken.emit(rows)
        self.accept()

    def _failed(self, error: ValiseError) -> None:
        self.progress.rest()
        self.list.hide()
        self.told.hide()
        self.less.hide()
        self.notice.show_error(error)
        self.choose.setFocus()
