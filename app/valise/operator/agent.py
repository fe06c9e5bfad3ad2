"""`valise relay agent`: the small process beside the server that takes writers' credentials back when a delegation asks for it.

It holds the signing key of the operator and two credentials, no key of a delegation and nothing that reads an inbox. A
delegation speaks through a subject that its own account alone has; the account named by that subject is the only one changed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from valise.carriers.relay import revoking as wire
from valise.carriers.relay.nkeys import Kind
from valise.carriers.relay.operating import Line, Reply, line
from valise.domain.errors import Refused, Unavailable, ValiseError
from valise.operator import accounts, files
from valise.operator import plan as plans
from valise.operator.accounts import REPLIES
from valise.operator.keys import Ring
from valise.operator.plan import Plan
from valise.operator.provisioning import Say, known, own, revoked
from valise.operator.revoking import Notes, carry_out

AGAIN: Final = 5.0  # seconds between two tries to connect
LOOK: Final = 60.0  # seconds between two looks whether every server still knows
_NEEDED: Final = ("keys/signing.seed", "keys/system-operator.user", "keys/agent-agent.user", plans.NAME)


class Agent:
    """`wall` gives seconds UTC."""

    def __init__(self, folder: Path, say: Say, wall: Callable[[], float] = time.time) -> None:
        self.folder, self._say, self._wall = folder, say, wall
        plans.load(folder)
        self.ring = Ring(folder)
        self.signing = self.ring.seed("signing", Kind.OPERATOR)
        self.mine = own(self.ring, f"{accounts.SYSTEM}-operator")
        self.listener = own(self.ring, f"{accounts.AGENT}-agent")
        self.notes = Notes(folder)
        self._turn = asyncio.Lock()  # an account is read, changed and told by one at a time
        self.ready = asyncio.Event()

    @property
    def plan(self) -> Plan:
        """Read anew: delegations are added while this runs."""
        return plans.load(self.folder)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._serve()
            except Unavailable as error:
                self._say(f"Not connected ({error.code}); trying again.")
            self.ready.clear()
            await asyncio.sleep(AGAIN)

    async def _serve(self) -> None:
        where = self.plan.local
        async with (
            line(where, self.mine.jwt, self.mine.seed, f"{REPLIES}.operator") as system,
            line(where, self.listener.jwt, self.listener.seed, f"{REPLIES}.agent") as ears,
        ):
            await self._tell_again(system)
            await ears.listen("revoke.*", lambda asked: self._asked(system, ears, asked))
            self._say("Listening.")
            self.ready.set()
            lost = [asyncio.ensure_future(one.lost.wait()) for one in (system, ears)]
            try:
                while not (await asyncio.wait(lost, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED))[0]:
                    await self._tell_again(system)
            finally:
                for one in lost:
                    one.cancel()
        raise Unavailable("carrier.unreachable", "the connection was lost")

    async def _tell_again(self, system: Line) -> None:
        """Every server knows everything that was ever noted."""
        nodes = len(self.plan.nodes)
        for account, users in list(self.notes.held.items()):
            async with self._turn:
                held = await known(system, nodes, account)
                if held and any(users - revoked([one]).keys() for one in held):
                    await carry_out(system, nodes, self.signing, account, users, int(self._wall()))
                    self._say("A server had forgotten what was taken back; told again.")

    async def _asked(self, system: Line, ears: Line, asked: Reply) -> None:
        if not asked.reply:
            return
        try:
            answer = wire.answer(await self._take_back(system, asked.subject, asked.data))
        except Refused:
            answer = wire.answer(error="relay.refused")
        except ValiseError as error:
            self._say(f"A request could not be carried out ({error.code}).")
            answer = wire.answer(error="carrier.unreachable")
        try:
            await ears.say(asked.reply, answer)
        except Unavailable:
            return  # it asks again

    async def _take_back(self, system: Line, subject: str, data: bytes) -> int:
        inbox = subject.partition(".")[2]
        plan = self.plan
        whose = next((one for one in plan.delegations.values() if one.inbox == inbox), None)
        if whose is None:
            raise Refused("relay.revocation", "of no delegation on this relay")
        users = wire.read_request(data)
        async with self._turn:
            self.notes.add(whose.writers, users)
            await carry_out(system, len(plan.nodes), self.signing, whose.writers, users, int(self._wall()))
        self._say(f"{whose.code}: {len(users)} taken back.")
        return len(users)


def lay_out(folder: Path, place: Path) -> None:
    """What the agent needs and no more, for its folder on the server. Refused("relay.plan"), Unavailable."""
    plans.load(folder)
    for name in _NEEDED:
        files.write(place / name, files.read(folder / name), secret=True)


def agent(folder: Path, say: Say) -> None:
    """Runs until it is ended."""
    asyncio.run(_run(folder, say))


async def _run(folder: Path, say: Say) -> None:
    await Agent(folder, say).run()
