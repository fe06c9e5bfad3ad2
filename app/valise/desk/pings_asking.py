"""Asking and being asked: a round leaves as one question to each delegation alone, and an answer is signed by a person's click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from valise.desk.context import Context
from valise.desk.door_pings import Candidate, Progress, Proposal, Question
from valise.desk.door_registers import Row
from valise.desk.pings_directory import Directory, brief, current, label, one_of
from valise.desk.rooms import RoomsDesk
from valise.domain.errors import NotAllowed
from valise.domain.ping import kinds, rules
from valise.domain.ping import marking as markings
from valise.domain.training import fictional
from valise.protocol.canonical import b64u
from valise.vault import people, pings
from valise.vault.store import Handle, Tx

ANSWER_DAYS: Final = 14  # proposed for an answer; a person chooses
NOTHING: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})


class Asking:
    """Opens rounds and answers questions."""

    def __init__(self, context: Context, rooms: RoomsDesk, directory: Directory) -> None:
        self.context = context
        self.rooms = rooms
        self.directory = directory

    def internal(self) -> str:
        """Our internal room, inside a transaction."""
        return self.rooms.internal()

    def may(self, state: str) -> None:
        """NotAllowed("training.real_contact"): in a vault for practice nobody real is asked, and nothing of somebody real noted."""
        if self.context.training and not fictional(state):
            raise NotAllowed("training.real_contact", "a vault for practice reaches fictional delegations only")

    def proposal(self, last: int, due_since: int, titles: Sequence[str] = (), language: str = "en") -> Proposal:
        """Everybody current, the State's own contacts left out; answers asked for within two weeks; a name that none of the
        `titles` has."""
        now = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC)
        by = (now + timedelta(days=ANSWER_DAYS)).replace(hour=18, minute=0, second=0, microsecond=0)
        with self.context.read() as handle:
            here = self.directory.delegations(handle)
        candidates = [self._candidate(one, here) for one in self.directory.rows(language)]
        title = half = f"{now.year}/{1 if now.month < 7 else 2}"
        number = 1
        while any(one.endswith(title) for one in titles):
            number += 1
            title = f"{half} ({number})"
        return Proposal(title, last, due_since, int(by.timestamp() * 1000),
                        tuple(sorted(candidates, key=lambda one: (one.state, one.label, one.contact))))  # fmt: skip

    def _candidate(self, row: Row, here: Mapping[str, str]) -> Candidate:
        fields = {name: cell.values for name, cell in row.cells.items()}
        shown = {name: cell.shown for name, cell in row.cells.items()}
        state = one_of(fields, "state")
        hindered = "own" if state == self.context.own.code else "" if current(fields) else "status"
        try:
            self.may(state)
        except NotAllowed:
            hindered = "training"
        return Candidate(row.place.row, state, label(shown), "here" if here.get(state) else "outside", hindered)

    def open(
        self, title: str, *, due: int, contacts: Sequence[str], forum: str = "", exercise: bool = False, words: str = "",
        outside: Sequence[str] = (), progress: Progress | None = None,
    ) -> str:  # fmt: skip
        """Open a round; in the same transaction a question to every delegation concerned that we exchange with."""
        with self.context.write() as tx:
            rows = {one.place.row: one for one in self.directory.rows("en", contacts)} if contacts else {}
            if any(one not in rows for one in contacts):
                raise NotAllowed("register.row", "there is no such entry")
            here, apart = self.directory.delegations(tx), set(outside)
            asked = []
            for one in contacts:
                state = self._state(rows[one])
                self.may(state)
                if state == self.context.own.code:
                    raise NotAllowed("ping.own", "nobody asks himself")
                way = "here" if here.get(state) and one not in apart else "outside"
                shown = {name: cell.shown for name, cell in rows[one].cells.items()}
                asked.append({"contact": one, "state": state, "label": brief(label(shown)), "way": way})
            nonce = b64u(self.context.entropy(24))
            body = rules.opened(title, forum, due, asked, nonce, now=self.context.clock.now(), exercise=exercise, words=words)
            round = self.context.author(tx, self.internal(), "ping.round", body).op.id
            places = _rooms(tx, self.context.own.delegation)
            for n, told in enumerate(asked):
                if progress:
                    progress(n, len(asked))
                if told["way"] == "here":
                    self._ask(tx, places, here[told["state"]], rows[told["contact"]], body, told["contact"])
            if progress:
                progress(len(asked), len(asked))
            return round

    def _ask(
        self, tx: Tx, places: dict[str, str], delegation: str, row: Row, round: Mapping[str, object], contact: str
    ) -> None:
        """The question to one delegation. Of the round it says title and date; of others nothing, not even how many."""
        if delegation not in places:
            places[delegation] = self.rooms.create("bilateral", "", [delegation])
        fields = {name: cell.values for name, cell in row.cells.items() if cell.values and not cell.unfit}
        shown = {name: cell.shown for name, cell in row.cells.items()}
        self.context.author(tx, places[delegation], "ping.ask", {
            "token": kinds.token(str(round["nonce"]), contact), "title": round["title"], "forum": round["forum"],
            "role": label(shown)[:300], "due": round["due"], "exercise": round["exercise"],
            "marking": markings.of(one_of(fields, "marking"))[:60], "entry": rules.entry(fields),
        })  # fmt: skip

    def questions(self) -> list[Question]:
        """What others ask us, newest first."""
        with self.context.read() as handle:
            names = {one.id: (one.code, one.name) for one in people.everybody(handle)}
            found = pings.questions(handle, self.context.own.delegation)
        return [_question(asked, given, names) for asked, given in found]

    def answer(self, question: str, says: str, *, changes: Mapping[str, Sequence[str]] = NOTHING, words: str = "") -> str:
        """Sign an answer; takes the place of what we said before to the same question."""
        told = {name: tuple(value) for name, value in changes.items()}
        with self.context.write() as tx:
            found = pings.question(tx, question, self.context.own.delegation)
            if found is None:
                raise NotAllowed("ping.unknown", "nobody asked this")
            asked, given = found
            self.may(self._code(tx, asked.author))
            taken = {one for each in given for one in each.answer.replaces}
            before = [one.answer.id for one in given if one.answer.id not in taken]
            body = rules.answer(asked.id, says, told, words, before)
            return self.context.author(tx, asked.room, "ping.answer", body).op.id

    def _state(self, row: Row) -> str:
        return one_of({name: cell.values for name, cell in row.cells.items()}, "state")

    def _code(self, handle: Handle, delegation: str) -> str:
        person = people.one(handle, delegation)
        return person.code if person else ""


def _rooms(handle: Handle, own: str) -> dict[str, str]:
    """Delegation -> the oldest room of the two of us."""
    rows = handle.rows(
        "select delegation, room.id from room join room_member on room_member.room = room.id"
        " where kind = 'bilateral' and delegation != ? order by n desc",
        (own,),
    )
    return {row[0]: row[1] for row in rows}


def _question(asked: pings.Question, given: Sequence[pings.Said], names: Mapping[str, tuple[str, str]]) -> Question:
    code, name = names.get(asked.author, ("", ""))
    taken = {one for each in given for one in each.answer.replaces}
    standing = [one for one in given if one.answer.id not in taken]
    said = max(standing, key=lambda one: (one.answer.at, one.answer.id), default=None)
    first = min((one.answer.at for one in given), default=0)
    return Question(
        asked.id, asked.author, code, name, asked.title, asked.forum, asked.role, asked.due, asked.exercise, asked.marking,
        tuple(asked.entry.items()), asked.at, asked.received_at, said.answer.says if said else "", said.answer.at if said else 0,
        said.officer if said else "", 0 < asked.due < first, said.answer.changes if said else {}, said.answer.words if said else "",
    )  # fmt: skip
