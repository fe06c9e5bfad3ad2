"""How many connections there are, for how long, and with which credential."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.relay.boxes import PATIENCE, XA, XB, Box, Reader, carriers, ids, parcels, token
from tests.relay.generated import Generated, generated
from tests.relay.servers import Node, single

from valise.carriers.abc import Outcome
from valise.carriers.relay import RelayCarrier, credentials, nkeys
from valise.carriers.relay.pool import MOST_OPEN, Pool
from valise.domain.relay import Address, Kit, Server

Make = Callable[..., RelayCarrier]
HOUR = 3600 * 1000


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with single(tmp_path_factory.mktemp("relay")) as one:
        yield one


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    with generated(tmp_path_factory.mktemp("generated"), {"XA": 2, "XB": 1}) as made:
        yield made


@pytest.fixture
def make() -> Iterator[Make]:
    with carriers() as made:
        yield made


def pool(carrier: RelayCarrier) -> Pool:
    assert carrier._clerk is not None
    return carrier._clerk._pool


def connections(node: Node) -> int:
    return int(str(node.asked("/varz")["connections"]))


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_least_recently_used_is_closed(make: Make, node: Node) -> None:
    box = Box([node])
    until(lambda: connections(node) == 0)
    known = {bytes([n]) * 16: box.address() for n in range(MOST_OPEN + 2)}
    writer = make(None, known)
    for route in known:
        assert writer.put(parcels(1, route)).outcomes == (Outcome.ACCEPTED,)
    until(lambda: connections(node) == MOST_OPEN)
    here = set(pool(writer)._held)
    assert here == set(list(known.values())[2:])
    first = next(iter(known))
    assert writer.put(parcels(1, first, draw=1)).outcomes == (Outcome.ACCEPTED,)
    assert set(pool(writer)._held) == {*list(known.values())[3:], known[first]}
    until(lambda: connections(node) == MOST_OPEN)


def test_who_is_not_written_to_is_left(make: Make, node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valise.carriers.relay.pool.IDLE", 0.1)
    box = Box([node])
    writer = make(None, {XA: box.address()})
    assert writer.put(parcels(1)).outcomes == (Outcome.ACCEPTED,)
    until(lambda: pool(writer).open == 0 and connections(node) == 0)
    assert writer.put(parcels(1, draw=1)).outcomes == (Outcome.ACCEPTED,)


def test_another_credential_is_another_connection(make: Make, node: Node) -> None:
    """What was known and is replaced is closed at once."""
    box = Box([node])
    old, new = box.address(), box.address()
    writer = make(None, {XA: old})
    writer.put(parcels(1))
    writer.know({XA: new})
    assert set(pool(writer)._held) == set()
    assert writer.put(parcels(1)).outcomes == (Outcome.ACCEPTED,)
    assert set(pool(writer)._held) == {new}


def test_putting_from_several_threads(make: Make, node: Node) -> None:
    box = Box([node])
    writer = make(None, {XA: box.address(), XB: box.address()})
    sent = [parcels(200, XA, XB, draw=n) for n in range(4)]
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda some=some: outcomes.extend(writer.put(some).outcomes)) for some in sent]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert outcomes == [Outcome.ACCEPTED] * 800
    assert pool(writer).open == 2
    reader = Reader(make(box.mailbox()), XA, XB)
    reader.until(lambda: len(reader.got) == 1600)  # one message for each of the two slots
    assert set(reader.ids()) == {name for some in sent for name in ids(some)}


def test_nothing_is_loaded_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from valise.carriers import abc; made = abc.find('relay'); one = made(None); one.capabilities(); "
        "one.know({}); one.put([]); one.close(); print(sorted({'nats', 'aiohttp', 'asyncio'} & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


def test_connected_and_idle_it_does_nothing(make: Make, node: Node) -> None:
    box = Box([node])
    carrier = make(box.mailbox())
    Reader(carrier).fetch()
    loop = carrier._worker._loop
    assert loop is not None

    async def turns() -> int:
        """How often the loop woke up for something in a second."""
        woken = 0
        select = loop._selector.select  # type: ignore[attr-defined]

        def counted(timeout: float | None) -> object:
            nonlocal woken
            woken += 1
            return select(timeout)

        loop._selector.select = counted  # type: ignore[attr-defined]
        await asyncio.sleep(1)
        return woken

    assert asyncio.run_coroutine_threadsafe(turns(), loop).result(PATIENCE) < 10


# -- with real credentials


def granted(kit: Kit, slot: str = "", *, ends: int = 0) -> Address:
    """Written permission from that delegation. `ends` ms UTC, 0 = in an hour."""
    now = time.time_ns() // 1_000_000
    slot, box = slot or token(), kit.mailbox
    until_then = ends or now + HOUR
    jwt, seed, _ = credentials.mint(kit.minting, box.inbox, slot, until_then, min(now, until_then - 1000), os.urandom)
    return Address(box.server, box.inbox, slot, jwt, seed, until_then)


def test_with_a_credential(make: Make, relay: Generated) -> None:
    kit = relay.kits["XA"][0]
    writer = make(None, {XA: granted(kit)})
    sent = [*parcels(100), *parcels(2, size=200_000, draw=1)]
    posted = writer.put(sent)
    assert set(posted.outcomes) == {Outcome.ACCEPTED}, posted.why
    for laptop in relay.kits["XA"]:
        carrier = make(laptop.mailbox, {XA: granted(kit)})
        assert carrier.probe().seen == ("connected", "mailbox", "wrote", "read back")
        reader = Reader(carrier)
        reader.until(lambda: len(reader.got) == 102)  # noqa: B023 - called at once
        assert sorted(reader.ids()) == sorted(ids(sent))


def test_a_credential_is_for_one_slot_of_one_inbox(make: Make, relay: Generated) -> None:
    own, foreign = granted(relay.kits["XA"][0]), relay.kits["XB"][0].mailbox
    for wrong in (replace(own, slot=token()), replace(own, inbox=foreign.inbox)):
        posted = make(None, {XA: wrong}).put(parcels(3))
        assert posted.outcomes == (Outcome.REFUSED,) * 3
        assert posted.why == {XA: "relay.refused"}
    writing = Server(own.server.urls, ca=own.server.ca)
    reading = make(replace(relay.kits["XA"][0].mailbox, server=writing, jwt=own.jwt, seed=own.seed))
    assert reading.probe().code == "relay.refused"  # a writer reads nothing


def test_a_credential_that_has_ended(make: Make, relay: Generated) -> None:
    ended = granted(relay.kits["XA"][0], ends=time.time_ns() // 1_000_000 - 5_000)
    posted = make(None, {XA: ended}).put(parcels(1))
    assert posted.why == {XA: "relay.expired"}
    another = replace(granted(relay.kits["XA"][0]), seed=nkeys.seed(nkeys.Kind.USER, os.urandom(32)))
    assert make(None, {XA: another}).put(parcels(1)).why == {XA: "relay.refused"}


def test_a_credential_that_ends_while_we_are_connected(make: Make, relay: Generated) -> None:
    writer = make(None, {XA: granted(relay.kits["XA"][0], ends=time.time_ns() // 1_000_000 + 3_000)})
    assert writer.put(parcels(1)).outcomes == (Outcome.ACCEPTED,)
    until(lambda: pool(writer).open == 0 or all(one.session is None or one.session.lost.is_set() for one in pool(writer)._held.values()))
    # the connection may have gone a moment before the credential: then it is tried again
    until(lambda: writer.put(parcels(1, draw=1)).why == {XA: "relay.expired"})
