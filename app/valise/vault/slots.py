"""Slots: the database key sealed under something a person has or knows. One header may hold several.

A passphrase slot: Argon2id (RFC 9106) gives 64 bytes, 32 of them the key of XChaCha20-Poly1305 over the 80 bytes
of raw database key, 32 the key of an HMAC-SHA256 over metadata and ciphertext. The AEAD alone would not bind its
key (one ciphertext can be built that opens under two passphrases); the tag does, and is checked first.
The associated data is everything the slot says about itself, with the id of the vault, as canonical JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from valise.domain.errors import Damaged, Refused, Unavailable, WrongPassphrase
from valise.protocol import canonical
from valise.vault.connection import KEY_BYTES, check_key
from valise.vault.header import Header, Slot

_DOMAIN = "valise/v1/slot"
_SALT = pwhash.argon2id.SALTBYTES
_NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_SEALED = KEY_BYTES + bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES
_TAG = 32
_OPS_MOST: Final = 64
_MEM_MOST: Final = 4 << 30  # bytes; more would be a header meant to exhaust this computer
_FIELDS = frozenset({"kind", "kdf", "salt", "nonce", "sealed", "tag"})
_KDF_FIELDS = frozenset({"name", "ops", "mem"})


@dataclass(frozen=True, slots=True)
class Kdf:
    """Argon2id with `ops` passes over `mem` bytes, and the floor below which a header is refused.

    The floor is the house's, never the file's: only code (tests, simulation) can lower it, here.
    """

    ops: int = pwhash.argon2id.OPSLIMIT_MODERATE
    mem: int = pwhash.argon2id.MEMLIMIT_MODERATE
    floor_ops: int = pwhash.argon2id.OPSLIMIT_MODERATE
    floor_mem: int = pwhash.argon2id.MEMLIMIT_MODERATE

    def __post_init__(self) -> None:
        self.check(self.ops, self.mem)

    def check(self, ops: int, mem: int) -> None:
        """Raises Refused("slot.downgraded") below the floor, Refused("slot.excessive") beyond reason."""
        if ops < self.floor_ops or mem < self.floor_mem:
            raise Refused("slot.downgraded", "the passphrase would be protected less than the house demands")
        if ops > _OPS_MOST or mem > _MEM_MOST:
            raise Refused("slot.excessive", "the slot demands more than a computer should give")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of slot is checked, sealed and opened. `check` raises Refused or Damaged and costs nothing.

    `opener` returns the 160 hex digits or None when the secret is not the slot's.
    """

    check: Callable[[Slot, Kdf], None]
    seal: Callable[[bytearray, bytes, str, Kdf], dict[str, Any]]
    opener: Callable[[Slot, bytearray, str], bytes | None]


def seal_slot(kind: str, passphrase: bytearray, key: str, vault: str, kdf: Kdf | None = None) -> dict[str, Any]:
    """A new slot of `kind` ("passphrase") holding `key` (160 hex digits) for the vault of that id.

    Does not wipe `passphrase`. Raises Refused("vault.key_form" | "slot.kind" | "slot.empty" | "slot.downgraded"),
    Unavailable("vault.memory").
    """
    check_key(key)
    if kind not in KINDS:
        raise Refused("slot.kind", "this kind of slot is not known to this version")
    if not passphrase:
        raise Refused("slot.empty", "an empty passphrase protects nothing")
    return KINDS[kind].seal(passphrase, bytes.fromhex(key), vault, kdf or Kdf())


def open_slots(header: Header, passphrase: bytearray, kdf: Kdf | None = None) -> str:
    """The database key (160 hex digits) from the first slot that opens. Kinds not known here are passed over.

    Raises WrongPassphrase("vault.passphrase"), Refused("slot.downgraded" | "slot.excessive"), Damaged("header.slot"),
    Unavailable("vault.memory"). Every known slot is checked before the first one costs anything.
    """
    floor = kdf or Kdf()
    known = [(KINDS[slot["kind"]], slot) for slot in header.slots if slot["kind"] in KINDS]
    for kind, slot in known:
        kind.check(slot, floor)
    for kind, slot in known:
        key = kind.opener(slot, passphrase, header.vault)
        if key is not None:
            return key.hex()
    raise WrongPassphrase("vault.passphrase", "no slot opens with this passphrase")


def calibrate(seconds: float = 1.0, clock: Callable[[], float] = time.perf_counter) -> Kdf:
    """The default cost, with more passes on a computer fast enough to do them within `seconds`."""
    least = Kdf()
    began = clock()
    _derive(bytearray(b"calibration"), bytes(_SALT), least.ops, least.mem)
    one_pass = max(clock() - began, 1e-3) / least.ops
    return Kdf(ops=max(least.ops, min(int(seconds / one_pass), _OPS_MOST)))


def _check_passphrase(slot: Slot, floor: Kdf) -> None:
    kdf = slot.get("kdf")
    if (
        slot.keys() != _FIELDS
        or not isinstance(kdf, Mapping)
        or kdf.keys() != _KDF_FIELDS
        or kdf["name"] != "argon2id"
        or type(kdf["ops"]) is not int
        or type(kdf["mem"]) is not int
    ):
        raise Damaged("header.slot", "a slot has a wrong field")
    for name, size in (("salt", _SALT), ("nonce", _NONCE), ("sealed", _SEALED), ("tag", _TAG)):
        _bytes(slot, name, size)
    floor.check(kdf["ops"], kdf["mem"])


def _seal_passphrase(passphrase: bytearray, key: bytes, vault: str, kdf: Kdf) -> dict[str, Any]:
    slot: dict[str, Any] = {
        "kind": "passphrase",
        "kdf": {"name": "argon2id", "ops": kdf.ops, "mem": kdf.mem},
        "salt": canonical.b64u(secrets.token_bytes(_SALT)),
        "nonce": canonical.b64u(secrets.token_bytes(_NONCE)),
    }
    kek, committing = _derive(passphrase, _bytes(slot, "salt", _SALT), kdf.ops, kdf.mem)
    aad = _metadata(slot, vault)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(key, aad, _bytes(slot, "nonce", _NONCE), kek)
    slot["sealed"] = canonical.b64u(sealed)
    slot["tag"] = canonical.b64u(_commit(committing, aad, sealed))
    return slot


def _open_passphrase(slot: Slot, passphrase: bytearray, vault: str) -> bytes | None:
    kek, committing = _derive(passphrase, _bytes(slot, "salt", _SALT), slot["kdf"]["ops"], slot["kdf"]["mem"])
    aad = _metadata(slot, vault)
    sealed = _bytes(slot, "sealed", _SEALED)
    if not hmac.compare_digest(_commit(committing, aad, sealed), _bytes(slot, "tag", _TAG)):
        return None
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, aad, _bytes(slot, "nonce", _NONCE), kek)
    except CryptoError:
        raise Damaged("header.slot", "a slot does not verify") from None


def _derive(passphrase: bytearray, salt: bytes, ops: int, mem: int) -> tuple[bytes, bytes]:
    try:
        made = pwhash.argon2id.kdf(64, bytes(passphrase), salt, ops, mem)
    except CryptoError as error:  # libsodium fails here only for want of memory
        raise Unavailable("vault.memory", "not enough memory to open the vault") from error
    return made[:32], made[32:]


def _metadata(slot: Slot, vault: str) -> bytes:
    told = {name: value for name, value in slot.items() if name not in ("sealed", "tag")}
    return _DOMAIN.encode("ascii") + b"\0" + canonical.encode({"vault": vault, "slot": told})


def _commit(key: bytes, aad: bytes, sealed: bytes) -> bytes:
    return hmac.digest(key, len(aad).to_bytes(4, "big") + aad + sealed, hashlib.sha256)


def _bytes(slot: Slot, name: str, size: int) -> bytes:
    try:
        return canonical.unb64u(slot[name], size)
    except Refused:
        raise Damaged("header.slot", "a slot has a wrong field") from None


KINDS: dict[str, Kind] = {"passphrase": Kind(_check_passphrase, _seal_passphrase, _open_passphrase)}
