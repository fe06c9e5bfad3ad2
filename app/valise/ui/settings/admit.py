"""Admitting another laptop of the own delegation: its request, the key file, the passphrase, its rights."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.domain.kinds import RIGHTS
from valise.ui.settings.identity import right_words
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ProgressLine, button, row
from valise.ui.widgets.files import pick_file, pick_place, read, write
from valise.ui.widgets.labels import SafeLabel, Words, heading, muted, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.passphrase import PassphraseEntry

_USUAL = ("observe", "speak", "amend")


class AdmitCard(Card):
    """Three things in, one file out. Shown only to a laptop that may admit others."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self.request: Path | None = None
        self.key_file: Path | None = None
        self.box.addWidget(heading(self.tr("Admit another laptop"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "The other laptop makes a request (“Join our delegation”). "
                    "Your counterparts will see a new device of yours."
                ),
                self,
            )
        )
        self._request_name = SafeLabel(self.tr("None chosen"), "muted", self)
        self._key_name = SafeLabel(self.tr("None chosen"), "muted", self)
        self.choose_request = button(self.tr("Request…"), self._pick_request, icon="file", parent=self)
        self.choose_key = button(self.tr("Key file of the delegation…"), self._pick_key, icon="key", parent=self)
        self.box.addLayout(row(self.choose_request, self._request_name, None))
        self.box.addLayout(row(self.choose_key, self._key_name, None))
        self.box.addWidget(Words(self.tr("It may"), "strong", self))
        self.rights: dict[str, QCheckBox] = {}
        for right in RIGHTS:
            tick = QCheckBox(right_words(right), self)
            named(tick, self.tr("The other laptop may: {0}").format(right_words(right)))
            tick.setChecked(right in _USUAL)
            self.rights[right] = tick
            self.box.addWidget(tick)
        self.rights["observe"].setEnabled(False)
        self.box.addWidget(Words(self.tr("Passphrase of the key file"), "strong", self))
        self.entry = PassphraseEntry(self.tr("Passphrase of the key file"), self)
        self.entry.edited.connect(self._changed)
        self.box.addWidget(self.entry)
        self.sign = button(self.tr("Admit and save the answer…"), self.admit, kind="primary", parent=self)
        self.box.addLayout(row(self.sign, None))
        self.progress = ProgressLine(self)
        self.box.addWidget(self.progress)
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)
        self._changed()

    def _pick_request(self) -> None:
        pick_file(self, self.tr("Open the request"), "", self.set_request)

    def _pick_key(self) -> None:
        pick_file(self, self.tr("Open the key file"), "", self.set_key)

    def set_request(self, path: Path) -> None:
        """The file the other laptop made."""
        self.request = path
        self._request_name.setText(path.name)
        self._changed()

    def set_key(self, path: Path) -> None:
        """The delegation's key file, usually on a stick."""
        self.key_file = path
        self._key_name.setText(path.name)
        self._changed()

    def _changed(self) -> None:
        self.sign.setEnabled(self.request is not None and self.key_file is not None and not self.entry.empty())

    def admit(self) -> None:
        """Certify the other laptop."""
        request, key_file = self.request, self.key_file
        if request is None or key_file is None or self.entry.empty():
            return
        door, given = self._door, self.entry.take()
        wanted = [name for name, tick in self.rights.items() if tick.isChecked()]
        self.notice.close_notice()
        self.sign.setEnabled(False)
        self.progress.wait()

        def grant() -> bytes:
            try:
                return door.grant_enrolment(read(request), read(key_file), given, wanted)
            finally:
                given[:] = bytes(len(given))

        self._runner.run(grant, self._granted, self._failed, owner=self)

    def _granted(self, answer: bytes) -> None:
        self.progress.rest()
        self._changed()
        pick_place(self, self.tr("Save the answer"), "valise-answer", lambda path: self.save(path, answer))

    def save(self, path: Path, answer: bytes) -> None:
        """Write the answer to carry back."""
        try:
            write(path, answer)
        except ValiseError as error:
            self.notice.show_error(error)
            return
        self.notice.say(
            self.tr("The other laptop is admitted. Carry {0} back to it.").format(isolate(path.name)),
            self.tr("Your counterparts will see it as a new device of yours."),
            self.tr("Put the key file back where it is locked away."),
            "good",
        )

    def _failed(self, error: ValiseError) -> None:
        self.progress.rest()
        self._changed()
        self.notice.show_error(error)
        self.entry.setFocus()
