"""Our own laptops: the root key in a ceremony, its shares and its file; laptops admitted and renewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.laptops_hands import WRITER, asked, code_of, joined, laptop, open_root, said, second, terms, words
from tests.world import PASSPHRASE, World

from valise.desk.ceremony import Ceremony, from_file
from valise.desk.door_laptops import Admit, Renew, Revoke
from valise.desk.gate import KEY_FILE
from valise.domain.errors import NotAllowed, Refused, Unavailable, WrongPassphrase
from valise.domain.kinds import RIGHTS
from valise.protocol.card import read_card
from valise.protocol.certificate import Root
from valise.protocol.rootfile import seal_root
from valise.vault import people

WEAK = (1, 8192)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    for desk in made.desks.values():
        desk.settings.set("contacts.new_laptop", "tell")
    yield made
    made.close()


# the ceremony


def test_the_root_key_is_open_only_while_it_signs(world: World) -> None:
    desk = world["XA"]
    assert not desk.laptops.root().open
    assert code_of(desk.laptops.perform, [Renew(desk.me().device, terms(*RIGHTS))]) == "root.not_open"
    given = bytearray(b"not this one")
    with pytest.raises(WrongPassphrase):
        desk.laptops.open_key((world.base / "XA" / KEY_FILE).read_bytes(), given)
    assert not any(given) and not desk.laptops.root().open
    open_root(world)
    assert desk.laptops.root().open
    held = desk.laptops._ceremony
    assert held is not None
    root = held.root
    assert any(root.seed) and root.secret is not None and any(root.secret)
    assert code_of(desk.laptops.perform, []) == "laptop.nothing"
    assert not desk.laptops.root().open and root.closed
    assert not any(root.seed) and not any(root.secret)
    with pytest.raises(Refused, match=r"root\.closed"):
        root.sign("valise/v1/card", b"x")
    with pytest.raises(Refused, match=r"root\.closed"):
        seal_root(root, b"x", *WEAK, WEAK)


def test_another_delegations_key_opens_no_ceremony(world: World) -> None:
    other = (world.base / "XB" / KEY_FILE).read_bytes()
    assert code_of(world["XA"].laptops.open_key, other, bytearray(PASSPHRASE)) == "root.other"
    root = from_file(other, bytearray(PASSPHRASE), WEAK)
    with pytest.raises(NotAllowed):
        Ceremony(world["XA"].context, world["XA"]._secret, root)
    assert root.closed


def test_several_acts_make_one_card(world: World) -> None:
    desk = world["XA"]
    gate, ask = asked(world, "XA-2")
    other_gate, other = asked(world, "XA-3")
    before = read_card(desk.contacts.own_card())
    done = open_root(world).laptops.perform([ask, other, Renew(desk.me().device, terms(*RIGHTS, officer="Ines Moreau"))])
    card = read_card(desk.contacts.own_card())
    assert (card.number, card.prev, done.card) == (2, before.hash, 2) and len(done.answers) == 2
    assert [one.certificate.number for one in card.devices] == [4, 2, 3]
    assert desk.me().officer == "Ines Moreau"
    joined(world, "XA-2", gate, done.answers[0])
    joined(world, "XA-3", other_gate, done.answers[1])


def test_a_failed_act_leaves_nothing_behind(world: World) -> None:
    desk = world["XA"]
    _, ask = asked(world, "XA-2")
    before = desk.contacts.own_card()
    for bad, code in (
        (Revoke(desk.me().device, "lost"), "laptop.itself"),
        (Revoke("A" * 43, "lost"), "laptop.unknown"),
        (Renew(desk.me().device, terms("speak")), "laptop.last"),
        (Renew(desk.me().device, terms(*RIGHTS, rooms=("A" * 43,))), "laptop.last"),
        (Renew(desk.me().device, terms(*RIGHTS, days=1097)), "laptop.term"),
        (Renew(desk.me().device, terms(*RIGHTS, days=0)), "laptop.term"),
        (Renew(desk.me().device, terms("rule")), "laptop.rights"),
        (Renew(desk.me().device, terms(*RIGHTS, officer="x\u202ey")), "certificate.malformed"),
        (Admit(ask.request, ask.terms, "0000 0000 0000 0000 0000"), "laptop.code"),
        (ask, "request.known"),
    ):
        open_root(world)
        assert code_of(desk.laptops.perform, [ask, bad]) == code
        assert desk.contacts.own_card() == before and not desk.laptops.root().open
        assert desk.store.read and len(desk.laptops.all()) == 1


def test_who_may_not_admit_holds_no_ceremony(world: World) -> None:
    two = second(world)
    key_file = (world.base / "XA" / KEY_FILE).read_bytes()
    assert code_of(two.laptops.open_key, key_file, bytearray(PASSPHRASE)) == "rights.missing"


# recovery shares


def test_shares_open_the_root_key_and_are_rehearsed(world: World) -> None:
    desk = open_root(world)
    assert desk.laptops.root().splittable is True
    made = desk.laptops.make_shares(2, 3)
    assert len(made) == 3 and all(len(one.split()) == 33 for one in made)
    assert desk.laptops.root().open
    desk.laptops.close()
    root = desk.laptops.root()
    assert (root.need, root.total, root.rehearsed_at) == (2, 3, 0) and root.made_at
    others = open_root(world, "XB").laptops.make_shares(2, 2)
    assert desk.laptops.rehearse(made[:2])
    at = desk.laptops.root().rehearsed_at
    assert at and not desk.laptops.rehearse(others)
    assert desk.laptops.root().rehearsed_at == at
    assert code_of(desk.laptops.rehearse, made[:1]) == "shares.few"
    assert code_of(desk.laptops.open_shares, others) == "root.other"
    desk.laptops.open_shares((made[2], made[0]))
    done = desk.laptops.perform([Renew(desk.me().device, terms(*RIGHTS, officer="Ines Moreau"))])
    assert done.card == 2 and desk.me().officer == "Ines Moreau"
    desk.laptops.open_shares(made[1:])
    again = desk.laptops.new_key_file(bytearray(b"another passphrase"))
    desk.laptops.close()
    desk.laptops.open_key(again, bytearray(b"another passphrase"))
    desk.laptops.close()


def test_a_root_of_the_first_version_signs_and_cannot_be_split(world: World) -> None:
    root = Root(bytes(range(64)))
    data = seal_root(root, b"seven grey herons", *WEAK, WEAK)
    assert data.startswith(b"VALISE-ROOT-1\n")
    opened = from_file(data, bytearray(b"seven grey herons"), WEAK)
    assert opened.public == root.public and not opened.splittable
    desk = world["XA"]
    own = desk.context.own
    desk.context.own = type(own)(**{name: getattr(own, name) for name in own.__slots__} | {"delegation": root.delegation})
    with Ceremony(desk.context, desk._secret, opened) as ceremony:
        assert code_of(ceremony.shares, 2, 3) == "root.not_splittable"
    desk.context.own = own


# the key file beside the vault


def test_the_key_file_beside_the_vault_is_urged_away(world: World) -> None:
    desk, path = world["XA"], world.base / "XA" / KEY_FILE
    assert desk.laptops.root().beside
    assert "root.beside" in [one.line for one in desk.overview().due]
    held = desk.laptops.key_file()
    assert code_of(desk.laptops.remove_key_file, held[:-1]) == "root.copy_differs" and path.exists()
    desk.laptops.remove_key_file(held)
    assert not path.exists() and not desk.laptops.root().beside
    assert "root.beside" not in [one.line for one in desk.overview().due]
    with pytest.raises(Unavailable, match=r"root\.file_gone"):
        desk.laptops.key_file()


# a second laptop


def test_a_new_laptop_gets_the_internal_record_and_the_texts(world: World) -> None:
    room = world.room()
    text = world["XA"].texts.open(room, "Draft resolution", paragraphs=[
        {"section": "PP", "label": "PP 1", "words": "*Recalling* its decision of last year,", "status": "open"}])  # fmt: skip
    internal = next(one.id for one in world["XA"].rooms.all() if one.kind == "internal")
    paragraph = world["XA"].texts.outline(text)[1].id
    world["XA"].internal.write(text, paragraph, "Not without a date.", "red line")
    said(world["XA"], room, "on the record")
    two = second(world)
    assert {one.id for one in two.rooms.all()} >= {room, internal}
    assert [one.words for one in two.internal.notes(text)] == ["Not without a date."]
    assert two.texts.outline(text) == world["XA"].texts.outline(text)
    assert "on the record" in words(two, room)
    shown = laptop(world["XA"], two.me().device)
    assert (shown.state, shown.reached, shown.shared) == ("in use", 2, 2)


def test_the_card_of_many_laptops_still_travels(world: World) -> None:
    """Twelve laptops make a card of 100 kB, larger than the cards of all others may be together."""
    room = world.room()
    asks = [asked(world, f"XA-{n}") for n in range(2, 13)]
    open_root(world).laptops.perform([ask for _, ask in asks])
    assert len(world["XA"].contacts.own_card()) > 100_000
    world.exchange(4, 70_000)
    for code in ("XB", "XG"):
        assert len(world[code].contacts.one(world.id("XA")).devices) == 12
        assert world[code].rooms.one(room).devices == 14


# renewed


def test_a_renewed_certificate_is_used_everywhere(world: World) -> None:
    room = world.room()
    two = second(world)
    device = two.me().device
    open_root(world).laptops.perform([Renew(device, terms(*RIGHTS, officer="Successor"))])
    world.exchange(6, 70_000)
    for desk in world.desks.values():
        with desk.context.read() as handle:
            held = people.device(handle, device)
            certificate = desk.record.certificates.of(handle, device)
        assert held is not None and (held.officer, held.number, certificate.number) == ("Successor", 3, 3)
        assert certificate.hash == held.certificate_hash
    assert two.me().officer == "Successor" and set(two.me().rights) == set(RIGHTS)
    assert len({desk.rooms.one(room).epoch for desk in world.desks.values()}) == 1
    said(two, room, "with the new certificate")
    world.exchange(4, 70_000)
    assert all("with the new certificate" in words(desk, room) for desk in world.desks.values())


def test_who_has_not_the_newer_card_yet_loses_nothing(world: World) -> None:
    """The renewed laptop writes; its key message names a certificate the peer has not seen: it waits, and is opened."""
    room = world.room()
    two = second(world)
    open_root(world).laptops.perform([Renew(two.me().device, terms(*WRITER, officer="Renewed"))])
    two.laptops.take_card(world["XA"].contacts.own_card())
    said(two, room, "ahead of the card")
    two.exchange.now()
    frames = two.context.store
    assert frames is not None
    card = world["XA"].contacts.own_card()
    b = world["XB"]
    before = b.contacts.one(world.id("XA")).devices
    b.exchange.now()  # only the renewed laptop has written since
    assert b.contacts.one(world.id("XA")).devices == before
    assert b.exchange.status().sealed_waiting and "ahead of the card" not in words(b, room)
    b.contacts.import_card(card)
    assert b.exchange.status().sealed_waiting == 0 and "ahead of the card" in words(b, room)
    world.exchange(4, 70_000)
    assert "ahead of the card" in words(world["XG"], room)


def test_fewer_rights_hold_from_now_on_and_not_backwards(world: World) -> None:
    """What was said with more rights stands, also for somebody who first hears of it after the change."""
    room = world.room()
    two = second(world, *RIGHTS)
    late = world["XG"]
    del world.desks["XG"]
    said(two, room, "while it might")
    world.exchange(3, 70_000)
    open_root(world).laptops.perform([Renew(two.me().device, terms("observe"))])
    world.exchange(6, 70_000)
    assert two.me().rights == ("observe",)
    assert code_of(said, two, room, "no more") == "rights.missing"
    late.contacts.import_card(world["XA"].contacts.own_card())
    world.desks["XG"] = late
    world.exchange(6, 70_000)
    assert "while it might" in words(late, room)
    card = read_card(world["XA"].contacts.own_card())
    assert [one.number for one in card.device(two.me().device).earlier] == [2]  # type: ignore[union-attr]
    open_root(world).laptops.perform([Renew(two.me().device, terms(*RIGHTS))])
    card = read_card(world["XA"].contacts.own_card())
    assert card.device(two.me().device).earlier == ()  # type: ignore[union-attr]
