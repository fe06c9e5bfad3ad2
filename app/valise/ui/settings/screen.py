"""The settings screen: cards built from what the desk declares, and those that need more than a value."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.system.harden import harden
from valise.ui import actions
from valise.ui.screens import Screen
from valise.ui.settings.apply import apply_look
from valise.ui.settings.capture import truth
from valise.ui.settings.exchange import ExchangeCard
from valise.ui.settings.fields import SettingField
from valise.ui.settings.identity import IdentityCard
from valise.ui.settings.protection import Protections
from valise.ui.settings.release import ReleaseCard
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.labels import heading, muted, title

_LOOK = ("theme", "language")


def group_words(group: str) -> str:
    """The heading of a group of settings."""
    tr = QCoreApplication.translate
    return {
        "General": tr("settings", "General"),
        "Locking": tr("settings", "Locking"),
        "Exchange": tr("settings", "Exchange"),
        "Keys": tr("settings", "Keys"),
    }.get(group, group)


class SettingsScreen(Screen):
    """One card per group, each setting once."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.page = ScrollPage(self)
        whole.addWidget(self.page)
        self.page.box.addWidget(title(self.tr("Settings")))
        self.identity = IdentityCard(door, self)
        self.exchange = ExchangeCard(door, runner, self)
        self.fields: dict[str, SettingField] = {}
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
            self.page.box.addWidget(card)
        self.release = ReleaseCard(door, runner, self)
        self.page.box.addWidget(self.release)
        self.page.box.addWidget(self._this_device())
        self.page.box.addStretch(1)

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
        if changes.settings:
            for key, field in self.fields.items():
                field.show_value(self.door.settings.get(key))

    def focus_first(self) -> None:
        self.identity.save.setFocus()

    def panes(self) -> list[QWidget]:
        return [self.page]
