"""Whom we talk to, over real vaults and a real folder: vouching, custodians, laptops that joined, what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile import tools as h
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.domain.errors import NotAllowed, Refused
from valise.protocol import canonical, operation, safety
from valise.protocol.card import read_card
from valise.protocol.frame import Item

CODES = ("XA", "XB", "XC", "XD", "XE")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, CODES)
    yield made
    made.close()


def enrol(world: World, code: str, name: str = "", officer: str = "Second officer") -> Desk:
    """Another laptop of a delegation, admitted by its first."""
    name = name or f"{code}-2"
    gate = world.gate(name)
    request = gate.ask_enrolment(officer=officer, role="Adviser", passphrase=bytearray(PASSPHRASE))
    key_file = (world.base / code / KEY_FILE).read_bytes()
    answer = world[code].grant_enrolment(request, key_file, bytearray(PASSPHRASE), ("observe", "speak", "amend", "commit"))
    desk = gate.finish_enrolment(answer, bytearray(PASSPHRASE))
    desk.exchange.use_folder(world.share)
    desk.exchange.resend = 60_000
    world.desks[name] = desk
    return desk


def verify(world: World, *pairs: tuple[str, str]) -> None:
    for one, other in pairs:
        world[one].contacts.verified(world.id(other), "code")


def custodians(world: World, code: str, *chosen: str, needed: int = 2) -> None:
    """A delegation verifies some others and takes their word."""
    verify(world, *((code, one) for one in chosen))
    world[code].trust.choose_custodians([world.id(one) for one in chosen], needed)


def level(world: World, code: str, about: str) -> str:
    return world[code].contacts.one(world.id(about)).trust


def say(world: World, by: str, about: str, to: str) -> None:
    verify(world, (by, about))
    world[by].trust.vouch(world.id(about), [world.id(to)])
    world.exchange(rounds=3)


# -- vouching


def test_two_of_three_custodians_make_a_delegation_vouched_for(world: World) -> None:
    custodians(world, "XA", "XB", "XC", "XD")
    say(world, "XB", "XE", "XA")
    assert level(world, "XA", "XE") == "received only"
    say(world, "XD", "XE", "XA")
    assert level(world, "XA", "XE") == "vouched"
    story = world["XA"].trust.story(world.id("XE"))
    assert {one.name for one in story.words} == {"XB Borovia", "XD Dravenia"}
    assert (story.custodians, story.needed, {one.how for one in story.words}) == (3, 2, {"code"})
    assert world["XB"].trust.story(world.id("XE")).to == (world.id("XA"),)
    world["XA"].rebuild()
    assert level(world, "XA", "XE") == "vouched"


@pytest.mark.parametrize("loss", ["unvouched", "off the list", "differs", "changed", "two histories", "laptop", "more needed"])
def test_losing_a_custodian_takes_the_level_away_at_once(world: World, tmp_path: Path, loss: str) -> None:
    custodians(world, "XA", "XB", "XC", "XD")
    say(world, "XB", "XE", "XA")
    say(world, "XD", "XE", "XA")
    assert level(world, "XA", "XE") == "vouched"
    if loss == "unvouched":
        world["XD"].trust.unvouch(world.id("XE"), [world.id("XA")])
        world.exchange(rounds=3)
        assert world["XD"].trust.story(world.id("XE")).to == ()
    elif loss == "off the list":
        world["XA"].trust.choose_custodians([world.id("XB"), world.id("XC")], 2)
    elif loss == "differs":
        world["XA"].contacts.differs(world.id("XD"))
    elif loss == "changed":
        impostor = World(tmp_path / "other", ("XD",), acquainted=False)
        world["XA"].contacts.import_card(impostor["XD"].contacts.own_card())
        impostor.close()
    elif loss == "two histories":
        room = h.talk(world, "group", members=("XA", "XD"))
        for words in ("one", "other"):
            made = h.item(world["XD"], h.fields(world["XD"], room, "message.send", h.message(words)))
            h.send(world["XD"], world["XA"], room, items=(made,))
    elif loss == "laptop":  # the word of a laptop nobody has looked at does not count
        second = enrol(world, "XD")
        world["XD"].trust.unvouch(world.id("XE"), [world.id("XA")])
        world.exchange(rounds=3)
        second.contacts.verified(world.id("XE"))
        second.trust.vouch(world.id("XE"), [world.id("XA")])
        world.exchange(rounds=6, pause=61_000)
        assert world["XA"].contacts.one(world.id("XD")).stopped == "added"
    else:
        world["XA"].trust.choose_custodians([world.id(one) for one in ("XB", "XC", "XD")], 3)
    assert level(world, "XA", "XE") == "received only"
    if loss == "laptop":
        world.accept_laptops()
        world.exchange(rounds=6, pause=61_000)
        assert level(world, "XA", "XE") == "vouched"


def test_a_vouched_delegation_is_no_custodian_and_its_word_does_not_count(world: World) -> None:
    custodians(world, "XA", "XB", "XC")
    for by in ("XB", "XC"):
        say(world, by, "XD", "XA")
    assert level(world, "XA", "XD") == "vouched"
    with pytest.raises(NotAllowed, match=r"custodian\.not_verified"):
        world["XA"].trust.choose_custodians([world.id("XB"), world.id("XD")], 2)
    with pytest.raises(NotAllowed, match=r"vouch\.not_verified"):
        world["XA"].trust.vouch(world.id("XD"), [world.id("XE")])
    say(world, "XD", "XE", "XA")
    say(world, "XB", "XE", "XA")
    assert level(world, "XA", "XE") == "received only"


def test_a_custodian_that_vouches_for_another_identity_stops_the_sending_and_both_are_shown(
    world: World, tmp_path: Path
) -> None:
    custodians(world, "XA", "XB", "XC")
    verify(world, ("XA", "XE"))
    room = h.talk(world, "bilateral", members=("XA", "XE"))
    impostor = World(tmp_path / "other", ("XE",), acquainted=False)
    other = impostor.id("XE")
    world["XB"].contacts.import_card(impostor["XE"].contacts.own_card())
    world["XB"].contacts.decide(world.id("XE"), True)
    world["XB"].contacts.verified(other, "code")
    world["XB"].trust.vouch(other, [world.id("XA")])
    world.exchange(rounds=3)
    contact = world["XA"].contacts.one(world.id("XE"))
    assert (contact.stopped, contact.changed, contact.trust) == ("disputed", True, "verified in person")
    assert world["XA"].rooms.one(room).blocked == "contact.disputed"
    assert [due.line for due in world["XA"].overview().due if due.ref == world.id("XE")] == ["contact.disputed"]
    (against,) = world["XA"].trust.story(world.id("XE")).against
    assert (against.author, against.about, against.whom) == (world.id("XB"), other, "")
    assert against.fingerprint == impostor["XE"].contacts.one(other).fingerprint != contact.fingerprint
    sent = world["XA"].messages.send(room, "waits")
    world.exchange(rounds=2)
    assert world["XA"].messages.one(sent).delivery == "waiting"
    world["XA"].contacts.decide(world.id("XE"), False)
    assert world["XA"].contacts.one(world.id("XE")).stopped == "disputed"
    world["XA"].contacts.decide(world.id("XE"), True)
    world.exchange(rounds=3)
    assert world["XA"].messages.one(sent).delivery == "delivered"
    codes = [one.code for one in world["XA"].trust.story(world.id("XE")).history]
    assert codes[:2] == ["dispute.held", "dispute.kept_stopped"]
    impostor.close()


def test_nobody_but_a_custodian_can_stop_anything(world: World, tmp_path: Path) -> None:
    custodians(world, "XA", "XB", "XC")
    impostor = World(tmp_path / "other", ("XE",), acquainted=False)
    world["XD"].contacts.import_card(impostor["XE"].contacts.own_card())
    world["XD"].contacts.decide(world.id("XE"), True)
    world["XD"].contacts.verified(impostor.id("XE"))
    world["XD"].trust.vouch(impostor.id("XE"), [world.id("XA")])
    world.exchange(rounds=3)
    assert world["XA"].contacts.one(world.id("XE")).stopped == ""
    impostor.close()


def test_who_vouches_for_whom_is_known_to_the_two_and_nobody_else(world: World) -> None:
    """C15: no list shows who else was told, to those who were told, to the third, or to anybody."""
    h.talk(world, "group", members=CODES)
    custodians(world, "XA", "XB", "XC")
    verify(world, ("XB", "XE"))
    world["XB"].trust.vouch(world.id("XE"), [world.id("XA"), world.id("XD")])
    world.exchange(rounds=6, pause=61_000)
    seen = {}
    for code in CODES:
        with world[code].store.read() as handle:
            seen[code] = handle.value("select count(*) from op where kind = 'contact.vouch'", ())
    assert seen == {"XA": 1, "XB": 2, "XC": 0, "XD": 1, "XE": 0}
    for path in world.share.rglob("*"):
        assert not path.is_file() or world.id("XE").encode() not in path.read_bytes()


def test_a_word_said_in_a_group_is_nothing(world: World) -> None:
    custodians(world, "XA", "XB", "XC")
    room = h.talk(world, "group", members=CODES)
    card = read_card(world["XE"].contacts.own_card())
    body = {"about": world.id("XE"), "code": "XE", "card": card.hash, "number": 1, "how": "code", "verified_at": 1}
    for code in ("XB", "XC"):
        with world[code].context.write() as tx:
            world[code].context.author(tx, room, "contact.vouch", body)
    world.exchange(rounds=3)
    assert level(world, "XA", "XE") == "received only"


@pytest.mark.soak  # every structure has its slice in tests/hostile/test_every_bit.py
def test_every_bit_of_a_word_is_signed(world: World) -> None:
    """Each one-bit flip of the operation, and of the composite signature under it, is refused."""
    verify(world, ("XB", "XE"))
    world["XB"].trust.vouch(world.id("XE"), [world.id("XA")])
    with world["XB"].context.read() as handle:
        raw, sig = handle.row("select raw, sig from op where kind = 'contact.vouch'")
        certificate = world["XB"].record.certificates.of(handle, world["XB"].me().device)
    operation.verify(operation.receive(raw, sig, "record"), "record", certificate)
    for at in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Refused):
            operation.verify(operation.receive(bytes(changed), sig, "record"), "record", certificate)
    for at in range(8 * len(sig)):
        changed = bytearray(sig)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Refused):
            operation.verify(operation.receive(raw, bytes(changed), "record"), "record", certificate)


def test_one_signature_alone_is_not_enough_for_a_word(world: World) -> None:
    custodians(world, "XA", "XB", "XC")
    room = h.talk(world, "bilateral", members=("XB", "XA"))
    body = {"about": world.id("XE"), "code": "XE", "card": world.id("XE"), "number": 1, "how": "code", "verified_at": 1}
    raw = canonical.encode(h.fields(world["XB"], room, "contact.vouch", body))
    sig = world["XB"].context.keys.ed25519.sign(canonical.digest("valise/v1/op", raw))
    assert h.send(world["XB"], world["XA"], room, items=(Item(h.RECORD, raw, sig),)).refused == ["op.signature"]


# -- laptops that joined


def test_a_laptop_added_by_somebody_else_stops_sending_until_a_person_decides(world: World) -> None:
    room = h.talk(world, "bilateral", members=("XA", "XB"))
    verify(world, ("XA", "XB"))
    enrol(world, "XB")
    world.exchange(rounds=3)
    contact = world["XA"].contacts.one(world.id("XB"))
    assert (contact.stopped, contact.changed, contact.trust) == ("added", False, "verified in person")
    (waiting,) = world["XA"].trust.story(world.id("XB")).waiting
    assert (waiting.device.officer, waiting.device.role) == ("Second officer", "Adviser")
    sent = world["XA"].messages.send(room, "waits for a person")
    for code in ("XB", "XB-2"):
        world.exchange(rounds=2)
        assert "waits for a person" not in h.bodies(world[code])
    world["XB"].messages.send(room, "heard meanwhile")
    world.exchange(rounds=2)
    assert "heard meanwhile" in h.bodies(world["XA"])
    lines = [due.line for due in world["XA"].overview().due if due.ref == world.id("XB")]
    assert lines == ["contact.added"] and world["XA"].rooms.one(room).blocked == "contact.added"
    with pytest.raises(NotAllowed, match=r"contact\.added"):
        world["XA"].rooms.create("bilateral", "", [world.id("XB")])
    world["XA"].contacts.decide(world.id("XB"), False)
    world.reopen("XA")
    assert world["XA"].contacts.one(world.id("XB")).stopped == "added"
    world["XA"].contacts.decide(world.id("XB"), True)
    assert world["XA"].contacts.one(world.id("XB")).trust == "verified in person"
    world.exchange(rounds=6, pause=61_000)
    assert world["XA"].messages.one(sent).delivery == "delivered"
    assert "waits for a person" in h.bodies(world["XB-2"])
    history = [(one.code, one.laptop, one.officer) for one in world["XA"].trust.story(world.id("XB")).history]
    assert history[:3] == [("laptop.accepted", "Second officer", "Officer XA"),
                           ("laptop.kept_stopped", "Second officer", "Officer XA"), ("laptop.added", "Second officer", "")]


def test_a_person_may_choose_to_be_told_only(world: World) -> None:
    room = h.talk(world, "bilateral", members=("XA", "XB"))
    world["XA"].settings.set("contacts.new_laptop", "tell")
    enrol(world, "XB")
    world.exchange(rounds=3)
    assert world["XA"].contacts.one(world.id("XB")).stopped == ""
    assert world["XA"].rooms.one(room).blocked == ""
    assert [one for one in world["XA"].contacts.one(world.id("XB")).notices if one.startswith("device.new")]


def test_a_laptop_of_ours_that_another_admitted_stops_everything_here(world: World) -> None:
    room = h.talk(world, "bilateral", members=("XA", "XB"))
    second = enrol(world, "XA")
    world.exchange(rounds=4, pause=61_000)
    world.accept_laptops()
    world.exchange(rounds=6, pause=61_000)
    assert second.contacts.one(world.id("XA")).stopped == "" and second.rooms.one(room).blocked == ""
    enrol(world, "XA", "XA-3", "Third officer")
    world.exchange(rounds=6, pause=61_000)
    assert world["XA"].contacts.one(world.id("XA")).stopped == ""  # it admitted it itself
    assert second.contacts.one(world.id("XA")).stopped == "added"
    assert second.rooms.one(room).blocked == "contact.own_added"
    assert "contact.own_added" in [due.line for due in second.overview().due]
    assert [one.device.officer for one in second.trust.story(world.id("XA")).waiting] == ["Third officer"]
    second.contacts.decide(world.id("XA"), True)
    assert second.rooms.one(room).blocked in ("", "contact.added")


def test_a_joined_laptop_trusts_what_its_grant_held(world: World) -> None:
    enrol(world, "XB")
    world["XA"].contacts.import_card(world["XB"].contacts.own_card())
    world.accept_laptops()
    second = enrol(world, "XA")
    assert len(second.contacts.one(world.id("XB")).devices) == 2
    assert [one.stopped for one in (second.contacts.one(world.id("XA")), *second.contacts.all())] == [""] * 5


def test_what_else_stops_comes_first_and_the_laptop_is_not_forgotten(world: World) -> None:
    enrol(world, "XB")
    h.talk(world, "bilateral", members=("XA", "XB"))
    world.exchange(rounds=3)
    world["XA"].contacts.differs(world.id("XB"))
    assert world["XA"].contacts.one(world.id("XB")).stopped == "differs"
    world["XA"].contacts.decide(world.id("XB"), True)
    assert world["XA"].contacts.one(world.id("XB")).stopped == "added"


# -- how it was compared, and codes


def test_how_it_was_compared_by_whom_and_when_is_kept(world: World) -> None:
    for how in ("eye", "words", "code"):
        world["XA"].contacts.verified(world.id("XB"), how)
        story = world["XA"].trust.story(world.id("XB"))
        assert (story.how, story.officer, story.number) == (how, "Officer XA", 1) and story.at
    assert [one.code for one in story.history] == ["verified.code", "verified.words", "verified.eye", "seen"]
    world["XA"].contacts.differs(world.id("XB"))
    world["XA"].contacts.decide(world.id("XB"), True)
    assert world["XA"].trust.story(world.id("XB")).how == ""
    with pytest.raises(NotAllowed, match=r"contact\.how"):
        world["XA"].contacts.verified(world.id("XB"), "by post")


def test_a_code_says_what_it_is(world: World, tmp_path: Path) -> None:
    code = {one: world[one].contacts.own_qr() for one in ("XA", "XB", "XC")}
    held, own = (read_card(world[one].contacts.own_card()) for one in ("XB", "XA"))
    impostor = World(tmp_path / "other", ("XB",), acquainted=False)
    forged = impostor["XB"].contacts.own_qr()
    impostor.close()
    enrol(world, "XB")
    newer = world["XB"].contacts.own_qr()
    now = read_card(world["XB"].contacts.own_card())
    pair = world["XA"].contacts.safety(world.id("XB")).qr
    verdicts = {
        "same": [(code["XB"], held), (f" {code['XB']}\n", held), (newer, now), (world["XB-2"].contacts.own_qr(), now)],
        "differs": [(forged, held)], "other": [(code["XC"], held)], "own": [(code["XA"], held)],
        "newer": [(newer, held)], "older": [(code["XB"], now)], "pair": [(pair, held)],
        "foreign": [("https://example.org", held), ("", held), (code["XB"] + ":more", held), ("VALISE-ID-1:", held)],
    }  # fmt: skip
    for wanted, cases in verdicts.items():
        assert [safety.judge(text, card, own)[0] for text, card in cases] == [wanted] * len(cases)
    parts = code["XB"].split(":")
    for at in (4, 5, 6):  # hash of the card, laptop, certificate
        for place in range(42):
            letter = "A" if parts[at][place] != "A" else "B"
            changed = [*parts[:at], parts[at][:place] + letter + parts[at][place + 1 :], *parts[at + 1 :]]
            assert safety.judge(":".join(changed), held, own)[0] == "differs"
