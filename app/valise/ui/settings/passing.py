"""Settings to a file and from one: what a file would change is looked at before anything changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from valise import settings_file
from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.settings import Setting, Value, masked
from valise.settings_file import Change, Taken
from valise.ui import icons, theme
from valise.ui.language import semicolons, translate
from valise.ui.settings.fields import caption, choices_of, unit
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.files import pick_file, pick_place, read, write
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, heading, muted, named, small
from valise.ui.widgets.notice import NoticeBar

NAME = "valise.settings"
TALL = 260  # px of the list of changes


def said(setting: Setting, value: Value) -> str:
    """A value in the words of the window."""
    if isinstance(value, bool):
        return translate("settings", "on") if value else translate("settings", "off")
    if setting.type == "choice":
        return dict(choices_of(setting)).get(str(value), str(value))
    if setting.type == "whole":
        return f"{value} {unit(setting)}"
    return isolate(masked(str(value))) if value else translate("settings", "nothing")


class TakeDialog(Asking):
    """Shows what the file would change; `taken(changes)` when a person wants it."""

    taken = Signal(object)

    def __init__(self, found: Taken, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.begin(self.tr("Settings from a file"))
        less = [one for one in found.changes if one.protects_less]
        if not found.changes:
            self.say(self.tr("Everything in this file is as it is here already."))
        else:
            self.say(translate("settings", "%n settings would change. Nothing has changed yet.", None, len(found.changes)))
        if less:
            self.say(translate("settings", "%n of them would protect less than now; they stand first.", None, len(less)), "warn")
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.lines: list[Words] = []
        for one in sorted(found.changes, key=lambda one: not one.protects_less):
            box.addLayout(self._line(one))
        box.addStretch(1)
        if found.changes:
            scroll = QScrollArea(self)
            scroll.setWidgetResizable(True)
            scroll.setWidget(inner)
            scroll.setMinimumHeight(min(TALL, 56 * len(found.changes) + 8))
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by keys, when there is more than is in sight
            named(scroll, self.tr("What would change"), semicolons(line.plain() for line in self.lines))
            self.column.addWidget(scroll, 1)
        else:
            inner.deleteLater()
        if found.odd:
            self.say(
                translate("settings", "%n lines mean nothing here and are left out: perhaps of another version.", None, found.odd)
            )
        leave = button(self.tr("Change nothing"), self.reject, parent=self)
        self.go = button(self.tr("Take these settings"), self._go, kind="primary", parent=self)
        self.go.setEnabled(bool(found.changes))
        self.end(leave, self.go)
        leave.setFocus()

    def _line(self, one: Change) -> QVBoxLayout:
        words = self.tr("{0}: {1}, now {2}").format(caption(one.setting), said(one.setting, one.then), said(one.setting, one.now))
        line = Words(words, "strong", self)
        self.lines.append(line)
        made = QVBoxLayout()
        made.setSpacing(2)
        sign = QLabel(self)
        sign.setFixedSize(18, 18)
        icons.bind(sign, "warning" if one.protects_less else "settings", "warn" if one.protects_less else "muted", 18)
        beside = row(sign, line)
        beside.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        beside.setStretch(1, 1)
        made.addLayout(beside)
        if one.protects_less:
            made.addWidget(Words(self.tr("Protects less than now."), "warn", self))
        return made

    def _go(self) -> None:
        self.taken.emit(self.found.changes)
        self.accept()


class PassingCard(Card):
    """Export and import of the settings."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self.dialog: TakeDialog | None = None
        self.box.addWidget(heading(self.tr("Settings in a file"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a "
                    "proxy. Before a file changes anything here you see what it would change."
                ),
                self,
            )
        )
        self.export = button(self.tr("Save the settings…"), self._export, icon="download", parent=self)
        self.take = button(self.tr("Take settings from a file…"), self._take, icon="upload", parent=self)
        self.box.addLayout(flowing(self.export, self.take))
        self.done = small("", self)
        self.done.hide()
        self.box.addWidget(self.done)
        self.notice = NoticeBar(self)
        self.box.addWidget(self.notice)

    def _export(self) -> None:
        pick_place(self, self.tr("Save the settings"), NAME, self.write_to)

    def write_to(self, path: Path) -> None:
        """Save the settings there."""
        try:
            write(path, settings_file.write(self._door.settings.get))
        except ValiseError as error:
            self.notice.show_error(error)
            return
        self._say(self.tr("Saved as {0}").format(isolate(path.name)))

    def _take(self) -> None:
        kinds = self.tr("Settings of Valise ({0})").format("*.settings")
        pick_file(self, self.tr("Take settings from a file"), kinds, self.take_from)

    def take_from(self, path: Path) -> None:
        """Look at that file and ask."""
        self.done.hide()
        self.notice.close_notice()
        try:
            found = settings_file.read(read(path, settings_file.LARGEST), self._door.settings.get)
        except ValiseError as error:
            self.notice.show_error(error)
            return
        self.dialog = TakeDialog(found, self.window())
        self.dialog.taken.connect(self._set)
        self.dialog.open()

    def _set(self, changes: tuple[Change, ...]) -> None:
        def work() -> None:
            for one in changes:
                self._door.settings.set(one.setting.key, one.then)

        def told(_none: object) -> None:
            self._say(translate("settings", "%n settings were taken from the file.", None, len(changes)))

        self._runner.run(work, told, self.notice.show_error, owner=self)

    def _say(self, words: str) -> None:
        self.done.setText(words)
        self.done.show()
