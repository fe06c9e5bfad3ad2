"""Pictures of the registers and the commitments, for the documents: a norm, the matrices, a table, a row, a difference in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog

from valise.desk.door import Door
from valise.desk.door_registers import Place
from valise.domain.register.definition import Definition
from valise.ui.commitments import CommitmentsScreen
from valise.ui.gallery import Scenes, picture
from valise.ui.registers import RegistersScreen

LETTERS: Sequence[tuple[str, str]] = (
    ("Nomination of points of contact", "XB"), ("Visit of the Chair to the capital", "XC"), ("Request for consultations", "XE"),
)  # fmt: skip


def stage(door: Door) -> None:
    """What some States have stated of the norms, and a few letters, unless they are there."""
    norms = door.registers.definition("norms")
    status = norms.column("status")
    if status is None or door.registers.row(Place("norms", "XA/b")).changed_at:
        return
    for n, (state, _) in enumerate(door.registers.names("state")[:12]):
        for m, item in enumerate(norms.items):
            if (n * 5 + m * 3) % 4:
                choice = status.choices[(n * 7 + m * 5) % len(status.choices)].id
                said = {"status": [choice], "date": [f"2026-{(n + m) % 11 + 1:02}-{m + 3:02}"]}
                if n == 0:
                    said |= {"action": ["Decree on critical infrastructure, with exercises twice a year."], "office": ["National cyber office"]}
                door.registers.set(Place("norms", f"{state}/{item.id}"), said, note="statement in the working group")
    door.registers.set(Place("norms", "XB/f", "assessed"), {"status": ["considering"], "date": ["2026-03-02"]}, note="our embassy")
    letters = door.registers.definition("correspondence")
    for n, (subject, state) in enumerate(LETTERS):
        door.registers.new_row("correspondence", _letter(letters, subject, state, n))


def _letter(definition: Definition, subject: str, state: str, n: int) -> dict[str, list[str]]:
    """Every needed field, and the State where there is one."""
    fits = {"text": subject, "long": subject, "date": f"2026-{n + 8:02}-11", "moment": f"2026-{n + 8:02}-11T09:00Z", "state": state,
            "marking": "TLP:GREEN", "language": "en", "yesno": "no", "number": "1"}  # fmt: skip
    made = {}
    for column in definition.columns:
        if column.by_hand and (column.required or column.kind in ("date", "state")):
            value = column.choices[n % len(column.choices)].id if column.choices else fits.get(column.kind, "")
            made |= {column.id: [value]} if value else {}
    return made


def views(scenes: Scenes) -> Iterator[tuple[str, QImage]]:
    """A norm, its matrix near and far, a table on both sides, a letter, and the dialog of a cell."""
    window = scenes.window
    stage(window.door)
    scenes.rest()
    window.go("commitments", "norms/f")
    scenes.rest()
    yield "norm", picture(window)
    commitments = window.made("commitments")
    assert isinstance(commitments, CommitmentsScreen)
    commitments.matrix()
    scenes.rest()
    matrix = commitments.rows.matrix
    for name, distance in (("matrix", 0), ("matrix-signs", 1), ("matrix-whole", 2)):
        matrix.use_distance(distance)
        scenes.rest()
        yield name, picture(window)
    matrix.use_distance(0)
    commitments.rows.changing.choose(Place("norms", "XC/d"), "status", "")
    scenes.rest()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
    yield "matrix-cell", picture(window, dialog)
    dialog.reject()
    commitments.open_ref("norms/assessed//XB/f")
    scenes.rest()
    yield "assessment", picture(window)
    commitments.rows.back()
    commitments.rows.use_side("stated")
    commitments.open_ref("norms/f")
    window.go("registers", "correspondence")
    scenes.rest()
    yield "register", picture(window)
    registers = window.made("registers")
    assert isinstance(registers, RegistersScreen)
    for kind in ("board", "timeline"):
        place = next((n for n, one in enumerate(registers.page.views) if one.kind == kind), None)
        if place is not None:
            registers.page.use_view(place)
            scenes.rest()
            yield f"register-{kind}", picture(window)
    registers.page.use_view(0)
    scenes.rest()
    registers.page.open_here()
    scenes.rest()
    yield "register-row", picture(window)
    registers.page.back()
    scenes.rest()
