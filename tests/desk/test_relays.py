"""Relays between whole delegations: joining, permission to write, the address book, over a real exchange folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from relays_hands import INBOXES, Operator, bodies, joined, rows, secrets_of
from tests.hostile import tools as h
from tests.world import World

from valise.carriers.relay import jwt
from valise.desk.relay_line import RelayLine
from valise.domain.errors import NotAllowed, Refused
from valise.domain.relay_given import DAY, SETTLED, TERM, user_of
from valise.protocol import relaykit


@pytest.fixture(autouse=True)
def by_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given reaches the others by the folder: no relay of these tests exists."""
    monkeypatch.setattr(RelayLine, "tune", lambda self: None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB"))
    yield made
    made.close()


@pytest.fixture
def pair(world: World) -> World:
    """Two that talk in a room of two."""
    h.talk(world, "bilateral", members=("XA", "XB"))
    return world


def test_joining_gives_everybody_in_a_room_of_two_permission(pair: World) -> None:
    calls: list[str] = []
    pair["XA"].relays.changed = lambda: calls.append("XA")
    pair["XB"].relays.changed = lambda: calls.append("XB")
    assert pair["XA"].relays.mailbox() is None and pair["XA"].relays.book() == {}
    made = pair["XA"].relays.join(Operator("XA").kit(pair.clock.now()))
    assert (made.host, made.label, made.may_grant, made.pinned) == ("xa.relay.example", "Relay of the mission", True, False)
    assert made == pair["XA"].relays.own() and calls == ["XA"]
    (given,) = pair["XA"].relays.grants()
    assert (given.code, given.state, given.told) == ("XB", "active", "")
    pair.exchange()
    (given,) = pair["XA"].relays.grants()
    assert given.told == "room" and given.expires == given.made_at + TERM
    address = pair["XB"].relays.book()[pair.id("XA")]
    assert (address.inbox, address.slot, address.expires) == (INBOXES["XA"], given.slot, given.expires)
    assert calls == ["XA", "XB"]
    (seen,) = pair["XB"].relays.addresses()
    assert (seen.code, seen.host, seen.state) == ("XA", "xa.relay.example", "active")
    # what was made is what a relay of that account takes: signed by the key of the kit, for this slot, until then
    claims = jwt.decode(address.jwt, "user")
    assert claims.name == given.slot and claims.expires == given.expires // 1000
    assert user_of(address.jwt) == claims.subject


def test_our_own_laptops_have_an_address_of_ours(pair: World) -> None:
    joined(pair, "XA")
    own = pair["XA"].relays.book()[pair.id("XA")]
    assert own.inbox == INBOXES["XA"] and all(one.code == "XB" for one in pair["XA"].relays.grants())
    pair.exchange()
    assert pair.id("XA") in pair["XB"].relays.book() and pair.id("XB") not in pair["XB"].relays.book()


def test_nothing_of_it_is_a_message_or_found(pair: World) -> None:
    joined(pair, "XA", "XB")
    before = [pair[code].messages.threads(one.id) for code in ("XA", "XB") for one in pair[code].rooms.all()]
    pair.exchange()
    assert before == [pair[code].messages.threads(one.id) for code in ("XA", "XB") for one in pair[code].rooms.all()]
    for code in ("XA", "XB"):
        (body,) = [one for one in bodies(pair[code]) if one["inbox"] == INBOXES["XA"]]
        for words in (INBOXES["XA"], body["slot"], body["seed"], "xa.relay.example", "relay"):
            assert pair[code].search(words) == []


def test_a_kit_that_is_none_or_ended(world: World) -> None:
    now = world.clock.now()
    whole = Operator("XA").kit(now)
    with pytest.raises(Refused, match=r"relay\.kit"):
        world["XA"].relays.join(whole[:-20])
    with pytest.raises(Refused, match=r"relay\.kit"):
        world["XA"].relays.join(world["XB"].contacts.own_card())
    with pytest.raises(NotAllowed, match=r"relay\.expired"):
        world["XA"].relays.join(Operator("XA").kit(now - 2 * DAY, expires=now - DAY))
    assert world["XA"].relays.own().host == "" and rows(world["XA"], "select * from relay_grant") == []


def test_without_a_relay_or_a_room_nothing_is_given(world: World) -> None:
    other = world.id("XB")
    for act in (lambda: world["XA"].relays.grant(other), lambda: world["XA"].relays.renew("x"), lambda: world["XA"].relays.card_for("XB")):
        with pytest.raises(NotAllowed, match=r"relay\.none"):
            act()
    joined(world, "XA")
    assert world["XA"].relays.grants() == []
    with pytest.raises(NotAllowed, match=r"relay\.no_room"):
        world["XA"].relays.grant(other)
    with pytest.raises(NotAllowed, match=r"contact\.unknown"):
        world["XA"].relays.grant(world.id("XA"))
    with pytest.raises(NotAllowed, match=r"relay\.grant"):
        world["XA"].relays.renew("nobody")
    with pytest.raises(NotAllowed, match=r"relay\.grant"):
        world["XA"].relays.revoke("nobody")
    world.room("group", title="of two in a group")
    assert world["XA"].relays.grants() == [] and bodies(world["XA"]) == []  # a larger room never learns it
    world.room("bilateral", members=("XA", "XB"))
    world.exchange()
    (given,) = world["XA"].relays.grants()  # by itself, as soon as there is a room of two
    assert given.code == "XB" and given.told == "room"
    assert world["XA"].relays.grant(other) == given  # and what is good is not made twice


def test_it_renews_by_itself_when_a_third_is_left(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    (first,) = pair["XA"].relays.grants()
    pair.clock.advance(TERM * 2 // 3 - 2 * DAY)
    pair.exchange()
    assert [one.slot for one in pair["XA"].relays.grants()] == [first.slot]
    pair.clock.advance(3 * DAY)
    assert pair["XA"].relays.grants()[0].state == "ending"
    pair.exchange(pause=SETTLED)
    second, old = pair["XA"].relays.grants()
    assert (second.state, second.told, old.slot, old.state) == ("active", "room", first.slot, "ending")
    assert pair["XB"].relays.book()[pair.id("XA")].slot == second.slot
    pair.clock.advance(TERM)  # the old one is listed for a while, then forgotten
    pair.exchange()
    assert first.slot not in {one.slot for one in pair["XA"].relays.grants()}


def test_a_person_renews(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    (first,) = pair["XA"].relays.grants()
    second = pair["XA"].relays.renew(first.slot)
    assert second.slot != first.slot and second.state == "active" and second.told == ""
    pair.exchange(pause=SETTLED)
    assert pair["XB"].relays.book()[pair.id("XA")].slot == second.slot


def test_taking_back_is_told_and_the_relay_is_asked_until_it_confirms(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    asked: list[tuple[str, ...]] = []
    answer = "relay.unreachable"

    def ask(users: Sequence[str]) -> str:
        asked.append(tuple(users))
        return answer

    pair["XA"].relays.asking.ask = ask
    (first,) = pair["XA"].relays.grants()
    with pytest.raises(NotAllowed, match=r"relay\.grant"):
        pair["XA"].relays.revocation_file()
    told: list[str] = []  # what stands there whenever something is announced
    pair["XA"].subscribe(lambda changes: told.append(pair["XA"].relays.own().problem) if changes.status else None)
    assert pair["XA"].relays.revoke(first.slot).state == "revoking"
    user = user_of(pair["XB"].relays.book()[pair.id("XA")].jwt)
    pair.exchange()
    assert asked == [(user,)] and pair["XA"].relays.own().problem == "relay.unreachable"
    told.clear()
    answer = "relay.refused"
    for _ in range(2):
        pair.clock.advance(3_600_000)
        pair["XA"].relays.asking.attend()
    assert len(asked) == 3 and told == ["relay.refused"]  # a change is told at once, and only a change
    asked[1:] = []
    answer = "relay.unreachable"
    assert pair["XB"].relays.book() == {} and pair["XB"].relays.addresses()[0].state == "withdrawn"
    file = relaykit.decode_revocation(pair["XA"].relays.revocation_file())
    assert file.users == (user,)
    for _ in range(20):  # later and later, never more than once an hour in the end
        pair.clock.advance(600_000)
        pair["XA"].exchange.now()
    assert 4 < len(asked) < 12
    pair.clock.advance(3_600_000)
    answer = ""
    pair["XA"].exchange.now()
    (done,) = pair["XA"].relays.grants()
    assert done.state == "revoked" and pair["XA"].relays.own().problem == ""
    count = len(asked)
    pair.exchange(pause=3_600_000)
    assert len(asked) == count and len(pair["XA"].relays.grants()) == 1  # nothing is given again by itself
    pair["XA"].relays.grant(pair.id("XB"))
    pair.exchange(pause=SETTLED)
    assert pair.id("XA") in pair["XB"].relays.book()


def test_where_rounds_must_not_wait_the_relay_is_asked_aside(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    answer, woken, threads = threading.Event(), threading.Event(), []

    def ask(users: Sequence[str]) -> str:
        threads.append(threading.current_thread())
        assert answer.wait(30)
        return ""

    asking = pair["XA"].relays.asking
    asking.ask, asking.aside, asking.wake = ask, lambda: True, woken.set
    (first,) = pair["XA"].relays.grants()
    pair["XA"].relays.revoke(first.slot)
    for _ in range(3):
        pair["XA"].exchange.now()
        assert pair["XA"].relays.grants()[0].state == "revoking"
    answer.set()
    assert woken.wait(30)
    pair["XA"].exchange.now()
    assert pair["XA"].relays.grants()[0].state == "revoked"
    assert len(threads) == 1 and threads[0] is not threading.current_thread()


def test_leaving_tells_everybody_and_coming_back_gives_anew(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    assert pair.id("XA") in pair["XB"].relays.book()
    pair["XA"].relays.leave()
    assert pair["XA"].relays.mailbox() is None and pair["XA"].relays.own().host == "" and pair["XA"].relays.book() == {}
    (given,) = pair["XA"].relays.grants()
    assert given.state == "revoking" and relaykit.decode_revocation(pair["XA"].relays.revocation_file()).users
    pair.exchange(pause=SETTLED)
    assert pair["XB"].relays.book() == {}
    joined(pair, "XA")
    pair.exchange(pause=SETTLED)
    assert pair.id("XA") in pair["XB"].relays.book()


def test_it_survives_a_restart(pair: World) -> None:
    joined(pair, "XA", "XB")
    pair.exchange()
    before = {code: (pair[code].relays.book(), pair[code].relays.grants(), pair[code].relays.mailbox()) for code in ("XA", "XB")}
    for code in ("XA", "XB"):
        pair.reopen(code)
        assert (pair[code].relays.book(), pair[code].relays.grants(), pair[code].relays.mailbox()) == before[code]
        pair[code].rebuild()
        pair[code].exchange.now()
        assert (pair[code].relays.book(), pair[code].relays.grants(), pair[code].relays.mailbox()) == before[code]


def test_a_transaction_that_fails_leaves_nothing(pair: World) -> None:
    with pytest.raises(ZeroDivisionError), pair["XA"].together():
        pair["XA"].relays.join(Operator("XA").kit(pair.clock.now()))
        raise ZeroDivisionError
    assert pair["XA"].relays.mailbox() is None and pair["XA"].relays.grants() == [] and bodies(pair["XA"]) == []
    pair.exchange()
    assert pair["XB"].relays.addresses() == []


def test_nothing_is_written_while_nothing_is_due(pair: World) -> None:
    joined(pair, "XA", "XB")
    pair["XA"].relays.card_for("XB")
    pair.exchange(6, SETTLED)
    pair["XA"].relays.revoke(next(one.slot for one in pair["XA"].relays.grants() if one.told == "room"))
    pair.exchange(6, SETTLED)
    for days in (0, 200, 400):  # also when what was taken back has ended long ago
        pair.clock.advance(days * DAY)
        pair.exchange(3, SETTLED)
        for code in ("XA", "XB"):
            before = pair[code].store.generation()
            pair[code].relays._tend()
            assert pair[code].store.generation() == before, (code, days)
            pair[code].relays._look = True
    assert [one.state for one in pair["XA"].relays.grants()] == [] and rows(pair["XA"], "select slot from relay_grant where why = 'person'")
    pair["XA"].relays.grant(pair.id("XB"))
    pair.exchange(4, SETTLED)
    assert pair["XB"].relays.book()[pair.id("XA")].slot == pair["XA"].relays.grants()[0].slot


def due(world: World, code: str = "XA") -> list[tuple[str, tuple[str, ...]]]:
    return [(one.line, one.values) for one in world[code].overview().due if one.line.startswith("relay.")]


def test_what_only_a_person_can_mend_is_on_the_overview(pair: World) -> None:
    pair["XA"].relays.join(Operator("XA").kit(pair.clock.now(), expires=pair.clock.now() + 200 * DAY))
    pair.exchange()
    assert due(pair) == []
    pair["XA"].contacts.differs(pair.id("XB"))  # nothing is said to it, so nothing renews
    pair.clock.advance(TERM - 10 * DAY)
    pair.exchange()
    assert due(pair) == [("relay.grant_ending", ("Borovia", "9"))]
    pair["XA"].contacts.decide(pair.id("XB"), True)
    pair.exchange(pause=SETTLED)
    assert due(pair) == []
    pair.clock.advance(107 * DAY)
    pair.exchange()
    assert due(pair) == [("relay.ending", ("xa.relay.example", "12"))]
    pair.clock.advance(13 * DAY)
    assert due(pair) == [("relay.expired", ("xa.relay.example",))]
    assert pair["XA"].relays.mailbox() is not None  # the relay is the judge of it, not a clock
    pair["XA"].relays.join(Operator("XA").kit(pair.clock.now()))
    assert due(pair) == []


def test_stopping_a_delegation_takes_nothing_back_and_replacing_it_does(pair: World) -> None:
    joined(pair, "XA")
    pair.exchange()
    pair["XA"].contacts.differs(pair.id("XB"))
    pair.exchange(pause=SETTLED)
    (given,) = pair["XA"].relays.grants()
    assert given.state == "active" and pair.id("XA") in pair["XB"].relays.book()
    with pytest.raises(NotAllowed, match=r"contact\.differs"):
        pair["XA"].relays.renew(given.slot)
    pair["XA"].contacts.decide(pair.id("XB"), True)
    other = World(pair.base / "other", ("XB",), clock=pair.clock)
    pair["XA"].contacts.import_card(other["XB"].contacts.own_card())  # another identity under its code
    assert pair["XA"].relays.grants()[0].state == "active"
    pair["XA"].contacts.decide(pair.id("XB"), True)
    pair["XA"].exchange.now()
    assert [one.state for one in pair["XA"].relays.grants()] == ["revoking"]
    other.close()


def test_credentials_lie_in_the_vault_alone(pair: World, tmp_path: Path) -> None:
    joined(pair, "XA", "XB")
    pair.exchange()
    secrets = secrets_of(pair["XA"]) | secrets_of(pair["XB"])
    room = next(one.id for one in pair["XA"].rooms.all() if one.kind == "bilateral")
    pair["XA"].evidence.save(room, tmp_path / "a.evidence")
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) > 8 and (tmp_path / "a.evidence") in files
    for one in files:
        data = one.read_bytes()
        assert not any(secret in data for secret in secrets), one.name
    assert all(secret.decode() not in f"{pair[code].relays.grants()} {pair[code].relays.addresses()} {pair[code].relays.own()}"
               for secret in secrets for code in ("XA", "XB"))  # fmt: skip
