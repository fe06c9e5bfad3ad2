"""Our laptops in the window: the list, the ceremony, admitting with a compared code, the key file, recovery shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_door import GOOD, FakeDoor
from fake_laptops import CODE, LOST, SECOND, THIS
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from valise.desk.door_laptops import Admit, Performed, Renew, Revoke
from valise.desk.views import Changes
from valise.domain.errors import Refused
from valise.ui.security.key_file import NewKeyFileDialog
from valise.ui.security.laptops import LaptopsSection
from valise.ui.security.laptops_ceremony import CeremonyDialog
from valise.ui.security.laptops_words import OFFICES
from valise.ui.security.share_sheets import ShareSheets
from valise.ui.tasks import Runner

EVERYTHING = Changes(status=True, settings=True)


@pytest.fixture
def section(qtbot: Any, worn: object, door: FakeDoor, runner: Runner) -> Iterator[LaptopsSection]:
    made = LaptopsSection(door, runner)
    qtbot.addWidget(made)
    door.subscribe(lambda changes: None)
    made.resize(820, 900)
    made.refresh(EVERYTHING)
    made.show()
    qtbot.waitUntil(made.isVisible)
    yield made
    dialog = made.dialog
    if dialog is not None:
        with suppress(RuntimeError):  # it went with its answer
            dialog.close()


def row(section: LaptopsSection, name: str) -> Any:
    return next(one for one in section._rows if one.view.id == name)


def key_file(tmp_path: Path) -> Path:
    made = tmp_path / "delegation.key"
    made.write_bytes(b"fictional key")
    return made


def ceremony(section: LaptopsSection, qtbot: Any) -> CeremonyDialog:
    qtbot.waitUntil(lambda: isinstance(section.dialog, CeremonyDialog))
    assert isinstance(section.dialog, CeremonyDialog)
    return section.dialog


def opened(section: LaptopsSection, qtbot: Any, tmp_path: Path) -> CeremonyDialog:
    box = ceremony(section, qtbot)
    box.set_key(key_file(tmp_path))
    box.entry.field().setText(GOOD)
    box.go.click()
    qtbot.waitUntil(lambda: box.steps.currentIndex() == 1)
    return box


def signed(section: LaptopsSection, qtbot: Any, tmp_path: Path) -> CeremonyDialog:
    box = opened(section, qtbot, tmp_path)
    box.sign.click()
    qtbot.waitUntil(lambda: box.steps.currentIndex() == 2)
    return box


def answer_in(section: LaptopsSection, qtbot: Any, path: Path) -> None:
    qtbot.waitUntil(lambda: section.findChild(QFileDialog) is not None)
    dialog = section.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


# the list


def test_every_laptop_is_listed_with_its_state(section: LaptopsSection) -> None:
    assert [one.view.id for one in section._rows] == [THIS, SECOND, LOST]
    this, second, lost = (row(section, one) for one in (THIS, SECOND, LOST))
    assert not this.this.isHidden() and second.this.isHidden()
    assert "admit other laptops" in this.rights.plain() and "admit" not in second.rights.plain()
    assert "Renew it" in second.state.plain() and second.state.property("role") == "warn"
    assert "Revoked on" in lost.state.plain() and "lost or stolen" in lost.state.plain()
    assert set(this.buttons) == {"renew", "change"} and set(second.buttons) == {"renew", "change", "revoke"}
    assert not lost.buttons
    names = [one.accessibleName() for one in section.findChildren(QPushButton)]
    assert all(names) and len([one for one in names if "Renew" in one]) == len({one for one in names if "Renew" in one})


def test_who_may_not_admit_sees_the_list_only(door: FakeDoor, qtbot: Any, worn: object, runner: Runner) -> None:
    door.me_view = replace(door.me_view, rights=("observe", "speak"))
    made = LaptopsSection(door, runner)
    qtbot.addWidget(made)
    made.refresh(EVERYTHING)
    assert made.admit.isHidden() and made.hand_over.isHidden() and made.root.make_shares.isHidden()
    assert all(not one.buttons for one in made._rows)


def test_a_revoked_laptop_says_so(section: LaptopsSection, door: FakeDoor) -> None:
    door.laptops.rows[THIS] = replace(door.laptops.rows[THIS], state="revoked", revoked_at=door.now)
    section.refresh(EVERYTHING)
    assert "revoked by your delegation" in section.bar.happened.plain() and section.bar.property("tone") == "bad"
    assert "stays readable" in section.bar.confidentiality.plain()
    assert section.admit.isHidden() and section.hand_over.isHidden()


# the ceremony


def test_the_root_key_is_opened_shown_and_closed(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    row(section, SECOND).buttons["renew"].click()
    form = section.dialog.form
    assert (form.officer.text(), form.role.text()) == ("Second officer", "Adviser")
    section.dialog.go.click()
    box = ceremony(section, qtbot)
    assert not box.go.isEnabled() and box.sign.isHidden()
    box.set_key(key_file(tmp_path))
    box.entry.field().setText("wrong")
    box.go.click()
    qtbot.waitUntil(box.notice.isVisible)
    assert box.steps.currentIndex() == 0 and box.entry.empty() and not door.laptops.view.open
    box.entry.field().setText(GOOD)
    box.go.click()
    qtbot.waitUntil(lambda: box.steps.currentIndex() == 1)
    assert door.laptops.view.open and "is open" in box.open_now.plain()
    (line,) = box.lines
    assert "Renew the laptop of" in line.plain() and "Second officer" in line.plain() and "two years" in line.plain()
    assert box.clock.isActive()
    box.sign.click()
    qtbot.waitUntil(lambda: box.steps.currentIndex() == 2)
    assert not door.laptops.view.open and not box.clock.isActive()
    ((args, _),) = door.called("laptops.perform")
    assert isinstance(args[0][0], Renew) and args[0][0].device == SECOND
    qtbot.waitUntil(lambda: door.laptops.closed > 0)
    box.cancel.click()
    qtbot.waitUntil(section.bar.isVisible)
    assert "card number 4" in section.bar.happened.plain()


def test_closing_without_signing_closes_the_key(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    row(section, SECOND).buttons["renew"].click()
    section.dialog.go.click()
    box = opened(section, qtbot, tmp_path)
    box.cancel.click()
    qtbot.waitUntil(lambda: not door.laptops.view.open)
    assert not door.called("laptops.perform") and not section.bar.isVisible()


def test_a_key_nobody_uses_is_closed_again(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    row(section, SECOND).buttons["renew"].click()
    section.dialog.go.click()
    box = opened(section, qtbot, tmp_path)
    box.clock.start(0)
    qtbot.waitUntil(lambda: not door.laptops.view.open)
    assert not door.called("laptops.perform")


def test_a_refused_signature_closes_the_key_and_begins_again(
    section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    row(section, SECOND).buttons["change"].click()
    section.dialog.go.click()
    box = opened(section, qtbot, tmp_path)
    door.fail("laptops.perform", Refused("certificate.malformed"))
    box.sign.click()
    qtbot.waitUntil(box.notice.isVisible)
    qtbot.waitUntil(lambda: not door.laptops.view.open)
    assert box.steps.currentIndex() == 0


# deciding


def test_a_laptop_is_admitted_only_when_the_codes_are_the_same(
    section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    section.admit.click()
    box = section.dialog
    request = tmp_path / "request"
    request.write_bytes(b"nothing of the kind")
    assert not box.go.isEnabled() and not box.request.compare.isVisible()
    box.request.set_request(request)
    assert box.request.notice.isVisible() and not box.go.isEnabled()
    request.write_bytes(b"valise request of First officer")
    box.request.set_request(request)
    assert box.request.code.plain() == CODE and box.form.officer.text() == "First officer"
    assert not box.go.isEnabled()
    box.request.same.click()
    assert box.go.isEnabled()
    box.form._office([words for words, _ in OFFICES].index("Pen holder"))
    box.form.rights["commit"].click()
    assert box.form.office.currentIndex() == len(OFFICES)
    box.form.until.setCurrentIndex(1)
    box.go.click()
    done = signed(section, qtbot, tmp_path)
    assert CODE in done.lines[0].plain() and "one year" in done.lines[0].plain()
    done.cancel.click()
    answer_in(section, qtbot, tmp_path / "answer")
    assert (tmp_path / "answer").read_bytes() == b"valise enrolment"
    ((args, _),) = door.called("laptops.perform")
    act = args[0][0]
    assert isinstance(act, Admit) and act.check_code == CODE and act.terms.days == 365
    assert act.terms.rights == ("observe", "speak", "amend", "pen", "commit")
    assert section.bar.property("tone") == "good"


def test_another_request_has_to_be_compared_again(section: LaptopsSection, tmp_path: Path) -> None:
    section.admit.click()
    box = section.dialog
    for name in ("First officer", "Somebody else"):
        request = tmp_path / name
        request.write_bytes(b"valise request of " + name.encode())
        box.request.set_request(request)
        assert not box.request.same.isChecked() and not box.go.isEnabled()
        assert box.form.officer.text() == name
        box.request.same.click()
        assert box.go.isEnabled()
    box.form.officer.setText("  ")
    assert not box.go.isEnabled()


def test_a_laptop_is_revoked_with_a_reason(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    row(section, SECOND).buttons["revoke"].click()
    assert not section.dialog.go.isEnabled()
    section.dialog.reasons["replaced"].click()
    section.dialog.go.click()
    signed(section, qtbot, tmp_path).cancel.click()
    ((args, _),) = door.called("laptops.perform")
    assert args[0] == [Revoke(SECOND, "replaced")]
    section.refresh(EVERYTHING)
    assert "Another laptop takes its place" in row(section, SECOND).state.plain()
    assert section.hand_over.isHidden()


def test_an_office_is_handed_over(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    section.hand_over.click()
    box = section.dialog
    request = tmp_path / "request"
    request.write_bytes(b"valise request of First officer")
    box.request.set_request(request)
    assert not box.go.isEnabled() and box.form.terms().rights == ("observe", "speak", "amend")
    assert box.form.officer.text() == "First officer"
    box.request.same.click()
    box.go.click()
    done = signed(section, qtbot, tmp_path)
    assert len(done.lines) == 2 and "Revoke" in done.lines[1].plain()
    done.cancel.click()
    answer_in(section, qtbot, tmp_path / "answer")
    section.refresh(EVERYTHING)
    assert section.past.isVisible()
    words = " ".join(one.plain() for one in section.past.findChildren(QWidget) if hasattr(one, "plain"))
    assert "Second officer" in words and "First officer" in words and "12 notes" in words


def test_an_office_passes_to_a_laptop_that_is_here(section: LaptopsSection, qtbot: Any) -> None:
    section.hand_over.click()
    box = section.dialog
    box.new.setCurrentIndex(1)
    box._chosen()
    assert box.request.isHidden() and box.go.isEnabled()
    old, act = box.act()
    assert old == SECOND and isinstance(act, Renew) and act.device == THIS
    box.new.setCurrentIndex(2)
    box._chosen()
    assert not box.go.isEnabled()  # nobody follows himself


# the root key


def test_the_key_file_is_moved_to_a_stick(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    card = section.root
    assert "still lies beside the vault" in card.where.plain() and not card.remove.isEnabled()
    card.copy_to(tmp_path / "none" / "delegation.key")
    assert card.notice.isVisible() and not card.remove.isEnabled()
    copy = tmp_path / "delegation.key"
    card.copy_to(copy)
    assert copy.read_bytes() == door.laptops.held and card.remove.isEnabled()
    copy.write_bytes(b"something else")
    card.remove.click()
    qtbot.waitUntil(lambda: "not the same" in card.notice.happened.plain())
    assert door.laptops.view.beside
    copy.write_bytes(door.laptops.held)
    card.remove.click()
    qtbot.waitUntil(lambda: "no longer beside" in card.notice.happened.plain())
    assert not door.laptops.view.beside and card.copy.isHidden()


def test_shares_are_made_shown_once_and_rehearsed(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    assert section.root.try_shares.isHidden()
    section.root.make_shares.click()
    section.dialog.count.total.setValue(4)
    section.dialog.count.need.setValue(3)
    section.dialog.go.click()
    done = signed(section, qtbot, tmp_path)
    assert not door.laptops.view.open
    done.cancel.click()
    qtbot.waitUntil(lambda: isinstance(section.dialog, ShareSheets))
    sheets = section.dialog
    assert isinstance(sheets, ShareSheets) and "Sheet 1 of 4; any 3" in sheets.caption.plain()
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    assert sheets.print_on(QPdfWriter(data)) == 4
    assert data.size() > 1_000
    seen = set()
    for _ in range(4):
        seen.add(sheets.sheet.cells[0].plain())
        sheets.next.click()
    assert len(seen) == 4 and sheets._shares == []
    section.refresh(EVERYTHING)
    assert "Not rehearsed yet" in section.root.shares.plain() and section.root.try_shares.isVisible()
    section.root.try_shares.click()
    box = section.dialog
    for words, tone in ((["other"], "bad"), (["word000"], "good")):
        box.entry_box.is_complete, box.entry_box.take = lambda: True, lambda words=words: words
        box.press()
        qtbot.waitUntil(lambda tone=tone: box.notice.property("tone") == tone)
    section.refresh(EVERYTHING)
    assert "Rehearsed on" in section.root.shares.plain()


def test_a_root_of_the_first_version_offers_no_shares(section: LaptopsSection, door: FakeDoor) -> None:
    door.laptops.view = replace(door.laptops.view, splittable=False)
    section.refresh(EVERYTHING)
    assert section.root.make_shares.isHidden() and "first version" in section.root.shares.plain()


def test_our_own_newer_card_is_read_from_a_file(section: LaptopsSection, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "card"
    path.write_bytes(b"something")
    section.read_card(path)
    qtbot.waitUntil(section.bar.isVisible)
    assert "not a card of your delegation" in section.bar.happened.plain()
    path.write_bytes(b"VALISE-CARD-1")
    section.read_card(path)
    qtbot.waitUntil(lambda: section.bar.property("tone") == "good")


def test_the_key_file_gets_a_new_passphrase(section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    section.root.new.click()
    box = section.dialog
    assert isinstance(box, NewKeyFileDialog) and not box.go.isEnabled()
    assert "beside the vault" in " ".join(one.text() for one in box.findChildren(QLabel))
    for entry in (box.secret.once, box.secret.again):
        entry.field().setText("another sentence nobody says")
    box.go.click()
    done = signed(section, qtbot, tmp_path)
    assert "under the new passphrase" in done.lines[0].plain() and not door.laptops.view.open
    done.cancel.click()
    ((args, _),) = door.called("laptops.new_key_file")
    assert not any(args[0]), "the passphrase was wiped"
    qtbot.waitUntil(lambda: "not saved yet" in section.bar.happened.plain())
    section.save(tmp_path / "no such folder" / "delegation.key")
    step = section.bar.step()
    assert step is not None and step.text() == "Save it elsewhere…", "it is there only once"
    answer_in(section, qtbot, tmp_path / "new.key")
    assert (tmp_path / "new.key").read_bytes() == b"VALISE-ROOT-2\nanother"
    assert "opens with the new passphrase" in section.bar.happened.plain()
    assert "old passphrase" in section.bar.confidentiality.plain()


def test_a_passphrase_is_forgotten_when_the_root_key_stays_closed(
    section: LaptopsSection, door: FakeDoor, qtbot: Any
) -> None:
    given = bytearray(b"another sentence nobody says")
    section._new_key_file(given)
    ceremony(section, qtbot).cancel.click()
    qtbot.waitUntil(lambda: not any(given))
    assert not door.called("laptops.new_key_file")


def test_an_answer_that_was_not_saved_can_be_saved_again(
    section: LaptopsSection, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    section._performed(Performed((b"valise enrolment",), 4))
    qtbot.waitUntil(lambda: section.findChild(QFileDialog) is not None)
    section.findChild(QFileDialog).reject()
    step = section.bar.step()
    assert section.bar.isVisible() and step is not None and "cannot begin" in section.bar.confidentiality.plain()
    qtbot.waitUntil(lambda: section.findChild(QFileDialog) is None)
    step.click()
    answer_in(section, qtbot, tmp_path / "answer")
    assert (tmp_path / "answer").read_bytes() == b"valise enrolment" and section.bar.step() is None


def test_it_leads_to_the_root_key(section: LaptopsSection, qtbot: Any) -> None:
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)
    for ref, place in (("shares", section.root.make_shares), ("key", section.root.copy)):
        section.open_ref(ref)
        qtbot.waitUntil(place.hasFocus)
