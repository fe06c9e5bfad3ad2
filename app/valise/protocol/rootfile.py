"""The delegation key file: the root's secret under a passphrase.

Argon2id (libsodium, RFC 9106) gives 64 bytes: a key for XChaCha20-Poly1305 and one for a tag that commits to
it, since that cipher alone can be built to open under two keys. Parameters, salt and nonce are associated
data, and weaker ones than `floor` are never accepted. As a file: VALISE-ROOT-2 (the 32-byte secret), base64url.
VALISE-ROOT-1 holds the 64-byte seed itself: it opens as before, but no recovery shares can be made of such a root.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused, Unavailable, WrongPassphrase
from valise.protocol import cbor, fields
from valise.protocol.root import SECRET, Root

MAGIC: Final = "VALISE-ROOT-2"
FIRST: Final = "VALISE-ROOT-1"
VERSION: Final = 2
_SEED: Final = 64
OPSLIMIT: Final = sodium.crypto_pwhash_argon2id_OPSLIMIT_MODERATE  # 3 passes
MEMLIMIT: Final = sodium.crypto_pwhash_argon2id_MEMLIMIT_MODERATE  # 256 MiB, in bytes
FLOOR: Final = (OPSLIMIT, MEMLIMIT)
_CEILING: Final = (16, 1 << 30)  # libsodium's "sensitive" and some; a file must not be able to ask for all memory
_SALT: Final = sodium.crypto_pwhash_SALTBYTES
_NONCE: Final = 24
_HEAD: Final = {"v", "kdf", "ops", "mem", "salt", "nonce", "cipher"}
_KDF: Final = "argon2id13"
_CIPHER: Final = "xchacha20poly1305-ietf"


def _derive(passphrase: bytes | bytearray, head: bytes, salt: bytes, ops: int, mem: int) -> tuple[bytes, bytes]:
    """Cipher key, and the 32-byte tag that commits to it and to the parameters."""
    try:
        both = sodium.crypto_pwhash_alg(64, bytes(passphrase), salt, ops, mem, sodium.crypto_pwhash_ALG_ARGON2ID13)
    except CryptoError:
        raise Unavailable("rootfile.memory", "not enough memory for the passphrase function") from None
    return both[:32], hmac.new(both[32:], b"valise/v1/rootfile\0" + head, hashlib.sha256).digest()


def seal_root(
    root: Root,
    passphrase: bytes | bytearray,
    opslimit: int = OPSLIMIT,
    memlimit: int = MEMLIMIT,
    floor: tuple[int, int] = FLOOR,
) -> bytes:
    """The file. `memlimit` in bytes; `floor` is lowered by tests and simulations only.

    Raises Refused("rootfile.weak" | "rootfile.passphrase_empty" | "root.closed").
    """
    if root.closed:
        raise Refused("root.closed", "the root key was closed")
    _check(opslimit, memlimit, floor)
    if not passphrase:
        raise Refused("rootfile.passphrase_empty", "a passphrase is needed")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    head = cbor.encode(
        {
            "v": VERSION if root.splittable else 1,
            "kdf": _KDF,
            "ops": opslimit,
            "mem": memlimit,
            "salt": salt,
            "nonce": nonce,
            "cipher": _CIPHER,
        }
    )
    key, tag = _derive(passphrase, head, salt, opslimit, memlimit)
    held = root.seed if root.secret is None else root.secret
    sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(held), head + tag, nonce, key)
    return fields.armour(MAGIC if root.splittable else FIRST, cbor.encode([head, tag, sealed]))


def open_root(data: bytes, passphrase: bytes | bytearray, floor: tuple[int, int] = FLOOR) -> Root:
    """The root key again.

    Raises WrongPassphrase("rootfile.passphrase"), also for a file altered where that cannot be told apart;
    Refused("rootfile.magic" | "rootfile.malformed" | "rootfile.weak"); Unavailable("rootfile.memory").
    """
    first = data.split(maxsplit=1)[:1] == [FIRST.encode()]
    head, tag, sealed = fields.parts(fields.unarmour(FIRST if first else MAGIC, data, "rootfile"), "rootfile", 3)
    try:
        held = cbor.decode(head, 1024)
    except Refused:
        raise Refused("rootfile.malformed", "not CBOR") from None
    if type(held) is not dict or held.keys() != _HEAD:
        raise Refused("rootfile.malformed", "unknown or missing fields")
    known = (held["v"], held["kdf"], held["cipher"]) == (1 if first else VERSION, _KDF, _CIPHER)
    if not known or type(held["v"]) is not int:
        raise Refused("rootfile.version", "written by another version")
    salt, nonce, ops, mem = held["salt"], held["nonce"], held["ops"], held["mem"]
    if [type(one) for one in (salt, nonce, ops, mem)] != [bytes, bytes, int, int]:
        raise Refused("rootfile.malformed", "a parameter has the wrong type")
    if len(salt) != _SALT or len(nonce) != _NONCE or len(tag) != 32 or len(sealed) != (_SEED if first else SECRET) + 16:
        raise Refused("rootfile.malformed", "a part has the wrong length")
    _check(ops, mem, floor)
    key, expected = _derive(passphrase, head, salt, ops, mem)
    if not hmac.compare_digest(tag, expected):
        raise WrongPassphrase("rootfile.passphrase", "the passphrase does not open this file")
    try:
        opened = bytearray(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, head + tag, nonce, key))
    except CryptoError:
        raise Refused("rootfile.malformed", "altered since it was written") from None
    try:
        return Root(opened) if first else Root.of_secret(opened)
    finally:
        opened[:] = bytes(len(opened))


def _check(ops: int, mem: int, floor: tuple[int, int]) -> None:
    if ops < floor[0] or mem < floor[1]:
        raise Refused("rootfile.weak", "weaker parameters than are accepted")
    if ops > _CEILING[0] or mem > _CEILING[1]:
        raise Refused("rootfile.malformed", "parameters beyond any reason")
