"""Comparing with a delegation in one of three ways: words now, their code from a picture, the number by eye."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from valise.desk.trust_views import Live
from valise.desk.views import ContactView, SafetyNumber
from valise.ui import theme
from valise.ui.contacts.code import CodePane
from valise.ui.contacts.live import LivePane
from valise.ui.contacts.said import reason
from valise.ui.language import listed, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ScrollPage, button, icon_button, row
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import SafeLabel, Words, heading, named
from valise.ui.widgets.layouts import beside
from valise.ui.widgets.qr import QrView

COLUMNS = 3


class _Word(QFrame):
    """One word with its number."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tile")
        place = Words(str(number), "muted", self)
        place.setWordWrap(False)
        self.word = SafeLabel("", "strong", self, wrap=False)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        line.setSpacing(theme.SPACE.s)
        line.addWidget(place)
        line.addWidget(self.word, 1)


class EyePane(QWidget):
    """The number, to be compared by eye or voice: twelve words, twelve groups of digits. `matched`, `differed`."""

    matched = Signal()
    differed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.SPACE.l)
        self.how = Words(
            self.tr(
                "Read the words or the digits to each other, face to face or over a line where you know the voice. "
                "Both sides see the same. Valise never sends them."
            ),
            "muted", self,
        )  # fmt: skip
        self.box.addWidget(self.how)
        self.words = QWidget(self)
        self.words.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(self.words)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.SPACE.s)
        self.tiles = [_Word(number + 1, self.words) for number in range(12)]
        for place, tile in enumerate(self.tiles):
            grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
        self.box.addWidget(self.words)
        self.digits = SafeLabel("", parent=self)
        self.digits.setFont(theme.font(17, mono=True))
        self.digits.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.box.addWidget(self.digits)
        self.box.addWidget(self._answers())
        self.box.addStretch(1)

    def _answers(self) -> QWidget:
        made = QWidget(self)
        self.differ = button(self.tr("They differ"), self.differed.emit, icon="cross", parent=made)
        self.match = button(self.tr("They match"), self.matched.emit, icon="check", parent=made)
        line = QHBoxLayout(made)
        line.setContentsMargins(0, theme.SPACE.s, 0, 0)
        line.setSpacing(theme.SPACE.l)
        for one in (self.differ, self.match):
            one.setStyleSheet(f"QPushButton {{ min-height: 40px; font-size: {theme.HEADING_PX}px; }}")
            one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            line.addWidget(one, 1)
        return made

    def show_number(self, number: SafetyNumber) -> None:
        for tile, word in zip(self.tiles, number.words, strict=False):
            tile.word.setText(word)
        groups = list(number.digits)
        half = (len(groups) + 1) // 2
        self.digits.setText(" ".join(groups[:half]) + "\n" + " ".join(groups[half:]))
        named(self.digits, self.tr("Digits: {digits}").format(digits=" ".join(groups)))
        named(self.words, self.tr("Words: {words}").format(words=listed(number.words)))


class Verify(ScrollPage):
    """Three ways to compare, one shown at a time. `left` when it was put off; `way_chosen(way)`."""

    left = Signal()
    way_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=820)
        self.name = Words("", "title", self)
        self.back = button(self.tr("Later"), self.left.emit, kind="quiet", parent=self)
        head = row(self.name, self.back)
        head.setStretch(0, 1)
        self.box.addLayout(head)
        self.newer = Words(self.tr("You are comparing the new identity: if it is the same, it is accepted."), "warn", self)
        self.box.addWidget(self.newer)
        self.live, self.code, self.eye = LivePane(self), CodePane(self), EyePane(self)
        self.ways = {
            "words": (self.tr("Compare words now"), "messages", self.live),
            "code": (self.tr("Read their code from a picture"), "qr", self.code),
            "eye": (self.tr("Compare the number by eye"), "eye", self.eye),
        }
        self.buttons = {way: self._way(way, words, icon) for way, (words, icon, _) in self.ways.items()}
        group = QButtonGroup(self)
        for one in self.buttons.values():
            group.addButton(one)
        self.box.addLayout(flowing(*self.buttons.values()))
        for _, _, pane in self.ways.values():
            self.box.addWidget(pane)
        self.box.addWidget(self._next())
        self.box.addStretch(1)
        self.way = "eye"
        self._show("eye")

    def _way(self, way: str, words: str, icon: str) -> QToolButton:
        made = icon_button(icon, words, lambda: self.choose(way), parent=self)
        made.setText(words)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setCheckable(True)
        return made

    def choose(self, way: str) -> None:
        """Show one of the ways: "words", "code", "eye"."""
        self._show(way)
        self.way_chosen.emit(way)

    def _show(self, way: str) -> None:
        self.way = way
        self.buttons[way].setChecked(True)
        for name, (_, _, pane) in self.ways.items():
            pane.setVisible(name == way)
        self.verticalScrollBar().setValue(0)

    def show_contact(self, contact: ContactView, number: SafetyNumber, own_code: str, live: Live, way: str) -> None:
        """Everything to compare with this delegation, beginning with one way."""
        who = isolate(f"{contact.code} {contact.name}")
        self.name.setText(self.tr("Compare with {who}").format(who=who))
        self.newer.setVisible(reason(contact) == "changed")
        self.eye.show_number(number)
        self.code.show_codes(isolate(contact.code))
        show_code(self.code.qr, own_code)
        self.live.show_live(isolate(contact.code), live)
        self._show(way)

    def _next(self) -> QFrame:
        made = QFrame(self)
        made.setObjectName("card")
        box = QVBoxLayout(made)
        box.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.l, theme.SPACE.m)
        box.setSpacing(theme.SPACE.xs)
        box.addWidget(heading(self.tr("If they differ"), made))
        for number, words in enumerate(after_differing()):
            place = Words(f"{number + 1}.", parent=made)
            place.setAlignment(Qt.AlignmentFlag.AlignTop)
            line = row(place, Words(words, parent=made))
            line.setStretch(1, 1)
            box.addLayout(line)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside(self.code.beside, self.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def after_differing() -> tuple[str, str, str]:
    """What to do when the numbers differ, in three lines."""

    return (
        translate("contacts", "Say that they differ: nothing more is sent to this delegation until you decide."),
        translate("contacts", "Compare once more by another way, best in person, and check that you both chose each other."),
        translate("contacts", "If they differ again, tell your security officer, and ask for a new card handed over in person."),
    )


def show_code(view: QrView, text: str) -> bool:
    """Show a QR code; hide the place and return False when the text is too long for one."""
    try:
        view.set_text(text)
    except ValueError:  # the encoder's overflow error is one
        view.set_text("")
        view.hide()
        return False
    view.setVisible(bool(text))
    return bool(text)
