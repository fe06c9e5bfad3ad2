"""A laptop from a backup: which one, what opens it, and it is there to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.security.backups_secret import SecretBox, backup_choice
from valise.ui.security.backups_work import Work
from valise.ui.widgets.buttons import ProgressLine, ScrollPage, button, row
from valise.ui.widgets.labels import Words, muted, named, title
from valise.ui.widgets.new_passphrase import NewPassphrase
from valise.ui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from pathlib import Path

    from valise.desk.door import Gate


class RestorePage(QWidget):
    """`opened(door)` when the vault is made and open; `left()` when somebody goes back."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, gate: Gate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate = gate
        self.work = Work(self)
        self.work.progressed.connect(self._progressed)
        self.work.done.connect(self._done)
        self.work.failed.connect(self._failed)
        self.work.cancelled.connect(self.left)
        named(self, self.tr("From a backup"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.m)
        box.addWidget(title(self.tr("From a backup"), self))
        box.addWidget(
            muted(
                self.tr(
                    "Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends "
                    "nothing before it is admitted, and the old one can be revoked in the same step."
                ),
                self,
            )
        )
        self.page = page = ScrollPage(self, width=800)
        inner = page.widget().layout()
        assert inner is not None
        inner.setContentsMargins(2, 2, 2, 2)  # a frame round what has the keyboard
        page.box.setSpacing(theme.SPACE.m)
        self.file = backup_choice(self)
        self.file.chosen.connect(self._chosen)
        page.box.addWidget(self.file)
        self.secret = SecretBox(self.tr("Passphrase of the backup"), self)
        self.secret.edited.connect(self._changed)
        self.secret.submitted.connect(self.restore)
        self.secret.turned.connect(self._turned)
        page.box.addWidget(self.secret)
        self.keeps = muted(self.tr("The new vault opens with the same passphrase; it can be changed afterwards."), self)
        page.box.addWidget(self.keeps)
        self.new = NewPassphrase(self.tr("A passphrase for this laptop"), self)
        self.new.edited.connect(self._changed)
        self.new.submitted.connect(self.restore)
        self.new.hide()
        page.box.addWidget(self.new)
        page.box.addStretch(1)
        box.addWidget(page, 1)
        self.notice = NoticeBar(self)
        box.addWidget(self.notice)
        self.step = Words("", "muted", self)
        box.addWidget(self.step)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.back = button(self.tr("Back"), self.leave, parent=self)
        self.button = button(self.tr("Restore"), self.restore, kind="primary", parent=self)
        box.addLayout(row(self.back, None, self.button))
        self.setFocusProxy(self.file)
        self._changed()

    def _chosen(self, _path: Path) -> None:
        self.notice.close_notice()
        self._changed()
        self.secret.setFocus()

    def _turned(self, shares: bool) -> None:
        self.new.setVisible(shares)
        self.keeps.setVisible(not shares)
        QTimer.singleShot(0, self, self._in_sight)

    def _in_sight(self) -> None:
        if self.secret.shares is not None:
            self.page.ensureWidgetVisible(self.secret.shares.field)

    def ready(self) -> bool:
        """Whether there is something to try."""
        return (
            not self.work.busy
            and self.file.path is not None
            and self.secret.ready()
            and (not self.secret.by_shares or self.new.ready())
        )

    def _changed(self) -> None:
        self.button.setEnabled(self.ready())

    def restore(self) -> None:
        """Make the vault."""
        path, gate = self.file.path, self._gate
        if path is None or not self.ready():
            return
        secret = self.secret.take()
        new = bytearray(secret) if isinstance(secret, bytearray) else self.new.take()
        self.notice.close_notice()
        self.work.run(lambda progress: gate.restore(path, secret, new, progress))
        self._settle(True)

    def leave(self) -> None:
        """Back; what was begun is taken away again first."""
        if self.work.busy:
            self.work.cancel()
        else:
            self.left.emit()

    def _settle(self, busy: bool) -> None:
        for one in (self.file, self.secret, self.new):
            one.setEnabled(not busy)
        self.back.setText(self.tr("Cancel") if busy else self.tr("Back"))
        named(self.back, self.back.text())
        if busy:
            self.step.setText(self.tr("Reading and proving everything that was signed. Nothing is believed because it is in a backup."))
            self.progress.wait()
        else:
            self.step.setText("")
            self.progress.rest()
        self._changed()

    def _progressed(self, done: int, total: int) -> None:
        self.progress.show_progress(done, total)

    def _done(self, door: object) -> None:
        self._settle(False)
        self.opened.emit(door)

    def _failed(self, error: ValiseError) -> None:
        self._settle(False)
        self.notice.show_error(error)
        self.secret.setFocus()
