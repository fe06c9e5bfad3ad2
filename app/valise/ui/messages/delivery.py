"""What became of one message: sent, received and acknowledged, in UTC, for each device."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QVBoxLayout, QWidget

from valise.desk.views import MessageRow, Receipt
from valise.ui import theme
from valise.ui.contacts.trust import Names
from valise.ui.language import listed, translate
from valise.ui.messages import markup, terms
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate
from valise.ui.text_safe import isolate, shorten
from valise.ui.widgets.labels import SafeLabel, Words, heading, named
from valise.ui.widgets.times import moment

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One device, ready to be painted."""

    device: str
    who: str
    officer: str
    received: str
    acknowledged: str
    icon: str


def line_of(receipt: Receipt, names: Names) -> Line:
    """Plain words for one receipt."""
    if receipt.acknowledged_at:
        said = translate("messages", "acknowledged {time}").format(time=isolate(moment(receipt.acknowledged_at)))
        icon = "check-double"
    else:
        said, icon = translate("messages", "not acknowledged yet"), "check" if receipt.delivered_at else "clock"
    if receipt.acknowledged_at and not receipt.delivered_at:
        received = ""
    elif receipt.delivered_at:
        received = translate("messages", "received {time}").format(time=isolate(moment(receipt.delivered_at)))
    else:
        received = translate("messages", "not received yet")
    return Line(receipt.device, names.label(receipt.delegation), names.officer(receipt.device), received, said, icon)


class LineDelegate(RowDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, 70)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, t = index.data(ITEM), theme.tokens()
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        ink = t.good if line.icon == "check-double" else t.muted
        sign_at(painter, place(QRect(16, 9, 18, 18)), line.icon, ink)
        area = QRect(44, 7, place.width - 44 - 14, 20)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(13, bold=True))
        used = place.text(painter, area, line.who)
        painter.setPen(QColor(t.muted))
        painter.setFont(theme.font(theme.SMALL_PX))
        place.text(painter, area.adjusted(used + 8, 0, 0, 0), line.officer)
        place.text(painter, area.translated(0, 20), line.received)
        painter.setPen(QColor(ink))
        place.text(painter, area.translated(0, 38), line.acknowledged)
        painter.restore()


class DeliveryPane(QWidget):
    """`show_message` with the message chosen in the list, None when there is none."""

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self.next_exchange = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.s, theme.SPACE.m, theme.SPACE.s, theme.SPACE.m)
        box.setSpacing(theme.SPACE.s)
        self.head = heading(self.tr("Delivery"), self)
        self.excerpt = SafeLabel("", "muted", self)
        self.sent = Words("", parent=self)
        self.now = Words("", "small", self)
        self.rows = Listing(lambda line: line.device, self._spoken, self)
        self.list = named(QListView(self), self.tr("Delivery to each device"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for part in (self.head, self.excerpt, self.sent, self.now):
            part.setContentsMargins(theme.SPACE.s, 0, theme.SPACE.s, 0)
            box.addWidget(part)
        box.addWidget(self.list, 1)

    def show_message(self, row: MessageRow | None) -> None:
        if row is None:
            self.excerpt.setText(self.tr("Choose a message to see what became of it."))
            self.sent.setText("")
            self.now.setText("")
            self.rows.follow([])
            return
        self.excerpt.setText(shorten(markup.plain(row.body), 120))
        self.sent.setText(self.tr("Sent {time}").format(time=isolate(moment(row.sent_at))))
        if row.own:
            self.now.setText(terms.delivery(row, self.next_exchange))
        else:
            said = self.tr("Received here {time}").format(time=isolate(moment(row.received_at)))
            at = terms.acknowledged_by(row, self._names.me.device)
            if at:
                said += "\n" + self.tr("Acknowledged by you {time}").format(time=isolate(moment(at)))
            self.now.setText(said)
        self.rows.follow([line_of(one, self._names) for one in row.receipts])

    @staticmethod
    def _spoken(line: Line) -> str:
        return listed(part for part in (line.who, line.officer, line.received, line.acknowledged) if part)
