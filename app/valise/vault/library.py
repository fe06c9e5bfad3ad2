"""The library of agreed language: what was imported, found by its words, by words like them, or by symbol and paragraph.

The words are folded by vault.search before they are indexed and before they are asked for, so that an exact search finds
what a scan would. Near: the rarest words of the question nominate candidates, the likeness of the words ranks them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz, process

from valise.vault import search
from valise.vault.store import Handle, Tx

RAREST: Final = 8  # words of a question that nominate candidates
CANDIDATES: Final = 60
COMMON: Final = 0.2  # a word in more than this share of all passages nominates nothing
OFTEN: Final = 2_000  # nor one in more passages than this: counting goes no further, whatever the library holds
NOMINATED: Final = 5_000  # passages that are ranked at most, all nominating words together
LIKE: Final = 60.0  # per cent; less alike is not shown
_WINDOW: Final = 2_000  # passages imported last, looked at first
_ASKED = 300  # words of a question looked up
_SYMBOL_LETTERS = 120


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
    """A paragraph of a source, with what the source says of itself. `likeness` in per cent of the words asked for
    (100 = found exactly)."""

    n: int
    source: int
    symbol: str
    label: str
    section: str
    words: str
    likeness: float
    language: str
    adopted: str
    vote: str


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
    """What is asked for as "A/RES/73/27, OP 5" or "A/70/174 para. 13 (f)"; of a symbol alone its paragraphs; else nothing.

    Neither case nor spaces count, and "13 (f)" is any paragraph whose label ends so ("OP 13 (f)"). A symbol may be two
    words ("A/RES/46/36 L").
    """
    if len(asked) > _SYMBOL_LETTERS:
        return []
    parts = asked.replace(",", " ").split()
    for size in (2, 1) if len(parts) > 1 else (1,):
        # walks the index of symbols alone, which is short: the case of a symbol is not known
        ids = [
            row[0]
            for row in handle.rows("select id from source where symbol = ? collate nocase", (" ".join(parts[:size]),))
        ]
        label = _label(parts[size:])
        found = [one for source in reversed(ids) for one in _labelled(handle, source, label)] if ids else []
        if found:
            return found[:limit]
    return []


def _label(parts: Sequence[str]) -> str:
    """The label asked for, as `_labelled` compares it; a leading "para." says nothing."""
    told = [part.casefold() for part in parts]
    if told and told[0].rstrip(".") in ("para", "paras", "paragraph", "paragraphs"):
        told = told[1:]
    return "".join(told)


def _labelled(handle: Handle, source: int, label: str) -> list[Passage]:
    if not label:
        return passages(handle, source)
    wanted = []
    for n, own in handle.rows("select n, label from passage where source = ? order by n", (source,)):
        parts = own.casefold().split()
        if label in ("".join(parts), "".join(parts[1:])):
            wanted.append(n)
    found = _by_number(handle, wanted)
    return [found[n] for n in wanted]


def exact(handle: Handle, asked: str, limit: int) -> list[Passage]:
    """Passages that hold every phrase of `asked` (as vault.search reads it: quotes hold words together): what was
    imported last comes first, within a document in its order."""
    phrases = search.phrases(asked)
    if not phrases or limit <= 0:
        return []
    match = " AND ".join(f'"{" ".join(words)}"{"*" if goes_on else ""}' for words, goes_on in phrases)
    hits = [row[0] for row in handle.rows("select rowid from agreed where agreed match ? limit ?", (match, OFTEN + 1))]
    if len(hits) > OFTEN:
        hits = _recent(handle, match, limit)
    chosen = _newest_first(handle, sorted(hits), limit)
    found = _by_number(handle, chosen)
    return [found[n] for n in chosen]


def _recent(handle: Handle, match: str, limit: int) -> list[int]:
    """At least `limit` of many hits, among what was imported last: numbers grow with every import, a document's stand
    together. Windows are asked forwards and begin with a document; no passage is read that is not shown."""
    top, window = handle.value("select max(n) from passage") or 0, _WINDOW
    while True:
        first = _beginning(handle, top - window)
        hits = [
            row[0]
            for row in handle.rows("select rowid from agreed where agreed match ? and rowid >= ?", (match, first))
        ]
        if len(hits) >= limit or first <= 1:
            return hits
        window *= 8


def _beginning(handle: Handle, n: int) -> int:
    """The first passage of the document passage `n` belongs to (of the next one, where `n` is gone); 0 below all."""
    if n <= 0:
        return 0
    source = handle.value("select source from passage where n >= ? order by n limit 1", (n,))
    return 0 if source is None else int(handle.value("select min(n) from passage where source = ?", (source,)))


def _newest_first(handle: Handle, hits: Sequence[int], limit: int) -> list[int]:
    """At most `limit` of these passages, given in rising order: the newest document's first, each in its own order."""
    chosen: list[int] = []
    end = len(hits)
    while end and len(chosen) < limit:
        start = bisect_left(hits, _beginning(handle, hits[end - 1]), 0, end)
        chosen += hits[start:end]
        end = start
    return chosen[:limit]


def near(handle: Handle, asked: str, limit: int) -> list[Passage]:
    """Passages most like `asked`, at least LIKE per cent, the likest first."""
    words = search.words_of(asked)[:_ASKED]
    found = _by_number(handle, _nominated(handle, words, CANDIDATES)) if limit > 0 else {}
    folded = {n: " ".join(search.words_of(one.words)) for n, one in found.items()}
    ranked = process.extract(" ".join(words), folded, scorer=fuzz.ratio, limit=limit, score_cutoff=LIKE)
    return [
        replace(found[n], likeness=round(score, 1)) for _, score, n in sorted(ranked, key=lambda one: (-one[1], one[2]))
    ]


def holding(handle: Handle, asked: str, limit: int = CANDIDATES) -> list[Passage]:
    """Passages that share the rarest words of `asked`: candidates for phrases in common."""
    found = _by_number(handle, _nominated(handle, search.words_of(asked)[:_ASKED], limit))
    return [found[n] for n in sorted(found)]


def _nominated(handle: Handle, words: Sequence[str], limit: int) -> list[int]:
    """Passages the rarest of these words stand in, the best first. Words that are nearly everywhere only nominate where
    there are no others, and then among what was imported last."""
    top = handle.value("select max(n) from passage") or 0
    most = min(OFTEN, max(3, int(COMMON * top)))
    counts = sorted((_count(handle, word, most + 1), word) for word in dict.fromkeys(words))
    there = [(count, word) for count, word in counts if count]
    rare: list[str] = []
    left = NOMINATED
    for count, word in there[:RAREST]:
        if count > most or (len(rare) > 2 and count > left):
            break
        rare.append(word)
        left -= count
    first = 0 if rare else top - _WINDOW
    match = " OR ".join(f'"{word}"' for word in rare or [word for _, word in there[:2]])
    if not match:
        return []
    return [
        row[0]
        for row in handle.rows(
            "select rowid from agreed where agreed match ? and rowid > ? order by bm25(agreed) limit ?",
            (match, first, limit),
        )
    ]


def _count(handle: Handle, word: str, most: int) -> int:
    """How many passages hold a word, at most `most`: the list of a frequent word is long, and is not read to its end."""
    return int(
        handle.value("select count(*) from (select 1 from agreed where agreed match ? limit ?)", (f'"{word}"', most))
    )


def _by_number(handle: Handle, numbers: Sequence[int]) -> dict[int, Passage]:
    found: dict[int, Passage] = {}
    for start in range(0, len(numbers), 500):
        part = tuple(numbers[start : start + 500])
        found |= {one.n: one for one in _passages(handle, f"passage.n in ({_marks(part)})", part)}
    return found


def _passages(handle: Handle, where: str, values: Sequence[object]) -> list[Passage]:
    rows = handle.rows(
        "select passage.n, passage.source, source.symbol, passage.label, passage.section, passage.words, 100.0,"
        " source.language, source.adopted, source.vote"
        f" from passage join source on source.id = passage.source where {where}",
        tuple(values),
    )
    return [Passage(*row) for row in rows]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def every(handle: Handle) -> Iterator[tuple[int, str]]:
    """(n, words) of every passage: for checking the index against a scan."""
    yield from handle.each("select n, words from passage order by n")
