"""Bundles of the courier: sealed, written and read back; read and taken in, beside the bare parts of the same envelopes.

A bundle for a laptop that was away: each message an envelope of its own, as they are when they are sent one by one, and the
same messages as they are packed when they waited together. The parts: the file's digests verified, each envelope opened with
the same ciphers, each signature verified, one row an operation, in the same batches. Goal: 5,000 envelopes a second.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import measure as m
from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Spent, Table, held, spent
from benchmarks.opening import bare
from valise.carriers.courier import Source
from valise.desk.courier_take import BATCH
from valise.desk.desk import Desk
from valise.desk.door_exchange import CourierExport
from valise.protocol import envelope, signing
from valise.protocol.olm import InboundGroup, OutboundGroup
from valise.vault.connection import new_key
from valise.vault.store import DATABASE, Store

GOAL = 5_000
BYTES = 200
ATTACHMENT = 50_000_000


def run(options: Options) -> Ratios:
    """Ratios to the bare parts, CPU against CPU: "export", "import", "import together", "import again", "attachment"."""
    count = options.size(10_000, 30)
    table = Table(
        f"{count:,} messages of {BYTES} bytes by courier ({m.filesystem(options.cache)})",
        ("what", "envelopes", "wall s", "CPU s", "envelopes/s", "messages/s", "CPU ratio to the parts", "goal"),
    )
    ratios: Ratios = {}
    with tempfile.TemporaryDirectory(dir=options.cache) as name:
        base = Path(name)
        parts = bare_parts(base / "parts", count)
        table.add("bare parts: open, verify, insert", count, parts.wall, parts.cpu, count / parts.wall, count / parts.wall, 1)
        for what, each in (("one by one", 1), ("together", 256)):
            first, second, room = pair(base / what.replace(" ", "-"))
            say(first, room, count, each)
            with spent() as took:
                made = export(first, base, second)
            label = {1: "export", 256: "export together"}[each]
            ratios[label] = took.cpu / parts.cpu
            table.add(f"sealed, written, read back ({what})", made.envelopes, took.wall, took.cpu, made.envelopes / took.wall,
                      count / took.wall, ratios[label])  # fmt: skip
            for label, goal in ((f"import {what}", GOAL if each == 1 else 0), (f"again {what}", GOAL)):
                with spent() as took:
                    came = second.courier.take(made.place)
                if came.taken != made.envelopes or came.waiting:
                    raise RuntimeError("envelopes are missing")
                ratios[label] = took.cpu / parts.cpu
                table.add(label, came.taken, took.wall, took.cpu, came.taken / took.wall, count / took.wall, ratios[label],
                          held(came.taken / took.wall, goal, least=True) if goal else "")  # fmt: skip
            with spent() as took:
                look(made.place, second)
            table.add(f"the file alone: read and verified ({what})", made.envelopes, took.wall, took.cpu,
                      made.envelopes / took.wall, count / took.wall, took.cpu / parts.cpu)  # fmt: skip
            worlds.close(first, second)
        print(table.markdown())
        ratios.update(attachment(base / "attachment", options.size(ATTACHMENT, 300_000)))
    return ratios


def pair(base: Path) -> tuple[Desk, Desk, str]:
    """Two delegations that share a room and, from here on, nothing but a stick."""
    first, second, room = worlds.pair(base)
    first.messages.send(room, "first", subject="Figures", for_the_record=True)
    worlds.settle(first, second)
    for desk in (first, second):
        desk.exchange.drop_folder()
    return first, second, room


def say(desk: Desk, room: str, count: int, each: int) -> None:
    """Messages for the record, sealed `each` at a time."""
    speech = worlds.Speech(5)
    thread = desk.messages.send(room, "thread", subject="Figures", for_the_record=True)
    for part in worlds.grouped(count, 256):
        with desk.together():
            for start in range(0, len(part), each):
                for n in part[start : start + each]:
                    desk.messages.send(room, speech.of_bytes(BYTES - 8) + f"{n:8d}", thread=thread, for_the_record=True)
                if each < 256:
                    with desk.context.write() as tx:
                        desk.exchange.sealing.queue(tx, room, 0, each)


def export(desk: Desk, base: Path, to: Desk) -> CourierExport:
    return desk.courier.export(base, [to.me().delegation])


def look(path: Path, desk: Desk) -> int:
    """Read every part and check every digest."""
    with Source.open(path) as source:
        assert source.front is not None
        routes = frozenset({desk.context.own.mailbox})
        return sum(len(source.part(number, routes).items) for number in range(len(source.front.lines)))


def bare_parts(folder: Path, count: int) -> Spent:
    """What nobody can leave out: SHA-256, XChaCha20-Poly1305, Megolm, Ed25519 and a row for each of as many envelopes."""
    key = new_key()
    Store.create(folder, key).close()
    connection = bare(folder / DATABASE, key)
    connection.execute("create table seen(id blob primary key) without rowid")
    connection.execute("create table said(n integer primary key, body blob not null, sig blob not null)")
    group, device, wrap = OutboundGroup.new(), signing.DeviceKey(b"\x07" * 32), b"\x08" * 32
    into = InboundGroup.from_key(group.key())
    speech = worlds.Speech(5)
    sealed = []
    for _ in range(count):
        body = speech.of_bytes(BYTES).encode()
        sealed.append(envelope.seal_content(wrap, bytes(16), group.encrypt(body + device.sign(body))))
    with spent() as took:
        for part in batches(sealed):
            connection.execute("begin immediate")
            for blob in part:
                connection.execute("insert into seen(id) values (?)", (hashlib.sha256(blob).digest()[:16],))
                plain, _ = into.decrypt(envelope.open_content(wrap, blob))
                signing.verify(device.public, plain[:-64], plain[-64:])
                connection.execute("insert into said(body, sig) values (?,?)", (plain[:-64], plain[-64:]))
            connection.execute("commit")
    connection.close()
    return took


def batches(sealed: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(sealed), BATCH):
        yield sealed[start : start + BATCH]


def attachment(base: Path, size: int) -> Ratios:
    """One large attachment: MB a second out and in."""
    first, second, room = pair(base)
    data = bytes(range(256)) * (size // 256)
    file = first.messages.attach(room, "annex.bin", data)
    first.messages.send(room, "see the annex", attachments=[file.id], for_the_record=True)
    table = Table(f"An attachment of {size / 1e6:.0f} MB by courier", ("what", "wall s", "CPU s", "MB/s", "MB resident"))
    with spent() as out:
        made = export(first, base, second)
    table.add("sealed, written, read back", out.wall, out.cpu, size / 1e6 / out.wall, m.memory())
    with spent() as into:
        second.courier.take(made.place)
    table.add("taken in, verified", into.wall, into.cpu, size / 1e6 / into.wall, m.memory())
    if second.messages.attachment(file.id) != data:
        raise RuntimeError("the attachment is another one")
    print(table.markdown())
    worlds.close(first, second)
    return {"attachment": into.cpu / max(out.cpu, 1e-9), "file": made.size / size}
