"""What a message costs its sender, from 1 to 50 recipient devices of the other delegation (P6: flat within 10 %).

The content is one ciphertext for all; what grows is the key envelope per device and session (one session carries 100
parcels) and 16 bytes of address per device in the bundle. Both are shown apart. Acknowledgements that come back are
as many as there are devices and not in it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held, spent
from valise.desk.desk import Desk
from valise.desk.enrolment import TERM, new_device
from valise.domain.kinds import RIGHTS
from valise.domain.relay import Address
from valise.protocol.card import CardDevice, make_card
from valise.protocol.certificate import Root, make_certificate
from valise.protocol.relaypass import make_pass
from valise.protocol.request import make_request
from valise.protocol.signing import DeviceKey
from valise.system.clock import SystemClock

COUNTS = (1, 5, 10, 25, 50)
MESSAGES, BYTES = 90, 1_000
GOAL = 1.10


def run(options: Options) -> Ratios:
    """Over a folder: see `flat`."""
    return flat(options, by_folder, "bytes in the folder")


def flat(options: Options, connect: Connect, wire: str) -> Ratios:
    """Ratios of the most devices to one: "cpu", "ciphertext", "rows", "wire" per message, key envelopes apart. `wire` says what
    the way of exchange counts."""
    counts = options.size(COUNTS, (1, 3))
    messages = options.size(MESSAGES, 5)
    table = Table(
        f"One message of {BYTES:,} bytes, each sent and sealed by itself; mean of {messages}",
        ("devices", "CPU ms", "ciphertext bytes", "rows", wire, "once a session: CPU ms", "bytes", "rows"),
    )
    made = [cost(options, devices, messages, connect) for devices in counts]
    for devices, (each, once) in zip(counts, made, strict=True):
        table.add(devices, each[0] * 1e3, each[1], each[2], each[3], once[0] * 1e3, int(once[3]), int(once[2]))
    first, last = made[0][0], made[-1][0]
    ratios = {name: last[n] / first[n] for n, name in enumerate(("cpu", "ciphertext", "rows", "wire"))}
    whole = [each[0] + once[0] / 100 for each, once in made]
    ratios["cpu with keys"] = whole[-1] / whole[0]
    for name, ratio in ratios.items():
        table.note(f"- {counts[-1]} devices to {counts[0]}, {name}: {ratio:.2f} ({held(ratio, GOAL)})")
    table.note("- \"with keys\": a hundredth of a session's keys on each message, the dearest case (one message a parcel).")
    print(table.markdown())
    return ratios


Cost = tuple[float, float, float, float]  # CPU seconds, ciphertext bytes, rows, bytes on the way
Connect = Callable[[Path, Desk, int], AbstractContextManager[Callable[[], int]]]
"""Gives the desk a way of exchange to a delegation of so many laptops, whose card it imports; yields what counts the bytes on it."""


@contextmanager
def by_folder(base: Path, desk: Desk, devices: int) -> Iterator[Callable[[], int]]:
    """Bytes of the files in an exchange folder."""
    share = base / "share"
    share.mkdir()
    desk.exchange.use_folder(share)
    desk.contacts.import_card(delegation(devices))
    yield lambda: sum(one.stat().st_size for one in share.rglob("*") if one.is_file())


def cost(options: Options, devices: int, messages: int, connect: Connect) -> tuple[Cost, Cost]:
    """(per message in a running session, once for the session)."""
    with tempfile.TemporaryDirectory(prefix="valise-bench-", dir=options.cache) as base, ExitStack() as stack:
        folder = Path(base)
        desk = worlds.found(folder / "XA")
        lying = stack.enter_context(connect(folder, desk, devices))
        room = desk.rooms.create("bilateral", "", [one.id for one in desk.contacts.all()])
        desk.exchange.now()  # the room's own session, of the record; the conversation has one of its own
        speech = worlds.Speech(9)
        texts = [speech.of_bytes(BYTES) for _ in range(messages + 1)]
        before = state(desk, lying)
        with spent() as took:
            desk.messages.send(room, texts[0], subject="Figures")
            desk.exchange.now()
        between = state(desk, lying)
        cpu = took.cpu
        with spent() as took:
            for body in texts[1:]:
                desk.messages.send(room, body)
                desk.exchange.now()
        after = state(desk, lying)
        desk.close()
    each = tuple(value / messages for value in (took.cpu, *differences(between, after)))
    once = tuple(whole - one for whole, one in zip((cpu, *differences(before, between)), each, strict=True))
    return each, once  # type: ignore[return-value]


def differences(before: Iterable[int], after: Iterable[int]) -> list[int]:
    return [late - early for early, late in zip(before, after, strict=True)]


def state(desk: Desk, lying: Callable[[], int]) -> tuple[int, int, int]:
    """(bytes of kept parcels, rows of all tables, bytes on the way of exchange)."""
    with desk.context.read() as handle:
        names = [row[0] for row in handle.rows("select name from sqlite_schema where type = 'table' and name not like 'search%'")]
        rows = sum(handle.value(f"select count(*) from {name}") for name in names)
        parcels = handle.value("select coalesce(sum(length(blob)), 0) from parcel")
    return parcels, rows, lying()


def delegation(devices: int, code: str = "XB", address: Address | None = None) -> bytes:
    """The card of a delegation with so many laptops, with a permission to write to `address`."""
    now = SystemClock().now()
    root = Root(os.urandom(64))
    listed, first = [], None
    for number in range(1, devices + 1):
        secret = new_device(os.urandom)
        first = first or DeviceKey(secret.ed25519_seed)
        request = make_request(secret, f"Officer {number}", "Delegate", now)
        certificate = make_certificate(
            root, request, rights=RIGHTS, not_before=now, not_after=now + TERM, number=number
        )
        listed.append(CardDevice(certificate, request.prekeys, secret.mailbox))
    card = make_card(root, code=code, name="Borovia", devices=listed, number=1, prev="", issued_at=now)
    if address is not None and first is not None:
        card = card.with_pass(make_pass(address, first, now))
    return card.file
