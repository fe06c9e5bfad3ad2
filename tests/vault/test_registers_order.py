"""Whatever order operations come in, the same rows come of them: those that the plain rules of domain.register.rows give."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registered import ROWS

from valise.domain.op import Op
from valise.domain.register import rows
from valise.domain.register.kinds import GONE
from valise.domain.register.values import sort_key
from valise.domain.room import RoomState
from valise.protocol.canonical import b64u
from valise.vault import connection, projections, registers, search
from valise.vault.store import Store, Tx

FIELDS = ("status", "date", "office", GONE)
KEYS = ("XA/a", "XB/a", "XA/b")
AUTHORS = {"XA": "A" * 43, "XB": "B" * 43}
ROOMS = {"internal": "I" * 43, "other": "J" * 43, "group": "G" * 43}
Dump = list[list[Any]]


class Back(Exception):
    """Nothing of this example stays."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store.create(tmp_path_factory.mktemp("registers") / "vault", connection.new_key())
    with made.write() as tx:
        for code, name in AUTHORS.items():
            tx.run(
                "insert into delegation(id, code, name, root, card_number, card_hash, trust, trust_since, own, first_seen)"
                " values (?,?,?,x'',1,'','own',0,?,0)",
                (name, code, code, int(code == "XA")),
            )
    yield made
    made.close()


def state(room: str) -> RoomState:
    kind: Any = "group" if room == ROOMS["group"] else "internal"
    members = tuple(sorted(AUTHORS.values())) if kind == "group" else (AUTHORS["XA"],)
    return RoomState(room, kind, "", AUTHORS["XA"], members, frozenset(members), (), (), (), ())


@dataclass(frozen=True)
class Draft:
    """What an operation will say; `back` = how far back what it replaces was said."""

    author: str
    room: str
    side: str
    key: str
    changes: tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...]
    at: int


VALUES = st.lists(st.sampled_from(("a", "b", "Ä", "12", "3.5", "yes")), max_size=2, unique=True).map(tuple)
DRAFTS = st.lists(
    st.builds(
        Draft,
        st.sampled_from(sorted(AUTHORS)),
        st.sampled_from(("internal", "internal", "other", "group")),
        st.sampled_from(("stated", "stated", "assessed")),
        st.sampled_from(KEYS),
        st.lists(
            st.tuples(st.sampled_from((*FIELDS, "status", "@1", "Bad")), VALUES, st.lists(st.integers(1, 6), max_size=3).map(tuple)),
            min_size=1, max_size=3, unique_by=lambda one: one[0],
        ).map(tuple),
        st.integers(0, 3),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def operations(drafts: Sequence[Draft]) -> list[Op]:
    """Each replaces words said before it, of whatever row, field and delegation: most of that counts for nothing."""
    made: list[Op] = []
    for n, one in enumerate(drafts):
        told = [
            {"field": name, "values": [v for v in values if name != GONE or v == "yes"],
             "replaces": sorted({made[n - back].id for back in far if n - back >= 0})}
            for name, values, far in one.changes
        ]  # fmt: skip
        body = {"register": "norms", "side": one.side, "row": one.key, "changes": told}
        name = b64u(hashlib.sha256(json.dumps([n, one.author, body]).encode()).digest())
        made.append(Op(name, "register.set", ROOMS[one.room], AUTHORS[one.author], f"D{one.author}" * 14 + "D", n + 1, "", (), one.at, 0, body))
    return made


def enter(tx: Tx, ops: Sequence[Op]) -> None:
    for op in ops:
        n = tx.run(
            "insert into op(id, room, klass, author, device, seq, prev, kind, at, tick, state, received_at, membership, raw, sig)"
            " values (?,?,0,?,?,?,'',?,?,0,1,0,0,?,x'')",
            (op.id, op.room, op.author, op.device, op.seq, op.kind, op.at, json.dumps({"body": op.body}).encode()),
        ).lastrowid
        registers.project(tx, op, n, state(op.room))


def dump(tx: Tx) -> Dump:
    return [sorted(map(list, tx.rows(sql)), key=repr) for sql in ROWS]


def came(store: Store, ops: Sequence[Op]) -> Dump:
    found: Dump = []
    with pytest.raises(Back), store.write() as tx:
        enter(tx, ops)
        found = dump(tx)
        again(tx, ops)
        assert dump(tx) == found
        raise Back
    return found


def again(tx: Tx, ops: Sequence[Op]) -> None:
    """Clear, and derive anew in the order of arrival."""
    projections.clear(tx)
    assert not any(dump(tx))
    for op in ops:
        registers.project(tx, op, tx.value("select n from op where id = ?", (op.id,)), state(op.room))


def expected(ops: Sequence[Op]) -> tuple[list[Any], set[tuple[str, str, str, Any]]]:
    """Rows and their cells by the rules alone."""
    words: dict[tuple[str, str], dict[str, list[rows.Word]]] = defaultdict(lambda: defaultdict(list))
    newest: dict[tuple[str, str], tuple[int, int, str]] = {}
    for op in ops:
        internal, body = op.room != ROOMS["group"], op.body
        code = next(one for one, name in AUTHORS.items() if name == op.author)
        if not rows.counts(internal=internal, own=code == "XA", side=body["side"], key=body["row"], code=code, delegation=op.author):
            continue
        place = f"norms/{body['side']}/{'' if internal else op.room}", body["row"]
        for change in body["changes"]:
            if rows.FIELD.match(change["field"]):
                word = rows.Word(op.id, op.author, tuple(change["values"]), tuple(change["replaces"]), (op.at, 0, op.id))
                words[place][change["field"]].append(word)
                newest[place] = max(newest.get(place, (0, 0, "")), word.order)
    found, cells = [], set()
    for place, fields in words.items():
        stand = {name: [one.values for one in rows.standing(every)] for name, every in fields.items()}
        values = {name: list(some[-1]) if some else [] for name, some in stand.items()}
        out = rows.taken_out(stand.get(GONE, ()))
        others = [word for name, every in fields.items() if name != GONE for word in rows.standing(every)]
        unseen = out and bool(rows.unseen(others, fields[GONE]))
        differing = sorted(name for name, some in stand.items() if rows.differs(some) or (name == GONE and unseen))
        gone = out and not unseen
        told = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found.append([*place, told, json.dumps(differing), int(bool(differing)), int(gone), *newest[place]])
        if not gone:
            cells |= {(*place, name, sort_key(one)) for name, some in values.items() for one in some}
            cells |= {(*place, f"@{n}", sort_key(part)) for n, part in enumerate(place[1].split("/"), 1)}
    return sorted(found, key=repr), cells


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(DRAFTS, st.randoms(use_true_random=False))
def test_any_order_gives_the_rows_that_the_rules_give(store: Store, drafts: list[Draft], rng: random.Random) -> None:
    ops = operations(drafts)
    first = came(store, ops)
    shuffled = list(ops)
    rng.shuffle(shuffled)
    assert came(store, shuffled) == first
    wanted, cells = expected(ops)
    assert first[0] == wanted
    assert {tuple(one) for one in first[3]} == cells
    assert {one[1] for one in first[5]} == {f"{one[0]}/{one[1]}" for one in wanted if not one[5]}


def test_only_the_same_delegation_replaces(store: Store) -> None:
    """Two of a group, each about its own State; and XB cannot take back what XA said, nor speak of XA's row."""
    one = Draft("XA", "group", "stated", "XA/a", (("status", ("a",), ()),), 1)
    ops = operations([one, Draft("XB", "group", "stated", "XB/a", (("status", ("b",), (1,)),), 2), Draft("XB", "group", "stated", "XA/a", (("status", ("b",), (2,)),), 3)])
    rows_, said, replaced, *_ = came(store, ops)
    assert [(row[1], row[2]) for row in rows_] == [("XA/a", '{"status":["a"]}'), ("XB/a", '{"status":["b"]}')]
    assert [row[4] for row in said] == [1, 1] and [row[1] for row in replaced] == ["XB/a"]


def test_what_is_assessed_counts_in_the_internal_room_alone(store: Store) -> None:
    ours = Draft("XA", "internal", "assessed", "XB/a", (("status", ("a",), ()),), 1)
    leaked = Draft("XA", "group", "assessed", "XA/a", (("status", ("b",), ()),), 2)
    theirs = Draft("XB", "internal", "assessed", "XB/a", (("status", ("b",), ()),), 3)  # an internal room that is not ours
    found = came(store, operations([ours, leaked, theirs]))
    assert [row[:3] for row in found[0]] == [["norms/assessed/", "XB/a", '{"status":["a"]}']]


def test_both_internal_rooms_of_a_delegation_are_one_record(store: Store) -> None:
    """Two laptops may each have founded one before they met."""
    first = Draft("XA", "internal", "stated", "XA/a", (("status", ("a",), ()),), 1)
    second = Draft("XA", "other", "stated", "XA/a", (("status", ("b",), (1,)),), 2)
    found = came(store, operations([first, second]))
    assert [row[2:5] for row in found[0]] == [['{"status":["b"]}', "[]", 0]]


def test_rows_are_found_by_their_words_until_they_are_taken_out(store: Store) -> None:
    there = Draft("XA", "internal", "stated", "XA/a", (("office", ("Ä",), ()), ("status", ("a",), ())), 1)
    out = Draft("XA", "internal", "stated", "XA/a", ((GONE, ("yes",), (1,)),), 2)
    with pytest.raises(Back), store.write() as tx:
        ops = operations([there, out])
        enter(tx, ops[:1])
        assert [row[1] for row in search.find(tx, "Ä", 9, ("register",))] == ["norms/stated//XA/a"]
        enter(tx, ops[1:])
        assert search.find(tx, "Ä", 9, ("register",)) == []
        raise Back


def test_what_was_said_unseen_keeps_a_row_in_until_a_person_decides(store: Store) -> None:
    there = Draft("XA", "internal", "stated", "XA/a", (("status", ("a",), ()),), 1)
    out = Draft("XA", "internal", "stated", "XA/a", ((GONE, ("yes",), (1,)),), 2)
    beside = Draft("XA", "other", "stated", "XA/a", (("office", ("Ä",), ()),), 3)
    again = Draft("XA", "internal", "stated", "XA/a", ((GONE, ("yes",), (1, 2, 3)),), 4)
    ops = operations([there, out, beside, again])
    for upto, (differing, gone) in ((2, ("[]", 1)), (3, (f'["{GONE}"]', 0)), (4, ("[]", 1))):
        for order in (ops[:upto], ops[:upto][::-1]):
            ((*_, told, _, now, _, _, _),) = came(store, order)[0]
            assert (told, now) == (differing, gone), upto


def test_a_file_is_expected_only_when_it_is_what_it_is_called(store: Store) -> None:
    from valise.domain.message import attachment_id

    told: dict[str, Any] = {"name": "note.pdf", "media": "application/pdf", "size": 3, "sealed": 40, "chunks": 1, "key": "k" * 43,
            "plain_hash": "p" * 43, "sealed_hash": "s" * 43}  # fmt: skip
    right = {**told, "id": attachment_id(ROOMS["internal"], told)}
    with pytest.raises(Back), store.write() as tx:
        (op,) = operations([Draft("XA", "internal", "stated", "XA/a", (("status", ("a",), ()),), 1)])
        body = {**op.body, "files": [right, {**told, "id": "f" * 43}]}
        enter(tx, [Op(op.id, op.kind, op.room, op.author, op.device, 1, "", (), 1, 0, body)])
        assert tx.rows("select id, room, have, chunks from attachment") == [(right["id"], ROOMS["internal"], 0, 1)]
        raise Back


def test_a_definition_counts_in_our_internal_room(store: Store) -> None:
    def defining(room: str, author: str, toml: str) -> Op:
        name = b64u(hashlib.sha256(f"{room}{author}{toml}".encode()).digest())
        return Op(name, "register.define", ROOMS[room], AUTHORS[author], "D" * 43, 1, "", (), 1, 0, {"toml": toml})

    with pytest.raises(Back), store.write() as tx:
        enter(tx, [defining("internal", "XA", 'id = "own"'), defining("group", "XA", 'id = "shown"'),
                   defining("internal", "XB", 'id = "theirs"'), defining("other", "XA", "not = toml = at all")])  # fmt: skip
        assert sorted(row[1] for row in dump(tx)[4]) == ["", "own"]
        raise Back
