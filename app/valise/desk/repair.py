"""Statements: saying what we hold, and answering what others lack.

One signed statement per room and round acknowledges, asks for gaps and asks for keys. Any member fills a gap of
the record; only its author repeats a conversation. Answers are rate-limited per device and item.
"""

from __future__ import annotations

from valise.desk import ends
from valise.desk import roster as rosters
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.copies import Copies
from valise.desk.departed import Departed
from valise.desk.keys import KeyDesk
from valise.desk.roster import Roster
from valise.domain.errors import Refused
from valise.protocol import canonical, statement
from valise.protocol.frame import Item, Piece
from valise.protocol.statement import LogLine, Statement
from valise.vault import logs, parcels, people, sessions
from valise.vault.append import Touched
from valise.vault.store import Tx

SPACING = 20_000
AUTHOR_FIRST = 60_000
MOST_ITEMS = 2_000


class Repair:
    """Makes and answers statements; used inside the caller's write transaction."""

    def __init__(self, context: Context, keys: KeyDesk, copies: Copies) -> None:
        self.context = context
        self.keys = keys
        self.copies = copies
        self.departed = Departed(context)
        self.spacing = SPACING
        self.author_first = AUTHOR_FIRST
        self._answers: dict[str, dict[tuple[int, str], Item]] = {}
        self._authors: dict[str, set[str]] = {}
        self._alone: dict[tuple[str, str], dict[tuple[int, str], Item]] = {}
        self._alone_by: dict[tuple[str, str], set[str]] = {}
        self._removed: dict[tuple[str, str], None] = {}
        self._said: dict[str, int] = {}
        self.two_lives: set[str] = set()  # rooms we are out of where a laptop of ours holds what another life of this vault signed
        self._again: dict[str, int] = {}
        self._pieces: dict[str, dict[tuple[bytes, int], Piece]] = {}

    def forget(self) -> None:
        """Drop answers gathered in a transaction that was rolled back."""
        self._answers.clear()
        self._authors.clear()
        self._alone.clear()
        self._alone_by.clear()
        self._pieces.clear()
        self._removed.clear()
        self.departed.forget()

    def owe(self, tx: Tx, room: str) -> None:
        """The room hears from us next round."""
        tx.run(
            "insert into statement_due(room, at) values (?,?) on conflict(room) do nothing",
            (room, self.context.clock.now()),
        )

    def introduce(self, tx: Tx, room: str) -> None:
        """Somebody sees another list of members: our next frame says who is in the room (at most once per spacing)."""
        now = self.context.clock.now()
        row = tx.row("select at from repaired where device = '' and item = ?", (room,))
        if row and 0 <= now - row[0] < self.spacing:
            return
        tx.run("insert or replace into repaired(device, item, at) values ('', ?, ?)", (room, now))
        tx.run(
            "insert into statement_due(room, at, introduce) values (?,?,1) on conflict(room) do update set introduce = 1",
            (room, now),
        )

    def removed_talks(self, tx: Tx, room: str, device: str) -> None:
        """A device writes to a room its delegation is no longer in: it has not heard of it (told once per spacing)."""
        now = self.context.clock.now()
        row = tx.row("select at from repaired where device = ? and item = ?", (device, room))
        if row and 0 <= now - row[0] < self.spacing:
            return
        tx.run("insert or replace into repaired(device, item, at) values (?,?,?)", (device, room, now))
        self._removed[(room, device)] = None

    def farewells(self) -> list[tuple[str, str]]:
        """(room, device) pairs to be told; empties it."""
        found, self._removed = sorted(self._removed), {}
        return found

    def repeated(self, tx: Tx, room: str) -> None:
        """A sender repeats itself: it has not heard our acknowledgement (said again at most once per spacing)."""
        now = self.context.clock.now()
        if not 0 <= now - self._again.get(room, 0) < self.spacing:
            self._again[room] = now
            self.owe(tx, room)

    def due(self, tx: Tx) -> list[tuple[str, bool]]:
        """Rooms that hear from us now: (room, introduce)."""
        return [
            (room, bool(introduce))
            for room, introduce in tx.rows("select room, introduce from statement_due order by room")
        ]

    def done(self, tx: Tx, room: str) -> None:
        tx.run("delete from statement_due where room = ?", (room,))

    def somebody_joins(self, room: str) -> None:
        """What was to be repeated of a conversation was for those who are here now; who lacks it asks again."""
        answers = self._answers.get(room, {})
        self._answers[room] = {name: item for name, item in answers.items() if item.klass != CHAT}
        if not self._answers[room]:
            del self._answers[room]

    def answers(self, room: str) -> tuple[list[Item], list[Piece], list[str]]:
        """What this batch of statements made us owe the room, and the delegations that said it; empties it."""
        items = [item for _, item in sorted(self._answers.pop(room, {}).items())]
        pieces = [piece for _, piece in sorted(self._pieces.pop(room, {}).items())]
        return items, pieces, sorted(self._authors.pop(room, ()))

    def answers_alone(self) -> list[tuple[str, str, list[Item], list[str]]]:
        """(room, device, items, the delegations that said them) for this device and not for everybody who is in the room now;
        empties it."""
        found = [
            (*key, [item for _, item in sorted(items.items())], sorted(self._alone_by.pop(key, ())))
            for key, items in sorted(self._alone.items())
        ]
        self._alone = {}
        return found

    def rooms_answered(self) -> list[str]:
        return sorted(self._answers.keys() | self._pieces.keys() | {room for room, _ in (*self._removed, *self._alone, *self.departed.owed)})

    def make(self, tx: Tx, room: str) -> bytes:
        """Our signed statement for a room."""
        lines = []
        for klass, device, stored, last, top in tx.rows(
            "select klass, device, held, head, top from log where room = ? order by klass, device", (room,)
        ):
            own = klass == RECORD and device == self.context.own.device
            held, head = ends.named(self, tx, room) if own else (stored, last)
            lines.append(
                LogLine(klass, device, held, self.mark(tx, room, device, held, head) if klass == RECORD else b"", top)
            )
        wanted = (
            "select distinct missing from op_missing join op on op.id = op_missing.op where op.room = ?"
            " and not exists (select 1 from op as here where here.id = op_missing.missing) order by missing limit ?"
        )
        some = self.context.record.some_wait(tx)
        want = tuple(row[0] for row in tx.rows(wanted, (room, statement.MAX_WANT))) if some else ()
        pieces = []
        for name, chunks in tx.rows(
            "select id, chunks from attachment where room = ? and have < chunks order by at limit 8", (room,)
        ):
            have = {row[0] for row in tx.rows("select i from chunk where attachment = ?", (name,))}
            missing = tuple(i for i in range(chunks) if i not in have)[:64]
            pieces.append((canonical.unb64u(name), missing))
        made = Statement(
            room,
            self.context.own.device,
            self.context.clock.now(),
            tuple(lines),
            want,
            tuple(sessions.wanted_tags(tx, statement.MAX_WANT)),
            tuple(pieces),
            **self.copies.said(tx, room),
        )
        return statement.encode(made, self.context.keys.ed25519)

    def take(self, tx: Tx, device: str, room: str, data: bytes) -> None:
        """Read a device's statement and gather answers. Refused("statement.*", "signature.bad"), NotYet("device.unknown")."""
        certificate = self.context.record.certificates.of(tx, device)
        said = statement.decode(data, certificate.ed25519)
        roster = rosters.of(self.context, tx, room)
        if said.room != room or said.device != device:
            raise Refused("statement.binding")
        if roster is None:
            return
        lines = {(line.klass, line.device): line for line in said.logs}
        if certificate.delegation not in roster.state.members:
            ends.outside(self, tx, roster, device, said, data)
            return
        self.acknowledged(tx, room, device, lines, said.at)
        peer = people.device(tx, device)
        if peer is None or peer.revoked_at:
            return
        if self.copies.heard(tx, said, data):
            self.owe(tx, room)
        if roster.blocked:
            ends.theirs(self, tx, roster, peer, said)
            return
        if said.ask:
            self._asked(tx, room, device)
        for tag in said.tags:
            self.keys.again(tx, tag, peer)
        self._lacks(tx, roster, device, lines, its_own=said.ask)
        for name in said.want:
            self.answer(tx, room, device, "id = ? and room = ? and klass = 0", (name, room))
        for attachment, numbers in said.pieces:
            self._resend_pieces(tx, room, device, canonical.b64u(attachment), numbers)

    def acknowledged(self, tx: Tx, room: str, device: str, lines: dict[tuple[int, str], LogLine], at: int) -> None:
        for klass in (RECORD, CHAT):
            line = lines.get((klass, self.context.own.device))
            if line is None or not line.held:
                continue
            key = (room, klass, self.context.own.device)
            seq = min(line.held, logs.line(tx, key)[2])
            if klass == RECORD:
                seq = logs.confirmed(tx, key, seq, canonical.b64u(line.head))
            if not seq or not parcels.hold(tx, room, klass, device, seq, max(1, min(at, self.context.clock.now()))):
                continue
            self.context.touch(Touched(threads={room}), status=True)
            self.settle(tx, room, klass)
            tags = [
                row[0]
                for row in tx.rows(
                    "select distinct tag from parcel where room = ? and klass = ? and last <= ?", (room, klass, seq)
                )
            ]
            sessions.confirm_keys(tx, device, tags)

    def holds(self, tx: Tx, room: str, klass: int) -> dict[str, int]:
        """Device -> up to where our log need not be put to it: it has said so, or its part in the conversation begins
        later, since it was away meanwhile."""
        found = parcels.holds(tx, room, klass)
        if klass == CHAT:
            for device, seq in tx.rows("select device, seq from chat_base where room = ?", (room,)):
                found[device] = max(found.get(device, 0), seq - 1)
        return found

    def settle(self, tx: Tx, room: str, klass: int) -> None:
        """Forget parcels that everybody still concerned holds."""
        held = self.holds(tx, room, klass)
        roster = rosters.of(self.context, tx, room)
        out = roster is None or (roster.blocked == "room.left" and not rosters.leaving(self.context, tx, roster))
        alive = {one.id for one in roster.devices} if roster is not None and not out else set()
        for tag in parcels.tags_open(tx, room, klass):
            concerned = [one for one in parcels.recipients(tx, tag) if one in alive]
            least = min((held.get(one, 0) for one in concerned), default=2**53)
            parcels.finish(tx, tag, least)

    def _asked(self, tx: Tx, room: str, device: str) -> None:
        """The device wants to know what we hold, of its own log too (answered at most once per spacing)."""
        now, item = self.context.clock.now(), f"ask/{room}"
        row = tx.row("select at from repaired where device = ? and item = ?", (device, item))
        if row is None or not 0 <= now - row[0] < self.spacing // 2:
            tx.run("insert or replace into repaired(device, item, at) values (?,?,?)", (device, item, now))
            self.owe(tx, room)

    def _lacks(
        self, tx: Tx, roster: Roster, device: str, lines: dict[tuple[int, str], LogLine], *, its_own: bool = False
    ) -> None:
        """Operations of the record (and our own chat) that the device has not got, as far as we have them. What it signed
        itself only goes to one that has lost it and says so."""
        room = roster.state.id
        now = self.context.clock.now()
        for klass, author, held, head, top in list(
            tx.rows("select klass, device, held, head, top from log where room = ?", (room,))
        ):
            own = author == self.context.own.device
            if (author == device and not its_own) or (klass == CHAT and not own):
                continue
            line = lines.get((klass, author))
            theirs = line.held if line else 0
            mine = self.mark(tx, room, author, held, head) if klass == RECORD and line else b""
            if klass == RECORD and line and (theirs > held or (theirs == held and line.head != mine)):
                self.behind(tx, room)
            where = "room = ? and klass = ? and device = ? and seq > ? and seq <= ? and state >= 0"
            if klass == CHAT:
                # an answer is sealed for the whole room: what is older than somebody's part in the conversation is not
                bases = {one.id: sessions.chat_base(tx, room, one.id, self.context.own.device) for one in roster.devices}
                theirs = max(theirs, bases.get(device, 1) - 1)
                common = max(theirs, *(one - 1 for one in bases.values()), theirs)
                if theirs < common:
                    upto = min(common, top, theirs + MOST_ITEMS, self._not_yet(tx, room, klass, device))
                    self.answer(tx, room, device, where, (room, klass, author, theirs, upto), alone=True)
                theirs = common
            if theirs < top:
                upto = min(top, theirs + MOST_ITEMS)
                if own:
                    upto = min(upto, self._not_yet(tx, room, klass, device))
                else:
                    where += f" and (received_at <= {now - self.author_first} or received_at > {now})"
                self.answer(tx, room, device, where, (room, klass, author, theirs, upto))
            if klass == RECORD and line and 0 < line.held <= held and line.head:
                self.other_history(tx, room, device, line, mine)

    def mark(self, tx: Tx, room: str, device: str, held: int, head: str) -> bytes:
        """The head a statement names. Of a log with two histories a hash of all that is known from there on: who knows
        less names another, whichever history he has, and so learns of the proof and of the rest."""
        fork = tx.value(
            "select seq from suspended where room = ? and klass = 0 and device = ? and seq <= ?", (room, device, held)
        )
        if fork is not None:
            ids = tx.rows(
                "select id from op where room = ? and klass = 0 and device = ? and seq >= ? and seq <= ? order by id",
                (room, device, fork, held),
            )
            return canonical.digest("valise/v1/fork", "".join(row[0] for row in ids).encode())
        return canonical.unb64u(head) if head else b""

    def other_history(
        self, tx: Tx, room: str, device: str, line: LogLine, mine: bytes, *, alone: bool = False
    ) -> None:
        """The device names a head that is not ours: give it what it may not know."""
        if line.head == mine:
            return
        here = tx.row(
            "select id from op where room = ? and klass = 0 and device = ? and seq = ? and id = ?",
            (room, line.device, line.held, canonical.b64u(line.head)),
        )
        where = "room = ? and klass = 0 and device = ? and "
        two = tx.row(
            "select seq from suspended where room = ? and klass = 0 and device = ? and seq <= ?",
            (room, line.device, line.held),
        )
        if here is None:
            self.answer(tx, room, device, where + "seq <= ?", (room, line.device, line.held), alone=alone)
        elif two:
            self.answer(tx, room, device, where + "seq >= ?", (room, line.device, two[0]), alone=alone)

    def behind(self, tx: Tx, room: str) -> None:
        """Another holds more of a log, or another history of it: hearing what we hold it will send the rest.

        Its author may be gone, and then nobody else would ever put it to us.
        """
        now = self.context.clock.now()
        if not 0 <= now - self._said.get(room, 0) < self.author_first:
            self._said[room] = now
            self.owe(tx, room)

    def _not_yet(self, tx: Tx, room: str, klass: int, device: str) -> int:
        """Up to where our log only lives in the vault: parcels that are kept are put to this device again by themselves,
        and what is queued has never been sealed."""
        firsts = [
            tx.row("select min(first) from parcel where tag = ?", (tag,))[0]
            for tag in parcels.tags_open(tx, room, klass)
            if device in parcels.recipients(tx, tag)
        ]
        queued = tx.row("select min(seq) from outbox where room = ? and klass = ?", (room, klass))[0]
        return min((one - 1 for one in (*firsts, queued) if one is not None), default=2**53)

    def answer(
        self,
        tx: Tx,
        room: str,
        device: str,
        where: str,
        values: tuple[object, ...],
        *,
        alone: bool = False,
        unsaid: bool = False,
    ) -> None:
        """Operations that go to a device next round, for the whole room or `alone`; `unsaid`: also what waits to be sealed, which
        otherwise goes its own way, or is taken back should this be an old copy."""
        now = self.context.clock.now()
        answers = self._alone.setdefault((room, device), {}) if alone else self._answers.setdefault(room, {})
        rows = tx.rows(
            f"select n, id, klass, raw, sig, author from op where {where}"
            f"{'' if unsaid else ' and not exists (select 1 from outbox where outbox.op = op.id)'}"
            f" order by seq limit {MOST_ITEMS}",
            values,
        )
        for n, name, klass, raw, sig, author in list(rows):
            before = tx.row("select at from repaired where device = ? and item = ?", (device, name))
            if before and 0 <= now - before[0] < self.spacing:
                continue
            tx.run("insert or replace into repaired(device, item, at) values (?,?,?)", (device, name, now))
            answers[(n, name)] = Item(klass, raw, sig)
            by = self._alone_by.setdefault((room, device), set()) if alone else self._authors.setdefault(room, set())
            by.add(author)
        if not answers and alone:
            self._alone.pop((room, device), None)
        elif not answers:
            self._answers.pop(room, None)

    def _resend_pieces(self, tx: Tx, room: str, device: str, name: str, numbers: tuple[int, ...]) -> None:
        now = self.context.clock.now()
        if tx.row("select 1 from chunk_out where attachment = ?", (name,)):
            return
        row = tx.row("select chunks, have from attachment where id = ? and room = ?", (name, room))
        if row is None or row[0] != row[1]:
            return
        pieces = self._pieces.setdefault(room, {})
        for number in numbers[:64]:
            key = f"{name}/{number}"
            before = tx.row("select at from repaired where device = ? and item = ?", (device, key))
            if before and 0 <= now - before[0] < self.spacing:
                continue
            chunk = tx.row("select data from chunk where attachment = ? and i = ?", (name, number))
            if chunk:
                tx.run("insert or replace into repaired(device, item, at) values (?,?,?)", (device, key, now))
                pieces[(canonical.unb64u(name), number)] = Piece(canonical.unb64u(name), number, chunk[0])
        if not pieces:
            self._pieces.pop(room, None)
