"""A list beside a screen: headings and lines, narrowed by words. Registers and commitments have it, each with a model of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from valise.ui import icons, theme
from valise.ui.chosen_list import width_of
from valise.ui.folding import Folded
from valise.ui.text_safe import FSI, PDI, isolate, tip
from valise.ui.widgets.buttons import SearchBox, row
from valise.ui.widgets.labels import heading, named

Index = QModelIndex | QPersistentModelIndex
ENTRY = int(Qt.ItemDataRole.UserRole)
HEAD, LINE, STEP = 36, 33, 18  # px, of one line and from one to the next
_ROOT = QModelIndex()


class LinesModel(QAbstractListModel):
    """`rows`: what stands on the lines. A model says of an entry whether it is a heading, its words and what is beside them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Any] = []

    def hold(self, wanted: list[Any]) -> None:
        """Replace everything; where the lines are the same they are painted anew, and one stays where one is."""
        if wanted == self.rows:
            if wanted:
                self.dataChanged.emit(self.index(0), self.index(len(wanted) - 1))
            return
        self.beginResetModel()
        self.rows = wanted
        self.endResetModel()

    # of an entry

    def heads(self, one: Any) -> bool:
        """Whether it is a heading, at which nobody can be."""
        raise NotImplementedError

    def words(self, one: Any) -> str:
        """What stands on the line."""
        raise NotImplementedError

    def spoken(self, one: Any) -> str:
        """What a screen reader says."""
        return self.words(one)

    def help(self, one: Any) -> str:
        """What is said of it where the mouse rests, "" for nothing."""
        return ""

    def sign(self, one: Any) -> tuple[str, str]:
        """(letters, icon) before the words, one of them or neither."""
        return "", ""

    def count(self, one: Any) -> int:
        """A number at the end of the line, 0 for none."""
        return 0

    # as Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.heads(self.rows[index.row()]):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(one)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(one)
        if role == Qt.ItemDataRole.ToolTipRole and (told := self.help(one)):
            return tip(told)
        return None


class LinePainter(QStyledItemDelegate):
    """Headings small, lines with their sign before and their number after the words, which take the lines they need; mirrored where
    one reads from the right."""

    def __init__(self, model: LinesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        one = index.data(ENTRY)
        said = self.words(one, width_of(option), option.direction)
        return QSize(120, (HEAD if self._model.heads(one) else LINE) + said.tall() - STEP)

    def words(self, one: Any, width: int, way: Qt.LayoutDirection) -> Folded:
        """What stands on a line so wide."""
        head = self._model.heads(one)
        font = theme.font(theme.SMALL_PX, bold=True) if head else theme.font(13)
        room = width - 24 if head else width - self._before(one) - self._after(one)
        return Folded(isolate(self._model.words(one)), font, room, 3, STEP, way)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, one, area, way = self._model, index.data(ENTRY), option.rect, option.direction
        painter.save()
        if model.heads(one):
            painter.setPen(theme.colour("muted"))
            self._put(painter, way, area, self.words(one, area.width(), way), 16, 10)
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("selected" if chosen else "hover"))
        if chosen:
            painter.fillRect(QStyle.visualRect(way, area, QRect(area.left(), area.top(), 3, area.height())), theme.colour("accent"))
        self._sign(painter, way, area, *model.sign(one))
        self._count(painter, way, area, model.count(one))
        painter.setPen(theme.colour("text"))
        self._put(painter, way, area, self.words(one, area.width(), way), self._before(one))
        if chosen and option.widget is not None and option.widget.hasFocus():
            painter.setPen(theme.colour("accent"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.restore()

    @staticmethod
    def _put(painter: QPainter, way: Qt.LayoutDirection, area: QRect, said: Folded, before: int, above: int = 0) -> None:
        top = area.top() + (area.height() + above - said.tall()) // 2
        said.paint(painter, QStyle.visualRect(way, area, QRect(area.left() + before, top, said.width, said.tall())))

    def _before(self, one: Any) -> int:
        """Where the words begin, after the sign."""
        return 48 if any(self._model.sign(one)) else 16

    def _after(self, one: Any) -> int:
        """How much of the end the number takes."""
        count = self._model.count(one)
        letters = QFontMetrics(theme.font(theme.SMALL_PX))
        return letters.horizontalAdvance(f"{FSI}{QLocale().toString(count)}{PDI}") + 20 if count else 8

    @staticmethod
    def _sign(painter: QPainter, way: Qt.LayoutDirection, area: QRect, letters: str, icon: str) -> None:
        if not letters and not icon:
            return
        spot = QRect(area.left() + 14, area.top(), 28, area.height())
        if letters:
            painter.setFont(theme.font(theme.SMALL_PX, bold=True))
            painter.setPen(theme.colour("accent"))
            painter.drawText(QStyle.visualRect(way, area, spot), int(Qt.AlignmentFlag.AlignCenter), letters)
        else:
            device = painter.device()
            picture = icons.pixmap(icon, theme.tokens().muted, 16, device.devicePixelRatioF() if device is not None else 1.0)
            painter.drawPixmap(QStyle.visualRect(way, area, QRect(spot.center().x() - 8, area.center().y() - 8, 16, 16)), picture)

    @staticmethod
    def _count(painter: QPainter, way: Qt.LayoutDirection, area: QRect, count: int) -> None:
        if not count:
            return
        words = f"{FSI}{QLocale().toString(count)}{PDI}"
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(theme.colour("muted"))
        wide = painter.fontMetrics().horizontalAdvance(words) + 12
        beside = QRect(area.right() - wide - 6, area.top(), wide, area.height())
        painter.drawText(QStyle.visualRect(way, area, beside), int(Qt.AlignmentFlag.AlignCenter), words)


class LineList(QFrame):
    """`chosen(entry)` when one is at another, `entered()` on Enter. `name` is its heading, `hint` stands in its search."""

    chosen = Signal(object)
    entered = Signal()

    def __init__(self, model: LinesModel, name: str, spoken: str, help_: str, hint: str, buttons: Sequence[QWidget] = (),
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("pane")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE.m, 0, 0)
        column.setSpacing(theme.SPACE.s)
        self.box = SearchBox(hint, self)
        for line in (row(heading(name, self), None, *buttons, spacing=2), row(self.box)):
            line.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
            column.addLayout(line)
        self.model = model
        model.setParent(self)
        self.list = named(QListView(self), spoken, help_)
        self.list.setModel(model)
        self.list.setItemDelegate(LinePainter(model, self.list))
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setWordWrap(True)  # Qt lays out again at another width only for lists that wrap
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)
        self._quiet = False
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.list.activated.connect(lambda _index: self.entered.emit())
        self.box.textChanged.connect(lambda _text: self.again())
        self.box.moved.connect(lambda _step: self.list.setFocus())
        self.box.returnPressed.connect(self._first_found)
        theme.current().changed.connect(self.list.scheduleDelayedItemsLayout)
        theme.current().changed.connect(self.list.viewport().update)

    def again(self) -> None:
        """Show what the words of the search leave; one stays where one is."""
        raise NotImplementedError

    def words(self) -> list[str]:
        """The words of the search."""
        return self.box.text().casefold().split()

    def entry(self) -> Any:
        """The entry one is at, None for none."""
        return self.list.currentIndex().data(ENTRY)

    def at(self, place: int, *, quiet: bool = False) -> bool:
        """Be at a line; False when `place` is -1. `quiet`: without announcing it."""
        if place < 0:
            return False
        held, self._quiet = self._quiet, quiet
        self.list.setCurrentIndex(self.model.index(place))
        self._quiet = held
        return True

    def found(self, one: Any) -> bool:
        """Whether Enter in the search goes to this entry."""
        return not self.model.heads(one)

    def _first_found(self) -> None:
        if self.at(next((n for n, one in enumerate(self.model.rows) if self.found(one)), -1)):
            self.entered.emit()

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        one = now.data(ENTRY) if now.isValid() else None
        if one is not None and not self.model.heads(one) and not self._quiet:
            self.chosen.emit(one)
