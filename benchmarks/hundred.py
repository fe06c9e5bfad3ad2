"""A vault of many messages: rooms, threads, two delegations that write in turn, everything delivered and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import Options
from valise.desk.context import CHAT
from valise.domain import message as rules

ROOMS, PER_THREAD = 20, 50
WORDS = 30
TOGETHER = 500


def vault(options: Options) -> tuple[Path, dict[str, Any]]:
    """The folder of a vault with 100,000 messages, and what is in it. Made once and kept in the cache."""
    count = options.size(100_000, 300)
    return worlds.cached(options.cache, f"messages-{count}", lambda base: make(base, count))


def make(base: Path, count: int) -> dict[str, Any]:
    """Every second message is ours; the other delegation's come in as they come out of an envelope."""
    desk, other = worlds.found(base / "XA"), worlds.found(base / "XB", "XB")
    worlds.acquaint(desk, other)
    speech = worlds.Speech(5)
    peer = worlds.Peer(other)
    rooms = [desk.rooms.create("group", f"Drafting group {n + 1}", [other.me().delegation]) for n in range(ROOMS)]
    threads: dict[str, str] = {}
    plain = 0
    for part in worlds.grouped(count, TOGETHER):
        with desk.together():
            for n in part:
                room = rooms[n % ROOMS]
                opens = (n // ROOMS) % PER_THREAD == 0
                thread, subject = ("", speech.sentence(5)) if opens else (threads[room], "")
                body = speech.sentence(WORDS)
                plain += len(body) + len(subject)
                if opens or n // ROOMS % 2 == 0:
                    name = desk.messages.send(room, body, thread=thread, subject=subject)
                else:
                    made = rules.send(body, thread=thread, subject="", marking="", attachments=[], group=False)
                    with desk.context.write() as tx:
                        desk.context.enter(tx, peer.say(room, "message.send", made), CHAT)
                threads[room] = name if opens else thread
    with desk.context.write() as tx:
        tx.run("delete from outbox")  # as if every device had said long ago that it holds them
        tx.run(
            "insert or replace into read_mark(room, thread, upto) select room, thread, max(n) from message group by room, thread"
        )
    worlds.close(desk, other)
    return {"messages": count, "plain": plain, "rooms": ROOMS}
