"""The library of agreed language: importing documents, one or a folder of them, and finding what was agreed before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from valise.desk.context import Context
from valise.desk.door import Progress
from valise.desk.ports import Parser
from valise.domain.errors import ValiseError
from valise.domain.text import phrases
from valise.domain.text import words as w
from valise.vault import library, search
from valise.vault.library import Passage, Source

__all__ = ["Found", "Imported", "LibraryDesk", "Passage", "Source"]

TOGETHER = 16  # documents in one transaction
MOST = 16 * 2**20  # bytes of a file
ENDINGS = (".xml", ".akn", ".docx", ".md", ".txt")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what became of it: `hunks` turn its words into those asked for (empty when found exactly)."""

    passage: Passage
    hunks: tuple[w.Hunk, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `refused` = (file name, code) of files that could not be read; `cancelled` before the end: the
    same import again goes on where it stopped."""

    added: int
    known: int
    passages: int
    refused: tuple[tuple[str, str], ...]
    cancelled: bool


class LibraryDesk:
    """The door's Library. It is this laptop's own and leaves it never."""

    def __init__(self, context: Context, parser: Parser) -> None:
        self.context = context
        self._parser = parser

    def sources(self) -> list[Source]:
        """Every document, by symbol."""
        with self.context.read() as handle:
            return library.sources(handle)

    def passages(self, source: int) -> list[Passage]:
        """The paragraphs of a document."""
        with self.context.read() as handle:
            return library.passages(handle, source)

    def drop(self, source: int) -> None:
        """Take a document out of the library."""
        with self.context.write() as tx:
            library.drop(tx, source)

    def import_files(
        self, files: Sequence[Path], progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Imported:
        """Read files, each in the confined child, and take them in; what is here already is passed over unread."""
        added = known = count = done = 0
        refused: list[tuple[str, str]] = []
        for part in _parts(files, TOGETHER):
            if cancelled():
                return Imported(added, known, count, tuple(refused), True)
            read = [(path, data) for path in part if (data := _bytes(path, refused)) is not None]
            digests = [hashlib.sha256(data).hexdigest() for _, data in read]
            with self.context.read() as handle:
                here = library.known(handle, digests)
            made = []
            for (path, data), digest in zip(read, digests, strict=True):
                if digest in here:
                    known += 1
                    continue
                try:
                    made.append((digest, self._parser(path.name, data)))
                except ValiseError as error:
                    refused.append((path.name, error.code))
            with self.context.write() as tx:
                for digest, told in made:
                    rows = [(one["label"], one["section"], one["words"]) for one in told["paragraphs"] if one["words"]]
                    source = library.add(
                        tx, digest, told["symbol"], told["title"], told["language"], told.get("adopted", ""),
                        told.get("vote", ""), self.context.clock.now(), rows,
                    )  # fmt: skip
                    added += bool(source)
                    count += len(rows) if source else 0
            done += len(part)
            if progress:
                progress(done, len(files))
        return Imported(added, known, count, tuple(refused), False)

    def import_folder(
        self, folder: Path, progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Imported:
        """Every document under a folder, by name. Links are not followed."""
        files = sorted(
            one for one in folder.rglob("*") if one.suffix.lower() in ENDINGS and one.is_file() and not one.is_symlink()
        )
        return self.import_files(files, progress, cancelled)

    def find(self, asked: str, limit: int = 50) -> list[Found]:
        """By symbol and paragraph; else every passage that holds the words; after them those most like them."""
        with self.context.read() as handle:
            named = library.by_symbol(handle, asked, limit)
            if named:
                return [Found(one, ()) for one in named]
            exact = library.exact(handle, asked, limit)
            there = {one.n for one in exact}
            near = [one for one in library.near(handle, asked, limit) if one.n not in there]
        return [Found(one, ()) for one in exact] + [
            Found(one, tuple(w.difference(one.words, asked))) for one in near[: limit - len(exact)]
        ]

    def phrases(self, words: str) -> list[tuple[phrases.Common, Passage]]:
        """Where words of a draft stand in agreed language: the longest phrases in common, left to right."""
        with self.context.read() as handle:
            candidates = {one.n: one for one in library.holding(handle, words)}
        found = phrases.common(words, [(n, one.words) for n, one in sorted(candidates.items())], search.normal)
        return [(one, candidates[one.source]) for one in found]


def _bytes(path: Path, refused: list[tuple[str, str]]) -> bytes | None:
    try:
        if path.stat().st_size > MOST:
            refused.append((path.name, "format.too_big"))
            return None
        return path.read_bytes()
    except OSError:
        refused.append((path.name, "format.no_file"))
        return None


def _parts(files: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    for start in range(0, len(files), size):
        yield files[start : start + size]
