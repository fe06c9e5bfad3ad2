"""What the server is told about each account: who may reach what in it. Allow-lists only.

The one export of a STORE to its writers covers envelopes and large envelopes together: a server follows a reply from one
service into another, but never into the same one again, so that no reply subject writes into a slot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from valise.carriers.relay import credentials, jwt
from valise.carriers.relay.nkeys import Kind
from valise.operator import plan as plans
from valise.operator.keys import Credential, Random, Ring
from valise.operator.plan import Delegation, Plan

SYSTEM: Final = "system"
AGENT: Final = "agent"
REPLIES: Final = "_O"
_CONNECTIONS: Final = {"store": 16, "seats": 8 * plans.MOST_LAPTOPS, "writers": 1024, "operator": 16}


@dataclass(frozen=True, slots=True)
class Named:
    """One account: its name among the keys, its public key and what it may, without revocations."""

    name: str
    public: str
    nats: dict[str, Any]


def role(
    key: str, name: str, publish: Sequence[str], subscribe: Sequence[str] = (), *, answers: bool = False
) -> dict[str, Any]:
    """A signing key whose credentials may do this and nothing else."""
    found: dict[str, Any] = {
        "pub": {"allow": list(publish)},
        "sub": {"allow": [f"{REPLIES}.{credentials.NAME}.>", *subscribe]},
        "subs": 64,
        "data": -1,
        "payload": -1,
        "allowed_connection_types": list(credentials.WAYS),
    }
    if answers:
        found["resp"] = {"max": 1, "ttl": 30_000_000_000}
    return {"kind": "user_scope", "key": key, "role": name, "template": found}


def _limits(connections: int, *, exports: int = 0, imports: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "subs": -1, "data": -1, "payload": -1, "leaf": 0, "conn": connections, "exports": exports, "imports": imports,
        "wildcards": True, "disallow_bearer": True, **more,
    }  # fmt: skip


def _service(name: str, subject: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "subject": subject, "type": "service", **more}


def store(plan: Plan, one: Delegation, provisioner: str) -> dict[str, Any]:
    """The account with the streams."""
    exports = [
        _service("write", f"*.{one.inbox}.*"),
        _service("fetch", "$JS.API.CONSUMER.MSG.NEXT.*.*", response_type="Stream"),
        _service("info", "$JS.API.CONSUMER.INFO.*.*"),
        _service("confirm", "$JS.ACK.>"),
    ]
    asks = ["INFO", "STREAM.CREATE.*", "STREAM.UPDATE.*", "STREAM.INFO.*", "CONSUMER.INFO.*.*", "CONSUMER.NAMES.*"]
    asks += ["CONSUMER.DURABLE.CREATE.*.*", "CONSUMER.DELETE.*.*"]
    octets = plan.capacity_of(one) * plan.replicas
    return {
        "limits": _limits(
            _CONNECTIONS["store"], exports=len(exports), disk_storage=octets, mem_storage=0, streams=2,
            consumer=4 * plans.MOST_LAPTOPS, max_bytes_required=True,
        ),
        "exports": exports,
        "signing_keys": [role(provisioner, "provision", [f"$JS.API.{ask}" for ask in asks])],
    }  # fmt: skip


def seats(one: Delegation, key: str, agent: str) -> dict[str, Any]:
    """The account of its laptops. Asking how much waits goes by a subject of its own: every account without streams has the
    server's own answer at $JS.API, "no streams here", which would come first."""
    imports = [_service("revoke", f"revoke.{one.inbox}", account=agent)]
    mappings: dict[str, list[dict[str, str]]] = {}
    for stream in one.streams:
        ask = f"$JS.API.CONSUMER.INFO.{stream}.*"
        imports += [
            _service("fetch", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*", account=one.store),
            _service("info", ask, account=one.store, local_subject=f"info.{stream}.*"),
            _service("confirm", f"$JS.ACK.{stream}.>", account=one.store),
            _service("confirm", f"$JS.ACK.*.*.{stream}.>", account=one.store),
        ]
        mappings[ask] = [{"subject": f"info.{stream}.$1"}]
    return {
        "limits": _limits(_CONNECTIONS["seats"], imports=len(imports)),
        "imports": imports,
        "mappings": mappings,
        "signing_keys": [credentials.seat_scope(key, one.inbox, -1)],
    }


def writers(one: Delegation, key: str) -> dict[str, Any]:
    """The account of those who may write to it."""
    imports = [_service("write", f"{kind}.{one.inbox}.*", account=one.store) for kind in ("inbox", "blob")]
    return {
        "limits": _limits(_CONNECTIONS["writers"], imports=len(imports)),
        "imports": imports,
        "signing_keys": [credentials.writer_scope(key, one.inbox, -1)],
    }


def all_of(plan: Plan, ring: Ring) -> list[Named]:
    """Every account of the relay. The keys are read, or made where the ring makes them."""
    listed = [
        Named(SYSTEM, plan.system, {
            "limits": _limits(_CONNECTIONS["operator"]),
            "signing_keys": [role(ring.public("system-operator", Kind.ACCOUNT), "operator", [
                "$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.CLAIMS.LIST", "$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP", "$SYS.REQ.SERVER.PING",
                "$SYS.REQ.SERVER.PING.VARZ",
            ])],
        }),
        Named(AGENT, plan.agent, {
            "limits": _limits(_CONNECTIONS["operator"], exports=1),
            "exports": [_service("revoke", "revoke.*")],
            "signing_keys": [
                role(ring.public("agent-agent", Kind.ACCOUNT), "agent", [], ["revoke.*"], answers=True)
            ],
        }),
    ]  # fmt: skip
    for code, one in sorted(plan.delegations.items()):
        held = seats(one, ring.public(f"{code}-seats-seat", Kind.ACCOUNT), plan.agent)
        listed += [
            Named(f"{code}-store", one.store, store(plan, one, ring.public(f"{code}-store-provision", Kind.ACCOUNT))),
            Named(f"{code}-seats", one.seats, held),
            Named(f"{code}-writers", one.writers, writers(one, ring.public(f"{code}-writers-writer", Kind.ACCOUNT))),
        ]
    return listed


def signed(named: Named, signing: str, issued: int, revocations: Mapping[str, int] | None = None) -> str:
    """The account's JWT. `issued` in seconds UTC; `revocations`: user key -> no credential made until then is taken."""
    nats = {**named.nats, **({"revocations": dict(sorted(revocations.items()))} if revocations else {})}
    return jwt.encode("account", named.public, signing, issued, name=named.name, nats=nats)


def operator(plan: Plan, ring: Ring, issued: int) -> str:
    """Who the operator is: only the signing key may sign accounts."""
    nats = {"signing_keys": [plan.signing], "system_account": plan.system, "strict_signing_key_usage": True}
    return jwt.encode("operator", plan.operator, ring.seed("operator", Kind.OPERATOR), issued, name="valise-relay", nats=nats)


def own_credential(ring: Ring, account: str, public: str, purpose: str, issued: int, random: Random) -> Credential:
    """The operator's own credential of this purpose, kept; made once."""
    found = ring.credential(f"{account}-{purpose}")
    if found is None:
        signer = ring.seed(f"{account}-{purpose}", Kind.ACCOUNT)
        token, seed, _ = credentials.scoped(public, signer, purpose, issued, 0, random)
        found = Credential(token, seed)
        ring.keep(f"{account}-{purpose}", found)
    return found
