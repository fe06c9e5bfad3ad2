"""The unit of work: one write transaction, one author, one announcement of what changed.

Everything a use case needs is here; use cases keep no state of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from valise.desk import views
from valise.desk.ports import Clock, Custodian, Entropy
from valise.domain.errors import NotAllowed
from valise.domain.training import marked
from valise.protocol import operation
from valise.protocol.operation import Signed
from valise.protocol.signing import CompositeKey, DeviceKey
from valise.system.custodian import NoCustodian
from valise.vault import sessions
from valise.vault.append import CHAT, KLASS, RECORD, Appended, Record, Touched
from valise.vault.store import Handle, Store, Tx

__all__ = ["CHAT", "RECORD", "Context", "Keys", "Own"]

# How far a peer's clock may draw ours along; beyond it a peer could take us to the last number there is.
AHEAD = 24 * 3600 * 1000
TICKS = 1 << 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys of this device that sign."""

    ed25519: DeviceKey
    composite: CompositeKey


@dataclass(frozen=True, slots=True)
class Own:
    """Who we are: delegation, device, and what its certificate says. `mailbox` 16 bytes."""

    delegation: str
    device: str
    code: str
    name: str
    officer: str
    role: str
    rights: tuple[str, ...]
    mailbox: bytes
    rooms: tuple[str, ...] = ()  # the only rooms this laptop is for; empty = every room
    revoked: bool = False

    def may_send(self, room: str) -> bool:
        """Whether this laptop has anything to say in a room: it is not revoked and its certificate is for it."""
        return not self.revoked and (not self.rooms or room in self.rooms)


class Context:
    """An unlocked vault with its author."""

    def __init__(
        self,
        store: Store,
        record: Record,
        own: Own,
        keys: Keys,
        clock: Clock,
        entropy: Entropy,
        custodian: Custodian | None = None,
    ) -> None:
        self.store = store
        self.record = record
        self.own = own
        self.keys = keys
        self.clock = clock
        self.entropy = entropy
        self.custodian: Custodian = custodian or NoCustodian()
        self.card_came: Callable[[Tx, list[str]], None] = lambda tx, devices: None
        self.last_words: Callable[[Tx], list[tuple[bytes, bytes, bytes]]] = lambda tx: []  # id, mailbox, envelope
        self.revoked_writes: Callable[[Tx, str], None] = lambda tx, device: None
        # desk.copies: NotAllowed("copy.old") while nothing may be signed; what came from outside in our own name
        self.may_sign: Callable[[Handle, str, int], None] = lambda handle, room, klass: None
        self.own_came: Callable[[Tx, Signed, int], None] = lambda tx, signed, klass: None
        self.may_name: Callable[[Handle, str], bool] = lambda handle, room: True  # whether what waits may be told of already
        self.rosters: dict[str, Any] = {}  # room -> its roster within this transaction (desk.roster)
        self.lock = threading.RLock()
        self._tx: Tx | None = None
        self._touched = Touched()
        self._status = False
        self._settings = False
        self._listeners: list[Callable[[views.Changes], None]] = []
        with store.read() as handle:
            row = handle.row(
                "select at, tick from op where device = ? or (at <= ? and tick < ?) order by at desc, tick desc limit 1",
                (own.device, clock.now() + AHEAD, TICKS),
            )
        self._last: tuple[int, int] = (row[0], row[1]) if row else (0, 0)

    @property
    def training(self) -> bool:
        """A vault for practice, which reaches fictional delegations only."""
        return marked(self.own.name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction. Inside another it joins it. Announces what changed after the outermost commit."""
        with self.lock:
            if self._tx is not None:
                yield self._tx
                return
            try:
                with self.store.write() as tx:
                    self._tx = tx
                    self.rosters.clear()
                    yield tx
                    self.record.shelf.settle(tx)
            except BaseException:
                self.record.forget()
                self._touched, self._status, self._settings = Touched(), False, False
                raise
            finally:
                self._tx = None
            changes = self._take()
        self._announce(changes)

    @contextmanager
    def read(self) -> Iterator[Handle]:
        """The write transaction when inside one, else this thread's read connection."""
        if self._tx is not None and self.lock._is_owned():  # type: ignore[attr-defined]
            yield self._tx
            return
        with self.store.read() as handle:
            yield handle

    def writing(self, handle: Handle) -> bool:
        """Whether this is the present write transaction."""
        return handle is self._tx

    def touch(self, touched: Touched | None = None, *, status: bool = False, settings: bool = False) -> None:
        """Note what the present transaction changed."""
        if touched is not None:
            self._touched.add(touched)
            if touched.rooms or touched.contacts:
                self.rosters.clear()
        self._status |= status
        self._settings |= settings

    def subscribe(self, listener: Callable[[views.Changes], None]) -> Callable[[], None]:
        """`listener` hears Changes after each commit; the returned call ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def author(self, tx: Tx, room: str, kind: str, body: dict[str, Any], *, klass: int = RECORD) -> Signed:
        """Make an operation of ours and enter it. `room` "" founds a room.

        NotAllowed("rights.missing" | "device.revoked" | "device.scope" | "copy.old" | "op.own_history").
        """
        from valise.domain.kinds import kind as kind_of

        if self.own.revoked:
            raise NotAllowed("device.revoked")
        if not self.own.may_send(room):
            raise NotAllowed("device.scope")
        if kind_of(kind).right not in self.own.rights:
            raise NotAllowed("rights.missing")
        self.may_sign(tx, room, klass)
        row = tx.row(
            "select top, head, held from log where room = ? and klass = ? and device = ?",
            (room, klass, self.own.device),
        )
        if room and row and row[0] != row[2]:  # a gap in our own log: another laptop signs with our keys
            raise NotAllowed("op.own_history")
        seq, prev = (row[0] + 1, row[1]) if room and row else (1, "")
        deps: list[str] = []
        if room and klass == RECORD:
            deps = [
                one[0]
                for one in tx.rows(
                    "select id from head where room = ? and id != ? order by id desc limit 16", (room, prev)
                )
            ]
        at, tick = self.tick()
        signed = operation.make(
            kind=kind,
            room=room,
            author=self.own.delegation,
            device=self.own.device,
            seq=seq,
            prev=prev,
            deps=sorted(deps),
            at=at,
            tick=tick,
            body=body,
            device_key=self.keys.ed25519,
            composite_key=self.keys.composite,
            klass=KLASS[klass],
        )
        done = self.enter(tx, signed, klass, own=True)
        if done.state != "new":
            raise NotAllowed("op.own_history")
        return signed

    def enter(self, tx: Tx, signed: Signed, klass: int, *, own: bool = False) -> Appended:
        """Append an operation, ours or a peer's, and note what it touched."""
        if not own:
            self.own_came(tx, signed, klass)
        done = self.record.append(tx, signed, klass, received_at=0 if own else self.clock.now(), own=own)
        if own or (signed.op.at <= self.clock.now() + AHEAD and signed.op.tick < TICKS):
            self._last = max(self._last, (signed.op.at, signed.op.tick))
        if signed.op.kind == "room.remove" and done.state != "duplicate":
            self._gone(tx, signed.op.room, signed.op.body["delegation"])
        self.touch(done.touched, status=own)
        return done

    def _gone(self, tx: Tx, room: str, delegation: str) -> None:
        """Should it ever come back, our conversation begins for it anew: what is said meanwhile is not for it."""
        state = self.record.room(tx, room)
        if state is not None and delegation not in state.members:
            sessions.forget_base(tx, room, delegation)

    def latest(self) -> int:
        """The furthest our hybrid logical clock has come, ms UTC."""
        return self._last[0]

    def tick(self) -> tuple[int, int]:
        """The next reading of our hybrid logical clock (ms UTC, counter): never back, whatever the clock says."""
        now = self.clock.now()
        self._last = (now, 0) if now > self._last[0] else (self._last[0], self._last[1] + 1)
        return self._last

    def _take(self) -> views.Changes:
        touched, self._touched = self._touched, Touched()
        status, self._status = self._status, False
        settings, self._settings = self._settings, False
        return views.Changes(
            frozenset(touched.rooms),
            frozenset(touched.texts),
            frozenset(touched.threads),
            frozenset(touched.contacts),
            frozenset(touched.registers),
            frozenset(touched.incidents),
            status,
            settings,
        )

    def _announce(self, changes: views.Changes) -> None:
        if changes == views.Changes():
            return
        for listener in list(self._listeners):
            listener(changes)
