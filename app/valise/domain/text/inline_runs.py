"""How the notation inside a paragraph's words is shown: stretches with a style; together they are the words."""

from __future__ import annotations

from valise.domain.text.inline import ROUND, Inline, parse
from valise.domain.text.model import RunStyle

# What wins where several hold. A run "emphasis" carries its asterisks: in such a run every "*" is a mark, and a
# view may leave it out; likewise "~~" in a run "delete".
_ORDER: tuple[tuple[str, RunStyle], ...] = (
    ("mark", "emphasis"),
    ("remark", "remark"),
    ("bracket", "bracket"),
    ("attribution", "attribution"),
    ("separator", "separator"),
    ("delete", "delete"),
    ("insert", "insert"),
    ("emphasis", "emphasis"),
)
_RANK = {name: rank for rank, (name, _) in enumerate(_ORDER)}


def runs(words: str) -> list[tuple[str, RunStyle]]:
    """The words cut into stretches of one style each; joined together they are the words again."""
    return styled(parse(words))


def styled(inline: Inline) -> list[tuple[str, RunStyle]]:
    """`runs` for words already parsed."""
    edges: list[tuple[int, int, int]] = []

    def paint(name: str, start: int, end: int) -> None:
        if start < end:
            edges.append((start, _RANK[name], 1))
            edges.append((end, _RANK[name], -1))

    for at, _ in inline.unbalanced:
        paint("bracket", at, at + 1)
    for node in inline.nodes:
        first, stop = node.body
        if node.kind in ROUND:
            paint("remark", node.start, node.end)
        elif node.kind == "emphasis":
            paint("mark", node.start, node.start + 1)
            paint("emphasis", node.start, node.end)
            paint("mark", node.end - 1, node.end)
        else:
            paint("bracket", node.start, node.start + 1)
            paint("bracket", node.end - 1, node.end)
            if node.kind == "delete":
                paint("attribution", node.start + 1, first - 2)
                paint("delete", first - 2, stop + 2)
                paint("attribution", stop + 2, node.end - 1)
            elif node.by:
                paint("attribution", node.start + 1, first)
                paint("insert", first, stop)
            for option, following in zip(node.options, node.options[1:], strict=False):
                paint("separator", following.start - 3, following.start)
                paint("attribution", *option.mark)
            if node.options:
                paint("attribution", *node.options[-1].mark)
    return _cut(inline.words, edges)


def _cut(words: str, edges: list[tuple[int, int, int]]) -> list[tuple[str, RunStyle]]:
    edges.sort()
    live = [0] * len(_ORDER)
    made: list[tuple[str, RunStyle]] = []
    began, index = 0, 0
    style: RunStyle = "plain"
    while index < len(edges):
        at = edges[index][0]
        while index < len(edges) and edges[index][0] == at:
            live[edges[index][1]] += edges[index][2]
            index += 1
        now: RunStyle = next((name for (_, name), count in zip(_ORDER, live, strict=True) if count), "plain")
        if now != style:
            if at > began:
                made.append((words[began:at], style))
            began, style = at, now
    if began < len(words):
        made.append((words[began:], style))
    return made
