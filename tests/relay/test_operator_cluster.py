"""Three servers: what is told to one is known to all, and one may be away."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.relay.generated import generated
from tests.relay.test_operator_running import address, agent, carrier, put, read, wait

from valise.carriers.abc import Outcome
from valise.carriers.relay import wire
from valise.carriers.relay.operating import line
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Server


def at(to: Address, number: int) -> Address:
    """The same permission, shown to one of the servers only."""
    server = Server(to.server.urls[number : number + 1], to.server.ca)
    return Address(server, to.inbox, to.slot, to.jwt, to.seed, to.expires)


async def refused(to: Address, patience: float) -> None:
    """Comes back once the server does not take the credential; until then it is asked again and again."""
    async with asyncio.timeout(patience):
        while True:
            try:
                async with line(to.server, to.jwt, to.seed, wire.writer_replies(to.slot)):
                    pass
            except Unavailable as error:
                if error.code == "relay.refused":
                    return
            await asyncio.sleep(0.2)


def test_a_cluster_with_one_server_away(tmp_path: Path) -> None:
    with generated(tmp_path, {"XA": 2}, cluster=True) as relay:
        kit = relay.kits["XA"][0]
        to, user = address(kit)
        assert [put(at(to, n))[0] for n in range(3)] == [Outcome.ACCEPTED] * 3
        with agent(relay), carrier(kit) as own:
            wait(lambda: not own.probe().code)
            relay.nodes[2].kill()
            assert own.revoke([user]) == ""
            for n in (0, 1):
                asyncio.run(refused(at(to, n), 5))
        relay.nodes[2].start(wait=False)  # it catches up while it answers
        asyncio.run(refused(at(to, 2), 60))  # the servers compare what they know every 5 s
        assert len(read(relay.kits["XA"][1], 3)) >= 3
        assert not [line for line in relay.provision() if "made" in line]
