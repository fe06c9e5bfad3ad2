"""The four kinds of text a document is exported as, whatever the format, each a document again: clean, tracked,
compilation, by delegation.

The marks of the last two are the notation of resources/reference/sample_text.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from valise.formats.abc import TITLE, Change, Comment, Document, Para


def clean(document: Document) -> Document:
    """The words as they stand: no change, no comment, no status."""
    return replace(
        tracked(document),
        paragraphs=tuple(replace(para, status="", shape=None, wraps=()) for para in document.paragraphs),
        changes=(),
        comments=(),
    )


def tracked(document: Document) -> Document:
    """With every change and comment under its delegation. The file they once came from is forgotten."""
    paragraphs = tuple(replace(para, shape=None, wraps=()) for para in document.paragraphs)
    return replace(document, paragraphs=paragraphs, notes=(), frame=(), mark=False, format="")


def compilation(document: Document) -> Document:
    """Every change written into the words, in brackets with its author; comments as remarks."""
    made = tracked(document)
    own = _by_paragraph(document.changes)
    said: dict[int, list[Comment]] = {}
    for one in document.comments:
        said.setdefault(one.paragraph, []).append(one)

    def words(index: int, old: str) -> str:
        return old if index not in own and index not in said else " ".join(
            part for part in (_compiled(document, index, old, own.get(index, [])), *map(_remark, said.get(index, [])))
            if part
        )  # fmt: skip

    paragraphs: list[Para] = _new(document, TITLE, own)
    for index, para in enumerate(made.paragraphs):
        paragraphs.append(replace(para, words=words(index, para.words)))
        paragraphs += _new(document, index, own)
    return replace(made, title=words(TITLE, made.title), paragraphs=tuple(paragraphs), changes=(), comments=())


def by_delegation(document: Document) -> Document:
    """Under each delegation the paragraphs it wants otherwise, with its own changes marked in them."""
    authors: dict[str, list[Change]] = {}
    for one in document.changes:
        authors.setdefault(one.author, []).append(one)
    paragraphs: list[Para] = []
    for author in sorted(authors):
        paragraphs.append(Para("other", "", author))
        own = _by_paragraph(authors[author])
        for index in range(TITLE, len(document.paragraphs)):
            marked = [one for one in own.get(index, ()) if one.kind != "paragraph"]
            if marked:
                old = document.title if index == TITLE else document.paragraphs[index].words
                label = "" if index == TITLE else document.paragraphs[index].label
                paragraphs.append(_listed(label, _compiled(document, index, old, marked)))
            for para in _new(document, index, own):
                where = "" if para.label else f" ({place(document, index)})"
                paragraphs.append(_listed(para.label, para.words + where))
    return replace(tracked(document), formula="", paragraphs=tuple(paragraphs), changes=(), comments=())


KINDS: dict[str, Callable[[Document], Document]] = {
    "clean": clean,
    "tracked": tracked,
    "compilation": compilation,
    "by-delegation": by_delegation,
}


def place(document: Document, after: int) -> str:
    """Where something goes, in words of the notation."""
    label = document.paragraphs[after].label if after >= 0 else ""
    return f"after {label}" if label else "to the start" if after < 0 else f"after paragraph {after + 1}"


def _listed(label: str, words: str) -> Para:
    return Para("other", "", f"{label} {words}" if label else words)


def _by_paragraph(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """New paragraphs hang on the one they follow."""
    made: dict[int, list[Change]] = {}
    for one in changes:
        made.setdefault(one.after if one.kind == "paragraph" else one.paragraph, []).append(one)
    return made


def _new(document: Document, index: int, own: dict[int, list[Change]]) -> list[Para]:
    return [
        Para(one.section, one.label, f"[{one.author}: {one.words}]", "open")
        for one in own.get(index, ())
        if one.kind == "paragraph"
    ]


def _remark(one: Comment) -> str:
    said = " ".join(one.words.split())
    return f"({one.author}: {said})" if one.author else f"({said})"


@dataclass(slots=True)
class _Cluster:
    """Changes whose spans overlap, or that insert at one place."""

    start: int
    end: int
    changes: list[Change] = field(default_factory=list)


def _compiled(document: Document, index: int, old: str, changes: Sequence[Change]) -> str:
    """The words of one paragraph with these changes in brackets."""
    parts: list[str] = []
    at = 0
    for cluster in _clusters(len(old), [one for one in changes if one.kind == "words"]):
        parts += (old[at : cluster.start], _bracket(old[cluster.start : cluster.end], cluster))
        at = cluster.end
    words = "".join((*parts, old[at:]))
    gone = list(dict.fromkeys(one.author for one in changes if one.kind == "delete"))
    if gone:
        words = f"[~~{words}~~ – {', '.join(gone)}: delete]"
    moves = [f"({one.author}: move {place(document, one.after)})" for one in changes if one.kind == "move"]
    return " ".join((words, *moves)) if moves else words


def _clusters(size: int, changes: Iterable[Change]) -> list[_Cluster]:
    made: list[_Cluster] = []
    for one in sorted(changes, key=lambda change: change.span):
        start, end = min(one.span[0], size), min(one.span[1], size)
        last = made[-1] if made else None
        if last is not None and (start < last.end or (start == end == last.start == last.end)):
            last.end = max(last.end, end)
            last.changes.append(one)
        else:
            made.append(_Cluster(start, end, [one]))
    return made


def _bracket(old: str, cluster: _Cluster) -> str:
    """Equal outcomes are one, with all who want it; white space that all begin or end with stands outside."""
    outcomes: dict[str, list[str]] = {}
    for one in cluster.changes:
        start, end = one.span[0] - cluster.start, min(one.span[1], cluster.end) - cluster.start
        wanted = outcomes.setdefault(old[:start] + one.words + old[end:], [])
        if one.author not in wanted:
            wanted.append(one.author)
    sides = [side for side in ([old] if old else []) + list(outcomes) if side.strip()]
    before = _common([side[: len(side) - len(side.lstrip())] for side in sides])
    after = _common([side[len(side.rstrip()) :] for side in sides])
    bare = old[len(before) : len(old) - len(after)] if old.strip() else old.strip()
    said = {side[len(before) : len(side) - len(after)] if side.strip() else "": ", ".join(names)
            for side, names in outcomes.items()}  # fmt: skip
    if len(said) == 1:
        side, by_all = next(iter(said.items()))
        if not bare:
            return f"{before}[{by_all}: {side}]{after}"
        if not side:
            return f"{before}[~~{bare}~~ – {by_all}: delete]{after}"
    parts = [bare] if bare else []
    parts += [f"{side} ({by})" if side else f"~~{bare}~~ – {by}: delete" for side, by in said.items()]
    return f"{before}[{' / '.join(parts)}]{after}"


def _common(spaces: list[str]) -> str:
    return spaces[0] if spaces and all(one == spaces[0] for one in spaces) else ""
