"""Registers in memory: a State x norm register with both sides, one of records with every kind of column, one of 100,000 rows.

`one_differs()` lets two standing values meet in a cell. Pages asked for are kept in `pages`.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
from fake_door import Part, recorded

from valise.desk import door_registers as r
from valise.desk import reference
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Refused
from valise.domain.register.definition import Choice, Column, Definition, ExportForm, Item, Side, View, Words

STATES = {
    "XA": "Aurelia", "XB": "Borovia", "XC": "Castellan Republic", "XD": "Dravenia", "XE": "Eastmark",
    "XF": "Freeland Islands", "XG": "Gallia Minor", "XH": "Hesperia", "XI": "Isonia", "XJ": "Jorvik Federation",
    "XL": "Lysandria", "XM": "Meridia",
}  # fmt: skip
DAY = 86_400_000


def w(english: str, **more: str) -> Words:
    return Words({"en": english, **more})


STATUSES = tuple(
    Choice(one, w(title), sign, w(means))
    for one, title, sign, means in (
        ("not_stated", "Not stated", "·", "No information is held."),
        ("considering", "Under consideration", "?", "The State says that it studies the matter."),
        ("planned", "Planned", "○", "Decided, not begun."),
        ("partial", "In part", "◐", "Some measures were taken."),
        ("in_place", "In place", "●", "Measures were taken, evidence is attached."),
        ("not_applicable", "Not applicable", "–", "Declared by the State itself."),
        ("needs_assistance", "Assistance sought", "+", "Help is asked for."),
    )
)
STATED = (
    Column("status", "choice", w("Status", fr="État"), choices=STATUSES, asks=("date", "author"), wide=20, source="editorial"),
    Column("date", "date", w("Date of statement"), wide=12),
    Column("author", "text", w("Stated by"), help=w("The office or officer that said it, and where."), wide=18),
    Column("statement", "long", w("Statement"), wide=30),
    Column("symbol", "symbol", w("Document symbol"), wide=14),
    Column("action", "text", w("Action"), wide=20),
    Column("office", "text", w("Responsible office"), wide=20),
    Column("evidence", "evidence", w("Evidence"), many=True, wide=10),
    Column("review", "date", w("Next review"), wide=12),
    Column("confidence", "choice", w("Confidence"), internal=True, wide=12,
           choices=(Choice("low", w("Low"), "▁"), Choice("high", w("High"), "▇"))),
)  # fmt: skip
NORMS = "abcdefghijk"
NORM_NAMES = ("Cooperation", "Consider all information", "No misuse of territory", "Exchange and assist", "Human rights online",
              "No harm to infrastructure", "Protect infrastructure", "Answer requests", "Supply chain", "Report vulnerabilities",
              "No harm to emergency teams")  # fmt: skip


def views() -> tuple[View, ...]:
    return (
        View("table", "table", w("Table"), ("status", "date", "author", "symbol", "office", "review")),
        View("matrix", "matrix", w("States and norms"), cell="status"),
        View("board", "board", w("By status"), ("author", "date"), by="status"),
        View("timeline", "timeline", w("By date"), ("status", "author"), by="date", sort="-date"),
    )


def norms() -> Definition:
    items = tuple(
        Item(one, w(f"Norm ({one}) {NORM_NAMES[n]}"), f"A/70/174, para. 13 ({one})",
             w(f"What norm ({one}) asks for, in our own words."),
             "" if one == "a" else f"States should do what norm ({one}) says.",
             "" if one == "a" else "recollected" if one == "b" else "verbatim", "Norms")
        for n, one in enumerate(NORMS)
    )  # fmt: skip
    return Definition(
        "norms", w("Norms of responsible State behaviour", fr="Normes"), ("state", "item"), STATED, help=w("What States say of the eleven norms."),
        screen="commitments", order=10, sides=("stated", "assessed"), items=items, views=views(), review=12,
        exports=(ExportForm("survey", "docx", w("National survey")),),
    )  # fmt: skip


def cbms() -> Definition:
    items = tuple(
        Item(f"UN-CBM-{n}", w(f"CBM {n}"), "A/78/265, annex B", w(f"What CBM {n} is about."), f"Measure {n}", "recollected", "Global")
        for n in range(1, 9)
    )
    return Definition("cbm.global", w("Global confidence-building measures"), ("state", "item"), STATED, screen="commitments", order=20,
                      sides=("stated", "assessed"), items=items, views=views())  # fmt: skip


def letters() -> Definition:
    return Definition(
        "correspondence", w("Correspondence"), ("record",),
        (
            Column("number", "text", w("Number"), by_hand=False, wide=10),
            Column("subject", "text", w("Subject"), required=True, wide=30),
            Column("way", "choice", w("Way"), required=True, wide=10,
                   choices=(Choice("sent", w("Sent"), "→"), Choice("received", w("Received"), "←"))),
            Column("date", "date", w("Date"), wide=12),
            Column("heard", "moment", w("Heard at"), wide=18),
            Column("count", "number", w("Pages"), wide=8),
            Column("answered", "yesno", w("Answered"), wide=8),
            Column("state", "state", w("State"), wide=16),
            Column("circle", "state", w("Copied to"), many=True, wide=16),
            Column("with", "delegation", w("Delegation"), wide=16),
            Column("marking", "marking", w("Marking"), wide=12),
            Column("language", "language", w("Language"), wide=10),
            Column("mail", "email", w("Electronic mail"), wide=20),
            Column("link", "url", w("Address"), wide=20),
            Column("paragraph", "paragraph", w("Paragraph"), wide=16),
            Column("evidence", "evidence", w("Files"), many=True, wide=12),
            Column("tags", "text", w("Topics"), many=True, wide=16),
            Column("notes", "long", w("Notes"), wide=30),
            Column("zone", "zone", w("Time zone"), wide=14),
        ),
        help=w("Notes verbales and letters, with a running number."), order=100, shared=True,
        views=(
            View("table", "table", w("Table"), ("number", "subject", "way", "date", "state", "marking")),
            View("board", "board", w("Sent and received"), ("date",), by="way"),
            View("timeline", "timeline", w("By date"), ("way",), by="date", sort="-date"),
        ),
        title_columns=("number", "subject"), running="number",
    )  # fmt: skip


def many() -> Definition:
    return Definition("practices", w("Practices"), ("record",), (Column("name", "text", w("Name"), wide=30), Column("kind", "text", w("Kind"))),
                      order=200, title_columns=("name",))  # fmt: skip


MANY = 100_000
DEFINED = """id = "own"
"""


class FakeRegisters(Part):
    part = "registers"

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.known: dict[str, Definition] = {one.id: one for one in (norms(), cbms(), letters(), many())}
        self.rows: dict[tuple[str, str, Side], dict[str, list[r.Said]]] = {}
        self.gone: set[tuple[str, str, Side]] = set()
        self.called: dict[str, str] = {}
        self.parted: set[tuple[str, str, Side]] = set()
        self.events: dict[tuple[str, str, Side], list[r.Event]] = {}
        self.before: dict[str, tuple[tuple[str, str, Side], dict[str, list[r.Said]]]] = {}
        self.order: list[tuple[str, str, Side]] = []
        self.kept: list[r.Saved] = []
        self.files: dict[str, tuple[str, bytes]] = {"ev1": ("decree.pdf", b"%PDF fictional")}
        self.pages: list[tuple[int, int]] = []
        self.preview: r.Preview | None = None
        self.bulk = 0 if desk.empty else MANY
        if not desk.empty:
            self._fill()

    # stocking

    def _fill(self) -> None:
        for n, state in enumerate(STATES):
            for m, norm in enumerate(NORMS):
                if (n * 5 + m * 3) % 4 == 0:
                    continue
                status = STATUSES[(n * 7 + m * 5) % 7].id
                self._put("norms", f"{state}/{norm}", "stated", status=status, date=f"2026-{(n + m) % 12 + 1:02}-{m + 3:02}",
                          author="Ministry of Foreign Affairs", symbol="A/C.1/81/PV.14",
                          **({"action": "Decree on infrastructure", "office": "Cyber office", "review": "2026-06-01"} if state == "XA" else {}),
                          **({"evidence": "ev1"} if norm == "c" else {}))  # fmt: skip
        self._put("norms", "XB/c", "assessed", status="considering", date="2026-03-02", author="Our embassy", confidence="low")
        for n, (subject, way, state) in enumerate((
            ("Nomination of points of contact", "sent", "XB"), ("Visit of the Chair", "received", "XC"),
            ("رسالة بشأن نقاط الاتصال", "received", "XE"), ("Request for consultations", "sent", ""),
        )):  # fmt: skip
            self._put("correspondence", f"r{n}", "stated", number=f"2026/{n + 1:03}", subject=subject, way=way,
                      date=f"2026-{10 - n:02}-0{n + 1}", state=state, marking="TLP:GREEN" if n == 1 else "")  # fmt: skip

    def _put(self, register: str, row: str, side: Side, **values: str) -> None:
        key = (register, row, side)
        at = d.NOW - DAY * (len(self.order) % 90 + 1)
        self.rows[key] = {
            field: [r.Said(d.ident(f"{key}{field}"), (value,), "XA", "Delegate", at, True)] for field, value in values.items() if value
        }
        self.order.append(key)

    def one_differs(self, row: str = "XB/a", field: str = "status", *values: str) -> None:
        """Two laptops said different things."""
        key = ("norms", row, "stated")
        self.rows.setdefault(key, {})
        if key not in self.order:
            self.order.append(key)
        self.rows[key][field] = [
            r.Said(d.ident(f"{row}{n}"), (value,), "XA", who, d.NOW - n * DAY, True, "seen at the session" if n else "")
            for n, (value, who) in enumerate(zip(values or ("planned", "in_place"), ("Delegate", "Second Secretary"), strict=True))
        ]
        self.desk.touch(Changes(registers=frozenset({"norms"})))

    def one_parts(self, register: str = "correspondence", row: str = "r0") -> None:
        """One laptop took it out while another changed it."""
        self.parted.add((register, row, "stated"))
        self.desk.touch(Changes(registers=frozenset({register})))

    # reading

    def _definition(self, register: str) -> Definition:
        if register == "contacts":  # that of the program: the directory has its form; the lists of these tests go without it
            return self.known.get(register) or next(one for one in reference.registers() if one.id == register)
        if register not in self.known:
            raise NotAllowed("register.unknown")
        return self.known[register]

    def _states(self, language: str) -> list[tuple[str, str]]:
        return [(one.code, self.called.get(one.code, one.in_(language)) or one.code) for one in reference.states(fictional=True, language=language)]

    def _names(self, kind: str, language: str = "en") -> list[tuple[str, str]]:
        if kind == "state":
            return self._states(language)
        if kind == "delegation":
            return [(d.delegation(code), f"{code} {name}") for code, name in d.NAMES.items()]
        if kind == "marking":
            return [(one, one) for one in ("TLP:RED", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")]
        if kind == "language":
            return [("ar", "Arabic"), ("en", "English"), ("fr", "French")]
        if kind == "zone":
            return [("Europe/Zurich", "Europe/Zurich"), ("America/New_York", "America/New_York")]
        return []

    def _shown(self, column: Column, values: Sequence[str], language: str) -> str:
        if column.kind == "choice":
            return "; ".join(one.title.in_(language) if (one := column.choice(value)) else value for value in values)
        if column.kind == "yesno":
            return {"yes": "Yes", "no": "No"}.get(values[0], "") if values else ""
        if column.kind == "evidence":
            return "; ".join(self.files[one][0] for one in values if one in self.files)
        if column.kind in ("state", "delegation"):
            names = dict(self._names(column.kind, language))
            return "; ".join(names.get(one, one) for one in values)
        return "; ".join(values)

    def _row(self, key: tuple[str, str, Side], language: str, *, whole: bool) -> r.Row:
        register, row, side = key
        definition = self._definition(register)
        cells = {}
        for column in definition.columns_of(side):
            said = self.rows.get(key, {}).get(column.id, [])
            values = said[0].values if said else ()
            differs = len({one.values for one in said}) > 1
            cells[column.id] = r.Cell(values, self._shown(column, values, language), differs, tuple(said) if whole else ())
        axes = definition.axes_of(row)
        if "state" in axes:
            item = definition.item(axes.get("item", ""))
            title = f"{dict(self._states(language)).get(axes['state'], axes['state'])} · {item.title.in_(language) if item else ''}"
        else:
            title = " ".join(cells[one].shown for one in definition.title_columns) or row
        newest = max((one for said in self.rows.get(key, {}).values() for one in said), key=lambda one: one.at, default=None)
        place = self.order.index(key) + 1 if key in self.order else 0
        differs = any(one.differs for one in cells.values()) or key in self.parted
        return r.Row(place, r.Place(register, row, side), title, cells, differs, key in self.gone,
                     newest.at if newest else 0, f"{newest.code}, {newest.officer}" if newest else "")  # fmt: skip

    def _passes(self, key: tuple[str, str, Side], f: r.Filter) -> bool:
        row = self._row(key, "en", whole=False)
        if (key in self.gone) != f.gone:
            return False
        told = f"{row.title} {' '.join(one.shown for one in row.cells.values())}".casefold()
        if not all(word in told for word in f.words.casefold().split()):
            return False
        axes: dict[str, str] = {f"@{axis}": value for axis, value in self._definition(key[0]).axes_of(key[1]).items()}
        for column, values in f.only.items():
            have = (axes[column],) if column in axes else row.cells[column].values if column in row.cells else ()
            if (values and not set(values) & set(have)) or (not values and have):
                return False
        review = row.cells["review"].values if "review" in row.cells else ()
        return not (f.due and not (review and review[0] < f.due)) and not (f.differs and not row.differs)

    @recorded
    def definitions(self) -> list[Definition]:
        return sorted(self.known.values(), key=lambda one: one.order)

    @recorded
    def definition(self, register: str) -> Definition:
        return self._definition(register)

    @recorded
    def define(self, toml: str) -> Definition:
        if "columns" not in toml:
            raise Refused("register.toml", "line 3, column 1: [[column]] is missing")
        made = Definition("own", w("Our own list"), ("record",), (Column("name", "text", w("Name"), required=True),), order=300,
                          title_columns=("name",))  # fmt: skip
        self.known["own"] = made
        self.desk.touch(Changes(registers=frozenset({"own"})))
        return made

    @recorded
    def names(self, kind: str, language: str = "en") -> list[tuple[str, str]]:
        return self._names(kind, language)

    @recorded
    def state_names(self) -> dict[str, str]:
        return dict(self.called)

    @recorded
    def name_state(self, code: str, name: str | None, *, language: str = "en") -> None:
        self.called.pop(code, None)
        if name is not None:
            self.called[code] = name
        self.desk.touch(Changes(settings=True))

    @recorded
    def ids(self, register: str, side: Side = "stated", *, filter: r.Filter = r.Filter(), sort: str = "", room: str = "",  # noqa: B008
            language: str = "en") -> array[int]:  # fmt: skip
        if register == "practices":
            return array("q", range(1_000_000, 1_000_000 + self.bulk))
        found = [key for key in self.order if key[0] == register and key[2] == side and self._passes(key, filter)]
        if sort:
            column = sort.removeprefix("-")

            def rank(key: tuple[str, str, Side]) -> tuple[str, str]:
                axes = self._definition(register).axes_of(key[1])
                name: Any = column.removeprefix("@")
                if column.startswith("@"):
                    return axes.get(name, ""), key[1]
                return self._row(key, "en", whole=False).cells[column].shown, key[1]

            found.sort(key=rank, reverse=sort.startswith("-"))
        return array("q", (self.order.index(key) + 1 for key in found))

    @recorded
    def page(self, ids: Sequence[int], language: str = "en") -> list[r.Row]:
        self.pages.append((ids[0], len(ids)))
        return [
            self._bulk_row(one) if one >= 1_000_000 else self._row(self.order[one - 1], language, whole=False) for one in ids
        ]

    @staticmethod
    def _bulk_row(one: int) -> r.Row:
        name = f"Practice {one - 1_000_000}"
        return r.Row(one, r.Place("practices", str(one)), name, {"name": r.Cell((name,), name), "kind": r.Cell()}, False, False, 0, "")

    @recorded
    def row(self, place: r.Place, language: str = "en") -> r.Row:
        if place.register == "practices":
            return self._bulk_row(int(place.row))
        key = (place.register, place.row, place.side)
        entry = self.desk.pings.rows.get(place.row) if place.register == "contacts" else None
        if key not in self.rows and entry is not None:  # the directory keeps its entries; the form of the register shows them
            self.rows[key] = {
                field: [r.Said(d.ident(f"{key}{field}"), values, "XA", "Delegate", d.NOW - DAY, True)] for field, values in entry.fields.items()
            }
        if key not in self.rows and not self._definition(place.register).axes_of(place.row).get("state"):
            raise NotAllowed("register.row")
        return self._row(key, language, whole=True)

    @recorded
    def history(self, place: r.Place, field: str = "", language: str = "en") -> list[r.Event]:
        every = self.events.get((place.register, place.row, place.side), [])
        return [one for one in every if not field or one.field == field]

    @recorded
    def matrix(self, register: str, side: Side, cell: str, *, filter: r.Filter = r.Filter(), language: str = "en") -> r.Matrix:  # noqa: B008
        definition = self._definition(register)
        wanted = filter.only.get("@state")
        down = tuple((code, name) for code, name in self._states(language) if wanted is None or code in wanted)
        items = [one for one in definition.items if "@item" not in filter.only or one.id in filter.only["@item"]]

        def at(state: str, item: str) -> r.MatrixCell:
            key: tuple[str, str, Side] = (register, f"{state}/{item}", side)
            if key not in self.rows or key in self.gone:
                return r.MatrixCell("")
            row = self._row(key, language, whole=False)
            values = row.cells[cell].values
            review = row.cells["review"].values
            return r.MatrixCell(values[0] if values else "", row.cells[cell].differs, len(row.cells["evidence"].values),
                                bool(review and review[0] < "2026-11-22"))  # fmt: skip

        return r.Matrix(down, tuple((one.id, one.title.in_(language)) for one in items),
                        tuple(tuple(at(code, one.id) for one in items) for code, _ in down))  # fmt: skip

    @recorded
    def counts(self, register: str, side: Side, column: str, *, filter: r.Filter = r.Filter()) -> dict[str, int]:  # noqa: B008
        found: dict[str, int] = {}
        for key in self.order:
            if key[0] == register and key[2] == side and self._passes(key, filter):
                values = self._row(key, "en", whole=False).cells[column].values or ("",)
                found[values[0]] = found.get(values[0], 0) + 1
        return found

    # writing

    def _write(self, key: tuple[str, str, Side], values: Mapping[str, Sequence[str]], note: str, undoes: str = "") -> str:
        op = d.ident(f"op {len(self.before)} {key}")
        held = {field: list(said) for field, said in self.rows.get(key, {}).items()}
        self.before[op] = (key, held)
        row = self.rows.setdefault(key, {})
        if key not in self.order:
            self.order.append(key)
        definition = self._definition(key[0])
        for field, new in values.items():
            column = definition.column(field)
            assert column is not None, field
            old = row.get(field, [])
            row[field] = [r.Said(op, tuple(new), "XA", "Delegate", self.desk.now, True, note)] if new else []
            self.events.setdefault(key, []).insert(0, r.Event(
                op, field, self._shown(column, old[0].values if old else (), "en"), self._shown(column, list(new), "en"), "XA", "Delegate",
                self.desk.now, note, undoes, not undoes))  # fmt: skip
        self.desk.touch(Changes(registers=frozenset({key[0]})))
        return op

    @recorded
    def new_row(self, register: str, values: Mapping[str, Sequence[str]], *, side: Side = "stated", room: str = "",
                about: Mapping[str, str] = {}) -> r.Place:  # fmt: skip
        definition = self._definition(register)
        if definition.rows == ("record",):
            row = f"r{len(self.order)}"
            number = {definition.running: [f"2026/{len(self.order):03}"]} if definition.running else {}
        else:
            row, number = "/".join(about[axis] for axis in definition.rows), {}
        self._write((register, row, side), {**number, **values}, "")
        return r.Place(register, row, side, room)

    @recorded
    def set(self, place: r.Place, values: Mapping[str, Sequence[str]], *, note: str = "", files: Sequence[str] = ()) -> str:
        definition = self._definition(place.register)
        key = (place.register, place.row, place.side)
        for field in values:
            column = definition.column(field)
            assert column is not None
            for asked in column.asks if values[field] else ():
                if not values.get(asked) and not self.rows.get(key, {}).get(asked):
                    raise NotAllowed("register.asks", asked)
        return self._write(key, values, note)

    @recorded
    def undo(self, op: str) -> str:
        if op not in self.before:
            raise NotAllowed("register.undone")
        key, held = self.before.pop(op)
        for event in self.events[key]:
            if event.op == op:
                self.events[key].insert(0, replace(event, op=d.ident(f"undo {op}"), before=event.after, after=event.before, undoes=op, can_undo=False))
                break
        self.events[key] = [replace(one, can_undo=False) if one.op == op else one for one in self.events[key]]
        self.rows[key] = held
        self.desk.touch(Changes(registers=frozenset({key[0]})))
        return d.ident(f"undo {op}")

    @recorded
    def take_out(self, place: r.Place, note: str = "") -> str:
        self.gone.add((place.register, place.row, place.side))
        self.parted.discard((place.register, place.row, place.side))
        self.desk.touch(Changes(registers=frozenset({place.register})))
        return d.ident("gone")

    @recorded
    def put_back(self, place: r.Place) -> str:
        self.gone.discard((place.register, place.row, place.side))
        self.parted.discard((place.register, place.row, place.side))
        self.desk.touch(Changes(registers=frozenset({place.register})))
        return d.ident("back")

    @recorded
    def attach(self, place: r.Place, name: str, data: bytes, progress: Any = None) -> str:
        if progress is not None:
            progress(1, 1)
        made = f"ev{len(self.files) + 1}"
        self.files[made] = (name, data)
        return made

    @recorded
    def file(self, evidence: str) -> tuple[str, bytes]:
        return self.files[evidence]

    @recorded
    def saved(self, register: str = "") -> list[r.Saved]:
        return [one for one in self.kept if not register or one.register == register]

    @recorded
    def save(self, saved: r.Saved) -> None:
        self.kept = [one for one in self.kept if (one.register, one.name) != (saved.register, saved.name)] + [saved]

    @recorded
    def drop(self, register: str, name: str) -> None:
        self.kept = [one for one in self.kept if (one.register, one.name) != (register, name)]

    # files

    @recorded
    def export(self, register: str, side: Side, form: str, to: Path, *, ids: Sequence[int] | None = None, view: str = "",
               language: str = "en", progress: Any = None) -> int:  # fmt: skip
        definition = self._definition(register)
        chosen = [self.order[one - 1] for one in ids] if ids is not None else [key for key in self.order if key[0] == register and key[2] == side]
        with to.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            columns = definition.columns_of(side)
            writer.writerow([one.title.in_(language) for one in columns])
            for n, key in enumerate(chosen):
                if progress is not None:
                    progress(n + 1, len(chosen))
                row = self._row(key, language, whole=False)
                writer.writerow([row.cells[one.id].shown for one in columns])
        return len(chosen)

    @recorded
    def read(self, register: str, side: Side, file: Path, progress: Any = None) -> r.Preview:
        text = file.read_text("utf-8")
        if not text.strip():
            raise Refused("import.empty")
        place = r.Place(register, "r0", side)
        faults = (r.Fault(3, "Date", "import.date", "31.2.2026"),) if "bad" in text else ()
        changes = (
            r.Change(2, place, "Nomination", "subject", "Nomination of points of contact", "Nomination"),
            r.Change(4, r.Place(register, "new", side), "A further letter", "subject", "", "A further letter", True),
        )
        self.preview = r.Preview("token", 4, 1, changes, faults, 2, len(faults))
        return self.preview

    @recorded
    def take(self, token: str, progress: Any = None) -> int:
        if self.preview is None or token != self.preview.token:
            raise NotAllowed("import.stale")
        if progress is not None:
            progress(1, 1)
        for one in self.preview.changes:
            self._write((one.place.register, one.place.row, one.place.side), {one.field: [one.after]}, "")
        return 2
