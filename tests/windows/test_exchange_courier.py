"""Bundles on the fake door: for whom and where to, progress and stopping, what came, what is missing, wiping on request only."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from draining import drain
from exchange_hands import rows, spoken, stands
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from walk import nameless

from valise.desk.door_exchange import CourierImport
from valise.domain.errors import Damaged, NotAllowed, Unavailable
from valise.ui.exchange import courier_said as said
from valise.ui.exchange.courier_export import ExportDialog
from valise.ui.exchange.courier_import import Bundle, ImportDialog, WipeDialog
from valise.ui.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def export(window: MainWindow, qtbot: Any) -> ExportDialog:
    qtbot.keyClick(window, Qt.Key.Key_F7, CTRL)
    box = window._bundles
    assert isinstance(box, ExportDialog)
    qtbot.waitUntil(box.isActiveWindow)
    return box


@pytest.fixture
def take(window: MainWindow, qtbot: Any) -> ImportDialog:
    qtbot.keyClick(window, Qt.Key.Key_F8, CTRL)
    box = window._bundles
    assert isinstance(box, ImportDialog)
    qtbot.waitUntil(box.isActiveWindow)
    return box


def files(folder: Path, *names: str) -> list[Path]:
    made = [folder / f"{name}.valise" for name in names]
    for one in made:
        one.write_bytes(b"fictional bundle")
    return made


def opened(box: ImportDialog, given: Sequence[Path], qtbot: Any) -> list[Bundle]:
    """Add files and wait until each has been looked at."""
    box.add(given)
    qtbot.waitUntil(lambda: all(one.found is not None or one.error is not None for one in box.bundles))
    return box.bundles


def lines(one: Bundle) -> str:
    """Everything a result says."""
    return " ".join(label.plain() for label in one.findChildren(type(one.what)) if label.isVisibleTo(one))


def buttons(one: Bundle) -> list[str]:
    return [made.text() for made in one.findChildren(QPushButton) if made.isVisibleTo(one)]


# making one


def test_those_with_something_waiting_are_ticked_and_the_sum_is_said(export: ExportDialog) -> None:
    assert nameless(export) == []
    assert [one.code for one in export.chosen()] == ["XE", "XG", "XF", "XB"]
    assert export.sum.plain().startswith("For 4 delegations: 16 items, about ")
    told = stands(export.table, 0)
    assert told[1].startswith("7 items / 1 file, about") and told[2].endswith("3 of 4 confirmed")
    assert stands(export.table, 4)[1] == "Nothing" and stands(export.table, 1)[2] == "never"
    assert spoken(export.table, 0).startswith("XE Eastmark; 7 items, 1 file, about")
    assert not export.go.isEnabled(), "not before there is a place for it"
    assert export.choose.hasFocus()


def test_ticks_by_keyboard_and_by_mouse(export: ExportDialog, qtbot: Any, tmp_path: Path) -> None:
    export.set_folder(tmp_path)
    assert export.go.isEnabled()
    export.table.setFocus()
    for row in range(4):
        export.table.setCurrentIndex(export.rows.index(row, 0))
        qtbot.keyClick(export.table, Qt.Key.Key_Space)
    assert export.chosen() == [] and not export.go.isEnabled()
    assert export.sum.plain() == "Tick at least one delegation."
    area = export.table.visualRect(export.rows.index(1, 0))
    at = area.topLeft()
    at.setX(at.x() + 14)
    at.setY(at.y() + area.height() // 2)
    QTest.mouseClick(export.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [one.code for one in export.chosen()] == ["XG"]
    at.setX(at.x() + 120)
    QTest.mouseClick(export.table.viewport(), Qt.MouseButton.LeftButton, pos=at)  # the name, not the box
    assert [one.code for one in export.chosen()] == ["XG"]


def test_a_bundle_only_for_what_came_says_so(export: ExportDialog) -> None:
    assert "nothing but the word of what came" in said.summary([rows(export.table)[4]])


def test_it_is_written_on_the_writer_thread_and_the_result_says_all(
    export: ExportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    export.choose.click()
    dialog = export.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    qtbot.waitUntil(export.go.hasFocus)
    export.rows.checked = {d.delegation("XE"), d.delegation("XF")}
    qtbot.keyClick(export.go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: export.done_with is not None)
    (args, _), = door.called("courier.export")
    assert args[0] == tmp_path and list(args[1]) == [d.delegation("XE"), d.delegation("XF")]
    assert door.threads[[name for name, _, _ in door.calls].index("courier.export")].startswith("writer")
    told = " ".join(label.plain() for label in export.result.findChildren(type(export.sum)) if label.isVisible())
    for words in ("Bundle 5 is ready", "3f9a1c07.valise", "18 sealed envelopes", "read back from there, and equal",
                  "Nothing is lost if the stick is", "XE Eastmark, XF Freeland Islands", "Eject the stick"):  # fmt: skip
        assert words in told
    assert export.place.plain() == str(tmp_path)
    assert export.cancel.text() == "Done" and export.focusWidget() is export.cancel and not export.go.isVisible()
    qtbot.keyClick(export.cancel, Qt.Key.Key_Return)
    assert not export.isVisible()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unavailable("carrier.full"), "no room left"), (Unavailable("carrier.unreachable"), "cannot be reached"),
        (NotAllowed("courier.nobody"), ""), (Damaged("courier.readback"), ""),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_and_another_place_can_be_chosen(
    export: ExportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path, error: Exception, words: str
) -> None:
    door.fail("courier.export", error)  # type: ignore[arg-type]
    export.set_folder(tmp_path)
    export.go.click()
    qtbot.waitUntil(export.notice.isVisible)
    assert words in export.notice.happened.plain() and export.notice.todo.plain()
    assert export.choose.hasFocus() and export.go.isEnabled() and not export.progress.isVisible()
    export.go.click()
    qtbot.waitUntil(lambda: export.done_with is not None)


def test_stopping_is_safe_and_says_that_everything_still_waits(
    export: ExportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    door.courier.hold = threading.Event()
    export.set_folder(tmp_path)
    export.go.click()
    qtbot.waitUntil(lambda: export.progress.value() == 1)
    assert export.cancel.text() == "Stop" and not export.table.isEnabled() and export.busy
    qtbot.keyClick(export, Qt.Key.Key_Escape)
    assert export.isVisible() and not export.cancel.isEnabled(), "not closed before it has stopped"
    export.reject()  # again, in vain
    door.courier.hold.set()
    qtbot.waitUntil(export.notice.isVisible)
    assert "No bundle was made" in export.notice.happened.plain() and not list(tmp_path.iterdir())
    assert export.go.isEnabled() and export.table.isEnabled() and export.done_with is None
    export.reject()
    assert not export.isVisible()


def test_locking_ends_it(export: ExportDialog, window: MainWindow, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    door.courier.hold = threading.Event()
    export.set_folder(tmp_path)
    export.go.click()
    qtbot.waitUntil(lambda: export.progress.value() == 1)
    threading.Timer(0, door.courier.hold.set).start()
    window.lock("asked")
    assert not export.isVisible() and door.closed and export.done_with is None


def test_nobody_to_make_one_for(qtbot: Any, worn: Any, runner: Any) -> None:
    box = ExportDialog(FakeDoor(empty=True), runner)
    box.open()
    assert box.nobody.isVisible() and not box.table.isVisible() and not box.go.isEnabled()
    box.reject()


# opening some

KINDS: list[tuple[str, dict[str, Any], str, str, list[str]]] = [
    ("new", {}, "31 new things came.", "All 12 envelopes verified.", ["Take a bundle back…", "Delete from the stick…"]),
    ("new", {"operations": 1, "waiting": 1}, "1 new thing came.", "1 envelope is kept sealed", ["Take a bundle back…", "Delete from the stick…"]),
    ("new", {"operations": 0, "wipeable": False}, "New, and taken in.", "From XB Borovia", ["Take a bundle back…"]),
    ("old", {"number": 2, "operations": 4}, "filled a gap", "4 things in it were new.", ["Take a bundle back…", "Delete from the stick…"]),
    ("doubled", {"operations": 0}, "came before", "bundle 3", ["Take a bundle back…", "Delete from the stick…"]),
    ("torn", {"taken": 5, "wipeable": False}, "5 of 12 envelopes were whole", "Ask for the bundle once more", ["Take a bundle back…"]),
    ("foreign", {"sender": "", "code": "", "name": "", "wipeable": False}, "for somebody else", "", []),
    ("own", {"sender": "", "code": "", "name": "", "wipeable": False}, "made this bundle", "", []),
    ("not_bundle", {"sender": "", "code": "", "name": "", "wipeable": False}, "not a bundle of Valise", "", []),
    ("new", {"missing": (1, 2)}, "31 new things came.", "Bundles 1, 2 of Borovia have not come.", ["Take a bundle back…", "Delete from the stick…"]),
    ("new", {"missing": (2,)}, "31 new things came.", "Bundle 2 of Borovia has not come.", ["Take a bundle back…", "Delete from the stick…"]),
    ("torn", {"problem": "carrier.unreachable", "wipeable": False}, "Damaged", "cannot be reached", ["Take a bundle back…"]),
]


@pytest.mark.parametrize(("kind", "more", "happened", "also", "offered"), KINDS)
def test_every_kind_is_said_in_plain_words_with_its_next_step(
    take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path, kind: Any, more: dict[str, Any], happened: str, also: str, offered: list[str]
) -> None:
    door.courier.found["a.valise"] = door.courier.new(kind=kind, **more)
    (one,) = opened(take, files(tmp_path, "a"), qtbot)
    assert happened in one.what.plain()
    qtbot.waitUntil(lambda: also in lines(one) and buttons(one) == offered)
    assert nameless(take) == []
    assert take.cancel.text() == "Close"


def test_no_kind_is_without_words() -> None:
    kinds = ("new", "old", "doubled", "torn", "foreign", "not_bundle", "own")
    told = [said.kind(CourierImport(one))[0] for one in kinds]  # type: ignore[arg-type]
    assert len(set(told)) == len(kinds)


def test_a_bundle_that_nobody_vouches_for_names_nobody() -> None:
    assert said.sender(CourierImport("foreign", name="Borovia", code="XB")) == ""


def test_many_missing_numbers_are_not_all_named() -> None:
    told = " ".join(said.details(CourierImport("new", sender="x", name="Borovia", missing=tuple(range(1, 65)))))
    assert "12…" in told and "13" not in told


def test_several_at_once_come_one_after_the_other_each_once(take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    take.choose.click()
    dialog = take.findChild(QFileDialog)
    assert dialog is not None and dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    given = files(tmp_path, "a", "b", "c")
    dialog.filesSelected.emit([str(one) for one in given])
    dialog.close()
    take.add(given[:2])  # the same again
    qtbot.waitUntil(lambda: all(one.found is not None for one in take.bundles))
    assert [args[0] for args, _ in door.called("courier.take")] == given
    assert len(take.bundles) == 3 and take.page.isVisible()
    assert {door.threads[n][:6] for n, (name, _, _) in enumerate(door.calls) if name == "courier.take"} == {"writer"}


def test_the_dialog_is_as_high_as_what_came_and_no_higher_than_the_window(
    take: ImportDialog, window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    scroll = take.page.verticalScrollBar()
    low = take.height()
    opened(take, files(tmp_path, "a", "b"), qtbot)
    drain()
    few = take.height()
    assert low < few < window.height() and scroll.maximum() == 0
    opened(take, files(tmp_path, *(f"more {n}" for n in range(9))), qtbot)
    drain()
    assert take.height() == window.height() and scroll.maximum() > 0


def test_a_file_that_cannot_be_read_is_told_and_tried_again(take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    bad, good = opened(take, [tmp_path / "gone.valise", *files(tmp_path, "b")], qtbot)
    assert bad.error is not None and "cannot be reached" in bad.what.plain() and good.found is not None
    files(tmp_path, "gone")
    next(one for one in bad.findChildren(QPushButton) if one.text() == "Try again").click()
    qtbot.waitUntil(lambda: bad.found is not None)
    assert "31 new things" in bad.what.plain()


def test_progress_and_stopping_keep_what_came(take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    door.courier.hold = threading.Event()
    take.add(files(tmp_path, "a", "b"))
    first, second = take.bundles
    qtbot.waitUntil(lambda: first.progress.value() == 1)
    assert take.cancel.text() == "Stop" and second.what.plain() == "Waits its turn"
    qtbot.keyClick(take, Qt.Key.Key_Escape)
    assert take.isVisible()
    door.courier.hold.set()
    qtbot.waitUntil(lambda: "Stopped" in first.what.plain())
    assert "Stopped" in second.what.plain() and take.cancel.isEnabled()
    assert len(door.called("courier.take")) == 1
    take.reject()
    assert not take.isVisible()


def test_taking_a_bundle_back_asks_for_that_delegation(
    take: ImportDialog, window: MainWindow, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    (one,) = opened(take, files(tmp_path, "a"), qtbot)
    assert "so that \u2068Borovia\u2069 knows it arrived" in " ".join(label.text() for label in one.findChildren(type(one.what)))
    next(made for made in one.findChildren(QPushButton) if made.text() == "Take a bundle back…").click()
    assert not take.isVisible()
    box = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ExportDialog) and one.isVisible())
    assert [one.code for one in box.chosen()] == ["XB"]
    box.reject()


def test_a_file_is_deleted_only_when_somebody_says_so_twice(take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    (one,) = opened(take, files(tmp_path, "a"), qtbot)
    wipe = next(made for made in one.findChildren(QPushButton) if made.text() == "Delete from the stick…")
    wipe.click()
    box = take.dialog
    assert isinstance(box, WipeDialog) and nameless(box) == []
    assert not box.do_it.isEnabled()
    box.go()
    assert box.isVisible() and door.courier.wiped == []
    box.reject()
    assert one.file.exists()
    wipe.click()
    box = take.dialog
    assert isinstance(box, WipeDialog)
    box.tick.setChecked(True)
    box.do_it.click()
    qtbot.waitUntil(lambda: "deleted from the stick" in one.name.plain())
    assert door.courier.wiped == [one.file] and not one.file.exists()
    qtbot.waitUntil(lambda: buttons(one) == ["Take a bundle back…"])


def test_a_file_that_cannot_be_deleted_is_told(take: ImportDialog, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    (one,) = opened(take, files(tmp_path, "a"), qtbot)
    door.fail("courier.wipe", Unavailable("carrier.unreachable"))
    one.wipe.emit()
    box = take.dialog
    assert isinstance(box, WipeDialog)
    box.tick.setChecked(True)
    box.go()
    qtbot.waitUntil(lambda: one.error is not None)
    assert one.file.exists() and "cannot be reached" in one.what.plain()
