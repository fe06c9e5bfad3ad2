"""One table of cases for every carrier there is."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from carrier_engine import Engine
from tests.relay.boxes import Box
from tests.relay.servers import Node, single

from valise.carriers import abc
from valise.carriers.abc import Carrier, Held, Outcome, Parcel
from valise.carriers.folder import FolderCarrier
from valise.carriers.memory import MemoryCarrier, Post
from valise.carriers.relay import RelayCarrier
from valise.domain.errors import Unavailable

XA, XB, XC = (bytes([n]) * 16 for n in (1, 2, 3))


class Make:
    """Makes carriers that share one middle; `again` is the same end of it after a restart."""

    def __init__(self, new: Callable[[], Carrier]) -> None:
        self._new = new
        self.made: list[Carrier] = []

    def __call__(self) -> Carrier:
        self.made.append(self._new())
        return self.made[-1]

    def again(self, carrier: Carrier) -> Carrier:
        carrier.close()
        return self()

    def close(self) -> None:
        for one in self.made:
            one.close()


class _Settling(RelayCarrier):
    """One laptop of a delegation whose every token leads to the same inbox; it is asked whether all that lies there came."""

    def __init__(self, box: Box, seat: int) -> None:
        super().__init__(box.mailbox(seat))
        self.box, self.seat = box, seat
        self.know(dict.fromkeys((XA, XB, XC), box.address()))
        self.word = threading.Event()
        self.when_wanted(self.word.set)

    def settle(self) -> bool:
        assert self._clerk is not None
        assert self._clerk._own is not None
        held = self._clerk._own.held
        undelivered, unconfirmed = self.box.standing(self.seat)
        return not undelivered and held.empty and unconfirmed <= len(held.replies())


class MakeRelay(Make):
    def __init__(self, node: Node) -> None:
        self._box = Box([node], seats=8, ack_wait=1.0)  # servers before 2.10 lose a -NAK while nobody waits
        self._seats = iter(range(8))
        super().__init__(lambda: _Settling(self._box, next(self._seats)))

    def again(self, carrier: Carrier) -> Carrier:
        assert isinstance(carrier, _Settling)
        carrier.close()
        self.made.append(_Settling(self._box, carrier.seat))
        return self.made[-1]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with single(tmp_path_factory.mktemp("relay")) as one:
        yield one


@pytest.fixture(params=["folder", "memory", "relay"])
def make(
    request: pytest.FixtureRequest, tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    if request.param == "memory":
        post = Post(seed=7)
        made = Make(lambda: MemoryCarrier(post))
    elif request.param == "folder":
        FolderCarrier(tmp_path).prepare()
        made = Make(lambda: FolderCarrier(tmp_path))
    else:
        monkeypatch.setattr("valise.carriers.relay.carrier.FIRST_PATIENCE", 30.0)
        made = MakeRelay(node)
    yield made
    made.close()


def parcels(count: int, *routes: bytes, seed: int = 0, size: int = 300) -> list[Parcel]:
    draw = random.Random(f"{seed}/{count}")
    return [Parcel(draw.randbytes(16), routes or (XA,), draw.randbytes(size)) for _ in range(count)]


def test_what_is_put_is_fetched_by_whom_it_is_for(make: Make) -> None:
    make().prepare()
    for_a, for_b, for_both = parcels(5, XA, seed=1), parcels(6, XB, seed=2), parcels(7, XA, XB, seed=3)
    posted = make().put([*for_a, *for_b, *for_both])
    assert set(posted.outcomes) == {Outcome.ACCEPTED}
    assert all(posted.places) == make().capabilities().collects
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
    again = reader.restarted(make.again(reader.carrier))
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
    if not writer.capabilities().collects:
        assert writer.collect_garbage({"somewhere": [Held(sent[0].id, expires=1000)]}, set(), now=0) == {"somewhere"}
        assert writer.gone(frozenset({XA}), ["a name"]) == {"a name"}
        return
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
    assert isinstance(one, abc.find(one.name))  # type: ignore[arg-type]


def test_the_registry_names_what_is_there() -> None:
    assert {"folder", "memory", "relay"} <= set(abc.names())
    assert not {"abc", "bundle", "naming", "place"} & set(abc.names())
    for name in abc.names():
        assert abc.find(name)
    with pytest.raises(Unavailable) as caught:
        abc.find("pigeon")
    assert caught.value.code == "carrier.unknown"
    with pytest.raises(ValueError, match="twice"):
        abc.carrier("folder")(MemoryCarrier)
