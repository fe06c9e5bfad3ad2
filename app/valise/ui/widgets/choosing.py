"""Choosing one file: a button, and the name of what was chosen beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import SafeLabel


class FileChoice(QWidget):
    """`path` is None until `chosen`. `title` stands over the file dialog; `kinds` as QFileDialog wants it."""

    chosen = Signal(object)  # Path

    def __init__(
        self, words: str, title: str, parent: QWidget | None = None, *, kinds: str = "", icon: str = "file", kind: str = ""
    ) -> None:
        super().__init__(parent)
        self._title, self._kinds = title, kinds
        self.path: Path | None = None
        self.choose = button(words, self._pick, icon=icon, kind=kind, parent=self)
        self.which = SafeLabel(self.tr("None chosen"), "muted", self, wrap=False)
        self.setLayout(row(self.choose, self.which, None))
        self.setFocusProxy(self.choose)

    def _pick(self) -> None:
        pick_file(self, self._title, self._kinds, self.set_path)

    def set_path(self, path: Path) -> None:
        """What was chosen."""
        self.path = path
        self.which.setText(path.name)
        self.chosen.emit(path)
