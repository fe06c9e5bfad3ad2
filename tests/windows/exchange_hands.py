"""What the tests of the ways of exchange share: the page, a relay's file, and what stands in a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from valise.domain import relay as r
from valise.protocol import relaykit
from valise.ui.exchange.page import ExchangePage
from valise.ui.exchange.table import CELL, Table
from valise.ui.gallery import until
from valise.ui.settings import SettingsScreen
from valise.ui.window import MainWindow

ENDS = 1_804_000_000_000  # 2 March 2027


def page_of(window: MainWindow, ref: str = "exchange") -> ExchangePage:
    """The page, shown."""
    window.go("settings", ref)
    screen = window.made("settings")
    assert isinstance(screen, SettingsScreen)
    until(lambda: window.runner.idle)  # what is read beside the window
    return screen.ways


def kit(folder: Path, label: str = "Relay of the foreign ministry", name: str = "kit") -> Path:
    """The file of a relay's operator, as far as its form goes."""
    server = r.Server(("wss://relay.aurelia.example",))
    mailbox = r.Mailbox(server, "abcdefgh", "seatseat", f"aa.bb.{'c' * 86}", "SU" + "A" * 56, ENDS)
    path = folder / name
    path.write_bytes(relaykit.encode(r.Kit(mailbox, r.Minting("A" * 56, "SA" + "A" * 56), label)))
    return path


def stands(table: Table, row: int) -> list[str]:
    """What is painted in a row, both lines of each cell."""
    model = table.model()
    cells = [model.index(row, column).data(CELL) for column in range(model.columnCount())]
    return [" / ".join(one for one in (cell.words, cell.more) if one) for cell in cells]


def spoken(table: Table, row: int, column: int = 0) -> str:
    """What is read aloud at a cell."""
    return str(table.model().index(row, column).data(int(Qt.ItemDataRole.AccessibleTextRole)))


def rows(table: Table) -> list[Any]:
    """The things in the table."""
    return list(table._rows.rows)
