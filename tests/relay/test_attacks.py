"""Every attack of the table, on a relay as `valise relay config` makes it, and on a weak one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.relay import servers, weak
from tests.relay.generated import generated

from valise.carriers.relay import wire
from valise.domain.relay import Server
from valise.operator import accounts, attacks, checking, provisioning, scene, streams
from valise.operator.checking import Finding

PATIENCE = 0.3


def lines(found: list[Finding]) -> list[str]:
    return [f"{one.code}: {one.why}" for one in found if not one.held]


def test_what_config_makes_withstands_everything(tmp_path: Path) -> None:
    with generated(tmp_path, {"XA": 2, "XB": 1}) as relay:
        told: list[Finding] = []
        found = checking.run(relay.folder, told.append, patience=PATIENCE)
        assert not lines(found)
        assert checking.passed(found) and told == found
        assert {one.code for one in found} >= attacks.ATTACKS.keys()
        assert {"stream.XA", "stream.XB", "server.compression", "account.same"} <= {one.code for one in found}
        again = checking.run(relay.folder, told.append, patience=PATIENCE)  # it leaves nothing behind that would fail it
        assert not lines(again)


def test_every_case_succeeds_on_a_weak_relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Including what a server says of itself: all that can be told from a right one is told."""
    monkeypatch.setattr(accounts, "all_of", weak.one_account)
    monkeypatch.setattr(streams, "stream", weak.loose_stream)
    monkeypatch.setattr(wire, "message_id", lambda seed, inbox, ident, routes: ident.hex())
    relay = weak.made(tmp_path, {"XA": 1})
    nobody_asks = servers.node(tmp_path / "open")
    monkeypatch.setattr(weak.Careless, "open_server", Server((nobody_asks.url,)))
    try:
        relay.nodes[0].start()
        nobody_asks.start()
        relay.provision()
        monkeypatch.setattr(scene, "Scene", weak.Careless)
        monkeypatch.setattr(checking, "Scene", weak.Careless)
        withstood, facts = asyncio.run(_succeed(relay, monkeypatch))
    finally:
        relay.nodes[0].kill()
        nobody_asks.kill()
    assert withstood == []
    assert {one.code for one in facts if not one.held} == {
        "server.mqtt", "server.leaf", "server.compression", "server.payload", "account.same", "stream.check",
    }  # fmt: skip


async def _succeed(relay: weak.Generated, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[Finding]]:
    """Each case on fresh streams, since some of them destroy these."""
    withstood: list[str] = []
    async with checking.scene(relay.folder, relay.plan, patience=PATIENCE) as where:

        async def answer(asked: provisioning.Reply) -> None:
            await where.store.say(asked.reply, b"{}")

        await where.store.listen("revoke.*", answer)
        for one in attacks.ATTACKS.values():
            for large in (False, True):
                config = streams.stream(relay.plan, where.one, large=large)
                await provisioning.api(where.store, f"STREAM.DELETE.{config['name']}")
                await provisioning.make_stream(where.store, config, str)
                await provisioning.make_seats(where.store, relay.plan, where.one, config["name"], 0, str)
            if not await one.run(where):
                withstood.append(one.code)
        monkeypatch.undo()
        facts = await checking.facts(where, lambda _finding: None)
    return withstood, facts


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("server.version", {"version": "2.9.10"}),
        ("server.version", {"version": "2.13.0"}),
        ("server.no_auth_user", {"auth_required": True, "websocket": {"no_auth_user": "x"}}),
        ("server.no_auth_user", {"auth_required": False}),
        ("server.no_auth_user", {"auth_required": True, "default_sentinel": "x"}),
        ("server.operator", {"trusted_operators_claim": [{"sub": "O2"}]}),
        ("server.routes", {"cluster": {"tls_required": False}}),
        ("server.mqtt", {"mqtt": {"port": 1883}}),
        ("server.leaf", {"gateway": {"port": 7222}}),
    ],
)
def test_what_a_server_says_of_itself_is_judged(code: str, said: dict[str, object]) -> None:
    from valise.operator.plan import Node, Plan

    nodes = tuple(Node(f"n{n}", f"relay{n}.example.org") for n in range(3))
    plan = Plan(nodes, operator="O1")
    judge = next(good for name, _, good in checking._SETTINGS if name == code)
    assert not judge(plan, json.loads(json.dumps(said)))
    good = {"version": "2.14.3", "auth_required": True, "cluster": {"tls_required": True}, "trusted_operators_claim": [{"sub": "O1"}]}
    assert judge(plan, good)
