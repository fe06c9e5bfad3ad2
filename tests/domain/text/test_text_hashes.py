"""Plain text file, revisions, log root, proof."""

from __future__ import annotations

import hashlib
import json

import pytest
from negotiation import Table, World, ident

from valise.domain.text import hashes, rules, view


def tree_hash(ids: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1 as it is written there."""
    if not ids:
        return hashlib.sha256(b"").digest()
    if len(ids) == 1:
        return hashlib.sha256(b"\0" + ids[0]).digest()
    k = 1
    while k * 2 < len(ids):
        k *= 2
    return hashlib.sha256(b"\1" + tree_hash(ids[:k]) + tree_hash(ids[k:])).digest()


@pytest.mark.parametrize("size", [*range(20), 31, 32, 33, 100, 127, 129])
def test_log_root_is_that_of_the_rfc(size: int) -> None:
    ids = [f"id{n}" for n in range(size)]
    assert hashes.log_root(ids) == tree_hash([id.encode() for id in ids]).hex()


def test_known_roots() -> None:
    assert hashes.log_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hashes.log_root([""]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_the_plain_text_file_is_what_sha256sum_sees() -> None:
    table = Table("States should act.", "Déclare « oui ».")
    pen = table["XA"]
    table.do("XA", "text.agree", rules.agree(pen.text, pen.id, table.pars[1]))
    id = table.do("XA", "text.revision", rules.revision(pen.text, pen.id, "FICT/2/Rev.1"))
    (revision,) = view.revisions(table.state)
    file = hashes.plain(table.state.book)
    assert file == (
        "Draft decision\nFICT/2/Rev.1\n\nen\n\nOP | OP 1 | open\nStates should act.\n\n"
        "OP | OP 2 | agreed ad ref\nDéclare « oui ».\n\n")
    assert hashlib.sha256(file.encode()).hexdigest() == revision.text_hash == table.state.computed(id)[0]
    assert revision.alarm == "" and revision.number == 1 and revision.log_size == 2
    assert revision.log_root == hashes.log_root(sorted(i for i in table.ops if i not in (id, table.room)))


@pytest.mark.parametrize("seed", range(100, 130))
def test_every_replica_computes_what_the_pen_signed(seed: int) -> None:
    """Whatever comes after or beside a revision, also two histories found out later, its hashes are the same."""
    world = World(seed, devices=1).run(160, cheats=0.02 if seed % 3 == 0 else 0)
    pen = next((one for one in world.devices if one.id == one.text.book.holder[0] and not one.text.book.frozen), None)
    if pen is not None:
        for device in world.devices:
            if device is not pen:
                world.say_safely(device)
        pen.act("text.revision", rules.revision(pen.text, pen.id, "FICT/Z"))
    for order in range(2):
        state = world.fold(world.shuffled(order))
        assert all(one.alarm == "" for one in view.revisions(state))
    assert pen is None or any(one.symbol == "FICT/Z" for one in view.revisions(pen.text))


def test_a_later_suspension_does_not_change_what_was_signed() -> None:
    table = Table("States should act.")
    thief, pen = table["XB"], table["XA"]
    seq, prev = thief.seq + 1, thief.prev
    table.propose("XB", 0, "States shall act.")
    table.do("XA", "text.revision", rules.revision(pen.text, pen.id, "Rev.1"))
    body = {"text": table.text, "target": table.pars[0], "words": "x"}
    thief.make("text.comment", body, seq=seq, prev=prev, keep=False)
    table.all_hear()
    state = table.state
    assert state.suspended and view.revisions(state)[0].alarm == ""
    # and a revision made in that knowledge is computed alike by all
    table.do("XA", "text.revision", rules.revision(pen.text, pen.id, "Rev.2"))
    assert [one.alarm for one in view.revisions(table.state)] == ["", ""]
    outside = table.fold()
    outside.suspend(table["XC"].id, 1)
    assert [one.alarm for one in view.revisions(outside)] == ["", ""]


def test_a_revision_that_lies_is_an_alarm() -> None:
    table = Table("States should act.")
    pen = table["XA"]
    good = rules.revision(pen.text, pen.id, "Rev.1")
    table.do("XA", "text.revision", {**good, "state_hash": "0" * 64})
    assert view.revisions(table.state)[0].alarm == "text.revision-differs"


def test_acknowledgements() -> None:
    table = Table("States should act.")
    pen = table["XA"]
    id = table.do("XA", "text.revision", rules.revision(pen.text, pen.id, "Rev.1"))
    table.do("XB", "text.revision_ack", rules.acknowledge(table["XB"].text, id))
    table.do("XC", "text.revision_ack", {**rules.acknowledge(table["XC"].text, id), "text_hash": "0" * 64})
    (revision,) = view.revisions(table.state)
    assert revision.acknowledged_by == (table["XB"].delegation,)
    assert revision.disputed_by == (table["XC"].delegation,)


def test_proof_in_200_bytes() -> None:
    world = World(7).run(200)
    one, other = world.fold(), world.fold(world.shuffled(2))
    assert one.proof() == other.proof()
    assert len(json.dumps(one.proof(), separators=(",", ":")).encode()) < 200


@pytest.mark.parametrize("what", ["text", "members", "pending"])
def test_the_proof_tells_what_differs(what: str) -> None:
    table = Table("States should act.")
    before = table["XB"].text.proof()
    pen = table["XA"]
    if what == "text":
        table.do("XA", "text.park", rules.park(pen.text, pen.id, table.pars[0]))
    elif what == "members":
        newcomer = ident("delegation", "XF")
        table.do("XA", "text.roster", rules.roster(pen.text, pen.id, [*table.codes, newcomer]))
    else:
        table.propose("XC", 0, "States shall act.")
    after = table["XB"].text.proof()
    assert {name for name in before if before[name] != after[name]} == {what}
