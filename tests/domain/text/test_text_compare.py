"""Two revisions side by side: every paragraph accounted for, the words add up, and the right delegations are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from negotiation import World

from valise.domain.errors import NotYet
from valise.domain.text import rules, view
from valise.domain.text import words as w
from valise.domain.text.compare import _moved, _together, altered, compare
from valise.domain.text.fold import TextState


@pytest.fixture
def world() -> World:
    return World(7, codes=("XA", "XB", "XC"), devices=1)


def say(world: World, who: int, kind: str, body: dict[str, object]) -> str:
    device = world.devices[who]
    op = device.act(kind, body)
    world.spread(device, op)
    return op.id


def revise(world: World, number: int) -> str:
    pen = world.devices[0]
    return say(world, 0, "text.revision", rules.revision(pen.text, pen.id, f"FICT/1/Rev.{number}"))


def amend(world: World, who: int, paragraph: str, words: str) -> str:
    device = world.devices[who]
    return say(world, who, "text.propose", rules.propose_words(device.text, device.delegation, paragraph, words)[0])


def sides(world: World, first: str, second: str) -> tuple[TextState, TextState]:
    text = world.devices[0].text
    return text.as_of(first), text.as_of(second)


def test_nothing_happened(world: World) -> None:
    first, second = revise(world, 1), revise(world, 2)
    old, new = sides(world, first, second)
    rows = compare(old.book, new.book)
    assert len(rows) == 1 + len(new.book.standing()) and rows[0].section == "title"
    assert not altered(rows)


def test_a_taken_proposal_is_its_sponsors_change(world: World) -> None:
    first = revise(world, 1)
    pen = world.devices[0]
    one, other = pen.text.book.order[1], pen.text.book.order[2]
    prop = amend(world, 1, one, pen.text.book.pars[one].words + " in good time")
    say(world, 2, "text.cosponsor", rules.cosponsor(world.devices[2].text, world.devices[2].delegation, prop))
    amend(world, 2, other, "Something else entirely")
    say(world, 0, "text.merge", rules.take(pen.text, pen.id, prop))
    old, new = sides(world, first, revise(world, 2))
    rows = altered(compare(old.book, new.book))
    assert [row.id for row in rows] == [one]
    assert rows[0].fate == "changed" and not rows[0].pen
    assert rows[0].by == tuple(sorted((world.devices[1].delegation, world.devices[2].delegation)))
    assert w.apply(rows[0].before, rows[0].hunks) == rows[0].after
    assert altered(rows, by=world.devices[0].delegation) == ()
    assert altered(rows, by=world.devices[1].delegation) == rows


def test_what_the_pen_writes_by_itself_says_so(world: World) -> None:
    first = revise(world, 1)
    pen = world.devices[0]
    one, two, three, four = pen.text.book.order[:4]
    edits = [
        {"op": "words", "paragraph": one, "words": "Reworded by the pen"}, {"op": "drop", "paragraph": two},
        {"op": "move", "paragraph": four, "after": one},
        {"op": "add", "after": three, "section": "OP", "label": "OP 9", "words": "New words"},
    ]  # fmt: skip
    say(world, 0, "text.merge", rules.merge(pen.text, pen.id, edits, []))
    old, new = sides(world, first, revise(world, 2))
    rows = {row.id: row for row in compare(old.book, new.book)}
    assert (rows[one].fate, rows[one].pen, rows[one].by) == ("changed", True, ())
    assert (rows[two].fate, rows[two].pen, rows[two].after, rows[two].label_after) == ("dropped", True, "", "")
    assert rows[four].moved and rows[four].fate == "same" and not rows[three].moved
    made = next(row for row in rows.values() if row.fate == "new")
    assert (made.label_before, made.label_after, made.before, made.pen) == ("", "OP 9", "", True)
    order = list(rows)
    assert order.index(two) == order.index(one) + 1  # a dropped one stands after what it followed


def test_a_new_paragraph_belongs_to_who_proposed_it(world: World) -> None:
    first = revise(world, 1)
    pen, other = world.devices[0], world.devices[1]
    after = pen.text.book.order[2]
    body = rules.propose_paragraph(other.text, other.delegation, after, "OP", "Invites States to answer;", "")
    prop = say(world, 1, "text.propose", body)
    say(world, 0, "text.merge", rules.take(pen.text, pen.id, prop))
    old, new = sides(world, first, revise(world, 2))
    rows = altered(compare(old.book, new.book))
    assert [(row.fate, row.by, row.pen) for row in rows] == [("new", (other.delegation,), False)]


def test_as_of_is_the_text_of_that_revision(world: World) -> None:
    hashes = {}
    for number in (1, 2, 3):
        amend(world, 1, world.devices[0].text.book.order[number], f"Wording number {number}")
        pen = world.devices[0]
        say(world, 0, "text.merge", rules.take(pen.text, pen.id, next(
            prop.node.id for prop in pen.text.book.props.values() if prop.state == "open")))  # fmt: skip
        made = revise(world, number)
        hashes[made] = pen.text.proof()["text"]
    text = world.devices[0].text
    for revision, proof in hashes.items():
        assert text.as_of(revision).proof()["text"] == proof
    shown = [view.convergence(text.as_of(revision)) for revision in hashes]
    assert all(0 < free <= every for free, every in shown)
    with pytest.raises(NotYet):
        text.as_of("nothing")


@pytest.mark.parametrize("seed", range(12))
def test_any_two_revisions_of_any_negotiation_add_up(seed: int) -> None:
    world = World(seed).run(160)
    text = world.fold()
    revisions = list(text.book.editions)
    for first, second in [(a, b) for a in revisions for b in revisions if text.book.place[a] <= text.book.place[b]][:12]:
        old, new = text.as_of(first), text.as_of(second)
        rows = compare(old.book, new.book)
        assert len({row.id for row in rows}) == len(rows)
        assert [row.id for row in rows if row.fate != "dropped"] == [new.book.title_id, *(p.id for p in new.book.standing())]
        assert {row.id for row in rows if row.fate != "new"} == {old.book.title_id, *(p.id for p in old.book.standing())}
        for row in rows:
            assert w.apply(row.before, row.hunks) == (row.after if row.fate == "changed" else row.before)
            assert row.fate in ("same", "dropped") or row.by or row.pen


@given(st.permutations(range(9)))
def test_the_fewest_moves_explain_an_order(order: list[int]) -> None:
    was, now = [str(n) for n in range(9)], [str(n) for n in order]
    gone = _moved(was, now)
    kept = [one for one in now if one not in gone]
    assert kept == sorted(kept)
    longest = 0
    for mask in range(512):
        some = [one for at, one in enumerate(order) if mask >> at & 1]
        if some == sorted(some):
            longest = max(longest, len(some))
    assert len(kept) == longest


def test_what_is_gone_stands_where_it_stood() -> None:
    assert _together(["a", "b", "c"], ["c", "d"]) == ["a", "b", "c", "d"]
    assert _together(["a", "b"], []) == ["a", "b"]
    assert _together([], ["a"]) == ["a"]
    assert _together(["a", "b", "c"], ["c", "a"]) == ["c", "a", "b"]
