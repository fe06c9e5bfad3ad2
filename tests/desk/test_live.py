"""Comparing words live between two laptops over a real folder: it ends in the same words, or it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.trust_views import Live
from valise.domain import compare
from valise.domain.errors import NotAllowed
from valise.protocol import operation
from valise.protocol.canonical import b64u

TERM = compare.TERM


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    h.talk(made, "bilateral", members=("XA", "XB"))
    yield made
    made.close()


def live(world: World, one: str, other: str) -> Live:
    return world[one].trust.live(world.id(other))


def both(world: World) -> tuple[Live, Live]:
    return live(world, "XA", "XB"), live(world, "XB", "XA")


def until_words(world: World) -> None:
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    world["XB"].trust.compare(world.id("XA"))
    world.exchange(rounds=3)


def room_of(world: World) -> str:
    return next(one.id for one in world["XA"].rooms.all() if one.kind == "bilateral")


def body_of(desk: Desk, kind: str) -> dict[str, str]:
    """What was said last of a kind."""
    with desk.store.read() as handle:
        row = handle.row("select raw from op where kind = ? order by n desc", (kind,))
    return dict(json.loads(row[0])["body"])


def forge(world: World, kind: str, body: dict[str, str]) -> None:
    """XB says something its own desk would not say, as far as its keys allow."""
    room, before = room_of(world), getattr(world, "forged", [])
    more = {"seq": before[-1][0] + 1, "prev": before[-1][1]} if before else {}  # its own desk knows nothing of it
    made = h.item(world["XB"], fields := h.fields(world["XB"], room, kind, body, h.CHAT, **more), h.CHAT)
    world.forged = [*before, (fields["seq"], operation.op_id(made.raw, "chat"))]  # type: ignore[attr-defined]
    assert h.send(world["XB"], world["XA"], room, h.CHAT, items=(made,)).operations == 1
    world["XA"].exchange.now()


def test_two_laptops_come_to_the_same_four_words(world: World) -> None:
    assert [one.stage for one in both(world)] == ["none", "none"]
    assert world["XA"].trust.compare(world.id("XB")).stage == "waiting"
    world.exchange(rounds=2)
    assert live(world, "XB", "XA").stage == "asked" and world["XB"].trust.asked() == (world.id("XA"),)
    assert "contact.compares" in [due.line for due in world["XB"].overview().due]
    world["XB"].trust.compare(world.id("XA"))
    world.exchange(rounds=3)
    ours, theirs = both(world)
    assert ours.stage == theirs.stage == "ready"
    assert ours.words == theirs.words and ours.digits == theirs.digits and len(ours.words) == 4
    for one, other in (("XA", "XB"), ("XB", "XA")):
        world[one].trust.same(world.id(other))
        assert world[one].contacts.one(world.id(other)).trust == "verified in person"
        assert world[one].trust.story(world.id(other)).how == "words"
        assert live(world, one, other).stage == "none"


def test_nothing_of_it_is_signed(world: World) -> None:
    until_words(world)
    with world["XB"].store.read() as handle:
        rows = handle.rows("select klass, sig from op where kind like 'compare.%'")
    assert len(rows) == 3 and {(klass, bytes(sig)) for klass, sig in rows} == {(1, b"")}


def test_different_words_stop_the_sending(world: World) -> None:
    until_words(world)
    world["XA"].trust.different(world.id("XB"))
    assert world["XA"].contacts.one(world.id("XB")).stopped == "differs"
    assert live(world, "XA", "XB").hindered == "contact.differs"
    with pytest.raises(NotAllowed, match=r"contact\.differs"):
        world["XA"].trust.compare(world.id("XB"))


def test_nobody_says_the_same_before_there_are_words(world: World) -> None:
    for act in ("same", "different"):
        with pytest.raises(NotAllowed, match=r"compare\.none"):
            getattr(world["XA"].trust, act)(world.id("XB"))
    world["XA"].trust.compare(world.id("XB"))
    with pytest.raises(NotAllowed, match=r"compare\.none"):
        world["XA"].trust.same(world.id("XB"))


def test_it_ends_after_ten_minutes_and_when_the_clock_is_set_back(world: World) -> None:
    until_words(world)
    world.clock.advance(TERM)
    assert [(one.stage, one.why) for one in both(world)] == [("ended", "expired")] * 2
    with pytest.raises(NotAllowed, match=r"compare\.none"):
        world["XA"].trust.same(world.id("XB"))
    until_words(world)
    assert both(world)[0].stage == "ready"
    world.clock.at -= 3 * TERM
    assert [one.why for one in both(world)] == ["expired"] * 2


def test_an_old_offer_is_answered_by_nobody(world: World) -> None:
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    world.clock.advance(TERM)
    assert live(world, "XB", "XA").stage == "none" and world["XB"].trust.asked() == ()


def test_putting_it_off_tells_the_other(world: World) -> None:
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    world["XB"].trust.cancel(world.id("XA"))
    world.exchange(rounds=2)
    assert (live(world, "XA", "XB").stage, live(world, "XA", "XB").why) == ("ended", "cancelled")
    assert live(world, "XB", "XA").stage == "none"
    until_words(world)
    assert [one.stage for one in both(world)] == ["ready", "ready"]


def test_a_restart_ends_it_and_it_begins_anew(world: World) -> None:
    """The nonce is in the memory of the process only."""
    until_words(world)
    world.reopen("XA")
    assert live(world, "XA", "XB").stage == "none"
    world["XB"].trust.cancel(world.id("XA"))
    until_words(world)
    assert [one.stage for one in both(world)] == ["ready", "ready"]


def test_both_may_press_at_once(world: World) -> None:
    for one, other in (("XA", "XB"), ("XB", "XA")):
        world[one].trust.compare(world.id(other))
    world.exchange(rounds=6)
    ours, theirs = both(world)
    assert ours.stage == theirs.stage == "ready" and ours.words == theirs.words


# -- a peer that does not keep to it


def test_another_nonce_than_the_committed_one_is_refused(world: World) -> None:
    """One guess for who stands between: after it knows our nonce it cannot choose its own."""
    world["XB"].trust.compare(world.id("XA"))
    world.exchange(rounds=2)
    world["XA"].trust.compare(world.id("XB"))
    world["XA"].exchange.now()
    talk = body_of(world["XB"], "compare.offer")["talk"]
    ours = body_of(world["XA"], "compare.answer")["nonce"]
    forge(world, "compare.reveal", {"talk": talk, "nonce": b64u(b"better for me" + bytes(19)), "answer": ours})
    assert (live(world, "XA", "XB").stage, live(world, "XA", "XB").why) == ("ended", "commitment")
    assert world["XA"].contacts.one(world.id("XB")).trust == "received only"


def test_our_own_words_given_back_end_it(world: World) -> None:
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    said = body_of(world["XA"], "compare.offer")
    forge(world, "compare.answer", {"talk": said["talk"], "nonce": said["commitment"], "certificate": said["certificate"]})
    assert (live(world, "XA", "XB").stage, live(world, "XA", "XB").why) == ("ended", "reflected")


def test_our_own_offer_replayed_is_none_of_theirs(world: World) -> None:
    """The same transaction, offered back: it stays ours, and nobody is asked to answer it."""
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    forge(world, "compare.offer", body_of(world["XA"], "compare.offer"))
    assert live(world, "XA", "XB").stage == "waiting"
    assert world["XA"].trust.asked() == ()


def test_a_finished_comparison_is_not_replayed(world: World) -> None:
    until_words(world)
    world["XA"].trust.same(world.id("XB"))
    for kind in ("compare.offer", "compare.answer", "compare.reveal"):
        forge(world, kind, body_of(world["XA"], kind))
    assert live(world, "XA", "XB").stage == "none" and world["XA"].trust.asked() == ()


def test_a_second_answer_ends_it(world: World) -> None:
    until_words(world)
    said = body_of(world["XB"], "compare.answer")
    forge(world, "compare.answer", {**said, "nonce": b64u(b"2" * 32)})
    assert (live(world, "XA", "XB").stage, live(world, "XA", "XB").why) == ("ended", "second answer")
    with pytest.raises(NotAllowed, match=r"compare\.none"):
        world["XA"].trust.same(world.id("XB"))


def test_another_certificate_than_the_one_held_ends_it(world: World) -> None:
    """Unknown key share: who answers with a certificate that is not its laptop's here gets no words."""
    world["XA"].trust.compare(world.id("XB"))
    world.exchange(rounds=2)
    talk = body_of(world["XA"], "compare.offer")["talk"]
    forge(world, "compare.answer", {"talk": talk, "nonce": b64u(b"n" * 32), "certificate": b64u(b"c" * 32)})
    assert (live(world, "XA", "XB").stage, live(world, "XA", "XB").why) == ("ended", "card")
    talk = b64u(b"another talk" + bytes(20))
    forge(world, "compare.offer", {"talk": talk, "commitment": b64u(b"x" * 32), "certificate": b64u(b"c" * 32)})
    with pytest.raises(NotAllowed, match=r"compare\.card"):
        world["XA"].trust.compare(world.id("XB"))


def test_who_stands_between_two_sees_other_words(tmp_path: Path) -> None:
    """A relay with roots of its own, known to each side as the other: the words differ on the two screens."""
    ours, theirs = World(tmp_path / "one", ("XA", "XB")), World(tmp_path / "two", ("XA", "XB"), alike=False)
    for world in (ours, theirs):
        until_words(world)
    # what XA of the first world reads against what XB of the second reads: the false XB and the false XA lie between them
    assert live(ours, "XA", "XB").words != live(theirs, "XB", "XA").words
    assert ours["XA"].contacts.safety(ours.id("XB")) != theirs["XB"].contacts.safety(theirs.id("XA"))
    for world in (ours, theirs):
        world.close()
