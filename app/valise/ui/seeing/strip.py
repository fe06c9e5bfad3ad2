"""The silence procedure above the text: where it stands, what remains, who broke it and why, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from valise.domain.text.model import Break, Silence, TextHead
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.seeing import deadline
from valise.ui.seeing.said import brief
from valise.ui.text_safe import isolate
from valise.ui.texts.people import People
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.times import moment

REASON = 240  # characters shown in the strip; the whole stands in the dialogs
SHOWN = 4  # breaks named in the strip
_LOOK = {"running": ("clock", "info"), "broken": ("hand", "bad"), "kept": ("check-circle", "good"),
         "contested": ("warning", "warn")}  # fmt: skip
_SHEET = Template("""
#silence[tone="info"] { background: $info_soft; border-bottom: 1px solid $info; }
#silence[tone="good"] { background: $good_soft; border-bottom: 1px solid $good; }
#silence[tone="warn"] { background: $warn_soft; border-bottom: 1px solid $warn; }
#silence[tone="bad"] { background: $bad_soft; border-bottom: 1px solid $bad; }
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $line; }
#silence QToolButton { border: 1px solid $outline; border-radius: 6px; padding: 3px 8px; background: $raised;
  color: $text; font-size: 13px; }
#silence QToolButton:hover { background: $hover; }
#silence QToolButton:focus { border: 2px solid $accent; padding: 2px 7px; }
""")


def sheet() -> str:
    """The strip's own rules in the colours that are on."""
    return _SHEET.substitute({key: str(value) for key, value in theme.tokens()._asdict().items()})


def standing(head: TextHead | None) -> Silence | None:
    """The procedure that matters now: one that runs, is contested, or was broken and is not closed; one that was broken
    and closed for as long as no later revision has come. None for everything else."""
    if head is None or not head.silences:
        return None
    one = head.silences[-1]
    if one.state == "contested" or not one.closed:
        return one
    newest = head.revisions[-1].id if head.revisions else ""
    return one if one.state == "broken" and one.revision == newest else None




class SilenceStrip(QFrame):
    """Shown while there is something to say. `show_head` after every change; ticks only while visible. `over()` when
    the deadline passes before one's eyes."""

    over = Signal()

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("silence")
        self._silence: Silence | None = None
        self._people: People | None = None
        self._pen = False
        outer = QHBoxLayout(self)
        outer.setContentsMargins(18, 8, 14, 8)
        outer.setSpacing(10)
        self._mark = QLabel(self)
        self._mark.setFixedSize(20, 20)
        outer.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(3)
        self.what = Words("", "strong", self)
        self.when = Words("", "", self)
        self.why = Words("", "", self)
        for label in (self.what, self.when, self.why):
            column.addWidget(label)
        holder = QWidget(self)
        buttons = Flow(holder, 6)
        buttons.setContentsMargins(0, 3, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self.buttons: list[QToolButton] = []
        for action in actions:
            made = QToolButton(holder)
            made.setDefaultAction(action)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setIconSize(QSize(15, 15))
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            named(made, action.text(), action.statusTip())
            buttons.addWidget(made)
            self.buttons.append(made)
        column.addWidget(holder)
        outer.addLayout(column, 1)
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self._follow)
        self.hide()

    def show_head(self, head: TextHead | None, people: People, *, pen: bool) -> None:
        """Say where the procedure of this text stands, or nothing."""
        self._silence, self._people, self._pen = standing(head), people, pen
        one = self._silence
        if one is None:
            self._tick.stop()
            self.hide()
            return
        icon, tone = _LOOK[one.state]
        icons.bind(self._mark, icon, tone, 20)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self._say()
        self.setVisible(True)
        for made in self.buttons:
            made.setVisible(made.defaultAction().isEnabled())

    def offer(self) -> None:
        """The actions were allowed or forbidden: only those that can be done are offered."""
        for made in self.buttons:
            made.setVisible(made.defaultAction().isEnabled())

    def silence(self) -> Silence | None:
        """What is shown."""
        return self._silence

    def _follow(self) -> None:
        self._say()
        if self._silence is not None and self._silence.deadline <= deadline.now():
            self.over.emit()

    def _say(self) -> None:
        one, people = self._silence, self._people
        if one is None or people is None:
            return
        left = one.deadline - deadline.now()
        symbol = brief(one.symbol, 60)
        self.what.setText(self._what(one, symbol, left))
        clocks = " · ".join(deadline.clocks(one.deadline))
        if one.state == "running" and left > 0:
            when = self.tr("{0} left, until {1}").format(deadline.remaining(left), clocks)
        else:
            when = self.tr("Deadline: {0}").format(clocks)
        if one.deadline != one.first_deadline:
            when += "  " + self.tr("(extended)")
        if one.scope:
            when += "\n" + self.tr("It covers: {0}").format(brief(one.scope, REASON))
        self.when.setText(when)
        self.why.setText("\n".join(self._why(one, people)))
        self.why.setVisible(bool(self.why.plain()))
        self._tick.stop()
        pause = deadline.next_tick(left) if one.state == "running" else 0
        if pause and self.isVisible():
            self._tick.start(pause)

    def _what(self, one: Silence, symbol: str, left: int) -> str:
        if one.state == "contested":
            if self._pen:
                return self.tr(
                    "The silence on {0} is contested: a break made in time arrived only after you closed the procedure. "
                    "You decide."
                ).format(symbol)
            return self.tr(
                "The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure "
                "was closed. The pen-holder decides."
            ).format(symbol)
        if one.state == "broken":
            return self.tr("The silence on {0} was broken: it is not agreed.").format(symbol)
        if left <= 0:
            return self.tr(
                "The deadline of the silence on {0} has passed. It is over once the pen-holder's computer closes it."
            ).format(symbol)
        return self.tr("{0} is under silence: it stands as agreed unless a delegation breaks the silence.").format(symbol)

    def _why(self, one: Silence, people: People) -> list[str]:
        return [
            *(break_line(each, people, REASON) for each in one.breaks[:SHOWN]),
            *([translate("seeing", "and %n more", None, len(one.breaks) - SHOWN)] if len(one.breaks) > SHOWN else []),
        ]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()
        super().hideEvent(event)

    def ticking(self) -> bool:
        """Whether the remaining time is being followed."""
        return self._tick.isActive()


def break_line(one: Break, people: People, limit: int) -> str:
    """Who broke the silence, when, what it is worth, and why."""
    worth = {
        "late": translate("seeing", " (too late, without effect)"), "contested": translate("seeing", " (contested)"), "counts": "",
    }[one.state]  # fmt: skip
    return translate("seeing", "Broken by {0}, {1}{2}: {3}").format(
        isolate(people.name(one.delegation)), moment(one.at, deadline.now()), worth, brief(one.reason, limit)
    )
