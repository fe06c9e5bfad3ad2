"""Founding a delegation, and admitting a laptop in one call (the command line and the simulation; the window holds a ceremony)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valise.desk.ceremony import DAY, Ceremony, from_file
from valise.desk.context import Context
from valise.desk.door_laptops import Admit, Terms
from valise.desk.ports import Entropy
from valise.domain.errors import NotAllowed
from valise.domain.kinds import RIGHTS
from valise.protocol.card import Card, CardDevice, make_card
from valise.protocol.certificate import DeviceSecret, make_certificate
from valise.protocol.olm import OlmAccount
from valise.protocol.request import make_request, read_request
from valise.protocol.root import SECRET, Root
from valise.protocol.rootfile import FLOOR

TERM = 730 * DAY


@dataclass(frozen=True, slots=True)
class Founding:
    """A new delegation: its card with the one device, and the secret of that device. `root` is open: close it."""

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
    root, secret = Root.of_secret(entropy(SECRET)), new_device(entropy)
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

    The new card is ours from here on and goes to every peer. NotAllowed("rights.missing" | "root.other" | "laptop.*"),
    WrongPassphrase("rootfile.passphrase"), Refused("request.*" | "rootfile.*").
    """
    if "enrol" not in context.own.rights:
        raise NotAllowed("rights.missing")
    request = read_request(request_file)
    terms = Terms(request.officer, request.role, tuple(rights))
    with Ceremony(context, secret, from_file(key_file, passphrase, floor)) as ceremony:
        return ceremony.sign([Admit(request_file, terms, request.check_code)]).answers[0]
