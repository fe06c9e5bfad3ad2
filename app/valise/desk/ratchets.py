"""Keys that move on: new prekeys in time, replaced keys kept for the window and then destroyed, and what a person sees of it.

A window is how long an envelope may be under way. It is that of the courier, unless the exchange goes through a carrier from
which things can be fetched at once and something of the delegation came within the online window (decision 39).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from valise import settings as declared
from valise.desk.context import Context
from valise.desk.door_ratchets import CardKeys, DelegationKeys, DeviceKeys, Way
from valise.desk.keys import KeyDesk
from valise.desk.repair import Repair
from valise.protocol import hpke
from valise.protocol.card import read_card, refresh
from valise.protocol.certificate import DeviceSecret
from valise.vault import people, prekeys, sessions
from valise.vault.append import Touched
from valise.vault.store import Handle, Tx

HOUR = 3600 * 1000
DAY = 24 * HOUR
TURN = 7 * DAY  # prekeys are replaced after so long in any case
TURN_USED = DAY  # and after so long when somebody has used them
SESSION = DAY  # how long a session is written with, at most (desk.sealing)
UNANSWERED = 2  # windows after which a reply key goes that was replaced and never answered: one each way


@dataclass(frozen=True, slots=True)
class Windows:
    """The two windows in ms, and which delegations are reached online."""

    online: int
    courier: int
    near: frozenset[str]

    def way(self, delegation: str) -> Way:
        return "online" if delegation in self.near else "courier"

    def of(self, delegation: str) -> int:
        """How long replaced keys are kept for envelopes of this delegation."""
        return self.online if delegation in self.near else self.courier


class RatchetsDesk:
    """The door's Ratchets, and what the exchange asks of it. `online` says whether what is put for a
    delegation can be fetched at once."""

    def __init__(self, context: Context, keys: KeyDesk, repair: Repair) -> None:
        self.context = context
        self.keys = keys
        self.repair = repair
        self.online: Callable[[Handle, str], bool] = lambda handle, delegation: False
        self._looked = 0

    # -- what the exchange asks for

    def due(self, tx: Tx) -> int:
        """Once an hour: new prekeys where it is time, replaced keys destroyed whose window has passed. Returns how many went."""
        now = self.context.clock.now()
        if 0 <= now - self._looked < HOUR:
            return 0
        self._looked = now
        prekeys.made_no_later(tx, now)
        sessions.replies_not_after(tx, now)
        if self._time_to_turn(tx, now):
            self.turn(tx)
        return self.destroy(tx)

    def forget(self) -> None:
        """A transaction did not happen: look again at the next."""
        self._looked = 0

    def _time_to_turn(self, tx: Tx, now: int) -> bool:
        row = self.keys.generation(tx)
        age = now - row.made_at
        own = people.prekey(tx, self.context.own.device)
        # a peer showed us prekeys of this laptop that it has not made: its vault was put back, or copied
        strange = bool(own) and hpke.key_id(own) != row.id
        return age >= TURN or ((bool(row.used_at) or strange) and age >= TURN_USED)

    def turn(self, tx: Tx) -> None:
        """New prekeys, signed by this device, on our card and on its way to every room. The old ones are kept apart."""
        now = self.context.clock.now()
        self.keys.generation(tx)
        secret = self._secret(tx)
        apart = secret.account.dump()  # the one place from here on that holds the fallback key it now shows
        card = read_card(self._card(tx))
        listed = card.device(self.context.own.device)
        shown = listed.prekeys.number if listed is not None and listed.prekeys is not None else 0
        # never below the clock: a vault put back to an older state must not make a number that was there
        old = secret.renew_prekeys(self.context.entropy(32), max(shown + 1, now))
        prekeys.retire(tx, old.key_id, apart, now)
        prekeys.keep(tx, secret.prekey.key_id, secret.prekey_count, secret.prekey.seed, now)
        tx.run("update secret set value = ? where name = 'device'", (secret.to_bytes(),))
        self.keys.keep_account(tx, secret.account)
        people.store_card(tx, refresh(card, secret.prekeys(now)), trust="own", now=now, own=True)
        for room in prekeys.owe_card(tx):
            self.repair.owe(tx, room)
        self.context.touch(Touched(contacts={self.context.own.delegation}), status=True)

    def destroy(self, tx: Tx) -> int:
        """Every private key whose window has passed goes. Returns how many went."""
        now = self.context.clock.now()
        windows = self.windows(tx)
        gone = prekeys.destroy(tx, now - windows.courier, now)
        for device, delegation, revoked_at in tx.rows(
            "select id, delegation, revoked_at from device where id in (select device from reply_key union"
            " select device from session_in union select device from olm) order by id"
        ):
            window = windows.of(delegation)
            gone += sessions.forget_in_of(tx, device, now - min(window + SESSION, windows.courier))
            if revoked_at and revoked_at <= now - window:
                gone += sessions.forget_device(tx, device)
                continue
            gone += sessions.forget_replies(tx, device, now - window, now - UNANSWERED * window, now)
            gone += sessions.forget_olm(tx, device, now - window)
        gone += self._destroy_made(tx, windows, now)
        prekeys.forget_gone(tx, now - UNANSWERED * windows.courier)
        if gone:
            hpke.forget()
        return gone

    def _destroy_made(self, tx: Tx, windows: Windows, now: int) -> int:
        """Our own sessions, which are written with for a day: as long as the slowest of those they were made for."""
        whose = dict(tx.rows("select id, delegation from device"))
        ended = []
        for tag, recipients, made_at in sessions.made_before(tx, now - SESSION):
            window = max((windows.of(whose.get(one, "")) for one in recipients.split(",")), default=windows.courier)
            if made_at <= now - min(window + SESSION, windows.courier):
                ended.append(tag)
        sessions.drop_made(tx, ended)
        return len(ended)

    def begin_anew(self, tx: Tx) -> None:
        """This vault was put back to an older state: nothing of its ratchets is written with again.

        New sessions in every room, new Olm sessions by the keys of each card, new prekeys. What peers seal to what was lost
        they seal again when they hear that it could not be opened.
        """
        sessions.drop_out(tx)
        tx.run("delete from olm")
        tx.run("delete from peer_key")
        self.turn(tx)

    def windows(self, handle: Handle) -> Windows:
        """As they are now."""
        stored = dict(handle.rows("select key, value from setting where key in ('exchange.online_hours', 'exchange.courier_days')"))
        online = declared.get(stored, "exchange.online_hours") * HOUR
        courier = declared.get(stored, "exchange.courier_days") * DAY
        heard = handle.rows(
            "select distinct delegation from device join ratchet on ratchet.device = device.id where heard_at > ?",
            (self.context.clock.now() - online,),
        )
        near = frozenset(row[0] for row in heard if self.online(handle, row[0]))
        return Windows(min(online, courier), courier, near)

    # -- the door's

    def move_on(self) -> None:
        """New keys for first contact now; at the next send new sessions, their keys in new Olm sessions."""
        with self.context.write() as tx:
            self.turn(tx)
            sessions.drop_out(tx)
            prekeys.renew_everybody(tx)

    def card(self) -> CardKeys:
        """The keys on our card."""
        with self.context.read() as handle:
            now, old = prekeys.present(handle), prekeys.retired(handle)
            window = self.windows(handle).courier
            asked = prekeys.last_asked(handle)
        made = [one.made_at for one in (*old, *((now,) if now else ()))]
        until = max((one.retired_at + window for one in old), default=0)
        return CardKeys(now.made_at if now else 0, len(old), min(made, default=0), until, asked)

    def all(self) -> list[DelegationKeys]:
        """Every delegation with its laptops that are in use, this one left out."""
        found = []
        with self.context.read() as handle:
            windows = self.windows(handle)
            sessions_in, replies = sessions.kept_in(handle), sessions.kept_replies(handle)
            for person in people.everybody(handle):
                window = windows.of(person.id)
                devices = []
                for one in people.devices(handle, person.id):
                    if one.revoked_at or one.id == self.context.own.device:
                        continue
                    row = prekeys.ratchet(handle, one.id)
                    # a session's key opens what was sent in it, a reply key what was sealed to it since it was given
                    first, last = sessions_in.get(one.id, (0, 0))
                    given, passed, replaced = replies.get(one.id, (0, 0, 0))
                    until = (
                        last + min(window + SESSION, windows.courier) if last else 0,
                        passed + window if passed else 0,
                        replaced + UNANSWERED * window if replaced else 0,
                    )
                    since = min(filter(None, (first, given)), default=0)
                    devices.append(
                        DeviceKeys(one.id, one.officer, row.since, row.moved_at, row.heard_at, since, max(until))
                    )
                if devices and person.stopped != "replaced":
                    way = windows.way(person.id)
                    found.append(DelegationKeys(person.id, person.code, person.name, way, window, tuple(devices)))
        return found

    # -- inside

    def _secret(self, tx: Tx) -> DeviceSecret:
        """The device's secret as the vault has it, with its live Olm account."""
        made = DeviceSecret.from_bytes(tx.row("select value from secret where name = 'device'")[0])
        made.account = self.keys.account(tx)
        return made

    def _card(self, tx: Tx) -> bytes:
        return people.card(tx, self.context.own.delegation)


__all__ = ["RatchetsDesk", "Windows"]
