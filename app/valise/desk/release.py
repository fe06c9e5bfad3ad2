"""A newer version, without a server: the release file a person opens, and the package that came with it. Needs no vault."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, Final

from valise import VERSION
from valise.domain.errors import Refused, Unavailable
from valise.domain.release import Package, Release, Standing
from valise.protocol import canonical, release, signing

DEMONSTRATION: Final = "demonstration"  # the second line of publisher.txt, until a publisher puts a key of its own there


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whose releases this program believes. `demonstration`: nobody's, no release can be signed with it."""

    public: bytes
    demonstration: bool

    @property
    def name(self) -> str:
        """The key as a release file names it: 64 hexadecimal digits."""
        return release.key_name(self.public)


@dataclass(frozen=True, slots=True)
class Said:
    """A release whose signature holds, and how it stands to the version that runs."""

    release: Release
    running: str
    standing: Standing


def publisher() -> Publisher:
    """Whoever publishes this program; the key came with the program."""
    lines = files("valise.resources").joinpath("publisher.txt").read_text("ascii").split()
    return Publisher(canonical.unb64u(lines[0], signing.COMPOSITE_PUBLIC), DEMONSTRATION in lines[1:])


def opened(path: Path, public: bytes | None = None, running: str = VERSION) -> Said:
    """What this file says. Raises Refused("update.*"), Unavailable("update.unreadable")."""
    with _reading(path) as stream:
        data = stream.read(release.LIMIT + 1)
    held = release.opened(data, publisher().public if public is None else public)
    return Said(held, running, held.standing(running))


def compared(said: Said, path: Path) -> Package:
    """Which package of the release this file is. A file of another size than any of them is not read at all. Raises
    Refused("update.differs" | "update.not_listed"), Unavailable("update.unreadable")."""
    digest = hashlib.sha256()
    with _reading(path) as stream:
        size = left = os.fstat(stream.fileno()).st_size
        if any(one.size == size for one in said.release.packages):
            while left > 0 and (block := stream.read(min(left, 1 << 20))):
                digest.update(block)
                left -= len(block)
            if left or stream.read(1):
                raise Refused("update.not_listed", "it changed while it was read")
    return said.release.package(path.name, size, digest.hexdigest())


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    """A file, and nothing that one could wait for without end. Raises Unavailable("update.unreadable")."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError
        with path.open("rb") as stream:
            yield stream
    except OSError:
        raise Unavailable("update.unreadable", "the file cannot be read") from None
