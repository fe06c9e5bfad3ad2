"""The section on backups: how old the last one is, a new one, checking one, a vault for a journey, destroying this vault."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.door_backups import BackupNote, BackupState, Checked, Destroyed, Secret
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.ui import actions
from valise.ui.actions import ActionSpec
from valise.ui.security import backups_said as said
from valise.ui.security.backups_dialogs import BackupDialog, CheckDialog, DestroyDialog
from valise.ui.security.backups_journey import JourneyDialog
from valise.ui.security.backups_restored import RestoredCard
from valise.ui.security.backups_work import Work
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, heading, muted
from valise.ui.widgets.notice import NoticeBar

_ = QT_TRANSLATE_NOOP
actions.register(
    ActionSpec("backups.now", _("actions", "Back up now"), "Ctrl+Shift+B", "security", icon="download",
               help=_("actions", "Write a backup of this vault to a stick or folder, and read it again")),
    ActionSpec("backups.check", _("actions", "Check a backup"), "Ctrl+Shift+K", "security", icon="shield-check",
               help=_("actions", "Read a backup to its end and prove it; nothing of it enters this vault")),
    ActionSpec("backups.journey", _("actions", "Make a vault for a journey"), "Ctrl+Shift+J", "security", icon="valise",
               help=_("actions", "Write a vault with only the rooms you choose, for a laptop that travels")),
    ActionSpec("backups.cancel", _("actions", "Stop what is being written"), "Ctrl+Shift+X", "security", icon="cross",
               help=_("actions", "Stop the backup; what was begun is taken away again")),
)  # fmt: skip


class BackupsSection(Section):
    """`.work` runs what is slow; errors of it are told here, where one looks."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.state: BackupState | None = None
        self.work = Work(self)
        self.work.progressed.connect(self._progressed)
        self.work.done.connect(self._done)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self._cancelled)
        self.restored = RestoredCard(door, runner, self.widget())
        self.restored.failed.connect(self._failed)
        self.restored.admitted.connect(self._admitted)
        self.box.addWidget(self.restored)
        self.box.addWidget(self._backup_card())
        self.box.addWidget(self._journey_card())
        self.box.addWidget(self._destroy_card())
        self.box.addStretch(1)
        for name, slot in (
            ("now", self.back_up), ("check", self.check_one), ("journey", self.make_journey), ("cancel", self.work.cancel),
        ):  # fmt: skip
            actions.make(f"backups.{name}", self, slot)

    def _backup_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Backup"), card))
        self.age = Words("", "strong", card)
        self.last = Words("", "muted", card)
        self.news = Words("", "", card)
        for one in (self.age, self.last, self.news):
            card.box.addWidget(one)
        self.now = button(self.tr("Back up now…"), self.back_up, kind="primary", icon="download", parent=card)
        self.check = button(self.tr("Check a backup…"), self.check_one, icon="shield-check", parent=card)
        self.cancel = button(self.tr("Cancel"), self.work.cancel, parent=card)
        self.cancel.hide()
        card.box.addLayout(flowing(self.now, self.check, self.cancel))
        self.progress = ProgressLine(card)
        card.box.addWidget(self.progress)
        self.told = NoticeBar(card)
        card.box.addWidget(self.told)
        return card

    def _journey_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("For a journey"), card))
        card.box.addWidget(
            muted(
                self.tr(
                    "What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms "
                    "you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone."
                ),
                card,
            )
        )
        self.journey = button(self.tr("Make a vault for a journey…"), self.make_journey, icon="valise", parent=card)
        card.box.addLayout(row(self.journey, None))
        return card

    def _destroy_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Destroy this vault"), card))
        card.box.addWidget(
            muted(self.tr("Before a laptop is given away, or when it must not be found with what is in it."), card)
        )
        self.destroy = button(self.tr("Destroy this vault…"), self.destroy_it, icon="trash", parent=card)
        card.box.addLayout(row(self.destroy, None))
        return card

    def refresh(self, changes: Changes) -> None:
        if changes.settings or changes.status or changes.rooms:
            self.runner.run(self.door.backups.state, self._show, self.notice.emit, owner=self)

    def _show(self, state: BackupState) -> None:
        self.state = state
        words, role = said.age(state)
        self.age.setRole(role)
        self.age.setText(words)
        if state.last is not None:
            self.last.setText(said.last(state.last))
        else:
            self.last.setText(
                self.tr("Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.")
            )
        news = said.news(state)
        self.news.setText(news)
        self.news.setVisible(bool(news))
        self.restored.show_state(state.restored)
        self._settle()

    def _settle(self) -> None:
        busy, known = self.work.busy, self.state is not None
        admitted = self.state is None or self.state.restored is None or not self.state.restored.waits
        for one in (self.now, self.check, self.destroy):
            one.setEnabled(known and not busy)
        self.journey.setEnabled(known and not busy and admitted)
        self.cancel.setVisible(busy)

    def open_ref(self, ref: str) -> None:
        """ "now": the button for a backup."""
        if ref == "now":
            self.show_at(self.now)

    def focus_first(self) -> None:
        waits = self.state is not None and self.state.restored is not None and self.state.restored.waits
        (self.restored.first() if waits else self.now).setFocus()

    # what a person asks for

    def back_up(self) -> None:
        """Ask where to, and for the passphrase."""
        if self.state is not None and not self.work.busy:
            self.dialog: QWidget = BackupDialog(self, self.state, self.door.backups.look, self.begin_backup)

    def begin_backup(self, folder: Path, passphrase: bytearray) -> None:
        """Write a backup, beside everything else."""
        self._begin(lambda: self.work.run(lambda progress: self.door.backups.make(folder, passphrase, progress)))

    def check_one(self) -> None:
        """Ask which backup, and what opens it."""
        if not self.work.busy:
            self.dialog = CheckDialog(self, self.begin_check)

    def begin_check(self, path: Path, secret: Secret) -> None:
        """Read a backup to its end."""
        self._begin(lambda: self.work.run(lambda progress: self.door.backups.check(path, secret, progress)))

    def make_journey(self) -> None:
        """Ask which rooms go along."""
        if not self.journey.isEnabled():
            return
        codes = {one.id: one.code for one in self.door.contacts.all()}
        self.dialog = JourneyDialog(
            self, self.door.rooms.all(), codes, self.door.backups.look, self.begin_journey
        )

    def begin_journey(self, folder: Path, rooms: Sequence[str], library: bool, passphrase: bytearray) -> None:
        """Write the vault for a journey."""
        make = self.door.backups.make_travel
        self._begin(lambda: self.work.run(lambda progress: make(folder, rooms, library, passphrase, progress)))

    def destroy_it(self) -> None:
        """Say what it does, and ask for the code."""
        if self.state is not None and not self.work.busy:
            self.dialog = DestroyDialog(self, self.state, self.begin_destroying)

    def begin_destroying(self, code: str, key_file: bool) -> None:
        """Destroy the vault; the window ends with it."""
        self.runner.run(
            lambda: self.door.backups.destroy(code, key_file), self._destroyed, self._failed, owner=self
        )

    # what became of it

    def _begin(self, run: object) -> None:
        assert callable(run)
        self.told.close_notice()
        if run():
            self.progress.wait()
            self._settle()
            self.cancel.setFocus()

    def _progressed(self, done: int, total: int) -> None:
        self.progress.show_progress(done, total)

    def _rest(self) -> None:
        self.progress.rest()
        self._settle()
        self.now.setFocus()

    def _done(self, result: BackupNote | Checked) -> None:
        self._rest()
        if isinstance(result, Checked):
            words, holds = said.checked(result)
            self.told.say(words, holds, tone="good")
        elif result.kind == "travel":
            self.told.say(
                self.tr("The vault for the journey is written and verified: {0}.").format(isolate(result.name)),
                self.tr("Carry it and its passphrase apart from each other."),
                self.tr("On the travel laptop start Valise and choose “I have a backup”."), "good",
            )  # fmt: skip
        else:
            self.told.say(
                self.tr("The backup is written, was read again and verifies: {0}.").format(isolate(result.name)),
                said.waiting(result.waiting, 0), self.tr("Keep it apart from this laptop."), "good",
            )  # fmt: skip
        self.refresh(Changes(settings=True))

    def _failed(self, error: ValiseError) -> None:
        self._rest()
        self.told.show_error(error)

    def _cancelled(self) -> None:
        self._rest()
        self.told.say(self.tr("Cancelled. What was begun was taken away again; earlier backups are as they were."))

    def _admitted(self) -> None:
        self.told.say(
            self.tr("This laptop is admitted and exchanges from now on."),
            "", self.tr("Save its new identity card and hand it to every delegation."), "good",
        )  # fmt: skip
        self.refresh(Changes(settings=True))

    def _destroyed(self, done: Destroyed) -> None:
        if done.left:
            self.told.say(
                self.tr("The vault is destroyed. An entry of it in the keyring of this computer could not be removed."),
                self.tr("It opens nothing any more."), "", "warn", self.tr("Close Valise"), self._end,
            )  # fmt: skip
        else:
            self._end()

    def _end(self) -> None:
        # Nothing of the vault may stay in this process: it ends, and the next one begins at the first page.
        lock = getattr(self.window(), "lock", None)
        if lock is not None:
            lock("asked")
