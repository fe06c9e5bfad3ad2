"""The two envelopes. Visible from outside: version, key id or session tag, size class. Nothing else.

Key envelope, always KEY_SIZE bytes: "VK", version, key id 16, HPKE(X-Wing){length 2, payload, zeros}, to one
device. Content envelope: "VC", version, size class, session tag 16, nonce 24, XChaCha20-Poly1305{Padme},
one ciphertext for all devices of an epoch. Every failure is Refused("envelope.*").

KEY_SIZE is what the largest key message comes to, first contact or not, so that all have the same size:

    19   magic, version, key id
 1,136   X-Wing's encapsulated key 1,120 and the tag 16 of ChaCha20-Poly1305
     2   length
    47   the outer part without its message: sender 32, count 8, and what CBOR adds
   164   Olm: type 1, version 1, three keys 102, length 3; version 1, ratchet key 34, index 11, length 3, MAC 8
 1,536   the message 1,533 (protocol/keymessage.py), filled up to AES blocks: reply key 1,216, Megolm key 165, wrap key,
         certificate hash, binding and room 128, first seq of a conversation 8, class 1, and 15 that CBOR adds
"""

from __future__ import annotations

import secrets
from typing import Final, Literal

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused
from valise.protocol import hpke, padding

VERSION: Final = 1
KEY_SIZE: Final = 2904
MAX_SIZE: Final = 256 * 1024
TAG: Final = 16

_KEY_HEAD: Final = b"VK" + bytes((VERSION,))
_KEY_START: Final = len(_KEY_HEAD) + hpke.KEY_ID
_KEY_PLAIN: Final = KEY_SIZE - _KEY_START - hpke.OVERHEAD
MAX_PAYLOAD: Final = _KEY_PLAIN - 2

_CONTENT_HEAD: Final = b"VC" + bytes((VERSION,))
_AAD: Final = len(_CONTENT_HEAD) + 1 + TAG
_NONCE: Final = 24
_MAC: Final = 16
_CONTENT_OVERHEAD: Final = _AAD + _NONCE + _MAC


def _largest() -> int:
    """The greatest Padme length that fits, less the padding mark."""
    room = MAX_SIZE - _CONTENT_OVERHEAD
    return max(size for size in range(room - 8192, room + 1) if padding.padme(size) == size) - 1


MAX_INNER: Final = _largest()  # bytes of the largest inner that fits into MAX_SIZE


def _info(recipient_device: bytes, key_id: bytes) -> bytes:
    if len(recipient_device) != 32:
        raise Refused("envelope.device", "a device id is 32 bytes")
    return b"valise/v1/env\0" + recipient_device + key_id


def seal_key(public_xwing: bytes, recipient_device: bytes, payload: bytes) -> bytes:
    """KEY_SIZE bytes to one device. `payload` at most MAX_PAYLOAD bytes, `recipient_device` its 32-byte id."""
    if len(payload) > MAX_PAYLOAD:
        raise Refused("envelope.too_large", "the payload does not fit into a key envelope")
    key_id = hpke.key_id(public_xwing)
    plain = (len(payload).to_bytes(2, "big") + payload).ljust(_KEY_PLAIN, b"\0")
    return _KEY_HEAD + key_id + hpke.seal(public_xwing, plain, _info(recipient_device, key_id))


def key_id_of(blob: bytes) -> bytes:
    """The 16-byte id of the key this envelope is sealed to."""
    if kind_of(blob) != "key":
        raise Refused("envelope.kind", "not a key envelope")
    return blob[len(_KEY_HEAD) : _KEY_START]


def open_key(key: hpke.XWingKey, recipient_device: bytes, blob: bytes) -> bytes:
    """The payload. Raises Refused("envelope.closed") when it is not for this key and device, or altered."""
    key_id = key_id_of(blob)
    try:
        plain = hpke.open(key, blob[_KEY_START:], _info(recipient_device, key_id))
    except Refused as error:
        if error.code == "envelope.device":
            raise
        raise Refused("envelope.closed", "the envelope does not open") from None
    end = 2 + int.from_bytes(plain[:2], "big")
    if end > len(plain) or plain[end:].strip(b"\0"):
        raise Refused("envelope.padding", "the inside of the envelope is not as our senders write it")
    return plain[2:end]


def seal_content(wrap_key: bytes, tag: bytes, inner: bytes) -> bytes:
    """One ciphertext for all. `wrap_key` 32 bytes, `tag` 16, `inner` at most MAX_INNER bytes."""
    if len(inner) > MAX_INNER:
        raise Refused("envelope.too_large", "does not fit into one envelope")
    if len(wrap_key) != 32 or len(tag) != TAG:
        raise Refused("envelope.key", "wrap key or session tag has the wrong length")
    padded = padding.pad(inner)
    head = _CONTENT_HEAD + bytes((len(padded).bit_length(),)) + tag
    nonce = secrets.token_bytes(_NONCE)
    return head + nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, head, nonce, wrap_key)


def tag_of(blob: bytes) -> bytes:
    """The 16-byte session tag of a content envelope."""
    if kind_of(blob) != "content":
        raise Refused("envelope.kind", "not a content envelope")
    return blob[_AAD - TAG : _AAD]


def open_content(wrap_key: bytes, blob: bytes) -> bytes:
    """The inner bytes. Raises Refused("envelope.closed" | "envelope.padding" | ...)."""
    if kind_of(blob) != "content":
        raise Refused("envelope.kind", "not a content envelope")
    if len(wrap_key) != 32:
        raise Refused("envelope.key", "a wrap key is 32 bytes")
    try:
        padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            blob[_AAD + _NONCE :], blob[:_AAD], blob[_AAD : _AAD + _NONCE], wrap_key
        )
    except CryptoError:
        raise Refused("envelope.closed", "the envelope does not open") from None
    try:
        return padding.unpad(padded)
    except Refused:
        raise Refused("envelope.padding", "the padding is not the one our senders write") from None


def kind_of(blob: bytes) -> Literal["key", "content"]:
    """What an envelope is, from its visible part alone; sizes and size class must fit."""
    if blob.startswith(_KEY_HEAD):
        if len(blob) != KEY_SIZE:
            raise Refused("envelope.size", "a key envelope has one size")
        return "key"
    if blob.startswith(_CONTENT_HEAD):
        size = len(blob) - _CONTENT_OVERHEAD
        if size < padding.FLOOR or len(blob) > MAX_SIZE or padding.padme(size) != size:
            raise Refused("envelope.size", "not a size our senders write")
        if blob[len(_CONTENT_HEAD)] != size.bit_length():
            raise Refused("envelope.size", "size and size class differ")
        return "content"
    if blob[:2] in (b"VK", b"VC"):
        raise Refused("envelope.version", "written by another version")
    raise Refused("envelope.magic", "not an envelope")
