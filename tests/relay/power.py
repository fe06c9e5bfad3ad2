"""The operator of a relay who does with its store whatever he likes: reads everything, and puts back something else.

A stream that refuses to delete single messages can still be taken away as a whole and made again: so the operator reads it
message by message, and writes what he wants to have been there, with the same consumers. What the servers themselves would
never do (another subject, another order, one message twice, none at all) is all the same to him.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from nats.aio.client import Client
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError
from tests.relay.generated import Generated

from valise.carriers.relay import jwt, nkeys, operating, wire
from valise.carriers.relay.nkeys import Kind
from valise.operator import accounts, provisioning
from valise.operator.keys import Ring


@dataclass(frozen=True)
class Stored:
    """One message as it lies in a stream."""

    subject: str
    headers: dict[str, str]
    data: bytes

    @property
    def message(self) -> wire.Message:
        found = wire.unpack(self.data)
        assert found is not None, "not a message of ours"
        return found

    def with_blob(self, blob: bytes) -> Stored:
        """The same message around another envelope: well formed, so that it is not passed over as rubbish."""
        held = self.message
        return replace(self, data=wire.pack(held.id, held.routes, blob), headers={})

    def under(self, ident: bytes) -> Stored:
        """The same envelope as a parcel of another id."""
        held = self.message
        return replace(self, data=wire.pack(ident, held.routes, held.blob), headers={})


Rewrite = Callable[[list[Stored]], list[Stored]]


class Operator:
    """`enter` opens a connection that may do everything in the account where the streams are."""

    def __init__(self, enter: Callable[[], Awaitable[Client]]) -> None:
        self._enter = enter

    def read(self, stream: str) -> list[Stored]:
        """Everything that lies there, oldest first."""
        return self._run(lambda line: _read(line, stream))

    def rewrite(self, stream: str, how: Rewrite, *, window: float = 0.0, ack_wait: float = 0.0) -> int:
        """Put `how(everything that lies there)` in its place; how many lie there then. From now on ids of messages are
        remembered for `window` seconds and what is not confirmed comes again after `ack_wait`; 0 = as before."""

        async def work(line: Client) -> int:
            wanted = how(await _read(line, stream))
            context = line.jetstream(timeout=10)
            held = await context.stream_info(stream)
            seats = await context.consumers_info(stream)
            await context.delete_stream(stream)
            await context.add_stream(replace(held.config, duplicate_window=window or held.config.duplicate_window))
            for seat in seats:
                await context.add_consumer(stream, _seat(seat.config, ack_wait))
            for one in wanted:
                await context.publish(one.subject, one.data, headers=one.headers or None)
            return (await context.stream_info(stream)).state.messages

        return self._run(work)

    def add(self, *messages: Stored) -> None:
        """Put these behind what lies there."""

        async def work(line: Client) -> None:
            context = line.jetstream(timeout=10)
            for one in messages:
                await context.publish(one.subject, one.data, headers=one.headers or None)

        self._run(work)

    def remove(self, stream: str) -> None:
        """Take a stream away, if it is there."""

        async def work(line: Client) -> None:
            with suppress(NotFoundError):
                await line.jetstream(timeout=10).delete_stream(stream)

        self._run(work)

    def waiting(self, stream: str, seat: str) -> int:
        """Messages this seat has not confirmed."""

        async def work(line: Client) -> int:
            held = await line.jetstream(timeout=10).consumer_info(stream, seat)
            return int(held.num_pending or 0) + int(held.num_ack_pending or 0)

        return self._run(work)

    def _run(self, work: Callable[[Client], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            line = await self._enter()
            held = line._transport
            try:
                return await work(line)
            finally:
                await line.close()
                if held is not None:
                    await held.wait_closed()

        return asyncio.run(whole())


def of(relay: Generated, code: str) -> Operator:
    """Who signs accounts gives the one with the streams a further key, whose users nothing is forbidden."""
    plan, ring = relay.plan, Ring(relay.folder)
    one, now = plan.delegation(code), int(time.time())
    power, seed = (nkeys.seed(kind, os.urandom(32)) for kind in (Kind.ACCOUNT, Kind.USER))
    named = next(named for named in accounts.all_of(plan, ring) if named.public == one.store)
    account = replace(named, nats={**named.nats, "signing_keys": [*named.nats["signing_keys"], nkeys.public(power)]})
    mine = provisioning.own(ring, f"{accounts.SYSTEM}-operator")

    async def seize() -> None:
        async with operating.line(plan.local, mine.jwt, mine.seed, f"{accounts.REPLIES}.operator") as system:
            token = accounts.signed(account, ring.seed("signing", Kind.OPERATOR), now + 1)
            assert await provisioning.tell(system, len(plan.nodes), token) == len(plan.nodes)

    asyncio.run(seize())
    token = jwt.encode(
        "user", nkeys.public(seed), power, now, nats={"issuer_account": one.store, "subs": -1, "data": -1, "payload": -1}
    )

    async def quiet(_: Exception) -> None:
        return None

    async def enter() -> Client:
        line = Client()
        await line.connect(
            [one.url for one in relay.nodes], error_cb=quiet, connect_timeout=5, allow_reconnect=False,
            user_jwt_cb=token.encode, signature_cb=lambda nonce: base64.b64encode(nkeys.sign(seed, nonce.encode())),
        )  # fmt: skip
        return line

    return Operator(enter)


async def _read(line: Client, stream: str) -> list[Stored]:
    context = line.jetstream(timeout=10)
    state = (await context.stream_info(stream)).state
    found = []
    for number in range(max(1, state.first_seq), state.last_seq + 1):
        try:
            held = await context.get_msg(stream, number)
        except NotFoundError:
            continue  # confirmed by every seat
        data = held.data or b""
        found.append(Stored(held.subject or "", dict(held.headers or {}), data if isinstance(data, bytes) else base64.b64decode(data)))
    return found


def _seat(held: ConsumerConfig, ack_wait: float) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=held.durable_name, ack_policy=held.ack_policy, ack_wait=ack_wait or held.ack_wait,
        max_ack_pending=held.max_ack_pending, deliver_policy=held.deliver_policy, filter_subject=held.filter_subject,
    )  # fmt: skip
