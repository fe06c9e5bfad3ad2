"""Brackets, computed: what a paragraph looks like with everything that is proposed on it.

Overlapping open spans form one cluster. Equal outcomes are merged and their sponsors united; alternatives are
ordered by the smallest id behind them. Display only, so it may ask inline.py about brackets that came with words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from valise.domain.text import inline_runs
from valise.domain.text import words as w
from valise.domain.text.book import LIVE, Book, Par, Prop
from valise.domain.text.model import Run, RunStyle
from valise.domain.text.past import Node
from valise.domain.text.standing import positions_on

Codes = Callable[[str], str]  # delegation id -> "XA"
_SAYS = {
    "reserve": ("reserves", "reserve"), "scrutiny reservation": ("scrutiny reservation",) * 2,
    "can go along": ("can go along",) * 2, "retain": ("retain",) * 2, "oppose": ("opposes", "oppose"),
    "support": ("supports", "support"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One outcome of a cluster: the words it would leave there, and the proposals that want it, by id."""

    words: str
    props: tuple[Prop, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Open spans that overlap: [start, end) of the words, and what is proposed there."""

    start: int
    end: int
    sides: tuple[Side, ...]


def clusters(par: Par) -> list[Cluster]:
    """The clusters of a paragraph, left to right."""
    return [Cluster(first, last, _sides(par.words, first, last, group)) for first, last, group in par.clusters()]


def _sides(words: str, first: int, last: int, group: Iterable[Prop]) -> tuple[Side, ...]:
    found: dict[str, list[Prop]] = {}
    for prop in sorted(group, key=lambda one: one.node.id):
        start, end = prop.now.span
        found.setdefault(words[first:start] + prop.node.body["words"] + words[end:last], []).append(prop)
    sides = [Side(outcome, tuple(props)) for outcome, props in found.items()]
    return tuple(sorted(sides, key=lambda side: side.props[0].node.id))


def _names(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _voice(node: Node, codes: Codes) -> str:
    return str(node.body["behalf"]) or codes(node.author)


def behind(book: Book, props: Iterable[Prop], codes: Codes) -> str:
    """Sponsors and supporters of an outcome: "XA, XB, ALP"."""
    props = tuple(props)
    sponsors = [codes(one) for prop in props for one in prop.now.sponsors]
    supporters = [
        _voice(node, codes) for prop in props for node, _ in positions_on(book, prop.node.id)
        if node.body["value"] == "support"
    ]
    return _names([*sponsors, *sorted(supporters)])


def _remarks(said: dict[str, list[str]]) -> list[str]:
    return [
        f"({_names(sorted(set(names)))}: {_SAYS[value][len(set(names)) > 1]})" for value, names in said.items() if names
    ]


def remarks_on(book: Book, props: Iterable[Prop], codes: Codes, retain: bool) -> list[str]:
    """What others say of the proposals of a cluster: "(XD: retain)", "(XE: reserves)"."""
    said: dict[str, list[str]] = {
        "retain": [], "oppose": [], "reserve": [], "scrutiny reservation": [], "can go along": []
    }
    for prop in props:
        for node, _ in positions_on(book, prop.node.id):
            value = node.body["value"]
            value = "retain" if value == "oppose" and retain else value
            if value in said:
                said[value].append(_voice(node, codes))
    return _remarks(said)


def remarks_on_paragraph(book: Book, par: Par, codes: Codes) -> list[str]:
    """What delegations say of the paragraph: "(XI, XJ: reserve)"."""
    said: dict[str, list[str]] = {
        "reserve": [], "scrutiny reservation": [], "oppose": [], "can go along": [], "support": []
    }
    for node, _ in positions_on(book, par.id):
        if node.body["value"] in said:
            said[node.body["value"]].append(_voice(node, codes))
    return _remarks(said)


def _cut(base: list[tuple[str, RunStyle]], start: int, end: int) -> list[Run]:
    """The styled words from start to end."""
    found, at = [], 0
    for text, style in base:
        part = text[max(start - at, 0) : max(end - at, 0)]
        if part:
            found.append(Run(part, style))
        at += len(text)
    return found


def _inserted(words: str, ids: tuple[str, ...], before: list[Run], after: list[Run]) -> list[Run]:
    """New words inside a bracket, with the space around them outside."""
    bare = words.strip()
    if not bare:
        return [*before, Run(words, "insert", ids), *after]
    lead, trail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    outside = ([Run(lead, "plain", ids)] if lead else []), ([Run(trail, "plain", ids)] if trail else [])
    return [*outside[0], *before, Run(bare, "insert", ids), *after, *outside[1]]


def _space(sides: list[str]) -> tuple[str, str]:
    """The white space all sides begin and end with, to stand outside the bracket."""
    lead = {side[: len(side) - len(side.lstrip())] for side in sides}
    trail = {side[len(side.rstrip()) :] for side in sides}
    return (lead.pop() if len(lead) == 1 else "", trail.pop() if len(trail) == 1 else "")


def _cluster_runs(book: Book, cluster: Cluster, base: list[tuple[str, RunStyle]], codes: Codes) -> list[Run]:
    everyone = tuple(prop for side in cluster.sides for prop in side.props)
    ids = tuple(prop.node.id for prop in everyone)
    old = "".join(run.text for run in _cut(base, cluster.start, cluster.end))
    opening, closing = Run("[", "bracket", ids), Run("]", "bracket", ids)
    only = cluster.sides[0] if len(cluster.sides) == 1 else None
    runs: list[Run]
    if only is not None and not old:
        by = Run(f"{behind(book, only.props, codes)}: ", "attribution", ids)
        runs = _inserted(only.words, ids, [opening, by], [closing])
    elif only is not None and not only.words.strip():
        bare = old.strip() or old
        at = old.index(bare)
        runs = [
            *([Run(old[:at], "plain")] if at else []), opening, Run("~~", "bracket", ids), Run(bare, "delete", ids),
            Run("~~", "bracket", ids), Run(f" – {behind(book, only.props, codes)}: delete", "attribution", ids),
            closing,
            *([Run(old[at + len(bare) :], "plain")] if at + len(bare) < len(old) else []),
        ]
    else:
        said = [side.words for side in cluster.sides if side.words.strip()]
        lead, trail = _space([old, *said] if old.strip() else said)
        of = ids if not old else ()
        runs = [*([Run(lead, "plain", of)] if lead else []), opening]
        if old:
            kept = _cut(base, cluster.start + len(lead), cluster.end - len(trail))
            runs += [Run(run.text, "delete" if run.style == "plain" else run.style, ids) for run in kept]
        for number, side in enumerate(cluster.sides):
            own = tuple(prop.node.id for prop in side.props)
            if number or old:
                runs.append(Run(" / ", "separator", ids))
            names = behind(book, side.props, codes)
            if side.words.strip():
                runs += [Run(side.words.strip(), "insert", own), Run(f" ({names})", "attribution", own)]
            else:
                runs += [Run("~~", "bracket", own), Run(old.strip(), "delete", own), Run("~~", "bracket", own),
                         Run(f" – {names}: delete", "attribution", own)]
        runs += [closing, *([Run(trail, "plain", of)] if trail else [])]
    retain = bool(old)
    return runs + [Run(f" {remark}", "remark", ids) for remark in remarks_on(book, everyone, codes, retain)]


def paragraph_runs(book: Book, par: Par, codes: Codes, label: Callable[[str], str]) -> tuple[Run, ...]:
    """The paragraph as shown. `label` names the paragraph a move goes to."""
    base = inline_runs.runs(par.words)
    runs: list[Run] = []
    at = 0
    for cluster in clusters(par):
        runs += _cut(base, at, cluster.start)
        runs += _cluster_runs(book, cluster, base, codes)
        at = cluster.end
    runs += _cut(base, at, len(par.words))
    whole = [prop for prop in par.props if prop.what == "delete" and prop.state in LIVE]
    if whole:
        ids = tuple(sorted(prop.node.id for prop in whole))
        whole.sort(key=lambda prop: prop.node.id)
        runs = [
            Run("[", "bracket", ids), *runs, Run(f" – {behind(book, whole, codes)}: delete", "attribution", ids),
            Run("]", "bracket", ids),
            *(Run(f" {remark}", "remark", ids) for remark in remarks_on(book, whole, codes, True)),
        ]
    for prop in sorted(par.props, key=lambda one: one.node.id):
        if prop.what == "move" and prop.state in LIVE:
            ids = (prop.node.id,)
            to = label(prop.node.body["after"])
            names = behind(book, [prop], codes)
            runs.append(Run(f" ({names}: move {'after ' + to if to else 'to the start'})", "remark", ids))
            runs += [Run(f" {remark}", "remark", ids) for remark in remarks_on(book, [prop], codes, False)]
    runs += [Run(f" {remark}", "remark") for remark in remarks_on_paragraph(book, par, codes)]
    return tuple(runs)


def open_brackets(par: Par) -> int:
    """Pairs of brackets the paragraph is shown with: clusters, deletion of the whole, and those in its words."""
    return par.counts()[0] + par.words.count("[")


def measure(par: Par) -> tuple[int, int]:
    """(unbracketed words, per cluster the longest alternative in words), for convergence. Display only."""
    free, held, at = 0, 0, 0
    words = par.words
    for cluster in clusters(par) if par.props else ():
        outer = _literal(words[at : cluster.start])
        longest = max(w.count(words[cluster.start : cluster.end]), *(w.count(side.words) for side in cluster.sides))
        free, held, at = free + outer[0], held + outer[1] + longest, cluster.end
    outer = _literal(words[at:])
    free, held = free + outer[0], held + outer[1]
    if any(prop.what in ("delete", "alternative") and prop.state in LIVE for prop in par.props):
        alternatives = [
            w.count(prop.node.body["words"]) for prop in par.props
            if prop.what == "alternative" and prop.state in LIVE
        ]
        return 0, max([free + held, *alternatives])
    return free, held


def _literal(words: str) -> tuple[int, int]:
    """The same for brackets that stand in the words themselves."""
    free, held, depth, start = 0, 0, 0, 0
    for at, sign in enumerate(words):
        if sign == "[":
            if not depth:
                free += w.count(words[start:at])
                start = at + 1
            depth += 1
        elif sign == "]" and depth:
            depth -= 1
            if not depth:
                held += max(w.count(side) for side in words[start:at].split(" / "))
                start = at + 1
    tail = w.count(words[start:])
    return (free, held + tail) if depth else (free + tail, held)
