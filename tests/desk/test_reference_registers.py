"""Every shipped register in a real vault: made, filled in every column, changed, taken back, there after a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.desk.reference_hands import EVERY, REGISTERS, Filled, about, fill

from valise.desk.door_registers import Place
from valise.domain.errors import NotAllowed, Refused
from valise.domain.register.definition import COLUMN_KINDS, EXPORT_KINDS, VIEW_KINDS, Side


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    held = fill(tmp_path_factory.mktemp("registers"))
    yield held
    held.world.close()


@EVERY
def test_what_was_written_in_every_column_stands_after_a_restart(filled: Filled, register: str, side: Side) -> None:
    row = filled.row(register, side)
    for column, values in filled.told[register, side].items():
        cell = row.cells[column]
        assert (cell.values, cell.differs, cell.unfit) == (values, False, False), column
        assert cell.shown, column
        (said,) = cell.said
        assert said.own and said.code == "XA" and said.officer and said.at
    assert row.title and not row.differs and not row.gone
    hidden = {one.id for one in REGISTERS[register].columns if one.internal}
    assert side == "assessed" or not hidden & set(row.cells)


@EVERY
def test_a_running_number_is_given_and_a_shown_cell_speaks_the_language(filled: Filled, register: str, side: Side) -> None:
    definition = REGISTERS[register]
    if definition.running:
        assert filled.row(register, side).cells[definition.running].shown
    choice = next((one for one in definition.columns_of(side) if one.kind == "choice"), None)
    if choice is not None:
        shown = filled.row(register, side, "ar").cells[choice.id].shown
        first = choice.choices[0].title.in_("ar")
        assert first in shown


@EVERY
def test_a_change_leaves_its_trace_and_can_be_taken_back(filled: Filled, register: str, side: Side) -> None:
    registers, place = filled.desk.registers, filled.rows[register, side]
    column = next(one for one in REGISTERS[register].columns_of(side) if one.kind in ("text", "long") and one.by_hand)
    before = filled.row(register, side).cells[column.id].values
    op = registers.set(place, {column.id: ["Otherwise"]}, note="as agreed")
    registers.undo(op)
    assert filled.row(register, side).cells[column.id].values == before
    newest, taken = registers.history(place, column.id)[:2]
    assert (taken.op, taken.note, taken.after) == (op, "as agreed", "Otherwise") and newest.undoes == op


@EVERY
def test_a_status_moves_only_with_what_it_asks_for(filled: Filled, register: str, side: Side) -> None:
    registers, definition = filled.desk.registers, REGISTERS[register]
    for column in definition.columns_of(side):
        if not column.asks:
            continue
        held = filled.told[register, side]
        values = {column.id: held[column.id], **{one: () for one in column.asks}}
        with pytest.raises(NotAllowed) as caught:
            registers.new_row(register, {**held, **values}, side=side, about=about(definition)) if "record" in definition.rows else registers.set(
                Place(register, f"XC/{definition.items[0].id}", side), values
            )
        assert caught.value.code in ("register.asks", "register.required")


@EVERY
def test_a_value_that_is_none_is_refused_by_its_column(filled: Filled, register: str, side: Side) -> None:
    registers, place = filled.desk.registers, filled.rows[register, side]
    for column in REGISTERS[register].columns_of(side):
        if column.kind in ("text", "long", "marking", "contact") or not column.by_hand:
            continue
        before = filled.row(register, side).cells[column.id].values
        with pytest.raises((Refused, NotAllowed)) as caught:
            registers.set(place, {column.id: ["no such thing at all"]})
        assert (caught.value.code, caught.value.line) == ("register.value", column.id)
        assert filled.row(register, side).cells[column.id].values == before


def test_every_kind_of_column_is_in_some_register() -> None:
    assert {column.kind for one in REGISTERS.values() for column in one.columns} == set(COLUMN_KINDS)
    assert {view.kind for one in REGISTERS.values() for view in one.views} == set(VIEW_KINDS)
    assert {form.kind for one in REGISTERS.values() for form in one.exports} == set(EXPORT_KINDS)
