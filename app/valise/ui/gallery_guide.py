"""Pictures for the guide: the same scenes in a smaller window, and the screen alone, so that their words can be read on a page."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from valise.desk.door import Door, Gate
from valise.ui import gallery_directory, gallery_incidents, gallery_registers, gallery_security
from valise.ui.first.front import Front
from valise.ui.gallery import Scenes, picture, until
from valise.ui.incidents import IncidentsScreen
from valise.ui.shots import settle

SIZE = QSize(1000, 640)
WIDE = 794  # px of a picture at most; a dialog is as wide as it is
# name of a scene -> name of its picture
OF_TEXTS = {
    "overview": "overview", "workbench": "workbench", "editor": "editor", "compare": "compare", "standing": "standing",
    "streamlining": "streamlining", "export": "export", "statement": "statement", "library": "library", "messages": "messages",
    "exchange": "ways", "courier": "courier",
}  # fmt: skip
OF_REGISTERS = {"norm": "commitments", "register": "register"}
OF_SECURITY = {"security-hygiene": "hygiene", "verify-code": "verify-code"}


class GuideScenes(Scenes):
    """As `Scenes`, in the size of a page; dialogs by themselves."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self.window.resize(SIZE)

    def _closing(self, dialog: QDialog) -> QImage:
        made = alone(dialog)
        dialog.reject()
        self.rest()
        return made


def alone(widget: QWidget) -> QImage:
    """A dialog or page as it is drawn, without the window behind."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def fitted(image: QImage, *, whole: bool = False) -> QImage:
    """The picture, not wider than a page: of a window the screen without the sidebar, unless it is to be seen `whole`. Nothing
    is made smaller."""
    wide = min(WIDE, image.width())
    left = image.width() - wide if image.size() == SIZE and not whole else 0
    return image.copy(QRect(QPoint(left, 0), QSize(wide, image.height())))


def first_run(gate: Gate) -> QImage:
    """The first page of all."""
    front = Front(gate, fill_sample=lambda _door: None)
    front.show()
    settle()
    made = alone(front)
    front.close()
    front.deleteLater()
    settle()
    return made


def views(scenes: GuideScenes, contact: str, now: int) -> Iterator[tuple[str, QImage]]:
    """Everything but what needs a procedure of silence."""
    window = scenes.window
    for name, image in scenes.workbench():
        if name in OF_TEXTS:
            yield OF_TEXTS[name], image
    request, _ = gallery_incidents.stage(window.door)
    window.go("incidents", request)
    scenes.rest()
    yield "incident", picture(window)
    yield "incident-leaves", _leaving(scenes)
    for name, image in gallery_directory.views(scenes, now):
        if name == "directory-entry":
            yield "directory", image
    for name, image in gallery_registers.views(scenes):
        if name in OF_REGISTERS:
            yield OF_REGISTERS[name], image
    for name, image in gallery_security.views(scenes, contact):
        if name in OF_SECURITY:
            yield OF_SECURITY[name], image


def _leaving(scenes: Scenes) -> QImage:
    screen = scenes.window.made("incidents")
    assert isinstance(screen, IncidentsScreen)
    screen.new()
    for key, value in gallery_incidents.REPORTED.items():
        screen.report.fields[key].set_value(value)
    screen.report.look()
    until(lambda: screen.report._dialog is not None and screen.report._dialog.isVisible())
    dialog = screen.report._dialog
    assert dialog is not None
    QApplication.processEvents()
    made = alone(dialog)
    dialog.reject()
    screen.report.drop.click()
    scenes.rest()
    return made
