"""Incidents: reported in rooms, answered, taken up the ladder, closed and opened again; notes and tasks that stay inside."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.sim.acts import NOTHING, act, anybody, rooms_of, saying, trying
from tests.sim.laptop import Laptop
from tests.sim.world import CANARY, Broken, World

from valise.domain.errors import NotYet
from valise.domain.incident.form import ACTIONS, CAPACITY, REASONS, REQUESTS, SECTORS, STATUSES, TIERS
from valise.domain.message import TLP

Acted = tuple[list[Laptop], str]
HOUR = 3_600_000
QUIET = frozenset({"incident looked at"})
INSIDE = ("incident.note", "incident.task", "incident.done", "incident.strike", "incident.passed")
# What is kept of incidents, as rebuilding has to derive it again.
REPORTED = ("select id, incident, room, inside from incident_op",)


def incidents_of(laptop: Laptop, own: bool | None = None) -> list[str]:
    """Incidents in rooms it takes part in: all of them, those it opened, or those of others."""
    rooms = set(rooms_of(laptop))
    return sorted(row.id for row in laptop.desk.incidents.all() if row.room in rooms and own in (None, row.own))


def some(world: World, rng: random.Random, own: bool | None = None) -> tuple[Laptop, str] | None:
    """A laptop and an incident it has; nothing where nobody has one."""
    found = [(one, name) for one in world.all() for name in incidents_of(one, own)]
    return rng.choice(found) if found else None


def form(laptop: Laptop, rng: random.Random, step: int) -> dict[str, Any]:
    """What an officer fills in, now and then something the rules do not let pass."""
    made = laptop.desk.incidents.blank() | {
        "message_type": rng.choice(("notification", *REQUESTS)), "title": saying(rng, f"i{step}"), "status": rng.choice(STATUSES),
        "sectors": rng.sample(SECTORS, 2), "impact": saying(rng, "impact"), "description": saying(rng, f"d{step}"),
        "requested_actions": rng.sample(ACTIONS[:-1], 2), "tlp": rng.choice(TLP), "tier": rng.choice(TIERS[:2]),
        "exercise": int(rng.random() < 0.2),
    }  # fmt: skip
    if rng.random() < 0.3:
        made |= {"urgency": "immediate"} | ({"reply_requested_by": laptop.desk.context.clock.now() + HOUR} if rng.random() < 0.8 else {})
    if rng.random() < 0.3:
        made |= {"severity": {"level": "3", "scale": "national"}, "national_marking": "RESTRICTED"}
    return made


@act("incident reported", 1.5)
def reported(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    rooms = rooms_of(laptop)
    if not rooms:
        return NOTHING
    room, told, files = rng.choice(rooms), form(laptop, rng, world.step), []
    embargo = laptop.desk.context.clock.now() + HOUR if rng.random() < 0.2 else 0
    matter = "judicial" if rng.random() < 0.05 else "incident"
    data = rng.randbytes(rng.randrange(1, 3_000)) if rng.random() < 0.2 else b""

    def do() -> None:
        if data:
            files.append(laptop.desk.messages.attach(room, f"i{world.step}.bin", data).id)
        laptop.desk.incidents.open(room, told, matter=matter, embargo=embargo, files=files)

    return trying(laptop, f"reports in {room[:6]}", do)


@act("incident answered", 4)
def answered(world: World, rng: random.Random) -> Acted:
    found = some(world, rng, False)
    if found is None:  # nobody has one yet
        return reported(world, rng)
    (laptop, name), desk = found, found[0].desk.incidents
    what = rng.choice(("acknowledge", "acknowledge", "respond", "offer", "offer", "withdraw"))
    capacity = rng.choice(CAPACITY)
    answer = {"capacity": capacity, "action_taken": saying(rng, "done")} | ({"refusal_reason": rng.choice(REASONS)} if capacity == "no" else {})
    offer = {"offer": saying(rng, f"o{world.step}"), "capacity": capacity}
    mine = [one.id for one in desk.one(name).offers if one.own]
    taken_back = rng.choice(mine) if mine else ""
    calls: dict[str, Callable[[], object]] = {
        "acknowledge": lambda: desk.acknowledge(name, "Duty officer"), "respond": lambda: desk.respond(name, answer),
        "offer": lambda: desk.offer(name, offer), "withdraw": lambda: desk.withdraw(name, taken_back, "no longer"),
    }  # fmt: skip
    return trying(laptop, f"{what}s incident {name[:6]}", calls[what])


@act("incident moved", 3)
def moved(world: World, rng: random.Random) -> Acted:
    """What the delegation that opened it may do, now and then somebody else tries."""
    found = some(world, rng, True if rng.random() < 0.9 else None)
    if found is None:  # nobody has one yet
        return reported(world, rng)
    (laptop, name), desk = found, found[0].desk.incidents
    what = rng.choice(("update", "update", "raise", "choose", "choose", "close", "reopen", "reopen"))
    open_now = [one.id for one in desk.one(name).offers if one.state in ("open", "chosen")]
    taken = rng.sample(open_now, rng.randrange(1, len(open_now) + 1)) if open_now else []
    changes = {"status": rng.choice(STATUSES)} | ({"impact": saying(rng, f"u{world.step}")} if rng.random() < 0.5 else {})
    tier = rng.choice(TIERS)
    words = saying(rng, "why")
    calls: dict[str, Callable[[], object]] = {
        "update": lambda: desk.update(name, changes), "raise": lambda: desk.raise_to(name, tier, words),
        "choose": lambda: desk.choose(name, taken, words), "close": lambda: desk.close(name, {"outcome": words}),
        "reopen": lambda: desk.reopen(name, words),
    }  # fmt: skip
    return trying(laptop, f"{what}s incident {name[:6]}", calls[what])


@act("incident inside", 2)
def inside(world: World, rng: random.Random) -> Acted:
    """What a delegation says to itself about it: every word of it is planted."""
    found = some(world, rng)
    if found is None:  # nobody has one yet
        return reported(world, rng)
    (laptop, name), desk = found, found[0].desk.incidents
    held = desk.one(name).inside
    words = f"{CANARY}{laptop.code.lower()}{world.step} {saying(rng, 'inside')}"
    notes, tasks = [one.id for one in held.notes], [one.id for one in held.tasks]
    what = rng.choice(("note", "task", *(("done", "strike") if tasks else ()), *(("replace",) if notes else ())))
    note, task = rng.choice(notes or [""]), rng.choice(tasks or [""])
    gone = rng.choice([*notes, *tasks] or [""])
    due = laptop.desk.context.clock.now() + 24 * HOUR
    calls: dict[str, Callable[[], object]] = {
        "note": lambda: desk.note(name, words), "replace": lambda: desk.note(name, words, note),
        "task": lambda: desk.task(name, words, officer=laptop.code, due=due), "done": lambda: desk.done(name, task, words),
        "strike": lambda: desk.strike(name, gone),
    }  # fmt: skip
    return trying(laptop, f"keeps a {what} on {name[:6]}", calls[what])


@act("incident sent on", 0.5)
def sent_on(world: World, rng: random.Random) -> Acted:
    """To another room, where its markings let it; why before its time stays inside."""
    found = some(world, rng)
    if found is None:
        return NOTHING
    (laptop, name), room = found, rng.choice(rooms_of(found[0]))
    reason = f"{CANARY}{laptop.code.lower()}{world.step}" if rng.random() < 0.5 else ""

    def do() -> None:
        try:
            laptop.desk.incidents.send_on(name, room, reason=reason)
        except NotYet as error:
            if error.code != "attachment.incomplete":
                raise

    return trying(laptop, f"sends {name[:6]} on to {room[:6]}", do)


@act("incident looked at", 0.5)
def looked_at(world: World, rng: random.Random) -> Acted:
    """Everything a window would ask for."""
    laptop = anybody(world, rng)
    desk = laptop.desk.incidents
    seen = len(desk.due()) + len(desk.places())
    for row in desk.all():
        seen += len(desk.one(row.id).timeline)
        desk.record(row.id)
        if rng.random() < 0.5:
            desk.seen(row.id)
    return [laptop], f"{laptop.name} looks at {seen} lines of incidents"


# -- what must hold


def records_in(laptop: Laptop, room: str) -> list[tuple[str, str, str]]:
    """What each incident of a room comes to. One that a device with two histories opened too late is none."""
    desk = laptop.desk.incidents
    return sorted((row.id, desk.one(row.id).hash, row.state) for row in desk.all() if row.room == room)


def kept_inside(laptop: Laptop) -> list[Any]:
    """What its delegation says to itself of each incident."""
    every = laptop.rows("select distinct incident from incident_op where inside = 1 order by incident")
    with laptop.store.read() as handle:
        return [(row[0], laptop.desk.incidents.inside(handle, row[0])) for row in every]


def same_incidents(room: str, kind: str, here: Iterable[Laptop]) -> None:
    """Whoever is in a room has the same record of each incident in it, to the hash; the laptops of a delegation the same of
    what it says to itself."""
    seen: dict[str, list[Any]] = {
        one.name: kept_inside(one) if kind == "internal" else list(records_in(one, room)) for one in here}
    if len({str(one) for one in seen.values()}) > 1:
        raise Broken(f"incidents of {room[:6]} differ: {seen if kind != 'internal' else sorted(seen)}")


def stays_inside(laptop: Laptop) -> None:
    """Nobody holds a word that another delegation says to itself about an incident, nor an operation in which it stands."""
    marks = ",".join("?" * len(INSIDE))
    foreign = laptop.rows(f"select kind from op where kind in ({marks}) and author != ?", (*INSIDE, laptop.delegation))
    if foreign:
        raise Broken(f"{laptop.name} holds {foreign[0][0]} of another delegation")
    elsewhere = laptop.rows(
        f"select op.kind from op join room on room.id = op.room where op.kind in ({marks}) and room.kind != 'internal'", INSIDE)
    if elsewhere:
        raise Broken(f"{laptop.name} holds {elsewhere[0][0]} in a room with others")
    for row in laptop.desk.incidents.all():
        with laptop.store.read() as handle:
            state = laptop.desk.incidents.state(handle, row.id)
        if CANARY.encode() in state.record:
            raise Broken(f"{laptop.name} finds an internal word in the record of {row.id[:6]}")


def told(laptop: Laptop) -> list[tuple[tuple[str, str], str]]:
    """What the search must find of incidents, by a scan over the operations."""
    found = []
    for name, raw in laptop.rows("select op.id, op.raw from incident_op join op on op.id = incident_op.id"):
        body = json.loads(raw)["body"]
        words = "\n".join(one for key in ("form", "words", "officer", "where", "reason") for one in _strings(body.get(key, "")))
        if words:
            found.append((("incident", name), words))
    return found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
