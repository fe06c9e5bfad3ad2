"""The security screen: a list of sections at the left, the chosen one beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
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
_WIDTH = 232


class SecurityScreen(Screen):
    """`open_ref("backups")` or "backups:<ref>" shows a section and, in it, one thing."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._parts = sections.shown()
        self._made: dict[str, Section] = {}
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(theme.SPACE.l, theme.SPACE.xl, theme.SPACE.m, theme.SPACE.l)
        left.setSpacing(theme.SPACE.m)
        left.addWidget(title(self.tr("Security"), self))
        self.list = QListWidget(self)
        self.list.setObjectName("sections")
        self.list.setFixedWidth(_WIDTH)
        self.list.setIconSize(QSize(18, 18))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self.list, self.tr("Sections"))
        for part in self._parts:
            item = QListWidgetItem(icons.icon(part.icon), part.label, self.list)
            item.setData(Qt.ItemDataRole.UserRole, part.name)
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
            named(found, part.label)
            found.notice.connect(self.notice)
            found.go.connect(self.go)
            self._made[name] = found
            self.stack.addWidget(found)
            found.refresh(EVERYTHING)
        return found

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._parts):
            self.stack.setCurrentWidget(self.section(self._parts[row].name))

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
            if rest:
                self.section().open_ref(rest)
            self.section().focus_first()

    def panes(self) -> list[QWidget]:
        return [self.list, self.stack]
