"""A custodian keeps small values under names of ours. It may be locked, gone or somebody else's after any start."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from valise.domain.errors import NotAllowed, Unavailable

LIMIT: Final = 900  # bytes a value; the Windows Credential Locker holds 2,560 and spends 8/3 on text
NAME: Final = 100  # characters


class Custodian(ABC):
    """Values of at most 900 bytes under names of letters, digits and "._-/", for this account on this computer."""

    @abstractmethod
    def available(self) -> bool:
        """Whether a value was just written, read back and deleted. May ask the person to open the keyring. Never raises."""

    @abstractmethod
    def keep(self, name: str, value: bytes) -> None:
        """Keep a value, replacing what was under the name; read back before it counts.

        Unavailable("custodian.unavailable"), NotAllowed("custodian.size" | "custodian.name").
        """

    @abstractmethod
    def look(self, name: str) -> bytes | None:
        """The value; None when there is none, or none of ours. Unavailable("custodian.unavailable")."""

    @abstractmethod
    def forget(self, name: str) -> None:
        """Delete it; nothing when there is none. Unavailable("custodian.unavailable")."""


def check(name: str, value: bytes = b"") -> None:
    """NotAllowed("custodian.size" | "custodian.name")."""
    if not (0 < len(name) <= NAME and all(c.isascii() and (c.isalnum() or c in "._-/") for c in name)):
        raise NotAllowed("custodian.name", "no name for a value in the keyring")
    if len(value) > LIMIT:
        raise NotAllowed("custodian.size", "too large for a keyring")


def unavailable() -> Unavailable:
    """The one error of every keyring; it says nothing of what the system answered."""
    return Unavailable("custodian.unavailable", "the keyring of this computer does not answer")
