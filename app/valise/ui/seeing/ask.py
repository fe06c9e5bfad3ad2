"""Dialogs of the silence procedure: open and extend, with a deadline; break, with a reason; close; decide."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from valise.domain.text.model import Silence, TextHead
from valise.ui.language import translate
from valise.ui.seeing import deadline
from valise.ui.seeing.said import brief
from valise.ui.seeing.strip import break_line
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.people import People
from valise.ui.texts.script import from_editor
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.labels import Words, named

HOURS = (24, 48, 72)
LONGEST = 2_000  # characters of a reason or a scope, as the record takes them
LEAST, MOST = deadline.HOUR, 366 * deadline.DAY  # ahead, as the record takes them


class DeadlineField(QWidget):
    """Presets counted from `base` (ms UTC) and a field with the exact time in UTC; says what clocks show then."""

    changed = Signal()

    def __init__(self, base: int, later_than: int, extends: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base, self._later = base, later_than
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        line = QHBoxLayout()
        self.presets: list[QRadioButton] = []
        group = QButtonGroup(self)
        for hours in HOURS:
            longer = translate("seeing", "%n hours longer", None, hours)
            words = longer if extends else translate("seeing", "%n hours", None, hours)
            made = named(QRadioButton(words, self), words)
            made.clicked.connect(lambda _on=False, hours=hours: self.choose(hours))
            group.addButton(made)
            self.presets.append(made)
            line.addWidget(made)
        line.addStretch(1)
        column.addLayout(line)
        self.exact = named(QLineEdit(self), self.tr("Exact deadline in UTC, for example 2026-12-10 18:00"))
        self.exact.setPlaceholderText("2026-12-10 18:00")
        column.addLayout(row(Words(self.tr("Exactly"), "strong", self), self.exact, Words("UTC", "muted", self), None))
        self.clocks = Words("", "muted", self)
        self.clocks.setMinimumHeight(40)
        column.addWidget(self.clocks)
        self.exact.textChanged.connect(self._say)
        self.exact.textEdited.connect(lambda _text: self._loosen(group))
        self.presets[1].setChecked(True)
        self.choose(HOURS[1])

    def _loosen(self, group: QButtonGroup) -> None:
        group.setExclusive(False)
        for made in self.presets:
            made.setChecked(False)
        group.setExclusive(True)

    def choose(self, hours: int) -> None:
        """Take a preset."""
        self.exact.setText(deadline.exact(deadline.full_minute(self._base + hours * deadline.HOUR)))

    def value(self) -> int:
        """ms UTC, 0 while it is no possible deadline."""
        at, now = deadline.parse(self.exact.text()), deadline.now()
        return at if now + LEAST <= at <= now + MOST and at > self._later else 0

    def _say(self) -> None:
        at = deadline.parse(self.exact.text())
        if self.value():
            left = deadline.remaining(at - deadline.now())
            said = self.tr("In {0}: {1}").format(left, " · ".join(deadline.clocks(at)))
        elif not at:
            said = self.tr("Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.")
        elif at <= self._later:
            said = self.tr("The new deadline has to be later than the one in force.")
        else:
            said = self.tr("The deadline has to lie between one hour and one year ahead.")
        self.clocks.setText(said)
        self.changed.emit()


class OpenSilence(Asking):
    """Put a revision under silence. `wanted(revision, deadline, scope)`."""

    wanted = Signal(str, object, str)

    def __init__(self, head: TextHead, revision: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Silence procedure"), self.tr("Open a silence procedure"))
        self.column.addWidget(Words(self.tr("Revision"), "strong", self))
        self.revision = named(QComboBox(self), self.tr("Revision to put under silence"))
        for one in reversed(head.revisions):
            self.revision.addItem(clean(shorten(one.symbol, 80), lines=False), one.id)
        self.revision.setCurrentIndex(max(0, self.revision.findData(revision)))
        self.column.addWidget(self.revision)
        self.column.addWidget(Words(self.tr("Deadline"), "strong", self))
        self.until = DeadlineField(deadline.now(), 0, False, self)
        self.column.addWidget(self.until)
        self.column.addWidget(Words(self.tr("What it covers (may stay empty: the whole revision)"), "strong", self))
        self.scope = named(QLineEdit(self), self.tr("What the silence covers"))
        self.scope.setMaxLength(LONGEST)
        self.scope.setPlaceholderText(self.tr("for example: OP 1 to OP 4"))
        self.column.addWidget(self.scope)
        self.means = self.say("", "")
        self.go = button(self.tr("Open the procedure"), self._go, kind="primary", parent=self)
        self.end(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self), self.go)
        self.until.changed.connect(self._say)
        self.revision.currentIndexChanged.connect(self._say)
        self._say()

    def _say(self) -> None:
        at = self.until.value()
        self.go.setEnabled(bool(at) and self.revision.count() > 0)
        self.means.setText(
            self.tr(
                "Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, "
                "by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself."
            ).format(isolate(self.revision.currentText()), deadline.clocks(at)[0])
            if at and self.revision.count() else ""
        )  # fmt: skip

    def _go(self) -> None:
        if self.until.value():
            self.wanted.emit(self.revision.currentData(), self.until.value(), from_editor(self.scope.text().strip()))
            self.accept()


class ExtendSilence(Asking):
    """A later deadline. `wanted(deadline)`."""

    wanted = Signal(object)

    def __init__(self, silence: Silence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Extend the deadline"))
        self.say(self.tr("In force on {0}: {1}").format(
            brief(silence.symbol, 60), " · ".join(deadline.clocks(silence.deadline))))  # fmt: skip
        self.until = DeadlineField(max(silence.deadline, deadline.now()), silence.deadline, True, self)
        self.column.addWidget(self.until)
        self.say(self.tr("Everybody is told. Who has broken the silence already need not do so again."))
        self.go = button(self.tr("Extend"), self._go, kind="primary", parent=self)
        self.end(button(self.tr("Cancel"), self.reject, kind="quiet", parent=self), self.go)
        self.until.changed.connect(lambda: self.go.setEnabled(bool(self.until.value())))
        self.until.presets[1].setFocus()
        self.go.setEnabled(bool(self.until.value()))

    def _go(self) -> None:
        if self.until.value():
            self.wanted.emit(self.until.value())
            self.accept()


class BreakSilence(Asking):
    """The reason, then once more: it cannot be taken back. `wanted(reason)`."""

    wanted = Signal(str)

    def __init__(self, silence: Silence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Break the silence"), self.tr("Break the silence on {0}").format(brief(silence.symbol, 60)))
        self.means = self.say(self.tr(
            "You say for your delegation that it does not agree. All delegations in the room read the reason."), "")  # fmt: skip
        self.reason = named(QPlainTextEdit(self), self.tr("Reason, read by all delegations"))
        self.reason.setTabChangesFocus(True)
        self.reason.setMinimumHeight(110)
        self.column.addWidget(self.reason)
        self.hint = self.say("", "small")
        self.once_more = self.say("", "warn")
        self.once_more.hide()
        self.cancel = button(self.tr("Keep silent"), self._back, kind="quiet", parent=self)
        self.go = button(self.tr("Continue…"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._sure = False
        self.reason.textChanged.connect(self._count)
        self._count()
        self.reason.setFocus()

    def words(self) -> str:
        """The reason as it will be sent."""
        return from_editor(self.reason.toPlainText()).strip()

    def _count(self) -> None:
        long = len(self.words())
        self.go.setEnabled(0 < long <= LONGEST)
        self.hint.setText(
            translate("seeing", "Too long by %n characters.", None, long - LONGEST) if long > LONGEST
            else self.tr("A sentence is enough. A reason is needed.") if not long else ""
        )  # fmt: skip

    def _go(self) -> None:
        if not 0 < len(self.words()) <= LONGEST:
            return
        if self._sure:
            self.wanted.emit(self.words())
            self.accept()
            return
        self._turn(True)

    def _turn(self, sure: bool) -> None:
        self._sure = sure
        self.reason.setReadOnly(sure)
        self.once_more.setText(self.tr("This cannot be taken back. The revision is then not agreed by silence."))
        self.once_more.setVisible(sure)
        for made, words in ((self.go, self.tr("Break the silence") if sure else self.tr("Continue…")),
                            (self.cancel, self.tr("Back") if sure else self.tr("Keep silent"))):  # fmt: skip
            made.setText(words)
            named(made, words)
        self.go.setProperty("kind", "danger" if sure else "primary")
        self.go.style().unpolish(self.go)
        self.go.style().polish(self.go)
        (self.cancel if sure else self.reason).setFocus()  # the harmless one is the near one

    def _back(self) -> None:
        if self._sure:
            self._turn(False)
        else:
            self.reject()


class CloseSilence(Asking):
    """The period is over, said by the pen. `wanted()`."""

    wanted = Signal()

    def __init__(self, silence: Silence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Close the procedure"), self.tr("Close the silence procedure"))
        symbol = brief(silence.symbol, 60)
        self.say(
            self.tr("{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.")
            .format(symbol) if silence.state == "broken"
            else self.tr("Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is "
                         "under way is known here.").format(symbol), "",
        )  # fmt: skip
        self.go = button(self.tr("Close the procedure"), self._go, kind="primary", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.end(self.cancel, self.go)
        self.cancel.setFocus()  # the harmless one

    def _go(self) -> None:
        self.wanted.emit()
        self.accept()


class SettleSilence(Asking):
    """A contested procedure: both outcomes explained, one to be chosen. `wanted("kept" | "broken")`."""

    wanted = Signal(str)

    def __init__(self, silence: Silence, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Decide the contested silence"), self.tr("Was the silence on {0} broken in time?").format(brief(silence.symbol, 60)))
        self.say(self.tr(
            "A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had "
            "closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it."), "")  # fmt: skip
        page = ScrollPage(self)
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(page, self.tr("Who broke the silence, and why"))
        page.box.setSpacing(6)
        inner = page.widget().layout()
        if inner is not None:
            inner.setContentsMargins(0, 2, 8, 2)
        for one in silence.breaks:
            page.box.addWidget(Words(break_line(one, people, LONGEST), "", self))
        page.box.addStretch(1)
        page.setMinimumHeight(110)
        self.column.addWidget(page, 1)
        self.group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        for value, name, means in (
            ("broken", self.tr("It was broken"), self.tr("The revision is not agreed. The talks on it go on.")),
            ("kept", self.tr("It was kept"), self.tr("The revision stands as agreed. The break is shown as late, without "
                                                     "effect; the delegation may well object.")),
        ):  # fmt: skip
            made = named(QRadioButton(name, self), name, means)
            self.group.addButton(made)
            self.choices[value] = made
            self.column.addWidget(made)
            note = Words(means, "muted", self)
            note.setContentsMargins(26, 0, 26, 4)
            self.column.addWidget(note)
            made.toggled.connect(lambda _on: self.go.setEnabled(True))
        self.go = button(self.tr("Decide"), self._go, kind="primary", parent=self)
        self.go.setEnabled(False)  # neither is proposed
        self.end(button(self.tr("Decide later"), self.reject, kind="quiet", parent=self), self.go)
        self.choices["broken"].setFocus()

    def _go(self) -> None:
        for value, made in self.choices.items():
            if made.isChecked():
                self.wanted.emit(value)
                self.accept()
                return
