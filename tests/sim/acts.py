"""What can happen in a step, each with its weight. An act returns (who acted, a line for the trace)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.sim.laptop import Crash, Laptop
from tests.sim.world import CANARY, DAY, World

from valise.carriers.abc import Parcel
from valise.carriers.memory import Faults
from valise.desk import roster as rosters
from valise.domain.errors import NotAllowed, Refused
from valise.domain.internal import SORTS
from valise.protocol import operation
from valise.protocol.frame import Item

Act = Callable[[World, random.Random], "tuple[list[Laptop], str]"]
Where = Callable[[World], bool]
WORDS = (
    "consensus", "paragraph", "отчёт", "связи", "联络点", "نقاط", "délégation", "directory", "ping", "norms", "réserve",
    "capacity", "ICT", "confiance", "État", "mécanisme", "twelve", "months", "annual",
)
VALUES = ("support", "oppose", "reserve", "scrutiny reservation", "can go along", "none")
RIGHTS = (("observe", "speak"), ("observe", "speak", "amend"), ("observe", "speak", "amend", "pen", "commit"))


@dataclass(frozen=True, slots=True)
class Weighted:
    """`where` = the worlds in which it can happen at all."""

    name: str
    weight: float
    act: Act
    where: Where


ACTS: list[Weighted] = []


def everywhere(world: World) -> bool:
    return True


def act(name: str, weight: float, where: Where = everywhere) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS.append(Weighted(name, weight, function, where))
        return function

    return register


def choose(world: World, rng: random.Random) -> Weighted:
    here = [one for one in ACTS if one.where(world)]
    return rng.choices(here, [one.weight for one in here])[0]


# -- choosing


def anybody(world: World, rng: random.Random) -> Laptop:
    return rng.choice(world.all())


def rooms_of(laptop: Laptop) -> list[str]:
    """Rooms the laptop takes part in as far as it knows, its internal ones left out."""
    return [row[0] for row in laptop.rows(
        "select id from room where kind != 'internal' and id in (select room from room_member where delegation = ?)"
        " order by id", (laptop.delegation,))]


def texts_of(laptop: Laptop) -> list[str]:
    rooms = set(rooms_of(laptop))
    return [row[0] for row in laptop.rows("select id, room from text order by id") if row[1] in rooms]


def saying(rng: random.Random, mark: str) -> str:
    return " ".join([*rng.choices(WORDS, k=rng.randrange(1, 6)), mark])


def with_text(world: World, rng: random.Random) -> tuple[Laptop, str] | None:
    laptop = anybody(world, rng)
    texts = texts_of(laptop)
    return (laptop, rng.choice(texts)) if texts else None


def holder(world: World, rng: random.Random) -> tuple[Laptop, str] | None:
    """A laptop that holds a pen, with the text; now and then one that does not."""
    found = [(one, text) for one in world.all() for text in texts_of(one) if one.desk.texts.holds_pen(text)]
    if not found or rng.random() < 0.05:
        return with_text(world, rng)
    return rng.choice(found)


def paragraph(laptop: Laptop, text: str, rng: random.Random) -> str:
    return rng.choice(laptop.desk.texts.outline(text)).id


def proposals(laptop: Laptop, text: str) -> list[str]:
    """Proposals that may still be decided, oldest first."""
    found = []
    for row in laptop.desk.texts.outline(text):
        found += [one.id for one in laptop.desk.texts.paragraph(text, row.id).proposals
                  if one.state in ("open", "rebased", "kept as alternative", "stale", "late")]
    return sorted(set(found))


def trying(laptop: Laptop, line: str, do: Callable[[], object]) -> tuple[list[Laptop], str]:
    """An act that the rules may forbid."""
    try:
        do()
    except NotAllowed as error:
        return [laptop], f"{laptop.name} {line}: {error.code}"
    except Refused as error:
        if error.code not in ("op.removed", "op.not_member", "card.older"):
            raise
        return [laptop], f"{laptop.name} {line}: {error.code}"
    return [laptop], f"{laptop.name} {line}"


NOTHING: tuple[list[Laptop], str] = ([], "nothing to do")

def posted(world: World) -> bool:
    """The post carries for somebody."""
    return world.ways.posted


# -- the exchange and the world around it


@act("exchange", 44)
def exchange(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    return [laptop], f"{laptop.name} exchanges{rounds(laptop)}"


def rounds(laptop: Laptop) -> str:
    before = sum(laptop.desk.exchange.refused.values())
    changes = laptop.desk.exchange.now()
    status = laptop.desk.exchange.status()
    line = "" if not status.problem else f": {status.problem}"
    refused = sum(laptop.desk.exchange.refused.values()) - before
    heard = "".join(sign for sign, some in (("r", changes.rooms), ("t", changes.texts), ("m", changes.threads)) if some)
    return f"{line} waiting {status.waiting} sealed {status.sealed_waiting} refused {refused} {heard}".rstrip()


@act("everybody", 1.5)
def everybody(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    for one in world.all():
        one.desk.exchange.now()
    return world.all(), "all exchange"


@act("time", 10)
def time(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    span = int(10 ** rng.uniform(3, 6.8)) if rng.random() < 0.97 else rng.randrange(DAY, 3 * DAY)
    world.advance(span)
    return [], f"{span} ms pass"


@act("clock", 1.5)
def clock(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    by = rng.choice((-1, 1)) * int(10 ** rng.uniform(2, 8.4))
    laptop.clock.skew += by
    return [], f"the clock of {laptop.name} is set by {by} ms"


@act("partition", 2)
def partition(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    some = sorted(rng.sample([one.name for one in world.all()], rng.randrange(1, len(world.laptops))))
    world.ways.cut_off(*some)
    return [], f"{' '.join(some)} cut off"


@act("rejoin", 3)
def rejoin(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    world.ways.rejoin()
    return [], "all reach each other"


@act("faults", 3, posted)
def faults(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    world.post.faults = world.draw_faults() if rng.random() < 0.7 else Faults()
    return [], f"{world.post.faults}"


@act("withhold", 1, posted)
def withhold(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    world.post.withhold(laptop.mailbox)
    return [], f"the post withholds what is for {laptop.name}"


@act("release", 1.5, posted)
def release(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    for one in world.all():
        world.post.release(one.mailbox)
    return [], "the post releases what it withheld"


@act("lost disk", 0.7, posted)
def lost_disk(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    share = rng.choice((0.3, 1.0))
    world.post.lose_disk(share)
    return [], f"the post loses {share} of its disk"


@act("restart", 2)
def restart(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    laptop.restart()
    return [laptop], f"{laptop.name} restarts"


@act("crash", 5)
def crash(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Whatever a laptop does next, the power goes in the middle of it."""
    laptop = anybody(world, rng)
    at = int(10 ** rng.uniform(0, 2.6))
    laptop.arm(at)
    try:
        if rng.random() < 0.7:
            laptop.desk.exchange.now()
        else:
            speak(laptop, rng, f"m{world.step}")
    except NotAllowed as error:
        return [laptop], f"{laptop.name} does not reach {at}: {error.code}"
    except Crash:
        where = laptop.struck
        laptop.recover()
        return [laptop], f"{laptop.name} crashes at {where} {at}"
    finally:
        laptop.disarm()
    return [laptop], f"{laptop.name} does not reach {at}"


@act("rebuild", 0.3)
def rebuild(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    laptop.desk.rebuild()
    return [laptop], f"{laptop.name} rebuilds"


@act("look", 1)
def look(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Everything a window would ask for can be asked for."""
    laptop = anybody(world, rng)
    desk = laptop.desk
    seen = 0
    for room in desk.rooms.all():
        for thread in desk.messages.threads(room.id):
            seen += len(desk.messages.page(room.id, thread.id, 0, 1000))
    for row in desk.texts.all():
        desk.texts.head(row.id)
        seen += len(desk.texts.notation(row.id)) > 0
    desk.overview()
    seen += len(desk.contacts.all())
    return [laptop], f"{laptop.name} looks at {seen} things"


# -- messages


def speak(laptop: Laptop, rng: random.Random, mark: str) -> str:
    rooms = rooms_of(laptop)
    if not rooms:
        return "alone"
    room = rng.choice(rooms)
    record = rng.random() < 0.5
    files = []
    chance = rng.random()
    if chance < 0.12:
        size = rng.randrange(1, 3_000) if chance < 0.10 else rng.randrange(60_000, 200_000)
        files = [laptop.desk.messages.attach(room, f"{mark}.bin", rng.randbytes(size)).id]
    threads = laptop.desk.messages.threads(room)
    thread = rng.choice(sorted(one.id for one in threads)) if threads and rng.random() < 0.4 else ""
    subject = saying(rng, "") if rng.random() < 0.4 else ""
    laptop.desk.messages.send(
        room, saying(rng, mark), thread=thread, subject=subject, for_the_record=record, attachments=files)
    return f"says {mark} {'on the record ' if record else ''}in {room[:6]}{' with a file' if files else ''}"


@act("message", 14)
def message(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    said = ["speaks"]
    return trying(laptop, "speaks", lambda: said.append(speak(laptop, rng, f"m{world.step}")))[0], (
        f"{laptop.name} {said[-1]}")


@act("acknowledge", 5)
def acknowledge(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    rooms = set(rooms_of(laptop))
    rows = [row for row in laptop.rows(
        "select id, room from message where author != ? order by id", (laptop.delegation,)) if row[1] in rooms]
    if not rows:
        return NOTHING
    name = rng.choice(rows)[0]
    return trying(laptop, f"acknowledges {name[:6]}", lambda: laptop.desk.messages.acknowledge(name))


# -- texts


@act("open text", 0.6)
def open_text(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    rooms = rooms_of(laptop)
    if not rooms:
        return NOTHING
    paragraphs = [
        {"section": "OP", "label": f"OP {n}", "words": f"{saying(rng, f'w{world.step}')};", "status": "open"}
        for n in range(1, rng.randrange(2, 7))]
    room = rng.choice(rooms)
    return trying(laptop, f"opens a text in {room[:6]}", lambda: world.texts.append(
        laptop.desk.texts.open(room, f"Text {world.step}", paragraphs=paragraphs)))


@act("propose", 8)
def propose(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    found = with_text(world, rng)
    if found is None:
        return NOTHING
    laptop, text = found
    where = paragraph(laptop, text, rng)
    desk = laptop.desk.texts
    what = rng.randrange(10)
    if what < 6:
        words = desk.paragraph(text, where).paragraph.words.split(" ")
        at = rng.randrange(len(words))
        words[at : at + rng.randrange(0, 3)] = rng.choices(WORDS, k=rng.randrange(0, 3))
        return trying(laptop, "proposes words", lambda: desk.propose_words(text, where, " ".join(words), f"w{world.step}"))
    if what < 7:
        return trying(laptop, "proposes a paragraph", lambda: desk.propose_paragraph(
            text, where, "OP", saying(rng, f"w{world.step}")))
    if what < 8:
        return trying(laptop, "proposes to delete", lambda: desk.propose_delete(text, where))
    return trying(laptop, "proposes an alternative", lambda: desk.propose_alternative(text, where, saying(rng, "alt")))


@act("position", 5)
def position(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    found = with_text(world, rng)
    if found is None:
        return NOTHING
    laptop, text = found
    targets = [*proposals(laptop, text), paragraph(laptop, text, rng)]
    target, value = rng.choice(targets), rng.choice(VALUES)
    return trying(laptop, f"says {value}", lambda: laptop.desk.texts.position(
        text, target, value, rng.choice(("", "", "ALP"))))


@act("sponsor", 3)
def sponsor(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    found = with_text(world, rng)
    if found is None or not (open_now := proposals(*found)):
        return NOTHING
    laptop, text = found
    name = rng.choice(open_now)
    if rng.random() < 0.4:
        return trying(laptop, "withdraws", lambda: laptop.desk.texts.withdraw(text, name))
    return trying(laptop, "cosponsors", lambda: laptop.desk.texts.cosponsor(text, name))


@act("pen", 9)
def pen(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    found = holder(world, rng)
    if found is None:
        return NOTHING
    laptop, text = found
    desk = laptop.desk.texts
    what = rng.choice(("take", "take", "reject", "agree", "agree", "reopen", "park", "revision", "pass"))
    if what in ("take", "reject"):
        open_now = proposals(laptop, text)
        if not open_now:
            return NOTHING
        name = rng.choice(open_now)
        return trying(laptop, f"{what}s", lambda: (desk.take if what == "take" else desk.reject)(text, name))
    if what == "revision":
        return trying(laptop, "makes a revision", lambda: desk.revision(text, f"FICT/CRP.1/Rev.{world.step}"))
    if what == "pass":
        to = rng.choice(sorted(one.delegation for one in world.identities.values()))
        return trying(laptop, "passes the pen", lambda: desk.pass_pen(text, to))
    where = paragraph(laptop, text, rng)
    return trying(laptop, f"{what}s", lambda: {"agree": desk.agree, "reopen": desk.reopen, "park": desk.park}[what](
        text, where))


@act("remark", 4)
def remark(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    found = with_text(world, rng)
    if found is None:
        return NOTHING
    laptop, text = found
    where = paragraph(laptop, text, rng)
    words = f"{CANARY}{laptop.code.lower()}{world.step} ist unsere {CANARY}"
    return trying(laptop, "remarks", lambda: laptop.desk.internal.write(text, where, words))


@act("inside", 3)
def inside(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """The internal side: other words for a note, one struck, the rule of four eyes, drafts decided."""
    found = with_text(world, rng)
    if found is None:
        return NOTHING
    laptop, text = found
    desk = laptop.desk.internal
    what = rng.choice(("replace", "strike", "rule", "lift", "release", "release", "return", "back"))
    if what in ("rule", "lift"):
        return trying(laptop, f"wants the rule {what}", lambda: desk.want_four_eyes(what == "rule"))
    if what in ("replace", "strike"):
        notes = sorted(one.id for one in desk.notes(text))
        if not notes:
            return NOTHING
        note, where = rng.choice(notes), paragraph(laptop, text, rng)
        words = f"{CANARY}{laptop.code.lower()}{world.step} statt dessen"
        return trying(laptop, f"{what}s a note", lambda: (
            desk.write(text, where, words, rng.choice(SORTS), note) if what == "replace" else desk.strike(text, note)))
    drafts = sorted(one.id for one in desk.drafts(text))
    if not drafts:
        return NOTHING
    draft = rng.choice(drafts)
    calls = {"release": lambda: desk.release(draft), "return": lambda: desk.give_back(draft, "no"),
             "back": lambda: desk.take_back(draft)}
    return trying(laptop, f"{what}s a draft", calls[what])


@act("joint", 4)
def joint(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """Statements: opened, signed, left, closed, late names admitted."""
    laptop = anybody(world, rng)
    desk = laptop.desk.joint
    rooms = rooms_of(laptop)
    every = sorted(desk.all(), key=lambda one: one.id)
    if rooms and (not every or rng.random() < 0.15):
        room = rng.choice(rooms)
        return trying(laptop, "opens a statement", lambda: desk.open_statement(room, f"S{world.step}", saying(rng, "we")))
    if not every:
        return NOTHING
    one = rng.choice(every)
    what = rng.choice(("sign", "sign", "sign", "leave", "close", "admit"))
    late = sorted(each.delegation for each in one.signs if each.state == "late")
    if what == "admit":
        return trying(laptop, "admits", lambda: desk.admit(one.id, rng.choice(late))) if late else NOTHING
    return trying(laptop, f"{what}s a statement", lambda: getattr(desk, what)(one.id))


# -- rooms, people, devices


@act("room", 1.2)
def room(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    others = sorted(one.delegation for one in world.identities.values() if one.delegation != laptop.delegation)
    kind = rng.choice(("bilateral", "group"))
    some = rng.sample(others, 1 if kind == "bilateral" else rng.randrange(1, len(others) + 1))
    return trying(laptop, f"founds a {kind} room", lambda: world.rooms.append(
        laptop.desk.rooms.create(kind, f"Room {world.step}", some)))


@act("members", 2.5)
def members(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    laptop = anybody(world, rng)
    rooms = [one for one in laptop.desk.rooms.all() if one.kind == "group" and laptop.delegation in one.members]
    if not rooms:
        return NOTHING
    chosen = rng.choice(sorted(rooms, key=lambda one: one.id))
    inside = [one for one in chosen.members if one != chosen.chair]
    outside = sorted(one.delegation for one in world.identities.values() if one.delegation not in chosen.members)
    if chosen.chair == laptop.delegation and outside and (not inside or rng.random() < 0.55):
        other = rng.choice(outside)
        return trying(laptop, f"adds {world.delegations()[other]} to {chosen.id[:6]}", lambda: laptop.desk.rooms.add(chosen.id, other))
    if not inside:
        return NOTHING
    other = rng.choice(inside) if chosen.chair == laptop.delegation else laptop.delegation
    return trying(laptop, f"removes {world.delegations()[other]} from {chosen.id[:6]}", lambda: laptop.desk.rooms.remove(chosen.id, other))


@act("card", 1)
def card(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """A person hands another the newest card of his delegation."""
    giver, taker = anybody(world, rng), anybody(world, rng)
    if giver.delegation == taker.delegation:
        return NOTHING
    return trying(taker, f"takes the card of {giver.name}", lambda: taker.desk.contacts.import_card(
        giver.desk.contacts.own_card()))


@act("doubt", 0.6)
def doubt(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """The number differs: nothing is sent to a delegation until a person decides."""
    laptop = anybody(world, rng)
    contacts = laptop.desk.contacts.all()
    stopped = [one for one in contacts if one.stopped]
    if stopped:
        return trying(laptop, "decides", lambda: laptop.desk.contacts.decide(stopped[0].id, True))
    other = rng.choice(contacts)
    return trying(laptop, f"doubts {other.code}", lambda: laptop.desk.contacts.differs(other.id))


@act("enrol", 0.7)
def enrol(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    first = [one for one in world.honest() if one.name == one.code and f"{one.code}-2" not in world.laptops]
    if not first:
        return NOTHING
    laptop = rng.choice(first)
    rights = rng.choice(RIGHTS)
    try:
        made = world.enrol(laptop, rights)
    except NotAllowed as error:
        if error.code != "copy.old":  # an old copy of the vault may have missed a card: it lets nobody in until it knows
            raise
        return [laptop], f"{laptop.code} enrols nobody: {error.code}"
    return [laptop, made], f"{made.name} enrolled: {' '.join(rights)}"


@act("double", 0.25)
def double(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """A vault is copied and both act: sooner or later the device has two histories."""
    if len(world.crooked) >= 1:
        return NOTHING
    victim = rng.choice(world.honest())
    made = world.double(victim)
    return [victim, made], f"{victim.name} is copied"


@act("two words", 0.2)
def two_words(world: World, rng: random.Random) -> tuple[list[Laptop], str]:
    """A device signs a second operation at a place where it has one already, and shows it to some of the others."""
    if world.crooked:
        return NOTHING
    laptop = rng.choice(world.honest())
    rows = laptop.rows(
        "select raw, sig, room from op where klass = 0 and device = ? and room in"
        " (select id from room where kind != 'internal') order by n", (laptop.device,))
    if not rows:
        return NOTHING
    raw, sig, room = rng.choice(rows[-5:])
    first = operation.read(raw, sig, "record")
    body = {"thread": "", "subject": "", "body": saying(rng, f"m{world.step}"), "marking": "", "attachments": []}
    keys = laptop.desk.context.keys
    owners = {one.mailbox: one.code for one in world.all()}
    rival = operation.make(
        kind="message.send", room=room, author=laptop.delegation, device=laptop.device, seq=first.seq, prev=first.prev,
        deps=list(first.deps), at=first.at, tick=first.tick + 1, body=body, device_key=keys.ed25519,
        composite_key=keys.composite, klass="record")
    with laptop.desk.context.write() as tx:
        roster = rosters.of(laptop.desk.context, tx, room)
        if roster is None or roster.blocked:
            return NOTHING
        # An impostor's card has no laptop behind it.
        there = sorted(one.mailbox for one in roster.devices if one.mailbox in owners)
        if not there:
            return NOTHING
        loose = laptop.desk.exchange.outbound.sealing.frame(tx, roster, 0, items=(Item(0, rival.raw, rival.sig),))
    world.make_crooked(laptop)
    some = rng.sample(there, rng.randrange(1, len(there) + 1))
    world.ways.smuggle(laptop, Parcel(loose.id, tuple(some), loose.blob), owners)
    return [laptop], f"{laptop.name} signs {first.seq} twice and shows it to {len(some)}"
