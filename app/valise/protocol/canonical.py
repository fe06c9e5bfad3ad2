"""Canonical JSON for what is signed for the record: RFC 8785 restricted to what we need.

A value is a dict with ASCII keys, a list, a string or an integer with |n| <= 2**53 - 1. Neither booleans
nor null nor floats exist, so there is exactly one text for every value and none needs a number formatter.
Also here: base64url without padding, and the one way this project hashes (domain string, zero byte, data).
"""

from __future__ import annotations

import base64
import hashlib
import json
from json.encoder import JSONEncoder
from typing import Any, Final

from valise.domain.errors import Refused

MAX_INT: Final = 2**53 - 1
MAX_DEPTH: Final = 32
LIMIT: Final = 1 << 20

# RFC 8785 section 3.2.2: the escapes of ECMAScript; with ensure_ascii off Python writes the same ones.
# Keys are ASCII, so sorting them by code point is sorting them by UTF-16 unit (section 3.2.3).
_ENCODER = JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`. Raises Refused("canonical.type" | "canonical.deep")."""
    _check(value, MAX_DEPTH)
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("canonical.type", "a string holds half a character") from None


def decode(data: bytes, limit: int = LIMIT) -> Any:
    """The value whose canonical bytes are exactly `data`.

    Raises Refused("canonical.too_large" | "canonical.malformed" | "canonical.deep" | "canonical.type" |
    "canonical.other_form"); the last one is valid JSON written in another way (spaces, key order, a
    duplicate key, an escape that was not needed).
    """
    if len(data) > limit:
        raise Refused("canonical.too_large", "more bytes than allowed")
    try:
        value = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise Refused("canonical.deep", "nested too deeply") from None
    except ValueError:  # covers bad UTF-8, bad JSON and integers of thousands of digits
        raise Refused("canonical.malformed", "not JSON") from None
    if encode(value) != data:
        raise Refused("canonical.other_form", "not in the one form that is signed")
    return value


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is dict:
        try:
            ascii_keys = "".join(value).isascii()
        except TypeError:
            ascii_keys = False
        if not ascii_keys:
            raise Refused("canonical.type", "a key is not ASCII text")
        parts = value.values()
    elif kind is list:
        parts = value
    elif kind is str:
        return
    elif kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise Refused("canonical.type", "an integer is out of range")
        return
    else:
        raise Refused("canonical.type", "a value of a type that is not signed")
    if depth == 0:
        raise Refused("canonical.deep", "nested too deeply")
    for one in parts:
        if type(one) is not str:  # most are
            _check(one, depth - 1)


def b64u(data: bytes) -> str:
    """base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str, size: int | None = None) -> bytes:
    """Strict inverse of `b64u`: alphabet, no padding, zero trailing bits, `size` bytes if given.

    Raises Refused("canonical.base64").
    """
    if type(text) is not str:
        raise Refused("canonical.base64", "not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Refused("canonical.base64", "not base64url") from None
    # Python skips foreign characters and loose bits; written again they are missed.
    if (size is not None and len(data) != size) or b64u(data) != text:
        raise Refused("canonical.base64", "wrong length or loose bits")
    return data


def digest(domain: str, data: bytes) -> bytes:
    """SHA-256(domain as UTF-8, one zero byte, data): 32 bytes."""
    return hashlib.sha256(domain.encode("utf-8") + b"\0" + data).digest()
