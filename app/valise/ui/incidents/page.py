"""The page of one incident. The banner of an exercise stands above what scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from valise.desk.door_incidents import IncidentView
from valise.domain.incident.template import Template
from valise.ui import actions, theme
from valise.ui.incidents import parts, said
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.incidents.directory import Directory
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import MarkingLabel, Pill
from valise.ui.widgets.buttons import Card, ScrollPage, action_button, button, icon_button, row
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.layouts import clear

NEXT = {"acknowledge": "acknowledge", "answer": "respond", "choose": "choose", "close": "close"}  # what comes next, by need
_LEAST = 30_000  # ms between two looks at the time that is left


def _together(parent: QWidget, *parts: QWidget) -> QWidget:
    """Parts that stand on one line wherever the line breaks."""
    made = QWidget(parent)
    made.setLayout(row(*parts))
    return made


class IncidentPage(QWidget):
    """`acts`: what can be done, most important first; `files`: what it can be saved as; `inner`: what is added inside."""

    climb = Signal(str)
    done = Signal(str)
    strike = Signal(str)
    take_back = Signal(str)
    save_file = Signal(str, str)
    stale = Signal()  # time has passed: what is proposed may be another thing

    def __init__(
        self, words: Template, acts: Sequence[QAction], files: Sequence[QAction], inner: Sequence[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.words, self._acts, self._files, self._inner = words, acts, files, inner
        self.directory = Directory()
        self.one: IncidentView | None = None
        self.banner = ExerciseBanner(self)
        self.page = named(ScrollPage(self, width=860), self.tr("The incident"))
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.page, 1)
        self.title = SafeLabel("", "title")
        self.hash = Words("", "mono")
        self.ladder: Card | None = None
        self.receipts: parts.Receipts | None = None
        self._tick = QTimer(self)
        self._tick.setInterval(_LEAST)
        self._tick.timeout.connect(self.stale)
        self._tick.timeout.connect(self._again)
        self._count = QTimer(self)  # until the words of the time that is left change
        self._count.setSingleShot(True)
        self._count.timeout.connect(self._counted)

    def show_one(self, one: IncidentView) -> None:
        """Show an incident as it stands. Where one was reading is kept."""
        if one == self.one:
            self._again()
            return
        same = self.one is not None and self.one.row.id == one.row.id
        place = self.page.verticalScrollBar().value() if same else 0
        self.one = one
        self.banner.show_exercise(one.row.exercise)
        focused = self._focused()
        clear(self.page.box)
        for part in self._parts(one):
            self.page.box.addWidget(part)
        self.page.box.addStretch(1)
        self.page.verticalScrollBar().setValue(place)
        named(self, said.title(one.row))
        self._wait()
        if focused is not None:
            QTimer.singleShot(0, self, lambda: self._focus_again(focused))  # when the new parts are shown

    def _focused(self) -> str | None:
        """The name of what the keyboard is at in the page; None when it is elsewhere."""
        here = self.window().focusWidget()
        return here.accessibleName() if here is not None and self.page.isAncestorOf(here) else None

    def _focus_again(self, name: str) -> None:
        """Back to the step of that name where it is still there, else to the page: what was left is gone, and the keyboard would be
        somewhere in the window."""
        steps = (one for one in self.page.findChildren(QPushButton) if one.isVisible() and one.accessibleName() == name)
        next(steps, self.page).setFocus()

    def use_directory(self, directory: Directory) -> None:
        """The clocks of the other side are known, or are others now."""
        self.directory = directory
        if (one := self.one) is not None:
            self.one = None
            place = self.page.verticalScrollBar().value()
            self.show_one(one)
            self.page.verticalScrollBar().setValue(place)

    def _parts(self, one: IncidentView) -> list[QWidget]:
        now = deadline.now()
        self.ladder = parts.ladder(one, self.words, now, self.climb.emit, self)
        adds: list[QWidget] = [self._step(act) for act in self._inner]
        self.receipts = parts.receipts(one, self.directory.clock, now, self)
        made: list[QWidget] = [self._head(one), self.ladder, self.receipts]
        if one.offers:
            made.append(parts.offers(one, self.take_back.emit, self))
        made += [
            parts.standing(one, self.words, self), parts.timeline(one, self.words, self.directory.clock, self.save_file.emit, self),
            parts.inside(one, now, self.done.emit, self.strike.emit, adds, self),
        ]  # fmt: skip
        return made

    def _head(self, one: IncidentView) -> QWidget:
        made = QWidget(self)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        pills = QWidget(made)
        flow = Flow(pills, 6)
        words, tone = said.state(one.row)
        for mark in (one.row.tlp, one.row.national):
            if mark:
                flow.addWidget(MarkingLabel(mark, pills))
        flow.addWidget(Pill(words, "", tone, "neutral_soft", pills))
        flow.addWidget(Pill(self.words.choice("message_type", one.row.sort, said.language()), "", "text", "neutral_soft", pills))
        if one.row.urgency != "routine":
            flow.addWidget(Pill(self.words.choice("urgency", one.row.urgency, said.language()), "warning", "bad", "bad_soft", pills))
        column.addWidget(pills)
        self.title = SafeLabel(one.row.title, "title", made)
        column.addWidget(self.title)
        who = self.tr("We reported it") if one.row.own else self.tr("Reported by {0}").format(
            isolate(f"{one.row.opener.name} ({one.row.opener.code})"))  # fmt: skip
        said_in = self.tr("{who} in {room}, {when}. Reference {reference}.")
        if len(one.readers) == 1:  # a room of two bears the name of the other delegation: nothing happened "in" it
            who = self.tr("We reported it to {0}").format(said.names(one.readers)) if one.row.own else who
            said_in = self.tr("{who}, {when}. Reference {reference}.")
        facts = said_in.format(
            who=who, room=isolate(one.place) if one.place else self.tr("a room you are no longer in"), when=isolate(said.when(one.row.at)),
            reference=isolate(str(one.form.get("reference", ""))),
        )  # fmt: skip
        column.addWidget(Words(facts, "muted", made))
        if one.form.get("attribution_disclaimer"):
            column.addWidget(Words(self.tr("{0}.").format(said.label(self.words, "attribution_disclaimer")), "", made))
        if one.embargo:
            column.addWidget(Words(self.tr("Embargo: not to be sent on before {0}.").format(isolate(said.when(one.embargo))), "warn", made))
        line = QWidget(made)
        digits = Flow(line, 6)
        label = Words(self.tr("Record, the same at every delegation:"), "small", line)
        label.setWordWrap(False)
        copy = icon_button("copy", self.tr("Copy the hash of the record"), lambda: clipboard().copy(one.hash), parent=line)
        digits.addWidget(_together(line, label, copy))
        groups = [one.hash[at : at + 8] for at in range(0, 64, 8)]
        self.hash = Words(f"{' '.join(groups[:4])}\n{' '.join(groups[4:])}", "mono", line)  # one line is wider than a narrow window
        self.hash.setFont(theme.font(theme.SMALL_PX, mono=True))
        self.hash.setWordWrap(False)
        named(self.hash, self.tr("SHA-256 of the record: {0}").format(one.hash))
        digits.addWidget(self.hash)
        column.addWidget(line)
        steps = QWidget(made)
        buttons = Flow(steps, 6)
        for act in self._acts:
            if act.isEnabled():
                buttons.addWidget(self._step(act, first=act.objectName() == f"incident.{NEXT.get(one.row.needs, '')}"))
        buttons.addWidget(_together(steps, *(action_button(act, steps) for act in self._files if act.isEnabled())))
        column.addWidget(steps)
        return made

    def _step(self, act: QAction, *, first: bool = False) -> QPushButton:
        """An action with its words; `first`: it is what comes next."""
        one = actions.spec(act.objectName())
        made = button(one.label, act.trigger, icon=one.icon, kind="primary" if first else "", parent=self)
        made.setToolTip(act.toolTip())
        return made

    def _again(self) -> None:
        """The time that is left goes on while one looks."""
        if self.receipts is not None:
            self.receipts.tick(deadline.now())
        if self.one is not None and self.one.step is not None and self.ladder is not None:
            self.ladder.remaining.setText(said.ladder(self.one.step, deadline.now()))  # type: ignore[attr-defined]
        self._wait()

    def _wait(self) -> None:
        self._count.stop()
        pause = deadline.next_tick(self._left())
        if pause and self.isVisible():
            self._count.start(min(_LEAST, pause))

    def _left(self) -> int:
        """Milliseconds until the next step may be proposed; 0 where no time runs."""
        step = self.one.step if self.one is not None else None
        return max(0, step.until - deadline.now()) if step is not None and step.until and not step.answered else 0

    def _counted(self) -> None:
        if self._left():
            self._again()
        else:
            self.stale.emit()  # it is due: what is proposed now

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self._again()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        self._count.stop()
        super().hideEvent(event)
