"""What sealing costs above its parts: a session key for every device of a great conference, and attachments.

Both are measured in one run beside the bare parts, called as a program without any vault, checks or bookkeeping would call
them: a signature, Olm and X-Wing for each device with rows written durably; libsodium's secretstream in a loop.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from pathlib import Path

import nacl.bindings as sodium

from benchmarks import worlds
from benchmarks.devices import delegation
from benchmarks.measure import Options, Ratios, Table, held, median, spent
from valise.desk import roster as rosters
from valise.desk.context import RECORD
from valise.protocol import attachment, envelope, hpke
from valise.protocol.card import MAX_DEVICES, read_card
from valise.protocol.olm import OlmAccount, OutboundGroup
from valise.protocol.signing import DeviceKey
from valise.vault import people

DEVICES = 579
GOAL_CPU, GOAL_BYTES = 2.0, 1.7e6
MEGABYTES, ROUNDS, GOAL_FILE = 64, 3, 1.5
MESSAGE = 1533  # bytes of a key message inside Olm


def run(options: Options) -> Ratios:
    """Ratios "session" (CPU to the parts alone), "bytes" (to 1.7 MB), "file sealing" and "file opening" (CPU to bare libsodium)."""
    devices = options.size(DEVICES, 7)
    table = Table(
        f"A new session key for {devices} devices, written durably, by a room's first frame",
        ("", "CPU s", "wall s", "MB of key envelopes", "CPU ratio"),
    )
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        folder = Path(base)
        alone, size = parts(folder / "parts.db", devices)
        first, again, written = conference(folder, devices)
    table.add("the parts alone", alone[0], alone[1], size / 1e6, 1.0)
    table.add("first contact", first[0], first[1], written / 1e6, first[0] / alone[0])
    table.add("a later session", again[0], again[1], written / 1e6, again[0] / alone[0])
    worst = max(first[0], again[0]) / alone[0]
    table.note(f"- CPU to the parts alone: {worst:.2f} ({held(worst, GOAL_CPU)})")
    megabytes = written / 1e6
    table.note(f"- key envelopes: {megabytes:.2f} MB ({held(megabytes, GOAL_BYTES / 1e6)}); {envelope.KEY_SIZE:,} bytes a device, padded")
    print(table.markdown())
    return {"session": worst, "bytes": written / GOAL_BYTES, **files(options)}


def parts(database: Path, devices: int) -> tuple[tuple[float, float], int]:
    """CPU and wall seconds of one signature, and of Olm, X-Wing, a reply key and durable rows for each device; bytes sealed."""
    me, key, group = OlmAccount.new(), DeviceKey(os.urandom(32)), OutboundGroup.new()
    peers = [(one.identity, one.fallback(), hpke.XWingKey(os.urandom(32)).public) for one in (OlmAccount.new() for _ in range(devices))]
    hpke.forget()
    rows = sqlite3.connect(database)
    rows.executescript("pragma journal_mode = wal; pragma synchronous = full; create table sealed(id blob primary key, blob blob, state blob);")
    size = 0
    with spent() as took:
        exported = group.key()
        key.sign(hashlib.sha256(exported).digest())
        for identity, fallback, public in peers:
            session = me.outbound(identity, fallback)
            reply = hpke.XWingKey(os.urandom(32))
            sealed = session.encrypt((reply.public + exported).ljust(MESSAGE, b"\0"))
            blob = hpke.seal(public, sealed.ljust(envelope.KEY_SIZE - hpke.OVERHEAD - 19, b"\0"), b"info")
            rows.execute("insert into sealed values (?,?,?)", (os.urandom(16), blob, session.dump()))
            size += len(blob)
        rows.commit()
    rows.close()
    return (took.cpu, took.wall), size


def conference(folder: Path, devices: int) -> tuple[tuple[float, float], tuple[float, float], int]:
    """(first contact, a later session) as CPU and wall seconds of the desk's own sealing; bytes of key envelopes of one."""
    desk = worlds.found(folder / "XA")
    cards = [delegation(min(MAX_DEVICES, devices - n), f"X{n // MAX_DEVICES}") for n in range(0, devices, MAX_DEVICES)]
    for card in cards:
        desk.contacts.import_card(card)
    members = [read_card(card).delegation for card in cards]
    room = desk.rooms.create("group", "Plenary", members)
    with desk.context.read() as handle:
        assert sum(len(people.devices(handle, one)) for one in members) == devices
    took = []
    sealing = desk.exchange.sealing
    for _ in range(2):
        hpke.forget()
        with spent() as one, desk.context.write() as tx:
            roster = rosters.of(desk.context, tx, room)
            assert roster is not None and len(roster.devices) == devices
            sealing.frame(tx, roster, RECORD)
        took.append((one.cpu, one.wall))
        with desk.context.write() as tx:
            tx.run("delete from session_out")
    with desk.context.read() as handle:
        written = handle.value("select sum(length(blob)) from key_out where tag = (select tag from key_out order by rowid desc limit 1)")
    desk.close()
    return took[0], took[1], int(written)


def files(options: Options) -> Ratios:
    """One large attachment sealed and opened, beside a bare loop over secretstream with the same chunks and hashes."""
    megabytes = options.size(MEGABYTES, 2)
    data = os.urandom(megabytes << 20)
    table = Table(f"An attachment of {megabytes} MiB, median of {ROUNDS}", ("", "CPU s", "MiB/s", "CPU ratio"))
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        with spent() as took:
            key, header, chunks = bare_seal(data)
        found.setdefault("sealing, bare", []).append(took.cpu)
        with spent() as took:
            out, seal = attachment.seal([data])
        found.setdefault("sealing", []).append(took.cpu)
        with spent() as took:
            bare_open(key, header, chunks)
        found.setdefault("opening, bare", []).append(took.cpu)
        with spent() as took:
            attachment.open_to(seal, out, lambda block: None)
        found.setdefault("opening", []).append(took.cpu)
    ratios = {}
    for name in ("sealing", "opening"):
        base, own = median(found[f"{name}, bare"]), median(found[name])
        ratios[f"file {name}"] = own / base
        table.add(f"{name}, bare", base, megabytes / base, 1.0)
        table.add(name, own, megabytes / own, own / base)
        table.note(f"- {name} to bare: {own / base:.2f} ({held(own / base, GOAL_FILE)})")
    table.note("- bare = secretstream in chunks of 64 KiB with SHA-256 of both sides, which the signed message needs.")
    print(table.markdown())
    return ratios


def bare_seal(data: bytes) -> tuple[bytes, bytes, list[bytes]]:
    """The loop anybody would write."""
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    header = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    sealed, plain, chunks = hashlib.sha256(header), hashlib.sha256(), []
    for start in range(0, len(data), attachment.CHUNK):
        block = data[start : start + attachment.CHUNK]
        chunk = sodium.crypto_secretstream_xchacha20poly1305_push(state, block)
        plain.update(block)
        sealed.update(chunk)
        chunks.append(chunk)
    sealed.digest(), plain.digest()
    return key, header, chunks


def bare_open(key: bytes, header: bytes, chunks: list[bytes]) -> None:
    """Its other half."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    sealed, plain = hashlib.sha256(header), hashlib.sha256()
    for chunk in chunks:
        block, _tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk)
        sealed.update(chunk)
        plain.update(block)
    sealed.digest(), plain.digest()
