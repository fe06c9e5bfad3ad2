"""Comparing words live: the laptop's part in the exchange that domain.compare folds.

What a laptop has chosen in secret lives in the memory of this process only: locking or a restart ends a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from valise.desk import roster as rosters
from valise.desk.contacts import ContactsDesk
from valise.desk.context import CHAT, Context
from valise.desk.rooms import RoomsDesk
from valise.desk.trust_views import Live, LiveStage
from valise.domain import compare as rules
from valise.domain.compare import Talk
from valise.domain.errors import NotAllowed, Refused
from valise.protocol import operation, sas
from valise.protocol.canonical import b64u
from valise.protocol.sas import Sas, Side
from valise.vault import people
from valise.vault.append import Touched
from valise.vault.store import Handle, Tx

_TALKS = "kind >= 'compare.' and kind < 'compare/'"  # in the very words of the index (schema 018)


@dataclass(frozen=True, slots=True)
class Mine:
    """A comparison this laptop takes part in. `at` = our clock when it began, `over` = why it ended, "" while it goes on."""

    talk: str
    room: str
    nonce: str
    at: int
    started: bool
    revealed: bool = False
    over: str = ""


class LiveDesk:
    """Live comparisons, one at a time with each delegation."""

    def __init__(self, context: Context, contacts: ContactsDesk, rooms: RoomsDesk) -> None:
        self.context = context
        self.contacts = contacts
        self.rooms = rooms
        self._mine: dict[str, Mine] = {}  # delegation -> the newest
        self._done: set[str] = set()  # talks a person has answered or put off

    def live(self, delegation: str) -> Live:
        """Where it stands."""
        with self.context.read() as handle:
            mine = self._mine.get(delegation)
            asks = self._asks(handle, delegation)
            if mine is None or (mine.over and asks):
                hindered = self._hindered(handle, delegation)
                return Live("asked", until=asks[1] + rules.TERM, hindered=hindered) if asks else Live("none", hindered=hindered)
            stage, why, talk = self._stage(handle, delegation, mine)
            if stage != "ready" or talk is None:
                hindered = self._hindered(handle, delegation) if stage == "ended" else ""
                return Live(stage, why=why, until=mine.at + rules.TERM, hindered=hindered)
            made = self._words(handle, talk, mine.room)
            return Live("ready", made.words, made.digits, until=mine.at + rules.TERM)

    def asked(self) -> tuple[str, ...]:
        """Delegations that wait for our answer."""
        with self.context.read() as handle:
            if not handle.row(f"select 1 from op where {_TALKS} limit 1"):
                return ()
            known = [one.id for one in people.everybody(handle) if not one.own]
            return tuple(one for one in known if one not in self._going() and self._asks(handle, one))

    def compare(self, delegation: str) -> Live:
        """Ask, or answer who asks."""
        with self.context.write() as tx:
            hindered = self._hindered(tx, delegation)
            if hindered:
                raise NotAllowed(hindered)
            asks = self._asks(tx, delegation)
            if asks:
                self._answer(tx, delegation, asks[0], asks[2])
            else:
                self._offer(tx, delegation)
        return self.live(delegation)

    def same(self, delegation: str) -> None:
        """A person says that the words are the same."""
        with self.context.write():
            self._ready(delegation)
            self.contacts.verified(delegation, "words")
        self._end(delegation)

    def different(self, delegation: str) -> None:
        """A person says that they are not."""
        with self.context.write():
            self._ready(delegation)
            self.contacts.differs(delegation)
        self._end(delegation)

    def cancel(self, delegation: str) -> None:
        """Give up what goes on, or put off who asks."""
        with self.context.write() as tx:
            mine = self._mine.get(delegation)
            asks = self._asks(tx, delegation)
            name, room = (mine.talk, mine.room) if mine and not mine.over else (asks[0].id, asks[2]) if asks else ("", "")
            if name:
                self.context.author(tx, room, "compare.cancel", {"talk": name}, klass=CHAT)
        self._end(delegation, name)

    def attend(self) -> None:
        """After a round: open our commitment to who answered; give way where both sides asked at once."""
        going = self._going()
        if not going:
            return
        with self.context.read() as handle:
            todo = [(one, self._stage(handle, one, mine)) for one, mine in going.items()]
            asks = {one: self._asks(handle, one) for one in going}
        for one, (stage, why, talk) in todo:
            mine, other = going[one], asks[one]
            if stage == "ended":
                self._mine[one] = replace(mine, over=why)
                self._say(one)
            elif talk is not None and talk.stage == "answered" and mine.started and not mine.revealed:
                with self.context.write() as tx:
                    body = {"talk": mine.talk, "nonce": mine.nonce, "answer": talk.answer}
                    self.context.author(tx, mine.room, "compare.reveal", body, klass=CHAT)
                self._mine[one] = replace(mine, revealed=True)
            elif talk is not None and talk.stage == "offered" and other and other[0].id < mine.talk:
                with self.context.write() as tx:  # both pressed at once: the lower id goes on
                    self.context.author(tx, mine.room, "compare.cancel", {"talk": mine.talk}, klass=CHAT)
                    self._answer(tx, one, other[0], other[2])

    # -- the parts of it

    def _offer(self, tx: Tx, delegation: str) -> None:
        room = room_with(self.context, tx, delegation) or self.rooms.create("bilateral", "", [delegation])
        talk, nonce = b64u(self.context.entropy(sas.NONCE)), b64u(self.context.entropy(sas.NONCE))
        me = self._side(tx, self.context.own.device)
        said = sas.commitment(talk, room, me, nonce)
        body = {"talk": talk, "commitment": said, "certificate": me.certificate}
        self.context.author(tx, room, "compare.offer", body, klass=CHAT)
        self._mine[delegation] = Mine(talk, room, nonce, self.context.clock.now(), True)

    def _answer(self, tx: Tx, delegation: str, talk: Talk, room: str) -> None:
        if self._side(tx, talk.starter).certificate != talk.starter_certificate:
            raise NotAllowed("compare.card")  # its card here is not the one it has: words would differ for no reason
        nonce, me = b64u(self.context.entropy(sas.NONCE)), self._side(tx, self.context.own.device)
        body = {"talk": talk.id, "nonce": nonce, "certificate": me.certificate}
        self.context.author(tx, room, "compare.answer", body, klass=CHAT)
        self._mine[delegation] = Mine(talk.id, room, nonce, self.context.clock.now(), False)

    def _stage(self, handle: Handle, delegation: str, mine: Mine) -> tuple[LiveStage, str, Talk | None]:
        if mine.over:
            return "ended", mine.over, None
        if not rules.fresh(mine.at, self.context.clock.now()):
            return "ended", "expired", None
        talk = self._fold(handle, mine.room)[0].get(mine.talk)
        if talk is None:
            return "ended", "cancelled", None
        if talk.stage == "void":
            return "ended", talk.why, talk
        if not mine.started and (talk.answerer, talk.answer) != (self.context.own.device, mine.nonce):
            return "ended", "second answer", talk
        if talk.answerer:
            claimed = {talk.starter: talk.starter_certificate, talk.answerer: talk.answerer_certificate}
            for device, certificate in claimed.items():
                found = people.device(handle, device)
                if found is None or found.delegation not in (delegation, self.context.own.delegation):
                    return "ended", "reflected", talk
                if found.certificate_hash != certificate or found.revoked_at:
                    return "ended", "card", talk
        return ("ready" if talk.stage == "open" else "waiting"), "", talk

    def _words(self, handle: Handle, talk: Talk, room: str) -> Sas:
        starter, answerer = self._side(handle, talk.starter), self._side(handle, talk.answerer)
        return sas.compared(talk.id, room, starter, answerer, talk.commitment, talk.opening, talk.answer)

    def _ready(self, delegation: str) -> None:
        """NotAllowed("compare.none") unless both sides see words now."""
        with self.context.read() as handle:
            mine = self._mine.get(delegation)
            if mine is None or self._stage(handle, delegation, mine)[0] != "ready":
                raise NotAllowed("compare.none")

    def _asks(self, handle: Handle, delegation: str) -> tuple[Talk, int, str] | None:
        """The newest offer of a delegation that nobody answered, that is fresh by our clock: (talk, since when, room)."""
        now = self.context.clock.now()
        for room in _rooms_with(self.context, handle, delegation):
            talks, came = self._fold(handle, room)
            for talk in reversed(talks.values()):
                waits = talk.stage == "offered" and talk.starter_delegation == delegation and talk.id not in self._done
                if waits and rules.fresh(came[talk.id], now):
                    return talk, came[talk.id], room
        return None

    def _fold(self, handle: Handle, room: str) -> tuple[dict[str, Talk], dict[str, int]]:
        """Talks of a room, and when each came here by our clock (0 for our own)."""
        rows = handle.rows(
            f"select id, raw, received_at from op where room = ? and klass = 1 and state = 1 and {_TALKS} order by n", (room,)
        )
        ops = [operation.stored(row[0], row[1]) for row in rows]
        came: dict[str, int] = {}
        for op, row in zip(ops, rows, strict=True):
            came.setdefault(op.body["talk"], row[2])

        def opens(talk: Talk, nonce: str) -> bool:
            try:
                return sas.opens(talk.commitment, talk.id, room, self._side(handle, talk.starter), nonce)
            except (NotAllowed, Refused):
                return False

        return rules.fold(ops, opens), came

    def _side(self, handle: Handle, device: str) -> Side:
        """A laptop and its delegation's root, as this vault holds them."""
        found = people.device(handle, device)
        person = people.one(handle, found.delegation) if found else None
        if found is None or person is None:
            raise NotAllowed("contact.unknown")
        return Side(person.root, found.id, found.certificate_hash)

    def _hindered(self, handle: Handle, delegation: str) -> str:
        """Why nothing can be said to a delegation now, or ""."""
        person = people.one(handle, delegation)
        if person is None or person.own:
            return "contact.unknown"
        if person.stopped:
            return f"contact.{person.stopped}"
        if "speak" not in self.context.own.rights:
            return "rights.missing"
        if people.stopped(handle, self.context.own.delegation):
            return "contact.own_added"
        return ""

    def _going(self) -> dict[str, Mine]:
        return {one: mine for one, mine in self._mine.items() if not mine.over}

    def _end(self, delegation: str, talk: str = "") -> None:
        mine = self._mine.pop(delegation, None)
        self._done |= {one for one in (talk, mine.talk if mine else "") if one}
        self._say(delegation)

    def _say(self, delegation: str) -> None:
        with self.context.write():
            self.context.touch(Touched(contacts={delegation}))


def room_with(context: Context, handle: Handle, delegation: str) -> str:
    """A bilateral room with a delegation, the oldest; "" when there is none."""
    return next(iter(_rooms_with(context, handle, delegation)), "")


def _rooms_with(context: Context, handle: Handle, delegation: str) -> list[str]:
    rows = handle.rows(
        "select id from room where kind = 'bilateral' and id in (select room from room_member where delegation = ?)"
        " and id in (select room from room_member where delegation = ?) order by n",
        (delegation, context.own.delegation),
    )
    found = [row[0] for row in rows]
    return [one for one in found if (roster := rosters.of(context, handle, one)) is not None and not roster.unknown]
