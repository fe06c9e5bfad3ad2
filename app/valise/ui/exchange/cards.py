"""The three ways as cards: state in words and sign, place, last exchange, next try, and what one can do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from valise.desk.door_exchange import WayView
from valise.ui import actions, icons, theme
from valise.ui.exchange import said
from valise.ui.text_safe import clean
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import Card, ProgressLine, PushButton, button, row
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import ElidedLabel, heading, hint, named, small

_NARROW = 262  # px: below this name and state do not stand side by side
_SOFT = {"good": "good_soft", "warn": "warn_soft", "bad": "bad_soft", "info": "info_soft", "muted": "neutral_soft"}


def acting(action: QAction, words: str = "", *, kind: str = "", parent: QWidget | None = None) -> PushButton:
    """A button for an action of the table: its words (or shorter ones), its key in the tooltip."""
    made = PushButton(words or action.text(), parent)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    named(made, action.text(), action.statusTip())
    made.setToolTip(action.toolTip())
    made.clicked.connect(lambda _checked=False: action.trigger())
    return made


class WayCard(Card):
    """One way. `shown(view)`; add buttons by `act`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=theme.SPACE.m)
        self.name = name
        self.view: WayView | None = None
        self.box.setSpacing(theme.SPACE.xs)
        self.setMinimumWidth(190)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        sign = QLabel(self)
        sign.setFixedSize(20, 20)
        icons.bind(sign, said.ICONS[name], "accent", 20)
        self.state = Pill(parent=self)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(theme.SPACE.xs)
        self._head.addLayout(row(sign, heading(said.way(name), self), None), 1)
        self._head.addWidget(self.state, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addLayout(self._head)
        self.place = ElidedLabel("", self)
        self.place.mode = Qt.TextElideMode.ElideMiddle
        self.box.addWidget(self.place)
        self.first, self.second = small("", self), small("", self)
        for line in (self.first, self.second):
            self.box.addWidget(line)
        self.box.addStretch(1)
        self.progress = ProgressLine(self)
        self.box.addWidget(self.progress)
        self.buttons: list[QPushButton] = []
        self._flow = flowing()
        self.box.addLayout(self._flow)

    def act(self, action: QAction, words: str = "", *, kind: str = "") -> PushButton:
        """One more button."""
        made = acting(action, words, kind=kind, parent=self)
        self.buttons.append(made)
        self._flow.addWidget(made)
        return made

    def plain(self, name: str, words: str, slot: Callable[[], object]) -> QPushButton:
        """A button for an action that the window has."""
        spec = actions.spec(name)
        made = button(words, slot, parent=self)
        named(made, spec.label, spec.explanation)
        made.setToolTip(f"{spec.explanation} ({spec.shown})")
        self.buttons.append(made)
        self._flow.addWidget(made)
        return made

    def show_way(self, view: WayView) -> None:
        """Where it stands."""
        self.view = view
        words, icon, tone = said.state(view)
        self.state.set_look(icon, tone, _SOFT[tone])
        self.state.set_text(words)
        where = said.place(view)
        self.place.setText(where)
        hint(self.place, said.whole_place(view))
        first, second = said.when(view)
        for label, text in ((self.first, first), (self.second, second)):
            label.setText(text)
        spoken = ". ".join(one for one in (words, where, first, second) if one)
        named(self, said.way(self.name), clean(spoken, lines=False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow card the state stands below the name."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._head.direction() != way:
            self._head.setDirection(way)

    def busy(self, on: bool) -> None:
        """Something of it is being tried."""
        for one in self.buttons:
            one.setEnabled(not on)
        if on:
            self.progress.wait()
        else:
            self.progress.rest()
