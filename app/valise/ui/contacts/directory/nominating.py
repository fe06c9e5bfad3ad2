"""A note verbale that nominates a point of contact: to whom, where, in which language, with which marking."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QWidget

from valise.desk.door_pings import Entry, Nomination
from valise.domain.message import TLP
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import press_with
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import named

LANGUAGES = (("ar", "العربية"), ("zh", "中文"), ("en", "English"), ("fr", "Français"), ("ru", "Русский"), ("es", "Español"))


class Nominating(Asking):
    """`nomination()` once it was accepted. It opens at once."""

    def __init__(self, parent: QWidget, one: Entry) -> None:
        super().__init__(parent, width=520)
        self.setModal(True)
        self.contact = one.contact
        self.begin(self.tr("Note verbale"), self.tr("Nominate {who}").format(who=isolate(one.label)))
        self.say(self.tr("It gets the next running number and is entered as sent in the correspondence, with the file."))
        self.to = self._line(self.tr("Addressed to, as it stands in the sentence (“the Secretariat of …”)"), self.tr("Addressed to"))
        self.place = self._line(self.tr("Place"), self.tr("Place"))
        self.say(self.tr("Date"), "")
        self.date = named(QDateEdit(self), self.tr("Date"))
        self.date.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # first: Qt turns the format round with the window
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.setMinimumHeight(34)
        today = datetime.now(UTC).date()
        self.date.setDate(QDate(today.year, today.month, today.day))
        self.column.addWidget(self.date)
        self.language = self._choice(self.tr("Language"), list(LANGUAGES), said.language())
        self.marking = self._choice(self.tr("Marking"), [("", self.tr("none")), *((one, one) for one in reversed(TLP))], "")
        self.replaces = self._line(self.tr("In place of (optional)"), self.tr("In place of"))
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Write it…"), self.accept, kind="primary", icon="file", parent=self)
        self.end(self.leave, self.go)
        press_with(self, self.go)
        self.to.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.go.setEnabled(False)
        self.to.setFocus()
        self.open()

    def _line(self, words: str, name: str) -> QLineEdit:
        self.say(words, "")
        made = named(QLineEdit(self), name)
        made.setMaxLength(300)
        self.column.addWidget(made)
        return made

    def _choice(self, name: str, values: list[tuple[str, str]], now: str) -> QComboBox:
        self.say(name, "")
        made = named(QComboBox(self), name)
        for value, words in values:
            made.addItem(words, value)
        made.setCurrentIndex(max(0, made.findData(now)))
        self.column.addWidget(made)
        return made

    def nomination(self) -> Nomination:
        """What `Pings.nominate` is given."""
        return Nomination(
            self.contact, self.language.currentData(), self.to.text().strip(), self.place.text().strip(),
            self.date.date().toString("yyyy-MM-dd"), self.marking.currentData(), self.replaces.text().strip(),
        )  # fmt: skip
