"""The last page of the first run: empty or with sample data, and how sealed envelopes travel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.page import Page
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.files import pick_file, pick_folder, read
from valise.ui.widgets.folded import FoldedRadio
from valise.ui.widgets.labels import SafeLabel, Words, muted, named

if TYPE_CHECKING:
    from valise.desk.door import Door


class BeginPage(Page):
    """Empty or with sample data, and how sealed envelopes travel: a folder, a relay, or later and by courier."""

    def __init__(self, with_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("How to begin"),
            self.tr("Both can be changed later."),
            parent,
        )
        self.empty = QRadioButton(self.tr("Begin with an empty vault"), self)
        self.sample = FoldedRadio(self.tr("Look around first, with invented talks of invented delegations"), self)
        self.empty.setChecked(True)
        group = QButtonGroup(self)
        for choice in (self.empty, self.sample):
            named(choice, choice.text())
            group.addButton(choice)
            self.box.addWidget(choice)
            choice.setVisible(with_sample)
        self.box.addSpacing(theme.SPACE.s)
        self.box.addWidget(Words(self.tr("How sealed envelopes travel"), "heading", self))
        self.box.addWidget(
            muted(
                self.tr(
                    "Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of "
                    "them everything stays on this laptop, and a courier can take it on a stick."
                ),
                self,
            )
        )
        self.folder: Path | None = None
        self.kit = b""
        self.later = QRadioButton(self.tr("Later, or by courier"), self)
        self.by_folder = QRadioButton(self.tr("Through a shared folder"), self)
        self.by_relay = FoldedRadio(self.tr("Through a relay, with its operator's file"), self)
        self.later.setChecked(True)
        ways = QButtonGroup(self)
        self.where, self.host = (SafeLabel("", "muted", self, wrap=False) for _ in range(2))
        self.choose = button(self.tr("Choose a folder…"), self._choose, icon="folder", parent=self)
        self.open_kit = button(self.tr("Open the file…"), self._open_kit, icon="world", parent=self)
        for way, one, words in (
            (self.later, None, None), (self.by_folder, self.choose, self.where), (self.by_relay, self.open_kit, self.host),
        ):  # fmt: skip
            named(way, way.text())
            ways.addButton(way)
            self.box.addWidget(way)
            if one is not None and words is not None:
                line = row(one, words, None)
                line.insertSpacing(0, theme.SPACE.xl)
                self.box.addLayout(line)
                one.hide()
                words.hide()
        ways.buttonToggled.connect(lambda _one, _on: self._turned())
        self.box.addSpacing(theme.SPACE.s)
        self.box.addWidget(Words(self.tr("If the passphrase is ever lost"), "heading", self))
        self.box.addWidget(
            muted(
                self.tr(
                    "Make recovery shares soon: words on paper for several people, of whom some together can open the "
                    "vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we."
                ),
                self,
            )
        )
        self.line = Words("", "error", self)
        self.box.addWidget(self.line)
        self.box.addStretch(1)

    def _turned(self) -> None:
        for way, *parts in ((self.by_folder, self.choose, self.where), (self.by_relay, self.open_kit, self.host)):
            for one in parts:
                one.setVisible(way.isChecked())
        self.line.setText("")
        self.ready.emit(self.is_ready())

    def is_ready(self) -> bool:
        if self.by_folder.isChecked():
            return self.folder is not None
        return bool(self.kit) or not self.by_relay.isChecked()

    def _choose(self) -> None:
        pick_folder(self, self.tr("Choose the exchange folder"), self.set_folder)

    def set_folder(self, folder: Path) -> None:
        """What was chosen."""
        self.folder = folder
        self.where.setText(str(folder))
        self.by_folder.setChecked(True)
        self.ready.emit(self.is_ready())

    def _open_kit(self) -> None:
        pick_file(self, self.tr("Open the file of a relay"), self.tr("Files of a relay (*.valise-relay);;All files (*)"), self.set_kit)

    def set_kit(self, path: Path) -> None:
        """The file of a relay's operator; what it says is shown before it is used."""
        from valise.desk.relay_look import look
        from valise.ui.strings import tell

        self.by_relay.setChecked(True)
        self.kit = b""
        try:
            data = read(path)
            view = look(data)
        except ValiseError as error:
            told = tell(error)
            self.host.setText("")
            self.line.setText(f"{told.happened} {told.todo}")
        else:
            self.kit = data
            called = self.tr("{0}, called “{1}” by its operator")
            self.host.setText(called.format(view.host, view.label) if view.label else view.host)
            self.line.setText("")
        self.ready.emit(self.is_ready())

    def set_up(self) -> Callable[[Door], object] | None:
        """What makes the chosen way ready in the open vault; None for none."""
        folder, kit = self.folder, self.kit
        if self.by_folder.isChecked() and folder is not None:
            return lambda door: door.exchange.use_folder(folder)
        if self.by_relay.isChecked() and kit:
            return lambda door: door.relays.join(kit)
        return None

    def say(self, words: str) -> None:
        """An error in the line."""
        self.line.setText(words)

    def first(self) -> QWidget:
        if self.empty.isHidden():
            return self.later
        return self.sample if self.sample.isChecked() else self.empty
