"""Lays out one text on pages: `python -m valise.ui.paper`, started by formats/pdf for every file, ended with it.

One request on standard input (a length in 4 bytes, then JSON), the answer on standard output (the same, then the PDF).
It needs no screen, knows no vault and no key, and draws only what the request says.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)

from valise.ui import child
from valise.ui.paper_letters import FAMILIES, Letters, MissingFont
from valise.ui.paper_notice import NoticePaper
from valise.ui.paper_table import TablePaper

MAX_REQUEST: Final = 128 * 2**20
_DPI: Final = 1200
# Sizes of letters in points; what formats/pdf reads again it knows by these
_ORGAN, _TITLE, _HEAD, _SYMBOL, _FIELD, _SMALL = 15.0, 13.5, 12.0, 11.0, 9.5, 8.5
_MM: Final = _DPI / 25.4
_PT: Final = _DPI / 72
_PX: Final = 96 / 72  # the heights around a block Qt counts in these and scales itself
WIDTH, HEIGHT = 210 * _MM, 297 * _MM
SIDE, TOP, BOTTOM = 25 * _MM, 26 * _MM, 24 * _MM  # margins of the text; heads and feet stand in them
_BOLD, _EMPHASIS, _INSERTED, _STRUCK = 1, 2, 4, 8  # flags of a run
_GUARD: Final = 4 * _MM  # no line of one page reaches into the next, or it would be drawn on both
_HANG: Final = 46
# (indent, hanging label width) in points, by kind of block
_PLACES: Final = {
    "title": (0, 0), "formula": (46, 0), "pp": (46, 46), "op": (46, 46), "sub": (92, 46), "subsub": (138, 46),
    "annex": (0, 0), "head": (0, 0), "other": (0, 0), "small": (0, 0), "organ": (0, 0), "field": (0, 0), "rule": (0, 0),
}  # fmt: skip


def main() -> int:
    """Answer one request. An exit without an answer means it was too hard."""
    ours, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        request = child.get(ours, MAX_REQUEST)
        child.confine(request["memory"], request["cpu"], request["wall"])
        made, aliases, pages = lay_out(request)
        child.put(out, {"size": len(made), "aliases": aliases, "pages": pages})
        out.write(made)
        out.flush()
    except MissingFont:
        child.put(out, {"refused": "format.fonts"})
    except MemoryError:
        return child.TOO_HARD
    except (OSError, KeyError, TypeError, ValueError):
        return 1
    return 0


def lay_out(request: dict[str, Any]) -> tuple[bytes, dict[str, str], int]:
    """(the PDF as Qt writes it, which character Qt will name for a glyph instead of the one meant, number of pages)."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication.instance() or QGuiApplication(["valise", "-platform", "offscreen"])
    table = NoticePaper if "notice" in request else TablePaper
    paper = table(request) if "table" in request else _Paper(request)
    made = paper.print()
    del app
    return made, paper.letters.aliases(), paper.pages


@dataclass(slots=True)
class _Look:
    """Of one language: what emphasis is, and how large letters are."""

    size: float
    slanted: bool


class _Paper:
    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.rtl = request["rtl"] is True
        self.language = str(request["language"])
        self.look = {"ar": _Look(12.5, False), "zh": _Look(10.5, False)}.get(self.language, _Look(10.5, True))
        self.pages = 0
        self.font = QFont()
        self.font.setFamilies(list(FAMILIES))
        self.font.setPointSizeF(self.look.size)
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self.font.setKerning(True)
        self.font.setStyleStrategy(QFont.StyleStrategy.PreferDefault)
        self.letters = Letters(self.font)

    def print(self) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
        writer.setResolution(_DPI)
        writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
                                         QMarginsF(0, 0, 0, 0)))  # fmt: skip
        document = self._document(writer)
        self.letters.check()
        self.pages = document.pageCount()
        painter = QPainter(writer)
        size = document.pageSize()
        for number in range(self.pages):
            if number:
                writer.newPage()
            self._edges(painter, number)
            painter.save()
            painter.translate(SIDE, TOP - _GUARD - number * size.height())
            context = QAbstractTextDocumentLayout.PaintContext()
            context.clip = QRectF(0, number * size.height(), size.width(), size.height())
            painter.setClipRect(context.clip)
            document.documentLayout().draw(painter, context)
            painter.restore()
        painter.end()
        return bytes(buffer.data().data())

    def _document(self, writer: QPdfWriter) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(self.font)
        document.setDocumentMargin(0)
        document.setUseDesignMetrics(True)
        document.documentLayout().setPaintDevice(writer)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if self.rtl else Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTabStopDistance(_HANG * _PX)
        document.setDefaultTextOption(option)
        document.setPageSize(QSizeF(WIDTH - 2 * SIDE, HEIGHT - TOP - BOTTOM + 2 * _GUARD))
        frame = document.rootFrame().frameFormat()
        frame.setTopMargin(_GUARD * 96 / _DPI)  # Qt scales these as it does heights
        frame.setBottomMargin(_GUARD * 96 / _DPI)
        document.rootFrame().setFrameFormat(frame)
        cursor = QTextCursor(document)
        self.fresh = True
        self._masthead(cursor)
        for block in self.request["blocks"]:
            self._block(cursor, block)
        for head, lines in self.request["after"]:
            self._rule(cursor)
            self._start(cursor, "small", 4)
            self._write(cursor, head, _BOLD, _SMALL)
            for line in lines:
                self._start(cursor, "small", 2)
                self._write(cursor, line, 0, _SMALL)
        return document

    def _start(self, cursor: QTextCursor, kind: str, after: float, before: float = 0.0, label: bool = False) -> None:
        """Begin a block; measures in points."""
        form = QTextBlockFormat()
        indent, hang = _PLACES[kind]
        form.setLeftMargin(0 if self.rtl else indent * _PT)
        form.setRightMargin(indent * _PT if self.rtl else 0)
        if label and hang:
            # Tab stops of a block count from the wrong side in right-to-left lines; the common distance does not.
            form.setTextIndent(-hang * _PT)
        form.setTopMargin(before * _PX)
        form.setBottomMargin(after * _PX)
        form.setLineHeight(self._leading(), QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setLayoutDirection(Qt.LayoutDirection.RightToLeft if self.rtl else Qt.LayoutDirection.LeftToRight)
        if self.fresh:
            cursor.setBlockFormat(form)
            self.fresh = False
        else:
            cursor.insertBlock(form, QTextCharFormat())

    def _leading(self) -> float:
        return {"ar": 92.0, "zh": 100.0}.get(self.language, 94.0)

    def _write(self, cursor: QTextCursor, text: str, flags: int = 0, size: float = 0.0, raised: bool = False) -> None:
        if not text:
            return
        form = QTextCharFormat()
        form.setFontFamilies(list(FAMILIES))
        form.setFontPointSize(size or self.look.size)
        bold = bool(flags & _BOLD) or (bool(flags & _EMPHASIS) and not self.look.slanted)
        form.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        form.setFontItalic(bool(flags & _EMPHASIS) and self.look.slanted)
        form.setFontUnderline(bool(flags & _INSERTED))
        form.setFontStrikeOut(bool(flags & _STRUCK))
        form.setForeground(QColor(0, 0, 0))
        if raised:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        cursor.insertText(self.letters.shaped(text), form)

    def _masthead(self, cursor: QTextCursor) -> None:
        """Organ at the start, symbol at the end of a table of one row, a rule below, then marking and what else is told."""
        organ, symbol = str(self.request["organ"]), str(self.request["symbol"])
        if organ or symbol:
            form = QTextTableFormat()
            form.setBorder(0)
            form.setCellSpacing(0)
            form.setCellPadding(0)
            form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            half = QTextLength(QTextLength.Type.PercentageLength, 50)
            form.setColumnWidthConstraints([half, half])
            form.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            table = cursor.insertTable(1, 2, form)
            # Qt does not turn cells round as it does lines: left and right are said here
            for column, words, size in ((int(self.rtl), organ, _ORGAN), (int(not self.rtl), symbol, _SYMBOL)):
                cell = table.cellAt(0, column).firstCursorPosition()
                self.fresh = True
                self._start(cell, "organ", 0)
                block = cell.blockFormat()
                block.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
                block.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
                cell.setBlockFormat(block)
                self._write(cell, words, _BOLD, size)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            small = QTextCharFormat()
            small.setFontPointSize(1)
            cursor.setBlockCharFormat(small)
            self._rule(cursor, 2.0)
        if self.request["marking"]:
            self._start(cursor, "field", 1)
            self._write(cursor, str(self.request["marking"]), _BOLD, _FIELD)
        for name, value in self.request["fields"]:
            self._start(cursor, "field", 1)
            self._write(cursor, f"{name}: {value}", 0, _FIELD)

    def _rule(self, cursor: QTextCursor, after: float = 4.0) -> None:
        self._start(cursor, "rule", after, 2)
        form = cursor.blockFormat()
        form.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, 1)
        cursor.setBlockFormat(form)
        char = QTextCharFormat()
        char.setFontPointSize(2)
        cursor.setBlockCharFormat(char)

    def _block(self, cursor: QTextCursor, block: dict[str, Any]) -> None:
        kind = str(block["kind"])
        label = str(block["label"])
        title, head = kind == "title", kind in ("head", "annex")
        self._start(cursor, kind, 14 if title else 7, 18 if title else 8 if head else 0, bool(label))
        base = _BOLD if title or kind == "head" else _EMPHASIS if kind == "formula" and self.look.slanted else 0
        size = _TITLE if title else _HEAD if kind == "head" else 0.0
        if label:
            plain = not label.lstrip("\u2066").startswith(("PP", "OP"))
            self._write(cursor, f"{label} ", 0 if plain else _BOLD)  # a space too, or no reader would know of one
            self._write(cursor, "\t" if _PLACES[kind][1] else "\u2002")
        for text, flags, signs in block["runs"]:
            self._write(cursor, text, base | int(flags), size)
            for sign in signs:
                self._write(cursor, str(sign), base, size, raised=True)
        if block["status"]:
            self._write(cursor, f" ({block['status']})", _EMPHASIS if self.look.slanted else 0)

    def _edges(self, painter: QPainter, number: int) -> None:
        """The marking above and below, the symbol above, the page and how many there are below."""
        marking, symbol = str(self.request["marking"]), str(self.request["running"])
        across = WIDTH - 2 * SIDE
        font = QFont(self.font)
        font.setPointSizeF(_SMALL)
        end = Qt.AlignmentFlag.AlignLeft if self.rtl else Qt.AlignmentFlag.AlignRight
        painter.save()
        painter.setPen(QColor(0, 0, 0))
        line = 5 * _MM
        for words, top, side, bold in (
            (marking, 9 * _MM, Qt.AlignmentFlag.AlignHCenter, True),
            (symbol, 14.5 * _MM, end, False),
            (marking, HEIGHT - 17 * _MM, Qt.AlignmentFlag.AlignHCenter, True),
            (f"{number + 1}/{self.pages}", HEIGHT - 11.5 * _MM, Qt.AlignmentFlag.AlignHCenter, False),
        ):
            if not words:
                continue
            font.setBold(bold)
            painter.setFont(font)
            self._line(painter, words, QRectF(SIDE, top, across, line), side)
        painter.restore()

    def _line(self, painter: QPainter, words: str, place: QRectF, side: Qt.AlignmentFlag) -> None:
        """One line in its place; what is too long for it is set smaller, never cut."""
        layout = QTextLayout(self.letters.shaped(" ".join(words.split())), painter.font(), painter.device())
        option = QTextOption(side)
        rtl = self.rtl and any("\u0590" <= char <= "\u08ff" for char in words)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e9)
        natural = line.naturalTextWidth()
        layout.endLayout()
        font = painter.font()
        if natural > place.width():
            font.setPointSizeF(max(4.0, font.pointSizeF() * place.width() / natural * 0.98))
            painter.setFont(font)
        layout = QTextLayout(self.letters.shaped(" ".join(words.split())), font, painter.device())
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(place.width())
        line.setPosition(QPointF(0, 0))
        layout.endLayout()
        layout.draw(painter, place.topLeft())


if __name__ == "__main__":
    sys.exit(main())
