"""Choosing, reading and writing files without blocking; errors are ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from valise.domain.errors import Refused, Unavailable

_KEPT = ("FileDialog/history", "FileDialog/lastVisited")  # where Qt writes the folders it showed
SMALL = 4 * 1024 * 1024  # bytes; cards, requests and key files are far below


def home() -> str:
    """Where a person keeps documents: where choosing begins, whatever folder the program was started in."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return documents if Path(documents).is_dir() else str(Path.home())


def pick_file(parent: QWidget, title: str, kinds: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a file to read; `chosen(path)` when there is one. `kinds` as QFileDialog wants it."""
    return _ask(parent, title, kinds, chosen, QFileDialog.FileMode.ExistingFile)


def pick_folder(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder."""
    return _ask(parent, title, "", chosen, QFileDialog.FileMode.Directory)


def pick_place(parent: QWidget, title: str, name: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask where to save a file, proposing `name`."""
    dialog = _ask(parent, title, "", chosen, QFileDialog.FileMode.AnyFile, save=True)
    if ending := Path(name).suffix[1:]:
        dialog.setDefaultSuffix(ending)  # a name typed without one: else nothing opens the file by a click
    dialog.selectFile(name)
    return dialog


def _ask(
    parent: QWidget,
    title: str,
    kinds: str,
    chosen: Callable[[Path], object],
    mode: QFileDialog.FileMode,
    *,
    save: bool = False,
) -> QFileDialog:
    dialog = QFileDialog(parent, title, home())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(mode)
    if mode == QFileDialog.FileMode.Directory:
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if save:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if kinds:
        dialog.setNameFilter(kinds)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    forgetful(dialog)
    dialog.open()
    return dialog


def forgetful(dialog: QFileDialog) -> None:
    """Qt keeps the folders of a file dialog in the settings of the account; put back what stood there before."""
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    before = {key: kept.value(key) for key in _KEPT}

    def restore() -> None:
        now = QSettings(QSettings.Scope.UserScope, "QtProject")
        for key, value in before.items():
            if value is None:
                now.remove(key)
            else:
                now.setValue(key, value)

    dialog.destroyed.connect(restore)


def read(path: Path, limit: int = SMALL) -> bytes:
    """The bytes of a file. Unavailable("file.unreadable"), Refused("file.large") beyond `limit` bytes."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError:
        raise Unavailable("file.unreadable", "the file cannot be read") from None
    if len(data) > limit:
        raise Refused("file.large", "the file is larger than such a file can be")
    return data


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Unavailable("file.unwritable")."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise Unavailable("file.unwritable", "the file cannot be written") from None
