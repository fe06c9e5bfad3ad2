"""Recording what an officer found out by telephone or letter; the times are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QPlainTextEdit, QWidget

from valise.desk.door_pings import RoundRow
from valise.domain.ping.kinds import CHANNELS, NOTED, WORDS
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import press_with
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named


class Recording(Asking):
    """`told()` once it was accepted. It opens at once."""

    def __init__(self, parent: QWidget, one: RoundRow, opened_at: int) -> None:
        super().__init__(parent, width=480)
        self.setModal(True)
        who = isolate(f"{one.state} {one.state_name}, {one.label}")
        self.begin(self.tr("Record an outcome"), self.tr("What came of asking {who}?").format(who=who))
        self.say(self.tr("It stands in the record as your word, told apart from an answer they signed."))
        self.outcome = self._choice(self.tr("Outcome"), [(name, said.noted(name)) for name in NOTED])
        self.channel = self._choice(self.tr("By which way"), [(name, said.channels(name)) for name in CHANNELS])
        now = int(datetime.now(UTC).timestamp() * 1000)
        self.asked_at = self._moment(self.tr("Asked at (UTC)"), one.asked_at or opened_at, now)
        self.at = self._moment(self.tr("Answered or found out at (UTC)"), now, now)
        self.say(self.tr("Note"), "")
        self.words = named(QPlainTextEdit(self), self.tr("Note"))
        self.words.setTabChangesFocus(True)
        self.words.setMaximumHeight(90)
        self.column.addWidget(self.words)
        self.wrong = Words("", "error", self)
        self.column.addWidget(self.wrong)
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.keep = button(self.tr("Record it"), self._keep, kind="primary", parent=self)
        self.end(self.leave, self.keep)
        press_with(self, self.keep)
        self.outcome.setFocus()
        self.open()

    def _choice(self, name: str, values: list[tuple[str, str]]) -> QComboBox:
        self.say(name, "")
        made = named(QComboBox(self), name)
        for value, words in values:
            made.addItem(words, value)
        self.column.addWidget(made)
        return made

    def _moment(self, name: str, at: int, latest: int) -> QDateTimeEdit:
        self.say(name, "")
        made = named(QDateTimeEdit(self), name)
        made.setTimeZone(QTimeZone(QTimeZone.Initialization.UTC))
        made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # first: Qt turns the format round with the window
        made.setDisplayFormat("yyyy-MM-dd HH:mm")
        made.setMinimumHeight(34)
        made.setMaximumDateTime(QDateTime.fromMSecsSinceEpoch(latest, QTimeZone(QTimeZone.Initialization.UTC)))
        made.setDateTime(QDateTime.fromMSecsSinceEpoch(at, QTimeZone(QTimeZone.Initialization.UTC)))
        self.column.addWidget(made)
        return made

    def _keep(self) -> None:
        told = self.told()
        if told["asked_at"] > told["at"]:
            self.wrong.setText(self.tr("It cannot answer before it was asked."))
            self.fit()
        elif len(told["words"]) > WORDS:
            self.wrong.setText(self.tr("The note is longer than 2,000 characters."))
            self.fit()
        else:
            self.accept()

    def told(self) -> dict[str, Any]:
        """What `Pings.record` is given."""
        return {
            "outcome": self.outcome.currentData(), "channel": self.channel.currentData(), "asked_at": _ms(self.asked_at),
            "at": _ms(self.at), "words": self.words.toPlainText().strip(),
        }  # fmt: skip


def _ms(field: QDateTimeEdit) -> int:
    return field.dateTime().toMSecsSinceEpoch()
