"""Looking for planted words in every byte a file holds, in the forms in which a word can be written down."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path


def _wide(word: str) -> set[bytes]:
    """UTF-16 of both orders. For Latin letters one core of letters and zeros is in either."""
    little, big = word.encode("utf-16-le"), word.encode("utf-16-be")
    return {little[:-1]} if little[:-1] == big[1:] else {little, big}


def _base64(data: bytes) -> Iterator[bytes]:
    """The letters that stand for `data` wherever it begins in what is encoded; those mixed with a neighbour left out."""
    for before in range(3):
        whole = len(data) + before
        letters = base64.b64encode(bytes(before) + data)
        core = letters[-(-before * 8 // 6) : whole * 8 // 6]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))


class Scan:
    """`hits(data)`: which of the words are in it, with the form they were found in."""

    def __init__(self, words: Iterable[str]) -> None:
        exact: dict[bytes, tuple[str, str]] = {}
        folded: dict[bytes, tuple[str, str]] = {}
        for word in words:
            for form in sorted({word, word.lower(), word.upper()}):
                narrow, wide = form.encode(), _wide(form)
                for data, name in ((narrow, "UTF-8"), *((one, "UTF-16") for one in sorted(wide))):
                    folded[data.lower()] = (word, name)
                    folded[data.hex().encode()] = (word, f"hex of {name}")
                    if name == "UTF-8" or form == word:
                        for core in _base64(data):
                            exact[core] = (word, f"base64 of {name}")
        self._exact, self._folded = exact, folded

    @property
    def forms(self) -> int:
        return len(self._exact) + len(self._folded)

    def hits(self, data: bytes) -> set[tuple[str, str]]:
        """(word, form) found in `data`."""
        lower = data.lower()
        found = {what for needle, what in self._folded.items() if needle in lower}
        return found | {what for needle, what in self._exact.items() if needle in data}

    def tree(self, *folders: Path) -> tuple[set[tuple[str, str, str]], int, int]:
        """((path, word, form) of every hit in the bytes and names of all files, files read, bytes read)."""
        found: set[tuple[str, str, str]] = set()
        files = octets = 0
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                name = str(path.relative_to(folder.parent))
                found |= {(name, word, f"name, {form}") for word, form in self.hits(name.encode("utf-8", "surrogateescape"))}
                if path.is_file():
                    data = path.read_bytes()
                    files, octets = files + 1, octets + len(data)
                    found |= {(name, word, form) for word, form in self.hits(data)}
        return found, files, octets
