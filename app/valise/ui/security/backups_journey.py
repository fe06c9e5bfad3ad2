"""A vault for a journey: which rooms it takes along, a passphrase of its own, where it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from valise.desk.views import RoomView
from valise.ui import theme
from valise.ui.language import listed
from valise.ui.security.backups_dialogs import FolderChoice, Look, Sure
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.new_passphrase import NewPassphrase

Make = Callable[[Path, Sequence[str], bool, bytearray], object]
_ROWS = 6


class JourneyDialog(Sure):
    """`make(folder, rooms, library, passphrase)`."""

    def __init__(
        self, parent: QWidget, rooms: Sequence[RoomView], codes: dict[str, str], look: Look, make: Make
    ) -> None:
        super().__init__(
            parent, self.tr("A vault for a journey"),
            self.tr(
                "It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a "
                "backup”; that laptop is then admitted for these rooms alone."
            ),
            self.tr("Make it"),
        )  # fmt: skip
        self._make = make
        label = self.tr("Rooms it takes along")
        self.box.addWidget(Words(label, "strong", self))
        self.list = named(QListWidget(self), label, self.tr("Space takes a room along or leaves it here"))
        for room in rooms:
            item = QListWidgetItem(self._title(room, codes), self.list)
            item.setData(Qt.ItemDataRole.UserRole, (room.id, room.kind))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
        if rooms:
            self.list.setCurrentRow(0)
        each = max(self.list.sizeHintForRow(0), self.fontMetrics().height())
        self.list.setFixedHeight(min(_ROWS, max(2, len(rooms))) * each + 2 * theme.SPACE.s)
        self.list.itemChanged.connect(lambda _item: self._chosen())
        self.box.addWidget(self.list)
        self.warning = Words(
            self.tr(
                "Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses "
                "borders. Leave it here unless you cannot work without it."
            ),
            "error", self,
        )  # fmt: skip
        self.warning.hide()
        self.box.addWidget(self.warning)
        self.library = QCheckBox(self.tr("Take the library of agreed language along"), self)
        named(self.library, self.library.text())
        self.box.addWidget(self.library)
        self.place = FolderChoice(look, self.settle, self)
        self.box.addWidget(self.place)
        self.secret = NewPassphrase(self.tr("A passphrase for the journey, other than that of this vault"), self)
        self.secret.edited.connect(self.settle)
        self.secret.submitted.connect(self.go)
        self.box.addWidget(self.secret)
        self.list.setFocus()
        self.begin_asking()

    def _title(self, room: RoomView, codes: dict[str, str]) -> str:
        if room.kind == "internal":
            return self.tr("Internal room of our delegation")
        if room.title:
            return isolate(clean(room.title, lines=False))
        return self.tr("With {0}").format(listed(isolate(codes[one]) for one in room.members if one in codes))

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def chosen(self) -> list[str]:
        """The rooms it takes along."""
        return [
            one.data(Qt.ItemDataRole.UserRole)[0] for one in self._items() if one.checkState() == Qt.CheckState.Checked
        ]

    def _chosen(self) -> None:
        inside = any(
            one.data(Qt.ItemDataRole.UserRole)[1] == "internal" and one.checkState() == Qt.CheckState.Checked
            for one in self._items()
        )
        self.warning.setVisible(inside)
        self.settle()

    def ready(self) -> bool:
        return bool(self.chosen()) and self.place.folder is not None and self.secret.ready()

    def go(self) -> None:
        folder = self.place.folder
        if folder is None or not self.ready():
            return
        rooms, given = self.chosen(), self.secret.take()
        self.accept()
        self._make(folder, rooms, self.library.isChecked(), given)
