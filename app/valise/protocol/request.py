"""How a device asks to be certified.

The request is signed by both keys of the device, so that nobody is certified for a key he does not hold; it also
brings the first prekeys, since the root may be offline ever after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, fields, signing
from valise.protocol.canonical import b64u, digest
from valise.protocol.certificate import MAILBOX, NAME, PREKEYS, VERSION, DeviceSecret, Prekeys, device_id, read_prekeys

_REQUEST: Final = "valise/v1/request"


@dataclass(frozen=True, slots=True)
class Request:
    """What a device asks to be certified for. `check_code` is read aloud: the same on both laptops."""

    officer: str
    role: str
    ed25519: bytes
    composite: bytes
    olm: bytes
    mailbox: bytes
    prekeys: Prekeys
    raw: bytes
    data: bytes  # the whole file's content

    @property
    def device(self) -> str:
        return device_id(self.ed25519)

    @property
    def check_code(self) -> str:
        """Five groups of four digits over the whole request (66 bits): a swapped request shows another code."""
        number = int.from_bytes(digest("valise/v1/request-code", self.raw)[:16], "big") % 10**20
        text = f"{number:020d}"
        return " ".join(text[start : start + 4] for start in range(0, 20, 4))


def make_request(secret: DeviceSecret, officer: str, role: str, now: int) -> Request:
    """Ask for a certificate, proving possession of both signing keys. `now` in ms UTC."""
    prekeys = secret.prekeys(now)
    raw = canonical.encode(
        {
            "v": VERSION,
            "officer": fields.tidy(officer),
            "role": fields.tidy(role),
            "ed25519": b64u(secret.key.public),
            "composite": b64u(secret.composite.public),
            "olm": b64u(secret.account.identity),
            "mailbox": b64u(secret.mailbox),
            "prekeys": b64u(digest(PREKEYS, prekeys.raw)),
        }
    )
    signed = digest(_REQUEST, raw)
    return read_request(
        cbor.encode([raw, secret.key.sign(signed), secret.composite.sign(signed), prekeys.raw, prekeys.sig])
    )


def read_request(data: bytes) -> Request:
    """Verify both proofs of possession. Raises Refused("request.malformed" | "request.signature" | "request.key")."""
    raw, sig, composite_sig, prekeys_raw, prekeys_sig = fields.parts(data, "request", 5)
    held = fields.read(
        raw, "request", ("v", "officer", "role", "ed25519", "composite", "olm", "mailbox", "prekeys"), VERSION
    )
    ed25519 = fields.octets(held["ed25519"], 32, "request")
    composite = fields.octets(held["composite"], signing.COMPOSITE_PUBLIC, "request")
    try:
        signing.check_public(ed25519)
        signing.check_composite_public(composite)
    except Refused:
        raise Refused("request.key", "a key is not usable") from None
    try:
        signing.verify(ed25519, digest(_REQUEST, raw), sig)
        signing.verify_composite(composite, digest(_REQUEST, raw), composite_sig)
        prekeys = read_prekeys(prekeys_raw, prekeys_sig, ed25519)
    except Refused as error:
        raise Refused("request.key" if error.code == "prekeys.key" else "request.signature") from None
    if fields.octets(held["prekeys"], 32, "request") != digest(PREKEYS, prekeys_raw):
        raise Refused("request.malformed", "other prekeys than announced")
    return Request(
        fields.text(held["officer"], NAME, "request"),
        fields.text(held["role"], NAME, "request", empty=True),
        ed25519,
        composite,
        fields.octets(held["olm"], 32, "request"),
        fields.octets(held["mailbox"], MAILBOX, "request"),
        prekeys,
        raw,
        data,
    )
