"""What two delegations compare: the plain text file, the state hash, the log root, the short proof.

The plain text file of a revision (UTF-8, each line ended by LF, no byte order mark), sha256sum of which is the
text hash:

    <title>
    <symbol>
    <organ>
    <language>
    <empty>
    then for each paragraph that stands, in order:
    <section> | <label> | <status>
    <words>
    <empty>

No line holds a control character, so the file can be read back in one way only. The state hash is SHA-256 over
"valise/v1/text-state", a zero byte and the canonical JSON (sorted keys, no spaces, UTF-8) of text id, text hash,
roster, pending proposals and positions. The log root is the Merkle tree hash of RFC 9162 section 2.1.1 over the
text's operation ids (as ASCII), sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from valise.domain.text.book import PENDING, Book
from valise.domain.text.past import UNSEEN, canonical
from valise.domain.text.standing import all_positions, judge

ABOUT: frozenset[str] = frozenset({"text.cosponsor", "text.withdraw"})


def plain(book: Book, symbol: str = "", labels: Mapping[str, str] | None = None) -> str:
    """The plain text file of the text as it stands; `symbol` and new `labels` of a revision being made."""
    if book.genesis is None:
        return ""
    body = book.genesis.body
    lines = [book.pars[book.title_id].words, symbol or book.symbol, body["organ"], body["language"], ""]
    for par in book.standing():
        label = labels.get(par.id, par.label) if labels else par.label
        lines += (f"{par.section} | {label} | {par.status}", par.words, "")
    return "\n".join(lines) + "\n"


def text_hash(book: Book, symbol: str = "", labels: Mapping[str, str] | None = None) -> str:
    """Hex SHA-256 of the plain text file."""
    return hashlib.sha256(plain(book, symbol, labels).encode()).hexdigest()


def pending(book: Book, limit: int = UNSEEN, changed: set[str] | None = None) -> list[list[Any]]:
    """The pending list: proposals the pen has still to decide, and where each stands. With `limit` as far as
    the pen had seen; `changed` = the proposals about which something is said that it had not."""
    rows: list[tuple[str, list[Any]]] = []
    for id, prop in book.props.items():
        if prop.node.seen > limit:
            continue
        fresh = changed is not None and id in changed
        if not fresh and prop.state not in PENDING:
            continue
        now = judge(book, prop, limit) if fresh else prop.now
        if now.state in PENDING:
            rows.append((id, [id, now.state, now.ver, now.span[0], now.span[1], *now.sponsors]))
    return [row for _, row in sorted(rows)]


def _positions(book: Book, limit: int) -> list[list[str]]:
    return sorted(
        [target, node.author, node.body["behalf"], node.body["value"]] for target, node in all_positions(book, limit)
    )


def state_hash(book: Book, of_text: str, limit: int = UNSEEN) -> str:
    """Hex SHA-256 over text, members, pending list and positions."""
    changed = None
    if limit != UNSEEN:
        changed = {node.body["proposal"] for node in book.unseen.values() if node.kind in ABOUT}
    value = {
        "text": book.text, "text_hash": of_text, "roster": list(book.roster),
        "pending": pending(book, limit, changed), "positions": _positions(book, limit),
    }
    return hashlib.sha256(b"valise/v1/text-state\0" + canonical(value)).hexdigest()


def log_root(ids: Sequence[str]) -> str:
    """Merkle tree hash of RFC 9162 section 2.1.1 over ids already sorted, hex."""
    sha = hashlib.sha256
    if not ids:
        return sha(b"").hexdigest()
    # A tree is split at the largest power of two below its size: the same as pairing neighbours level by
    # level and carrying an odd last one up unchanged.
    level = [sha(b"\0" + id.encode()).digest() for id in ids]
    while len(level) > 1:
        paired = [sha(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0].hex()


def _short(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()[:32]


def proof(book: Book) -> dict[str, str]:
    """Under 200 bytes as canonical JSON: the same text, the same members, the same pending list. Each value is
    the first 128 bits of a SHA-256 (enough to compare what two sides already signed; not an identifier)."""
    return {
        "text": text_hash(book)[:32],
        "members": _short(list(book.roster)),
        "pending": _short([pending(book), _positions(book, UNSEEN)]),
    }
