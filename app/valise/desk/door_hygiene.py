"""The door to how well this laptop is kept: each point passes or fails, and says where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, get_args

Point = Literal["lock", "passphrase", "recovery", "backup", "contacts", "scrub", "version", "relay", "laptops", "key"]
POINTS: Final[tuple[Point, ...]] = get_args(Point)
Doubt = Literal["", "never", "late", "weak", "wrong", "some", "old", "ending", "ended", "one", "beside", "untried", "unknown"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One point. `doubt` "" = it passes, else why it does not. `number` is what it is about: minutes until it locks, days since
    the backup or of the permission that is left, contacts, laptops; `at` ms UTC of what was done last, 0 = never. `text` only
    for the version. `screen` and `ref` lead to where it is mended."""

    point: Point
    doubt: Doubt
    screen: str
    ref: str
    number: int = 0
    at: int = 0
    text: str = ""

    @property
    def passes(self) -> bool:
        return not self.doubt


class Hygiene(Protocol):
    def state(self) -> tuple[Checked, ...]:
        """Every point that concerns this laptop, in the order of POINTS. Reads the header of the vault: not for the thread that
        paints. Damaged("header.*")."""
        ...
