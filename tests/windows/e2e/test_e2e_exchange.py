"""Two delegations whose only way is a stick: a bundle out, opened at the other side, and the word of it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, Table, press
from PySide6.QtCore import Qt

from valise.ui.exchange.courier_export import ExportDialog
from valise.ui.exchange.courier_import import ImportDialog
from valise.ui.exchange.page import ExchangePage


@pytest.fixture
def apart(table: Table) -> Table:
    """They know each other and have a room; then the folder is gone for both, and something is written."""
    room = table.world["XA"].rooms.create("bilateral", "Borovia", [table.world["XB"].me().delegation])
    table.exchange()
    for code in ("XA", "XB"):
        table.world[code].exchange.drop_folder()
    table.world["XA"].messages.send(room, "By courier, then.", subject="On the stick")
    table.settle()
    return table


def page(table: Table, code: str) -> ExchangePage:
    window = table.front(code)
    press(Qt.Key.Key_F5, CTRL, window)
    screen: Any = window.made("settings")
    assert screen.ways.isVisible()
    return screen.ways  # type: ignore[no-any-return]


def carried(table: Table, code: str, stick: Path, to: str) -> Path:
    """A bundle made in the window of one delegation for another."""
    window = table.front(code)
    press(Qt.Key.Key_F7, CTRL, window)
    box = window._bundles
    assert isinstance(box, ExportDialog)
    box.rows.checked = {table.world[to].me().delegation}
    box.set_folder(stick)
    box.write()
    table.qtbot.waitUntil(lambda: box.done_with is not None or box.notice.isVisible(), timeout=20_000)
    assert box.done_with is not None, box.notice.happened.plain()
    assert box.done_with.checked and box.done_with.place.is_file()
    made = box.done_with.place
    box.reject()
    return made


def opened(table: Table, code: str, *files: Path) -> ImportDialog:
    """Files opened in the window of a delegation."""
    window = table.front(code)
    window._courier("take", files)
    box = window._bundles
    assert isinstance(box, ImportDialog)
    table.qtbot.waitUntil(lambda: all(one.found or one.error for one in box.bundles), timeout=20_000)
    assert all(one.error is None for one in box.bundles), [one.what.plain() for one in box.bundles]
    return box


def test_what_waits_goes_by_stick_and_its_receipt_comes_back(apart: Table, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    ours = page(apart, "XA")
    ours.delegations.at(apart.world["XB"].me().delegation)
    apart.qtbot.waitUntil(lambda: ours.delegations.table.row() is not None)
    row = ours.delegations.table.row()
    assert row.code == "XB" and row.waiting >= 1 and row.ways == ()
    assert ours.delegations.step.text() == "Make a bundle…"
    assert "No way leads to" in ours.delegations.what.plain()
    out = carried(apart, "XA", stick, "XB")
    box = opened(apart, "XB", out)
    (one,) = box.bundles
    assert one.found is not None and one.found.kind == "new" and one.found.code == "XA" and one.found.operations >= 1
    box.reject()
    again = opened(apart, "XB", out)
    assert again.bundles[0].found is not None and again.bundles[0].found.kind == "doubled"
    again.reject()
    rooms = [room for room in apart.world["XB"].rooms.all() if room.kind == "bilateral"]
    threads = apart.world["XB"].messages.threads(rooms[0].id)
    assert [thread.subject for thread in threads] == ["On the stick"]
    back = carried(apart, "XB", stick, "XA")
    opened(apart, "XA", back).reject()
    apart.settle()
    ours = page(apart, "XA")
    ours.delegations.at(apart.world["XB"].me().delegation)
    apart.qtbot.waitUntil(lambda: ours.delegations.table.row().waiting == 0)


def test_our_own_bundle_and_one_for_others_are_told_apart(apart: Table, tmp_path: Path) -> None:
    out = carried(apart, "XA", tmp_path, "XB")
    box = opened(apart, "XA", out)
    assert box.bundles[0].found is not None and box.bundles[0].found.kind == "own"
    box.reject()
    box = opened(apart, "XG", out)
    assert box.bundles[0].found is not None and box.bundles[0].found.kind == "foreign"
    assert "for somebody else" in box.bundles[0].what.plain()
    box.reject()
    cut = tmp_path / "cut.valise"
    cut.write_bytes(out.read_bytes()[:-2000])
    (tmp_path / "letter.valise").write_bytes(b"Dear colleague,")
    box = opened(apart, "XB", cut, tmp_path / "letter.valise")
    kinds = [one.found.kind for one in box.bundles if one.found]
    assert kinds[1] == "not_bundle" and kinds[0] in ("torn", "not_bundle")
    assert cut.exists(), "nothing is changed on the stick"
    box.reject()


def test_a_way_is_chosen_and_tried_on_the_real_desk(table: Table) -> None:
    shown = page(table, "XA")
    pane = shown.delegations
    pane.at(table.world["XB"].me().delegation)
    assert pane.table.row().ways == ("folder",)
    pane.table.setFocus()
    press(Qt.Key.Key_C, widget=pane.table)
    table.qtbot.waitUntil(lambda: (pane.table.row().chosen, pane.table.row().ways) == ("courier", ("courier",)))
    press(Qt.Key.Key_A, widget=pane.table)
    table.qtbot.waitUntil(lambda: (pane.table.row().chosen, pane.table.row().ways) == ("", ("folder",)))
    shown.test_folder.click()
    table.qtbot.waitUntil(shown.bar.isVisible)
    assert shown.bar.happened.plain() == "The exchange folder works."
    assert "Exchange folder connected" in table["XA"].status.exchange.plain()
