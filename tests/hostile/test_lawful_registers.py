"""A member signs, with every right there is, absurd operations of registers, pings and incidents: nothing of it stops anybody.

Every screen still shows, what both hold is the same in whatever order it came, and everything can be derived again.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.desk.incidents_hands import form
from tests.desk.pings_hands import entry, opened
from tests.hostile import tools as h
from tests.hostile.test_lawful_nonsense import Writer
from tests.hostile.tools import RECORD
from tests.registered import SHARED, kept
from tests.world import World

from valise.desk.desk import Desk
from valise.desk.door_registers import Filter, Place
from valise.domain import kinds
from valise.domain.errors import ValiseError
from valise.domain.incident.form import TIERS
from valise.domain.ping.kinds import ASKED_FIELDS
from valise.domain.register.kinds import GONE

EVERY = [one for one in kinds.all_kinds() if one.name.startswith(("register.", "ping.", "incident."))]
OFTEN = (*EVERY, *[one for one in EVERY if one.name == "register.set"] * 8)
KEYS = ("XB/a", "XB/b", "XB/no-such-item", "XA/a", "XB", "/", "XB//a", "XB/a/b", "a/XB", "x" * 200, "../../x", "\u202eXB/a", "norms/a")
VALUES = ("planned", "in_place", "", "=1+1", "<b>x</b>", "\u202e\u2067", "x" * 5_000, "2026-99-99", "9" * 400, "-", "\U0010ffff", "yes")


class Absurd(Writer):
    """Bodies that fit their kind, about rows, questions and incidents that exist, and about those that do not."""

    def __init__(self, rng: random.Random, people: list[str], ids: list[str], asks: list[str], incidents: list[str], good: dict[str, Any]) -> None:
        super().__init__(rng, people)
        self.ids, self.asks, self.incidents, self.good = ids, asks, incidents, good

    def body(self, kind: kinds.Kind) -> dict[str, Any]:
        rng, made = self.rng, dict(self.value(kind.body))
        if kind.name == "register.set":
            made |= {"register": rng.choice(("told", "told", "told", "norms", "contacts", "no such", "~")), "row": rng.choice(KEYS),
                     "side": rng.choice(("stated", "stated", "stated", "assessed"))}  # fmt: skip
            fields = ("status", "evidence", GONE, "@1", "@item", "x" * 60, "review")
            made["changes"] = [{
                "field": rng.choice(fields), "values": rng.choices(VALUES, k=rng.randrange(4)),
                "replaces": [*dict.fromkeys(rng.choice(self.ids) for _ in range(rng.randrange(4)))],
            } for _ in range(rng.randrange(1, 6))]  # fmt: skip
        elif kind.name in ("ping.ask", "ping.answer"):
            side = "entry" if kind.name == "ping.ask" else "changes"
            made[side] = [{"field": one, "values": rng.choices([one[:1_000] for one in VALUES], k=rng.randrange(5))}
                          for one in dict.fromkeys(rng.choices(ASKED_FIELDS, k=rng.randrange(4)))]  # fmt: skip
            if kind.name == "ping.answer" and rng.random() < 0.8:
                made["ask"] = rng.choice(self.asks)
        elif kind.name.startswith("incident.") and kind.name != "incident.open":
            made["incident"] = rng.choice([*self.incidents, *self.ids[-5:]])
        if kind.name == "incident.open" and rng.random() < 0.5:
            made["form"] = {**self.good, "title": rng.choice(VALUES)[:200] or "x", "exercise": rng.randrange(2)}
        if kind.name == "incident.raise":
            made["tier"] = rng.choice(TIERS)
        return made


def look(desk: Desk, rooms: list[str]) -> list[object]:
    """Everything a person can look at of these; what is shown of it."""
    registers, shown = desk.registers, []
    for definition in registers.definitions():
        for side in definition.sides:
            ids = registers.ids(definition.id, side, filter=Filter(words="x"))
            registers.page(ids[:20], "ar")
    for room in rooms:
        ids = registers.ids("told", room=room, sort="status")
        for row in registers.page(ids):
            whole = registers.row(row.place)
            shown.append((row.place, row.title, whole.cells, row.differs, row.gone, len(registers.history(row.place))))
        registers.ids("told", room=room, filter=Filter(words="planned", only={"status": ("planned",)}, differs=True))
    for one in desk.pings.rounds():
        shown.append([(row.contact, row.outcome, row.latency) for row in desk.pings.round(one.id).rows])
    shown.append(desk.pings.reach().__class__.__name__)
    shown.append(sorted(one.id for one in desk.pings.questions()))
    desk.pings.entries()
    for one in desk.incidents.all():
        view = desk.incidents.one(one.id)
        shown.append((one.id, view.hash, one.state, sorted(view.differs), len(view.timeline)))
        desk.incidents.record(one.id)
    desk.today.dates("2026-01-01", "2027-12-31")
    desk.overview()
    desk.search("planned")
    return sorted(shown, key=repr)


def act(desk: Desk, room: str, asks: list[str]) -> None:
    """What an honest officer does next in the middle of it; a rule may forbid it, nothing may break."""
    tries = [
        lambda: desk.registers.set(Place("told", f"{desk.me().code}/a", room=room), {"status": ["planned"]}),
        lambda: desk.registers.take_out(Place("told", f"{desk.me().code}/a", room=room), "out"),
        lambda: desk.registers.put_back(Place("told", f"{desk.me().code}/a", room=room)),
        *(lambda one=one: desk.pings.answer(one.id, "confirmed") for one in desk.pings.questions()[:2]),
        *(lambda one=one: desk.incidents.acknowledge(one.id, "CSIRT") for one in desk.incidents.all()[:2]),
    ]
    for one in tries:
        try:
            one()
        except ValiseError as error:
            assert error.code.split(".")[0] in ("register", "ping", "incident", "rights"), error.code


@pytest.mark.parametrize(("seed", "count"), [(1, 120), *(pytest.param(n, 700, marks=pytest.mark.soak) for n in range(2, 22))])
def test_nothing_a_member_may_say_of_rows_pings_and_incidents_stops_anybody(tmp_path: Path, seed: int, count: int) -> None:
    world = World(tmp_path, ("XA", "XB", "XG"))
    for desk in world.desks.values():
        desk.registers.define(SHARED)
    group = h.talk(world)
    pair = h.talk(world, "bilateral", ("XA", "XB"))
    hostile, victims = world["XB"], (world["XA"], world["XG"])
    a = world["XA"]
    opened(a, [entry(a, "XB")])
    a.registers.new_row("told", {"status": ["planned"]}, room=group, about={"state": "XA", "item": "a"})
    own = hostile.registers.new_row("told", {"status": ["planned"]}, room=group, about={"state": "XB", "item": "a"})
    incidents = [a.incidents.open(group, form(a, tlp="TLP:GREEN")), hostile.incidents.open(pair, form(hostile, tlp="TLP:GREEN"))]
    world.exchange()
    rng, outcome = random.Random(seed), Counter[str]()
    with hostile.store.read() as handle:
        ids = {room: [row[0] for row in handle.rows("select id from op where room = ? and klass = 0", (room,))] for room in (group, pair)}
        asks = [row[0] for row in handle.rows("select id from op where kind = 'ping.ask'")]
        line = {room: handle.row("select top, head from log where room = ? and klass = 0 and device = ?", (room, hostile.me().device)) for room in ids}
    assert asks
    people = [world.id(code) for code in world.desks] + [desk.me().device for desk in world.desks.values()]
    writers = {room: Absurd(rng, people, ids[room], asks, incidents, form(hostile, tlp="TLP:CLEAR")) for room in ids}
    ways = [(desk, room) for room in ids for desk in victims if room == group or desk is a]
    live, waiting = {}, {}
    for desk, room in ways:
        blob, session, key = h.key_to(hostile, desk, room, RECORD)
        assert h.give(desk, blob).opened == 1
        live[desk.me().device, room] = (session, key)
        waiting[desk.me().device, room] = []
    for n in range(count):
        kind, room = rng.choice(OFTEN), rng.choice((group, group, pair))
        seq, prev = line[room]
        changes: dict[str, Any] = {"at": rng.choice((world.clock.now(), 0, 2**53 - 1)), "tick": rng.choice((0, 0, 2**53 - 1))}
        try:
            made = h.item(hostile, h.fields(hostile, room, kind.name, writers[room].body(kind), RECORD, seq=seq + 1, prev=prev, **changes))
        except ValiseError:
            outcome["no form of it"] += 1
            continue
        line[room] = (seq + 1, h.ident(made))
        writers[room].ids.append(h.ident(made))
        outcome[kind.name.split(".")[0]] += 1
        if kind.name == "incident.open":
            incidents.append(h.ident(made))
        if kind.name == "ping.ask":
            asks.append(h.ident(made))
        for desk, there in ways:
            if there == room:
                session, key = live[desk.me().device, room]
                waiting[desk.me().device, room].append(h.seal_in(session, key, h.plain(hostile, room, epoch=session.epoch, items=(made,))))
        if n % 50 == 49:
            for desk, there in ways:
                blobs = waiting[desk.me().device, there]
                rng.shuffle(blobs)
                tally = h.give(desk, *blobs)
                outcome.update(tally.refused)
                outcome["entered"] += tally.operations
                blobs.clear()
            for desk in victims:
                look(desk, [group, pair] if desk is a else [group])
                act(desk, group, asks)
    for desk in victims:
        desk.exchange.outbound.window = 10**15
    for _ in range(6):
        world.clock.advance(61_000)
        for desk in victims:
            desk.exchange.now()
    print(seed, dict(outcome))
    with a.store.read() as handle:
        assert handle.value("select count(*) from register_row join register_space on space = register_space.id where room = ?", (group,)) > 3
    assert outcome["entered"] > count
    for desk in victims:
        rooms = [group, pair] if desk is a else [group]
        shown, rows = look(desk, rooms), kept(desk)
        desk.rebuild()
        assert look(desk, rooms) == shown and kept(desk) == rows
        for one in desk.incidents.all()[:4]:  # on paper too
            assert desk.incidents.printed(one.id, "ar").startswith(b"%PDF") and desk.incidents.stix(one.id, reason="looking")
    # both hold the same of the room they share, which they got in another order; and our own rows are as we said them
    both = [[one[1:] for one in kept(desk)[0] if str(one[0]).endswith(group)] for desk in victims]
    assert both[0] == both[1] and len(both[0]) > 3
    assert len({desk.incidents.one(incidents[0]).hash for desk in victims}) == 1
    for row in a.registers.page(a.registers.ids("told", room=group)):
        state = row.place.row.split("/")[0]
        for cell in a.registers.row(row.place).cells.values():
            assert all(said.code == state for said in cell.said)  # nobody spoke for another
    assert own.row in {one[0] for one in both[0]}
    world.close()
