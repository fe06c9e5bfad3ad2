"""From the first line to the last: the report on an evidence file."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from valise.domain.errors import Refused
from valise.evidence import joint, members, texts
from valise.evidence.members import Room
from valise.evidence.people import People, read_card, read_certificate
from valise.evidence.reading import SECONDS, Bad, Lines, ident, octets, whole
from valise.evidence.record import Record, read
from valise.evidence.shapes import KINDS
from valise.protocol import canonical, signing

FORMAT: Final = "valise-evidence"
NOTE: Final = (
    "The signed record of one room. The conversation (messages not sent for the record) is signed for nobody and is not in"
    " this file. Of attached files it holds names, sizes and SHA-256 only. How to check it: docs/evidence.md of Valise."
)
OWN_NOTE: Final = (
    "OWN ARCHIVE of an internal room: internal notes and red lines. Not to be handed to anybody."
    " How to check it: docs/evidence.md of Valise."
)
_HEADER: Final = {"is", "n", "format", "v", "room", "audience", "delegation", "device", "made_at", "holds", "note"}
_PARTS: Final = ("card", "certificate", "operation")
_LINES: Final = {
    "card": {"is", "n", "raw", "sig"},
    "certificate": {"is", "n", "raw", "sig"},
    "operation": {"is", "n", "id", "raw", "sig"},
    "end": {"is", "n", "sha256", "sig"},
}
_MOST: Final = 500  # of one kind of doubt in a report


def verify(
    stream: BinaryIO, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> dict[str, Any]:
    """The report, plain values as JSON has them. `sound` 1: everything verified; 0: `bad` names the first entry that does not.

    Raises OSError only, when the file cannot be read.
    """
    lines = Lines(stream, seconds, clock)
    try:
        return {"sound": 1, **_read(lines)}
    except Bad as bad:
        return {"sound": 0, "bad": {"line": bad.line, "what": bad.what, "code": bad.code}}


def _read(lines: Lines) -> dict[str, Any]:
    header = _header(lines.next())
    people, record = People(), Record()
    part, counts = 0, dict.fromkeys(_PARTS, 0)
    while True:
        held = lines.next()
        if held is None:
            raise Bad(lines.number + 1, "file", "cut short")
        what = held["is"]
        if what not in _LINES or held.keys() != _LINES[what]:
            raise Bad(lines.number, "line", "fields")
        if what == "end":
            break
        if _PARTS.index(what) < part:
            raise Bad(lines.number, what, "order")
        part = _PARTS.index(what)
        counts[what] += 1
        raw, sig = octets(held["raw"]), octets(held["sig"])
        if raw is None or sig is None:
            raise Bad(lines.number, what, "fields")
        if what == "card":
            people.card(read_card(raw, sig, lines.number), lines.number)
        elif what == "certificate":
            people.certificate(read_certificate(raw, sig, people.roots, lines.number), lines.number)
        else:
            first = counts["operation"] == 1
            entry = read(raw, sig, header["room"], people, lines.number, first=first)
            if held["id"] != entry.id:
                raise Bad(lines.number, what, "id")
            record.add(entry)
    end, before = held, lines.before
    record.settle(lines)
    room = members.fold(record, header["room"], lines)
    if (room.kind == "internal") != (header["audience"] == "own archive"):
        raise Bad(1, "header", "internal")
    if counts != {"card": header["holds"]["cards"], "certificate": header["holds"]["certificates"],
                  "operation": header["holds"]["operations"]}:  # fmt: skip
        raise Bad(1, "header", "holds")
    _end(end, before, header, people, lines)
    return _report(header, end, room, record, people, lines)


def _header(held: dict[str, Any] | None) -> dict[str, Any]:
    if held is None:
        raise Bad(1, "file", "empty")
    if held["is"] != "header" or held.get("format") != FORMAT:
        raise Bad(1, "header", "not evidence")
    if held.get("v") != 1:
        raise Bad(1, "header", "version")
    holds = held.get("holds")
    if (
        held.keys() != _HEADER or not all(map(ident, (held["room"], held["delegation"], held["device"])))
        or not whole(held["made_at"]) or held["audience"] not in ("anybody", "own archive")
        or held["note"] != (NOTE if held["audience"] == "anybody" else OWN_NOTE)
        or type(holds) is not dict or holds.keys() != {"cards", "certificates", "operations"}
        or not all(map(whole, holds.values()))
    ):  # fmt: skip
        raise Bad(1, "header", "fields")
    return held


def _end(end: dict[str, Any], before: bytes, header: dict[str, Any], people: People, lines: Lines) -> None:
    number = lines.number
    known = [one for one in people.devices.get(header["device"], ()) if one.delegation == header["delegation"]]
    if not known:
        raise Bad(1, "header", "no certificate")
    sig, stated = octets(end["sig"]), end["sha256"]
    if sig is None or type(stated) is not str or len(stated) != 64 or any(one not in "0123456789abcdef" for one in stated):
        raise Bad(number, "end", "fields")
    message = canonical.digest("valise/v1/evidence", bytes.fromhex(stated))
    for one in known:
        try:
            signing.verify_composite(one.composite, message, sig)
            break
        except Refused:
            continue
    else:
        raise Bad(number, "end", "signature")
    if bytes.fromhex(stated) != before:
        # every other entry carries a signature of its own and has verified: what else was changed is the header
        raise Bad(1, "header", "digest")
    if lines.next() is not None:
        raise Bad(lines.number, "line", "after the end")


def _report(
    header: dict[str, Any], end: dict[str, Any], room: Room, record: Record, people: People, lines: Lines
) -> dict[str, Any]:
    everybody = sorted({one.author for one in record.entries.values()} | room.ever | {header["delegation"]})
    folded, statements = texts.fold(record, people, lines), joint.fold(record)
    kinds = record.kinds()
    return {
        "file": {
            "room": header["room"], "audience": header["audience"], "made_at": header["made_at"], "sha256": end["sha256"],
            "delegation": header["delegation"], "device": header["device"], "lines": lines.number, "operations": len(record.entries),
        },
        "room": {
            "kind": room.kind, "title": room.title, "chair": room.chair, "members": list(room.members),
            "gone": sorted(room.ever - set(room.members)), "heads": list(room.heads),
        },
        "delegations": [_delegation(one, record, people) for one in everybody],
        "texts": folded,
        "joint": statements,
        "messages": {"sent": kinds.get("message.send", 0), "acknowledged": kinds.get("message.acknowledge", 0)},
        "doubts": _doubts(room, record, people, folded, statements),
    }  # fmt: skip


def _delegation(delegation: str, record: Record, people: People) -> dict[str, Any]:
    cards = people.cards.get(delegation, [])
    devices = []
    for device, known in people.devices.items():
        if known[0].delegation != delegation:
            continue
        one = known[-1]
        devices.append({
            "id": device, "officer": one.officer, "role": one.role, "rights": list(one.rights), "not_before": one.not_before,
            "not_after": one.not_after, "revoked_at": people.revoked_at(device), **record.log(device),
        })  # fmt: skip
    fingerprint = octets(delegation) or b""
    return {
        "id": delegation, "fingerprint": fingerprint.hex(), "code": people.code(delegation),
        "name": cards[-1].name if cards else "", "lists": [one.number for one in cards], "devices": devices,
    }  # fmt: skip


def _doubts(
    room: Room, record: Record, people: People, folded: list[dict[str, Any]], statements: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What verifies and still has to be told: each with `say`, a word of the list in docs/evidence.md."""
    found = people.doubts()
    found += [{"say": "two histories", "device": one, "seq": seq, "operations": [each.id for each in record.logs[one][seq]]}
              for one, seq in sorted(record.stopped.items())]  # fmt: skip
    if len(room.heads) > 1:
        found.append({"say": "two membership heads", "operations": list(room.heads)})
    entries = record.entries
    several: list[tuple[str, list[str]]] = [
        ("no authority", list(room.void)),
        ("said after removal", list(room.after)),
        ("log contradicts itself", [one.id for one in record.broken()]),
        ("checkpoint lies", [one.id for one in entries.values() if one.kind == "log.checkpoint" and record.lying(one)]),
        ("kind not known", [one.id for one in entries.values() if one.kind not in KINDS]),
        ("clock after revocation", _late(record, people)),
        ("clock outside term", _outside(record, people)),
        ("named but not here", record.missing()),
    ]
    for word, names in several:
        if names:
            lines = [entries[one].line for one in names if one in entries]
            found.append({"say": word, "count": len(names), "operations": names[:_MOST], "lines": lines[:_MOST]})
    found += [{"say": "device not listed", "device": one} for one in people.devices if people.unlisted(one)]
    for text in folded:
        if text["stopped"]:
            found.append({"say": f"pen: {text['stopped']}", "text": text["id"]})
        for one in text["revisions"]:
            if one["words"] == "differ":
                found.append({"say": "revision differs", "text": text["id"], "operations": [one["id"]]})
            if one["contradicted_by"]:
                found.append({"say": "revision contradicted", "text": text["id"], "operations": [one["id"]]})
    found += [{"say": "statement differs", "operations": [one["id"]]} for one in statements if not one["whole"]]
    return found


def _late(record: Record, people: People) -> list[str]:
    revoked = {device: at for device in people.devices if (at := people.revoked_at(device))}
    return [one.id for one in record.entries.values() if one.at > revoked.get(one.device, one.at)]


def _outside(record: Record, people: People) -> list[str]:
    return [
        one.id for one in record.entries.values()
        if not any(each.not_before <= one.at <= each.not_after for each in people.devices[one.device])
    ]  # fmt: skip

