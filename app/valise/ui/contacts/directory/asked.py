"""What other delegations ask of us: is this entry of yours right? A person answers, and the answer is signed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_pings import Question
from valise.domain.ping.kinds import WORDS
from valise.ui import theme
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import DirectoryView, press_with
from valise.ui.contacts.directory.wording import Wording
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.language import colon, translate
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.badge import MarkingLabel
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import SafeLabel, Words, named, small
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.times import moment


class AskedView(DirectoryView):
    """Questions to us, newest first. `count(n)`: those nobody has answered."""

    count = Signal(int)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.page = ScrollPage(self, width=760)
        self.column.addWidget(self.progress)
        self.column.addWidget(self.page, 1)
        self.cards: dict[str, QuestionCard] = {}
        self._lead = Words(self.tr(
            "Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact."
            " The answer is signed and goes to the delegation that asks, to nobody else."), "muted", self)  # fmt: skip
        self.page.box.addWidget(self._lead)
        self.holder = QWidget(self.page)
        self._held = QVBoxLayout(self.holder)
        self._held.setContentsMargins(0, 0, 0, 0)
        self._held.setSpacing(theme.SPACE.l)
        self.page.box.addWidget(self.holder)
        self.page.box.addStretch(1)

    def read(self) -> None:
        self.ask(self.door.pings.questions, self.show_questions)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """A card for each. The keyboard stays among them."""
        here = QApplication.focusWidget()
        stayed = here is not None and self.holder.isAncestorOf(here)
        words = Wording()
        clear(self._held)
        self.cards = {}
        self._lead.setVisible(bool(questions))
        for one in questions:
            card = QuestionCard(one, words, self.holder)
            card.answered.connect(self.answer)
            self.cards[one.id] = card
            self._held.addWidget(card)
        if not questions:
            self._held.addWidget(EmptyState("reply", self.tr("Nobody asks"), self.tr(
                "When another delegation tests how it reaches you, its question stands here."), parent=self.holder))  # fmt: skip
        self.count.emit(sum(not one.says for one in questions))
        if stayed:
            self.first().setFocus()

    def answer(self, question: str, says: str, changes: object, words: str) -> None:
        """Sign an answer."""
        pings = self.door.pings
        told = dict(changes) if isinstance(changes, dict) else {}
        self.do(lambda: pings.answer(question, says, changes=told, words=words),
                lambda _done: (self.said.emit(self.tr("Answered. It leaves with the next exchange.")), self.read()))  # fmt: skip

    def open_question(self, question: str) -> None:
        """Put the keyboard on one."""
        card = self.cards.get(question)
        if card is not None:
            self.page.ensureWidgetVisible(card)
            card.confirm.setFocus()

    def first(self) -> QWidget:
        waiting = next((one for one in self.cards.values() if not one.question.says), None)
        return waiting.confirm if waiting is not None else self.page


class QuestionCard(Card):
    """`answered(question, says, changes, words)`."""

    answered = Signal(str, str, object, str)

    def __init__(self, one: Question, words: Wording, parent: QWidget) -> None:
        super().__init__(parent)
        self.question, self.words = one, words
        who = isolate(f"{one.code} {one.name}")
        self.exercise = ExerciseBanner(self)
        self.box.addWidget(self.exercise)
        self.exercise.show_exercise(one.exercise)
        head = row(Words(self.tr("{who} asks: is this entry right?").format(who=who), "heading", self), MarkingLabel(one.marking, self))
        head.setStretch(0, 1)
        self.box.addLayout(head)
        self.box.addWidget(SafeLabel(one.title, "strong", self))
        due = self.tr("asked {when}, answer by {due}").format(when=isolate(moment(one.at)), due=isolate(moment(one.due)))
        self.box.addWidget(small(f"{isolate(one.forum)} · {due}" if one.forum else due, self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.l)
        grid.setVerticalSpacing(theme.SPACE.xs)
        grid.setColumnStretch(1, 1)
        for line, (name, values) in enumerate(one.entry):
            grid.addWidget(Words(said.field(name), "muted", self), line, 0, Qt.AlignmentFlag.AlignTop)
            shown = SafeLabel(words.shown(name, values), "", self)
            grid.addWidget(named(shown, f"{said.field(name)}: {shown.plain()}"), line, 1)
        self.box.addLayout(grid)
        self.state = Words("", "muted", self)
        self.box.addWidget(self.state)
        told = {
            "confirmed": self.tr("You confirmed it"), "changed": self.tr("You said that it has changed"),
            "wrong contact": self.tr("You said that it is the wrong contact"), "": "",
        }[one.says]  # fmt: skip
        if told:
            told = self.tr("{told}: {officer}, {when}").format(told=told, officer=isolate(one.said_by), when=isolate(moment(one.said_at)))
        self.state.setText(told)
        self.state.setVisible(bool(told))
        self.told = Words("", "", self)  # what went with the answer: nothing else on this laptop says so
        self.box.addWidget(self.told)
        lines = [f"{said.field(name)}{colon()}{isolate(words.shown(name, values)) if values else '–'}" for name, values in one.changes.items()]
        lines += [f"{translate('Changed', 'Note')}{colon()}{isolate(one.words)}"] if one.words else []
        self.told.setText("\n".join(lines))
        self.told.setVisible(bool(lines))
        kind = "" if one.says else "primary"
        self.confirm = button(self.tr("The entry is right"), lambda: self._say("confirmed"), kind=kind, icon="check", parent=self)
        self.change = button(self.tr("It has changed…"), self.ask_change, icon="edit", parent=self)
        self.wrong = button(self.tr("Wrong contact…"), self.ask_wrong, parent=self)
        for part in (self.confirm, self.change, self.wrong):
            named(part, f"{part.text()} {who}: {clean(one.title, lines=False)}")
        self.box.addLayout(row(self.confirm, self.change, self.wrong, None))

    def _say(self, says: str, changes: dict[str, list[str]] | None = None, words: str = "") -> None:
        self.answered.emit(self.question.id, says, changes or {}, words)

    def ask_change(self) -> None:
        """Which fields are otherwise now."""
        dialog = Changed(self, self.question, self.words)
        dialog.accepted.connect(lambda: self._say("changed", dialog.changes(), dialog.words.text().strip()))

    def ask_wrong(self) -> None:
        """Say who would be the right one, or nothing."""
        dialog = Changed(self, self.question, self.words, fields=False)
        dialog.accepted.connect(lambda: self._say("wrong contact", {}, dialog.words.text().strip()))


class Changed(Asking):
    """What a person gives beside an answer; many fields scroll. It opens at once."""

    def __init__(self, parent: QWidget, one: Question, words: Wording, *, fields: bool = True) -> None:
        super().__init__(parent, width=600)
        self.setModal(True)
        self._wording = words
        banner = ExerciseBanner(self)
        self.column.addWidget(banner)
        banner.show_exercise(one.exercise)
        who = isolate(f"{one.code} {one.name}")
        if fields:
            self.begin(self.tr("It has changed"), self.tr("What should {who} write into its entry?").format(who=who))
        else:
            self.begin(self.tr("Wrong contact"), self.tr("Tell {who} that this is the wrong contact").format(who=who))
        self.say(self.tr("Only what differs is sent. Several values stand between semicolons.") if fields
                 else self.tr("You may say whom to ask instead."))  # fmt: skip
        self._fields: dict[str, tuple[QLineEdit | QComboBox, str]] = {}
        if fields:
            self.page = ScrollPage(self, width=600)
            self.column.addWidget(self.page, 1)
            grid = QGridLayout()
            grid.setColumnStretch(1, 1)
            for line, (name, values) in enumerate(one.entry):
                shown = clean(words.shown(name, values), lines=False)
                box = self._box(name, shown, values)
                grid.addWidget(Words(said.field(name), "", self.page), line, 0)
                grid.addWidget(box, line, 1)
                self._fields[name] = (box, shown)
            self.page.box.addLayout(grid)
            self.page.box.addStretch(1)
            self.resize(640, 600)
        self.say(self.tr("Note (optional)"), "")
        self.words = named(QLineEdit(self), self.tr("Note"))
        self.words.setMaxLength(WORDS)
        self.column.addWidget(self.words)
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.send = button(self.tr("Sign and answer"), self.accept, kind="primary", parent=self)
        self.end(self.leave, self.send)
        press_with(self, self.send)
        self._offer()
        (next(iter(self._fields.values()))[0] if self._fields else self.words).setFocus()
        self.open()

    def _box(self, name: str, shown: str, values: Sequence[str]) -> QLineEdit | QComboBox:
        """Where a field is changed: among what it can hold, where that is known."""
        choices = self._wording.choices(name)
        if choices and len(values) == 1 and values[0] in choices:
            pick = named(QComboBox(self.page), said.field(name))
            for one in choices:
                pick.addItem(self._wording.one(name, one), one)
            pick.setCurrentIndex(pick.findData(values[0]))
            pick.currentIndexChanged.connect(lambda _place: self._offer())
            return pick
        line = named(QLineEdit(shown, self.page), said.field(name))
        line.setMaxLength(2_000)
        line.textChanged.connect(lambda _text: self._offer())
        return line

    def changes(self) -> dict[str, list[str]]:
        """Fields that are otherwise."""
        made = {}
        for name, (box, before) in self._fields.items():
            text = box.currentText() if isinstance(box, QComboBox) else box.text().strip()
            if text != before:
                made[name] = [str(box.currentData())] if isinstance(box, QComboBox) else self._wording.told(name, text)
        return made

    def _offer(self) -> None:
        self.send.setEnabled(not self._fields or bool(self.changes()))
