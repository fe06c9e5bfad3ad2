"""From paragraphs as they stand to lines without the tracked changes, and the changes as said of those lines.

Rules of the marks at a paragraph's end (ISO/IEC 29500-1, 17.13.5): an inserted one is not there yet, so what follows
is still the same paragraph; a struck one would join the paragraph with the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from valise.formats.docx.flow import Raw, Sign
from valise.formats.docx.spelling import Edit, Spelled, edits, final, kept


@dataclass(slots=True)
class Placed:
    """A sign at a place of a line's words; `words` and `author` are given where the remark is our own."""

    sign: Sign | None
    at: int
    words: str = ""
    author: str = ""


@dataclass(slots=True)
class Line:
    """A paragraph without its tracked changes, or (`new_by`) one that somebody inserts.

    `words` are what stands (of a new one: what would stand). `gone_by` strikes all of it; `move` is the name of the
    move it is part of, "" for a move without a name, None for none.
    """

    raw: Raw
    words: str
    ids: tuple[str, ...] = ()
    edits: list[Edit] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    final: str = ""
    new_by: str | None = None
    gone_by: str | None = None
    joined_by: str | None = None
    move: str | None = None


def lines(paragraphs: Sequence[Raw], counted: Counter[str]) -> list[Line]:
    """The lines of a flow in its order. Adds to `counted` what cannot be said as a change of one line."""
    made: list[Line] = []
    group: list[Raw] = []
    for raw in paragraphs:
        group.append(raw)
        if raw.mark.inserted is None or raw.last:
            made += _group(group, counted)
            group = []
    made += _group(group, counted)
    _join(made, counted)
    return made


def _group(group: Sequence[Raw], counted: Counter[str]) -> list[Line]:
    """What one paragraph of the text without insertions has become."""
    for raw in group:
        _struck_insertions(raw, counted)
    standing = [at for at, raw in enumerate(group) if any(piece.text for piece in kept(raw.pieces))]
    if not standing:
        return [_new(raw, counted) for raw in group]
    first = standing[0]
    made = [_new(raw, counted) for raw in group[:first]]
    main = _standing([group[first]], group[-1])
    after: list[Line] = []
    for at in range(first + 1, len(group)):
        if at not in standing:
            after.append(_new(group[at], counted))
            continue
        by = group[at - 1].mark.inserted or ""
        after.append(_split(main, group[at], by, counted))
    return [*made, main, *after]


def _new(raw: Raw, counted: Counter[str]) -> Line:
    """A paragraph that is inserted whole (or one without any words)."""
    pieces = final(raw.pieces)
    by = next((piece.marks.inserted for piece in pieces if piece.marks.inserted is not None), raw.mark.inserted)
    counted["docx.changes_within"] += sum(piece.marks.inserted != by for piece in pieces if piece.text)
    words = Spelled(pieces).words
    moved = {piece.marks.move for piece in pieces if piece.text}
    made = Line(raw, words, raw.ids, final=words, new_by=by)
    made.move = next(iter(moved)) if len(moved) == 1 else None
    made.placed = [Placed(sign, 0) for sign in raw.signs] + _remarks(raw, Spelled(()), 0)
    return made


def _standing(raws: Sequence[Raw], last: Raw) -> Line:
    raw = raws[0]
    base = kept(raw.pieces)
    spelled = Spelled(base)
    made = Line(raw, spelled.words, raw.ids, edits(raw.pieces, spelled))
    made.final = Spelled(final(raw.pieces)).words
    made.placed = _signs(raw, spelled, 0) + _remarks(raw, spelled, 0)
    strikers = {piece.marks.struck for piece in base if piece.text}
    by = next(iter(strikers)) if len(strikers) == 1 else None
    if by is not None and not any(edit.author == by and edit.words for edit in made.edits):
        made.gone_by = by
        made.edits = [edit for edit in made.edits if edit.author != by]
        moved = {piece.marks.move for piece in base if piece.text}
        made.move = next(iter(moved)) if len(moved) == 1 else None
    made.joined_by = last.mark.struck if last.mark.inserted is None and not last.last else None
    return made


def _split(main: Line, raw: Raw, by: str, counted: Counter[str]) -> Line:
    """The rest of a paragraph that `by` cut in two: struck there, and new after it."""
    counted["docx.splits"] += 1
    tail = Spelled(kept(raw.pieces))
    start = len(main.words)
    others = [edit for edit in edits(raw.pieces, tail) if edit.author != by]
    counted["docx.changes_within"] += len(others)
    main.words += tail.words
    main.placed += _signs(raw, tail, start) + _remarks(raw, tail, start)
    if main.gone_by is not None and main.gone_by != by:
        main.edits.append(Edit(0, start, "", main.gone_by))
        main.gone_by = None
    elif main.gone_by is None:
        _put(main, Edit(start, len(main.words), "", by))
    words = Spelled(final(raw.pieces)).words
    return Line(raw, words, raw.ids, final=words, new_by=by)


def _put(line: Line, edit: Edit) -> None:
    """One more edit; with the author's own that ends where it begins it is one."""
    own = next((one for one in reversed(line.edits) if one.author == edit.author and one.end == edit.start), None)
    if own is None:
        line.edits.append(edit)
    else:
        own.end, own.words = edit.end, own.words + edit.words


def _join(made: Sequence[Line], counted: Counter[str]) -> None:
    """Struck marks: the words of the next paragraph go to the end of this one."""
    bases = [line for line in made if line.new_by is None and line.words]
    for at, line in enumerate(bases):
        by = line.joined_by
        if by is None or line.gone_by is not None:
            continue
        for following in bases[at + 1 :]:
            if following.raw.where != line.raw.where:
                break
            if following.gone_by is None:
                counted["docx.joins"] += 1
                counted["docx.changes_within"] += sum(edit.author != by for edit in following.edits)
                _put(line, Edit(len(line.words), len(line.words), following.final, by))
                following.gone_by, following.move = by, None
                following.edits = []
                break
            if following.joined_by is None:
                break


def _struck_insertions(raw: Raw, counted: Counter[str]) -> None:
    for piece in raw.pieces:
        if piece.marks.inserted is not None and piece.marks.struck is not None:
            same = piece.marks.inserted == piece.marks.struck
            counted["docx.withdrawn" if same else "docx.struck_insertions"] += 1
    if raw.mark.inserted is not None and raw.mark.struck is not None:
        counted["docx.withdrawn" if raw.mark.inserted == raw.mark.struck else "docx.struck_insertions"] += 1


def _remarks(raw: Raw, spelled: Spelled, start: int) -> list[Placed]:
    """Words inserted by one and struck by another, in the notation."""
    made = []
    at = 0
    for piece in raw.pieces:
        inserted, struck = piece.marks.inserted, piece.marks.struck
        if inserted is None:
            at += len(piece.text)
        elif struck is not None and struck != inserted and piece.text.strip():
            said = f"[{inserted}: [~~{piece.text.strip()}~~ – {struck}: delete]]"
            made.append(Placed(None, start + spelled.between(min(at, spelled.length)), said, struck))
    return made


def _signs(raw: Raw, spelled: Spelled, start: int) -> list[Placed]:
    sizes = (len(piece.text) if piece.marks.inserted is None else 0 for piece in raw.pieces)
    before = list(accumulate(sizes, initial=0))
    return [Placed(sign, start + spelled.between(before[min(sign.at, len(before) - 1)])) for sign in raw.signs]
