"""The name that is shown for a State: that of the United Nations, one of ours, or its code alone. It stays in this vault."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.ui.registers import said
from valise.ui.tasks import Runner
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.notice import NoticeBar

MOST = 100  # letters


class StateNameDialog(Asking):
    """`kept(code)` once a name was changed. Begins at `state`, a code."""

    kept = Signal(str)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None, *, state: str = "") -> None:
        super().__init__(parent, width=520)
        self.setModal(True)
        self._door, self._runner = door, runner
        self._ours = door.registers.state_names()
        self.begin(self.tr("Name shown for a State"), self.tr("Name shown for a State"))
        self.say(self.tr("It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive "
                         "carry the name of the United Nations."))  # fmt: skip
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.column.addWidget(Words(self.tr("State"), "strong", self))
        self.state = named(QComboBox(self), self.tr("State"))
        for code, name in door.registers.names("state", said.language()):
            self.state.addItem(f"{name} ({code})" if name != code else code, code)
        self.column.addWidget(self.state)
        self.group = QButtonGroup(self)
        self.usual = self._way(self.tr("As the United Nations have it"))
        self.other = self._way(self.tr("Another name"))
        self.name = named(QLineEdit(self), self.tr("The other name"))
        self.name.setMaxLength(MOST)
        self.column.addWidget(self.name)
        self.code = self._way(self.tr("Its code alone"))
        self.cancel = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Show it so"), self.keep, kind="primary", icon="check", parent=self)
        self.end(self.cancel, self.go)
        self.state.currentIndexChanged.connect(self._stands)
        self.group.buttonClicked.connect(self._may)
        self.name.textEdited.connect(lambda _text: self.other.setChecked(True))
        self.name.textChanged.connect(self._may)
        self.state.setCurrentIndex(max(0, self.state.findData(state)))
        self._stands()
        self.state.setFocus()

    def _way(self, words: str) -> QRadioButton:
        made = named(QRadioButton(words, self), words)
        self.group.addButton(made)
        self.column.addWidget(made)
        return made

    def _stands(self) -> None:
        """What holds for the State that is chosen."""
        ours = self._ours.get(str(self.state.currentData()))
        (self.usual if ours is None else self.other if ours else self.code).setChecked(True)
        self.name.setText(ours or "")
        self._may()

    def _may(self) -> None:
        self.go.setEnabled(not self.other.isChecked() or bool(self.name.text().strip()))

    def keep(self) -> None:
        """Show it so from now on."""
        code = str(self.state.currentData())
        name = None if self.usual.isChecked() else self.name.text().strip() if self.other.isChecked() else ""
        self.go.setEnabled(False)
        language = said.language()
        self._runner.run(lambda: self._door.registers.name_state(code, name, language=language), lambda _none: self._kept(code),
                         self._failed, owner=self)  # fmt: skip

    def _kept(self, code: str) -> None:
        self.kept.emit(code)
        self.accept()

    def _failed(self, error: ValiseError) -> None:
        self._may()
        self.bar.show_error(error)
