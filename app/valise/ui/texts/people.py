"""Delegations by id: code, name and trust, as the right pane and the cards name them."""

from __future__ import annotations

from valise.desk.door import Door
from valise.desk.views import Trust


class People:
    """A short-lived copy of the contact list; `renew` after contacts changed."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._known: dict[str, tuple[str, str, Trust, bool]] = {}
        self.own = ""

    def renew(self) -> None:
        """Read the contacts again."""
        me = self._door.me()
        self.own = me.delegation
        self._known = {one.id: (one.code, one.name, one.trust, one.changed) for one in self._door.contacts.all()}
        self._known[me.delegation] = (me.code, me.name, "own", False)

    def code(self, delegation: str) -> str:
        """ "XA"; a delegation nobody handed us a card of is named by the head of its id, followed by "?"."""
        found = self._known.get(delegation)
        return found[0] if found else f"{delegation[:6]}?"

    def name(self, delegation: str) -> str:
        """ "Aurelia", or the code where there is no name."""
        found = self._known.get(delegation)
        return (found[1] or found[0]) if found else self.code(delegation)

    def trust(self, delegation: str) -> Trust:
        found = self._known.get(delegation)
        return found[2] if found else "unknown"

    def changed(self, delegation: str) -> bool:
        """Its identity differs from the one we knew and nobody has decided yet."""
        found = self._known.get(delegation)
        return bool(found and found[3])

    def codes(self) -> list[tuple[str, str]]:
        """(id, code) of every known delegation, by code."""
        return sorted(((key, value[0]) for key, value in self._known.items()), key=lambda pair: pair[1])
