"""The documents of the library: a plain list that is narrowed and ordered here; rows are of one height and painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from valise.desk.library import Source
from valise.ui import theme
from valise.ui.collating import placed
from valise.ui.library import said
from valise.ui.seeing.reading import Index
from valise.ui.text_safe import FSI, PDI, clean, shorten
from valise.ui.widgets.buttons import SearchBox, row
from valise.ui.widgets.labels import heading, named, small

DOCUMENT = int(Qt.ItemDataRole.UserRole) + 1
TALL = 66
_ROOT = QModelIndex()
ORDERS: dict[str, tuple[Callable[[Source], Any], bool]] = {
    "symbol": (lambda one: (not one.symbol, placed(one.symbol), placed(one.title)), False),
    "adopted": (lambda one: (one.adopted, placed(one.symbol)), True),
    "title": (lambda one: (placed(one.title), placed(one.symbol)), False),
    "language": (lambda one: (one.language, placed(one.symbol)), False),
    "added": (lambda one: (one.added_at, one.id), True),
}


class DocumentModel(QAbstractListModel):
    """What `show` is given, as far as every word of `narrow` is in symbol, title or language."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._every: list[tuple[str, Source]] = []
        self._words: list[str] = []
        self._order = "symbol"
        self.rows: list[Source] = []

    def show(self, sources: Sequence[Source]) -> None:
        """Replace everything."""
        self._every = [
            (f"{one.symbol} {one.title} {one.language} {said.language(one.language)} {one.adopted}".casefold(), one)
            for one in sources
        ]
        self._again()

    def narrow(self, words: str) -> None:
        """Only documents with all these words, in any case."""
        self._words = words.casefold().split()
        self._again()

    def order(self, name: str) -> None:
        """A key of ORDERS."""
        self._order = name
        self._again()

    def _again(self) -> None:
        key, back = ORDERS[self._order]
        self.beginResetModel()
        self.rows = sorted(
            (one for told, one in self._every if all(word in told for word in self._words)), key=key, reverse=back
        )
        self.endResetModel()

    def total(self) -> int:
        """Documents in the library, shown or not."""
        return len(self._every)

    def place(self, source: int) -> int:
        """The row of a document, -1 when it is not shown."""
        return next((n for n, one in enumerate(self.rows) if one.id == source), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == DOCUMENT:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return said.name(one)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said.spoken(one)
        return None


class _Rows(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Source = index.data(DOCUMENT)
        area, way = option.rect, option.direction
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
            edge = QStyle.visualRect(way, area, QRect(area.left(), area.top(), 3, area.height()))
            painter.fillRect(edge, theme.colour("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("hover"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        title = clean(one.title, lines=False) if one.symbol else ""
        last = [shorten(clean(one.adopted, lines=False), 40), said.language(one.language) if one.language else ""]
        last.append(shorten(clean(one.vote, lines=False), 40) or said.count(one.passages))
        lines = (
            (said.name(one), theme.font(theme.BODY_PX, bold=True), "text"),
            (shorten(title, 200), theme.font(theme.SMALL_PX + 1), "text"),
            (" · ".join(f"{FSI}{part}{PDI}" for part in last if part), theme.font(theme.SMALL_PX), "muted"),
        )
        where = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        top = area.top() + (5 if title else 14)
        for text, font, token in lines:
            if not text:
                continue
            painter.setFont(font)
            painter.setPen(theme.colour(token))
            spot = QStyle.visualRect(way, area, QRect(area.left() + 14, top, area.width() - 24, 19))
            cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, spot.width())
            painter.drawText(spot, int(where), f"{FSI}{cut}{PDI}")
            top += 19
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRect(area.adjusted(0, 0, -1, -2))
        painter.restore()


class DocumentsPane(QFrame):
    """`chosen(Source)` when one is at another document; None when there is none."""

    chosen = Signal(object)

    def __init__(self, buttons: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.s)
        head = row(heading(self.tr("Documents"), self), None, *buttons, spacing=2)
        self.box = SearchBox(self.tr("Symbol, title or language"), self)
        self.sorting = named(QComboBox(self), self.tr("Order of the documents"))
        for key, text in (
            ("symbol", self.tr("By symbol")), ("adopted", self.tr("Newest first")), ("title", self.tr("By title")),
            ("language", self.tr("By language")), ("added", self.tr("Imported last")),
        ):  # fmt: skip
            self.sorting.addItem(text, key)
        self.model = DocumentModel(self)
        self.list = named(QListView(self), self.tr("Documents"), self.tr("Enter shows the document"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.count = small("", self)
        for line in (head, row(self.box), row(self.count, None, self.sorting)):
            line.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
            box.addLayout(line)
        box.addWidget(self.list, 1)
        self._quiet = False
        self.box.textChanged.connect(self._narrow)
        self.box.moved.connect(lambda _step: self.list.setFocus())
        self.box.returnPressed.connect(self.list.setFocus)
        self.sorting.currentIndexChanged.connect(
            lambda _at: self._kept(lambda: self.model.order(self.sorting.currentData()))
        )
        self.list.selectionModel().currentChanged.connect(self._moved)
        theme.current().changed.connect(self.list.viewport().update)

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Replace the documents; whoever stood at one stands there again."""
        self._kept(lambda: self.model.show(sources))

    def current(self) -> Source | None:
        """The document one is at."""
        place = self.list.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def go(self, source: int) -> None:
        """Stand at a document, without showing it anew."""
        place = self.model.place(source)
        self._quiet = True
        try:
            self.list.setCurrentIndex(self.model.index(place) if place >= 0 else QModelIndex())
        finally:
            self._quiet = False

    def _narrow(self, words: str) -> None:
        self._kept(lambda: self.model.narrow(words))

    def _kept(self, change: Callable[[], None]) -> None:
        held = self.current()
        self._quiet = True
        try:
            change()
        finally:
            self._quiet = False
        if held is not None:
            self.go(held.id)
        shown, total = len(self.model.rows), self.model.total()
        self.count.setText(str(total) if shown == total else self.tr("{0} of {1}").format(shown, total))

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._quiet:
            self.chosen.emit(now.data(DOCUMENT) if now.isValid() else None)
