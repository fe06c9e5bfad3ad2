"""The words of revisions, computed again from the pen's operations alone, equal to what the fold computes; and pens that fork."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest
from tests.evidence.forge import Line, Room, Side, doubts, judged, lines, seal

from valise.domain.text.fold import TextState
from valise.protocol import operation

STATE = "0" * 64


def opened(room: Room, pen: Any, *sides: Side, count: int = 3) -> str:
    made = [{"section": "OP", "label": f"OP {at}", "words": f"Paragraph {at}.", "status": "open"} for at in range(1, count + 1)]
    return room.say(pen, "text.open", {
        "title": "A text", "organ": "Plenary", "symbol": "T/1", "language": "en", "roster": sorted(one.id for one in sides),
        "rules": {"quorum": 2, "silence": 72}, "pen_device": pen.id, "pen_delegation": pen.side.id, "paragraphs": made,
    })  # fmt: skip


def revise(room: Room, pen: Any, text: str, prev: str, text_hash: str, symbol: str = "T/1/Rev.1", labels: list[Line] | None = None) -> str:
    body = {"text": text, "pen_prev": prev, "symbol": symbol, "text_hash": text_hash, "state_hash": STATE, "log_size": 1,
            "log_root": STATE, "heads": [], "labels": labels or []}  # fmt: skip
    return room.say(pen, "text.revision", body, composite=True)


def start() -> tuple[Room, Side, Side, Any, str]:
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    room = Room()
    room.found(a.laptops[0], b)
    pen = a.laptops[0]
    return room, a, b, pen, opened(room, pen, a, b)


def plain(room: Room, text: str) -> str:
    """What the house's own fold computes for the newest revision."""
    state = TextState(text)
    for name in room.order():
        state.apply(operation.stored(name, room.ops[name][0]))
    newest = list(state.book.editions.values())[-1]
    return state.computed(newest.node.id)[0]


def edits(chance: random.Random, text: str, known: list[str], new: int) -> list[Line]:
    """Some edits, most of which fit."""
    made: list[Line] = []
    for _ in range(chance.randint(1, 3)):
        par, other = chance.choice(known), chance.choice(known)
        made.append(chance.choice([
            {"op": "words", "paragraph": par, "words": f"Words {new}-{len(made)} é."},
            {"op": "add", "after": chance.choice(["", other]), "section": "OP", "label": f"OP {new}", "words": "Added.", "status": "open"},
            {"op": "drop", "paragraph": par},
            {"op": "move", "paragraph": par, "after": other},
            {"op": "label", "paragraph": par, "label": f"L {new}"},
            {"op": "split", "paragraph": par, "words": "First", "rest": "rest.", "label": f"S {new}"},
            {"op": "join", "paragraph": par, "with": other, "words": "Joined."},
            {"op": "words", "paragraph": f"{text}/0", "words": f"Title {new}"},
        ]))  # fmt: skip
    return made


@pytest.mark.parametrize("seed", range(40))
def test_any_chain_of_the_pen_gives_the_words_the_fold_gives(seed: int) -> None:
    chance = random.Random(seed)
    room, a, b, pen, text = start()
    prev, known = text, [f"{text}/{at}" for at in range(1, 4)]
    words = {f"{text}/{at}": (text, f"Paragraph {at}.") for at in range(1, 4)}
    for new in range(10):
        if chance.random() < 0.3:
            par = chance.choice(list(words))
            ver, said = words[par]
            kind = chance.choice(["text.agree", "text.close", "text.reopen", "text.park"])
            body = {"text": text, "pen_prev": prev, "paragraph": par, "ver": ver, "hash": hashlib.sha256(said.encode()).hexdigest()}
            prev = room.say(pen, kind, body)
        else:
            body = {"text": text, "pen_prev": prev, "edits": edits(chance, text, known, new), "dispositions": []}
            prev = room.say(pen, "text.merge", body)
            known += [f"{prev}/1"]
    labels = [{"paragraph": chance.choice(list(words)), "label": "OP 9"}]
    revise(room, pen, text, prev, STATE, labels=labels)
    right = plain(room, text)
    del room.ops[room.logs[pen.id].pop()]  # the same revision once more, with the right hash
    room.heads = {prev}
    revise(room, pen, text, prev, right, labels=labels)
    report = judged(seal(lines(room, a, b), pen.composite))
    (shown,) = report["texts"][0]["revisions"]
    assert shown["words"] == "same", report["texts"]


def test_other_words_than_signed_are_told() -> None:
    room, a, b, pen, text = start()
    made = revise(room, pen, text, text, STATE)
    room.say(b.laptops[0], "text.revision_ack", {"text": text, "revision": made, "text_hash": "1" * 64, "state_hash": STATE})
    told = doubts(seal(lines(room, a, b), pen.composite))
    assert told["revision differs"]["operations"] == told["revision contradicted"]["operations"] == [made]


def test_the_pen_passes_and_others_do_not_count() -> None:
    room, a, b, pen, text = start()
    other = b.laptops[0]
    body = {"text": text, "pen_prev": text, "edits": [], "dispositions": []}
    room.say(other, "text.merge", body)
    assert doubts(seal(lines(room, a, b), pen.composite)).keys() == {"pen: other pen"}
    passed = room.say(pen, "text.pass", {"text": text, "pen_prev": text, "device": other.id, "delegation": b.id})
    room.say(other, "text.merge", {**body, "pen_prev": passed})
    report = judged(seal(lines(room, a, b), pen.composite))
    assert report["doubts"] == [] and report["texts"][0]["pen"] == 2
    forked = room.say(other, "text.merge", {**body, "pen_prev": passed})
    revise(room, other, text, forked, STATE)
    report = judged(seal(lines(room, a, b), pen.composite))
    assert {one["say"] for one in report["doubts"]} == {"pen: fork"}
    assert report["texts"][0]["revisions"][0]["words"] == "not computed" and report["texts"][0]["agreed"] == []


def test_votes_about_the_pen_are_named_and_not_guessed() -> None:
    room, a, b, pen, text = start()
    body = {"text": text, "at": text, "device": b.laptops[0].id, "delegation": b.id, "reason": "lost"}
    room.say(b.laptops[0], "text.recover", body)
    assert doubts(seal(lines(room, a, b), pen.composite)).keys() == {"pen: votes"}

