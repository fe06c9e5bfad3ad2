"""Statements: what a device says it holds of a room's logs, and what it misses. Signed by the device.

One statement is acknowledgement, gap request and key request at once, and replaces every earlier one, so a
carrier may lose, repeat or reorder it. Record logs carry the head's id (a fork shows); chat logs carry none,
so that nobody signs what was said in a conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, signing

DOMAIN = "valise/v1/statement"
MAX_WANT = 64


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log: every operation up to `held` is stored here; `top` the highest seq seen (a gap lies between)."""

    klass: int
    device: str
    held: int
    head: bytes  # id of the operation at `held` (record), b"" (chat or held = 0)
    top: int


@dataclass(frozen=True, slots=True)
class Statement:
    room: str
    device: str
    at: int
    logs: tuple[LogLine, ...]
    want: tuple[str, ...]  # operation ids named by others' deps or prev
    tags: tuple[bytes, ...]  # session tags it holds envelopes of but no key for
    pieces: tuple[tuple[bytes, tuple[int, ...]], ...]  # attachment id, missing chunk numbers


def encode(statement: Statement, key: signing.DeviceKey) -> bytes:
    """Statement bytes followed by the 64-byte signature over their digest."""
    raw = cbor.encode(
        {
            "room": statement.room,
            "device": statement.device,
            "at": statement.at,
            "logs": [[one.klass, one.device, one.held, one.head, one.top] for one in statement.logs],
            "want": list(statement.want),
            "tags": list(statement.tags),
            "pieces": [[name, list(numbers)] for name, numbers in statement.pieces],
        }
    )
    return raw + key.sign(canonical.digest(DOMAIN, raw))


def decode(data: bytes, public: bytes) -> Statement:
    """Verify with the device's Ed25519 key and read. Refused("statement.*")."""
    if len(data) < 65:
        raise Refused("statement.malformed")
    raw, sig = data[:-64], data[-64:]
    signing.verify(public, canonical.digest(DOMAIN, raw), sig)
    value = cbor.decode(raw, 1 << 17)
    try:
        logs = tuple(_line(one) for one in value["logs"])
        want = tuple(_text(one, 43) for one in value["want"])
        tags = tuple(_bytes(one, 16) for one in value["tags"])
        pieces = tuple(
            (_bytes(name, 32), tuple(_whole(number) for number in numbers)) for name, numbers in value["pieces"]
        )
        made = Statement(
            _text(value["room"], 43), _text(value["device"], 43), _whole(value["at"]), logs, want, tags, pieces
        )
    except (KeyError, TypeError, ValueError):
        raise Refused("statement.malformed") from None
    if len(value) != 7 or max(len(want), len(tags)) > MAX_WANT or len(logs) > 5000:
        raise Refused("statement.malformed")
    return made


def _line(value: Any) -> LogLine:
    klass, device, held, head, top = value
    if klass not in (0, 1) or not isinstance(head, bytes) or len(head) not in (0, 32):
        raise ValueError
    return LogLine(_whole(klass), _text(device, 43), _whole(held), head, _whole(top))


def _text(value: Any, size: int) -> str:
    if not isinstance(value, str) or len(value) != size:
        raise ValueError
    return value


def _bytes(value: Any, size: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise ValueError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError
    return value
