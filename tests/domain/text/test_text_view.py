"""What a negotiator reads: brackets, outline, convergence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from negotiation import Table

from valise.domain.text import inline, rules, view
from valise.domain.text.model import Run

BASE = "States should hold one exercise each year."


def shown(table: Table, paragraph: int = 0) -> str:
    return "".join(run.text for run in view.paragraph(table.state, table.pars[paragraph], table.code).runs)


def stand(table: Table, name: str, target: str, value: str, behalf: str = "") -> None:
    me = table[name]
    table.do(name, "text.position", rules.position(me.text, me.delegation, target, value, behalf))


def test_an_insertion() -> None:
    table = Table(BASE)
    id = table.propose("XA", 0, "States should hold one exercise each year, as appropriate.")[0]
    table.do("XB", "text.cosponsor", rules.cosponsor(table["XB"].text, table["XB"].delegation, id))
    assert shown(table) == "States should hold one exercise each year[XA, XB: , as appropriate]."
    view_ = view.paragraph(table.state, table.pars[0], table.code)
    assert Run(", as appropriate", "insert", (id,)) in view_.runs and view_.open_brackets == 1
    assert "".join(run.text for run in view_.runs if not run.proposals) == BASE


def test_a_deletion_and_those_who_retain() -> None:
    table = Table(BASE)
    id = table.propose("XC", 0, "States should hold one exercise.")[0]
    stand(table, "XD", id, "oppose")
    stand(table, "XB", id, "oppose", "ALP")
    stand(table, "XE", id, "reserve")
    assert shown(table) == (
        "States should hold one exercise [~~each year~~ – XC: delete] (ALP, XD: retain) (XE: reserves).")
    styles = {run.style for run in view.paragraph(table.state, table.pars[0], table.code).runs}
    assert styles == {"plain", "bracket", "delete", "attribution", "remark"}


def test_a_replacement_with_its_supporters() -> None:
    table = Table(BASE)
    id = table.propose("XB", 0, "States shall hold one exercise each year.")[0]
    stand(table, "XC", id, "support")
    stand(table, "XD", id, "support", "LSG")
    assert shown(table) == "States [should / shall (XB, LSG, XC)] hold one exercise each year."


def test_overlapping_spans_are_one_cluster_and_equal_outcomes_one_alternative() -> None:
    table = Table(BASE)
    table.propose("XB", 0, "States should hold two exercises each year.")
    table.propose("XC", 0, "States should hold two exercises each year.")
    table.propose("XD", 0, "States should hold one large exercise each year.")
    text = shown(table)
    assert text.startswith("States should hold [one exercise / ") and text.endswith("] each year.")
    assert "two exercises (XB, XC)" in text.replace("XC, XB", "XB, XC") and "one large exercise (XD)" in text
    (row,) = view.outline(table.state)
    assert (row.open_brackets, row.open_proposals, row.first_words) == (1, 3, BASE)


def test_rival_insertions_at_one_place() -> None:
    table = Table(BASE)
    a = table.propose("XB", 0, "All States should hold one exercise each year.")[0]
    b = table.propose("XC", 0, "Most States should hold one exercise each year.")[0]
    first, second = [("All", "XB"), ("Most", "XC")] if a < b else [("Most", "XC"), ("All", "XB")]
    assert shown(table) == f"[{first[0]} ({first[1]}) / {second[0]} ({second[1]})] {BASE}"


def test_the_whole_paragraph_and_moves_and_reservations() -> None:
    table = Table(BASE, "Two.")
    me = table["XC"]
    id = table.do("XC", "text.propose", rules.propose_delete(me.text, me.delegation, table.pars[0]))
    stand(table, "XD", id, "oppose")
    other = table["XE"]
    table.do("XE", "text.propose", rules.propose_move(other.text, other.delegation, table.pars[0], table.pars[1]))
    for name in ("XA", "XB"):
        stand(table, name, table.pars[0], "reserve")
    stand(table, "XE", table.pars[0], "scrutiny reservation", "ALP")
    assert shown(table) == (
        f"[{BASE} – XC: delete] (XD: retain) (XE: move after OP 2) (XA, XB: reserve) (ALP: scrutiny reservation)")


def test_brackets_that_came_with_the_words_keep_their_style() -> None:
    words = "[six (XA, XB) / twelve (XI)] months and more"
    table = Table(words)
    table.propose("XD", 0, words.replace("more", "less"))
    runs = view.paragraph(table.state, table.pars[0], table.code).runs
    base = "".join(run.text for run in runs if not run.proposals)
    assert base == "[six (XA, XB) / twelve (XI)] months and "
    assert [run for run in runs if run.style == "bracket" and not run.proposals]
    assert view.outline(table.state)[0].open_brackets == 2


def test_what_is_shown_can_be_read_back_as_notation() -> None:
    table = Table(BASE)
    table.propose("XA", 0, "States should hold one exercise each year, as appropriate.")
    table.propose("XB", 0, "States shall hold one exercise each year.")
    kinds = {node.kind for node in inline.parse(shown(table)).nodes}
    assert kinds >= {"insert", "alternatives"}


def test_convergence_counts_the_longest_alternative() -> None:
    table = Table("one two three four", "five [six seven / eight] nine")
    assert view.convergence(table.state) == (6, 8)
    table.propose("XB", 0, "one zwei drei drei four")
    table.propose("XC", 0, "one two four")
    assert view.convergence(table.state) == (4, 9)
    table.do("XD", "text.propose", rules.propose_delete(table["XD"].text, table["XD"].delegation, table.pars[1]))
    assert view.convergence(table.state) == (2, 9)


def test_head() -> None:
    table = Table(BASE, "Two.")
    table.propose("XB", 0, "States shall hold one exercise each year.")
    table.do("XA", "text.agree", rules.agree(table["XA"].text, table["XA"].id, table.pars[1]))
    head = view.head(table.state, table.room)
    assert (head.title, head.room, head.paragraphs, head.open_paragraphs, head.open_proposals) == (
        "Draft decision", table.room, 2, 1, 1)
    assert (head.pen_device, head.frozen, head.waiting) == (table["XA"].id, "", 0)


def test_comments_and_proposals_of_a_delegation() -> None:
    table = Table(BASE)
    id = table.propose("XB", 0, "States shall hold one exercise each year.")[0]
    table.do("XC", "text.comment", rules.comment(table["XC"].text, id, "We need time."))
    assert [words for _, _, words, _ in view.comments(table.state, id)] == ["We need time."]
    assert [one.id for one in view.proposals(table.state, table.code, table["XB"].delegation)] == [id]
    assert view.proposals(table.state, table.code, table["XC"].delegation) == []


def test_a_new_first_paragraph_hangs_on_none() -> None:
    table = Table(BASE)
    body = rules.propose_paragraph(table["XB"].text, table["XB"].delegation, "", "PP", "Recalling its mandate,")
    id = table.do("XB", "text.propose", body)
    (one,) = view.at_start(table.state, table.code)
    assert (one.id, one.section, one.after) == (id, "PP", "")


def test_the_sample_text_opens_and_reads_as_it_stands() -> None:
    file = Path(__file__).parents[4] / "shared" / "facts" / "sample_text_expected.json"
    if not file.exists():
        pytest.skip("the sample is not beside this checkout")
    lines = file.with_name("sample_text.md").read_text(encoding="utf-8").splitlines()
    words = [line.split("** ", 1)[1].rsplit(" *(", 1)[0] for line in lines if line.startswith("**") and "** " in line]
    table = Table(*words)
    for at, said in enumerate(words):
        assert shown(table, at) == said
    assert sum(row.open_brackets for row in view.outline(table.state)) == sum(said.count("[") for said in words)
    assert json.loads(file.read_text(encoding="utf-8"))["summary"]["paragraphs"] == len(words)
