"""Rows derived from operations: rooms, messages, threads, acknowledgements, what is internal, and search entries."""

from __future__ import annotations

import json

from valise.domain import internal as rules
from valise.domain import joint as joints
from valise.domain import message as messages
from valise.domain.op import Op
from valise.domain.room import RoomState
from valise.vault import attached, incidents, pings, registers, search
from valise.vault.store import Tx


def clear(tx: Tx) -> None:
    """Drop every row made here."""
    for table in (
        "room", "room_member", "message", "thread", "acknowledgement", "head",
        "remark", "remark_struck", "release_rule", "release_ask", "release_decision", "joint",
        "vouch", "unvouch", "relay_word", "message_again",
    ):  # fmt: skip
        tx.run(f"delete from {table}")
    search.clear(tx, ("message", "note", "joint"))
    for area in (registers, pings, incidents):
        area.clear(tx)


def room(tx: Tx, state: RoomState) -> None:
    """The room and its members as they now are."""
    tx.run(
        "insert or replace into room(id, kind, title, chair, head, n)"
        " values (?1,?2,?3,?4,?5, (select n from op where id = ?1))",
        (state.id, state.kind, state.title, state.chair, ",".join(state.heads)),
    )
    tx.run("delete from room_member where room = ?", (state.id,))
    tx.many(
        "insert into room_member(room, delegation, since) values (?,?,?)", [(state.id, *one) for one in state.since]
    )


def message(tx: Tx, op: Op, klass: int, n: int, received_at: int) -> None:
    """A message or an acknowledgement. A message enters the search index in the same transaction."""
    if op.kind == "message.acknowledge":
        tx.run(
            "insert into acknowledgement(message, device, delegation, at) values (?,?,?,?)"
            " on conflict do update set at = min(at, excluded.at)",
            (_shown(tx, messages.acknowledged(op)), op.device, op.author, op.at),
        )
        return
    made, files = messages.row(op), messages.attachments(op)
    if _said_before(tx, op, (made["subject"], made["body"], made["marking"], json.dumps([one["id"] for one in files]))):
        return
    if (
        tx.run(
            "insert or ignore into message(id, n, room, thread, author, device, klass, seq, subject, body, marking, attachments,"
            " at, tick, received_at) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                op.id,
                n,
                op.room_id,
                made["thread"],
                op.author,
                op.device,
                klass,
                op.seq,
                made["subject"],
                made["body"],
                made["marking"],
                json.dumps([one["id"] for one in files]),
                op.at,
                op.tick,
                received_at,
            ),
        ).rowcount
        != 1
    ):
        return
    subject = "" if op.body["thread"] else made["subject"]  # a thread's subject is that of its first message
    tx.run(
        "insert into thread(id, room, subject, first_line, newest_at, newest_tick, newest, messages, top)"
        " values (?,?,?,?,?,?,?,1,?) on conflict(room, id) do update set messages = messages + 1, top = max(top, excluded.top),"
        " subject = case when excluded.newest = excluded.id or subject = '' then excluded.subject else subject end,"
        " first_line = case when (excluded.newest_at, excluded.newest_tick, excluded.newest) > (newest_at, newest_tick, newest)"
        " then excluded.first_line else first_line end,"
        " (newest_at, newest_tick, newest) = (select max(excluded.newest_at, newest_at),"
        " case when (excluded.newest_at, excluded.newest_tick, excluded.newest) > (newest_at, newest_tick, newest)"
        " then excluded.newest_tick else newest_tick end,"
        " case when (excluded.newest_at, excluded.newest_tick, excluded.newest) > (newest_at, newest_tick, newest)"
        " then excluded.newest else newest end)",
        (made["thread"], op.room_id, subject, made["first_line"], op.at, op.tick, op.id, n),
    )
    attached.expect(tx, op.room_id, files, op.at)
    names = " ".join(one["name"] for one in files)
    search.index(
        tx,
        "message",
        op.id,
        op.room_id,
        op.at,
        made["subject"] or made["first_line"],
        f"{made['subject']}\n{made['body']}\n{names}",
        fresh=True,
    )


def _said_before(tx: Tx, op: Op, words: tuple[str, ...]) -> bool:
    """Whether this laptop's message is here already, signed another time: of the two the one that came first is shown.
    Other words are another message, whatever is said of them."""
    first = op.body.get("again", op.id)
    row = tx.row("select shown from message_again where id = ? and device = ?", (first, op.device))
    if row is None and first == op.id:
        return False
    shown = row[0] if row else first
    there = tx.row(
        "select subject, body, marking, attachments from message where id = ? and room = ? and device = ?",
        (shown, op.room_id, op.device),
    )
    if shown != op.id and there == words:
        tx.run("insert or replace into message_again(id, shown, device, sure) values (?,?,?,1)", (op.id, shown, op.device))
        return True
    if first != op.id and there is None:
        own = int(tx.value("select own from delegation where id = ?", (op.author,), 0))
        tx.run("insert or ignore into message_again(id, shown, device, sure) values (?,?,?,?)", (first, op.id, op.device, own))
        if own:  # who has the first may have acknowledged it by now
            tx.run("update or ignore acknowledgement set message = ? where message = ?", (op.id, first))
    return False


def _shown(tx: Tx, message: str) -> str:
    """The id under which a message is shown."""
    return str(tx.value("select shown from message_again where id = ? and sure = 1", (message,), message))


def internal(tx: Tx, op: Op) -> None:
    """What a delegation says to itself (domain.internal)."""
    body = op.body
    if op.kind == "remark.write":
        sort, replaces = rules.note(op)
        tx.run(
            "insert or ignore into remark(id, text, paragraph, words, sort, replaces, device, at, tick) values (?,?,?,?,?,?,?,?,?)",
            (op.id, body["text"], body["paragraph"], body["words"], sort, replaces, op.device, op.at, op.tick),
        )
        for one in {op.id, replaces} - {""}:
            _find(tx, one, op.room_id)
    elif op.kind == "remark.strike":
        tx.run("insert or ignore into remark_struck(remark, id) values (?,?)", (rules.struck(op), op.id))
        _find(tx, rules.struck(op), op.room_id)
    elif op.kind == "release.rule":
        tx.run(
            "insert or ignore into release_rule(id, device, wanted, at, tick) values (?,?,?,?,?)",
            (op.id, op.device, int(rules.rule(op)), op.at, op.tick),
        )
    elif op.kind == "release.ask":
        drafts = json.dumps(body["proposals"], ensure_ascii=False, sort_keys=True)
        tx.run(
            "insert or ignore into release_ask(id, text, proposals, replaces, device, at, tick) values (?,?,?,?,?,?,?)",
            (op.id, body["text"], drafts, rules.asked(op), op.device, op.at, op.tick),
        )
    else:
        tx.run(
            "insert or ignore into release_decision(id, ask, device, outcome, words, at, tick) values (?,?,?,?,?,?,?)",
            (op.id, rules.decided(op), op.device, body["outcome"], body["words"], op.at, op.tick),
        )


def _find(tx: Tx, note: str, room: str) -> None:
    """A note that holds can be searched for; one that was replaced or struck cannot, whichever came first."""
    row = tx.row(
        "select words, at from remark where id = ?1 and not exists (select 1 from remark_struck where remark = ?1)"
        " and not exists (select 1 from remark as newer where newer.replaces = ?1 and newer.text = remark.text)",
        (note,),
    )
    if row is None:
        search.drop(tx, "note", note)
    else:
        search.index(tx, "note", note, room, row[1], "", row[0])


def joint(tx: Tx, op: Op) -> None:
    """An operation about a joint statement, under its statement."""
    if op.kind == "joint.open":
        body = op.body
        search.index(tx, "joint", op.id, op.room_id, op.at, body["title"], f"{body['title']}\n{body['words']}")
    tx.run(
        "insert or ignore into joint(id, statement, room) values (?,?,?)", (op.id, joints.statement_of(op), op.room_id)
    )
