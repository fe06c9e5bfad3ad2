"""One delegation: how far it is trusted and why, what changed, its devices, its full fingerprint."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from valise.desk.trust_views import Story, Word
from valise.desk.views import ContactView, DeviceView
from valise.ui import icons, theme
from valise.ui.contacts import past, trust
from valise.ui.contacts import said as said_of
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.laptops import LaptopsBanner
from valise.ui.contacts.rows import rights
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.labels import SafeLabel, Words, divider, heading, named, small
from valise.ui.widgets.layouts import beside, clear
from valise.ui.widgets.times import date


class Fingerprint(SafeLabel):
    """A full fingerprint in groups, selectable by keyboard and mouse: each line from left to right, below its title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setFont(theme.font(15, mono=True))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_print(self, fingerprint: str) -> None:
        groups = fingerprint.split()
        lines = [" ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]
        self.setText("\n".join(lines))
        self.setAccessibleName(self.tr("Fingerprint: {digits}").format(digits=" ".join(groups)))


class Detail(ScrollPage):
    """`verify_asked`, `vouch_asked`, and `decided(accept)` for what stopped the sending, after confirmation."""

    verify_asked = Signal()
    vouch_asked = Signal()
    decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=760)
        self._contact: ContactView | None = None
        self.name = SafeLabel("", "title", self)
        self.badge = TrustBadge("unknown", self)
        self.meaning = Words("", "muted", self)
        ask = self.verify_asked.emit
        self.verify = button(self.tr("Verify…"), ask, kind="primary", icon="shield-check", parent=self)
        self.vouch = button(self.tr("Vouch…"), self.vouch_asked.emit, icon="shield-half", parent=self)
        self.head = row(self.name, row(self.vouch, self.verify))
        self.head.setStretch(0, 1)
        self.box.addLayout(self.head)
        under = row(self.badge, self.meaning, spacing=theme.SPACE.m)
        under.setStretch(1, 1)
        self.box.addLayout(under)
        self.compared, self.vouched, self.given = (Words("", "small", self) for _ in range(3))
        for one in (self.compared, self.vouched, self.given):
            self.box.addWidget(one)
        self.changed = self._changed()
        self.box.addWidget(self.changed)
        self.laptops = LaptopsBanner(self)
        self.laptops.decided.connect(self.decided)
        self.box.addWidget(self.laptops)
        self.notices = QWidget(self)
        self._notice_box = QVBoxLayout(self.notices)
        self._notice_box.setContentsMargins(0, 0, 0, 0)
        self._notice_box.setSpacing(theme.SPACE.s)
        self.box.addWidget(self.notices)
        self.box.addWidget(heading(self.tr("Laptops"), self))
        self.devices = Card(self)
        self.box.addWidget(self.devices)
        self.box.addWidget(heading(self.tr("Fingerprint"), self))
        card = Card(self)
        self.fingerprint = Fingerprint(card)
        card.box.addWidget(self.fingerprint)
        said = self.tr("The whole fingerprint of the delegation's root key, for comparing in writing.")
        card.box.addWidget(small(said, card))
        self.box.addWidget(card)
        self.box.addWidget(heading(self.tr("What changed, and since when"), self))
        self.past = Card(self)
        self.past.box.setSpacing(theme.SPACE.xs)
        self.box.addWidget(self.past)
        self.box.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside(self.head, self.width())

    def _changed(self) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("notice")
        frame.setProperty("tone", "bad")
        box = QVBoxLayout(frame)
        box.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.l, theme.SPACE.m)
        box.setSpacing(theme.SPACE.s)
        self.changed_what = Words("", "strong", frame)
        self.changed_why = Words("", parent=frame)
        self.keep = button(self.tr("Keep the old"), lambda: self._ask(False), parent=frame)
        self.accept_new = button(self.tr("Accept the new"), lambda: self._ask(True), parent=frame)
        self.resume = button(self.tr("Send again…"), self._ask_resume, parent=frame)
        self.both = QWidget(frame)
        self._both = QVBoxLayout(self.both)
        self._both.setContentsMargins(0, theme.SPACE.xs, 0, theme.SPACE.xs)
        self.keep_stopped = button(self.tr("Keep stopped"), lambda: self.decided.emit(False), parent=frame)
        self.hold = button(self.tr("Keep the one we have…"), self._ask_hold, parent=frame)
        box.addWidget(self.changed_what)
        box.addWidget(self.changed_why)
        box.addWidget(self.both)
        box.addLayout(row(self.keep, self.accept_new, self.resume, self.keep_stopped, self.hold, None))
        return frame

    def _ask(self, accept: bool) -> None:
        contact = self._contact
        if contact is None:
            return
        who = isolate(f"{contact.code} {contact.name}")
        if accept:
            question = self.tr("Accept the new identity of {who}?").format(who=who)
            after = self.tr(
                "Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: "
                "compare the safety number next."
            )
        else:
            question = self.tr("Keep the old identity of {who}?").format(who=who)
            after = self.tr("The new card is set aside and sending goes on, sealed to the keys you know.")
        do_it = self.accept_new.text() if accept else self.keep.text()
        Confirm(self, question, after, do_it, lambda: self.decided.emit(accept), danger=accept)

    def _ask_resume(self) -> None:
        """Stopped without another identity to choose: go on with the one we hold, as not verified."""
        if self._contact is None:
            return
        who = isolate(f"{self._contact.code} {self._contact.name}")
        Confirm(
            self,
            self.tr("Send to {who} again?").format(who=who),
            self.tr("Trust falls to “not verified yet”. If somebody stands between you, they read what you send."),
            self.tr("Send again"),
            lambda: self.decided.emit(True),
        )

    def _ask_hold(self) -> None:
        """A custodian says otherwise: go on with the identity we hold."""
        if self._contact is None:
            return
        who = isolate(f"{self._contact.code} {self._contact.name}")
        Confirm(
            self,
            self.tr("Keep the identity of {who} that you have?").format(who=who),
            self.tr("Sending goes on. The custodian's word is kept in the history and asked about no more."),
            self.tr("Keep it"),
            lambda: self.decided.emit(True),
        )

    def show_contact(self, contact: ContactView, story: Story, codes: str = "") -> None:
        """`codes` = of the delegations we have vouched to."""
        self._contact = contact
        who = isolate(f"{contact.code} {contact.name}")
        self.name.setText(f"{contact.code} {contact.name}")
        self.badge.set_contact(contact)
        level = trust.level(contact)
        said = trust.explained(level) if said_of.reason(contact) in ("", "changed", "added") else ""
        if contact.trust_since and level in ("verified in person", "vouched", "received only"):
            said = self.tr("{said} Since {date}.").format(said=said, date=isolate(date(contact.trust_since)))
        self.meaning.setText(said)
        self.verify.setText(self.tr("Verify again…") if contact.trust == "verified in person" else self.tr("Verify…"))
        named(self.verify, self.tr("Verify {who}").format(who=who))
        reason = said_of.reason(contact)
        what, why = said_of.stopped(contact)
        self.changed_what.setText(what)
        self.changed_why.setText(why)
        self.changed.setVisible(reason not in ("", "added"))
        self.laptops.show_story(contact, story)
        disputed = reason == "disputed"
        self.keep_stopped.setVisible(disputed)
        self.hold.setVisible(disputed)
        self._show_both(contact, story if disputed else None)
        self.vouch.setVisible(contact.trust == "verified in person" and not contact.stopped)
        named(self.vouch, self.tr("Vouch for {who}").format(who=who))
        for label, words in (
            (self.compared, past.compared(story)), (self.vouched, past.vouched(story)), (self.given, past.given(story, codes)),
        ):  # fmt: skip
            label.setText(words)
            label.setVisible(bool(words))
        clear(self.past.box)
        for one in story.history:
            self.past.box.addWidget(Words(past.line(one), parent=self.past))
        self.keep.setVisible(reason == "changed")
        self.accept_new.setVisible(reason == "changed")
        self.resume.setVisible(reason in ("differs", "forked"))
        self._show_notices(contact.notices)
        self._show_devices(contact.devices)
        self.fingerprint.show_print(contact.fingerprint)

    def _show_both(self, contact: ContactView, story: Story | None) -> None:
        """The identity we hold, and each that a custodian vouches for."""
        clear(self._both)
        self.both.setVisible(story is not None)
        if story is None:
            return
        self._identity(self.tr("Held here:"), contact.fingerprint)
        for one in story.against:
            self._identity(self._word(one), one.fingerprint)

    def _identity(self, whose: str, fingerprint: str) -> None:
        shown = Fingerprint(self.both)
        shown.show_print(fingerprint)
        self._both.addWidget(Words(whose, "strong", self.both))
        self._both.addWidget(shown)

    def _word(self, one: Word) -> str:
        return self.tr("{who} vouches for this one, since {date}:").format(who=isolate(one.name), date=isolate(date(one.at)))

    def _show_notices(self, notices: tuple[str, ...]) -> None:
        clear(self._notice_box)
        for one in notices:
            line = QWidget(self.notices)
            sign = QLabel(line)
            icons.bind(sign, "info", "info")
            words = row(sign, Words(said_of.notice(one), parent=line))
            words.setStretch(1, 1)
            line.setLayout(words)
            self._notice_box.addWidget(line)
        self.notices.setVisible(bool(notices))

    def _show_devices(self, devices: tuple[DeviceView, ...]) -> None:
        clear(self.devices.box)
        for place, one in enumerate(devices):
            if place:
                self.devices.box.addWidget(divider(self.devices))
            self.devices.box.addWidget(_device(one, self.devices))
        if not devices:
            self.devices.box.addWidget(Words(self.tr("No laptop is known yet."), "muted", self.devices))


def _device(one: DeviceView, parent: QWidget) -> QWidget:
    """A laptop: officer and role, what it may do, until when."""
    made = QWidget(parent)
    sign = QLabel(made)
    icons.bind(sign, "laptop", size=22)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(SafeLabel(f"{one.officer} · {one.role}", "strong", made))
    words.addWidget(Words(translate("contacts", "May {rights}").format(rights=rights(one)), "muted", made))
    if one.revoked:
        words.addWidget(Words(translate("contacts", "Revoked: nothing from this laptop is accepted any more."), "error", made))
    else:
        said = translate("contacts", "First seen {seen}, valid until {until}").format(
            seen=isolate(date(one.first_seen)), until=isolate(date(one.not_after))
        )
        words.addWidget(Words(said, "small", made))
    line = row(sign, words, spacing=theme.SPACE.m)
    line.setStretch(1, 1)
    made.setLayout(line)
    return made
