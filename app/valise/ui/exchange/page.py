"""The page of ways: relay, folder, courier on top; below, who is reached how, who may write to us, and where we may write."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QTabWidget, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import RelayView, Served, Tried, Way, WayView
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.ui import actions, icons, theme
from valise.ui.exchange import keys, relay_dialogs, relay_said, said  # noqa: F401  its actions stand in the table
from valise.ui.exchange.cards import WayCard, acting
from valise.ui.exchange.delegations import DelegationsPane
from valise.ui.exchange.relay import AddressesPane, GrantsPane
from valise.ui.language import sentences
from valise.ui.tasks import Latest, Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ScrollPage, row
from valise.ui.widgets.files import pick_folder
from valise.ui.widgets.labels import named, title
from valise.ui.widgets.notice import NoticeBar

SOON = 80  # ms: what changes together is shown together
AGAIN = 15_000  # ms: a round that brought nothing announces nothing, and is still the last exchange
_NARROW = 590  # px: below this the three cards stand under one another


class ExchangePage(ScrollPage):
    """`back` leads to the settings, `go(screen, ref)` elsewhere, `courier(what, delegations)` = "export" | "take"."""

    back = Signal()
    go = Signal(str, str)
    courier = Signal(str, object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=1100)
        named(self, self.tr("Ways of exchange"))
        self.door, self.runner = door, runner
        self.dialog: QDialog | None = None
        self._stale = True
        self._key = self._dismissed = ""
        self._soon, self._again = QTimer(self), QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self.load)
        self._again.setInterval(AGAIN)
        self.box.setSpacing(theme.SPACE.m)
        self.leave = acting(actions.make("ways.back", self, self.back.emit), self.tr("Settings"), kind="quiet", parent=self)
        self._point()
        self.box.addLayout(row(self.leave, title(self.tr("Ways of exchange"), self), None, spacing=theme.SPACE.m))
        self.trouble = NoticeBar(self)
        self.trouble.closed.connect(self._dismiss)
        self.box.addWidget(self.trouble)
        self.bar = NoticeBar(self)
        self.box.addWidget(self.bar)
        self._standing = Latest(runner, self._read, self._show, self.bar.show_error, self)
        self._again.timeout.connect(self._standing.ask)
        self.line = QHBoxLayout()
        self.line.setSpacing(theme.SPACE.m)
        self.cards = {name: WayCard(name, self) for name in ("relay", "folder", "courier")}
        for card in self.cards.values():
            self.line.addWidget(card, 1)
        self.box.addLayout(self.line)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        named(self.tabs, self.tr("Delegations and permissions"))
        named(self.tabs.tabBar(), self.tr("Delegations and permissions"))
        self.delegations = DelegationsPane(door, runner, self.bar, self)
        self.grants = GrantsPane(door, runner, self.bar, self)
        self.addresses = AddressesPane(door, self)
        self.tabs.addTab(self.delegations, self.tr("How each is reached"))
        self.tabs.addTab(self.grants, self.tr("Who may write to us"))
        self.tabs.addTab(self.addresses, self.tr("Where we may write"))
        self.box.addWidget(self.tabs, 1)
        self.delegations.export.connect(lambda which: self.courier.emit("export", which))
        self.delegations.go.connect(self.go)
        self.grants.join.connect(self.begin_joining)
        self._buttons()

    def _buttons(self) -> None:
        acts = {
            name: actions.make(f"ways.{name}", self, slot)
            for name, slot in (
                ("join", self.begin_joining), ("leave", self.begin_leaving), ("choose", self.begin_choosing),
                ("drop", self.begin_dropping), ("test_relay", partial(self.test, "relay")),
                ("test_folder", partial(self.test, "folder")),
            )
        }  # fmt: skip
        relay, folder, courier = (self.cards[name] for name in ("relay", "folder", "courier"))
        self.join = relay.act(acts["join"])
        self.test_relay = relay.act(acts["test_relay"], self.tr("Test"))
        self.leave_relay = relay.act(acts["leave"], self.tr("Leave…"), kind="quiet")
        self.choose = folder.act(acts["choose"])
        self.test_folder = folder.act(acts["test_folder"], self.tr("Test"))
        self.drop = folder.act(acts["drop"], self.tr("Stop…"), kind="quiet")
        self._acts = acts
        self.bundle = courier.plain("courier.export", self.tr("Make a bundle…"), lambda: self.courier.emit("export", []))
        self.take = courier.plain("courier.take", self.tr("Open bundles…"), lambda: self.courier.emit("take", []))

    # -- where things stand

    def refresh(self, changes: Changes) -> None:
        """Show again what `changes` names; when the page is not shown, once it is."""
        if changes.status or changes.settings or changes.contacts or changes.rooms:
            self._stale = True
            if self.isVisible() and not self._soon.isActive():
                self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again.start()
        if self._stale:
            self.load()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._again.stop()
        self._soon.stop()

    def _read(self) -> tuple[list[WayView], list[Served], RelayView]:
        """Beside the window: what waits for whom is counted over every room."""
        return self.door.exchange.ways(), self.door.exchange.served(), self.door.relays.own()

    def load(self) -> None:
        """As it stands."""
        self._stale = False
        self._soon.stop()
        self.grants.load()
        self.addresses.load()
        self._standing.ask()

    def _show(self, found: tuple[list[WayView], list[Served], RelayView]) -> None:
        every, served, mine = found
        ways: dict[str, WayView] = {one.name: one for one in every}
        for name, card in self.cards.items():
            card.show_way(ways[name])
        self.delegations.show_served(served)
        relay, folder, ours = ways["relay"].state != "off", ways["folder"].state != "off", bool(mine.host)
        for name, button, there in (
            ("join", self.join, not ours), ("leave", self.leave_relay, ours), ("test_relay", self.test_relay, relay or ours),
            ("drop", self.drop, folder), ("test_folder", self.test_folder, folder),
        ):  # fmt: skip
            button.setVisible(there)
            self._acts[name].setEnabled(there or name == "join")
        self.choose.setText(self.tr("Change…") if folder else self.tr("Choose a folder…"))
        self._warn(ways["relay"], ways["folder"], mine)

    def _warn(self, relay: WayView, folder: WayView, mine: RelayView) -> None:
        """One notice for what is in trouble: what ends first, then what cannot be reached, then what the relay does not confirm."""
        happened, todo = relay_said.ending(mine, int(time.time() * 1000))
        bad = next((one for one in (relay, folder) if one.state == "trouble"), None)
        unconfirmed = relay_said.unconfirmed(mine)
        key = f"{happened}|{bad.name if bad else ''}|{bad.problem if bad else ''}|{unconfirmed}"
        if bad is None and not happened and not unconfirmed:
            self._dismissed = ""
            self.trouble.hide()
            return
        if key == self._dismissed:
            return
        self._key = key
        if bad is None and not happened:
            self.trouble.say(
                unconfirmed, relay_said.until_confirmed(), relay_said.without_agent(), "warn",
                self.tr("Save the revocations…"), self.grants.save_revocations,
            )  # fmt: skip
            return
        if bad is None:
            self.trouble.say(happened, "", todo, "warn", self.tr("Open the new file…"), self.begin_joining)
            return
        stuck = self.delegations.waiting_on(bad.name)
        self.trouble.say(
            sentences(one for one in (said.trouble(bad), happened) if one), "",
            self.tr("What waits is kept. You can take it by courier."), "warn", self.tr("Take it by courier…"),
            lambda: self.courier.emit("export", stuck),
        )  # fmt: skip

    def _dismiss(self) -> None:
        self._dismissed = self._key

    def _point(self) -> None:
        icons.bind(self.leave, "arrow-left", "accent")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "leave"):
            self._point()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.viewport().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self.line.direction() != way:
            self.line.setDirection(way)

    def focus_first(self) -> None:
        """Put the keyboard where work starts."""
        if self._stale:
            self.load()
        pane = self.tabs.currentWidget()
        assert isinstance(pane, DelegationsPane | GrantsPane | AddressesPane)
        pane.first().setFocus()

    def open_ref(self, ref: str) -> None:
        """ "relay" or "grants", "addresses", or a delegation's id."""
        if self._stale:
            self.load()
        if ref in ("relay", "grants"):
            self.tabs.setCurrentWidget(self.grants)
        elif ref == "addresses":
            self.tabs.setCurrentWidget(self.addresses)
        else:
            self.tabs.setCurrentWidget(self.delegations)
            if ref:
                self.delegations.at(ref)
        self.focus_first()

    # -- trying

    def test(self, name: Way) -> None:
        """Whether it works just now."""
        card = self.cards[name]
        card.busy(True)
        self.bar.close_notice()

        def came(tried: Tried) -> None:
            card.busy(False)
            told = said.tested(name, tried)
            self.bar.say(told.happened, told.confidentiality, told.todo, told.tone)
            self.load()

        def failed(error: ValiseError) -> None:
            card.busy(False)
            self.bar.show_error(error)

        self.runner.run(lambda: self.door.exchange.try_way(name), came, failed, owner=self, aside=name == "relay")

    # -- setting up and giving up

    def _open(self, box: QDialog) -> None:
        self.dialog = box
        box.open()

    def begin_joining(self, file: Path | None = None) -> None:
        """With the operator's file."""
        box = relay_dialogs.JoinDialog(self, self._join)
        self._open(box)
        if file is not None:
            box.open_file(file)

    def _join(self, kit: bytes) -> None:
        self._do(
            "relay", lambda: self.door.relays.join(kit),
            lambda made: self.bar.say(
                self.tr("This laptop uses the relay {0} from now on.").format(isolate(made.host)),
                self.tr("Correspondents with whom you share a bilateral room are sent permission to write, sealed."),
                self.tr("Hand your card with permission to those with whom you do not exchange yet."), "good",
            ),
        )  # fmt: skip

    def begin_leaving(self) -> None:
        """Ask first."""
        self._open(relay_dialogs.LeaveDialog(self, self.grants.view.host, self._leave))

    def _leave(self) -> None:
        self._do(
            "relay", self.door.relays.leave,
            lambda _none: self.bar.say(self.tr("The relay is no longer used."), self.tr("What waits here is kept."), tone="good"),
        )  # fmt: skip

    def begin_choosing(self) -> None:
        """Which folder."""
        pick_folder(self, self.tr("Choose the exchange folder"), self.use)

    def use(self, folder: Path) -> None:
        """Exchange through this folder from now on."""
        self._do(
            "folder", lambda: self.door.exchange.use_folder(folder),
            lambda _none: self.bar.say(self.tr("The folder is in use from now on."), tone="good"),
        )  # fmt: skip

    def begin_dropping(self) -> None:
        """Ask first."""
        view = self.cards["folder"].view
        self._open(relay_dialogs.DropDialog(self, view.place if view else "", self._drop))

    def _drop(self) -> None:
        self._do(
            "folder", self.door.exchange.drop_folder,
            lambda _none: self.bar.say(self.tr("The folder is no longer used."), self.tr("What waits here is kept."), tone="good"),
        )  # fmt: skip

    def _do(self, name: str, act: Callable[[], Any], done: Callable[[Any], object]) -> None:
        card = self.cards[name]
        card.busy(True)
        self.bar.close_notice()

        def ended(given: Any) -> None:
            card.busy(False)
            self.load()
            done(given)

        def failed(error: ValiseError) -> None:
            card.busy(False)
            self.load()
            self.bar.show_error(error)

        self.runner.run(act, ended, failed, owner=self)

