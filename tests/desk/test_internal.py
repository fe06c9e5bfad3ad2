"""The internal side of a text: notes by kind, and drafts that a second officer releases before they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.domain import internal
from valise.domain.errors import NotAllowed
from valise.domain.internal import Said

PARAGRAPHS = [
    {"section": "OP", "label": "OP 1", "words": "States should designate points of contact;", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "Invites States to test them.", "status": "open"},
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """XA has two laptops with an officer each, XB one."""
    made = World(tmp_path, ("XA", "XB"))
    made.desks["XA-2"] = enrolled(made, "XA-2", "Second officer")
    yield made
    made.close()


def enrolled(world: World, name: str, officer: str) -> Desk:
    gate = world.gate(name)
    request = gate.ask_enrolment(officer=officer, role="Adviser", passphrase=bytearray(b"another one"))
    key_file = (world.base / "XA" / KEY_FILE).read_bytes()
    rights = ("observe", "speak", "amend", "pen", "commit")
    answer = world["XA"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), rights)
    desk = gate.finish_enrolment(answer, bytearray(b"another one"))
    desk.exchange.use_folder(world.share)
    desk.exchange.resend = 60_000
    return desk


def opened(world: World) -> tuple[str, str, str]:
    room = world.room(members=("XA", "XB"))
    text = world["XB"].texts.open(room, "Draft decision", paragraphs=PARAGRAPHS)
    calm(world)
    one, two = [row.id for row in world["XA-2"].texts.outline(text)][1:]
    return text, one, two


def calm(world: World) -> None:
    world.exchange(rounds=2, pause=61_000)
    world.accept_laptops()
    world.exchange(rounds=5, pause=61_000)


def refused(code: str, call: Callable[..., object], *given: object) -> None:
    with pytest.raises(NotAllowed) as caught:
        call(*given)
    assert caught.value.code == code


def test_notes_by_kind_are_replaced_and_struck_on_both_laptops(world: World) -> None:
    text, one, two = opened(world)
    a, second = world["XA"].internal, world["XA-2"].internal
    red = a.write(text, one, "Not weaker than should", "red line")
    a.write(text, one, "encouraged would do", "fallback")
    second.write(text, two, "Ask for every year", "instruction")
    calm(world)
    for side in (a, second):
        assert [(one.sort, one.words) for one in side.notes(text)] == [
            ("red line", "Not weaker than should"), ("fallback", "encouraged would do"), ("instruction", "Ask for every year")]
    second.write(text, one, "Not weaker than should, said the capital", "red line", replaces=red)
    a.strike(text, a.notes(text, two)[0].id)
    calm(world)
    for side in (a, second):
        assert sorted(one.words for one in side.notes(text)) == ["Not weaker than should, said the capital", "encouraged would do"]
    assert world["XB"].internal.notes(text) == []
    for desk in (world["XA"], world["XA-2"]):  # what holds is found, and leads to its paragraph
        assert [(hit.kind, hit.ref) for hit in desk.search("capital")] == [("note", f"{text}#{one}")]
        assert not desk.search("every year") and desk.search("encouraged")
    assert not world["XB"].search("capital") and not world["XB"].search("encouraged")
    refused("internal.sort", a.write, text, one, "words", "wish")
    refused("internal.empty", a.write, text, one, "  ")
    refused("internal.unknown", a.strike, text, text)
    before = a.notes(text)
    world["XA"].rebuild()
    assert a.notes(text) == before


def test_a_draft_leaves_when_another_officer_releases_it(world: World) -> None:
    text, one, _ = opened(world)
    a, second, b = world["XA"], world["XA-2"], world["XB"]
    assert not a.internal.four_eyes().on
    assert a.internal.want_four_eyes(True).on
    calm(world)
    assert second.internal.four_eyes().on
    assert second.texts.propose_words(text, one, "States shall designate points of contact;", "stronger") == []
    calm(world)
    assert not b.texts.paragraph(text, one).proposals
    (draft,) = a.internal.drafts()
    assert (draft.officer, draft.state, draft.mine, draft.reason) == ("Second officer", "waiting", False, "stronger")
    assert [(held.quote, held.words) for held in draft.changes] == [("should", "shall")]
    assert second.internal.drafts()[0].mine
    assert [due.line for due in a.overview().due if due.line.startswith("release")] == ["release.waiting"]
    refused("release.own", second.internal.release, draft.id)
    (proposal,) = a.internal.release(draft.id)
    calm(world)
    for desk in (a, second, b):
        (shown,) = desk.texts.paragraph(text, one).proposals
        assert (shown.id, shown.label, shown.reason) == (proposal, "XA/1", "stronger")
    assert a.internal.drafts() == second.internal.drafts() == []
    (settled,) = second.internal.drafts(settled=True)
    assert (settled.state, settled.decided_by) == ("released", "Officer XA")
    refused("release.decided", a.internal.release, draft.id)


def test_a_returned_draft_says_why_and_its_author_writes_anew(world: World) -> None:
    text, one, two = opened(world)
    a, second, b = world["XA"], world["XA-2"], world["XB"]
    a.internal.want_four_eyes(True)
    second_draft = a.texts.propose_delete(text, two, "not needed")
    assert second_draft == []
    a.texts.propose_words(text, one, "States shall designate points of contact;")
    calm(world)
    deletion, words = second.internal.drafts(text)
    second.internal.give_back(words.id, "Too strong for the capital")
    second.internal.give_back(deletion.id, "")
    calm(world)
    returned = {one.id: one for one in a.internal.drafts(text)}
    assert (returned[words.id].state, returned[words.id].answer) == ("returned", "Too strong for the capital")
    assert {due.line for due in a.overview().due if due.line.startswith("release")} == {"release.returned"}
    assert second.internal.drafts(text) == []
    a.texts.propose_words(text, one, "States are encouraged to designate points of contact;", replaces=words.id)
    a.internal.take_back(deletion.id)
    calm(world)
    assert [one.changes[0].words for one in second.internal.drafts(text)] == ["are encouraged to"]
    second.internal.release(second.internal.drafts(text)[0].id)
    calm(world)
    assert [one.words for one in b.texts.paragraph(text, one).proposals] == ["are encouraged to"]
    assert not b.texts.paragraph(text, two).proposals


def test_a_draft_for_words_that_are_gone_does_not_leave(world: World) -> None:
    text, one, _ = opened(world)
    a, second, b = world["XA"], world["XA-2"], world["XB"]
    a.internal.want_four_eyes(True)
    a.texts.propose_words(text, one, "States shall designate points of contact;")
    calm(world)
    b.texts.merge(text, [{"op": "words", "paragraph": one, "words": "States should name points of contact;"}], [])
    calm(world)
    (draft,) = second.internal.drafts(text)
    assert draft.state == "stale"
    refused("release.stale", second.internal.release, draft.id)
    assert [due.line for due in a.overview().due if due.line.startswith("release")] == ["release.stale"]
    a.internal.take_back(draft.id)
    assert a.internal.drafts(text) == []


def test_proposals_found_in_a_file_wait_too(world: World) -> None:
    room = world.room(members=("XA", "XB"))
    a = world["XA"]
    a.internal.want_four_eyes(True)
    change = {"kind": "words", "paragraph": 0, "span": (7, 13), "words": "shall", "author": "XC", "after": -1, "section": "OP"}
    text = a.texts.open(room, "Draft decision", paragraphs=PARAGRAPHS, changes=[change])
    calm(world)
    assert not any(row.open_proposals for row in world["XB"].texts.all())
    (draft,) = world["XA-2"].internal.drafts(text)
    assert draft.changes[0].words == "shall"


def test_one_officer_sets_the_rule_and_two_lift_it(world: World) -> None:
    opened(world)
    a, second = world["XA"].internal, world["XA-2"].internal
    assert a.four_eyes().seconds == ("Second officer",)
    assert a.want_four_eyes(True).on
    assert a.want_four_eyes(False).on  # alone it only says that it wants to
    calm(world)
    assert (second.four_eyes().on, second.four_eyes().lifting) == (True, "Officer XA")
    assert not second.want_four_eyes(False).on
    calm(world)
    assert not a.four_eyes().on
    refused("release.alone", world["XB"].internal.want_four_eyes, True)


def test_the_rule_and_the_decision_are_the_same_in_any_order() -> None:
    first, second, third = Said((1,), "A", "on"), Said((2,), "A", "off"), Said((3,), "B", "off")
    assert internal.four_eyes([third, first, second]) == (False, "")
    assert internal.four_eyes([second, first]) == (True, "A")
    assert internal.four_eyes([first, second, Said((4,), "A", "off")]) == (True, "A")
    assert internal.four_eyes([first, second, Said((4,), "B", "on")]) == (True, "")
    returned, withdrawn, released = Said((1,), "B", "returned"), Said((2,), "A", "withdrawn"), Said((3,), "B", "released")
    assert internal.outcome("A", [returned, withdrawn, released]) is released
    assert internal.outcome("A", [returned, withdrawn]) is withdrawn
    assert internal.outcome("A", [Said((1,), "A", "released"), Said((2,), "B", "withdrawn"), Said((3,), "", "released")]) is None
