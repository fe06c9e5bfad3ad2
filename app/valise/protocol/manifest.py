"""Manifests: what a courier's bundle is, said by the laptop that made it to each laptop it is for. Signed, then sealed.

A bundle is numbered for each delegation by the laptop that makes it, and names the one before: an old or withheld one is
noticed. It says which bundles of the recipient's laptops came here, so that the courier brings his own receipt back.
What is sealed holds core, since u64, envelopes u32 and signature; the signature is over the hash of the core, the
laptop it is for and those two numbers. Whoever finds the stick sees 3,584 bytes and the id of a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, hpke, signing

VERSION: Final = 1
SIZE: Final = 3_584
DOMAIN: Final = "valise/v1/manifest"
DOMAIN_TO: Final = "valise/v1/manifest-to"
MOST_DEVICES: Final = 16
MOST_RANGES: Final = 4
NOTHING: Final = bytes(32)

_HEAD: Final = b"VM" + bytes((VERSION,))
_START: Final = len(_HEAD) + hpke.KEY_ID
_PLAIN: Final = SIZE - _START - hpke.OVERHEAD
_COUNT: Final = 2**53
_TAIL: Final = 8 + 4 + signing.SIGNATURE

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Core:
    """What holds for all laptops of the recipient alike. `number` counts the bundles of `device` for `delegation` from 1;
    `before` = the one made before (0 = none), `prev` = the hash of its core. `table` = 32 bytes over the parts of the file.
    `taken`: (laptop of the recipient, ranges of its numbers that came here whole)."""

    device: str
    delegation: str
    number: int
    before: int
    prev: bytes
    made_at: int  # ms UTC of the sender
    table: bytes
    taken: tuple[tuple[str, Ranges], ...] = ()

    def encode(self) -> bytes:
        return cbor.encode(
            [
                VERSION,
                canonical.unb64u(self.device, 32),
                canonical.unb64u(self.delegation, 32),
                self.number,
                self.before,
                self.prev,
                self.made_at,
                self.table,
                [[canonical.unb64u(one, 32), [list(span) for span in ranges]] for one, ranges in self.taken],
            ]
        )


def core_hash(raw: bytes) -> bytes:
    """By which the next bundle names this one."""
    return canonical.digest(DOMAIN, raw)


@dataclass(frozen=True, slots=True)
class Manifest:
    """As one laptop got it: `since` = the first number that was for it too, `envelopes` = how many in the file are."""

    core: Core
    hash: bytes
    since: int
    envelopes: int
    said: bytes  # what is signed
    signature: bytes

    def verify(self, public: bytes) -> None:
        """With the Ed25519 key of the laptop it names. Refused("signature.bad")."""
        signing.verify(public, self.said, self.signature)


def _said(name: bytes, recipient: bytes, numbers: bytes) -> bytes:
    return canonical.digest(DOMAIN_TO, name + recipient + numbers)


def _info(recipient: bytes, key_id: bytes) -> bytes:
    return b"valise/v1/courier\0" + recipient + key_id


def seal(core: Core, since: int, envelopes: int, key: signing.DeviceKey, recipient: str, public: bytes) -> bytes:
    """SIZE bytes for one laptop and its X-Wing key. Refused("hpke.key") for an unusable key."""
    raw = core.encode()
    to = canonical.unb64u(recipient, 32)
    numbers = since.to_bytes(8, "big") + envelopes.to_bytes(4, "big")
    payload = raw + numbers + key.sign(_said(core_hash(raw), to, numbers))
    if len(payload) > _PLAIN - 2:
        raise Refused("manifest.too_large", "says more than fits")
    key_id = hpke.key_id(public)
    plain = (len(payload).to_bytes(2, "big") + payload).ljust(_PLAIN, b"\0")
    return _HEAD + key_id + hpke.seal(public, plain, _info(to, key_id))


def key_id_of(blob: bytes) -> bytes:
    """The 16-byte id of the key it is sealed to. Refused("manifest.malformed")."""
    if len(blob) != SIZE or not blob.startswith(_HEAD):
        raise Refused("manifest.malformed", "not a manifest of this version")
    return blob[len(_HEAD) : _START]


def unseal(key: hpke.XWingKey, recipient: str, blob: bytes) -> Manifest:
    """Open and read; not believed before `verify`. Refused("manifest.closed" | "manifest.malformed")."""
    to = canonical.unb64u(recipient, 32)
    try:
        plain = hpke.open(key, blob[_START:], _info(to, key_id_of(blob)))
    except Refused:
        raise Refused("manifest.closed", "does not open with this key") from None
    end = 2 + int.from_bytes(plain[:2], "big")
    if not 2 + _TAIL < end <= len(plain) or plain[end:].strip(b"\0"):
        raise Refused("manifest.malformed", "the inside is not as our senders write it")
    raw, tail = plain[2 : end - _TAIL], plain[end - _TAIL : end]
    core, numbers = decode(raw), tail[:12]
    name = core_hash(raw)
    since, envelopes = int.from_bytes(numbers[:8], "big"), int.from_bytes(numbers[8:], "big")
    if not 0 < since <= core.number:
        raise Refused("manifest.malformed", "a number is wrong")
    return Manifest(core, name, since, envelopes, _said(name, to, numbers), tail[12:])


def decode(raw: bytes) -> Core:
    """Strict. Refused("manifest.malformed" | "manifest.version" | "cbor.*")."""
    value = cbor.decode(raw, _PLAIN)
    if not isinstance(value, list) or not value or type(value[0]) is not int:
        raise Refused("manifest.malformed")
    if value[0] != VERSION:
        raise Refused("manifest.version", "written by another version")
    if len(value) != 9 or not isinstance(value[8], list) or len(value[8]) > MOST_DEVICES:
        raise Refused("manifest.malformed")
    _, device, delegation, number, before, prev, made_at, table, taken = value
    core = Core(
        _name(device), _name(delegation), _whole(number, 1), _whole(before), _octets(prev), _whole(made_at), _octets(table),
        tuple(_taken(one) for one in taken),
    )  # fmt: skip
    if core.before >= core.number or (core.prev == NOTHING) != (core.before == 0):
        raise Refused("manifest.malformed", "it does not follow the one before")
    names = [one for one, _ in core.taken]
    if len(set(names)) != len(names):
        raise Refused("manifest.malformed", "a laptop twice")
    return core


def _taken(value: Any) -> tuple[str, Ranges]:
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], list):
        raise Refused("manifest.malformed")
    if not 0 < len(value[1]) <= MOST_RANGES:
        raise Refused("manifest.malformed")
    spans: list[tuple[int, int]] = []
    for one in value[1]:
        if not isinstance(one, list) or len(one) != 2:
            raise Refused("manifest.malformed")
        spans.append((_whole(one[0], 1), _whole(one[1], 1)))
    if any(first > last for first, last in spans) or any(one[1] + 1 >= other[0] for one, other in pairwise(spans)):
        raise Refused("manifest.malformed", "ranges that are not in order")
    return _name(value[0]), tuple(spans)


def _octets(value: Any) -> bytes:
    if not isinstance(value, bytes) or len(value) != 32:
        raise Refused("manifest.malformed")
    return value


def _name(value: Any) -> str:
    return canonical.b64u(_octets(value))


def _whole(value: Any, least: int = 0) -> int:
    if type(value) is not int or not least <= value < _COUNT:
        raise Refused("manifest.malformed")
    return value
