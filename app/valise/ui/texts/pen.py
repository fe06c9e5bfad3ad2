"""The pen's bench and its two dialogs: freeze a revision, pass the pen."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from valise.domain.text.model import TextHead
from valise.ui import theme
from valise.ui.text_safe import clean, isolate
from valise.ui.texts.people import People
from valise.ui.texts.revisions import short_hash
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.badge import Pill, TrustBadge
from valise.ui.widgets.buttons import button
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import Words, heading, named

_REV = re.compile(r"(.*?/?Rev\.)(\d+)\Z")


def next_symbol(head: TextHead) -> str:
    """The symbol of the next revision: the last one counted on, or the text's own with "/Rev.1"."""
    last = head.revisions[-1].symbol if head.revisions else head.symbol
    match = _REV.match(last)
    if match:
        return f"{match[1]}{int(match[2]) + 1}"
    return f"{last}/Rev.{len(head.revisions) + 1}" if last else f"Rev.{len(head.revisions) + 1}"


class PenBench(QFrame):
    """A strip over the text that is there only while this computer holds the pen."""

    def __init__(self, actions: list[tuple[QAction, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("penBench")
        row = Flow(self, 2)
        row.setContentsMargins(14, 4, 10, 4)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._said = Pill(self.tr("You hold the pen"), "pen", "info", "info_soft", self)
        row.addWidget(self._said)
        for action, short in actions:
            action.setIconText(short)
            made = QToolButton(self)
            made.setDefaultAction(action)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setIconSize(QSize(15, 15))
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            named(made, action.text(), action.statusTip())
            row.addWidget(made)


class RevisionDialog(Dialog):
    """Freeze the text under a symbol. `wanted(symbol)`; `show_hash` after it was made."""

    wanted = Signal(str)

    def __init__(self, head: TextHead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New revision"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(heading(self.tr("Freeze the text as a revision"), self))
        column.addWidget(
            Words(
                self.tr(
                    "Every delegation computes the hash of this text for itself and tells the others "
                    "that it found the same."
                ),
                "muted",
                self,
            )
        )
        if head.open_proposals:
            column.addWidget(
                Words(
                    self.tr("Amendments still open: {0}. They stay in the text as brackets.").format(
                        head.open_proposals
                    ),
                    "warn",
                    self,
                )
            )
        column.addWidget(Words(self.tr("Symbol"), "strong", self))
        self.symbol = named(QLineEdit(next_symbol(head), self), self.tr("Symbol of the revision"))
        self.symbol.setMaxLength(200)
        column.addWidget(self.symbol)
        self._said = Words("", "good", self)
        self._hash = Words("", "", self)
        self._hash.setFont(theme.font(14, mono=True))
        self._hash.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.hide()
        self._hash.hide()
        column.addWidget(self._said)
        column.addWidget(self._hash)
        row = QHBoxLayout()
        row.addStretch(1)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.freeze = button(self.tr("Freeze"), self._freeze, kind="primary", parent=self)
        self.freeze.setDefault(True)
        row.addWidget(self.cancel)
        row.addWidget(self.freeze)
        column.addLayout(row)
        self.symbol.textChanged.connect(lambda text: self.freeze.setEnabled(bool(text.strip())))

    def _freeze(self) -> None:
        if self.symbol.text().strip():
            self.freeze.setEnabled(False)
            self.wanted.emit(self.symbol.text().strip())

    def again(self) -> None:
        """It could not be made: let the person try again."""
        self.freeze.setEnabled(True)

    def show_hash(self, symbol: str, text_hash: str) -> None:
        """The hash to read aloud."""
        self._said.setText(self.tr("{0} is frozen. Its hash begins:").format(isolate(symbol)))
        self._hash.setText(short_hash(text_hash))
        self._said.show()
        self._hash.show()
        self.symbol.setReadOnly(True)
        self.freeze.hide()
        self.cancel.setText(self.tr("Close"))
        named(self.cancel, self.tr("Close"))
        self.cancel.setFocus()


class PassPenDialog(Dialog):
    """Choose who holds the pen next, and confirm it. `wanted(delegation)`."""

    wanted = Signal(str)

    def __init__(self, members: list[str], people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self.setWindowTitle(self.tr("Pass the pen"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(heading(self.tr("Pass the pen to another delegation"), self))
        line = QHBoxLayout()
        self.to = named(QComboBox(self), self.tr("Delegation that will hold the pen"))
        self.to.addItem(self.tr("Choose a delegation…"), "")
        for key in members:
            self.to.addItem(clean(f"{people.code(key)} {people.name(key)}", lines=False), key)
        line.addWidget(self.to, 1)
        self._trust = TrustBadge("unknown", self)
        line.addWidget(self._trust)
        column.addLayout(line)
        self._means = Words("", "muted", self)
        self._means.setMinimumHeight(56)
        self._means.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self._means)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("Keep the pen"), self.reject, kind="quiet", parent=self))
        self.give = button(self.tr("Pass the pen"), self._give, kind="danger", parent=self)
        row.addWidget(self.give)
        column.addLayout(row)
        self.to.currentIndexChanged.connect(self._say)
        self._say()

    def _say(self) -> None:
        key = self.to.currentData()
        self.give.setEnabled(bool(key))
        self._trust.setVisible(bool(key))
        if not key:
            self._means.setText(self.tr("Only the pen changes the text; everybody else proposes."))
            return
        changed = self._people.changed(key)
        self._trust.set_trust("changed" if changed else self._people.trust(key))
        name = isolate(self._people.name(key))
        words = self.tr(
            "From then on only {0} changes the text. You can propose like everybody else, and only {0} can "
            "give the pen back."
        ).format(name)
        if changed or self._people.trust(key) in ("received only", "unknown"):
            words += " " + self.tr("You have not verified {0}: compare the safety words first.").format(name)
        self._means.setText(words)

    def _give(self) -> None:
        if self.to.currentData():
            self.wanted.emit(self.to.currentData())
            self.accept()
