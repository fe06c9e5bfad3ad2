"""Dates of registers as calendar entries (RFC 5545), out and in. An entry has the same identifier wherever it is written, so
that a calendar that comes back changes the rows it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from valise.desk.door_registers import Row
from valise.domain.register.definition import Column, Definition, Side
from valise.formats import ics

ENDS: Final[Mapping[str, str]] = {"begins": "ends", "next_begins": "next_ends", "date_from": "date_to", "starts": "ends"}
_PLACES: Final = ("place", "venue")


def dated(definition: Definition, named: Sequence[str] = ()) -> list[Column]:
    """Columns whose dates become entries: of these names, or all; an end belongs to its beginning."""
    dates = [one for one in definition.columns if one.kind in ("date", "moment") and (not named or one.id in named)]
    ends = {ENDS[one.id] for one in dates if one.id in ENDS}
    return [one for one in dates if one.id not in ends]


def entries(
    definition: Definition, columns: Sequence[Column], rows: Sequence[Row], language: str, said: str
) -> list[ics.Entry]:
    """One entry for each date. `said` = what stands in each of them about the side."""
    place = next((one.id for one in definition.columns if one.id in _PLACES), "")
    marking = next((one.id for one in definition.columns if one.kind == "marking"), "")
    made = []
    for row in rows:
        for n, column in enumerate(columns):
            start = _value(row, column.id)
            if not start or row.cells[column.id].unfit:
                continue
            end = _value(row, ENDS.get(column.id, ""))
            made.append(ics.Entry(
                ics.uid(row.place.register, row.place.side, row.place.row, column.id),
                _title(definition, row) if n == 0 else f"{_title(definition, row)}: {column.title.in_(language)}", start,
                end if len(end) == len(start) and end >= start else "", place=_shown(row, place), text=said, marking=_shown(row, marking),
            ))  # fmt: skip
    return made


def known(definition: Definition, side: Side, keys: Iterator[str]) -> dict[str, tuple[str, Column]]:
    """Identifier of an entry -> (row key, column) for every date these rows could have."""
    columns = dated(definition)
    return {ics.uid(definition.id, side, key, column.id): (key, column) for key in keys for column in columns}


def wanted(definition: Definition, entry: ics.Entry, column: Column | None) -> dict[str, list[str]]:
    """What an entry says of a row: of one that is there its date, of a new one (`column` None) everything."""
    target = column or next(iter(dated(definition, _form(definition))), None)
    if target is None:
        return {}
    made = {target.id: [_as(target, entry.start)]}
    end = definition.column(ENDS.get(target.id, ""))
    if end is not None:
        made[end.id] = [_as(end, entry.end)] if entry.end else []
    if column is None:
        name = next((one for one in definition.title_columns if (found := definition.column(one)) and found.kind in ("text", "long")), "")
        place = next((one.id for one in definition.columns if one.id in _PLACES), "")
        made |= {key: [value] for key, value in ((name, entry.title), (place, entry.place)) if key and value}
    return made


def _form(definition: Definition) -> tuple[str, ...]:
    return next((one.columns for one in definition.exports if one.kind == "ics"), ())


def _as(column: Column, when: str) -> str:
    """A date for a column of moments, or the other way round."""
    if column.kind == "date":
        return when[:10]
    return when if "T" in when else f"{when}T00:00Z"


def _title(definition: Definition, row: Row) -> str:
    """The row's title without the dates in it: those the entry has itself."""
    told = [row.cells[one].shown for one in definition.title_columns
            if one in row.cells and (found := definition.column(one)) and found.kind not in ("date", "moment")]  # fmt: skip
    return " · ".join(one for one in told if one) or row.title


def _value(row: Row, name: str) -> str:
    return next(iter(row.cells[name].values), "") if name in row.cells else ""


def _shown(row: Row, name: str) -> str:
    return row.cells[name].shown if name in row.cells else ""


__all__ = ["ENDS", "dated", "entries", "known", "wanted"]
