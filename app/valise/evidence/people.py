"""Who signs: device lists (cards) under a delegation's root key, and the certificates of its devices."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from valise.domain.errors import Refused
from valise.evidence.reading import Bad, ident, named, octets, whole
from valise.evidence.shapes import RIGHTS
from valise.protocol import canonical, signing

_CARD: Final = {"v", "root", "code", "name", "number", "prev", "issued_at", "devices", "relay"}
_ENTRY: Final = {"certificate", "mailbox", "revoked_at"}
_CERTIFICATE: Final = {
    "v", "delegation", "device", "ed25519", "composite", "olm", "officer", "role", "rights", "not_before", "not_after", "number",
}  # fmt: skip
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}\Z")


@dataclass(frozen=True, slots=True)
class Card:
    """A signed device list. `listed`: hash of a certificate -> when its device was revoked (ms UTC, 0 = in use)."""

    delegation: str
    root: bytes
    code: str
    name: str
    number: int
    prev: str
    issued_at: int
    listed: dict[str, int]
    hash: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A device's keys and rights, signed by its delegation's root. Times in ms UTC."""

    delegation: str
    device: str
    ed25519: bytes
    composite: bytes
    officer: str
    role: str
    rights: tuple[str, ...]
    not_before: int
    not_after: int
    number: int
    rooms: tuple[str, ...]  # the only rooms it is for; none = every room
    hash: str

    def permits(self, right: str, room: str) -> bool:
        """Whether it gives a right in a room."""
        return right in self.rights and (not self.rooms or room in self.rooms)


def _object(raw: bytes, names: set[str], line: int, what: str, optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    try:
        held = canonical.decode(raw)
    except Refused:
        raise Bad(line, what, "form") from None
    if type(held) is not dict or held.keys() - optional != names or held["v"] != 1:
        raise Bad(line, what, "fields")
    return held


def _signed(root: bytes, domain: str, raw: bytes, sig: bytes, line: int, what: str) -> None:
    try:
        signing.check_composite_public(root)
        signing.verify_composite(root, canonical.digest(domain, raw), sig)
    except Refused:
        raise Bad(line, what, "signature") from None


def _name(value: Any, *, empty: bool = False) -> bool:
    return type(value) is str and len(value) <= 200 and (empty or value != "") and "\n" not in value


def read_card(raw: bytes, sig: bytes, line: int) -> Card:
    """Verify a device list. Bad("card")."""
    held = _object(raw, _CARD, line, "card")
    root = octets(held["root"], signing.COMPOSITE_PUBLIC)
    if root is None:
        raise Bad(line, "card", "fields")
    _signed(root, "valise/v1/card", raw, sig, line, "card")
    number, prev, code, devices = held["number"], held["prev"], held["code"], held["devices"]
    if (
        not whole(number, 1) or type(code) is not str or not _CODE.match(code) or not _name(held["name"])
        or not whole(held["issued_at"]) or type(held["relay"]) is not str or len(held["relay"]) > 1000
        or (prev == "") != (number == 1) or not (prev == "" or ident(prev))
        or type(devices) is not list or not 1 <= len(devices) <= 64
    ):  # fmt: skip
        raise Bad(line, "card", "fields")
    listed: dict[str, int] = {}
    for one in devices:
        if type(one) is not dict or one.keys() - {"earlier"} != _ENTRY:
            raise Bad(line, "card", "fields")
        earlier = one.get("earlier", [])
        if (
            type(earlier) is not list or len(earlier) > 8 or ("earlier" in one and not earlier) or not all(map(ident, earlier))
            or not ident(one["certificate"]) or octets(one["mailbox"], 16) is None or not whole(one["revoked_at"])
            or one["certificate"] in listed
        ):  # fmt: skip
            raise Bad(line, "card", "fields")
        listed |= dict.fromkeys((*earlier, one["certificate"]), one["revoked_at"])
    return Card(
        named("valise/v1/root", root), root, code, held["name"], number, prev, held["issued_at"], listed,
        named("valise/v1/card", raw),
    )  # fmt: skip


def read_certificate(raw: bytes, sig: bytes, roots: dict[str, bytes], line: int) -> Certificate:
    """Verify a certificate against the root key that a card of the file gives. Bad("certificate")."""
    what = "certificate"
    held = _object(raw, _CERTIFICATE, line, what, frozenset({"rooms"}))
    root = roots.get(held["delegation"]) if type(held["delegation"]) is str else None
    if root is None:
        raise Bad(line, what, "no card")
    _signed(root, "valise/v1/certificate", raw, sig, line, what)
    ed25519, composite = octets(held["ed25519"], 32), octets(held["composite"], signing.COMPOSITE_PUBLIC)
    rights, rooms = held["rights"], held.get("rooms", [])
    if ed25519 is None or composite is None or octets(held["olm"], 32) is None:
        raise Bad(line, what, "fields")
    try:
        signing.check_public(ed25519)
        signing.check_composite_public(composite)
    except Refused:
        raise Bad(line, what, "key") from None
    if (
        held["device"] != named("valise/v1/device", ed25519) or not _name(held["officer"])
        or not _name(held["role"], empty=True) or type(rights) is not list or not rights
        or any(type(one) is not str or one not in RIGHTS for one in rights) or rights != sorted(set(rights))
        or not whole(held["not_before"]) or not whole(held["not_after"]) or held["not_after"] <= held["not_before"]
        or not whole(held["number"], 1) or type(rooms) is not list or len(rooms) > 64 or not all(map(ident, rooms))
        or rooms != sorted(set(rooms)) or ("rooms" in held and not rooms)
    ):  # fmt: skip
        raise Bad(line, what, "fields")
    return Certificate(
        held["delegation"], held["device"], ed25519, composite, held["officer"], held["role"], tuple(rights),
        held["not_before"], held["not_after"], held["number"], tuple(rooms), named("valise/v1/certificate", raw),
    )  # fmt: skip


@dataclass(slots=True)
class People:
    """Everybody whose card or certificate has been read."""

    cards: dict[str, list[Card]] = field(default_factory=dict)  # delegation -> its lists by number
    roots: dict[str, bytes] = field(default_factory=dict)
    devices: dict[str, list[Certificate]] = field(default_factory=dict)
    _last: tuple[str, int, str] = ("", 0, "")
    _certified: tuple[str, str, int, str] = ("", "", 0, "")

    def card(self, card: Card, line: int) -> None:
        """Take a card in; they stand in the order of (delegation, number, hash), none twice."""
        place = (card.delegation, card.number, card.hash)
        if place <= self._last:
            raise Bad(line, "card", "order")
        self._last = place
        self.roots[card.delegation] = card.root
        self.cards.setdefault(card.delegation, []).append(card)

    def certificate(self, one: Certificate, line: int) -> None:
        """Take a certificate in; they stand in the order of (delegation, device, number, hash), none twice."""
        place = (one.delegation, one.device, one.number, one.hash)
        if place <= self._certified:
            raise Bad(line, "certificate", "order")
        self._certified = place
        known = self.devices.setdefault(one.device, [])
        if known and known[0].delegation != one.delegation:
            raise Bad(line, "certificate", "two delegations")
        if known and (known[0].ed25519, known[0].composite) != (one.ed25519, one.composite):
            raise Bad(line, "certificate", "other keys")
        known.append(one)

    def code(self, delegation: str) -> str:
        """The code of a delegation in its newest list, "?" for one without a card here."""
        cards = self.cards.get(delegation)
        return cards[-1].code if cards else "?"

    def revoked_at(self, device: str) -> int:
        """When a list first says that a device is revoked (ms UTC), 0 when none does."""
        hashes = {one.hash for one in self.devices.get(device, ())}
        owner = self.devices[device][0].delegation if device in self.devices else ""
        found = [card.listed[one] for card in self.cards.get(owner, ()) for one in hashes if card.listed.get(one, 0)]
        return min(found, default=0)

    def unlisted(self, device: str) -> bool:
        """Whether no list here names any certificate of this device."""
        hashes = {one.hash for one in self.devices[device]}
        owner = self.devices[device][0].delegation
        return not any(hashes & card.listed.keys() for card in self.cards.get(owner, ()))

    def doubts(self) -> list[dict[str, Any]]:
        """Delegations that signed two device lists with one number, or lists that do not follow each other."""
        found = []
        for delegation, cards in self.cards.items():
            for old, new in pairwise(cards):
                torn = new.number == old.number + 1 and new.prev != old.hash
                if new.number == old.number or torn:
                    found.append({"say": "lists differ", "delegation": delegation, "number": new.number})
        return found
