"""The kinds of slots: what each needs, which fields it has, and how 64 bytes come of it.

A passphrase is stretched by Argon2id. A secret of 32 random bytes (from the keyring, from recovery shares) needs no
stretching: it keys an HMAC-SHA512 over the kind, the salt and, where a passphrase is needed too, what Argon2id gave.
So a slot of several needs opens only with all of them, and each kind has its own domain.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from nacl import bindings

from valise.domain.errors import Damaged, Refused
from valise.protocol import canonical
from valise.vault.connection import KEY_BYTES
from valise.vault.header import Slot
from valise.vault.slots import kdf
from valise.vault.slots.kdf import Kdf

PASSPHRASE: Final = "passphrase"  # noqa: S105
KEYRING: Final = "keyring"
SECOND: Final = "passphrase+keyring"
RECOVERY: Final = "recovery"
SECRET: Final = 32  # bytes kept in a keyring, or split into shares
NONCE: Final = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
SEALED: Final = KEY_BYTES + bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES
TAG: Final = 32
_LATEST: Final = (1 << 53) - 1  # ms UTC
_DOMAIN = b"valise/v1/slot-secret\0"
_COMMON = frozenset({"kind", "made", "salt", "nonce", "sealed", "tag"})
_BYTES = (("salt", kdf.SALT), ("nonce", NONCE), ("sealed", SEALED), ("tag", TAG))


@dataclass(slots=True)
class Given:
    """What somebody brought to open a vault. `wipe` overwrites it; whoever made it calls that."""

    passphrase: bytearray | None = None
    keyring: bytearray | None = None
    recovery: bytearray | None = None

    def names(self) -> frozenset[str]:
        """Which of them are there."""
        return frozenset(one.name for one in fields(self) if getattr(self, one.name) is not None)

    def wipe(self) -> None:
        """Overwrite all of it."""
        for one in fields(self):
            held = getattr(self, one.name)
            if held is not None:
                held[:] = bytes(len(held))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it needs (names of Given), and the whole numbers it tells beside the common fields, with their limits."""

    name: str
    needs: frozenset[str]
    numbers: Mapping[str, tuple[int, int]]

    def check(self, slot: Slot, floor: Kdf) -> None:
        """Costs nothing. Raises Damaged("header.slot"), Refused("slot.downgraded" | "slot.excessive")."""
        stretched = PASSPHRASE in self.needs
        names = _COMMON | self.numbers.keys() | ({"kdf"} if stretched else set())
        undated = self.name == PASSPHRASE and "made" not in slot  # as the first version wrote them
        if slot.keys() != names - ({"made"} if undated else set()):
            raise _bad()
        for name, (least, most) in (("made", (0, _LATEST)), *self.numbers.items()):
            if not (undated and name == "made") and (type(slot[name]) is not int or not least <= slot[name] <= most):
                raise _bad()
        for name, size in _BYTES:
            take(slot, name, size)
        if stretched:
            cost = slot["kdf"]
            if (
                not isinstance(cost, Mapping)
                or cost.keys() != {"name", "ops", "mem"}
                or cost["name"] != "argon2id"
                or type(cost["ops"]) is not int
                or type(cost["mem"]) is not int
            ):
                raise _bad()
            floor.check(cost["ops"], cost["mem"])
        if self.name == RECOVERY and slot["need"] > slot["total"]:
            raise _bad()

    def material(self, slot: Slot, given: Given) -> bytes:
        """64 bytes of a checked slot and what its kind needs; here is what opening costs. Unavailable("vault.memory")."""
        salt = take(slot, "salt", kdf.SALT)
        made = b""
        if given.passphrase is not None and PASSPHRASE in self.needs:
            made = kdf.derive(given.passphrase, salt, slot["kdf"]["ops"], slot["kdf"]["mem"])
        for name in sorted(self.needs - {PASSPHRASE}):
            told = _DOMAIN + self.name.encode("ascii") + b"\0" + salt + made
            made = hmac.digest(bytes(getattr(given, name)), told, hashlib.sha512)
        return made


def _bad() -> Damaged:
    """The one error of a slot that is not what any of ours is."""
    return Damaged("header.slot", "a slot has a wrong field")


def take(slot: Slot, name: str, size: int) -> bytes:
    """A field of exactly `size` bytes. Damaged("header.slot")."""
    try:
        return canonical.unb64u(slot[name], size)
    except Refused:
        raise _bad() from None


def _kind(name: str, *needs: str, **numbers: tuple[int, int]) -> tuple[str, Kind]:
    return name, Kind(name, frozenset(needs), numbers)


KINDS: Final[dict[str, Kind]] = dict((
    _kind(PASSPHRASE, "passphrase"),
    _kind(KEYRING, "keyring"),
    _kind(SECOND, "passphrase", "keyring"),
    _kind(RECOVERY, "recovery", need=(2, 16), total=(2, 16), set=(0, (1 << 15) - 1)),
))  # fmt: skip
