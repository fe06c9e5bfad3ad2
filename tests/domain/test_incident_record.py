"""One record: whatever the order, whoever says what, the same for all."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.incident_hands import (
    HEAD,
    XA,
    XB,
    XC,
    XD,
    acknowledged,
    answered,
    closing,
    form,
    ident,
    offered,
    op,
    opening,
    said,
    updated,
)

from valise.domain.errors import Refused
from valise.domain.incident import inside, rules
from valise.domain.incident.record import Incident, fold
from valise.domain.kinds import kind as kind_of
from valise.domain.op import Op


def folded(*ops: Op, suspended: frozenset[str] = frozenset()) -> Incident:
    made = fold(ops, suspended)
    assert made is not None
    return made


def test_without_its_opening_there_is_nothing() -> None:
    assert fold([acknowledged(opening(), XB)]) is None
    assert fold([]) is None


def test_how_far_it_has_come() -> None:
    first = opening()
    ack, answer, offer = acknowledged(first, XB), answered(first, XB), offered(first, XC)
    choice = said(first, "incident.choose", XA, offers=[offer.id], words="")
    close = closing(first)
    again = said(first, "incident.reopen", XA, closes=[close.id], words="It came back.")
    steps = (first, ack, answer, offer, choice, close, again)
    states = [folded(*steps[: n + 1]).state for n in range(len(steps))]
    assert states == ["sent", "acknowledged", "answered", "offered", "chosen", "closed", "chosen"]


def test_what_is_not_its_authors_to_say_stays_in_the_record_and_counts_for_nothing() -> None:
    first, offer = opening(), offered(opening(), XB)
    strange = (
        closing(first, XB), updated(first, XB, status="ended"), acknowledged(first, XA), answered(first, XA),
        offered(first, XA), said(first, "incident.raise", XB, tier="T3", words=""),
        said(first, "incident.choose", XC, offers=[offer.id], words=""), said(first, "incident.withdraw", XC, offer=offer.id, words=""),
    )  # fmt: skip
    made = folded(first, offer, *strange)
    assert (made.state, made.tier, made.form["status"]) == ("offered", "T1", "suspected")
    assert not made.offers[0].chosen and not made.offers[0].withdrawn
    assert {one.id for one in made.lines if not one.counts} == {one.id for one in strange}


def test_what_is_said_in_another_room_is_said_to_other_people() -> None:
    first = opening()
    elsewhere = said(first, "incident.close", XA, room=ident("other"), form={**HEAD, "record_copy": "x"}, seen=[])
    assert folded(first, elsewhere).state == "sent"


def test_two_values_unseen_by_each_other_stand_both_until_one_takes_their_place() -> None:
    first = opening()
    one, other = updated(first, over=(first.id,), status="contained"), updated(first, over=(first.id,), status="ended")
    made = folded(first, one, other)
    assert made.differs == {"status"} and {value for _, value in made.standing["status"]} == {"contained", "ended"}
    settled = updated(first, over=(one.id, other.id), at=6_000, status="ended")
    assert folded(first, one, other, settled).differs == frozenset()
    assert folded(first, one, other, settled).form["status"] == "ended"
    same = updated(first, over=(first.id,), at=7_000, status="ended")
    assert folded(first, other, same).differs == frozenset()  # two say the same: no difference


def test_an_update_changes_only_what_it_may() -> None:
    body = {"incident": ident("x"), "form": {**HEAD, "exercise": 1}, "over": [], "files": []}
    with pytest.raises(Refused):
        kind_of("incident.update").body.check(body)
    first = opening(exercise=1)
    assert folded(first, updated(first, over=(first.id,), title="Another")).exercise


def test_an_operation_of_a_laptop_with_two_histories_counts_for_nothing() -> None:
    first, close = opening(), closing(opening())
    assert folded(first, close, suspended=frozenset({close.id})).state == "sent"


def test_the_tier_only_rises_and_its_time_begins_with_the_first_who_raised_it() -> None:
    first = opening()
    ups = [said(first, "incident.raise", XA, at=at, tier=tier, words="") for at, tier in ((5_000, "T2"), (4_000, "T2"), (6_000, "T0"))]
    made = folded(first, *ups)
    assert (made.tier, made.tier_since) == ("T2", 4_000)
    assert folded(first, ups[2]).tier_since == first.at


def test_the_hash_is_that_of_the_record_and_names_every_operation() -> None:
    first, ack = opening(), acknowledged(opening(), XB)
    made = folded(first, ack)
    assert hashlib.sha256(made.record).hexdigest() == made.hash
    record = json.loads(made.record)
    assert {one["id"] for one in record["operations"]} == {first.id, ack.id}
    assert made.hash != folded(first).hash


def test_a_closure_shows_what_it_had_not_seen() -> None:
    first, ack = opening(), acknowledged(opening(), XB)
    close = closing(first, seen=(first.id,))
    made = folded(first, ack, close)
    assert [rules.after_closure(made, line) for line in made.lines] == [False, True, False]


def everything() -> list[Op]:
    first = opening(onward_sharing=["CSIRT"], severity={"level": "3", "scale": "A to E"})
    offers = [offered(first, who, f"Help {n}", at=3_000 + n) for n, who in enumerate((XB, XC, XD))]
    one, other = updated(first, over=(first.id,), status="contained"), updated(first, over=(first.id,), status="ended", sectors=["food"])
    return [
        first, *(acknowledged(first, who, at=at) for at, who in ((2_000, XB), (1_500, XB), (2_500, XC))), answered(first, XB), *offers,
        said(first, "incident.withdraw", XC, offer=offers[1].id, words=""), one, other,
        updated(first, over=(one.id,), at=5_000, status="contained", impact="Less."),
        said(first, "incident.choose", XA, offers=[offers[0].id, offers[1].id], words=""),
        said(first, "incident.raise", XA, tier="T2", words="No answer"), said(first, "incident.raise", XA, tier="T3", words=""),
        closing(first, seen=(first.id,)), closing(first, XB), said(first, "incident.reopen", XA, closes=[ident("nothing")], words="x"),
    ]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 18))
def test_any_order_of_operations_gives_the_same_record(rng: random.Random, left_out: int) -> None:
    ops = everything()
    kept = [one for n, one in enumerate(ops) if n == 0 or n != left_out]
    expected = folded(*kept)
    shuffled = [*kept, *kept[:3]]  # some of them twice
    rng.shuffle(shuffled)
    made = folded(*shuffled)
    assert made.record == expected.record and made.hash == expected.hash
    assert made == expected


_ATOM = st.one_of(st.integers(), st.text(max_size=20), st.none(), st.floats(allow_nan=False), st.booleans())
_ANY = st.recursive(_ATOM, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(form())), _ANY)
def test_a_form_with_a_wrong_value_is_refused_or_harmless(key: str, value: Any) -> None:
    body = {"form": {**form(), key: value}, "embargo": 0, "files": []}
    try:
        kind_of("incident.open").body.check(body)
    except Refused:
        return
    assert folded(replace(opening(), body=body)).hash


@pytest.mark.parametrize("form_of", [
    {**form(), "unknown": "x"}, {key: value for key, value in form().items() if key != "title"}, {**form(), "title": ""},
    {**form(), "title": "x" * 301}, {**form(), "description": "x" * 20_001}, {**form(), "sectors": ["water"] * 11},
    {**form(), "sectors": "water"}, {**form(), "exercise": 2}, {**form(), "exercise": True}, {**form(), "tlp": "TLP:WHITE"},
    {**form(), "reply_requested_by": -1}, {**form(), "message_type": "ping"}, {**form(), "title": "a\u202eb"},
    {**form(), "infrastructure_in_recipient_territory": [{"what": "x", "from": 0}]}, {**form(), "indicators": ["not an id"]},
], ids=range(15))  # fmt: skip
def test_forms_that_no_honest_peer_sends_never_enter(form_of: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"op\.body"):
        kind_of("incident.open").body.check({"form": form_of, "embargo": 0, "files": []})


def test_what_is_inside_is_a_set_too() -> None:
    first = opening()

    def within(kind: str, at: int, **body: Any) -> Op:
        return op(kind, XA, {"incident": first.id, **body}, at=at)

    note = within("incident.note", 1, words="Looks like March", replaces="")
    newer = within("incident.note", 2, words="It is not", replaces=note.id)
    task = within("incident.task", 3, words="Ask for logs", officer="", due=9_000, replaces="")
    gone = within("incident.task", 4, words="Wrong", officer="", due=0, replaces="")
    ops = [note, newer, task, gone, within("incident.strike", 5, what=gone.id), within("incident.done", 6, task=task.id, words="Got them")]
    made = inside.fold(ops, first.id)
    assert [one.words for one in made.notes] == ["It is not"]
    assert [(one.words, one.done_at, one.answer) for one in made.tasks] == [("Ask for logs", 6, "Got them")]
    for seed in range(6):
        random.Random(seed).shuffle(ops)
        assert inside.fold(ops, first.id) == made
    assert inside.fold(ops, ident("other")) == inside.Inside()
