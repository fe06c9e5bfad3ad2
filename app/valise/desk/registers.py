"""Registers: the door's part. Looking, writing, files and kept filters are modules of their own beside it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from valise.desk.context import Context
from valise.desk.door_registers import Event, Filter, Matrix, Place, Preview, Progress, Row, Saved
from valise.desk.messages import MessagesDesk
from valise.desk.registers_book import Book
from valise.desk.registers_files import Files
from valise.desk.registers_look import Looking
from valise.desk.registers_write import Writing
from valise.desk.rooms import RoomsDesk
from valise.desk.state_names import StateNames
from valise.domain.errors import NotAllowed
from valise.domain.register.definition import Definition, Side
from valise.vault.append import Touched

__all__ = ["RegistersDesk"]

EVERYTHING = Filter()


class RegistersDesk:
    """The door's Registers."""

    def __init__(self, context: Context, rooms: RoomsDesk, messages: MessagesDesk, *, local: bool = False) -> None:
        """`local`: States are called as this vault has it; for the window alone, never for what is sent."""
        self.context = context
        self.messages = messages
        self.rooms = rooms
        self.book = Book(context)
        self.states = StateNames(context)
        if local:
            self.book.called, self.book.official = self.states.called, self.states.official
        self.looking = Looking(context, self.book)
        self.writing = Writing(context, rooms, messages, self.looking)
        self.files = Files(context, self.looking, self.writing)

    def definitions(self) -> list[Definition]:
        """Every register, in order."""
        return self.book.all()

    def definition(self, register: str) -> Definition:
        """NotAllowed("register.unknown")."""
        return self.book.one(register)

    def define(self, toml: str) -> Definition:
        """Refused("register.toml"), NotAllowed("register.taken" | "register.too_long")."""
        from valise.desk import reference

        made = reference.read(toml)
        with self.context.write() as tx:
            self.writing.define(tx, toml)
        return made

    def names(self, kind: str, language: str = "en") -> list[tuple[str, str]]:
        """(value, name) of what a column of this kind can be."""
        return self.book.names(kind, language)

    def state_names(self) -> dict[str, str]:
        """See Registers.state_names."""
        return dict(self.states.all())

    def name_state(self, code: str, name: str | None, *, language: str = "en") -> None:
        """See Registers.name_state."""
        self.states.set(code, name, language)

    # looking

    def ids(
        self, register: str, side: Side = "stated", *, filter: Filter = EVERYTHING, sort: str = "", room: str = "",
        language: str = "en",
    ) -> array[int]:  # fmt: skip
        """Ids of the rows that pass, in order; States in the order of that language."""
        return self.looking.ids(register, side, filter, sort, room, language)

    def page(self, ids: Sequence[int], language: str = "en") -> list[Row]:
        """What a table shows of these rows."""
        return self.looking.page(ids, language)

    def row(self, place: Place, language: str = "en") -> Row:
        """NotAllowed("register.row")."""
        return self.looking.row(place, language)

    def history(self, place: Place, field: str = "", language: str = "en") -> list[Event]:
        """Every change of a row or of one field, newest first."""
        return self.looking.history(place, field, language)

    def matrix(
        self, register: str, side: Side, cell: str, *, filter: Filter = EVERYTHING, language: str = "en"
    ) -> Matrix:
        """State (or delegation) down, item across."""
        return self.looking.matrix(register, side, cell, filter, language)

    def counts(self, register: str, side: Side, column: str, *, filter: Filter = EVERYTHING) -> dict[str, int]:
        """How many rows have each choice."""
        return self.looking.counts(register, side, column, filter)

    # writing

    def new_row(
        self, register: str, values: Mapping[str, Sequence[str]], *, side: Side = "stated", room: str = "",
        about: Mapping[str, str] | None = None,
    ) -> Place:  # fmt: skip
        """See Registers.new_row."""
        with self.context.write() as tx:
            return self.writing.new_row(tx, Place(register, "", side, room), values, about or {})

    def set(self, place: Place, values: Mapping[str, Sequence[str]], *, note: str = "", files: Sequence[str] = ()) -> str:
        """See Registers.set; "" when nothing would be otherwise."""
        with self.context.write() as tx:
            return self.writing.set(tx, place, values, note, files)

    def put(self, place: Place, values: Mapping[str, Sequence[str]], *, note: str = "") -> str:
        """`set` by the program itself: also columns that nobody writes by hand (a ping's date), and no review is due anew."""
        with self.context.write() as tx:
            return self.writing.set(tx, place, values, note, (), by_hand=False)

    def undo(self, op: str) -> str:
        """See Registers.undo."""
        with self.context.write() as tx:
            return self.writing.undo(tx, op)

    def take_out(self, place: Place, note: str = "") -> str:
        """The row is shown no more; it and all that was said of it stay in the record."""
        with self.context.write() as tx:
            return self.writing.out(tx, place, True, note)

    def put_back(self, place: Place) -> str:
        """A row that was taken out is there again."""
        with self.context.write() as tx:
            return self.writing.out(tx, place, False, "")

    def attach(self, place: Place, name: str, data: bytes, progress: Progress | None = None) -> str:
        """Refused("attachment.too_large")."""
        room = place.room or self.rooms.internal()
        return self.messages.attach(room, name, data, progress).id

    def file(self, evidence: str) -> tuple[str, bytes]:
        """(name, verified bytes). NotYet("attachment.incomplete"), NotAllowed("attachment.unknown")."""
        return self.messages.attachment_view(evidence).name, self.messages.attachment(evidence)

    # kept filters

    def saved(self, register: str = "") -> list[Saved]:
        """Filters kept on this laptop, by register and name."""
        with self.context.read() as handle:
            rows = handle.rows(
                "select told from register_saved where ?1 in ('', register) order by register, name", (register,)
            )
        return [_saved(json.loads(one)) for (one,) in rows]

    def save(self, saved: Saved) -> None:
        """Keep a filter, in place of one of the same name. NotAllowed("register.name")."""
        name = " ".join(saved.name.split())
        if not 0 < len(name) <= 100:
            raise NotAllowed("register.name", "a filter needs a name of at most 100 letters")
        told = {
            "name": name, "register": saved.register, "side": saved.side, "view": saved.view, "sort": saved.sort,
            "words": saved.filter.words, "only": {key: list(some) for key, some in saved.filter.only.items()},
            "due": saved.filter.due, "differs": saved.filter.differs, "gone": saved.filter.gone,
        }  # fmt: skip
        with self.context.write() as tx:
            tx.run(
                "insert or replace into register_saved(register, name, told, saved_at) values (?,?,?,?)",
                (saved.register, name, json.dumps(told, ensure_ascii=False, sort_keys=True), self.context.clock.now()),
            )
            self.context.touch(Touched(registers={saved.register}))

    def drop(self, register: str, name: str) -> None:
        """Forget a kept filter."""
        with self.context.write() as tx:
            tx.run("delete from register_saved where register = ? and name = ?", (register, name))
            self.context.touch(Touched(registers={register}))

    # files

    def export(
        self, register: str, side: Side, form: str, to: Path, *, ids: Sequence[int] | None = None, view: str = "",
        language: str = "en", progress: Progress | None = None,
    ) -> int:  # fmt: skip
        """See Registers.export."""
        return self.files.export(register, side, form, to, ids, view, language, progress)

    def read(self, register: str, side: Side, file: Path, progress: Progress | None = None) -> Preview:
        """See Registers.read."""
        return self.files.read(register, side, file, progress)

    def take(self, token: str, progress: Progress | None = None) -> int:
        """See Registers.take."""
        return self.files.take(token, progress)


def _saved(told: Mapping[str, object]) -> Saved:
    only = told["only"]
    assert isinstance(only, dict)
    return Saved(
        str(told["name"]), str(told["register"]), "assessed" if told["side"] == "assessed" else "stated",
        Filter(str(told["words"]), {key: tuple(some) for key, some in only.items()}, str(told["due"]), bool(told["differs"]),
               bool(told["gone"])),
        str(told["view"]), str(told["sort"]),
    )  # fmt: skip
