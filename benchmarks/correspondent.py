"""One end of a correspondence as a process of its own: `send` or `receive`, for messages.py.

Says "ready", waits for "go"; at the end prints JSON: at (send: monotonic seconds at which each message was begun;
receive: [number, seconds at which its transaction had been committed]), cpu seconds meanwhile.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import worlds
from valise.desk.desk import Desk

NUMBER = 8  # the last characters of a body are its number
PAUSE = 0.001  # between two looks at the folder


def send(desk: Desk, plan: dict[str, Any]) -> list[float]:
    """Write: in groups as fast as it goes, or one by one in the given rhythm; go on until all is acknowledged."""
    speech = worlds.Speech(3)
    room, count, every = plan["room"], plan["count"], plan["every"]
    thread = desk.messages.threads(room)[0].id
    texts = [speech.of_bytes(plan["bytes"] - NUMBER) + f"{n:{NUMBER}d}" for n in range(count)]
    begun: list[float] = []
    start = time.monotonic()
    if every:
        while len(begun) < count:
            time.sleep(max(0.0, start + len(begun) * every - time.monotonic()))
            while len(begun) < count and start + len(begun) * every <= time.monotonic():
                # when it should have begun, so that a round that takes long counts for all who wait for it
                begun.append(start + len(begun) * every)
                desk.messages.send(room, texts[len(begun) - 1], thread=thread)
            desk.exchange.now()
    else:
        for turn, part in enumerate(worlds.grouped(count, plan["together"]), 1):
            with desk.together():
                for n in part:
                    begun.append(time.monotonic())
                    desk.messages.send(room, texts[n], thread=thread)
            if turn % plan["round"] == 0:
                desk.exchange.now()
    while desk.exchange.status().waiting:
        desk.exchange.now()
        time.sleep(PAUSE)
    return begun


def receive(desk: Desk, plan: dict[str, Any]) -> list[tuple[int, float]]:
    """Take in until every message is here; then one round more, which acknowledges."""
    found: list[tuple[int, float]] = []
    with desk.context.read() as handle:
        top = int(handle.value("select max(n) from message"))

    def look() -> None:
        nonlocal top
        at = time.monotonic()
        with desk.context.read() as handle:
            rows = handle.rows("select n, substr(body, ?) from message where n > ? order by n", (-NUMBER, top))
        found.extend((int(number), at) for _, number in rows)
        top = rows[-1][0] if rows else top

    end = desk.subscribe(lambda changes: look() if changes.threads else None)
    while len(found) < plan["count"]:
        desk.exchange.now()
        time.sleep(PAUSE)
    end()
    desk.exchange.now()
    return found


def main(role: str, folder: Path, plan: dict[str, Any]) -> None:
    desk = worlds.unlock(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    cpu = time.process_time()
    at = (send if role == "send" else receive)(desk, plan)
    print(json.dumps({"at": at, "cpu": time.process_time() - cpu}), flush=True)
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
