"""A row that goes on in a second line where the room ends, mirrored in right-to-left layouts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from valise.ui import theme
from valise.ui.widgets.buttons import PushButton

LEAST = 0.6  # of the width of a button, on two lines


class Flow(QLayout):
    """Items at their size hints, or as wide as there is room, `spacing` pixels apart; buttons wider than that go on in a second
    line. `apart`: the last one stands at the end of its line."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 4, *, apart: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._apart = spacing, apart
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        width = sum(item.sizeHint().width() + self._gap for item in self._items)
        height = max((item.sizeHint().height() for item in self._items), default=0)
        edges = self.contentsMargins()
        return QSize(max(0, width - self._gap) + edges.left() + edges.right(), height + edges.top() + edges.bottom())

    def minimumSize(self) -> QSize:
        width = max((_least(item) for item in self._items), default=0)
        height = max((item.minimumSize().height() for item in self._items), default=0)
        edges = self.contentsMargins()
        return QSize(width + edges.left() + edges.right(), height + edges.top() + edges.bottom())

    def _place(self, whole: QRect, *, move: bool) -> int:
        parent = self.parentWidget()
        side = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        edges = self.contentsMargins()
        rect = whole.marginsRemoved(edges)
        x, y = rect.x(), rect.y()
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in (one for one in self._items if not one.isEmpty()):
            size = item.sizeHint()
            if size.width() > rect.width():
                size.setWidth(min(size.width(), max(rect.width(), _least(item))))
                if isinstance(button := item.widget(), PushButton):
                    size.setHeight(button.heightForWidth(size.width()))
            if line and x + size.width() > rect.right() + 1:
                y += self._set(line, rect, y, side, move) + self._gap
                x, line = rect.x(), []
            line.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self._gap
        if self._apart and line and line[-1][0] is self._items[-1]:
            line[-1][1].moveRight(rect.right())
        y += self._set(line, rect, y, side, move)
        return y + edges.bottom() - whole.y()

    @staticmethod
    def _set(line: list[tuple[QLayoutItem, QRect]], rect: QRect, y: int, side: Qt.LayoutDirection, move: bool) -> int:
        """Put one line in its place, its items centred; its height."""
        high = max((where.height() for _, where in line), default=0)
        for item, where in line if move else ():
            place = QStyle.visualRect(side, rect, where.translated(0, (high - where.height()) // 2))
            # The item would keep a button as low as one line, by its size policy.
            (item.widget() if isinstance(item.widget(), PushButton) else item).setGeometry(place)
        return high


def _least(item: QLayoutItem) -> int:
    least = item.minimumSize().width()
    return round(LEAST * least) if isinstance(item.widget(), PushButton) else least


def flowing(*parts: QWidget) -> Flow:
    """Buttons side by side, on as many lines as they need."""
    made = Flow(spacing=theme.SPACE.s)
    for part in parts:
        made.addWidget(part)
    return made
