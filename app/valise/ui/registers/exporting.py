"""Rows leave as a file: in which form, which rows; what leaves is said, and that nothing protects it any more."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton, QWidget

from valise.desk.door import Door
from valise.desk.door_pings import Entry, Nomination, Sent
from valise.desk.door_registers import Place
from valise.domain.errors import ValiseError
from valise.domain.register.definition import LANGUAGES
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.directory.nominating import Nominating
from valise.ui.files.places import Places, there
from valise.ui.language import listed
from valise.ui.registers import said
from valise.ui.registers.asking import SideMark
from valise.ui.registers.look import Look
from valise.ui.tasks import Progress, Runner, Task
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.notice import NoticeBar

ENDINGS = {"csv": "csv", "pdf": "pdf", "docx": "docx", "ics": "ics", "vcard": "vcf"}
DIRECTORY, CARDS, NOTE = "contacts", "vcard", "note-verbale"  # forms of the directory, written by Pings
TONGUES = {"ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español"}


class ExportDialog(Asking):
    """`saved(Path, rows)` once the file is complete."""

    saved = Signal(object, int)

    def __init__(self, door: Door, runner: Runner, look: Look, view: str, ids: list[int] | None, places: Places,
                 parent: QWidget | None = None, *, at: Place | None = None) -> None:  # fmt: skip
        super().__init__(parent, width=560)
        self.setModal(True)
        self._door, self._runner, self._look, self._view, self._ids, self._places = door, runner, look, view, ids, places
        self._at = at
        self._task: Task | None = None
        self.asking: Nominating | None = None
        self.path: Path | None = None
        definition = look.definition
        self.begin(self.tr("Export rows"), self.tr("Export: {0}").format(said.brief(said.term(definition.title))))
        self.column.addWidget(SideMark(look.side, self))
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.form = named(QComboBox(self), self.tr("Form"))
        self.form.addItem(self.tr("Table (CSV), as it is on the screen"), "csv")
        self._kinds = {"csv": "csv"}
        for one in definition.exports:
            if one.id != "csv" and (look.side == "stated" or one.id not in (CARDS, NOTE)):
                title, ending = said.term(one.title), ENDINGS[one.kind]
                told = ending in title.casefold()  # many are called "Printed (PDF)"
                self.form.addItem(title if told else self.tr("{0} (.{1})").format(title, ending), one.id)
                self._kinds[one.id] = one.kind
        self.column.addWidget(Words(self.tr("Form"), "strong", self))
        self.column.addWidget(self.form)
        self.rows_head = Words(self.tr("Rows"), "strong", self)
        self.column.addWidget(self.rows_head)
        self.group = QButtonGroup(self)
        self.every = named(QRadioButton(self.tr("All rows of this side"), self), self.tr("All rows of this side"))
        count = said.rows(len(ids)) if ids is not None else ""
        shown = self.tr("The rows shown: {0}").format(count)
        self.shown = named(QRadioButton(shown, self), shown)
        for part in (self.every, self.shown):
            self.group.addButton(part)
            self.column.addWidget(part)
        self.shown.setVisible(ids is not None)
        (self.shown if ids is not None else self.every).setChecked(True)
        self.language = named(QComboBox(self), self.tr("Language of the headings"))
        for code in LANGUAGES:
            self.language.addItem(TONGUES[code], code)
        self.language.setCurrentIndex(self.language.findData(said.language()))
        self.language_head = Words(self.tr("Language of the headings"), "strong", self)
        self.column.addWidget(self.language_head)
        self.column.addWidget(self.language)
        self.leaves = self.say("", "small")
        self.warning = self.say(self.tr("The file is not encrypted: whoever has it can read it."), "warn")
        if look.side == "assessed":
            self.say(self.tr("These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on."),
                     "warn")  # fmt: skip
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.cancel = button(self.tr("Close"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Save as…"), self._choose, kind="primary", icon="download", parent=self)
        self.end(self.cancel, self.go)
        self.form.currentIndexChanged.connect(self._formed)
        self._formed()
        self.form.setFocus()

    @property
    def _own_form(self) -> str:
        """CARDS or NOTE of the directory, "" for a form that any register has."""
        form = str(self.form.currentData())
        return form if self._look.id == DIRECTORY and form in (CARDS, NOTE) else ""

    def _formed(self) -> None:
        """What is asked and what leaves depend on the form."""
        own, note = self._own_form, self._own_form == NOTE
        for part in (self.rows_head, self.every):
            part.setVisible(not note)
        self.shown.setVisible(not note and self._ids is not None)
        for part in (self.language_head, self.language):
            part.setVisible(not own)
        definition = self._look.definition
        form = next((one for one in definition.exports if one.id == self.form.currentData()), None)
        fields = listed(said.term(one.title) for one in definition.written(self._look.side, form, self._view))
        told = self.tr("What leaves: {0}").format(said.brief(fields, 400))
        if own == CARDS:
            told = self.tr("What leaves: a card for each entry, without authority, escalation, review, source and status.")
        elif note and self._at is None:
            told = self.tr("A note verbale nominates one entry: choose its row first.")
        elif note:
            told = self.tr("A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running "
                           "number and is entered as sent in the correspondence.")  # fmt: skip
        self.leaves.setText(told)
        self.go.setText(self.tr("Go on…") if note else self.tr("Save as…"))
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(self._task is None and not (note and self._at is None))
        self.fit()

    def name(self) -> str:
        """The name proposed for the file."""
        internal = "-internal" if self._look.side == "assessed" else ""
        ending = ENDINGS[self._kinds[str(self.form.currentData())]]
        return f"{self._look.id.replace('.', '-')}{internal}-{said.today()}.{ending}"

    def _choose(self) -> None:
        if self._own_form == NOTE and self._at is not None:
            self._nominate(self._at)
            return
        self._places.ask(self, self.tr("Save the rows"), self.name(), self.save_to)

    def _nominate(self, place: Place) -> None:
        """Ask to whom the entry is nominated, then where the note goes."""
        door = self._door

        def ask(entry: Entry) -> None:
            self.asking = dialog = Nominating(self, entry)
            dialog.accepted.connect(lambda: self._places.ask(
                self, self.tr("Save the note verbale"), self.name(), lambda path: self.write_note(dialog.nomination(), path)))  # fmt: skip

        self._runner.run(lambda: door.pings.entry(place.row, said.language()), ask, self._failed, owner=self)

    def write_note(self, nomination: Nomination, path: Path) -> None:
        """Write it and enter it as sent; what stands there is replaced only when it is said so."""
        def call() -> None:
            self.go.setEnabled(False)
            self.progress.wait()
            self._task = self._runner.run(lambda: self._door.pings.nominate(nomination, path), self._noted, self._failed, owner=self)

        if there(path):
            Confirm(self, self.tr("Replace {0}?").format(isolate(path.name)), self.tr("What is in that file now is lost."),
                    self.tr("Replace it"), call)  # fmt: skip
        else:
            call()

    def _noted(self, sent: Sent) -> None:
        self._written(sent.path, 1)
        words = self.tr("Written as {0} and entered as sent under number {1}.")
        self.bar.say(words.format(isolate(sent.path.name), isolate(sent.number)), tone="good")

    def save_to(self, path: Path) -> None:
        """Write there; what stands there is replaced only when it is said so. What is internal says so in its name."""
        if self._look.side == "assessed" and "internal" not in path.name.casefold():
            path = path.with_name(f"{path.stem} INTERNAL{path.suffix}")
        if there(path):
            Confirm(self, self.tr("Replace {0}?").format(isolate(path.name)), self.tr("What is in that file now is lost."),
                    self.tr("Replace it"), lambda: self._write(path))  # fmt: skip
            return
        self._write(path)

    def _write(self, path: Path) -> None:
        look, form, language = self._look, str(self.form.currentData()), str(self.language.currentData())
        ids = self._ids if self.shown.isChecked() and self._ids is not None else None
        self.go.setEnabled(False)
        self.progress.wait()

        def call(progress: Progress) -> int:
            return self._door.registers.export(look.id, look.side, form, path, ids=ids, view=self._view, language=language, progress=progress)

        self._task = self._runner.run(call, lambda count: self._written(path, count), self._failed,
                                      on_progress=self.progress.show_progress, owner=self)  # fmt: skip

    def _written(self, path: Path, count: int) -> None:
        self._task = None
        self.path = path
        self.progress.rest()
        self.go.setEnabled(True)
        self.bar.say(self.tr("Written: {0}, to {1}").format(said.rows(count), isolate(str(path))), tone="good")
        self.saved.emit(path, count)
        self.cancel.setFocus()

    def _failed(self, error: ValiseError) -> None:
        self._task = None
        self.progress.rest()
        self.go.setEnabled(True)
        self.bar.show_error(error)

    def reject(self) -> None:
        if self._task is not None:
            self._task.cancel()
        super().reject()
