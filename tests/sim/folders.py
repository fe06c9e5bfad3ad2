"""A folder kept the same on several laptops by a program that copies files, on simulated time, with what such programs do.

Each laptop has its own folder on disk, and the real folder carrier works in it; what one writes is copied to the others late,
torn for a while, twice under a conflict name, or never. Strangers leave files of their own there.
"""

from __future__ import annotations

import heapq
import os
import random
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from valise.carriers import bundle
from valise.carriers.abc import Held, Parcel, Posted
from valise.carriers.folder import VERSION_FOLDER, FolderCarrier

AWAY = "away"


@dataclass(frozen=True, slots=True)
class Weather:
    """How badly files are copied for a while: shares from 0 to 1 for each file and laptop, `late` ms drawn from the pair.

    `lost` never comes; `torn` first lies there cut or with a hole of zeros, and is whole `mended` ms later; `conflict` comes a
    second time under another name; `foreign`: something of a stranger's comes beside it.
    """

    late: tuple[int, int] = (0, 0)
    lost: float = 0.0
    torn: float = 0.0
    mended: int = 20_000
    conflict: float = 0.0
    foreign: float = 0.0


class Folders:
    """The folders of all laptops that take part, and the program between them. `now` is simulated ms."""

    def __init__(self, base: Path, seed: object) -> None:
        self.base = base
        self.now = 0
        self.weather = Weather()
        self._random = random.Random(f"folders {seed}")
        self._tie = count()
        self._under_way: list[tuple[int, int, str, Callable[[Path], None]]] = []
        self._cut_off: set[str] = set()
        self._laptops: list[str] = []

    def carrier(self, laptop: str, names: Callable[[int], bytes], watch: Callable[[bytes], None]) -> CopiedFolder:
        """The carrier of one laptop; the first time its folder is made, with what lies in another one."""
        root = self.base / laptop
        if laptop not in self._laptops:
            root.mkdir(parents=True)
            made = FolderCarrier(root, random=names)
            made.prepare()
            if self._laptops:
                shutil.copytree(self._top(self._laptops[0]), root / VERSION_FOLDER, dirs_exist_ok=True)
            self._laptops.append(laptop)
        return CopiedFolder(self, laptop, root, names, watch)

    # -- what happens to it

    def cut_off(self, *laptops: str) -> None:
        """Nothing is copied from or to these until `rejoin`; they go on writing into their own folder."""
        self._cut_off.update(laptops)

    def rejoin(self) -> None:
        self._cut_off.clear()
        self._deliver()

    def take_away(self, laptop: str) -> None:
        """The share is not there: the carrier has to say so, and must not make a new one in its place."""
        place = self._top(laptop)
        if place.name == VERSION_FOLDER:
            place.rename(place.with_name(AWAY))

    def give_back(self) -> None:
        for laptop in self._laptops:
            place = self._top(laptop)
            if place.name == AWAY:
                place.rename(place.with_name(VERSION_FOLDER))

    def lose(self, share: float) -> int:
        """Somebody tidies up: this share of all files is gone from every folder; how many names."""
        if not self._laptops:
            return 0
        names = sorted({one.name for laptop in self._laptops for one in self._files(laptop)})
        gone = {name for name in names if self._random.random() < share}
        for laptop in self._laptops:
            for one in self._files(laptop):
                if one.name in gone:
                    one.unlink()
        return len(gone)

    def advance(self, milliseconds: int) -> None:
        self.now += milliseconds
        self._deliver()

    # -- what the carriers tell it

    def wrote(self, laptop: str, names: Collection[str]) -> None:
        """New bundles in this laptop's folder: they are to be copied to the others."""
        for name in sorted(names):
            source = self._file(laptop, name)
            data = source.read_bytes()
            for other in self._laptops:
                if other != laptop and not self._chance(self.weather.lost):
                    self._copy(laptop, other, name, data)

    def removed(self, laptop: str, names: Collection[str]) -> None:
        """Its writer has collected them: they go everywhere."""
        for name in sorted(names):
            for other in self._laptops:
                if other != laptop:
                    self._later(0, other, lambda root, name=name: self._remove(root, name))  # type: ignore[misc]

    # -- inside

    def _chance(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def _later(self, wait: int, laptop: str, do: Callable[[Path], None]) -> None:
        heapq.heappush(self._under_way, (self.now + wait, next(self._tie), laptop, do))

    def _copy(self, source: str, target: str, name: str, data: bytes) -> None:
        rng, weather = self._random, self.weather
        wait = rng.randint(*weather.late)
        if self._chance(weather.torn):
            half = data[: rng.randrange(len(data))] if rng.random() < 0.5 else self._hole(data)
            self._later(wait, target, lambda root: self._write(root, name, half))
            wait += weather.mended
        self._later(wait, target, lambda root: self._write(root, name, data))
        if self._chance(weather.conflict):
            other = f"{name} (conflicted copy {rng.randrange(1000)})"
            self._later(wait + rng.randrange(60_000), target, lambda root: self._write(root, other, data))
        if self._chance(weather.foreign):
            junk, title = rng.randbytes(rng.choice((0, 10, bundle.CLASSES[0]))), rng.randbytes(16).hex()
            title = rng.choice((title, f"minutes {title[:6]}", f"tmp-{title}"))
            self._later(wait, target, lambda root: self._write(root, title, junk, name[:2]))

    def _hole(self, data: bytes) -> bytes:
        at = self._random.randrange(len(data))
        return data[:at] + bytes(len(data) - at)

    def _deliver(self) -> None:
        waiting = []
        while self._under_way and self._under_way[0][0] <= self.now:
            one = heapq.heappop(self._under_way)
            if one[2] in self._cut_off:
                waiting.append(one)
            else:
                one[3](self._top(one[2]))
        for one in waiting:
            heapq.heappush(self._under_way, one)

    def _write(self, top: Path, name: str, data: bytes, shard: str = "") -> None:
        """As such programs do it: in place, without asking who looks."""
        folder = top / (shard or name[:2])
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.vb").write_bytes(data)

    def _remove(self, top: Path, name: str) -> None:
        (top / name[:2] / f"{name}.vb").unlink(missing_ok=True)

    def _top(self, laptop: str) -> Path:
        """Where the bundles of a laptop lie, also while its carrier does not find them."""
        place = self.base / laptop / VERSION_FOLDER
        return place if place.exists() else place.with_name(AWAY)

    def _file(self, laptop: str, name: str) -> Path:
        return self.base / laptop / VERSION_FOLDER / name[:2] / f"{name}.vb"

    def _files(self, laptop: str) -> list[Path]:
        return [Path(folder, one) for folder, _, names in os.walk(self.base / laptop) for one in sorted(names)]


class CopiedFolder(FolderCarrier):
    """The real carrier, which tells the copying program what it wrote and removed."""

    def __init__(
        self, folders: Folders, laptop: str, root: Path, names: Callable[[int], bytes], watch: Callable[[bytes], None]
    ) -> None:
        super().__init__(root, random=names)
        self._folders = folders
        self._laptop = laptop
        self._watch = watch

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        for one in parcels:
            self._watch(one.blob)
        posted = super().put(parcels)
        self._folders.wrote(self._laptop, {place for place in posted.places if place})
        return posted

    def collect_garbage(self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int) -> frozenset[str]:
        gone = super().collect_garbage(own, finished, now)
        self._folders.removed(self._laptop, gone)
        return gone


def draw_weather(rng: random.Random) -> Weather:
    """How the copying program is for a while."""

    def some(most: float) -> float:
        return rng.random() * most if rng.random() < 0.4 else 0.0

    late = rng.choice((0, 0, 10_000, 300_000, 3 * 3_600_000))
    return Weather(
        late=(0, late), lost=some(0.4), torn=some(0.5), mended=rng.choice((5_000, 600_000)), conflict=some(0.4), foreign=some(0.5))


__all__ = ["CopiedFolder", "Folders", "Weather", "draw_weather"]
