"""Lists of rows are read from covering indexes alone, whatever is asked; and they give what a scan gives."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from tests.vault.test_registers_order import Back, Draft, enter, operations, store

from valise.domain.register.kinds import GONE
from valise.domain.register.values import order, sort_key
from valise.vault import registers, search
from valise.vault import registers_look as look
from valise.vault.store import Store, Tx

__all__ = ["store"]  # the vault of the module beside
WORDS = ("alpha", "Beta", "gamma", "12", "9", "2026-01-02", "2025-03-04")


class Watched:
    """A handle that remembers what it was asked."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.asked = tx, dict[str, Sequence[object]]()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        self.asked[sql] = values
        return self.tx.rows(sql, values)

    def value(self, sql: str, values: Sequence[object] = (), default: Any = None) -> Any:
        self.asked[sql] = values
        return self.tx.value(sql, values, default)


@pytest.fixture
def tx(store: Store) -> Iterator[Tx]:
    """60 rows of two fields and more; some taken out, some that differ."""
    rng = random.Random(5)
    drafts = []
    for n in range(60):
        changes: list[Any] = [("status", (rng.choice(WORDS),), ()), ("office", tuple(rng.sample(WORDS, rng.randrange(3))), ())]
        drafts.append(Draft("XA", "internal", "stated", f"XB/{n}", tuple(changes), n))
        if n % 9 == 0:
            drafts.append(Draft("XA", "internal", "stated", f"XB/{n}", ((GONE, ("yes",), (1,)),), n))
        if n % 7 == 0:
            drafts.append(Draft("XA", "other", "stated", f"XB/{n}", (("office", ("another",), ()),), n))
    with pytest.raises(Back), store.write() as made:
        enter(made, operations(drafts))
        yield made
        raise Back


ASKS = [
    look.Ask(),
    look.Ask(only=(("status", ("alpha", "12")),)),
    look.Ask(only=(("office", ()),)),
    look.Ask(only=(("status", ("alpha", "Beta")), ("office", ()))),
    look.Ask(before=("office", "2026")),
    look.Ask(differs=True),
    look.Ask(words=(('"alph"*', ()),)),
    look.Ask(words=(('"gamma"', ()), ('"nobody"', (("status", ("12",)),)))),
    look.Ask(only=(("@1", ("XB",)), ("@2", ("7", "8")))),
    look.Ask(only=(("never written", ("x",)),)),
]


def passes(row: look.Stored, ask: look.Ask) -> bool:
    """The same, looking at the row itself."""
    cells: dict[str, tuple[str, ...]] = {**row.cells, **{f"@{n}": (part,) for n, part in enumerate(row.key.split("/"), 1)}}

    def has(name: str, values: Sequence[str]) -> bool:
        have = {sort_key(one) for one in cells.get(name, ())}
        return bool(have & {sort_key(one) for one in values}) if values else not have

    said = search.words_of(registers.words_of(row.cells))
    fine = all(has(*one) for one in ask.only) and (not ask.differs or bool(row.differing))
    if ask.before[0]:
        keys = [sort_key(one) for one in cells.get(ask.before[0], ())]
        fine &= any(not isinstance(one, str) or one < ask.before[1] for one in keys)
    for match, values in ask.words:
        word = match.strip('*"')
        found = any(one.startswith(word) if match.endswith("*") else one == word for one in said)
        fine &= found or any(has(*one) for one in values)
    return fine


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("sort", ["", "@key", "status", "-status", "office", "-office", "@2", "never written"])
def test_a_list_is_what_a_scan_gives_and_no_row_is_read_for_it(tx: Tx, ask: look.Ask, sort: str) -> None:
    space = registers.space(tx, "norms", "stated", "")
    assert space is not None
    handle, down, by = Watched(tx), sort.startswith("-"), sort.removeprefix("-")
    found = list(look.select(handle, space, ask, sort=by, down=down))  # type: ignore[arg-type]
    every = {one.id: one for one in look.every(tx, space)}
    assert sorted(found) == sorted(name for name, row in every.items() if passes(row, ask))
    if by not in ("", "@key"):
        keys = []
        for name in found:
            row = every[name]
            values = (row.key.split("/")[int(by[1:]) - 1],) if by.startswith("@") else row.cells.get(by, ())
            some = [order(sort_key(one)) for one in values]
            keys.append((max if down else min)(some) if some else None)
        there = [one for one in keys if one is not None]
        assert there == sorted(there, reverse=down) and keys[: len(there)] == there
    for sql, values in handle.asked.items():
        plan = [str(row[3]) for row in tx.rows(f"explain query plan {sql}", values)]
        for line in plan:
            if "register_row" in line:
                assert "COVERING INDEX" in line, (sql, plan)
            elif "register_cell" in line:
                assert "SEARCH" in line and "PRIMARY KEY" in line, (sql, plan)


def test_values_are_counted_and_looked_up(tx: Tx) -> None:
    space = registers.space(tx, "norms", "stated", "")
    assert space is not None
    every = list(look.every(tx, space))
    keys, none = look.tally(tx, space, "office", look.Ask())
    assert none == sum(not row.cells["office"] for row in every)
    assert keys == {key: sum(key in map(sort_key, row.cells["office"]) for row in every) for key in keys}
    assert look.beginning(tx, space, "office", "20")
    assert set(look.holding(tx, space, "status", "alpha")) == {row.id for row in every if row.cells["status"] == ("alpha",)}
    ranked = look.select(tx, space, look.Ask(), sort="status", ranks={"gamma": 0, "12": 1})
    by_id = {row.id: row.cells["status"][0] for row in every}
    places = [{"gamma": 0, "12": 1}.get(by_id[one], 2) for one in ranked]
    assert places == sorted(places) and set(places) == {0, 1, 2}
    back = look.select(tx, space, look.Ask(), sort="status", down=True, ranks={"gamma": 0, "12": 1})
    assert sorted(back) == sorted(ranked) and by_id[back[-1]] == "gamma"
    assert look.count(tx, space) == 60 and len(every) < 60
