"""The section on what stands on the disk, on old copies of this vault, and on copies of others' noticed here."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_copies import CopiesView, CopyNoticed, RoomWaits
from valise.desk.views import Changes
from valise.ui.language import listed, sentences, translate
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.labels import SafeLabel, Words, heading, muted
from valise.ui.widgets.times import date, moment

_ = QT_TRANSLATE_NOOP
_CAUSES: dict[str, str] = {
    "keyring": _("checks", "The keyring of this computer remembered a later state."),
    "seal": _("checks", "What was written beside the database at its last closing names a later state."),
    "pages": _("checks", "A part of the database file was an older version of itself."),
    "peer": _("checks", "Another laptop had heard more from this one than is in this vault."),
    "history": _("checks", "Something this laptop had signed came back from another."),
    "salvage": _("checks", "It was rescued from a damaged database."),
}
_PROBLEMS: dict[str, str] = {
    "pages": _("checks", "Some pages do not verify: the file was damaged on the disk."),
    "tables": _("checks", "A table or an index is damaged."),
    "references": _("checks", "A row refers to something that is not there."),
    "search": _("checks", "The search index does not fit the data."),
    "logs": _("checks", "A log does not reach as far as its entries do."),
}
_STATES: dict[str, str] = {
    "doubt": _(
        "checks",
        "What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear "
        "at the next exchanges.",
    ),
    "healed": _("checks", "An old copy of this laptop's vault was put back; it says so itself, and goes on."),
    "two": _(
        "checks",
        "Two copies of this laptop's vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely "
        "on neither.",
    ),
}


class ChecksSection(Section):
    """Three cards: the disk, this vault's copies, and those of others."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.view: CopiesView | None = None
        self.box.addWidget(self._disk_card())
        self.box.addWidget(self._copy_card())
        self.box.addWidget(self._others_card())
        self.box.addStretch(1)
        self.setFocusProxy(self.check)

    def _disk_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("What stands on the disk"), card))
        self.checked = Words("", "", card)
        card.box.addWidget(self.checked)
        self.problems = Words("", "error", card)
        card.box.addWidget(self.problems)
        self.good = Words("", "muted", card)
        card.box.addWidget(self.good)
        self.salvaged = Words("", "warn", card)
        card.box.addWidget(self.salvaged)
        self.progress = ProgressLine(card)
        self.progress.setAccessibleName(self.tr("Progress of the check"))
        card.box.addWidget(self.progress)
        self.check = button(self.tr("Check now"), self.check_now, icon="shield-check", parent=card)
        card.box.addLayout(row(self.check, None))
        return card

    def _copy_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Is this the newest state of this vault?"), card))
        self.standing = Words("", "", card)
        card.box.addWidget(self.standing)
        self.why = Words("", "muted", card)
        card.box.addWidget(self.why)
        self.rooms = QVBoxLayout()
        card.box.addLayout(self.rooms)
        self.aside = Words("", "warn", card)
        card.box.addWidget(self.aside)
        self.risk = Words("", "muted", card)
        card.box.addWidget(self.risk)
        self.decide = button(self.tr("Go on without waiting"), self.ask, parent=card)
        self.sure = button(self.tr("I have read this: go on"), self.go_on, parent=card)
        card.box.addLayout(row(self.decide, self.sure, None))
        return card

    def _others_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Copies of other laptops"), card))
        self.none = muted(self.tr("There is no sign that a copy of another laptop's vault is in use."), card)
        card.box.addWidget(self.none)
        self.noticed = QVBoxLayout()
        card.box.addLayout(self.noticed)
        self.others = card
        return card

    def refresh(self, changes: Changes) -> None:
        if changes.status or changes.contacts or changes.rooms:
            self.runner.run(self.door.copies.state, self.show_state, self.notice.emit, owner=self)

    def focus_first(self) -> None:
        self.check.setFocus()

    def check_now(self) -> None:
        """Check everything, with its progress in sight."""
        self.check.setEnabled(False)
        self.progress.wait()

        def along(done: int, total: int) -> None:
            self.progress.show_progress(done, total)

        def done(_problems: object) -> None:
            self.progress.rest()
            self.check.setEnabled(True)
            self.refresh(Changes(status=True))

        def failed(error: object) -> None:
            done(())
            self.notice.emit(error)

        self.runner.run(self.door.copies.check_now, done, failed, on_progress=along, owner=self)

    def ask(self) -> None:
        """Say what may happen before anybody decides."""
        self.risk.setText(
            self.tr(
                "If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at "
                "the same place. Everybody would see both, and what it signs in that room would never count again: it would have "
                "to be admitted anew."
            )
        )
        self.risk.show()
        self.sure.show()
        self.decide.hide()
        self.sure.setFocus()

    def go_on(self) -> None:
        """Go on with what is known now."""
        self.runner.run(self.door.copies.go_on, lambda _none: self.refresh(Changes(status=True)), self.notice.emit, owner=self)

    def show_state(self, view: CopiesView) -> None:
        """Show it, if it is news."""
        if view == self.view:
            return
        self.view = view
        self._show_disk(view)
        self._show_copy(view)
        self._show_others(view)

    def _show_disk(self, view: CopiesView) -> None:
        if not view.checked_at:
            said = self.tr("Not checked yet. It is checked a little after each exchange, and once a day as a whole.")
        elif view.problems:
            said = self.tr("Checked {0}: something is wrong.").format(isolate(moment(view.checked_at)))
        else:
            said = self.tr("Checked {0}: everything verifies.").format(isolate(moment(view.checked_at)))
        self.checked.setText(said)
        lines = [translate("checks", _PROBLEMS[one]) for one in view.problems if one in _PROBLEMS]
        if lines:
            lines.append(self.tr("Make a backup now, close Valise, and run valise doctor --salvage."))
        self.problems.setText(sentences(lines))
        self.problems.setVisible(bool(lines))
        self.good.setText(
            self.tr("A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.").format(
                isolate(moment(view.good_at)))
            if view.good_at
            else self.tr("A verified copy is kept beside the vault after the first check.")
        )  # fmt: skip
        self.salvaged.setText(
            self.tr("This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.").format(
                len(view.salvaged)
            )
        )
        self.salvaged.setVisible(bool(view.salvaged))

    def _show_copy(self, view: CopiesView) -> None:
        _empty(self.rooms)
        waits = bool(view.waits)
        if not view.old_at:
            said = self.tr("As far as anybody here knows, yes.")
            why = (
                self.tr("The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.")
                if view.keyring
                else self.tr("No keyring answers on this computer; other laptops repeat what they last heard from this one.")
            )
        else:
            when, why = isolate(date(view.old_at)), translate("checks", _CAUSES.get(view.cause, ""))
            said = (
                self.tr(
                    "This is an older copy of this laptop's vault, noticed on {0}. Nothing is lost: what it had said since is asked "
                    "of the others. Connect; it goes on by itself."
                ).format(when)
                if waits
                else self.tr("An older copy was put back; noticed on {0} and healed.").format(when)
            )
        self.standing.setText(said)
        self.why.setText(why)
        for one in view.waits:
            self.rooms.addWidget(Words(_waiting(one), "warn", self))
        self.aside.setText(
            self.tr("Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.").format(view.aside)
        )
        self.aside.setVisible(bool(view.aside))
        self.decide.setVisible(waits)
        self.risk.hide()
        self.sure.hide()

    def _show_others(self, view: CopiesView) -> None:
        _empty(self.noticed)
        self.none.setVisible(not view.noticed)
        for one in view.noticed:
            self.noticed.addWidget(Noticed(one, self))


class Noticed(QWidget):
    """One pair of statements that no single vault makes."""

    def __init__(self, one: CopyNoticed, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(one.name)
        box.addLayout(row(SafeLabel(one.name, "strong", self), SafeLabel(one.officer, "", self), None))
        box.addWidget(Words(translate("checks", _STATES[one.state]), "error" if one.state == "two" else "", self))
        kept = translate("checks", "Noticed {when}. Both signed statements are kept as evidence.").format(when=isolate(moment(one.at)))
        box.addWidget(muted(kept, self))


def _waiting(one: RoomWaits) -> str:
    title = isolate(one.title) if one.title else translate("checks", "A room of two")
    if one.who:
        names = listed(isolate(name) for name in one.who)
        return translate("checks", "{room}: waiting for an answer of {names}.").format(room=title, names=names)
    if one.what == "history":
        return translate("checks", "{room}: what this laptop had signed is on its way back.").format(room=title)
    return translate("checks", "{room}: what was said before has still to reach somebody.").format(room=title)


def _empty(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
