"""On a laptop made from a backup: how it is admitted, by the first laptop or with the key file, and what is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_backups import Restored
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.security import backups_said as said
from valise.ui.security.backups_dialogs import Sure
from valise.ui.security.key_file import KeyFile
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.files import pick_file, pick_place, read, write
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, heading, muted, named, small
from valise.ui.widgets.times import moment


class RestoredCard(Card):
    """Hidden unless this vault was made from a backup. `failed(error)`; `admitted` when it is a laptop like any other."""

    failed = Signal(object)
    admitted = Signal()

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._state: Restored | None = None
        self.title = heading("", self)
        self.box.addWidget(self.title)
        self.line = Words("", "", self)
        self.box.addWidget(self.line)
        self.waits = QWidget(self)
        waits = QVBoxLayout(self.waits)
        waits.setContentsMargins(0, 0, 0, 0)
        waits.setSpacing(theme.SPACE.m)
        waits.addWidget(muted(self.tr("If another laptop of yours is in use, let it admit this one:"), self.waits))
        self.save = button(self.tr("Save the request…"), self._save, icon="download", parent=self.waits)
        self.answer = button(self.tr("Open the answer…"), self._answer, icon="file", parent=self.waits)
        waits.addLayout(flowing(self.save, self.answer))
        self.code = Words("", "mono", self.waits)
        waits.addWidget(small(self.tr("Check code, read aloud: both laptops show the same"), self.waits))
        waits.addWidget(self.code)
        waits.addWidget(muted(self.tr("If it was your only one, admit this laptop here:"), self.waits))
        self.here = button(self.tr("Admit it with the key file…"), self._ask, kind="primary", icon="key", parent=self.waits)
        waits.addLayout(row(self.here, None))
        self.box.addWidget(self.waits)
        self.lost = Words("", "warn", self)
        self.box.addWidget(self.lost)
        self.card = button(self.tr("Save the new identity card…"), self._card, icon="card", parent=self)
        self.box.addLayout(row(self.card, None))
        self.progress = ProgressLine(self)
        self.box.addWidget(self.progress)
        self.hide()

    def show_state(self, state: Restored | None) -> None:
        """Fill it."""
        self._state = state
        self.setVisible(state is not None)
        if state is None:
            return
        travel = state.kind == "travel"
        taken = moment(state.taken_at)
        self.title.setText(self.tr("A vault for a journey") if travel else self.tr("Restored from a backup"))
        if state.waits:
            words = self.tr(
                "This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is "
                "sent or fetched before that."
            ).format(taken)
        else:
            words = self.tr(
                "This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: "
                "they send nothing to it, and cannot read what it sends, before they have looked at it."
            ).format(taken)
        if state.rooms:
            words += " " + self.tr("It is for: {0}.").format(listed(isolate(one) for one in state.rooms))
        self.line.setText(words)
        self.waits.setVisible(state.waits)
        self.code.setText(state.check)
        self.card.setVisible(not state.waits)
        words = said.lost(state)
        if not state.waits and not words and not travel:
            words = self.tr("What was said for the record since the backup comes back from the other delegations.")
        self.lost.setRole("warn" if state.lost else "muted")
        self.lost.setText(words)
        self.lost.setVisible(bool(words))

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self.save if self._state is not None and self._state.waits else self.card

    def _save(self) -> None:
        pick_place(self, self.tr("Save the request"), "valise-request", self.write_request)

    def write_request(self, path: Path) -> None:
        """Write the request to carry to the first laptop."""
        self._command(lambda: write(path, self._door.backups.request()), lambda: None)

    def _card(self) -> None:
        pick_place(self, self.tr("Save the identity card"), f"{self._door.me().code}.valise-card", self.write_card)

    def write_card(self, path: Path) -> None:
        """Write our card as it is now."""
        self._command(lambda: write(path, self._door.contacts.own_card()), lambda: None)

    def _answer(self) -> None:
        pick_file(self, self.tr("Open the answer"), "", self.take_answer)

    def take_answer(self, path: Path) -> None:
        """Read what the first laptop wrote."""
        self._command(lambda: self._door.backups.admit(read(path)), self.admitted.emit)

    def _ask(self) -> None:
        if self._state is not None:
            self.dialog = AdmitHereDialog(self, self._state, self.certify)

    def certify(self, key_file: Path, passphrase: bytearray, replaces: list[str], newest: Path | None) -> None:
        """Admit it with the delegation's key."""
        def act() -> None:
            try:
                card = read(newest) if newest is not None else b""
                self._door.backups.certify(read(key_file), passphrase, replaces, card)
            finally:
                passphrase[:] = bytes(len(passphrase))

        self._command(act, self.admitted.emit)

    def _command(self, act: Callable[[], object], then: Callable[[], object]) -> None:
        self._busy(True)

        def done(_result: object) -> None:
            self._busy(False)
            then()

        self._runner.run(act, done, self._failed, owner=self)

    def _busy(self, busy: bool) -> None:
        for one in (self.save, self.answer, self.here, self.card):
            one.setEnabled(not busy)
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _failed(self, error: ValiseError) -> None:
        self._busy(False)
        self.failed.emit(error)


class AdmitHereDialog(Sure):
    """The key file with its passphrase, the laptops this one takes the place of, and a newer card if somebody has one."""

    def __init__(
        self, parent: QWidget, state: Restored, certify: Callable[[Path, bytearray, list[str], Path | None], object]
    ) -> None:
        super().__init__(
            parent, self.tr("Admit this laptop with the key file"),
            self.tr(
                "Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of "
                "laptops make two lists, and then nobody can tell which is yours."
            ),
            self.tr("Admit this laptop"),
        )  # fmt: skip
        self._certify = certify
        self.key = KeyFile(self)
        self.entry = self.key.entry
        self.key.edited.connect(self.settle)
        self.key.submitted.connect(self.go)
        self.box.addWidget(self.key)
        self.old: list[tuple[str, QCheckBox]] = []
        if state.replaces:
            self.box.addWidget(Words(self.tr("Laptops that are lost or given up, revoked in the same step"), "strong", self))
        for one in state.replaces:
            name = self.tr("{0}, {1}").format(isolate(one.officer), isolate(one.role)) if one.role else isolate(one.officer)
            words = self.tr("{0} (the backup was made on it)").format(name) if one.old else name
            tick = QCheckBox(words.replace("&", "&&"), self)
            named(tick, words, self.tr("Nothing is sent to it any more, and nothing it signs is sent on."))
            tick.setChecked(one.old and state.kind == "backup")
            self.old.append((one.id, tick))
            self.box.addWidget(tick)
        self.card = FileChoice(
            self.tr("A newer identity card of ours…"), self.tr("Open our identity card"), self, icon="card", kind="quiet"
        )
        self.box.addWidget(self.card)
        self.box.addWidget(
            small(self.tr("Needed when laptops were admitted or revoked since the backup: any delegation can give it to you."), self)
        )
        self.key.setFocus()
        self.begin_asking()

    def ready(self) -> bool:
        return self.key.ready()

    def go(self) -> None:
        key = self.key.path
        if key is None or not self.ready():
            return
        given = self.entry.take()
        self.accept()
        self._certify(key, given, [name for name, tick in self.old if tick.isChecked()], self.card.path)
