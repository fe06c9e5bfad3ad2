"""The one function through which every operation enters the vault, whoever made it.

`Record.append` verifies, stores, folds, indexes and queues inside the caller's transaction, so that nothing is
ever half there. What an operation needs and is not here yet makes it wait (state 0); its arrival folds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import Literal

from valise.domain import joint as joints
from valise.domain import relay_given
from valise.domain import room as rooms
from valise.domain.errors import Refused
from valise.domain.op import Op
from valise.domain.text.past import references
from valise.protocol import operation
from valise.protocol.operation import Signed
from valise.vault import incidents, logs, pings, projections, registers, relays, trust
from valise.vault.certificates import Certificates
from valise.vault.shelf import Shelf
from valise.vault.store import Handle, Tx

RECORD, CHAT = 0, 1
KLASS: tuple[Literal["record"], Literal["chat"]] = ("record", "chat")
WAITS, FOLDED, RIVAL = 0, 1, 2
FOLDED_MOST = 4_096


@dataclass(slots=True)
class Touched:
    """What an append changed; gathers over a transaction."""

    rooms: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    registers: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)

    def add(self, other: Touched) -> None:
        """Take the other's sets in."""
        self.rooms |= other.rooms
        self.texts |= other.texts
        self.threads |= other.threads
        self.contacts |= other.contacts
        self.registers |= other.registers
        self.incidents |= other.incidents


@dataclass(frozen=True, slots=True)
class Appended:
    """`state`: new (folded), waiting, duplicate, rival (a second history at one seq)."""

    state: Literal["new", "waiting", "duplicate", "rival"]
    touched: Touched


class Record:
    """The record of operations with what is derived from it. One per open vault, used under the write lock."""

    def __init__(self, certificates: Certificates, shelf: Shelf) -> None:
        self.certificates = certificates
        self.shelf = shelf
        self._rooms: dict[str, rooms.RoomState] = {}
        self._pasts: dict[str, dict[str, frozenset[str]]] = {}  # room -> operation -> membership operations up to it
        self._waits: bool | None = None
        self._folded: set[tuple[str, str]] = set()  # (room, operation) of the record, some of those folded lately
        self.joining: Callable[[Tx, str], None] = lambda tx, room: None  # called before somebody may become a member

    def forget(self) -> None:
        """Drop what is cached in memory (after a transaction that was rolled back)."""
        self._rooms.clear()
        self._pasts.clear()
        self._waits = None
        self._folded.clear()
        self.shelf.forget()
        self.certificates.forget()

    def room(self, handle: Handle, room: str) -> rooms.RoomState | None:
        """The room as its membership operations give it, or None while it is not known."""
        state = self._rooms.get(room)
        if state is None:
            stopped = {
                row[0]: row[1]
                for row in handle.rows("select device, seq from suspended where room = ? and klass = 0", (room,))
            }
            # not only those whose whole past is here: membership has its own past (`heads`), and who was just added
            # must know the room before the rest of its record can reach him
            found = list(self.ops(handle, "room = ? and membership = 1", (room,)))
            counts = [op.seq < stopped.get(op.device, op.seq + 1) or not op.room for op in found]
            state = rooms.fold(compress(found, counts), compress(found, (not one for one in counts)))
            if state is not None:
                self._rooms[room] = state
        return state

    def ops(self, handle: Handle, where: str, values: tuple[object, ...]) -> Iterator[Op]:
        """Stored operations, read again from their bytes, in order of arrival."""
        for name, raw in handle.rows(f"select id, raw from op where {where} order by n", values):
            yield operation.stored(name, raw)

    def append(self, tx: Tx, signed: Signed, klass: int, *, received_at: int, own: bool = False) -> Appended:
        """Enter one operation. Refused("op.*", "signature.bad") leaves the vault as it was.

        `own` operations were signed a moment ago by this very process and are queued for sending.
        """
        op = signed.op
        key = (op.room_id, klass, op.device)
        line = logs.line(tx, key)
        onward = op.seq > line[2]  # beyond everything stored of this log: neither a duplicate nor a rival
        if not onward and tx.row("select 1 from op where id = ?", (op.id,)):
            return Appended("duplicate", Touched())
        if not own:
            operation.verify(signed, KLASS[klass], *self.certificates.every(tx, op.device))
        if op.kind == "room.add":
            self.joining(tx, op.room)
        touched = Touched()
        state = self._enter(tx, op, klass, touched, onward)
        n = tx.run(
            "insert into op(id, room, klass, author, device, seq, prev, kind, at, tick, state, received_at, membership, raw, sig)"
            " values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (op.id, op.room_id, klass, op.author, op.device, op.seq, op.prev, op.kind, op.at, op.tick, state, received_at,
             int(op.kind.startswith("room.")), signed.raw, signed.sig),
        ).lastrowid  # fmt: skip
        logs.stored(tx, op, key, line)
        if own:
            tx.run("insert into outbox(op, room, klass, seq) values (?,?,?,?)", (op.id, op.room_id, klass, op.seq))
        if state == WAITS:
            if op.kind.startswith("room."):
                self._membership(tx, op, touched)
            return Appended("waiting", touched)
        self._fold(tx, op, klass, n, received_at, rival=state == RIVAL, touched=touched)
        if self.some_wait(tx):
            self._release(tx, op.id, touched)
        return Appended("rival" if state == RIVAL else "new", touched)

    def _enter(self, tx: Tx, op: Op, klass: int, touched: Touched, onward: bool) -> int:
        """The state an operation enters with; writes what it waits for. Refused when it may never enter."""
        if op.kind == "room.create":
            if op.room or op.deps or op.prev or op.seq != 1 or klass != RECORD or rooms.fold([op]) is None:
                raise Refused("op.founding")
            if not onward:  # its founder's other first word came before it: proof of two histories; the founding stands all the same
                self._rival(tx, op, klass, touched)
            return FOLDED
        if not op.room:
            raise Refused("op.malformed")
        room = self.room(tx, op.room)
        missing = self._missing(tx, op) if klass == RECORD else []
        if room is None:
            missing = [op.room, *(one for one in missing if one != op.room)]
        else:
            self._may(tx, op, klass, room)
        rival = not onward and self._rival(tx, op, klass, touched)
        if missing:
            self._waits = True
            tx.many("insert or ignore into op_missing(missing, op) values (?,?)", [(one, op.id) for one in missing])
            return WAITS
        return RIVAL if rival else FOLDED

    def _may(self, tx: Tx, op: Op, klass: int, room: rooms.RoomState) -> None:
        """Members only. Who was removed may still be heard with what does not lie after the removal."""
        if op.author not in room.ever:
            raise Refused("op.not_member")
        if not relay_given.belongs(op.kind, room.kind):
            raise Refused("op.not_here")
        if op.author in room.members:
            return
        if klass == CHAT:
            # what fills a gap below what was heard before the removal was said before it
            top = tx.value("select top from log where room = ? and klass = ? and device = ?", (op.room, CHAT, op.device), 0)
            if op.seq < top:
                return
            raise Refused("op.removed")
        gone = {removal for name, removal in room.removals if name == op.author} - room.lifted
        if gone & self._past(tx, op):
            raise Refused("op.removed")

    def _past(self, tx: Tx, op: Op) -> frozenset[str]:
        """Membership operations in the operation's causal past, as far as it is stored here."""
        kept = self._pasts.setdefault(op.room, {})
        loose: dict[str, frozenset[str]] = {}  # of what still waits: its past may grow
        links: dict[str, tuple[list[str], bool, bool]] = {}
        todo = [op.prev, *op.deps]
        while todo:
            one = todo[-1]
            if not one or one in kept or one in loose:
                todo.pop()
            elif one not in links:
                row = tx.row("select prev, raw, state, membership from op where id = ?", (one,))
                if row is None:
                    loose[one] = frozenset()
                    continue
                links[one] = [row[0], *json.loads(row[1])["deps"]], row[2] != WAITS, bool(row[3])
                todo += links[one][0]
            else:
                before, whole, member = links[one]
                found = frozenset({one}) if member else frozenset()
                for link in before:
                    more = kept.get(link) or loose.get(link) or frozenset()
                    found = found if more <= found else found | more
                (kept if whole else loose)[one] = found
                todo.pop()
        return frozenset().union(*(kept.get(one) or loose.get(one) or frozenset() for one in (op.prev, *op.deps)))

    def _missing(self, tx: Tx, op: Op) -> list[str]:
        """What the operation stands on and this room's record does not hold yet, in the very sense of the text's fold:
        otherwise one that names nothing real would be a head here, and all who name that head would wait there."""
        named = {op.prev, *op.deps}
        if op.kind.startswith("text.") and op.kind != "text.open":
            named |= {op.body["text"], *references(op.kind, op.body)}
        wanted = sorted(one for one in named if one and (op.room_id, one) not in self._folded)
        if not wanted:
            return []
        marks = ",".join("?" * len(wanted))
        # by id alone: with more terms the planner walks the whole room instead
        rows = tx.rows(f"select id, room, klass, state from op where id in ({marks})", tuple(wanted))
        here = {name for name, room, klass, state in rows if room == op.room_id and klass == RECORD and state > WAITS}
        return [one for one in wanted if one not in here]

    def _rival(self, tx: Tx, op: Op, klass: int, touched: Touched) -> bool:
        """True when this device already has another operation at this seq: proof of two histories, kept."""
        other = tx.row(
            "select id from op where room = ? and klass = ? and device = ? and seq = ? order by id limit 1",
            (op.room_id, klass, op.device, op.seq),
        )
        if other is None:
            return False
        known = tx.row(
            "select seq from suspended where room = ? and klass = ? and device = ?", (op.room_id, klass, op.device)
        )
        if known is None or known[0] > op.seq:
            if klass == RECORD:
                self.joining(tx, op.room_id)  # a removal may turn out not to count
            pair = sorted((other[0], op.id))
            tx.run(
                "insert or replace into suspended(room, klass, device, seq, first, second, noticed_at) values (?,?,?,?,?,?,?)",
                (op.room_id, klass, op.device, op.seq, pair[0], pair[1], op.at),
            )
            if klass == RECORD:
                self._membership(tx, op, touched)  # what the device said of members from there on counts no more
            touched.rooms.add(op.room_id)
        return True

    def some_wait(self, handle: Handle) -> bool:
        """Whether any operation waits for another (asked of the vault once, then remembered)."""
        if self._waits is None:
            self._waits = handle.row("select 1 from op_missing limit 1") is not None
        return self._waits

    def _fold(self, tx: Tx, op: Op, klass: int, n: int, received_at: int, *, rival: bool, touched: Touched) -> None:
        if klass == RECORD and not rival:
            covered = [(op.room_id, one) for one in (op.prev, *op.deps) if one]
            if covered:
                tx.many("delete from head where room = ? and id = ?", covered)
            tx.run("insert into head(room, id) values (?,?)", (op.room_id, op.id))
        if klass == RECORD:
            if len(self._folded) >= FOLDED_MOST:
                self._folded.clear()
            self._folded.add((op.room_id, op.id))
            if rival:
                touched.texts |= self.shelf.doubt(tx, op.room_id)
            touched.texts |= self.shelf.apply(tx, op, n)
        self._derive(tx, op, klass, n, received_at, touched)

    def _derive(self, tx: Tx, op: Op, klass: int, n: int, received_at: int, touched: Touched) -> None:
        """Rows of one operation; of a text's they are written when the transaction settles."""
        if op.kind.startswith("room."):
            self._membership(tx, op, touched)
        elif op.kind.startswith("message."):
            projections.message(tx, op, klass, n, received_at)
            touched.threads.add(op.room_id)
        elif op.kind.startswith("joint."):
            projections.joint(tx, op)
            touched.texts.add(joints.statement_of(op))
        elif op.kind.startswith(("remark.", "release.")):
            state = self.room(tx, op.room_id)
            if state is not None and state.kind == "internal":  # anywhere else it would be a peer's word: nothing to us
                projections.internal(tx, op)
                if "text" in op.body:
                    touched.texts.add(op.body["text"])
                else:
                    touched.rooms.add(op.room_id)
        elif op.kind.startswith(("contact.", "compare.")):
            state = self.room(tx, op.room_id)
            if state is not None and state.kind == "bilateral":  # what is said of a third is said to one, or it is nothing
                if op.kind.startswith("contact."):
                    trust.project(tx, op)
                touched.contacts.add(op.author)
        elif op.kind.startswith("relay."):
            state = self.room(tx, op.room_id)
            if state is not None:
                relays.project(tx, op, state.members)
                touched.contacts.add(op.author)
        elif op.kind.startswith(("register.", "ping.", "incident.")):
            state = self.room(tx, op.room_id)
            if state is not None:
                self._tracked(tx, op, n, state, touched)

    def _tracked(self, tx: Tx, op: Op, n: int, room: rooms.RoomState, touched: Touched) -> None:
        """What a delegation keeps track of: registers, pings of points of contact, incidents."""
        if op.kind.startswith("register."):
            touched.registers |= registers.project(tx, op, n, room)
        elif op.kind.startswith("ping."):
            touched.registers |= pings.project(tx, op, n, room)
        else:
            touched.incidents |= incidents.project(tx, op, n, room)

    def _membership(self, tx: Tx, op: Op, touched: Touched) -> None:
        self._rooms.pop(op.room_id, None)
        state = self.room(tx, op.room_id)
        if state is not None:
            projections.room(tx, state)
        touched.rooms.add(op.room_id)

    def _release(self, tx: Tx, arrived: str, touched: Touched) -> None:
        """Fold whatever waited for `arrived`, and what waited for that."""
        todo = [arrived]
        while todo:
            one = todo.pop(0)
            waiting = [row[0] for row in tx.rows("select op from op_missing where missing = ? order by op", (one,))]
            tx.run("delete from op_missing where missing = ?", (one,))
            for name in waiting:
                if tx.row("select 1 from op_missing where op = ? limit 1", (name,)):
                    continue
                row = tx.row("select n, klass, received_at, raw from op where id = ?", (name,))
                if row is None:
                    continue
                n, klass, received_at, raw = row
                op = operation.stored(name, raw)
                if self._admit(tx, op, klass, n, received_at, touched):
                    todo.append(name)
        self._waits = None

    def _admit(self, tx: Tx, op: Op, klass: int, n: int, received_at: int, touched: Touched) -> bool:
        """Fold an operation whose past has come. One that may not be here after all is dropped again."""
        room = self.room(tx, op.room_id)
        if room is None:
            return False
        missing = self._missing(tx, op) if klass == RECORD else []
        if missing:
            tx.many("insert or ignore into op_missing(missing, op) values (?,?)", [(one, op.id) for one in missing])
            return False
        try:
            self._may(tx, op, klass, room)
        except Refused:
            tx.run("delete from op where n = ?", (n,))
            logs.dropped(tx, op, (op.room_id, klass, op.device))
            return False
        row = tx.row(
            "select seq from suspended where room = ? and klass = ? and device = ?", (op.room_id, klass, op.device)
        )
        rival = row is not None and bool(
            tx.row(
                "select 1 from op where room = ? and klass = ? and device = ? and seq = ? and state > 0 limit 1",
                (op.room_id, klass, op.device, op.seq),
            )
        )
        tx.run("update op set state = ? where n = ?", (RIVAL if rival else FOLDED, n))
        self._fold(tx, op, klass, n, received_at, rival=rival, touched=touched)
        return True

    def rebuild(self, tx: Tx) -> Touched:
        """Drop every projection and derive it again from the operations alone."""
        self.forget()
        projections.clear(tx)
        self.shelf.anew(tx)
        touched = Touched()
        heads: dict[tuple[str, str], None] = {}
        covered: set[tuple[str, str]] = set()  # in order of arrival an operation may stand before its own past
        for n, name, klass, state, received_at, raw in tx.each(
            "select n, id, klass, state, received_at, raw from op where state > 0 order by n"
        ):
            op = operation.stored(name, raw)
            room = op.room_id
            if klass == RECORD:
                touched.texts |= self.shelf.apply(tx, op, n)
                if state != RIVAL:
                    heads[room, name] = None
                    covered.update((room, one) for one in (op.prev, *op.deps))
            self._derive(tx, op, klass, n, received_at, touched)
        tx.many("insert into head(room, id) values (?,?)", [one for one in heads if one not in covered])
        for op in list(self.ops(tx, "state = 0 and membership = 1", ())):
            self._membership(tx, op, touched)
        self.shelf.settle(tx, fresh=True)
        return touched
