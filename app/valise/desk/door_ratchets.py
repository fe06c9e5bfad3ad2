"""What the door offers about the keys that move on: how far each device's have come, what is still kept, moving them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Way = Literal["online", "courier"]


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The keys with one device. Times in ms UTC, 0 = never or none.

    `since` the hybrid is in force; `moved_at` it last sealed to a newer key of ours (a round trip); `heard_at` it was last heard
    of. What was sent to us from `kept_since` on could still be opened with what is kept; `kept_until` the last of the replaced
    keys is destroyed, if none is replaced meanwhile.
    """

    device: str
    officer: str
    since: int
    moved_at: int
    heard_at: int
    kept_since: int
    kept_until: int


@dataclass(frozen=True, slots=True)
class DelegationKeys:
    """One delegation: how it is reached and how long replaced keys are therefore kept (ms)."""

    delegation: str
    code: str
    name: str
    way: Way
    window: int
    devices: tuple[DeviceKeys, ...]


@dataclass(frozen=True, slots=True)
class CardKeys:
    """The keys for first contact on our card. `made_at` when the present ones were made, `kept` how many replaced ones are
    still here, `kept_since` the oldest of all, `kept_until` the last replaced one is destroyed; `asked_at` when an envelope last
    came for keys already destroyed: somebody holds a card of ours that is too old."""

    made_at: int
    kept: int
    kept_since: int
    kept_until: int
    asked_at: int


class Ratchets(Protocol):
    def all(self) -> list[DelegationKeys]:
        """Every delegation we know that has a laptop, ours with its other laptops included, by code."""
        ...

    def card(self) -> CardKeys: ...
    def move_on(self) -> None:
        """New keys for first contact now, and new sessions at the next send in each room."""
        ...
