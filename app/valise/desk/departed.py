"""Who was in a room when an older copy of our vault was made, and is out of it since: nobody else may hold what we said there
before they left. So they are asked as those who are still there are, but not waited for beyond `WAIT`: one who was removed before he
had heard of the room knows of no question, and one who is out may be reached by nothing any more.

We name to them, and they to us, our own log alone, in frames that one laptop opens: of what was said after they left they learn
nothing. Used inside the caller's write transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from valise.desk import roster as rosters
from valise.desk.context import RECORD, Context
from valise.desk.roster import Roster
from valise.vault import generation, people
from valise.vault.people import Device
from valise.vault.store import Handle, Tx

KNOWN = "copy.removals"
ASK = 20_000  # ms after which one is asked again, then later and later
ASK_MOST = 6 * 3600 * 1000
WAIT = 12 * 3600 * 1000  # ms after we heard that somebody left; a night


@dataclass(frozen=True, slots=True)
class Aside:
    """A statement that goes to one laptop alone, about the log of `author`."""

    room: str
    device: Device
    author: str


def begin(tx: Tx, *, again: bool) -> None:
    """An older copy begins to ask. Who was out already when it was made heard nothing of us since; `again`: it asks already."""
    if again and tx.row("select 1 from meta where key = ?", (KNOWN,)):
        return
    known = [row[0] for row in tx.rows("select id from op where kind = 'room.remove' and state > 0 order by id")]
    tx.run("insert or replace into meta(key, value) values (?, ?)", (KNOWN, " ".join(known)))


def devices(context: Context, handle: Handle, roster: Roster) -> tuple[Device, ...]:
    """Laptops of those who are out since, as long as they are waited for. Not of one whom sending is stopped to."""
    row = handle.row("select value from meta where key = ?", (KNOWN,))
    if row is None:
        return ()
    known, room, now = set(str(row[0]).split()), roster.state.id, context.clock.now()
    heard = "select 1 from op where id = ? and received_at <= ? and received_at > ?"
    out = {
        gone
        for gone, removal in roster.state.removals
        if gone not in roster.state.members and removal not in known and handle.row(heard, (removal, now, now - WAIT))
    }
    return tuple(
        one
        for gone in sorted(out - {context.own.delegation})
        if people.stopped(handle, gone) == ""
        for one in people.devices(handle, gone)
        if not one.revoked_at and one.alive(now) and (not one.rooms or room in one.rooms)
    )


def silent(gone: Iterable[Device], answered: Iterable[str]) -> list[str]:
    """Delegations of these of which no laptop has answered."""
    answers = set(answered)
    heard = {one.delegation for one in gone if one.id in answers}
    return sorted({one.delegation for one in gone} - heard)


class Departed:
    """Whom to ask now, and whom to answer."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._asked: dict[tuple[str, str], tuple[int, int]] = {}  # room, laptop -> when to ask again, how long we waited
        self.owed: dict[tuple[str, str], Device] = {}  # room, laptop: whoever asked us

    def forget(self) -> None:
        """Drop what a transaction that was rolled back made us owe."""
        self.owed.clear()

    def owe(self, tx: Tx, room: str, device: Device, spacing: int) -> None:
        """It asks what it had said in a room that we are out of (answered at most once per spacing)."""
        now, item = self.context.clock.now(), f"ask/{room}"
        row = tx.row("select at from repaired where device = ? and item = ?", (device.id, item))
        if row is None or not 0 <= now - row[0] < spacing // 2:
            tx.run("insert or replace into repaired(device, item, at) values (?,?,?)", (device.id, item, now))
            self.owed[room, device.id] = device

    def due(self, tx: Tx) -> Iterator[Aside]:
        """What to say now; empties what is owed."""
        owed, self.owed = self.owed, {}
        for (room, name), device in sorted(owed.items(), key=lambda one: one[0]):
            yield Aside(room, device, name)
        if generation.old(tx) is None:
            return
        now = self.context.clock.now()
        for (room,) in tx.rows("select id from room order by id"):
            roster = rosters.of(self.context, tx, room) if generation.held(tx, room, RECORD) else None
            if roster is None or roster.blocked:
                continue
            for one in devices(self.context, tx, roster):
                at, wait = self._asked.get((room, one.id), (now, ASK))
                if not 0 < at - now <= wait:
                    self._asked[room, one.id] = (now + wait, min(2 * wait, ASK_MOST))
                    yield Aside(room, one, self.context.own.device)
