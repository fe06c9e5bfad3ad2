"""What NATS servers are told about operators, accounts and users: JWT, version 2, signed with nkeys.

Header, body and signature in base64url without padding; algorithm "ed25519-nkey" over header "." body; `jti` is the base32 of
SHA-512/256 over the registered claims alone, in the order aud exp iat iss name nbf sub (NATS ADR-14 "JWT library free jwt user
generation", Design; docs.nats.io "JWTs and Privacy"; the fields of each kind: nats-io/jwt v2). Decoding is strict: one
signature, one issuer of the right kind, no field twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from valise.carriers.relay import nkeys
from valise.carriers.relay.nkeys import Kind
from valise.domain.errors import Refused

VERSION: Final = 2
LIMIT: Final = 256 * 1024
_HEADER: Final = {"typ": "JWT", "alg": "ed25519-nkey"}
_ORDER: Final = ("aud", "exp", "jti", "iat", "iss", "name", "nbf", "sub")

What = Literal["operator", "account", "user"]
_SUBJECT: Final[dict[What, Kind]] = {"operator": Kind.OPERATOR, "account": Kind.ACCOUNT, "user": Kind.USER}
_ISSUER: Final[dict[What, Kind]] = {"operator": Kind.OPERATOR, "account": Kind.OPERATOR, "user": Kind.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Claims:
    """A verified token. Times in seconds UTC as NATS has them, 0 = none. `nats` are the fields of its kind."""

    what: What
    issuer: str
    subject: str
    name: str
    issued: int
    expires: int
    nats: Mapping[str, Any]


def _refuse(line: str) -> Refused:
    return Refused("relay.jwt", line)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _unb64(letters: str) -> bytes:
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refuse("not base64url") from None
    if _b64(raw) != letters:
        raise _refuse("not base64url of its own bytes")
    return raw


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def encode(
    what: What,
    subject: str,
    signer: str,
    issued: int,
    *,
    name: str = "",
    expires: int = 0,
    nats: Mapping[str, Any] | None = None,
) -> str:
    """A token about `subject`, signed with the seed `signer`. Times in seconds UTC. Refused("relay.key")."""
    nkeys.read_public(subject, _SUBJECT[what])
    nkeys.read_seed(signer, _ISSUER[what])
    claims = {"exp": expires, "iat": issued, "iss": nkeys.public(signer), "name": name, "sub": subject}
    registered = {key: claims[key] for key in _ORDER if claims.get(key)}
    digest = hashlib.new("sha512_256", _json(registered)).digest()
    registered["jti"] = base64.b32encode(digest).decode("ascii").rstrip("=")
    body = {**registered, "nats": {**(nats or {}), "type": what, "version": VERSION}}
    signed = f"{_b64(_json(_HEADER))}.{_b64(_json(body))}"
    return f"{signed}.{_b64(nkeys.sign(signer, signed.encode('ascii')))}"


def decode(token: str, what: What) -> Claims:
    """Verified against the issuer it names; whether that issuer may speak is for the caller. Refused("relay.jwt" |
    "relay.key")."""
    parts = token.split(".")
    if len(token) > LIMIT or len(parts) != 3:
        raise _refuse("not a token")
    if _read(_unb64(parts[0])) != _HEADER:
        raise _refuse("not signed in the way of NATS")
    body = _read(_unb64(parts[1]))
    nats = body.get("nats")
    if type(nats) is not dict or nats.get("type") != what or nats.get("version") != VERSION:
        raise _refuse("not a token of this kind")
    issuer, subject, name = (_text(body, key) for key in ("iss", "sub", "name"))
    nkeys.read_public(issuer, _ISSUER[what])
    nkeys.read_public(subject, _SUBJECT[what])
    nkeys.verify(issuer, f"{parts[0]}.{parts[1]}".encode("ascii"), _unb64(parts[2]))
    return Claims(what, issuer, subject, name, _seconds(body, "iat"), _seconds(body, "exp"), nats)


def _read(raw: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) != len(pairs):
            raise _refuse("a field stands twice")
        return held

    try:
        held = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise _refuse("not JSON") from None
    if type(held) is not dict:
        raise _refuse("not an object")
    return held


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key, "")
    if type(value) is not str:
        raise _refuse("a field is no text")
    return value


def _seconds(body: Mapping[str, Any], key: str) -> int:
    value = body.get(key, 0)
    if type(value) is not int or not 0 <= value < 2**53:
        raise _refuse("a time is wrong")
    return value
