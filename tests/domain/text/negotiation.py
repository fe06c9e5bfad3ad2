"""A small negotiation: delegations with devices, each with its own replica, that act by the rules and at times cheat.

Everything follows from a seed. Operations get real ids (SHA-256 of their content, base64url), sequence numbers and
dependencies, but no signatures: those are verified before a text sees an operation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.op import Op
from valise.domain.text import rules
from valise.domain.text.book import AGREED, LIVE
from valise.domain.text.fold import TextState

CODES = ("XA", "XB", "XC", "XD", "XE")
WORDS = re.findall(r"\w+", """
    recalling the voluntary nature of all measures taken by States in good faith and within existing resources with a
    view to reducing the risk of misperception among points of contact including in times of crisis as appropriate
""")


def ident(*parts: object) -> str:
    raw = json.dumps(parts, ensure_ascii=False, default=list).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")


class Device:
    """One laptop: its own replica of the text and its own log in the room."""

    def __init__(self, world: World, code: str, number: int) -> None:
        self.world = world
        self.code = code
        self.delegation = ident("delegation", code)
        self.id = ident("device", code, number)
        self.seq = 0
        self.prev = ""
        self.state: TextState | None = None
        self.known: dict[str, Op] = {}

    def make(self, kind: str, body: dict[str, Any], *, seq: int = 0, prev: str | None = None,
             deps: tuple[str, ...] | None = None, keep: bool = True) -> Op:
        """An operation of this device at its next place (or at the place given, for a cheat)."""
        deps = self.heads() if deps is None else deps
        seq, prev = seq or self.seq + 1, self.prev if prev is None else prev
        self.world.clock += 1
        at = self.world.clock * 1000
        room = "" if kind == "room.create" else self.world.room
        id = ident(kind, room, self.delegation, self.id, seq, prev, deps, at, body)
        op = Op(id, kind, room, self.delegation, self.id, seq, prev, deps, at, 0, body)
        if keep:
            self.seq, self.prev = seq, id
        self.world.ops[id] = op
        return op

    def heads(self) -> tuple[str, ...]:
        named = {one for op in self.known.values() for one in (op.prev, *op.deps)}
        return tuple(sorted(self.known.keys() - named))

    def take_in(self, op: Op) -> None:
        if op.id not in self.known:
            self.known[op.id] = op
            if self.state is not None:
                self.state.apply(op)

    def act(self, kind: str, body: dict[str, Any], **more: Any) -> Op:
        op = self.make(kind, body, **more)
        self.take_in(op)
        return op

    @property
    def text(self) -> TextState:
        assert self.state is not None
        return self.state


class World:
    """A room with devices and one text. `say` is one random act by the rules; `cheat` one against them."""

    def __init__(self, seed: int, codes: tuple[str, ...] = CODES, devices: int = 2, paragraphs: int = 6,
                 quorum: int = 3) -> None:
        self.random = random.Random(seed)
        self.clock = 0
        self.ops: dict[str, Op] = {}
        self.room = ""
        self.codes = {ident("delegation", code): code for code in codes}
        self.devices = [Device(self, code, number) for code in codes for number in range(devices)]
        first = self.devices[0]
        self.founding = first.make("room.create", {"title": "room"})
        self.room = self.founding.id
        body, rest = rules.open_text(
            title="Draft decision on points of contact", symbol="FICT/1", organ="Group", roster=list(self.codes),
            pen_device=first.id, pen_delegation=first.delegation, quorum=quorum,
            paragraphs=[
                {"section": "PP" if n * 3 < paragraphs else "OP", "status": "open", "words": self.sentence(),
                 "label": f"PP {n + 1}" if n * 3 < paragraphs else f"OP {n + 1 - -(-paragraphs // 3)}"}
                for n in range(paragraphs)
            ],
        )
        first.known[self.founding.id] = self.founding
        opening = first.make("text.open", body)
        self.text = opening.id
        for device in self.devices:
            device.state = TextState(self.text)
            for op in (self.founding, opening):
                device.known.pop(op.id, None)
                device.take_in(op)
        for chunk in rest:
            self.spread(first, first.act("text.merge", rules.bring(first.text, first.id, chunk)))

    def spread(self, _: Device, *ops: Op) -> None:
        for device in self.devices:
            for op in ops:
                device.take_in(op)

    def share(self, one: Device, other: Device) -> None:
        for op in list(other.known.values()):
            one.take_in(op)

    def code(self, delegation: str) -> str:
        return self.codes[delegation]

    def sentence(self, least: int = 5, most: int = 16) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(least, most)))

    def edited(self, words: str) -> str:
        parts = words.split()
        for _ in range(self.random.randint(1, 2)):
            at = self.random.randrange(len(parts) + 1)
            match self.random.randrange(3):
                case 0:
                    parts.insert(at, self.random.choice(WORDS))
                case 1 if len(parts) > 2:
                    parts.pop(min(at, len(parts) - 1))
                case _:
                    parts[min(at, len(parts) - 1)] = self.random.choice(WORDS)
        return " ".join(parts)

    def step(self) -> None:
        """Somebody hears something, or somebody acts."""
        one, other = self.random.sample(self.devices, 2)
        if self.random.random() < 0.4:
            holder = one.text.book.holder[0]
            one = next((device for device in self.devices if device.id == holder and device is not other), one)
        if self.random.random() < 0.4:
            self.share(one, other)
            return
        if self.random.random() < 0.05:  # another matter of the room, which carries causality
            one.act("room.note", {"note": self.random.randrange(9)})
            return
        try:
            if one.text.book.holder[0] == one.id and self.random.random() < 0.6:
                self.pen_act(one)
            else:
                self.say(one)
        except NotAllowed:
            self.share(one, other)

    def say(self, me: Device) -> None:
        state, pick = me.text, self.random
        book = state.book
        if book.genesis is None:
            return
        pars = [par for par in book.standing() if par.status not in AGREED]
        par = pick.choice(pars or book.standing())
        live = [id for id, prop in sorted(book.props.items()) if prop.state in LIVE]
        who = me.delegation
        match pick.randrange(14):
            case 0 | 1 | 2 | 3:
                for body in rules.propose_words(state, who, par.id, self.edited(par.words), "why not"):
                    me.act("text.propose", body)
            case 4:
                after = pick.choice(["", *book.order])
                me.act("text.propose", rules.propose_paragraph(state, who, after, "OP", self.sentence()))
            case 5:
                bodies = [
                    rules.propose_delete(state, who, par.id),
                    rules.propose_alternative(state, who, par.id, self.sentence()),
                    rules.propose_move(state, who, par.id, pick.choice(["", *book.order])),
                    rules.propose_title(state, who, self.sentence())[0],
                ]
                me.act("text.propose", pick.choice(bodies))
            case 6 if live:
                me.act("text.cosponsor", rules.cosponsor(state, who, pick.choice(live)))
            case 7 if live:
                me.act("text.withdraw", rules.withdraw(state, who, pick.choice(live)))
            case 8:
                me.act("text.comment", rules.comment(state, pick.choice([par.id, *live]), "we note"))
            case 13 if book.silences:
                me.act("text.silence_break", {"text": state.text, "silence": pick.choice(sorted(book.silences)), "reason": "no"})
            case 9 if book.editions:
                me.act("text.revision_ack", rules.acknowledge(state, pick.choice(sorted(book.editions))))
            case _:
                value = pick.choice(["support", "oppose", "reserve", "scrutiny reservation", "can go along", "none"])
                behalf = pick.choice(["", "", "ALP"])
                me.act("text.position", rules.position(state, who, pick.choice([par.id, *live]), value, behalf))

    def say_safely(self, me: Device) -> None:
        try:
            self.say(me)
        except NotAllowed:
            return

    def pen_act(self, me: Device) -> None:
        state, pick = me.text, self.random
        book = state.book
        par = pick.choice(book.standing())
        props = [id for id, prop in sorted(book.props.items()) if prop.state in LIVE]
        match pick.randrange(16):
            case 0 | 1 | 2 if props:
                me.act("text.merge", rules.take(state, me.id, pick.choice(props)))
            case 3 if props:
                me.act("text.merge", rules.reject(state, me.id, pick.choice(props)))
            case 4 if props:
                prop = book.props[pick.choice(props)]
                me.act("text.merge", rules.merge(state, me.id, [], [
                    {"proposal": prop.node.id, "outcome": "kept as alternative"}]))
            case 5:
                me.act("text.agree", rules.agree(state, me.id, par.id))
            case 6:
                me.act("text.reopen", rules.reopen(state, me.id, par.id))
            case 7:
                me.act("text.park", rules.park(state, me.id, par.id))
            case 8:
                symbol = f"FICT/1/Rev.{len(book.editions) + 1}"
                me.act("text.revision", rules.revision(state, me.id, symbol, renumber=pick.random() < 0.3))
            case 9:
                to = pick.choice(self.devices)
                me.act("text.pass", rules.pass_pen(state, me.id, to.id, to.delegation))
            case 10:
                lost = ("late", "stale", "moot", "void")
                out = [id for id, prop in sorted(book.props.items()) if prop.state in lost]
                if out:
                    me.act("text.admit", rules.admit(state, me.id, [{"proposal": pick.choice(out)}]))
            case 11:
                # A pen that words a paragraph anew without a word about what is proposed there: the rules forbid
                # it, the fold must bear it.
                head = {"text": state.text, "pen_prev": book.head}
                me.act("text.merge", {**head, "dispositions": [], "edits": [
                    {"op": "words", "paragraph": par.id, "words": self.edited(par.words)}]})
            case 12:
                half = len(par.words) // 2
                split = {"op": "split", "paragraph": par.id, "words": par.words[:half], "rest": par.words[half:],
                         "label": ""}
                me.act("text.merge", {"text": state.text, "pen_prev": book.head, "dispositions": [], "edits": [split]})
            case 13 if book.editions:
                me.act("text.silence_open", {
                    "text": state.text, "pen_prev": book.head, "revision": pick.choice(sorted(book.editions)), "scope": "",
                    "deadline": (self.clock + pick.randrange(1, 40)) * 1000})
            case 14 if book.silences:
                head = {"text": state.text, "pen_prev": book.head, "silence": pick.choice(sorted(book.silences))}
                kind, more = pick.choice([
                    ("close", {}), ("close", {}), ("extend", {"deadline": (self.clock + 40) * 1000}),
                    ("confirm", {"outcome": pick.choice(["kept", "broken"])})])
                me.act(f"text.silence_{kind}", {**head, **more})
            case _:
                if len(book.standing()) > 3:
                    me.act("text.merge", rules.merge(state, me.id, [{"op": "drop", "paragraph": par.id}], [
                        {"proposal": one.node.id, "outcome": "superseded"}
                        for one in rules.touched_by(book, [{"op": "drop", "paragraph": par.id}])]))

    def cheat(self) -> None:
        """A device writes two histories, a pen forks, somebody writes with a pen it does not hold, votes."""
        me = self.random.choice(self.devices)
        state, pick = me.text, self.random
        book = state.book
        if book.genesis is None or not book.order:
            return
        par = book.pars[pick.choice(book.order)]
        match pick.randrange(6):
            case 0 if me.seq:
                body = {"text": self.text, "target": par.id, "words": f"twice {pick.random()}"}
                before = next((op.prev for op in self.ops.values() if op.id == me.prev), "")
                me.take_in(me.make("text.comment", body, seq=me.seq, prev=before, keep=False))
            case 1:
                holder = next((one for one in self.devices if one.id == book.holder[0]), me)
                at = pick.choice(book.chain[-3:])
                body = {"text": self.text, "pen_prev": at, "dispositions": [],
                        "edits": [{"op": "words", "paragraph": par.id, "words": self.sentence()}]}
                holder.act("text.merge", body)
            case 2:
                body = {"text": self.text, "pen_prev": book.head, "edits": [], "dispositions": []}
                me.act("text.merge", body)
            case 3:
                to = pick.choice(self.devices)
                at = pick.choice(book.chain[-3:])
                for one in pick.sample(self.devices, 4):
                    one.act("text.recover", {"text": self.text, "at": at, "device": to.id, "delegation": to.delegation,
                                             "reason": ""})
            case 4 if book.rivals:
                stands = pick.choice(book.rivals)
                for one in pick.sample(self.devices, 4):
                    try:
                        one.act("text.resolve", rules.resolve_pen(one.text, stands))
                    except NotAllowed:
                        continue
            case _:
                suspended = [one for one in state.suspended if one.rivals]
                if suspended:
                    case = pick.choice(suspended)
                    for one in self.devices:
                        if one.delegation == case.delegation and one.id != case.device:
                            try:
                                one.act("text.resolve", rules.resolve_device(one.text, case.rivals[0]))
                            except NotAllowed:
                                continue

    def run(self, steps: int, cheats: float = 0.0) -> World:
        for _ in range(steps):
            if cheats and self.random.random() < cheats:
                self.cheat()
            else:
                self.step()
        return self

    def fold(self, ops: list[Op] | None = None) -> TextState:
        state = TextState(self.text)
        state.apply_all(ops if ops is not None else list(self.ops.values()))
        return state

    def shuffled(self, seed: int, twice: bool = True) -> list[Op]:
        ops = list(self.ops.values()) * (2 if twice else 1)
        random.Random(seed).shuffle(ops)
        return ops


class Table(World):
    """Everybody sits at one table: what `do` says is heard by all at once; `aside` is heard by its own device only."""

    def __init__(self, *words: str, quorum: int = 3) -> None:
        super().__init__(0, paragraphs=1, quorum=quorum)
        self.ops = {}
        first = self.devices[0]
        body, _ = rules.open_text(
            title="Draft decision", roster=list(self.codes), pen_device=first.id, pen_delegation=first.delegation,
            quorum=quorum, paragraphs=[
                {"section": "OP", "label": f"OP {at}", "words": said, "status": "open"}
                for at, said in enumerate(words, 1)
            ],
        )
        for device in self.devices:
            device.seq, device.prev, device.known, device.state = 0, "", {}, None
        self.founding = first.make("room.create", {"title": "room"})
        self.room = self.founding.id
        first.known[self.founding.id] = self.founding
        opening = first.make("text.open", body)
        self.text = opening.id
        for device in self.devices:
            device.state, device.known = TextState(self.text), {}
            device.take_in(self.founding)
            device.take_in(opening)
        self.pars = list(first.text.book.order)

    def __getitem__(self, name: str) -> Device:
        """"XA" is the first device of XA, "XA2" its second."""
        second = name.endswith("2")
        return [one for one in self.devices if one.code == name[:2]][int(second)]

    def do(self, name: str, kind: str, body: dict[str, Any]) -> str:
        op = self[name].act(kind, body)
        self.spread(self[name], op)
        return op.id

    def aside(self, name: str, kind: str, body: dict[str, Any], **more: Any) -> Op:
        return self[name].act(kind, body, **more)

    def hear(self, name: str, *ops: Op) -> None:
        for op in ops:
            self[name].take_in(op)

    def all_hear(self) -> None:
        self.spread(self.devices[0], *self.ops.values())

    @property
    def state(self) -> TextState:
        """Folded from everything there is, in an order of its own."""
        return self.fold(self.shuffled(1))

    def propose(self, name: str, paragraph: int, words: str) -> list[str]:
        me = self[name]
        bodies = rules.propose_words(me.text, me.delegation, self.pars[paragraph], words)
        return [self.do(name, "text.propose", body) for body in bodies]

    def standing(self, proposal: str) -> str:
        return self.state.book.props[proposal].state

    def words(self, paragraph: int) -> str:
        return self.state.book.pars[self.pars[paragraph]].words
