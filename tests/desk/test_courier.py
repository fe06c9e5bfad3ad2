"""Delegations without a network: everything goes by bundles on a stick, and what a bundle is gets its right name."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.desk.courier_hands import Gap, bodies
from tests.desk.laptops_hands import asked, code_of, open_root, terms
from tests.world import PASSPHRASE

from valise.carriers.courier import Source
from valise.desk import courier_gather
from valise.desk.door_laptops import Admit

PARAGRAPHS = [
    {"section": "OP", "label": "OP 1", "words": "States should designate points of contact.", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "Invites States to test them every year.", "status": "open"},
]


@pytest.fixture
def gap(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path)
    yield made
    made.close()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


def memory() -> int:
    """Octets this process has ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize(("rounds", "size"), [(False, 20_000_000), (True, 5_000_000)])
def test_an_air_gap_is_crossed_both_ways(gap: Gap, rounds: bool, size: int) -> None:
    """A text, amendments, a message with 20 MB, acknowledgements: by bundles only, with the window's rounds and without."""
    xa, xb = gap["XA"], gap["XB"]
    room = gap.bilateral(rounds)
    text = xa.texts.open(room, "Draft decision", symbol="FICT/CRP.1", paragraphs=PARAGRAPHS)
    gap.carry("XA", "XB", rounds=rounds)
    first, second = [row.id for row in xb.texts.outline(text)][-2:]
    (amendment,) = xb.texts.propose_words(text, first, "States shall designate points of contact.", "stronger")
    data = os.urandom(size)
    file = xb.messages.attach(room, "annex.bin", data)
    message = xb.messages.send(room, "see the annex", subject="Annex", attachments=[file.id], for_the_record=True)
    if rounds:
        xb.exchange.now()
    before = memory()
    (due,) = xb.courier.waiting()
    assert (due.code, due.items, due.attachments) == ("XA", 2, 1) and due.octets > size
    told: list[tuple[int, int]] = []
    made = xb.courier.export(gap.stick, [gap.id("XA")], lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1] == (1_000, 1_000) and len(told) > 2
    assert made.checked and made.size < 1.6 * size and made.place.stat().st_size == made.size
    told.clear()
    came = xa.courier.take(made.place, lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1] == (1_000, 1_000) and len(told) > 2
    assert (came.kind, came.taken, came.envelopes, came.operations, came.waiting) == ("new", made.envelopes, made.envelopes, 2, 0)
    assert xa.messages.attachment(file.id) == data
    assert memory() - before < 3 * len(data)
    xa.texts.take(text, amendment)
    xa.texts.agree(text, first)
    xa.messages.acknowledge(message)
    gap.carry("XA", "XB", rounds=rounds)
    assert xb.texts.paragraph(text, first).paragraph.status == "agreed ad ref"
    assert xb.messages.one(message).delivery == "acknowledged"
    gap.carry("XB", "XA", rounds=rounds)
    for desk in (xa, xb) if rounds else ():
        assert desk.exchange.status().waiting == 0 and desk.exchange.status().sealed_waiting == 0
    assert [(one.items, one.attachments) for one in (*xa.courier.waiting(), *xb.courier.waiting())] == [(0, 0), (0, 0)]
    assert xa.texts.proof(text) == xb.texts.proof(text) and second
    again = gap.write("XB", "XA")
    assert again.size < 1_000_000  # the annex has arrived and does not go along any more
    (last,) = xb.courier.waiting()
    assert last.exported == 4 and last.confirmed >= 2


def test_a_message_counts_as_sent_when_the_bundle_is_written_and_as_delivered_when_one_comes_back(gap: Gap) -> None:
    room = gap.bilateral()
    sent = gap["XA"].messages.send(room, "hello")
    assert gap["XA"].messages.one(sent).delivery == "waiting"
    made = gap.write("XA", "XB")
    assert gap["XA"].messages.one(sent).delivery == "sent"
    assert gap["XA"].courier.waiting()[0].items == 1
    gap["XB"].courier.take(made.place)
    gap.carry("XB", "XA")
    assert gap["XA"].messages.one(sent).delivery == "delivered"
    assert gap["XA"].courier.waiting()[0].items == 0


def test_confirmed_of_exported(gap: Gap) -> None:
    room = gap.bilateral()
    counts = []
    for turn in range(3):
        gap["XA"].messages.send(room, f"message {turn}")
        made = gap.write("XA", "XB")
        if turn != 1:
            gap["XB"].courier.take(made.place)
        one = gap["XA"].courier.waiting()[0]
        counts.append((one.confirmed, one.exported))
    gap.carry("XB", "XA")
    one = gap["XA"].courier.waiting()[0]
    assert counts == [(1, 2), (1, 3), (1, 4)]
    assert (one.confirmed, one.exported) == (3, 4)  # the third stick is still under way


def test_three_delegations_on_one_stick(three: Gap) -> None:
    """One file: a group, and a room with each alone; nobody learns from it what is not for him."""
    xa = three["XA"]
    group = xa.rooms.create("group", "Drafting", [three.id("XB"), three.id("XG")])
    alone = {code: xa.rooms.create("bilateral", "", [three.id(code)]) for code in ("XB", "XG")}
    xa.messages.send(group, "for all")
    for code, room in alone.items():
        xa.messages.send(room, f"for {code}")
    made = three.write("XA", "XB", "XG")
    assert set(made.delegations) == {three.id("XB"), three.id("XG")}
    for code in ("XB", "XG"):
        came = three[code].courier.take(made.place)
        assert (came.kind, came.wipeable) == ("new", False) and came.taken == came.envelopes < made.envelopes
        assert bodies(three[code], group) == ["for all"] and bodies(three[code], alone[code]) == [f"for {code}"]
        assert code_of(three[code].courier.wipe, made.place) == "courier.others"
    assert {one.code: one.exported for one in xa.courier.waiting()} == {"XB": 1, "XG": 1}
    for code in ("XB", "XG"):
        three.carry(code, "XA")
    assert {one.code: (one.items, one.confirmed) for one in xa.courier.waiting()} == {"XB": (0, 1), "XG": (0, 1)}
    # those two have still heard nothing of each other but what Aurelia said
    three.carry("XB", "XG")
    three.carry("XG", "XB")
    assert bodies(three["XB"], group) == bodies(three["XG"], group)


def test_one_of_three_goes_by_courier_and_two_by_folder(three: Gap) -> None:
    group = three["XA"].rooms.create("group", "Drafting", [three.id("XB"), three.id("XG")])
    for code in ("XA", "XB"):
        three[code].exchange.use_folder(three.share)
        three[code].exchange.choose(three.id("XG"), "courier")
    data = os.urandom(200_000)
    file = three["XA"].messages.attach(group, "a.bin", data)
    sent = three["XA"].messages.send(group, "for all", attachments=[file.id])
    three.exchange(6, 70_000)
    assert three["XA"].messages.one(sent).delivery_line == "1/2"
    three.carry("XA", "XG")
    assert three["XG"].messages.attachment(file.id) == data
    three.carry("XG", "XA")
    assert three["XA"].messages.one(sent).delivery_line == "2/2"


def second(gap: Gap) -> Any:
    """Another laptop of Aurelia; Borovia hears of it by card."""
    gate, ask = asked(gap, "XA-2")
    done = open_root(gap).laptops.perform([Admit(ask.request, terms(), ask.check_code)])
    desk = gate.finish_enrolment(done.answers[0], bytearray(PASSPHRASE))
    desk.settings.set("contacts.new_laptop", "tell")
    gap["XB"].settings.set("contacts.new_laptop", "tell")
    gap["XB"].contacts.import_card(gap["XA"].contacts.own_card())
    gap.desks["XA-2"] = desk
    gap.accept_laptops()
    return desk


def test_two_laptops_of_a_delegation(gap: Gap) -> None:
    room = gap.bilateral()
    first = gap.write("XB", "XA").number
    other = second(gap)
    gap["XB"].messages.send(room, "for both laptops", for_the_record=True)
    made = gap.write("XB", "XA")
    came = [desk.courier.take(made.place) for desk in (gap["XA"], other)]
    assert [one.kind for one in came] == ["new", "new"]
    assert [one.number for one in came] == [made.number] * 2
    assert came[0].missing == (first,) and came[1].missing == ()  # the earlier ones were not for the new laptop
    for desk in (gap["XA"], other):
        assert "for both laptops" in bodies(desk, room)
        assert code_of(desk.courier.wipe, made.place) == "courier.others"
    # each brings its own receipt
    gap.carry("XA", "XB")
    one = next(one for one in gap["XB"].courier.waiting() if one.code == "XA")
    assert (one.confirmed, one.items) == (2, 1)
    back = other.courier.export(gap.stick, [gap.id("XB")])
    assert gap["XB"].courier.take(back.place).kind == "new"
    assert next(one for one in gap["XB"].courier.waiting() if one.code == "XA").items == 0
    # and our own other laptop can be reached the same way
    assert "XA" in {one.code for one in gap["XA"].courier.waiting()}
    made = gap["XA"].courier.export(gap.stick, [gap.id("XA")])
    assert other.courier.take(made.place).kind == "new"


def test_nobody_and_stopped_and_unknown(three: Gap) -> None:
    three["XA"].rooms.create("bilateral", "", [three.id("XB")])
    act = three["XA"].courier.export
    assert code_of(act, three.stick, []) == "courier.nobody"
    assert code_of(act, three.stick, ["x" * 43]) == "courier.nobody"
    assert code_of(act, three.stick, [three.id("XG")]) == "courier.nobody"  # no room in common
    assert code_of(act, three.stick, [three.id("XB"), three.id("XG")]) == "courier.nobody"
    assert [one.code for one in three["XA"].courier.waiting()] == ["XB"]
    three["XA"].contacts.differs(three.id("XB"))
    assert code_of(act, three.stick, [three.id("XB")]) == "courier.stopped"
    assert three["XA"].courier.waiting() == [] and list(three.stick.iterdir()) == []


def test_a_laptop_that_waits_to_be_admitted_makes_none(gap: Gap) -> None:
    gap.bilateral()
    context = gap["XA"].context
    context.own = replace(context.own, rights=())
    assert code_of(gap["XA"].courier.export, gap.stick, [gap.id("XB")]) == "restore.waiting"


def test_a_bundle_tells_a_finder_nothing(gap: Gap) -> None:
    room = gap.bilateral()
    gap["XA"].messages.send(room, "canary-of-words", subject="canary-of-subject")
    file = gap["XA"].messages.attach(room, "canary-of-files.txt", b"canary-of-content" * 100)
    gap["XA"].messages.send(room, "x", attachments=[file.id])
    made = gap.write("XA", "XB")
    data = made.place.read_bytes()
    with Source.open(made.place) as source:
        assert source.front is not None
        sealed = source.front.manifests
    assert len({one[19:] for one in sealed}) == len(sealed) == 1
    for word in (b"canary", b"Aurelia", b"Borovia", b"Officer", gap.id("XA").encode(), gap.id("XB").encode()):
        assert word not in data and word not in made.place.name.encode()


# -- large


def test_chunks_that_one_bundle_does_not_hold_go_on_in_the_next(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    from valise.carriers.courier_writing import Writing

    monkeypatch.setattr(courier_gather, "FRAMES", 3)
    room = gap.bilateral()
    files = {}
    for name in ("a", "b", "c"):
        data = os.urandom(700_000)
        files[gap["XA"].messages.attach(room, f"{name}.bin", data).id] = data
    for one in files:
        gap["XA"].messages.send(room, "see", attachments=[one])
    with monkeypatch.context() as patch:
        groups = iter(range(1_000))
        patch.setattr(Writing, "full", property(lambda this: next(groups) % 8 > 4))
        made = [gap.write("XA", "XB") for _ in range(6)]
    for one in made:
        assert gap["XB"].courier.take(one.place).kind == "new"
    for name, data in files.items():
        assert gap["XB"].messages.attachment(name) == data
    whole = gap.write("XA", "XB")
    assert whole.envelopes > max(one.envelopes for one in made)


def test_what_a_laptop_lacks_of_an_attachment_goes_along(gap: Gap) -> None:
    """Its statement names sixty-four missing chunks and no more: all that follow go along too."""
    room = gap.bilateral()
    data = os.urandom(7_000_000)
    file = gap["XA"].messages.attach(room, "a.bin", data)
    gap["XA"].messages.send(room, "see", attachments=[file.id])
    gap.carry("XA", "XB")
    with gap["XB"].context.write() as tx:
        tx.run("delete from chunk where attachment = ? and i > 30", (file.id,))
        tx.run("update attachment set have = 31 where id = ?", (file.id,))
    gap.carry("XB", "XA")
    (due,) = gap["XA"].courier.waiting()
    assert (due.items, due.attachments) == (0, 1)
    gap.carry("XA", "XB")
    assert gap["XB"].messages.attachment(file.id) == data
    gap.carry("XB", "XA")
    assert gap["XA"].courier.waiting()[0].attachments == 0


def test_what_the_engine_kept_for_the_courier_goes_along_once(gap: Gap) -> None:
    room = gap.bilateral()
    with gap["XA"].context.read() as handle:
        box = handle.value("select mailbox from device where id = ?", (gap["XB"].context.own.device,))
    gap["XA"].messages.send(room, "x")
    gap.write("XA", "XB")
    plain = gap.write("XA", "XB").envelopes
    with gap["XA"].context.write() as tx:
        blob = tx.value("select blob from parcel limit 1")
        for n, route in enumerate((box, box, b"o" * 16)):
            tx.run(
                "insert into courier_loose(id, delegation, route, blob, made_at) values (?,?,?,?,?)",
                (bytes((n,)) * 16, gap.id("XB"), route, blob[:-1] + bytes((n // 2,)), n),
            )
    assert gap.write("XA", "XB").envelopes == plain + 1
    with gap["XA"].context.read() as handle:
        assert handle.rows("select 1 from courier_loose") == []
    assert gap.write("XA", "XB").envelopes == plain


def test_unusable_keys_of_one_laptop_do_not_hold_up_the_others(gap: Gap) -> None:
    room = gap.bilateral()
    second(gap)
    with gap["XB"].context.write() as tx:
        tx.run("update device_prekey set prekey = ? where device = ?", (b"\xff" * 1216, gap["XA-2"].context.own.device))
        tx.run("delete from peer_key where device = ?", (gap["XA-2"].context.own.device,))
    gap["XB"].messages.send(room, "hello")
    made = gap.write("XB", "XA")
    assert gap["XA"].courier.take(made.place).kind == "new"
    assert "hello" in bodies(gap["XA"], room)


def test_nothing_is_sealed_in_doubt(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older copy of a vault seals nothing before it is known what it had said."""
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")
    monkeypatch.setattr(gap["XA"].copies, "doubt", lambda tx: [room])
    gap.carry("XA", "XB")
    assert bodies(gap["XB"], room) == []
    other = gap["XA"].rooms.create("group", "Sure", [gap.id("XB")])  # of this room nothing is in doubt
    gap.carry("XA", "XB")
    gap["XA"].messages.send(other, "known")
    gap.carry("XA", "XB")
    assert bodies(gap["XB"], room) == [] and bodies(gap["XB"], other) == ["known"]
    monkeypatch.undo()
    monkeypatch.setattr(gap["XA"].copies, "sealing", lambda tx, room, klass: False)
    gap.carry("XA", "XB")
    assert bodies(gap["XB"], room) == []
    monkeypatch.undo()
    gap.carry("XA", "XB")
    assert bodies(gap["XB"], room) == ["hello"]


def test_a_key_that_was_asked_for_again_goes_along(gap: Gap) -> None:
    """Also of a session that carries nothing but a statement and chunks."""
    room = gap.bilateral()
    gap.carry("XA", "XB")
    gap.carry("XB", "XA")
    with gap["XB"].context.write() as tx:  # the key of the present session is lost there
        tx.run("delete from session_in")
    gap["XB"].exchange.forget()
    assert gap.carry("XA", "XB")[0].waiting > 0
    gap.clock.advance(25 * 3_600_000)  # the session has ended: what goes along now is sealed in another
    gap.carry("XB", "XA")
    gap.carry("XA", "XB")
    assert gap["XB"].exchange.status().sealed_waiting == 0
    gap["XA"].messages.send(room, "heard again")
    gap.carry("XA", "XB")
    assert bodies(gap["XB"], room) == ["heard again"]
