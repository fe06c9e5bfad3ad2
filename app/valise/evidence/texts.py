"""Texts: the chain of the pen, revisions with who confirmed their hashes, what was agreed."""

from __future__ import annotations

from typing import Any

from valise.evidence.people import People
from valise.evidence.reading import Lines
from valise.evidence.record import Entry, Record
from valise.evidence.shapes import PEN, VOTES
from valise.evidence.wording import AGREED, Wording, digest


def fold(record: Record, people: People, lines: Lines) -> list[dict[str, Any]]:
    """One object for each text of the room, in the order of the file."""
    mine: dict[str, list[Entry]] = {}
    opened = [one for one in record.entries.values() if one.kind == "text.open"]
    names = {one.id for one in opened}
    for entry in record.of("text."):
        if entry.body.get("text") in names:
            mine.setdefault(entry.body["text"], []).append(entry)
    return [_text(one, mine.get(one.id, []), record, people, lines) for one in opened]


def _text(opened: Entry, mine: list[Entry], record: Record, people: People, lines: Lines) -> dict[str, Any]:
    claims: dict[str, list[Entry]] = {}
    for entry in mine:
        if entry.kind in PEN and record.counts(entry):
            claims.setdefault(entry.body["pen_prev"], []).append(entry)
    votes = any(one.kind in VOTES for one in mine)
    proposals = frozenset(one.id for one in mine if one.kind == "text.propose")
    wording = Wording(opened, proposals, lambda: lines.pause(opened.line))
    holder = (opened.body["pen_device"], opened.body["pen_delegation"])
    computed: dict[str, str] = {}
    at, steps, stopped = opened, 0, ""
    while True:
        here = [one for one in claims.get(at.id, ()) if (one.device, one.author) == holder]
        if votes:
            stopped = "votes"
        elif len(here) > 1:
            stopped = "fork"
        elif not here and claims.get(at.id):
            stopped = "other pen"
        if stopped or not here:
            break
        at, steps = here[0], steps + 1
        lines.pause(at.line)
        wording.apply(at)
        if at.kind == "text.pass":
            holder = (at.body["device"], at.body["delegation"])
        if at.kind == "text.revision":
            computed[at.id] = digest(wording.plain())
    said: dict[str, list[Entry]] = {}
    for entry in mine:
        if entry.kind == "text.revision_ack" and record.counts(entry):
            said.setdefault(entry.body["revision"], []).append(entry)
    agreed = [] if stopped else [
        {"label": one.label, "status": one.status, "hash": digest(one.words), "operation": one.decided, "words": one.words[:200]}
        for one in wording.standing() if one.status in AGREED
    ]  # fmt: skip
    return {
        "id": opened.id, "title": wording.title, "opened_by": opened.author, "line": opened.line, "operations": len(mine) + 1,
        "pen": steps, "stopped": stopped, "agreed": agreed,
        "revisions": [_revision(one, computed.get(one.id), said.get(one.id, [])) for one in mine if one.kind == "text.revision"],
    }  # fmt: skip


def _revision(entry: Entry, computed: str | None, said: list[Entry]) -> dict[str, Any]:
    body = entry.body
    same = [one for one in said if all(one.body[name] == body[name] for name in ("text_hash", "state_hash"))]
    confirmed = {one.author for one in same} - {entry.author}  # its own author confirms nothing by saying it twice
    return {
        "id": entry.id, "line": entry.line, "symbol": body["symbol"], "text_hash": body["text_hash"],
        "state_hash": body["state_hash"], "by": entry.author, "at": entry.at,
        "words": "not computed" if computed is None else "same" if computed == body["text_hash"] else "differ",
        "confirmed_by": sorted(confirmed),
        "contradicted_by": sorted({one.author for one in said if one not in same}),
    }  # fmt: skip
