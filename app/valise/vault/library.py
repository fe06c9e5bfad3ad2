"""The library of agreed language: what was imported, found by its words, by words like them, or by symbol and paragraph.

The words are folded by vault.search before they are indexed and before they are asked for, so that an exact search finds
what a scan would. Near: the rarest words of the question nominate candidates, the likeness of the words ranks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from valise.vault import search
from valise.vault.store import Handle, Tx

RAREST: Final = 8  # words of a question that nominate candidates
CANDIDATES: Final = 60
COMMON: Final = 0.2  # a word in more than this share of all passages nominates nothing
LIKE: Final = 60.0  # per cent; less alike is not shown
_ASKED = 300  # words of a question looked up
# "A/RES/73/27, OP 5", "A/70/174 para. 13 (f)", "CRP.9 PP 2 bis"
_SYMBOL = re.compile(
    r"(?P<symbol>[A-Z][A-Z0-9.]*(?:/[A-Za-z0-9.\-]+)+)(?:[,\s]+(?:para(?:graph)?\.?\s*)?(?P<label>[^/]{1,40}))?\Z"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document of the library. `adopted` is a date as the document has it, `vote` what it says of it, "" for none."""

    id: int
    symbol: str
    title: str
    language: str
    adopted: str
    vote: str
    added_at: int
    passages: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a source. `likeness` in per cent of the words asked for (100 = found exactly)."""

    n: int
    source: int
    symbol: str
    label: str
    section: str
    words: str
    likeness: float


def add(
    tx: Tx, digest: str, symbol: str, title: str, language: str, adopted: str, vote: str, now: int,
    passages: Sequence[tuple[str, str, str]],
) -> int:  # fmt: skip
    """Take a document in; `passages` are (label, section, words). Returns its id, 0 when this very one is here already."""
    if tx.row("select 1 from source where digest = ?", (digest,)):
        return 0
    source = tx.run(
        "insert into source(digest, symbol, title, language, adopted, vote, added_at, passages) values (?,?,?,?,?,?,?,?)",
        (digest, symbol, title, language, adopted, vote, now, len(passages)),
    ).lastrowid
    first = tx.value("select coalesce(max(n), 0) + 1 from passage")
    tx.many(
        "insert into passage(n, source, label, section, words) values (?,?,?,?,?)",
        ((n, source, *one) for n, one in enumerate(passages, first)),
    )
    tx.many(
        "insert into agreed(rowid, words) values (?,?)",
        ((n, search.tokens(one[2])) for n, one in enumerate(passages, first)),
    )
    return source


def drop(tx: Tx, source: int) -> None:
    """Take a document out again."""
    tx.run("delete from agreed where rowid in (select n from passage where source = ?)", (source,))
    tx.run("delete from source where id = ?", (source,))


def known(handle: Handle, digests: Sequence[str]) -> set[str]:
    """Which of these documents are here."""
    found: set[str] = set()
    for start in range(0, len(digests), 500):
        part = tuple(digests[start : start + 500])
        found |= {row[0] for row in handle.rows(f"select digest from source where digest in ({_marks(part)})", part)}
    return found


def sources(handle: Handle) -> list[Source]:
    """Every document, by symbol, then the newest first."""
    rows = handle.rows(
        "select id, symbol, title, language, adopted, vote, added_at, passages from source order by symbol, added_at desc, id"
    )
    return [Source(*row) for row in rows]


def passages(handle: Handle, source: int) -> list[Passage]:
    """The paragraphs of a document, in order."""
    return _passages(handle, "passage.source = ? order by passage.n", (source,))


def by_symbol(handle: Handle, asked: str, limit: int) -> list[Passage]:
    """What is asked for as "A/RES/73/27 OP 5" or "A/70/174 13 (f)"; of a symbol alone its paragraphs; else nothing."""
    match = _SYMBOL.match(asked.strip())
    if match is None:
        return []
    label = " ".join((match["label"] or "").split())
    where, values = "source.symbol = ? collate nocase", [match["symbol"]]
    if label:
        where += " and (passage.label = ?2 collate nocase or passage.label like '% ' || ?2)"
        where = where.replace("= ? ", "= ?1 ")
        values.append(label)
    return _passages(handle, f"{where} order by source.added_at desc, passage.n limit {int(limit)}", tuple(values))


def exact(handle: Handle, asked: str, limit: int) -> list[Passage]:
    """Passages that hold every phrase of `asked` (as vault.search reads it: quotes hold words together), newest source first."""
    phrases = search.phrases(asked)
    if not phrases or limit <= 0:
        return []
    match = " AND ".join(f'"{" ".join(words)}"{"*" if goes_on else ""}' for words, goes_on in phrases)
    return _passages(
        handle,
        "passage.n in (select rowid from agreed where agreed match ?) order by source.added_at desc, passage.n limit ?",
        (match, limit),
    )


def near(handle: Handle, asked: str, limit: int) -> list[Passage]:
    """Passages most like `asked`, at least LIKE per cent, the likest first."""
    words = search.words_of(asked)[:_ASKED]
    rare = _rarest(handle, words)
    if not rare or limit <= 0:
        return []
    match = " OR ".join(f'"{word}"' for word in rare)
    ids = [
        row[0]
        for row in handle.rows(
            "select rowid from agreed where agreed match ? order by bm25(agreed) limit ?", (match, CANDIDATES)
        )
    ]
    found = {one.n: one for one in _passages(handle, f"passage.n in ({_marks(ids)})", tuple(ids))}
    folded = {n: " ".join(search.words_of(one.words)) for n, one in found.items()}
    ranked = process.extract(" ".join(words), folded, scorer=fuzz.ratio, limit=limit, score_cutoff=LIKE)
    return [_likened(found[n], score) for _, score, n in sorted(ranked, key=lambda one: (-one[1], one[2]))]


def holding(handle: Handle, asked: str, limit: int = CANDIDATES) -> list[Passage]:
    """Passages that share the rarest words of `asked`: candidates for phrases in common."""
    rare = _rarest(handle, search.words_of(asked)[:_ASKED])
    if not rare:
        return []
    match = " OR ".join(f'"{word}"' for word in rare)
    return _passages(
        handle, "passage.n in (select rowid from agreed where agreed match ? order by bm25(agreed) limit ?)", (match, limit)
    )


def _rarest(handle: Handle, words: Sequence[str]) -> list[str]:
    """The rarest words of a question that are in the library at all, the rarest first; nothing that is nearly everywhere."""
    different = tuple(dict.fromkeys(words))
    if not different:
        return []
    total = handle.value("select count(*) from passage", (), 0)
    counts = dict(handle.rows(f"select term, doc from agreed_words where term in ({_marks(different)})", different))
    most = max(3, COMMON * total)
    rare = sorted((count, word) for word, count in counts.items() if count <= most)
    return [word for _, word in rare[:RAREST]] or [word for _, word in sorted((n, w) for w, n in counts.items())[:2]]


def _passages(handle: Handle, where: str, values: Sequence[object]) -> list[Passage]:
    rows = handle.rows(
        "select passage.n, passage.source, source.symbol, passage.label, passage.section, passage.words, 100.0"
        f" from passage join source on source.id = passage.source where {where}",
        tuple(values),
    )
    return [Passage(*row) for row in rows]


def _likened(passage: Passage, score: float) -> Passage:
    return Passage(
        passage.n, passage.source, passage.symbol, passage.label, passage.section, passage.words, round(score, 1)
    )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def every(handle: Handle) -> Iterator[tuple[int, str]]:
    """(n, words) of every passage: for checking the index against a scan."""
    yield from handle.each("select n, words from passage order by n")
