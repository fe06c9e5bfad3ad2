"""Couriers: sticks as objects of the world, with a bundle on each, that somebody carries, loses, copies or spoils."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from valise.domain.errors import NotAllowed

if TYPE_CHECKING:
    from tests.sim.laptop import Laptop

    from valise.desk.door_exchange import CourierImport

MOST = 30  # sticks that lie about at once; the oldest are lost
# Nothing to write, or nobody to write it for just now: what an officer is told instead of getting a bundle.
NO_BUNDLE = ("courier.nobody", "courier.stopped", "restore.waiting")


@dataclass(slots=True)
class Stick:
    """`maker` = the laptop that wrote it, `to` = codes of the delegations it is for."""

    number: int
    file: Path
    maker: str
    to: tuple[str, ...]
    spoilt: str = ""
    read_by: list[str] = field(default_factory=list)

    def words(self) -> str:
        spoilt = f" ({self.spoilt})" if self.spoilt else ""
        return f"stick {self.number} of {self.maker} for {' '.join(self.to)}{spoilt}"


class Sticks:
    """All sticks of one world."""

    def __init__(self, folder: Path, watch_word: bytes) -> None:
        self.folder = folder
        self.all: list[Stick] = []
        self._word = watch_word
        self._count = 0

    def write(self, laptop: Laptop, codes: dict[str, str]) -> Stick | str:
        """A bundle of this laptop for these delegations (code -> id) on a new stick, or the code of what forbids it."""
        self._count += 1
        place = self.folder / str(self._count)
        place.mkdir(parents=True)
        try:
            made = laptop.desk.courier.export(place, list(codes.values()))
        except NotAllowed as error:
            if error.code not in NO_BUNDLE:
                raise
            return error.code
        if self._word in made.place.read_bytes():
            raise AssertionError("an internal word on a stick in plain sight")
        return self._keep(Stick(self._count, made.place, laptop.name, tuple(sorted(codes))))

    def read(self, stick: Stick, laptop: Laptop) -> CourierImport:
        stick.read_by.append(laptop.name)
        return laptop.desk.courier.take(stick.file)

    def copy(self, stick: Stick, rng: random.Random) -> Stick:
        """Another stick with the same bundle, whole, cut, with a flipped bit, or with a hole where a block was bad."""
        self._count += 1
        place = self.folder / str(self._count)
        place.mkdir(parents=True)
        file = Path(shutil.copy(stick.file, place / stick.file.name))
        made = Stick(self._count, file, stick.maker, stick.to, rng.choice((stick.spoilt, "cut", "flipped", "hole")))
        data = bytearray(file.read_bytes())
        at = rng.randrange(len(data))
        if made.spoilt == "cut":
            del data[at:]
        elif made.spoilt == "flipped":
            data[at] ^= 1 << rng.randrange(8)
        elif made.spoilt == "hole":
            data[at : at + 4096] = bytes(len(data[at : at + 4096]))
        file.write_bytes(data)
        return self._keep(made)

    def lose(self, stick: Stick) -> None:
        stick.file.unlink(missing_ok=True)
        self.all.remove(stick)

    def _keep(self, stick: Stick) -> Stick:
        self.all.append(stick)
        while len(self.all) > MOST:
            self.lose(self.all[0])
        return stick


__all__ = ["NO_BUNDLE", "Stick", "Sticks"]
