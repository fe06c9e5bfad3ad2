"""The Post: each fault happens, at about its rate, and the same again from the same seed."""

from __future__ import annotations

import pytest
from carrier_engine import Engine
from test_every_carrier import XA, XB, parcels

from valise.carriers.abc import Outcome
from valise.carriers.memory import Faults, MemoryCarrier, Post
from valise.domain.errors import Unavailable

COUNT = 400


def sent_through(faults: Faults, seed: int = 1, wait: int = 0) -> tuple[Post, Engine]:
    post = Post(seed, faults)
    MemoryCarrier(post).put(parcels(COUNT))
    post.advance(wait)
    reader = Engine(MemoryCarrier(post, "reader"), XA)
    reader.round()
    return post, reader


def test_the_same_seed_is_the_same_world() -> None:
    faults = Faults(lost=0.1, repeated=0.2, delay=(0, 500), flipped=0.1, cut=0.1, relabelled=0.1, busy=0.1)
    shown = []
    for seed in (5, 5, 6):
        post, reader = sent_through(faults, seed, wait=250)
        batch = post.show(reader.routes, b"", 10_000)
        shown.append(batch.items)
    assert shown[0] == shown[1] != shown[2]


def test_lost_repeated_and_busy() -> None:
    _, reader = sent_through(Faults(lost=0.5))
    assert COUNT * 0.4 < reader.shown < COUNT * 0.6
    _, reader = sent_through(Faults(repeated=0.5))
    assert len(reader.got) == COUNT
    assert COUNT * 1.4 < reader.shown < COUNT * 1.6
    outcomes = MemoryCarrier(Post(1, Faults(busy=0.5))).put(parcels(COUNT)).outcomes
    assert COUNT * 0.4 < outcomes.count(Outcome.RETRY) < COUNT * 0.6


@pytest.mark.parametrize("fault", ["flipped", "cut"])
def test_spoiled_blobs(fault: str) -> None:
    _, reader = sent_through(Faults(**{fault: 0.5}))
    true = {one.id: one.blob for one in parcels(COUNT)}
    wrong = [ident for ident, blob in reader.got.items() if blob != true[ident]]
    assert COUNT * 0.4 < len(wrong) < COUNT * 0.6
    for ident in wrong:
        got, right = reader.got[ident], true[ident]
        if fault == "cut":
            assert right.startswith(got)
        else:
            assert (int.from_bytes(got, "big") ^ int.from_bytes(right, "big")).bit_count() == 1


def test_relabelled_under_known_and_unknown_ids() -> None:
    post, reader = sent_through(Faults(relabelled=0.5))
    ids = {one.id for one in parcels(COUNT)}
    batch = post.show(reader.routes, b"", 10_000)
    true = {one.blob: one.id for one in parcels(COUNT)}
    other = [ident for ident, blob in batch.items if true[blob] != ident]
    assert any(ident in ids for ident in other)
    assert any(ident not in ids for ident in other)


def test_delay_is_disorder_on_a_simulated_clock() -> None:
    post, reader = sent_through(Faults(delay=(10, 1000)))
    assert reader.shown == 0
    assert 10 <= (post.next_arrival() or 0) <= 40
    for _ in range(20):
        post.advance(50)
        reader.round()
    assert len(reader.got) == reader.shown == COUNT
    assert list(reader.got) != [one.id for one in parcels(COUNT)]
    assert post.next_arrival() is None


def test_partition_and_rejoin() -> None:
    post = Post(1)
    ours, theirs = MemoryCarrier(post, "XA"), MemoryCarrier(post, "XB")
    post.cut_off("XB")
    ours.put(parcels(2, XB))
    for call in (lambda: theirs.put(parcels(1)), lambda: Engine(theirs, XB).round(), theirs.prepare):
        with pytest.raises(Unavailable) as caught:
            call()
        assert caught.value.code == "carrier.unreachable"
    post.rejoin()
    assert Engine(theirs, XB).round() == 2


def test_withheld_from_one_and_shown_to_another_then_released_late() -> None:
    post = Post(1)
    post.withhold(XB)
    MemoryCarrier(post).put(parcels(3, XA, XB, seed=1))
    first, second = (Engine(MemoryCarrier(post), route) for route in (XA, XB))
    assert (first.round(), second.round()) == (3, 0)
    post.release(XB)
    assert second.round() == 3


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_lost_disk_forgets_what_it_acknowledged_and_goes_on(share: float) -> None:
    post, reader = sent_through(Faults())
    post.lose_disk(share)
    again = Engine(MemoryCarrier(post), XA)
    found = again.round()
    assert found == 0 if share == 1.0 else COUNT * 0.4 < found < COUNT * 0.6
    MemoryCarrier(post).put(parcels(5, seed=77))
    assert reader.round() == 5  # a position in the old disk means nothing on the new one


def test_full_and_duplicate_within_its_window() -> None:
    post = Post(1, room=3, duplicate_window=1000)
    carrier = MemoryCarrier(post)
    sent = parcels(4)
    assert carrier.put(sent).outcomes == (*[Outcome.ACCEPTED] * 3, Outcome.FULL)
    assert carrier.put(sent[:1]).outcomes == (Outcome.DUPLICATE,)
    post.advance(1000)
    assert carrier.put(sent[:1]).outcomes == (Outcome.ACCEPTED,)
