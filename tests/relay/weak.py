"""A relay as somebody would set it up who has read no further than the first page: one account for everybody, everything allowed,
no limits. Every attack has to succeed here, or it tests nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.relay.generated import Generated, written
from tests.relay.servers import HOST, free_port

from valise.carriers.relay import credentials, nkeys
from valise.carriers.relay.nkeys import Kind
from valise.domain.relay import Server
from valise.operator import accounts, files, scene, serverconf, streams
from valise.operator import plan as plans
from valise.operator.accounts import Named
from valise.operator.keys import Credential, Ring
from valise.operator.plan import CHECK, Delegation, Plan

EVERYTHING = {"pub": {"allow": [">"]}, "sub": {"allow": [">"]}, "subs": -1, "data": -1, "payload": -1}


def one_account(plan: Plan, ring: Ring) -> list[Named]:
    """The inbox for trying in a single account in which everybody may do everything."""
    listed = [one for one in strict(plan, ring) if not one.name.startswith(f"{CHECK}-")]
    one = plan.delegation(CHECK)
    roles = ("store-provision", "seats-seat", "writers-writer")
    keys = [
        {"kind": "user_scope", "key": ring.public(f"{CHECK}-{role}", Kind.ACCOUNT), "role": role, "template": EVERYTHING}
        for role in roles
    ]
    limits = accounts._limits(-1, disk_storage=1 << 30, mem_storage=0, streams=-1, consumer=-1)
    return [*listed, Named(f"{CHECK}-store", one.store, {"limits": limits, "signing_keys": keys})]


strict = accounts.all_of
_stream = streams.stream


def loose_stream(plan: Plan, one: Delegation, *, large: bool) -> dict[str, Any]:
    """No limit for a writer, nothing denied."""
    config = _stream(plan, one, large=large)
    if one.code == CHECK:
        config |= {
            "max_msgs_per_subject": -1, "discard_new_per_subject": False, "max_msg_size": -1, "deny_delete": False,
            "deny_purge": False, "allow_rollup_hdrs": True,
        }  # fmt: skip
    return config


def made(tmp_path: Path, delegations: Mapping[str, int]) -> Generated:
    """Not yet started. The caller has put `one_account` in place of accounts.all_of and `loose_stream` in place of
    streams.stream."""
    relay = written(tmp_path, delegations)
    plan, ring, now = relay.plan, Ring(relay.folder, os.urandom), int(time.time())
    one = plan.delegation(CHECK)
    one = replace(one, seats=one.store, writers=one.store)
    plan = plan.with_delegation(one)
    for n, laptop in enumerate(one.laptops, 1):
        signer = ring.seed(f"{CHECK}-seats-seat", Kind.ACCOUNT)
        token, seed, _ = credentials.scoped(one.store, signer, laptop.seat, now, 0, os.urandom)
        ring.keep(f"{CHECK}-laptop-{n}", Credential(token, seed))
    plans.save(relay.folder, plan)
    signing = ring.seed("signing", Kind.OPERATOR)
    held = {named.public: accounts.signed(named, signing, now) for named in accounts.all_of(plan, ring)}
    operator = (relay.folder / "accounts" / "operator.jwt").read_text()
    node = relay.nodes[0]
    files.write(node.folder / serverconf.ACCOUNTS, serverconf.accounts_text(operator, plan.system, held).encode())
    node.config = (
        node.config.replace("compression: false", "compression: true").replace(str(serverconf.PAYLOAD), str(1 << 20))
        + f'mqtt {{ listen: "{HOST}:{free_port()}" }}\nleafnodes {{ listen: "{HOST}:{free_port()}" }}\n'
    )
    return relay


class Careless(scene.Scene):
    """Credentials that never end and are never taken back, on a server that asks nobody who he is."""

    open_server = Server(("nats://127.0.0.1:1",))

    def writer(self, *, expires: int | None = None) -> scene.Writer:
        return super().writer(expires=0)

    async def take_back(self, user: str) -> None:
        nkeys.read_public(user, Kind.USER)

    async def taken(self, held: Credential, replies: str) -> bool:
        async with scene.line(self.open_server, "", nkeys.seed(Kind.USER, bytes(range(32))), replies):
            return True
