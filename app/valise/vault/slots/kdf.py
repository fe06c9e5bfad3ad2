"""Argon2id (RFC 9106) for passphrases: its cost, the floor below it, and how much this computer can afford."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from nacl import pwhash
from nacl.exceptions import CryptoError

from valise.domain.errors import Refused, Unavailable

SALT: Final[int] = pwhash.argon2id.SALTBYTES
OPS_MOST: Final = 64
MEM_MOST: Final = 4 << 30  # bytes; more would be a header meant to exhaust this computer


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
        if ops > OPS_MOST or mem > MEM_MOST:
            raise Refused("slot.excessive", "the slot demands more than a computer should give")

    def at_least(self, ops: int, mem: int) -> Kdf:
        """This cost, or that of the slot it replaces where that was higher: a passphrase is never protected less."""
        return replace(self, ops=max(self.ops, ops), mem=max(self.mem, mem))


def calibrate(seconds: float = 1.0, clock: Callable[[], float] = time.perf_counter) -> Kdf:
    """The default cost, with more passes on a computer fast enough to do them within `seconds`."""
    least = Kdf()
    began = clock()
    derive(bytearray(b"calibration"), bytes(SALT), least.ops, least.mem)
    one_pass = max(clock() - began, 1e-3) / least.ops
    return Kdf(ops=max(least.ops, min(int(seconds / one_pass), OPS_MOST)))


def derive(passphrase: bytearray, salt: bytes, ops: int, mem: int) -> bytes:
    """64 bytes. Unavailable("vault.memory")."""
    try:
        return pwhash.argon2id.kdf(64, bytes(passphrase), salt, ops, mem)
    except CryptoError as error:  # libsodium fails here only for want of memory
        raise Unavailable("vault.memory", "not enough memory to open the vault") from error
