"""Evidence: the signed record of a room in one file that somebody without a vault can check (docs/evidence.md)."""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from valise.desk.context import RECORD, Context
from valise.desk.door_evidence import Holds, RecordRow, Report, Written
from valise.domain.errors import Damaged, NotAllowed, Refused, Unavailable
from valise.formats import process
from valise.protocol.canonical import b64u, digest, encode
from valise.protocol.card import read_card
from valise.vault import people
from valise.vault.store import Handle

FORMAT: Final = "valise-evidence"
VERSION: Final = 1
DOMAIN: Final = "valise/v1/evidence"
# The very sentences the format prescribes (docs/evidence.md): whoever opens the file with anything reads them first.
NOTE: Final = (
    "The signed record of one room. The conversation (messages not sent for the record) is signed for nobody and is not in"
    " this file. Of attached files it holds names, sizes and SHA-256 only. How to check it: docs/evidence.md of Valise."
)
OWN_NOTE: Final = (
    "OWN ARCHIVE of an internal room: internal notes and red lines. Not to be handed to anybody."
    " How to check it: docs/evidence.md of Valise."
)
WALL: Final = 960  # seconds for the process that checks; it gives up by itself before
MOST_ANSWER: Final = 256 << 20
_BAD: Final = {"sound": int, "bad": {"line": int, "what": str, "code": str}}
_LOG: Final = {
    "upto": int, "gaps": [[int]], "complete": bool, "twice": list, "first_at": int, "last_at": int, "operations": int,
    "checkpoint": dict,
}  # fmt: skip
_SOUND: Final[dict[str, Any]] = {
    "sound": int,
    "file": {"room": str, "audience": str, "made_at": int, "sha256": str, "delegation": str, "device": str, "lines": int,
             "operations": int},
    "room": {"kind": str, "title": str, "chair": str, "members": [str], "gone": [str], "heads": [str]},
    "delegations": [{
        "id": str, "fingerprint": str, "code": str, "name": str, "lists": [int],
        "devices": [{"id": str, "officer": str, "role": str, "rights": [str], "not_before": int, "not_after": int,
                     "revoked_at": int, **_LOG}],
    }],
    "texts": [{
        "id": str, "title": str, "opened_by": str, "line": int, "operations": int, "pen": int, "stopped": str,
        "agreed": [{"label": str, "status": str, "hash": str, "operation": str, "words": str}],
        "revisions": [{"id": str, "line": int, "symbol": str, "text_hash": str, "state_hash": str, "by": str, "at": int,
                       "words": str, "confirmed_by": [str], "contradicted_by": [str]}],
    }],
    "joint": [{"id": str, "line": int, "purpose": str, "title": str, "hash": str, "whole": bool, "by": str, "at": int,
               "closed": bool, "signs": [{"delegation": str, "state": str, "line": int}]}],
    "messages": {"sent": int, "acknowledged": int},
    "doubts": [dict],
}  # fmt: skip


class EvidenceDesk:
    """The door's Evidence."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def rooms(self) -> list[RecordRow]:
        """Every room with a record, shared ones first, by title."""
        with self.context.read() as handle:
            codes = dict(handle.rows("select id, code from delegation"))
            members: dict[str, list[str]] = {}
            for room, who in handle.rows("select room, delegation from room_member"):
                members.setdefault(room, []).append(codes.get(who, "?"))
            counts = dict(handle.rows("select room, sum(held) from log where klass = ? group by room", (RECORD,)))
            rows = [
                RecordRow(name, title, kind, tuple(sorted(members.get(name, ()))), counts.get(name, 0), kind == "internal")
                for name, kind, title in handle.rows("select id, kind, title from room")
            ]
        return sorted(rows, key=lambda one: (one.internal, one.id))

    def holds(self, room: str) -> Holds:
        """What an evidence file of this room would let anybody read."""
        with self.context.read() as handle:
            internal = self._kind(handle, room) == "internal"
            kinds = dict(handle.rows(
                "select kind, count(*) from op where room = ? and klass = ? group by kind", (room, RECORD)
            ))  # fmt: skip
            markings: Counter[str] = Counter()
            files: set[str] = set()
            for marking, attached in handle.each(
                "select marking, attachments from message where room = ? and klass = ?", (room, RECORD)
            ):
                markings[marking] += 1
                files |= {one if isinstance(one, str) else str(one["id"]) for one in json.loads(attached)}
            known = [one for name in self._everybody(handle, room) if (one := people.one(handle, name)) is not None]
            officers = [row[0] for row in handle.rows(
                "select distinct officer from device where id in (select device from op where room = ? and klass = ?) or id = ?"
                " order by officer", (room, RECORD, self.context.own.device),
            )]  # fmt: skip
        return Holds(
            room, sum(kinds.values()), tuple((one.code, one.name) for one in known), tuple(officers),
            kinds.get("text.open", 0), kinds.get("joint.open", 0), kinds.get("message.send", 0),
            tuple(sorted(markings.items())), len(files), kinds.get("contact.vouch", 0), internal,
        )  # fmt: skip

    def save(
        self, room: str, path: Path, *, own_archive: bool = False, progress: Callable[[int, int], None] | None = None
    ) -> Written:
        """Write the record of a room, whole or not at all, and check what was written before it stands under its name."""
        try:
            number, name = tempfile.mkstemp(prefix=".valise-", dir=path.parent)
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None
        beside = Path(name)
        try:
            with os.fdopen(number, "wb") as file, self.context.read() as handle:
                internal = self._kind(handle, room) == "internal"
                if internal and not own_archive:
                    raise NotAllowed("evidence.internal", "an internal room is not for others")
                sha, size, operations = hashlib.sha256(), 0, 0
                for line, done, total in self._lines(handle, room, internal):
                    file.write(line)
                    sha.update(line)
                    size, operations = size + len(line), total
                    if progress is not None and not done % 256:
                        progress(done, total)
                file.flush()
                os.fsync(file.fileno())
            if not self.check(beside)["sound"]:
                raise Damaged("evidence.own", "the record does not verify any more")
            os.replace(beside, path)
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
        return Written(path, size, operations, sha.hexdigest())

    def check(self, path: Path) -> Report:
        """The report on an evidence file, made by a process that holds no key."""
        try:
            source = path.open("rb")
        except OSError:
            raise Unavailable("file.unreadable", "the file cannot be read") from None
        with source:
            try:
                child = process.start(_command(), process.environment(("SYSTEMROOT",)))
            except OSError:
                raise Unavailable("evidence.no_child", "the process that checks files cannot be started") from None

            def feed(given: BinaryIO) -> None:
                while part := source.read(1 << 20):
                    given.write(part)

            with process.asked(child, feed, WALL) as answers:
                answer = answers.read(MOST_ANSWER + 1)
        if not answer or len(answer) > MOST_ANSWER:
            raise Refused("evidence.too_hard", "the process that checks files was stopped")
        return believed(answer)

    # inside

    def _kind(self, handle: Handle, room: str) -> str:
        found = handle.value("select kind from room where id = ?", (room,))
        if found is None:
            raise NotAllowed("evidence.unknown", "this room is not here")
        return str(found)

    def _everybody(self, handle: Handle, room: str) -> list[str]:
        """Delegations whose device lists go along: who spoke, who is a member, we ourselves."""
        names = {row[0] for row in handle.rows("select distinct author from op where room = ? and klass = ?", (room, RECORD))}
        names |= {row[0] for row in handle.rows("select delegation from room_member where room = ?", (room,))}
        return sorted(names | {self.context.own.delegation})

    def _lines(self, handle: Handle, room: str, internal: bool) -> Iterator[tuple[bytes, int, int]]:
        """Every line with its end, and how far the operations have come."""
        own = self.context.own
        cards = sorted(
            (card.delegation, card.number, card.hash, card.raw, card.sig)
            for name in self._everybody(handle, room)
            if people.one(handle, name) is not None
            for card in (read_card(people.card(handle, name)),)
        )
        certificates = handle.rows(
            "select device.delegation, device.id, certificate.number, hash, raw, sig from certificate"
            " join device on device.id = certificate.device where device.id = ?3 or device.id in"
            " (select device from op where room = ?1 and klass = ?2) order by 1, 2, 3, 4", (room, RECORD, own.device),
        )  # fmt: skip
        order = _order(handle, room)
        header = {
            "is": "header", "format": FORMAT, "v": VERSION, "room": room, "audience": "own archive" if internal else "anybody",
            "delegation": own.delegation, "device": own.device, "made_at": self.context.clock.now(),
            "holds": {"cards": len(cards), "certificates": len(certificates), "operations": len(order)},
            "note": OWN_NOTE if internal else NOTE,
        }  # fmt: skip
        sha, number = hashlib.sha256(), 0

        def line(value: dict[str, Any]) -> bytes:
            nonlocal number
            number += 1
            made = encode({**value, "n": number}) + b"\n"
            sha.update(made)
            return made

        yield line(header), 0, len(order)
        for what, rows in (("card", cards), ("certificate", certificates)):
            for *_, raw, sig in rows:
                yield line({"is": what, "raw": b64u(raw), "sig": b64u(sig)}), 0, len(order)
        for done, name in enumerate(order, 1):
            raw, sig = handle.row("select raw, sig from op where id = ?", (name,))
            yield line({"is": "operation", "id": name, "raw": b64u(raw), "sig": b64u(sig)}), done, len(order)
        whole = sha.digest()
        signed = self.context.keys.composite.sign(digest(DOMAIN, whole))
        yield line({"is": "end", "sha256": whole.hex(), "sig": b64u(signed)}), len(order), len(order)


def _order(handle: Handle, room: str) -> list[str]:
    """The ids of a room's record so that everything stands after what it names; among those that could stand next, the
    smallest id. The same set of operations has one order, whoever writes it."""
    links = {
        name: [prev, *json.loads(raw)["deps"]]
        for name, prev, raw in handle.each("select id, prev, raw from op where room = ? and klass = ?", (room, RECORD))
    }
    after: dict[str, list[str]] = {}
    waits: dict[str, int] = {}
    for name, named in links.items():
        here = {one for one in named if one in links}
        waits[name] = len(here)
        for one in here:
            after.setdefault(one, []).append(name)
    ready = [name for name, count in waits.items() if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for one in after.get(name, ()):
            waits[one] -= 1
            if not waits[one]:
                heapq.heappush(ready, one)
    return order


def _command() -> list[str]:
    """The verifier, in a process of its own that reads standard input."""
    started = process.command("verify", "valise.evidence")
    return [*started, "--json", "-"]


def believed(answer: bytes) -> Report:
    """A report whose every field is of its type; what the process read was a stranger's. Refused("evidence.child")."""
    try:
        report = json.loads(answer)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict) or not _like(report, _SOUND if report.get("sound") == 1 else _BAD):
        raise Refused("evidence.child", "the process that checks files answered nonsense")
    return report


def _like(value: Any, form: Any) -> bool:
    if isinstance(form, dict):
        return type(value) is dict and value.keys() == form.keys() and all(_like(value[one], form[one]) for one in form)
    if isinstance(form, list):
        return type(value) is list and all(_like(one, form[0]) for one in value)
    return type(value) is form
