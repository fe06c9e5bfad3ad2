"""The library of agreed language: importing documents, one or a folder of them, and finding what was agreed before."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from valise.desk.context import Context
from valise.desk.door import Progress
from valise.desk.ports import Parser
from valise.domain.errors import ValiseError
from valise.domain.text import phrases
from valise.domain.text import words as w
from valise.vault import library, search
from valise.vault.library import Passage, Source

__all__ = ["Found", "Imported", "LibraryDesk", "Passage", "Read", "Source"]

SIDE = max(1, min(4, os.cpu_count() or 1))  # files read side by side
TOGETHER = 16  # documents in one transaction
MOST = 16 * 2**20  # bytes of a file
ENDINGS = (".xml", ".akn", ".docx", ".html", ".htm", ".pdf", ".md", ".txt")


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

    def and_then(self, more: Imported) -> Imported:
        """Both together."""
        return Imported(
            self.added + more.added, self.known + more.known, self.passages + more.passages,
            self.refused + more.refused, self.cancelled or more.cancelled,
        )  # fmt: skip

    def stopped(self) -> Imported:
        """The same, cancelled."""
        return replace(self, cancelled=True)


NOTHING = Imported(0, 0, 0, (), False)


@dataclass(frozen=True, slots=True)
class Read:
    """A few documents, read and not yet taken in: (digest, what the parser told of it). `done` = files looked at."""

    documents: tuple[tuple[str, dict[str, Any]], ...]
    known: int
    refused: tuple[tuple[str, str], ...]
    done: int


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

    # importing: `documents` and `read` are slow and change nothing, `take_in` is one short transaction

    def documents(self, folder: Path) -> list[Path]:
        """Every document under a folder, by name; links are not followed. A folder that cannot be looked into is among
        them, so that `read` says so."""
        found: list[Path] = []

        def closed(error: OSError) -> None:
            found.append(Path(str(error.filename)))

        for base, folders, names in os.walk(folder, onerror=closed):
            folders.sort()
            found.extend(
                path
                for name in sorted(names)
                if (path := Path(base, name)).suffix.lower() in ENDINGS and not path.is_symlink()
            )
        return found

    def read(
        self, files: Sequence[Path], progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Read:
        """Read files, each in the confined child; what is here already is passed over unread. Asks `cancelled` before
        each file, and then gives what it has. May run beside everything else."""
        made: list[tuple[str, dict[str, Any]]] = []
        refused: list[tuple[str, str]] = []
        under_way: deque[tuple[str, str, Future[dict[str, Any]]]] = deque()
        met: set[str] = set()
        known = done = 0

        def settled() -> None:
            nonlocal done
            done += 1
            if progress:
                progress(done, len(files))

        def finish() -> None:
            name, digest, reading = under_way.popleft()
            try:
                made.append((digest, reading.result()))
            except ValiseError as error:
                refused.append((name, error.code))
            settled()

        with ThreadPoolExecutor(SIDE, "library") as readers:  # each only waits for its child
            for path in files:
                if cancelled():
                    break
                data = _bytes(path, refused)
                digest = hashlib.sha256(data).hexdigest() if data is not None else ""
                if data is None or digest in met or self._here(digest):
                    known += data is not None
                    settled()
                    continue
                met.add(digest)
                under_way.append((path.name, digest, readers.submit(self._parser, path.name, data)))
                if len(under_way) >= SIDE:
                    finish()
            while under_way:
                finish()
        return Read(tuple(made), known, tuple(refused), done)

    def _here(self, digest: str) -> bool:
        with self.context.read() as handle:
            return bool(library.known(handle, [digest]))

    def take_in(self, read: Read) -> Imported:
        """Take documents that were read into the library, all or none; says what became of them and of those refused."""
        added = count = 0
        known = read.known
        with self.context.write() as tx:
            for digest, told in read.documents:
                rows = [(one["label"], one["section"], one["words"]) for one in told["paragraphs"] if one["words"]]
                source = library.add(
                    tx, digest, told["symbol"], told["title"], told["language"], told.get("adopted", ""),
                    told.get("vote", ""), self.context.clock.now(), rows,
                )  # fmt: skip
                added += bool(source)
                known += not source
                count += len(rows) if source else 0
        return Imported(added, known, count, read.refused, False)

    def import_files(
        self, files: Sequence[Path], progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Imported:
        """Read files and take them in, TOGETHER at a time, all on the calling thread."""
        sofar, looked = NOTHING, 0
        for part in parts(files):

            def told(done: int, _of: int, before: int = looked) -> None:
                if progress:
                    progress(before + done, len(files))

            read = self.read(part, told, cancelled)
            sofar = sofar.and_then(self.take_in(read))
            looked += read.done
            if read.done < len(part):
                return sofar.stopped()
        return sofar

    def import_folder(
        self, folder: Path, progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Imported:
        """`import_files` of every document under a folder."""
        return self.import_files(self.documents(folder), progress, cancelled)

    def find(self, asked: str, limit: int = 50) -> list[Found]:
        """By symbol and paragraph; else every passage that holds the words; after them those most like them."""
        with self.context.read() as handle:
            named = library.by_symbol(handle, asked, limit)
            if named:
                return [Found(one, ()) for one in named]
            exact = library.exact(handle, asked, limit)
            there = {one.n for one in exact}
            more = library.near(handle, asked, limit) if len(exact) < limit else []
        near = [one for one in more if one.n not in there]
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
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would never end
            refused.append((path.name, "format.no_file"))
            return None
        if about.st_size > MOST:
            refused.append((path.name, "format.too_big"))
            return None
        return path.read_bytes()
    except OSError:
        refused.append((path.name, "format.no_file"))
        return None


def parts(files: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The files, TOGETHER at a time."""
    for start in range(0, len(files), TOGETHER):
        yield files[start : start + TOGETHER]
