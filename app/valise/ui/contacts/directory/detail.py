"""One point of contact: the time there, how to reach it, what it is, where it comes from, what came of each round."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from valise.desk.door_pings import Entry, RoundHead, RoundRow
from valise.ui import icons, theme
from valise.ui.contacts.directory import said
from valise.ui.language import colon, listed
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import MarkingLabel, Pill
from valise.ui.widgets.buttons import Card, ScrollPage, button, icon_button, row
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import SafeLabel, Words, heading, named, small
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.times import moment

REACH = ("phone_24x7", "phone", "email", "email_alternative", "preferred_channel", "languages", "hours", "time_zone")
WHO = ("directory", "category", "entry_kind", "institution", "official_position", "form_of_address", "full_name", "description",
       "authority_note")  # fmt: skip
WHENCE = ("source_document", "valid_from", "review", "status", "escalates_to", "public_key", "key_verified")
COPIED = {"phone", "phone_24x7", "email", "email_alternative"}
DATES = {"valid_from", "review"}


class EntryDetail(ScrollPage):
    """`edit_asked`, `nominate_asked`, `round_asked(round)`. Copies; sends and dials nothing."""

    edit_asked = Signal()
    nominate_asked = Signal()
    card_asked = Signal()
    round_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=780)
        self.entry: Entry | None = None
        self.name = SafeLabel("", "title", self)
        self.role = SafeLabel("", "strong", self)
        self.edit = button(self.tr("Change…"), self.edit_asked.emit, kind="primary", icon="edit", parent=self)
        self.nominate = button(self.tr("Note verbale…"), self.nominate_asked.emit, icon="file", parent=self)
        self.card = button(self.tr("Card…"), self.card_asked.emit, icon="download", parent=self)
        top = row(self.name, row(self.card, self.nominate, self.edit))
        top.setStretch(0, 1)
        self.box.addLayout(top)
        self.box.addWidget(self.role)
        self.clock = Words("", "heading", self)
        self.hours = Words("", "muted", self)
        self.marking = MarkingLabel("", self)
        self.way = Pill("", "", "muted", "neutral_soft", self)
        now = row(self.clock, self.marking, self.way, spacing=theme.SPACE.m)
        now.setStretch(0, 1)
        self.box.addLayout(now)
        self.box.addWidget(self.hours)
        self.warning = Words("", "error", self)
        self.box.addWidget(self.warning)
        self.reach, self.who, self.whence = (self._part(name) for name in (
            self.tr("How to reach it"), self.tr("What it is"), self.tr("Where this comes from")))  # fmt: skip
        self.box.addWidget(heading(self.tr("Ping rounds"), self))
        self.confirmed = small("", self)
        self.box.addWidget(self.confirmed)
        self.past = Card(self)
        self.box.addWidget(self.past)
        self.changed = small("", self)
        self.box.addWidget(self.changed)
        self.box.addStretch(1)

    def _part(self, name: str) -> QGridLayout:
        self.box.addWidget(heading(name, self))
        card = Card(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.l)
        grid.setVerticalSpacing(theme.SPACE.s)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        card.box.addLayout(grid)
        self.box.addWidget(card)
        return grid

    def show_entry(self, one: Entry, past: Sequence[tuple[RoundHead, RoundRow]]) -> None:
        """`past` newest first."""
        self.entry = one
        self.name.setText(f"{one.state} {one.state_name}")
        self.role.setText(one.label)
        self.nominate.setVisible(not one.way)  # a State nominates its own
        self.clock.setText(said.there(one.there))
        self.hours.setText(said.working(one.there))
        self.hours.setVisible(bool(said.working(one.there)))
        self.marking.set_marking(one.marking)
        self.way.set_text(said.way(one.way))
        warnings = []
        if one.first("entry_kind") == "person":
            warnings.append(self.tr("This entry names a person only: it ends when the person moves on. Prefer a role."))
        if one.overdue:
            warnings.append(self.tr("Its review was due {when}.").format(when=isolate(said.date(one.first("review")))))
        if one.differs:
            warnings.append(self.tr("Two laptops of your delegation say different things in this entry. Change it to settle that."))
        self.warning.setText("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        for grid, columns in ((self.reach, REACH), (self.who, WHO), (self.whence, WHENCE)):
            self._fill(grid, one, columns)
        if one.memberships:
            self._line(self.who, self.tr("Memberships of the State"), listed(one.memberships))
        self.confirmed.setText(self.tr("Last confirmed: {when}").format(when=said.confirmed(one)))
        clear(self.past.box)
        for head, came in past:
            self.past.box.addWidget(self._round(head, came))
        if not past:
            self.past.box.addWidget(Words(self.tr("No round has asked this contact yet."), "muted", self.past))
        self.changed.setText(
            self.tr("Entered or changed {when} by {who}").format(when=isolate(moment(one.changed_at)), who=isolate(one.changed_by))
            if one.changed_at else ""
        )  # fmt: skip

    def _fill(self, grid: QGridLayout, one: Entry, columns: Sequence[str]) -> None:
        clear(grid)
        for column in columns:
            shown = one.shown.get(column, "")
            if shown:
                self._line(grid, said.field(column), said.date(one.first(column)) if column in DATES else shown, column)

    def _line(self, grid: QGridLayout, name: str, value: str, column: str = "") -> None:
        place = grid.rowCount()
        holder = grid.parentWidget() or self
        label = Words(name, "muted", holder)
        grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignVCenter if column in COPIED else Qt.AlignmentFlag.AlignTop)
        words = SafeLabel(value, "", holder)
        grid.addWidget(words, place, 1)
        if column in COPIED:
            copy = icon_button("copy", self.tr("Copy: {what}").format(what=name), lambda: self.copy(column), parent=holder)
            copy.setProperty("column", column)
            grid.addWidget(copy, place, 2, Qt.AlignmentFlag.AlignTop)
        named(words, f"{name}: {words.plain()}")

    def copy(self, column: str) -> None:
        """Onto the clipboard that forgets; nothing is sent or dialled."""
        if self.entry is not None and (value := self.entry.first(column)):
            clipboard().copy(value)

    def _round(self, head: RoundHead, came: RoundRow) -> QWidget:
        line = QWidget(self.past)
        sign = QLabel(line)
        icons.bind(sign, said.ICONS[came.outcome], "text")
        title = said.titled(isolate(head.title), head.exercise)
        told = [said.outcome(came.outcome), said.how(came.how, came.channel), said.latency(came.latency)]
        if came.asked_there is not None:
            told.append(self.tr("asked at {clock} there").format(clock=isolate(came.asked_there.clock)))
            told.append(said.working(came.asked_there))
        words = Words(f"{title}{colon()}" + listed(part for part in told if part), parent=line)
        name = self.tr("Show the round {title}").format(title=title)
        more = icon_button("chevron-right", name, lambda: self.round_asked.emit(head.id), parent=line)
        box = row(sign, words, more)
        box.setStretch(1, 1)
        line.setLayout(box)
        return line
