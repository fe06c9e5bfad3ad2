"""Permissions on the relay: who may write to us, and where we may write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import AddressView, GrantView, RelayView
from valise.domain.errors import ValiseError
from valise.ui import actions, theme
from valise.ui.exchange import keys, relay_dialogs  # noqa: F401  its actions stand in the table
from valise.ui.exchange import relay_said as said
from valise.ui.exchange.cards import acting
from valise.ui.exchange.table import Cell, Column, Rows, Table
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import pick_place, write
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, muted
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import date

_ORDER = ("revoking", "ending", "active", "expired", "revoked")


class GrantsPane(QWidget):
    """Who may write to us: give, renew, revoke, hand over a card. Notices go to `bar`; `join` asks for a relay first."""

    join = Signal()

    def __init__(self, door: Door, runner: Runner, bar: NoticeBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door, self.runner, self.bar = door, runner, bar
        self.dialog: QDialog | None = None
        self.view = RelayView("")
        self._unsaved: tuple[bytes, str, str, str] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.SPACE.s, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.stack = QStackedWidget(self)
        box.addWidget(self.stack, 1)
        self.none = EmptyState(
            "world", self.tr("No relay, no permissions"),
            self.tr("With a relay you say who may write to you there, one correspondent at a time."),
            self.tr("Use a relay…"), self.join.emit, self,
        )  # fmt: skip
        self.stack.addWidget(self.none)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE.s)
        self.mine = Words("", "muted", inner)
        column.addWidget(self.mine)
        self.rows = Rows(
            (
                Column(self.tr("Who may write to us"), self._who),
                Column(self.tr("Permission"), self._state, 240),
                Column(self.tr("Given"), lambda one: Cell(date(one.made_at)), 130, spare=True),
                Column(self.tr("How it reached them"), lambda one: Cell(said.told(one)), 190, spare=True),
            ),
            lambda one: one.slot, said.grant_spoken, self,
        )  # fmt: skip
        self.table = Table(self.tr("Permissions to write to us"), self.rows, inner, help_=self.tr("Arrows move; Delete revokes"))
        self.table.setMinimumHeight(150)
        column.addWidget(self.table, 1)
        self.nobody = muted(self.tr("Nobody has a permission yet. Give one, or hand over a card with one."), inner)
        column.addWidget(self.nobody)
        self.acts = {
            name: actions.make(f"ways.{name}", self, slot)
            for name, slot in (
                ("give", self.begin_giving), ("card", self.begin_card), ("renew", self.renew), ("revocations", self.save_revocations),
            )
        }  # fmt: skip
        self.acts["revoke"] = actions.make("ways.revoke", self.table, self.begin_revoking)
        self.buttons = {name: acting(self.acts[name], parent=inner) for name in ("give", "card", "renew", "revoke", "revocations")}
        column.addLayout(flowing(*self.buttons.values()))
        self.stack.addWidget(inner)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._settle())
        self._settle()

    def _who(self, one: GrantView) -> Cell:
        code, name = said.who(one)
        return Cell(isolate(f"{code} {name}") if one.code else isolate(code), "" if one.code else name, bold=bool(one.code))

    def _state(self, one: GrantView) -> Cell:
        words, sign, tone = said.grant_state(one)
        return Cell(words, said.grant_more(one), sign, tone)

    def load(self) -> None:
        """As it stands."""
        self.view = self.door.relays.own()
        found = sorted(self.door.relays.grants(), key=lambda one: (_ORDER.index(one.state), one.code or "~", one.note, one.slot))
        self.rows.follow(found)
        self.stack.setCurrentIndex(1 if self.view.host or found else 0)
        line = self.tr("Our mailbox at {0}: {1}").format(isolate(self.view.host), said.own(self.view)) if self.view.host else ""
        if self.view.host and not self.view.may_grant:
            line += "\n" + self.tr("This laptop may not give permissions; another one of your delegation does.")
        self.mine.setText(line)
        self.mine.setVisible(bool(line))
        self.nobody.setVisible(not found)
        self.table.setVisible(bool(found))
        self.table.settle()
        self._settle()

    def _settle(self) -> None:
        one = self.table.row()
        may = bool(self.view.host) and self.view.may_grant
        allowed = {
            "give": may, "card": may,
            "renew": may and isinstance(one, GrantView) and one.state in ("active", "ending", "expired") and bool(one.delegation),
            "revoke": isinstance(one, GrantView) and one.state in ("active", "ending"),
            "revocations": any(row.state == "revoking" for row in self.rows.rows),
        }  # fmt: skip
        for name, on in allowed.items():
            self.acts[name].setEnabled(on)
            self.buttons[name].setEnabled(on)
        self.buttons["revocations"].setVisible(allowed["revocations"])

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        if self.stack.currentIndex() == 0:
            return self.none.step or self
        return self.table if self.rows.rows else self.buttons["give"]

    # -- giving and taking back

    def _open(self, box: QDialog) -> None:
        self.dialog = box
        box.open()

    def begin_giving(self) -> None:
        """Which delegation."""
        there = {one.delegation for one in self.rows.rows if one.state in ("active", "ending") and one.delegation}
        me = self.door.me().delegation
        free = [one for one in self.door.contacts.all() if one.id not in there and one.id != me and not (one.stopped or one.changed)]
        self._open(relay_dialogs.GiveDialog(self, free, self.give))

    def give(self, delegation: str) -> None:
        """Give it."""
        self.runner.run(lambda: self.door.relays.grant(delegation), self._given, self.bar.show_error, owner=self)

    def _given(self, one: GrantView) -> None:
        self.load()
        self.bar.say(
            self.tr("{0} may write to you through the relay.").format(isolate(one.name)),
            self.tr("The permission goes to it sealed, with the next exchange."),
            self.tr("It ends on {0} and renews by itself while you share a room with it alone; you can take it back.").format(
                isolate(date(one.expires))
            ), "good",
        )  # fmt: skip

    def renew(self) -> None:
        """A new one in place of this one."""
        one = self.table.row()
        if isinstance(one, GrantView) and self.acts["renew"].isEnabled():
            self.runner.run(lambda: self.door.relays.renew(one.slot), self._renewed, self.bar.show_error, owner=self)

    def _renewed(self, one: GrantView) -> None:
        self.load()
        self.bar.say(
            self.tr("{0} gets a new permission, until {1}.").format(isolate(one.name), isolate(date(one.expires))),
            self.tr("The old one ends by itself."), tone="good",
        )  # fmt: skip

    def begin_revoking(self) -> None:
        """Ask first."""
        one = self.table.row()
        if isinstance(one, GrantView) and self.acts["revoke"].isEnabled():
            self._open(relay_dialogs.RevokeDialog(self, one, lambda: self.revoke(one.slot)))

    def revoke(self, slot: str) -> None:
        """Take it back."""
        self.runner.run(lambda: self.door.relays.revoke(slot), self._revoked, self.bar.show_error, owner=self)

    def _revoked(self, one: GrantView) -> None:
        self.load()
        if one.state == "revoked":
            self.bar.say(
                self.tr("The permission is revoked and the relay has confirmed it."), self.tr("Nothing more is taken with it."),
                tone="good",
            )  # fmt: skip
            return
        self.bar.say(
            self.tr("Revoking: the relay has not confirmed yet."),
            said.until_confirmed(), said.without_agent(), "warn",
            self.tr("Save the revocations…"), self.save_revocations,
        )  # fmt: skip

    # -- what is handed over as files

    def begin_card(self) -> None:
        """For whom."""
        self._open(relay_dialogs.CardDialog(self, self.make_card))

    def make_card(self, note: str) -> None:
        """Make it, then save it."""
        def made(data: bytes) -> None:
            self._save(data, self.tr("Save the card"), "valise-card-with-permission",
                       self.tr("The card is saved as {0}. Hand it over like a key, to that correspondent alone."))  # fmt: skip

        self.runner.run(lambda: self.door.relays.card_for(note), made, self.bar.show_error, owner=self)

    def save_revocations(self) -> None:
        """What the relay has not confirmed, for its operator."""
        def made(data: bytes) -> None:
            self._save(data, self.tr("Save the revocations"), "valise-relay-revocations",
                       self.tr("The revocations are saved as {0}. Give the file to the operator of the relay."))  # fmt: skip

        self.runner.run(self.door.relays.revocation_file, made, self.bar.show_error, owner=self)

    def _save(self, data: bytes, title: str, name: str, done: str) -> None:
        """What was made is there until somebody has saved it."""
        self._unsaved = (data, title, name, done)
        self.bar.say(self.tr("It is not saved yet."), tone="warn", step=self.tr("Save it…"), slot=self._pick)
        self._pick()

    def _pick(self) -> None:
        if self._unsaved is not None:
            pick_place(self, self._unsaved[1], self._unsaved[2], self.save)

    def save(self, path: Path) -> None:
        """Write it."""
        if self._unsaved is None:
            return
        data, _, _, done = self._unsaved
        try:
            write(path, data)
        except ValiseError as error:
            self.bar.show_error(error, self.tr("Save it elsewhere…"), self._pick)
            return
        self._unsaved = None
        self.bar.say(done.format(isolate(path.name)), tone="good")


class AddressesPane(QWidget):
    """Where we may write: what others gave us."""

    def __init__(self, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.door = door
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.SPACE.s, 0, 0)
        self.stack = QStackedWidget(self)
        box.addWidget(self.stack, 1)
        self.none = EmptyState(
            "world", self.tr("Nobody has given you an address yet"),
            self.tr("A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts."),
            parent=self,
        )  # fmt: skip
        self.stack.addWidget(self.none)
        self.rows = Rows(
            (
                Column(self.tr("Where we may write"), lambda one: Cell(isolate(f"{one.code} {one.name}"), bold=True)),
                Column(self.tr("Its relay"), lambda one: Cell(isolate(one.host)), 220),
                Column(self.tr("Permission"), self._state, 200),
            ),
            lambda one: one.delegation, said.address_spoken, self,
        )  # fmt: skip
        self.table = Table(self.tr("Addresses others gave us"), self.rows, self)
        self.table.setMinimumHeight(150)
        self.stack.addWidget(self.table)

    def _state(self, one: AddressView) -> Cell:
        words, sign, tone = said.address_state(one)
        return Cell(words, said.address_more(one), sign, tone)

    def load(self) -> None:
        """As it stands."""
        found = sorted(self.door.relays.addresses(), key=lambda one: one.code)
        self.rows.follow(found)
        self.stack.setCurrentIndex(1 if found else 0)
        self.table.settle()

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self.table if self.rows.rows else self
