"""Strict reading of the small signed documents (requests, certificates, cards, prekeys, grants).

Every check raises Refused("<what>.malformed"), `what` being the document. Also the text form of the files
that people carry or mail: a first line that says what it is, then base64url lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Any, Final

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor

LIMIT: Final = 1 << 20
_WIDTH: Final = 76
# Control, format (bidi and zero width), surrogate and separator characters have no place in a name.
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def read(raw: bytes, what: str, names: Collection[str], version: int, optional: Collection[str] = ()) -> dict[str, Any]:
    """The canonical object in `raw`: exactly these fields (those in `optional` may be absent), this version in "v"."""
    try:
        held = canonical.decode(raw, LIMIT)
    except Refused:
        raise Refused(f"{what}.malformed", "not canonical JSON") from None
    if type(held) is not dict or held.keys() - set(optional) != set(names):
        raise Refused(f"{what}.malformed", "unknown or missing fields")
    if held["v"] != version:  # neither booleans nor floats can be here
        raise Refused(f"{what}.version", "written by another version")
    return held


def parts(data: bytes, what: str, count: int, limit: int = LIMIT) -> list[bytes]:
    """Exactly `count` byte strings in one CBOR list."""
    try:
        held = cbor.decode(data, limit)
    except Refused:
        raise Refused(f"{what}.malformed", "not CBOR") from None
    if type(held) is not list or len(held) != count or any(type(one) is not bytes for one in held):
        raise Refused(f"{what}.malformed", "not the parts of this document")
    return held


def octets(value: Any, size: int, what: str) -> bytes:
    """`size` bytes from base64url."""
    try:
        return canonical.unb64u(value, size)
    except Refused:
        raise Refused(f"{what}.malformed", "a field is not base64url of its length") from None


def whole(value: Any, what: str, least: int = 0) -> int:
    """An integer of at least `least`."""
    if type(value) is not int or value < least:
        raise Refused(f"{what}.malformed", "a number is wrong")
    return value


def tidy(value: str) -> str:
    """A name as its author writes it: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def text(value: Any, limit: int, what: str, *, empty: bool = False) -> str:
    """A name: one line, nothing invisible, at most `limit` code points.

    A zero width joiner or non-joiner between letters is part of spelling in several scripts and is allowed.
    """
    if type(value) is not str or len(value) > limit or (not value and not empty) or value != " ".join(value.split()):
        raise Refused(f"{what}.malformed", "a name is wrong")
    for place, one in enumerate(value):
        if unicodedata.category(one) in _UNSEEN:
            joins = one in "\u200c\u200d" and 0 < place < len(value) - 1
            if not joins or (not value[place - 1].isalpha() and not unicodedata.combining(value[place - 1])):
                raise Refused(f"{what}.malformed", "a name holds something that cannot be seen")
    return value


def armour(first_line: str, data: bytes) -> bytes:
    """The text file: `first_line`, then base64url in lines of 76. Survives e-mail."""
    letters = canonical.b64u(data)
    lines = [letters[start : start + _WIDTH] for start in range(0, len(letters), _WIDTH)]
    return "\n".join((first_line, *lines, "")).encode("ascii")


def unarmour(first_line: str, data: bytes, what: str, limit: int = LIMIT) -> bytes:
    """The bytes again. White space may have been added anywhere after the first line, nothing else."""
    if len(data) > 2 * limit:
        raise Refused(f"{what}.malformed", "too large")
    try:
        words = data.decode("ascii").split()
    except UnicodeDecodeError:
        raise Refused(f"{what}.malformed", "not the text it should be") from None
    if not words or words[0] != first_line:
        raise Refused(f"{what}.magic", "not a file of this kind")
    try:
        return canonical.unb64u("".join(words[1:]))
    except Refused:
        raise Refused(f"{what}.malformed", "torn or altered on its way") from None
