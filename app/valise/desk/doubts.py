"""Whether this vault might be an older copy of itself: something came that is sealed to keys which are not here.

A later life of the vault gave those keys away (also one that the keyring heard nothing of), or somebody made the envelope up:
from outside the two look alike. So everybody is asked with keys that no earlier life has used, and nothing new leaves for a room
before everybody there has answered, or `PROOF` has passed.
"""

from __future__ import annotations

from collections.abc import Callable

from valise.desk.context import Context
from valise.desk.roster import Roster
from valise.vault.store import Handle, Tx

PROOF = 300_000  # ms that somebody's word without proof holds anything back
REST = 6 * 3600 * 1000  # ms after which a vault that runs on may doubt itself again; at a start it may at once
NAME = "copy.doubt"
STRANGE = "kind = 'key' and length(hint) = 16 and hint not in (select id from key_gone)"


class Doubt:
    """Used inside the caller's write transaction where it takes a Tx."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.anew: Callable[[Tx], None] = lambda tx: None  # nothing of the ratchets is written with again
        self._asked = False  # since the start
        self._ended = 0  # when that ended
        self._answered: set[tuple[str, str]] = set()  # room, device

    def look(self, tx: Tx, healing: bool) -> bool:
        """Begin one where there is reason, end one whose time has passed. True when one begins; `healing`: it is known that
        this is an older copy."""
        now = self.context.clock.now()
        began = self.began(tx)
        if healing:
            self.end(tx)
            return False
        if began is not None and not 0 <= now - began[0] < PROOF:
            tx.run("delete from meta where key = ?", (NAME,))
            if now >= began[0]:  # what came meanwhile nothing opens, and what it was for was asked for again
                tx.run(f"delete from sealed where {STRANGE} and received_at < ?", (began[0] + PROOF,))
            self._ended = now if self._asked else 0
        elif began is not None:
            self._asked = True  # the others hear of a doubt of an earlier start again
            return False
        if (self._ended and 0 <= now - self._ended < REST) or not self._strange(tx):
            return False
        self._asked = True
        self._answered.clear()
        tx.run("insert or replace into meta(key, value) values (?, ?)", (NAME, f"{now} {tx.point()[0]}"))
        self.anew(tx)
        return True

    def end(self, tx: Tx) -> None:
        """It is known that this is an older copy."""
        tx.run("delete from meta where key = ?", (NAME,))
        tx.run(f"delete from sealed where {STRANGE}")

    def began(self, handle: Handle) -> tuple[int, int] | None:
        """When (ms UTC of our clock), and the first point of ours that an answer has to repeat."""
        row = handle.row("select value from meta where key = ?", (NAME,))
        at, _, generation = str(row[0]).partition(" ") if row else ("", "", "")
        return (int(at), int(generation)) if row else None

    def holds(self, handle: Handle, roster: Roster | None) -> bool:
        """Whether somebody in the room might still know more of us than we do."""
        began = self.began(handle)
        if began is None or not 0 <= self.context.clock.now() - began[0] < PROOF:
            return False
        return roster is not None and bool(silent(roster, self._of(roster.state.id), self.context.own.delegation))

    def heard(self, handle: Handle, room: str, device: str, generations: list[int]) -> None:
        """A device repeated these points of ours: it knows of nothing later, or it would have said so."""
        began = self.began(handle)
        if began is not None and max(generations, default=0) >= began[1]:
            self._answered.add((room, device))

    def _of(self, room: str) -> set[str]:
        return {device for where, device in self._answered if where == room}

    def _strange(self, handle: Handle) -> bool:
        return handle.row(f"select 1 from sealed where {STRANGE} limit 1") is not None


def silent(roster: Roster, answered: set[str], own: str) -> list[str]:
    """Of whom nobody has answered: each laptop of ours (`own`), and delegations that are there with any."""
    found = [one.id for one in roster.devices if one.delegation == own and one.id not in answered]
    for member in roster.state.members:
        devices = [one.id for one in roster.devices if one.delegation == member]
        if member != own and devices and not any(one in answered for one in devices):
            found.append(member)
    return found
