"""What the desk needs from outside, as Protocols; bootstrap hands in the real ones, the simulation its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from valise.carriers.abc import Carrier


class Clock(Protocol):
    """Milliseconds UTC. May be wrong or set back; no rule of the record trusts it."""

    def now(self) -> int: ...


Entropy = Callable[[int], bytes]
"""Random bytes for ids, tags, seeds and nonces of ours; os.urandom, or a simulation's."""


class Parser(Protocol):
    """Reads a file from outside in a confined child process; returns what `Texts.open` wants."""

    def __call__(self, name: str, data: bytes) -> dict[str, Any]: ...


CarrierMaker = Callable[
    [str, bytes], "Carrier"
]  # folder path, secret mark of this writer -> carrier; Unavailable("carrier.*")


class Custodian(Protocol):
    """What the operating system keeps for this account outside the vault: its keyring. Never the only way into a vault."""

    def available(self) -> bool:
        """Whether a value was just written, read back and deleted. False without a keyring; never raises."""
        ...

    def keep(self, name: str, value: bytes) -> None:
        """Keep a value, at most 900 bytes, under a name of ours. Unavailable("custodian.unavailable")."""
        ...

    def look(self, name: str) -> bytes | None:
        """The value, None when there is none. Unavailable("custodian.unavailable") when the keyring does not answer."""
        ...

    def forget(self, name: str) -> None:
        """Delete it; nothing when there is none. Unavailable("custodian.unavailable")."""
        ...
