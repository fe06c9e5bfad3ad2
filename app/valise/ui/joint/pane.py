"""One statement: its words or its text, the hash, who has signed on, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from valise.desk.views import JointRow
from valise.ui import icons, theme
from valise.ui.joint import said
from valise.ui.joint.signers import SignersList
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate, shorten
from valise.ui.texts.people import People
from valise.ui.texts.script import direction, shown
from valise.ui.widgets.buttons import Card, icon_button
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.times import moment

NARROW = 680  # pixels; below them words and names stand above each other
TITLE = 300


def turn(editor: QPlainTextEdit, way: Qt.LayoutDirection) -> None:
    """Plain words begin at the side where their language begins, whatever the language of the window."""
    option = QTextOption(editor.document().defaultTextOption())
    right = way == Qt.LayoutDirection.RightToLeft
    side = (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignAbsolute
    if option.textDirection() != way or option.alignment() != side:
        option.setTextDirection(way)
        option.setAlignment(side)
        editor.document().setDefaultTextOption(option)


class SignedWords(QPlainTextEdit):
    """Words to be read and selected, plain, in the direction of their language."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jointWords")
        self.setReadOnly(True)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(theme.font(15))
        named(self, name)

    def show_words(self, words: str, language: str) -> None:
        """Show outside words; overrides and control codes are made visible."""
        turn(self, direction(words, language))
        clear = "\n".join(shown(line) for line in words.split("\n"))
        if clear != self.toPlainText():
            self.setPlainText(clear)


class HashBox(QWidget):
    """A hash in groups, with a button that copies it whole. `copy()`."""

    copy = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self.digits = Words("", "mono", self)
        self.digits.setFont(theme.font(13, mono=True))
        self.digits.setWordWrap(False)
        line.addWidget(self.digits)
        line.addWidget(icon_button("copy", self.tr("Copy the hash"), self.copy.emit, parent=self))
        line.addStretch(1)

    def show_hash(self, digits: str) -> None:
        """Show hexadecimal digits."""
        self.digits.setText(said.grouped(digits))
        named(self.digits, self.tr("Hash that is signed: {0}").format(self.digits.plain().replace("\n", " ")))


class StatementPane(QWidget):
    """`admit(delegation)` when a late one is chosen in the list; `copy_hash()`. `actions`: what can be done, most
    important first; only those allowed are offered."""

    admit = Signal(str)
    copy_hash = Signal()

    def __init__(self, people: People, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self.row: JointRow | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(theme.SPACE.s)
        self.title = SafeLabel("", "heading", self)
        self.facts = Words("", "muted", self)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(self._strip())
        column.addWidget(self._acts(actions))
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setObjectName("jointSplit")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(14)
        self.split.addWidget(self._left())
        self.split.addWidget(self._right())
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes([480, 340])
        column.addWidget(self.split, 1)

    def _strip(self) -> QFrame:
        strip = self.strip = QFrame(self)
        self.strip.setObjectName("jointStrip")
        line = QHBoxLayout(self.strip)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(10)
        self._mark = QLabel(strip)
        self._mark.setFixedSize(20, 20)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.what = Words("", "strong", self.strip)
        self.more = Words("", "", self.strip)
        words.addWidget(self.what)
        words.addWidget(self.more)
        line.addLayout(words, 1)
        return self.strip

    def _acts(self, actions: Sequence[QAction]) -> QWidget:
        holder = QWidget(self)
        holder.setObjectName("jointActs")
        flow = Flow(holder, 6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self.buttons: list[QToolButton] = []
        for action in actions:
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setIconText(f"{action.text()} ({key})" if key else action.text())  # what its button shows
            made = QToolButton(holder)
            made.setDefaultAction(action)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setIconSize(QSize(15, 15))
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            named(made, action.text(), action.statusTip())
            flow.addWidget(made)
            self.buttons.append(made)
        return holder

    def _left(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(1, 0, 1, 0)  # mirrored, the splitter cuts off a pixel
        column.setSpacing(6)
        self.caption = Words("", "strong", part)
        column.addWidget(self.caption)
        self.words = SignedWords(self.tr("The words that are signed"), part)
        self.text = Card(part)
        self.symbol = SafeLabel("", "heading", self.text)
        self.about = Words("", "", self.text)
        self.text.box.addWidget(self.symbol)
        self.text.box.addWidget(self.about)
        self.text.box.addStretch(1)
        self.body = QStackedWidget(part)
        self.body.addWidget(self.words)
        self.body.addWidget(self.text)
        column.addWidget(self.body, 1)
        self.hash = HashBox(part)
        self.hash.copy.connect(self.copy_hash)
        column.addWidget(Words(self.tr("The hash that everybody signs"), "strong", part))
        column.addWidget(self.hash)
        column.addWidget(Words(self.tr("SHA-256 of the saved file, as sha256sum computes it."), "small", part))
        part.setMinimumWidth(330)
        return part

    def _right(self) -> QWidget:
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(1, 0, 1, 0)  # mirrored, the splitter cuts off a pixel
        column.setSpacing(6)
        self.signed = Words("", "strong", part)
        column.addWidget(self.signed)
        self.signers = SignersList(self._people, part)
        self.signers.wanted.connect(self.admit)
        self.nobody = Words("", "muted", part)
        self.nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.who = QStackedWidget(part)
        self.who.addWidget(self.signers)
        self.who.addWidget(self.nobody)
        column.addWidget(self.who, 1)
        part.setMinimumWidth(270)
        return part

    def show_row(self, row: JointRow, room: str, symbol: str, here: str, forbidden: str) -> None:
        """Show a statement. `room`: its name; `symbol`, `here`: of a list of co-sponsors, the revision and what is
        known of the text; `forbidden`: what this laptop may not do for lack of a right, or ""."""
        self.row = row
        self.title.setText(shorten(row.title, TITLE))
        parts = [said.purpose(row), *([isolate(room)] if room else [])]
        opened = self.tr("opened by {0}, {1}").format(
            said.delegation(self._people, row.opener), isolate(moment(row.at, deadline.now()))
        )
        self.facts.setText(" · ".join([*parts, opened]))
        icon, tone, what, more = said.explained(row, self._people)
        icons.bind(self._mark, icon, tone, 20)
        if self.strip.property("tone") != tone:
            self.strip.setProperty("tone", tone)
            self.strip.style().unpolish(self.strip)
            self.strip.style().polish(self.strip)
        self.what.setText(what)
        self.more.setText(f"{more} {forbidden}".strip())
        joint = said.joint(row)
        self.caption.setText(self.tr("The words") if joint else self.tr("The revision"))
        if joint:
            self.words.show_words(row.words, row.language)
        else:
            self.symbol.setText(shorten(symbol, 120))
            self.about.setText(here)
        self.body.setCurrentWidget(self.words if joint else self.text)
        self.hash.show_hash(row.hash)
        self.signers.show_row(row)
        self.signed.setText(self.tr("Signed on: {0}").format(said.count(row)) if row.signs else self.tr("Signed on"))
        self.nobody.setText(self.tr("Nobody has signed on yet."))
        self.who.setCurrentWidget(self.signers if row.signs else self.nobody)

    def offer(self) -> None:
        """Only what can be done now is offered; the first of it stands out."""
        first = True
        for made in self.buttons:
            on = made.defaultAction().isEnabled()
            made.setVisible(on)
            if on and made.property("first") != first:
                made.setProperty("first", first)
                made.style().unpolish(made)
                made.style().polish(made)
            first = first and not on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        self.split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
