"""A large text as signed operations in a vault: paragraphs by the pen, proposals, positions and a pen that disposes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import Options
from valise.desk.context import RECORD
from valise.desk.desk import Desk
from valise.domain.text import rules

DELEGATIONS, TOGETHER, SEEN = 6, 1_000, 2


def vault(options: Options, paragraphs: int, operations: int) -> tuple[Path, dict[str, Any]]:
    """The folder of XA's vault (the pen) and the ids of room and text. Made once and kept in the cache."""
    return worlds.cached(
        options.cache, f"text-{paragraphs}-{operations}", lambda base: make(base, paragraphs, operations)
    )


def proposed(options: Options, paragraphs: int, proposals: int) -> tuple[Path, dict[str, Any]]:
    """The same with nothing but proposals, all of them open."""
    return worlds.cached(
        options.cache, f"proposals-{paragraphs}-{proposals}", lambda base: make(base, paragraphs, proposals, mixed=False)
    )


def make(base: Path, paragraphs: int, operations: int, *, mixed: bool = True) -> dict[str, Any]:
    """Every operation is made and signed as its author would, and enters by the one function of the vault."""
    desks = [worlds.found(base / code, code) for code in worlds.CODES[:DELEGATIONS]]
    pen = desks[0]
    for other in desks[1:]:
        pen.contacts.import_card(other.contacts.own_card())
    room = pen.rooms.create("group", "Drafting group", [one.me().delegation for one in desks[1:]])
    speech = worlds.Speech(11, 4_000)
    text = pen.texts.open(
        room,
        "Draft report",
        symbol="FICT/GM/2026/CRP.9",
        paragraphs=[
            {"section": "OP", "label": f"OP {n}", "words": speech.sentence(40), "status": "open"}
            for n in range(1, paragraphs + 1)
        ],
    )
    with pen.context.read() as handle:
        already = int(handle.value("select count(*) from op where room = ? and klass = ?", (room, RECORD)))
    Hall(desks, room, text, speech, mixed).talk(operations - already if mixed else operations)
    worlds.close(*desks)
    return {"room": room, "text": text, "paragraphs": paragraphs, "operations": operations}


class Hall:
    """Delegations that all hear everything at once; what they say enters the vault of the first."""

    def __init__(self, desks: list[Desk], room: str, text: str, speech: worlds.Speech, mixed: bool) -> None:
        self.mixed = mixed
        self.vault, self.room, self.text = desks[0], room, text
        self.speech, self.pick = speech, speech.random
        self.peers = [worlds.Peer(one) for one in desks]
        self.counts = [0] * len(desks)
        self.open: list[str] = []
        self.all: list[str] = []
        with self.vault.context.read() as handle:
            line = handle.row("select held, head from log where room = ? and klass = ? and device = ?",
                              (room, RECORD, self.vault.me().device))  # fmt: skip
            self.heads = [row[0] for row in handle.rows("select id from head where room = ?", (room,))][-SEEN:]
        self.peers[0].went_on(room, RECORD, *line)

    def talk(self, operations: int) -> None:
        """So many operations, in large transactions."""
        for part in worlds.grouped(operations, TOGETHER):
            with self.vault.together(), self.vault.context.write() as tx:
                state = self.vault.record.shelf.state(tx, self.text)
                for n in part:
                    who, kind, body = self._next(state, n)
                    signed = self.peers[who].say(self.room, kind, body, tuple(self.heads), RECORD)
                    self.vault.context.enter(tx, signed, RECORD)
                    self.heads = [*self.heads, signed.op.id][-SEEN:]
                    if kind == "text.propose":
                        self.open.append(signed.op.id)
                        self.all.append(signed.op.id)

    def _next(self, state: Any, n: int) -> tuple[int, str, dict[str, Any]]:
        who = self.pick.randrange(1, len(self.peers))
        if self.mixed and self.open and n % 60 == 59:
            chosen = self.open.pop(self.pick.randrange(len(self.open)))
            if state.book.props[chosen].state in ("open", "rebased"):
                return 0, "text.merge", rules.take(state, self.vault.me().device, chosen)
        if self.mixed and self.all and self.pick.random() < 0.5:
            value = self.pick.choice(("support", "oppose", "can go along", "reserve"))
            return who, "text.position", {
                "text": self.text, "target": self.pick.choice(self.all), "value": value, "behalf": "", "replaces": [],
            }  # fmt: skip
        par = state.book.pars[self.pick.choice(state.book.order)]
        start = self.pick.randrange(len(par.words))
        quote = par.words[start : start + self.pick.randrange(9)]
        self.counts[who] += 1
        return who, "text.propose", {
            "text": self.text, "number": self.counts[who], "what": "words", "paragraph": par.id, "ver": par.ver,
            "span": [start, start + len(quote)], "quote": quote, "words": "new " + self.speech.sentence(3), "reason": "",
        }  # fmt: skip
