"""The section on evidence: the signed record of a room as a file for others, and checking such a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from valise.desk.door import Door
from valise.desk.door_evidence import Holds, RecordRow, Report, Written
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.ui import actions
from valise.ui.actions import ActionSpec
from valise.ui.collating import placed
from valise.ui.language import listed, sentences, translate
from valise.ui.security.evidence_report import ReportPage
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.files import pick_file, pick_place
from valise.ui.widgets.labels import Words, heading, muted, named
from valise.ui.widgets.notice import NoticeBar

ENDING = ".evidence"
actions.register(
    ActionSpec("evidence.save", QT_TRANSLATE_NOOP("actions", "Save the record of a room as evidence"), "Ctrl+Shift+E", "security",
               help=QT_TRANSLATE_NOOP("actions", "Write the signed record of the chosen room into a file others can check")),
    ActionSpec("evidence.check", QT_TRANSLATE_NOOP("actions", "Check an evidence file"), "Ctrl+Shift+O", "security",
               help=QT_TRANSLATE_NOOP("actions", "Say what an evidence file proves and what it does not")),
)  # fmt: skip


class EvidenceSection(Section):
    """`.rooms` chooses, `.save` writes, `.check` reads; `.report` shows what was found."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._rows: list[RecordRow] | None = None
        self._asked = 0
        self._holds: Holds | None = None
        self._busy = False
        self.box.addWidget(self._writing())
        self.box.addWidget(self._checking())
        self.box.addStretch(1)
        actions.make("evidence.save", self, self.save_record)
        actions.make("evidence.check", self, self.check_file)

    def _writing(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("The record of a room, for others"), card))
        card.box.addWidget(muted(self.tr(
            "A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages "
            "sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes."
        ), card))  # fmt: skip
        self.rooms = named(QComboBox(card), self.tr("Room"))
        self.rooms.setMinimumContentsLength(24)
        self.rooms.currentIndexChanged.connect(lambda _row: self._look())
        card.box.addWidget(self.rooms)
        self.nothing = Words(self.tr("There is no room yet. Open one in Messages; its record can be written here."), "", card)
        card.box.addWidget(self.nothing)
        self.holds = Words("", "", card)
        self.readers = Words("", "muted", card)
        self.people = Words("", "", card)
        for one in (self.holds, self.people, self.readers):
            card.box.addWidget(one)
        self.archive = QCheckBox(self.tr("I want an archive of our own internal notes. I will hand it to nobody."), card)
        named(self.archive, self.archive.text())
        self.archive.toggled.connect(lambda _on: self._settle())
        card.box.addWidget(self.archive)
        self.save = button(self.tr("Save as evidence…"), self.save_record, kind="primary", icon="download", parent=card)
        card.box.addLayout(row(self.save, None))
        self.progress = ProgressLine(card)
        card.box.addWidget(self.progress)
        self.saved = Words("", "", card)
        self.saved.hide()
        card.box.addWidget(self.saved)
        self.told = NoticeBar(card)
        card.box.addWidget(self.told)
        return card

    def _checking(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Check a file"), card))
        card.box.addWidget(muted(self.tr(
            "Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. "
            "Outside Valise the command valise verify does the same."
        ), card))  # fmt: skip
        self.check = button(self.tr("Check a file…"), self.check_file, icon="shield-check", parent=card)
        card.box.addLayout(row(self.check, None))
        self.reading = ProgressLine(card)
        card.box.addWidget(self.reading)
        self.wrong = NoticeBar(card)
        card.box.addWidget(self.wrong)
        self.report = ReportPage(card)
        card.box.addWidget(self.report)
        return card

    # the list of rooms

    def refresh(self, changes: Changes) -> None:
        if changes.rooms or changes.status or changes.settings or changes.contacts:
            self._fill()

    def _fill(self) -> None:
        rows = sorted(self.door.evidence.rooms(), key=lambda one: (one.internal, placed(clean(self._named(one))), one.id))
        if rows == self._rows:
            return
        self._rows = rows
        chosen = self.rooms.currentData()
        self.rooms.blockSignals(True)
        self.rooms.clear()
        for one in rows:
            self.rooms.addItem(self._named(one), one.id)
        at = self.rooms.findData(chosen)
        self.rooms.setCurrentIndex(max(at, 0) if rows else -1)
        self.rooms.blockSignals(False)
        for widget in (self.rooms, self.holds, self.people, self.readers, self.save):
            widget.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.archive.setVisible(False)
        if rows:
            self._look()

    def _named(self, one: RecordRow) -> str:
        if one.kind == "bilateral" and not one.title:  # named by who is in it, as among the messages
            return clean(listed(one.members), lines=False)
        title = isolate(one.title) if one.title else self.tr("Internal room")
        mark = self.tr("own archive only") if one.internal else clean(listed(one.members), lines=False)
        return f"{title} ({mark})"

    def _look(self) -> None:
        """Ask what a file of the chosen room would hold; a large record takes a moment."""
        room = self.rooms.currentData()
        self._holds = None
        self._asked += 1
        asked = self._asked
        self.archive.setChecked(False)
        self.saved.setText("")
        self.saved.hide()
        self._settle()
        if room:
            self.runner.run(
                lambda: self.door.evidence.holds(room),
                lambda holds: self._show(holds) if asked == self._asked else None, self.notice.emit, owner=self,
            )  # fmt: skip

    def _show(self, holds: Holds) -> None:
        self._holds = holds
        self.holds.setText(translate(
            "evidence",
            "%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).",
            None, holds.operations,
        ).format(holds.texts, holds.statements, holds.messages, holds.files))  # fmt: skip
        self.people.setText("\n".join((
            listed(isolate(f"{code} {name}") for code, name in holds.delegations), listed(map(isolate, holds.officers)),
        )))  # fmt: skip
        said = [self.tr(
            "Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on."
        )]  # fmt: skip
        marked = [self.tr("{0}: {1}").format(isolate(name), count) for name, count in holds.markings if name]
        if marked:
            said.append(self.tr("It holds messages with a marking ({0}): see that you may pass them on.").format(listed(marked)))
        if holds.vouched:
            said.append(self.tr("It holds what was said of other delegations' identities ({0}).").format(holds.vouched))
        if holds.internal:
            said = [self.tr("These are your delegation's own notes and red lines. The file says so in its first line.")]
        self.readers.setText(sentences(said))
        self._settle()

    def _settle(self) -> None:
        """What can be pressed now."""
        holds = self._holds
        internal = holds is not None and holds.internal
        self.archive.setVisible(internal)
        self.save.setEnabled(holds is not None and not self._busy and (not internal or self.archive.isChecked()))
        self.check.setEnabled(not self._busy)

    # what is done

    def save_record(self) -> None:
        """Ask where, then write."""
        if self._holds is not None and self.save.isEnabled():
            pick_place(self, self.tr("Save the record as evidence"), "record" + ENDING, self.write_to)

    def write_to(self, path: Path) -> None:
        """Write the record of the chosen room there."""
        holds = self._holds
        if holds is None or self._busy:
            return
        self._begin(self.progress)
        archive = holds.internal and self.archive.isChecked()
        self.runner.run(
            lambda progress: self.door.evidence.save(holds.room, path, own_archive=archive, progress=progress),
            self._written, self._not_written, on_progress=self.progress.show_progress, owner=self,
        )  # fmt: skip

    def _written(self, made: Written) -> None:
        self._end(self.progress)
        self.saved.setText(self.tr("Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}").format(
            isolate(made.path.name), made.operations, made.sha256))  # fmt: skip
        self.saved.show()

    def _not_written(self, error: ValiseError) -> None:
        self._end(self.progress)
        self.told.show_error(error)

    def check_file(self) -> None:
        """Ask which file, then check it."""
        if not self._busy:
            kinds = self.tr("Evidence (*{0});;All files (*)").format(ENDING)
            pick_file(self, self.tr("Check an evidence file"), kinds, self.check_at)

    def check_at(self, path: Path) -> None:
        """Check this file and show what it proves."""
        if self._busy:
            return
        self._begin(self.reading)
        self.report.clear()
        self.reading.wait()
        self.runner.run(
            lambda: self.door.evidence.check(path), lambda report: self._checked(report, path.name), self._not_checked, owner=self
        )

    def _checked(self, report: Report, name: str) -> None:
        self._end(self.reading)
        self.report.show_report(report, name)
        self.report.setFocus()
        self.ensureWidgetVisible(self.report, 0, 0)

    def _not_checked(self, error: ValiseError) -> None:
        self._end(self.reading)
        self.wrong.show_error(error)

    def _begin(self, line: ProgressLine) -> None:
        self._busy = True
        self.told.close_notice()
        self.wrong.close_notice()
        self.saved.setText("")
        self.saved.hide()
        line.wait()
        self._settle()

    def _end(self, line: ProgressLine) -> None:
        self._busy = False
        line.rest()
        self._settle()

    def focus_first(self) -> None:
        (self.rooms if self._rows else self.check).setFocus()
