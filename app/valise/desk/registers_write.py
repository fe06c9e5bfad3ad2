"""Writing in registers: new rows, changes, undoing, taking out. Every act is one signed operation; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from valise.desk.context import Context
from valise.desk.door_registers import Place
from valise.desk.messages import MessagesDesk
from valise.desk.registers_book import Values
from valise.desk.registers_lists import Seen
from valise.desk.registers_look import Looking
from valise.desk.rooms import RoomsDesk
from valise.domain.errors import NotAllowed
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import Definition
from valise.domain.register.kinds import GONE
from valise.domain.register.reading import LARGEST
from valise.vault import registers
from valise.vault import registers_look as look
from valise.vault.append import Touched
from valise.vault.store import Tx

OUT: Final[Mapping[bool, Values]] = {True: ("yes",), False: ()}


@dataclass(frozen=True, slots=True)
class Making:
    """What many changes in one transaction share: asked once."""

    definition: Definition
    room: str
    known: v.Known
    today: date
    numbers: list[str] = field(default_factory=list)  # running numbers of the year that were given, the last alone once asked


class Writing:
    """Commands on registers."""

    def __init__(self, context: Context, rooms: RoomsDesk, messages: MessagesDesk, looking: Looking) -> None:
        self.context = context
        self.rooms = rooms
        self.messages = messages
        self.looking = looking
        self.book = looking.book

    def making(self, tx: Tx, place: Place) -> Making:
        """NotAllowed("register.unknown" | "register.side" | "register.shared" | "register.not_own")."""
        definition = self.book.one(place.register)
        rules.may(definition, place.side, internal=not place.room)
        today = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC).date()
        room = place.room or self.rooms.internal()
        return Making(definition, room, self.book.may_hold(tx), today)

    def new_row(
        self, tx: Tx, place: Place, values: Mapping[str, Sequence[str]], about: Mapping[str, str], *, by_hand: bool = True
    ) -> Place:
        """NotAllowed("register.about" | "register.exists" | "register.gone" | "register.row" | ...), see `set`."""
        making = self.making(tx, place)
        definition = making.definition
        made = replace(place, row=rules.key(definition, about, self.context.entropy(12).hex()))
        self._own(made)
        if not rules.fits(definition, made.row, self.looking.codes(definition) if "state" in definition.rows else None):
            raise NotAllowed("register.row", "there is no such State or item in this register")
        space = registers.space(tx, place.register, place.side, place.room)
        there = look.by_key(tx, space, made.row) if space is not None else None
        if there is not None:
            raise NotAllowed("register.gone" if there.gone else "register.exists", "the row is there already")
        given = self.book.given(definition, place.side, place.room).get(made.row, {})
        self.change(tx, making, made, Seen(0, made.row, given), values, new=True, by_hand=by_hand)
        return made

    def set(
        self, tx: Tx, place: Place, values: Mapping[str, Sequence[str]], note: str, files: Sequence[str], *, by_hand: bool = True
    ) -> str:
        """The operation, "" when nothing would be otherwise. NotAllowed("register.*"), Refused("register.value")."""
        making = self.making(tx, place)
        self._own(place)
        _, seen = self.looking.one(tx, place)
        if seen.gone:
            raise NotAllowed("register.gone", "the row was taken out")
        return self.change(tx, making, place, seen, values, note=note, files=files, by_hand=by_hand)

    def change(
        self, tx: Tx, making: Making, place: Place, seen: Seen, values: Mapping[str, Sequence[str]], *, note: str = "",
        files: Sequence[str] = (), new: bool = False, by_hand: bool = True,
    ) -> str:  # fmt: skip
        """One operation that brings a row from what it is to `values`."""
        definition = making.definition
        made = rules.changes(
            definition, place.side, seen.cells, values, known=making.known, unsettled=seen.differing, new=new, by_hand=by_hand
        )
        if not made and not new:
            return ""
        if by_hand:
            made = self.completed(tx, making, place, made, new=new)
        return self.say(tx, making.room, place, seen.id, made, note=note, files=self.files(tx, making, made, seen, files))

    def completed(self, tx: Tx, making: Making, place: Place, made: dict[str, Values], *, new: bool) -> dict[str, Values]:
        """With what the program adds: when the row is due for review, and the running number of a new one."""
        definition = making.definition
        if definition.review and rules.REVIEW not in made:
            made[rules.REVIEW] = (rules.next_review(making.today, definition.review),)
        if new and definition.running and definition.running not in made:
            if not making.numbers:
                space = registers.space(tx, place.register, place.side, place.room)
                there = look.beginning(tx, space, definition.running, f"{making.today.year}/") if space is not None else []
                making.numbers.extend(there)
            making.numbers[:] = [rules.running(making.today.year, making.numbers)]  # the last one is all that counts
            made[definition.running] = (making.numbers[0],)
        return made

    def say(
        self, tx: Tx, room: str, place: Place, row: int, made: Mapping[str, Values], *, note: str = "", undoes: str = "",
        files: Iterable[Mapping[str, Any]] = (), replaces: Mapping[str, Sequence[str]] | None = None,
    ) -> str:  # fmt: skip
        """Sign and enter it; it takes the place of everything of ours that stands in these fields, or of `replaces`."""
        replaces = dict(self.standing(tx, row) if replaces is None else replaces)
        if made.get(GONE) == OUT[True]:  # it goes as it was seen; what another laptop says meanwhile is not lost with it
            replaces[GONE] = list(dict.fromkeys(name for names in (replaces.pop(GONE, ()), *replaces.values()) for name in names))
        told = list(files)
        body = rules.body(place.register, place.side, place.row, made, replaces, note=note, undoes=undoes, files=told)
        op = self.context.author(tx, room, "register.set", body).op.id
        for one in told:
            tx.run("insert or ignore into chunk_out(attachment, room, next) values (?,?,0)", (one["id"], room))
        return op

    def standing(self, tx: Tx, row: int) -> dict[str, list[str]]:
        """What of ours stands in a row: field -> operations, newest first."""
        found: dict[str, list[str]] = {}
        for word in look.uttered(tx, row, standing=True) if row > 0 else ():
            if word.author == self.context.own.delegation:
                found.setdefault(word.field, []).insert(0, word.op)
        return found

    def undo(self, tx: Tx, op: str) -> str:
        """NotAllowed("register.operation" | "register.not_own" | "register.undone" | "register.moved_on")."""
        row = tx.row("select author, room from op where id = ? and kind = 'register.set' and state > 0", (op,))
        body = self.looking.body(tx, op)
        if row[0] != self.context.own.delegation:
            raise NotAllowed("register.not_own", "another delegation said this")
        internal = tx.value("select kind from room where id = ?", (row[1],)) == "internal"
        place = Place(body["register"], body["row"], body["side"], "" if internal else row[1])
        self._own(place)
        definition, seen = self.looking.one(tx, place)
        words = look.uttered(tx, seen.id) if seen.id > 0 else []
        if any(self.looking.body(tx, name).get("undoes") == op for name in {one.op for one in words}):
            raise NotAllowed("register.undone", "this change was undone already")
        mine = [one for one in words if one.op == op]
        if not mine or not all(one.stands for one in mine):
            raise NotAllowed("register.moved_on", "the row was changed again since")
        given = self.book.given(definition, place.side, place.room).get(place.row, {})
        made: dict[str, Values] = {}
        others: dict[str, dict[str, Values]] = {}  # operation -> what else stood of it, where this one settled a difference
        for change in body["changes"]:
            before = [one for one in words if one.field == change["field"] and one.op in change["replaces"]]
            made[change["field"]] = before[-1].values if before else given.get(change["field"], ())
            for one in before[:-1]:
                if one.values != made[change["field"]]:
                    others.setdefault(one.op, {})[change["field"]] = one.values
        replaces = self.standing(tx, seen.id)
        for values in others.values():  # they stand beside each other again: none of these takes the place of another
            self.say(tx, row[1], place, seen.id, values, undoes=op, replaces=replaces)
        return self.say(tx, row[1], place, seen.id, made, undoes=op, replaces=replaces)

    def out(self, tx: Tx, place: Place, gone: bool, note: str) -> str:
        """Take a row out, or put it back; "" when it is so already."""
        making = self.making(tx, place)
        self._own(place)
        _, seen = self.looking.one(tx, place)
        if seen.gone == gone and GONE not in seen.differing:
            return ""  # else it is said again, now that everything was seen
        return self.say(tx, making.room, place, seen.id, {GONE: OUT[gone]}, note=note)

    def define(self, tx: Tx, toml: str) -> None:
        """NotAllowed("register.taken" | "register.too_long")."""
        from valise.desk import reference

        if len(toml) > LARGEST or len(toml.encode()) > 120_000:
            raise NotAllowed("register.too_long", "")
        made = reference.read(toml)
        if self.book.shipped(made.id):
            raise NotAllowed("register.taken", "the program has a register of this id")
        self.context.author(tx, self.rooms.internal(), "register.define", {"toml": toml})
        self.context.touch(Touched(registers={made.id}))

    # inside

    def _own(self, place: Place) -> None:
        own = self.context.own
        if place.room and not rules.owns(place.row, own.code, own.delegation):
            raise NotAllowed("register.not_own", "only the State itself writes this row")

    def files(
        self, tx: Tx, making: Making, made: Mapping[str, Values], seen: Seen, files: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Everything told of the files a change brings: those given, and evidence that the row did not have."""
        wanted = dict.fromkeys(files)
        for column in making.definition.columns:
            if column.kind == "evidence":
                wanted.update(dict.fromkeys(one for one in made.get(column.id, ()) if one not in seen.cells.get(column.id, ())))
        told = [self.messages._params(tx, one) for one in wanted]
        from valise.domain.message import attachment_id

        if any(one["id"] != attachment_id(making.room, one) for one in told):
            raise NotAllowed("attachment.other_room")
        return told
