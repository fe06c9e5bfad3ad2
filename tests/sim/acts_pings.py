"""Ping rounds: entries, rounds, answers by whoever is asked, what officers record. Nothing but a signed answer is one."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from tests.sim.acts import NOTHING, act, anybody, saying, trying
from tests.sim.laptop import Laptop
from tests.sim.world import CANARY, Broken, World

from valise.domain.ping.kinds import CHANNELS, NOTED, SAYS

Acted = tuple[list[Laptop], str]
HOUR = 3_600_000
QUIET = frozenset({"ping looked at"})
# What is kept of pings, with the room it was said in; what rebuilding has to derive again.
PINGED = (
    "select op.room, ping_round.id, title, forum, due, exercise, words, ping_round.device, ping_round.at from ping_round"
    " join op on op.id = ping_round.id",
    "select op.room, round, contact, ping_asked.state, label, way, token from ping_asked join op on op.id = round",
    "select op.room, round, ping_closed.id, ping_closed.at from ping_closed join op on op.id = ping_closed.id",
    "select op.room, ping_record.id, round, contact, outcome, channel, asked_at, happened_at, words, changes, replaces, ping_record.device"
    " from ping_record join op on op.id = ping_record.id",
    "select room, id, author, device, seq, token, title, role, due, exercise, marking, entry, at from ping_ask",
    "select room, id, ask, author, device, seq, says, changes, words, replaces, at from ping_answer",
)


def entry(state: str, rng: random.Random) -> dict[str, list[str]]:
    kind = rng.choice(("technical", "diplomatic"))
    return {
        "state": [state], "directory": ["bilateral"], "category": [kind], "entry_kind": ["role"], "institution": [f"Office of {state}"],
        "official_position": ["Duty officer"], "email": [f"{kind}@{state.casefold()}.example"], "phone": ["+41225550100"],
        "languages": ["en"], "hours": ["Mo-Fr 09:00-17:00"], "time_zone": ["Europe/Zurich"], "source_document": ["Note 1"],
        "valid_from": ["2026-01-15"], "review": ["2027-01-15"], "marking": ["TLP:AMBER"], "status": ["active"],
    }  # fmt: skip


def rounds_of(laptop: Laptop) -> list[str]:
    return [row[0] for row in laptop.rows("select id from ping_round order by id")]


@act("ping entry", 1)
def enter(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    state = rng.choice(sorted(world.identities))
    told = entry(state, rng)
    return trying(laptop, f"enters a contact of {state}", lambda: laptop.desk.registers.new_row("contacts", told))


@act("ping round", 2)
def opened(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    pings = laptop.desk.pings
    found = [one.contact for one in pings.proposal().candidates if not one.hindered]
    if not found:
        met = [row[0] for row in laptop.rows("select code from delegation where own = 0 order by code")]
        if not met:
            return NOTHING
        told = entry(rng.choice(met), rng)
        return trying(laptop, "enters a first contact", lambda: pings.open(
            saying(rng, f"p{world.step}"), due=laptop.desk.context.clock.now() + 72 * HOUR,
            contacts=[laptop.desk.registers.new_row("contacts", told).row]))  # fmt: skip
    chosen = rng.sample(found, rng.randrange(1, len(found) + 1))
    due = laptop.desk.context.clock.now() + rng.randrange(1, 72) * HOUR
    words = f"{CANARY}{laptop.code.lower()}{world.step} {saying(rng, 'round')}"  # of the internal room alone
    return trying(laptop, f"asks {len(chosen)} contacts", lambda: pings.open(
        saying(rng, f"p{world.step}"), due=due, contacts=chosen, exercise=rng.random() < 0.2, words=words,
        outside=[one for one in chosen if rng.random() < 0.2]))  # fmt: skip


@act("ping answered", 3)
def answered(world: World, rng: random.Random) -> Acted:
    asked = [(one, question.id) for one in world.all() for question in one.desk.pings.questions()]
    if not asked:
        return NOTHING
    laptop, question = rng.choice(asked)
    says = rng.choice(SAYS)
    changes = {"phone": [f"+4122555{rng.randrange(1000, 9999)}"]} if says == "changed" else {}
    return trying(laptop, f"answers {question[:6]}: {says}", lambda: laptop.desk.pings.answer(question, says, changes=changes))


@act("ping recorded", 0.7)
def recorded(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    rounds = rounds_of(laptop)
    if not rounds:
        return NOTHING
    round = rng.choice(rounds)
    contact = rng.choice(laptop.rows("select contact from ping_asked where round = ? order by place", (round,)))[0]
    at = laptop.desk.context.clock.now()
    return trying(laptop, f"records a call of {round[:6]}", lambda: laptop.desk.pings.record(
        round, contact, rng.choice(NOTED), channel=rng.choice(CHANNELS), at=at, asked_at=max(1, at - rng.randrange(1, 9) * HOUR)))  # fmt: skip


@act("ping taken or closed", 0.5)
def finished(world: World, rng: random.Random) -> Acted:
    laptop = anybody(world, rng)
    rounds = rounds_of(laptop)
    if not rounds:
        return NOTHING
    round = rng.choice(rounds)
    if rng.random() < 0.5:
        return trying(laptop, f"closes {round[:6]}", lambda: laptop.desk.pings.close(round))
    contact = rng.choice(laptop.rows("select contact from ping_asked where round = ? order by place", (round,)))[0]
    return trying(laptop, f"takes what {round[:6]} said", lambda: laptop.desk.pings.take(round, contact))


@act("ping looked at", 0.5)
def looked_at(world: World, rng: random.Random) -> Acted:
    """Everything a window would ask for."""
    laptop = anybody(world, rng)
    pings = laptop.desk.pings
    seen = len(pings.entries()) + len(pings.questions()) + len(pings.due()) + len(pings.reach().tracks)
    for head in pings.rounds():
        seen += len(pings.round(head.id).rows)
    return [laptop], f"{laptop.name} looks at {seen} lines of pings"


# -- what must hold


def pinged(laptop: Laptop, room: str) -> list[list[Any]]:
    """Everything kept of the pings of one room."""
    return [sorted((row for row in laptop.rows(sql) if row[0] == room), key=repr) for sql in PINGED]


def same_pings(room: str, here: Iterable[Laptop]) -> None:
    """Whoever is in a room has the same questions and answers of it, and the same rounds where it is its own."""
    seen = {one.name: pinged(one, room) for one in here}
    if len({str(rows) for rows in seen.values()}) > 1:
        raise Broken(f"pings of {room[:6]} differ: {sorted(seen)}")


def no_false_answer(laptop: Laptop) -> None:
    """What is shown as signed was signed, by the delegation that was asked."""
    codes = dict(laptop.rows("select id, code from delegation"))
    signed = {row[0]: codes.get(row[1], "") for row in laptop.rows("select id, author from op where kind = 'ping.answer' and state > 0")}
    for head in laptop.desk.pings.rounds():
        for row in laptop.desk.pings.round(head.id).rows:
            if row.how == "signed" and signed.get(row.counted) != row.state:
                raise Broken(f"{laptop.name} shows an answer that {row.state} never signed")
            if not row.how and row.outcome not in ("waiting", "no reply"):
                raise Broken(f"{laptop.name} shows {row.outcome} for {row.state}, and nobody said so")
