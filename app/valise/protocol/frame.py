"""Frames: what one content envelope carries, in deterministic CBOR.

A frame names its room, the epoch its sender computed, the head of the membership it has seen and everybody its
session is sealed for; a frame of a record session also carries the session's announcement. It carries
items (operations), at most one statement, contact cards and attachment chunks. Nothing in it is believed
before the item itself is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from valise.domain.errors import Refused
from valise.protocol import cbor

VERSION = 1
ROOM = 64
MAX_ITEMS = 4096
_FIELDS = frozenset("vremhatiscp")


@dataclass(frozen=True, slots=True)
class Item:
    """An operation as it travels: class 0 = record, 1 = chat; the original bytes and their signature ("" for chat)."""

    klass: int
    raw: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """One sealed chunk of an attachment."""

    attachment: bytes
    index: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    room: str
    epoch: bytes
    head: bytes
    at: int  # ms UTC of the sender
    items: tuple[Item, ...] = ()
    statement: bytes = b""  # statement bytes || signature 64, "" = none
    cards: tuple[bytes, ...] = field(default=())
    pieces: tuple[Piece, ...] = field(default=())
    recipients: bytes = bytes(32)  # hash of those its session is sealed for
    announcement: bytes = b""  # record class: the device's Ed25519 signature (keymessage.announced)


def encode(frame: Frame) -> bytes:
    """Bytes of a frame (a map of short text keys)."""
    return cbor.encode(
        {
            "v": VERSION,
            "r": frame.room,
            "e": frame.epoch,
            "m": frame.head,
            "h": frame.recipients,
            "a": frame.announcement,
            "t": frame.at,
            "i": [[item.klass, item.raw, item.sig] for item in frame.items],
            "s": frame.statement,
            "c": list(frame.cards),
            "p": [[piece.attachment, piece.index, piece.data] for piece in frame.pieces],
        }
    )


def decode(data: bytes) -> Frame:
    """Strict; Refused("frame.malformed") for anything that is not exactly a frame."""
    value = cbor.decode(data, 1 << 19)
    if not isinstance(value, dict) or set(value) != _FIELDS:
        raise Refused("frame.malformed")
    if value["v"] != VERSION:
        raise Refused("frame.version")
    _sized(value["r"], str, ROOM)
    _sized(value["e"], bytes, 32, exact=True)
    _sized(value["m"], bytes, 32, exact=True)
    _sized(value["h"], bytes, 32, exact=True)
    if value["a"] != b"":
        _sized(value["a"], bytes, 64, exact=True)
    _sized(value["s"], bytes, 1 << 17)
    if type(value["t"]) is not int or not 0 <= value["t"] < 2**53:
        raise Refused("frame.malformed")
    items = tuple(_item(one) for one in _rows(value["i"]))
    for card in _rows(value["c"]):
        _sized(card, bytes, 1 << 18)
    pieces = tuple(_piece(one) for one in _rows(value["p"]))
    cards = tuple(value["c"])
    return Frame(
        value["r"], value["e"], value["m"], value["t"], items, value["s"], cards, pieces, value["h"], value["a"]
    )


def _rows(value: Any) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise Refused("frame.malformed")
    return value


def _sized(value: Any, kind: type, limit: int, *, exact: bool = False) -> None:
    if not isinstance(value, kind) or len(value) > limit or (exact and len(value) != limit):  # type: ignore[arg-type]
        raise Refused("frame.malformed")


def _item(value: Any) -> Item:
    if not isinstance(value, list) or len(value) != 3 or value[0] not in (0, 1) or type(value[0]) is not int:
        raise Refused("frame.malformed")
    _sized(value[1], bytes, 1 << 18)
    _sized(value[2], bytes, 4096)
    return Item(value[0], value[1], value[2])


def _piece(value: Any) -> Piece:
    if not isinstance(value, list) or len(value) != 3 or type(value[1]) is not int or not 0 <= value[1] < 1 << 20:
        raise Refused("frame.malformed")
    _sized(value[0], bytes, 32, exact=True)
    _sized(value[2], bytes, 1 << 17)
    return Piece(value[0], value[1], value[2])
