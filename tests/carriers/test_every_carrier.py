"""One table of cases for every carrier there is."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from carrier_engine import Engine

from valise.carriers import abc
from valise.carriers.abc import Carrier, Held, Outcome, Parcel
from valise.carriers.folder import FolderCarrier
from valise.carriers.memory import MemoryCarrier, Post
from valise.domain.errors import Unavailable

XA, XB, XC = (bytes([n]) * 16 for n in (1, 2, 3))
Make = Callable[[], Carrier]


@pytest.fixture(params=["folder", "memory"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes carriers that share one middle."""
    if request.param == "memory":
        post = Post(seed=7)
        return lambda: MemoryCarrier(post)
    FolderCarrier(tmp_path).prepare()
    return lambda: FolderCarrier(tmp_path)


def parcels(count: int, *routes: bytes, seed: int = 0, size: int = 300) -> list[Parcel]:
    draw = random.Random(f"{seed}/{count}")
    return [Parcel(draw.randbytes(16), routes or (XA,), draw.randbytes(size)) for _ in range(count)]


def test_what_is_put_is_fetched_by_whom_it_is_for(make: Make) -> None:
    make().prepare()
    for_a, for_b, for_both = parcels(5, XA, seed=1), parcels(6, XB, seed=2), parcels(7, XA, XB, seed=3)
    posted = make().put([*for_a, *for_b, *for_both])
    assert set(posted.outcomes) == {Outcome.ACCEPTED}
    assert all(posted.places)
    readers = Engine(make(), XA), Engine(make(), XB), Engine(make(), XC), Engine(make(), XA, XB)
    for reader in readers:
        reader.round()
    assert [len(reader.got) for reader in readers] == [12, 13, 0, 18]
    assert readers[0].got == {one.id: one.blob for one in [*for_a, *for_both]}


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_a_limit_is_kept_and_nothing_shown_twice(make: Make, limit: int) -> None:
    for seed in range(4):
        make().put(parcels(7, seed=seed))
    reader = Engine(make(), XA)
    assert reader.round(limit) == reader.shown == 28
    assert reader.round(limit) == 0
    assert reader.shown == 28


def test_a_commit_that_failed_is_fetched_again(make: Make) -> None:
    make().put(parcels(10))
    reader = Engine(make(), XA)
    lost = reader.fetch(4)  # the engine dies before it can commit
    assert lost.items
    again = reader.fetch(4)
    assert again.items == lost.items
    assert reader.round(4) == 10


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_a_restart_goes_on_where_it_was(make: Make, after: int) -> None:
    make().put(parcels(10, seed=1))
    make().put(parcels(10, seed=2))
    reader = Engine(make(), XA)
    for _ in range(after):
        reader.commit(reader.fetch(3))
    again = reader.restarted(make())
    again.round(3)
    assert len(again.got) == 20
    assert reader.shown + again.shown == 20


def test_a_new_route_finds_what_came_before_it(make: Make) -> None:
    make().put([*parcels(2, XA, seed=1), *parcels(3, XB, seed=2)])
    reader = Engine(make(), XA)
    reader.round()
    reader.routes = frozenset({XA, XB})
    assert reader.round() == 3


@pytest.mark.parametrize("cursor", [b"", b"\x01", b"\xff" * 40, b"\x01" * 60, bytes(21)])
def test_a_foreign_cursor_starts_over(make: Make, cursor: bytes) -> None:
    make().put(parcels(3))
    reader = Engine(make(), XA)
    reader.cursor = cursor
    assert reader.round() == 3


def test_without_routes_there_is_nothing(make: Make) -> None:
    make().put(parcels(3))
    batch = make().fetch(frozenset(), b"", 10, lambda names: ())
    assert batch.items == batch.seen == ()
    assert not batch.more


def test_garbage_goes_when_all_in_it_is_finished_or_expired(make: Make) -> None:
    sent = parcels(2)
    writer = make()
    posted = writer.put(sent)
    own: dict[str, list[Held]] = {}
    for one, place in zip(sent, posted.places, strict=True):
        own.setdefault(place, []).append(Held(one.id, expires=1000))
    assert make().collect_garbage(own, set(), now=999) == frozenset()
    assert Engine(make(), XA).round() == 2
    gone = writer.collect_garbage(own, {sent[0].id}, now=999)
    assert all(one.id == sent[0].id for place in gone for one in own[place])
    reader = Engine(make(), XA)
    reader.round()
    assert sent[1].id in reader.got
    assert writer.collect_garbage(own, {sent[0].id}, now=1000) == frozenset(own)
    assert Engine(make(), XA).round() == 0


def test_capabilities_and_name(make: Make) -> None:
    one = make()
    assert one.capabilities().blob_limit == abc.BLOB_LIMIT
    assert abc.find(one.name) is type(one)


def test_the_registry_names_what_is_there() -> None:
    assert {"folder", "memory"} <= set(abc.names())
    assert not {"abc", "bundle", "naming", "place"} & set(abc.names())
    for name in abc.names():
        assert abc.find(name)
    with pytest.raises(Unavailable) as caught:
        abc.find("pigeon")
    assert caught.value.code == "carrier.unknown"
    with pytest.raises(ValueError, match="twice"):
        abc.carrier("folder")(MemoryCarrier)
