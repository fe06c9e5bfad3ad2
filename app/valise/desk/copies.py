"""Old copies and clones: noticed, held back until it is known what had been said, healed, and shown.

A device that signs two operations at one place is believed by nobody any more, for good. So a vault that finds out that it
is an older copy of itself signs nothing in a room before the others have told it what it had said there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from valise.desk import departed
from valise.desk import roster as rosters
from valise.desk.cards import notice
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.doubts import PROOF, Doubt, silent
from valise.domain.errors import NotAllowed, Refused
from valise.protocol import canonical, operation, statement
from valise.protocol.operation import Signed
from valise.protocol.statement import NOWHERE, LogLine, Point, Statement, contradict
from valise.vault import generation, logs
from valise.vault.append import Touched
from valise.vault.generation import Old
from valise.vault.store import Handle, Tx

ASK = 20_000  # ms after which is asked again what we had said, then later and later
ASK_MOST = 6 * 3600 * 1000
POINT = 60_000  # ms of speaking in a room after which its others are told where we stand
MONTH = 30 * 24 * 3600 * 1000
OFTEN = 3  # so many times put back within a month: a person should look at it
SHIFT = 12  # a transaction makes fewer than 4,096 messages to one device, or words of one conversation


class Copies:
    """Used inside the caller's write transaction where it takes a Tx. `key` (32 bytes) marks the points we say."""

    def __init__(self, context: Context, key: bytes) -> None:
        self.context = context
        self.key = key
        self._asked: dict[str, tuple[int, int]] = {}  # room -> when to ask again, how long we waited
        self._claims: dict[tuple[str, str], tuple[int, int]] = {}  # room, who says he holds more of our record -> when, up to
        self._doubt = Doubt(context)
        self._before: dict[str, Point] = {}  # room -> where we stood when we had spoken there before
        self._pointed: dict[str, int] = {}  # room -> when it was last told where we stand
        self._back: dict[str, tuple[int, str]] = {}  # room -> the furthest of our record, known here, that others gave back
        context.may_sign = self.check
        context.own_came = self.came

    @property
    def anew(self) -> Callable[[Tx], None]:
        """Nothing of the ratchets is written with again."""
        return self._doubt.anew

    @anew.setter
    def anew(self, call: Callable[[Tx], None]) -> None:
        self._doubt.anew = call

    # -- this is an older copy

    def begin(self, tx: Tx, learned: Point, cause: str) -> None:
        """This vault is an older copy: what ratchets it has are not used to send any more, and nothing is signed before it
        is known what had been said."""
        before = generation.old(tx)
        learned = max(learned, before.learned) if before else learned
        departed.begin(tx, again=before is not None and any(self._waits(tx, room) for (room,) in tx.rows("select id from room")))
        tx.skip_to(learned.generation)
        now = self.context.clock.now()
        one = Old(max(now, self.context.latest()), tx.point()[0], learned, cause, now)
        generation.keep_old(tx, one)
        if learned.generation:
            generation.tell(tx, learned, "*")
        self._doubt.end(tx)
        self.anew(tx)
        self._asked.clear()
        self._claims.clear()
        notice(self.context, tx, "copy.old", self.context.own.device)
        rooms = {row[0] for row in tx.rows("select id from room")}
        self.context.touch(Touched(rooms=rooms), status=True)
        self.settle(tx)

    def came(self, tx: Tx, signed: Signed, klass: int) -> None:
        """An operation in our own name came from outside: another life of this vault made it. Refused("signature.bad", ...)"""
        op = signed.op
        if op.device != self.context.own.device or klass != RECORD:
            return
        if tx.row("select 1 from op where id = ?", (op.id,)):
            self._back[op.room_id] = max(self._back.get(op.room_id, (0, "")), (op.seq, op.id))
            return
        operation.verify(signed, "record", self.context.record.certificates.of(tx, op.device))
        if not generation.held(tx, op.room_id, RECORD):
            self.begin(tx, NOWHERE, "history")
        ours = tx.row(
            "select 1 from outbox where room = ? and klass = ? and seq = ?", (op.room_id, RECORD, op.seq)
        )
        if ours:
            self._aside(tx, op.room_id, RECORD, op.seq)

    # -- what is said, and what others say

    def said(self, tx: Tx, room: str) -> dict[str, Any]:
        """What our statement in a room tells of this vault; noted as told."""
        point = generation.here(tx, self.key)
        before = generation.last_told(tx, room)
        if before.generation == point.generation:  # said twice in one transaction, to all and to one laptop alone
            before = self._before.get(room, NOWHERE)
        self._before[room] = before
        generation.tell(tx, point, room)
        self._pointed[room] = self.context.clock.now()
        old = generation.old(tx)
        return {
            "point": point,
            "before": before if before.generation < point.generation else NOWHERE,
            "learned": old.learned if old else NOWHERE,
            "echo": tuple(generation.echo(tx, room, statement.MAX_ECHO)),
            "ask": (old is not None and self._waits(tx, room)) or self._claimed(tx, room) or self._doubts(tx, room),
        }

    def silent(self, room: str) -> bool:
        """Whether the others in a room have not been told for a while where we stand."""
        return not 0 <= self.context.clock.now() - self._pointed.get(room, -POINT) < POINT

    def heard(self, tx: Tx, said: Statement, data: bytes) -> bool:
        """A verified statement of a member of the room: is it of one life with what its device said before, and does it know
        more of us than we do? True when the room is to be asked for what we had said."""
        if said.point.generation:
            self._compare(tx, said, data)
        mine = [point for device, point in said.echo if device == self.context.own.device and generation.ours(point, self.key)]
        for point in sorted(mine, reverse=True):
            if generation.told(tx, point):
                continue
            old = generation.old(tx)
            if old and point.generation <= old.learned.generation:
                generation.tell(tx, point, "*")
            else:
                self.begin(tx, point, "peer")
        self._doubt.heard(tx, said.room, said.device, [point.generation for point in mine])
        old = generation.old(tx)
        line = next((one for one in said.logs if (one.klass, one.device) == (RECORD, self.context.own.device)), None)
        if old and any(point.generation >= old.generation for point in mine):
            generation.answered(tx, said.room, said.device, line.top if line else 0)
        elif line and self._beyond(tx, said.room, line) and not generation.held(tx, said.room, RECORD):
            if (said.room, said.device) not in self._claims:
                self._claims[said.room, said.device] = self.context.clock.now(), line.held
                return True
        return False

    def _given(self, handle: Handle, room: str) -> int:
        """Up to where our record is the one the others have: what came back, and so all it stands on, also where it waits here."""
        back: int = handle.value("select seq from op where id = ? and state > 0", self._back.get(room, (0, ""))[1:], 0)
        return max(back, logs.given(handle, (room, RECORD, self.context.own.device))[0])

    def _beyond(self, handle: Handle, room: str, line: LogLine) -> bool:
        """Whether somebody names more of our record than ever left here."""
        key = (room, RECORD, self.context.own.device)
        return line.held > logs.confirmed(handle, key, line.held, canonical.b64u(line.head))

    def _claimed(self, handle: Handle, room: str) -> bool:
        """Whether somebody said a moment ago that he holds more of our record than we do. He may lie: only the operations
        themselves are proof, and they are waited for a little."""
        now = self.context.clock.now()
        return any(
            where == room and 0 <= now - at < PROOF and upto > self._given(handle, room)
            for (where, _), (at, upto) in self._claims.items()
        )

    def _compare(self, tx: Tx, said: Statement, data: bytes) -> None:
        known = generation.heard(tx, said.room, said.device)
        now = self.context.clock.now()
        if known is None:
            generation.hear(tx, said.room, said.device, said.point, data, now)
            return
        if known.point == said.point:
            return
        before = statement.decode(known.raw, self.context.record.certificates.of(tx, said.device).ed25519)
        if not contradict(before, said):
            if said.point > known.point:
                generation.hear(tx, said.room, said.device, said.point, data, now)
                self._settle_doubts(tx, said)
            return
        if said.learned.generation >= known.point.generation:
            generation.hear(tx, said.room, said.device, said.point, data, now)
            if not self._settle_doubts(tx, said):
                self._note(tx, said, "healed", (known.raw, data), known.point)
            return
        if before.learned.generation >= said.point.generation:
            return  # a late word of the life that ended
        alive = any(
            device == self.context.own.device and generation.ours(point, self.key) and point.generation > known.mine
            for device, point in said.echo
        )
        low, high = sorted((known.point, said.point))
        doubts = [
            one for one in generation.seen(tx, said.device) if one.room == said.room and one.state != "healed"
        ]
        if not doubts or (alive and doubts[-1].state == "doubt"):
            self._note(tx, said, "two" if alive else "doubt", (known.raw, data), low)
        if high == said.point:
            generation.hear(tx, said.room, said.device, said.point, data, now)

    def _settle_doubts(self, tx: Tx, said: Statement) -> bool:
        """A device says that it was an older copy and has learned of the later one: what was in doubt because of that is not."""
        found = False
        for one in generation.seen(tx, said.device):
            if one.state == "doubt" and one.point.generation <= said.learned.generation:
                generation.settle(tx, one.n, "healed")
                found = True
        if found:
            self._told(tx, said.device, "healed")
        return found

    def _note(self, tx: Tx, said: Statement, state: str, pair: tuple[bytes, bytes], point: Point) -> None:
        now = self.context.clock.now()
        if state == "healed":
            lately = [one for one in generation.seen(tx, said.device) if one.state == "healed" and abs(now - one.at) < MONTH]
            rooms = [one.room for one in lately]
            if rooms.count(said.room) >= OFTEN - 1:  # back and forth: two are in use, or old ones are put back again and again
                state = "two"
        generation.note(tx, said.device, said.room, state, now, pair, point)
        self._told(tx, said.device, state)

    def _told(self, tx: Tx, device: str, state: str) -> None:
        if state == "healed":
            notice(self.context, tx, "copy.healed", device)
        elif state == "two":
            notice(self.context, tx, "copy.two", device)
        whose = tx.value("select delegation from device where id = ?", (device,), "")
        self.context.touch(Touched(contacts={whose}), status=True)

    # -- what is held back, and until when

    def check(self, tx: Handle, room: str, klass: int) -> None:
        """NotAllowed("copy.old") while it is not known what this laptop had said in the room."""
        if room and (generation.held(tx, room, klass) or self._claimed(tx, room)):
            raise NotAllowed("copy.old", "this is an older copy of the vault")

    def sealing(self, tx: Handle, room: str, klass: int) -> bool:
        """Whether what waits in the outbox may leave."""
        return not (generation.held(tx, room, klass) or self._claimed(tx, room))

    def doubt(self, tx: Tx) -> list[str]:
        """Rooms for which nothing new should leave before others have said whether they know more of us than we do: something
        came for keys that are not here."""
        rooms = [row[0] for row in tx.rows("select id from room")]
        if self._doubt.look(tx, generation.old(tx) is not None and any(self._waits(tx, one) for one in rooms)):
            self._pointed.clear()
        return [one for one in rooms if self._doubts(tx, one)] if self._doubt.began(tx) else []

    def _doubts(self, tx: Handle, room: str) -> bool:
        return self._doubt.began(tx) is not None and self._doubt.holds(tx, rosters.of(self.context, tx, room))

    def leaving(self) -> None:
        """Something is about to leave. Never inside a transaction."""

    def asking(self, tx: Tx) -> list[str]:
        """Rooms in which to ask now what we had said, ever more seldom."""
        now = self.context.clock.now()
        found: list[str] = []
        if generation.old(tx) is None:
            return found
        for (room,) in tx.rows("select id from room"):
            due, wait = self._asked.get(room, (now, ASK))
            if self._waits(tx, room) and not 0 < due - now <= wait:
                self._asked[room] = (now + wait, min(2 * wait, ASK_MOST))
                found.append(room)
        return found

    def _waits(self, handle: Handle, room: str) -> bool:
        return generation.held(handle, room, RECORD) or generation.held(handle, room, CHAT)

    def settle(self, tx: Tx) -> None:
        """Sending goes on by itself in each room in which everybody who could know has answered."""
        if generation.old(tx) is None:
            return
        for (room,) in tx.rows("select id from room"):
            for klass in (RECORD, CHAT):
                if not generation.held(tx, room, klass):
                    continue
                if self._left(tx, room):
                    generation.resume(tx, room, klass, self.context.clock.now(), "known")
                elif not self.missing(tx, room, klass):
                    self._resume(tx, room, klass, "known")

    def _left(self, tx: Tx, room: str) -> bool:
        """Whether we are a member no more: nobody there answers us and nothing new is said there. What waits was signed before
        this copy was made, our leaving among it, and goes as it is."""
        roster = rosters.of(self.context, tx, room)
        return roster is not None and self.context.own.delegation not in roster.state.members

    def missing(self, tx: Tx, room: str, klass: int) -> list[str]:
        """Why a room waits: ids of delegations (of ours: of the laptop) that have not answered, "history" while operations of
        ours are still to come, "sealed" while words of a conversation are still to arrive; nothing when it need not."""
        roster = rosters.of(self.context, tx, room)
        if roster is None or self.context.own.delegation not in roster.state.members:
            return ["room"]
        answers = generation.answers(tx, room)
        gone = departed.devices(self.context, tx, roster)
        found = silent(roster, set(answers), self.context.own.delegation) + departed.silent(gone, answers)
        if not self.context.may_name(tx, room):  # whom we add by what waits has not heard of the room
            added = "select 1 from outbox where op = ? and op != room"
            found = [one for one in found if not tx.row(added, (dict(roster.state.since).get(one, ""),))]
        held, _, top = logs.line(tx, (room, RECORD, self.context.own.device))
        known = max((answers[one.id] for one in (*roster.devices, *gone) if one.id in answers), default=0)
        if held < top or self._given(tx, room) < known:
            found.append("history")
        if klass == CHAT and tx.row("select 1 from parcel where room = ? and klass = ? limit 1", (room, CHAT)):
            found.append("sealed")
        return found

    def go_on(self) -> None:
        """A person has read what may happen: sending goes on everywhere with what is known now. Where something of ours is
        missing that nobody has, the record cannot go on ("op.own_history"), and waiting would change nothing."""
        with self.context.write() as tx:
            for (room,) in tx.rows("select id from room"):
                for klass in (RECORD, CHAT):
                    if generation.held(tx, room, klass):
                        self._resume(tx, room, klass, "decided")

    def _resume(self, tx: Tx, room: str, klass: int, how: str) -> None:
        if klass == CHAT:
            self._aside(tx, room, CHAT, 0)
            self._jump(tx, room)
        generation.resume(tx, room, klass, self.context.clock.now(), how)
        self.context.touch(Touched(rooms={room}), status=True)
        self._again(tx, room, klass)

    def _jump(self, tx: Tx, room: str) -> None:
        """Nobody can give us back what we said in a conversation, nor how far it went: it goes on beyond any place it can have
        reached, and for whoever listens it begins there."""
        own = self.context.own.device
        base = tx.point()[0] << SHIFT
        logs.begin(tx, (room, CHAT, own), base)
        last = tx.value("select id from op where room = ? and klass = ? and device = ? order by seq desc limit 1", (room, CHAT, own))
        tx.run(
            "update log set head = ? where room = ? and klass = ? and device = ?", (last or room, room, CHAT, own)
        )
        roster = rosters.of(self.context, tx, room)
        tx.run("delete from chat_base where room = ?", (room,))
        for one in roster.devices if roster else ():
            tx.run("insert into chat_base(room, device, seq) values (?,?,?)", (room, one.id, base))
        tx.run("delete from session_out where room = ? and klass = ?", (room, CHAT))

    # -- what was signed too early, and never left

    def joins(self, tx: Tx, room: str) -> None:
        """Somebody joins: what was said in conversation and could not leave is not for him, so a person says it again."""
        if generation.held(tx, room, CHAT):
            self._aside(tx, room, CHAT, 0)
            tx.run("update copy_aside set problem = 'copy.joined' where room = ? and klass = ?", (room, CHAT))

    def _aside(self, tx: Tx, room: str, klass: int, seq: int) -> None:
        """Take operations of ours that never left out of the log, from `seq` on; they are signed again when sending goes on."""
        own = self.context.own.device
        rows = tx.rows(
            "select op.id, op.kind, op.raw from outbox join op on op.id = outbox.op where outbox.room = ? and outbox.klass = ?"
            " and outbox.seq >= ? order by outbox.seq",
            (room, klass, seq),
        )
        for name, kind, raw in rows:
            tx.run(
                "insert into copy_aside(id, room, klass, kind, body) values (?,?,?,?,?)",
                (name, room, klass, kind, json.dumps(operation.stored(name, raw).body)),
            )
            tx.run("delete from outbox where op = ?", (name,))
            tx.run("delete from op_missing where op = ? or missing = ?", (name, name))
            tx.run("delete from op where id = ?", (name,))
            logs.dropped(tx, operation.stored(name, raw), (room, klass, own))
        if rows:
            self.context.touch(self.context.record.rebuild(tx))

    def _again(self, tx: Tx, room: str, klass: int) -> None:
        named: dict[str, str] = {}
        for n, name, kind, body in tx.rows(
            "select n, id, kind, body from copy_aside where room = ? and klass = ? and problem = '' order by n", (room, klass)
        ):
            told = _renamed(json.loads(body), named)
            if kind == "message.send" and klass == CHAT:  # it may have left: who has it does not see it twice
                told.setdefault("again", name)
            try:
                signed = self.context.author(tx, room, kind, told, klass=klass)
            except (NotAllowed, Refused) as error:
                tx.run("update copy_aside set problem = ? where n = ?", (error.code, n))
                continue
            named[name] = signed.op.id
            tx.run("delete from copy_aside where n = ?", (n,))


def _renamed(value: Any, named: dict[str, str]) -> Any:
    """A body in which the old ids of operations signed again are the new ones."""
    if isinstance(value, str):
        return named.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, named) for one in value]
    if isinstance(value, dict):
        return {key: _renamed(one, named) for key, one in value.items()}
    return value
