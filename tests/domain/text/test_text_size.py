"""A large text: figures are printed (pytest -s), what is asserted is that nothing differs."""

from __future__ import annotations

import random
import time

from negotiation import ident

from valise.domain.op import Op
from valise.domain.text import rules, view
from valise.domain.text.fold import TextState

PARAGRAPHS, OPERATIONS, DELEGATIONS = 2_000, 5_000, 60


class Hall:
    """Many delegations with one device each that all hear everything."""

    def __init__(self) -> None:
        self.random = random.Random(11)
        self.people = [(ident("delegation", n), ident("device", n)) for n in range(DELEGATIONS)]
        self.last = [(0, "")] * DELEGATIONS
        self.ops: list[Op] = []
        self.room = ident("room")

    def make(self, who: int, kind: str, body: dict[str, object]) -> Op:
        seq, prev = self.last[who]
        id = ident(kind, who, seq, len(self.ops))
        deps = tuple(sorted(op.id for op in self.ops[-2:]))
        op = Op(id, kind, self.room, *self.people[who], seq + 1, prev, deps, len(self.ops), 0, body)
        self.last[who] = (seq + 1, id)
        self.ops.append(op)
        return op

    def sentence(self, count: int) -> str:
        return " ".join(self.random.choice(("all", "States", "should", "measures", "report")) for _ in range(count))


def test_a_large_text_folds_the_same_one_by_one_and_at_once() -> None:
    hall, pick = Hall(), random.Random(3)
    delegation, pen = hall.people[0]
    body, rest = rules.open_text(
        title="Large", roster=[one for one, _ in hall.people], pen_device=pen, pen_delegation=delegation,
        paragraphs=[{"section": "OP", "label": f"OP {n}", "words": hall.sentence(40), "status": "open"}
                    for n in range(1, PARAGRAPHS + 1)],
    )
    state = TextState(hall.make(0, "text.open", body).id)
    state.apply(hall.ops[0])
    for chunk in rest:
        state.apply(hall.make(0, "text.merge", rules.bring(state, pen, chunk)))
    pars, made, count = list(state.book.order), [], 0
    while len(hall.ops) < OPERATIONS:
        who, par = pick.randrange(1, DELEGATIONS), state.book.pars[pick.choice(pars)]
        start = pick.randrange(len(par.words))
        quote = par.words[start : start + pick.randrange(9)]
        if made and len(hall.ops) % 60 == 0:
            live = [id for id in made if state.book.props[id].state == "open"]
            op = hall.make(0, "text.merge", rules.take(state, pen, pick.choice(live)))
        elif made and pick.random() < 0.5:
            op = hall.make(who, "text.position", {
                "text": state.text, "target": pick.choice(made), "value": pick.choice(("support", "oppose")),
                "behalf": "", "replaces": []})
        else:
            count += 1
            op = hall.make(who, "text.propose", {
                "text": state.text, "number": count, "what": "words", "paragraph": par.id, "ver": par.ver,
                "span": [start, start + len(quote)], "quote": quote, "words": "new " + hall.sentence(3), "reason": ""})
            made.append(op.id)
        state.apply(op)
    took = []
    fresh = TextState(state.text)
    for op in hall.ops:
        start_at = time.process_time()
        fresh.apply(op)
        took.append(time.process_time() - start_at)
    dump = fresh.dump()
    start_at = time.process_time()
    loaded = TextState.load(dump)
    load = time.process_time() - start_at
    mean, median = sum(took) / len(took), sorted(took)[len(took) // 2]
    print(f"\n{len(took)} operations, {PARAGRAPHS} paragraphs: {mean * 1e6:.0f} us each, median {median * 1e6:.0f} us, "
          f"{len(dump) / 1e6:.1f} MB, loaded in {load * 1e3:.0f} ms")
    pick.shuffle(hall.ops)
    other = TextState(state.text)
    other.apply_all(hall.ops)
    loaded._again = True
    assert state.dump() == dump == other.dump() == loaded.dump()
    assert len(view.outline(loaded)) == PARAGRAPHS
