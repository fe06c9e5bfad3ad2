"""Beginning with the courier: the dialogs that make and open bundles, imported when they are first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from valise.desk.door import Door
from valise.ui.tasks import Runner


def begin(
    what: str, door: Door, runner: Runner, parent: QWidget, delegations: Sequence[str] = (), files: Sequence[Path] = ()
) -> QDialog:
    """ "export" for these delegations ((): those with something waiting), or "take" these files. The dialog is open."""
    made: QDialog
    if what == "export":
        from valise.ui.exchange.courier_export import ExportDialog

        made = ExportDialog(door, runner, parent, delegations)
    else:
        from valise.ui.exchange.courier_import import ImportDialog

        made = ImportDialog(door, runner, parent)
        made.again.connect(lambda whom: begin("export", door, runner, parent, whom))
    made.open()
    if files and what != "export":
        made.add(files)
    return made
