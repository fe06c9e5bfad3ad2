"""Who signs: the delegation's root, its devices, and the certificates that bind the two.

Root and device ids are hashes of public keys. A certificate is canonical JSON signed by the root's composite
key over its digest. A device asks for the first one with a request (request.py); later ones renew it for the same
keys. The field "rooms" is there only in the certificate of a device that may be in no other rooms.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from valise.domain.errors import Refused
from valise.domain.kinds import RIGHTS
from valise.protocol import canonical, cbor, fields, hpke, signing
from valise.protocol.canonical import b64u, digest
from valise.protocol.olm import OlmAccount
from valise.protocol.root import Root, delegation_id

if TYPE_CHECKING:
    from valise.protocol.request import Request

__all__ = [
    "MAILBOX", "NAME", "PREKEYS", "VERSION", "Certificate", "DeviceSecret", "Prekeys", "Root", "certificate_hash", "delegation_id",
    "device_id", "make_certificate", "needed", "read_certificate", "read_prekeys", "renew_certificate",
]  # fmt: skip

VERSION: Final = 1
MAILBOX: Final = 16
NAME: Final = 200  # code points of an officer's, role's or delegation's name
MAX_ROOMS: Final = 64
_ROOM: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_CERTIFICATE: Final = "valise/v1/certificate"
PREKEYS: Final = "valise/v1/prekeys"


def device_id(ed25519: bytes) -> str:
    """43 characters: base64url(SHA-256("valise/v1/device", zero byte, Ed25519 public key))."""
    return b64u(digest("valise/v1/device", ed25519))


class DeviceSecret:
    """Everything secret of one device: seeds, the Olm account, the X-Wing prekey. Never leaves its vault.

    The composite key is a whole one of its own; its Ed25519 half is not the device key, as the composite
    draft forbids the use of one key in and outside a composite.
    """

    __slots__ = (
        "account",
        "composite",
        "composite_seed",
        "ed25519_seed",
        "id",
        "key",
        "mailbox",
        "prekey",
        "prekey_count",
    )

    def __init__(
        self,
        *,
        ed25519_seed: bytes,
        composite_seed: bytes,
        account: OlmAccount,
        prekey_seed: bytes,
        mailbox: bytes,
        prekey_count: int = 1,
    ) -> None:
        if len(mailbox) != MAILBOX or prekey_count < 1:
            raise Refused("device.secret", "not the secret of a device")
        self.ed25519_seed, self.composite_seed = ed25519_seed, composite_seed
        self.key = signing.DeviceKey(ed25519_seed)
        self.composite = signing.CompositeKey(composite_seed)
        self.account = account
        self.prekey = hpke.XWingKey(prekey_seed)
        self.prekey_count = prekey_count
        self.mailbox = mailbox
        self.id = device_id(self.key.public)

    @classmethod
    def new(cls) -> DeviceSecret:
        """A fresh device."""
        token = secrets.token_bytes
        return cls(
            ed25519_seed=token(32),
            composite_seed=token(64),
            account=OlmAccount.new(),
            prekey_seed=token(32),
            mailbox=token(MAILBOX),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> DeviceSecret:
        """From `to_bytes`. Raises Refused("device.secret")."""
        try:
            held = cbor.decode(data)
            if type(held) is not dict or held.pop("v", None) != VERSION or len(held) != 6:
                raise Refused("device.secret")
            return cls(
                ed25519_seed=held["ed25519"],
                composite_seed=held["composite"],
                account=OlmAccount.load(held["olm"]),
                prekey_seed=held["prekey"],
                mailbox=held["mailbox"],
                prekey_count=held["count"],
            )
        except (Refused, KeyError, TypeError, ValueError):
            raise Refused("device.secret", "not the secret of a device") from None

    def to_bytes(self) -> bytes:
        """For the vault only."""
        return cbor.encode(
            {
                "v": VERSION,
                "ed25519": self.ed25519_seed,
                "composite": self.composite_seed,
                "olm": self.account.dump(),
                "prekey": self.prekey.seed,
                "count": self.prekey_count,
                "mailbox": self.mailbox,
            }
        )

    def renew_prekeys(self, seed: bytes = b"", number: int = 0) -> hpke.XWingKey:
        """Turn to a new X-Wing prekey (from 32 bytes of `seed`, else at random) and Olm fallback key, counted `number` if that
        is more than the next; returns the old X-Wing key, to be kept for a while. The account forgets its old fallback key."""
        old = self.prekey
        self.prekey = hpke.XWingKey(seed or secrets.token_bytes(32))
        self.account.rotate()
        self.account.rotate()  # it keeps one before the present: now one that nobody was given
        self.prekey_count = max(self.prekey_count + 1, number)
        return old

    def prekeys(self, now: int) -> Prekeys:
        """The present prekeys, signed by the device. `now` in ms UTC."""
        raw = canonical.encode(
            {
                "v": VERSION,
                "device": self.id,
                "number": self.prekey_count,
                "xwing": b64u(self.prekey.public),
                "fallback": b64u(self.account.fallback()),
                "issued_at": now,
            }
        )
        return read_prekeys(raw, self.key.sign(digest(PREKEYS, raw)), self.key.public)

    def __repr__(self) -> str:
        return "DeviceSecret()"


@dataclass(frozen=True, slots=True)
class Prekeys:
    """A device's keys for first contact: X-Wing 1,216 bytes, Olm fallback 32. The highest `number` holds."""

    device: str
    number: int
    xwing: bytes
    fallback: bytes
    issued_at: int
    raw: bytes
    sig: bytes


def read_prekeys(raw: bytes, sig: bytes, ed25519: bytes) -> Prekeys:
    """Verify and read. Raises Refused("prekeys.malformed" | "prekeys.signature" | "prekeys.key")."""
    held = fields.read(raw, "prekeys", ("v", "device", "number", "xwing", "fallback", "issued_at"), VERSION)
    try:
        signing.verify(ed25519, digest(PREKEYS, raw), sig)
    except Refused:
        raise Refused("prekeys.signature", "the signature does not verify") from None
    if held["device"] != device_id(ed25519):
        raise Refused("prekeys.malformed", "the keys of another device")
    made = Prekeys(
        held["device"],
        fields.whole(held["number"], "prekeys", least=1),
        fields.octets(held["xwing"], hpke.PUBLIC, "prekeys"),
        fields.octets(held["fallback"], 32, "prekeys"),
        fields.whole(held["issued_at"], "prekeys"),
        raw,
        sig,
    )
    try:
        hpke.check_public(made.xwing)
    except Refused:
        raise Refused("prekeys.key", "not a usable X-Wing key") from None
    return made


@dataclass(frozen=True, slots=True)
class Certificate:
    """A verified device certificate. Times in ms UTC; `hash` is base64url of digest(domain, raw)."""

    delegation: str
    device: str
    ed25519: bytes
    composite: bytes
    olm: bytes
    officer: str
    role: str
    rights: tuple[str, ...]
    not_before: int
    not_after: int
    number: int
    raw: bytes
    sig: bytes
    hash: str
    rooms: tuple[str, ...] = ()  # the only rooms it is for; empty = every room

    def in_force(self, at: int) -> bool:
        """Whether `at` lies within its term."""
        return self.not_before <= at <= self.not_after

    def admits(self, room: str) -> bool:
        """Whether the device may be in this room."""
        return not self.rooms or room in self.rooms

    def permits(self, right: str, room: str) -> bool:
        """Whether what needs `right` may be said in `room` with it."""
        return right in self.rights and self.admits(room)

    @property
    def keys(self) -> tuple[bytes, bytes, bytes]:
        """What it certifies, the same in every certificate of one device."""
        return self.ed25519, self.composite, self.olm


def needed(newest: Certificate, earlier: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Those of a device's earlier certificates that permitted something no later one does, by number.

    Without them what was said with them could not be verified by somebody who never saw the card they were on.
    """
    kept: list[Certificate] = []
    for one in sorted(earlier, key=lambda each: -each.number):
        later = (newest, *kept)
        asked = ((right, room) for right in one.rights for room in (one.rooms or ("",)))
        if any(not any(each.permits(right, room) for each in later) for right, room in asked):
            kept.append(one)
    return tuple(reversed(kept))


def certificate_hash(raw: bytes) -> str:
    """43 characters."""
    return b64u(digest(_CERTIFICATE, raw))


def make_certificate(
    root: Root,
    request: Request,
    *,
    rights: Iterable[str],
    not_before: int,
    not_after: int,
    number: int,
    rooms: Iterable[str] = (),
    officer: str = "",
    role: str | None = None,
) -> Certificate:
    """Certify a verified request. `number` counts the delegation's certificates from 1; officer and role are the
    request's unless others are given. Refused("certificate.*")."""
    return _certify(
        root,
        (request.ed25519, request.composite, request.olm),
        officer=officer or request.officer,
        role=request.role if role is None else role,
        rights=rights,
        rooms=rooms,
        term=(not_before, not_after),
        number=number,
    )


def renew_certificate(
    root: Root,
    old: Certificate,
    *,
    rights: Iterable[str],
    not_before: int,
    not_after: int,
    number: int,
    rooms: Iterable[str] = (),
    officer: str = "",
    role: str | None = None,
) -> Certificate:
    """A newer certificate for the keys of `old`. Refused("certificate.*")."""
    if number <= old.number:
        raise Refused("certificate.number", "a renewed certificate has a higher number")
    return _certify(
        root,
        old.keys,
        officer=officer or old.officer,
        role=old.role if role is None else role,
        rights=rights,
        rooms=rooms,
        term=(not_before, not_after),
        number=number,
    )


def _certify(
    root: Root,
    keys: tuple[bytes, bytes, bytes],
    *,
    officer: str,
    role: str,
    rights: Iterable[str],
    rooms: Iterable[str],
    term: tuple[int, int],
    number: int,
) -> Certificate:
    ed25519, composite, olm = keys
    scope = sorted(set(rooms))
    raw = canonical.encode(
        {
            "v": VERSION,
            "delegation": root.delegation,
            "device": device_id(ed25519),
            "ed25519": b64u(ed25519),
            "composite": b64u(composite),
            "olm": b64u(olm),
            "officer": fields.tidy(officer),
            "role": fields.tidy(role),
            "rights": sorted(set(rights)),
            "not_before": term[0],
            "not_after": term[1],
            "number": number,
        }
        | ({"rooms": scope} if scope else {})
    )
    return read_certificate(raw, root.sign(_CERTIFICATE, raw), root.public)


_CERTIFICATE_FIELDS: Final = (
    "v", "delegation", "device", "ed25519", "composite", "olm", "officer", "role", "rights", "not_before", "not_after", "number",
)  # fmt: skip


def read_certificate(raw: bytes, sig: bytes, root_public: bytes) -> Certificate:
    """Verify and read.

    Raises Refused("certificate.malformed" | "certificate.key" | "certificate.signature" | "certificate.root").
    """
    held: dict[str, Any] = fields.read(raw, "certificate", _CERTIFICATE_FIELDS, VERSION, optional=("rooms",))
    signed = digest(_CERTIFICATE, raw)
    try:
        signing.verify_composite(root_public, signed, sig)
    except Refused:
        raise Refused("certificate.signature", "the signature does not verify") from None
    if held["delegation"] != delegation_id(root_public):
        raise Refused("certificate.root", "names another delegation")
    ed25519 = fields.octets(held["ed25519"], 32, "certificate")
    composite = fields.octets(held["composite"], signing.COMPOSITE_PUBLIC, "certificate")
    try:
        signing.check_public(ed25519)
        signing.check_composite_public(composite)
    except Refused:
        raise Refused("certificate.key", "a key is not usable") from None
    rights = held["rights"]
    if held["device"] != device_id(ed25519) or type(rights) is not list or not rights:
        raise Refused("certificate.malformed", "device or rights are wrong")
    if any(right not in RIGHTS for right in rights) or rights != sorted(set(rights)):
        raise Refused("certificate.malformed", "rights are not a sorted set of known ones")
    rooms = held.get("rooms", ())
    if "rooms" in held and not _scope(rooms):
        raise Refused("certificate.malformed", "rooms are not a sorted set of ids")
    not_before, not_after = (fields.whole(held[name], "certificate") for name in ("not_before", "not_after"))
    if not_after <= not_before:
        raise Refused("certificate.malformed", "the term is empty")
    return Certificate(
        delegation=held["delegation"],
        device=held["device"],
        ed25519=ed25519,
        composite=composite,
        olm=fields.octets(held["olm"], 32, "certificate"),
        officer=fields.text(held["officer"], NAME, "certificate"),
        role=fields.text(held["role"], NAME, "certificate", empty=True),
        rights=tuple(rights),
        not_before=not_before,
        not_after=not_after,
        number=fields.whole(held["number"], "certificate", least=1),
        raw=raw,
        sig=sig,
        hash=b64u(signed),
        rooms=tuple(rooms),
    )


def _scope(rooms: Any) -> bool:
    """A sorted list of 1 to 64 room ids, each once."""
    if type(rooms) is not list or not 1 <= len(rooms) <= MAX_ROOMS:
        return False
    return all(type(one) is str and _ROOM.match(one) for one in rooms) and rooms == sorted(set(rooms))
