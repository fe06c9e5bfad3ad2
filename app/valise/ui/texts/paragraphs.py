"""The paragraphs of one text as a Qt model: outline rows at once, full views when they are first looked at."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from valise.domain.text.model import ParagraphRow, ParagraphView
from valise.ui.language import listed
from valise.ui.texts import terms
from valise.ui.texts.script import shown

Index = QModelIndex | QPersistentModelIndex
ROW = int(Qt.ItemDataRole.UserRole) + 1
VIEW = int(Qt.ItemDataRole.UserRole) + 2
_ROOT = QModelIndex()


class ParagraphModel(QAbstractListModel):
    """Rows of `outline`; `fetch(id)` brings a ParagraphView (a short read) only when a row is painted or chosen.

    `follow` brings the model up to date with a new outline and emits exactly the rows that changed. Views are
    immutable, so a view that comes back equal keeps its identity and whatever was laid out for it.
    """

    def __init__(self, fetch: Callable[[str], ParagraphView], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._rows: list[ParagraphRow] = []
        self._views: dict[str, ParagraphView] = {}
        self._stale: set[str] = set()
        self._places: dict[str, int] = {}

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.label} {shown(row.first_words)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.row())
        if role == ROW:
            return row
        if role == VIEW:
            return self.view(index.row())
        return None

    def spoken(self, place: int) -> str:
        """What a screen reader says of a row: label, status, what is open, then the words with their brackets."""
        row = self._rows[place]
        known = self._views.get(row.id)
        words = "".join(run.text for run in known.runs) if known else row.first_words
        return listed([*terms.row_parts(row), shown(words)])

    def rows(self) -> list[ParagraphRow]:
        return self._rows

    def row(self, place: int) -> ParagraphRow:
        return self._rows[place]

    def place(self, paragraph: str) -> int:
        """Row number of a paragraph id, -1 when it is not in the text (any more)."""
        return self._places.get(paragraph, -1)

    def known(self, place: int) -> ParagraphView | None:
        """The view if it is already here and fresh; never reads."""
        row = self._rows[place]
        return None if row.id in self._stale else self._views.get(row.id)

    def view(self, place: int) -> ParagraphView:
        """The paragraph with its brackets, read on first use and after a change."""
        key = self._rows[place].id
        held = self._views.get(key)
        if held is not None and key not in self._stale:
            return held
        fresh = self._fetch(key)
        self._stale.discard(key)
        if held is not None and held == fresh:
            return held
        self._views[key] = fresh
        return fresh

    def show(self, rows: list[ParagraphRow]) -> None:
        """Another text: everything new."""
        self.beginResetModel()
        self._rows = list(rows)
        self._views.clear()
        self._stale.clear()
        self._index()
        self.endResetModel()

    def follow(self, rows: list[ParagraphRow], look: set[int]) -> list[str]:
        """The same text after a change. `look` are the rows a person sees now: they are read again at once, the
        others when they are next looked at. Returns the ids of the rows that changed."""
        self._move_to(rows)
        changed: list[str] = []
        old = self._rows
        self._rows = list(rows)
        self._index()
        self._stale = set(self._views)
        for place, row in enumerate(self._rows):
            before = self._views.get(row.id)
            differs = old[place] != row
            if place in look and before is not None:
                differs = self.view(place) is not before or differs
            if differs:
                changed.append(row.id)
                self.dataChanged.emit(self.index(place), self.index(place))
        return changed

    def _move_to(self, rows: list[ParagraphRow]) -> None:
        """Insert and remove so that the ids stand in the new order; selections and the open editor survive."""
        have, want = [row.id for row in self._rows], [row.id for row in rows]
        if have == want:
            return
        for tag, i, j, m, n in reversed(SequenceMatcher(None, have, want, autojunk=False).get_opcodes()):
            if tag in ("delete", "replace"):
                self.beginRemoveRows(_ROOT, i, j - 1)
                del self._rows[i:j]
                self.endRemoveRows()
            if tag in ("insert", "replace"):
                self.beginInsertRows(_ROOT, i, i + n - m - 1)
                self._rows[i:i] = rows[m:n]
                self.endInsertRows()
        gone = set(have) - set(want)
        for key in gone:
            self._views.pop(key, None)

    def _index(self) -> None:
        self._places = {row.id: place for place, row in enumerate(self._rows)}
