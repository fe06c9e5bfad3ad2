"""Deterministic CBOR for what only travels: RFC 8949 section 4.2.1 over int, bytes, str, bool, list, dict.

No floats, tags, null, indefinite lengths or duplicate keys. Map keys are integers or strings, in the
bytewise order of their encodings (cbor2's own canonical order is the older, length-first one, so keys
are put in order here).
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import cbor2

from valise.domain.errors import Refused

MAX_DEPTH: Final = 32
LIMIT: Final = 1 << 20
_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**64 - 1


def encode(value: Any) -> bytes:
    """Deterministic bytes of `value`. Raises Refused("cbor.type" | "cbor.deep")."""
    try:
        return cbor2.dumps(_ordered(value, MAX_DEPTH))
    except (cbor2.CBORError, UnicodeEncodeError):
        raise Refused("cbor.type", "a string holds half a character") from None


def decode(data: bytes, limit: int = LIMIT) -> Any:
    """The value whose deterministic bytes are exactly `data`.

    Raises Refused("cbor.too_large" | "cbor.malformed" | "cbor.deep" | "cbor.type" | "cbor.other_form").
    """
    if len(data) > limit:
        raise Refused("cbor.too_large", "more bytes than allowed")
    try:
        value = cbor2.loads(
            data,
            tag_hook=_no_tag,
            semantic_decoders=_NO_TAGS,
            max_depth=MAX_DEPTH + 1,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except Exception:  # every error of the library, and our refusal of a tag which it wraps
        raise Refused("cbor.malformed", "not CBOR of the kind that travels") from None
    _check(value, MAX_DEPTH)
    # Order of keys is checked above and the encoder keeps insertion order: equality here means shortest
    # lengths, nothing trailing, nothing indefinite.
    if cbor2.dumps(value) != data:
        raise Refused("cbor.other_form", "not the deterministic form")
    return value


def _no_tag(*_: Any) -> NoReturn:
    raise Refused("cbor.type", "tags do not travel")


# Every tag cbor2 would otherwise interpret (dates, big numbers, shared references, regular expressions, ...):
# some cost unbounded time, so they are refused before they are interpreted.
_NO_TAGS: Final = {tag: _no_tag for tag in (*range(65), 100, 256, 258, 260, 261, 1004, 43000, 55799)}


def _rank(key: Any) -> tuple[int, int, bytes]:
    """Bytewise order of the encoded key, without encoding it."""
    if type(key) is str:
        raw = key.encode("utf-8")
        return (2, len(raw), raw)
    if type(key) is not int or not _LOWEST <= key <= _HIGHEST:
        raise Refused("cbor.type", "a key is neither integer nor text")
    return (0, key, b"") if key >= 0 else (1, -key, b"")


def _ordered(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is bytes or kind is str or kind is bool:
        return value
    if kind is int:
        if not _LOWEST <= value <= _HIGHEST:
            raise Refused("cbor.type", "an integer is out of range")
        return value
    if depth == 0:
        raise Refused("cbor.deep", "nested too deeply")
    if kind is list:
        return [_ordered(one, depth - 1) for one in value]
    if kind is dict:
        return {key: _ordered(value[key], depth - 1) for key in sorted(value, key=_rank)}
    raise Refused("cbor.type", "a value of a type that does not travel")


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is bytes or kind is str or kind is bool:
        return
    if kind is int:
        if not _LOWEST <= value <= _HIGHEST:
            raise Refused("cbor.type", "an integer is out of range")
        return
    if depth == 0:
        raise Refused("cbor.deep", "nested too deeply")
    if kind is list:
        for one in value:
            _check(one, depth - 1)
    elif kind is dict:
        before: tuple[int, int, bytes] | None = None
        for key, one in value.items():
            rank = _rank(key)
            if before is not None and rank <= before:
                raise Refused("cbor.other_form", "keys are not in order")
            before = rank
            _check(one, depth - 1)
    else:
        raise Refused("cbor.type", "a value of a type that does not travel")
