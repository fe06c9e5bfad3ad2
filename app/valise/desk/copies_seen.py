"""What the window asks about copies of vaults and about the state of the disk; and the point kept in the keyring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from valise.desk import views
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.copies import Copies
from valise.desk.door_copies import CopiesView, CopyNoticed, RoomWaits
from valise.domain.errors import Damaged, Refused, ValiseError
from valise.protocol import canonical
from valise.protocol.statement import NOWHERE, Point
from valise.vault import checks, generation, good, prekeys, sessions
from valise.vault.checks import Progress
from valise.vault.store import Handle, Tx

TELL = 60_000  # ms between two points given to the keyring
DAY = 24 * 3600 * 1000
STEPS = 4  # steps of the daily check after a round of the exchange


class CopiesDesk(Copies):
    """The door's Copies."""

    def __init__(self, context: Context, key: bytes) -> None:
        super().__init__(context, key)
        self._name = f"point-{canonical.digest('valise/v1/keyring', key).hex()[:32]}"
        self._quiet = False  # the keyring did not answer
        self._scrub: checks.Scrub | None = None
        self._kept = (0, 0)  # when a point was given to the keyring, and the generation then
        context.may_name = self.may_name

    def start(self) -> None:
        """At unlock: does anybody outside the database know a later point?"""
        try:
            kept = self.context.custodian.look(self._name)
        except ValiseError:
            kept, self._quiet = None, True
        marks = self.context.store.marks
        found: list[tuple[Point, str]] = []
        if marks.later is not None:
            found.append((generation.marked(*marks.later, self.key), "seal"))
        if marks.pages:
            found.append((NOWHERE, "pages"))
        point = Point(int.from_bytes(kept[:8], "big"), kept[8:]) if kept and len(kept) == 40 else NOWHERE
        with self.context.read() as handle:
            if handle.row("select 1 from meta where key = 'salvaged'"):
                found.append((NOWHERE, "salvage"))
            if generation.ours(point, self.key) and not generation.told(handle, point):
                found.append((point, "keyring"))
            vouched = point.generation > 0 and not found
        if found:
            try:
                with self.context.write() as tx:
                    tx.run("delete from meta where key = 'salvaged'")
                    self.begin(tx, max(one[0] for one in found), found[0][1])
            except Refused:
                if marks.pages:  # tables that verify and do not fit each other: nothing can be written with them
                    self.context.store.found_damaged()
                    raise Damaged("vault.damaged", "old pages stand among newer ones") from None
                raise
        elif not vouched:
            # nothing outside the vault says that this is its newest state: no place of a ratchet is used that an older
            # copy would use again
            with self.context.write() as tx:
                sessions.drop_out(tx)
                prekeys.renew_everybody(tx)

    def may_name(self, tx: Handle, room: str) -> bool:
        """Whether others may be told of what waits here before it leaves. Not while another life of this vault may have signed in
        its place; one that finds out when it starts has signed nothing in its own."""
        old = generation.old(tx)
        if old is not None and old.cause in ("peer", "history") and generation.held(tx, room, RECORD):
            return False
        return not (self._claimed(tx, room) or self._doubts(tx, room))

    def leaving(self) -> None:
        """The keyring hears where we stand before the first thing leaves after a start: an older copy is then told of it."""
        if self._kept == (0, 0):
            self.beat()

    def beat(self, *, last: bool = False) -> None:
        """Let the keyring know where we stand, at most once a minute. Never inside a transaction; its failure is no error."""
        if self._quiet:
            return
        now, at = self.context.clock.now(), self.context.store.generation()
        if at == self._kept[1] or (not last and 0 <= now - self._kept[0] < TELL):
            return
        with self.context.write() as tx:
            point = generation.here(tx, self.key)
            generation.tell(tx, point, "")
            generation.thin(tx)
        try:
            self.context.custodian.keep(self._name, point.generation.to_bytes(8, "big") + point.root)
        except ValiseError:
            self._quiet = True  # asked again at the next start
        self._kept = (now, point.generation)

    def close(self) -> None:
        """The vault is about to close."""
        self._scrub = None
        with suppress(ValiseError):  # a full disk must not keep it from closing
            self.beat(last=True)

    # -- the disk

    def tend(self) -> None:
        """After each round of the exchange: the keyring, a part of the daily check, the daily good copy."""
        try:
            self.beat()
            self._check_a_part()
        except ValiseError:
            self._scrub = None  # a disk that does not answer is told where somebody waits for it; the check begins anew

    def _check_a_part(self) -> None:
        now = self.context.clock.now()
        if self._scrub is None:
            with self.context.read() as handle:
                before = checks.last(handle)
            if before is not None and 0 <= now - before.at < DAY:
                if before.sound and not 0 <= now - self._good_at() < DAY:
                    self._keep_good(now)
                return
            self._scrub = checks.Scrub(self.context.store)
        for _ in range(STEPS):
            if not self._scrub.step():
                self._scrub.result(now)
                self._scrub = None
                self._tell()
                return

    def check_now(self, progress: Progress | None = None) -> tuple[str, ...]:
        """Check everything at once; what is wrong. Unavailable("vault.*")."""
        self._scrub = None
        found = checks.integrity(self.context.store, self.context.clock.now(), progress)
        if found.sound:
            self._keep_good(found.at)
        self._tell()
        return found.problems

    def _good_at(self) -> int:
        with self.context.read() as handle:
            kept = int(handle.value("select value from meta where key = 'good'", (), 0))
        return kept if good.kept_at(self.context.store) else 0

    def _keep_good(self, now: int) -> None:
        if good.keep(self.context.store):
            with self.context.write() as tx:
                tx.run("insert or replace into meta(key, value) values ('good', ?)", (now,))
                self.context.touch(status=True)

    def _tell(self) -> None:
        with self.context.write():
            self.context.touch(status=True)

    # -- for the window

    def state(self) -> CopiesView:
        """Everything there is to say of this vault's copies and of others'."""
        with self.context.write() as tx:  # rosters are asked for: they are kept for the length of a transaction
            old, check = generation.old(tx), checks.last(tx)
            events = tx.rows("select detail from event where code = 'vault.salvaged' order by id desc limit 1")
            return CopiesView(
                old.at if old else 0,
                old.cause if old else "",
                tuple(self._waiting(tx)) if old else (),
                tx.value("select count(*) from copy_aside where problem != ''", (), 0),
                tuple(self._noticed(tx)),
                check.at if check else 0,
                check.problems if check else (),
                self._good_at(),
                not self._quiet,
                tuple((table, rows, lost) for table, rows, lost in json.loads(events[0][0])) if events else (),
            )

    def _waiting(self, tx: Tx) -> Iterator[RoomWaits]:
        names = dict(tx.rows("select id, name from delegation"))
        laptops = dict(tx.rows("select id, officer from device where delegation = ?", (self.context.own.delegation,)))
        mine = "select room from room_member where delegation = ?"
        for room, title in tx.rows(f"select id, title from room where id in ({mine})", (self.context.own.delegation,)):
            for klass in (RECORD, CHAT):
                missing = self.missing(tx, room, klass) if generation.held(tx, room, klass) else []
                who = tuple(names.get(one) or laptops.get(one, "") for one in missing if one in names or one in laptops)
                if missing:
                    what: Any = "answers" if who else missing[0] if missing[0] in ("history", "sealed") else "answers"
                    yield RoomWaits(room, title, who, what)
                    break

    def _noticed(self, handle: Handle) -> Iterator[CopyNoticed]:
        rows = handle.rows(
            "select delegation.id, name, officer, device, state, copy_seen.at, first, second from copy_seen"
            " join device on device.id = copy_seen.device join delegation on delegation.id = device.delegation order by n desc"
        )
        for row in rows:
            yield CopyNoticed(*row)

    def due(self) -> list[views.Due]:
        """What a person should look at."""
        now = self.context.clock.now()
        with self.context.read() as handle:
            old, check = generation.old(handle), checks.last(handle)
            mine = "select room from room_member where delegation = ?"
            rooms = [row[0] for row in handle.rows(mine, (self.context.own.delegation,))]
            waits = old is not None and any(generation.held(handle, one, RECORD) for one in rooms)
            two = handle.rows(
                "select distinct delegation.id, name, officer from copy_seen join device on device.id = copy_seen.device"
                " join delegation on delegation.id = device.delegation where state = 'two' and revoked_at = 0"
            )
        found = [views.Due("contacts", whose, "copy.two", (name, officer), now) for whose, name, officer in two]
        if waits and old is not None:
            found.append(views.Due("security", "checks", "copy.old", (), old.at))
        if check is not None and not check.sound:
            found.append(views.Due("security", "checks", "check.failed", (), check.at))
        elif check is not None and now - check.at > 8 * DAY:
            found.append(views.Due("security", "checks", "check.late", (str(check.at),), check.at))
        return found
