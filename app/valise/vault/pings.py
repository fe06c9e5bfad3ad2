"""Rows of pings of points of contact: rounds, what was asked, what was answered. All of it is derived from operations."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from valise.domain.op import Op
from valise.domain.ping import kinds, rules
from valise.domain.room import RoomState
from valise.vault.store import Handle, Tx

REGISTER = "contacts"
TABLES = ("ping_round", "ping_asked", "ping_closed", "ping_record", "ping_ask", "ping_answer")


@dataclass(frozen=True, slots=True)
class Round:
    """A round of ours. `closed_at` 0 while it runs; `at` and `due` ms UTC."""

    id: str
    title: str
    forum: str
    due: int
    exercise: bool
    words: str
    officer: str
    at: int
    closed_at: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One contact of a round: its row key, State and label as they were when the round was opened."""

    round: str
    contact: str
    state: str
    label: str
    way: str
    token: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that somebody in a room of two asked. `answer` is the newest standing answer's word, "" for none."""

    id: str
    room: str
    author: str
    title: str
    forum: str
    role: str
    due: int
    exercise: bool
    marking: str
    entry: dict[str, tuple[str, ...]]
    at: int
    token: str
    received_at: int


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with who signed it and when it came to this laptop (0 = signed here)."""

    answer: rules.Answer
    officer: str
    received_at: int


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was said about one contact of one round. `sent` = (room, seq) of the questions this laptop asked."""

    asks: tuple[rules.Ask, ...]
    answers: tuple[Said, ...]
    records: tuple[rules.Record, ...]
    sent: tuple[tuple[str, int], ...]


# -- what an operation leaves behind


def project(tx: Tx, op: Op, n: int, room: RoomState) -> set[str]:
    """Rows of one operation, number `n` of the vault, in a room. What stands in the wrong kind of room is nothing to us."""
    if room.kind != ("bilateral" if op.kind in ("ping.ask", "ping.answer") else "internal"):
        return set()
    {"ping.round": _round, "ping.close": _close, "ping.record": _record, "ping.ask": _ask, "ping.answer": _answer}[op.kind](tx, op, n)
    return {REGISTER}


def clear(tx: Tx) -> None:
    """Drop every row made here."""
    for table in TABLES:
        tx.run(f"delete from {table}")


def _round(tx: Tx, op: Op, n: int) -> None:
    body = op.body
    tx.run(
        "insert or ignore into ping_round(id, n, title, forum, due, exercise, words, device, at) values (?,?,?,?,?,?,?,?,?)",
        (op.id, n, body["title"], body["forum"], body["due"], body["exercise"], body["words"], op.device, op.at),
    )
    tokens = kinds.tokens(op)
    tx.many(
        "insert or ignore into ping_asked(round, contact, place, state, label, way, token) values (?,?,?,?,?,?,?)",
        [
            (op.id, one["contact"], place, one["state"], one["label"], one["way"], tokens[one["contact"]])
            for place, one in enumerate(body["asked"])
        ],
    )


def _close(tx: Tx, op: Op, _n: int) -> None:
    tx.run("insert or ignore into ping_closed(round, id, at) values (?,?,?)", (kinds.closed(op), op.id, op.at))


def _record(tx: Tx, op: Op, _n: int) -> None:
    body = op.body
    tx.run(
        "insert or ignore into ping_record(id, round, contact, outcome, channel, asked_at, happened_at, words, changes, replaces,"
        " device, at) values (?,?,?,?,?,?,?,?,?,?,?,?)",
        (op.id, *kinds.noted(op), body["outcome"], body["channel"], body["asked_at"], body["at"], body["words"],
         _json(body["changes"]), _json(body["replaces"]), op.device, op.at),
    )  # fmt: skip


def _ask(tx: Tx, op: Op, _n: int) -> None:
    body = op.body
    tx.run(
        "insert or ignore into ping_ask(id, room, author, device, seq, token, title, forum, role, due, exercise, marking, entry, at)"
        " values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (op.id, op.room_id, op.author, op.device, op.seq, kinds.asked(op), body["title"], body["forum"], body["role"], body["due"],
         body["exercise"], body["marking"], _json(body["entry"]), op.at),
    )  # fmt: skip


def _answer(tx: Tx, op: Op, _n: int) -> None:
    body = op.body
    tx.run(
        "insert or ignore into ping_answer(id, ask, room, author, device, seq, says, changes, words, replaces, at)"
        " values (?,?,?,?,?,?,?,?,?,?,?)",
        (op.id, kinds.answered(op), op.room_id, op.author, op.device, op.seq, body["says"], _json(body["changes"]), body["words"],
         _json(body["replaces"]), op.at),
    )  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# -- what stands there

# What a device with two histories signed from the fork on counts for nothing (suspended); what a round names nobody else can say.
_SOUND = (
    "not exists (select 1 from suspended where suspended.room = {0}.room and suspended.klass = 0"
    " and suspended.device = {0}.device and {0}.seq >= suspended.seq)"
)
_ROUND = (
    "select id, title, forum, due, exercise, words, coalesce((select officer from device where device.id = ping_round.device), ''),"
    " at, coalesce((select min(at) from ping_closed where round = ping_round.id), 0) from ping_round"
)


def rounds(handle: Handle) -> list[Round]:
    """Every round of ours, newest first."""
    return [_as_round(row) for row in handle.rows(f"{_ROUND} order by at desc, id")]


def round_of(handle: Handle, round: str) -> Round | None:
    row = handle.row(f"{_ROUND} where id = ?", (round,))
    return _as_round(row) if row else None


def _as_round(row: Sequence[Any]) -> Round:
    return Round(row[0], row[1], row[2], row[3], bool(row[4]), *row[5:])


def asked(handle: Handle, round: str, contact: str = "") -> list[Asked]:
    """Whom a round asks, in the order in which it was opened; with `contact` that one alone."""
    rows = handle.rows(
        "select round, contact, state, label, way, token from ping_asked where round = ?1 and ?2 in ('', contact) order by place",
        (round, contact),
    )
    return [Asked(*row) for row in rows]


def rounds_with(handle: Handle, contact: str) -> list[str]:
    """Rounds that ask one contact, oldest first."""
    rows = handle.rows(
        "select round from ping_asked join ping_round on ping_round.id = round where contact = ? order by ping_round.at, id", (contact,)
    )
    return [row[0] for row in rows]


def heard(handle: Handle, round: str, own: str, device: str, contact: str = "") -> dict[str, Heard]:
    """For each contact of a round, all that counts: our questions (`own` = our delegation), answers of the delegation concerned,
    our officers' records."""
    whom = {one.token: (one.contact, one.state) for one in asked(handle, round, contact)}
    asks: dict[str, list[rules.Ask]] = defaultdict(list)
    sent: dict[str, list[tuple[str, int]]] = defaultdict(list)
    named: dict[str, tuple[str, str]] = {}
    for name, room, author, token, by, seq, at in handle.rows(
        "select ping_ask.id, room, author, ping_ask.token, device, seq, at from ping_asked"
        " join ping_ask on ping_ask.token = ping_asked.token"
        f" where ping_asked.round = ?1 and ?3 in ('', contact) and author = ?2 and {_SOUND.format('ping_ask')} order by at, ping_ask.id",
        (round, own, contact),
    ):
        one, _ = named[name] = whom[token]
        asks[one].append(rules.Ask(name, room, author, at))
        if by == device:  # of what another laptop of ours sent, only that one knows how far it came
            sent[one].append((room, seq))
    codes = dict(handle.rows("select id, code from delegation"))
    answers: dict[str, list[Said]] = defaultdict(list)
    for said in _answers(
        handle,
        "ping_answer.ask in (select ping_ask.id from ping_asked join ping_ask on ping_ask.token = ping_asked.token"
        " where ping_asked.round = ? and ? in ('', contact))",
        (round, contact),
    ):
        one, state = named.get(said.answer.ask, ("", ""))
        if one and codes.get(said.answer.author) == state:  # another delegation's word is none about this contact
            answers[one].append(said)
    records: dict[str, list[rules.Record]] = defaultdict(list)
    for one, record in _records(handle, round):
        records[one].append(record)
    return {one: Heard(tuple(asks[one]), tuple(answers[one]), tuple(records[one]), tuple(sent[one])) for one, _ in whom.values()}


def _answers(handle: Handle, where: str, values: Sequence[object]) -> list[Said]:
    rows = handle.rows(
        "select ping_answer.id, ping_answer.ask, ping_answer.room, ping_answer.author, ping_answer.at, says, changes, words, replaces,"
        " coalesce(officer, ''), op.received_at from ping_answer join op on op.id = ping_answer.id"
        " left join device on device.id = ping_answer.device"
        f" where {where} and {_SOUND.format('ping_answer')} order by ping_answer.at, ping_answer.id",
        tuple(values),
    )
    return [
        Said(
            rules.Answer(row[0], row[1], row[2], row[3], row[4], row[5], rules.values(json.loads(row[6])), row[7], tuple(json.loads(row[8]))),
            row[9], row[10],
        )
        for row in rows
    ]  # fmt: skip


def _records(handle: Handle, round: str) -> Iterable[tuple[str, rules.Record]]:
    rows = handle.rows(
        "select contact, id, outcome, channel, asked_at, happened_at, changes, words, replaces from ping_record where round = ?"
        " order by happened_at, id",
        (round,),
    )
    for row in rows:
        changes = rules.values(json.loads(row[6]))
        yield row[0], rules.Record(row[1], row[2], row[3], row[4], row[5], changes, row[7], tuple(json.loads(row[8])))


# -- what others ask of us

_QUESTION = (
    "select ping_ask.id, ping_ask.room, ping_ask.author, title, forum, role, due, exercise, marking, entry, ping_ask.at,"
    " ping_ask.token, op.received_at from ping_ask join op on op.id = ping_ask.id"
)


def questions(handle: Handle, own: str) -> list[tuple[Question, tuple[Said, ...]]]:
    """What others ask us, newest first, each with our answers to it. Asked twice of one entry, it stands once."""
    rows = handle.rows(
        f"{_QUESTION} where ping_ask.author != ? and {_SOUND.format('ping_ask')} order by ping_ask.at desc, ping_ask.id", (own,)
    )
    every = [_as_question(row) for row in rows]
    given: dict[str, list[Said]] = defaultdict(list)
    for said in _answers(handle, "ping_answer.author = ?", (own,)):
        given[said.answer.ask].append(said)
    one_of: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for one in every:
        one_of[one.author, one.token].append(one)
    return [(same[0], tuple(said for one in same for said in given[one.id])) for same in one_of.values()]


def question(handle: Handle, ask: str, own: str) -> tuple[Question, tuple[Said, ...]] | None:
    """One question to us with our answers; None when nobody asked it."""
    return next((one for one in questions(handle, own) if one[0].id == ask), None)


def _as_question(row: Sequence[Any]) -> Question:
    entry = rules.values(json.loads(row[9]))
    return Question(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7]), row[8], entry, row[10], row[11], row[12]
    )


def carried(handle: Handle, sent: Sequence[tuple[str, int]], own: str) -> Literal["", "waiting", "sent", "delivered"]:
    """How far our questions came: "waiting" while one has not left, "delivered" when a laptop said that it holds it, else
    "sent". Never more than that: no delivery is an answer."""
    found = {_carried(handle, room, seq, own) for room, seq in sent}
    order: tuple[Literal["delivered", "sent", "waiting"], ...] = ("delivered", "sent", "waiting")
    return next((one for one in order if one in found), "")


def _carried(handle: Handle, room: str, seq: int, own: str) -> str:
    if handle.row("select 1 from outbox where room = ? and klass = 0 and seq = ?", (room, seq)):
        return "waiting"
    row = handle.row("select put_at from parcel where room = ? and klass = 0 and first <= ? and last >= ?", (room, seq, seq))
    if handle.row(
        "select 1 from held join device on device.id = held.device"
        " where room = ? and klass = 0 and seq >= ? and delegation != ? limit 1",
        (room, seq, own),
    ):
        return "delivered"
    return "sent" if row is None or row[0] else "waiting"
