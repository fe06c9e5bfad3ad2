"""The tables of the directory: words wrap in what their padding leaves, and none is lost."""

from __future__ import annotations

from typing import Any

import looking
import pytest
from draining import drain
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyledItemDelegate, QWidget

from valise.ui import theme
from valise.ui.contacts.directory.view import plain_table

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LONG = "signed answer; correction: 1; on leave until the fourth, the deputy answers; nobody else may open their laptops meanwhile"


@pytest.mark.parametrize("padded", [True, False])
def test_words_of_a_cell_are_whole_at_any_width(padded: bool, worn: theme.Theme, qtbot: Any) -> None:
    table = plain_table(holder := QWidget(), "rounds")
    qtbot.addWidget(holder)
    if not padded:
        table.setItemDelegate(QStyledItemDelegate(table))
    model = QStandardItemModel(1, 1, table)
    model.setItem(0, 0, QStandardItem(LONG))
    table.setModel(model)
    table.resize(700, 500)
    holder.resize(700, 500)
    holder.show()
    cut = set()
    for wide in range(150, 420, 3):
        table.setColumnWidth(0, wide)
        table.resizeRowsToContents()
        drain()
        said = " ".join(one.text.strip() for one in looking.drawn(table.viewport()))
        if said != LONG:
            cut.add(wide)
    assert bool(cut) is not padded
