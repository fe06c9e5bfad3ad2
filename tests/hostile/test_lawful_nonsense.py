"""A member signs, rightly and with every right there is, whatever the rules let it write down.

Nothing of it may stop anybody: every screen still shows, everybody computes the same, everything can be derived again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.hostile import tools as h
from tests.hostile.tools import CHAT, RECORD
from tests.world import World

from valise.desk.desk import Desk
from valise.domain import kinds
from valise.domain.errors import ValiseError
from valise.domain.text.kinds import Hash, OneOf, ParagraphRef, SpanOf, Target
from valise.domain.text.past import references
from valise.protocol import canonical

WORDS = ("", "States", " should ", "a b c", "\u200f", "é", "e\u0301", "[", "]", "**", "#", "|", "OP 1", "نص", "x" * 300)
PARAGRAPHS = [{"section": "OP", "label": f"OP {n}", "words": f"Paragraph {n} as it is;", "status": "open"} for n in (1, 2, 3)]


class Writer:
    """Makes bodies that fit their kind's definition, out of ids that exist and ids that do not."""

    def __init__(self, rng: random.Random, people: list[str]) -> None:
        self.rng = rng
        self.people = people
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.paragraphs: list[str] = []

    def value(self, field: kinds.Field) -> Any:
        rng = self.rng
        if isinstance(field, kinds.Fields):
            return {
                name: self.value(one) for name, one in field.fields.items() if name not in field.optional or rng.random() < 0.5}
        if isinstance(field, OneOf):
            name, form = rng.choice(sorted(field.forms.items()))
            return {**self.value(form), "op": name}
        if isinstance(field, kinds.Many):
            return [self.value(field.item) for _ in range(rng.randrange(min(4, field.most + 1)))]
        if isinstance(field, ParagraphRef):
            edges = [""] * field.start + [f"#{rng.randrange(1, 4)}"] * field.own
            return rng.choice([*self.paragraphs[-40:], *self.paragraphs[:8], f"{rng.choice(self.ids)}/{rng.randrange(4)}", *edges])
        if isinstance(field, Target):
            return rng.choice([*self.paragraphs[-20:], *self.paragraphs[:8], *self.ids[-40:]])
        if isinstance(field, Hash):
            return rng.randbytes(32).hex()
        if isinstance(field, SpanOf):
            return sorted((rng.randrange(30), rng.choice((0, 3, 25, 20_000))))
        if isinstance(field, kinds.Ident):
            if field.empty and rng.random() < 0.3:
                return ""
            drawn = rng.random()
            pool = self.ids[-60:] if drawn < 0.75 else self.people if drawn < 0.97 else [canonical.b64u(rng.randbytes(32))]
            return rng.choice(pool)
        if isinstance(field, kinds.Whole):
            return rng.choice((field.least, field.most, min(field.most, field.least + rng.randrange(1, 9))))
        assert isinstance(field, kinds.Text), field
        if field.choices:
            return rng.choice(field.choices)
        made = rng.choice(WORDS) if rng.random() < 0.6 else "".join(rng.choices("abc []*", k=rng.randrange(60)))
        return made[: field.limit].ljust(field.least, "A")

    def body(self, kind: kinds.Kind) -> dict[str, Any]:
        made: dict[str, Any] = self.value(kind.body)
        if "text" in made and self.texts and self.rng.random() < 0.9:
            made["text"] = self.rng.choice(self.texts)
        return made


def look(desk: Desk) -> None:
    """Everything a person can look at."""
    desk.overview()
    desk.search("paragraph")
    for room in desk.rooms.all():
        for thread in desk.messages.threads(room.id)[:5]:
            for one in desk.messages.page(room.id, thread.id, 0, 5):
                for file in one.attachments:
                    desk.messages.attachment_view(file.id)
    for row in desk.texts.all():
        desk.texts.head(row.id)
        desk.texts.proof(row.id)
        desk.texts.notation(row.id)
        desk.texts.plain(row.id)
        desk.texts.at_start(row.id)
        desk.internal.notes(row.id)
        for par in desk.texts.outline(row.id)[:20]:
            view = desk.texts.paragraph(row.id, par.id)
            desk.texts.comments(row.id, par.id)
            for proposal in view.proposals[:5]:
                desk.texts.comments(row.id, proposal.id)


def act(desk: Desk, text: str) -> None:
    """What an honest officer tries next; a rule may forbid it, nothing may break."""
    par = desk.texts.outline(text)[1]
    tries: list[Callable[[], object]] = [
        lambda: desk.texts.propose_words(text, par.id, par.words + " further" if hasattr(par, "words") else "Other words;"),
        lambda: desk.texts.comment(text, par.id, "noted"),
        lambda: desk.texts.agree(text, par.id),
        lambda: desk.texts.reopen(text, par.id),
        lambda: desk.texts.revision(text, f"FICT/{random.Random(par.id).random()}"),
    ]
    for one in tries:
        try:
            one()
        except ValiseError as error:
            assert error.code.split(".")[0] in ("text", "rights"), error.code


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 160), *(pytest.param(n, 600, marks=pytest.mark.soak) for n in range(2, 42))])
def test_nothing_a_member_may_write_stops_anybody(tmp_path: Path, seed: int, count: int) -> None:
    world = World(tmp_path, ("XA", "XB", "XG"))
    room = h.talk(world)
    hostile, victims = world["XB"], (world["XA"], world["XG"])
    rng = random.Random(seed)
    writer = Writer(rng, [world.id(code) for code in world.desks] + [desk.me().device for desk in world.desks.values()])
    text = world["XA"].texts.open(room, "Draft", paragraphs=PARAGRAPHS)
    own = hostile.texts.open(room, "Counter-draft", paragraphs=PARAGRAPHS)
    world.exchange()
    writer.texts += [text, own]
    writer.paragraphs += [row.id for one in (text, own) for row in hostile.texts.outline(one)]
    with hostile.store.read() as handle:
        writer.ids += [row[0] for row in handle.rows("select id from op where room = ? and klass = 0", (room,))]
        line = {klass: handle.row(
            "select top, head from log where room = ? and klass = ? and device = ?", (room, klass, hostile.me().device)) for klass in (0, 1)}
    live = {}
    for desk in victims:
        for klass in (RECORD, CHAT):
            blob, session, group = h.key_to(hostile, desk, room, klass)
            assert h.give(desk, blob).opened == 1
            live[desk.me().device, klass] = (session, group)
    every = [kind for kind in kinds.all_kinds() if kind.name != "room.create"]
    outcome: Counter[str] = Counter()
    waiting: dict[str, list[bytes]] = {desk.me().device: [] for desk in victims}
    for n in range(count):
        kind = rng.choice(every)
        klass = CHAT if kind.travels == "chat" or (kind.travels == "either" and rng.random() < 0.5) else RECORD
        seq, prev = line[klass]
        twin = n > count * 3 // 4 and rng.random() < 0.03
        changes: dict[str, Any] = {"at": rng.choice((world.clock.now(), 0, 2**53 - 1)), "tick": rng.choice((0, 0, 2**53 - 1))}
        if klass == RECORD:
            changes["deps"] = sorted(set(rng.sample(writer.ids[-30:], rng.randrange(3)))) if rng.random() < 0.2 else []
        body = writer.body(kind)
        if kind.name == "room.remove" and body["delegation"] == world.id("XB"):
            continue  # it would not be heard after that
        if "pen_prev" in body and rng.random() < 0.7:  # as the pen, where it is XB's
            body |= {"text": own, "pen_prev": hostile_head(victims[1], own)}
        named = {body["text"], *references(kind.name, body)} - {""} if kind.folds == "text" and "text" in body else set()
        lacks = not named <= set(writer.ids)
        if lacks:  # it will wait for good; a place far off in its log, so that the others do not wait behind it
            seq, prev = 10**6 + n, writer.ids[0]
        made = h.fields(hostile, room, kind.name, body, klass, seq=seq + 1, prev=prev, **changes)
        item = h.item(hostile, made, klass)
        outcome["lacks"] += lacks
        if not twin and not lacks:
            line[klass] = (seq + 1, h.ident(item))
            if klass == RECORD:
                writer.ids.append(h.ident(item))
                writer.paragraphs.append(f"{h.ident(item)}/1")
        for desk in victims:
            session, group = live[desk.me().device, klass]
            plain = h.plain(hostile, room, epoch=session.epoch, items=(item,))
            waiting[desk.me().device].append(h.seal_in(session, group, plain))
        outcome[kind.name.split(".")[0]] += 1
        if n % 40 == 39:
            for desk in victims:  # in another order at each
                blobs = waiting[desk.me().device]
                rng.shuffle(blobs)
                tally = h.give(desk, *blobs)
                outcome.update(tally.refused)
                outcome["entered"] += tally.operations
                blobs.clear()
                look(desk)
                act(desk, text)
    for desk in victims:
        desk.exchange.outbound.window = 10**15
    for _ in range(8):
        world.clock.advance(61_000)
        for desk in victims:
            desk.exchange.now()
    with victims[1].store.read() as handle:
        outcome["folded"] = handle.row("select count(*) from op where room = ? and state > 0", (room,))[0]
        outcome["without effect"] = sum(len(victims[1].record.shelf.state(handle, one).void) for one in (text, own))
    print(seed, dict(outcome))
    assert outcome["folded"] > count // 2
    assert outcome["entered"] > count
    for desk in victims:
        look(desk)
        before = h.contents(desk, ("meta", "generation", "head", "text_cache", "room", "search", "search_ref", "message", "text"))
        shown = [(row.id, desk.texts.proof(row.id), desk.texts.outline(row.id)) for row in desk.texts.all()]
        rows = [desk.texts.all(), [one.id for one in desk.rooms.all()], h.bodies(desk)]
        desk.rebuild()
        again = [(row.id, desk.texts.proof(row.id), desk.texts.outline(row.id)) for row in desk.texts.all()]
        assert again == shown
        assert [desk.texts.all(), [one.id for one in desk.rooms.all()], h.bodies(desk)] == rows
        after = h.contents(desk, ("meta", "generation", "head", "text_cache", "room", "search", "search_ref", "message", "text"))
        assert after == before
    proofs = [{row.id: str(desk.texts.proof(row.id)) for row in desk.texts.all()} for desk in victims]
    assert proofs[0] == proofs[1]
    world.close()


def hostile_head(desk: Desk, text: str) -> str:
    """The last operation of the text's pen chain, as the victim sees it."""
    with desk.context.lock, desk.context.read() as handle:
        return desk.record.shelf.state(handle, text).book.head
