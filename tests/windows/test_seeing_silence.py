"""The silence procedure in the window: the strip, the dialogs, the revisions pane, the calendar entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from test_texts_bench import CTRL, SHIFT, Bench, open_bench
from walk import nameless

from valise.domain.errors import NotAllowed
from valise.domain.text.model import Break
from valise.ui import theme
from valise.ui.seeing import ask, deadline
from valise.ui.strings import EVERY, tell
from valise.ui.texts import table

K = Qt.Key
HOSTILE = "<b>no</b><a href=x>\u202eevil\u202c \x07" + " very long" * 400
NEW_CODES = ("text.silence-runs", "text.silence-over", "text.silence-not-over", "text.silence-broken", "text.silence-clear",
             "text.deadline", "text.reason", "text.unknown-silence")  # fmt: skip
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock of the window; put another time into it."""
    held = [d.NOW]
    monkeypatch.setattr(deadline, "now", lambda: held[0])
    return held


@pytest.fixture
def bench(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


@pytest.fixture
def mirrored(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor(), rtl=True)


def said(code: str, state: str = "counts", reason: str = "OP 3 is not agreed") -> Break:
    return Break(d.ident(f"break {code}"), d.delegation(code), reason, d.NOW - d.HOUR, state)  # type: ignore[arg-type]


def put(bench: Bench, state: str, *breaks: Break, hours: int = 48, **more: Any) -> Any:
    bench.door.texts.rows[d.TEXT].silences.clear()
    one = bench.door.silence.put(d.TEXT, state, d.NOW + hours * d.HOUR, *breaks, **more)
    bench.settled()
    bench.settled()
    return one


def dialog(bench: Bench, kind: type[QDialog]) -> Any:
    (found,) = [one for one in bench.screen.findChildren(kind) if one.isVisible()]
    assert nameless(found) == []
    return found


def offered(bench: Bench) -> list[str]:
    strip = bench.screen.far.strip
    return [one.defaultAction().objectName().removeprefix("texts.") for one in strip.buttons if one.isVisible()]


# the strip


def test_without_a_procedure_there_is_no_strip_and_no_tick(bench: Bench) -> None:
    strip = bench.screen.far.strip
    assert not strip.isVisible() and not strip.ticking()
    assert not any(bench.screen.acts[name].isEnabled() for name in table.SILENCE)
    assert bench.screen.acts["silence"].isEnabled()


def test_a_running_procedure_is_said_with_what_remains_and_the_clocks(bench: Bench) -> None:
    put(bench, "running", hours=51, scope="OP 1 to OP 4")
    strip = bench.screen.far.strip
    assert strip.isVisible() and "under silence" in strip.what.plain() and "Rev.2" in strip.what.plain()
    assert "2 days 3 h left, until 3 December 2026, 19:00 UTC" in strip.when.plain()
    assert "OP 1 to OP 4" in strip.when.plain() and not strip.why.isVisible()
    assert offered(bench) == ["break", "extend", "calendar"]
    assert not bench.screen.acts["silence"].isEnabled() and not bench.screen.acts["close"].isEnabled()


def test_the_tick_runs_while_it_is_seen_and_never_faster_than_a_second(bench: Bench, clock: list[int]) -> None:
    put(bench, "running", hours=1)
    strip = bench.screen.far.strip
    assert strip.ticking() and strip._tick.interval() >= 1000 and strip._tick.isSingleShot()
    clock[0] = d.NOW + 30 * d.MINUTE
    strip._tick.timeout.emit()
    assert "30 min 0 s left" in strip.when.plain() and strip._tick.interval() == 1000
    bench.screen.far.look("slips")
    assert not strip.isVisible() and not strip.ticking()
    bench.screen.far.leave()
    assert strip.ticking()
    bench.screen.hide()
    assert not strip.ticking()
    bench.screen.show()
    clock[0] = d.NOW + d.HOUR
    strip._tick.timeout.emit()
    assert "has passed" in strip.what.plain() and not strip.ticking()
    assert offered(bench) == ["break", "extend", "close", "calendar"]
    bench.settled()


def test_a_broken_procedure_names_who_and_why(bench: Bench) -> None:
    put(bench, "broken", said("XB"), said("XC", "late", "after all"))
    strip = bench.screen.far.strip
    assert "was broken: it is not agreed" in strip.what.plain()
    assert "Broken by Borovia" in strip.why.plain() and "OP 3 is not agreed" in strip.why.plain()
    assert "(too late, without effect)" in strip.why.plain() and not strip.ticking()
    assert offered(bench) == ["break", "close"]
    assert "silence broken" in " ".join(one.plain() for one in bench.screen.revisions.findChildren(type(strip.what)))


def test_our_own_break_is_not_offered_twice_and_the_pen_alone_extends(bench: Bench) -> None:
    put(bench, "broken", said("XA"))
    assert offered(bench) == ["close"]
    bench.door.texts.rows[d.TEXT].pen = d.delegation("XB")
    put(bench, "running")
    assert offered(bench) == ["break", "calendar"]
    assert not any(bench.screen.acts[name].isEnabled() for name in ("silence", "extend", "close", "settle"))
    put(bench, "contested", said("XB", "contested"), closed=True)
    assert offered(bench) == [] and "pen-holder decides" in bench.screen.far.strip.what.plain()


def test_a_kept_procedure_is_told_with_its_revision_only(bench: Bench) -> None:
    put(bench, "kept", closed=True)
    assert not bench.screen.far.strip.isVisible()
    words = [one.plain() for one in bench.screen.revisions.findChildren(type(bench.screen.far.strip.what))]
    assert any("it stands as agreed" in one for one in words)


def test_a_broken_and_closed_one_is_said_until_the_next_revision(bench: Bench) -> None:
    put(bench, "broken", said("XB"), closed=True)
    assert bench.screen.far.strip.isVisible() and offered(bench) == []
    bench.door.texts.revision(d.TEXT, "Rev.3")
    bench.settled()
    bench.settled()
    assert not bench.screen.far.strip.isVisible()


def test_more_than_one_tone_is_a_sign_and_words_too(bench: Bench) -> None:
    told = set()
    for state in ("running", "broken", "contested"):
        put(bench, state, said("XB"), closed=state == "contested")
        told.add((bench.screen.far.strip.what.plain(), bench.screen.far.strip.property("tone")))
    assert len(told) == len({words for words, _tone in told}) == 3


# opening, extending


def test_opening_from_the_keyboard(bench: Bench) -> None:
    bench.at("OP 3")
    bench.key(K.Key_S, CTRL | SHIFT)
    box = dialog(bench, ask.OpenSilence)
    assert [box.revision.itemText(n) for n in range(2)] == ["Rev.2", "Rev.1"]
    assert "stands as agreed unless" in box.means.plain() and "3 December 2026, 16:00 UTC" in box.means.plain()
    bench.key(K.Key_Space, widget=box.until.presets[2])
    assert box.until.exact.text() == "2026-12-04 16:00"
    box.scope.setFocus()
    bench.qtbot.keyClicks(box.scope, "OP 1")
    bench.key(K.Key_Return, widget=box.go)
    bench.settled()
    rev = bench.door.texts.rows[d.TEXT].revisions[-1]
    assert bench.door.called("silence.open") == [((d.TEXT, rev.id, d.NOW + 72 * d.HOUR, "OP 1"), {})]
    assert bench.door.threads[[name for name, _, _ in bench.door.calls].index("silence.open")].startswith("writer")
    assert bench.screen.far.strip.isVisible() and bench.screen.bar.isVisible()


def test_an_earlier_revision_is_opened_from_its_card(bench: Bench) -> None:
    made = [one for one in bench.screen.revisions.findChildren(QPushButton) if "silence" in one.text()]
    assert [one.accessibleName() for one in made] == ["Put Rev.2 under silence", "Put Rev.1 under silence"]
    made[1].click()
    box = dialog(bench, ask.OpenSilence)
    assert box.revision.currentText() == "Rev.1"
    box.reject()
    put(bench, "running")
    assert not [one for one in bench.screen.revisions.findChildren(QPushButton) if "Put" in one.text()]


@pytest.mark.parametrize(
    ("words", "hint"),
    [("soon", "Write the time"), ("2026-12-01 16:30", "between one hour and one year"), ("2029-01-01 00:00", "one year"),
     ("", "Write the time")],
)  # fmt: skip
def test_an_impossible_deadline_is_not_sent(bench: Bench, words: str, hint: str) -> None:
    bench.screen.far.open_silence()
    box = dialog(bench, ask.OpenSilence)
    box.until.exact.setText(words)
    assert hint in box.until.clocks.plain() and not box.go.isEnabled() and box.means.plain() == ""
    box._go()
    box.reject()
    bench.settled()
    assert bench.door.called("silence.open") == []


def test_extending_counts_from_the_deadline_in_force(bench: Bench) -> None:
    one = put(bench, "running", hours=24)
    bench.at("OP 3")
    bench.key(K.Key_E, CTRL | SHIFT)
    box = dialog(bench, ask.ExtendSilence)
    assert box.until.presets[1].isChecked() and box.until.value() == d.NOW + 72 * d.HOUR
    box.until.exact.setText(deadline.exact(one.deadline))
    assert "later than" in box.until.clocks.plain() and not box.go.isEnabled()
    box.until.choose(24)
    bench.key(K.Key_Return, widget=box.go)
    bench.settled()
    bench.settled()
    assert bench.door.called("silence.extend") == [((d.TEXT, one.id, d.NOW + 48 * d.HOUR), {})]
    assert "(extended)" in bench.screen.far.strip.when.plain()


# breaking, closing, deciding


def test_breaking_needs_a_reason_and_a_second_yes(bench: Bench) -> None:
    one = put(bench, "running")
    bench.at("OP 3")
    bench.key(K.Key_B, CTRL | SHIFT)
    box = dialog(bench, ask.BreakSilence)
    assert not box.go.isEnabled() and box.focusWidget() is box.reason
    bench.qtbot.keyClicks(box.reason, "   ")
    assert not box.go.isEnabled()
    box.reason.setPlainText("x" * (ask.LONGEST + 3))
    assert not box.go.isEnabled() and "3" in box.hint.plain()
    box.reason.setPlainText("OP 3 is not agreed")
    bench.key(K.Key_Return, widget=box.go)
    assert box.isVisible() and "cannot be taken back" in box.once_more.plain() and box.focusWidget() is box.cancel
    assert bench.door.called("silence.break_") == [] and box.reason.isReadOnly()
    bench.key(K.Key_Return, widget=box.cancel)  # back
    assert box.isVisible() and not box.reason.isReadOnly()
    box.go.click()
    box.go.click()
    bench.settled()
    bench.settled()
    assert bench.door.called("silence.break_") == [((d.TEXT, one.id, "OP 3 is not agreed"), {})]
    assert "was broken" in bench.screen.far.strip.what.plain() and "Aurelia" in bench.screen.far.strip.why.plain()


def test_escape_keeps_silent(bench: Bench) -> None:
    put(bench, "running")
    bench.screen.far.break_silence()
    box = dialog(bench, ask.BreakSilence)
    box.reason.setPlainText("no")
    box.go.click()
    bench.key(K.Key_Escape, widget=box)
    bench.settled()
    assert bench.door.called("silence.break_") == []


def test_closing_after_the_deadline_or_a_break(bench: Bench, clock: list[int]) -> None:
    one = put(bench, "running", hours=2)
    clock[0] = d.NOW + 3 * d.HOUR
    bench.at("OP 3")
    assert "close" in offered(bench)
    bench.key(K.Key_K, CTRL | SHIFT)
    box = dialog(bench, ask.CloseSilence)
    assert box.focusWidget() is box.cancel
    bench.key(K.Key_Return, widget=box.go)
    bench.settled()
    bench.settled()
    assert bench.door.called("silence.close") == [((d.TEXT, one.id), {})] and not bench.screen.far.strip.isVisible()


@pytest.mark.parametrize("outcome", ["kept", "broken"])
def test_deciding_a_contested_one_proposes_neither(bench: Bench, outcome: str) -> None:
    one = put(bench, "contested", said("XB", "contested", HOSTILE), closed=True)
    assert offered(bench) == ["settle"] and not bench.screen.acts["silence"].isEnabled()
    bench.at("OP 3")
    bench.key(K.Key_T, CTRL | SHIFT)
    box = dialog(bench, ask.SettleSilence)
    assert not box.go.isEnabled() and not any(one.isChecked() for one in box.choices.values())
    assert "stands as agreed" in box.choices["kept"].accessibleDescription()
    bench.key(K.Key_Space, widget=box.choices[outcome])
    bench.key(K.Key_Return, widget=box.go)
    bench.settled()
    assert bench.door.called("silence.confirm") == [((d.TEXT, one.id, outcome), {})]


@pytest.mark.parametrize("call", ["break_", "extend"])
def test_an_error_is_told_and_nothing_is_lost(bench: Bench, call: str) -> None:
    put(bench, "running")
    bench.door.fail(f"silence.{call}", NotAllowed("text.silence-over"))
    if call == "break_":
        bench.screen.far.break_silence()
        box = dialog(bench, ask.BreakSilence)
        box.reason.setPlainText("no")
        box.go.click()
    else:
        bench.screen.far.extend()
        box = dialog(bench, ask.ExtendSilence)
    box.go.click()
    bench.settled()
    assert bench.screen.bar.happened.plain() == "This silence procedure is over."


@pytest.mark.parametrize("code", NEW_CODES)
def test_every_new_code_is_told(qapp: QApplication, code: str) -> None:
    assert code in EVERY
    told = tell(NotAllowed(code))
    assert all(one.endswith(".") for one in (told.happened, told.confidentiality, told.todo))


# the calendar entry


def test_the_calendar_entry_is_saved(bench: Bench, tmp_path: Path) -> None:
    one = put(bench, "running", symbol="FICT/1/Rev.2")
    bench.at("OP 3")
    bench.key(K.Key_I, CTRL | SHIFT)
    picking = bench.screen.far.picking
    assert picking is not None and picking.isVisible()
    assert Path(picking.selectedFiles()[0]).name == "FICT-1-Rev-2.ics"
    picking.fileSelected.emit(str(tmp_path / "deadline.ics"))
    picking.reject()
    bench.settled()
    data = (tmp_path / "deadline.ics").read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and b"DTSTART:20261203T160000Z" in data
    assert one.id.encode() in data.replace(b"\r\n ", b"")
    assert "plain file" in bench.screen.bar.confidentiality.plain()
    bench.screen.far.write_entry(tmp_path / "no" / "such" / "folder.ics", one)
    bench.settled()
    assert bench.screen.bar.property("tone") == "warn"


# in every look


@pytest.mark.parametrize("look", ["light", "dark"])
def test_strip_and_dialogs_in_light_and_dark(bench: Bench, look: Any) -> None:
    theme.current().choose(look)
    try:
        every_look(bench)
    finally:
        theme.current().choose("light")


def test_strip_and_dialogs_mirrored(mirrored: Bench) -> None:
    every_look(mirrored)


def every_look(bench: Bench) -> None:
    for state in ("running", "broken", "contested"):
        one = put(bench, state, said("XB", reason=HOSTILE), closed=state == "contested", scope=HOSTILE, symbol=HOSTILE)
        strip = bench.screen.far.strip
        assert not bench.screen.grab().isNull() and nameless(strip) == []
        for label in (strip.what, strip.when, strip.why):
            assert label.textFormat() == Qt.TextFormat.PlainText and "\u202e" not in label.text()
        assert "<b>no</b>" in strip.why.plain() and len(strip.why.plain()) < 1000 and strip.height() < 420
    people = bench.screen.people
    head = bench.screen.head
    assert head is not None
    for made in (ask.OpenSilence(head, "", bench.screen), ask.ExtendSilence(one, bench.screen), ask.BreakSilence(one, bench.screen),
                 ask.CloseSilence(one, bench.screen), ask.SettleSilence(one, people, bench.screen)):  # fmt: skip
        made.open()
        QCoreApplication.processEvents()
        assert not made.grab().isNull() and nameless(made) == [] and made.width() < 900
        made.reject()
    QCoreApplication.processEvents()
