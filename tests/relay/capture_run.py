"""An hour's work of two delegations in processes of their own, watched on the wire: run in a network of its own, in which every
address there is leads to loopback, so that whoever would reach for anything else is seen trying.

    python -m tests.relay.capture_run BASE [--speed 240] [--minutes 60]

One laptop reads its mailbox over WebSocket, the other over TCP, both without TLS: what it would hide lies open here. Prints what
was seen, as JSON; the judgement is in test_relay_capture.py, but for the words, which are looked for here.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.hostile.many import Many
from tests.relay import apart, capture, cluster_run, joined
from tests.relay.capture import Said
from tests.relay.generated import Generated, written
from tests.world import World

from valise.carriers.relay import wire
from valise.domain.relay import Kit, Server

CODES = ("XA", "XB")
PLAIN = re.compile(r"tls \{[^}]*\}")
LETTERS = r"[a-z2-7]{8,32}"
NUMBER = r"[0-9]{1,20}"
REPLY = rf"_[WD]\.{LETTERS}\.[A-Za-z0-9.]+"
SUBJECTS = tuple(
    re.compile(one + r"\Z")
    for one in (
        rf"(inbox|blob)\.{LETTERS}\.{LETTERS}",
        REPLY,
        rf"(\$JS\.API\.CONSUMER\.(MSG\.NEXT|INFO)|info)\.(IN|BL)_{LETTERS}\.{LETTERS}",
        rf"\$JS\.ACK\.(IN|BL)_{LETTERS}\.{LETTERS}(\.{NUMBER}){{5}}",
    )
)


def plain(relay: Generated) -> dict[str, list[Kit]]:
    """The kits as for a relay on one computer without TLS: the first delegation by WebSocket, the other by TCP."""
    node = relay.nodes[0]
    urls = {CODES[0]: f"ws://127.0.0.1:{node.websocket}", CODES[1]: f"nats://127.0.0.1:{node.port}"}
    return {
        code: [replace(kit, mailbox=replace(kit.mailbox, server=Server((urls[code],)))) for kit in kits]
        for code, kits in relay.kits.items()
    }


def planted(world: World, base: Path, room: str) -> set[str]:
    """Every name and word of the work, and the ids behind them."""
    said = {line for code in CODES for line in (base / f"{code}.journal").read_text("utf-8").splitlines()}
    found = {word for line in said for word in (line, line.split()[-1])} | {"annex 7 of XA.txt", "annex 7 of XA annex", room}
    for code in CODES:
        desk = world[code]
        me = desk.me()
        found |= {me.delegation, me.device, me.name, me.officer, *(one.title for one in desk.rooms.all())}
    return found | {"Drafting group", "Delegate", "message.send", "Paragraph 3", "as it was;", "would say it in the"}


def judged(file: Path, ports: dict[int, str]) -> tuple[dict[str, object], list[Said], bytes]:
    """What the capture shows; everything that was said; all bytes that were not framed or masked, in a row."""
    seen = capture.seen(file)
    said: list[Said] = []
    whole = bytearray()
    targets: Counter[str] = Counter()
    for source, target in seen.opened():
        targets[f"{target[0]}:{ports.get(target[1], target[1])}"] += 1
        for key in ((source, target), (target, source)):
            data = seen.streams[key].data
            websocket = ports.get(target[1]) == "websocket"
            whole += capture.greeting(data) if websocket and data else b""
            for one in capture.talk(data, websocket=websocket):
                said.append(one)
                whole += one.line + one.headers + one.payload
    envelopes = [one for one in said if wire.unpack(one.payload) is not None]
    sizes = Counter(len(one.payload) for one in envelopes)
    others = Counter(kind(one) for one in said if wire.unpack(one.payload) is None and one.verb.endswith(("PUB", "MSG")))
    report = {
        "targets": dict(targets), "others": len(seen.others), "envelopes": len(envelopes),
        "sizes": {str(size): count for size, count in sorted(sizes.items())}, "kinds": dict(others),
        "subjects": sorted({one.subject for one in said if one.verb.endswith(("PUB", "MSG")) and not lawful(one.subject)}),
        "verbs": dict(Counter(one.verb for one in said)), "octets": len(whole),
    }  # fmt: skip
    return report, said, bytes(whole)


def lawful(subject: str) -> bool:
    return any(one.match(subject) for one in SUBJECTS)


def kind(one: Said) -> str:
    """What a message is that is no envelope; "?" and how it begins for what nobody expects."""
    if one.payload in (b"+ACK", b"+WPI", b"-NAK", b""):
        return one.payload.decode() or "empty"
    try:
        held = json.loads(one.payload)
    except ValueError:
        return f"? {one.payload[:40]!r}"
    return "JSON " + " ".join(sorted(held)) if isinstance(held, dict) else "? JSON"


def clear(said: list[Said]) -> bytes:
    """What is said in the clear beside the envelopes: lines, headers, JSON, and what credentials say inside."""
    found = bytearray()
    for one in said:
        found += one.clear + b"\n"
        if wire.unpack(one.payload) is None:
            found += one.payload + b"\n"
        for token in re.findall(rb"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+", one.line):
            for part in token.split(b"."):
                found += base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)) + b"\n"
    return bytes(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--speed", type=int, default=240)
    parser.add_argument("--minutes", type=int, default=60)
    asked = parser.parse_args()
    assert apart.inside(), "only in a network of its own is everything that is seen from these laptops"
    apart.enter(outside=True)
    base = asked.base / "world"
    world, room, text = cluster_run.founded(base, CODES, 1)
    relay = written(asked.base / "relay", dict.fromkeys(CODES, 1))
    node = relay.nodes[0]
    node.config = PLAIN.sub("no_tls: true", node.config)
    try:
        node.start()
        relay.provision()
        joined.join_kits(world, plain(relay))
        (base / "began").write_text(str(world.clock.now()), "ascii")
        world.close()
        run = cluster_run.Run(base, relay, list(CODES), room, text, random.Random(1), speed=asked.speed, tended=False)
        file = asked.base / "capture.pcap"
        with capture.Capture(file) as watched:
            for code in CODES:
                run.start(code)
            for code in CODES:
                run.up(code)
            end = time.monotonic() + asked.minutes * 60 / asked.speed
            run.wait(lambda: time.monotonic() >= end, "", 600)
            run.finish()
    finally:
        node.kill()
        run.end()
    report, said, whole = judged(file, {node.port: "tcp", node.websocket: "websocket"})
    print(cluster_run.verified(world, list(CODES), room, text), file=sys.stderr)
    for code in CODES:
        world.desks[code] = world.gate(code).unlock(bytearray(cluster_run.PASSPHRASE))
    words = planted(world, base, room)
    world.close()
    words.discard("")
    scan = Many(word for word in words if len(word) >= 8)
    assert all(scan.hits(b"  " + word.encode() + b"  ") for word in words if len(word) >= 8), "a scan that finds nothing"
    report["words"] = len(words)
    report["found"] = sorted(f"{word}, {form}" for word, form in scan.hits(whole) | scan.hits(file.read_bytes()))
    open_words = clear(said)
    report["codes"] = sorted({one.decode() for one in re.findall(rb"\bX[AB]\b", open_words)})
    report["short"] = sorted(word for word in words if len(word) < 8 and word.encode() in open_words)
    report["dropped"] = watched.dropped
    print(json.dumps(report))


if __name__ == "__main__":
    main()
