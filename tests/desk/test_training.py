"""The vault for practice: it takes in no real contact and reaches none, by any way in or out; its tasks are what happened."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.desk import relays_hands as kits
from tests.desk.incidents_hands import form as incident
from tests.world import PASSPHRASE, World

from valise import bootstrap
from valise.desk import practice
from valise.desk.cards import accept_card
from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.domain import training
from valise.domain.errors import NotAllowed, Refused
from valise.formats import ics
from valise.protocol.card import read_card


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("practice"), ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def vault(world: World) -> Iterator[Desk]:
    """A vault for practice beside that of Aurelia. Tests below that close it come last."""
    gate = world.gate("XA").practice()
    gate._parser = bootstrap.read_document
    made = gate.practise(bytearray(PASSPHRASE), "Third Secretary")
    yield made
    made.close()


def rounds(world: World, vault: Desk, many: int = 4) -> None:
    for _ in range(many):
        vault.exchange.now()
        world.clock.advance(61_000)


def code(act: Any, *given: Any) -> str:
    with pytest.raises((NotAllowed, Refused)) as error:
        act(*given)
    return error.value.code


def test_it_says_what_it_is_wherever_it_is_named(world: World, vault: Desk) -> None:
    assert vault.training.on() and not world["XA"].training.on()
    assert vault.me().name == "TRAINING Aurelia" and vault.me().officer == "Third Secretary"
    assert [(one.code, one.name) for one in vault.contacts.all()] == [
        ("XB", "TRAINING Borovia"), ("XC", "TRAINING Castellan Republic")
    ]  # fmt: skip
    assert vault.store.folder == world["XA"].store.folder.with_name("XA-practice")



def test_a_real_state_is_refused_typed_or_in_a_table_and_is_not_offered(vault: Desk, tmp_path: Path) -> None:
    needs = {"need": ["Course"], "topics": ["norms"]}
    assert code(vault.registers.new_row, "capacity.needs", {"state": ["CH"], **needs}) == "training.real_state"
    place = vault.registers.new_row("capacity.needs", {"state": ["XB"], **needs})
    assert code(vault.registers.set, place, {"state": ["fr"]}) == "training.real_state"
    assert vault.registers.row(place).cells["state"].values == ("XB",) and not vault.registers.row(place).cells["state"].unfit
    assert [one for one, _ in vault.registers.names("state")] == sorted(training.FICTIONAL)
    file = tmp_path / "needs.csv"
    for said in ("CH", "Switzerland"):
        file.write_text(f"State,Need,Topics\n{said},Advice,Norms\nXC,Advice,Norms\n", "utf-8")
        read = vault.registers.read("capacity.needs", "stated", file)
        assert [(one.line, one.code) for one in read.faults] == [(2, "training.real_state")], read.faults
        assert code(vault.registers.take, read.token) == "import.faults"
    vault.registers.take_out(place)


def test_a_vault_that_is_not_for_practice_takes_any_state(world: World) -> None:
    place = world["XA"].registers.new_row("capacity.needs", {"state": ["CH"], "need": ["Course"], "topics": ["norms"]})
    assert world["XA"].registers.row(place).cells["state"].values == ("CH",)


# ways in


def test_a_real_card_is_refused_as_a_file(world: World, vault: Desk) -> None:
    with pytest.raises(NotAllowed) as refusal:  # to the person who brought it, not as a fault of somebody's envelope
        vault.contacts.import_card(world["XB"].contacts.own_card())
    assert refusal.value.code == "training.real_contact"
    assert len(vault.contacts.all()) == 2
    assert code(world["XA"].contacts.import_card, vault.contacts.own_card()) == "training.card"
    assert [one.code for one in world["XA"].contacts.all()] == ["XB"]


def test_a_real_card_is_refused_from_a_room(world: World, vault: Desk) -> None:
    """As a member of a room would bring it: one card is refused, not the envelope."""
    card = read_card(world["XB"].contacts.own_card())
    with pytest.raises(Refused) as refusal, vault.context.write() as tx:
        accept_card(vault.context, tx, card, imported=False)
    assert refusal.value.code == "training.real_contact"
    theirs = read_card(vault.contacts.own_card())
    with pytest.raises(Refused) as refusal, world["XA"].context.write() as tx:
        accept_card(world["XA"].context, tx, theirs, imported=False)
    assert refusal.value.code == "training.card"


def test_a_real_card_is_refused_with_an_answer_to_a_new_laptop(world: World, vault: Desk) -> None:
    """What a first laptop sends along of its contacts."""
    ours, real = read_card(vault.contacts.own_card()), read_card(world["XB"].contacts.own_card())
    partner = next(one for one in vault.contacts.all() if one.code == "XB")
    with vault.context.read() as handle:
        known = read_card(handle.value("select card from delegation_card where delegation = ?", (partner.id,)))
    practice.check_grant(ours, [known])
    assert code(practice.check_grant, ours, [known, real]) == "training.real_contact"
    assert code(practice.check_grant, real, [known]) == "training.card"


def test_the_code_of_a_real_delegation_tells_nothing_of_itself(world: World, vault: Desk) -> None:
    """A QR code names an identity that is known already; a stranger's is compared with nobody."""
    real = world["XB"].contacts.own_qr()
    assert all(vault.contacts.safety(one.id).qr != real for one in vault.contacts.all())
    assert code(vault.contacts.safety, world.id("XB")) == "contact.unknown"
    assert code(vault.contacts.verified, world.id("XB")) == "contact.unknown"
    assert code(vault.rooms.create, "bilateral", "", [world.id("XB")]) in ("contact.unknown", "room.unknown_member", "room.members")


# ways out


def test_no_folder_beyond_its_own(world: World, vault: Desk, tmp_path: Path) -> None:
    before = vault.exchange.status().place
    assert code(vault.exchange.use_folder, world.share) == "training.place"
    ground = training.ground(vault.store.folder)
    link = ground / "outside"
    link.symlink_to(world.share, target_is_directory=True)
    assert code(vault.exchange.use_folder, link) == "training.place"
    assert code(vault.exchange.use_folder, ground / ".." / ".." / "share") == "training.place"
    assert vault.exchange.status().place == before
    vault.exchange.use_folder(ground / "exchange")


def test_no_relay(world: World, vault: Desk) -> None:
    assert code(vault.relays.join, kits.Operator("XA").kit(world.clock.now())) == "training.relay"
    assert vault.relays.own().host == ""
    assert code(vault.exchange.add, "relay", object()) == "training.relay"


def test_no_courier_beyond_its_folder(world: World, vault: Desk, tmp_path: Path) -> None:
    partner = next(one.id for one in vault.contacts.all() if one.code == "XB")
    stick = tmp_path / "stick"
    stick.mkdir()
    assert code(vault.courier.export, stick, [partner]) == "training.place"
    assert list(stick.iterdir()) == []
    (stick / "a.valise").write_bytes(b"bundle")
    assert code(vault.courier.take, stick / "a.valise") == "training.place"
    room = next(one.id for one in vault.rooms.all() if one.kind == "bilateral")
    vault.messages.send(room, "by courier")
    made = vault.courier.export(training.ground(vault.store.folder), [partner])
    assert Path(made.place).is_relative_to(vault.store.folder)


def test_what_leaves_as_a_file_says_practice(vault: Desk, tmp_path: Path) -> None:
    text = vault.texts.all()[0].id
    made = vault.export.document(text, marking="TLP:GREEN")
    assert made.fields["Handling"] == "TRAINING · TLP:GREEN"
    vault.registers.new_row("events", {"name": ["Plenary"], "begins": ["2026-12-09"]})
    dates = vault.today.dates("2026-12-01", "2026-12-31")
    vault.today.export(dates, "Dates", tmp_path / "a.ics")
    (entry,) = [one for one in ics.read(tmp_path / "a.ics") if "Plenary" in one.title]
    assert entry.title == "TRAINING · Plenary" and entry.marking == "TRAINING"
    vault.registers.export("events", "stated", "pdf", tmp_path / "events.pdf")
    assert all("TRAINING" in page.extract_text() for page in pypdf.PdfReader(tmp_path / "events.pdf").pages)


# tasks


def test_a_partners_own_deeds_are_not_ours(world: World, vault: Desk) -> None:
    partner = vault.training._partner("XB")
    partner.contacts.verified(vault.me().delegation)
    rounds(world, vault)
    assert [one.at for one in vault.training.tasks()] == [0] * 5


def test_each_task_is_done_when_it_happened(world: World, vault: Desk) -> None:
    def done() -> list[str]:
        return [one.task for one in vault.training.tasks() if one.at]

    assert done() == []
    who, number = vault.training.partner()
    assert number == vault.contacts.safety(who)  # read from two vaults
    vault.contacts.verified(who, "words")
    assert done() == ["verify"]
    text = vault.texts.all()[0].id
    open_one = next(one.id for one in vault.texts.outline(text) if one.status == "open")
    vault.texts.propose_words(text, open_one, vault.texts.paragraph(text, open_one).paragraph.words + " now")
    assert done() == ["verify", "amend"]
    room = next(one.id for one in vault.rooms.all() if one.kind == "bilateral")
    vault.messages.acknowledge(next(one.id for one in vault.messages.threads(room) if one.subject == "A word to acknowledge"))
    assert done() == ["verify", "amend", "acknowledge"]
    (question,) = vault.pings.questions()
    assert dict(question.entry)["email"] == ("duty@practice.example",)  # there is something to say yes to
    vault.pings.answer(question.id, "confirmed")
    assert done() == ["verify", "amend", "acknowledge", "ping"]
    vault.incidents.open(room, incident(vault))
    assert done() == ["verify", "amend", "acknowledge", "ping"]  # it was not marked as an exercise
    drill = vault.incidents.open(room, incident(vault, exercise=1))
    for page in pypdf.PdfReader(BytesIO(vault.incidents.printed(drill))).pages:
        assert "TRAINING" in page.extract_text() and "EXERCISE" in page.extract_text()
    times = [one.at for one in vault.training.tasks()]
    assert all(times) and times == sorted(times)
    rounds(world, vault)
    state = next(one for one in vault.incidents.all() if one.id == drill)
    assert state.state == "acknowledged" and state.exercise  # by the partner, whose vault it reached


def test_partners_answer(world: World, vault: Desk) -> None:
    room = next(one.id for one in vault.rooms.all() if one.kind == "bilateral")
    said = vault.messages.send(room, "Are you there?")
    rounds(world, vault)
    assert vault.messages.one(said).delivery == "acknowledged"


def test_the_record_is_dated_and_marked_on_every_page(vault: Desk, tmp_path: Path) -> None:
    place = tmp_path / "record.pdf"
    vault.training.record(place, "Record of practice", (("Compare the safety number", "8 December 2026, 14:00 UTC"),))
    (page,) = pypdf.PdfReader(place).pages
    words = page.extract_text()
    assert words.count("TRAINING") >= 3 and "8 December 2026, 14:00 UTC" in words and "Third Secretary" in words


def test_setting_up_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash while the partners are made leaves a vault that the next opening completes, and nothing twice."""
    from valise.desk.training import TrainingDesk

    gate = world.gate("XB").practice()
    gate._parser = bootstrap.read_document
    with monkeypatch.context() as broken:
        broken.setattr(TrainingDesk, "_question", lambda *_: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            gate.practise(bytearray(PASSPHRASE))
    made = gate.practise(bytearray(PASSPHRASE))
    assert sorted(one.kind for one in made.rooms.all()) == ["bilateral", "group", "internal"]
    assert len(made.texts.all()) == 1 and {one.code for one in made.contacts.all()} == {"XB", "XC"}
    room = next(one.id for one in made.rooms.all() if one.kind == "bilateral")
    assert len(made.messages.threads(room)) == 1
    made.close()


def test_a_second_laptop_of_it_is_one_for_practice_too(world: World, vault: Desk) -> None:
    gate = world.gate("XF")
    request = gate.ask_enrolment(officer="Another", role="Practice", passphrase=bytearray(PASSPHRASE))
    key = (vault.store.folder / KEY_FILE).read_bytes()
    answer = vault.grant_enrolment(request, key, bytearray(PASSPHRASE), ("speak",))
    second = gate.finish_enrolment(answer, bytearray(PASSPHRASE))
    assert second.training.on() and second.training.partner()[0] == ""  # the partners are with the first one
    assert code(second.contacts.import_card, world["XB"].contacts.own_card()) == "training.real_contact"
    assert code(second.exchange.use_folder, world.share) == "training.place"
    second.exchange.now()
    assert not (training.ground(second.store.folder) / "XB").exists()
    second.close()


def test_a_real_vault_has_no_tasks(world: World) -> None:
    desk = world["XA"]
    for act in (desk.training.tasks, desk.training.partner, desk.training.begin):
        assert code(act) == "training.real_vault"
    assert code(desk.training.record, Path("x"), "", ()) == "training.real_vault"
    desk.training.tend()
    assert not training.ground(desk.store.folder).exists()


def test_it_is_opened_again_and_goes_on(world: World, vault: Desk) -> None:
    done = vault.training.tasks()
    assert done[0].at
    vault.close()
    again = world.gate("XA").practice().practise(bytearray(PASSPHRASE))
    assert again.training.tasks() == done and len(again.contacts.all()) == 2
    assert len([one for one in again.rooms.all() if one.kind != "internal"]) == 2
    rounds(world, again, 1)
    again.close()


def test_a_folder_written_into_the_settings_is_not_used(world: World) -> None:
    gate = world.gate("XA").practice()
    once = gate.unlock(bytearray(PASSPHRASE))
    once.settings.set("exchange.folder", str(world.share))
    once.close()
    again = gate.unlock(bytearray(PASSPHRASE))
    before = sorted(world.share.rglob("*"))
    again.exchange.now()
    assert again.exchange.status().problem == "training.place"
    assert sorted(world.share.rglob("*")) == before
    again.close()
