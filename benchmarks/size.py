"""Bytes: the vault against its plaintext, with the index; what travels against what was said (P5).

Goals: vault at most 1.5 times its plaintext, wire at most 1.6 times the payload at 1 KB.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held
from valise.desk.desk import Desk
from valise.vault.store import DATABASE

VAULT, WIRE = 1.5, 1.6
KINDS = ((200, False), (1_000, False), (1_000, True))
WIRE_BYTES = (200, 1_000, 4_000)
TOGETHER = 500


def run(options: Options) -> Ratios:
    """Ratios "vault" (1 KB conversation), "wire" (1 KB, one message a parcel), "wire together", sealed bytes to what was said."""
    ratios = vault(options)
    ratios.update(wire(options))
    return ratios


def vault(options: Options) -> Ratios:
    """Messages that have been delivered, in a vault that was closed; where its bytes lie, as lengths of columns."""
    count = options.size(10_000, 50)
    table = Table(
        f"A vault of {count:,} messages, closed, over one with none",
        ("messages", "plaintext MB", "vault MB", "ratio", "operations", "messages read", "index", "free pages", "the rest", "goal"),
    )
    ratios: Ratios = {}
    for size, record in options.size(KINDS, KINDS[1:2]):
        with tempfile.TemporaryDirectory(dir=options.cache) as base:
            desk = worlds.found(Path(base) / "XA")
            room = desk.rooms.internal()
            desk.close()
            empty = (Path(base) / "XA" / DATABASE).stat().st_size
            desk = worlds.unlock(Path(base) / "XA")
            speech = worlds.Speech(13)
            thread = desk.messages.send(room, "first", subject="Figures", for_the_record=record)
            for part in worlds.grouped(count, TOGETHER):
                with desk.together():
                    for _ in part:
                        desk.messages.send(room, speech.of_bytes(size), thread=thread, for_the_record=record)
            with desk.context.write() as tx:
                tx.run("delete from outbox")
            desk.store.checkpoint()
            parts = lengths(desk)
            desk.close()
            whole = (Path(base) / "XA" / DATABASE).stat().st_size - empty
        plain = count * size
        ratio = whole / plain
        name = f"{size:,} bytes, {'for the record' if record else 'conversation'}"
        if size == 1_000:
            ratios["vault, record" if record else "vault"] = ratio
        shares = [f"{one / plain:.2f}" for one in (*parts, whole - sum(parts))]
        table.add(name, plain / 1e6, whole / 1e6, ratio, *shares, held(ratio, VAULT))
    table.note("Shares are multiples of the plaintext: bytes and signatures of operations; rows of messages with their")
    table.note("index; the search index with its references; free pages (the outbox was there); the rest is other indexes and page edges.")
    print(table.markdown())
    return ratios


def lengths(desk: Desk) -> tuple[int, int, int, int]:
    """Bytes held in operations, in message rows, in the search index, in free pages."""
    with desk.context.read() as handle:
        ops = handle.value("select sum(length(raw) + length(sig) + 4 * 43 + length(kind) + 30) from op")
        rows = handle.value(
            "select sum(length(cast(body as blob)) + length(subject) + length(attachments) + 6 * 43 + 30) from message"
        )
        index = handle.value("select sum(length(block)) from search_data")
        index += handle.value("select sum(2 * (length(kind) + length(ref)) + length(room) + length(title) + 16) from search_ref")
        index += handle.value("select sum(length(sz) + 8) from search_docsize", default=0)
        free = handle.value("pragma freelist_count") * handle.value("pragma page_size")
    return int(ops), int(rows), int(index), int(free)


def wire(options: Options) -> Ratios:
    """What lies in the exchange folder for messages sent one by one, and many together."""
    table = Table(
        "What travels to one device",
        ("messages", "bytes said", "sealed bytes", "ratio", "bytes in the folder", "ratio", "goal, sealed"),
    )
    ratios: Ratios = {}
    for size in options.size(WIRE_BYTES, WIRE_BYTES[1:2]):
        one, many = options.size(40, 5), options.size(2_000, 20)
        for together, count in ((False, one), (True, many)):
            with tempfile.TemporaryDirectory(dir=options.cache) as base:
                first, second, room = worlds.pair(Path(base))
                speech = worlds.Speech(17)
                thread = first.messages.send(room, "first", subject="Figures")
                worlds.settle(first, second)
                texts = [speech.of_bytes(size) for _ in range(count)]
                before = lying(Path(base) / "share")
                if together:
                    with first.together():
                        for body in texts:
                            first.messages.send(room, body, thread=thread)
                    first.exchange.now()
                else:
                    for body in texts:
                        first.messages.send(room, body, thread=thread)
                        first.exchange.now()
                travelled = lying(Path(base) / "share") - before
                with first.context.read() as handle:
                    sealed = int(handle.value("select sum(length(blob)) from parcel"))
                worlds.close(first, second)
            ratio = sealed / (count * size)
            if size == 1_000:
                ratios["wire together" if together else "wire"] = ratio
            name = f"{count:,} of {size:,} bytes, {'together' if together else 'one by one'}"
            table.add(name, count * size, sealed, ratio, travelled, travelled / (count * size), held(ratio, WIRE) if size == 1_000 else "")
    table.note("A parcel is padded to its size class (Padme), a bundle of parcels in the folder to 4,096 bytes and more.")
    print(table.markdown())
    return ratios


def lying(share: Path) -> int:
    """Bytes of all files in the exchange folder."""
    return sum(one.stat().st_size for one in share.rglob("*") if one.is_file())
