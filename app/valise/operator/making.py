"""`valise relay config`: everything a relay needs, written into one folder. Run again it adds; it renews nothing that exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from valise.carriers.relay import credentials
from valise.carriers.relay.nkeys import Kind
from valise.domain.relay import Kit, Mailbox, Minting
from valise.operator import accounts, agent, checklist, files, serverconf, tls
from valise.operator import plan as plans
from valise.operator.keys import Credential, Random, Ring, token
from valise.operator.plan import Delegation, Laptop, Node, Plan
from valise.protocol import relaykit

ETC = "/etc/valise-relay"
KIT = ".valise-relay"


@dataclass(frozen=True, slots=True)
class Written:
    """What a run added: kits by name, accounts by name."""

    plan: Plan
    kits: tuple[str, ...]
    accounts: tuple[str, ...]


def make(
    folder: Path,
    asked: Plan,
    wanted: Mapping[str, int],
    random: Random,
    now_ms: int,
    *,
    etc: str = "",
    laptop_days: int = 0,
    again: bool = False,
) -> Written:
    """Write or complete the folder. `asked` says nodes and options (keys in it are filled in); `wanted` laptops by
    delegation; `etc` the folder of a server's files there ("" = /etc/valise-relay, "here" = as written); `laptop_days` until
    a laptop's credential ends, 0 = never; `again`: new certificates for the same keys.

    Refused("relay.plan"), Unavailable("file.unwritable" | "file.unreadable")."""
    asked.checked()
    files.folder(folder)
    ring = Ring(folder, random)
    now = now_ms // 1000
    plan = replace(
        asked,
        operator=ring.public("operator", Kind.OPERATOR) if not asked.operator else asked.operator,
        signing=ring.public("signing", Kind.OPERATOR),
        system=ring.public("system", Kind.ACCOUNT),
        agent=ring.public("agent", Kind.ACCOUNT),
    )
    plan = _certificates(folder, plan, now_ms, again=again)
    kits: list[str] = []
    for code, laptops in {plans.CHECK: 2, **wanted}.items():
        plan, added = _delegation(folder, plan, ring, code, laptops, now, laptop_days, random)
        kits += added
    plans.save(folder, plan)
    added_accounts = _accounts(folder, plan, ring, now, random)
    for node in plan.nodes:
        _server(folder, plan, node, etc)
    agent.lay_out(folder, folder / "agent")
    files.write(folder / "CHECKLIST.txt", checklist.text(plan).encode())
    return Written(plan, tuple(kits), tuple(added_accounts))


def _certificates(folder: Path, plan: Plan, now_ms: int, *, again: bool) -> Plan:
    for node in plan.nodes:
        place = folder / "servers" / node.name
        offline = folder / "offline"
        if not plan.certificate:
            tls.server(offline, node, place / serverconf.CERTIFICATE, place / serverconf.KEY, now_ms, routes=False, again=again)
        if len(plan.nodes) > 1:
            crt, key = place / serverconf.ROUTE_CERTIFICATE, place / serverconf.ROUTE_KEY
            tls.server(offline, node, crt, key, now_ms, routes=True, again=again)
            if not (place / serverconf.AUTHORITY).exists():  # the offline folder may be away by now
                files.write(place / serverconf.AUTHORITY, files.read(offline / serverconf.AUTHORITY))
    if plan.certificate or plan.ca:
        return plan
    return replace(plan, ca=files.read(folder / "offline" / serverconf.AUTHORITY).decode("ascii"))


def _delegation(
    folder: Path, plan: Plan, ring: Ring, code: str, laptops: int, now: int, days: int, random: Random
) -> tuple[Plan, list[str]]:
    """The delegation with at least that many laptops reading, and the kits of the new ones."""
    one = plan.delegations.get(code) or Delegation(
        code,
        token(random),
        ring.public(f"{code}-store", Kind.ACCOUNT),
        ring.public(f"{code}-seats", Kind.ACCOUNT),
        ring.public(f"{code}-writers", Kind.ACCOUNT),
    )
    minting = Minting(one.writers, ring.seed(f"{code}-writers-writer", Kind.ACCOUNT))
    expires = (now + days * 86_400) if days else 0
    added: list[str] = []
    while len(one.reading) < laptops:
        seat = token(random)
        signer = ring.seed(f"{code}-seats-seat", Kind.ACCOUNT)
        jwt, seed, user = credentials.scoped(one.seats, signer, seat, now, expires, random)
        one = replace(one, laptops=(*one.laptops, Laptop(seat, user)))
        if code == plans.CHECK:
            ring.keep(f"{code}-laptop-{len(one.laptops)}", Credential(jwt, seed))
            continue
        kit = Kit(Mailbox(plan.server, one.inbox, seat, jwt, seed, expires * 1000), minting, plan.label)
        name = f"{code}-{len(one.laptops)}{KIT}"
        files.write(folder / "kits" / name, relaykit.encode(kit), secret=True)
        added.append(name)
    return plan.with_delegation(one), added


def _accounts(folder: Path, plan: Plan, ring: Ring, now: int, random: Random) -> list[str]:
    """Account tokens that are not there yet, the operator's token and its own credentials."""
    signing = ring.seed("signing", Kind.OPERATOR)
    held: dict[str, str] = {}
    added: list[str] = []
    for named in accounts.all_of(plan, ring):
        place = folder / "accounts" / f"{named.name}.jwt"
        if files.once(place, accounts.signed(named, signing, now).encode()):
            added.append(named.name)
        held[named.public] = files.read(place).decode("ascii")
    place = folder / "accounts" / "operator.jwt"
    if not place.exists():
        files.write(place, accounts.operator(plan, ring, now).encode())
    accounts.own_credential(ring, accounts.SYSTEM, plan.system, "operator", now, random)
    accounts.own_credential(ring, accounts.AGENT, plan.agent, "agent", now, random)
    for code, one in plan.delegations.items():
        accounts.own_credential(ring, f"{code}-store", one.store, "provision", now, random)
    text = serverconf.accounts_text(files.read(place).decode("ascii"), plan.system, held)
    for node in plan.nodes:
        files.write(folder / "servers" / node.name / serverconf.ACCOUNTS, text.encode())
    return added


def _server(folder: Path, plan: Plan, node: Node, etc: str) -> None:
    place = folder / "servers" / node.name
    where = str(place) if etc == "here" else etc or ETC
    files.write(place / "nats-server.conf", serverconf.text(plan, node, where).encode())
    files.write(place / "valise-relay.service", serverconf.unit(node, where).encode())
    if node == plan.nodes[0]:
        files.write(place / "valise-relay-agent.service", serverconf.agent_unit(node).encode())
