"""Key messages: how a session key travels from one device to one other, inside HPKE(X-Wing){ Olm { this } }.

The outer part (seen only by the recipient, after HPKE) says which device sends and at what place in its own
count to us, so that a batch can be sorted before Olm is touched. The inner part binds both devices, both Olm
keys, the room, epoch and class, and everybody the session is sealed for; a record session is announced under
the device's signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, signing

ANNOUNCE = "valise/v1/session"
TAG = "valise/v1/tag"


def tag_of(sender: bytes, wrap: bytes) -> bytes:
    """The 16-byte tag of a session. It follows from its sender, so nobody can announce another's tag as its own."""
    return canonical.digest(TAG, sender + wrap)[:16]


@dataclass(frozen=True, slots=True)
class Outer:
    device: bytes  # 32, sender
    number: int  # the sender's count of key messages to us, from 1
    message: bytes  # Olm


@dataclass(frozen=True, slots=True)
class SessionKey:
    """`number` repeats the outer count under authentication."""

    number: int
    sender: bytes
    certificate: bytes
    sender_olm: bytes
    recipient: bytes
    recipient_olm: bytes
    reply_key: bytes  # 1,216-byte X-Wing public key
    room: str
    epoch: bytes
    klass: int
    tag: bytes
    wrap: bytes
    key: bytes
    recipients: bytes
    at: int
    base: int  # chat class: the sender's conversation begins at this seq for this recipient; record class: 0
    announcement: bytes = b""  # record class: Ed25519 signature

    def announced(self) -> bytes:
        """What a record session's announcement signs: 32 bytes."""
        parts = [
            self.sender,
            self.room,
            self.epoch,
            self.klass,
            self.tag,
            canonical.digest(ANNOUNCE, self.key),
            self.recipients,
        ]
        return canonical.digest(ANNOUNCE, cbor.encode(parts))


def encode_outer(outer: Outer) -> bytes:
    return cbor.encode([outer.device, outer.number, outer.message])


def decode_outer(data: bytes) -> Outer:
    """Refused("key.malformed")."""
    value = cbor.decode(data, 4096)
    if (
        not isinstance(value, list)
        or len(value) != 3
        or not isinstance(value[0], bytes)
        or len(value[0]) != 32
        or type(value[1]) is not int
        or not 0 < value[1] < 2**53
        or not isinstance(value[2], bytes)
    ):
        raise Refused("key.malformed")
    return Outer(value[0], value[1], value[2])


_SIZES = {
    "sender": 32,
    "certificate": 32,
    "sender_olm": 32,
    "recipient": 32,
    "recipient_olm": 32,
    "reply_key": 1216,
    "epoch": 32,
    "tag": 16,
    "wrap": 32,
    "recipients": 32,
}


def encode(message: SessionKey) -> bytes:
    return cbor.encode({name: getattr(message, name) for name in message.__slots__})


def decode(data: bytes) -> SessionKey:
    """Strict; Refused("key.malformed")."""
    value: Any = cbor.decode(data, 4096)
    if not isinstance(value, dict) or set(value) != set(SessionKey.__slots__):
        raise Refused("key.malformed")
    for name, size in _SIZES.items():
        if not isinstance(value[name], bytes) or len(value[name]) != size:
            raise Refused("key.malformed")
    for name in ("number", "klass", "at", "base"):
        if type(value[name]) is not int or not 0 <= value[name] < 2**53:
            raise Refused("key.malformed")
    if not isinstance(value["room"], str) or len(value["room"]) != 43 or value["klass"] not in (0, 1):
        raise Refused("key.malformed")
    if not isinstance(value["key"], bytes) or len(value["key"]) > 512 or not isinstance(value["announcement"], bytes):
        raise Refused("key.malformed")
    if len(value["announcement"]) not in (0, 64):
        raise Refused("key.malformed")
    return SessionKey(**value)


def check_announcement(message: SessionKey, public: bytes) -> None:
    """A record session must be announced under the sender's signature. Refused("signature.bad")."""
    if message.klass == 0:
        signing.verify(public, message.announced(), message.announcement)
