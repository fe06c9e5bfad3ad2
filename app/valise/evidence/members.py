"""Who was in the room: the membership operations as a set; removal beats addition (docs/evidence.md, "The room")."""

from __future__ import annotations

from dataclasses import dataclass

from valise.evidence.reading import Bad, Lines
from valise.evidence.record import Entry, Record


@dataclass(frozen=True, slots=True)
class Room:
    """`ever` = every delegation that may have spoken; `heads` = the newest membership operations, two when members disagree;
    `void` = membership operations without authority; `after` = operations of a delegation said knowing its own removal."""

    kind: str
    title: str
    chair: str
    members: tuple[str, ...]
    ever: frozenset[str]
    heads: tuple[str, ...]
    void: tuple[str, ...]
    after: tuple[str, ...]


def fold(record: Record, room: str, lines: Lines) -> Room:
    """The room. Bad at the founding operation, where it has none, or where a stranger speaks."""
    founding = record.entries.get(room)
    if founding is None or founding.kind != "room.create":
        raise Bad(lines.number, "file", "no founding")
    body = founding.body
    names = body["members"]
    size = {"internal": (1, 1), "bilateral": (2, 2), "group": (2, 300)}[body["kind"]]
    if (
        founding.seq != 1 or founding.deps or sorted(set(names)) != names or founding.author not in names
        or body["chair"] != founding.author or not size[0] <= len(names) <= size[1]
    ):  # fmt: skip
        raise Bad(founding.line, "operation", "founding")
    changes = [one for one in record.of("room.") if one is not founding and one.kind in ("room.add", "room.remove")]
    void = {one.id for one in changes if not _may(one, body["kind"], founding.author)}
    every = {one.id: one for one in changes if one.id not in void} | {room: founding}
    valid = {name: one for name, one in every.items() if record.counts(one) or name == room}
    ever = set(names) | {one.body["delegation"] for one in every.values() if one.kind == "room.add"}
    for entry in record.entries.values():
        if entry.author not in ever:
            raise Bad(entry.line, "operation", "stranger")
    pasts = {}
    for name, one in valid.items():
        lines.pause(one.line)
        pasts[name] = _past(valid, name, room)
    removals = [(one.body["delegation"], one.id) for one in valid.values() if one.kind == "room.remove"]
    members, lifted = set(), set()
    for name, one in valid.items():
        lines.pause(one.line)
        for who in names if name == room else [one.body["delegation"]] if one.kind == "room.add" else []:
            if all(gone in pasts[name] for left, gone in removals if left == who):
                members.add(who)
    # whom an addition that does not count had added was heard by some before they knew, and so is heard by all
    heard = valid | {name: one for name, one in every.items() if one.kind == "room.add"}
    for name, one in heard.items():
        lines.pause(one.line)
        if one.kind == "room.add":
            past = _past(heard, name, room)
            lifted |= {gone for left, gone in removals if left == one.body["delegation"] and gone in past}
    covered = {head for name, one in valid.items() if name != room for head in one.body["heads"]}
    after = _after(record, lines, {gone: left for left, gone in removals if gone not in lifted and left not in members})
    return Room(
        body["kind"], body["title"], founding.author, tuple(sorted(members)), frozenset(ever),
        tuple(sorted(valid.keys() - covered)), tuple(sorted(void)), after,
    )  # fmt: skip


def _may(one: Entry, kind: str, chair: str) -> bool:
    if kind != "group":
        return False
    if one.kind == "room.add":
        return one.author == chair
    return one.body["delegation"] != chair and one.author in (chair, one.body["delegation"])


def _past(valid: dict[str, Entry], start: str, room: str) -> set[str]:
    """Membership operations in the past of one, by the heads they name; the founding one is in every past."""
    seen, todo = {room}, list(valid[start].body.get("heads", ()))
    while todo:
        one = todo.pop()
        if one not in seen and one in valid:
            seen.add(one)
            todo += valid[one].body.get("heads", ())
    return seen - {start}


def _after(record: Record, lines: Lines, gone: dict[str, str]) -> tuple[str, ...]:
    """Operations that stand on a removal of their own author."""
    if not gone:
        return ()
    known: dict[str, frozenset[str]] = {}  # operation -> removals up to and with it
    found = []
    for entry in record.entries.values():  # in the order of the file: what an operation stands on comes before it
        lines.pause(entry.line)
        before: frozenset[str] = frozenset()
        for one in (entry.prev, *entry.deps):
            more = known.get(one, before)
            before = more if before <= more else before if more <= before else before | more
        if any(gone[one] == entry.author for one in before):
            found.append(entry.id)
        known[entry.id] = before | {entry.id} if entry.id in gone else before
    return tuple(found)
