"""The incidents on the left: title, who reported it and how far it has come, what it needs; an exercise by its stripes too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.door_incidents import IncidentRow
from valise.ui import icons, theme
from valise.ui.chosen_list import ENTRY, ChosenList, Entries, width_of
from valise.ui.folding import Folded
from valise.ui.incidents import said
from valise.ui.language import listed
from valise.ui.models.paged import Index
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.texts_list import paint_ground
from valise.ui.widgets.badge import marking_colours, paint_pill
from valise.ui.widgets.times import moment

LINE, EDGE, MARK = 19, 12, 32
TITLE = 160  # characters shown


class IncidentsModel(Entries):
    """One row an incident, in the order the desk gives."""

    rows: Sequence[IncidentRow]

    def show(self, rows: Sequence[IncidentRow]) -> None:
        """Replace everything; nothing moves where nothing changed."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def words(self, one: IncidentRow) -> str:
        return clean(said.title(one), lines=False)

    def spoken(self, one: IncidentRow) -> str:
        parts = [
            said.title(one), self.tr("not looked at yet") if one.unseen else "", said.needs(one), said.state(one)[0],
            self.who(one), one.tlp, one.national, one.tier,
        ]  # fmt: skip
        return listed(clean(part, lines=False) for part in parts if part)

    def who(self, one: IncidentRow) -> str:
        """Who reported it, and when it last changed."""
        name = self.tr("we") if one.own else f"{one.opener.name} ({one.opener.code})"
        return f"{isolate(name)} · {one.tier} · {moment(one.changed_at)}"


class IncidentsDelegate(QStyledItemDelegate):
    """Title, who and when, state or what it needs, on the lines they take; the label of TLP at the end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        one = index.data(ENTRY)
        title, who, need = self.parts(one, index.model(), width_of(option) - 12, option.direction)
        return QSize(200, title.tall() + who.tall() + need.tall() + 27 + (LINE + 2 if one.exercise else 0))

    def parts(self, one: IncidentRow, model: Any, width: int, way: Qt.LayoutDirection) -> tuple[Folded, Folded, Folded]:
        """What stands in a row so wide, one below the other."""
        need, small = said.needs(one), theme.font(theme.SMALL_PX)
        arrow = "→" if way == Qt.LayoutDirection.LeftToRight else "←"
        room = width - MARK - EDGE
        return (
            Folded(isolate(shorten(clean(one.title, lines=False), TITLE)), theme.font(14, bold=one.unseen), room, 3, LINE, way),
            Folded(model.who(one), small, room, 2, LINE, way),
            Folded(f"{arrow} {need}" if need else said.state(one)[0], theme.font(theme.SMALL_PX, bold=bool(need)),
                   width - MARK - _label(one) - 16, 3, LINE, way),
        )  # fmt: skip

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, one = index.model(), index.data(ENTRY)
        if not isinstance(model, IncidentsModel):
            return
        way, area = option.direction, option.rect.adjusted(6, 2, -6, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)
        top = 7
        device = painter.device()
        dpr = device.devicePixelRatioF() if device is not None else 1.0

        def place(left: int, above: int, width: int, tall: int = LINE) -> QRect:
            return QStyle.visualRect(way, area, QRect(area.left() + left, area.top() + above, width, tall))

        tone = said.state(one)[1]
        icon = "warning" if one.late else "check-circle" if one.state == "closed" else "incidents"
        colour = theme.colour("bad" if one.needs else tone)
        painter.drawPixmap(place(8, top + 1, 17, 17), icons.pixmap(icon, colour.name(), 17, dpr))
        if one.exercise:
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            wide = painter.fontMetrics().horizontalAdvance(said.EXERCISE) + 16
            fill = (theme.colour("text"), theme.colour("warn_soft"))
            paint_pill(painter, place(MARK, top, min(wide, area.width() - MARK - EDGE)), said.EXERCISE, "", fill, way)
            top += LINE + 2
        title, who, need = self.parts(one, model, area.width(), way)
        for words, ink in ((title, "text"), (who, "muted"), (need, "bad" if said.needs(one) else tone)):
            painter.setPen(theme.colour(ink))
            words.paint(painter, place(MARK, top, words.width, words.tall()))
            top += words.tall() + 2
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        wide = _label(one)
        below = place(area.width() - wide - 8, top - need.tall() - 2, wide)
        paint_pill(painter, below, one.tlp, "", marking_colours(one.tlp), way)
        painter.restore()


def _label(one: IncidentRow) -> int:
    """Room for the label of TLP."""
    return QFontMetrics(theme.font(theme.SMALL_PX, bold=True)).horizontalAdvance(one.tlp) + 16


class IncidentsList(ChosenList):
    """Open ones first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.entries = IncidentsModel()
        super().__init__(self.entries, IncidentsDelegate, self.tr("Incidents and requests, open ones first"), parent)
        self.clicked.connect(lambda index: self.chosen.emit(index.data(ENTRY).id))

    def show_rows(self, rows: Sequence[IncidentRow], chosen: str) -> None:
        """Replace the rows; the chosen one stays chosen."""
        self.entries.show(rows)
        self.hold(self.entries.place(chosen))
