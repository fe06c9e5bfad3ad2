"""A file that comes back, against what was sent out: what it changes, tracked or simply typed over.

A help for whoever imports it: what it finds is shown and proposed, nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from valise.domain.text.words import Hunk, difference
from valise.formats.abc import TITLE, Change, Document, Para

ALIKE = 60.0  # percent, below which two paragraphs are different ones
FAR = 40  # paragraphs looked at around the expected place


def reconcile(ours: Document, back: Document) -> list[Change]:
    """The changes of `back` as changes of `ours`, in the order of our paragraphs. Those `ours` already holds are left
    out. What was typed over has no author: nobody is named for it in the file.
    """
    back = as_ours(ours, back)
    pairs = matched(ours.paragraphs, back.paragraphs)
    known = set(ours.changes)
    found = _typed(TITLE, ours.title, back.title)
    of = {there: here for here, there in pairs.items()}
    moved = _moved(pairs)
    for here, para in enumerate(ours.paragraphs):
        there = pairs.get(here)
        if there is None:
            found.append(Change("delete", here))
            continue
        found += _typed(here, para.words, back.paragraphs[there].words)
        if there in moved:
            found.append(Change("move", here, after=_before(there, of)))
    for there, para in enumerate(back.paragraphs):
        if there not in of:
            found.append(Change("paragraph", words=para.words, after=_before(there, of), section=para.section,
                                label=para.label))  # fmt: skip
    for one in back.changes:
        found += _carried(one, ours, back, of)
    rank = {id(one): place for place, one in enumerate(found)}
    found.sort(key=lambda one: (one.after if one.kind == "paragraph" else one.paragraph, rank[id(one)]))
    return [one for one in found if one not in known]


def places(ours: Document, back: Document) -> Callable[[int], int]:
    """Paragraph of `back` (as `as_ours` gives it) -> our paragraph it is, or the one before it; TITLE if none is."""
    of = {there: here for here, there in matched(ours.paragraphs, back.paragraphs).items()}
    return lambda there: of[there] if there in of else TITLE if there == TITLE else _before(there, of)


def as_ours(ours: Document, back: Document) -> Document:
    """The same, its opening line where ours has it: among the paragraphs, or apart from them."""
    if back.formula and not ours.formula:
        here = next((one for one in ours.paragraphs if _bare(one.words) == _bare(back.formula)), None)
        if here is None:
            return back
        return replace(
            back, formula="", paragraphs=(here, *back.paragraphs),
            changes=tuple(_moved_by(one, 1) for one in back.changes),
            comments=tuple(replace(one, paragraph=one.paragraph + (one.paragraph >= 0)) for one in back.comments),
        )  # fmt: skip
    return back


def _bare(words: str) -> str:
    return " ".join(words.replace("*", "").split()).strip(" ,،，:").casefold()


def _moved_by(one: Change, step: int) -> Change:
    paragraph = one.paragraph + step * (one.paragraph >= 0)
    return replace(one, paragraph=paragraph, after=one.after + step if one.after >= 0 else one.after)


def matched(ours: Sequence[Para], back: Sequence[Para]) -> dict[int, int]:
    """Which paragraph came back as which: by equal words, then by label if the words are alike, then by likeness."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def pair(here: int, there: int) -> None:
        pairs[here] = there
        taken.add(there)

    for key in (_whole, _worded):
        places: dict[object, list[int]] = {}
        for there, para in enumerate(back):
            if there not in taken:
                places.setdefault(key(para), []).append(there)
        for here, para in enumerate(ours):
            among = places.get(key(para), [])
            if here not in pairs and para.words and among:
                pair(here, among.pop(0))
    labelled = {para.label: there for there, para in reversed(list(enumerate(back))) if para.label}
    for here, para in enumerate(ours):
        told = labelled.get(para.label)
        if here not in pairs and told is not None and told not in taken:
            if fuzz.ratio(para.words, back[told].words) >= ALIKE / 2:
                pair(here, told)
    _alike(ours, back, pairs, taken, pair)
    return pairs


def _whole(para: Para) -> object:
    return (para.label, para.words)


def _worded(para: Para) -> object:
    return para.words


def _alike(
    ours: Sequence[Para], back: Sequence[Para], pairs: dict[int, int], taken: set[int],
    pair: Callable[[int, int], None],
) -> None:  # fmt: skip
    """The rest by likeness, near the place where they are expected."""
    expected = -1
    for here, para in enumerate(ours):
        if here in pairs:
            expected = pairs[here]
            continue
        near = range(max(0, expected - FAR), min(len(back), expected + FAR + 2))
        scored = [(fuzz.ratio(para.words, back[there].words), -there) for there in near if there not in taken]
        best, place = max(scored, default=(0.0, 0))
        if best >= ALIKE:
            pair(here, -place)
            expected = -place


def _typed(paragraph: int, old: str, new: str) -> list[Change]:
    if old == new:
        return []
    return [Change("words", paragraph, (one.start, one.end), one.words) for one in difference(old, new)]


def _moved(pairs: dict[int, int]) -> set[int]:
    """The paragraphs of `back` that do not stand in our order, as few as possible."""
    order = [pairs[here] for here in sorted(pairs)]
    kept = {order[one.src_start + step] for one in LCSseq.opcodes(order, sorted(order)) if one.tag == "equal"
            for step in range(one.src_end - one.src_start)}  # fmt: skip
    return set(order) - kept


def _before(there: int, of: dict[int, int]) -> int:
    """Our paragraph that stands before a place in `back`, TITLE if none does."""
    return next((of[one] for one in range(there - 1, -1, -1) if one in of), TITLE)


def _carried(one: Change, ours: Document, back: Document, of: dict[int, int]) -> list[Change]:
    """A tracked change, its places those of our words."""
    if one.kind == "paragraph":
        return [replace(one, after=_place(one.after, of))]
    if one.paragraph != TITLE and one.paragraph not in of:
        return []  # on a paragraph that is itself new: it stands there as proposed
    here = one.paragraph if one.paragraph == TITLE else of[one.paragraph]
    if one.kind == "delete":
        return [replace(one, paragraph=here)]
    if one.kind == "move":
        return [replace(one, paragraph=here, after=_place(one.after, of))]
    old = ours.title if here == TITLE else ours.paragraphs[here].words
    now = back.title if here == TITLE else back.paragraphs[one.paragraph].words
    span, words = carry(one.span, one.words, now, old)
    return [replace(one, paragraph=here, span=span, words=words)]


def _place(after: int, of: dict[int, int]) -> int:
    if after == TITLE:
        return TITLE
    return of[after] if after in of else _before(after, of)


def carry(span: tuple[int, int], words: str, now: str, old: str) -> tuple[tuple[int, int], str]:
    """`words` in place of now[span], as words in place of a span of `old`: widened where the two differ at its ends."""
    if now == old:
        return span, words
    start, end = span
    hunks = difference(now, old, None)
    first = next((one for one in hunks if one.start < start < one.end), None)
    last = next((one for one in hunks if one.start < end < one.end), None)
    left, right = first.start if first else start, last.end if last else end
    return (
        (left + _shift(hunks, left, first is None and start == end), right + _shift(hunks, right, True)),
        now[left:start] + words + now[end:right],
    )


def _shift(hunks: Sequence[Hunk], at: int, through: bool) -> int:
    """How far `at` lies from its place in the other words; `through` = a difference that ends here is behind it."""
    return sum(
        len(one.words) - (one.end - one.start)
        for one in hunks
        if one.end < at or (one.end == at and (through or one.start < one.end))
    )
