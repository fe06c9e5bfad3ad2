"""Servers that stop, die and come back: nothing that was accepted is lost, and everybody goes on by himself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.relay.boxes import PATIENCE, XA, XB, Box, Reader, carriers, ids, parcels
from tests.relay.servers import Node, cluster, free_port, leader, node, single

from valise.carriers.abc import Outcome, Parcel, Posted
from valise.carriers.relay import RelayCarrier
from valise.domain.errors import Unavailable
from valise.domain.relay import Server

Make = Callable[..., RelayCarrier]
TAKEN = {Outcome.ACCEPTED, Outcome.DUPLICATE}


@pytest.fixture
def make() -> Iterator[Make]:
    with carriers() as made:
        yield made


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One that always works."""
    with single(tmp_path_factory.mktemp("other")) as one:
        yield one


def taken(sent: list[Parcel], posted: Posted) -> list[Parcel]:
    return [one for one, outcome in zip(sent, posted.outcomes, strict=True) if outcome in TAKEN]


def put_all(writer: RelayCarrier, sent: list[Parcel]) -> None:
    """As the engine does: what was not taken is put again, with the same id, when there is word of it or after a while."""
    word = threading.Event()
    writer.when_wanted(word.set)
    left = list(sent)
    for _ in range(60):
        word.clear()
        posted = writer.put(left)
        there = {one.id for one in taken(left, posted)}
        left = [one for one in left if one.id not in there]
        if not left:
            return
        word.wait(1.5)
    raise AssertionError(f"{len(left)} were never taken: {posted.why}")


def test_a_server_that_stops_and_comes_back(make: Make, tmp_path: Path) -> None:
    with single(tmp_path) as one:
        box = Box([one], ack_wait=1.0)
        writer, reader = make(None, {XA: box.address()}), Reader(make(box.mailbox()))
        first, second, third = (parcels(100, draw=n) for n in range(3))
        assert set(writer.put(first).outcomes) == {Outcome.ACCEPTED}
        reader.until(lambda: len(reader.got) == 100)
        assert set(writer.put(second).outcomes) == {Outcome.ACCEPTED}
        one.kill()
        posted = writer.put(third)
        assert set(posted.outcomes) == {Outcome.RETRY}
        assert posted.why == {XA: "carrier.unreachable"}
        one.start()
        put_all(writer, third)
        reader.until(lambda: len(set(reader.ids())) == 300)
        assert set(reader.ids()) == {*ids(first), *ids(second), *ids(third)}
        assert reader.ids()[:100] == ids(first)


def test_not_there_when_we_begin(make: Make, tmp_path: Path) -> None:
    one = node(tmp_path)
    try:
        box = Box([one.start()])
        make(None, {XA: box.address()}).put(parcels(5))
        one.stop()
        reader = Reader(make(box.mailbox()))
        with pytest.raises(Unavailable) as caught:
            reader.fetch()
        assert caught.value.code == "carrier.unreachable"
        one.start()
        reader.until(lambda: len(reader.got) == 5)
    finally:
        one.stop()


def test_what_is_here_is_given_although_the_relay_is_gone(make: Make, tmp_path: Path) -> None:
    with single(tmp_path) as one:
        box = Box([one], ack_wait=1.0)
        make(None, {XA: box.address()}).put(parcels(6))
        reader = Reader(make(box.mailbox()))
        reader.take(reader.fetch(2))
        one.kill()
        reader.take(reader.fetch(4))  # was here already; that it is committed cannot be said now
        assert len(reader.got) == 6
        one.start()
        reader.until(lambda: box.standing() == (0, 0), asking=True)
        assert len(reader.got) == 6


def test_one_relay_down_does_not_hold_up_another(make: Make, other: Node, tmp_path: Path) -> None:
    with single(tmp_path) as one:
        here, there = Box([other]), Box([one])
        writer = make(None, {XA: here.address(), XB: there.address()})
        one.kill()
        both, for_a, for_b = parcels(4, XA, XB), parcels(4, XA, draw=1), parcels(4, XB, draw=2)
        posted = writer.put([*both, *for_a, *for_b])
        assert posted.outcomes == (Outcome.RETRY,) * 4 + (Outcome.ACCEPTED,) * 4 + (Outcome.RETRY,) * 4
        assert posted.left == (frozenset({XB}),) * 4 + (frozenset(),) * 4 + (frozenset({XB}),) * 4
        assert posted.why == {XB: "carrier.unreachable"}
        word = threading.Event()
        writer.when_wanted(word.set)
        one.start()
        assert word.wait(PATIENCE)  # said by itself when it can be reached again
        put_all(writer, [*both, *for_b])
        near, far = Reader(make(here.mailbox()), XA), Reader(make(there.mailbox()), XB)
        near.until(lambda: len(near.got) == 8)
        far.until(lambda: len(far.got) == 8)
        assert set(near.ids()) == {*ids(both), *ids(for_a)}
        assert set(far.ids()) == {*ids(both), *ids(for_b)}


def test_a_relay_in_trouble_is_left_alone_for_a_while(make: Make, tmp_path: Path) -> None:
    with single(tmp_path) as one:
        box = Box([one])
        gone = Server((f"nats://127.0.0.1:{free_port()}",))
        longest = lambda size: b"\xff" * size  # noqa: E731 - the longest pause each time
        writer = make(None, {XA: box.address(server=gone)}, random=longest)
        assert writer.put(parcels(1)).why == {XA: "carrier.unreachable"}
        assert writer._clerk is not None
        trouble = next(iter(writer._clerk._pool._troubles.values()))
        assert trouble.tries == 1
        for _ in range(20):
            assert writer.put(parcels(1)).outcomes == (Outcome.RETRY,)
        assert trouble.tries <= 2  # whatever is put, it is asked in its own time


def test_a_cluster_that_loses_its_leader_while_we_put(make: Make, tmp_path: Path) -> None:
    with cluster(tmp_path) as nodes:
        box = Box(nodes, replicas=3, ack_wait=2.0)
        writer, reader = make(None, {XA: box.address()}), Reader(make(box.mailbox(), heartbeat=1.0))
        sent = parcels(1500)
        assert reader.fetch().items == ()
        thread = threading.Thread(target=put_all, args=(writer, sent))
        thread.start()
        reader.until(lambda: len(reader.got) > 100)
        leader(nodes, f"IN_{box.inbox}").kill()
        reader.until(lambda: len(set(reader.ids())) == 1500)
        thread.join(PATIENCE)
        assert not thread.is_alive()
        assert dict(reader.got) == {one.id: one.blob for one in sent}


def test_a_relay_that_is_silent_costs_a_bounded_time(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that takes everything and answers nothing, for more relays than there are connections."""
    import socket

    monkeypatch.setattr("valise.carriers.relay.carrier.PUT_PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        server = Server((f"nats://127.0.0.1:{door.getsockname()[1]}",))
        box = Box([], server=server)
        known = {bytes([n]) * 16: box.address() for n in range(30)}
        writer = make(None, known)
        posted = writer.put([Parcel(bytes([n]) * 16, tuple(known), b"blob") for n in range(3)])
        assert posted.outcomes == (Outcome.RETRY,) * 3
        assert set(posted.why.values()) == {"carrier.unreachable"}
        assert posted.left == (frozenset(known),) * 3


def test_closing_in_the_middle_of_everything(make: Make, tmp_path: Path) -> None:
    """No thread, no task, no socket is left, whatever was under way (tests/conftest.py looks)."""
    with single(tmp_path) as one:
        box = Box([one])
        writer, reader = make(None, {XA: box.address()}), make(box.mailbox())
        results: list[Posted] = []
        thread = threading.Thread(target=lambda: results.append(writer.put(parcels(5000))))
        thread.start()
        reader.fetch(frozenset({XA}), b"", 10, lambda names: ())
        reader.close()
        writer.close()
        thread.join(PATIENCE)
        assert len(results[0].outcomes) == 5000
        with pytest.raises(Unavailable):
            reader.fetch(frozenset({XA}), b"", 10, lambda names: ())
        assert set(writer.put(parcels(1)).outcomes) == {Outcome.RETRY}
        reader.close()
