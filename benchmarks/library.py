"""Agreed language in 100,000 paragraphs of six languages: exact within 20 ms, near within 60 ms, at the 95th percentile.

Compared with the bare index in the same run: the same words asked of it directly, whatever rows it gives, no order by
document, no words read, no likeness. What is found is compared with a scan, and near with the paragraph that was changed.
"""

from __future__ import annotations

import itertools
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held, median, percentile, spent
from valise.desk.desk import Desk
from valise.desk.library import TOGETHER, Read
from valise.vault import library, search

EXACT, NEAR = 0.020, 0.060  # seconds
PARAGRAPHS, WORDS, SHOWN = 50, 45, 50  # of a document, of a paragraph, of an answer
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
# The same made-up syllables in other letters; a Chinese word is one or two characters of a few thousand.
CYRILLIC = str.maketrans("bcdfghjklmnprstvzaeiou", "бцдфгхжклмнпрствзаеиоу")
ARABIC = str.maketrans("bcdfghjklmnprstvzaeiou", "بسدفغهجكلمنپرشتوزاعيحخ")
HAN = 0x4E00


def run(options: Options) -> Ratios:
    """Ratios: "exact" and "near" (p95 to their goals), "exact bare" and "near bare" (median to the bare index, CPU),
    "differs" (samples unlike the scan), "lost" (share of changed paragraphs whose source is not the likest found)."""
    folder, facts = vault(options)
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        copy = Path(base) / "XA"
        shutil.copytree(folder / "XA", copy)
        desk = worlds.unlock(copy)
        written = Written()
        table = Table(
            f"Agreed language: {facts['paragraphs']:,} paragraphs in {facts['documents']:,} documents, six languages",
            ("search", "asked", "median ms", "p95 ms", "worst ms", "CPU median ms", "bare index ms", "goal p95"),
        )
        exact = _exact(desk, written, table, options)
        near = _near(desk, written, table, options)
        _phrases(desk, written, table, options)
        differs, samples = against_scan(desk, written, options.size(30, 12))
        desk.close()
    table.note(f"Compared with a scan over every paragraph: {samples} queries, {differs} differ. Of the changed paragraphs "
               f"{1 - near['lost']:.1%} find their source first.")  # fmt: skip
    print(table.markdown())
    return {**exact, **near, "differs": float(differs)}


def vault(options: Options) -> tuple[Path, dict[str, Any]]:
    """A vault with the library in it. Made once and kept in the cache."""
    count = options.size(2_000, 12)
    return worlds.cached(options.cache, f"library-{count}", lambda base: make(base, count))


def make(base: Path, count: int) -> dict[str, Any]:
    """`count` documents of PARAGRAPHS, taken in as an import takes them in."""
    desk = worlds.found(base / "XA")
    written = Written()
    for part in worlds.grouped(count, TOGETHER):
        documents = tuple((f"digest {n}", written.document(n)) for n in part)
        desk.library.take_in(Read(documents, 0, (), len(documents)))
    desk.close()
    return {"documents": count, "paragraphs": count * PARAGRAPHS}


class Written:
    """What stands in the library, and can be written again: paragraph by paragraph, all of it from its number."""

    def __init__(self) -> None:
        self.speech = worlds.Speech(5)
        self._weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.speech.words))))

    def document(self, n: int) -> dict[str, Any]:
        """As a parser tells it."""
        rows = [
            {"label": f"OP {at}", "section": "OP", "words": self.paragraph(n, at)} for at in range(1, PARAGRAPHS + 1)
        ]
        return {"symbol": f"FICT/{n // 300 + 60}/{n % 300}", "title": f"Document {n}", "language": language(n),
                "adopted": "2025-12-01", "vote": "120-3-14", "paragraphs": rows}  # fmt: skip

    def paragraph(self, n: int, at: int) -> str:
        """Words of paragraph `at` of document `n`."""
        return said(self.words(random.Random(f"{n} {at}"), WORDS), language(n))

    def words(self, pick: random.Random, count: int) -> list[str]:
        """Words as a language has them, a few very often."""
        return pick.choices(self.speech.words, cum_weights=self._weights, k=count)


def language(n: int) -> str:
    return LANGUAGES[n % len(LANGUAGES)]


def said(words: list[str], code: str) -> str:
    """Made-up words in the letters of a language; French and Spanish have their own by an ending."""
    if code == "zh":
        return "".join(chr(HAN + hash_of(word) % 3_000) + (chr(HAN + hash_of(word) // 7 % 3_000) if len(word) > 4 else "")
                       for word in words)  # fmt: skip
    if code == "ru":
        return " ".join(words).translate(CYRILLIC)
    if code == "ar":
        return " ".join(words).translate(ARABIC)
    ending = {"fr": "é", "es": "ñ"}.get(code, "")
    return " ".join(word + ending for word in words)


def hash_of(word: str) -> int:
    """The same in every process."""
    return int.from_bytes(word.encode()[-6:], "big")


def asked(written: Written, count: int) -> Iterator[tuple[str, str]]:
    """(kind, query) of what people search: seldom and frequent words, several, a phrase, words still being typed."""
    for n in range(count):
        pick = random.Random(n)
        code = language(n // 6)
        words = written.words(pick, 8)
        seldom = written.speech.words[pick.randrange(2_000, len(written.speech.words))]
        if code == "zh":
            yield "two or more characters", said(words, "zh")[: 2 + n % 3]
            continue
        match n % 6:
            case 0:
                yield "a frequent word", said([written.speech.words[pick.randrange(20)]], code)
            case 1:
                yield "a seldom word", said([seldom], code)
            case 2:
                yield "three words", said(words[:3], code)
            case 3:
                yield "a phrase", f'"{said(words[:3], code)}"'
            case 4:
                yield "being typed", said(words[:1], code)[: 1 + n % 3]
            case _:
                yield "part of a paragraph", " ".join(written.paragraph(n // 6 % 12, 1).split()[5:25])


def _exact(desk: Desk, written: Written, table: Table, options: Options) -> Ratios:
    by_kind: dict[str, list[tuple[float, float, float]]] = {}
    for kind, query in asked(written, options.size(360, 24)):
        phrases = search.phrases(query)
        match = " AND ".join(f'"{" ".join(words)}"{"*" if goes_on else ""}' for words, goes_on in phrases)
        with desk.context.read() as handle:
            with spent() as took:
                library.exact(handle, query, SHOWN)
            with spent() as bare:
                handle.rows("select rowid from agreed where agreed match ? limit ?", (match, SHOWN))
        by_kind.setdefault(kind, []).append((took.wall, took.cpu, bare.cpu))
    for kind, some in by_kind.items():
        _row(table, f"exact, {kind}", some)
    every = [one for some in by_kind.values() for one in some]
    return _sum_up(table, "exact", every, EXACT)


def _near(desk: Desk, written: Written, table: Table, options: Options) -> Ratios:
    documents = options.size(2_000, 12)
    by_code: dict[str, list[tuple[float, float, float]]] = {}
    lost = count = 0
    for n in range(options.size(180, 12)):
        pick = random.Random(-1 - n)
        document, at = pick.randrange(documents), pick.randrange(1, PARAGRAPHS + 1)
        paragraph = written.paragraph(document, at)
        query = changed(paragraph, language(document), written, pick)
        words = list(dict.fromkeys(search.words_of(query)))
        with desk.context.read() as handle:
            marks = ",".join("?" * len(words))
            counts = handle.rows(f"select doc, term from agreed_words where term in ({marks})", tuple(words))
            match = " OR ".join(f'"{word}"' for _, word in sorted(counts)[:8])
            with spent() as took:
                found = library.near(handle, query, SHOWN)
            with spent() as bare:
                handle.rows("select rowid from agreed where agreed match ? order by bm25(agreed) limit 60", (match,))
        by_code.setdefault(language(document), []).append((took.wall, took.cpu, bare.cpu))
        lost += not found or found[0].words != paragraph
        count += 1
    for code, some in sorted(by_code.items()):
        _row(table, f"near, {code}", some)
    every = [one for some in by_code.values() for one in some]
    return {**_sum_up(table, "near", every, NEAR), "lost": lost / count}


def changed(paragraph: str, code: str, written: Written, pick: random.Random) -> str:
    """The paragraph with three of its words others."""
    if code == "zh":
        letters = list(paragraph)
        for place in pick.sample(range(len(letters)), 3):
            letters[place] = chr(HAN + pick.randrange(3_000))
        return "".join(letters)
    parts = paragraph.split()
    for place in pick.sample(range(len(parts)), 3):
        parts[place] = said(written.words(pick, 1), code)
    return " ".join(parts)


def _phrases(desk: Desk, written: Written, table: Table, options: Options) -> None:
    """A draft of three pieces of agreed language, as the editor asks for it after each pause."""
    some: list[tuple[float, float, float]] = []
    documents = options.size(2_000, 12)
    for n in range(options.size(60, 4)):
        pick = random.Random(10_000 + n)
        pieces = []
        for _ in range(3):
            document = 6 * pick.randrange(documents // 6) + n % 5  # all of one language, with spaces
            pieces.append(" ".join(written.paragraph(document, pick.randrange(1, PARAGRAPHS + 1)).split()[:12]))
        draft = " ".join(pieces)
        with spent() as took:
            desk.library.phrases(draft)
        some.append((took.wall, took.cpu, 0.0))
    _row(table, "phrases of a draft", some)


def _row(table: Table, name: str, some: list[tuple[float, float, float]], goal: str = "") -> None:
    wall, cpu, bare = ([one[n] for one in some] for n in range(3))
    table.add(name, len(some), median(wall) * 1e3, percentile(wall, 0.95) * 1e3, max(wall) * 1e3, median(cpu) * 1e3,
              median(bare) * 1e3, goal)  # fmt: skip


def _sum_up(table: Table, name: str, every: list[tuple[float, float, float]], goal: float) -> Ratios:
    late = percentile([wall for wall, _, _ in every], 0.95)
    _row(table, f"{name}, all", every, held(late * 1e3, goal * 1e3))
    bare = median([one for _, _, one in every])
    return {name: late / goal, f"{name} bare": median([cpu for _, cpu, _ in every]) / max(bare, 1e-6)}


def against_scan(desk: Desk, written: Written, count: int) -> tuple[int, int]:
    """How many queries find other paragraphs than a scan of every one does, and how many were asked."""
    queries = [query for _, query in itertools.islice(asked(written, 10_000), 0, 7 * count, 7)]
    with desk.context.read() as handle:
        every = [(n, search.words_of(words)) for n, words in library.every(handle)]
        differs = 0
        for query in queries:
            phrases = search.phrases(query)
            there = {n for n, have in every if phrases and all(search._occurs(have, *one) for one in phrases)}
            differs += {one.n for one in library.exact(handle, query, len(every))} != there
    return differs, len(queries)
