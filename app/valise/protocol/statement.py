"""Statements: what a device says it holds of a room's logs, and what it misses. Signed by the device.

One statement is acknowledgement, gap request and key request at once, and replaces every earlier one, so a
carrier may lose, repeat or reorder it. Record logs carry the head's id (a fork shows); chat logs carry none,
so that nobody signs what was said in a conversation.

It also says where its vault stands (`point`), where it stood when it last spoke in this room (`before`), and repeats the
newest such point it heard of everybody here (`echo`): an old copy of a vault learns from it that it is one, and two live
copies contradict each other under one signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, signing

DOMAIN = "valise/v1/statement"
MAX_WANT = 64
MAX_ECHO = 64
ROOT_BYTES = 32


class Point(NamedTuple):
    """Where a vault stood: its write transactions so far, and 32 bytes: a root nobody can foretell, and a mark by which the
    device knows its own word again when another repeats it. (0, b"") = nowhere yet."""

    generation: int
    root: bytes


NOWHERE = Point(0, b"")


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
    point: Point = NOWHERE  # of the transaction that makes this statement
    before: Point = NOWHERE  # the last one said in this room: nothing was said here between the two
    learned: Point = NOWHERE  # of this device, said by a vault that this one is an older copy of: what lies up to it is known
    echo: tuple[tuple[str, Point], ...] = ()  # device, the newest point heard of it
    ask: bool = False  # whoever reads it says what he holds, also of the sender's own log


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
            "point": list(statement.point),
            "before": list(statement.before),
            "learned": list(statement.learned),
            "echo": [[canonical.unb64u(device), *point] for device, point in statement.echo],
            "ask": int(statement.ask),
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
            _text(value["room"], 43),
            _text(value["device"], 43),
            _whole(value["at"]),
            logs,
            want,
            tags,
            pieces,
            _point(*value["point"]),
            _point(*value["before"]),
            _point(*value["learned"]),
            tuple((canonical.b64u(_bytes(device, 32)), _point(*point)) for device, *point in value["echo"]),
            (False, True)[_whole(value["ask"])],
        )
    except (KeyError, TypeError, ValueError, IndexError):
        raise Refused("statement.malformed") from None
    if len(value) != 12 or max(len(want), len(tags)) > MAX_WANT or len(logs) > 5000 or len(made.echo) > MAX_ECHO:
        raise Refused("statement.malformed")
    if made.before.generation >= made.point.generation > 0:
        raise Refused("statement.malformed")  # a vault's count never stands still between two statements
    return made


def contradict(one: Statement, other: Statement) -> bool:
    """Whether no single vault makes both (of one device, in one room): each says that between `before` and `point` it said
    nothing there."""
    first, second = sorted((one, other), key=lambda each: each.point)
    if first.point.generation == second.point.generation:
        return first.point != second.point
    if second.before.generation == first.point.generation:
        return second.before != first.point
    return second.before.generation < first.point.generation


def _line(value: Any) -> LogLine:
    klass, device, held, head, top = value
    if klass not in (0, 1) or not isinstance(head, bytes) or len(head) not in (0, 32):
        raise ValueError
    return LogLine(_whole(klass), _text(device, 43), _whole(held), head, _whole(top))


def _point(generation: Any, root: Any) -> Point:
    return Point(_whole(generation), _bytes(root, ROOT_BYTES if generation else 0))


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
