"""Files of a message being written: sealed into the vault one by one, with progress, before the message is sent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door, Progress
from valise.desk.views import AttachmentView
from valise.domain.errors import NotAllowed, Unavailable, ValiseError
from valise.ui import icons, language, theme
from valise.ui.messages import markup
from valise.ui.tasks import Runner, Task
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ProgressLine, icon_button, row
from valise.ui.widgets.labels import ElidedLabel, named, small

LARGEST = 256 * 1024 * 1024  # bytes; a file is read whole before it is sealed


def read(path: Path) -> bytes:
    """A file's bytes. NotAllowed("attachment.size") when too large, Unavailable("file.read") when unreadable."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotAllowed("attachment.size", "the file is larger than can be attached")
        return path.read_bytes()
    except OSError:
        raise Unavailable("file.read", "the file cannot be read") from None


def write(path: Path, data: bytes) -> None:
    """Store bytes at a place a person chose. Unavailable("file.write") when that fails."""
    try:
        path.write_bytes(data)
    except OSError:
        raise Unavailable("file.write", "the file cannot be written") from None


def suggested(name: str) -> str:
    """A file name from a peer as a suggestion for saving: no folders, no leading dot, nothing hidden."""
    bare = markup.file_name(name).replace("\ufffd", "_")
    for sign in '/\\:*?"<>|':
        bare = bare.replace(sign, "_")
    return bare.lstrip(". ")[:120] or "file"


class _Line(QWidget):
    """One file: name, size, progress while it is being sealed, a button to take it out again."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.task: Task | None = None
        self.id = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        sign = QLabel(self)
        icons.bind(sign, "file", size=16)
        self.name = ElidedLabel(markup.file_name(name), self)
        self.note = small("", self)
        self.out = icon_button("cross", self.tr("Remove {file}").format(file=isolate(name)), parent=self)
        line = row(sign, self.name, self.note, self.out)
        line.setStretch(1, 1)
        box.addLayout(line)
        self.progress = ProgressLine(self)
        named(self.progress, self.tr("Sealing {file}").format(file=isolate(name)))
        box.addWidget(self.progress)


class FileTray(QWidget):
    """`ids()` are ready to be sent; `busy` while any is still being sealed."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._lines: list[_Line] = []
        self._known: dict[str, AttachmentView] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.SPACE.s, 0, 0, 0)
        self._box.setSpacing(0)
        self.hide()

    @property
    def busy(self) -> bool:
        return any(line.task is not None for line in self._lines)

    def ids(self) -> tuple[str, ...]:
        return tuple(line.id for line in self._lines if line.id)

    def show_ids(self, ids: Sequence[str]) -> None:
        """The files of a draft."""
        self.clear()
        for one in ids:
            view = self._view(one)
            line = self._line(view.name if view else self.tr("file attached earlier"))
            self._ready(line, one, view)
        self.setVisible(bool(self._lines))

    def _view(self, attachment: str) -> AttachmentView | None:
        """What is known of a file attached earlier, perhaps before the last lock."""
        if attachment not in self._known:
            with suppress(ValiseError):
                self._known[attachment] = self._door.messages.attachment_view(attachment)
        return self._known.get(attachment)

    def clear(self) -> None:
        """Take everything out; what is being sealed is stopped."""
        for line in self._lines:
            if line.task is not None:
                line.task.cancel()
            line.hide()
            line.deleteLater()
        self._lines.clear()
        self.hide()

    def add(self, room: str, path: Path) -> None:
        """Seal a file into the vault; it is read and sealed on the writer thread."""
        line = self._line(path.name)
        line.progress.wait()
        line.note.setText(self.tr("sealing"))
        self.show()

        def seal(progress: Progress) -> AttachmentView:
            return self._door.messages.attach(room, path.name, read(path), progress)

        line.task = self._runner.run(
            seal,
            lambda view: self._sealed(line, view),
            lambda error: self._refused(line, error),
            on_progress=line.progress.show_progress,
            owner=line,
        )
        self.changed.emit()

    def _line(self, name: str) -> _Line:
        line = _Line(name, self)
        line.out.clicked.connect(lambda: self._remove(line))
        self._lines.append(line)
        self._box.addWidget(line)
        return line

    def _sealed(self, line: _Line, view: AttachmentView) -> None:
        line.task = None
        self._known[view.id] = view
        self._ready(line, view.id, view)
        self.changed.emit()

    def _ready(self, line: _Line, attachment: str, view: AttachmentView | None) -> None:
        line.id = attachment
        line.progress.rest()
        line.note.setText(language.size(view.size) if view else "")

    def _refused(self, line: _Line, error: ValiseError) -> None:
        line.task = None
        self._remove(line)
        self.failed.emit(error)

    def _remove(self, line: _Line) -> None:
        if line not in self._lines:
            return
        if line.task is not None:
            line.task.cancel()
        self._lines.remove(line)
        line.hide()
        line.deleteLater()
        self.setVisible(bool(self._lines))
        self.changed.emit()
