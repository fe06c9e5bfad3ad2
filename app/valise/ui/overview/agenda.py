"""The dates of a month as a list: day, sign, what it is and of what."""

from __future__ import annotations

from PySide6.QtCore import QDate, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from valise.desk.door_today import Dated
from valise.ui import dates, theme
from valise.ui.language import translate
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate
from valise.ui.overview import terms
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.labels import named

Index = QModelIndex | QPersistentModelIndex
TALL = 54


def day_of(said: str) -> QDate:
    """YYYY-MM-DD as a QDate."""
    return QDate.fromString(said, Qt.DateFormat.ISODate)


def shown_day(one: Dated) -> str:
    """ "8 Dec" or "8–11 Dec"."""
    first, last = day_of(one.first), day_of(one.last)
    if one.first == one.last:
        return dates.short(first)
    same = (first.year(), first.month()) == (last.year(), last.month())
    if same and dates.short(last).startswith(str(last.day())):  # where the day comes first
        return f"{first.day()}–{dates.short(last)}"
    if same and dates.short(last).endswith(f"{last.day()}日"):  # Chinese: the month comes first
        return f"{dates.short(first).removesuffix('日')}–{last.day()}日"
    return f"{dates.short(first)} – {dates.short(last)}"


def about(one: Dated) -> str:
    """The second line: what it is, which date of the thing, where, its marking, whether it is done or only ours to know."""
    register = one.ref.partition("/")[0] if one.sort == "date" else ""
    sort = isolate(terms.register(register)) if register else terms.sort(one.sort)[0]
    which = isolate(one.what) if one.what and one.sort in ("date", "deadline") else ""
    parts = [sort, which, isolate(one.place) if one.place else "", isolate(one.marking) if one.marking else ""]
    if one.settled:
        parts.append(translate("calendar", "done"))
    if one.internal:
        parts.append(translate("calendar", "assessed by us, internal"))
    return " · ".join(dict.fromkeys(part for part in parts if part))


def spoken(one: Dated) -> str:
    """What a screen reader says of a row."""
    when = f"{shown_day(one)}, {one.time} UTC" if one.time else shown_day(one)
    return f"{when}: {isolate(one.title)}, {about(one)}"


class AgendaDelegate(RowDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one, t = index.data(ITEM), theme.tokens()
        if not isinstance(one, Dated):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(QColor(t.muted if one.settled else t.text))
        first, to, last = ("", "", "") if one.time else shown_day(one).partition(" – ")
        place.text(painter, QRect(14, 9, 86, 18), f"{first} –" if to else shown_day(one))
        if to:  # from one month into the next: too wide for one line
            place.text(painter, QRect(14, 27, 86, 18), last)
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        if one.time:
            place.text(painter, QRect(14, 28, 86, 16), f"{one.time} UTC")
        _, icon, tone = terms.sort(one.sort)
        sign_at(painter, place(QRect(104, 17, 18, 18)), icon, getattr(t, "muted" if one.settled else tone))
        wide = place.width - 132 - 14
        painter.setFont(theme.font(theme.BODY_PX))
        painter.setPen(QColor(t.muted if one.settled else t.text))
        place.text(painter, QRect(132, 8, wide, 20), clean(one.title, lines=False))
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(132, 28, wide, 17), about(one))
        painter.restore()


class Agenda(QListView):
    """One click or Enter leads there: `opened(date)`."""

    opened = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = Listing(lambda one: one.uid, spoken, self)
        named(self, self.tr("Dates"))
        self.setModel(self.rows)
        self.setItemDelegate(AgendaDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)

    def lead(self, day: str) -> None:
        """The first date on or after this day becomes the current one."""
        for place, one in enumerate(self.rows.items()):
            if one.last >= day:
                index = self.rows.index(place)
                self.setCurrentIndex(index)
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ITEM))
