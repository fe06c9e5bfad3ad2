"""Entries as contact cards, out and in, and nominations by note verbale, over a real vault."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pings_hands import HOUR, entry, opened
from world import World

from valise.desk.context import Context
from valise.desk.desk import Desk
from valise.desk.door_pings import Nomination
from valise.desk.door_registers import Place
from valise.desk.pings_nominate import day
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.domain.message import TLP
from valise.formats import note_verbale, vcard


@pytest.fixture
def xa(tmp_path: Path) -> Iterator[Desk]:
    made = World(tmp_path, ("XA",))
    made.clock.advance(10 * HOUR)
    yield made["XA"]
    made.close()


def nomination(contact: str, **more: object) -> Nomination:
    told = {"language": "fr", "to": "le Secrétariat", "place": "Genève", "date": "2026-12-01", "marking": "TLP:GREEN"} | more
    return Nomination(contact, **told)  # type: ignore[arg-type]


def test_cards_out_and_in_again(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XB", full_name="Ms. Example", form_of_address="Ms.", phone_24x7="+41225550199", email_alternative="b@xb.example",
                    authority_note="may decide nothing", hours=["Mo-Fr 09:00-17:00", "Sa 10:00-12:00"])  # fmt: skip
    for version in ("4.0", "3.0"):
        target = tmp_path / f"{version}.vcf"
        assert xa.pings.cards([contact], target, version=version).rows == 1  # type: ignore[arg-type]
        assert b"decide" not in target.read_bytes() and b"Note 12" not in target.read_bytes()  # ours alone
        assert contact.encode() not in target.read_bytes()
        preview = xa.pings.read_cards(target)
        [one] = preview.cards
        assert one.contact == contact and one.changes == () and one.left_out == 0, (version, one)
    # the number has changed at the other side: only that is shown, and nothing is taken by itself
    changed = target.read_bytes().replace(b"+41225550199", b"+41225550188")
    target.write_bytes(changed)
    preview = xa.pings.read_cards(target)
    [one] = preview.cards
    assert [(each.column, each.before, each.after) for each in one.changes] == [("phone_24x7", ("+41225550199",), ("+41225550188",))]
    assert xa.pings.entry(contact).first("phone_24x7") == "+41225550199"
    assert xa.pings.take_cards(preview.token, [0]) == 1
    assert xa.pings.entry(contact).first("phone_24x7") == "+41225550188"
    with pytest.raises(NotAllowed) as refused:
        xa.pings.take_cards(preview.token, [0])
    assert refused.value.code == "vcard.stale"


def test_a_new_entry_from_a_card_needs_its_document(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XB")
    target = tmp_path / "x.vcf"
    xa.pings.cards([contact], target)
    xa.registers.take_out(Place("contacts", contact))
    preview = xa.pings.read_cards(target)
    [one] = preview.cards
    assert one.contact == "" and one.missing == ("source_document",)
    with pytest.raises(NotAllowed):
        xa.pings.take_cards(preview.token, [0])
    assert xa.pings.entries() == []  # nothing half taken
    assert xa.pings.take_cards(preview.token, [0], {0: {"source_document": ["Note 4/2026"]}}) == 1
    [made] = xa.pings.entries()
    assert made.first("source_document") == "Note 4/2026" and made.first("status") == "proposed" and made.first("marking") == "TLP:AMBER"
    assert made.first("hours") == "Mo-Fr 09:00-17:00" and made.first("review")


def test_what_no_column_holds_is_counted_and_left_out(xa: Desk, tmp_path: Path) -> None:
    target = tmp_path / "x.vcf"
    target.write_bytes(
        b"BEGIN:VCARD\nVERSION:4.0\nFN:Duty\nN:Duty;;;;\nTZ:Nowhere/At_All\nX-POC-STATE:ZZ\nX-POC-CATEGORY:secret\nNOTE:by the way\n"
        b"EMAIL:a@x.example\nEMAIL:b@x.example\nEMAIL:c@x.example\nBDAY:1970\nEND:VCARD\n"
    )
    [one] = xa.pings.read_cards(target).cards
    assert one.left_out == 6 and {each.column for each in one.changes} == {"full_name", "email", "email_alternative", "entry_kind"}
    assert {"state", "category", "time_zone", "institution"} <= set(one.missing)


def test_an_entry_that_moved_on_is_not_overwritten(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XB")
    target = tmp_path / "x.vcf"
    xa.pings.cards([contact], target)
    target.write_bytes(target.read_bytes().replace(b"Duty officer", b"Head of duty"))
    preview = xa.pings.read_cards(target)
    xa.registers.set(Place("contacts", contact), {"phone": ["+41225550111"]})
    with pytest.raises(NotAllowed) as refused:
        xa.pings.take_cards(preview.token, [0])
    assert refused.value.code == "vcard.stale"


@pytest.mark.parametrize("marking", [*TLP, "RESTRICTED"])
def test_every_marking_stands_in_its_card_and_keeps_to_its_list(xa: Desk, tmp_path: Path, marking: str) -> None:
    """C14, C15."""
    entry(xa, "XB", marking=marking)
    entry(xa, "XC", marking="TLP:CLEAR")
    target = tmp_path / "all.vcf"
    made = xa.pings.cards([], target, marking=marking)
    cards = vcard.read(target)
    assert made.rows == len(cards) and {one.ours["marking"][0] for one in cards} == ({marking, "TLP:CLEAR"} if marking in TLP else {marking})
    if marking not in ("TLP:CLEAR", "RESTRICTED"):
        less = TLP[TLP.index(marking) + 1]
        assert xa.pings.cards([], target, marking=less).left_out == 1
        assert [one.ours["marking"] for one in vcard.read(target)] == [("TLP:CLEAR",)]


def test_hostile_cards_change_nothing(xa: Desk, tmp_path: Path) -> None:
    target = tmp_path / "x.vcf"
    target.write_bytes(b"BEGIN:VCARD\nVERSION:4.0\nFN:x\nBEGIN:VCARD\n")
    with pytest.raises(Refused):
        xa.pings.read_cards(target)
    with pytest.raises(NotAllowed) as refused:
        xa.pings.cards([], target)
    assert refused.value.code == "ping.nothing"
    assert xa.pings.entries() == []


def test_a_training_vault_takes_no_real_card(xa: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = entry(xa, "FR")
    target = tmp_path / "x.vcf"
    xa.pings.cards([contact], target)
    xa.registers.take_out(Place("contacts", contact))
    monkeypatch.setattr(Context, "training", True)
    preview = xa.pings.read_cards(target)
    with pytest.raises(NotAllowed) as refused:
        xa.pings.take_cards(preview.token, [0], {0: {"source_document": ["Note"]}})
    assert refused.value.code == "training.real_contact"


def test_a_nomination_is_numbered_and_entered(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XA", "diplomatic", authority_note="may decide nothing")
    first = xa.pings.nominate(nomination(contact), tmp_path / "one.docx")
    second = xa.pings.nominate(nomination(contact, language="en", to="the Secretariat", replaces="Note 1/2025"), tmp_path / "two.docx")
    assert (first.number, second.number) == ("2026/001", "2026/002")
    row = xa.registers.row(Place("correspondence", first.row))
    cells = {name: cell.values for name, cell in row.cells.items()}
    assert cells["direction"] == ("sent",) and cells["kind"] == ("note-verbale",) and cells["date"] == ("2026-12-01",)
    assert cells["addressee"] == ("le Secrétariat",) and cells["marking"] == ("TLP:GREEN",) and cells["language"] == ("fr",)
    name, data = xa.registers.file(cells["file"][0])
    assert data == (tmp_path / "one.docx").read_bytes() and name == "one.docx"
    with zipfile.ZipFile(tmp_path / "one.docx") as made:
        said = "\n".join(note_verbale.said(made.read("word/document.xml").decode()))
        assert b"TLP:GREEN" in made.read("word/header1.xml")
    assert "N° 2026/001" in said and "le Secrétariat" in said and "1er décembre 2026" in said and "diplomatic@xa.example" in said
    assert "decide" not in said and "Note 12/2026" not in said  # what is ours alone is in no nomination
    assert "anglais, français" in said and "15 janvier 2026" in said and "2026-01-15" not in said


def test_nobody_nominates_the_contact_of_another_state(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XB")
    with pytest.raises(NotAllowed) as refused:
        xa.pings.nominate(nomination(contact), tmp_path / "no.docx")
    assert refused.value.code == "ping.not_ours" and not list(tmp_path.glob("*.docx"))
    assert len(xa.registers.ids("correspondence")) == 0


def test_a_nomination_tells_nothing_of_a_round(xa: Desk, tmp_path: Path) -> None:
    """C15."""
    ours, other = entry(xa, "XA"), entry(xa, "XC")
    opened(xa, [entry(xa, "XB"), other], "A round of ours")
    xa.pings.nominate(nomination(ours, language="en"), tmp_path / "one.docx")
    with zipfile.ZipFile(tmp_path / "one.docx") as made:
        everything = "".join(made.read(one).decode() for one in made.namelist())
    assert "A round of ours" not in everything and "xc.example" not in everything and "Castellan" not in everything


def test_what_cannot_be_written_is_not_entered(xa: Desk, tmp_path: Path) -> None:
    contact = entry(xa, "XA")
    with pytest.raises(Unavailable) as lost:
        xa.pings.nominate(nomination(contact), tmp_path / "no folder" / "x.docx")
    assert lost.value.code == "file.unwritable"
    for told, code in ((nomination(contact, to=" "), "ping.nothing"), (nomination(contact, date="soon"), "ping.when")):
        with pytest.raises((NotAllowed, Refused)) as refused:
            xa.pings.nominate(told, tmp_path / "x.docx")
        assert refused.value.code in (code, "register.value")
    assert len(xa.registers.ids("correspondence")) == 0 and list(tmp_path.glob("*.docx")) == []
    assert xa.pings.nominate(nomination(contact), tmp_path / "x.docx").number == "2026/001"


def test_dates_as_letters_have_them() -> None:
    assert [day("2026-05-01", one) for one in ("en", "fr", "es", "ru", "ar", "zh")] == [
        "1 May 2026", "1er mai 2026", "1 de mayo de 2026", "1 мая 2026 года", "1 مايو 2026", "2026年5月1日",
    ]  # fmt: skip


def test_the_register_writes_its_cards_here_and_no_nomination_to_nobody(xa: Desk, tmp_path: Path) -> None:
    one, _ = entry(xa, "XB", authority_note="may decide nothing"), entry(xa, "XC")
    target, place = tmp_path / "some.vcf", Place("contacts", one)
    assert xa.registers.export("contacts", "stated", "vcard", target, ids=[xa.registers.row(place).id]) == 1
    assert [card.organization for card in vcard.read(target)] == ["technical office of XB"] and b"decide" not in target.read_bytes()
    for form, ids, code in (("vcard", [], "ping.nothing"), ("note-verbale", None, "register.nomination")):
        with pytest.raises(NotAllowed) as refused:
            xa.registers.export("contacts", "stated", form, tmp_path / "none", ids=ids)
        assert refused.value.code == code and not (tmp_path / "none").exists()
