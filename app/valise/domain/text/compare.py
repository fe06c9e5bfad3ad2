"""Two states of one text side by side: what became of each paragraph, and who wanted it so. Display only.

A paragraph is the same one because it has the same id, however its words, label or place changed; nothing is guessed
from likeness.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from valise.domain.text import words as w
from valise.domain.text.book import Book, Par, Prop
from valise.domain.text.model import Section, Status

Fate = Literal["same", "changed", "new", "dropped"]
TAKEN = frozenset({"accepted", "amended"})


@dataclass(frozen=True, slots=True)
class Compared:
    """One paragraph (the title too, with section "title").

    `hunks` turn `before` into `after` (empty unless "changed"). `by` are the delegations whose proposals the pen took for
    it, in the order of their ids; `pen` = the pen also wrote without one. Labels and statuses are "" where it is not there.
    """

    id: str
    section: Section
    fate: Fate
    moved: bool
    before: str
    after: str
    hunks: tuple[w.Hunk, ...]
    label_before: str
    label_after: str
    status_before: Status | Literal[""]
    status_after: Status | Literal[""]
    by: tuple[str, ...]
    pen: bool

    @property
    def altered(self) -> bool:
        """Whether anything about it differs."""
        return (
            self.fate != "same" or self.moved or self.label_before != self.label_after
            or self.status_before != self.status_after
        )  # fmt: skip


def compare(old: Book, new: Book) -> tuple[Compared, ...]:
    """Every paragraph that stands in either, in the order of the new text; a dropped one after the paragraph it followed."""
    was, now = _standing(old), _standing(new)
    before, after = {par.id: par for par in was}, {par.id: par for par in now}
    moved = _moved([par.id for par in was if par.id in after], [par.id for par in now if par.id in before])
    order = _together([par.id for par in was], [par.id for par in now])
    since = len(old.chain)
    asked: dict[int, list[Prop]] = {}
    for prop in new.props.values():
        if prop.what == "paragraph":
            for at in _taken(prop, since):
                asked.setdefault(at, []).append(prop)
    return tuple(
        _one(new.pars[id], before.get(id), after.get(id), id in moved, _authors(new.pars[id], since, asked))
        for id in order
    )


def altered(rows: Iterable[Compared], by: str = "") -> tuple[Compared, ...]:
    """Only what differs; of one delegation, only what its proposals brought about."""
    return tuple(row for row in rows if row.altered and (not by or by in row.by))


def _standing(book: Book) -> list[Par]:
    return [book.pars[book.title_id], *book.standing()] if book.genesis else []


def _one(par: Par, old: Par | None, now: Par | None, moved: bool, wrote: tuple[tuple[str, ...], bool]) -> Compared:
    before, after = old.words if old else "", now.words if now else ""
    fate: Fate = "dropped" if now is None else "new" if old is None else "same" if before == after else "changed"
    return Compared(
        par.id, par.section, fate, moved, before, after,
        tuple(w.difference(before, after)) if fate == "changed" else (),
        old.label if old else "", now.label if now else "", old.status if old else "", now.status if now else "",
        *wrote,
    )  # fmt: skip


def _authors(par: Par, since: int, asked: dict[int, list[Prop]]) -> tuple[tuple[str, ...], bool]:
    """(delegations behind what the pen took here from chain position `since` on, whether it wrote without a proposal).

    `asked` = proposals for new paragraphs that were taken, by position.
    """
    wrote = {at for at, _, _ in par.versions if at >= since}
    if par.gone >= since:
        wrote.add(par.gone)
    taken: dict[int, set[str]] = {}
    for prop in par.props:
        if prop.what != "paragraph":
            for at in _taken(prop, since):
                taken.setdefault(at, set()).update(prop.now.sponsors)
    first, _, words = par.versions[0]
    if first >= since:
        wanted = asked.get(first, [])
        same = [prop for prop in wanted if prop.node.body["words"] == words]
        for prop in same or wanted:
            taken.setdefault(first, set()).update(prop.now.sponsors)
    return tuple(sorted(set().union(*taken.values()))), bool(wrote - taken.keys())


def _taken(prop: Prop, since: int) -> list[int]:
    return [at for at, outcome, _, _ in prop.events if at >= since and outcome in TAKEN]


def _moved(was: list[str], now: list[str]) -> set[str]:
    """The fewest paragraphs that must be taken out for the others to stand in the same order: those that moved."""
    place = {id: at for at, id in enumerate(was)}
    tails: list[int] = []
    ends: list[str] = []
    back: dict[str, str] = {}
    for id in now:
        at = bisect_left(tails, place[id])
        if at:
            back[id] = ends[at - 1]
        tails[at : at + 1], ends[at : at + 1] = [place[id]], [id]
    stay: set[str] = set()
    one = ends[-1] if ends else ""
    while one:
        stay.add(one)
        one = back.get(one, "")
    return set(now) - stay


def _together(was: list[str], now: list[str]) -> list[str]:
    """The new order, with what is gone put after whatever stood before it."""
    there = set(now)
    after: dict[str, list[str]] = {}
    last = ""
    for id in was:
        if id in there:
            last = id
        else:
            after.setdefault(last, []).append(id)
    return [*after.get("", []), *(one for id in now for one in (id, *after.get(id, [])))]
