"""The door's part for what opens the vault: its slots, the keyring of this computer, recovery shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SlotKind = Literal["passphrase", "keyring", "passphrase+keyring", "recovery"]


@dataclass(frozen=True, slots=True)
class SlotView:
    """One way into the vault. `made` ms UTC (0 = not known); Argon2id `ops` passes over `mem` MiB where a passphrase is
    needed; `need` of `total` shares; `rehearsed` ms UTC of the last time the shares were tried (0 = never)."""

    kind: SlotKind
    made: int
    ops: int = 0
    mem: int = 0
    need: int = 0
    total: int = 0
    rehearsed: int = 0


class Slots(Protocol):
    """Every command but turning the keyring off asks for the passphrase, also while the vault is open: an unlocked laptop
    left alone must not give somebody a key of his own. Passphrases are wiped."""

    def all(self) -> tuple[SlotView, ...]:
        """The ways in, passphrase first. Damaged("header.*")."""
        ...

    def keyring_here(self) -> bool:
        """Whether this computer has a keyring that keeps what it is given. Slow; the system may ask the person to open it."""
        ...

    def change_passphrase(self, old: bytearray, new: bytearray) -> None:
        """WrongPassphrase("vault.passphrase"), NotAllowed("slot.short" | "slot.same"), Unavailable("slot.keyring_missing")."""
        ...

    def keyring_on(self, passphrase: bytearray) -> None:
        """Open without typing from now on. WrongPassphrase, NotAllowed("slot.second_undone"), Unavailable("custodian.*")."""
        ...

    def keyring_off(self) -> None:
        """NotAllowed("slot.no_keyring")."""
        ...

    def second_on(self, passphrase: bytearray) -> None:
        """Passphrase and keyring together from now on. NotAllowed("slot.not_rehearsed"), WrongPassphrase, Unavailable."""
        ...

    def second_off(self, passphrase: bytearray) -> None:
        """The passphrase alone again. NotAllowed("slot.no_keyring"), WrongPassphrase, Unavailable."""
        ...

    def make_shares(self, passphrase: bytearray, need: int, total: int) -> tuple[str, ...]:
        """New recovery shares, given once and kept nowhere; those made before open nothing any more.

        Refused("shares.number"), WrongPassphrase, NotAllowed("slot.second_needs_shares").
        """
        ...

    def drop_shares(self, passphrase: bytearray) -> None:
        """No recovery shares any more. WrongPassphrase, NotAllowed("slot.no_recovery" | "slot.second_alone")."""
        ...

    def rehearse(self, shares: Sequence[str]) -> int:
        """Try the shares; the date (ms UTC) that is kept. Refused("shares.*"), WrongPassphrase("slot.shares*")."""
        ...
