"""The release file: canonical JSON (canonical.py), signed by its publisher with ML-DSA-65 and Ed25519 together.

{"date","files":[{"name","sha256","size"}],"format":"valise-release","key","notes":{language: text},"signature","v":1,"version"}

`key` is the SHA-256 of the publisher's public key in hexadecimal; `signature` covers the canonical bytes of everything else,
under the context "valise-release/1". There is one text for every content: one bit changed anywhere is refused.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from valise.domain.errors import Refused
from valise.domain.release import Release, body, read
from valise.protocol import canonical, signing

FORMAT: Final = "valise-release"
VERSION: Final = 1
LIMIT: Final = 1 << 20
_CONTEXT: Final = b"valise-release/1"


def key_name(public: bytes) -> str:
    """How a release file names its publisher's key."""
    return hashlib.sha256(public).hexdigest()


def sealed(release: Release, key: signing.CompositeKey) -> bytes:
    """The file. Raises Refused("update.malformed")."""
    held: dict[str, Any] = {**body(release), "format": FORMAT, "v": VERSION, "key": key_name(key.public)}
    held["signature"] = canonical.b64u(key.sign(canonical.encode(held), _CONTEXT))
    return canonical.encode(held)


def opened(data: bytes, public: bytes) -> Release:
    """What the publisher with this key said. Raises Refused("update.malformed" | "update.newer_form" | "update.foreign" |
    "update.signature")."""
    try:
        held = canonical.decode(data, LIMIT)
    except Refused:
        raise Refused("update.malformed", "not a release file") from None
    if type(held) is not dict or held.get("format") != FORMAT:
        raise Refused("update.malformed", "not a release file")
    if type(held.get("v")) is int and held["v"] > VERSION:
        raise Refused("update.newer_form", "a release file of a form this version does not know")
    if held.get("v") != VERSION or type(held.get("key")) is not str or type(held.get("signature")) is not str:
        raise Refused("update.malformed", "not a release file")
    if held["key"] != key_name(public):
        raise Refused("update.foreign", "signed with a key that is not the publisher's")
    given = held.pop("signature")
    try:
        signing.verify_composite(public, canonical.encode(held), canonical.unb64u(given, signing.COMPOSITE_SIGNATURE), _CONTEXT)
    except Refused:
        raise Refused("update.signature", "the signature of the release file does not hold") from None
    return read({name: value for name, value in held.items() if name not in ("format", "v", "key")})
