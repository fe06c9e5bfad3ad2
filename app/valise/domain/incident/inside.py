"""What a delegation says to itself about an incident: notes, tasks, and what it sent on. Only ever in the internal room."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.incident import kinds
from valise.domain.incident.form import LONGEST
from valise.domain.op import Op

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    words: str
    device: str
    at: int


@dataclass(frozen=True, slots=True)
class Task:
    """`due` ms UTC, 0 = no date. `done_at` 0 = not yet."""

    id: str
    words: str
    officer: str
    due: int
    device: str
    at: int
    done_at: int
    answer: str


@dataclass(frozen=True, slots=True)
class Passed:
    """It was sent on. `until` the embargo that still ran, 0 = none; `reason` why it did not hold it back."""

    id: str
    made: str
    where: str
    until: int
    reason: str
    device: str
    at: int


@dataclass(frozen=True, slots=True)
class Inside:
    """What holds, oldest first."""

    notes: tuple[Note, ...] = ()
    tasks: tuple[Task, ...] = ()
    passed: tuple[Passed, ...] = ()


def fold(ops: Iterable[Op], incident: str, suspended: Collection[str] = ()) -> Inside:
    """What the operations of the internal room about one incident come to."""
    every = sorted(
        (op for op in ops if op.kind in kinds.INSIDE and op.body["incident"] == incident and op.id not in suspended),
        key=lambda op: op.order,
    )
    gone = {op.body["what"] for op in every if op.kind == "incident.strike"}
    gone |= {op.body["replaces"] for op in every if op.kind in ("incident.note", "incident.task")}
    done: dict[str, Op] = {}
    for op in every:
        if op.kind == "incident.done":
            done.setdefault(op.body["task"], op)
    stands = [op for op in every if op.id not in gone]
    return Inside(
        tuple(Note(op.id, op.body["words"], op.device, op.at) for op in stands if op.kind == "incident.note"),
        tuple(_task(op, done.get(op.id)) for op in stands if op.kind == "incident.task"),
        tuple(
            Passed(op.id, op.body["made"], op.body["where"], op.body["until"], op.body["reason"], op.device, op.at)
            for op in every if op.kind == "incident.passed"
        ),
    )  # fmt: skip


def _task(op: Op, done: Op | None) -> Task:
    body = op.body
    end = (done.at, str(done.body["words"])) if done is not None else (0, "")
    return Task(op.id, body["words"], body["officer"], body["due"], op.device, op.at, *end)


def note(incident: str, words: str, replaces: str = "") -> Body:
    """NotAllowed("incident.words" | "incident.too-long")."""
    return {"incident": incident, "words": _said(words, LONGEST), "replaces": replaces}


def task(incident: str, words: str, officer: str = "", due: int = 0, replaces: str = "") -> Body:
    """NotAllowed("incident.words" | "incident.too-long")."""
    return {"incident": incident, "words": _said(words, 2_000), "officer": officer.strip()[:200], "due": due, "replaces": replaces}


def _said(words: str, most: int) -> str:
    said = words.strip()
    if not said:
        raise NotAllowed("incident.words", "there are no words")
    if len(said) > most:
        raise NotAllowed("incident.too-long", "these words are too long")
    return said
