"""Rules of rows: what stands, what differs, what may be changed and by whom. All of it of sets; order plays no part."""

from __future__ import annotations

import calendar
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from valise.domain.errors import NotAllowed
from valise.domain.register import values as v
from valise.domain.register.definition import Axis, Column, Definition, Side
from valise.domain.register.kinds import GONE

Values = tuple[str, ...]
REVIEW: Final = "review"  # the column a review date stands in
LONGEST: Final = 60_000  # letters of one change: with keys, notes and files it stays below what an operation may have
REPLACED: Final = 200  # operations a change may take the place of, see kinds.CHANGE
FIELD: Final = re.compile(r"~?[a-z][a-z0-9_]{0,58}\Z")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{0,59}\Z|[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """What one operation says of one field. `order` sorts as lists do: (at, tick, id)."""

    op: str
    author: str
    values: Values
    replaces: Values
    order: tuple[int, int, str]


def standing(words: Iterable[Word]) -> list[Word]:
    """Those that no other word of the same delegation takes the place of, oldest first."""
    every = sorted(set(words), key=lambda one: one.order)
    gone = {(one.author, name) for one in every for name in one.replaces if name != one.op}
    return [one for one in every if (one.author, one.op) not in gone]


def differs(stand: Iterable[Values]) -> bool:
    """Whether what stands says different things: a person has to settle it."""
    return len(set(stand)) > 1


# whose word counts where


def owns(key: str, code: str, delegation: str) -> bool:
    """Whether a row in a room with others is a delegation's own: it is about its State, or about itself."""
    return key.split("/", 1)[0] in (code, delegation)


def counts(*, internal: bool, own: bool, side: str, key: str, code: str, delegation: str) -> bool:
    """Whether an operation on a row counts at all. Internal room: ours alone, either side. With others: what a
    delegation says of itself and nothing else; what is assessed is a word of the internal room only."""
    return own if internal else side == "stated" and owns(key, code, delegation)


def may(definition: Definition, side: Side, *, internal: bool) -> None:
    """NotAllowed("register.side" | "register.shared") when the register has no such side, or not in this room."""
    if side not in definition.sides or (side == "assessed" and not internal):
        raise NotAllowed("register.side", "this register has no such side here")
    if not internal and (not definition.shared or definition.rows[0] not in ("state", "delegation")):
        raise NotAllowed("register.shared", "this register is not for a room with others")


# keys


def key(definition: Definition, about: Mapping[str, str], record: str) -> str:
    """The key of a row about these axes; `record` is the id of a new record. NotAllowed("register.about")."""
    parts = []
    for axis in definition.rows:
        part = about.get(axis, "") or (record if axis == "record" else "")
        if not _PART.match(part):
            raise NotAllowed("register.about", "what the row is about is not chosen")
        parts.append(part)
    return "/".join(parts)


def fits(definition: Definition, key: str, states: Container[str] | None = None) -> bool:
    """Whether a row of this key can be in the register; `states` = the States there are, where that is known."""
    axes = definition.axes_of(key)
    if not axes or not all(_PART.match(one) for one in axes.values()):
        return False
    if "item" in axes and definition.item(axes["item"]) is None:
        return False
    return "state" not in axes or states is None or axes["state"] in states


def axis(name: str) -> Axis | None:
    """"@state" -> "state"; None for a column."""
    found: dict[str, Axis] = {"@state": "state", "@item": "item", "@delegation": "delegation", "@record": "record"}
    return found.get(name)


# changing


def changes(
    definition: Definition,
    side: Side,
    now: Mapping[str, Values],
    wanted: Mapping[str, Sequence[str]],
    *,
    known: v.Known | None = None,
    unsettled: Container[str] = (),
    new: bool = False,
    by_hand: bool = True,
) -> dict[str, Values]:
    """What of `wanted` is to be written on a row that holds `now`, checked and tidied; a field that would not change is
    left out, unless it is one of the `unsettled`, where two values stand.

    NotAllowed("register.column" | "register.internal" | "register.by_hand" | "register.required" | "register.asks" |
    "register.too_long"), Refused("register.value"), each with the id of the column as its line.
    """
    made: dict[str, Values] = {}
    for name, given in wanted.items():
        column = _column(definition, side, name, by_hand)
        values = v.checked(column, given, known)
        if values != now.get(name, ()) or name in unsettled:
            made[name] = values
    after = {**now, **made}
    for column in definition.columns_of(side):
        if column.required and column.by_hand and by_hand and not after.get(column.id) and (new or column.id in made):
            raise NotAllowed("register.required", column.id)
        if column.id in made:
            for asked in column.asks:
                if not after.get(asked):
                    raise NotAllowed("register.asks", asked)
    if sum(len(one) + 20 for values in made.values() for one in values) > LONGEST:
        raise NotAllowed("register.too_long", max(made, key=lambda name: sum(map(len, made[name]))))
    return made


def _column(definition: Definition, side: Side, name: str, by_hand: bool) -> Column:
    column = definition.column(name)
    if column is None:
        raise NotAllowed("register.column", name)
    if column.internal and side != "assessed":
        raise NotAllowed("register.internal", name)
    if by_hand and not column.by_hand:
        raise NotAllowed("register.by_hand", name)
    return column


def body(
    register: str,
    side: Side,
    row: str,
    made: Mapping[str, Values],
    replaces: Mapping[str, Sequence[str]],
    *,
    note: str = "",
    undoes: str = "",
    files: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Body of register.set; `replaces` = what of ours stands in a field, newest first."""
    told = [
        {"field": name, "values": list(values), "replaces": sorted(list(replaces.get(name, ()))[:REPLACED])}
        for name, values in sorted(made.items())
    ]
    some: dict[str, Any] = {"note": note.strip()[:2_000], "undoes": undoes, "files": [dict(one) for one in files]}
    return {"register": register, "side": side, "row": row, "changes": told, **{name: one for name, one in some.items() if one}}


def taken_out(stand: Iterable[Values]) -> bool:
    """Whether all that stands in the field GONE says that the row is out; where that differs it is in, so that a person sees it."""
    every = list(stand)
    return bool(every) and all(one == ("yes",) for one in every)


def unseen(words: Iterable[Word], outs: Iterable[Word]) -> list[Word]:
    """Those of a row's standing `words` that nobody who took it out (`outs`: all words ever of its field GONE) had seen."""
    every = list(outs)
    seen = {one.op for one in every} | {name for one in every for name in one.replaces}
    return [one for one in words if one.op not in seen]


# dates and numbers


def next_review(today: date, months: int) -> str:
    """The date `months` after today; the last of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1])).isoformat()


_RUNNING = re.compile(r"(\d{4})/(\d{3,9})\Z")


def running(year: int, there: Iterable[str]) -> str:
    """The next running number of a year, "{year}/{n:03}". Two laptops apart may both give it: that is shown, see desk."""
    found = [_RUNNING.match(one) for one in there]
    last = max((int(one[2]) for one in found if one and int(one[1]) == year), default=0)
    return f"{year}/{last + 1:03}"


__all__ = [
    "FIELD", "GONE", "LONGEST", "REVIEW", "Values", "Word", "axis", "body", "changes", "counts", "differs", "fits", "key",
    "may", "next_review", "owns", "running", "standing", "taken_out", "unseen",
]  # fmt: skip
