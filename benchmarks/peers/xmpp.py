"""One end of an OMEMO correspondence: slixmpp-omemo through a local server. Runs in the peers' environment.

As a careful client would be written on it: an outbox whose rows go when the server has acknowledged them (XEP-0198), a message
table where an id is taken once, catch-up from the server's archive (XEP-0313) after each start, and the library's storage in the
same SQLite file, write-ahead log and synchronous FULL, each `store` it asks for committed. `"grouped": true` in the plan commits
what belongs to one message together instead, plaintext included, which the library does not ask for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from omemo.storage import Just, Maybe, Nothing, Storage
from slixmpp import JID, ClientXMPP
from slixmpp.plugins import register_plugin
from slixmpp.stanza import Message
from slixmpp_omemo import XEP_0384, TrustLevel

from benchmarks.peers.worker import Journal, Orders, Pace, Plan, body, number, say

OURS = "message-"
WINDOW = 64  # messages sent and not yet acknowledged by the server
TABLES = """
create table if not exists kept(key text primary key, value text not null) strict;
create table if not exists sent(id text primary key, body text not null, state integer not null) strict;
create table if not exists got(n integer primary key, id text not null unique, body text not null) strict;
create table if not exists broken(id text primary key, why text not null) strict;
"""


class Base:
    """The SQLite file of one end."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for one in ("journal_mode = wal", "synchronous = full"):
            self.connection.execute(f"pragma {one}")
        self.connection.executescript(TABLES)
        self.alone = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def together(self, grouped: bool) -> AsyncIterator[None]:
        """What belongs to one message: one commit when `grouped`, else each statement its own."""
        async with self.alone:
            if not grouped:
                yield
                return
            self.connection.execute("begin")
            try:
                yield
            finally:  # as without a group, what was written before a failure stays
                self.connection.execute("commit")


class Kept(Storage):  # type: ignore[misc]
    """What the library wants stored."""

    def __init__(self, base: Base) -> None:
        super().__init__(disable_cache=False)
        self.base = base.connection

    async def _load(self, key: str) -> Maybe[Any]:
        row = self.base.execute("select value from kept where key = ?", (key,)).fetchone()
        return Just(json.loads(row[0])) if row else Nothing()

    async def _store(self, key: str, value: Any) -> None:
        self.base.execute("insert or replace into kept(key, value) values (?,?)", (key, json.dumps(value)))

    async def _delete(self, key: str) -> None:
        self.base.execute("delete from kept where key = ?", (key,))


class Omemo(XEP_0384):  # type: ignore[misc]
    """The plugin: every device trusted on sight, since nobody is here to ask."""

    default_config = {"fallback_message": "sealed", "kept": None}  # noqa: RUF012 - the library's way

    @property
    def storage(self) -> Storage:
        return self.kept

    @property
    def _btbv_enabled(self) -> bool:
        return True

    async def _prompt_manual_trust(self, manually_trusted: Any, identifier: str | None) -> None:
        manager = await self.get_session_manager()
        for one in manually_trusted:
            await manager.set_trust(one.bare_jid, one.identity_key, TrustLevel.TRUSTED.value)


register_plugin(Omemo)


class Client(ClientXMPP):  # type: ignore[misc]
    def __init__(self, plan: Plan, base: Base) -> None:
        own = plan.own
        super().__init__(f"{own['name']}@{own['domain']}/bench", own["password"])
        self.plan, self.base = plan, base
        self.other = JID(f"{own['other']}@{own['domain']}")
        self.grouped = bool(own.get("grouped"))
        self.arriving: asyncio.Queue[Message] = asyncio.Queue()
        self.up, self.down = asyncio.Event(), asyncio.Event()
        self.found: list[tuple[int, float]] = []
        self.enable_direct_tls = self.enable_starttls = False
        self.enable_plaintext = True
        for plugin in ("xep_0030", "xep_0060", "xep_0163", "xep_0198", "xep_0280", "xep_0313", "xep_0334"):
            self.register_plugin(plugin)
        self.plugin["feature_mechanisms"].unencrypted_plain = True
        self.plugin["feature_mechanisms"].unencrypted_scram = True
        self.register_plugin("xep_0384", {"kept": Kept(base)}, module=sys.modules[__name__])
        self.add_event_handler("session_start", self._started)
        self.add_event_handler("omemo_initialized", lambda _: self.up.set())
        self.add_event_handler("message", self.arriving.put_nowait)
        self.add_event_handler("stanza_acked", self._acknowledged)
        self.add_event_handler("failed_all_auth", lambda _: sys.exit("not let in"))

    async def _started(self, _: object) -> None:
        self.send_presence()

    def _acknowledged(self, stanza: Any) -> None:
        if isinstance(stanza, Message) and stanza["id"]:
            self.base.connection.execute("update sent set state = 1 where id = ?", (stanza["id"],))
        self.down.set()

    # -- receiving

    async def take(self, stanza: Message) -> None:
        """One message, once: decrypted by the library, which stores its ratchet; then kept."""
        name = stanza["id"]
        known = self.base.connection.execute("select 1 from got where id = ?", (name,)).fetchone()
        ours = stanza["from"].bare != self.other.bare  # the archive has both sides
        if known or ours or not self.plugin["xep_0384"].is_encrypted(stanza):
            return
        try:
            async with self.base.together(self.grouped):
                opened, _ = await self.plugin["xep_0384"].decrypt_message(stanza)
                text = opened["body"]
                if text:
                    self.base.connection.execute("insert into got(id, body) values (?,?)", (name, text))
        except Exception as error:  # the library raises its own and those of its parts
            if name.startswith(OURS):  # the library's own empty ones may come twice
                why = type(error).__name__
                self.base.connection.execute("insert or replace into broken(id, why) values (?,?)", (name, why))
            return
        if text:
            self.found.append((number(text), time.monotonic()))

    async def catch_up(self) -> None:
        """What the archive has from the other, before what comes meanwhile. One of it may come twice; ids tell."""
        async for one in self.plugin["xep_0313"].iterate(with_jid=self.other, rsm={"max": 100}):
            await self.take(one["mam_result"]["forwarded"]["stanza"])

    # -- sending

    async def post(self, name: str, text: str) -> None:
        stanza = self.make_message(mto=self.other, mtype="chat")
        stanza["id"] = name
        stanza["body"] = text
        async with self.base.together(self.grouped):
            sealed, problems = await self.plugin["xep_0384"].encrypt_message(stanza, self.other)
        if sealed is None or problems:
            raise RuntimeError("a message could not be sealed")
        sealed["id"] = name
        sealed.send()

    def waiting(self) -> int:
        return int(self.base.connection.execute("select count(*) from sent where state = 0").fetchone()[0])


async def send(client: Client, orders: Orders, told: asyncio.Event) -> list[tuple[int, float]]:
    plan, base = client.plan, client.base
    journal = Journal(plan.journal)
    for name, text in base.connection.execute("select id, body from sent where state = 0 order by rowid").fetchall():
        await client.post(name, text)  # what an earlier life did not get acknowledged
    pace = Pace(plan)
    while not pace.over and not orders.calm.is_set():
        if pause := pace.wait():
            await asyncio.sleep(pause)
        which = pace.next()
        text, name = body(which, plan.size), f"{OURS}{which}"
        base.connection.execute("insert into sent(id, body, state) values (?,?,0)", (name, text))
        journal.note(which)
        await client.post(name, text)
        while client.waiting() > WINDOW:
            client.down.clear()
            await client.down.wait()
    while not orders.end.is_set() and (client.waiting() or not plan.count):
        client.plugin["xep_0198"].request_ack()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), 0.05)
    return pace.begun


async def receive(client: Client, orders: Orders, told: asyncio.Event) -> list[tuple[int, float]]:
    await client.catch_up()
    while not orders.end.is_set() and (not client.plan.count or len(client.found) < client.plan.count):
        with contextlib.suppress(TimeoutError):
            await client.take(await asyncio.wait_for(client.arriving.get(), 0.5))
    return client.found


async def main(plan: Plan) -> None:
    base = Base(Path(plan.own["base"]))
    client = Client(plan, base)
    orders, told, loop = Orders(), asyncio.Event(), asyncio.get_running_loop()
    go = asyncio.Event()

    def heard() -> None:
        if orders.go.is_set():
            loop.call_soon_threadsafe(go.set)
        if orders.end.is_set():
            loop.call_soon_threadsafe(told.set)

    orders.told = heard
    orders.numbers = lambda: list(held(Path(plan.own["base"]))["numbers"])
    client.connect(plan.own["host"], plan.own["port"])
    await client.up.wait()
    if plan.role == "send":
        await client.plugin["xep_0384"].refresh_device_lists({client.other}, force_download=True)
    say(ready=True)
    await go.wait()
    cpu = time.process_time()
    at = await (send if plan.role == "send" else receive)(client, orders, told) if plan.role != "register" else []
    say(done={"at": at, "cpu": time.process_time() - cpu})
    await client.disconnect()


def held(path: Path) -> dict[str, Any]:
    """What a store holds: numbers, and how many could not be decrypted and are not there in another way."""
    connection = sqlite3.connect(path)
    numbers = [number(row[0]) for row in connection.execute("select body from got")]
    broken = connection.execute("select count(*) from broken where id not in (select id from got)").fetchone()[0]
    connection.close()
    return {"numbers": numbers, "broken": broken}


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    if sys.argv[1] == "held":
        say(done=held(Path(sys.argv[2])))
    else:
        asyncio.run(main(Plan.read(sys.argv[1])))
