"""The left column: the texts, and under them the outline of the open one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QSplitter, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import TextRow
from valise.ui.contacts.trust import Names
from valise.ui.messages.rooms import room_name
from valise.ui.texts.outline import OutlinePane
from valise.ui.texts.people import People
from valise.ui.texts.texts_list import ENTRY, TextDelegate, TextsModel
from valise.ui.widgets.buttons import icon_button
from valise.ui.widgets.labels import Words, named


class TextsSide(QWidget):
    """`chosen(text id)`; `wanted()` when a new text is to be opened."""

    chosen = Signal(str)
    wanted = Signal()

    def __init__(self, door: Door, people: People, outline: OutlinePane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._rooms: dict[str, str] = {}
        self.model = TextsModel(lambda key: self._rooms.get(key, ""), people.code, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 8, 4)
        title = Words(self.tr("Texts"), "heading", self)
        head.addWidget(title, 1)
        head.addWidget(icon_button("plus", self.tr("Open a text, Ctrl+N"), self.wanted.emit, parent=self))
        column.addLayout(head)
        self.list = named(QListView(self), self.tr("Texts"))
        self.list.setItemDelegate(TextDelegate(self.list))
        self.list.setModel(self.model)
        self.list.setWordWrap(True)  # laid out anew at another width
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(outline)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        split.setSizes([160, 560])
        column.addWidget(split, 1)
        self._quiet = False
        self.list.selectionModel().currentChanged.connect(self._changed)

    def load(self) -> list[TextRow]:
        """Read the texts and the names of their rooms."""
        names = Names(self._door)
        self._rooms = {one.id: room_name(one, names) for one in self._door.rooms.all()}
        rows = self._door.texts.all()
        now = self.list.currentIndex().data(ENTRY)
        self._quiet = True
        self.model.show(rows)
        self._quiet = False
        if now is not None:
            self.show_current(now.id)
        return rows

    def place(self, text: str) -> int:
        """Row of a text, -1 if we do not have it."""
        return self.model.place(text)

    def show_current(self, text: str) -> None:
        """Mark a text as the open one."""
        place = self.model.place(text)
        if place >= 0 and self.list.currentIndex().row() != place:
            self._quiet = True
            self.list.setCurrentIndex(self.model.index(place))
            self._quiet = False

    def repaint_names(self) -> None:
        """Names changed."""
        self.model.repaint()

    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        entry = now.data(ENTRY)
        if entry is not None and not self._quiet:
            self.chosen.emit(entry.id)
