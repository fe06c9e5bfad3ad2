"""Evidence files made by hand, also such as no honest program would write: keys from seeds, bytes from plain JSON."""

from __future__ import annotations

import hashlib
import heapq
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from valise.evidence.verify import NOTE, OWN_NOTE, verify
from valise.protocol.canonical import b64u, digest
from valise.protocol.signing import CompositeKey, DeviceKey

START = 1_796_774_400_000
YEAR = 365 * 24 * 3600 * 1000
RIGHTS = ["amend", "commit", "enrol", "observe", "pen", "speak"]
Line = dict[str, Any]


def compact(value: Any) -> bytes:
    """Canonical JSON, written by the standard library alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seed(name: str, size: int) -> bytes:
    return hashlib.shake_256(name.encode()).digest(size)


class Laptop:
    """One device with its certificate."""

    def __init__(self, side: Side, name: str, **other: Any) -> None:
        self.side = side
        self.key = DeviceKey(seed(f"{name} device", 32))
        self.composite = CompositeKey(seed(f"{name} composite", 64))
        self.id = b64u(digest("valise/v1/device", self.key.public))
        body = {
            "v": 1, "delegation": side.id, "device": self.id, "ed25519": b64u(self.key.public),
            "composite": b64u(self.composite.public), "olm": b64u(seed(f"{name} olm", 32)), "officer": f"Officer {name}",
            "role": "Delegate", "rights": RIGHTS, "not_before": START - YEAR, "not_after": START + YEAR, "number": 1, **other,
        }  # fmt: skip
        self.raw = compact(body)
        self.sig = side.root.sign(digest("valise/v1/certificate", self.raw))
        self.hash = b64u(digest("valise/v1/certificate", self.raw))


class Side:
    """A delegation: root, device list, laptops."""

    def __init__(self, code: str, name: str, laptops: int = 1, **other: Any) -> None:
        self.code, self.name = code, name
        self.root = CompositeKey(seed(f"{code} root", 64))
        self.id = b64u(digest("valise/v1/root", self.root.public))
        self.laptops = [Laptop(self, f"{code} {number}", number=number, **other) for number in range(1, laptops + 1)]
        self.revoked: dict[str, int] = {}

    def card(self, number: int = 1, prev: str = "") -> Line:
        listed = [
            {"certificate": one.hash, "mailbox": b64u(seed(one.id, 16)), "revoked_at": self.revoked.get(one.id, 0)}
            for one in self.laptops
        ]
        raw = compact({
            "v": 1, "root": b64u(self.root.public), "code": self.code, "name": self.name, "number": number, "prev": prev,
            "issued_at": START, "devices": listed, "relay": "",
        })  # fmt: skip
        return {"is": "card", "raw": b64u(raw), "sig": b64u(self.root.sign(digest("valise/v1/card", raw)))}


@dataclass
class Room:
    """A room's record as it is said, one operation after the other."""

    kind: str = "bilateral"
    id: str = ""
    ops: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    logs: dict[str, list[str]] = field(default_factory=dict)
    clock: int = START

    def found(self, chair: Laptop, *others: Side, title: str = "Confidence building") -> str:
        members = sorted({chair.side.id, *(one.id for one in others)})
        body = {"kind": self.kind, "title": title, "members": members, "chair": chair.side.id, "nonce": "n" * 22}
        return self.say(chair, "room.create", body)

    def say(
        self, who: Laptop, kind: str, body: Line, *, deps: Iterable[str] | None = None, composite: bool = False, **other: Any
    ) -> str:
        """Sign an operation at the end of the log of `who`; `other` fields as given, whether they fit or not."""
        log = self.logs.setdefault(who.id, [])
        self.clock += 1000
        named = self.heads - set(log[-1:]) if deps is None else set(deps)
        value = {
            "v": 1, "kind": kind, "room": self.id, "author": who.side.id, "device": who.id, "seq": len(log) + 1,
            "prev": log[-1] if log else "", "deps": sorted(named), "at": self.clock, "tick": 0, "body": body, **other,
        }  # fmt: skip
        raw = compact(value)
        name = b64u(digest("valise/v1/op", raw))
        key: DeviceKey | CompositeKey = who.composite if composite else who.key
        self.ops[name] = (raw, key.sign(digest("valise/v1/op", raw)))
        if kind == "room.create" and not self.id:
            self.id = name
        if not other:
            log.append(name)
        self.heads -= {value["prev"], *value["deps"]}
        self.heads.add(name)
        return name

    def order(self) -> list[str]:
        """As docs/evidence.md says: after what it names, the smallest id first."""
        links = {name: {json.loads(raw)["prev"], *json.loads(raw)["deps"]} & self.ops.keys() for name, (raw, _) in self.ops.items()}
        ready = [name for name, named in links.items() if not named]
        heapq.heapify(ready)
        done: list[str] = []
        while ready:
            done.append(heapq.heappop(ready))
            for name, named in links.items():
                if done[-1] in named:
                    named.remove(done[-1])
                    if not named:
                        heapq.heappush(ready, name)
        return done


def lines(room: Room, *sides: Side, by: Laptop | None = None, **header: Any) -> list[Line]:
    """The entries of a file without their numbers and without the last line."""
    spoke = {one["device"] for one in map(json.loads, (raw for raw, _ in room.ops.values()))}
    by = by or sides[0].laptops[0]
    cards = [one.card() for one in sorted(sides, key=lambda one: one.id)]
    laptops = [one for side in sorted(sides, key=lambda one: one.id) for one in sorted(side.laptops, key=lambda one: one.id)]
    certificates = [
        {"is": "certificate", "raw": b64u(one.raw), "sig": b64u(one.sig)} for one in laptops if one.id in spoke or one is by
    ]
    ops = [
        {"is": "operation", "id": name, "raw": b64u(room.ops[name][0]), "sig": b64u(room.ops[name][1])} for name in room.order()
    ]
    first = {
        "is": "header", "format": "valise-evidence", "v": 1, "room": room.id, "audience": "anybody", "delegation": by.side.id,
        "device": by.id, "made_at": START, "holds": {}, "note": NOTE, **header,
    }  # fmt: skip
    if first["audience"] == "own archive":
        first["note"] = OWN_NOTE
    return [first, *cards, *certificates, *ops]


def seal(entries: list[Line], key: CompositeKey, *, count: bool = True, number: bool = True) -> bytes:
    """The file: counted, numbered and signed by `key` as if all were well."""
    if count:
        kinds = [one["is"] for one in entries]
        holds = {"cards": kinds.count("card"), "certificates": kinds.count("certificate"), "operations": kinds.count("operation")}
        entries = [{**entries[0], "holds": holds}, *entries[1:]]
    numbered = [{**one, "n": at} if number else one for at, one in enumerate(entries, 1)]
    body = b"".join(compact(one) + b"\n" for one in numbered)
    whole = hashlib.sha256(body).digest()
    sig = key.sign(digest("valise/v1/evidence", whole))
    return body + compact({"is": "end", "n": len(entries) + 1, "sha256": whole.hex(), "sig": b64u(sig)}) + b"\n"


def judged(data: bytes) -> Any:
    """The report."""
    return verify(io.BytesIO(data))


def bad(data: bytes) -> tuple[int, str, str]:
    """(line, what, why) of the first entry that does not hold; fails when all do."""
    report = judged(data)
    assert report["sound"] == 0, "this file must not be sound"
    return report["bad"]["line"], report["bad"]["what"], report["bad"]["code"]


def doubts(data: bytes) -> dict[str, Line]:
    """What a sound file still makes known."""
    report = judged(data)
    assert report["sound"] == 1, report
    return {one["say"]: one for one in report["doubts"]}


def message(words: str) -> Line:
    return {"thread": "", "subject": "", "body": words, "marking": "", "attachments": []}


def small() -> tuple[Room, Side, Side]:
    """Two delegations, one message each: the smallest file that holds every kind of entry."""
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    room = Room()
    room.found(a.laptops[0], b)
    room.say(a.laptops[0], "message.send", message("Our point of contact answers within a day."))
    room.say(b.laptops[0], "message.send", message("So does ours."))
    return room, a, b


Change = Callable[[list[Line]], object]


def changed(change: Change) -> bytes:
    """The small file, changed by somebody who has the exporting laptop: everything else fits again."""
    room, a, b = small()
    entries = lines(room, a, b)
    change(entries)
    return seal(entries, a.laptops[0].composite)
