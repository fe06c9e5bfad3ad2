"""The workbench's side of it: the page, the strip, the history tab, and what their actions do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from valise.desk.views import TextRow
from valise.domain.text.model import ParagraphView, Silence, TextHead
from valise.ui.joint.bench import JointBench
from valise.ui.seeing import ask, deadline
from valise.ui.seeing.calendar import entry
from valise.ui.seeing.history import HistoryPane
from valise.ui.seeing.page import SeeingPage
from valise.ui.seeing.said import brief
from valise.ui.seeing.strip import SilenceStrip, sheet
from valise.ui.text_safe import clean, shorten
from valise.ui.texts import table, terms
from valise.ui.widgets import files

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen


class SeeingBench(QObject):
    """`page`, `strip` and `history` are widgets for the screen to place; `slots` and `allow` serve its actions."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.history = HistoryPane(screen.door, screen.runner, screen.people, screen)
        self.page = SeeingPage(screen.door, screen.runner, screen.people, self.label_of, screen)
        self.page.went.connect(self._went)
        self.page.back.connect(self.leave)
        self.joint = JointBench(screen)
        self.strip: SilenceStrip
        self.picking: QFileDialog | None = None

    def slots(self) -> dict[str, Callable[[], object]]:
        """One callable per name in the table of actions."""
        made: dict[str, Callable[[], object]] = {
            name: (lambda name=name: self.look(name)) for name in table.VIEWS
        }
        made |= {
            "history": self.show_history, "silence": self.open_silence, "break": self.break_silence,
            "extend": self.extend, "close": self.close_silence, "settle": self.settle, "calendar": self.save_entry,
        }  # fmt: skip
        return made | self.joint.slots()

    def build_strip(self) -> SilenceStrip:
        """The strip, once the actions are made."""
        self.strip = SilenceStrip([self._screen.acts[name] for name in table.SILENCE], self._screen)
        self.strip.over.connect(self.allow)
        return self.strip

    def sheet(self) -> str:
        """What its parts add to the stylesheet of the workbench."""
        return sheet()

    # following the screen

    def looking(self) -> bool:
        """Whether a page is in the place of the text."""
        return self._screen.stack.currentWidget() is self.page or self.joint.looking()

    def stays(self, rows: Sequence[TextRow]) -> bool:
        """Whether what is looked at stays where these texts are left."""
        return self.joint.looking() or (bool(rows) and self.looking())

    def first(self) -> QWidget:
        """Where the keyboard goes on the page."""
        return self.joint.page.first() if self.joint.looking() else self.page.view().first()

    def panes(self) -> list[QWidget]:
        """What F6 cycles through on the page."""
        return self.joint.page.panes() if self.joint.looking() else self.page.panes()

    def show_head(self, head: TextHead) -> None:
        """The text, or the same after a change."""
        self.strip.show_head(head, self._screen.people, pen=self._screen.pen)
        if self.looking() and not self.joint.looking():
            self.page.follow(head)

    def show_paragraph(self, view: ParagraphView | None) -> None:
        """Where one is in the text."""
        screen = self._screen
        key, name = (view.paragraph.id, terms.name(view.paragraph)) if view else ("", "")
        self.history.show_paragraph(screen.text, key, name, screen.language)

    def allow(self) -> None:
        """Which of the actions can be done now. On the page nothing acts on the text: one does not see it."""
        screen = self._screen
        head, one = screen.head, self.strip.silence()
        frozen = bool(head and head.frozen)
        mine = screen.pen and not frozen
        running = bool(head and any(not each.closed for each in head.silences))
        own = one is not None and any(
            each.delegation == screen.people.own and each.state == "counts" for each in one.breaks
        )
        may: dict[str, bool] = {name: head is not None for name in table.VIEWS}
        may["history"] = screen.view() is not None
        contested = one is not None and one.state == "contested"  # first this, then the next
        may["silence"] = mine and not running and not contested and bool(head and head.revisions)
        may["break"] = one is not None and not one.closed and not own and not frozen and "speak" in screen.door.me().rights
        may["extend"] = mine and one is not None and one.state == "running"
        may["close"] = (
            mine and one is not None and not one.closed
            and (one.state == "broken" or one.deadline <= deadline.now())
        )  # fmt: skip
        may["settle"] = mine and contested
        may["calendar"] = one is not None and one.state == "running"
        for name, allowed in may.items():
            screen.acts[name].setEnabled(allowed)
        self.strip.offer()
        if self.looking():
            for name, action in screen.acts.items():
                if name not in (*table.SEEING, "copy"):
                    action.setEnabled(False)
            screen.acts["copy"].setEnabled(not self.joint.looking() and self.page.view() is self.page.compare)
        self.joint.allow()

    # the page

    def look(self, which: str) -> None:
        """Show a view of the whole text (F7, F8, F9, F4)."""
        screen = self._screen
        if screen.head is None:
            return
        screen.writing.stash()
        screen.list.close_editor()
        screen.stack.setCurrentWidget(self.page)
        self.page.open(screen.head, which)
        screen.show_right()

    def leave(self) -> None:
        """Back to the text, where one was."""
        screen = self._screen
        self.joint.forget()
        if self.joint.looking():
            self.joint.leave()
        elif self.looking():
            screen.stack.setCurrentWidget(screen.columns)
            screen.list.setFocus()
            screen.show_right()

    def copy(self) -> None:
        """The comparison as text, when that is what is seen."""
        if self.page.view() is self.page.compare:
            self.page.compare.copy_text()

    def _went(self, paragraph: str) -> None:
        place = self._screen.model.place(paragraph)
        if place < 0:
            self.page.bar.say(self.tr("This paragraph is no longer in the text as it stands."), tone="info")
            return
        self.leave()
        self._screen.list.go(place)

    def label_of(self, paragraph: str, proposal: str) -> str:
        """Label of a proposal that stands at a paragraph, "" when it is not there now."""
        model = self._screen.model
        place = model.place(paragraph)
        if place < 0:
            return ""
        return next((one.label for one in model.view(place).proposals if one.id == proposal), "")

    def show_history(self) -> None:
        """The history tab, with the keyboard in it (Ctrl+H)."""
        self._screen.tabs.setCurrentWidget(self.history)
        self.history.list.setFocus()

    # silence

    def _run(self, call: Callable[[], Any], said: str = "", more: str = "") -> None:
        bar = self._screen.bar

        def done(_made: Any) -> None:
            if said:
                bar.say(said, more, tone="good")

        self._screen.runner.run(call, done, bar.show_error, owner=self._screen)

    def _here(self) -> tuple[str, Silence] | None:
        one = self.strip.silence()
        return None if one is None else (self._screen.text, one)

    def open_silence(self, revision: str = "") -> None:
        """Ask for revision, deadline and scope (the newest revision, unless one was chosen)."""
        screen = self._screen
        head = screen.head
        if head is None or not screen.acts["silence"].isEnabled():
            return
        text, desk = head.id, screen.door.silence
        dialog = ask.OpenSilence(head, revision, screen)
        dialog.wanted.connect(
            lambda which, until, scope: self._run(
                lambda: desk.open(text, which, until, scope), self.tr("The silence procedure is open."),
                self.tr("The other delegations are told with the next exchange."),
            )
        )  # fmt: skip
        dialog.open()

    def extend(self) -> None:
        """Ask for a later deadline."""
        here = self._here()
        if here is None:
            return
        text, one = here
        dialog = ask.ExtendSilence(one, self._screen)
        dialog.wanted.connect(
            lambda until: self._run(
                lambda: self._screen.door.silence.extend(text, one.id, until), self.tr("The deadline is extended.")
            )
        )
        dialog.open()

    def break_silence(self) -> None:
        """Ask why, then once more."""
        here = self._here()
        if here is None:
            return
        text, one = here
        dialog = ask.BreakSilence(one, self._screen)
        dialog.wanted.connect(
            lambda reason: self._run(
                lambda: self._screen.door.silence.break_(text, one.id, reason),
                self.tr("Your delegation has broken the silence."),
                self.tr("It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once)."),
            )
        )
        dialog.open()

    def close_silence(self) -> None:
        """Say that the period is over."""
        here = self._here()
        if here is None:
            return
        text, one = here
        dialog = ask.CloseSilence(one, self._screen)
        dialog.wanted.connect(
            lambda: self._run(
                lambda: self._screen.door.silence.close(text, one.id), self.tr("The silence procedure is closed.")
            )
        )
        dialog.open()

    def settle(self) -> None:
        """Say how a contested procedure ended."""
        here = self._here()
        if here is None:
            return
        text, one = here
        dialog = ask.SettleSilence(one, self._screen.people, self._screen)
        dialog.wanted.connect(
            lambda outcome: self._run(
                lambda: self._screen.door.silence.confirm(text, one.id, outcome), self.tr("That is decided.")
            )
        )
        dialog.open()

    def save_entry(self) -> None:
        """Ask where the calendar file goes."""
        here = self._here()
        if here is None:
            return
        _text, one = here
        name = "".join(c if c.isalnum() else "-" for c in shorten(clean(one.symbol, lines=False), 40)).strip("-")
        self.picking = files.pick_place(
            self._screen, self.tr("Save calendar entry"), f"{name or 'silence'}.ics", lambda path: self.write_entry(path, one)
        )

    def write_entry(self, path: Path, one: Silence) -> None:
        """Write the calendar file."""
        summary = self.tr("Silence ends: {0}").format(clean(shorten(one.symbol, 120), lines=False))
        data = entry(one, summary, self.tr("Unless a delegation breaks the silence before, the revision stands as agreed."))
        self._run(
            lambda: files.write(path, data), self.tr("The calendar entry is saved."),
            self.tr("It is a plain file: who has it reads the symbol {0} and the deadline.").format(brief(one.symbol)),
        )  # fmt: skip
