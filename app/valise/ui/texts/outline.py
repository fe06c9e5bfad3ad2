"""The outline of the open text with its filter, and going to a paragraph by its number."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from valise.domain.text.model import ParagraphRow
from valise.ui import theme
from valise.ui.text_safe import clean, isolate
from valise.ui.texts import signs, terms
from valise.ui.texts.paragraphs import ROW, Index, ParagraphModel
from valise.ui.texts.people import People
from valise.ui.texts.texts_list import paint_ground, paint_pill
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import SearchBox, button
from valise.ui.widgets.labels import Words, named

SLICE = 0.008  # seconds of reading per turn of the event loop


def folded(label: str) -> str:
    """ "OP 3 bis", "op3bis" and "OP.3 BIS" are the same label."""
    return re.sub(r"[\s.]+", "", label).casefold()


def find_label(rows: list[ParagraphRow], wanted: str) -> int:
    """The row a person means: the whole label, a bare number (OP before PP), else the first that begins so; -1 none."""
    key = folded(wanted)
    if not key:
        return -1
    labels = [folded(row.label) for row in rows]
    for candidate in (key, f"op{key}", f"pp{key}"):
        if candidate in labels:
            return labels.index(candidate)
    for candidate in (key, f"op{key}", f"pp{key}"):
        for place, label in enumerate(labels):
            if label.startswith(candidate):
                return place
    return -1


class OutlineFilter(QSortFilterProxyModel):
    """All, open, agreed, parked, ours or one delegation's; and words of the label or of the beginning."""

    def __init__(self, people: People, parent: QObject) -> None:
        super().__init__(parent)
        self._people = people
        self._words = ""
        self._mode = "all"
        self._places: frozenset[str] = frozenset()

    def set_filter(self, mode: str, words: str, places: frozenset[str] = frozenset()) -> None:
        """`mode` is all | open | agreed | parked | since:… (then `places` are its paragraphs) | a delegation id."""
        if (mode, words, places) != (self._mode, self._words, self._places):
            self.beginFilterChange()
            self._mode, self._words, self._places = mode, clean(words, lines=False).casefold(), places
            self.endFilterChange()

    def filterAcceptsRow(self, place: int, _parent: Index) -> bool:
        model = self.sourceModel()
        if not isinstance(model, ParagraphModel):
            return False
        row = model.row(place)
        said = f"{row.label} {row.first_words}".casefold()
        if self._words and self._words not in said and folded(self._words) not in folded(row.label):
            return False
        if self._mode == "all":
            return True
        if self._mode.startswith("since:"):
            return row.id in self._places
        if self._mode == "open":
            return row.status == "open"
        if self._mode == "agreed":
            return row.status in ("agreed ad ref", "closed")
        if self._mode == "parked":
            return row.status == "parked"
        view = model.known(place)
        if view is None:
            return False  # read in slices by the pane, which filters again
        return any(self._mode in one.sponsors or one.author == self._mode for one in view.proposals) or any(
            one.delegation == self._mode and one.value != "none" for one in view.positions
        )


class OutlineDelegate(QStyledItemDelegate):
    """One line: sign, label, first words, number of brackets."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ParagraphRow = index.data(ROW)
        side = option.direction
        area = option.rect.adjusted(6, 1, -6, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, area, option.state)

        def part(left: int, width: int) -> QRect:
            return QStyle.visualRect(side, area, QRect(area.left() + left, area.top(), width, area.height()))

        align = QStyle.visualAlignment(side, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        sign = part(8, 15)
        signs.draw_status(painter, QRectF(sign.x(), area.center().y() - 7, 15, 15), row.status)
        painter.setFont(theme.font(13, bold=True))
        metrics = painter.fontMetrics()
        label = isolate(terms.name(row)) if row.label or row.section == "title" else ""
        indent = 12 if "(" in row.label and row.label.rstrip().endswith(")") and "alt" not in row.label else 0
        wide = min(area.width() // 2, max(48, metrics.horizontalAdvance(label) + 8)) if label else 0
        where = part(32 + indent, wide)
        painter.setPen(theme.colour("text"))
        painter.drawText(where, int(align), metrics.elidedText(label, Qt.TextElideMode.ElideRight, wide))
        count = str(row.open_brackets) if row.open_brackets else ""
        left = 32 + indent + wide + 4
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("muted"))
        where = part(left, max(10, area.width() - left - (36 if count else 8)))
        words = painter.fontMetrics().elidedText(isolate(row.first_words), Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, int(align), words)
        if count:
            painter.setFont(theme.font(11, bold=True))
            width = max(22, painter.fontMetrics().horizontalAdvance(count) + 12)
            pill = part(area.width() - width - 6, width)
            pill = QRect(pill.x(), area.center().y() - 8, width, 17)
            paint_pill(painter, pill, count, False)
        painter.restore()


class OutlinePane(QWidget):
    """`went(row)`: a paragraph was chosen here (row of the ParagraphModel)."""

    went = Signal(int)

    def __init__(self, model: ParagraphModel, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._people = people
        self._since: list[tuple[str, str]] = []
        self.places: Callable[[str], frozenset[str]] = lambda mode: frozenset()
        self.proxy = OutlineFilter(people, self)
        self.proxy.setSourceModel(model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 0, 10, 0)
        bar.setSpacing(6)
        self.box = SearchBox(self.tr("Filter"), self)
        named(self.box, self.tr("Filter paragraphs by their words"))
        self.mode = named(QComboBox(self), self.tr("Which paragraphs"))
        self.mode.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.mode.setMinimumContentsLength(5)
        bar.addWidget(self.box, 1)
        bar.addWidget(self.mode)
        column.addLayout(bar)
        self.list = named(QListView(self), self.tr("Outline of the text"))
        self.list.setItemDelegate(OutlineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setModel(self.proxy)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        column.addWidget(self.list, 1)
        self._nothing = Words(self.tr("No paragraph matches."), "muted", self)
        self._nothing.setContentsMargins(16, 4, 16, 10)
        self._nothing.hide()
        column.addWidget(self._nothing)
        self._from_outside = False
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._read_some)
        self._next = 0
        self.box.textChanged.connect(self._filter)
        self.mode.currentIndexChanged.connect(self._filter)
        self.box.moved.connect(lambda _step: self.list.setFocus())
        self.box.left.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.fill_modes()

    def fill_modes(self) -> None:
        """The choices of the filter: fixed ones, then every delegation that is known."""
        chosen = self.mode.currentData() or "all"
        self.mode.blockSignals(True)
        self.mode.clear()
        for key, words in (
            ("all", self.tr("All")),
            ("open", self.tr("Open")),
            ("agreed", self.tr("Agreed")),
            ("parked", self.tr("Parked")),
        ):
            self.mode.addItem(words, key)
        for key, words in self._since:
            self.mode.addItem(words, key)
        if self._people.own:
            self.mode.addItem(self.tr("Mine"), self._people.own)
        for key, code in self._people.codes():
            if key != self._people.own:
                self.mode.addItem(clean(f"{code} {self._people.name(key)}", lines=False), key)
        self.mode.setCurrentIndex(max(0, self.mode.findData(chosen)))
        self.mode.blockSignals(False)
        self._filter()

    def offer(self, since: list[tuple[str, str]]) -> None:
        """Filters by what happened since …: (mode, words)."""
        if since != self._since:
            self._since = since
            self.fill_modes()

    def choose(self, mode: str) -> None:
        """Filter so."""
        self.mode.setCurrentIndex(max(0, self.mode.findData(mode)))
        self.list.setFocus()

    def _filter(self) -> None:
        mode = self.mode.currentData() or "all"
        since = mode.startswith("since:")
        self.proxy.set_filter(mode, self.box.text(), self.places(mode) if since else frozenset())
        self._nothing.setVisible(self.proxy.rowCount() == 0 and self._model.rowCount() > 0)
        self._next = 0
        if not since and mode not in ("all", "open", "agreed", "parked"):
            self._slices.start()

    def again(self) -> None:
        """The text changed: what the filter needs of it is read again."""
        self._filter()

    def _read_some(self) -> None:
        until = perf_counter() + SLICE
        while self._next < self._model.rowCount() and perf_counter() < until:
            self._model.view(self._next)
            self._next += 1
        if self._next >= self._model.rowCount():
            self._slices.stop()
            self.proxy.invalidate()
            self._nothing.setVisible(self.proxy.rowCount() == 0 and self._model.rowCount() > 0)

    def stop(self) -> None:
        """No reading while nobody looks."""
        self._slices.stop()

    def hideEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        self.stop()
        super().hideEvent(event)

    def _chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._from_outside:
            self.went.emit(self.proxy.mapToSource(now).row())

    def show_current(self, place: int) -> None:
        """Follow the text: the same paragraph is the current one here."""
        index = self.proxy.mapFromSource(self._model.index(place))
        self._from_outside = True
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        else:
            self.list.setCurrentIndex(QModelIndex())
            self.list.clearSelection()
        self._from_outside = False


class GoTo(Dialog):
    """Go to a paragraph by its number. `went(row)`."""

    went = Signal(int)

    def __init__(self, model: ParagraphModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._place = QPersistentModelIndex()
        self.setWindowTitle(self.tr("Go to paragraph"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACE.s)
        self.box = named(QLineEdit(self), self.tr("Number of the paragraph, for example OP 3 bis"))
        self.box.setPlaceholderText(self.tr("OP 3 bis, PP 5, 12 …"))
        self.box.setMinimumWidth(340)
        self._found = Words(" ", "muted", self)
        self._found.setMinimumHeight(40)
        self._found.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self))
        self._go = button(self.tr("Go"), self._accept, kind="primary", parent=self)
        self._go.setDefault(True)
        row.addWidget(self._go)
        column.addWidget(self.box)
        column.addWidget(self._found)
        column.addLayout(row)
        self.box.textChanged.connect(self._look)
        self._look("")

    def _look(self, wanted: str) -> None:
        place = find_label(self._model.rows(), wanted)
        self._place = QPersistentModelIndex(self._model.index(place)) if place >= 0 else QPersistentModelIndex()
        self._go.setEnabled(place >= 0)
        if place >= 0:
            row = self._model.row(place)
            self._found.setText(f"{isolate(row.label)}, {terms.status(row.status)}: {isolate(row.first_words)}")
        else:
            self._found.setText(self.tr("No paragraph has this number.") if wanted.strip() else " ")

    def _accept(self) -> None:
        if self._place.isValid():
            self.went.emit(self._place.row())
            self.accept()
