"""A frozen text: both sides are shown with who has said what, and a voice is one button."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from test_texts_bench import Bench, K, bench  # noqa: F401

from valise.domain.text.frozen import Frozen, Recovery, Side
from valise.ui.texts.deciding import DecideDialog

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
EVIL = "<b>x</b>\u202e"


class FakeFrozen(Part):
    part = "frozen"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.voices: dict[str, tuple[str, ...]] = {"one": (d.delegation("XB"),), "other": ()}

    @recorded
    def look(self, text: str) -> Frozen:
        sides = tuple(
            Side(name, "text.merge", "laptop", d.delegation("XC"), self.desk.now, (("OP 2", f"Words of {name} {EVIL}"),), voices)
            for name, voices in self.voices.items()
        )
        roster = tuple(d.delegation(code) for code in ("XA", "XB", "XC"))
        return Frozen("text.pen-fork", "at", 2, roster, sides, (), (Recovery("laptop", d.delegation("XB"), (d.delegation("XC"),)),))

    @recorded
    def stands(self, text: str, operation: str, reason: str = "") -> None:
        self.voices[operation] = (*self.voices[operation], self.desk.me_view.delegation)

    @recorded
    def recover(self, text: str, delegation: str, reason: str = "") -> None:
        return None


def opened(bench: Bench) -> DecideDialog:  # noqa: F811
    bench.door.frozen = FakeFrozen(bench.door)
    bench.key(K.Key_D, BOTH)
    bench.settled()
    dialog = bench.screen.findChild(DecideDialog)
    assert dialog is not None
    return dialog


def acts(dialog: DecideDialog) -> dict[str, QPushButton]:
    return {one.accessibleName(): one for one in dialog.page.findChildren(QPushButton)}


def test_a_voice_is_one_button_and_is_counted(bench: Bench) -> None:  # noqa: F811
    dialog = opened(bench)
    assert "2 of 3 delegations" in dialog.said.text()
    assert "Borovia" in dialog.votes.text() and "XC" in dialog.votes.text()
    both = acts(dialog)
    assert list(both) == ["Continuation 1 stands", "Continuation 2 stands"]
    dialog.reason.setText("as said in the room")
    both["Continuation 2 stands"].click()
    bench.settled()
    assert bench.door.called("frozen.stands")[0][0] == (d.TEXT, "other", "as said in the room")
    again = acts(dialog)
    assert not again["Continuation 2 stands"].isEnabled() and again["Continuation 1 stands"].isEnabled()


def test_the_pen_can_go_elsewhere(bench: Bench) -> None:  # noqa: F811
    dialog = opened(bench)
    dialog.holders.setCurrentIndex(dialog.holders.findData(d.delegation("XB")))
    dialog.give.click()
    bench.settled()
    assert bench.door.called("frozen.recover")[0][0] == (d.TEXT, d.delegation("XB"), "")


def test_the_strip_above_a_frozen_text_leads_there(bench: Bench) -> None:  # noqa: F811
    bench.door.frozen = FakeFrozen(bench.door)
    head = bench.door.texts.head(d.TEXT)
    bench.screen.frozen.show_head(replace(head, frozen="text.pen-fork"), bench.screen.people)
    assert bench.screen.frozen.decide.isEnabled()
    bench.screen.frozen.decide.click()
    bench.settled()
    assert bench.screen.findChild(DecideDialog) is not None
