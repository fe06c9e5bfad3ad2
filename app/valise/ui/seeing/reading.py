"""A list to be read: sign, heading, note and words of each entry, painted, a document only for what is in sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from valise.domain.text import words as w
from valise.domain.text.model import Run, RunStyle
from valise.ui import theme
from valise.ui.text_safe import clean
from valise.ui.texts import runs
from valise.ui.texts.difference import emphasis, piece
from valise.ui.texts.script import first_strong
from valise.ui.widgets.labels import named

ENTRY = int(Qt.ItemDataRole.UserRole) + 1
KEPT = 160  # laid-out documents
SIDE, SIGN, TOP = 14, 34, 9
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `key` is where it leads (a paragraph id, "" = nowhere); `head` and `note` are sentences of ours with
    outside words isolated; `tone` is a token of the theme."""

    key: str
    sign: str
    tone: str
    head: str
    note: str = ""
    words: tuple[Run, ...] = ()

    @property
    def spoken(self) -> str:
        """The same for a screen reader; changes in the signs of the notation."""
        return ". ".join(clean(one) for one in (self.head, self.note, marked(self.words)) if one)


def whole(text: str, style: RunStyle = "plain") -> tuple[Run, ...]:
    """All of a paragraph in one style."""
    return tuple(piece(text, 0, len(text), style, emphasis(text)))


def changed(before: str, after: str, hunks: Sequence[w.Hunk]) -> tuple[Run, ...]:
    """Words with what was struck and what was inserted, by the hunks that turn `before` into `after`."""
    was, now = emphasis(before), emphasis(after)
    out: list[Run] = []
    at = place = 0  # in before, in after
    for hunk in hunks:
        out += piece(after, place, place + hunk.start - at, "plain", now)
        place += hunk.start - at
        gone = piece(before, hunk.start, hunk.end, "delete", was)
        come = piece(after, place, place + len(hunk.words), "insert", now)
        if "".join(run.text for run in gone) == "".join(run.text for run in come):
            # only the marks of emphasis differ: then they are what is to be seen
            old = before[hunk.start : hunk.end]
            gone = [runs.Piece(old, "delete", (), False, raw=True)] if old else []
            come = [runs.Piece(hunk.words, "insert", (), False, raw=True)] if hunk.words else []
        out += gone
        if gone and come and not gone[-1].text[-1:].isspace():
            out.append(Run(" ", "separator"))
        out += come
        at, place = hunk.end, place + len(hunk.words)
    out += piece(after, place, len(after), "plain", now)
    return tuple(out)


def marked(words: Sequence[Run]) -> str:
    """Runs as plain text: [-struck-] and [+inserted+]."""
    out: list[str] = []
    for run in words:
        text = clean(runs.written(run), lines=False) if run.text.strip() else run.text
        lead = " " if run.text[:1].isspace() and text.strip() else ""
        tail = " " if run.text[-1:].isspace() and text.strip() else ""
        if run.style == "delete":
            out.append(f"{lead}[-{text}-]{tail}")
        elif run.style == "insert":
            out.append(f"{lead}[+{text}+]{tail}")
        else:
            out.append(f"{lead}{text}{tail}" if text.strip() else text)
    return "".join(out)


class ReadingModel(QAbstractListModel):
    """The entries."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Item, ...] = ()

    def show(self, items: Sequence[Item]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.items[index.row()]
        if role == ENTRY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(one.head, lines=False)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one.spoken
        return None


class ReadingDelegate(QStyledItemDelegate):
    """Paints entries; `language` as of the text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = "en"
        self._made: OrderedDict[tuple[object, ...], QTextDocument] = OrderedDict()
        theme.current().changed.connect(self.forget)

    def forget(self) -> None:
        """Colours or language changed."""
        self._made.clear()

    def sentence(
        self, text: str, width: int, px: int, way: Qt.LayoutDirection, *, muted: bool = False, bold: bool = False
    ) -> QTextDocument:
        """A sentence of ours: it begins where one begins to read in the language of the window."""
        key = (text, width, px, way, muted, bold)
        made = self._made.get(key)
        if made is None:
            look = runs.Look(px=px, language=self.language, muted=muted)
            made = runs.document((runs.Piece(text, "plain", (), False, raw=True),), look, float(width))
            strong = first_strong(text)
            right = strong == "R" if strong else way == Qt.LayoutDirection.RightToLeft
            block = QTextBlockFormat()
            block.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right else Qt.LayoutDirection.LeftToRight)
            mirrored = way == Qt.LayoutDirection.RightToLeft
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            block.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
            cursor = QTextCursor(made)
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.mergeBlockFormat(block)
            if bold:
                weight = QTextCharFormat()
                weight.setFontWeight(QFont.Weight.DemiBold)
                cursor.mergeCharFormat(weight)
            self._keep(key, made)
        self._made.move_to_end(key)
        return made

    def document(self, words: tuple[Run, ...], width: int) -> QTextDocument:
        """Words of the text, in their own direction, laid out `width` pixels wide; kept for a while."""
        key = (words, width)
        made = self._made.get(key)
        if made is None:
            made = runs.document(words, runs.Look(language=self.language), float(width))
            self._keep(key, made)
        self._made.move_to_end(key)
        return made

    def _keep(self, key: tuple[object, ...], made: QTextDocument) -> None:
        self._made[key] = made
        if len(self._made) > KEPT:
            self._made.popitem(last=False)

    def parts(self, one: Item, width: int, way: Qt.LayoutDirection) -> list[QTextDocument]:
        """Heading, note and words, from the top."""
        inner = max(80, width - 2 * SIDE - SIGN)
        found = [self.sentence(one.head, inner, theme.BODY_PX, way, bold=True)]
        if one.note:
            found.append(self.sentence(one.note, inner, theme.SMALL_PX + 1, way, muted=True))
        if one.words:
            found.append(self.document(one.words, inner))
        return found

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        tall = sum(int(one.size().height()) + 4 for one in self.parts(index.data(ENTRY), width, option.direction))
        return QSize(80, tall + 2 * TOP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: Item = index.data(ENTRY)
        area, way = option.rect, option.direction
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("selected"))
            edge = QStyle.visualRect(way, area, QRect(area.left(), area.top(), 3, area.height()))
            painter.fillRect(edge, theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(theme.font(theme.HEADING_PX, bold=True))
        painter.setPen(theme.colour(one.tone))
        box = QStyle.visualRect(way, area, QRect(area.left() + SIDE - 4, area.top() + TOP, SIGN - 4, 22))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), one.sign)
        y = float(area.top() + TOP)
        inner = QRect(area.left() + SIDE + SIGN, area.top(), max(80, area.width() - 2 * SIDE - SIGN), area.height())
        x = float(QStyle.visualRect(way, area, inner).left())
        for made in self.parts(one, area.width(), way):
            runs.paint(painter, made, x, y, QRectF(0, 0, made.textWidth(), made.size().height()))
            y += int(made.size().height()) + 4
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -1.5))
        painter.restore()


class ReadingList(QListView):
    """`went(key)` when an entry is chosen by Enter or a double click."""

    went = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = ReadingModel(self)
        self.cards = ReadingDelegate(self)
        self.setModel(self.entries)
        self.setItemDelegate(self.cards)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)  # a long comparison is there at once
        self.setBatchSize(60)
        named(self, name, self.tr("Enter goes to the paragraph"))
        self.doubleClicked.connect(lambda _index: self._go())
        theme.current().changed.connect(self.viewport().update)

    def show_items(self, items: Sequence[Item], language: str = "en") -> None:
        """Replace the entries; whoever stood at a key stands there again."""
        held = self.current()
        self.cards.language = language
        self.cards.forget()
        self.entries.show(items)
        if items:
            place = next((n for n, one in enumerate(items) if held and one == held), -1)
            if place < 0:
                place = next((n for n, one in enumerate(items) if held and one.key and one.key == held.key), 0)
            self.setCurrentIndex(self.entries.index(place))

    def current(self) -> Item | None:
        """The entry one is at."""
        place = self.currentIndex().row()
        return self.entries.items[place] if 0 <= place < len(self.entries.items) else None

    def _go(self) -> None:
        one = self.current()
        if one is not None and one.key:
            self.went.emit(one.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
