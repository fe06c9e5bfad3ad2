"""Checkpoints of our own logs, at most one a day and room, made before a round of the exchange seals what waits."""

from __future__ import annotations

import json
from contextlib import suppress

from valise.desk.context import RECORD, Context
from valise.domain import checkpoint as rules
from valise.domain.errors import NotAllowed
from valise.vault.store import Handle

KIND = "log.checkpoint"
LOOK = 3600 * 1000  # ms between two looks: a round every two seconds must cost nothing


class Checkpoints:
    """Called by the exchange; knows nothing but when it looked last and what it made."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._looked = 0
        self._made: dict[str, int] = {}

    def make_due(self) -> int:
        """Sign what is due; returns how many. Leaves alone what this laptop may not sign."""
        now = self.context.clock.now()
        if 0 <= now - self._looked < LOOK:
            return 0
        self._looked = now
        own = self.context.own
        if "observe" not in own.rights:
            return 0
        with self.context.read() as handle:
            rooms = [row[0] for row in handle.rows(
                "select room from log where klass = ? and device = ? and top = held and top > 0", (RECORD, own.device)
            )]  # fmt: skip
            due = [room for room in rooms if self._body(handle, room, now) is not None]
        if not due:
            return 0
        made = 0
        with self.context.write() as tx:
            for room in due:
                body = self._body(tx, room, now)
                if body is None:  # since the look another thread may have said something
                    continue
                with suppress(NotAllowed):  # a vault that may not sign now: nothing was changed, and it is not urgent
                    self.context.author(tx, room, KIND, body)
                    made += 1
        for room in due:
            self._made[room] = now
        return made

    def _body(self, handle: Handle, room: str, now: int) -> dict[str, int | str] | None:
        """What is to be signed in a room now, None for nothing."""
        own = self.context.own
        if not own.may_send(room):
            return None
        state = self.context.record.room(handle, room) if self.context.writing(handle) else None
        if self.context.writing(handle) and (state is None or own.delegation not in state.members):
            return None
        if not handle.row("select 1 from room_member where room = ? and delegation = ?", (room, own.delegation)):
            return None
        mine = (room, RECORD, own.device)
        if handle.row("select 1 from suspended where room = ? and klass = ? and device = ?", mine):
            return None
        held, head, top = handle.row("select held, head, top from log where room = ? and klass = ? and device = ?", mine)
        if held != top:
            return None
        last = handle.row(
            "select seq, at, raw from op where room = ? and klass = ? and device = ? and kind = ? order by seq desc limit 1",
            (*mine, KIND),
        )
        first = handle.value("select at from op where room = ? and klass = ? and device = ? order by seq limit 1", mine, 0)
        number = json.loads(last[2])["body"]["number"] + 1 if last else 1
        grown = top > last[0] if last else True
        if not rules.due(now, last[1] if last else 0, first, grown, self._made.get(room, -rules.DAY)):
            return None
        return rules.body(number, top, head)
