"""Joint statements and co-sponsors: one hash, sign-on, late sign-on, the list for elsewhere."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.desk.context import RECORD
from valise.domain import joint
from valise.domain.errors import NotAllowed
from valise.domain.op import Op

WORDS = "We, the undersigned,\n\nreaffirm that points of contact answer within a day.  \n"
PARAGRAPHS = [{"section": "OP", "label": "OP 1", "words": "Invites States to test them.", "status": "open"}]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    made.room()
    yield made
    made.close()


def room(world: World) -> str:
    return next(one.id for one in world["XA"].rooms.all() if one.kind == "group")


def states(world: World, code: str, statement: str) -> dict[str, str]:
    return {one.code: one.state for one in world[code].joint.one(statement).signs}


def refused(code: str, call: Callable[..., object], *given: object) -> None:
    with pytest.raises(NotAllowed) as caught:
        call(*given)
    assert caught.value.code == code


def dues(world: World, code: str) -> list[str]:
    return [one.line for one in world[code].overview().due if one.line.startswith("joint")]


def test_everybody_signs_one_hash_and_late_ones_are_admitted(world: World) -> None:
    a, b, g = (world[code].joint for code in ("XA", "XB", "XG"))
    made = a.open_statement(room(world), "Joint statement on points of contact", WORDS, until=1_796_900_000_000)
    a.sign(made)
    world.exchange()
    assert dues(world, "XB") == ["joint.open"]
    (hit,) = world["XB"].search("undersigned")
    assert (hit.kind, hit.ref, hit.title) == ("joint", made, "Joint statement on points of contact")
    assert hit.excerpt.startswith("We, the undersigned")
    shown = b.one(made)
    assert shown.sound and shown.words == "We, the undersigned,\n\nreaffirm that points of contact answer within a day."
    assert hashlib.sha256(b.words(made).encode()).hexdigest() == shown.hash
    b.sign(made)
    refused("joint.signed", b.sign, made)
    refused("joint.not-opener", b.close, made)
    world.exchange()
    a.close(made)
    world.exchange()
    g.sign(made)
    world.exchange()
    for code in ("XA", "XB", "XG"):
        assert states(world, code, made) == {"XA": "signed", "XB": "signed", "XG": "late"}
        assert world[code].joint.listing(made) == "Aurelia\nBorovia\n"
    assert dues(world, "XA") == ["joint.late"] and dues(world, "XB") == []
    a.admit(made, world.id("XG"))
    refused("joint.not-late", a.admit, made, world.id("XG"))
    world.exchange()
    for code in ("XA", "XB", "XG"):
        assert world[code].joint.listing(made) == "Aurelia\nBorovia\nGallia Minor\n"
    before = g.all()
    world["XG"].rebuild()
    assert g.all() == before
    world.reopen("XG")
    assert world["XG"].joint.all() == before


def test_a_name_is_taken_back_and_a_new_statement_takes_no_names_along(world: World) -> None:
    a, b = world["XA"].joint, world["XB"].joint
    made = a.open_statement(room(world), "Statement", WORDS)
    a.sign(made)
    world.exchange()
    refused("joint.not-signed", b.leave, made)
    b.sign(made)
    b.leave(made)
    world.exchange()
    assert states(world, "XA", made) == {"XA": "signed", "XB": "left"}
    b.sign(made)  # and again, as good as before
    world.exchange()
    assert states(world, "XA", made) == {"XA": "signed", "XB": "signed"}
    refused("joint.not-opener", lambda: b.open_statement(room(world), "Other", "Other words", replaces=made))
    newer = a.open_statement(room(world), "Statement", WORDS + "And more.", replaces=made)
    world.exchange()
    assert b.one(made).newer == newer and b.one(newer).signs == ()
    assert dues(world, "XB") == ["joint.open"]
    refused("joint.empty", a.open_statement, room(world), "Statement", " \n")
    refused("joint.characters", a.open_statement, room(world), "Statement", "words\u202eturned")


def test_co_sponsors_sign_the_hash_of_a_revision(world: World) -> None:
    a, b = world["XA"], world["XB"]
    text = a.texts.open(room(world), "Draft decision", symbol="FICT/CRP.1", paragraphs=PARAGRAPHS)
    revision = a.texts.revision(text, "FICT/CRP.1/Rev.1")
    made = a.joint.open_sponsors(text, revision.id)
    a.joint.sign(made)
    world.exchange()
    shown = b.joint.one(made)
    assert (shown.purpose, shown.hash, shown.sound) == ("co-sponsorship", revision.text_hash, True)
    assert hashlib.sha256(b.joint.words(made).encode()).hexdigest() == shown.hash
    b.joint.sign(made)
    world.exchange()
    assert world["XG"].joint.listing(made) == "Aurelia\nBorovia\n"
    refused("joint.revision", b.joint.open_sponsors, text, text)
    # another hash under that revision is nobody's to sign
    with a.context.write() as tx:
        body = joint.open_sponsors("Draft decision", text, revision.id, "0" * 64, "en")
        false = a.context.author(tx, room(world), "joint.open", body).op.id
    world.exchange()
    assert not b.joint.one(false).sound
    refused("joint.differs", b.joint.sign, false)


def test_words_without_their_hash_are_not_signed(world: World) -> None:
    a, b = world["XA"], world["XB"]
    with a.context.write() as tx:
        body = {**joint.open_statement("Statement", WORDS), "words": "Other words"}
        made = a.context.author(tx, room(world), "joint.open", body).op.id
    world.exchange()
    assert not b.joint.one(made).sound
    refused("joint.differs", b.joint.sign, made)


def test_a_sign_on_in_another_room_is_said_to_other_people(world: World) -> None:
    a, b = world["XA"], world["XB"]
    made = a.joint.open_statement(room(world), "Statement", WORDS)
    other = b.rooms.create("bilateral", "", [world.id("XA")])
    world.exchange()
    with b.context.write() as tx:
        b.context.author(tx, other, "joint.sign", {"statement": made, "hash": a.joint.one(made).hash}, klass=RECORD)
    world.exchange()
    assert a.joint.one(made).signs == () == b.joint.one(made).signs


def op(n: int, kind: str, author: str, **body: object) -> Op:
    return Op(f"id{n}", kind, "room", author, f"device of {author}", n, "", (), n, 0, body)


def test_the_list_is_the_same_in_every_order() -> None:
    first = op(1, "joint.open", "A", **joint.open_statement("T", WORDS))
    digits = first.body["hash"]
    ops = [
        first,
        op(2, "joint.sign", "A", statement="id1", hash=digits),
        op(3, "joint.sign", "B", statement="id1", hash=digits),
        op(4, "joint.leave", "B", statement="id1", signs=["id3"]),
        op(5, "joint.leave", "B", statement="id1", signs=["id2"]),  # not its own name
        op(6, "joint.sign", "C", statement="id1", hash="0" * 64),
        op(7, "joint.close", "A", statement="id1", signs=["id2"]),
        op(8, "joint.close", "C", statement="id1", signs=["id6"]),  # not the opener
        op(9, "joint.sign", "D", statement="id1", hash=digits),
    ]
    seen = []
    for order in itertools.islice(itertools.permutations(ops), 0, None, 997):
        state = joint.fold(order)
        assert state is not None
        seen.append({one.delegation: one.state for one in state.signs})
        assert state.names == ("A",)
    assert len(seen) > 300 and all(one == {"A": "signed", "B": "left", "C": "other words", "D": "late"} for one in seen)
    assert joint.fold(ops[1:]) is None
