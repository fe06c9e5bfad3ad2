"""What a trust level means and its sign; and the delegations by id for whoever names them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.door import Door
from valise.desk.views import ContactView, Trust
from valise.domain.errors import ValiseError
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.badge import TRUST_LOOK

_HELP = {
    "own": QT_TRANSLATE_NOOP("contacts", "This is your own delegation."),
    "verified in person": QT_TRANSLATE_NOOP(
        "contacts", "Somebody here compared with this delegation."
    ),
    "vouched": QT_TRANSLATE_NOOP(
        "contacts", "Custodians you chose say that this identity is genuine. Compare with it yourself when you can."
    ),
    "received only": QT_TRANSLATE_NOOP(
        "contacts", "Its card was received, but nobody here has compared with it yet."
    ),
    "unknown": QT_TRANSLATE_NOOP("contacts", "No card of this delegation is held here."),
    "changed": QT_TRANSLATE_NOOP("contacts", "Decide below which identity to keep."),
}


def level(contact: ContactView) -> str:
    """The key of what is shown: the trust level, or "changed" which outranks it."""
    return "changed" if contact.changed else contact.trust


def explained(level: str) -> str:
    return translate("contacts", _HELP.get(level, _HELP["unknown"]))


def icon(level: str) -> str:
    """Name of the sign."""
    return TRUST_LOOK.get(level, TRUST_LOOK["unknown"])[0]


def colour(level: str) -> str:
    """Name of the token the sign is painted in; it only adds to the sign."""
    return TRUST_LOOK.get(level, TRUST_LOOK["unknown"])[1]


class Names:
    """Delegations by id, read at once (they are few) and again when contacts change."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.me = door.me()
        self._known: dict[str, ContactView] = {}
        self.refresh()

    def refresh(self) -> None:
        self.me = self._door.me()
        self._known = {contact.id: contact for contact in self._door.contacts.all()}
        with suppress(ValiseError):
            self._known.setdefault(self.me.delegation, self._door.contacts.one(self.me.delegation))

    def contact(self, delegation: str) -> ContactView | None:
        return self._known.get(delegation)

    def others(self) -> list[ContactView]:
        """Every delegation but the own, by code."""
        return sorted((c for c in self._known.values() if c.id != self.me.delegation), key=lambda c: (c.code, c.id))

    def code(self, delegation: str) -> str:
        if delegation == self.me.delegation:
            return clean(self.me.code, lines=False)
        known = self._known.get(delegation)
        return clean(known.code, lines=False) if known else translate("contacts", "unknown delegation")

    def label(self, delegation: str) -> str:
        """Code and name, e.g. "XB Borovia"."""
        if delegation == self.me.delegation:
            return isolate(f"{self.me.code} {self.me.name}")
        known = self._known.get(delegation)
        return isolate(f"{known.code} {known.name}") if known else translate("contacts", "unknown delegation")

    def level(self, delegation: str) -> Trust | str:
        if delegation == self.me.delegation:
            return "own"
        known = self._known.get(delegation)
        return level(known) if known else "unknown"

    def stopped(self, members: Iterable[str]) -> list[str]:
        """Those of these delegations, ours included, for which a person has to decide before anything is sent."""
        return [one for one in members if (known := self._known.get(one)) is not None and known.stopped]

    def officer(self, device: str) -> str:
        """Who works at a device, "" when it is not known."""
        for contact in self._known.values():
            for one in contact.devices:
                if one.id == device:
                    return clean(one.officer, lines=False)
        return clean(self.me.officer, lines=False) if device == self.me.device else ""
