"""Runs of a paragraph laid out as a QTextDocument: insertion = underline, deletion = strike, bracket = bold.

Text enters by QTextCursor.insertText only, never as HTML, and passes `script.shown` first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout as DocLayout
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from valise.domain.text import inline_runs
from valise.domain.text.model import Run
from valise.ui import theme
from valise.ui.text_safe import FSI, PDI
from valise.ui.texts.script import direction, shown

READING_PX = 15
LINE_PERCENT = 116.0


@dataclass(frozen=True, slots=True)
class Look:
    """How runs are written: size in device-independent pixels, language of the text, proposal to point out."""

    px: int = READING_PX
    language: str = "en"
    marked: str = ""
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Piece(Run):
    """A run of which more is known: its words are emphasised, or its marks are to be seen as they are (`raw`)."""

    italic: bool = False
    raw: bool = False


def _format(style: str, look: Look) -> QTextCharFormat:
    t = theme.tokens()
    made = QTextCharFormat()
    made.setForeground(QColor(t.muted if look.muted else t.text))
    small = max(11, look.px - 3)
    if style == "bracket":
        made.setFontWeight(QFont.Weight.Bold)
        made.setForeground(QColor(t.warn))
    elif style == "insert":
        made.setFontUnderline(True)
        made.setForeground(QColor(t.good))
        made.setBackground(QColor(t.good_soft))
    elif style == "delete":
        made.setFontStrikeOut(True)
        made.setForeground(QColor(t.bad))
        made.setBackground(QColor(t.bad_soft))
    elif style == "attribution":
        made.setForeground(QColor(t.muted))
        made.setProperty(QTextCharFormat.Property.FontPixelSize, small)
    elif style == "separator":
        made.setFontWeight(QFont.Weight.Bold)
        made.setForeground(QColor(t.muted))
    elif style == "remark":
        made.setForeground(QColor(t.info))
        made.setProperty(QTextCharFormat.Property.FontPixelSize, small)
    return made


def written(run: Run) -> str:
    """The words of a run as read: the asterisks of emphasis and the tildes of a deletion are shown as style."""
    return "".join(text for text, _ in pieces(run))


def pieces(run: Run) -> list[tuple[str, bool]]:
    """(words, emphasised) of a run, without the marks that are shown as style."""
    if isinstance(run, Piece) and (run.italic or run.raw):
        return [(run.text, run.italic)]
    if run.style == "emphasis":
        return [(run.text.replace("*", ""), True)]
    if run.style == "bracket" and run.text == "~~":  # of a deletion that was computed: it is struck already
        return []
    text = run.text.replace("~~", "") if run.style == "delete" else run.text
    if run.style not in ("insert", "delete") or "*" not in text:
        return [(text, False)]
    found = [(part, style == "emphasis") for part, style in inline_runs.runs(text)]
    return [(part.replace("*", "") if italic else part, italic) for part, italic in found]


def document(runs: Iterable[Run], look: Look, width: float) -> QTextDocument:
    """A laid-out document `width` pixels wide. Made and used on the UI thread only."""
    runs = tuple(runs)
    made = QTextDocument()
    made.setUndoRedoEnabled(False)
    made.setDocumentMargin(0)
    made.setDefaultFont(theme.font(look.px))
    whole = "".join(run.text for run in runs if run.style not in ("attribution", "remark")) or "".join(
        run.text for run in runs
    )
    option = made.defaultTextOption()
    option.setTextDirection(direction(whole, look.language))
    option.setWrapMode(option.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setDefaultTextOption(option)
    cursor = QTextCursor(made)
    block = QTextBlockFormat()
    block.setLineHeight(LINE_PERCENT, int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value))
    block.setLayoutDirection(option.textDirection())
    cursor.setBlockFormat(block)
    formats: dict[tuple[str, bool, bool], QTextCharFormat] = {}
    for run in runs:
        marked = bool(look.marked) and look.marked in run.proposals
        for words, italic in pieces(run):
            key = (run.style, marked, italic)
            if key not in formats:
                made_format = _format(run.style, look)
                if marked:
                    made_format.setBackground(QColor(theme.tokens().warn_soft))
                made_format.setFontItalic(italic)
                formats[key] = made_format
            text = shown(words)
            if run.style in ("attribution", "remark"):
                core = text.strip(" ")
                lead = text[: len(text) - len(text.lstrip(" "))]
                text = f"{lead}{FSI}{core}{PDI}{text[len(lead) + len(core) :]}" if core else text
            cursor.insertText(text, formats[key])
    made.setTextWidth(max(40.0, width))
    return made


def paint(painter: QPainter, made: QTextDocument, x: float, y: float, clip: QRectF | None = None) -> None:
    """Draw a document with its own colours at (x, y); `clip` in document coordinates."""
    painter.save()
    painter.translate(x, y)
    context = DocLayout.PaintContext()
    if clip is not None:
        context.clip = clip
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
    made.documentLayout().draw(painter, context)
    painter.restore()


def plain(runs: Iterable[Run]) -> str:
    """The same for a screen reader: insertions and deletions said in signs of the notation."""
    parts: list[str] = []
    for run in runs:
        if run.style == "delete":
            parts.append(f"~~{written(run)}~~")
        else:
            parts.append(written(run))
    return shown("".join(parts))


class RunsLabel(QWidget):
    """Runs as a widget: height follows width, colours follow the theme, its accessible name is its words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._runs: tuple[Run, ...] = ()
        self._made: QTextDocument | None = None
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(policy.Policy.Fixed)
        self.setSizePolicy(policy)
        theme.current().changed.connect(self._again)

    def show_runs(self, runs: Iterable[Run], look: Look | None = None) -> None:
        """Replace what is shown."""
        self._runs = tuple(runs)
        self._look = look or self._look
        self.setAccessibleName(plain(self._runs))
        self._again()

    def runs(self) -> tuple[Run, ...]:
        return self._runs

    def _again(self) -> None:
        self._made = None
        self.updateGeometry()
        self.update()

    def _document(self, width: float) -> QTextDocument:
        if self._made is None:
            self._made = document(self._runs, self._look, width)
        elif self._made.textWidth() != width:
            self._made.setTextWidth(width)
        return self._made

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(self._document(float(max(40, width))).size().height()) + 1

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 60 else 300
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._look.px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(painter, self._document(float(max(40, self.width()))), 0, 0)
        painter.end()
