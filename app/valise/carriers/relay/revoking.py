"""Taking a writer's credential back: asked of the agent beside our relay, which notes it before it answers.

The request goes out under `revoke.<inbox>`, which the account of our laptops has for our own inbox alone, so that nobody can
speak for another delegation. Request {"users":["U...",...],"v":1}, answer {"done":n,"v":1} or {"error":code,"v":1}.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from nats.errors import Error

from valise.carriers.relay import nkeys
from valise.carriers.relay.nkeys import Kind
from valise.domain.errors import Refused, Unavailable, ValiseError

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from valise.carriers.relay.session import Session

MOST: Final = 500  # credentials in one request
PATIENCE: Final = 15.0  # the agent waits up to 5 s for the servers


def subject(inbox: str) -> str:
    return f"revoke.{inbox}"


def request(users: Sequence[str]) -> bytes:
    """Refused("relay.key")."""
    for user in users:
        nkeys.read_public(user, Kind.USER)
    return json.dumps({"users": sorted(set(users)), "v": 1}, separators=(",", ":")).encode("ascii")


def read_request(data: bytes) -> tuple[str, ...]:
    """The users. Refused("relay.revocation") for anything but a request."""
    try:
        held = json.loads(data) if len(data) <= 64 * 1024 else None
    except (ValueError, RecursionError):
        held = None
    if type(held) is not dict or held.keys() != {"users", "v"} or held["v"] != 1:
        raise Refused("relay.revocation", "not a request")
    users = held["users"]
    if type(users) is not list or not 0 < len(users) <= MOST or any(type(one) is not str for one in users):
        raise Refused("relay.revocation", "none to end, or too many")
    try:
        for user in users:
            nkeys.read_public(user, Kind.USER)
    except Refused:
        raise Refused("relay.revocation", "not the keys of credentials") from None
    return tuple(sorted(set(users)))


def answer(done: int = 0, error: str = "") -> bytes:
    held = {"error": error, "v": 1} if error else {"done": done, "v": 1}
    return json.dumps(held, separators=(",", ":")).encode("ascii")


async def revoke(session: Session, inbox: str, users: Sequence[str]) -> str:
    """An error code, "" once the relay confirmed that none of these is taken any more. "relay.no_agent": nobody there does that,
    the operator has to; "carrier.unreachable": not known, and asking again does no harm; "relay.refused"."""
    try:
        for at in range(0, len(users), MOST):
            await _some(session, inbox, users[at : at + MOST])
    except ValiseError as error:
        return "relay.refused" if isinstance(error, Refused) else error.code
    return ""


async def _some(session: Session, inbox: str, users: Sequence[str]) -> None:
    from valise.carriers.relay.session import read_json, status

    came: asyncio.Future[Msg | None] = asyncio.get_running_loop().create_future()

    def take(msg: Msg | None) -> None:
        if not came.done():
            came.set_result(msg)

    body, token = request(users), ""
    try:
        token = await session.ask(subject(inbox), body, take)
        async with asyncio.timeout(PATIENCE):
            msg = await came
    except TimeoutError:  # a server that is there does not always say that nobody listens behind another account
        lost = session.lost.is_set()
        raise Unavailable("carrier.unreachable" if lost else "relay.no_agent", "nobody answered in time") from None
    except (Error, OSError):
        raise Unavailable("carrier.unreachable", "the relay does not answer") from None
    finally:
        session.forget(token)
    if msg is None:
        raise Unavailable("relay.refused", "the relay does not allow it")
    if status(msg) == 503:
        raise Unavailable("relay.no_agent", "nobody at the relay takes credentials back")
    held = read_json(msg.data)
    if type(held.get("done")) is not int:
        unknown = held.get("error") == "carrier.unreachable"
        raise Unavailable("carrier.unreachable" if unknown else "relay.refused", "the relay could not do it")
