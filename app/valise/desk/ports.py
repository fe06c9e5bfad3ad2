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
