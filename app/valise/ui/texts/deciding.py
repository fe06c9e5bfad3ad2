"""How a frozen text goes on: what cannot both stand, side by side, who has said what, and our own voice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from valise.desk.frozen import Frozen
from valise.domain.errors import ValiseError
from valise.domain.text.frozen import Doubled, Side
from valise.ui import theme
from valise.ui.language import listed, translate
from valise.ui.text_safe import clean, isolate, shorten, unmarked
from valise.ui.texts import terms
from valise.ui.texts.people import People
from valise.ui.texts.script import from_editor
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import moment

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen

SHOWN = 12  # paragraphs of one side
LONGEST = 2_000  # characters of a reason, as the record takes it


class DecideDialog(Asking):
    """Shows a `Frozen`; `stands` and `recover` carry out what a button says."""

    def __init__(
        self, people: People, stands: Callable[[str, str], object], recover: Callable[[str, str], object],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._people, self._stands, self._recover = people, stands, recover
        self.begin(self.tr("How this text goes on"))
        self.resize(720, 680)
        self.said = self.say("", "")
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self.page = ScrollPage(self)
        self.page.widget().layout().setContentsMargins(0, theme.SPACE.s, 0, theme.SPACE.s)  # the dialog has its own
        self.column.addWidget(self.page, 1)
        self.reason = named(QLineEdit(self), self.tr("Reason, which everybody in the room reads"))
        self.reason.setPlaceholderText(self.tr("Reason, which everybody in the room reads"))
        self.reason.setMaxLength(LONGEST)
        self.column.addWidget(self.reason)
        self.holders = named(QComboBox(self), self.tr("Delegation that holds the pen from here on"))
        self.give = button(self.tr("Give it the pen"), self._give, parent=self)
        self.column.addLayout(row(Words(self.tr("Or the pen goes to"), "strong", self), self.holders, self.give, None))
        self.votes = self.say("")
        self.end(button(self.tr("Close"), self.reject, parent=self))

    def show_frozen(self, now: Frozen, frozen: bool) -> None:
        """What there is to decide, and who has said what."""
        why = terms.frozen(now.code) if now.code else self.tr("This text is not frozen.")
        if now.doubled and not now.code:
            why = self.tr("A computer of a delegation has signed two different histories.")
        quorum = translate(
            "texts",
            "{0} of %n delegations decide; no clock does. What you say here is signed and stays.",
            None,
            len(now.roster),
        )
        self.said.setText(why + " " + quorum.format(now.quorum))
        inner = QWidget()
        inner.setObjectName("scrolled")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        for n, side in enumerate(now.sides, 1):
            box.addWidget(self._side(side, self.tr("Continuation {0}").format(n), now.quorum, ""))
        for one in now.doubled:
            box.addWidget(Words(self._whose(one), "strong", inner))
            for n, side in enumerate(one.sides, 1):
                box.addWidget(self._side(side, self.tr("History {0}").format(n), now.quorum, one.delegation))
        box.addStretch(1)
        while self.page.box.count():
            old = self.page.box.takeAt(0)
            if old is not None and old.widget() is not None:
                old.widget().deleteLater()
        self.page.box.addWidget(inner)
        chosen = self.holders.currentData()
        self.holders.clear()
        for key in now.roster:
            self.holders.addItem(clean(self._people.name(key), lines=False), key)
        self.holders.setCurrentIndex(max(0, self.holders.findData(chosen)))
        lines = [
            self.tr("The pen to {0}: said by {1}, {2} are needed.").format(
                isolate(self._people.name(one.delegation)), self._codes(one.voices), now.quorum
            )
            for one in now.recoveries if one.voices
        ]  # fmt: skip
        self.votes.setText("\n".join(lines))
        self.votes.setVisible(bool(lines))

    def _whose(self, one: Doubled) -> str:
        return self.tr("A laptop of {0} has two histories; its own delegation may say alone which one stands.").format(
            isolate(self._people.name(one.delegation))
        )

    def _side(self, side: Side, name: str, quorum: int, owner: str) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("proposal")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        when = f"{isolate(self._people.name(side.delegation))} · {moment(side.at)}"
        column.addWidget(Words(f"{name} · {when}", "strong", frame))
        for label, words in side.wrote[:SHOWN]:
            column.addWidget(SafeLabel(label, "small", frame))
            if words:
                column.addWidget(SafeLabel(unmarked(shorten(words, 300)), "", frame))
        if len(side.wrote) > SHOWN:
            column.addWidget(Words(translate("texts", "… and %n more paragraphs", None, len(side.wrote) - SHOWN), "small", frame))
        if not side.wrote:
            column.addWidget(Words(self.tr("It changes no words."), "small", frame))
        said = self.tr("Said by {0}, {1} are needed.") if side.voices else self.tr("Said by nobody yet, {1} are needed.")
        column.addWidget(Words(said.format(self._codes(side.voices), quorum), "small", frame))
        act = button(self.tr("This one stands"), lambda: self._stands(side.id, self._why()), parent=frame)
        named(act, self.tr("{0} stands").format(name))
        act.setEnabled(self._people.own not in side.voices)
        column.addLayout(row(act, None))
        return frame

    def _codes(self, delegations: tuple[str, ...]) -> str:
        return listed(isolate(self._people.code(one)) for one in delegations)

    def _why(self) -> str:
        return from_editor(self.reason.text()).strip()

    def _give(self) -> None:
        self._recover(self.holders.currentData(), self._why())


class Deciding(QObject):
    """Opens the dialog for the text that is shown and keeps it as things stand."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: DecideDialog | None = None

    def open(self) -> None:
        """Ask for our voice (Ctrl+Shift+D)."""
        screen = self._screen
        if screen.head is None:
            return
        text = screen.head.id
        frozen = screen.door.frozen
        dialog = DecideDialog(
            screen.people,
            lambda operation, reason: self._say(lambda: frozen.stands(text, operation, reason)),
            lambda delegation, reason: self._say(lambda: frozen.recover(text, delegation, reason)),
            screen,
        )
        self.dialog = dialog
        dialog.finished.connect(lambda _code: self._gone())
        self.changed()
        dialog.open()

    def changed(self) -> None:
        """The text moved on: show what there is to decide now."""
        if self.dialog is None or self._screen.head is None:
            return
        try:
            now = self._screen.door.frozen.look(self._screen.head.id)
        except ValiseError as error:
            self.dialog.bar.show_error(error)
            return
        self.dialog.show_frozen(now, bool(now.code))

    def _gone(self) -> None:
        self.dialog = None

    def _say(self, call: Callable[[], Any]) -> None:
        dialog = self.dialog
        if dialog is None:
            return

        def said(_none: Any) -> None:
            self._screen.bar.say(self.tr("Your delegation has said so; it leaves with the next exchange."), tone="good")
            self.changed()

        self._screen.runner.run(call, said, dialog.bar.show_error, owner=dialog)
