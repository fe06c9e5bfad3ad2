"""Bundles dragged over the window and dropped anywhere on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from valise.ui.exchange.courier_import import ImportDialog
from valise.ui.exchange.drop import MOST, bundles_of, files_of
from valise.ui.window import MainWindow

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
EITHER = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def of(*paths: Path | str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) if isinstance(one, Path) else QUrl(one) for one in paths])
    return data


def bundles(folder: Path, *names: str) -> list[Path]:
    made = [folder / name for name in names]
    for one in made:
        one.write_bytes(b"fictional bundle")
    return made


def enter(window: MainWindow, data: QMimeData, at: QPoint) -> bool:
    """As the platform tells the window; whether it would take it."""
    first = QDragEnterEvent(at, EITHER, data, LEFT, NONE)
    first.ignore()
    QApplication.sendEvent(window.windowHandle(), first)
    move = QDragMoveEvent(at, EITHER, data, LEFT, NONE)
    move.ignore()
    QApplication.sendEvent(window.windowHandle(), move)
    assert first.isAccepted() == move.isAccepted()
    return move.isAccepted()


def drop(window: MainWindow, data: QMimeData, at: QPoint) -> bool:
    event = QDropEvent(QPointF(at), EITHER, data, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(window.windowHandle(), event)
    return event.isAccepted() and event.dropAction() == COPY


@pytest.mark.parametrize("screen", ["overview", "contacts", "messages", "texts", "settings"])
def test_bundles_can_be_dropped_on_any_screen(
    window: MainWindow, door: FakeDoor, qtbot: Any, tmp_path: Path, screen: str
) -> None:
    window.show_screen(screen)
    given = bundles(tmp_path, "a.valise", "B.VALISE")
    for at in (QPoint(60, 300), QPoint(700, 400), QPoint(500, 790)):
        assert enter(window, of(*given), at)
        veil = window.drops.veil
        assert veil.isVisible() and veil.geometry() == window.rect() and "2" in veil.accessibleName()
        QApplication.sendEvent(window.windowHandle(), QDragLeaveEvent())
        assert not veil.isVisible()
    assert enter(window, of(*given), QPoint(700, 400))
    assert drop(window, of(*given), QPoint(700, 400))
    assert not window.drops.veil.isVisible()
    box = window._bundles
    assert isinstance(box, ImportDialog)
    qtbot.waitUntil(lambda: len(box.bundles) == 2 and all(one.found is not None for one in box.bundles))
    assert [args[0] for args, _ in door.called("courier.take")] == given


def test_only_the_bundles_among_several_files_are_opened(window: MainWindow, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    given = bundles(tmp_path, "a.valise", "letter.pdf")
    assert drop(window, of(*given), QPoint(700, 400))
    box = window._bundles
    assert isinstance(box, ImportDialog)
    qtbot.waitUntil(lambda: [one.file for one in box.bundles if one.found] == given[:1])


@pytest.mark.parametrize(
    "data",
    [lambda p: of(p / "letter.pdf"), lambda p: of("https://relay.example/a.valise"), lambda p: of(p / "a.valise", "https://x.example/"),
     lambda _p: QMimeData(), lambda p: of(*[p / f"{n}.valise" for n in range(MOST + 1)])],
    ids=["document", "link", "with a link", "nothing", "too many"],
)  # fmt: skip
def test_anything_else_is_left_to_what_lies_below(window: MainWindow, tmp_path: Path, data: Any) -> None:
    window.show_screen("overview")
    assert not enter(window, data(tmp_path), QPoint(700, 400))
    assert not window.drops.veil.isVisible()
    assert bundles_of(data(tmp_path)) == []


def test_a_document_still_reaches_the_composer(window: MainWindow, tmp_path: Path) -> None:
    """What the composer takes as an attachment stays its own."""
    paths = bundles(tmp_path, "letter.pdf")
    assert files_of(of(*paths)) == paths and bundles_of(of(*paths)) == []


def test_the_veil_follows_the_window_and_is_painted_in_both_palettes(window: MainWindow, worn: Any, tmp_path: Path) -> None:
    assert enter(window, of(*bundles(tmp_path, "a.valise")), QPoint(400, 300))
    window.resize(900, 600)
    QApplication.processEvents()
    assert window.drops.veil.geometry() == window.rect()
    pictures = []
    for look in ("light", "dark"):
        worn.choose(look)
        pictures.append(window.drops.veil.grab().toImage())
    middle = pictures[0].rect().center()
    assert pictures[0].pixelColor(middle) != pictures[1].pixelColor(middle)
    assert pictures[0].size().width() == 900 * pictures[0].devicePixelRatio()


def test_files_are_dropped_on_the_dialog_too(window: MainWindow, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    window._courier("take")
    box = window._bundles
    assert isinstance(box, ImportDialog)
    data = of(*bundles(tmp_path, "renamed.bin"))
    event = QDragEnterEvent(QPoint(20, 20), EITHER, data, LEFT, NONE)
    QApplication.sendEvent(box, event)
    assert event.isAccepted() and event.type() == QEvent.Type.DragEnter
    QApplication.sendEvent(box, QDropEvent(QPointF(20, 20), EITHER, data, LEFT, NONE))
    qtbot.waitUntil(lambda: len(box.bundles) == 1 and box.bundles[0].found is not None)
