"""The settings screen: cards built from what the desk declares, and those that need more than a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.system.harden import harden
from valise.ui import actions, fonts
from valise.ui.exchange import courier
from valise.ui.exchange.page import ExchangePage
from valise.ui.language import translate
from valise.ui.screens import Screen
from valise.ui.settings.apply import apply_look
from valise.ui.settings.capture import truth
from valise.ui.settings.exchange import ExchangeCard
from valise.ui.settings.fields import SettingField
from valise.ui.settings.identity import IdentityCard
from valise.ui.settings.passing import PassingCard
from valise.ui.settings.protection import Protections
from valise.ui.settings.release import ReleaseCard
from valise.ui.settings.version import VersionCard
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.labels import Words, heading, muted, named, title

_LOOK = ("theme", "language", "look.motion")


def group_words(group: str) -> str:
    """The heading of a group of settings."""
    return {
        "Appearance": translate("settings", "Appearance"),
        "General": translate("settings", "General"),
        "Locking": translate("settings", "Locking"),
        "Exchange": translate("settings", "Exchange"),
        "Keys": translate("settings", "Keys"),
    }.get(group, group)


class SettingsScreen(Screen):
    """One card per group, each setting once."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget(self)
        named(self.stack, self.tr("Page"))
        whole.addWidget(self.stack)
        self.page = ScrollPage(self)
        self.stack.addWidget(self.page)
        self._ways: ExchangePage | None = None
        self.page.box.addWidget(title(self.tr("Settings")))
        self.identity = IdentityCard(door, self)
        self.exchange = ExchangeCard(door, runner, self)
        self.exchange.opened.connect(self.show_ways)
        self.fields: dict[str, SettingField] = {}
        self.letters: Words | None = None  # what this computer has no letters for
        groups: dict[str, list[Any]] = {}
        for one in door.settings.all():
            if one.key != "exchange.folder":  # the exchange card chooses it
                groups.setdefault(one.group, []).append(one)
        self.page.box.addWidget(self.identity)
        self.page.box.addWidget(self.exchange)
        for group, settings in groups.items():
            if group == "Exchange":
                for one in settings:
                    self.exchange.box.addWidget(self._field(one))
                continue
            card = Card(self)
            card.box.addWidget(heading(group_words(group), card))
            for one in settings:
                card.box.addWidget(self._field(one))
            if group == "Appearance" and (lacking := fonts.current().of_the_six()):
                self.letters = Words(f"{fonts.happened(lacking)} {fonts.todo(lacking)}", "warn", card)
                card.box.addWidget(self.letters)
            self.page.box.addWidget(card)
        self.release = ReleaseCard(door, runner, self)
        self.page.box.addWidget(self.release)
        self.passing = PassingCard(door, runner, self)
        self.page.box.addWidget(self.passing)
        self.page.box.addWidget(self._this_device())
        self.version = VersionCard(runner, self)
        self.page.box.addWidget(self.version)
        self.page.box.addStretch(1)

    # the ways of exchange, a page of their own

    @property
    def ways(self) -> ExchangePage:
        """The page of ways, made when it is first shown."""
        if self._ways is None:
            self._ways = ExchangePage(self.door, self.runner, self.stack)
            self._ways.back.connect(self._back)
            self._ways.go.connect(self.go)
            self._ways.courier.connect(self._courier)
            self.stack.addWidget(self._ways)
        return self._ways

    def show_ways(self, ref: str = "") -> None:
        """The page of ways, and on it one delegation, "relay" or "addresses"."""
        self.stack.setCurrentWidget(self.ways)
        self.ways.open_ref(ref)

    def _back(self) -> None:
        self.stack.setCurrentWidget(self.page)
        self.exchange.open.setFocus()

    def _courier(self, what: str, delegations: Sequence[str]) -> None:
        self._dialog = courier.begin(what, self.door, self.runner, self.window(), delegations)

    def open_ref(self, ref: str) -> None:
        """ "exchange", or "exchange:" and what `show_ways` takes; "version", or the key of a setting."""
        name, _, rest = ref.partition(":")
        if name == "exchange":
            self.show_ways(rest)
        elif name == "relay":
            self.show_ways(name)
        else:
            self.stack.setCurrentWidget(self.page)
            if ref == "version":
                self.page.ensureWidgetVisible(self.version)
                self.version.check.setFocus()
            elif ref in self.fields:
                self.page.ensureWidgetVisible(self.fields[ref])
                self.fields[ref].editor.setFocus()

    def _field(self, setting: Any) -> SettingField:
        made = SettingField(setting, self.door.settings.get(setting.key), self._set, self)
        self.fields[setting.key] = made
        return made

    def _this_device(self) -> Card:
        card = Card(self)
        card.box.addWidget(heading(self.tr("This device"), card))
        self.protections = Protections(harden(), card)
        card.box.addWidget(self.protections)
        card.box.addWidget(muted(truth(), card))
        card.box.addWidget(
            muted(
                self.tr(
                    "Locking closes the vault and ends the process that held its keys. Notifications never show a word "
                    "of a message or a text."
                ),
                card,
            )
        )
        lock = actions.spec("lock")
        self.lock_now = button(lock.label, self._lock, icon="lock", parent=card)
        card.box.addLayout(row(self.lock_now, None))
        return card

    def _lock(self) -> None:
        window = self.window()
        for one in window.actions():
            if one.objectName() == "lock":
                one.trigger()
                return

    def _set(self, key: str, value: Any) -> None:
        self.runner.run(
            lambda: self.door.settings.set(key, value),
            lambda _none: self._stored(key),
            lambda error: self._not_stored(key, error),
            owner=self,
        )

    def _stored(self, key: str) -> None:
        if key in _LOOK:
            apply_look(self.door)

    def _not_stored(self, key: str, error: ValiseError) -> None:
        self.fields[key].show_value(self.door.settings.get(key))
        self.notice.emit(error)

    def refresh(self, changes: Changes) -> None:
        if changes.rooms or changes.contacts:
            self.release.refresh()
        if changes.status or changes.settings:
            self.exchange.refresh()
        if self._ways is not None:
            self._ways.refresh(changes)
        if changes.settings:
            for key, field in self.fields.items():
                field.show_value(self.door.settings.get(key))

    def focus_first(self) -> None:
        if self.stack.currentWidget() is self.page:
            self.identity.save.setFocus()
        else:
            self.ways.focus_first()

    def panes(self) -> list[QWidget]:
        if self.stack.currentWidget() is self.page:
            return [self.page]
        return [self.ways.cards["relay"], self.ways.tabs]
