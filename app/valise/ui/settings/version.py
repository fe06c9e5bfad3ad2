"""Which version runs, whose releases it believes, and the way to check a newer one. Connects nowhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from valise import VERSION
from valise.desk import release
from valise.desk.hygiene import RELEASED
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.pages import grouped
from valise.ui.language import translate
from valise.ui.settings.newer import ReleaseDialog, day
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate, isolate_lines
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import Words, heading, muted, named, small
from valise.ui.widgets.notice import NoticeBar


class VersionCard(Card):
    """The version, and "Check a release file…"."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.dialog: ReleaseDialog | None = None
        believed = release.publisher()
        self.box.addWidget(heading(self.tr("This version"), self))
        self.version = Words(self.tr("Valise {0} of {1}.").format(isolate(VERSION), isolate(day(RELEASED.isoformat()))), "strong", self)
        self.box.addWidget(self.version)
        self.box.addWidget(
            muted(
                self.tr(
                    "Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each "
                    "version: open it here before anything of it is installed."
                ),
                self,
            )
        )
        self.box.addWidget(small(self.tr("Key of the publisher whose releases this program believes"), self))
        self.key = Words(isolate_lines(grouped(believed.name)), "mono", self)
        self.key.setFont(theme.font(mono=True))
        self.key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse)
        named(self.key, self.tr("Key of the publisher: {0}").format(grouped(believed.name)))
        self.box.addWidget(self.key)
        if believed.demonstration:
            self.box.addWidget(
                Words(
                    self.tr(
                        "This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own "
                        "there, so no release file will pass."
                    ),
                    "warn",
                    self,
                )
            )
        self.check = button(self.tr("Check a release file…"), self._pick, icon="shield-check", parent=self)
        self.box.addLayout(row(self.check, None))
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)

    def _pick(self) -> None:
        kinds = translate("settings", "Release files of Valise ({0})").format("*.release")
        pick_file(self, self.tr("Check a release file"), kinds, self.look)

    def look(self, path: Path) -> None:
        """Check that file, and show what it says."""
        self.notice.close_notice()

        def shown(said: release.Said) -> None:
            self.dialog = ReleaseDialog(said, path.name, self._runner, self.window())
            self.dialog.open()

        def failed(error: ValiseError) -> None:
            self.notice.show_error(error)
            self.check.setFocus()

        self._runner.run(lambda: release.opened(path), shown, failed, owner=self)
