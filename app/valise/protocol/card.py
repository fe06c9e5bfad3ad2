"""Contact cards: how one delegation makes itself known to another.

A card is the delegation's device list, numbered, hash-chained and signed by its root, with the certificates
it names and, beside them, each device's own signed prekeys: those change often and the root is offline, so
they are not under its signature. Where a device's certificate was renewed with fewer rights, the list also names
those of its earlier ones that gave more ("earlier"), and they come along: what was said with them stands, also for
somebody who never saw the card they were on. As a file: the line VALISE-CARD-1, then base64url; only the file may also hold a
pass (protocol.relaypass) for whoever it is handed to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from valise.domain.errors import Refused
from valise.protocol import cbor, fields, signing
from valise.protocol.canonical import b64u, digest, encode
from valise.protocol.certificate import (
    MAILBOX,
    NAME,
    Certificate,
    Prekeys,
    Root,
    certificate_hash,
    delegation_id,
    read_certificate,
    read_prekeys,
)
from valise.protocol.relaypass import Pass, read_pass

MAGIC: Final = "VALISE-CARD-1"
VERSION: Final = 1
MAX_DEVICES: Final = 64
MAX_EARLIER: Final = 8  # certificates a device
_DOMAIN: Final = "valise/v1/card"
_FIELDS: Final = ("v", "root", "code", "name", "number", "prev", "issued_at", "devices", "relay")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,11}\Z")
_HASH: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")

Succession = Literal["same", "next", "later", "older", "fork", "other"]


@dataclass(frozen=True, slots=True)
class CardDevice:
    """One device of a card. `prekeys` may be None only where `revoked_at` (ms UTC, 0 = in use) is set."""

    certificate: Certificate
    prekeys: Prekeys | None
    mailbox: bytes
    revoked_at: int = 0
    earlier: tuple[Certificate, ...] = ()  # by number

    @property
    def prekey(self) -> bytes:
        """X-Wing public key for first contact, b"" when revoked."""
        return self.prekeys.xwing if self.prekeys else b""

    @property
    def fallback(self) -> bytes:
        """Olm fallback key, b"" when revoked."""
        return self.prekeys.fallback if self.prekeys else b""


@dataclass(frozen=True, slots=True)
class Card:
    """A verified card. `hash` names the signed list (not the prekeys), `prev` the list before it, "" at 1."""

    delegation: str
    root: bytes
    code: str
    name: str
    number: int
    prev: str
    issued_at: int
    relay: str
    devices: tuple[CardDevice, ...]
    hash: str
    raw: bytes
    sig: bytes
    handed: Pass | None = None  # came with the file

    @property
    def data(self) -> bytes:
        """As it travels inside a frame and is kept: without a pass."""
        return cbor.encode(self._said())

    @property
    def file(self) -> bytes:
        """As it is mailed or carried, with its pass where it has one."""
        made = [self.handed.raw, self.handed.sig] if self.handed else []
        return fields.armour(MAGIC, cbor.encode(self._said() | ({"pass": made} if made else {})))

    def with_pass(self, handed: Pass) -> Card:
        """The same card for one receiver alone; see `file`. Refused("card.*") for a pass that is not of this card."""
        return read_card(replace(self, handed=handed).file)

    def _said(self) -> dict[str, Any]:
        earlier = [[cert.raw, cert.sig] for one in self.devices for cert in one.earlier]
        return {
            "list": self.raw,
            "sig": self.sig,
            "certificates": [[one.certificate.raw, one.certificate.sig] for one in self.devices],
            "prekeys": [[one.prekeys.raw, one.prekeys.sig] if one.prekeys else [] for one in self.devices],
        } | ({"earlier": earlier} if earlier else {})

    def device(self, device: str) -> CardDevice | None:
        """The device of this id."""
        return next((one for one in self.devices if one.certificate.device == device), None)


def make_card(
    root: Root,
    *,
    code: str,
    name: str,
    devices: Sequence[CardDevice],
    number: int,
    prev: str,
    issued_at: int,
    relay: str = "",
) -> Card:
    """Sign a device list. A device is never left out again once listed, only marked as revoked."""
    raw = encode(
        {
            "v": VERSION,
            "root": b64u(root.public),
            "code": code,
            "name": fields.tidy(name),
            "number": number,
            "prev": prev,
            "issued_at": issued_at,
            "devices": [
                {"certificate": one.certificate.hash, "mailbox": b64u(one.mailbox), "revoked_at": one.revoked_at}
                | ({"earlier": [cert.hash for cert in one.earlier]} if one.earlier else {})
                for one in devices
            ],
            "relay": relay,
        }
    )
    draft = Card(
        root.delegation,
        root.public,
        code,
        name,
        number,
        prev,
        issued_at,
        relay,
        tuple(devices),
        b64u(digest(_DOMAIN, raw)),
        raw,
        root.sign(_DOMAIN, raw),
    )
    return read_card(draft.data)


def refresh(card: Card, prekeys: Prekeys) -> Card:
    """The same card with newer prekeys of one device; needs no root. Older or equal ones change nothing."""
    devices = tuple(
        replace(one, prekeys=prekeys)
        if one.prekeys and one.certificate.device == prekeys.device and prekeys.number > one.prekeys.number
        else one
        for one in card.devices
    )
    return replace(card, devices=devices)


def newest(card: Card, other: Card) -> Card:
    """`card` with those prekeys of `other` (same delegation) that are newer: an old copy never takes one back."""
    for one in other.devices:
        if one.prekeys:
            card = refresh(card, one.prekeys)
    return card


def read_card(data: bytes) -> Card:
    """Verify everything in a card, given as file or as it travels.

    Raises Refused("card.magic" | "card.malformed" | "card.version" | "card.signature" | "card.certificate" |
    "card.prekeys").
    """
    as_file = data[:1].isascii()  # the CBOR of a map begins with a byte from 0xa0 on
    if as_file:
        data = fields.unarmour(MAGIC, data, "card")
    raw, sig, certificates, prekeys, before, handed = _parts(data, as_file)
    held = fields.read(raw, "card", _FIELDS, VERSION)
    root = fields.octets(held["root"], signing.COMPOSITE_PUBLIC, "card")
    try:
        signing.check_composite_public(root)
        signing.verify_composite(root, digest(_DOMAIN, raw), sig)
    except Refused:
        raise Refused("card.signature", "the signature does not verify") from None
    number, prev, code, relay = held["number"], held["prev"], held["code"], held["relay"]
    fields.whole(number, "card", least=1)
    if type(code) is not str or not _CODE.match(code) or type(relay) is not str or len(relay) > 1000:
        raise Refused("card.malformed", "code or relay is wrong")
    if type(prev) is not str or (prev == "") != (number == 1) or (prev and not _HASH.match(prev)):
        raise Refused("card.malformed", "number and predecessor do not fit")
    listed = held["devices"]
    if type(listed) is not list or not 1 <= len(listed) <= MAX_DEVICES:
        raise Refused("card.malformed", "no devices or too many")
    if not len(listed) == len(certificates) == len(prekeys):
        raise Refused("card.malformed", "not one certificate for each device")
    devices = tuple(
        _device(line, pair, keys, before, root) for line, pair, keys in zip(listed, certificates, prekeys, strict=True)
    )
    if before:
        raise Refused("card.malformed", "more earlier certificates than are listed")
    if len({one.certificate.device for one in devices}) != len(devices):
        raise Refused("card.malformed", "a device is listed twice")
    return Card(
        delegation=delegation_id(root),
        root=root,
        code=code,
        name=fields.text(held["name"], NAME, "card"),
        number=number,
        prev=prev,
        issued_at=fields.whole(held["issued_at"], "card"),
        relay=relay,
        devices=devices,
        hash=b64u(digest(_DOMAIN, raw)),
        raw=raw,
        sig=sig,
        handed=_handed(handed, devices) if handed else None,
    )


def _handed(parts: list[bytes], devices: Sequence[CardDevice]) -> Pass:
    """A pass counts when a laptop in use gave it, with what any of its certificates permits."""
    known = [cert for one in devices if not one.revoked_at for cert in (one.certificate, *one.earlier)]
    return read_pass(parts[0], parts[1], tuple(known))


def _parts(data: bytes, as_file: bool) -> tuple[bytes, bytes, list[Any], list[Any], list[Any], list[bytes]]:
    try:
        held = cbor.decode(data, fields.LIMIT)
    except Refused:
        raise Refused("card.malformed", "torn or altered on its way") from None
    more = {"earlier", "pass"} if as_file else {"earlier"}
    if type(held) is not dict or held.keys() - more != {"list", "sig", "certificates", "prekeys"}:
        raise Refused("card.malformed", "not the parts of a card")
    pairs: list[list[Any]] = [held["certificates"], held["prekeys"], held.get("earlier", [])]
    if type(held["list"]) is not bytes or type(held["sig"]) is not bytes or any(type(one) is not list for one in pairs):
        raise Refused("card.malformed", "not the parts of a card")
    if "earlier" in held and not pairs[2]:
        raise Refused("card.malformed", "an empty part")
    for one in (*pairs[0], *pairs[1], *pairs[2]):
        if type(one) is not list or len(one) not in (0, 2) or any(type(half) is not bytes for half in one):
            raise Refused("card.malformed", "not the parts of a card")
    handed = held.get("pass", [])
    if "pass" in held and (type(handed) is not list or [type(one) for one in handed] != [bytes, bytes]):
        raise Refused("card.malformed", "not the parts of a pass")
    return held["list"], held["sig"], pairs[0], pairs[1], pairs[2], handed


def _device(line: Any, pair: list[bytes], keys: list[bytes], before: list[list[bytes]], root: bytes) -> CardDevice:
    """One listed device; takes its earlier certificates from the front of `before`."""
    if type(line) is not dict or line.keys() - {"earlier"} != {"certificate", "mailbox", "revoked_at"} or not pair:
        raise Refused("card.malformed", "a device is not listed as it should be")
    certificate = _certificate(line["certificate"], pair, root)
    names = line.get("earlier", ())
    if "earlier" in line and (type(names) is not list or not 1 <= len(names) <= min(MAX_EARLIER, len(before))):
        raise Refused("card.malformed", "earlier certificates are not listed as they should be")
    earlier = tuple(_certificate(name, before.pop(0), root) for name in names)
    numbers = [one.number for one in (*earlier, certificate)]
    if any(one.keys != certificate.keys for one in earlier) or numbers != sorted(set(numbers)):
        raise Refused("card.certificate", "an earlier certificate is not one of this device")
    revoked_at = fields.whole(line["revoked_at"], "card")
    if not keys and not revoked_at:
        raise Refused("card.prekeys", "a device without prekeys")
    try:
        prekeys = read_prekeys(keys[0], keys[1], certificate.ed25519) if keys else None
    except Refused:
        raise Refused("card.prekeys", "prekeys do not verify") from None
    mailbox = fields.octets(line["mailbox"], MAILBOX, "card")
    return CardDevice(certificate, prekeys, mailbox, revoked_at, earlier)


def _certificate(name: Any, pair: list[bytes], root: bytes) -> Certificate:
    if not pair or name != certificate_hash(pair[0]):
        raise Refused("card.certificate", "another certificate than the listed one")
    try:
        return read_certificate(pair[0], pair[1], root)
    except Refused:
        raise Refused("card.certificate", "a certificate does not verify") from None


def succession(old: Card, new: Card) -> Succession:
    """How a verified card relates to the one we hold.

    "next" follows it directly; "later" skips numbers, so the chain between is not seen; "fork" is proof of two
    lists at one place, or of a device that was dropped, brought back to use, given other keys or an older
    certificate; "other" is another root.
    """
    if old.root != new.root:
        return "other"
    if new.number == old.number:
        return "same" if new.hash == old.hash else "fork"
    if new.number < old.number:
        return "fork" if new.number == old.number - 1 and old.prev != new.hash else "older"
    if new.number == old.number + 1 and new.prev != old.hash:
        return "fork"
    for one in old.devices:
        kept = new.device(one.certificate.device)
        if kept is None or (one.revoked_at and kept.revoked_at != one.revoked_at):
            return "fork"
        before, after = one.certificate, kept.certificate
        if before.keys != after.keys or (before.hash != after.hash and before.number >= after.number):
            return "fork"
    return "next" if new.number == old.number + 1 else "later"
