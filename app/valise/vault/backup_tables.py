"""What a backup holds, table by table. A table in none of the three lists is in no backup, and a test fails.

KEPT: history, roots of trust, settings. DERIVED: made again from what is kept. NEVER: what only this laptop may have (its
keys, every ratchet, what lies between ratchet and carrier) or what is only true of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from valise.vault.store import Handle

# Table -> the rows of it that a vault for a journey takes along ("" = none). {rooms}, {people}, {devices} are what the
# journey is about; {texts} the texts of its rooms.
KEPT: Final[dict[str, str]] = {
    "setting": "key not in ('exchange.folder', 'exchange.proxy')",
    "event": "room in {rooms} or (room = '' and (ref in {people} or ref in {devices}))",
    "delegation": "id in {people}",
    "delegation_card": "delegation in {people}",
    "device": "delegation in {people}",
    "device_prekey": "device in {devices}",
    "op": "room in {rooms}",
    "op_missing": "op in (select id from op where room in {rooms})",
    "log": "room in {rooms}",
    "suspended": "room in {rooms}",
    "read_mark": "room in {rooms}",
    "draft": "room in {rooms}",
    "text_draft": "text in {texts}",
    "text_seen": "text in {texts}",
    "attachment": "room in {rooms}",
    "chunk": "attachment in (select id from attachment where room in {rooms})",
    "source": "",
    "passage": "",
    "author": "",
    "laptop_pending": "delegation in {people}",
    "contact_event": "delegation in {people}",
    "verification": "delegation in {people}",
    "custodian": "delegation in {people}",
    "vouch_settled": "vouch in (select id from op where room in {rooms})",
    "certificate": "device in {devices}",
    "revocation": "",
    "handover": "",
    "root_shares": "",
    "copy_seen": "room in {rooms}",
    "relay_grant": "delegation in {people}",
    "incident_draft": "room in {rooms}",
    "incident_seen": "incident in (select id from op where room in {rooms})",
    "register_saved": "(select id from room where kind = 'internal' order by n limit 1) in {rooms}",
}
# Rows of kept tables that no backup takes along: operations that name a credential of a relay.
LEFT_OUT: Final[dict[str, str]] = {
    "op": "kind != 'relay.address'",
    "op_missing": "op not in (select id from op where kind = 'relay.address')",
}
LIBRARY: Final = ("source", "passage")  # taken along when wanted

DERIVED: Final = frozenset({
    "room", "room_member", "message", "message_again", "thread", "acknowledgement", "head", "text", "text_cache", "remark",
    "remark_struck", "release_rule", "release_ask", "release_decision", "joint", "vouch", "unvouch",
    "search", "search_ref", "agreed", "agreed_words", "relay_word", "register_space", "register_column", "register_row",
    "register_said", "register_replaced", "register_cell", "register_defined", "register_several",
    "incident_op",
    "ping_round", "ping_asked", "ping_closed", "ping_record", "ping_ask", "ping_answer",
})  # fmt: skip

NEVER: Final = frozenset({
    # keys, ratchets, and what could lead to them
    "secret", "olm", "reply_key", "peer_key", "key_count", "prekey_seen", "session_out", "session_made", "session_in",
    "replay", "key_out", "rekeyed", "wanted_tag", "sealed", "parcel", "prekey", "key_gone", "ratchet", "card_due",
    # the exchange of this laptop: another one begins its own
    "outbox", "chunk_out", "held", "envelope_seen", "cursor", "bundle_seen", "bundle_own", "chat_base", "statement_due",
    "roster_seen", "repaired", "way", "way_met", "courier_loose", "courier_made", "courier_came", "courier_taken", "courier_chunk",
    "relay_own", "relay_credential", "relay_pass", "relay_used",
    # true of this file alone
    "meta", "generation", "point_told", "point_last", "point_heard", "copy_old", "copy_answer", "copy_resumed",
    "copy_aside", "backup_made", "restored", "restored_log",
})  # fmt: skip
_SHADOW = re.compile(r"(search|agreed)_(data|idx|content|docsize|config)\Z")  # the index's own, sqlite.org/fts5.html

NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Scope:
    """A journey: only these rooms, with the contacts concerned; the library too or not."""

    rooms: tuple[str, ...]
    library: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One table as it is read: its columns, and the query that gives their rows in one order."""

    table: str
    columns: tuple[str, ...]
    sql: str
    values: tuple[str, ...]


def tables(handle: Handle) -> list[str]:
    """Every table of the database but the search index's own."""
    rows = handle.rows("select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'")
    return sorted(row[0] for row in rows if not _SHADOW.match(row[0]))


def unsorted(handle: Handle) -> list[str]:
    """Tables nobody has decided about."""
    return [one for one in tables(handle) if one not in KEPT and one not in DERIVED and one not in NEVER]


def parts(handle: Handle, scope: Scope | None = None) -> list[Part]:
    """What is to be read for a backup, or for a journey of this scope."""
    there = set(tables(handle))
    about = _about(handle, scope) if scope else {}
    found = []
    for table, about_rooms in KEPT.items():
        if table not in there:
            continue
        taken = about_rooms or ("1" if scope and scope.library and table in LIBRARY else "0")
        where, values = _where(taken, about) if scope else ("1", ())
        where = f"({where}) and {LEFT_OUT.get(table, '1')}"
        columns, order = columns_of(handle, table)
        names = ", ".join(f'"{one}"' for one in columns)
        sql = f'select {names} from "{table}" where {where} order by {order}'
        found.append(Part(table, columns, sql, values))
    return found


def columns_of(handle: Handle, table: str) -> tuple[tuple[str, ...], str]:
    """The columns of a table, and what its rows are ordered by: as they came, or by the key where that is the order."""
    info = handle.rows(f'pragma table_info("{table}")')
    names = tuple(row[1] for row in info)
    if handle.value("select wr from pragma_table_list where schema = 'main' and name = ?", (table,)) == 0:
        return names, "rowid"  # some lists are shown in the order of arrival: it is kept
    return names, ", ".join(f'"{row[1]}"' for row in sorted((row for row in info if row[5]), key=lambda one: one[5]))


def _about(handle: Handle, scope: Scope) -> dict[str, str]:
    """What the conditions name, as JSON lists."""
    rooms = json.dumps(sorted(scope.rooms))
    inside = "(select value from json_each(?))"
    # also who has left a room: what it said there is verified with its card
    people = {row[0] for row in handle.rows(f"select distinct author from op where room in {inside}", (rooms,))}
    people |= {row[0] for row in handle.rows(f"select delegation from room_member where room in {inside}", (rooms,))}
    people |= {row[0] for row in handle.rows("select id from delegation where own = 1")}
    chosen = json.dumps(sorted(people))
    devices = handle.rows(f"select id from device where delegation in {inside}", (chosen,))
    texts = handle.rows(f"select id from op where kind = 'text.open' and room in {inside}", (rooms,))
    return {
        "rooms": rooms, "people": chosen,
        "devices": json.dumps([row[0] for row in devices]), "texts": json.dumps([row[0] for row in texts]),
    }  # fmt: skip


def _where(condition: str, about: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    names = re.findall(r"\{(\w+)\}", condition)
    sql = re.sub(r"\{\w+\}", "(select value from json_each(?))", condition)
    return sql, tuple(about[one] for one in names)


def cells(row: Sequence[Any]) -> list[Any]:
    """A row as it is encoded: CBOR of ours has no null, the database no booleans, so false stands for null."""
    return [False if one is None else one for one in row]
