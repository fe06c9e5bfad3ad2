"""Recipes of the registers: a row with every kind of field, its questions, files in and out, needs and offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fake_data as d
from cooking import Recipe, paper, rest
from fake_door import FakeDoor
from PySide6.QtGui import QAction

from valise.desk import reference
from valise.desk.door_registers import Place
from valise.ui.gallery import until
from valise.ui.registers.importing import ImportDialog
from valise.ui.window import MainWindow

NEEDS, OFFERS = "capacity.needs", "capacity.offers"
LETTER = Place("correspondence", "r0")
ASSESSED = Place("norms", "XB/c", "assessed")


def opened(place: Place, act: Callable[[Any], object] = lambda _page: None) -> Callable[[MainWindow], object]:
    """Open the row, then act on the page of its register."""

    def do(window: MainWindow) -> object:
        window.go("registers", place.register)
        rest(window)
        page = window.made("registers").page  # type: ignore[attr-defined]
        if place.side != "stated":
            page.use_side(place.side)
            rest(window)
        page.open_row(place)
        rest(window)
        return act(page)

    return do


def _trigger(register: str, name: str, side: str = "stated") -> Callable[[MainWindow], object]:
    def do(window: MainWindow) -> object:
        window.go("registers", register)
        rest(window)
        page = window.made("registers").page  # type: ignore[attr-defined]
        page.use_side(side)
        rest(window)
        return next(one for one in window.findChildren(QAction) if one.objectName() == name).trigger()

    return do


def _filled(page: Any) -> None:
    """Every field that can have several values has one."""
    form = page.row_page.form
    paragraph = page.door.texts.outline(d.TEXT)[3]
    form.lines["paragraph"].editor.chosen(f"{d.TEXT}#{paragraph.id}", f"CRP.3 · {paragraph.label} · {paragraph.first_words}")
    form.lines["evidence"].editor.set_values(("ev1",))
    form.lines["circle"].editor.set_values(("XB", "XC"))
    form.lines["tags"].editor.set_values(("points of contact", "capacity"))
    form.lines["heard"].editor.set_values(("2026-11-20T09:30",))


def _leaving(page: Any) -> None:
    page.row_page.form.lines["subject"].editor.line.setText("Nomination of further points of contact")
    page.row_page.leave()


def _pick(page: Any) -> None:
    page.row_page.form.lines["paragraph"].editor.choose.click()


def _capacity(door: FakeDoor) -> None:
    """The program's own registers of needs and offers, with a row each, and what goes together."""
    for register, values in (
        (NEEDS, {"state": "XB", "need": "Training of an emergency team", "languages": "fr"}),
        (OFFERS, {"provider": "Aurelia", "state": "XA", "offer": "Course for emergency teams"}),
    ):  # fmt: skip
        door.registers.known[register] = next(one for one in reference.registers() if one.id == register)
        door.registers._put(register, "o1", "stated", **values)
    door.capacity.some()


def _read(content: bytes) -> Callable[[MainWindow], None]:
    """A file is looked into; nothing is taken yet."""

    def do(window: MainWindow) -> None:
        _trigger("correspondence", "registers.import")(window)
        rest(window)
        dialog = next(one for one in window.findChildren(ImportDialog) if one.isVisible())
        dialog.read(paper("letters.csv", content))
        until(lambda: not dialog.busy)

    return do


ROWS: tuple[Recipe, ...] = (
    Recipe("row", "registers", opened(LETTER, _filled)),
    Recipe("row-leaving", "registers", opened(LETTER, _leaving)),
    Recipe("row-parted", "registers", opened(LETTER), lambda door: door.registers.one_parts()),
    Recipe("row-pick", "registers", opened(LETTER, _pick)),
    Recipe("row-assessed", "registers", opened(ASSESSED)),
    Recipe("need", "registers", opened(Place(NEEDS, "o1")), _capacity),
    Recipe("offers", "registers", lambda window: window.go("registers", OFFERS), _capacity),
    Recipe("rows-in", "registers", _read(b"Subject,Date\nNomination,10.2.2026\n")),
    Recipe("rows-in-faults", "registers", _read(b"Subject,Date\nNomination,bad\n")),
    Recipe("rows-out", "registers", _trigger("norms", "registers.export", "assessed")),
)
