"""The list of entries: State and role, what time it is there, what came of the last round."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from valise.desk.door_pings import Entry
from valise.ui import theme
from valise.ui.contacts.directory import said
from valise.ui.language import translate
from valise.ui.messages import markup
from valise.ui.messages.listing import ITEM
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate

Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(RowDelegate):
    """Three lines: State and time there; the role; the last outcome, or what is wrong before it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, 74)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one, t = index.data(ITEM), theme.tokens()
        if not isinstance(one, Entry):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        area = QRect(18, 8, place.width - 36, 20)
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        clock = f"{one.there.clock} · {said.weekday(one.there.weekday)}" if one.there else ""
        wide = painter.fontMetrics().horizontalAdvance(clock) + 2
        place.text(painter, QRect(area.right() - wide, area.top(), wide, area.height()), clock)
        painter.setFont(theme.font(theme.BODY_PX, bold=True))
        painter.setPen(QColor(t.text))
        top = area.adjusted(0, 0, -wide - 8, 0)
        used = place.text(painter, top, markup.one_line(one.state))
        painter.setFont(theme.font(theme.BODY_PX))
        place.text(painter, top.adjusted(used + 8, 0, 0, 0), markup.one_line(one.state_name))
        painter.setFont(theme.font(theme.SMALL_PX))
        place.text(painter, area.translated(0, 21), markup.one_line(one.label))
        low = area.translated(0, 40)
        icon = said.ICONS[one.last.outcome] if one.last else "clock"
        if one.last is not None:
            sign_at(painter, place(QRect(low.left(), low.top() + 2, 16, 16)), icon, t.text)
            low.setLeft(low.left() + 22)
        painter.setPen(QColor(t.warn if one.overdue or one.differs else t.muted))
        wrong = translate("directory", "values differ") if one.differs else translate("directory", "review is due") if one.overdue else ""
        words = said.titled(said.outcome(one.last.outcome), one.last.exercise) if one.last else translate("directory", "never asked")
        place.text(painter, low, f"{words} · {wrong}" if wrong else words)
        painter.restore()
