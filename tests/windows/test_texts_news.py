"""What is new since one last looked or since a revision, and positions for a group."""

from __future__ import annotations

from typing import Any

import fake_data as d
from test_texts_bench import Bench, K, bench  # noqa: F401

from valise.desk import views as v


def modes(bench: Bench) -> dict[str, str]:  # noqa: F811
    box = bench.screen.outline.mode
    return {box.itemData(n): box.itemText(n) for n in range(box.count())}


def test_what_is_new_is_said_when_the_text_is_opened_and_can_be_filtered(bench: Bench) -> None:  # noqa: F811
    rows = {row.label: row.id for row in bench.screen.model.rows()}
    bench.door.seeing.news = {rows["OP 2"]: (d.delegation("XB"), d.delegation("XE")), rows["PP 3"]: (d.delegation("XB"),)}
    other = next(one for one in bench.door.texts.rows if one != d.TEXT)
    bench.screen.open_text(other)
    bench.settled()
    bench.screen.open_text(d.TEXT)
    bench.settled()
    assert "XB, \u2068XE" in bench.screen.bar.happened.text() or "XE" in bench.screen.bar.happened.text()
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    bench.settled()
    outline = bench.screen.outline
    assert outline.mode.currentData() == "since:" and outline.proxy.rowCount() == 2
    assert [args for args, _ in bench.door.called("seeing.looked")][-1] == (d.TEXT,)


def test_since_a_revision(bench: Bench) -> None:  # noqa: F811
    rows = {row.label: row.id for row in bench.screen.model.rows()}
    last = bench.door.texts.rows[d.TEXT].revisions[-1].id
    bench.door.seeing.changed = {last: {rows["OP 3"]: (d.delegation("XD"),)}}
    assert "Rev.2" in modes(bench)[f"since:{last}"]
    bench.screen.outline.choose(f"since:{last}")
    assert bench.screen.outline.proxy.rowCount() == 1
    assert "since:" not in modes(bench)  # nothing new since one last looked: nothing to choose
    bench.door.touch(v.Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    assert bench.screen.outline.mode.currentData() == f"since:{last}"


def test_a_position_for_a_group(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 3")
    bench.key(K.Key_B)
    voice = bench.screen.amendments.voice
    field: Any = voice.lineEdit()
    assert field.hasFocus() and field.accessibleName()
    bench.qtbot.keyClicks(field, "ALP")
    bench.qtbot.keyClick(field, K.Key_Return)
    assert bench.screen.list.hasFocus()
    bench.key(K.Key_S)
    bench.settled()
    assert bench.calls("position")[-1] == (d.TEXT, paragraph, "support", "ALP")
    assert "ALP" in bench.screen.bar.happened.text()
    step = bench.screen.bar.step()
    assert step is not None
    step.click()
    bench.settled()
    assert bench.calls("position")[-1] == (d.TEXT, paragraph, "none", "ALP")
    voice.setCurrentText("")
    bench.screen.list.setFocus()
    bench.screen.commands.position("reserve")
    bench.settled()
    assert bench.calls("position")[-1] == (d.TEXT, paragraph, "reserve")


def test_co_sponsoring_by_a_key(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 3")
    view = bench.screen.view()
    assert view is not None
    ours = bench.screen.people.own
    (other, *_) = [one for one in view.proposals if ours not in one.sponsors and one.state == "open"]
    bench.screen.amendments.choose(other.id)
    bench.screen.list.setFocus()
    bench.key(K.Key_P)
    bench.settled()
    assert bench.calls("cosponsor") == [(d.TEXT, other.id)]
    assert other.label in bench.screen.bar.happened.text()
