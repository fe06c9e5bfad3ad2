"""A laptop that waits to be admitted: its passphrase, and the answer of the first laptop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.check_code import CheckCode
from valise.ui.first.hero import hero
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.files import pick_place, read, write
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.passphrase import PassphraseEntry

if TYPE_CHECKING:
    from valise.desk.door import Gate


class EnrolPage(QWidget):
    """`opened(door)` once the answer was accepted."""

    opened = Signal(object)

    def __init__(self, gate: Gate, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate, self._runner = gate, runner
        named(self, self.tr("Waiting to be admitted"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.m)
        box.addStretch(2)
        hero(box, "laptop", self.tr("This laptop waits to be admitted"), self)
        more = Words(
            self.tr("Carry its request to your delegation's first laptop, and open the answer here."), "muted", self
        )
        more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(more)
        self.code = CheckCode(self)
        box.addWidget(self.code)
        self.look = button(self.tr("Show the check code"), self.show_code, kind="quiet", icon="eye", parent=self)
        self.again = button(self.tr("Save the request again…"), self._save, kind="quiet", icon="download", parent=self)
        box.addLayout(row(None, self.look, self.again, None))
        self.file = FileChoice(self.tr("Choose the answer…"), self.tr("Open the answer"), self)
        self.file.chosen.connect(self._chosen)
        box.addWidget(self.file)
        self.entry = PassphraseEntry(self.tr("Passphrase of this laptop"), self)
        self.entry.edited.connect(self._changed)
        self.entry.submitted.connect(self.finish)
        box.addWidget(Words(self.tr("Passphrase of this laptop"), "strong", self))
        box.addWidget(self.entry)
        self.button = button(self.tr("Finish"), self.finish, kind="primary", parent=self)
        self.button.setEnabled(False)
        box.addWidget(self.button)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.notice = NoticeBar(self)
        box.addWidget(self.notice)
        box.addStretch(2)
        self.setFocusProxy(self.file)

    def _save(self) -> None:
        pick_place(self, self.tr("Save the request"), "valise-request", self.write_to)

    def write_to(self, path: Path) -> None:
        """Save the request made here once more."""

        def save(request: bytes) -> bytes:
            write(path, request)
            return request

        self._request(save, lambda request: self._saved(path, request))

    def show_code(self) -> None:
        """Show the code of the request made here again."""
        self._request(lambda request: request, self.show_request)

    def show_request(self, request: bytes) -> None:
        """The code of this request, to be compared with the one on the first laptop."""
        self.code.show_request(request)
        self.look.setVisible(self.code.isHidden())

    def _request(self, act: Callable[[bytes], bytes], then: Callable[[bytes], object]) -> None:
        """The request is kept in the vault, so the passphrase is needed."""
        if self.entry.empty():
            self.notice.say(self.tr("Type the passphrase of this laptop first; the request is kept in its vault."))
            self.entry.setFocus()
            return
        gate, given = self._gate, self.entry.take()
        self.notice.close_notice()
        self._work(True)

        def look() -> bytes:
            try:
                return act(gate.request_again(given))
            finally:
                given[:] = bytes(len(given))

        def done(request: bytes) -> None:
            self._work(False)
            then(request)

        self._runner.run(look, done, self._failed, owner=self)

    def _saved(self, path: Path, request: bytes) -> None:
        self.show_request(request)
        self.notice.say(self.tr("Saved as {0}").format(isolate(path.name)), tone="good")

    def set_answer(self, path: Path) -> None:
        """The file that came back from the first laptop."""
        self.file.set_path(path)

    def _chosen(self, _path: Path) -> None:
        self._changed()
        self.entry.setFocus()

    def _changed(self) -> None:
        self.button.setEnabled(self.file.path is not None and not self.entry.empty())

    def finish(self) -> None:
        """Give answer and passphrase to the gate."""
        path = self.file.path
        if path is None or self.entry.empty():
            return
        gate, given = self._gate, self.entry.take()
        self.notice.close_notice()
        self._work(True)

        def admit() -> object:
            try:
                return gate.finish_enrolment(read(path), given)
            finally:
                given[:] = bytes(len(given))

        self._runner.run(admit, self._done, self._failed, owner=self)

    def _work(self, busy: bool) -> None:
        for one in (self.file, self.entry, self.again, self.look):
            one.setEnabled(not busy)
        if busy:
            self.button.setEnabled(False)
            self.progress.wait()
        else:
            self.progress.rest()
            self._changed()

    def _done(self, door: object) -> None:
        self.progress.rest()
        self.opened.emit(door)

    def _failed(self, error: ValiseError) -> None:
        self._work(False)
        self.notice.show_error(error)
        self.entry.setFocus()
