"""The simulated relay by itself: it must do what the engine it stands for does, or the simulation proves nothing."""

from __future__ import annotations

import random

import pytest
from tests.sim.relay import DAY, MINUTE, Address, Mood, Relay, draw_mood
from tests.sim.relay_carrier import SimRelayCarrier

from valise.carriers.abc import Batch, Outcome, Parcel
from valise.domain.errors import Unavailable

ROUTE, OTHER, STRANGER = (bytes([n]) * 16 for n in (1, 2, 3))
SLOT = "xb"


def relay(**settings: int) -> Relay:
    made = Relay(1, **settings)
    made.open_inbox("xa", ["one", "two"], [SLOT])
    return made


def parcel(n: int, *routes: bytes) -> Parcel:
    return Parcel(n.to_bytes(16, "big"), routes or (ROUTE,), b"sealed %d" % n)


def writer(at: Relay, routes: tuple[bytes, ...] = (ROUTE, OTHER)) -> SimRelayCarrier:
    made = SimRelayCarrier("XB", None, b"w" * 8)
    made.know({one: Address(at, "xa", SLOT) for one in routes})
    return made


def reader(at: Relay, seat: str = "one", connection: bytes = b"r" * 8) -> SimRelayCarrier:
    return SimRelayCarrier(f"XA {seat}", (at, "xa", seat), connection)


def fetch(carrier: SimRelayCarrier, route: bytes = ROUTE, limit: int = 100) -> Batch:
    return carrier.fetch(frozenset({route}), b"", limit, lambda names: ())


def bodies(batch: Batch) -> list[bytes]:
    return [blob for _, blob in batch.items]


def test_each_seat_gets_what_is_for_it_until_it_acknowledges() -> None:
    at = relay()
    posted = writer(at).put([parcel(1), parcel(2, ROUTE, OTHER), parcel(3, OTHER)])
    assert set(posted.outcomes) == {Outcome.ACCEPTED} and not any(posted.left)
    one, two = reader(at), reader(at, "two")
    batch = fetch(one)
    assert bodies(batch) == [b"sealed 1", b"sealed 2"] and not batch.more
    assert bodies(fetch(one)) == []  # under way, until ack_wait has passed
    one.done(batch.cursor)
    assert at.holds("xa") == 3  # the other seat has interest in all of them
    other = fetch(two, OTHER)
    assert bodies(other) == [b"sealed 2", b"sealed 3"]
    two.done(other.cursor)
    assert at.holds("xa") == 0


def test_what_is_not_acknowledged_comes_again() -> None:
    at = relay()
    writer(at).put([parcel(1)])
    first = fetch(reader(at))
    at.advance(at.ack_wait - 1)
    assert bodies(fetch(reader(at))) == []
    at.advance(1)
    again = reader(at, connection=b"s" * 8)
    assert bodies(fetch(again)) == [b"sealed 1"]
    again.done(first.cursor)  # of a connection that is over: acknowledges nothing
    at.advance(at.ack_wait)
    assert bodies(fetch(again)) == [b"sealed 1"]


def test_a_batch_is_acknowledged_with_all_before_it() -> None:
    at = relay()
    writer(at).put([parcel(n) for n in range(5)])
    one = reader(at)
    batches = [fetch(one, limit=2) for _ in range(3)]
    assert [batch.more for batch in batches] == [True, True, False]
    one.done(batches[1].cursor)
    at.advance(at.ack_wait)
    assert bodies(fetch(one)) == [b"sealed 4"]


def test_the_same_id_is_a_duplicate_for_ten_minutes() -> None:
    at = relay()
    assert writer(at).put([parcel(1)]).outcomes == (Outcome.ACCEPTED,)
    at.advance(10 * MINUTE - 1)
    assert writer(at).put([parcel(1)]).outcomes == (Outcome.DUPLICATE,)
    at.advance(1)
    assert writer(at).put([parcel(1)]).outcomes == (Outcome.ACCEPTED,)


def test_a_full_inbox_takes_nothing_new_and_a_slot_no_more_than_its_share() -> None:
    at = relay(room=3, per_slot=2)
    at.open_inbox("xa", [], ["xc"])
    assert writer(at).put([parcel(1), parcel(2), parcel(3)]).outcomes == (Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.FULL)
    assert at.publish("xa", "xc", b"4" * 16, frozenset({ROUTE}), b"") is Outcome.ACCEPTED
    assert at.publish("xa", "xc", b"5" * 16, frozenset({ROUTE}), b"") is Outcome.FULL
    assert bodies(fetch(reader(at)))[:2] == [b"sealed 1", b"sealed 2"]


def test_what_is_old_goes() -> None:
    at = relay(max_age=DAY)
    writer(at).put([parcel(1)])
    at.advance(DAY + 1)
    assert at.holds("xa") == 0 and bodies(fetch(reader(at))) == []


def test_a_credential_that_has_ended_takes_nothing_and_gives_nothing() -> None:
    at = relay()
    at.end_slot("xa", SLOT)
    posted = writer(at).put([parcel(1)])
    assert posted.outcomes == (Outcome.REFUSED,) and posted.left == (frozenset({ROUTE}),)
    assert posted.why == {ROUTE: "relay.expired"}
    at.end_seat("xa", "one")
    with pytest.raises(Unavailable, match=r"relay\.expired"):
        fetch(reader(at))
    at.renew()
    assert writer(at).put([parcel(1)]).outcomes == (Outcome.ACCEPTED,)
    assert bodies(fetch(reader(at))) == [b"sealed 1"]


def test_who_is_cut_off_or_has_no_address_is_left_and_the_others_are_not() -> None:
    at, far = relay(), Relay(2)
    far.open_inbox("xc", ["one"], [SLOT])
    carrier = writer(at)
    carrier.know({ROUTE: Address(at, "xa", SLOT), OTHER: Address(far, "xc", SLOT)})
    far.cut_off("XB")
    posted = carrier.put([parcel(1, ROUTE, OTHER, STRANGER)])
    assert posted.outcomes == (Outcome.ACCEPTED,) and posted.left == (frozenset({OTHER, STRANGER}),)
    assert posted.why == {OTHER: "carrier.unreachable", STRANGER: "relay.none"}
    assert bodies(fetch(reader(at))) == [b"sealed 1"] and far.holds("xc") == 0
    with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
        at.cut_off("XA one")
        fetch(reader(at))


def test_an_acknowledgement_that_does_not_arrive_costs_a_second_reading() -> None:
    at = relay()
    writer(at).put([parcel(1)])
    one = reader(at)
    batch = fetch(one)
    at.cut_off("XA one")
    one.done(batch.cursor)
    at.rejoin()
    at.advance(at.ack_wait)
    assert bodies(fetch(one)) == [b"sealed 1"]


def test_it_forgets_half_of_what_it_acknowledged_and_says_nothing() -> None:
    at = relay()
    at.mood = Mood(lost=0.5)
    outcomes = writer(at).put([parcel(n) for n in range(400)]).outcomes
    assert set(outcomes) == {Outcome.ACCEPTED}
    assert at.taken == 400 and 150 < at.dropped < 250 and at.holds("xa") == 400 - at.dropped
    # and the window makes it worse: what was lost is "there already"
    assert set(writer(at).put([parcel(n) for n in range(400)]).outcomes) == {Outcome.DUPLICATE}


def test_it_stores_and_does_not_answer() -> None:
    at = relay()
    at.mood = Mood(mute=1.0)
    posted = writer(at).put([parcel(1)])
    assert posted.outcomes == (Outcome.RETRY,) and posted.why == {ROUTE: "carrier.unreachable"}
    assert bodies(fetch(reader(at))) == [b"sealed 1"]
    at.mood = Mood()
    assert writer(at).put([parcel(1)]).outcomes == (Outcome.DUPLICATE,)


def test_it_shows_two_laptops_two_histories() -> None:
    at = relay()
    at.mood = Mood(one_sided=0.5)
    writer(at).put([parcel(n, ROUTE, OTHER) for n in range(60)])
    one, two = set(bodies(fetch(reader(at)))), set(bodies(fetch(reader(at, "two"), OTHER)))
    assert one - two and two - one and one & two
    at.mood = Mood()
    at.blind("xa", "one")
    writer(at).put([parcel(100)])
    assert b"sealed 100" not in bodies(fetch(reader(at)))
    at.see()
    assert bodies(fetch(reader(at))) == [b"sealed 100"]
    at.blind("xa", "one", SLOT)
    at.open_inbox("xa", [], ["xc"])
    writer(at).put([parcel(101)])
    at.publish("xa", "xc", b"c" * 16, frozenset({ROUTE}), b"from elsewhere")
    assert bodies(fetch(reader(at))) == [b"from elsewhere"]


def test_it_replays_shuffles_delays_and_spoils() -> None:
    at = relay()
    first = [parcel(n) for n in range(30)]
    writer(at).put(first)
    one = reader(at)
    one.done(fetch(one).cursor)
    at.mood = Mood(replayed=1.0)
    again = bodies(fetch(one))
    assert again and set(again) <= {each.blob for each in first}
    at.mood = Mood(shuffled=1.0, delay=(0, 60_000), flipped=0.3, cut=0.3)
    writer(at).put([parcel(n) for n in range(100, 200)])
    right = [b"sealed %d" % n for n in range(100, 200)]
    at.advance(30_000)
    early = bodies(fetch(one))
    at.advance(29_000)
    late = bodies(fetch(one, limit=200))
    assert 0 < len(early) < 100 and late
    at.advance(1_000)
    every = early + late + bodies(fetch(one, limit=200))
    shown = [one for one in early if one in right]
    assert shown != sorted(shown)
    spoilt = [blob for blob in every if blob not in right]
    assert any(len(blob) == len(b"sealed 100") for blob in spoilt) and any(len(blob) < len(b"sealed 100") for blob in spoilt)


def test_it_comes_back_old() -> None:
    at = relay()
    writer(at).put([parcel(n) for n in range(4)])
    one = reader(at)
    at.back_up()
    batch = fetch(one)
    one.done(batch.cursor)
    writer(at).put([parcel(n) for n in range(4, 8)])
    at.restore()
    assert bodies(fetch(one)) == [b"sealed %d" % n for n in range(4)]  # read and acknowledged long ago
    assert writer(at).put([parcel(9)]).outcomes == (Outcome.ACCEPTED,)  # in the place of what it has forgotten
    assert bodies(fetch(one)) == [b"sealed 9"]


def test_an_acknowledgement_after_a_restore_may_take_away_something_else() -> None:
    """As it is in the engine: a number is all that it names. Such a loss has to be made good end to end."""
    at = relay()
    at.back_up()
    one = reader(at)
    writer(at).put([parcel(1)])
    batch = fetch(one)
    at.restore()
    writer(at).put([parcel(2)])
    one.done(batch.cursor)
    assert bodies(fetch(one)) == []
    assert bodies(fetch(reader(at, "two"))) == [b"sealed 2"]


@pytest.mark.parametrize("tail", [0, 2, 10])
def test_it_loses_its_disk_or_the_end_of_it(tail: int) -> None:
    at = relay()
    writer(at).put([parcel(n) for n in range(5)])
    if tail:
        at.lose_tail(tail)
    else:
        at.lose_disk()
    left = max(0, 5 - tail) if tail else 0
    assert bodies(fetch(reader(at))) == [b"sealed %d" % n for n in range(left)]
    assert writer(at).put([parcel(7)]).outcomes == (Outcome.ACCEPTED,)
    assert bodies(fetch(reader(at))) == [b"sealed 7"]


def test_the_same_seed_is_the_same_relay() -> None:
    def life(seed: int) -> list[object]:
        rng = random.Random(seed)
        at = Relay(seed, room=60, per_slot=50)
        at.open_inbox("xa", ["one", "two"], [SLOT])
        seen: list[object] = []
        one, two, to = reader(at), reader(at, "two"), writer(at)
        for n in range(300):
            what = rng.randrange(8)
            if what == 0:
                at.mood = draw_mood(rng)
            elif what < 4:
                seen.append(to.put([parcel(n, rng.choice((ROUTE, OTHER)))]))
            elif what < 7:
                carrier, route = rng.choice(((one, ROUTE), (two, OTHER)))
                batch = fetch(carrier, route)
                seen.append(batch)
                if rng.random() < 0.7:
                    carrier.done(batch.cursor)
            else:
                rng.choice((at.back_up, at.restore, at.lose_disk, lambda: at.lose_tail(3), at.renew))()
            at.advance(rng.randrange(5_000))
        return seen

    assert life(5) == life(5) != life(6)
