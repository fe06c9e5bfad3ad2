"""The internal side of a text: notes, red lines, fallbacks and instructions, and drafts that wait for a second officer.

Everything here is an operation of the internal room, which has no peer; what a second officer releases is signed anew
for the room of the text, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from valise.desk import views
from valise.desk.context import Context
from valise.desk.rooms import RoomsDesk
from valise.domain import internal as rules
from valise.domain.errors import NotAllowed
from valise.domain.internal import Said
from valise.domain.text.fold import TextState
from valise.vault import people
from valise.vault.append import Touched
from valise.vault.store import Handle, Tx

_OFFICER = "left join device on device.id = {0}.device"
_ASKED = (
    "select release_ask.id, text, proposals, coalesce(officer, ''), release_ask.at from release_ask "
    + _OFFICER.format("release_ask")
)
OPEN = ("waiting", "stale")


class InternalDesk:
    """The door's Internal."""

    def __init__(self, context: Context, rooms: RoomsDesk) -> None:
        self.context = context
        self.rooms = rooms

    # notes

    def notes(self, text: str, paragraph: str = "") -> list[views.Note]:
        """What holds, oldest first; of one paragraph, or of all. A note that another took the place of, or that was
        struck, is not among them (the record keeps it)."""
        with self.context.read() as handle:
            rows = handle.rows(
                "select remark.id, text, paragraph, sort, words, coalesce(officer, ''), at from remark "
                + _OFFICER.format("remark")
                + " where text = ?1 and (?2 = '' or paragraph = ?2)"
                "  and not exists (select 1 from remark_struck where remark_struck.remark = remark.id)"
                "  and not exists (select 1 from remark as newer where newer.text = ?1 and newer.replaces = remark.id)"
                " order by at, tick, remark.id",
                (text, paragraph),
            )
        return [views.Note(*row) for row in rows]

    def write(self, text: str, paragraph: str, words: str, sort: str = "note", replaces: str = "") -> str:
        """Keep a note, or put it in the place of another. NotAllowed("internal.*" | "text.unknown")."""
        with self.context.write() as tx:
            self._state(tx, text)
            if replaces:
                self._note(tx, text, replaces)
            body = rules.write(text, paragraph, sort, words, replaces)
            return self._say(tx, "remark.write", body)

    def strike(self, text: str, note: str) -> None:
        """A note no longer holds. NotAllowed("internal.unknown")."""
        with self.context.write() as tx:
            self._note(tx, text, note)
            self._say(tx, "remark.strike", {"text": text, "remark": note})

    # four eyes

    def four_eyes(self) -> views.FourEyes:
        """Whether proposals wait for a second officer, and who that could be."""
        with self.context.read() as handle:
            holds, lifting = self._rule(handle)
            return views.FourEyes(holds, lifting, self._seconds(handle))

    def want_four_eyes(self, on: bool) -> views.FourEyes:
        """Set the rule; to lift it takes two officers. NotAllowed("release.alone") where nobody else could release."""
        with self.context.write() as tx:
            if on and not self._seconds(tx):
                raise NotAllowed("release.alone", "no second officer of the delegation has a laptop that may amend")
            holds, lifting = self._rule(tx)
            if on != holds or (on and lifting) or (not on and lifting != self.context.own.officer):
                self.context.author(tx, self.rooms.internal(), "release.rule", {"on": int(on)})
        return self.four_eyes()

    def hold(self, tx: Tx, text: str, proposals: Sequence[Mapping[str, Any]], replaces: str = "") -> str:
        """Keep proposals back until a second officer releases them; "" when no rule holds them."""
        if not self._rule(tx)[0]:
            return ""
        return self._say(tx, "release.ask", rules.ask(text, proposals, replaces))

    def drafts(self, text: str = "", *, settled: bool = False) -> list[views.HeldDraft]:
        """Drafts that wait for somebody, oldest first (a returned one for its author); with `settled` all of them."""
        with self.context.lock, self.context.read() as handle:
            rows = handle.rows(_ASKED + " where ?1 = '' or text = ?1 order by release_ask.at, tick, release_ask.id", (text,))
            made = [self._draft(handle, *row) for row in rows]
        return [one for one in made if settled or one.state in OPEN or (one.state == "returned" and one.mine)]

    def release(self, draft: str) -> list[str]:
        """Let a draft of another officer leave; returns its proposals.
        NotAllowed("release.own" | "release.decided" | "release.stale" | "release.unknown")."""
        with self.context.write() as tx:
            text, drafts = self._undecided(tx, draft, own=False)
            state, room = self._state(tx, text), self.context.record.shelf.room_of(tx, text)
            made = [
                self.context.author(tx, room, "text.propose", body).op.id
                for body in rules.released(state, self.context.own.delegation, drafts)
            ]
            self._decide(tx, text, draft, "released", "", made)
        return made

    def give_back(self, draft: str, words: str) -> None:
        """Do not release another officer's draft, and say why."""
        with self.context.write() as tx:
            text, _ = self._undecided(tx, draft, own=False)
            self._decide(tx, text, draft, "returned", words.strip()[:2_000], [])

    def take_back(self, draft: str) -> None:
        """Withdraw one's own draft that has not left. NotAllowed("release.other")."""
        with self.context.write() as tx:
            text, _ = self._undecided(tx, draft, own=True)
            self._decide(tx, text, draft, "withdrawn", "", [])

    # inside

    def _rule(self, handle: Handle) -> tuple[bool, str]:
        rows = handle.rows(
            "select at, tick, release_rule.id, coalesce(officer, ''), wanted from release_rule "
            + _OFFICER.format("release_rule")
        )
        return rules.four_eyes(
            Said((at, tick, name), officer, "on" if wanted else "off") for at, tick, name, officer, wanted in rows
        )

    def _seconds(self, handle: Handle) -> tuple[str, ...]:
        now, own = self.context.clock.now(), self.context.own
        every = people.devices(handle, own.delegation)
        return tuple(
            sorted({one.officer for one in every if one.alive(now) and "amend" in one.rights} - {own.officer})
        )

    def _draft(self, handle: Handle, name: str, text: str, raw: str, officer: str, at: int) -> views.HeldDraft:
        drafts = json.loads(raw)
        found = self._decision(handle, name, officer)
        replaced = handle.row("select 1 from release_ask where text = ? and replaces = ?", (text, name))
        if replaced and (found is None or found[0].value != "released"):
            state = "withdrawn"
        elif found is not None:
            state = found[0].value
        else:
            state = "stale" if rules.stale(self._state(handle, text), drafts) else "waiting"
        first = drafts[0]
        return views.HeldDraft(
            name, text, first["paragraph"] or first.get("after", ""),
            tuple(
                views.Held(one["what"], one["paragraph"], (one["span"][0], one["span"][1]), one["quote"], one["words"],
                           one.get("section", ""), one.get("after", ""))
                for one in drafts
            ),
            first["reason"], officer, at, state, officer == self.context.own.officer,
            *((found[0].officer, found[0].order[0], found[1]) if found else ()),
        )  # fmt: skip

    def _decision(self, handle: Handle, draft: str, officer: str) -> tuple[Said, str] | None:
        rows = handle.rows(
            "select at, tick, release_decision.id, coalesce(officer, ''), outcome, words from release_decision "
            + _OFFICER.format("release_decision")
            + " where ask = ?",
            (draft,),
        )
        words = {row[2]: row[5] for row in rows}
        found = rules.outcome(officer, (Said(row[:3], row[3], row[4]) for row in rows))
        return (found, words[found.order[2]]) if found else None

    def _undecided(self, tx: Tx, draft: str, *, own: bool) -> tuple[str, list[dict[str, Any]]]:
        row = tx.row(_ASKED + " where release_ask.id = ?", (draft,))
        if row is None:
            raise NotAllowed("release.unknown", "this draft is not here")
        if self._draft(tx, *row).state not in (*OPEN, *(("returned",) if own else ())):
            raise NotAllowed("release.decided", "this draft is decided")
        if (row[3] == self.context.own.officer) != own:
            raise NotAllowed("release.other" if own else "release.own", "another officer has to do this")
        return row[1], json.loads(row[2])

    def _decide(self, tx: Tx, text: str, draft: str, outcome: str, words: str, proposals: list[str]) -> None:
        self._say(
            tx, "release.decide",
            {"text": text, "ask": draft, "outcome": outcome, "words": words, "proposals": proposals},
        )  # fmt: skip

    def _note(self, tx: Tx, text: str, note: str) -> None:
        if tx.row("select 1 from remark where id = ? and text = ?", (note, text)) is None:
            raise NotAllowed("internal.unknown", "this note is not here")

    def _state(self, handle: Handle, text: str) -> TextState:
        return self.context.record.shelf.state(handle, text)

    def _say(self, tx: Tx, kind: str, body: dict[str, Any]) -> str:
        name = self.context.author(tx, self.rooms.internal(), kind, body).op.id
        self.context.touch(Touched(texts={body["text"]}))
        return name
