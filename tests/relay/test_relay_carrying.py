"""Parcels over a real server: what is put comes, once the engine has it it is gone, and nothing else is."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator

import pytest
from tests.relay.boxes import PATIENCE, XA, XB, XC, Box, Reader, carriers, ids, parcels
from tests.relay.servers import Node, single

from valise.carriers.abc import Outcome, Parcel
from valise.carriers.relay import RelayCarrier, wire
from valise.domain.errors import Unavailable
from valise.domain.relay import Server

Make = Callable[..., RelayCarrier]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with single(tmp_path_factory.mktemp("relay"), websocket=True) as one:
        yield one


@pytest.fixture
def make() -> Iterator[Make]:
    with carriers() as made:
        yield made


@pytest.fixture
def box(node: Node) -> Box:
    return Box([node], ack_wait=1.0)


def test_in_order_with_their_ids_small_before_large(make: Make, box: Box) -> None:
    large = parcels(3, size=wire.SMALL + 1)
    small = parcels(600, draw=1)
    posted = make(None, {XA: box.address()}).put([*large, *small])
    assert set(posted.outcomes) == {Outcome.ACCEPTED}
    assert posted.left == (frozenset(),) * 603
    assert set(posted.places) == {""}
    assert not posted.why
    reader = Reader(make(box.mailbox()))
    reader.fetch(1)  # connected; what follows is in the order of fetching
    reader.until(lambda: len(reader.got) == 603)
    assert dict(reader.got) == {one.id: one.blob for one in [*large, *small]}
    assert [name for name in reader.ids() if name in set(ids(small))] == ids(small)
    assert box.standing() == (0, 0)


def test_a_large_one_waits_for_the_small_ones_that_are_here(make: Make, box: Box) -> None:
    large, small = parcels(1, size=wire.SMALL + 1), parcels(5, draw=1)
    make(None, {XA: box.address()}).put([*large, *small])
    reader = Reader(make(box.mailbox()))
    assert [len(reader.fetch(limit).items[-1][1]) for limit in (5, 6)] == [300, wire.SMALL + 1]


def test_over_a_websocket(make: Make, node: Node, box: Box) -> None:
    server = Server((node.websocket_url,))
    sent = [*parcels(300), *parcels(30, size=200_000, draw=1)]  # the server sends many of them in one frame
    assert set(make(None, {XA: box.address(server=server)}).put(sent).outcomes) == {Outcome.ACCEPTED}
    reader = Reader(make(box.mailbox(server=server)))
    reader.until(lambda: len(reader.got) == 330)
    assert reader.trouble == []
    assert dict(reader.got) == {one.id: one.blob for one in sent}


@pytest.mark.parametrize("size", [0, 1, wire.SMALL, wire.SMALL + 1, 256 * 1024])
def test_of_any_size(make: Make, box: Box, size: int) -> None:
    sent = parcels(2, size=size)
    make(None, {XA: box.address()}).put(sent)
    reader = Reader(make(box.mailbox()))
    reader.until(lambda: len(reader.got) == 2)
    assert reader.got == [(one.id, one.blob) for one in sent]


def test_put_again_is_one(make: Make, box: Box) -> None:
    sent = parcels(20)
    address = box.address()
    make(None, {XA: address}).put(sent)
    posted = make(None, {XA: address}).put(sent)  # another process, the same credential
    assert set(posted.outcomes) == {Outcome.DUPLICATE}
    assert posted.left == (frozenset(),) * 20
    stranger = make(None, {XA: box.address()}).put(sent)  # knows the ids of the parcels and suppresses nothing
    assert set(stranger.outcomes) == {Outcome.ACCEPTED}


def test_every_laptop_reads_for_itself_what_is_for_it(make: Make, node: Node) -> None:
    box = Box([node], seats=3, ack_wait=1.0)
    address = box.address()
    for_a, for_b, for_both = parcels(5, XA), parcels(6, XB), parcels(7, XA, XB)
    make(None, dict.fromkeys((XA, XB), address)).put([*for_a, *for_b, *for_both])
    readers = [Reader(make(box.mailbox(seat)), route) for seat, route in enumerate((XA, XB, XC))]
    readers[0].until(lambda: len(readers[0].got) == 12)
    readers[1].until(lambda: len(readers[1].got) == 13)
    assert set(readers[0].ids()) == {*ids(for_a), *ids(for_both)}
    assert set(readers[1].ids()) == {*ids(for_b), *ids(for_both)}
    for seat, reader in enumerate(readers):  # what is for others goes from this seat, too
        reader.until(lambda seat=seat: box.standing(seat) == (0, 0), asking=True)  # type: ignore[misc]
    assert not readers[2].got


def test_what_was_not_committed_comes_again(make: Make, box: Box) -> None:
    sent = parcels(10)
    make(None, {XA: box.address()}).put(sent)
    first = Reader(make(box.mailbox()))
    lost = first.fetch(4)
    assert len(lost.items) == 4
    assert first.fetch(4).items == lost.items  # the transaction failed
    first.take(first.fetch(4), done=False)  # committed, and then the process dies before it can say so
    first.carrier.close()
    again = Reader(make(box.mailbox()))
    again.until(lambda: len(again.got) >= 10)
    assert sorted(again.ids()) == sorted(ids(sent))


def test_what_was_committed_does_not_come_again(make: Make, box: Box) -> None:
    sent = parcels(10)
    make(None, {XA: box.address()}).put(sent)
    first = Reader(make(box.mailbox()))
    first.take(first.fetch(4))
    first.carrier.close()
    again = Reader(make(box.mailbox()))
    again.cursor = first.cursor
    again.until(lambda: len(again.got) >= 6)
    assert sorted([*first.ids(), *again.ids()]) == sorted(ids(sent))


def test_the_next_fetch_says_what_is_committed_as_well(make: Make, box: Box) -> None:
    make(None, {XA: box.address()}).put(parcels(4))
    reader = Reader(make(box.mailbox()))
    reader.take(reader.fetch(), done=False)
    assert len(reader.got) == 4
    reader.fetch()
    reader.carrier.close()  # says what it knows
    assert box.standing() == (0, 0)


def test_a_slow_engine_is_not_sent_it_twice(make: Make, box: Box) -> None:
    """Longer than the relay waits for a confirmation."""
    sent = parcels(8)
    make(None, {XA: box.address()}).put(sent)
    carrier = make(box.mailbox())
    reader = Reader(carrier)
    held = reader.fetch()
    assert len(held.items) == 8
    stirred = asyncio.run_coroutine_threadsafe(_deliveries(carrier, seconds=2.5), _loop(carrier)).result(PATIENCE)
    assert stirred == 0
    assert not reader.fetch(1).items[8:]
    reader.take(reader.fetch())
    assert sorted(reader.ids()) == sorted(ids(sent))
    assert box.standing() == (0, 0)


async def _deliveries(carrier: RelayCarrier, seconds: float) -> int:
    assert carrier._clerk is not None
    assert carrier._clerk._own is not None
    session = carrier._clerk._own.session
    assert session is not None
    before = session.stats["in_msgs"]
    await asyncio.sleep(seconds)  # as long as an engine may take, and the relay may not
    return int(session.stats["in_msgs"] - before)


def _loop(carrier: RelayCarrier) -> asyncio.AbstractEventLoop:
    assert carrier._worker._loop is not None
    return carrier._worker._loop


def test_hostile_messages_are_passed_over(make: Make, node: Node, box: Box) -> None:
    good = parcels(3)
    writer = make(None, {XA: box.address()})
    packed = wire.pack(bytes(16), {XA}, b"blob")
    writer.put(good[:1])
    hostile = [
        b"", b"x", b"VRLY", packed[:-1], packed + b"\x00", bytes(512), packed[:6] + b"\xff\xff" + packed[8:], b"\xff" * 100_000,
        wire.pack(bytes(16), {wire.NOBODY}, b"for nobody"),
    ]  # fmt: skip
    headers = [
        b"", b"N", b"NATS/1.0", b"NATS/1.0\r\n\r\n", b"NATS/1.0 503\r\n\r\n", b"NATS/1.0 409 Consumer Deleted\r\n\r\n",
        b"NATS/1.0\r\nStatus: 503\r\n\r\n", b"NATS/1.0\r\nStatus: 100\r\n\r\n", b"NATS/1.0\r\n\xff\xfe: \xff\r\n\r\n",
        b"NATS/1.0\r\n" + b"a: b\r\n" * 2000 + b"\r\n", b"\xff" * 300, b"NATS/1.0 \xff\xff\xff\r\n\r\n",
    ]  # fmt: skip
    with socket.create_connection((node.host, node.port)) as line:
        line.sendall(b'CONNECT {"verbose":false,"headers":true,"protocol":1}\r\n')
        for data in hostile:
            line.sendall(b"PUB inbox.%s.hostile %d\r\n%s\r\n" % (box.inbox.encode(), len(data), data))
        for head in headers:
            size = len(head)
            line.sendall(b"HPUB inbox.%s.hostile %d %d\r\n%s\r\n" % (box.inbox.encode(), size, size + 4, head + b"data"))
        line.sendall(b"PUB inbox.%s.hostile %d\r\n%s\r\nPING\r\n" % (box.inbox.encode(), len(packed), packed))
        while b"PONG" not in line.recv(65536):
            pass
    writer.put(good[1:])
    reader = Reader(make(box.mailbox()))
    reader.until(lambda: len(reader.got) == 4)  # the last of the hostile ones is well formed
    assert reader.ids() == [good[0].id, bytes(16), good[1].id, good[2].id]
    reader.carrier.close()
    assert box.standing() == (0, 0)


def test_a_full_stream_says_so(make: Make, node: Node) -> None:
    for limits in ({"most": 30}, {"each": 30}, {"octets": 20_000}):
        box = Box([node], **limits)
        posted = make(None, {XA: box.address()}).put(parcels(60))
        taken = posted.outcomes.count(Outcome.ACCEPTED)
        assert 0 < taken <= 36
        assert posted.outcomes == (Outcome.ACCEPTED,) * taken + (Outcome.FULL,) * (60 - taken)
        assert posted.left == (frozenset(),) * taken + (frozenset({XA}),) * (60 - taken)
        assert posted.why == {XA: "carrier.full"}


def test_room_again_is_used(make: Make, node: Node) -> None:
    box = Box([node], each=5)
    writer, sent = make(None, {XA: box.address()}), parcels(8)
    assert writer.put(sent).outcomes.count(Outcome.FULL) == 3
    reader = Reader(make(box.mailbox()))
    reader.until(lambda: len(reader.got) == 5)
    assert writer.put(sent[5:]).outcomes == (Outcome.ACCEPTED,) * 3
    reader.until(lambda: len(reader.got) == 8)
    assert reader.ids() == ids(sent)


def test_an_unknown_token_is_left(make: Make, box: Box) -> None:
    posted = make(None, {XA: box.address()}).put([*parcels(1, XA), *parcels(1, XB), *parcels(1, XA, XB)])
    assert posted.outcomes == (Outcome.ACCEPTED, Outcome.REFUSED, Outcome.REFUSED)
    assert posted.left == (frozenset(), frozenset({XB}), frozenset({XB}))
    assert posted.why == {XB: "relay.none"}


def test_an_inbox_that_is_not_there(make: Make, node: Node, box: Box) -> None:
    nowhere = Box.address(box)
    nowhere = type(nowhere)(nowhere.server, "aaaaaaaazz", nowhere.slot, nowhere.jwt, nowhere.seed, nowhere.expires)
    writer = make(None, {XA: nowhere, XB: box.address()})
    posted = writer.put([*parcels(300, XA), *parcels(3, XB)])
    assert posted.outcomes == (Outcome.RETRY,) * 300 + (Outcome.ACCEPTED,) * 3
    assert posted.why == {XA: "carrier.unreachable"}


def test_without_a_relay_of_our_own(make: Make, box: Box) -> None:
    carrier = make(None, {XA: box.address()})
    assert carrier.fetch(frozenset({XA}), b"", 10, lambda names: ()).items == ()
    assert carrier.probe().code == "relay.none"
    assert carrier.probe(box.inbox).seen == ("connected", "wrote")
    assert carrier.probe("aaaaaaaazz").code == "relay.none"
    carrier.prepare()


def test_trying_our_own(make: Make, node: Node, box: Box) -> None:
    reader = make(box.mailbox())
    assert reader.probe().seen == ("connected", "mailbox")
    reader.know({XA: box.address()})
    found = reader.probe()
    assert found.code == ""
    assert found.seen == ("connected", "mailbox", "wrote", "read back")
    assert found.software
    reader.prepare()
    stranger = Box([node])
    stranger.seats[0] = "nosuchseat"
    carrier = make(stranger.mailbox())
    assert carrier.probe().code == "relay.refused"
    with pytest.raises(Unavailable) as caught:
        carrier.fetch(frozenset({XA}), b"", 10, lambda names: ())
    assert caught.value.code == "relay.refused"
    assert carrier.problem == "relay.refused"
    with pytest.raises(Unavailable):
        carrier.prepare()


def test_one_parcel_to_many_delegations(make: Make, node: Node) -> None:
    boxes = {bytes([n]) * 16: Box([node]) for n in range(1, 13)}  # more than there are connections
    writer = make(None, {route: box.address() for route, box in boxes.items()})
    sent = [Parcel(bytes([n]) * 16, tuple(boxes), b"blob") for n in range(3)]
    posted = writer.put(sent)
    assert posted.outcomes == (Outcome.ACCEPTED,) * 3
    for route, box in boxes.items():
        reader = Reader(make(box.mailbox()), route)
        reader.until(lambda: len(reader.got) == 3)  # noqa: B023 - called at once
        assert reader.ids() == ids(sent)
        reader.carrier.close()
