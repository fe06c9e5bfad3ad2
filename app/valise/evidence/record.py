"""Operations: read, checked against a certificate, and the log of each device put together."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from valise.domain.errors import Refused
from valise.evidence.people import Certificate, People
from valise.evidence.reading import Bad, Lines, ident, named, whole
from valise.evidence.shapes import KINDS
from valise.protocol import canonical, signing

_FIELDS: Final = {"v", "kind", "room", "author", "device", "seq", "prev", "deps", "at", "tick", "body"}
_LARGEST: Final = 128 * 1024
_KEPT: Final = ("room.", "joint.", "text.", "log.")  # whose bodies later rules read


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation that verified. `line` where it stands; `body` empty where no later rule reads it."""

    id: str
    kind: str
    author: str
    device: str
    seq: int
    prev: str
    deps: tuple[str, ...]
    at: int
    tick: int
    body: dict[str, Any]
    line: int


def read(raw: bytes, sig: bytes, room: str, people: People, line: int, *, first: bool = False) -> Entry:
    """Verify one operation of `room`. Bad("operation")."""
    what = "operation"
    if len(raw) > _LARGEST:
        raise Bad(line, what, "too large")
    try:
        held = canonical.decode(raw, _LARGEST)
    except Refused:
        raise Bad(line, what, "form") from None
    if type(held) is not dict or held.keys() != _FIELDS or held["v"] != 1:
        raise Bad(line, what, "fields")
    author, device, seq, prev, deps = (held[name] for name in ("author", "device", "seq", "prev", "deps"))
    if (
        not ident(author) or not ident(device) or not whole(seq, 1) or (seq == 1) != (prev == "")
        or not (prev == "" or ident(prev)) or type(deps) is not list or len(deps) > 32 or not all(map(ident, deps))
        or deps != sorted(set(deps)) or not whole(held["at"]) or not whole(held["tick"])
        or type(held["kind"]) is not str or len(held["kind"]) > 64 or type(held["body"]) is not dict
    ):  # fmt: skip
        raise Bad(line, what, "fields")
    known = people.devices.get(device)
    if not known:
        raise Bad(line, what, "no certificate")
    if known[0].delegation != author:
        raise Bad(line, what, "author")
    name = named("valise/v1/op", raw)
    _signed(canonical.digest("valise/v1/op", raw), sig, held["kind"], known, line)
    if (held["kind"] == "room.create") != (held["room"] == ""):
        raise Bad(line, what, "room")
    if (held["room"] or name) != room:
        # the operation verifies: where it is the first, it is the header that names another room
        raise Bad(1, "header", "room") if first else Bad(line, what, "room")
    shape = KINDS.get(held["kind"])
    if shape is not None:
        if not shape.fits(held["body"]):
            raise Bad(line, what, "body")
        if not any(one.permits(shape.right, room) for one in known):
            raise Bad(line, what, "right")
    body = held["body"] if held["kind"].startswith(_KEPT) else {}
    return Entry(name, held["kind"], author, device, seq, prev, tuple(deps), held["at"], held["tick"], body, line)


def _signed(digest: bytes, sig: bytes, kind: str, known: list[Certificate], line: int) -> None:
    shape = KINDS.get(kind)
    composite = shape.composite if shape is not None else len(sig) == signing.COMPOSITE_SIGNATURE
    for one in known:
        try:
            if composite:
                signing.verify_composite(one.composite, digest, sig)
            else:
                signing.verify(one.ed25519, digest, sig)
            return
        except Refused:
            continue
    raise Bad(line, "operation", "signature")


@dataclass(slots=True)
class Record:
    """Every operation of the file."""

    entries: dict[str, Entry] = field(default_factory=dict)
    logs: dict[str, dict[int, list[Entry]]] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)  # device -> first seq at which it has two histories

    def add(self, entry: Entry) -> None:
        """Take an operation in. Bad("operation", "double")."""
        if entry.id in self.entries:
            raise Bad(entry.line, "operation", "double")
        self.entries[entry.id] = entry
        self.logs.setdefault(entry.device, {}).setdefault(entry.seq, []).append(entry)

    def settle(self, lines: Lines) -> None:
        """When all are here: they must stand in the one order there is. Bad("operation", "order")."""
        for device, log in self.logs.items():
            twice = [seq for seq, here in log.items() if len(here) > 1]
            if twice:
                self.stopped[device] = min(twice)
        waits: dict[str, int] = {}
        after: dict[str, list[str]] = {}
        ready: list[str] = []
        for entry in self.entries.values():
            stands_on = {one for one in (entry.prev, *entry.deps) if one in self.entries}
            waits[entry.id] = len(stands_on)
            for one in stands_on:
                after.setdefault(one, []).append(entry.id)
            if not stands_on:
                ready.append(entry.id)
        heapq.heapify(ready)
        for entry in self.entries.values():
            if not ready or heapq.heappop(ready) != entry.id:
                raise Bad(entry.line, "operation", "order")
            for one in after.get(entry.id, ()):
                waits[one] -= 1
                if not waits[one]:
                    heapq.heappush(ready, one)
            if not entry.line % 4096:
                lines.pause(entry.line)

    def counts(self, entry: Entry) -> bool:
        """Whether its device had one history up to it: what it says from there on decides nothing."""
        return entry.seq < self.stopped.get(entry.device, entry.seq + 1)

    def of(self, *starts: str) -> list[Entry]:
        """The operations whose kind begins so, in the order of the file."""
        return [one for one in self.entries.values() if one.kind.startswith(starts)]

    def broken(self) -> list[Entry]:
        """Those that name as their predecessor something that is not the one before them in their own log."""
        found = []
        for entry in self.entries.values():
            before = self.entries.get(entry.prev)
            if before is not None and (before.device != entry.device or before.seq != entry.seq - 1):
                found.append(entry)
        return found

    def missing(self) -> list[str]:
        """Operations that others name and that are not in the file, sorted."""
        return sorted({
            one for entry in self.entries.values() for one in (entry.prev, *entry.deps) if one and one not in self.entries
        })  # fmt: skip

    def log(self, device: str) -> dict[str, Any]:
        """What is here of the log of a device: `upto`, `gaps` as [from, to], `complete` = 1..upto without a gap,
        `twice` = [seq, ids], the checkpoint that covers most."""
        log = self.logs.get(device, {})
        gaps, expected = [], 1
        for seq in sorted(log):
            if seq > expected:
                gaps.append([expected, seq - 1])
            expected = seq + 1
        twice = [[seq, [one.id for one in log[seq]]] for seq in sorted(log) if len(log[seq]) > 1]
        said = sorted({one.at for here in log.values() for one in here})
        covered = [
            one for here in log.values() for one in here if one.kind == "log.checkpoint" and not self.lying(one)
        ]  # fmt: skip
        last = max(covered, key=lambda one: one.seq, default=None)
        return {
            "upto": expected - 1, "gaps": gaps, "complete": not gaps and not twice, "twice": twice,
            "first_at": said[0] if said else 0, "last_at": said[-1] if said else 0,
            "operations": sum(map(len, log.values())),
            "checkpoint": {"seq": last.body["seq"], "head": last.body["head"], "at": last.at} if last else {},
        }  # fmt: skip

    def lying(self, entry: Entry) -> bool:
        """A checkpoint that does not say what its own place in the log says."""
        return bool(entry.body["seq"] != entry.seq - 1 or entry.body["head"] != entry.prev)

    def kinds(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(sorted(Counter(one.kind for one in self.entries.values()).items()))
