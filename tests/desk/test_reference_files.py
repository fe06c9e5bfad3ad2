"""Every shipped register as a table: what is written is read back equal, and brings back what was changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.reference_hands import EVERY, PLACES, REGISTERS, Filled, fill, whole

from valise.domain.register.definition import LANGUAGES, Side


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    held = fill(tmp_path_factory.mktemp("registers"))
    yield held
    held.world.close()


@EVERY
def test_a_table_is_read_back_equal_and_brings_back_what_was_changed(
    filled: Filled, tmp_path: Path, register: str, side: Side
) -> None:
    language = LANGUAGES[PLACES.index((register, side)) % len(LANGUAGES)]
    desk, definition, place = filled.desk, REGISTERS[register], filled.rows[register, side]
    registers = desk.registers
    every = registers.ids(register, side)
    ids = [one for one, row in zip(every, registers.page(every), strict=True) if row.place.row == place.row]
    file = tmp_path / "table INTERNAL.csv"
    assert registers.export(register, side, "csv", file, ids=ids, language=language) == 1
    preview = registers.read(register, side, file)
    assert (preview.rows, preview.equal, preview.total_changes, preview.faults) == (1, 1, 0, ()), (preview.changes, preview.faults)
    before = {name: cell.values for name, cell in filled.row(register, side).cells.items() if not name.startswith("@")}

    other, _ = whole(desk, definition, side, filled.contact, 1)
    # a table shows what another row, a paragraph or a file is called, which several may be: those come back as keys only
    kept = {one.id for one in definition.columns if one.kind in ("evidence", "record", "contact", "paragraph")}
    other = {name: values for name, values in other.items() if name not in kept}
    registers.set(place, other)
    assert {name: filled.row(register, side).cells[name].values for name in other} == other
    preview = registers.read(register, side, file)
    wanted = {name for name, values in other.items() if before[name] != values}
    assert preview.faults == () and {one.field for one in preview.changes} == wanted
    assert len(preview.changes) == preview.total_changes
    assert registers.take(preview.token) == 1
    after = {name: cell.values for name, cell in filled.row(register, side).cells.items() if not name.startswith("@")}
    assert after == before
    assert not filled.row(register, side).differs
