"""Practice: five tasks with fictional delegations. Each is done when the vault shows that it was; the record can be printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes, SafetyNumber
from valise.domain.training import Done, Task
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.files import pick_place
from valise.ui.widgets.labels import Words, divider, heading, muted, named, title
from valise.ui.widgets.times import moment

_ = QT_TRANSLATE_NOOP
TASKS: dict[Task, tuple[str, str, str, str]] = {  # what, how, word of its button, screen
    "verify": (
        _("practice", "Compare the safety number with Borovia"),
        _("practice", "Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here "
                      "they stand below, as Borovia's own laptop shows them. Say that they match only when every one does."),
        _("practice", "To Borovia"), "contacts",
    ),
    "amend": (
        _("practice", "Propose an amendment"),
        _("practice", "Open the text of the practice group, choose a paragraph that is still open, change some words and propose them."),
        _("practice", "To the texts"), "texts",
    ),
    "acknowledge": (
        _("practice", "Acknowledge a message"),
        _("practice", "Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it."),
        _("practice", "To the messages"), "messages",
    ),
    "ping": (
        _("practice", "Answer a ping"),
        _("practice", "Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer."),
        _("practice", "To the contacts"), "contacts",
    ),
    "incident": (
        _("practice", "Report an incident, as an exercise"),
        _("practice", "Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia."),
        _("practice", "To the incidents"), "incidents",
    ),
}  # fmt: skip


class TaskRow(QWidget):
    """One task: its sign, what and how, since when it is done, and the button that leads there."""

    def __init__(self, number: int, task: Task, go: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.what, how, act, _screen = TASKS[task]
        self.sign = QLabel(self)
        self.state = Words("", "small", self)
        self.act = button(translate("practice", act), go, parent=self)
        named(self.act, f"{translate('practice', self.what)}: {translate('practice', act)}")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Words(f"{number}.  {translate('practice', self.what)}", "strong", self))
        words.addWidget(muted(translate("practice", how), self))
        words.addWidget(self.state)
        line = row(self.sign, words, self.act, spacing=theme.SPACE.m)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.show_done(Done(task))

    def show_done(self, done: Done) -> None:
        """Since when it is done, in words and by a sign."""
        icons.bind(self.sign, "check-circle" if done.at else "circle", "good" if done.at else "outline", 24)
        said = translate("practice", "Done {when}.").format(when=moment(done.at)) if done.at else translate("practice", "Not done yet.")
        self.state.setRole("good" if done.at else "small")
        self.state.setText(said)
        named(self, translate("practice", self.what), said)


class PracticePage(ScrollPage):
    """The third page of the overview, in a vault for practice only."""

    go = Signal(str, str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=860)
        self.door = door
        self.runner = runner
        self.done: tuple[Done, ...] = ()
        self.partner = ""
        self.box.addWidget(title(self.tr("Practice with fictional delegations"), self))
        self.box.addWidget(
            muted(self.tr("Nothing here is real and nothing leaves this vault's folder. Keys, signatures and envelopes are the same as "
                          "in your own vault."), self)
        )  # fmt: skip
        self.card = Card(self)
        self.rows: dict[Task, TaskRow] = {}
        for number, task in enumerate(TASKS, 1):
            if number > 1:
                self.card.box.addWidget(divider(self.card))
            self.rows[task] = TaskRow(number, task, partial(self._lead, task), self.card)
            self.card.box.addWidget(self.rows[task])
        self.box.addWidget(self.card)
        self.screen_card = Card(self)
        self.screen_card.box.addWidget(heading(self.tr("What Borovia's laptop shows for your delegation"), self.screen_card))
        self.words = Words("", "", self.screen_card)
        self.digits = Words("", "muted", self.screen_card)
        self.screen_card.box.addWidget(self.words)
        self.screen_card.box.addWidget(self.digits)
        self.box.addWidget(self.screen_card)
        self.count = Words("", "strong", self)
        self.print = button(self.tr("Save the record…"), self.save, icon="print", parent=self)
        self.box.addLayout(row(self.count, None, self.print))
        self.saved = Words("", "muted", self)
        self.box.addWidget(self.saved)
        self.box.addStretch(1)
        self.load()

    def load(self) -> None:
        """Ask what was done, and what stands on Borovia's screen."""
        door = self.door
        self.runner.run(lambda: (door.training.tasks(), door.training.partner()), self._came, self.failed.emit, owner=self)

    def refresh(self, changes: Changes) -> None:
        """Whatever happened in the vault may be a task done."""
        if changes != Changes():
            self.load()

    def focus_first(self) -> None:
        """The first task that is open."""
        first = next((one.task for one in self.done if not one.at), None)
        (self.rows[first].act if first else self.print).setFocus()

    def panes(self) -> list[QWidget]:
        """What F6 cycles through."""
        return [self.card, self.print]

    def save(self) -> None:
        """Ask where to, then print the record."""
        self.dialog: QWidget = pick_place(self, self.tr("Save the record"), "practice-record.pdf", self.write)

    def write(self, place: Path) -> None:
        """The record of now, at that place."""
        door, head = self.door, self.tr("Record of practice")
        lines = tuple(
            (
                translate("practice", TASKS[one.task][0]),
                moment(one.at, 0) if one.at else translate("practice", "Not done yet."),
            )
            for one in self.done
        )
        self.print.setEnabled(False)

        def ended(error: object = None) -> None:
            self.print.setEnabled(True)
            if error is not None:
                self.failed.emit(error)
            else:
                self.saved.setText(self.tr("Saved as {file}.").format(file=isolate(place.name)))

        self.runner.run(lambda: door.training.record(place, head, lines), lambda _none: ended(), ended, owner=self)

    def _came(self, found: tuple[tuple[Done, ...], tuple[str, SafetyNumber]]) -> None:
        self.done, (self.partner, number) = found
        for one in self.done:
            self.rows[one.task].show_done(one)
        done = sum(bool(one.at) for one in self.done)
        self.count.setText(translate("practice", "{0} of %n tasks done", None, len(self.done)).format(done))
        self.screen_card.setVisible(bool(self.partner))
        self.words.setText("  ".join(number.words))
        self.digits.setText("  ".join(number.digits))

    def _lead(self, task: Task) -> None:
        self.go.emit(TASKS[task][3], {"verify": self.partner, "ping": "ask:"}.get(task, ""))
