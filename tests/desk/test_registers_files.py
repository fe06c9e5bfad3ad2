"""Registers in files: what the screen shows, cell by cell; imported back equal; a file with a fault changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.registered import OWN, kept
from tests.world import World

from valise.desk import registers_in, registers_lines
from valise.desk.door_registers import Filter, Place, Preview
from valise.desk.registers import RegistersDesk
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.domain.register.definition import LANGUAGES, Side
from valise.formats.table_csv import restored


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"), acquainted=False)
    for code in ("XA", "XB"):
        made[code].registers.define(OWN)
    yield made
    made.close()


@pytest.fixture
def own(world: World) -> RegistersDesk:
    made = world["XA"].registers
    made.new_row("own", {"name": ["=SUM(A1)"], "status": ["open"], "date": ["2026-02-03"], "states": ["XB", "XC"], "urgent": ["no"]})
    made.new_row("own", {"name": ["Zwei; drei, \"vier\""], "amount": ["-5"]})
    made.new_row("own", {"name": ["- a list"], "date": ["2026-12-31"], "urgent": ["yes"]})
    return made


def table(file: Path) -> list[list[str]]:
    """The file as another program reads it, without our apostrophes."""
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    return [[restored(cell) for cell in row] for row in rows]


def rewritten(file: Path, change: Callable[[list[list[str]]], object]) -> Path:
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    change(rows)
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    file.write_text(made.getvalue(), "utf-8", newline="")
    return file


def exported(desk: RegistersDesk, to: Path, language: str = "en", register: str = "own", side: Side = "stated") -> Path:
    desk.export(register, side, "csv", to, language=language)
    return to


def faults(found: Preview) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in found.faults]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_equals_the_screen_and_is_read_back_without_a_change(own: RegistersDesk, tmp_path: Path, language: str) -> None:
    file = exported(own, tmp_path / "own.csv", language)
    rows = own.page(own.ids("own"), language)
    columns = own.definition("own").columns_of("stated")
    heads, *cells = table(file)
    assert heads == [*(one.title.in_(language) for one in columns), "@row"]
    assert cells == [[*(row.cells[one.id].shown for one in columns), row.place.row] for row in rows]
    assert b"\r\n=" not in file.read_bytes() and b",=" not in file.read_bytes()
    found = own.read("own", "stated", file)
    assert (found.rows, found.equal, found.total_changes, faults(found)) == (3, 3, 0, [])
    assert own.take(found.token) == 0


def test_another_delegation_reads_it_equal(world: World, own: RegistersDesk, tmp_path: Path) -> None:
    other = world["XB"].registers
    file = exported(own, tmp_path / "own.csv", "fr")
    found = other.read("own", "stated", file)
    assert (found.rows, found.equal, faults(found)) == (3, 0, []) and all(one.new_row for one in found.changes)
    assert other.take(found.token) == 3
    back = exported(other, tmp_path / "back.csv", "fr")
    assert sorted(table(back)) == sorted(table(file))
    assert kept(world["XB"])[0][0][1:4] == kept(world["XA"])[0][0][1:4]
    with pytest.raises(NotAllowed):
        other.take(found.token)


def test_what_changes_is_shown_then_taken_as_a_whole(own: RegistersDesk, tmp_path: Path) -> None:
    file = exported(own, tmp_path / "own.csv")

    def change(rows: list[list[str]]) -> None:
        rows[1][2], rows[1][3] = "closed", "2026-05-05"  # by its id or its title, in any case
        rows[2][5] = "XA; lysandria"
        rows.append(["New", "", "Open", "2026-06-06", "1.50", "", "yes", "", "", ""])

    found = own.read("own", "stated", rewritten(file, change))
    assert (found.rows, found.equal, found.total_changes, faults(found)) == (4, 1, 8, [])
    told = {(one.line, one.field): (one.before, one.after) for one in found.changes}
    assert told[2, "status"] == ("Open", "Closed") and told[2, "date"] == ("2026-02-03", "2026-05-05")
    assert told[3, "states"] == ("", "Aurelia; Lysandria") and told[5, "amount"] == ("", "1.5")
    assert own.take(found.token) == 3
    row = own.page(own.ids("own"))[-1]
    assert (row.title, row.cells["number"].shown, row.cells["urgent"].values) == ("New", "2026/004", ("yes",))
    assert own.history(own.page(own.ids("own"))[0].place, "status")[0].before == "Open"


BAD: list[tuple[str, Callable[[list[list[str]]], object], list[tuple[int, str, str]]]] = [
    ("a heading nobody knows", lambda rows: rows[0].__setitem__(2, "Colour"), [(1, "3", "import.column")]),
    ("a heading twice", lambda rows: rows[0].__setitem__(2, "Date"), [(1, "Date", "import.column_twice")]),
    ("no column of fields", lambda rows: [row.__delitem__(slice(0, 9)) for row in rows], [(1, "", "import.missing")]),
    ("a line too short", lambda rows: rows[2].pop(), [(3, "10", "import.ragged")]),
    ("a line too long", lambda rows: rows[2].append("x"), [(3, "11", "import.ragged")]),
    ("a bad date", lambda rows: rows[3].__setitem__(3, "31.12.2026"), [(4, "Date", "register.value")]),
    ("a date that is none", lambda rows: rows[3].__setitem__(3, "2026-02-30"), [(4, "Date", "register.value")]),
    ("no choice", lambda rows: rows[1].__setitem__(2, "Perhaps"), [(2, "Status", "register.value")]),
    ("no State", lambda rows: rows[1].__setitem__(5, "Atlantis"), [(2, "States", "register.value")]),
    ("a key twice", lambda rows: rows[3].__setitem__(9, rows[1][9]), [(4, "", "import.twice")]),
    ("no key at all", lambda rows: rows[3].__setitem__(9, "a/b"), [(4, "@row", "import.key")]),
    ("a name taken away", lambda rows: rows[1].__setitem__(0, ""), [(2, "Name", "register.required")]),
    ("a status without its date", lambda rows: rows[2].__setitem__(2, "Open"), [(3, "Date", "register.asks")]),
    ("a number by hand", lambda rows: rows[1].__setitem__(1, "2026/099"), [(2, "Number", "import.by_hand")]),
    ("two in one line", lambda rows: (rows[1].__setitem__(2, "Perhaps"), rows[1].__setitem__(3, "soon")),
     [(2, "Status", "register.value"), (2, "Date", "register.value")]),
    ("three at once", lambda rows: [row.__setitem__(3, "soon") for row in rows[1:]],
     [(2, "Date", "register.value"), (3, "Date", "register.value"), (4, "Date", "register.value")]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "wanted"), BAD, ids=[one[0] for one in BAD])
def test_a_fault_is_told_by_line_and_column_and_nothing_is_taken(
    world: World, own: RegistersDesk, tmp_path: Path, what: str, change: Callable[[list[list[str]]], object], wanted: list[tuple[int, str, str]]
) -> None:
    before = kept(world["XA"])
    found = own.read("own", "stated", rewritten(exported(own, tmp_path / "own.csv"), change))
    assert faults(found) == wanted and found.total_faults == len(wanted)
    with pytest.raises(NotAllowed) as caught:
        own.take(found.token)
    assert caught.value.code == "import.faults" and kept(world["XA"]) == before


@pytest.mark.parametrize(("data", "code", "line"), [
    (b'Name\r\n"open', "table.quotes", 2), (b"", "table.empty", 1), (b"Name\r\n\xff\xfe\xfa", "table.encoding", 1),
    (b"Name\r\na\x00b", "table.control", 2),
])  # fmt: skip
def test_a_file_that_is_no_table_says_so(own: RegistersDesk, tmp_path: Path, data: bytes, code: str, line: int) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    found = own.read("own", "stated", file)
    assert [(one.code, one.line) for one in found.faults] == [(code, line)]


def test_more_rows_than_are_taken_at_once(own: RegistersDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers_in, "MOST", 5)
    file = tmp_path / "many.csv"
    file.write_text("Name\n" + "\n".join(f"n{n}" for n in range(9)), "utf-8")
    found = own.read("own", "stated", file)
    assert faults(found) == [(7, "", "table.too_many")]
    monkeypatch.setattr(registers_in, "LARGE", 5)
    monkeypatch.setattr(registers_in, "MOST", 50)
    file.write_text("Name,Date\n" + "\n".join(f"n{n},soon" for n in range(700)), "utf-8")
    assert faults(own.read("own", "stated", file)) == [(52, "", "table.too_many")]  # counted before a line was looked at


def test_after_very_many_faults_the_rest_is_not_looked_at(own: RegistersDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers_in, "FAULTS", 20)
    monkeypatch.setattr(registers_lines, "SHOWN", 3)
    file = tmp_path / "many.csv"
    file.write_text("Name,Date\n" + "\n".join(f"n{n},soon" for n in range(90)), "utf-8")
    found = own.read("own", "stated", file)
    assert (len(found.faults), found.total_faults, found.rows) == (3, 20, 20)


def test_a_preview_is_stale_once_the_rows_changed(own: RegistersDesk, tmp_path: Path) -> None:
    file = rewritten(exported(own, tmp_path / "own.csv"), lambda rows: rows[1].__setitem__(0, "Renamed"))
    found = own.read("own", "stated", file)
    own.set(own.page(own.ids("own"))[0].place, {"amount": ["7"]})
    with pytest.raises(NotAllowed) as caught:
        own.take(found.token)
    assert caught.value.code == "import.stale" and own.page(own.ids("own"))[0].title == "=SUM(A1)"


def test_a_failure_in_the_middle_takes_nothing(world: World, own: RegistersDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new.csv"
    file.write_text("Name\n" + "\n".join(f"n{n}" for n in range(20)), "utf-8")
    found = own.read("own", "stated", file)
    before, made = kept(world["XA"]), []

    def failing(done: int, of: int) -> None:
        made.append(done)
        raise Unavailable("vault.disk_full")

    with pytest.raises(Unavailable):
        own.take(found.token, failing)
    assert made and kept(world["XA"]) == before
    assert own.take(found.token) == 20


def test_sides_do_not_mix_in_files(own: RegistersDesk, tmp_path: Path) -> None:
    own.new_row("own", {"name": ["Ours"], "confidence": ["low"]}, side="assessed")
    exported(own, tmp_path / "a.csv", side="assessed")
    assert not (tmp_path / "a.csv").exists()
    file = tmp_path / "a INTERNAL.csv"
    assert table(file)[0][-2:] == ["Confidence", "@row (assessed)"]
    assert faults(own.read("own", "stated", file)) == [(1, "@row (assessed)", "import.side")]
    assert faults(own.read("own", "assessed", exported(own, tmp_path / "s.csv"))) == [(1, "@row", "import.side")]
    assert "Confidence" not in table(tmp_path / "s.csv")[0] and own.read("own", "assessed", file).equal == 1
    own.export("own", "assessed", "docx", tmp_path / "internal.docx")
    assert (tmp_path / "internal.docx").exists()  # the name says so already


def test_rows_about_states_and_items_are_found_by_name(own: RegistersDesk, tmp_path: Path) -> None:
    own.set(Place("norms", "XB/a"), {"status": ["in_place"], "date": ["2026-01-01"]})
    file = exported(own, tmp_path / "norms.csv", "fr", "norms")
    assert len(table(file)) == 133 and "@row" not in table(file)[0]
    found = own.read("norms", "stated", file)
    assert (found.rows, found.equal, faults(found)) == (132, 132, [])
    found = own.read("norms", "stated", rewritten(file, lambda rows: rows[1].__setitem__(1, "no such norm")))
    assert [(one.line, one.code) for one in found.faults] == [(2, "import.about")]


def test_other_forms(own: RegistersDesk, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert own.export("own", "stated", "dates", tmp_path / "d.ics", progress=lambda done, of: seen.append((done, of))) == 3
    text = (tmp_path / "d.ics").read_text("utf-8").replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 5 and "DTSTART;VALUE=DATE:20260203" in text and seen == [(3, 3)]
    found = own.read("own", "stated", tmp_path / "d.ics")
    assert (found.rows, found.equal, faults(found)) == (3, 3, [])
    assert own.export("own", "stated", "docx", tmp_path / "o.docx", ids=own.ids("own", filter=Filter(words="zwei"))) == 1
    with pytest.raises(NotAllowed) as caught:
        own.export("own", "stated", "html", tmp_path / "o.html")
    assert caught.value.code == "register.form"
    with pytest.raises(NotAllowed) as caught:
        own.export("own", "stated", "vcard", tmp_path / "own.vcf")
    assert caught.value.code == "register.form" and not (tmp_path / "own.vcf").exists()
    with pytest.raises(Unavailable):
        own.export("own", "stated", "csv", tmp_path / "nowhere" / "o.csv")
    with pytest.raises(Refused) as kind:
        own.read("own", "stated", tmp_path / "o.docx")
    assert kind.value.code == "import.kind"


def test_a_calendar_that_comes_back_changes_the_rows_it_was_made_of(own: RegistersDesk, tmp_path: Path) -> None:
    from valise.formats import ics

    meeting = own.new_row("events", {"name": ["Session"], "begins": ["2026-05-04"], "ends": ["2026-05-08"], "register_by": ["2026-04-01"]})
    file = tmp_path / "events.ics"
    assert own.export("events", "stated", "calendar", file) >= 1
    entries = [one for one in ics.read(file) if one.title.startswith("Session")]
    assert [(one.start, one.end) for one in entries] == [("2026-05-04", "2026-05-08"), ("2026-04-01", "")]
    moved = [replace(one, start="2026-05-05") if one.end else replace(one, start="2026-04-02") for one in entries]
    file.write_bytes(ics.written([*moved, ics.Entry("x@elsewhere", "Workshop", "2026-09-01", place="Jorvik")], "Back", 0))
    found = own.read("events", "stated", file)
    assert (found.rows, found.equal, faults(found)) == (2, 0, [])
    assert own.take(found.token) == 2
    row = own.row(meeting)
    assert [row.cells[one].shown for one in ("begins", "ends", "register_by")] == ["2026-05-05", "2026-05-08", "2026-04-02"]
    new = own.page(own.ids("events", filter=Filter(words="workshop jorvik")))
    assert [(one.cells["begins"].shown, one.cells["place"].shown) for one in new] == [("2026-09-01", "Jorvik")]
    file.write_bytes(ics.written([ics.Entry("x@elsewhere", "Workshop", "2026-09-01")], "Back", 0))
    assert [(one.line, one.code) for one in own.read("norms", "stated", file).faults] == [(1, "import.about")]


def test_a_page_leaves_out_columns_in_which_nothing_is_said_and_names_them(own: RegistersDesk, tmp_path: Path) -> None:
    import pypdf

    own.new_row("stakeholders", {"name": ["Institute"], "kind": ["civil-society"]})
    own.export("stakeholders", "stated", "pdf", tmp_path / "s.pdf")
    text = " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(tmp_path / "s.pdf").pages)
    definition = own.definition("stakeholders")
    row = own.page(own.ids("stakeholders"))[0]
    said, silent = ([one.title.in_("en") for one in definition.columns if bool(row.cells[one.id].values) is there] for there in (True, False))
    _, _, rest = text.partition("Nothing is said in: ")
    assert silent and rest.startswith(", ".join(silent)) and all(one in rest.removeprefix(", ".join(silent)) for one in said)
    own.export("stakeholders", "stated", "csv", tmp_path / "s.csv")  # equals the screen
    assert {one.title.in_("en") for one in definition.columns} <= set(table(tmp_path / "s.csv")[0])
