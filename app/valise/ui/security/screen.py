"""The security screen: a list of sections at the left, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.ui import icons, theme
from valise.ui.screens import Screen
from valise.ui.security import sections
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.widgets.labels import divider, named, title

EVERYTHING = Changes(status=True, settings=True)
_WIDTH, _SIGNS = 232, 44
_NARROW = 820  # of the screen: below this the page beside the list would be cut


class SecurityScreen(Screen):
    """`open_ref("backups")` or "backups:<ref>" shows a section and, in it, one thing."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._parts = sections.shown()
        self._made: dict[str, Section] = {}
        self._narrow = False
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(theme.SPACE.l, theme.SPACE.xl, theme.SPACE.m, theme.SPACE.l)
        left.setSpacing(theme.SPACE.m)
        self.name = title(self.tr("Security"), self)
        left.addWidget(self.name)
        self.list = QListWidget(self)
        self.list.setObjectName("sections")
        self.list.setFixedWidth(_WIDTH)
        self.list.setIconSize(QSize(18, 18))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self.list, self.tr("Sections"))
        for part in self._parts:
            item = QListWidgetItem(icons.icon(part.icon), part.label, self.list)
            item.setData(Qt.ItemDataRole.UserRole, part.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, part.label)
            item.setToolTip(part.label)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 2 * theme.SPACE.m))
        left.addWidget(self.list, 1)
        whole.addLayout(left)
        whole.addWidget(divider(self, vertical=True))
        self.stack = QStackedWidget(self)
        named(self.stack, self.tr("Section"))
        whole.addWidget(self.stack, 1)
        self.list.currentRowChanged.connect(self._choose)
        self.list.itemActivated.connect(lambda _item: self.section().focus_first())
        if self._parts:
            self.list.setCurrentRow(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the sections are signs only; their names stay for the pointer and for whoever listens."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.name.setVisible(not narrow)
            self.list.setFixedWidth(_SIGNS if narrow else _WIDTH)
            for row, part in enumerate(self._parts):
                self.list.item(row).setText("" if narrow else part.label)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "list"):
            for row, part in enumerate(self._parts):
                self.list.item(row).setIcon(icons.icon(part.icon))

    def section(self, name: str = "") -> Section:
        """The section of that name, made now if it was never shown; "" = the one that is shown. KeyError for none."""
        if not name:
            shown = self.stack.currentWidget()
            assert isinstance(shown, Section)
            return shown
        found = self._made.get(name)
        if found is None:
            part = next((one for one in self._parts if one.name == name), None)
            if part is None:
                raise KeyError(name)
            found = part.load()(self.door, self.runner, self.stack)
            found.head(part.label)
            found.notice.connect(self.notice)
            found.go.connect(self.go)
            self._made[name] = found
            self.stack.addWidget(found)
            found.refresh(EVERYTHING)
        return found

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._parts):
            section = self.section(self._parts[row].name)
            self.stack.setCurrentWidget(section)
            for one in self.list.actions():
                self.list.removeAction(one)
            self.list.addActions(section.actions())  # its keys hold while the list has the keyboard, too

    def refresh(self, changes: Changes) -> None:
        for one in self._made.values():
            one.refresh(changes)

    def focus_first(self) -> None:
        self.list.setFocus()

    def open_ref(self, ref: str) -> None:
        name, _, rest = ref.partition(":")
        places = [one.name for one in self._parts]
        if name in places:
            self.list.setCurrentRow(places.index(name))
            self.section().focus_first()
            if rest:
                self.section().open_ref(rest)

    def panes(self) -> list[QWidget]:
        return [self.list, self.stack]
