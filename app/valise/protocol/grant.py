"""The enrolment file: what a delegation's new laptop gets back from the first one.

Its certificate, the delegation's new card, the contacts' cards. Signed by the granting device and sealed to
the X-Wing prekey of the request, so that a lost stick names nobody. As a file: VALISE-GRANT-1, base64url.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, fields, hpke, padding
from valise.protocol.canonical import digest
from valise.protocol.card import Card, read_card
from valise.protocol.certificate import Certificate, DeviceSecret
from valise.protocol.request import Request
from valise.protocol.signing import verify

MAGIC: Final = "VALISE-GRANT-1"
LIMIT: Final = 16 << 20
MAX_CONTACTS: Final = 600
_FLOOR: Final = 64 * 1024
_DOMAIN: Final = "valise/v1/grant"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a verified enrolment file holds. `granter` is the id of the device that made it."""

    certificate: Certificate
    card: Card
    contacts: tuple[Card, ...]
    granter: str


def _info(device: str, key_id: bytes) -> bytes:
    return b"valise/v1/grant\0" + canonical.unb64u(device, 32) + key_id


def make_grant(
    request: Request, certificate: Certificate, card: Card, contacts: Iterable[Card], granter: DeviceSecret
) -> bytes:
    """The file for the laptop that made `request`. `card` already lists its certificate.

    Raises Refused("grant.too_large" | "grant.card").
    """
    if card.device(certificate.device) is None or card.device(granter.id) is None:
        raise Refused("grant.card", "the card does not list both laptops")
    inner = cbor.encode([granter.id, certificate.device, card.data, [one.data for one in contacts]])
    if len(inner) > LIMIT // 2:
        raise Refused("grant.too_large", "too many contacts for one file")
    signed = cbor.encode([inner, granter.key.sign(digest(_DOMAIN, inner))])
    xwing = request.prekeys.xwing
    info = _info(request.device, hpke.key_id(xwing))
    return fields.armour(MAGIC, hpke.seal(xwing, padding.pad(signed, _FLOOR), info))


def read_grant(data: bytes, secret: DeviceSecret) -> Grant:
    """Open and verify everything with the secret the request was made from.

    Raises Refused("grant.magic" | "grant.malformed" | "grant.closed" | "grant.signature" | "grant.certificate" |
    "grant.rights") or "card.*".
    """
    sealed = fields.unarmour(MAGIC, data, "grant", LIMIT)
    try:
        padded = hpke.open(secret.prekey, sealed, _info(secret.id, secret.prekey.key_id))
    except Refused:
        raise Refused("grant.closed", "made for another laptop, or altered") from None
    try:
        signed = padding.unpad(padded, _FLOOR)
    except Refused:
        raise Refused("grant.malformed", "the padding is not the one our senders write") from None
    inner, sig = fields.parts(signed, "grant", 2, LIMIT)
    try:
        held = cbor.decode(inner, LIMIT)
    except Refused:
        raise Refused("grant.malformed", "not CBOR") from None
    if type(held) is not list or [type(one) for one in held] != [str, str, bytes, list]:
        raise Refused("grant.malformed", "not the parts of an enrolment file")
    granter_id, device, card_data, others = held
    if len(others) > MAX_CONTACTS or any(type(one) is not bytes for one in others):
        raise Refused("grant.malformed", "the contacts are not cards")
    card = read_card(card_data)
    granter = card.device(granter_id)
    if granter is None or granter.revoked_at or "enrol" not in granter.certificate.rights:
        raise Refused("grant.rights", "made by a device that may not enrol")
    try:
        verify(granter.certificate.ed25519, digest(_DOMAIN, inner), sig)
    except Refused:
        raise Refused("grant.signature", "the signature does not verify") from None
    own = card.device(secret.id)
    if device != secret.id or own is None or own.revoked_at:
        raise Refused("grant.certificate", "not the certificate of this laptop")
    certificate = own.certificate
    keys = (secret.key.public, secret.composite.public, secret.account.identity)
    if (certificate.ed25519, certificate.composite, certificate.olm) != keys or own.mailbox != secret.mailbox:
        raise Refused("grant.certificate", "not the keys of this laptop")
    contacts = tuple(read_card(one) for one in others)
    if len({one.delegation for one in (card, *contacts)}) != 1 + len(contacts):
        raise Refused("grant.malformed", "a delegation is there twice")
    return Grant(certificate, card, contacts, granter_id)
