"""Where rows are kept: within our delegation, or in a room with others, where each writes of its own State."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.labels import named

TITLE = 50  # characters of a room's title


class Where(QComboBox):
    """`chosen(room)`, "" for our own. Hidden for registers that are kept within the delegation alone."""

    chosen = Signal(str)

    def __init__(self, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        named(self, self.tr("Where the rows are kept"))
        self.setToolTip(self.tr("In a room with others each delegation writes the rows of its own State; all see them"))
        self.currentIndexChanged.connect(lambda _at: self.chosen.emit(str(self.currentData() or "")))

    def show_for(self, shared: bool, room: str) -> None:
        """The rooms there are, at this one; without announcing it."""
        self.blockSignals(True)
        self.clear()
        self.addItem(self.tr("Within our delegation"), "")
        try:
            rooms = [one for one in self._door.rooms.all() if one.kind != "internal"] if shared else []
        except ValiseError:
            rooms = []
        for one in rooms:
            self.addItem(isolate(shorten(clean(one.title, lines=False), TITLE)), one.id)
        self.setCurrentIndex(max(0, self.findData(room)))
        self.setVisible(bool(rooms))
        self.blockSignals(False)
