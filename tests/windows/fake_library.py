"""The library of the fake door: passages in memory, found by plain comparison; files are lines of text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fake_door import FakeDoor, Part, recorded
from rapidfuzz import fuzz

from valise.desk.library import Found, Imported, Passage, Read, Source
from valise.domain.text import phrases
from valise.domain.text import words as w

DOCUMENTS: tuple[tuple[str, str, str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("FICT/RES/73/27", "Developments in the field of information", "en", "2018-12-05", "119-46-14", (
        ("PP 1", "*Recalling* its earlier resolutions on the subject,"),
        ("OP 1", "*Welcomes* the designation of points of contact at the policy level and the technical level;"),
        ("OP 4", "*Invites* all Member States to continue to inform the Secretariat of their views and assessments;"),
        ("OP 5", "*Decides* to include the item in the provisional agenda of its next session."),
    )),
    ("A/70/174", "Report of the group of experts", "en", "2015-07-22", "", (
        ("13", "The group offers the following for consideration by States:"),
        ("13 (e)", "States should respect the rights of persons when they use networks;"),
        ("13 (f)", "A State should not conduct or knowingly support activity that damages critical infrastructure;"),
    )),
    ("FICT/ZH/1", "关于联络点的决定", "zh", "2024-03-01", "", (
        ("OP 1", "请各国指定政策层面和技术层面的联络点，并每年加以测试；"),
    )),
    ("FICT/AR/1", "مشروع قرار بشأن جهات الاتصال", "ar", "2024-03-01", "", (
        ("OP 1", "يدعو الدول إلى تعيين جهات اتصال على مستوى السياسات وعلى المستوى التقني؛"),
    )),
)  # fmt: skip


class FakeLibrary(Part):
    part = "library"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: dict[int, Source] = {}
        self.held: dict[int, list[Passage]] = {}
        self.digests: set[str] = set()
        self.gate: threading.Event | None = None  # when set, every file waits for it
        self.reading = threading.Event()  # a file is being read
        for one in () if desk.empty else DOCUMENTS:
            self.add(*one)

    def add(
        self, symbol: str, title: str, language: str, adopted: str, vote: str, rows: Sequence[tuple[str, str]]
    ) -> int:
        made = max(self.rows, default=0) + 1
        first = sum(map(len, self.held.values())) + 1
        self.rows[made] = Source(made, symbol, title, language, adopted, vote, made, len(rows))
        self.held[made] = [
            Passage(n, made, symbol, label, label[:2], words, 100.0, language, adopted, vote)
            for n, (label, words) in enumerate(rows, first)
        ]
        return made

    @recorded
    def sources(self) -> list[Source]:
        return sorted(self.rows.values(), key=lambda one: one.symbol)

    @recorded
    def passages(self, source: int) -> list[Passage]:
        return list(self.held.get(source, ()))

    @recorded
    def drop(self, source: int) -> None:
        del self.rows[source], self.held[source]

    @recorded
    def documents(self, folder: Path) -> list[Path]:
        return sorted(folder.iterdir())

    @recorded
    def read(self, files: Sequence[Path], progress: Any = None, cancelled: Callable[[], bool] = lambda: False) -> Read:
        made: list[tuple[str, dict[str, Any]]] = []
        refused: list[tuple[str, str]] = []
        known = done = 0
        for path in files:
            self.reading.set()
            if self.gate is not None:
                self.gate.wait(10)
            if cancelled():
                break
            if path.name in self.digests:
                known += 1
            elif "broken" in path.name:
                refused.append((path.name, "format.zip"))
            else:
                made.append((path.name, {"symbol": path.stem, "words": path.read_text("utf-8").splitlines()}))
            done += 1
            if progress:
                progress(done, len(files))
        return Read(tuple(made), known, tuple(refused), done)

    @recorded
    def take_in(self, read: Read) -> Imported:
        for name, told in read.documents:
            self.digests.add(name)
            self.add(told["symbol"], "", "en", "", "", [(f"OP {n}", line) for n, line in enumerate(told["words"], 1)])
        count = sum(len(told["words"]) for _, told in read.documents)
        return Imported(len(read.documents), read.known, count, read.refused, False)

    @recorded
    def find(self, asked: str, limit: int = 50) -> list[Found]:
        every = [one for held in self.held.values() for one in held]
        named = [one for one in every if f"{one.symbol} {one.label}".casefold() == asked.casefold()]
        if named:
            return [Found(one, ()) for one in named]
        exact = [one for one in every if asked.casefold() in one.words.casefold()]
        near = [
            Passage(one.n, one.source, one.symbol, one.label, one.section, one.words, score, one.language, one.adopted,
                    one.vote)
            for one in every
            if one not in exact and (score := fuzz.ratio(asked, one.words)) > 60
        ]  # fmt: skip
        found = [Found(one, ()) for one in exact]
        return (found + [Found(one, tuple(w.difference(one.words, asked))) for one in near])[:limit]

    @recorded
    def phrases(self, words: str) -> list[tuple[phrases.Common, Passage]]:
        every = {one.n: one for held in self.held.values() for one in held}
        found = phrases.common(words, [(n, one.words) for n, one in every.items()], str.casefold)
        return [(one, every[one.source]) for one in found]
