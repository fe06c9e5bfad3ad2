"""The statements on the left: title, purpose and room, where each stands, how many signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.views import JointRow
from valise.ui import theme
from valise.ui.chosen_list import ENTRY, ChosenList, Entries, width_of
from valise.ui.folding import Folded
from valise.ui.joint import said
from valise.ui.language import listed
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.paragraphs import Index
from valise.ui.texts.texts_list import paint_ground, paint_pill

TITLE = 160  # characters shown
EDGE, MARK, LINE = 12, 30, 19
NUMBER = 44  # px of the number of names


class StatementsModel(Entries):
    """One row per statement or list, in the order the desk gives. `rooms`: id -> name."""

    rows: Sequence[JointRow]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rooms: dict[str, str] = {}

    def show(self, rows: Sequence[JointRow], rooms: dict[str, str]) -> None:
        """Replace everything; nothing moves where nothing changed."""
        if (tuple(rows), rooms) == (self.rows, self.rooms):
            return
        self.beginResetModel()
        self.rows, self.rooms = tuple(rows), rooms
        self.endResetModel()

    def lines(self, one: JointRow) -> tuple[str, str]:
        """Purpose and room; where it stands and where we stand. Each part isolated."""
        room = self.rooms.get(one.room, "")
        first = [said.purpose(one), *([room] if room else [])]
        stands = said.standing(one)
        second = [f"{stands.sign} {stands.words}", *([said.ours(one)] if said.ours(one) else [])]
        return " · ".join(isolate(part) for part in first), " · ".join(isolate(part) for part in second)

    def words(self, one: JointRow) -> str:
        return clean(one.title, lines=False)

    def spoken(self, one: JointRow) -> str:
        parts = [one.title, said.purpose(one), self.rooms.get(one.room, ""), said.standing(one).words, said.count(one), said.ours(one)]
        return listed(clean(part, lines=False) for part in parts if part)


class StatementsDelegate(QStyledItemDelegate):
    """Title, then two facts, on the lines they take; the number of names at the end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        parts = self.parts(index.data(ENTRY), index.model(), width_of(option) - 12, option.direction)
        return QSize(160, 14 + sum(one.tall() for one in parts))

    def parts(self, one: JointRow, model: Any, width: int, way: Qt.LayoutDirection) -> list[Folded]:
        """What stands in a row so wide, one below the other."""
        title, small = isolate(shorten(clean(one.title, lines=False), TITLE)), theme.font(theme.SMALL_PX)
        return [
            Folded(title, theme.font(14, bold=True), width - MARK - NUMBER, 3, LINE, way),
            *(Folded(words, small, width - MARK - EDGE, 2, LINE, way) for words in model.lines(one)),
        ]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, one = index.model(), index.data(ENTRY)
        if not isinstance(model, StatementsModel):
            return
        way, area = option.direction, option.rect.adjusted(6, 1, -6, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        stands = said.standing(one)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)
        painter.setFont(theme.font(theme.HEADING_PX, bold=True))
        painter.setPen(theme.colour(stands.tone))
        box = QStyle.visualRect(way, area, QRect(area.left() + 4, area.top() + 6, MARK - 6, LINE))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), stands.sign)
        top = area.top() + 6
        for words, ink in zip(self.parts(one, model, area.width(), way), ("text", "muted", stands.tone), strict=True):
            painter.setPen(theme.colour(ink))
            words.paint(painter, QStyle.visualRect(way, area, QRect(area.left() + MARK, top, words.width, words.tall())))
            top += words.tall()
        number = len(said.listed(one))
        if number:
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            wide = max(24, painter.fontMetrics().horizontalAdvance(str(number)) + 14)
            pill = QStyle.visualRect(way, area, QRect(area.right() - wide - 6, area.top() + 7, wide, 19))
            paint_pill(painter, pill, str(number), chosen)
        painter.restore()


class StatementsList(ChosenList):
    """One is always looked at where there are any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.entries = StatementsModel()
        super().__init__(self.entries, StatementsDelegate, self.tr("Joint statements and lists of co-sponsors"), parent)

    def show_rows(self, rows: Sequence[JointRow], rooms: dict[str, str], chosen: str) -> None:
        """Replace the rows; the chosen one stays, else the first is."""
        self.entries.show(rows, rooms)
        if rows:
            self.hold(max(0, self.entries.place(chosen)))

    def choose(self, statement: str) -> None:
        """Go to one."""
        place = self.entries.place(statement)
        if place >= 0:
            self.setCurrentIndex(self.entries.index(place))
