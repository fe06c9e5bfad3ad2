"""Comparing words live: ask or answer, wait, four words on both screens, two equal answers."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from valise.desk.trust_views import Live
from valise.domain.errors import NotAllowed
from valise.ui import theme
from valise.ui.language import listed, translate
from valise.ui.strings import tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.labels import SafeLabel, Words, heading, named

BEAT = 2_000  # ms between exchanges while two people wait in front of their screens


class LivePane(QWidget):
    """`compare_asked`, `same`, `different`, `cancelled` for what a person presses; `beat` while the other side is waited for."""

    compare_asked = Signal()
    same = Signal()
    different = Signal()
    cancelled = Signal()
    beat = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = "none"
        self._who = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.l)
        self.said = heading("", self)
        self.what = Words("", "muted", self)
        self.progress = ProgressLine(self)
        for part in (self.said, self.what, self.progress):
            box.addWidget(part)
        self.words = QWidget(self)
        tiles = QHBoxLayout(self.words)
        tiles.setContentsMargins(0, 0, 0, 0)
        tiles.setSpacing(theme.SPACE.m)
        self.tiles = [_Tile(n + 1, self.words) for n in range(4)]
        for one in self.tiles:
            tiles.addWidget(one, 1)
        box.addWidget(self.words)
        self.begin = button(translate("contacts", "Compare now"), self.compare_asked.emit, kind="primary", icon="shield-check", parent=self)
        self.stop = button(translate("contacts", "Not now"), self.cancelled.emit, parent=self)
        box.addLayout(row(self.begin, self.stop, None))
        self.differ = button(translate("contacts", "Different"), self.different.emit, icon="cross", parent=self)
        self.match = button(translate("contacts", "The same"), self.same.emit, icon="check", parent=self)
        self.answers = QWidget(self)
        line = QHBoxLayout(self.answers)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE.l)
        for one in (self.differ, self.match):
            one.setStyleSheet(f"QPushButton {{ min-height: 40px; font-size: {theme.HEADING_PX}px; }}")
            one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            line.addWidget(one, 1)
        box.addWidget(self.answers)
        self.chance = Words("", "small", self)
        self.chance.setText(
            translate(
                "contacts",
                "Somebody between you would have to guess the words: one chance in 17 million million, and one guess.",
            )
        )
        box.addWidget(self.chance)
        box.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self.beat)

    def show_live(self, who: str, live: Live) -> None:
        """`who` as named here, isolated by the caller."""
        self._who, before, self.stage = who, self.stage, live.stage
        ready, waiting, asked = live.stage == "ready", live.stage == "waiting", live.stage == "asked"
        self.said.setText(self._heading(live).format(who=who))
        self.what.setText(self._sentence(live).format(who=who))
        self.words.setVisible(ready)
        self.answers.setVisible(ready)
        self.begin.setVisible(not ready and not waiting)
        self.begin.setEnabled(not live.hindered)
        text = (
            translate("contacts", "Compare")
            if asked
            else translate("contacts", "Compare again")
            if live.stage == "ended"
            else translate("contacts", "Compare now")
        )
        self.begin.setText(text)
        named(self.begin, text)
        self.stop.setVisible(asked or waiting or ready)
        (self.progress.wait if waiting else self.progress.rest)()
        for tile, word, digits in zip(self.tiles, live.words, live.digits, strict=False):
            tile.word.setText(word)
            tile.digits.setText(digits)
            named(tile, translate("contacts", "Word {number}: {word}, {digits}").format(number=tile.number, word=word, digits=digits))
        named(self.words, translate("contacts", "Words: {words}").format(words=listed(live.words)))
        self._beats(waiting)
        if ready and before != "ready" and self.isVisible():
            self.differ.setFocus()  # a stray Enter must not say that they are the same

    def _beats(self, on: bool) -> None:
        if on and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def showEvent(self, event: object) -> None:
        self._beats(self.stage == "waiting")

    def _heading(self, live: Live) -> str:
        return {
            "none": translate("contacts", "Compare four words, both at the same time"),
            "asked": translate("contacts", "{who} wants to compare words with you now"),
            "waiting": translate("contacts", "Waiting for {who}"),
            "ready": translate("contacts", "Read these words to each other"),
            "ended": translate("contacts", "The comparison did not come to an end"),
        }[live.stage]

    def _sentence(self, live: Live) -> str:
        if live.stage == "waiting":
            return translate("contacts", "{who} has to press “Compare” on its laptop. Both screens then show four words.")
        if live.stage == "ready":
            return translate(
                "contacts", "One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over "
                "a line where you know the voice. In place of the words you can read the numbers."
            )
        if live.hindered:
            told = tell(NotAllowed(live.hindered))
            return f"{told.happened} {translate('contacts', 'Compare in one of the other two ways.')}"
        if live.stage == "ended":
            return {
                "expired": translate("contacts", "Ten minutes have passed. Start again when both of you have time."),
                "cancelled": translate("contacts", "It was put off. Start again when both of you have time."),
                "second answer": translate(
                    "contacts", "Two laptops answered at once. Agree which one compares, and start again."
                ),
                "card": translate(
                    "contacts",
                    "The laptop shows another certificate than the one known here. Exchange once more, then start again.",
                ),
            }.get(
                live.why,
                translate(
                    "contacts",
                    "What came back was not what was promised: somebody may stand between you. Compare in person, by a code.",
                ),
            )
        return translate(
            "contacts",
            "Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.",
        )


class _Tile(QFrame):
    """One word with its number, large."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        self.setObjectName("tile")
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.m, theme.SPACE.m, theme.SPACE.m, theme.SPACE.m)
        place = Words(isolate(str(number)), "muted", self)
        self.word = SafeLabel("", "heading", self, wrap=False)
        self.digits = SafeLabel("", parent=self, wrap=False)
        self.digits.setFont(theme.font(17, mono=True))
        for one in (place, self.word, self.digits):
            box.addWidget(one)
