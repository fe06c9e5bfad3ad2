"""Founding a delegation and enrolling its laptops: the only acts in which the root key is in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valise.desk.cards import accept_card
from valise.desk.context import Context
from valise.desk.ports import Entropy
from valise.domain.errors import NotAllowed
from valise.domain.kinds import RIGHTS
from valise.protocol.card import Card, CardDevice, make_card, read_card
from valise.protocol.certificate import DeviceSecret, Root, make_certificate
from valise.protocol.grant import make_grant
from valise.protocol.olm import OlmAccount
from valise.protocol.request import make_request, read_request
from valise.protocol.rootfile import FLOOR, open_root
from valise.vault import people

YEAR = 365 * 24 * 3600 * 1000
TERM = 2 * YEAR


@dataclass(frozen=True, slots=True)
class Founding:
    """A new delegation: its card with the one device, and the secret of that device."""

    root: Root
    card: Card
    secret: DeviceSecret


def new_device(entropy: Entropy) -> DeviceSecret:
    """A fresh device; its seeds come from `entropy` so that a simulation replays to the byte."""
    return DeviceSecret(
        ed25519_seed=entropy(32),
        composite_seed=entropy(64),
        account=OlmAccount.new(),
        prekey_seed=entropy(32),
        mailbox=entropy(16),
    )


def found(code: str, name: str, officer: str, role: str, now: int, entropy: Entropy) -> Founding:
    """A delegation with its first device, which has every right. Refused("card.malformed") for an impossible code or name."""
    root, secret = Root(entropy(64)), new_device(entropy)
    request = make_request(secret, officer, role, now)
    certificate = make_certificate(root, request, rights=RIGHTS, not_before=now, not_after=now + TERM, number=1)
    device = CardDevice(certificate, request.prekeys, secret.mailbox)
    card = make_card(root, code=code, name=name, devices=[device], number=1, prev="", issued_at=now)
    return Founding(root, card, secret)


def grant(
    context: Context,
    secret: DeviceSecret,
    request_file: bytes,
    key_file: bytes,
    passphrase: bytearray,
    rights: Sequence[str],
    floor: tuple[int, int] = FLOOR,
) -> bytes:
    """Certify a second laptop with the delegation key file; returns the enrolment file for it.

    The new card is ours from here on and goes to every peer. NotAllowed("rights.missing" | "root.other"),
    WrongPassphrase("rootfile.passphrase"), Refused("request.*" | "rootfile.*").
    """
    if "enrol" not in context.own.rights:
        raise NotAllowed("rights.missing")
    request = read_request(request_file)
    root = open_root(key_file, passphrase, floor)
    if root.delegation != context.own.delegation:
        raise NotAllowed("root.other")
    wanted = tuple(one for one in RIGHTS if one in rights)
    now = context.clock.now()
    with context.write() as tx:
        person = people.one(tx, context.own.delegation)
        assert person is not None
        card = read_card(person.card)
        if card.device(request.device) is not None:
            raise NotAllowed("request.known")
        certificate = make_certificate(
            root, request, rights=wanted, not_before=now, not_after=now + TERM, number=len(card.devices) + 1
        )
        devices = [*card.devices, CardDevice(certificate, request.prekeys, request.mailbox)]
        made = make_card(
            root,
            code=card.code,
            name=card.name,
            devices=devices,
            number=card.number + 1,
            prev=card.hash,
            issued_at=now,
            relay=card.relay,
        )
        accept_card(context, tx, made, imported=True)
        others = [read_card(one.card) for one in people.everybody(tx) if not one.own and not one.stopped]
        return make_grant(request, certificate, made, others, secret)
