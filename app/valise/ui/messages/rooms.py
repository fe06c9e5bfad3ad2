"""The left column: rooms under a heading for each kind, and the threads of the chosen room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from valise.desk.views import RoomView, ThreadRow
from valise.ui import theme
from valise.ui.collating import placed
from valise.ui.contacts import trust
from valise.ui.contacts.trust import Names
from valise.ui.language import listed, translate
from valise.ui.messages import markup, terms
from valise.ui.messages.listing import ITEM
from valise.ui.messages.paint import Place, paint_count, sign_at
from valise.ui.text_lines import broken
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import trust_words
from valise.ui.widgets.times import moment

Index = QModelIndex | QPersistentModelIndex
NAME, LINE = 20, 18  # px of a line of a name, and of what is said of it
_WORST = ("changed", "unknown", "received only", "vouched", "verified in person", "own")


@dataclass(frozen=True, slots=True)
class Heading:
    """A kind of room, above its rooms."""

    kind: str


def grouped(rooms: Sequence[RoomView], names: Names) -> list[Heading | RoomView]:
    """Bilateral, group, internal: each kind that has rooms under its heading, rooms by title."""
    made: list[Heading | RoomView] = []
    for kind in terms.KINDS:
        here = [room for room in rooms if room.kind == kind]
        here.sort(key=lambda room: (placed(room_name(room, names)), room.id))
        if here:
            made.append(Heading(kind))
            made.extend(here)
    return made


def room_name(room: RoomView, names: Names) -> str:
    """Its title, on one line; a room without one is named after who is in it."""
    title = markup.one_line(room.title).strip()
    if title:
        return title
    if room.kind == "internal":
        return translate("messages", "Our delegation")
    return listed(names.label(one) for one in room.members if one != names.me.delegation) or terms.kind(room.kind)


def room_level(room: RoomView, names: Names) -> str:
    """The lowest trust among the other members; "own" when there are none."""
    levels = [str(names.level(one)) for one in room.members if one != names.me.delegation]
    return min(levels, key=_WORST.index, default="own")


def room_line(room: RoomView, names: Names) -> str:
    """The second line of a room: what is wrong first, else who is in it and how far they are trusted."""
    state = terms.state_of(room)
    if state:
        return state
    if room.kind == "internal":
        return translate("messages", "never leaves your delegation")
    level = room_level(room, names)
    if room.kind == "bilateral":
        return trust_words(level)
    count = translate("messages", "%n delegations", None, len(room.members))
    if level == "verified in person":
        return translate("messages", "{members}, all verified").format(members=count)
    return translate("messages", "{members}, not all verified").format(members=count)


def spoken_room(item: Heading | RoomView, names: Names) -> str:
    if isinstance(item, Heading):
        return terms.kind(item.kind)
    parts = [isolate(room_name(item, names)), terms.kind(item.kind), room_line(item, names)]
    if item.unread:
        parts.append(translate("messages", "%n unread", None, item.unread))
    return listed(parts)


def spoken_thread(row: ThreadRow) -> str:
    parts = [isolate(row.subject) if row.subject.strip() else translate("messages", "no subject"), moment(row.newest_at)]
    parts.append(translate("messages", "%n messages", None, row.messages))
    if row.unread:
        parts.append(translate("messages", "%n unread", None, row.unread))
    parts.append(isolate(row.first_line))
    return listed(parts)


def whole_room(item: Heading | RoomView, names: Names) -> str:
    """What its row may have no room for."""
    return "" if isinstance(item, Heading) else f"{isolate(room_name(item, names))}\n{room_line(item, names)}"


def whole_thread(row: ThreadRow) -> str:
    """The same of a thread."""
    return "\n".join(isolate(one) for one in (_subject(row), markup.plain(row.first_line)) if one)


def _subject(row: ThreadRow) -> str:
    return markup.one_line(row.subject) or translate("messages", "no subject")


class RowDelegate(QStyledItemDelegate):
    """Common to both: the row's ground (chosen, under the pointer) and the unread pill at its end."""

    @staticmethod
    def room(option: QStyleOptionViewItem) -> int:
        """Pixels that a row has; while its height is asked the view alone knows them."""
        view = option.widget
        return view.viewport().width() if isinstance(view, QAbstractItemView) else option.rect.width()

    def ground(self, painter: QPainter, option: QStyleOptionViewItem, place: Place) -> None:
        t = theme.tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if chosen or over:
            painter.setBrush(QColor(t.selected if chosen else t.hover))
            painter.setPen(QColor(t.accent) if focus and chosen else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(option.rect.adjusted(6, 1, -6, -1), 8, 8)

    def pill(self, painter: QPainter, place: Place, area: QRect, count: int) -> int:
        """Paint the count at the trailing edge; returns the width it took."""
        if not count:
            return 0
        wide = _pill(count)
        paint_count(painter, place(QRect(area.right() - wide, area.center().y() - 9, wide, 18)), count)
        return wide + 8


def _pill(count: int) -> int:
    return 22 if count < 100 else 34


class RoomDelegate(RowDelegate):
    def __init__(self, names: Names, parent: Any = None) -> None:
        super().__init__(parent)
        self._names = names

    def _words(self, item: RoomView, width: int) -> tuple[list[str], list[str]]:
        """Its name and what is said of it, on two lines each where one is too short, in a row of that width."""
        room = width - 48 - 18 - (_pill(item.unread) + 8 if item.unread else 0)
        wrong = 19 if item.blocked or item.disagreement else 0
        name = broken(room_name(item, self._names), theme.font(theme.BODY_PX, bold=bool(item.unread)), room)
        return name, broken(room_line(item, self._names), theme.font(theme.SMALL_PX), room - wrong)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(ITEM)
        if isinstance(item, Heading):
            return QSize(120, 34)
        name, line = self._words(item, self.room(option))
        return QSize(120, 16 + NAME * len(name) + LINE * len(line))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, t = index.data(ITEM), theme.tokens()
        painter.save()
        place = Place(option.rect, option.direction)
        if isinstance(item, Heading):
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            painter.setPen(QColor(t.muted))
            place.text(painter, QRect(16, 10, place.width - 32, 22), terms.kind(item.kind))
            painter.restore()
            return
        self.ground(painter, option, place)
        level = room_level(item, self._names)
        internal = item.kind == "internal"
        sign_at(
            painter,
            place(QRect(17, 17, 20, 20)),
            "lock" if internal else trust.icon(level),
            t.muted if internal else getattr(t, trust.colour(level)),
        )
        area = QRect(48, 8, place.width - 48 - 18, option.rect.height() - 16)
        area.setRight(area.right() - self.pill(painter, place, area, item.unread))
        name, line = self._words(item, place.width)
        painter.setFont(theme.font(theme.BODY_PX, bold=bool(item.unread)))
        painter.setPen(QColor(t.text))
        for n, words in enumerate(name):
            place.text(painter, QRect(area.left(), area.top() + n * NAME, area.width(), NAME), words)
        painter.setFont(theme.font(theme.SMALL_PX))
        wrong = item.blocked or item.disagreement
        ink = t.bad if item.blocked else t.warn if wrong else t.muted
        painter.setPen(QColor(ink))
        below = QRect(area.left(), area.top() + NAME * len(name), area.width(), LINE)
        if wrong:
            sign_at(painter, place(QRect(below.left(), below.top() + 2, 14, 14)), "warning", ink)
            below.setLeft(below.left() + 19)
        for n, words in enumerate(line):
            place.text(painter, below.translated(0, n * LINE), words)
        painter.restore()


class ThreadDelegate(RowDelegate):
    def _subject(self, row: ThreadRow, width: int) -> tuple[list[str], str, int]:
        """Its subject, on two lines where one is too short; when, and how wide that is."""
        when = terms.brief(row.newest_at)
        wide = QFontMetrics(theme.font(theme.SMALL_PX)).horizontalAdvance(when)
        font = theme.font(theme.BODY_PX, bold=bool(row.unread))
        return broken(_subject(row), font, width - 17 - 18 - wide - 10), when, wide

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        subject, _, _ = self._subject(index.data(ITEM), self.room(option))
        return QSize(120, 38 + NAME * len(subject))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, t = index.data(ITEM), theme.tokens()
        if not isinstance(row, ThreadRow):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        area = QRect(17, 8, place.width - 17 - 18, option.rect.height() - 20)
        subject, when, wide = self._subject(row, place.width)
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, QRect(area.right() - wide - 1, area.top(), wide + 2, NAME), when)
        painter.setFont(theme.font(theme.BODY_PX, bold=bool(row.unread)))
        painter.setPen(QColor(t.text))
        for n, words in enumerate(subject):
            place.text(painter, QRect(area.left(), area.top() + n * NAME, area.width() - wide - 10, NAME), words)
        line = QRect(area.left(), area.top() + NAME * len(subject) + 3, area.width(), LINE)
        line.setRight(line.right() - self.pill(painter, place, line, row.unread))
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(t.muted))
        place.text(painter, line, markup.one_line(markup.plain(row.first_line)))
        painter.restore()
