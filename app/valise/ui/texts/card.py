"""The card of a paragraph in the continuous text: margin with label and status, words with brackets, who says what."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, get_args

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTextDocument
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.domain.text.model import ParagraphRow, ParagraphView, Status
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.texts import signs, terms
from valise.ui.texts.paragraphs import ROW, Index, ParagraphModel
from valise.ui.texts.runs import LINE_PERCENT, READING_PX, Look, document, paint

MARGIN, WIDEST = 92, 124  # where label and status stand; as wide as the status and the name of a title need
PAD = 10  # above and below the words
EDGE = 16  # at the far side of the words
FOOT = 20  # the line of amendments and positions
HEAD = 34  # the name of a section above its first paragraph
LABEL = 18  # a line of the label
GAP = 3  # between two cards
KEPT = 256  # laid-out documents


class CardDelegate(QStyledItemDelegate):
    """Paints paragraphs. Heights of paragraphs nobody has looked at are estimated from their length, made exact
    when they are painted; `settled` then asks the view to lay out again (coalesced by the view)."""

    settled = Signal()

    def __init__(self, model: ParagraphModel, code_of: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._code_of = code_of
        self.language = "en"
        self.margin = MARGIN
        self.marked = ""  # proposal pointed out in the words
        self.editing = ""  # paragraph id under the editor
        self.editing_height = 0
        self.editing_below = False  # the editor stands under the words, not in their place
        self._documents: OrderedDict[str, tuple[ParagraphView, int, str, QTextDocument]] = OrderedDict()
        self._heights: dict[str, tuple[ParagraphView | None, int, int]] = {}
        self._asked: dict[str, tuple[int, int]] = {}
        self._metrics = QFontMetricsF(theme.font(READING_PX))
        self._labels: dict[str, int] = {}
        self._char = 7.0
        self.restyle()

    def restyle(self) -> None:
        """Forget what was laid out (another theme, another language)."""
        self._documents.clear()
        self._heights.clear()
        self._asked.clear()
        self._labels.clear()
        self._bold = QFontMetricsF(theme.font(13, bold=True))
        self._metrics = QFontMetricsF(theme.font(READING_PX))
        self._char = max(4.0, self._metrics.averageCharWidth())
        self._line = self._metrics.height() * LINE_PERCENT / 100
        words = QFontMetricsF(theme.font(11))
        longest = max(words.horizontalAdvance(self._status(one)) for one in get_args(Status))
        title = self._bold.horizontalAdvance(translate("texts", "Title"))
        self.margin = min(WIDEST, max(MARGIN, math.ceil(longest) + 40, math.ceil(title) + 26))

    def _status(self, status: Status) -> str:
        return self.tr("ad ref") if status == "agreed ad ref" else terms.status(status)

    def words_rect(self, card: QRect, direction: Qt.LayoutDirection, place: int) -> QRect:
        """Where the words (and the editor) stand in the card."""
        top = card.top() + PAD + (HEAD if self._opens_section(place) else 0)
        logical = QRect(card.left() + self.margin, top, card.width() - self.margin - EDGE, card.bottom() - GAP - PAD - top)
        return QStyle.visualRect(direction, card, logical)

    def editor_rect(self, card: QRect, direction: Qt.LayoutDirection, place: int) -> QRect:
        """Where the editor stands: in the place of the words, or below them."""
        words = self.words_rect(card, direction, place)
        if self.editing_below:
            words.setTop(words.bottom() - self.editing_height)
        return words

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The editor stands where the words stand, never over the margin."""
        editor.setGeometry(self.editor_rect(option.rect, option.direction, index.row()))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._width(option)
        return QSize(width, self.height(index.row(), width))

    def height(self, place: int, width: int) -> int:
        """Height of a card `width` pixels wide; exact when its view is known and was laid out."""
        row = self._model.row(place)
        head = HEAD if self._opens_section(place) else 0
        if row.id == self.editing and not self.editing_below:
            return self.editing_height + 2 * PAD + GAP + head
        held = self._heights.get(row.id)
        known = self._model.known(place)
        if held is not None and held[1] == width and (known is None or held[0] is known):
            body = held[2]
        else:
            length = sum(len(run.text) for run in known.runs) if known else self._length(row)
            lines = max(1, math.ceil(length * self._char / max(80, width - self.margin - EDGE)))
            body = math.ceil(lines * self._line)
            if row.open_proposals or (known and known.positions):
                body += FOOT
        self._asked[row.id] = (width, body)
        more = self.editing_height + PAD if row.id == self.editing else 0
        return max(body, 40 + LABEL * (self._label_lines(row.label) - 1)) + 2 * PAD + GAP + head + more

    @staticmethod
    def _length(row: ParagraphRow) -> int:
        """The outline brings at most 120 characters of a paragraph; where it brings as many, more will follow."""
        shown = len(row.first_words)
        return (shown if shown < 110 else 260) + 12 * row.open_proposals

    def settle(self, place: int, width: int) -> bool:
        """Lay the paragraph out and note its exact height. True when the view was told another one before."""
        row = self._model.row(place)
        view = self._model.view(place)
        held = self._heights.get(row.id)
        if held is None or held[0] is not view or held[1] != width:
            made = self._document(place, width)
            body = math.ceil(made.size().height()) + (FOOT if self._foot(view) else 0)
            self._heights[row.id] = (view, width, body)
        told = self._asked.get(row.id)  # what the view was told last
        return told is not None and row.id != self.editing and told != (width, self._heights[row.id][2])

    def _width(self, option: QStyleOptionViewItem) -> int:
        widget = option.widget
        if isinstance(widget, QWidget):
            viewport = getattr(widget, "viewport", None)
            if viewport is not None:
                return max(220, viewport().width())
        return max(220, option.rect.width())

    def _opens_section(self, place: int) -> bool:
        rows = self._model.rows()
        section = rows[place].section
        return section in ("PP", "OP", "annex") and (place == 0 or rows[place - 1].section != section)

    def _label_lines(self, label: str) -> int:
        """Long labels ("PP 5 alt 1 (XI)") take two lines of the margin."""
        held = self._labels.get(label)
        if held is None:
            held = 2 if self._bold.horizontalAdvance(label) > self.margin - 24 else 1
            self._labels[label] = held
        return held

    def _document(self, place: int, width: int) -> QTextDocument:
        view = self._model.view(place)
        key = view.paragraph.id
        marked = self.marked if any(one.id == self.marked for one in view.proposals) else ""
        held = self._documents.get(key)
        if held is not None and held[0] is view and held[1] == width and held[2] == marked:
            self._documents.move_to_end(key)
            return held[3]
        px = READING_PX + 3 if view.paragraph.section == "title" else READING_PX
        look = Look(px=px, language=self.language, marked=marked, muted=view.paragraph.status == "parked")
        made = document(view.runs, look, width - self.margin - EDGE)
        self._documents[key] = (view, width, marked, made)
        self._documents.move_to_end(key)
        while len(self._documents) > KEPT:
            self._documents.popitem(last=False)
        return made

    def _foot(self, view: ParagraphView) -> list[tuple[str, str]]:
        """(words, tone) of the line below the words: open amendments, then positions on the paragraph itself."""
        parts: list[tuple[str, str]] = []
        live = [one for one in view.proposals if one.state in terms.PENDING]
        if live:
            parts.append(("  ".join(isolate(one.label) for one in live[:6]) + (" …" if len(live) > 6 else ""), "muted"))
        tones = {"support": "good", "can go along": "good", "oppose": "bad"}
        for delegation, one in terms.latest(view.positions, view.paragraph.id).items():
            parts.append(
                (f"{terms.sign(one.value)} {isolate(self._code_of(delegation))}", tones.get(one.value, "warn"))
            )
        return parts

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        place = index.row()
        side = option.direction
        width = option.rect.width()
        if self.settle(place, width):
            self.settled.emit()
        view = self._model.view(place)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        card = QRect(option.rect)
        if self._opens_section(place):
            self._paint_head(painter, card, row.section, side)
        body = card.adjusted(4, HEAD if self._opens_section(place) else 0, -4, -GAP)
        self._paint_ground(painter, body, option.state, side)
        words = self.words_rect(card, side, place)
        self._paint_margin(
            painter, QRect(card.left(), words.top(), card.width(), body.bottom() - words.top()), row, side
        )
        if row.id != self.editing or self.editing_below:
            made = self._document(place, width)
            paint(painter, made, words.x(), words.y())
            self._paint_foot(painter, words, made.size().height(), view, side)
        painter.restore()

    def _paint_head(self, painter: QPainter, card: QRect, section: str, side: Qt.LayoutDirection) -> None:
        names = {"PP": self.tr("Preamble"), "OP": self.tr("Operative paragraphs"), "annex": self.tr("Annex")}
        logical = QRect(card.left() + self.margin, card.top() + 10, card.width() - self.margin - EDGE, HEAD - 12)
        where = QStyle.visualRect(side, card, logical)
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        painter.setPen(theme.colour("muted"))
        flags = QStyle.visualAlignment(side, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, int(flags), names[section])

    def _paint_ground(self, painter: QPainter, body: QRect, state: Any, side: Qt.LayoutDirection) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if not chosen and not state & QStyle.StateFlag.State_MouseOver:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        ground = theme.colour("selected" if chosen else "hover")
        if chosen:
            ground.setAlphaF(0.55)
        else:
            ground.setAlphaF(0.4)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(body), theme.RADIUS, theme.RADIUS)
        if chosen:
            bar = QStyle.visualRect(side, body, QRect(body.left(), body.top() + 6, 3, body.height() - 12))
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(bar), 1.5, 1.5)
        if state & QStyle.StateFlag.State_HasFocus and chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(QRectF(body).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)

    def _paint_margin(self, painter: QPainter, area: QRect, row: Any, side: Qt.LayoutDirection) -> None:
        align = QStyle.visualAlignment(side, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        lines = self._label_lines(row.label)
        label = QStyle.visualRect(side, area, QRect(area.left() + 16, area.top() + 1, self.margin - 22, LABEL * lines + 2))
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text"))
        text = isolate(terms.name(row)) if row.label or row.section == "title" else ""
        if lines == 1:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, label.width())
        painter.drawText(label, int(align | Qt.TextFlag.TextWordWrap), text)
        down = LABEL * (lines - 1)
        sign = QStyle.visualRect(side, area, QRect(area.left() + 15, area.top() + 23 + down, 14, 14))
        signs.draw_status(painter, QRectF(sign), row.status)
        said = QStyle.visualRect(side, area, QRect(area.left() + 33, area.top() + 21 + down, self.margin - 37, 18))
        painter.setFont(theme.font(11))
        painter.setPen(signs.tone(row.status))
        words = self._status(row.status)
        painter.drawText(
            said, int(align), painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, said.width())
        )

    def _paint_foot(
        self, painter: QPainter, words: QRect, below: float, view: ParagraphView, side: Qt.LayoutDirection
    ) -> None:
        parts = self._foot(view)
        if not parts:
            return
        painter.setFont(theme.font(12))
        metrics = painter.fontMetrics()
        at = words.left()
        top = words.top() + math.ceil(below) + 2
        for text, tone in parts:
            width = metrics.horizontalAdvance(text) + 2
            if at + width > words.right():
                break
            where = QStyle.visualRect(side, words, QRect(at, top, width, FOOT - 4))
            painter.setPen(theme.colour(tone))
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), text)
            at += width + 12
