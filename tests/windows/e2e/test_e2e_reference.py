"""Every shipped register in a real window over a real vault: each way to look at it, a row of it; and a norm found by its citation."""

from __future__ import annotations

from typing import Any

from hands import CTRL, Table, press, type_words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from tests.desk.reference_hands import REGISTERS, about, first_contact, whole

from valise.desk import reference
from valise.desk.door_registers import Place

K = Qt.Key


def shown(widget: Any) -> str:
    """All words of the labels that can be seen in it."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_a_citation_typed_in_the_search_opens_the_norm(table: Table) -> None:
    for typed, symbol, words in (
        ("A/70/174 13 (f)", "A/70/174, para. 13 (f)", "does not impair critical infrastructure of another"),
        ("CBM 12 OSCE", "PC.DEC/1202, CBM 12", "workshops, seminars, and roundtables"),
    ):
        window = table.front("XA")
        press(K.Key_K, CTRL, window)
        type_words(typed)
        press(K.Key_Return)
        table.settle()
        assert window.stack.currentWidget() is window.made("commitments")
        page = shown(window.stack.currentWidget())
        assert symbol in page and words in page, page


def test_every_register_opens_in_every_way_to_look_at_it_and_shows_a_row(table: Table) -> None:
    desk = table.world["XA"]
    contact = first_contact(desk)
    screen = table.screen("XA", "registers")
    for definition in reference.registers():
        values, files = whole(desk, definition, "stated", contact, 0)
        if "record" in definition.rows:
            place = desk.registers.new_row(definition.id, values, about=about(definition))
        else:
            place = Place(definition.id, "/".join(about(definition).values()))
            desk.registers.set(place, values, files=files)
        screen.open_ref(definition.id)
        table.settle()
        assert screen.page.definition.id == definition.id and screen.page.in_views
        kinds = [one.kind for one in screen.page.definition.views]
        for kind in dict.fromkeys(kinds):
            screen.page.use_view(kinds.index(kind))
            table.settle()
            assert screen.page.view().kind == kind and screen.page.widget().isVisible(), (definition.id, kind)
        screen.open_ref(f"{definition.id}/{place.row}")
        table.settle()
        assert screen.page.place() == place and not screen.page.in_views, definition.id
        assert not window_errors(table), (definition.id, window_errors(table))
    assert set(REGISTERS) == {one.id for one in desk.registers.definitions()}
    assert QApplication.focusWidget() is not None


def window_errors(table: Table) -> str:
    notice = table["XA"].notice
    return shown(notice) if notice.isVisible() else ""
