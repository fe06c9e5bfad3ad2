"""Rows in and out as files, and registers of the delegation's own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_door import FakeDoor
from fake_registers import w
from registers_hands import CTRL, SHIFT, Hands, K, open_registers
from walk import nameless

from valise.desk.door_registers import Fault, Filter
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.domain.register.definition import Column, Definition, ExportForm
from valise.ui import theme
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.directory.nominating import Nominating
from valise.ui.registers import said
from valise.ui.registers.defining import DefineDialog
from valise.ui.registers.exporting import ExportDialog
from valise.ui.registers.importing import ImportDialog
from valise.ui.registers.refs import Ref, parse

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def hands(qtbot: Any, worn: theme.Theme) -> Iterator[Hands]:
    yield from open_registers(qtbot, FakeDoor())


def exporting(hands: Hands, register: str = "correspondence") -> Any:
    hands.register(register)
    hands.key(K.Key_X, CTRL | SHIFT)
    return hands.dialog(ExportDialog)


def importing(hands: Hands) -> Any:
    hands.register("correspondence")
    hands.key(K.Key_I, CTRL)
    return hands.dialog(ImportDialog)


def read(hands: Hands, dialog: Any, path: Path) -> None:
    dialog.file.set_path(path)
    hands.qtbot.waitUntil(lambda: not dialog.busy)
    hands.settled()


def test_what_is_shown_leaves_as_a_file_and_where_it_lies_is_said(hands: Hands, tmp_path: Path) -> None:
    hands.register("correspondence")
    hands.page.set_filter(Filter(words="chair"))
    hands.settled()
    dialog = exporting(hands)
    assert nameless(dialog) == []
    assert "not encrypted" in dialog.warning.plain() and "Subject" in dialog.leaves.plain()
    assert dialog.shown.isChecked() and "1 row" in dialog.shown.text()
    path = tmp_path / dialog.name()
    dialog.save_to(path)
    hands.settled()
    ((args, named),) = hands.door.called("registers.export")
    assert args == ("correspondence", "stated", "csv", path) and named["view"] == "table" and len(named["ids"]) == 1
    assert str(path) in dialog.bar.happened.plain() and "1 row" in dialog.bar.happened.plain()
    assert [line[1] for line in csv.reader(path.read_text("utf-8").splitlines())] == ["Subject", "Visit of the Chair"]
    dialog.every.setChecked(True)
    dialog.save_to(path)
    hands.dialog(Confirm).do_it.click()
    hands.settled()
    assert hands.door.called("registers.export")[-1][1]["ids"] is None and len(list(csv.reader(path.read_text("utf-8").splitlines()))) == 5
    dialog.reject()
    assert hands.page.bar.isVisible() and "not protected" in hands.page.bar.confidentiality.plain()


def test_the_internal_side_is_named_wherever_it_leaves(hands: Hands) -> None:
    hands.register("norms")
    hands.page.use_side("assessed")
    hands.settled()
    hands.acts = hands.screen.acts.export()  # type: ignore[attr-defined]
    dialog = hands.dialog(ExportDialog)
    assert "-internal-" in dialog.name() and any("our own assessments" in one.plain() for one in dialog.findChildren(type(dialog.warning)))
    assert [dialog.form.itemData(n) for n in range(dialog.form.count())] == ["csv", "survey"]
    dialog.form.setCurrentIndex(1)
    assert dialog.name().endswith(".docx")
    dialog.reject()


def test_a_place_that_cannot_be_written_is_said(hands: Hands, tmp_path: Path) -> None:
    dialog = exporting(hands)
    hands.door.fail("registers.export", Unavailable("file.unwritable"))
    dialog.save_to(tmp_path / "x.csv")
    hands.settled()
    assert dialog.bar.isVisible() and dialog.go.isEnabled() and dialog.path is None
    dialog.reject()


def test_what_would_change_is_shown_and_taken_as_a_whole(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("Subject\nNomination\n", "utf-8")
    dialog = importing(hands)
    assert nameless(dialog) == [] and not dialog.go.isEnabled()
    read(hands, dialog, path)
    lines = [[dialog.changes.item(n, m).text().strip("\u2068\u2069") for m in range(5)] for n in range(dialog.changes.rowCount())]
    assert lines == [
        ["2", "Nomination", "Subject", "Nomination of points of contact", "Nomination"],
        ["4", "New: A further letter", "Subject", "", "A further letter"],
    ]
    assert "Changes: 2" in dialog.summary.plain() and dialog.go.isEnabled() and not dialog.faults.isVisible()
    assert hands.door.called("registers.take") == []
    dialog.go.click()
    hands.settled()
    assert [args for args, _ in hands.door.called("registers.take")] == [("token",)] or hands.door.called("registers.take")[0][0][0] == "token"
    assert "2 rows" in hands.page.bar.happened.plain()
    hands.settled()
    assert hands.page.table.model.rowCount() == 5


def test_with_a_fault_nothing_is_taken(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("bad", "utf-8")
    dialog = importing(hands)
    read(hands, dialog, path)
    assert dialog.faults.isVisible() and not dialog.changes.isVisible() and not dialog.go.isEnabled()
    row = [dialog.faults.item(0, m).text().strip("\u2068\u2069") for m in range(4)]
    assert row[0] == "3" and row[1] == "Date" and row[2].endswith(".") and row[3] == "31.2.2026"
    dialog._take()
    hands.settled()
    assert hands.door.called("registers.take") == []
    path.write_text("good now", "utf-8")
    read(hands, dialog, path)
    assert dialog.go.isEnabled() and not dialog.faults.isVisible()
    dialog.reject()


def test_a_file_that_cannot_be_read_and_a_preview_that_is_old_are_said(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(" ", "utf-8")
    dialog = importing(hands)
    read(hands, dialog, path)
    assert dialog.bar.isVisible() and not dialog.go.isEnabled()
    path.write_text("fine", "utf-8")
    read(hands, dialog, path)
    hands.door.fail("registers.take", NotAllowed("import.stale"))
    dialog.go.click()
    hands.settled()
    assert dialog.isVisible() and dialog.bar.isVisible()
    dialog.reject()


def test_a_register_from_a_file_and_what_is_wrong_with_it(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\n', "utf-8")
    hands.key(K.Key_N, CTRL | SHIFT)
    dialog = hands.dialog(DefineDialog)
    assert nameless(dialog) == []
    dialog.file.set_path(path)
    hands.settled()
    assert dialog.bar.isVisible() and dialog.where.plain() == "line 3, column 1: [[column]] is missing"
    path.write_bytes(b"\xff\xfe\x00")
    dialog.file.set_path(path)
    assert "UTF-8" in dialog.where.plain()
    path.write_text('id = "own"\ncolumns = 1', "utf-8")
    dialog.file.set_path(path)
    hands.settled()
    assert hands.page.definition.id == "own" and "Our own list" in hands.page.bar.happened.plain()
    hands.settled()
    assert hands.screen.list.model.place("own") >= 0


def test_a_hostile_error_line_stays_words(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("x", "utf-8")
    hands.screen.define()
    dialog = hands.dialog(DefineDialog)
    hands.door.fail("registers.define", Refused("register.toml", "line 1: <b>\u202e"))
    dialog.file.set_path(path)
    hands.settled()
    assert dialog.where.plain() == "line 1: <b>"
    dialog.reject()


@pytest.mark.parametrize(
    ("ref", "wanted"),
    [
        ("norms", Ref("norms")), ("norms/f", Ref("norms", "f")), ("norms/XB/f", Ref("norms", "XB/f")),
        ("norms/XB/f#assessed", Ref("norms", "XB/f", "assessed")), ("norms/assessed//XB/f", Ref("norms", "XB/f", "assessed")),
        ("contacts/stated/room/abc", Ref("contacts", "abc", "stated", "room")), ("", Ref("")),
    ],
)  # fmt: skip
def test_references_are_read_however_they_are_written(ref: str, wanted: Ref) -> None:
    assert parse(ref) == wanted


# the forms of the directory


def directory(hands: Hands) -> None:
    """The directory among the registers, with one entry; the keyboard in its rows."""
    forms = ExportForm("vcard", "vcard", w("Contact cards")), ExportForm("note-verbale", "docx", w("Note verbale"), template="note-verbale")
    fake = hands.door.registers
    fake.known["contacts"] = Definition(
        "contacts", w("Points of contact"), ("record",), (Column("institution", "text", w("Institution")),), exports=forms,
        title_columns=("institution",), screen="contacts",
    )  # fmt: skip
    fake._put("contacts", "contact-XB-technical", "stated", institution="Agency")
    hands.screen.load()
    hands.settled()


def chosen(dialog: Any, form: str) -> None:
    dialog.form.setCurrentIndex(dialog.form.findData(form))


def test_contact_cards_have_no_headings_and_leave_through_the_desk(hands: Hands, tmp_path: Path) -> None:
    directory(hands)
    dialog = exporting(hands, "contacts")
    assert dialog.language.isVisible()
    chosen(dialog, "vcard")
    assert not dialog.language.isVisible() and dialog.shown.isVisible() and "card for each entry" in dialog.leaves.plain()
    assert dialog.name().endswith(".vcf") and dialog.go.isEnabled()
    dialog.save_to(tmp_path / "some.vcf")
    hands.settled()
    assert hands.door.called("registers.export")[0][0][2] == "vcard"
    dialog.reject()


def test_a_nomination_asks_to_whom_and_is_written_by_the_pings(hands: Hands, tmp_path: Path) -> None:
    directory(hands)
    dialog = exporting(hands, "contacts")
    chosen(dialog, "note-verbale")
    assert not dialog.every.isVisible() and not dialog.shown.isVisible() and "choose its row" not in dialog.leaves.plain()
    dialog.go.click()
    hands.settled()
    asked = hands.dialog(Nominating)
    assert asked.contact == "contact-XB-technical" and nameless(asked) == []
    asked.to.setText("the Secretariat")
    nomination = asked.nomination()
    asked.reject()
    dialog.write_note(nomination, tmp_path / "note.docx")
    hands.settled()
    assert hands.door.called("pings.nominate")[0][0] == (nomination, tmp_path / "note.docx")
    assert "2026/007" in dialog.bar.happened.plain() and hands.door.called("registers.export") == []
    dialog.reject()


def test_a_nomination_needs_an_entry(hands: Hands) -> None:
    directory(hands)
    del hands.door.registers.rows["contacts", "contact-XB-technical", "stated"]
    hands.door.registers.order.remove(("contacts", "contact-XB-technical", "stated"))
    hands.register("contacts")
    hands.screen.acts.export()
    dialog = hands.dialog(ExportDialog)
    chosen(dialog, "note-verbale")
    assert not dialog.go.isEnabled() and "choose its row" in dialog.leaves.plain()
    chosen(dialog, "csv")
    assert dialog.go.isEnabled() and dialog.every.isVisible()
    dialog.reject()


def test_a_fault_says_what_the_column_takes(hands: Hands) -> None:
    hands.register("correspondence")
    dialog = ImportDialog(hands.door, hands.runner, hands.page.look, hands.screen)
    hands.qtbot.addWidget(dialog)
    way = hands.page.definition.column("way")
    told = dialog._fault(Fault(3, said.term(way.title), "register.value", "Sideways"))
    assert told[2].startswith("One of these: ") and all(said.term(one.title) in told[2] for one in way.choices)
    assert dialog._fault(Fault(3, "date", "register.value", "soon"))[2] == "A day as 2026-11-22"
    assert dialog._fault(Fault(3, "date", "register.asks", ""))[2] not in ("", "A day as 2026-11-22")
    assert dialog._fault(Fault(3, "nowhere", "register.value", "x"))[2]
