"""Silence between whole delegations: opened in one window, broken in another, seen in all."""

from __future__ import annotations

from typing import Any

import pytest
from hands import CTRL, SHIFT, Table, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from valise.ui.seeing import deadline
from valise.ui.seeing.ask import BreakSilence, CloseSilence, OpenSilence

K = Qt.Key


def dialog_of(kind: type[QDialog], table: Table) -> Any:
    def there() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    table.qtbot.waitUntil(lambda: bool(there()))
    return there()[0]


def test_silence_is_opened_in_one_window_and_broken_in_another(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "now", lambda: table.world.clock.at)
    text = table.text()
    table.world["XA"].texts.revision(text, "FICT/CRP.1/Rev.1")
    table.exchange()
    # Aurelia has the pen: a deadline in 72 hours
    bench = table.at("XA", text, "OP 1")
    assert not bench.far.strip.isVisible()
    press(K.Key_S, CTRL | SHIFT)
    box = dialog_of(OpenSilence, table)
    press(K.Key_Space, widget=box.until.presets[2])
    wanted = box.until.value()
    press(K.Key_Return, widget=box.go)
    table.exchange()
    for code in ("XA", "XB", "XG"):
        bench = table.at(code, text, "OP 1")
        assert bench.far.strip.isVisible() and "under silence" in bench.far.strip.what.plain()
        assert bench.far.strip.silence().deadline == wanted
    # Gallia Minor does not agree
    bench = table.at("XG", text, "OP 1")
    press(K.Key_B, CTRL | SHIFT)
    box = dialog_of(BreakSilence, table)
    box.reason.setFocus()
    table.qtbot.keyClicks(box.reason, "OP 1 goes too far")
    press(K.Key_Return, widget=box.go)
    press(K.Key_Return, widget=box.go)
    table.exchange()
    for code in ("XA", "XB", "XG"):
        strip = table.at(code, text, "OP 1").far.strip
        assert "was broken" in strip.what.plain() and "Gallia Minor" in strip.why.plain()
        assert "OP 1 goes too far" in strip.why.plain()
    # only the pen closes it; then the next revision takes the strip away
    assert not table.at("XB", text, "OP 1").acts["close"].isEnabled()
    bench = table.at("XA", text, "OP 1")
    press(K.Key_K, CTRL | SHIFT)
    press(K.Key_Return, widget=dialog_of(CloseSilence, table).go)
    table.exchange()
    (one,) = table.world["XB"].texts.head(text).silences
    assert one.closed and one.state == "broken"
    table.world["XA"].texts.revision(text, "FICT/CRP.1/Rev.2")
    table.exchange()
    assert not table.at("XB", text, "OP 1").far.strip.isVisible()


def test_real_answers_fill_every_view(table: Table) -> None:
    text = table.text()
    table.world["XA"].texts.revision(text, "FICT/CRP.1/Rev.1")
    table.exchange()
    bench = table.at("XB", text, "OP 1")
    press(K.Key_Return)
    editor = bench.list.editor
    editor.words.setPlainText(editor.base.replace("should", "shall"))
    press(K.Key_Return, CTRL)
    table.exchange()
    (prop,) = table.at("XA", text, "OP 1").view().proposals
    table.world["XG"].texts.position(text, prop.id, "oppose")
    table.exchange()
    bench = table.at("XA", text, "OP 1")
    press(K.Key_F8)
    table.settle()
    view = bench.far.page.matrix
    row = [one.label for one in view.model.rows].index("OP 1")
    spoken = [view.model.spoken(row, n) for n in range(3)]
    assert any("proposes amendment" in one and "XB/1" in one for one in spoken) and any("opposes" in one for one in spoken)
    press(K.Key_Escape)
    table.world["XA"].texts.take(text, prop.id)
    table.exchange()
    bench = table.at("XG", text, "OP 1")
    press(K.Key_F7)
    table.settle()
    (item,) = bench.far.page.compare.list.entries.items
    assert "[-should-] [+shall+]" in item.spoken and "XB" in item.note
    press(K.Key_F9)
    table.settle()
    assert bench.far.page.convergence.model.rowCount() == 2
    press(K.Key_F4)
    table.settle()
    assert bench.far.page.slips.stack.currentWidget() is bench.far.page.slips.none
    press(K.Key_Escape)
    press(K.Key_H, CTRL)
    table.settle()
    told = [one.head for one in bench.far.history.list.entries.items]
    assert any("taken into the text" in one for one in told) and any("opposes" in one for one in told)
