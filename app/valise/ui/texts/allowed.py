"""Which acts of the workbench can be done on the paragraph and amendment one is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valise.ui.texts import table

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen


def allow(screen: TextsScreen) -> None:
    """Enable what can be done now."""
    view = screen.view()
    frozen = bool(screen.head and screen.head.frozen)
    rights = screen.door.me().rights
    status = view.paragraph.status if view else ""
    may = view is not None and not frozen
    settled = status in ("agreed ad ref", "closed")
    titled = view is not None and view.paragraph.section == "title"
    for name in ("edit", "add", "delete", "alternative", "move", "withdraw", "cosponsor"):
        screen.acts[name].setEnabled(may and "amend" in rights)
    if settled:
        screen.acts["edit"].setEnabled(False)
    for name in ("delete", "alternative", "move") if settled or titled else ():
        screen.acts[name].setEnabled(False)
    screen.acts["comment"].setEnabled(may and "speak" in rights)
    for name in ("support", "along", "reserve", "scrutiny", "oppose", "none", "behalf"):
        screen.acts[name].setEnabled(may and "speak" in rights)
    for name in (*table.PEN, "take", "keep", "reject", "admit"):
        screen.acts[name].setEnabled(may and screen.pen)
    if may and screen.pen:
        screen.acts["set"].setEnabled(not settled)
        screen.acts["agree"].setEnabled(status in ("open", "parked"))
        screen.acts["closed"].setEnabled(status in ("open", "parked", "agreed ad ref"))
        screen.acts["park"].setEnabled(status == "open")
        screen.acts["reopen"].setEnabled(status != "open")
    for name in ("copy", "passage", "export", "returned", "goto", "remark", "library", "phrase", "next", "previous"):
        screen.acts[name].setEnabled(view is not None)
    screen.far.allow()
