"""Keys that move on: how far they have come with each laptop, what is still kept, how long, and moving them now."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_ratchets import CardKeys, DelegationKeys, DeviceKeys
from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.security.section import Section
from valise.ui.settings.fields import SettingField
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.labels import SafeLabel, Words, divider, heading, muted, named, small
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import date, moment

HOUR = 3600 * 1000
SETTINGS = ("exchange.online_hours", "exchange.courier_days")


class KeysSection(Section):
    """The section "keys" of the security screen."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._shown: list[DelegationKeys] | None = None
        self.box.addWidget(muted(
            self.tr(
                "What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum "
                "computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent "
                "before its keys moved on, and heals after one round trip with each delegation."
            ), self))  # fmt: skip
        self.bar = NoticeBar(self)
        self.box.addWidget(self.bar)
        self.card = Card(self)
        self.card.box.addWidget(heading(self.tr("First contact"), self.card))
        self.made = Words("", "", self.card)
        self.kept = muted("", self.card)
        for label in (self.made, self.kept):
            self.card.box.addWidget(label)
        self.move_on = button(self.tr("Move the keys on now"), self.begin, kind="primary", icon="key", parent=self.card)
        self.card.box.addLayout(row(self.move_on, None))
        self.card.box.addWidget(small(
            self.tr(
                "Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop "
                "was out of your sight. It is complete with a delegation once it has answered."
            ), self.card))  # fmt: skip
        self.box.addWidget(self.card)
        self.windows = Card(self)
        self.windows.box.addWidget(heading(self.tr("How long replaced keys are kept"), self.windows))
        self.windows.box.addWidget(Words(
            self.tr(
                "Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. "
                "Shorter is safer; what comes later than that is asked for again."
            ), "", self.windows))  # fmt: skip
        declared = {one.key: one for one in door.settings.all()}
        self.fields = {
            key: SettingField(declared[key], door.settings.get(key), self._set, self.windows)
            for key in SETTINGS if key in declared
        }  # fmt: skip
        for field in self.fields.values():
            self.windows.box.addWidget(field)
        self.box.addWidget(self.windows)
        self.list = Card(self)
        self.box.addWidget(self.list)
        self.box.addStretch(1)
        self.setFocusProxy(self.move_on)

    def refresh(self, changes: Changes) -> None:
        if not (changes.contacts or changes.status or changes.settings):
            return
        self._show_card(self.door.ratchets.card())
        for key, field in self.fields.items():
            field.show_value(self.door.settings.get(key))
        found = self.door.ratchets.all()
        if found != self._shown:
            self._shown = found
            self._show_list(found)

    def focus_first(self) -> None:
        self.move_on.setFocus()

    def begin(self) -> None:
        """Move the keys on."""
        self.move_on.setEnabled(False)

        def done(_none: object) -> None:
            self.move_on.setEnabled(True)
            self.bar.say(
                self.tr("The keys for first contact are new."),
                self.tr("Rooms move on when you next send there; delegations when they have answered."), tone="good")  # fmt: skip
            self.refresh(Changes(status=True))

        def failed(error: object) -> None:
            self.move_on.setEnabled(True)
            self.notice.emit(error)

        self.runner.run(self.door.ratchets.move_on, done, failed, owner=self)

    def _set(self, key: str, value: object) -> None:
        self.runner.run(lambda: self.door.settings.set(key, value), on_error=self.notice.emit, owner=self)

    def _show_card(self, one: CardKeys) -> None:
        made = self.tr("The keys on your card are of {0}.").format(isolate(moment(one.made_at)))
        self.made.setText(made if one.made_at else self.tr("The keys on your card are as they were made with this vault."))
        self.kept.setText(
            self.tr(
                "Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open "
                "first contacts that were sealed to those cards since {1}."
            ).format(isolate(date(one.kept_until)), isolate(date(one.kept_since)))
            if one.kept
            else self.tr("They are replaced every week, and the day after somebody used them. No older ones are kept.")
        )  # fmt: skip
        if one.asked_at:
            self.bar.say(
                self.tr("Somebody uses a card of yours that is too old ({0}).").format(isolate(moment(one.asked_at))),
                self.tr("What was sealed to it stays closed; its keys were destroyed when their time was over."),
                self.tr("Give your newest card to those who have never written to you before."), "warn")  # fmt: skip

    def _show_list(self, found: list[DelegationKeys]) -> None:
        box = self.list.box
        clear(box)
        box.addWidget(heading(self.tr("With each delegation"), self.list))
        if not found:
            box.addWidget(muted(self.tr("You know no other laptop yet."), self.list))
        for one in found:
            box.addWidget(divider(self.list))
            box.addWidget(DelegationRow(one, self.list))


class DelegationRow(QWidget):
    """One delegation: how it is reached, and the keys with each of its laptops."""

    def __init__(self, one: DelegationKeys, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, one.name)
        self.view = one
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        box.addLayout(row(SafeLabel(one.code, "mono", self), SafeLabel(one.name, "strong", self), None))
        box.addWidget(muted(self.reached(), self))
        for device in one.devices:
            box.addWidget(Words(self.said(device), "", self))
            if device.kept_since:
                box.addWidget(small(self.kept(device), self))

    def reached(self) -> str:
        hours = self.view.window // HOUR
        if self.view.way == "online":
            return translate("keys", "Connected: replaced keys are kept %n hours.", None, hours)
        return translate("keys", "By courier, or not heard lately: replaced keys are kept %n days.", None, hours // 24)

    def said(self, one: DeviceKeys) -> str:
        who = isolate(one.officer)
        if not one.since:
            return self.tr("{0}: nothing exchanged yet.").format(who)
        since = isolate(date(one.since))
        if not one.moved_at:
            return self.tr("{0}: under both systems since {1}; no answer to a newer key yet.").format(who, since)
        return self.tr("{0}: under both systems since {1}; last moved on {2}.").format(who, since, isolate(moment(one.moved_at)))

    def kept(self, one: DeviceKeys) -> str:
        since, until = isolate(moment(one.kept_since)), isolate(moment(one.kept_until))
        risk = self.tr(
            "Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}."
        ).format(since)  # fmt: skip
        if not one.kept_until:
            return risk
        return risk + " " + self.tr("What is replaced by now is destroyed by {0}.").format(until)
