"""The door's part about old copies, clones and the state of the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class RoomWaits:
    """A room in which nothing is signed yet. `who` = names of those whose answer is awaited; `what` = "answers", "history"
    (operations of ours are on their way back) or "sealed" (words of a conversation are on their way to others)."""

    room: str
    title: str
    who: tuple[str, ...]
    what: Literal["answers", "history", "sealed"]


@dataclass(frozen=True, slots=True)
class CopyNoticed:
    """Two statements of another's laptop that no single vault makes. state: doubt (not yet clear), healed (an old copy was put
    back, and it says so), two (both go on). `first`, `second`: the signed bytes."""

    delegation: str
    name: str
    officer: str
    device: str
    state: Literal["doubt", "healed", "two"]
    at: int
    first: bytes
    second: bytes


@dataclass(frozen=True, slots=True)
class CopiesView:
    """`old_at` 0 = this vault was never an older copy of itself; `cause`: keyring, seal, pages, peer, history, salvage.
    `aside` = things signed too early that could not be signed again. `checked_at` 0 = never; times ms UTC."""

    old_at: int
    cause: str
    waits: tuple[RoomWaits, ...]
    aside: int
    noticed: tuple[CopyNoticed, ...]
    checked_at: int
    problems: tuple[str, ...]
    good_at: int
    keyring: bool
    salvaged: tuple[tuple[str, int, int], ...]


class Copies(Protocol):
    def state(self) -> CopiesView: ...
    def go_on(self) -> None:
        """A person has read what may happen: sending goes on in every room with what is known now."""
        ...

    def check_now(self, progress: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        """Check everything at once; what is wrong, nothing when it is sound. Unavailable("vault.*")."""
        ...
