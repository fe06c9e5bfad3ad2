"""The Markdown the guide is written in, and no more: what is outside it is a mistake in a page, never shown half.

Headings of three levels, paragraphs, numbered and plain lists of one level, quotes (a note beside the text), tables, pictures on a
line of their own, and the line `<!-- keys -->` where the table of keys stands. Inside: **a name of the window**, `a key`, *soft*,
[words](page.md#part). The same files are read on a page of the repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "part", "small part", "text", "step", "point", "note", "picture", "row", "keys"]
SpanKind = Literal["", "name", "key", "soft", "link"]
_INLINE = re.compile(
    r"\*\*(?P<name>[^*]+)\*\*|`(?P<key>[^`]+)`|\[(?P<link>[^\]]+)\]\((?P<target>[^)\s]+)\)|\*(?P<soft>[^*]+)\*"
)
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)$")
_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+$")
_HEADS: dict[str, Kind] = {"#": "title", "##": "part", "###": "small part"}


@dataclass(frozen=True, slots=True)
class Span:
    """Some words; of a link also where it leads."""

    words: str
    kind: SpanKind = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. A picture has its words in `spans` and its file in `target`; a row has `cells`."""

    kind: Kind
    spans: tuple[Span, ...] = ()
    target: str = ""
    cells: tuple[tuple[Span, ...], ...] = ()

    @property
    def plain(self) -> str:
        """Its words alone."""
        return "  ".join(said(one) for one in self.cells) if self.cells else said(self.spans)


def said(spans: tuple[Span, ...]) -> str:
    """The words of these spans."""
    return "".join(one.words for one in spans)


def slug(words: str) -> str:
    """The name of a part in a link, as pages of repositories make it."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def inline(words: str) -> tuple[Span, ...]:
    """The spans of one line. ValueError for a sign of Markdown that is left over."""
    made: list[Span] = []
    at = 0
    for found in _INLINE.finditer(words):
        if found.start() > at:
            made.append(_plain(words[at : found.start()]))
        kind = found.lastgroup if found.lastgroup != "target" else "link"
        assert kind in ("name", "key", "soft", "link")
        made.append(Span(found[kind], kind, found["target"] or ""))
        at = found.end()
    if at < len(words):
        made.append(_plain(words[at:]))
    return tuple(made)


def _plain(words: str) -> Span:
    if re.search(r"[*`<]|\]\(", words):
        raise ValueError(f"a sign that stands alone: {words!r}")
    return Span(words)


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a page. ValueError for what is not in the Markdown of the guide."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    kind: Kind | None = None
    held: list[str] = []

    def done() -> Iterator[Block]:
        nonlocal kind
        if kind is not None:
            yield Block(kind, inline(" ".join(held)))
            kind = None
            held.clear()

    for line in text.splitlines():
        begun, rest = _begins(line.rstrip(), kind)
        if begun == "":
            yield from done()
        elif begun == "more":
            held.append(rest)
        elif begun == "rule":
            continue
        else:
            yield from done()
            if begun == "keys":
                yield Block("keys")
            elif begun == "picture":
                found = _PICTURE.match(rest)
                assert found is not None
                yield Block("picture", (Span(found[1]),), found[2])
            elif begun == "row":
                yield Block("row", cells=tuple(inline(one.strip()) for one in rest.strip("|").split("|")))
            else:
                kind = begun
                held.append(rest)
    yield from done()


def _begins(line: str, open_: Kind | None) -> tuple[Kind | Literal["", "more", "rule"], str]:
    """What a line begins, and its words."""
    if not line:
        return "", ""
    head, _, rest = line.partition(" ")
    if head in _HEADS:
        return _HEADS[head], rest
    if re.fullmatch(r"\d+\.", head):
        return "step", rest
    if head == "-":
        return "point", rest
    if head == ">":
        return ("more", rest) if open_ == "note" else ("note", rest)
    if _PICTURE.match(line):
        return "picture", line
    if line.startswith("|"):
        return ("rule", "") if _RULE.match(line) else ("row", line)
    if line == "<!-- keys -->":
        return "keys", ""
    if line.startswith("  ") and open_ in ("step", "point"):
        words = line.strip()
        if words[0] in "-#>|" or re.match(r"\d+\.", words):
            raise ValueError(f"a list inside a list: {line!r}")
        return "more", words
    if line[0] in " #>~=+" or line.startswith(("---", "```")):
        raise ValueError(f"not in the Markdown of the guide: {line!r}")
    return ("more", line) if open_ == "text" else ("text", line)
