"""What a signed release file says, and whether a package is one of it. Nothing is installed from here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from valise.desk import release
from valise.domain.errors import ValiseError
from valise.domain.release import Package
from valise.ui import icons, language, theme
from valise.ui.first.pages import grouped
from valise.ui.language import translate
from valise.ui.strings import Tone
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate, isolate_lines
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import SafeLabel, Words, heading, named, small
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import date

WIDTH = 640
TALL = 200  # px of what scrolls


def day(written: str) -> str:
    """YYYY-MM-DD as a person reads it, always with its year."""
    return date(int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp() * 1000), 0)


def standing(said: release.Said) -> tuple[str, Tone]:
    """How this release stands to the version that runs, and how that looks."""
    running = isolate(said.running)
    if said.standing == "newer":
        return translate("settings", "It is newer than the version that runs, {0}.").format(running), "good"
    if said.standing == "same":
        return translate("settings", "It is the version that runs."), "info"
    older = translate("settings", "It is older than the version that runs, {0}. Going back brings back faults that are mended since.")
    return older.format(running), "warn"


class SignLine(QWidget):
    """A sentence with a sign before it, so that no colour speaks alone. `words` is the sentence."""

    _LOOKS: ClassVar[dict[Tone, tuple[str, str, str]]] = {  # icon, its colour, role of the words
        "info": ("info", "muted", ""),
        "good": ("check-circle", "good", "good"),
        "warn": ("warning", "warn", "warn"),
        "bad": ("cross-circle", "bad", "error"),
    }

    def __init__(self, words: str, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = QLabel(self)
        self._sign.setFixedSize(20, 20)
        self.words = Words("", "", self)
        line = row(self._sign, self.words)
        line.setContentsMargins(0, 0, 0, 0)
        line.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.say(words, tone)

    def say(self, words: str, tone: Tone) -> None:
        """Say this instead."""
        icon, colour, role = self._LOOKS[tone]
        icons.bind(self._sign, icon, colour, 20)
        self.words.setText(words)
        self.words.setRole(role)


class ReleaseDialog(Asking):
    """A release whose signature holds, from the file of this name."""

    def __init__(self, said: release.Said, name: str, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=WIDTH)
        self.said, self._runner = said, runner
        held = said.release
        self.begin(self.tr("A release of Valise"), self.tr("Valise {0} of {1}").format(isolate(held.version), isolate(day(held.date))))
        self.file = small(self.tr("From the file {0}").format(isolate(name)), self)
        self.column.addWidget(self.file)
        holds = self.tr("The signature holds: it was signed with the key of this program's publisher, and nothing was changed since.")
        self.holds = SignLine(holds, "good", self)
        self.stands = SignLine(*standing(said), self)
        self.column.addWidget(self.holds)
        self.column.addWidget(self.stands)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, theme.SPACE.s, 0)
        box.setSpacing(theme.SPACE.xs)
        box.addWidget(small(self.tr("What belongs to it: name, size and checksum (SHA-256)"), inner))
        self.packages = [self._package(one, box) for one in held.packages]
        box.addSpacing(theme.SPACE.s)
        box.addWidget(small(self.tr("What its publisher says about it"), inner))
        self.notes = SafeLabel(held.notes_in(QLocale().name().partition("_")[0]), "", inner)
        box.addWidget(self.notes)
        box.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setMinimumHeight(TALL)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by keys, when there is more than is in sight
        named(scroll, self.tr("What belongs to it and what is said about it"))
        self.column.addWidget(scroll, 1)
        self.column.addWidget(heading(self.tr("The package that came with it"), self))
        self._unchecked = self.tr("Not checked yet. Nothing is installed from here: install only a package that passed.")
        self.result = SignLine(self._unchecked, "info", self)
        self.column.addWidget(self.result)
        self.notice = NoticeBar(self)
        self.column.addWidget(self.notice)
        leave = button(self.tr("Close"), self.reject, parent=self)
        self.compare = button(self.tr("Check a package…"), self._pick, kind="primary", parent=self)
        self.end(leave, self.compare)
        self.compare.setFocus()

    def _package(self, one: Package, box: QVBoxLayout) -> SafeLabel:
        name, checksum = SafeLabel(one.name, "strong", self), Words(isolate_lines(grouped(one.sha256)), "mono", self)
        checksum.setFont(theme.font(mono=True))
        checksum.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        named(checksum, self.tr("Checksum of {0}: {1}").format(isolate(one.name), one.sha256))
        for line in (name, small(language.size(one.size), self), checksum):
            box.addWidget(line)
        return name

    def _pick(self) -> None:
        pick_file(self, self.tr("Check a package"), "", self.look)

    def look(self, path: Path) -> None:
        """Check that package against the release."""
        self.notice.close_notice()
        self.result.say(self._unchecked, "info")  # an earlier answer is not one about this package
        self.compare.setEnabled(False)

        def passed(one: Package) -> None:
            self._tell(self.tr("This package is exactly the one released: {0}.").format(isolate(one.name)), "good")

        def failed(error: ValiseError) -> None:
            self._tell(self.tr("{0} did not pass.").format(isolate(path.name)), "bad")
            self.notice.show_error(error)

        self._runner.run(lambda: release.compared(self.said, path), passed, failed, owner=self)

    def _tell(self, words: str, tone: Tone) -> None:
        self.result.say(words, tone)
        self.compare.setAccessibleDescription(self.result.words.plain())  # read out with the button, which has the keyboard again
        self.compare.setEnabled(True)
        self.compare.setFocus()
