"""What the engine's memory security costs (PROTOCOL.md asks for it ON): the vault's own append with it and without.

The same operations enter copies of one vault through the same function, in processes of their own, since the setting
cannot be taken back in a process. Without it nothing is safe to ship; the figure says what a message pays for it.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Spent, Table, child, spent
from benchmarks.opening import bare
from valise.desk.context import CHAT
from valise.domain import message as rules
from valise.protocol import operation
from valise.protocol.operation import Signed
from valise.vault.append import Record
from valise.vault.certificates import Certificates
from valise.vault.shelf import Shelf
from valise.vault.store import DATABASE, Tx

BYTES, TOGETHER = 200, 64
OPERATIONS = "operations.json"


def run(options: Options) -> Ratios:
    """Ratio "append": CPU of appending with memory security to the same without."""
    count = options.size(5_000, 20)
    table = Table(
        f"{count:,} conversation messages of {BYTES} bytes appended to a vault, {TOGETHER} a transaction",
        ("memory security", "CPU us a message", "wall us", "CPU ratio"),
    )
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        folder = Path(base)
        key = prepare(folder, count)
        took = {}
        for setting in ("off", "on"):
            shutil.copytree(folder / "XA", folder / setting)
            took[setting] = child("benchmarks.security", str(folder / setting / DATABASE), key, setting,
                                  str(folder / OPERATIONS), environ=options.environ())  # fmt: skip
    for setting, one in took.items():
        table.add(setting, one["cpu"] / count * 1e6, one["wall"] / count * 1e6, one["cpu"] / took["off"]["cpu"])
    print(table.markdown())
    return {"append": took["on"]["cpu"] / took["off"]["cpu"]}


def prepare(folder: Path, count: int) -> str:
    """A vault with a room, and operations of that room that are not in it yet. Returns the vault's key."""
    desk = worlds.found(folder / "XA")
    room = desk.rooms.internal()
    peer, speech = worlds.Peer(desk), worlds.Speech(3)
    made = []
    for _ in range(count):
        body = rules.send(speech.of_bytes(BYTES), thread="", subject="", marking="", attachments=[], group=False)
        made.append(peer.say(room, "message.send", body).raw.decode())
    (folder / OPERATIONS).write_text(json.dumps(made), "utf-8")
    desk.close()
    return worlds.raw_key(folder / "XA")


def append(database: Path, key: str, setting: str, operations: Path) -> Spent:
    """Append what the file holds. RuntimeError when the setting did not come to be."""
    connection = bare(database, key, memory_security=setting)
    if int(connection.execute("PRAGMA cipher_memory_security").fetchone()[0]) != (setting == "on"):
        raise RuntimeError("the setting did not take")
    record = Record(Certificates(), Shelf(None))  # type: ignore[arg-type]  # no text is touched
    texts: list[str] = json.loads(operations.read_text("utf-8"))
    signed = [Signed(operation.read(one.encode(), b"", "chat"), one.encode(), b"") for one in texts]
    with spent() as took:
        for part in worlds.grouped(len(signed), TOGETHER):
            connection.execute("BEGIN IMMEDIATE")
            tx = Tx(connection, lambda name: None)
            for n in part:
                record.append(tx, signed[n], CHAT, received_at=0, own=True)
            record.shelf.settle(tx)
            connection.execute("COMMIT")
    connection.close()
    return took


if __name__ == "__main__":
    found = append(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
    print(json.dumps({"cpu": found.cpu, "wall": found.wall}), flush=True)
