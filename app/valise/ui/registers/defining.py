"""A further register, from the file that defines it; what is wrong with the file is said by line and column."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.domain.errors import Refused, ValiseError
from valise.domain.register.definition import Definition
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.registers import said
from valise.ui.tasks import Runner
from valise.ui.widgets import files
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, button
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.labels import SafeLabel
from valise.ui.widgets.notice import NoticeBar

LARGEST = 200_000  # bytes (domain/register/kinds.py)


class DefineDialog(Asking):
    """`added(Definition)`."""

    added = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=600)
        self.setModal(True)
        self._door, self._runner = door, runner
        self.begin(self.tr("Add a register"), self.tr("Add a register from a file"))
        self.say(self.tr("A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. "
                         "A file with the name of one you added before renews it; its rows stay."))  # fmt: skip
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        kinds = self.tr("Definitions (*.toml)")
        self.file = FileChoice(self.tr("Choose the file…"), self.tr("Add a register"), self, icon="upload", kinds=kinds)
        self.file.chosen.connect(self.read)
        self.column.addWidget(self.file)
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.where = SafeLabel("", "", self)
        self.where.setFont(theme.font(13, mono=True))
        self.where.hide()
        self.column.addWidget(self.where)
        self.cancel = button(self.tr("Close"), self.reject, kind="quiet", parent=self)
        self.end(self.cancel)
        self.file.choose.setFocus()

    def read(self, path: Path) -> None:
        """Read a file and add what it defines."""
        self.bar.close_notice()
        self.where.hide()
        try:
            data = files.read(path, LARGEST)
            try:
                toml = data.decode("utf-8")
            except UnicodeDecodeError:
                raise Refused("register.toml", self.tr("the file is not text in UTF-8")) from None
        except ValiseError as error:
            self._failed(error)
            return
        self.progress.wait()
        self._runner.run(lambda: self._door.registers.define(toml), self._added, self._failed, owner=self)

    def _added(self, made: Definition) -> None:
        self.progress.rest()
        self.added.emit(made)
        self.accept()

    def _failed(self, error: ValiseError) -> None:
        self.progress.rest()
        self.bar.show_error(error)
        if error.line:
            self.where.setText(error.line)
            self.where.show()
        self.fit()


def added_words(made: Definition) -> str:
    """For the notice once it is there."""
    return translate("registers", "The register {0} is there.").format(said.brief(said.term(made.title)))
