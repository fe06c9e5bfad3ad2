"""The ceremony: the root key is opened, signs one new card with everything that was decided, and is closed again.

Nothing else in Valise has the root key in memory, founding apart. A certificate never begins before the last thing the
root signed: with the clock of this laptop set years back its term would be over before it began (decision 32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from valise.desk.cards import accept_card
from valise.desk.context import RECORD, Context
from valise.desk.door_laptops import REASONS, Act, Admit, Performed, Renew, Revoke, Terms
from valise.domain.errors import NotAllowed
from valise.domain.kinds import RIGHTS
from valise.protocol import shares as slip39
from valise.protocol.card import MAX_EARLIER, Card, CardDevice, make_card, read_card
from valise.protocol.certificate import DeviceSecret, make_certificate, needed, renew_certificate
from valise.protocol.grant import make_grant
from valise.protocol.request import Request, read_request
from valise.protocol.root import Root
from valise.protocol.rootfile import FLOOR, open_root
from valise.vault import generation, people
from valise.vault.store import Tx

DAY = 24 * 3600 * 1000
MOST_DAYS = 1096  # three years
CARD_MOST = 150_000  # bytes: what a frame takes beside its own words


def from_file(key_file: bytes, passphrase: bytearray, floor: tuple[int, int] = FLOOR) -> Root:
    """The root key of a key file. Wipes `passphrase`. WrongPassphrase("rootfile.passphrase"), Refused("rootfile.*")."""
    try:
        return open_root(key_file, passphrase, floor)
    finally:
        passphrase[:] = bytes(len(passphrase))


def from_shares(words: Sequence[str]) -> Root:
    """The root key of recovery shares. Refused("shares.*")."""
    secret = bytearray(slip39.join(words))
    try:
        return Root.of_secret(secret)
    finally:
        secret[:] = bytes(len(secret))


@dataclass(slots=True)
class _Draft:
    """The card that is being made."""

    old: Card
    devices: list[CardDevice]
    start: int
    number: int  # the next certificate's


class Ceremony:
    """`with Ceremony(context, device secret, root) as act: act.sign([...])`; the root key is closed at its end.

    NotAllowed("rights.missing" | "root.other") when it may not begin; the root key is closed then too.
    """

    def __init__(self, context: Context, granter: DeviceSecret, root: Root) -> None:
        self.context, self.root = context, root
        self._granter = granter
        try:
            if "enrol" not in context.own.rights:
                raise NotAllowed("rights.missing")
            if root.delegation != context.own.delegation:
                raise NotAllowed("root.other")
        except NotAllowed:
            root.close()
            raise

    def __enter__(self) -> Ceremony:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.root.close()

    def sign(self, acts: Sequence[Act]) -> Performed:
        """One new card with all of them, kept here and on its way to everybody. NotAllowed("laptop.*" | "request.known" |
        "copy.old"), Refused("request.*" | "certificate.*"). Nothing is changed when it fails."""
        if not acts:
            raise NotAllowed("laptop.nothing")
        with self.context.write() as tx:
            if any(generation.held(tx, room, RECORD) for (room,) in tx.rows("select id from room")):
                raise NotAllowed("copy.old", "a newer card of ours may exist that this older copy has not seen")
            old = read_card(people.card(tx, self.context.own.delegation))
            draft = _Draft(old, list(old.devices), self._start(old), _next(old))
            asked = [one for one in (self._act(tx, draft, act) for act in acts) if one is not None]
            self._usable(draft.devices)
            made = make_card(
                self.root,
                code=old.code,
                name=old.name,
                devices=draft.devices,
                number=old.number + 1,
                prev=old.hash,
                issued_at=draft.start,
                relay=old.relay,
            )
            if len(made.data) > CARD_MOST:
                raise NotAllowed("laptop.card_full")
            accept_card(self.context, tx, made, imported=True)
            answers = [self._answer(tx, made, one) for one in asked]
        return Performed(tuple(answers), made.number)

    def shares(self, need: int, total: int) -> tuple[str, ...]:
        """Recovery shares. NotAllowed("root.not_splittable"), Refused("shares.number")."""
        if self.root.secret is None:
            raise NotAllowed("root.not_splittable")
        return slip39.split(bytes(self.root.secret), need, total)

    def _start(self, card: Card) -> int:
        signed = [card.issued_at, *(one.certificate.not_before for one in card.devices)]
        # a clock ahead is not followed for ever: what the root signed then is at most as far ahead as it was
        return max(self.context.clock.now(), *signed)

    def _act(self, tx: Tx, draft: _Draft, act: Act) -> Request | None:
        if isinstance(act, Admit):
            return self._admit(draft, act)
        place = next((i for i, one in enumerate(draft.devices) if one.certificate.device == act.device), None)
        if place is None:
            raise NotAllowed("laptop.unknown")
        entry = draft.devices[place]
        if entry.revoked_at:
            raise NotAllowed("laptop.revoked")
        if isinstance(act, Renew):
            draft.devices[place] = self._renew(draft, entry, act)
        else:
            draft.devices[place] = self._revoke(tx, draft, entry, act)
        return None

    def _admit(self, draft: _Draft, act: Admit) -> Request:
        request = read_request(act.request)
        if request.check_code != act.check_code:
            raise NotAllowed("laptop.code")
        if any(one.certificate.device == request.device for one in draft.devices):
            raise NotAllowed("request.known")
        terms = _checked(act.terms)
        made = make_certificate(
            self.root,
            request,
            rights=terms.rights,
            not_before=draft.start,
            not_after=draft.start + terms.days * DAY,
            number=draft.number,
            rooms=terms.rooms,
            officer=terms.officer,
            role=terms.role,
        )
        draft.number += 1
        draft.devices.append(CardDevice(made, request.prekeys, request.mailbox))
        return request

    def _renew(self, draft: _Draft, entry: CardDevice, act: Renew) -> CardDevice:
        terms = _checked(act.terms)
        made = renew_certificate(
            self.root,
            entry.certificate,
            rights=terms.rights,
            not_before=draft.start,
            not_after=draft.start + terms.days * DAY,
            number=draft.number,
            rooms=terms.rooms,
            officer=terms.officer,
            role=terms.role,
        )
        draft.number += 1
        earlier = needed(made, (*entry.earlier, entry.certificate))
        if len(earlier) > MAX_EARLIER:
            raise NotAllowed("laptop.earlier")
        return replace(entry, certificate=made, earlier=earlier)

    def _revoke(self, tx: Tx, draft: _Draft, entry: CardDevice, act: Revoke) -> CardDevice:
        device = entry.certificate.device
        if device == self.context.own.device:
            raise NotAllowed("laptop.itself")
        if act.reason not in REASONS:
            raise NotAllowed("laptop.reason")
        tx.run("insert into revocation(device, reason, at) values (?,?,?)", (device, act.reason, draft.start))
        return replace(entry, revoked_at=max(1, draft.start), prekeys=None)

    def _usable(self, devices: Sequence[CardDevice]) -> None:
        """Somebody must be left who may admit laptops and is in every room."""
        kept = [one.certificate for one in devices if not one.revoked_at]
        if not any("enrol" in one.rights and not one.rooms for one in kept):
            raise NotAllowed("laptop.last")

    def _answer(self, tx: Tx, made: Card, request: Request) -> bytes:
        entry = made.device(request.device)
        assert entry is not None
        others = [read_card(people.card(tx, one.id)) for one in people.everybody(tx) if not one.own and one.stopped != "replaced"]
        return make_grant(request, entry.certificate, made, others, self._granter)


def _next(card: Card) -> int:
    """The number of the delegation's next certificate."""
    return 1 + max(cert.number for one in card.devices for cert in (one.certificate, *one.earlier))


def _checked(terms: Terms) -> Terms:
    """Rights in their order, with the right to read, which nobody lacks."""
    if not 1 <= terms.days <= MOST_DAYS:
        raise NotAllowed("laptop.term")
    if set(terms.rights) - set(RIGHTS):
        raise NotAllowed("laptop.rights")
    return replace(terms, rights=tuple(one for one in RIGHTS if one in terms.rights or one == "observe"))
