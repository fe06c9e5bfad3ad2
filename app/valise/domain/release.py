"""A release of the program: what its publisher says about it, and whether it is newer than what runs.

Nothing is looked up anywhere. A release file is handed over like any other file, opened by a person, and believed when the
publisher's signature holds (protocol/release.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from valise.domain.errors import Refused

LANGUAGES: Final = ("ar", "en", "es", "fr", "ru", "zh")  # of the notes; English is always there
MOST_FILES: Final = 32
MOST_BYTES: Final = 4 << 30  # of one package
MOST_WORDS: Final = 20_000  # characters of the notes in one language
Standing = Literal["newer", "same", "older"]
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\Z")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,120}\Z")  # no folder, nothing a shell or a file system reads otherwise
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Package:
    """One file of a release: its name, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """`version` is three numbers, `date` YYYY-MM-DD, `notes` plain text by language."""

    version: str
    date: str
    packages: tuple[Package, ...]
    notes: tuple[tuple[str, str], ...]

    def notes_in(self, language: str) -> str:
        """The notes in this language, else in English."""
        held = dict(self.notes)
        return held.get(language) or held["en"]

    def standing(self, running: str) -> Standing:
        """How it stands to the version that runs. An older one is a way back to faults that are mended since."""
        theirs, ours = numbers(self.version), numbers(running)
        return "newer" if theirs > ours else "same" if theirs == ours else "older"

    def package(self, name: str, size: int, sha256: str) -> Package:
        """The package with this content. Its name may have been changed on the way, its content not.
        Raises Refused("update.not_listed"); Refused("update.differs") for a listed name with another content."""
        for one in self.packages:
            if (one.size, one.sha256) == (size, sha256):
                return one
        if any(one.name == name for one in self.packages):
            raise Refused("update.differs", "the package is not the one of this release")
        raise Refused("update.not_listed", "this release has no such package")


def numbers(version: object) -> tuple[int, int, int]:
    """1.2.3 as numbers. Raises Refused("update.malformed")."""
    found = _VERSION.match(version) if isinstance(version, str) else None
    if found is None:
        raise _malformed()
    return int(found[1]), int(found[2]), int(found[3])


def body(release: Release) -> dict[str, Any]:
    """What is signed, as canonical JSON. Raises Refused("update.malformed") for what `read` would refuse."""
    made = {
        "version": release.version,
        "date": release.date,
        "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in release.packages],
        "notes": dict(release.notes),
    }
    read(made)
    return made


def read(held: dict[str, Any]) -> Release:
    """The release in a body. Raises Refused("update.malformed")."""
    if held.keys() != {"version", "date", "files", "notes"}:
        raise _malformed()
    numbers(held["version"])
    files, notes = held["files"], held["notes"]
    if not _is_date(held["date"]) or type(files) is not list or not 0 < len(files) <= MOST_FILES or type(notes) is not dict:
        raise _malformed()
    if "en" not in notes or not notes.keys() <= set(LANGUAGES):
        raise _malformed()
    if any(type(words) is not str or len(words) > MOST_WORDS for words in notes.values()):
        raise _malformed()
    packages = tuple(_package(one) for one in files)
    if len({one.name for one in packages}) != len(packages):
        raise _malformed()
    return Release(held["version"], held["date"], packages, tuple(sorted(notes.items())))


def _package(held: object) -> Package:
    if type(held) is not dict or held.keys() != {"name", "size", "sha256"}:
        raise _malformed()
    name, size, digest = held["name"], held["size"], held["sha256"]
    sound = type(name) is str and _NAME.match(name) and type(size) is int and 0 < size <= MOST_BYTES
    if not sound or type(digest) is not str or not _SHA256.match(digest):
        raise _malformed()
    return Package(name, size, digest)


def _is_date(value: object) -> bool:
    if type(value) is not str or not _DATE.match(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _malformed() -> Refused:
    return Refused("update.malformed", "not a release file of a form this version knows")
