"""What we assess of others is in no byte that leaves: no frame, no file of any kind, no bundle, no answer, no notification;
and it never shares a cell, an operation or a column with what a State says of itself."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from tests.desk.incidents_hands import form
from tests.desk.pings_hands import entry, opened
from tests.hostile.scan import Scan
from tests.hostile.test_canaries import Words, plaintext
from tests.hostile.test_internal_words import Outgoing
from tests.registered import calm, enrolled
from tests.world import World

from valise.desk import reference
from valise.desk.desk import Desk
from valise.desk.door_pings import Nomination
from valise.desk.door_registers import Place
from valise.domain.register.definition import LANGUAGES, Definition

ASSESSED = [one for one in reference.registers() if "assessed" in one.sides]


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    return Outgoing(monkeypatch)


@pytest.fixture
def world(tmp_path: Path, outgoing: Outgoing) -> Iterator[World]:
    made = World(tmp_path / "world", ("XA", "XB"))
    yield made
    made.close()


def place_of(desk: Desk, definition: Definition, side: str) -> Place:
    key = "/".join({"state": "XB", "item": definition.items[0].id, "delegation": desk.me().delegation}[one] for one in definition.rows)
    return Place(definition.id, key, side)  # type: ignore[arg-type]


def assess(desk: Desk, plant: Words) -> None:
    """A planted word in every column of words of every register that has an assessed side, with a note and a file."""
    for definition in ASSESSED:
        place = place_of(desk, definition, "assessed")
        told = {one.id: [plant(f"{definition.id}:{one.id}")] for one in definition.columns_of("assessed")
                if one.kind in ("text", "long") and one.by_hand}  # fmt: skip
        assert told and {one.id for one in definition.columns if one.internal and one.kind in ("text", "long")} <= set(told)
        desk.registers.set(place, told, note=plant(f"{definition.id}: note"))
        file = desk.registers.attach(place, f"{plant('file name')}.txt", f"{plant('file')} ".encode() * 200)
        column = next((one.id for one in definition.columns_of("assessed") if one.kind == "evidence"), "")
        if column:
            desk.registers.set(place, {column: [file]})
        dates = [one.id for one in definition.columns_of("assessed") if one.kind == "date"]
        desk.registers.set(place, {dates[-1]: ["2026-12-15"]})


def inside(path: Path) -> Iterator[bytes]:
    """The octets of a file, of what is packed in it, and of the words on its pages."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if data.startswith(b"%PDF"):
        yield from ((page.extract_text() or "").encode() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_planted_assessments_are_in_no_outgoing_byte(world: World, outgoing: Outgoing, tmp_path: Path) -> None:
    plant = Words(615)
    a, b = world["XA"], world["XB"]
    second = enrolled(world, "XA-2", "Second officer")
    room = world.room("bilateral", members=("XA", "XB"))
    calm(world)
    assess(a, plant)
    # beside it what States say of themselves in the same rows, and everything that does leave
    for definition in ASSESSED:
        column = next(one.id for one in definition.columns_of("stated") if one.kind in ("text", "long") and one.by_hand)
        a.registers.set(place_of(a, definition, "stated"), {column: ["Borovia said so in the debate"]})
    contact = entry(a, "XB")
    opened(a, [contact])
    incident = a.incidents.open(room, form(a, tlp="TLP:GREEN"))
    a.messages.send(room, "said in the debate", for_the_record=True)
    calm(world)
    b.pings.answer(b.pings.questions()[0].id, "confirmed")
    b.incidents.acknowledge(incident, "CSIRT")
    a.messages.send(room, "by courier")
    calm(world)
    out, stick = tmp_path / "out", tmp_path / "stick"
    out.mkdir()
    stick.mkdir()
    a.messages.send(room, "and by stick")
    a.courier.export(stick, [world.id("XB")])

    # every file that can be made of what may leave
    for definition in ASSESSED:
        for kind in ("csv", "docx", "pdf", *(one.id for one in definition.exports)):
            a.registers.export(definition.id, "stated", kind, out / f"{definition.id}.{kind}", ids=_of(a, definition))
    a.today.export(a.today.dates("2026-01-01", "2027-12-31"), "Dates", out / "dates.ics")
    a.pings.cards([contact], out / "cards.vcf")
    a.pings.nominate(Nomination(entry(a, "XA"), language="en", to="the Secretariat", place="Geneva", date="2026-12-01", marking="TLP:GREEN"), out / "note.docx")
    (round,) = a.pings.rounds()
    for kind in ("csv", "pdf"):
        a.pings.report(round.id, kind, out / f"round.{kind}")
    (out / "incident.stix").write_bytes(a.incidents.stix(incident, reason="looking"))
    (out / "incident.pdf").write_bytes(a.incidents.printed(incident))
    (out / "incident.json").write_bytes(a.incidents.record(incident))
    a.evidence.save(room, out / "record.valise-evidence")
    (out / "card").write_bytes(a.contacts.own_card())

    scan = Scan(plant.planted)
    ours = {desk.rooms.internal() for desk in world.desks.values()}
    sent = b"".join(data for name, data in outgoing.frames if name not in ours)
    assert b"said in the debate" in sent and not scan.hits(sent)
    assert len(list(out.iterdir())) >= 6 * 4 + 9
    written = [part for path in out.iterdir() for part in inside(path)]
    assert any(b"Borovia said so in the debate" in part for part in written)
    for path in out.iterdir():
        assert not {plant.planted[word] for part in inside(path) for word, _ in scan.hits(part)}, path.name
    assert not scan.tree(world.share, stick, out)[0]
    assert not scan.hits(plaintext(b).encode())
    # they were there to be found: our own second laptop has all of them, by the same ways
    held = {word for word, _ in scan.hits(plaintext(second).encode())}
    assert held == set(plant.planted)
    assert {word for word, _ in scan.hits(b"".join(data for name, data in outgoing.frames if name in ours))} > set()
    # and what the desktop or the Overview is told of them names no word
    told = repr(a.overview()) + repr(second.overview())
    assert not scan.hits(told.encode())


def _of(desk: Desk, definition: Definition) -> list[int]:
    every = desk.registers.ids(definition.id)
    wanted = place_of(desk, definition, "stated").row
    return [one for one, row in zip(every, desk.registers.page(every), strict=True) if row.place.row == wanted]


def test_no_operation_and_no_column_holds_both_sides(world: World, tmp_path: Path) -> None:
    a, plant = world["XA"], Words(616)
    assess(a, plant)
    for definition in ASSESSED:
        stated, assessed = place_of(a, definition, "stated"), place_of(a, definition, "assessed")
        before = a.registers.row(stated)
        assert not before.changed_at and not any(cell.said for cell in before.cells.values())
        a.registers.set(stated, {next(one.id for one in definition.columns_of("stated") if one.kind in ("text", "long")): ["Said"]})
        assert "Said" not in {one for cell in a.registers.row(assessed).cells.values() for one in cell.values}
        internal = {one.id for one in definition.columns if one.internal}
        assert internal and internal <= set(a.registers.row(assessed).cells) and not internal & set(a.registers.row(stated).cells)
        for side in ("stated", "assessed"):
            for language in LANGUAGES:
                file = tmp_path / f"{definition.id} {side} {language} INTERNAL.csv"
                a.registers.export(definition.id, side, "csv", file, language=language)  # type: ignore[arg-type]
                text = file.read_text("utf-8-sig")
                assert ("Said" in text) == (side == "stated")
                assert any(word in text for word in plant.planted) == (side == "assessed")
                head = text.splitlines()[0]
                titles = {one.title.in_(language) for one in definition.columns if one.internal}
                assert all((title in head) == (side == "assessed") for title in titles)
    with a.store.read() as handle:
        bodies = [json.loads(row[0])["body"] for row in handle.rows("select raw from op where kind = 'register.set'")]
        rooms = {row[0] for row in handle.rows("select room.kind from room join op on op.room = room.id where op.kind = 'register.set'")}
    assert rooms == {"internal"} and {one["side"] for one in bodies} == {"stated", "assessed"}
    for body in bodies:
        assert Scan(plant.planted).hits(json.dumps(body).encode()) == set() or body["side"] == "assessed"
