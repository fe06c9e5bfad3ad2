"""The ways of exchange in a card of the settings: each in a line, the page of ways one step away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import WayView
from valise.ui import actions, icons, theme
from valise.ui.exchange import said
from valise.ui.language import colon
from valise.ui.tasks import Latest, Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.labels import Words, heading, hint, muted, named
from valise.ui.widgets.notice import NoticeBar


class ExchangeCard(Card):
    """`opened` leads to the page. Add settings of the exchange to `.box`."""

    opened = Signal()

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = NoticeBar(self)
        self._ways = Latest(runner, door.exchange.ways, self._show, self.notice.show_error, self)
        self.box.addWidget(heading(self.tr("Exchange"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one "
                    "of these sees only sealed envelopes, their sizes and times."
                ),
                self,
            )
        )
        self.lines: dict[str, tuple[QLabel, Words]] = {}
        for name in ("relay", "folder", "courier"):
            sign, words = QLabel(self), Words("", "", self)
            sign.setFixedSize(18, 18)
            self.lines[name] = (sign, words)
            line = row(sign, words, spacing=theme.SPACE.s)
            line.setStretch(1, 1)
            self.box.addLayout(line)
        spec = actions.spec("go.ways")
        self.open = button(self.tr("Ways of exchange…"), self.opened.emit, icon="world", parent=self)
        named(self.open, spec.label, spec.explanation)
        self.open.setToolTip(f"{spec.explanation} ({spec.shown})")
        self.box.addLayout(row(self.open, None))
        self.box.addWidget(self.notice)
        self.refresh()

    def refresh(self) -> None:
        """Show where things stand: counted over every room, so beside the window."""
        self._ways.ask()

    def _show(self, ways: list[WayView]) -> None:
        for one in ways:
            sign, words = self.lines[one.name]
            icons.bind(sign, said.ICONS[one.name], said.state(one)[2])
            parts = [f"{said.way(one.name)}{colon()}{said.state(one)[0]}"]
            if one.state != "off":
                parts += [isolate(said.short_place(one))] if one.place else []
                parts += said.when(one)
            hint(words, said.whole_place(one))
            words.setText("  ·  ".join(part for part in parts if part))
