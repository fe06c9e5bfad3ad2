"""A large rolling text: rebuilding it, verifying it, opening it, one amendment, the proof of agreement (T1).

Rebuild: 2,000 paragraphs, 50,000 operations, at most 3 times verifying their signatures alone (TEXTS.md). T1: 2,000
paragraphs, 20,000 signed amendments: open 300 ms, every signature verified cold 5 s, one amendment 5 ms, proof of the
same text, members and pending list in 200 bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nacl.bindings as sodium

from benchmarks import negotiated, worlds
from benchmarks.measure import Options, Ratios, Spent, Table, held, percentile, spent, timed
from benchmarks.opening import bare
from valise.desk.desk import Desk
from valise.domain.text.fold import TextState
from valise.protocol import canonical, operation, signing
from valise.protocol.operation import Signed
from valise.vault.connection import new_key
from valise.vault.store import DATABASE, Store

REBUILD, OPEN, COLD, AMENDMENT, PROOF = 3.0, 0.300, 5.0, 0.005, 200


def run(options: Options) -> Ratios:
    """Ratios "rebuild" (to signatures alone) and, each to its goal, "open", "cold", "amendment", "proof"."""
    ratios = rebuilding(options)
    ratios.update(large(options))
    return ratios


def unlocked(options: Options, paragraphs: int, operations: int, base: str) -> tuple[Desk, dict[str, Any], Path]:
    """A copy of the made vault, so that what is done to it now is not there next time."""
    folder, facts = negotiated.vault(options, paragraphs, operations)
    copy = Path(base) / "XA"
    shutil.copytree(folder / "XA", copy)
    return worlds.unlock(copy), facts, copy


def signatures(desk: Desk, room: str) -> tuple[list[tuple[bytes, bytes, bytes, bool]], int]:
    """(key, digest, signature, composite?) of the room's record, and how many bytes the operations have."""
    found, size = [], 0
    with desk.context.read() as handle:
        for raw, sig, device in handle.rows("select raw, sig, device from op where room = ? and klass = 0", (room,)):
            certificate = desk.record.certificates.of(handle, device)
            composite = len(sig) != signing.SIGNATURE
            key = certificate.composite if composite else certificate.ed25519
            found.append((key, canonical.digest("valise/v1/op", raw), sig, composite))
            size += len(raw) + len(sig)
    return found, size


def bare_signatures(every: list[tuple[bytes, bytes, bytes, bool]]) -> Spent:
    """The engine's verification and nothing else."""
    with spent() as took:
        for key, digest, sig, composite in every:
            if composite:
                signing.verify_composite(key, digest, sig)
            else:
                sodium.crypto_sign_open(sig + digest, key)
    return took


def verified(desk: Desk, room: str) -> tuple[Spent, list[Signed]]:
    """Every operation of the room read strictly from the vault and verified against its certificate."""
    made = []
    with spent() as took:
        with desk.context.read() as handle:
            for raw, sig, device in handle.rows(
                "select raw, sig, device from op where room = ? and klass = 0 order by n", (room,)
            ):
                signed = operation.receive(raw, sig, "record")
                operation.verify(signed, "record", desk.record.certificates.of(handle, device))
                made.append(signed)
    return took, made


def bare_commits(folder: Path, count: int) -> list[float]:
    """Seconds of one synchronous commit of a row as large as an operation, by the engine with the same settings."""
    key = new_key()
    Store.create(folder, key).close()
    connection = bare(folder / DATABASE, key)
    connection.execute("create table one(n integer primary key, raw blob not null)")
    took = [timed(lambda: connection.execute("insert into one(raw) values (randomblob(750))")) for _ in range(count)]
    connection.close()
    return took


def rebuilding(options: Options) -> Ratios:
    """The whole vault's projections from the operations alone, and the fold without a vault."""
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        desk, facts, _ = unlocked(options, options.size(2_000, 20), options.size(50_000, 80), base)
        every, size = signatures(desk, facts["room"])
        floor = bare_signatures(every)
        checked, made = verified(desk, facts["room"])
        state = TextState(facts["text"])
        with spent() as fold:
            state.apply_all(one.op for one in made)
            state.proof()
        with spent() as rebuilt:
            desk.rebuild()
        same = desk.texts.proof(facts["text"]) == state.proof()
        desk.close()
    if not same:
        raise RuntimeError("the rebuilt text differs from the fold")
    count = len(every)
    table = Table(
        f"{facts['paragraphs']:,} paragraphs, {count:,} operations of {size / count:.0f} bytes",
        ("what", "wall s", "CPU s", "us an operation (CPU)", "CPU ratio to signatures alone", "goal"),
    )
    table.add("signatures alone", floor.wall, floor.cpu, floor.cpu / count * 1e6, 1)
    ratio = rebuilt.cpu / floor.cpu
    for name, took, goal in (
        ("read from the vault, parsed strictly, verified", checked, ""),
        ("fold alone", fold, ""),
        ("`desk.rebuild()`: all projections and the search index, one transaction", rebuilt, held(ratio, REBUILD)),
    ):
        table.add(name, took.wall, took.cpu, took.cpu / count * 1e6, took.cpu / floor.cpu, goal)
    table.note(f"Rebuild against reading and verifying: {rebuilt.cpu / checked.cpu:.2f}.")
    print(table.markdown())
    return {"rebuild": ratio, "rebuild to verified": rebuilt.cpu / checked.cpu, "fold": fold.cpu / floor.cpu}


def large(options: Options) -> Ratios:
    """T1."""
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        desk, facts, copy = unlocked(options, options.size(2_000, 20), options.size(20_000, 60), base)
        text, room = facts["text"], facts["room"]

        def shown() -> None:
            desk.texts.head(text)
            rows = desk.texts.outline(text)
            for row in rows[:12]:
                desk.texts.paragraph(text, row.id)

        with desk.context.read() as handle:
            kept = handle.value("select upto from text_cache where id = ?", (text,), 0)
            tail = int(handle.value("select count(*) from op where room = ? and klass = 0 and n > ?", (room, kept)))
        opened = timed(shown)
        with desk.context.write() as tx:
            desk.record.shelf.state(tx, text)
            desk.record.shelf.snapshot(tx, text)
        fresh = []
        for _ in range(options.size(7, 1)):
            desk.close()
            desk = worlds.unlock(copy)
            fresh.append(timed(shown))
        checked, _ = verified(desk, room)
        floor = bare_signatures(signatures(desk, room)[0])
        rows = desk.texts.outline(text)
        took: list[float] = []
        cpus: list[float] = []
        commits = bare_commits(Path(base) / "bare", options.size(100, 3))
        for n in range(options.size(100, 3)):
            par = rows[1 + n * 19 % (len(rows) - 1)].id
            words = desk.texts.paragraph(text, par).paragraph.words + " in due time"
            with spent() as one:
                desk.texts.propose_words(text, par, words)
            took.append(one.wall)
            cpus.append(one.cpu)
        proof = desk.texts.proof(text)
        size = len(json.dumps(proof, separators=(",", ":")).encode())
        desk.close()
    ratios = {
        "open": percentile(fresh, 0.95) / OPEN,
        "cold": checked.wall / COLD,
        "amendment": percentile(took, 0.5) / AMENDMENT,
        "amendment to a bare commit": percentile(took, 0.5) / percentile(commits, 0.5),
        "proof": size / PROOF,
    }
    table = Table(
        f"T1: {facts['paragraphs']:,} paragraphs, {facts['operations']:,} signed operations",
        ("what", "measured", "of it CPU", "goal"),
    )
    table.add("open from the snapshot: head, outline, twelve paragraphs (p95)", f"{percentile(fresh, 0.95) * 1e3:.0f} ms", "",
              held(percentile(fresh, 0.95) * 1e3, OPEN * 1e3))  # fmt: skip
    table.add(f"the same with {tail:,} operations since the snapshot (most: 2,000)", f"{opened * 1e3:.0f} ms", "",
              held(opened * 1e3, OPEN * 1e3))  # fmt: skip
    table.add("every signature verified cold, with strict reading", f"{checked.wall:.2f} s", f"{checked.cpu:.2f} s",
              held(checked.wall, COLD))  # fmt: skip
    table.add("- signatures alone", f"{floor.wall:.2f} s", f"{floor.cpu:.2f} s")
    middle, late = percentile(took, 0.5), percentile(took, 0.95)
    table.add("one amendment through the desk, committed (median)", f"{middle * 1e3:.1f} ms",
              f"{percentile(cpus, 0.5) * 1e3:.1f} ms", held(middle * 1e3, AMENDMENT * 1e3))  # fmt: skip
    table.add("- p95", f"{late * 1e3:.1f} ms", f"{percentile(cpus, 0.95) * 1e3:.1f} ms")
    table.add("- one row committed by the engine alone (median)", f"{percentile(commits, 0.5) * 1e3:.1f} ms")
    table.add("proof of the same text, members and pending list", f"{size} bytes", "", held(size, PROOF))
    print(table.markdown())
    return ratios
