"""Provisioning, and taking credentials back, on running servers."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.relay.generated import Generated, generated

from valise.carriers.abc import Outcome, Parcel
from valise.carriers.relay import credentials, nkeys
from valise.carriers.relay import revoking as asking
from valise.carriers.relay.carrier import RelayCarrier
from valise.carriers.relay.nkeys import Kind
from valise.cli import run
from valise.domain.errors import Refused, Unavailable
from valise.domain.relay import Address, Kit
from valise.operator import provisioning, revoking
from valise.operator.agent import Agent
from valise.operator.revoking import MOST, Notes
from valise.protocol import relaykit

TOKEN = bytes(range(16))


def address(kit: Kit, slot: str = "correspondent") -> tuple[Address, str]:
    """Permission to write to the inbox of `kit`, and the public key of its credential."""
    now = time.time_ns() // 1_000_000
    box, ends = kit.mailbox, now + 3_600_000
    token, seed, user = credentials.mint(kit.minting, box.inbox, slot, ends, now, os.urandom)
    return Address(box.server, box.inbox, slot, token, seed, ends), user


@contextmanager
def carrier(kit: Kit | None = None, to: Address | None = None) -> Iterator[RelayCarrier]:
    made = RelayCarrier(kit.mailbox if kit else None)
    if to is not None:
        made.know({TOKEN: to})
    try:
        yield made
    finally:
        made.close()


def put(to: Address) -> tuple[Outcome, str]:
    """What becomes of one envelope, over a fresh connection."""
    with carrier(to=to) as writer:
        posted = writer.put([Parcel(os.urandom(16), (TOKEN,), b"sealed")])
    return posted.outcomes[0], posted.why.get(TOKEN, "")


def wait(done: object, patience: float = 20.0) -> None:
    assert callable(done)
    end = time.monotonic() + patience
    while not done():
        assert time.monotonic() < end, "it did not come to pass"
        threading.Event().wait(0.02)


def read(kit: Kit, count: int, these: Set[bytes] = frozenset()) -> set[bytes]:
    """Ids of at least that many envelopes, and of `these`, in the seat of this laptop; they are confirmed."""
    found: set[bytes] = set()
    cursor = b""

    def look() -> bool:
        nonlocal cursor
        try:
            batch = reader.fetch(frozenset((TOKEN,)), cursor, 100, lambda _: ())
        except Unavailable:
            return False
        if batch.items:
            cursor = batch.cursor
            reader.done(cursor)
        found.update(ident for ident, _ in batch.items)
        return len(found) >= count and these <= found

    with carrier(kit) as reader:
        wait(look)
    return found


@dataclass
class Running:
    """An agent on a thread of its own."""

    said: list[str]
    folder: Path


@contextmanager
def agent(relay: Generated) -> Iterator[Running]:
    """Beside the relay, with the folder that `config` lays out for it."""
    folder = relay.folder / "agent"
    held: dict[str, object] = {}
    said: list[str] = []
    listening = threading.Event()

    async def serve() -> None:
        made = Agent(folder, said.append)
        work = asyncio.ensure_future(made.run())
        held.update(loop=asyncio.get_running_loop(), work=work)
        await made.ready.wait()
        listening.set()
        await asyncio.gather(work, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        assert listening.wait(20), said
        yield Running(said, folder)
    finally:
        held["loop"].call_soon_threadsafe(held["work"].cancel)  # type: ignore[attr-defined]
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    with generated(tmp_path_factory.mktemp("relay"), {"XA": 2, "XB": 1}) as made:
        yield made


def test_again_it_changes_nothing(relay: Generated) -> None:
    assert not [line for line in relay.provision() if ":" in line and not line.endswith(":")]


def test_an_envelope_reaches_every_laptop_of_the_delegation_and_nobody_else(relay: Generated) -> None:
    to, _ = address(relay.kits["XA"][0])
    assert put(to) == (Outcome.ACCEPTED, "")
    assert len(read(relay.kits["XA"][0], 1)) == len(read(relay.kits["XA"][1], 1)) == 1
    with carrier(relay.kits["XB"][0]) as other:
        wait(lambda: not other.probe().code)
        assert not other.fetch(frozenset((TOKEN,)), b"", 10, lambda _: ()).items


def test_much_that_waits_comes_over_one_websocket(relay: Generated) -> None:
    """A server puts all that is ready for a connection into one frame of the WebSocket."""
    kit = relay.kits["XA"][0]
    to, _ = address(kit, "manyenvelopes")
    parcels = [Parcel(os.urandom(16), (TOKEN,), os.urandom(250_000)) for _ in range(24)]
    with carrier(to=to) as writer:
        assert set(writer.put(parcels).outcomes) == {Outcome.ACCEPTED}
    read(kit, 24, {one.id for one in parcels})


def test_a_laptop_is_added_while_it_runs_and_reads_what_lies_there(relay: Generated) -> None:
    to, _ = address(relay.kits["XB"][0])
    assert put(to)[0] is Outcome.ACCEPTED
    relay.add({"XB": 2, "XC": 1})
    assert len(relay.kits["XB"]) == 2 and len(relay.kits["XC"]) == 1
    assert len(read(relay.kits["XB"][1], 1)) == 1
    assert put(address(relay.kits["XC"][0])[0]) == (Outcome.ACCEPTED, "")


def test_a_laptop_that_is_removed_reads_nothing_and_keeps_nothing(relay: Generated) -> None:
    relay.add({"XD": 2})
    kits = relay.kits["XD"]
    to, _ = address(kits[0])
    assert put(to)[0] is Outcome.ACCEPTED
    assert run(["relay", "provision", str(relay.folder), "--remove", "XD:2"]) == 0
    with carrier(kits[1]) as gone:
        assert gone.probe().code == "relay.refused"
    assert len(relay.plan.delegation("XD").reading) == 1
    assert not (relay.folder / "kits" / "XD-2.valise-relay").exists()
    assert not [line for line in relay.provision() if "taken away" in line]
    with carrier(kits[0]) as left:
        wait(lambda: not left.probe().code)
    relay.add({"XD": 2})  # a laptop in its place has a seat of its own
    assert relay.plan.delegation("XD").laptops[2].seat not in (kits[0].mailbox.seat, kits[1].mailbox.seat)
    assert (relay.folder / "kits" / "XD-3.valise-relay").exists()


def test_no_agent_no_answer(relay: Generated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.5)
    _, user = address(relay.kits["XA"][0])
    with carrier(relay.kits["XA"][0]) as own:
        wait(lambda: not own.probe().code)
        assert own.revoke([user]) == "relay.no_agent"


def test_taken_back_by_a_click(relay: Generated) -> None:
    kit = relay.kits["XA"][0]
    (to, user), (other, _) = address(kit, "hastowithdraw"), address(kit, "maygoonwriting")
    assert put(to)[0] is put(other)[0] is Outcome.ACCEPTED
    with agent(relay) as beside, carrier(kit) as own, carrier(to=to) as writer:
        wait(lambda: not own.probe().code)
        assert writer.put([Parcel(os.urandom(16), (TOKEN,), b"x")]).outcomes == (Outcome.ACCEPTED,)
        assert own.revoke([user]) == ""
        assert user in Notes(beside.folder).held[kit.minting.account]  # noted before it answered
        posted = writer.put([Parcel(os.urandom(16), (TOKEN,), b"x")])  # on the connection it had open
        assert posted.why[TOKEN] == "relay.refused"
        assert own.revoke([user]) == ""  # again does no harm
        assert own.revoke([nkeys.public(nkeys.seed(Kind.ACCOUNT, os.urandom(32)))]) == "relay.refused"
        assert beside.said.count("XA: 1 taken back.") == 2
    assert put(to) == (Outcome.REFUSED, "relay.refused")
    assert put(other) == (Outcome.ACCEPTED, "")
    relay.provision()  # which does not know of it
    assert put(to) == (Outcome.REFUSED, "relay.refused")
    relay.nodes[0].restart()
    assert put(to) == (Outcome.REFUSED, "relay.refused")


def test_a_server_that_forgot_is_told_again(relay: Generated) -> None:
    """Its disk was put back to before: what the agent noted holds."""
    kit = relay.kits["XA"][0]
    to, user = address(kit, "hastowithdraw")
    place = Path(relay.plan.nodes[0].state) / "accounts" / f"{kit.minting.account}.jwt"
    before = place.read_bytes()
    with agent(relay), carrier(kit) as own:
        wait(lambda: not own.probe().code)
        assert own.revoke([user]) == ""
    relay.nodes[0].stop()
    place.write_bytes(before)
    relay.nodes[0].start()
    assert put(to)[0] is Outcome.ACCEPTED
    with agent(relay) as beside:
        assert any("told again" in line for line in beside.said)
    assert put(to) == (Outcome.REFUSED, "relay.refused")


def test_taken_back_by_hand(relay: Generated, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kit = relay.kits["XB"][0]
    (to, user), (other, second) = address(kit, "byfilebyfile"), address(kit, "bykeybykey")
    file = tmp_path / "withdrawn.valise-revoke"
    file.write_bytes(relaykit.encode_revocation(kit.minting.account, [user], 1_795_000_000_000))
    assert put(to)[0] is put(other)[0] is Outcome.ACCEPTED
    assert run(["relay", "revoke", str(relay.folder), str(file)]) == 0
    assert "XB takes back 1 credential" in capsys.readouterr().out
    assert put(to) == (Outcome.REFUSED, "relay.refused")
    assert run(["relay", "revoke", str(relay.folder), second]) == 4  # of which inbox?
    assert run(["relay", "revoke", str(relay.folder), second, "--delegation", "XB"]) == 0
    assert put(other) == (Outcome.REFUSED, "relay.refused")
    stranger = nkeys.public(nkeys.seed(Kind.ACCOUNT, bytes(32)))
    file.write_bytes(relaykit.encode_revocation(stranger, [user], 1_795_000_000_000))
    assert run(["relay", "revoke", str(relay.folder), str(file)]) == 4
    file.write_bytes(b"VALISE-REVOKE-1\n!!")
    assert run(["relay", "revoke", str(relay.folder), str(file)]) == 4


def test_a_lost_laptop_is_shut_out_by_its_key(relay: Generated) -> None:
    relay.add({"XE": 2})
    lost = relay.plan.delegation("XE").laptops[0]
    assert run(["relay", "revoke", str(relay.folder), lost.user]) == 0
    with carrier(relay.kits["XE"][0]) as gone, carrier(relay.kits["XE"][1]) as left:
        assert gone.probe().code == "relay.refused"
        assert left.probe().code == ""


def test_a_stream_that_somebody_changed_is_set_right(relay: Generated) -> None:
    from valise.operator.checking import scene
    from valise.operator.plan import CHECK

    name = relay.plan.delegation(CHECK).streams[0]

    async def loosen() -> int:
        async with scene(relay.folder, relay.plan) as where:
            held = await where.config(name)
            made = await provisioning.api(where.store, f"STREAM.UPDATE.{name}", {**held, "max_msgs_per_subject": 5})
            return int(made["config"]["max_msgs_per_subject"])

    assert asyncio.run(loosen()) == 5
    assert f"  stream {name}: changed" in relay.provision()


def test_when_no_server_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.relay.generated import written

    made = written(tmp_path, {"XA": 1})
    for asked in (["provision"], ["check"], ["revoke", made.plan.delegation("XA").laptops[0].user]):
        assert run(["relay", asked[0], str(made.folder), *asked[1:]]) == 1
        assert "No server answers" in capsys.readouterr().err


def test_the_list_of_what_was_taken_back_is_bounded_and_whole(tmp_path: Path) -> None:
    notes = Notes(tmp_path)
    notes.add("A", [f"U{n}" for n in range(MOST)])
    with pytest.raises(Refused, match=r"relay\.revocation"):
        notes.add("A", ["one more"])
    assert Notes(tmp_path).held == notes.held
    (tmp_path / revoking.NOTES).write_text("{")
    with pytest.raises(Unavailable, match=r"file\.unreadable"):
        Notes(tmp_path)
