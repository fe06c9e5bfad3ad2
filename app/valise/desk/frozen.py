"""How a text that goes no further goes on: the delegations say which of two continuations stands, or who has the pen now."""

from __future__ import annotations

from functools import partial

from valise.desk.context import Context
from valise.desk.texts import TextsDesk
from valise.domain.errors import NotAllowed
from valise.domain.text import frozen, rules
from valise.vault import people

Frozen = frozen.Frozen


class FrozenDesk:
    """The door's Frozen. What is said here is signed and stays; k of n delegations decide, no clock and no chair."""

    def __init__(self, context: Context, texts: TextsDesk) -> None:
        self.context = context
        self._texts = texts

    def look(self, text: str) -> Frozen:
        """Where it stands."""
        return self._texts.ask(text, frozen.frozen)

    def stands(self, text: str, operation: str, reason: str = "") -> None:
        """Our delegation says that this operation stands: one of two continuations of the pen, or of two histories of a
        device. NotAllowed("text.frozen" | "text.not-suspended" | "text.said")."""
        now = self.look(text)
        own = self.context.own.delegation
        every = (*now.sides, *(side for one in now.doubled for side in one.sides))
        if any(side.id == operation and own in side.voices for side in every):
            raise NotAllowed("text.said", "our delegation has said that already")
        build = rules.resolve_pen if any(side.id == operation for side in now.sides) else rules.resolve_device
        self._texts.act(text, "text.resolve", partial(build, stands=operation, reason=reason))

    def recover(self, text: str, delegation: str, reason: str = "") -> None:
        """Our delegation says that the pen goes to a delegation, from the last common position on: its first device with
        the right to hold it. NotAllowed("text.no_pen_device" | "text.roster" | "text.said")."""
        now, own = self.look(text), self.context.own.delegation
        with self.context.write() as tx:
            clock = self.context.clock.now()
            gone = {one.device for one in now.doubled}
            able = [
                one for one in people.devices(tx, delegation)
                if one.alive(clock) and "pen" in one.rights and one.id not in gone
            ]  # fmt: skip
            if not able:
                raise NotAllowed("text.no_pen_device")
            asked = [one for one in now.recoveries if one.delegation == delegation and one.device in {d.id for d in able}]
            device = asked[0].device if asked else able[0].id  # voices for the same delegation meet at one device
            if any(own in one.voices and one.device == device for one in asked):
                raise NotAllowed("text.said", "our delegation has said that already")
            self._texts.act(
                text, "text.recover",
                lambda state: rules.recover(state, own, now.at, device, delegation, reason),
            )  # fmt: skip
