"""Rows come from a file: first what would change, line by line, then all of it at once; nothing while there are faults."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from valise.desk.door import Door
from valise.desk.door_registers import Change, Fault, Preview
from valise.domain.errors import Refused, ValiseError
from valise.domain.register.definition import Definition
from valise.ui.files.beside import Beside
from valise.ui.language import listed
from valise.ui.registers import said
from valise.ui.registers.asking import SideMark
from valise.ui.registers.look import Look
from valise.ui.strings import tell
from valise.ui.tasks import Progress, Runner
from valise.ui.text_safe import clean, isolate, shorten, tip
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.labels import named
from valise.ui.widgets.notice import NoticeBar

SHOWN = 1_000  # lines of a preview


class Lines(QTableWidget):
    """A read-only table of words, one line each."""

    def __init__(self, name: str, heads: list[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(heads), parent)
        named(self, name)
        self.setHorizontalHeaderLabels(heads)
        named(self.horizontalHeader(), self.tr("Headings"))
        self.verticalHeader().hide()
        named(self.verticalHeader(), self.tr("Rows"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(150)

    def fill(self, lines: list[list[str]]) -> None:
        """Replace everything."""
        self.setRowCount(len(lines))
        for n, parts in enumerate(lines):
            for m, words in enumerate(parts):
                item = QTableWidgetItem(isolate(clean(words, lines=False)[:300]))
                item.setToolTip(tip(shorten(clean(words), 300)) if len(words) > 30 else "")
                item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{self.horizontalHeaderItem(m).text()}: {clean(words, lines=False)}")
                self.setItem(n, m, item)
        if lines:
            self.setCurrentCell(0, 0)


class ImportDialog(Asking):
    """`taken(rows)` once everything is in."""

    taken = Signal(int)

    def __init__(self, door: Door, runner: Runner, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self.setModal(True)
        self._door, self._runner, self._look = door, runner, look
        self._beside = Beside(self)
        self._names: dict[str, str] = {one.id: said.term(one.title) for one in look.definition.columns}
        self.preview: Preview | None = None
        self.begin(self.tr("Import rows"), self.tr("Import: {0}").format(said.brief(said.term(look.definition.title))))
        self.column.addWidget(SideMark(look.side, self))
        self.say(self.tr("First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing."))
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.file = FileChoice(self.tr("Choose the file…"), self.tr("Import rows"), self, icon="upload", kinds=self._kinds(look.definition))
        self.file.chosen.connect(self.read)
        self.column.addWidget(self.file)
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.summary = self.say("", "strong")
        self.summary.hide()
        heads = [self.tr("Line"), self.tr("Column"), self.tr("What is wrong"), self.tr("What stands there")]
        self.faults = Lines(self.tr("Faults"), heads, self)
        self.faults.setWordWrap(True)
        self.changes = Lines(self.tr("What would change"),
                             [self.tr("Line"), self.tr("Row"), self.tr("Field"), self.tr("Before"), self.tr("After")], self)  # fmt: skip
        for part, widths in ((self.faults, (0, 130, 340)), (self.changes, (0, 210, 130, 150))):
            for place, width in enumerate(widths):
                if width:
                    part.setColumnWidth(place, width)
            part.hide()
            self.column.addWidget(part, 1)
        self.cancel = button(self.tr("Close"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Take all of it"), self._take, kind="primary", icon="check", parent=self)
        self.go.setEnabled(False)
        self.end(self.cancel, self.go)

    def _kinds(self, definition: Definition) -> str:
        written = {one.kind for one in definition.exports}
        endings = ["*.csv"] + [ending for kind, ending in (("vcard", "*.vcf"), ("ics", "*.ics")) if kind in written]
        return self.tr("Rows ({0})").format(" ".join(endings))

    def read(self, path: Path) -> None:
        """Look at a file."""
        look = self._look
        self.bar.close_notice()
        self.go.setEnabled(False)
        self.preview = None
        self.progress.wait()
        self._beside.run(lambda: self._door.registers.read(look.id, look.side, path), self._came, self._failed)

    @property
    def busy(self) -> bool:
        """A file is being looked at."""
        return self._beside.busy

    def _came(self, preview: Preview) -> None:
        self.progress.rest()
        self.preview = preview
        self.faults.fill([self._fault(one) for one in preview.faults[:SHOWN]])
        self.changes.fill([self._change(one) for one in preview.changes[:SHOWN]])
        self.faults.resizeRowsToContents()  # what is wrong is read as a whole
        self.faults.setVisible(bool(preview.faults))
        self.changes.setVisible(bool(preview.changes) and not preview.faults)
        if preview.faults:
            words = self.tr("Faults: {0}. Mend the file and choose it again; nothing was taken.").format(preview.total_faults)
        elif not preview.total_changes:
            words = self.tr("The file has {0}; all of it stands here already.").format(said.rows(preview.rows))
        else:
            words = self.tr("The file has {0}. Changes: {1}. Equal already: {2}.").format(
                said.rows(preview.rows), preview.total_changes, preview.equal)  # fmt: skip
            if preview.total_changes > len(preview.changes[:SHOWN]):
                words += " " + self.tr("The first {0} are shown.").format(len(preview.changes[:SHOWN]))
        self.summary.setRole("error" if preview.faults else "strong")
        self.summary.setText(words)
        self.summary.show()
        self.go.setEnabled(bool(preview.total_changes) and not preview.faults)
        self.fit()
        (self.go if self.go.isEnabled() else self.faults if preview.faults else self.cancel).setFocus()

    def _fault(self, one: Fault) -> list[str]:
        why = self._asked(one.column) if one.code == "register.value" else ""
        return [str(one.line), self._names.get(one.column, one.column), why or tell(Refused(one.code)).happened, one.words]

    def _asked(self, name: str) -> str:
        """What a column takes, in a few words; "" where its name says it all, or it is not known which it is."""
        column = next((one for one in self._look.definition.columns if name in (one.id, *one.title.by.values())), None)
        if column is None:
            return ""
        if column.kind == "choice":
            return self.tr("One of these: {0}").format(said.brief(listed(said.term(one.title) for one in column.choices), 200))
        return {
            "date": self.tr("A day as 2026-11-22"), "moment": self.tr("A moment as 2026-11-22 14:05 UTC"),
            "number": self.tr("A number, for example 12 or 3.5"), "yesno": self.tr("Yes or no"),
            "state": self.tr("A State, by its name or its two letters"), "email": self.tr("An address as office@example.org"),
            "phone": self.tr("A number as +41 22 000 00 00"), "zone": self.tr("A time zone as Europe/Zurich"),
            "url": self.tr("An address of the web as https://example.org"),
        }.get(column.kind, "")  # fmt: skip

    def _change(self, one: Change) -> list[str]:
        title = self.tr("New: {0}").format(one.title) if one.new_row else one.title
        return [str(one.line), title, self._names.get(one.field, one.field), one.before, one.after]

    def _failed(self, error: ValiseError) -> None:
        self.progress.rest()
        self.faults.hide()
        self.changes.hide()
        self.summary.hide()
        self.bar.show_error(error)
        if error.line:
            self.summary.setRole("error")
            self.summary.setText(clean(error.line))
            self.summary.show()

    def _take(self) -> None:
        preview = self.preview
        if preview is None or preview.faults:
            return
        self.go.setEnabled(False)
        self.file.setEnabled(False)

        def call(progress: Progress) -> int:
            return self._door.registers.take(preview.token, progress)

        def failed(error: ValiseError) -> None:
            self.file.setEnabled(True)
            self._failed(error)

        self._runner.run(call, self._taken, failed, on_progress=self.progress.show_progress, owner=self)

    def _taken(self, count: int) -> None:
        self.progress.rest()
        self.taken.emit(count)
        self.accept()

    def reject(self) -> None:
        self._beside.stop()
        super().reject()
