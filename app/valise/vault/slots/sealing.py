"""How a slot of any kind is sealed and opened: one way for all of them.

Of the 64 bytes a kind gives, 32 are the key of XChaCha20-Poly1305 over the 80 bytes of raw database key, 32 the key of an
HMAC-SHA256 over metadata and ciphertext. The AEAD alone would not bind its key (one ciphertext can be built that opens
under two secrets); the tag does, and is checked first. The associated data is everything the slot says about itself,
with the id of the vault, as canonical JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, Final, NamedTuple

from nacl import bindings
from nacl.exceptions import CryptoError

from valise.domain.errors import Damaged, Refused, Unavailable, WrongPassphrase
from valise.protocol import canonical
from valise.vault.connection import check_key
from valise.vault.header import Header, Slot
from valise.vault.slots.kdf import SALT, Kdf
from valise.vault.slots.kinds import KINDS, NONCE, PASSPHRASE, SEALED, SECRET, TAG, Given, Kind, take

_DOMAIN = b"valise/v1/slot\0"
_COSTLY: Final = 4  # slots that one attempt may stretch a passphrase for; a forged header could demand a morning


class Opened(NamedTuple):
    """The database key (160 hex digits) and the slot that gave it."""

    key: str
    slot: Slot


def seal(
    kind: str, given: Given, key: str, vault: str, *, cost: Kdf | None = None, made: int = 0, **numbers: int
) -> dict[str, Any]:
    """A new slot of `kind` holding `key` (160 hex digits) for the vault of that id. `made` = ms UTC.

    `given` holds what the kind needs and is not wiped; `numbers` are what the kind tells (recovery: need, total, set).
    Raises Refused("vault.key_form" | "slot.kind" | "slot.empty" | "slot.downgraded"), Damaged("header.slot") for numbers
    out of range, Unavailable("vault.memory").
    """
    check_key(key)
    if kind not in KINDS:
        raise Refused("slot.kind", "this kind of slot is not known to this version")
    one, cost = KINDS[kind], cost or Kdf()
    _fit(one, given)
    slot: dict[str, Any] = {
        "kind": kind,
        "made": made,
        "salt": canonical.b64u(secrets.token_bytes(SALT)),
        "nonce": canonical.b64u(secrets.token_bytes(NONCE)),
        **numbers,
    }
    if PASSPHRASE in one.needs:
        slot["kdf"] = {"name": "argon2id", "ops": cost.ops, "mem": cost.mem}
    one.check({**slot, "sealed": canonical.b64u(bytes(SEALED)), "tag": canonical.b64u(bytes(TAG))}, cost)
    made_of = one.material(slot, given)
    aad = metadata(slot, vault)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes.fromhex(key), aad, take(slot, "nonce", NONCE), made_of[:32]
    )
    slot["sealed"] = canonical.b64u(sealed)
    slot["tag"] = canonical.b64u(commit(made_of[32:], aad, sealed))
    return slot


def seal_slot(
    kind: str, passphrase: bytearray, key: str, vault: str, kdf: Kdf | None = None, made: int = 0
) -> dict[str, Any]:
    """`seal` with nothing but a passphrase. Does not wipe it."""
    return seal(kind, Given(passphrase=passphrase), key, vault, cost=kdf, made=made)


def open_with(header: Header, given: Given, kdf: Kdf | None = None) -> Opened:
    """Open the first slot whose needs are all given and fit. Kinds not known here are passed over.

    Every known slot is checked before the first one costs anything. Raises WrongPassphrase("vault.passphrase"),
    Unavailable("slot.keyring_missing") when only the keyring's half is wanting, Unavailable("vault.memory"),
    Refused("slot.downgraded" | "slot.excessive" | "slot.many"), Damaged("header.slot").
    """
    floor = kdf or Kdf()
    known = [(KINDS[slot["kind"]], slot) for slot in header.slots if slot["kind"] in KINDS]
    for kind, slot in known:
        kind.check(slot, floor)
    if sum(PASSPHRASE in kind.needs for kind, _ in known) > _COSTLY:
        raise Refused("slot.many", "more slots with a passphrase than a vault has")
    names = given.names()
    for kind, slot in known:
        if kind.needs <= names:
            key = _open(kind, slot, given, header.vault)
            if key is not None:
                return Opened(key.hex(), slot)
    if any("keyring" in kind.needs - names and kind.needs - names != kind.needs for kind, _ in known):
        raise Unavailable("slot.keyring_missing", "the keyring's half of what opens this vault is not here")
    raise WrongPassphrase("vault.passphrase", "no slot opens with what was given")


def open_slots(header: Header, passphrase: bytearray, kdf: Kdf | None = None) -> str:
    """The database key (160 hex digits) from the first slot that this passphrase opens. Raises what `open_with` raises."""
    return open_with(header, Given(passphrase=passphrase), kdf).key


def metadata(slot: Slot, vault: str) -> bytes:
    """What is authenticated: the domain, the vault's id and every field but the two that come of sealing."""
    told = {name: value for name, value in slot.items() if name not in ("sealed", "tag")}
    return _DOMAIN + canonical.encode({"vault": vault, "slot": told})


def commit(key: bytes, aad: bytes, sealed: bytes) -> bytes:
    """The tag that binds the key."""
    return hmac.digest(key, len(aad).to_bytes(4, "big") + aad + sealed, hashlib.sha256)


def _open(kind: Kind, slot: Slot, given: Given, vault: str) -> bytes | None:
    """The 80 bytes, or None when what was given is not the slot's."""
    if any(len(getattr(given, name)) != SECRET for name in kind.needs - {PASSPHRASE}):
        return None  # HMAC takes a key with zeros after it for the same key
    made_of = kind.material(slot, given)
    aad = metadata(slot, vault)
    sealed = take(slot, "sealed", SEALED)
    if not hmac.compare_digest(commit(made_of[32:], aad, sealed), take(slot, "tag", TAG)):
        return None
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed, aad, take(slot, "nonce", NONCE), made_of[:32]
        )
    except CryptoError:
        raise Damaged("header.slot", "a slot does not verify") from None


def _fit(kind: Kind, given: Given) -> None:
    """Nothing empty and nothing short is sealed under."""
    if not kind.needs <= given.names() or (PASSPHRASE in kind.needs and not given.passphrase):
        raise Refused("slot.empty", "what is needed to open the slot again is not there")
    for name in kind.needs - {PASSPHRASE}:
        if len(getattr(given, name)) != SECRET:
            raise Refused("slot.empty", "a secret has thirty-two bytes")
