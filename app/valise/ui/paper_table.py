"""A table on pages, drawn line by line: a million words of it take no more memory than its pages.

Part of the process of `ui.paper`. A row stands on one page if it can; one that is longer than a page is cut between lines,
never within one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)

from valise.ui.paper_letters import FAMILIES, Letters

_DPI: Final = 1200
_MM: Final = _DPI / 25.4
_PT: Final = _DPI / 72
_SIDE, _TOP, _BOTTOM = 15 * _MM, 20 * _MM, 20 * _MM
_PAD: Final = 1.2 * _MM
_TITLE, _SMALL = 13.5, 8.5
_RULE: Final = QColor(120, 120, 120)
_SHADE: Final = QColor(236, 236, 236)


@dataclass(slots=True)
class _Cell:
    """Laid out: its lines, and their heights added up."""

    layout: QTextLayout
    heights: list[float]


@dataclass(slots=True)
class _Piece:
    """Something that stands on a page: lines [first, last) of each cell of one row. `cells` () = space alone."""

    cells: list[_Cell]
    lefts: list[float]
    spans: list[tuple[int, int]]
    height: float
    head: bool = False
    ruled: bool = True


class TablePaper:
    """Draws one request. `letters` knows every character afterwards; `pages` how many there are."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.rtl = request["rtl"] is True
        language = str(request["language"])
        self.size = {"ar": 10.5, "zh": 9.0}.get(language, 9.0)
        across, down = (210 * _MM, 297 * _MM) if request["upright"] else (297 * _MM, 210 * _MM)
        self.page = QRectF(0, 0, across, down)
        self.space = QRectF(_SIDE, _TOP, across - 2 * _SIDE, down - _TOP - _BOTTOM)
        self.font = QFont()
        self.font.setFamilies(list(FAMILIES))
        self.font.setPointSizeF(self.size)
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self.letters = Letters(self.font, codes=True)
        self.pages = 0

    def print(self) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
        writer.setResolution(_DPI)
        side = QPageLayout.Orientation.Portrait if self.request["upright"] else QPageLayout.Orientation.Landscape
        writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), side, QMarginsF(0, 0, 0, 0)))
        painter = QPainter(writer)
        self.device = writer
        self.pages = 1 + max((page for page, _, _ in self._placed()), default=0)
        self.letters.check()
        now = -1
        for page, top, piece in self._placed():
            while now < page:
                now += 1
                if now:
                    writer.newPage()
                self._edges(painter, now)
            self._draw(painter, piece, top)
        if now < 0:
            self._edges(painter, 0)
        painter.end()
        return bytes(buffer.data().data())

    def _placed(self) -> Iterator[tuple[int, float, _Piece]]:
        """(page, top on it, piece), in order; called once to count the pages and once to draw them."""
        page, top = 0, self.space.top()
        end = self.space.bottom()
        for piece in self._opening():
            yield page, top, piece
            top += piece.height
        for part in self.request["table"]:
            columns = self._columns(part["shares"])
            heads = self._row(part["heads"], columns, True) if any(part["heads"]) else None
            heading = self._row([part["heading"]], [(self.space.left(), self.space.width())], True) if part["heading"] else None
            fresh = True  # the head of this part is not on this page yet
            if heading:
                heading.ruled = False
                if top > self.space.top():
                    top += 3 * _MM
                if top + heading.height + 12 * _MM > end:
                    page, top = page + 1, self.space.top()
                yield page, top, heading
                top += heading.height
            for cells in part["rows"]:
                row = self._row(cells, columns, False, part["form"])
                while True:
                    above = heads.height if heads and fresh else 0.0
                    whole = end - self.space.top() - (heads.height if heads else 0.0)
                    room = end - top - above
                    if row.height > room and top > self.space.top() and (row.height <= whole or room < 15 * _MM):
                        page, top, fresh = page + 1, self.space.top(), True
                        continue
                    if heads and fresh:
                        yield page, top, heads
                        top += heads.height
                    fresh = False
                    if row.height <= end - top:
                        yield page, top, row
                        top += row.height
                        break
                    first, row = self._cut(row, end - top)
                    yield page, top, first
                    page, top, fresh = page + 1, self.space.top(), True
            if heads and fresh and not part["rows"]:
                yield page, top, heads
                top += heads.height

    def _opening(self) -> Iterator[_Piece]:
        across = [(self.space.left(), self.space.width())]
        for text, size, bold in ((str(self.request["title"]), _TITLE, True),
                                 *((str(line), _SMALL, False) for line in self.request["lines"])):  # fmt: skip
            if text:
                piece = self._row([text], across, bold, size=size)
                piece.head, piece.ruled = False, False
                yield piece
        yield _Piece([], [], [], 2 * _MM, ruled=False)

    def _columns(self, shares: list[float]) -> list[tuple[float, float]]:
        """(left, width) of each column, from the right in right-to-left."""
        made, at = [], self.space.left()
        for share in shares:
            width = share * self.space.width()
            left = self.page.width() - at - width if self.rtl else at
            made.append((left, width))
            at += width
        return made

    def _row(self, cells: list[str], columns: list[tuple[float, float]], head: bool, form: bool = False,
             size: float = 0.0) -> _Piece:  # fmt: skip
        laid = [
            self._cell(str(text), width, head or (form and not at), size)
            for at, (text, (_, width)) in enumerate(zip(cells, columns, strict=True))
        ]
        height = max((sum(one.heights) for one in laid), default=0.0) + 2 * _PAD
        return _Piece(laid, [left for left, _ in columns], [(0, len(one.heights)) for one in laid], height, head)

    def _cell(self, text: str, width: float, bold: bool, size: float) -> _Cell:
        font = QFont(self.font)
        font.setBold(bold)
        if size:
            font.setPointSizeF(size)
        layout = QTextLayout(self.letters.shaped(text.replace("\t", "    ")), font, self.device)
        side = Qt.AlignmentFlag.AlignRight if self.rtl else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self._right(text) else Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        heights: list[float] = []
        at = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width - 2 * _PAD, 4 * _MM))
            line.setPosition(QPointF(0, at))
            heights.append(line.height())
            at += line.height()
        layout.endLayout()
        return _Cell(layout, heights)

    def _right(self, text: str) -> bool:
        """Whether words run from the right; numbers and Latin words do not, wherever they stand."""
        return self.rtl and any("\u0590" <= char <= "\u08ff" for char in text)

    def _cut(self, row: _Piece, room: float) -> tuple[_Piece, _Piece]:
        """What fits, at least one line of each cell, and the rest."""
        firsts, rests, used, left = [], [], 0.0, 0.0
        for cell, (start, stop) in zip(row.cells, row.spans, strict=True):
            height, at = 0.0, start
            while at < stop and (at == start or height + cell.heights[at] + 2 * _PAD <= room):
                height += cell.heights[at]
                at += 1
            firsts.append((start, at))
            rests.append((at, stop))
            used = max(used, height)
            left = max(left, sum(cell.heights[at:stop]))
        return (
            _Piece(row.cells, row.lefts, firsts, used + 2 * _PAD),
            _Piece(row.cells, row.lefts, rests, left + 2 * _PAD),
        )

    def _draw(self, painter: QPainter, piece: _Piece, top: float) -> None:
        if piece.head and piece.ruled:
            painter.fillRect(QRectF(self.space.left(), top, self.space.width(), piece.height), _SHADE)
        painter.setPen(QColor(0, 0, 0))
        for cell, left, (start, stop) in zip(piece.cells, piece.lefts, piece.spans, strict=True):
            above = sum(cell.heights[:start])
            for at in range(start, stop):
                cell.layout.lineAt(at).draw(painter, QPointF(left + _PAD, top + _PAD - above))
        if piece.ruled:
            painter.setPen(QPen(_RULE, 0.4 * _PT))
            bottom = top + piece.height
            painter.drawLine(QPointF(self.space.left(), bottom), QPointF(self.space.right(), bottom))

    def _edges(self, painter: QPainter, number: int) -> None:
        """Marking and side above and below, the page and how many there are below."""
        font = QFont(self.font)
        font.setPointSizeF(_SMALL)
        edge = str(self.request["edge"])
        down = self.page.height()
        painter.setPen(QColor(0, 0, 0))
        for words, top, bold in (
            (edge, 9 * _MM, True), (edge, down - 16 * _MM, True), (f"{number + 1}/{self.pages}", down - 10.5 * _MM, False),
        ):  # fmt: skip
            if not words:
                continue
            font.setBold(bold)
            one = QFont(font)
            layout, wide = self._line(words, one)
            if wide > self.space.width():  # what is too long is set smaller, never cut
                one.setPointSizeF(max(4.0, one.pointSizeF() * self.space.width() / wide * 0.98))
                layout, wide = self._line(words, one)
            layout.draw(painter, QPointF(self.page.width() / 2 - wide / 2, top))

    def _line(self, words: str, font: QFont) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self.letters.shaped(" ".join(words.split())), font, self.device)
        option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self._right(words) else Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e9)
        wide = line.naturalTextWidth()
        line.setLineWidth(wide + 1)
        layout.endLayout()
        return layout, wide
