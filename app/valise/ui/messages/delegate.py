"""Bubbles: author and marking above, the words, files, and what became of it below. Mirrors with the window.

Layouts are kept in an LRU by message and width; colours are read when painting, so a change of theme lays nothing out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QTextDocument,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from valise.desk.views import MessageRow
from valise.ui import language, theme
from valise.ui.contacts import trust
from valise.ui.contacts.trust import Names
from valise.ui.language import listed, translate
from valise.ui.messages import markup, terms
from valise.ui.messages.model import NEW_DAY, ROW
from valise.ui.messages.paint import Place, chip_width, paint_marking, sign_at
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import day

Index = QModelIndex | QPersistentModelIndex
KEPT = 512  # laid out messages
_EDGE, _PAD, _GAP = 16, 12, 6
_DAY, _HEAD, _FILE, _FOOT = 40, 20, 42, 18
_WIDEST = 660


@dataclass(slots=True)
class Laid:
    """One message at one width. Rects are left-to-right, from the row's top left corner."""

    row: MessageRow
    words: QTextDocument
    height: int
    bubble: QRect
    head: QRect
    body: QRect
    foot: QRect
    files: list[tuple[str, QRect]] = field(default_factory=list)
    acknowledge: QRect = field(default_factory=QRect)


class MessageDelegate(QStyledItemDelegate):
    """Signals carry the message id, and for a file its attachment id."""

    acknowledge_asked = Signal(str)
    delivery_asked = Signal(str)
    file_asked = Signal(str, str)

    def __init__(self, view: QListView, names: Names) -> None:
        super().__init__(view)
        self._view = view
        self._names = names
        self._laid: OrderedDict[tuple[str, int, bool], Laid] = OrderedDict()
        self.next_exchange = 0  # ms UTC, 0 = none planned
        self.may_acknowledge: Callable[[MessageRow], bool] = lambda row: not terms.settled(row, names.me.device)

    def forget(self) -> None:
        """Lay everything out again: names, fonts or the language changed."""
        self._laid.clear()

    # sizes

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        laid = self.laid(index, width)
        return QSize(max(1, width - 1), laid.height if laid else 48)

    def laid(self, index: Index, width: int) -> Laid | None:
        row = index.data(ROW)
        if not isinstance(row, MessageRow):
            return None
        new_day = bool(index.data(NEW_DAY))
        key = (row.id, width, new_day)
        found = self._laid.get(key)
        if found is None or found.row != row:
            found = self._laid[key] = self._lay_out(row, width, new_day)
            while len(self._laid) > KEPT:
                self._laid.popitem(last=False)
        else:
            self._laid.move_to_end(key)
        return found

    def _lay_out(self, row: MessageRow, width: int, new_day: bool) -> Laid:
        most = max(160, min(_WIDEST, int((width - 2 * _EDGE) * 0.78)) - 2 * _PAD)
        words = markup.document(row.body, theme.font(), most)
        bold, small = QFontMetrics(theme.font(13, bold=True)), QFontMetrics(theme.font(theme.SMALL_PX))
        head = (
            22
            + bold.horizontalAdvance(self._names.label(row.author))
            + small.horizontalAdvance("  " + markup.one_line(row.officer))
        )
        if row.marking:
            head += 20 + chip_width(row.marking)
        foot = 24 + small.horizontalAdvance(self._foot(row))
        ask = self.may_acknowledge(row)
        button = bold.horizontalAdvance(translate("messages", "Acknowledge")) + 24 if ask else 0
        inner = int(min(most, max(words.idealWidth() + 1, head, foot + (button + 12 if ask else 0), 160)))
        if row.attachments:
            inner = max(inner, min(most, 360))
        words.setTextWidth(inner)
        tall = int(words.size().height() + 0.99) if row.body else 0
        top = 5 + (_DAY if new_day else 0)
        left = width - _EDGE - inner - 2 * _PAD if row.own else _EDGE
        x, y = left + _PAD, top + 9
        head_at = QRect(x, y, inner, _HEAD)
        y += _HEAD + 3
        body_at = QRect(x, y, inner, tall)
        y += tall + (_GAP if tall else 0)
        files = []
        for one in row.attachments:
            files.append((one.id, QRect(x, y, inner, _FILE)))
            y += _FILE + _GAP
        foot_tall = 28 if ask else _FOOT
        foot_at = QRect(x, y, inner, foot_tall)
        y += foot_tall + 8
        made = Laid(row, words, y + 5, QRect(left, top, inner + 2 * _PAD, y - top), head_at, body_at, foot_at, files)
        if ask:
            made.acknowledge = QRect(x + inner - button, foot_at.top(), button, foot_tall)
        return made

    # words

    def _foot(self, row: MessageRow) -> str:
        parts = [terms.clock(row.sent_at, row.sent_at)]
        if row.own:
            parts.append(terms.delivery(row, self.next_exchange))
        else:
            at = terms.acknowledged_by(row, self._names.me.device)
            if at:
                parts.append(translate("messages", "you acknowledged {time}").format(time=terms.clock(at, row.sent_at)))
            elif terms.settled(row, self._names.me.device):
                parts.append(translate("messages", "acknowledged"))
        if row.for_the_record:
            parts.append(translate("messages", "for the record"))
        return " · ".join(parts)

    def spoken(self, row: MessageRow) -> str:
        """The whole bubble in one sentence, for a screen reader."""
        parts = [
            translate("messages", "You") if row.own else self._names.label(row.author),
            markup.one_line(row.officer),
            markup.one_line(row.marking),
            markup.plain(row.body),
        ]
        parts += [
            translate("messages", "file {name}, {size}").format(name=markup.file_name(one.name), size=language.size(one.size))
            for one in row.attachments
        ]
        parts.append(self._foot(row))
        return listed(part for part in parts if part)

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        laid = self.laid(index, self._view.viewport().width())
        if laid is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = Place(option.rect, option.direction)
        if index.data(NEW_DAY):
            self._paint_day(painter, place, laid)
        self._paint_bubble(painter, option, place(laid.bubble), laid.row)
        self._paint_head(painter, place, laid)
        self._paint_words(painter, place, laid)
        for number, (_, rect) in enumerate(laid.files):
            self._paint_file(painter, place, rect, laid.row, number)
        self._paint_foot(painter, place, laid)
        painter.restore()

    def _paint_day(self, painter: QPainter, place: Place, laid: Laid) -> None:
        t = theme.tokens()
        text = isolate(day(laid.row.sent_at))
        painter.setFont(theme.font(theme.SMALL_PX))
        wide = painter.fontMetrics().horizontalAdvance(text) + 24
        area = QRect(_EDGE, 6, place.width - 2 * _EDGE, _DAY - 10)
        middle = area.center().x()
        painter.setPen(QColor(t.line))
        for start, end in ((area.left(), middle - wide // 2), (middle + wide // 2, area.right())):
            line = place(QRect(start, area.center().y(), max(0, end - start), 1))
            painter.drawLine(line.left(), line.top(), line.right(), line.top())
        painter.setPen(QColor(t.muted))
        painter.drawText(place(area), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_bubble(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: MessageRow) -> None:
        t = theme.tokens()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setBrush(QColor(t.selected if row.own else t.neutral_soft))
        painter.setPen(QPen(QColor(t.accent), 1.5) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, 12, 12)

    def _paint_head(self, painter: QPainter, place: Place, laid: Laid) -> None:
        t, row = theme.tokens(), laid.row
        level = self._names.level(row.author)
        rest = QRect(laid.head)
        sign = QRect(rest.left(), rest.top() + 2, 16, 16)
        sign_at(painter, place(sign), trust.icon(level), getattr(t, trust.colour(level)))
        rest.setLeft(sign.right() + 7)
        if row.marking:
            wide = chip_width(row.marking)
            chip = QRect(rest.right() - wide + 1, rest.top() + 1, wide, 18)
            paint_marking(painter, place(chip), row.marking, place.direction)
            rest.setRight(chip.left() - 10)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(13, bold=True))
        used = place.text(painter, rest, self._names.label(row.author))
        rest.setLeft(rest.left() + used + 8)
        painter.setPen(QColor(t.muted))
        painter.setFont(theme.font(theme.SMALL_PX))
        place.text(painter, rest, markup.one_line(row.officer))

    def _paint_words(self, painter: QPainter, place: Place, laid: Laid) -> None:
        where = place(laid.body)
        context = QAbstractTextDocumentLayout.PaintContext()
        colours = context.palette
        colours.setColor(QPalette.ColorRole.Text, QColor(theme.tokens().text))
        context.palette = colours
        painter.save()
        painter.translate(QPointF(where.topLeft()))
        painter.setClipRect(QRect(0, 0, where.width(), where.height() + 2))
        laid.words.documentLayout().draw(painter, context)
        painter.restore()

    def _paint_file(self, painter: QPainter, place: Place, area: QRect, row: MessageRow, number: int) -> None:
        t, one = theme.tokens(), row.attachments[number]
        painter.setBrush(QColor(t.raised))
        painter.setPen(QColor(t.line))
        painter.drawRoundedRect(place(area), 8, 8)
        rest = area.adjusted(10, 0, -12, 0)
        sign_at(painter, place(QRect(rest.left(), rest.center().y() - 8, 18, 18)), "file", t.muted)
        rest.setLeft(rest.left() + 27)
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        act = translate("messages", "Save as…") if one.ready else translate("messages", "arriving")
        wide = painter.fontMetrics().horizontalAdvance(act)
        painter.setPen(QColor(t.accent if one.ready else t.muted))
        place.text(painter, QRect(rest.right() - wide - 1, rest.top(), wide + 2, rest.height()), act)
        rest.setRight(rest.right() - wide - 12)
        painter.setFont(theme.font(13))
        painter.setPen(QColor(t.text))
        name = QRect(rest.left(), rest.top() + 4, rest.width(), 18)
        place.text(painter, name, markup.file_name(one.name), Qt.TextElideMode.ElideMiddle)
        painter.setFont(theme.font(11))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(rest.left(), rest.top() + 21, rest.width(), 16), language.size(one.size))

    def _paint_foot(self, painter: QPainter, place: Place, laid: Laid) -> None:
        t, row = theme.tokens(), laid.row
        rest = QRect(laid.foot)
        if not laid.acknowledge.isNull():
            painter.setBrush(QColor(t.raised))
            painter.setPen(QColor(t.line))
            painter.drawRoundedRect(place(laid.acknowledge), 7, 7)
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            painter.setPen(QColor(t.accent))
            painter.drawText(place(laid.acknowledge), Qt.AlignmentFlag.AlignCenter, translate("messages", "Acknowledge"))
            rest.setRight(laid.acknowledge.left() - 8)
        trouble = row.own and row.delivery == "trouble"
        colour = t.bad if trouble else t.muted
        name = terms.delivery_icon(row) if row.own else ("pen" if row.for_the_record else "lock")
        sign_at(painter, place(QRect(rest.left(), rest.center().y() - 7, 14, 14)), name, colour)
        painter.setPen(QColor(colour))
        painter.setFont(theme.font(theme.SMALL_PX))
        rest.setLeft(rest.left() + 20)
        place.text(painter, rest, self._foot(row))

    # pointing

    def hit(self, index: Index, rect: QRect, at: QPointF) -> tuple[str, str]:
        """What is under a point: ("acknowledge" | "file" | "delivery" | "", attachment id)."""
        laid = self.laid(index, self._view.viewport().width())
        if laid is None:
            return "", ""
        place, point = Place(rect, self._view.layoutDirection()), at.toPoint()
        if not laid.acknowledge.isNull() and place(laid.acknowledge).contains(point):
            return "acknowledge", ""
        for number, (attachment, where) in enumerate(laid.files):
            if laid.row.attachments[number].ready and place(where).contains(point):
                return "file", attachment
        if laid.row.own and place(laid.foot).contains(point):
            return "delivery", ""
        return "", ""

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            row: Any = index.data(ROW)
            if event.button() == Qt.MouseButton.LeftButton and isinstance(row, MessageRow):
                what, attachment = self.hit(index, option.rect, event.position())
                if what == "acknowledge":
                    self.acknowledge_asked.emit(row.id)
                elif what == "file":
                    self.file_asked.emit(row.id, attachment)
                elif what == "delivery":
                    self.delivery_asked.emit(row.id)
                return bool(what)
        return super().editorEvent(event, model, option, index)
