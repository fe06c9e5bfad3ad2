"""The delegation's root key on the page: where its file lies, its recovery shares, what to do about both."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.door_laptops import RootView
from valise.domain.errors import ValiseError
from valise.ui.language import translate
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button
from valise.ui.widgets.files import pick_place, read, write
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, heading, muted
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import date


class RootCard(Card):
    """`make`, `rehearse` and `renew` (the passphrase of the key file) when a person wants to; moving the key file happens here."""

    make = Signal()
    rehearse = Signal()
    renew = Signal()

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._copy: Path | None = None
        self.box.addWidget(heading(self.tr("The delegation's root key"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only "
                    "to admit, renew or revoke a laptop."
                ),
                self,
            )
        )
        self.where = Words("", "", self)
        self.box.addWidget(self.where)
        self.copy = button(self.tr("1. Copy the key file to a stick…"), self._pick, icon="download", parent=self)
        self.remove = button(self.tr("2. Remove it here"), self.take_away, icon="trash", parent=self)
        self.new = button(self.tr("New passphrase for the key file…"), self.renew.emit, icon="key", kind="quiet", parent=self)
        self.box.addLayout(flowing(self.copy, self.remove, self.new))
        self.shares = Words("", "", self)
        self.box.addWidget(self.shares)
        self.make_shares = button(self.tr("Make recovery shares…"), self.make.emit, icon="print", parent=self)
        self.try_shares = button(self.tr("Rehearse the recovery…"), self.rehearse.emit, icon="check-circle", parent=self)
        self.box.addLayout(flowing(self.make_shares, self.try_shares))
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)

    def show_root(self, root: RootView, may: bool) -> None:
        """What is known of it. `may`: this laptop may hold ceremonies."""
        if root.beside:
            self.where.setRole("error")
            self.where.setText(
                self.tr("Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.")
            )
        else:
            self.where.setRole("good")
            self.where.setText(self.tr("Its key file is not on this laptop."))
        self.copy.setVisible(root.beside)
        self.remove.setVisible(root.beside)
        self.remove.setEnabled(self._copy is not None)
        self.shares.setRole("warn" if root.splittable is not False and not root.total else "")
        if root.splittable is False:
            words = self.tr(
                "No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies "
                "of the key file in two safes."
            )
        elif not root.total:
            words = self.tr("No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.")
        elif root.rehearsed_at:
            words = translate("laptops", "%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.", None, root.total).format(
                isolate(date(root.made_at)), root.need, isolate(date(root.rehearsed_at))
            )
        else:
            words = translate("laptops", "%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.", None, root.total).format(
                isolate(date(root.made_at)), root.need
            )
        self.shares.setText(words)
        self.new.setVisible(may)
        self.make_shares.setVisible(may and root.splittable is not False)
        self.try_shares.setVisible(bool(root.total))

    def _pick(self) -> None:
        pick_place(self, self.tr("Copy the key file to a stick"), "delegation.key", self.copy_to)

    def copy_to(self, path: Path) -> None:
        """Write the copy and look at it again."""
        try:
            held = self._door.laptops.key_file()
            write(path, held)
            same = read(path) == held
        except ValiseError as error:
            self.notice.show_error(error)
            return
        self._copy = path if same else None
        self.remove.setEnabled(same)
        self.notice.say(
            self.tr("Copied to {0} and read back: it is the same.").format(isolate(path.name)), "",
            self.tr("Make a second copy for another safe if you like, then remove it here."), "good",
        )  # fmt: skip

    def take_away(self) -> None:
        """Read the copy once more, compare, and remove the file beside the vault."""
        path, laptops = self._copy, self._door.laptops
        if path is not None:
            self._runner.run(lambda: laptops.remove_key_file(read(path)), lambda _none: self._gone(), self._failed, owner=self)

    def _gone(self) -> None:
        self._copy = None
        self.show_root(self._door.laptops.root(), may=self.make_shares.isVisible())
        self.notice.say(
            self.tr("The key file is no longer beside the vault."),
            self.tr("A disk may keep traces of removed files; the file was sealed under its passphrase all the time."),
            self.tr("Take the stick out and lock it away. Make recovery shares if there are none."), "good",
        )  # fmt: skip

    def _failed(self, error: ValiseError) -> None:
        self.notice.show_error(error)
