"""Operations as they are signed, read and verified. The bytes are kept; nothing is written anew to be checked.

Canonical JSON with exactly the fields v, kind, room, author, device, seq, prev, deps, at, tick, body. An
operation's id is the hash of these bytes; the device signs the id, with Ed25519 or, where the kind asks for
it, with its composite key. What travels as chat is not signed: Olm and Megolm authenticate it to its readers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from valise.domain import kinds
from valise.domain.errors import Damaged, Refused
from valise.domain.op import Op
from valise.protocol import canonical, signing
from valise.protocol.certificate import Certificate

Klass = Literal["record", "chat"]

VERSION: Final = 1
LIMIT: Final = 128 * 1024
MAX_DEPS: Final = 32
_DOMAINS: Final[Mapping[str, str]] = {"record": "valise/v1/op", "chat": "valise/v1/chat"}
_FIELDS: Final = frozenset(("v", "kind", "room", "author", "device", "seq", "prev", "deps", "at", "tick", "body"))
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Signed:
    """An operation with the bytes it was read from or made as. `sig` is empty for chat."""

    op: Op
    raw: bytes
    sig: bytes


def op_id(raw: bytes, klass: Klass) -> str:
    """base64url(SHA-256(domain of the class, zero byte, canonical bytes)): 43 characters."""
    return canonical.b64u(canonical.digest(_DOMAINS[klass], raw))


def klass_of(kind: kinds.Kind, klass: Klass | None) -> Klass:
    """The class an operation travels in. Refused("op.kind") when the kind does not travel in `klass`."""
    if kind.travels == "either":
        if klass is None:
            raise Refused("op.kind", "the class must be named for this kind")
        return klass
    if klass is not None and klass != kind.travels:
        raise Refused("op.kind", "this kind does not travel in this class")
    return kind.travels


def _nfc(value: Any) -> Any:
    """Strings in Unicode NFC, as their author writes them. Readers do not insist: their tables may be older."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_nfc(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _nfc(one) for key, one in value.items()}
    return value


def make(
    kind: str,
    room: str,
    author: str,
    device: str,
    seq: int,
    prev: str,
    deps: Iterable[str],
    at: int,
    tick: int,
    body: Mapping[str, Any],
    device_key: signing.DeviceKey,
    composite_key: signing.CompositeKey,
    klass: Klass | None = None,
) -> Signed:
    """Make and sign an operation; `klass` is needed only where the kind travels in either.

    Raises the same codes as `read`: what this makes, every reader accepts.
    """
    known = kinds.kind(kind)
    chosen = klass_of(known, klass)
    held = {
        "v": VERSION,
        "kind": kind,
        "room": room,
        "author": author,
        "device": device,
        "seq": seq,
        "prev": prev,
        "deps": sorted(set(deps)),
        "at": at,
        "tick": tick,
        "body": _nfc(body),
    }
    raw = canonical.encode(held)
    if len(raw) > LIMIT:
        raise Refused("op.too_large", "more than 128 KiB were to be said")
    op = _checked(held, raw, chosen)
    if chosen == "chat":
        return Signed(op, raw, b"")
    digest = canonical.digest(_DOMAINS[chosen], raw)
    return Signed(op, raw, composite_key.sign(digest) if known.composite else device_key.sign(digest))


def read(raw: bytes, sig: bytes, klass: Klass) -> Op:
    """Strict reading without checking the signature; `sig` must have the length its kind asks for.

    Raises Refused("op.too_large" | "op.malformed" | "op.kind" | "op.body" | "op.signature").
    """
    op = _read(raw, klass)
    if len(sig) != _signature_size(kinds.kind(op.kind), klass):
        raise Refused("op.signature", "not the signature this kind asks for")
    return op


def receive(raw: bytes, sig: bytes, klass: Klass) -> Signed:
    """`read`, as a Signed ready for `verify`."""
    return Signed(read(raw, sig, klass), raw, sig)


def stored(ident: str, raw: bytes) -> Op:
    """An operation out of the vault, which holds only what `read` and `verify` let in: read without asking again.

    Damaged("vault.damaged") when these are not the bytes of an operation after all.
    """
    try:
        held = json.loads(raw)
        return Op(ident, held["kind"], held["room"], held["author"], held["device"], held["seq"], held["prev"],
                  tuple(held["deps"]), held["at"], held["tick"], held["body"])  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("vault.damaged") from error


def verify(signed: Signed, klass: Klass, certificate: Certificate, *earlier: Certificate) -> None:
    """Author, device, rights, room and signature against a device's certificates, which were themselves verified.

    `certificate` is the newest, `earlier` those before it: what any of them permits stands, since nothing tells which
    of them held when it was said. Whether one was in force is not a question for this function either: an
    operation's clock is for display. Raises Refused("op.malformed" | "op.certificate" | "op.rights" | "op.signature").
    """
    op = signed.op
    known = kinds.kind(op.kind)
    klass_of(known, klass)
    digest = canonical.digest(_DOMAINS[klass], signed.raw)
    if canonical.b64u(digest) != op.id:
        raise Refused("op.malformed", "the operation is not the one in the bytes")
    if op.author != certificate.delegation or op.device != certificate.device:
        raise Refused("op.certificate", "author or device is not the certificate's")
    if not any(one.permits(known.right, op.room_id) for one in (certificate, *earlier)):
        raise Refused("op.rights", "the device has no right to this kind in this room")
    if len(signed.sig) != _signature_size(known, klass):
        raise Refused("op.signature", "not the signature this kind asks for")
    if klass == "chat":
        return
    try:
        if known.composite:
            signing.verify_composite(certificate.composite, digest, signed.sig)
        else:
            signing.verify(certificate.ed25519, digest, signed.sig)
    except Refused:
        raise Refused("op.signature", "the signature does not verify") from None


def _signature_size(kind: kinds.Kind, klass: Klass) -> int:
    if klass == "chat":
        return 0
    return signing.COMPOSITE_SIGNATURE if kind.composite else signing.SIGNATURE


def _read(raw: bytes, klass: Klass) -> Op:
    if len(raw) > LIMIT:
        raise Refused("op.too_large", "an operation is at most 128 KiB")
    try:
        held = canonical.decode(raw, LIMIT)
    except Refused:
        raise Refused("op.malformed", "not canonical JSON") from None
    return _checked(held, raw, klass)


def _checked(held: Any, raw: bytes, klass: Klass) -> Op:
    """The operation whose canonical bytes are `raw` and whose fields are `held`."""
    if type(held) is not dict or held.keys() != _FIELDS or held["v"] != VERSION:
        raise Refused("op.malformed", "not the fields of an operation")
    room, author, device, prev, deps = (held[name] for name in ("room", "author", "device", "prev", "deps"))
    if not (_ident(author) and _ident(device) and (room == "" or _ident(room)) and (prev == "" or _ident(prev))):
        raise Refused("op.malformed", "a field is not an id")
    seq = held["seq"]
    if type(seq) is not int or seq < 1 or (seq == 1) != (prev == ""):
        raise Refused("op.malformed", "seq and prev do not fit")
    if type(deps) is not list or len(deps) > MAX_DEPS or not all(map(_ident, deps)) or deps != sorted(set(deps)):
        raise Refused("op.malformed", "deps are not a sorted set of ids")
    if any(type(held[name]) is not int or held[name] < 0 for name in ("at", "tick")):
        raise Refused("op.malformed", "the clock is not a pair of positive integers")
    if type(held["kind"]) is not str:
        raise Refused("op.malformed", "the kind is not text")
    known = kinds.kind(held["kind"])
    klass_of(known, klass)
    known.body.check(held["body"])
    return Op(
        id=op_id(raw, klass),
        kind=known.name,
        room=room,
        author=author,
        device=device,
        seq=seq,
        prev=prev,
        deps=tuple(deps),
        at=held["at"],
        tick=held["tick"],
        body=held["body"],
    )


def _ident(value: Any) -> bool:
    return type(value) is str and _ID.match(value) is not None
