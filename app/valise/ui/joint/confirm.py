"""Before something is said to everybody in the room: what it is, what it means, once more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from valise.desk.views import JointRow, SignOn
from valise.domain.text.model import Revision, TextHead
from valise.ui.joint import said
from valise.ui.joint.pane import HashBox
from valise.ui.language import translate
from valise.ui.seeing import deadline
from valise.ui.seeing.ask import DeadlineField
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.people import People
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import SafeLabel, Words, named

TITLE = 300


class Confirm(Asking):
    """One act on one statement; the harmless button has the keyboard. `wanted()`."""

    wanted = Signal()

    def __init__(self, name: str, statement: JointRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(name)
        self.title = SafeLabel(shorten(statement.title, TITLE), "strong", self)
        self.column.addWidget(self.title)

    def digits(self, digits: str) -> None:
        """The hash."""
        self.hash = HashBox(self)
        self.hash.show_hash(digits)
        self.hash.copy.connect(lambda: clipboard().copy(digits))
        self.column.addWidget(self.hash)

    def close_with(self, words: str) -> Confirm:
        """The buttons."""
        self.column.addStretch(1)
        self.go = button(words, self._go, kind="primary", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.end(self.cancel, self.go)
        self.cancel.setFocus()
        return self

    def _go(self) -> None:
        self.go.setEnabled(False)
        self.wanted.emit()
        self.accept()


class SignDialog(Confirm):
    """Sign on: what is signed, and what that says to whom."""

    def __init__(self, statement: JointRow, room: str, people: People, parent: QWidget | None = None) -> None:
        joint = said.joint(statement)
        super().__init__(_title(joint), statement, parent)
        opener = statement.opener
        badge = TrustBadge("changed" if people.changed(opener) else people.trust(opener), self)
        self.column.addLayout(
            row(Words(self.tr("opened by {0}").format(said.delegation(people, opener)), "muted", self), badge, None)
        )
        self.digits(statement.hash)
        self.say(
            self.tr("You say for your delegation that it joins exactly these words, to everybody in {0}.").format(isolate(room))
            if joint else
            self.tr("You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.")
            .format(isolate(room)), "",
        )  # fmt: skip
        self.say(self.tr(
            "It is signed with both algorithms, the usual one and one that is meant to withstand quantum computers, so that it "
            "can still be shown in many years who signed what."), "")  # fmt: skip
        if statement.closed:
            self.say(self.tr("The list is closed: your name waits until {0} admits it.").format(
                said.delegation(people, statement.opener)), "warn")  # fmt: skip
        elif said.over(statement):
            self.say(self.tr("The date until which it was to be open has passed."), "warn")
        self.say(self.tr("You can take the name back later; everybody then sees that you did."))
        self.close_with(self.tr("Sign on"))


def _title(joint: bool) -> str:
    """The heading of the dialog."""
    return translate("joint", "Sign on to the joint statement") if joint else translate("joint", "Sign on as a co-sponsor")


def leave_dialog(statement: JointRow, room: str, parent: QWidget) -> Confirm:
    """Take our name back."""
    made = Confirm(translate("joint", "Take our name back"), statement, parent)
    made.say(
        translate("joint", "Everybody in {0} sees that your delegation no longer stands on the list.").format(isolate(room)), ""
    )
    made.say(translate("joint", "You can sign on again. Once the list is closed, the name then waits to be admitted."))
    return made.close_with(translate("joint", "Take our name back"))


def close_dialog(statement: JointRow, parent: QWidget) -> Confirm:
    """Close the list."""
    made = Confirm(translate("joint", "Close the list"), statement, parent)
    made.say(translate("joint", "On the list: {0}.").format(said.count(statement)), "")
    made.say(
        translate(
            "joint", "Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late."
        ),
        "",
    )
    made.say(translate("joint", "It cannot be opened again. You can still admit each late delegation."))
    return made.close_with(translate("joint", "Close the list"))


def admit_dialog(statement: JointRow, one: SignOn, people: People, parent: QWidget) -> Confirm:
    """Put a late delegation on the list."""
    name, code = said.who(people, one)
    made = Confirm(translate("joint", "Admit a late delegation"), statement, parent)
    badge = TrustBadge("changed" if people.changed(one.delegation) else people.trust(one.delegation), made)
    who = SafeLabel(name if name == code else f"{name} ({code})", "strong", made, wrap=False)
    made.column.addLayout(row(who, badge, None))
    made.say(
        translate(
            "joint", "It signed the same words after you had closed the list. Admitted, it stands on the list as the others do."
        ),
        "",
    )
    made.say(translate("joint", "Everybody in the room sees it. You cannot take it back; the delegation itself can."))
    return made.close_with(translate("joint", "Admit"))


class UntilField(QWidget):
    """Open until a date, or without one. `changed()`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.dated = named(
            QCheckBox(self.tr("Say until when it is open"), self), self.tr("Say until when it is open"),
            self.tr("People read the date; it closes nothing by itself"),
        )  # fmt: skip
        self.note = Words(self.tr("People read the date; the list stays open until you close it."), "small", self)
        self.date = DeadlineField(deadline.now(), 0, False, self)
        self.date.hide()
        column.addLayout(row(self.dated, None))
        column.addWidget(self.note)
        column.addWidget(self.date)
        self.dated.toggled.connect(self._turn)
        self.date.changed.connect(self.changed)

    def _turn(self, on: bool) -> None:
        self.date.setVisible(on)
        self.changed.emit()

    def value(self) -> int:
        """ms UTC, 0 for no date."""
        return self.date.value() if self.dated.isChecked() else 0

    def valid(self) -> bool:
        """No date, or a possible one."""
        return not self.dated.isChecked() or bool(self.date.value())


class OpenSponsors(Asking):
    """Open the list of co-sponsors of a revision. `wanted(revision, until)`."""

    wanted = Signal(str, object)

    def __init__(self, head: TextHead, revision: str, room: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Co-sponsors"), self.tr("Open a list of co-sponsors"))
        self.column.addWidget(SafeLabel(shorten(head.title, TITLE), "strong", self))
        self.revision = named(QComboBox(self), self.tr("Revision to be co-sponsored"))
        self._hashes: dict[str, str] = {}
        for one in usable(head):
            self.revision.addItem(clean(shorten(one.symbol or f"Rev.{one.number}", 80), lines=False), one.id)
            self._hashes[one.id] = one.text_hash
        self.revision.setCurrentIndex(max(0, self.revision.findData(revision)))
        self.column.addWidget(self.revision)
        self.hash = HashBox(self)
        self.hash.copy.connect(lambda: clipboard().copy(self._hashes.get(self.revision.currentData() or "", "")))
        self.column.addWidget(self.hash)
        self.until = UntilField(self)
        self.column.addWidget(self.until)
        self.say(self.tr(
            "Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the "
            "list does not sign your own delegation on.").format(isolate(room)), "")  # fmt: skip
        self.go = button(self.tr("Open the list"), self._go, kind="primary", parent=self)
        self.end(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self), self.go)
        self.until.changed.connect(self._allow)
        self.revision.currentIndexChanged.connect(self._allow)
        self._allow()

    def _allow(self) -> None:
        digits = self._hashes.get(self.revision.currentData() or "", "")
        self.hash.show_hash(digits)
        self.go.setEnabled(bool(digits) and self.until.valid())

    def _go(self) -> None:
        if self.until.valid():
            self.go.setEnabled(False)
            self.wanted.emit(self.revision.currentData(), self.until.value())
            self.accept()


def usable(head: TextHead) -> list[Revision]:
    """Revisions that this laptop computes the same, newest first."""
    return [one for one in reversed(head.revisions) if not one.alarm]
