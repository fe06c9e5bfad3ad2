"""The views of a register, one tab each, each with a key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QWidget

from valise.domain.register.definition import Definition, View, Words
from valise.ui.registers import said
from valise.ui.widgets.labels import named

PLAIN = View("~table", "table", Words({"en": ""}))  # where a register names no table of its own


class ViewTabs(QTabBar):
    """`views` are those of the register shown, in the order of the tabs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: list[View] = []
        named(self, self.tr("Views of the register"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # until there are some

    def show_views(self, definition: Definition) -> None:
        """Those of another register; without announcing it."""
        self.views = list(definition.views)
        if not any(one.kind == "table" for one in self.views):
            self.views.append(PLAIN)
        self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        for n, one in enumerate(self.views):
            words = self.tr("Table") if one is PLAIN else said.term(one.title)
            self.addTab(words.replace("&", "&&"))
            self.setTabToolTip(n, f"{words} ({self.tr('Alt+{0}').format(n + 1)})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.blockSignals(False)

    def go(self, place: int) -> None:
        """To a tab, without announcing it."""
        self.blockSignals(True)
        self.setCurrentIndex(place)
        self.blockSignals(False)
