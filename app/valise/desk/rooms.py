"""Rooms: founding, members, and whether everybody sees the same list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from valise.desk import roster as rosters
from valise.desk import views
from valise.desk.context import Context
from valise.domain import room as rules
from valise.domain.errors import NotAllowed
from valise.domain.room import RoomState
from valise.protocol.canonical import b64u
from valise.vault import people
from valise.vault.store import Handle, Tx


class RoomsDesk:
    """The door's Rooms."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.members_changed: Callable[[Tx, str], None] = lambda tx, room: None

    def all(self) -> list[views.RoomView]:
        """Every room we know: internal first, then bilateral, then group, in the order they came."""
        with self.context.read() as handle:
            order = "case kind when 'internal' then 0 when 'bilateral' then 1 else 2 end"
            ids = [row[0] for row in handle.rows(f"select id from room order by {order}, n")]
            # a room that others founded and never asked us into is nothing of ours
            return [
                self._view(handle, one) for one in ids if self.context.own.delegation in self._state(handle, one).ever
            ]

    def one(self, room: str) -> views.RoomView:
        """NotAllowed("room.unknown")."""
        with self.context.read() as handle:
            return self._view(handle, room)

    def create(self, kind: str, title: str, members: Sequence[str]) -> str:
        """Found a room with delegations we hold cards of; we are in the chair. Returns its id."""
        with self.context.write() as tx:
            for member in members:
                self._usable(tx, member)
            body = rules.create(kind, title, members, self.context.own.delegation, b64u(self.context.entropy(16)))
            return self.context.author(tx, "", "room.create", body).op.id

    def add(self, room: str, delegation: str, history: bool = True) -> None:
        """Add a delegation; it receives the room's whole record (a text cannot be read without its past)."""
        if not history:
            raise NotAllowed("room.history_needed")
        with self.context.write() as tx:
            self._usable(tx, delegation)
            body = rules.add(self._state(tx, room), self.context.own.delegation, delegation)
            self.context.author(tx, room, "room.add", body)
            self.members_changed(tx, room)

    def remove(self, room: str, delegation: str) -> None:
        """Remove a delegation; nothing sealed afterwards is for it."""
        with self.context.write() as tx:
            body = rules.remove(self._state(tx, room), self.context.own.delegation, delegation)
            self.context.author(tx, room, "room.remove", body)
            self.members_changed(tx, room)

    def internal(self) -> str:
        """The id of our own delegation's internal room, founded when first needed."""
        with self.context.write() as tx:
            row = tx.row("select id from room where kind = 'internal' order by n limit 1")
            return str(row[0]) if row else self.create("internal", "", [])

    def _usable(self, tx: Tx, delegation: str) -> None:
        person = people.one(tx, delegation)
        if person is None:
            raise NotAllowed("contact.unknown")
        if person.stopped:
            raise NotAllowed(f"contact.{person.stopped}")

    def _state(self, handle: Handle, room: str) -> RoomState:
        state = self.context.record.room(handle, room)
        if state is None:
            raise NotAllowed("room.unknown")
        return state

    def _view(self, handle: Handle, room: str) -> views.RoomView:
        roster = rosters.of(self.context, handle, room)
        if roster is None:
            raise NotAllowed("room.unknown")
        state = roster.state
        unread = handle.row(
            "select coalesce(sum((select count(*) from message where message.room = thread.room and message.thread = thread.id"
            "  and message.n > coalesce(upto, 0) and message.author != ?)), 0)"
            " from thread left join read_mark on read_mark.room = thread.room and read_mark.thread = thread.id"
            " where thread.room = ? and top > coalesce(upto, 0)",
            (self.context.own.delegation, room),
        )[0]
        waiting = handle.row(
            "select (select count(*) from outbox where room = ?) + (select coalesce(sum(last - first + 1), 0)"
            " from parcel where room = ?)",
            (room, room),
        )[0]
        return views.RoomView(
            room,
            state.kind,
            state.title,
            state.members,
            state.chair,
            len(roster.devices) + 1,
            unread,
            waiting,
            self._disagreement(handle, roster),
            roster.blocked,
            b64u(roster.epoch),
        )

    def _disagreement(self, handle: Handle, roster: rosters.Roster) -> str:
        """Codes of the delegations whose last frame named another list of members, "" when all agree."""
        mine = {one.id: one.delegation for one in roster.devices}
        codes: set[str] = set()
        for device, epoch in handle.rows("select device, epoch from roster_seen where room = ?", (roster.state.id,)):
            if device in mine and bytes(epoch) != roster.epoch:
                person = people.one(handle, mine[device])
                codes.add(person.code if person else "?")
        return ", ".join(sorted(codes))
