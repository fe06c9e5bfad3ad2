"""Pictures of every view over open vaults, for the documents: one window, one scene after another.

`docs/pictures/make.py` sets the stage and calls `scenes`; each scene is drawn in memory by the real window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor
from PySide6.QtWidgets import QApplication, QDialog, QRadioButton, QWidget

from valise.desk.door import Door
from valise.ui import language, theme
from valise.ui.files.returned import ReturnedDialog
from valise.ui.lock import LockWatch
from valise.ui.shots import settle
from valise.ui.texts import TextsScreen
from valise.ui.texts.deciding import DecideDialog
from valise.ui.window import MainWindow

SIZE = (1440, 920)
COLOURS = 256  # of a picture; the window has few, the rest are edges of letters
VEIL = QColor(0, 0, 0, 90)  # over the window behind a dialog
LONGEST = 120_000  # ms until a reading beside the window must have ended


@dataclass(frozen=True, slots=True)
class Stage:
    """What there is to see: a text, the paragraph most is said of, words begun there, words to search, a statement, a file
    that came back."""

    text: str
    paragraph: str
    begun: str
    asked: str
    statement: str
    returned: Path
    direction: Qt.LayoutDirection


def until(done: Callable[[], bool]) -> None:
    """Let the window work until it is so. RuntimeError when it never is."""
    deadline = QDeadlineTimer(LONGEST)
    while not done():
        if deadline.hasExpired():
            raise RuntimeError("the window did not come to rest")
        settle(20)


watchers: list[Callable[[QWidget], object]] = []  # called with what a picture is of, as it is taken


def picture(window: QWidget, dialog: QWidget | None = None) -> QImage:
    """The window as it is drawn, a dialog of it in the middle before a veil."""
    for one in watchers:
        one(dialog or window)
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    if dialog is not None:
        painter = QPainter(image)
        painter.fillRect(image.rect(), VEIL)
        shown = dialog.grab()
        place = QPoint((image.width() - shown.width()) // 2, max(0, (image.height() - shown.height()) // 2))
        painter.drawPixmap(place, shown)
        painter.setPen(theme.colour("outline"))
        painter.drawRect(place.x() - 1, place.y() - 1, shown.width() + 1, shown.height() + 1)
        painter.end()
    return image


def save(image: QImage, path: Path) -> None:
    """As a PNG with a palette of its own most frequent colours, packed as tightly as Qt can."""
    counted = Counter(memoryview(image.constBits()).cast("I"))
    table = [colour for colour, _ in counted.most_common(COLOURS)]
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    image.convertToFormat(QImage.Format.Format_Indexed8, table, flags).save(str(path), "PNG", 0)  # type: ignore[call-overload]


class Scenes:
    """The window of one delegation, on one stage after the other. Closing it closes the vault."""

    def __init__(self, door: Door) -> None:
        still = LockWatch(clock=lambda: 0.0)  # nobody is at the keys, and drawing may take longer than the vault stays open
        self.window = MainWindow(door, watch=still, periodic=False)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.activateWindow()

    def dress(self, stage: Stage, look: theme.Choice, speak: str = "") -> None:
        """Another text, in this look; the window in that language, or in English in the direction the text is read."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.install(app).choose(look)
        language.use(app, speak or "en")  # English has plurals of its own
        if not speak:
            app.setLayoutDirection(stage.direction)
        self.stage = stage
        self.rest()

    def close(self) -> None:
        self.window.close()
        settle()
        self.window.deleteLater()
        settle()

    def rest(self) -> None:
        """Everything asked for has come and is painted."""
        settle(60)
        until(lambda: self.window.runner.idle)
        settle(60)

    def bench(self) -> TextsScreen:
        """The workbench at the paragraph."""
        screen = self.window.made("texts")
        assert isinstance(screen, TextsScreen)
        self.window.go("texts", f"{self.stage.text}#{self.stage.paragraph}")
        screen.tabs.setCurrentIndex(0)
        screen.bar.close_notice()
        self.rest()
        return screen

    def _dialog(self, screen: TextsScreen, kind: type[QDialog], act: str) -> QDialog:
        screen.acts[act].trigger()
        self.rest()
        return next(one for one in screen.findChildren(kind) if one.isVisible())

    def workbench(self) -> Iterator[tuple[str, QImage]]:
        """What a delegation with the pen sees."""
        self.window.show_screen("overview", focus=True)
        self.rest()
        yield "overview", picture(self.window)
        self.window.go("overview", "calendar")
        self.rest()
        yield "calendar", picture(self.window)
        self.window.go("overview", "today")
        screen = self.bench()
        yield "workbench", picture(self.window)
        screen.writing.begin("words")
        editor = screen.list.editor
        assert editor is not None
        editor.words.moveCursor(QTextCursor.MoveOperation.Start)
        editor.words.insertPlainText(self.stage.begun)
        editor.refresh()
        self.rest()
        yield "editor", picture(self.window)
        screen.drafts.drop(screen.text, screen.cards.editing, "words")
        screen.list.close_editor()
        screen.tabs.setCurrentIndex(2)
        screen.far.show_history()
        self.rest()
        yield "history", picture(self.window)
        for view, name in (("compare", "compare"), ("matrix", "standing"), ("convergence", "convergence"),
                           ("slips", "slips"), ("bench", "streamlining")):  # fmt: skip
            screen.far.look(view)
            self.rest()
            page = screen.far.page
            if view == "compare":  # the first revision with the text as it stands
                page.compare.old.setCurrentIndex(page.compare.old.count() - 1)
            elif view == "matrix":
                page.matrix.only.setChecked(True)
                row = next(n for n, one in enumerate(page.matrix.model.rows) if one.paragraph == self.stage.paragraph)
                page.matrix.grid.setCurrentIndex(page.matrix.model.index(row, 1))
            elif view == "bench":
                page.bench.list.setCurrentIndex(page.bench.list.model().index(page.bench.list.model().rowCount() - 1, 0))
                page.bench.scroll.findChildren(QRadioButton)[1].click()  # the first reading after "stays as it is"
            self.rest()
            yield name, picture(self.window)
        screen.far.leave()
        screen = self.bench()
        yield "export", self._closing(self._dialog(screen, self._export(), "export"))
        screen = self.bench()
        dialog = self._dialog(screen, ReturnedDialog, "returned")
        assert isinstance(dialog, ReturnedDialog)
        dialog.take_file(str(self.stage.returned))
        until(lambda: not dialog._work.busy)
        self.rest()
        yield "returned", self._closing(dialog)
        screen.far.joint.look(self.stage.statement)
        self.rest()
        yield "statement", picture(self.window)
        screen.far.leave()
        self.window.show_screen("library", focus=True)
        self.rest()
        library = self.window.made("library")
        library.box.setText(self.stage.asked)  # type: ignore[attr-defined]
        library.finder.now()  # type: ignore[attr-defined]
        self.rest()
        yield "library", picture(self.window)
        self.window.go("messages", self.window.door.texts.head(self.stage.text).room)
        self.rest()
        yield "messages", picture(self.window)
        for name in ("contacts", "settings"):
            self.window.show_screen(name, focus=True)
            self.rest()
            yield name, picture(self.window)
        self.window.go("settings", "exchange")
        self.rest()
        yield "exchange", picture(self.window)
        self.window._courier("export")
        self.rest()
        yield "courier", self._closing(self.window._bundles)
        self.window.made("settings").open_ref("")

    @staticmethod
    def _export() -> type[QDialog]:
        from valise.ui.files.export import ExportDialog

        return ExportDialog

    def _closing(self, dialog: QDialog) -> QImage:
        made = picture(self.window, dialog)
        dialog.reject()
        self.rest()
        return made

    def silence(self) -> Iterator[tuple[str, QImage]]:
        """A procedure runs."""
        self.bench()
        yield "silence", picture(self.window)

    def frozen(self) -> Iterator[tuple[str, QImage]]:
        """The pen wrote two continuations."""
        screen = self.bench()
        yield "frozen", self._closing(self._dialog(screen, DecideDialog, "decide"))
