"""Asking where a file goes, without anything outside the vault remembering it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from valise.ui.widgets import files


class Places:
    """The folder last used, for as long as the program runs; where a file goes."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def ask(self, parent: QWidget, title: str, name: str, chosen: Callable[[Path], object]) -> QFileDialog:
        """Ask where to save; whether something is replaced is asked by us."""
        dialog = files.pick_place(parent, title, name, lambda path: self._take(path, chosen))
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        if self._folder is not None:
            dialog.setDirectory(str(self._folder))
            dialog.selectFile(name)
        return dialog

    def _take(self, path: Path, chosen: Callable[[Path], object]) -> None:
        self._folder = path.parent
        chosen(path)


def there(path: Path) -> bool:
    """Whether something stands at this place; what cannot be looked at is found out when writing."""
    try:
        return path.exists()
    except OSError:
        return False
