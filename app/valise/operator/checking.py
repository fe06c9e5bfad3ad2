"""`valise relay check`: whether a running relay is what its folder says, and whether it withstands what somebody could try."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from valise.carriers.relay import trust
from valise.carriers.relay.operating import PATIENCE, Line, line
from valise.domain.errors import Unavailable, ValiseError
from valise.domain.relay import LOOPBACK
from valise.operator import accounts, attacks, serverconf, streams
from valise.operator import plan as plans
from valise.operator.accounts import REPLIES
from valise.operator.keys import Random, Ring
from valise.operator.plan import CHECK, Plan
from valise.operator.provisioning import api, differing, known, listed, own, read_json, wanted_part
from valise.operator.scene import Scene


@dataclass(frozen=True, slots=True)
class Finding:
    """`held`: True, False, or None = could not be tried. `why` in words, "" when it held."""

    code: str
    line: str
    held: bool | None
    why: str = ""


Tell = Callable[[Finding], None]


@asynccontextmanager
async def scene(
    folder: Path, plan: Plan, *, patience: float = 1.0, random: Random = os.urandom, now: int | None = None
) -> AsyncIterator[Scene]:
    """Connected as the operator. Unavailable, Refused("relay.plan")."""
    ring = Ring(folder)
    mine, provision = own(ring, f"{accounts.SYSTEM}-operator"), own(ring, f"{CHECK}-store-provision")
    async with (
        line(plan.local, mine.jwt, mine.seed, f"{REPLIES}.operator") as system,
        line(plan.local, provision.jwt, provision.seed, f"{REPLIES}.provision") as store,
    ):
        yield Scene(plan, ring, system, store, int(time.time()) if now is None else now, random, patience)


async def try_all(where: Scene, tell: Tell) -> list[Finding]:
    """Every attack, each beginning with an empty inbox."""
    found: list[Finding] = []
    for one in attacks.ATTACKS.values():
        try:
            await where.empty()
            why = await one.run(where)
            found.append(Finding(one.code, one.line, not why, why))
        except ValiseError as error:
            found.append(Finding(one.code, one.line, None, f"could not be tried ({error.code})"))
        tell(found[-1])
    with suppress(ValiseError):
        await where.empty()
    return found


# -- what the servers say of themselves

_SETTINGS: Final[tuple[tuple[str, str, Callable[[Plan, dict[str, Any]], bool]], ...]] = (
    ("server.version", "the server is one that was tested", lambda plan, said: _new(plan, said.get("version"))),
    ("server.mqtt", "MQTT is off", lambda _, said: not (said.get("mqtt") or {}).get("port")),
    ("server.leaf", "no leaf nodes and no gateways", lambda _, said: not (said.get("leaf") or {}).get("port")
        and not (said.get("gateway") or {}).get("port")),
    ("server.no_auth_user", "nobody is let in under a name for everybody", lambda _, said: said.get("auth_required") is True
        and not (said.get("websocket") or {}).get("no_auth_user") and not said.get("default_sentinel")),
    ("server.compression", "nothing is compressed", lambda _, said: not (said.get("websocket") or {}).get("compression")),
    ("server.payload", "messages are as large as an envelope and no larger",
        lambda _, said: said.get("max_payload") == serverconf.PAYLOAD),
    ("server.operator", "credentials are those of this operator",
        lambda plan, said: _subjects(said) in ([], [plan.operator])),
    ("server.routes", "the servers speak TLS with each other", lambda plan, said: len(plan.nodes) == 1
        or (said.get("cluster") or {}).get("tls_required") is True),
)  # fmt: skip


def _subjects(said: dict[str, Any]) -> list[str]:
    held = said.get("trusted_operators_claim")
    return [str(one.get("sub")) for one in held if type(one) is dict] if type(held) is list else []


def _new(plan: Plan, version: object) -> bool:
    return trust.new_enough(version) or all(one.host in LOOPBACK for one in plan.nodes)


async def facts(where: Scene, tell: Tell) -> list[Finding]:
    """What every server says of itself, what it believes of every account, what every stream and seat is like."""
    plan, nodes = where.plan, len(where.plan.nodes)
    found: list[Finding] = []

    def note(code: str, words: str, held: bool | None, why: str = "") -> None:
        found.append(Finding(code, words, held, why))
        tell(found[-1])

    answers = await where.system.gather("$SYS.REQ.SERVER.PING.VARZ", b"", nodes, 5.0)
    said = [held for one in answers if type(held := read_json(one.data).get("data")) is dict]
    note("server.all", f"all {nodes} servers answer", len(said) == nodes, "" if len(said) == nodes else f"{len(said)} did")
    for code, words, good in _SETTINGS:
        bad = [str(one.get("server_name", "?"))[:64] for one in said if not good(plan, one)]
        note(code, words, not bad, ", ".join(bad))
    there = await listed(where.system, nodes)
    odd = []
    for named in accounts.all_of(plan, where.ring):
        held_by = await known(where.system, nodes, named.public) if named.public in there else []
        if len(held_by) < nodes or any(one.issuer != plan.signing or wanted_part(one.nats) != named.nats for one in held_by):
            odd.append(named.name)
    note("account.same", "every account may do what the folder says, and no more", not odd, ", ".join(odd))
    mine = {named.public for named in accounts.all_of(plan, where.ring)}
    note("account.only", "there are no other accounts", there <= mine, f"{len(there - mine)} more" if there - mine else "")
    for code, one in sorted(plan.delegations.items()):
        credential = own(where.ring, f"{code}-store-provision")
        wrong: list[str] = []
        async with line(plan.local, credential.jwt, credential.seed, f"{REPLIES}.provision") as store:
            for large in (False, True):
                wrong += await _settled(store, plan, one, large)
        note(f"stream.{code}", f"the streams and seats of {code} are as they should be", not wrong, ", ".join(wrong))
    return found


async def _settled(store: Line, plan: Plan, one: plans.Delegation, large: bool) -> list[str]:
    """What is wrong for longer than a server of a cluster needs to hear of a stream."""
    end = time.monotonic() + PATIENCE
    while (wrong := await _stream_wrong(store, plan, one, large)) and len(plan.nodes) > 1 and time.monotonic() < end:
        await asyncio.sleep(0.5)
    return wrong


async def _stream_wrong(store: Line, plan: Plan, one: plans.Delegation, large: bool) -> list[str]:
    config = streams.stream(plan, one, large=large)
    name = config["name"]
    held = (await api(store, f"STREAM.INFO.{name}")).get("config")
    if type(held) is not dict:
        return [f"{name} is not there"]
    wrong = [f"{name} {key}" for key in differing(held, config)]
    there = set((await api(store, f"CONSUMER.NAMES.{name}")).get("consumers") or ())
    wanted = {laptop.seat for laptop in one.reading}
    wrong += [f"{name} lacks a seat"] * bool(wanted - there) + [f"{name} has a seat too many"] * bool(there - wanted)
    for seat in sorted(wanted & there):
        said = (await api(store, f"CONSUMER.INFO.{name}.{seat}")).get("config") or {}
        right = streams.seat(plan, seat)
        wrong += [f"{name} seat {key}" for key in ("ack_policy", "ack_wait", "max_ack_pending") if said.get(key) != right[key]]
        wrong += [f"{name} seat pushes"] * bool(said.get("deliver_subject"))
    return wrong


async def check(folder: Path, tell: Tell, *, patience: float = 1.0) -> list[Finding]:
    """Everything. Unavailable, Refused("relay.plan") where nothing can be tried at all."""
    plan = plans.load(folder)
    async with scene(folder, plan, patience=patience) as where:
        found = await facts(where, tell)
        found += await try_all(where, tell)
    return found


def passed(found: list[Finding]) -> bool:
    return bool(found) and all(one.held for one in found)


def run(folder: Path, tell: Tell, *, patience: float = 1.0) -> list[Finding]:
    return asyncio.run(check(folder, tell, patience=patience))


__all__ = ["Finding", "Unavailable", "check", "facts", "passed", "run", "scene", "try_all"]
