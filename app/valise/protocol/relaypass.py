"""The pass in a card that is handed over: where its receiver may write to us before we share a room, and with which credential.

Signed by one laptop of the card's delegation that may speak for it, not by the root: a pass is made for one receiver, in a
moment when the root is offline. It stands beside the signed list as prekeys do, in the file only and never in a frame. Who has
the file has the key to a slot of our inbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from valise.domain.errors import Refused
from valise.domain.relay import Address, address_body, read_address
from valise.protocol import canonical, fields, signing
from valise.protocol.certificate import Certificate, device_id
from valise.protocol.signing import DeviceKey

VERSION: Final = 1
RIGHT: Final = "commit"
_DOMAIN: Final = "valise/v1/pass"


@dataclass(frozen=True, slots=True)
class Pass:
    """A verified pass. `at` ms UTC by the clock of the laptop that made it."""

    device: str
    at: int
    address: Address = field(repr=False)
    raw: bytes = field(repr=False)
    sig: bytes


def make_pass(address: Address, key: DeviceKey, at: int) -> Pass:
    """Sign one. `key` is this laptop's Ed25519 key."""
    device = device_id(key.public)
    raw = canonical.encode({"v": VERSION, "device": device, "at": at, "address": address_body(address)})
    return Pass(device, at, address, raw, key.sign(canonical.digest(_DOMAIN, raw)))


def read_pass(raw: bytes, sig: bytes, certificates: tuple[Certificate, ...]) -> Pass:
    """Verify against every certificate of the laptop it names: one of them has to permit it.

    Refused("card.malformed" | "card.version" | "card.signature").
    """
    held = fields.read(raw, "card", ("v", "device", "at", "address"), VERSION)
    known = [one for one in certificates if one.device == held["device"] and RIGHT in one.rights]
    if not known:
        raise Refused("card.malformed", "a pass of no laptop that may give one")
    try:
        signing.verify(known[0].ed25519, canonical.digest(_DOMAIN, raw), sig)
    except Refused:
        raise Refused("card.signature", "the signature of a pass does not verify") from None
    try:
        address = read_address(held["address"])
    except Refused:
        raise Refused("card.malformed", "a pass leads nowhere") from None
    return Pass(known[0].device, fields.whole(held["at"], "card"), address, raw, sig)
