"""Joint statements and lists of co-sponsors: who signed on to which hash (docs/evidence.md, "Joint statements")."""

from __future__ import annotations

from typing import Any

from valise.evidence.record import Entry, Record
from valise.evidence.wording import digest


def fold(record: Record) -> list[dict[str, Any]]:
    """One object for each statement, in the order of the file."""
    mine: dict[str, list[Entry]] = {}
    for entry in record.of("joint."):
        if entry.kind != "joint.open" and "statement" in entry.body and record.counts(entry):
            mine.setdefault(entry.body["statement"], []).append(entry)
    return [_statement(one, mine.get(one.id, [])) for one in record.of("joint.open") if record.counts(one)]


def _statement(opened: Entry, mine: list[Entry]) -> dict[str, Any]:
    body = opened.body
    own = [one for one in mine if one.author == opened.author]
    closes = [one for one in own if one.kind == "joint.close"]
    seen = {name for one in closes for name in one.body["signs"]}
    taken = {name for one in own if one.kind == "joint.admit" for name in one.body["signs"]}
    authors = {one.id: one.author for one in mine if one.kind == "joint.sign"}
    gone = {
        name for one in mine if one.kind == "joint.leave" for name in one.body["signs"] if authors.get(name) == one.author
    }  # fmt: skip
    signs = []
    for delegation in sorted(set(authors.values())):
        given = [one for one in mine if one.kind == "joint.sign" and one.author == delegation]
        right = [one.id for one in given if one.body["hash"] == body["hash"]]
        here = [one for one in right if one not in gone]
        if not right:
            state = "other words"
        elif not here:
            state = "left"
        elif not closes or seen & set(here):
            state = "signed"
        else:
            state = "admitted" if taken & set(here) else "late"
        signs.append({"delegation": delegation, "state": state, "line": given[0].line})
    whole = body["purpose"] != "joint statement" or digest(body["words"] + "\n") == body["hash"]
    return {
        "id": opened.id, "line": opened.line, "purpose": body["purpose"], "title": body["title"], "hash": body["hash"],
        "whole": whole, "by": opened.author, "at": opened.at, "closed": bool(closes), "signs": signs,
    }  # fmt: skip
