"""`valise relay provision`: what the folder says, told to the running servers. Run again it changes what differs and nothing
else. What a server knows better (credentials taken back since) is kept.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from valise.carriers.relay import jwt
from valise.carriers.relay.nkeys import Kind
from valise.carriers.relay.operating import Line, line
from valise.domain.errors import Unavailable
from valise.operator import accounts, streams
from valise.operator import plan as plans
from valise.operator.accounts import REPLIES, Named
from valise.operator.keys import Credential, Ring
from valise.operator.plan import Delegation, Plan

Say = Callable[[str], None]
# A server asks whether a credential was made after this moment, and a laptop's clock may be fast. A key is never used for two
# credentials, so that it may as well be for ever.
FOREVER: Final = 253_402_300_799
_NO_PEERS: Final = 10005  # "no suitable peers for placement"
YOUNG: Final = 30.0  # seconds in which a cluster that was just started may not be able to answer
CHANGEABLE: Final = (
    "subjects", "num_replicas", "discard_new_per_subject", "max_msgs_per_subject", "max_msg_size", "max_bytes", "max_age",
    "duplicate_window", "deny_delete", "deny_purge", "allow_rollup_hdrs", "discard", "retention", "storage",
)  # fmt: skip


def own(ring: Ring, name: str) -> Credential:
    """Refused("relay.plan") where this folder lacks it."""
    found = ring.credential(name)
    if found is None:
        raise plans.wrong("a credential of the operator is missing in this folder")
    return found


def wanted_part(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What an account may, without what came since."""
    return {key: value for key, value in claims.items() if key not in ("revocations", "type", "version")}


async def listed(system: Line, nodes: int) -> set[str]:
    """The accounts that any of the servers has been told of."""
    answers = await system.gather("$SYS.REQ.CLAIMS.LIST", b"", nodes, 5.0)
    if len(answers) < nodes:
        raise Unavailable("carrier.unreachable", f"{nodes - len(answers)} of {nodes} servers did not answer")
    return {str(public) for one in answers for public in read_json(one.data).get("data") or ()}


async def known(system: Line, nodes: int, public: str, seconds: float = 5.0) -> list[jwt.Claims]:
    """What the servers believe about an account that is listed. `seconds` are waited only where one of them is away."""
    subject = f"$SYS.REQ.ACCOUNT.{public}.CLAIMS.LOOKUP"
    answers = await system.gather(subject, b"", nodes, seconds)
    found: list[jwt.Claims] = []
    for one in answers:
        if one.data:
            claims = jwt.decode(one.data.decode("ascii", "replace"), "account")
            if claims.subject == public:
                found.append(claims)
    return found


def revoked(listed: Sequence[jwt.Claims]) -> dict[str, int]:
    """Everything that any of them takes back."""
    found: dict[str, int] = {}
    for claims in listed:
        held = claims.nats.get("revocations", {})
        if type(held) is not dict:
            continue
        for user, when in held.items():
            found[user] = max(found.get(user, 0), int(when))
    return found


async def tell(system: Line, nodes: int, token: str, seconds: float = 5.0) -> int:
    """Give the servers an account; how many of them took it. Unavailable("relay.refused") when one does not."""
    answers = await system.gather("$SYS.REQ.CLAIMS.UPDATE", token.encode(), nodes, seconds)
    taken = 0
    for one in answers:
        held = read_json(one.data)
        if held.get("error"):
            raise Unavailable("relay.refused", "a server does not take the account")
        taken += isinstance(held.get("data"), dict)
    return taken


async def settle(
    system: Line, nodes: int, named: Named, held: Sequence[jwt.Claims], signing: str, now: int, also: Mapping[str, int]
) -> bool:
    """Make the servers believe what `named` says, with every revocation of `held` (what they believe now) and `also`. True if
    something was changed."""
    before = revoked(held)
    after = {**before, **{user: max(when, before.get(user, 0)) for user, when in also.items()}}
    same = len(held) >= nodes and all(
        wanted_part(one.nats) == named.nats and one.nats.get("revocations", {}) == after for one in held
    )
    if same:
        return False
    issued = max([now, *[one.issued + 1 for one in held]])  # of two the server keeps the later
    taken = await tell(system, nodes, accounts.signed(named, signing, issued, after))
    if taken < nodes:
        raise Unavailable("carrier.unreachable", f"{nodes - taken} of {nodes} servers did not answer")
    return True


async def api(store: Line, ask: str, body: Mapping[str, Any] | None = None, seconds: float = 10.0) -> dict[str, Any]:
    """One question to JetStream: its answer, with "error" in it where it refuses. Unavailable("carrier.unreachable")."""
    data = json.dumps(body).encode() if body is not None else b""
    found = await store.ask(f"$JS.API.{ask}", data, seconds)
    if found is None or found.status:
        raise Unavailable("carrier.unreachable", "the streams of the relay do not answer")
    return read_json(found.data)


def read_json(data: bytes) -> dict[str, Any]:
    """{} for what is no object."""
    try:
        held = json.loads(data)
    except ValueError:
        return {}
    return held if type(held) is dict else {}


async def _patient(store: Line, ask: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A cluster that elects a leader, or does not see all of its servers yet, is asked again for a while; so is a server
    in trouble of its own (500: a stream begun before the last election). Every ask may be made twice."""
    end = asyncio.get_running_loop().time() + YOUNG
    while True:
        try:
            found = await api(store, ask, body, 5.0)
        except Unavailable:
            found = {"error": {"code": 503}}
        error = found.get("error") or {}
        passing = error.get("code") in (500, 503) or error.get("err_code") == _NO_PEERS
        if not passing or asyncio.get_running_loop().time() > end:
            return found
        await asyncio.sleep(0.25)


def differing(held: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """The settings of a stream that are not as wanted. What is off, a server leaves out."""
    return [key for key in CHANGEABLE if (held.get(key) or None) != (config[key] or None)]


async def make_stream(store: Line, config: dict[str, Any], say: Say) -> int:
    """The number of the last message that the stream knows of. Unavailable("relay.refused") too where the server tells of it
    what cannot be: a block that is spoilt from its first record on is only read rightly at the next start."""
    name = config["name"]
    found = await _patient(store, f"STREAM.INFO.{name}")
    if (found.get("error") or {}).get("code") == 404:
        found = await _patient(store, f"STREAM.CREATE.{name}", config)
        say(f"  stream {name}: made")
    elif not found.get("error"):
        held = found.get("config", {})
        if differing(held, config):
            found = await _patient(store, f"STREAM.UPDATE.{name}", {**held, **config})
            say(f"  stream {name}: changed")
    if found.get("error"):
        raise Unavailable("relay.refused", f"it does not take a stream (JetStream {found['error'].get('err_code')})")
    held = found.get("config", {})
    wrong = differing(held, config)
    if wrong:
        raise Unavailable("relay.refused", f"the server ignored {wrong[0]} of a stream")
    state = found.get("state") or {}
    last = int(state.get("last_seq") or 0)
    if not state.get("messages") and 0 < int(state.get("first_seq") or 0) <= last:
        raise Unavailable("relay.refused", f"the store of {name} is damaged; restart the server, then provision again")
    return last


async def _is_ahead(store: Line, stream: str, seat: str, last: int) -> bool:
    """Whether the seat waits for a number beyond the last one: a store that lost its end to a bad disk counts on from lower."""
    found = await _patient(store, f"CONSUMER.INFO.{stream}.{seat}")
    return int((found.get("delivered") or {}).get("stream_seq") or 0) > last


async def make_seats(store: Line, plan: Plan, one: Delegation, stream: str, last: int, say: Say) -> None:
    """Every seat of the plan and no other on a stream that ends at the number `last`."""
    found = await _patient(store, f"CONSUMER.NAMES.{stream}")
    there = set(found.get("consumers") or ())
    for laptop in one.reading:
        if laptop.seat in there:
            if not await _is_ahead(store, stream, laptop.seat, last):
                continue
            await _patient(store, f"CONSUMER.DELETE.{stream}.{laptop.seat}")
            say(f"  seat {laptop.seat} on {stream}: the store lost messages that it had seen; it begins anew")
        body = {"stream_name": stream, "config": streams.seat(plan, laptop.seat)}
        made = await _patient(store, f"CONSUMER.DURABLE.CREATE.{stream}.{laptop.seat}", body)
        if made.get("error"):
            raise Unavailable("relay.refused", f"it does not take a seat (JetStream {made['error'].get('err_code')})")
        say(f"  seat {laptop.seat} on {stream}: made")
    for gone in there - {laptop.seat for laptop in one.reading}:
        await _patient(store, f"CONSUMER.DELETE.{stream}.{gone}")
        say(f"  seat {gone} on {stream}: taken away, with what waited for it alone")


async def _all(folder: Path, plan: Plan, ring: Ring, say: Say, now: int) -> None:
    nodes = len(plan.nodes)
    signing = ring.seed("signing", Kind.OPERATOR)
    mine = own(ring, f"{accounts.SYSTEM}-operator")
    async with line(plan.local, mine.jwt, mine.seed, f"{REPLIES}.operator") as system:
        say(f"Connected; the server is {system.software}.")
        there = await listed(system, nodes)
        for named in accounts.all_of(plan, ring):
            held = await known(system, nodes, named.public) if named.public in there else []
            already = revoked(held)
            also = {user: FOREVER for user in removed_from(plan, named.public) if user not in already}
            if await settle(system, nodes, named, held, signing, now, also):
                say(f"account {named.name}: told to {nodes} server{'s' * (nodes > 1)}")
    for code, one in sorted(plan.delegations.items()):
        say(f"{code}:")
        mine = own(ring, f"{code}-store-provision")
        async with line(plan.local, mine.jwt, mine.seed, f"{REPLIES}.provision") as store:
            for large in (False, True):
                last = await make_stream(store, streams.stream(plan, one, large=large), say)
                await make_seats(store, plan, one, one.streams[large], last, say)


def removed_from(plan: Plan, seats: str) -> list[str]:
    """Keys of the laptops that read no more in this account of laptops."""
    return [x.user for one in plan.delegations.values() if one.seats == seats for x in one.laptops if x.removed]


def provision(folder: Path, say: Say, now: int | None = None) -> None:
    """Refused("relay.plan"), Unavailable("carrier.unreachable" | "relay.*" | "file.unreadable")."""
    plan = plans.load(folder)
    asyncio.run(_all(folder, plan, Ring(folder), say, int(time.time()) if now is None else now))


def remove(folder: Path, code: str, number: int) -> None:
    """Mark the laptop of that number as one that reads no more; `provision` carries it out. Refused("relay.plan")."""
    plan = plans.load(folder)
    one = plan.delegation(code)
    if not 0 < number <= len(one.laptops):
        raise plans.wrong("no laptop of that number")
    laptops = tuple(replace(laptop, removed=laptop.removed or n == number) for n, laptop in enumerate(one.laptops, 1))
    plans.save(folder, plan.with_delegation(replace(one, laptops=laptops)))
    (folder / "kits" / f"{code}-{number}.valise-relay").unlink(missing_ok=True)
