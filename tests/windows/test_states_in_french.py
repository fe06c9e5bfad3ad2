"""Names of States in the language of the window: the table, the matrix, what one chooses from; a name of ours before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QLocale, Qt
from registers_hands import CTRL, SHIFT, Hands, K, open_registers

from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.ui import theme
from valise.ui.registers.naming import StateNameDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
FRENCH = ["Aurelia", "Borovie", "Dravénie", "Eastmark", "Fédération de Jorvik", "Gallia Minor", "Hespérie", "Îles Freeland", "Isonie",
          "Lysandrie", "Méridie", "République castellane"]  # fmt: skip


@pytest.fixture
def french(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    before = QLocale()
    QLocale.setDefault(QLocale("fr"))
    try:
        yield from open_registers(qtbot, FakeDoor())
    finally:
        QLocale.setDefault(before)


def down(hands: Hands) -> list[str]:
    hands.page.matrix.read()
    hands.settled()
    return [name for _, name in hands.page.matrix.model.matrix.down]


def test_the_matrix_and_the_table_show_french_names_in_french_order(french: Hands) -> None:
    french.register("norms")
    french.page.use_view(1)
    french.settled()
    assert down(french) == FRENCH
    head = french.page.matrix.model.headerData(2, Qt.Orientation.Vertical)
    assert "XD" in head and "Dravénie" in head
    french.page.use_view(0)
    french.settled()
    model = french.page.table.model
    shown = {str(model.index(row, 0).data()) for row in range(model.rowCount())}
    assert "Dravénie" in shown and "Dravenia" not in shown
    assert french.door.called("registers.ids")[-1][1]["language"] == "fr"


def test_a_name_of_ours_is_shown_before_the_french_one(french: Hands) -> None:
    french.register("norms")
    french.page.open_row(Place("norms", "XD/b"))
    french.settled()
    french.key(K.Key_Y, CTRL | SHIFT, french.page.row_page.back)
    dialog = french.dialog(StateNameDialog)
    assert dialog.state.currentText() == "Dravénie (XD)"
    dialog.name.setText("Chez eux")
    dialog.other.click()
    dialog.go.click()
    french.settled()
    assert french.door.called("registers.name_state")[0] == (("XD", "Chez eux"), {"language": "fr"})
    assert dict(french.page.names.of("state"))["XD"] == "Chez eux" and dict(french.page.names.of("state"))["XB"] == "Borovie"


def test_another_language_in_the_settings_leaves_no_name_behind(french: Hands) -> None:
    names = french.page.names
    assert names.by("state")["XD"] == "Dravénie"
    QLocale.setDefault(QLocale("en"))
    assert names.by("state")["XD"] == "Dravenia"
    french.door.touch(Changes(registers=frozenset({"norms"})))
    french.settled()
