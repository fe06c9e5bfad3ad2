"""How well this laptop is kept: what the house asks for, point by point, against what is so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, Protocol

from valise import VERSION
from valise.desk.backups import BackupsDesk
from valise.desk.contacts import ContactsDesk
from valise.desk.context import Context
from valise.desk.copies_seen import CopiesDesk
from valise.desk.door_hygiene import Checked, Doubt
from valise.desk.laptops import LaptopsDesk
from valise.desk.relays import RelayDesk
from valise.desk.slots import SlotsDesk
from valise.vault.slots import Kdf

RELEASED: Final = date(2026, 11, 22)  # of this version; from its age on a newer one is asked for, since nothing is looked up
DAY: Final = 24 * 3600 * 1000
LOCK_MINUTES: Final = 10
PASSPHRASE_DAYS: Final = 730
REHEARSAL_DAYS: Final = 365
BACKUP_DAYS: Final = 7
SCRUB_DAYS: Final = 8
VERSION_DAYS: Final = 183
RELAY_DAYS: Final = 14


class Values(Protocol):
    def get(self, key: str) -> object: ...


class HygieneDesk:
    """door_hygiene.Hygiene. `kdf` is the least a passphrase is protected with."""

    def __init__(
        self, context: Context, settings: Values, slots: SlotsDesk, backups: BackupsDesk, contacts: ContactsDesk,
        copies: CopiesDesk, relays: RelayDesk, laptops: LaptopsDesk, kdf: Kdf | None = None,
    ) -> None:  # fmt: skip
        self.context = context
        self._settings, self._slots, self._backups, self._contacts = settings, slots, backups, contacts
        self._copies, self._relays, self._laptops = copies, relays, laptops
        self._floor = kdf or Kdf()

    def state(self) -> tuple[Checked, ...]:
        """See door_hygiene."""
        now = self.context.clock.now()
        return tuple(
            one
            for found in (
                self._lock(), self._ways_in(now), self._backup(now), self._people(), self._scrub(now), self._version(now),
                self._relay(now), self._own_laptops(), self._key(),
            )
            for one in found
        )  # fmt: skip

    def _lock(self) -> Iterator[Checked]:
        minutes = self._settings.get("lock.idle_minutes")
        assert isinstance(minutes, int)
        yield Checked("lock", "" if minutes <= LOCK_MINUTES else "late", "settings", "lock.idle_minutes", minutes)

    def _ways_in(self, now: int) -> Iterator[Checked]:
        slots = {one.kind: one for one in self._slots.all()}
        for kind in ("passphrase", "passphrase+keyring"):
            one = slots.get(kind)
            if one is None:
                continue
            weak = one.ops < self._floor.floor_ops or one.mem < self._floor.floor_mem >> 20
            old = bool(one.made) and now - one.made > PASSPHRASE_DAYS * DAY
            doubt: Doubt = "weak" if weak else "old" if old else ""
            yield Checked("passphrase", doubt, "security", "unlocking", _days(one.made, now), one.made)
        shares = slots.get("recovery")
        if shares is None:
            yield Checked("recovery", "never", "security", "unlocking:shares")
        else:
            late = now - shares.rehearsed > REHEARSAL_DAYS * DAY
            doubt = "untried" if not shares.rehearsed else "late" if late else ""
            yield Checked("recovery", doubt, "security", "unlocking:shares", shares.need, shares.rehearsed)

    def _backup(self, now: int) -> Iterator[Checked]:
        state = self._backups.state()
        if state.last is None:
            yield Checked("backup", "never", "security", "backups:now")
        else:
            late = state.age > BACKUP_DAYS and state.news > 0
            yield Checked("backup", "late" if late else "", "security", "backups:now", state.age, state.last.at)

    def _people(self) -> Iterator[Checked]:
        open_ = [one for one in self._contacts.all() if one.trust in ("received only", "unknown")]
        yield Checked("contacts", "some" if open_ else "", "contacts", open_[0].id if open_ else "", len(open_))

    def _scrub(self, now: int) -> Iterator[Checked]:
        view = self._copies.state()
        late = now - view.checked_at > SCRUB_DAYS * DAY
        doubt: Doubt = "wrong" if view.problems else "never" if not view.checked_at else "late" if late else ""
        yield Checked("scrub", doubt, "security", "checks", len(view.problems), view.checked_at)

    def _version(self, now: int) -> Iterator[Checked]:
        at = int(datetime(RELEASED.year, RELEASED.month, RELEASED.day, tzinfo=UTC).timestamp() * 1000)
        old = now - at > VERSION_DAYS * DAY
        yield Checked("version", "old" if old else "", "settings", "version", max(0, _days(at, now)), at, VERSION)

    def _relay(self, now: int) -> Iterator[Checked]:
        own = self._relays.own()
        if own.host and own.expires:
            left = (own.expires - now) // DAY
            doubt: Doubt = "ended" if own.expires <= now else "ending" if left < RELAY_DAYS else ""
            yield Checked("relay", doubt, "settings", "exchange", max(0, left), own.expires)

    def _own_laptops(self) -> Iterator[Checked]:
        used = [one for one in self._laptops.all() if one.state in ("in use", "expiring")]
        yield Checked("laptops", "" if len(used) > 1 else "one", "security", "laptops", len(used))

    def _key(self) -> Iterator[Checked]:
        yield Checked("key", "beside" if self._laptops.root().beside else "", "security", "laptops:key")


def _days(at: int, now: int) -> int:
    return (now - at) // DAY if at else 0
