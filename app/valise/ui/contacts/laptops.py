"""Laptops that joined a delegation by themselves: who works at them, what they may do, since when; accept or stay stopped."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from valise.desk.trust_views import Story, Waiting
from valise.desk.views import ContactView
from valise.ui import icons, theme
from valise.ui.contacts import said as said_of
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.rows import rights
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.times import date


class LaptopsBanner(QFrame):
    """Shown while a laptop waits to be looked at. `decided(accept)` after confirmation."""

    decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("tone", "bad")
        self._contact: ContactView | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.l, theme.SPACE.m)
        box.setSpacing(theme.SPACE.s)
        self.what = Words("", "strong", self)
        self.why = Words("", parent=self)
        self.laptops = QWidget(self)
        self._lines = QVBoxLayout(self.laptops)
        self._lines.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        self.keep = button(translate("contacts", "Keep stopped"), lambda: self.decided.emit(False), parent=self)
        self.accept = button(translate("contacts", "Accept…"), self.ask, parent=self)
        for part in (self.what, self.why, self.laptops):
            box.addWidget(part)
        box.addLayout(row(self.keep, self.accept, None))
        self.hide()

    def show_story(self, contact: ContactView, story: Story) -> None:
        """Only while this is what stops the sending: what else does is decided first."""
        self._contact = contact
        self.setVisible(contact.stopped == "added" and bool(story.waiting))
        what, why = said_of.stopped(contact)
        self.what.setText(what)
        self.why.setText(why)
        clear(self._lines)
        for one in story.waiting:
            self._lines.addWidget(self._laptop(one))

    def _laptop(self, one: Waiting) -> QWidget:
        made = QWidget(self.laptops)
        sign = QLabel(made)
        icons.bind(sign, "laptop", "bad", 22)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(SafeLabel(f"{one.device.officer} · {one.device.role}", "strong", made))
        may = translate("contacts", "May {rights}").format(rights=rights(one.device))
        words.addWidget(Words(translate("contacts", "{may}. Added {date}").format(may=may, date=isolate(date(one.since))), "small", made))
        line = row(sign, words, spacing=theme.SPACE.m)
        line.setContentsMargins(0, 0, 0, 0)
        line.setStretch(1, 1)
        made.setLayout(line)
        return named(made, translate("contacts", "Laptop of {officer}").format(officer=isolate(one.device.officer)))

    def ask(self) -> None:
        """Accept them, after a question."""
        contact = self._contact
        if contact is None or self.isHidden():
            return
        own = contact.trust == "own"
        who = isolate(f"{contact.code} {contact.name}")
        question = (
            translate("contacts", "Accept the laptop of your own delegation?")
            if own
            else translate("contacts", "Accept the new laptop of {who}?")
        )
        Confirm(
            self,
            question.format(who=who),
            translate("contacts", "Everything you send from now on, and what waits, can be read there too."),
            translate("contacts", "Accept"),
            lambda: self.decided.emit(True),
            danger=False,
        )
