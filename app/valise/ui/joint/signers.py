"""Who has signed on, in the alphabetical order of their names: painted, one model for however many there are."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.desk.views import JointRow, SignOn
from valise.ui import theme
from valise.ui.chosen_list import width_of
from valise.ui.collating import placed
from valise.ui.folding import Folded
from valise.ui.joint import said
from valise.ui.language import listed
from valise.ui.seeing import deadline
from valise.ui.text_safe import clean, isolate, tip
from valise.ui.texts.paragraphs import Index
from valise.ui.texts.people import People
from valise.ui.widgets.badge import TRUST_LOOK, paint_pill, trust_words
from valise.ui.widgets.labels import named
from valise.ui.widgets.times import moment

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
EDGE, SIGN, TALL, LINE = 10, 34, 50, 18
BARE = 30  # pixels of a badge without its words
_ROOT = QModelIndex()


class Signer(NamedTuple):
    """A line: the sign-on, how its delegation is called, and how far its identity is known."""

    sign: SignOn
    name: str
    code: str
    trust: str

    @property
    def note(self) -> str:
        """What the sign-on is worth and when it was given."""
        when = moment(self.sign.at, deadline.now())
        return f"{said.sign(self.sign.state).words} · {isolate(when)}"

    @property
    def spoken(self) -> str:
        """The line for a screen reader."""
        return listed(clean(one, lines=False) for one in (self.name, self.code, self.note, trust_words(self.trust)))


class SignersModel(QAbstractListModel):
    """The sign-ons of one statement."""

    def __init__(self, people: People, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self.lines: tuple[Signer, ...] = ()

    def show(self, row: JointRow | None) -> None:
        """Replace everything; nothing moves where nothing changed."""
        people = self._people
        made = []
        for one in row.signs if row is not None else ():
            trust = "changed" if people.changed(one.delegation) else people.trust(one.delegation)
            made.append(Signer(one, *said.who(people, one), trust))
        made.sort(key=lambda one: (placed(one.name), one.name, one.sign.delegation))
        if tuple(made) == self.lines:
            return
        self.beginResetModel()
        self.lines = tuple(made)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.lines[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(one.name, lines=False)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(one.spoken)
        return None


class SignersDelegate(QStyledItemDelegate):
    """Sign, name and code, what it is worth and when; the trust badge at the end of the first line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, TALL - LINE + self.note(index.data(ENTRY), width_of(option), option.direction).tall())

    def note(self, one: Signer, width: int, way: Qt.LayoutDirection) -> Folded:
        """What it is worth and when, in a row so wide."""
        return Folded(one.note, theme.font(theme.SMALL_PX), width - SIGN - 2 * EDGE, 3, LINE, way)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Signer = index.data(ENTRY)
        area, way = option.rect, option.direction
        stands = said.sign(one.sign.state)
        align = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

        def place(left: int, top: int, width: int, height: int = 20) -> QRect:
            return QStyle.visualRect(way, area, QRect(area.left() + left, area.top() + top, width, height))

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(theme.font(theme.HEADING_PX, bold=True))
        painter.setPen(theme.colour(stands.tone))
        painter.drawText(place(EDGE - 4, 5, SIGN - 4), int(Qt.AlignmentFlag.AlignCenter), stands.sign)
        icon, ink, fill = TRUST_LOOK.get(one.trust, TRUST_LOOK["unknown"])
        badge = trust_words(one.trust)
        name = isolate(one.name if one.name == one.code else f"{one.name} ({one.code})")
        painter.setFont(theme.font(theme.BODY_PX, bold=True))
        rest = area.width() - SIGN - 3 * EDGE - painter.fontMetrics().horizontalAdvance(name)
        painter.setFont(theme.font(theme.SMALL_PX, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(badge) + 34
        if wide > rest:  # who it is comes first; the shields differ, and their words are the tooltip
            badge, wide = "", BARE
        pill = place(area.width() - wide - EDGE, 5, wide)
        paint_pill(painter, pill, badge, icon, (theme.colour(ink), theme.colour(fill)), way)
        painter.setFont(theme.font(theme.BODY_PX, bold=True))
        painter.setPen(theme.colour("text"))
        where = place(EDGE + SIGN - 4, 5, area.width() - SIGN - wide - 3 * EDGE)
        painter.drawText(
            where, int(align), painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, where.width())
        )
        painter.setPen(theme.colour("muted" if stands.tone == "good" else stands.tone))
        note = self.note(one, area.width(), way)
        note.paint(painter, place(EDGE + SIGN - 4, 26, note.width, note.tall()))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -1.5))
        painter.restore()


class SignersList(QListView):
    """`wanted(delegation)` when a line is chosen by Enter or a double click."""

    wanted = Signal(str)

    def __init__(self, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = SignersModel(people, self)
        self.setObjectName("jointSigners")
        self.setModel(self.entries)
        self.setItemDelegate(SignersDelegate(self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWordWrap(True)  # as in ChosenList
        named(self, self.tr("Who has signed on"))
        self.doubleClicked.connect(lambda _index: self._go())
        theme.current().changed.connect(self.viewport().update)

    def show_row(self, row: JointRow | None) -> None:
        """The sign-ons of a statement; whoever stood at a delegation stands there again."""
        held = self.current()
        self.entries.show(row)
        keys = [one.sign.delegation for one in self.entries.lines]
        if keys and (held is None or self.current() is None):
            place = keys.index(held.delegation) if held is not None and held.delegation in keys else 0
            self.setCurrentIndex(self.entries.index(place))

    def current(self) -> SignOn | None:
        """The sign-on one is at."""
        place = self.currentIndex().row()
        return self.entries.lines[place].sign if 0 <= place < len(self.entries.lines) else None

    def _go(self) -> None:
        one = self.current()
        if one is not None:
            self.wanted.emit(one.delegation)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
            return
        super().keyPressEvent(event)
