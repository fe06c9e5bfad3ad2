"""Search: what a person types finds what is there, in every language of the talks, as a scan would.

All folding happens here, once, for what is indexed and for what is asked; the index then only splits at spaces.
So the index can be compared with a plain scan over `words_of` (complaint C8), and nothing a person types is ever
read as query syntax.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import regex  # type: ignore[import-untyped]

from valise.vault.store import Handle, Tx

RANKED_AT_MOST: Final = 2_000  # beyond so many hits ranking says nothing and costs much: the newest are shown
_QUERY_LETTERS = 1_000
_QUERY_WORDS = 32

# Scripts that do not put spaces between words: each character is a word, a run of them a phrase.
_SINGLE = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Yi}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WORD = regex.compile(
    rf"(?V1)[[{_SINGLE}]&&[\p{{L}}\p{{N}}]]\p{{M}}*"
    rf"|[[\p{{L}}\p{{N}}]--[{_SINGLE}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_SINGLE}]]*"
)
_ASCII_WORD = regex.compile(r"[a-z0-9]+")
# Accents of Latin and Greek letters; points and vowel signs of Hebrew and Arabic, hamza on its carrier, tatweel.
_ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}])\p{Mn}+")
_POINTS = regex.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff]+"
)
_LOOSE = regex.compile("[\u0300-\u036f]+")  # what no letter composes with, such as a stress mark in Russian
_UNSEEN = regex.compile(r"(?V1)[\p{Cf}--[\u200b]]+")  # soft hyphen, isolates, joiners; not the zero-width space
_DIGIT = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")
_CHUNK = regex.compile(r'"([^"]*)("?)|([^\s"]+)')
_QUOTES = str.maketrans("“”„‟«»「」『』＂", '"' * 11)


def normal(text: str) -> str:
    """`text` folded for comparison: compatibility forms, case, accents, vowel signs, invisible characters, digits."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFD", _UNSEEN.sub("", text))
    text = unicodedata.normalize("NFC", _POINTS.sub("", _ACCENTS.sub("", text)))
    text = _LOOSE.sub("", text).replace("ё", "е")
    return str(_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text))


def words_of(text: str) -> list[str]:
    """The words of `text` as they are compared, in order."""
    text = normal(text)
    found: list[str] = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    return found


def tokens(text: str) -> str:
    """What the index is given: the words, a space between any two. Han, Kana, Hangul and the like: one a character."""
    return " ".join(words_of(text))


def index(tx: Tx, kind: str, ref: str, room: str, at: int, title: str, words: str, *, fresh: bool = False) -> None:
    """Index `words` under (kind, ref), in place of what was there (`fresh`: nothing was). `title` is shown, not searched."""
    if not fresh:
        drop(tx, kind, ref)
    done = tx.run(
        "INSERT INTO search_ref(kind, ref, room, at, title) VALUES (?, ?, ?, ?, ?)", (kind, ref, room, at, title)
    )
    tx.run("INSERT INTO search(rowid, words) VALUES (?, ?)", (done.lastrowid, tokens(words)))


class Entry(NamedTuple):
    """What is indexed, as `index` takes it."""

    kind: str
    ref: str
    room: str
    at: int
    title: str
    words: str


def index_all(tx: Tx, entries: Sequence[Entry], *, fresh: bool) -> None:
    """`index` of each; many `fresh` ones cost two statements in all."""
    if not fresh:
        for one in entries:
            index(tx, *one)
        return
    start = tx.value("SELECT coalesce(max(rowid), 0) + 1 FROM search_ref")
    tx.many(
        "INSERT INTO search_ref(rowid, kind, ref, room, at, title) VALUES (?, ?, ?, ?, ?, ?)",
        ((rowid, *one[:5]) for rowid, one in enumerate(entries, start)),
    )
    tx.many(
        "INSERT INTO search(rowid, words) VALUES (?, ?)",
        ((rowid, tokens(one.words)) for rowid, one in enumerate(entries, start)),
    )


def drop(tx: Tx, kind: str, ref: str) -> None:
    """Take (kind, ref) out of the index, if it is there."""
    row = tx.row("SELECT rowid FROM search_ref WHERE kind = ? AND ref = ?", (kind, ref))
    if row is not None:
        tx.run("DELETE FROM search WHERE rowid = ?", row)
        tx.run("DELETE FROM search_ref WHERE rowid = ?", row)


def clear(tx: Tx, kinds: Sequence[str] | None = None) -> None:
    """Take everything, or everything of `kinds`, out of the index."""
    if kinds is None:
        tx.run("INSERT INTO search(search) VALUES ('delete-all')")
        tx.run("DELETE FROM search_ref")
        return
    for kind in kinds:
        tx.run("DELETE FROM search WHERE rowid IN (SELECT rowid FROM search_ref WHERE kind = ?)", (kind,))
        tx.run("DELETE FROM search_ref WHERE kind = ?", (kind,))


def phrases(query: str) -> list[tuple[list[str], bool]]:
    """The query as phrases that must all occur: (words in sequence, whether the last one may go on).

    Quotes hold a phrase together; a phrase still open and the last bare word may go on.
    """
    found: list[tuple[list[str], bool]] = []
    left = _QUERY_WORDS
    for quoted, closing, bare in _chunks(query):
        words = words_of(quoted or bare)[:left]
        left -= len(words)
        if words:
            found.append((words, not closing))
    return [(words, goes_on and at == len(found) - 1) for at, (words, goes_on) in enumerate(found)]


def find(
    reader: Handle, query: str, limit: int, kinds: Sequence[str] | None = None
) -> list[tuple[str, str, str, int, str]]:
    """(kind, ref, room, at, title) of what holds every phrase of `query`: best first, then newest.

    With more than RANKED_AT_MOST hits: the newest. `kinds` narrows; no words in the query finds nothing.
    """
    asked = phrases(query)
    if not asked or limit <= 0 or (kinds is not None and not kinds):
        return []
    # Words hold letters, digits and marks only, so they need no escaping between the quotes.
    match = " AND ".join(f'"{" ".join(words)}"{"*" if goes_on else ""}' for words, goes_on in asked)
    only, chosen = "", tuple(kinds or ())
    if chosen:
        only = f" AND r.kind IN ({','.join('?' * len(chosen))})"
    hits = "FROM search s JOIN search_ref r ON r.rowid = s.rowid WHERE s.search MATCH ?" + only
    many = reader.value(
        "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)", (match, RANKED_AT_MOST + 1)
    )
    if many <= RANKED_AT_MOST:
        return reader.rows(
            f"SELECT r.kind, r.ref, r.room, r.at, r.title {hits}"
            " ORDER BY bm25(s.search), r.at DESC, r.rowid DESC LIMIT ?",
            (match, *chosen, limit),
        )
    # Among what was indexed last, in growing windows, until there is enough; there the clock decides. Never backwards
    # through the index: for a word that may go on, that walk took a hundred times as long.
    top, window = reader.value("SELECT max(rowid) FROM search_ref"), max(RANKED_AT_MOST, 4 * limit)
    while True:
        newest = reader.rows(
            f"SELECT r.kind, r.ref, r.room, r.at, r.title, r.rowid {hits} AND s.rowid > ?",
            (match, *chosen, max(top - window, 0)),
        )
        if len(newest) >= limit or window >= top:
            newest.sort(key=lambda row: (-row[3], -row[5]))
            return [row[:5] for row in newest[:limit]]
        window *= 8


def _chunks(query: str) -> Iterator[tuple[str, bool, str]]:
    text = query[:_QUERY_LETTERS].translate(_QUOTES)
    for found in _CHUNK.finditer(text):
        if found[1] is not None and not found[2]:
            # a quotation mark that nothing closes (yet) makes no phrase: the words still have to be there
            yield from (("", False, word) for word in found[1].split())
        else:
            yield found[1] or "", bool(found[2]), found[3] or ""


_Scan = Callable[[str], bool]


def scan(query: str) -> _Scan:
    """A test of single texts that says what `find` must say, without the index: for checks and rebuilding."""
    asked = phrases(query)

    def holds(text: str) -> bool:
        words = words_of(text)
        return bool(asked) and all(_occurs(words, phrase, goes_on) for phrase, goes_on in asked)

    return holds


def _occurs(words: list[str], phrase: list[str], goes_on: bool) -> bool:
    *first, last = phrase
    for start in range(len(words) - len(phrase) + 1):
        if words[start : start + len(first)] == first:
            end = words[start + len(first)]
            if end == last or (goes_on and end.startswith(last)):
                return True
    return False
