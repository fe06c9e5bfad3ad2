"""Where a page is read. It shows the guide's own pictures and follows the guide's own links; there is nothing else it could load."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QImage, QImageReader, QResizeEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from valise.ui import theme
from valise.ui.guide import look
from valise.ui.guide.book import Page
from valise.ui.widgets.labels import named

MARGIN = 28  # px around the page
WIDEST = 760  # px of a line that is still read with ease
_PICTURE = re.compile(r"(?:\.\./)?pictures/([a-z0-9-]+)\.png")
_MOST_MARKS = 400


class Reader(QTextBrowser):
    """`show_page`; `followed(target)` for a link, as it stands in the page."""

    followed = Signal(str)

    def __init__(self, pictures: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._page: Page | None = None
        self._marked: tuple[str, ...] = ()
        self._foreign = False
        self._wide = 0  # of the viewport when the page was laid out
        self._soon = QTimer(self)  # not while the window is still being resized
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fit)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # one that comes and goes would change the width
        self.document().setDocumentMargin(MARGIN)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))
        theme.current().changed.connect(self.again)

    # the page

    def show_page(self, page: Page, *, part: str = "", marked: tuple[str, ...] = (), foreign: bool = False) -> None:
        """Show a page at the beginning or at a part; words of a search are marked in it. `foreign`: it is in another language
        than the window, so names of screens and acts also stand there as the window has them."""
        self._page, self._marked, self._foreign = page, marked, foreign
        named(self, page.title)
        self._draw()
        if part:
            self.scrollToAnchor(part)
        else:
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.verticalScrollBar().setValue(0)

    def again(self) -> None:
        """The same page in other colours or at another width."""
        if self._page is not None:
            at = self.verticalScrollBar().value()
            self._draw()
            self.verticalScrollBar().setValue(at)

    def _fit(self) -> None:
        """Lay out again where the width is another one."""
        if self.viewport().width() != self._wide:
            self.again()

    def _draw(self) -> None:
        assert self._page is not None
        self._wide = self.viewport().width()
        side = max(MARGIN, (self.viewport().width() - WIDEST) // 2) if self.viewport().width() > WIDEST else MARGIN
        document = self.document()
        document.setDefaultStyleSheet(look.sheet())
        self.setHtml(look.page(self._page, self._width, look.spoken() if self._foreign else {}))
        frame = document.rootFrame().frameFormat()
        frame.setLeftMargin(side)
        frame.setRightMargin(side)
        frame.setTopMargin(MARGIN)
        frame.setBottomMargin(MARGIN)
        document.rootFrame().setFrameFormat(frame)
        option = document.defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self._page.right_to_left else Qt.LayoutDirection.LeftToRight)
        document.setDefaultTextOption(option)
        self._mark()

    def _mark(self) -> None:
        """The words of the search."""
        marks: list[QTextEdit.ExtraSelection] = []
        form = QTextCharFormat()
        form.setBackground(theme.colour("warn_soft"))
        form.setForeground(theme.colour("text"))
        for word in self._marked:
            at = QTextCursor(self.document())
            while len(marks) < _MOST_MARKS:
                at = self.document().find(word, at)
                if at.isNull():
                    break
                one = QTextEdit.ExtraSelection()
                one.cursor, one.format = QTextCursor(at), form  # type: ignore[attr-defined]  # fields of a C++ struct
                marks.append(one)
        self.setExtraSelections(marks)

    # pictures

    def _room(self) -> int:
        return min(WIDEST, self.viewport().width() - 2 * MARGIN)

    def _file(self, name: str) -> Path | None:
        """The picture of that name in the look that is on; None for anything but a picture of the guide."""
        found = _PICTURE.fullmatch(name)
        if found is None:
            return None
        dark = self._pictures / f"{found[1]}-dark.png"
        plain = self._pictures / f"{found[1]}.png"
        return dark if theme.tokens().dark and dark.is_file() else plain if plain.is_file() else None

    def _width(self, name: str) -> int:
        path = self._file(name)
        size = QImageReader(str(path)).size() if path is not None else QSize()
        return max(0, min(size.width(), self._room())) if size.isValid() else 0

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures of the guide, and nothing else, from wherever it may be asked."""
        path = self._file(name if isinstance(name, str) else name.toString())
        if path is None or int(kind) != QTextDocument.ResourceType.ImageResource.value:
            return None
        return QImage(str(path))

    def doSetSource(self, _name: QUrl, _kind: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource) -> None:
        """Refused: pages are shown by `show_page` alone."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._soon.start(0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_soon"):
            self.again()
