"""The keys page (Ctrl+F1), generated from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from valise.ui import actions, screens, theme
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.labels import Words, heading, named, title


class KeysPage(Dialog):
    """Every action that has a key, by screen. `open()` it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 640)
        named(self, self.tr("Keys"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.l, theme.SPACE.l, theme.SPACE.l, theme.SPACE.l)
        box.addWidget(title(self.tr("Keys")))
        page = ScrollPage(self)
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(page, self.tr("List of keys"))
        shown = {one.name: one.label for one in screens.shown()}
        groups = [(actions.EVERYWHERE, self.tr("Everywhere")), *shown.items(), ("guide", self.tr("Guide"))]
        for screen, label in groups:
            specs = [one for one in actions.all_specs(screen) if one.keys and self._built(one.id, shown)]
            if specs:
                page.box.addWidget(heading(label))
                page.box.addLayout(self._grid(specs))
        page.box.addStretch(1)
        box.addWidget(page, 1)
        box.addLayout(row(None, button(self.tr("Close"), self.close, kind="primary")))

    @staticmethod
    def _built(action: str, shown: dict[str, str]) -> bool:
        return not action.startswith("go.") or action.removeprefix("go.") in shown

    def _grid(self, specs: list[actions.ActionSpec]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.l)
        grid.setColumnStretch(1, 1)
        for line, one in enumerate(specs):
            caps = Pill(self.tr(" or ").join(one.called), "", "text", "neutral_soft", self)
            grid.addWidget(caps, line, 0, Qt.AlignmentFlag.AlignLeading)
            words = Words(one.explanation, "", self)
            grid.addWidget(words, line, 1)
        return grid
