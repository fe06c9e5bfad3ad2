"""The operator of a relay as an adversary with full power over its store, against real vaults: he can keep letters from
arriving for a while, and nothing else."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from tests.relay import joined
from tests.relay.conftest import Talks
from tests.relay.power import Stored

from valise.carriers.relay import wire
from valise.protocol import envelope
from valise.protocol.canonical import unb64u

SAID = tuple(f"paragraph {number} as we would have it" for number in range(6))


def flipped(blob: bytes, place: int) -> bytes:
    spoilt = bytearray(blob)
    spoilt[place % len(blob)] ^= 1 << place % 8
    return bytes(spoilt)


def waiting(talks: Talks, code: str, *words: str) -> list[Stored]:
    """Somebody speaks while a laptop is closed: what the operator finds in its inbox."""
    talks.away(code)
    talks.say("XA", *words)
    talks.put("XA")
    found = talks.operator(code).read(talks.stream(code))
    kinds = {envelope.kind_of(one.message.blob) for one in found}
    assert len(found) >= 2 and "content" in kinds
    return found


def words(label: str, count: int = 6) -> tuple[str, ...]:
    return tuple(f"{label}, {number}" for number in range(count))


def test_what_he_alters_is_refused_counted_and_sent_again(talks: Talks) -> None:
    """A bit of each envelope; the last one cut; the first one no message at all any more."""
    said = words("altered")
    found = waiting(talks, "XB", *said)

    def spoil(lie: list[Stored]) -> list[Stored]:
        spoilt = [one.with_blob(flipped(one.message.blob, 97 * at + 30)) for at, one in enumerate(lie)]
        last = lie[-1].message.blob
        return [replace(lie[0], data=b"not a message", headers={}), *spoilt, lie[-1].with_blob(last[: len(last) // 2])]

    assert talks.operator("XB").rewrite(talks.stream("XB"), spoil) == len(found) + 2
    talks.back("XB")
    joined.wait(talks.world, lambda: talks.refused("XB") + _sealed(talks, "XB") >= len(found))
    assert talks.refused("XB"), "what was altered is counted"
    assert not set(said) & set(joined.bodies(talks.world, "XB", talks.room))
    assert talks.world["XA"].exchange.status().waiting, "who sent it knows that it was not acknowledged"
    talks.healed(*said)


def _sealed(talks: Talks, code: str) -> int:
    return talks.world[code].exchange.status().sealed_waiting


def test_a_relay_that_says_it_knows_it_already_is_asked_until_it_does_not(talks: Talks) -> None:
    """The envelopes are spoilt and their ids kept, so that the same put again is "there already": until its memory ends."""
    said = words("known already")
    waiting(talks, "XB", *said)
    seconds = 3.0
    talks.operator("XB").rewrite(
        talks.stream("XB"),
        lambda lie: [replace(one, data=one.with_blob(flipped(one.message.blob, 500)).data) for one in lie],
        window=seconds,
    )
    talks.back("XB")
    joined.wait(talks.world, lambda: talks.refused("XB") > 0)
    talks.world.clock.advance(120_000)
    talks.put("XA", "XB")
    talks.healed(*said)


def test_what_he_shows_again_counts_once(talks: Talks) -> None:
    """As it was, backwards, and as parcels of other ids; also to a delegation that is not its recipient."""
    said = words("shown again")
    found = waiting(talks, "XB", *said)
    talks.back("XB")
    talks.healed(*said)
    before = {code: joined.bodies(talks.world, code, talks.room) for code in talks.world.desks}
    shown = [replace(one, headers={}) for one in found]
    talks.operator("XB").add(*shown, *reversed(shown), *(one.under(os.urandom(16)) for one in shown))
    other = talks.relay.plan.delegation("XG").inbox
    talks.operator("XG").add(*(replace(one, subject=f"inbox.{other}.{one.subject.rsplit('.', 1)[1]}") for one in shown))
    joined.wait(
        talks.world,
        lambda: not any(talks.operator(code).waiting(talks.stream(code), talks.seat(code)) for code in ("XB", "XG")),
    )
    assert before == {code: joined.bodies(talks.world, code, talks.room) for code in talks.world.desks}
    after = words("and life goes on", 2)
    talks.say("XB", *after)
    talks.healed(*said, *after)


def test_what_he_moves_to_another_inbox_reaches_its_own_all_the_same(talks: Talks) -> None:
    """Two delegations get each other's envelopes instead of their own."""
    said = words("moved")
    for code in ("XB", "XG"):
        talks.away(code)
    talks.say("XA", *said)
    talks.put("XA")
    held = {code: talks.operator(code).read(talks.stream(code)) for code in ("XB", "XG")}
    for code, other in (("XB", "XG"), ("XG", "XB")):
        inbox = talks.relay.plan.delegation(code).inbox
        mailbox = talks.world.gate(code)  # its own routes are written on what is moved, or nobody would look at it
        assert mailbox.exists()
        routes = frozenset().union(*(one.message.routes for one in held[code]))
        moved = [
            Stored(
                f"inbox.{inbox}.{one.subject.rsplit('.', 1)[1]}", {}, wire.pack(one.message.id, routes, one.message.blob)
            )
            for one in held[other]
        ]
        talks.operator(code).rewrite(talks.stream(code), lambda _lie, moved=moved: moved)
    for code in ("XB", "XG"):
        talks.back(code)
    talks.healed(*said)


def test_what_he_invents_is_counted_and_changes_nothing(talks: Talks) -> None:
    """Noise, noise that looks like ours, noise in the name of a session, and what is really sealed to a key of the recipient."""
    said = words("before", 2)
    found = waiting(talks, "XB", *said)
    model = next(one for one in found if envelope.kind_of(one.message.blob) == "content")
    blob, routes = model.message.blob, model.message.routes
    card = talks.world["XA"].contacts.one(talks.world.id("XA"))
    assert card.id
    talks.back("XB")
    talks.healed(*said)
    with talks.world["XA"].store.read() as handle:
        device = handle.value("select device.id from device join delegation on delegation.id = device.delegation where code = 'XB'")
        public = handle.value("select prekey from device_prekey where device = ?", (device,))
    sealed = envelope.seal_key(public, unb64u(device, 32), b"\x83" + os.urandom(900))
    invented = [os.urandom(800), b"VC\x01" + os.urandom(700), blob[:20] + os.urandom(len(blob) - 20), sealed]
    invented += [envelope.seal_content(os.urandom(32), blob[4:20], b"let it be so"), b""]
    before, already = joined.record(talks.world, "XB", talks.room), talks.refused("XB")
    texts = joined.bodies(talks.world, "XB", talks.room)
    talks.operator("XB").add(
        *(Stored(model.subject, {}, wire.pack(os.urandom(16), routes, one)) for one in invented),
        Stored(model.subject, {}, os.urandom(3000)),
        Stored(model.subject, {"Nats-Msg-Id": "x"}, b""),
    )
    joined.wait(talks.world, lambda: talks.refused("XB") - already >= len(invented) - 1)
    joined.wait(talks.world, lambda: not talks.operator("XB").waiting(talks.stream("XB"), talks.seat("XB")))
    assert (joined.record(talks.world, "XB", talks.room), joined.bodies(talks.world, "XB", talks.room)) == (before, texts)
    after = words("after", 2)
    talks.say("XA", *after)
    talks.say("XB", *after[:0], "and an answer")
    talks.healed(*after, "and an answer")


@pytest.mark.parametrize("which", ["the middle", "the tail", "everything"])
def test_what_he_takes_away_is_missed_by_who_sent_it(talks: Talks, which: str) -> None:
    said = words(f"without {which}", 8)
    talks.away("XB")
    for one in said:  # an envelope each
        talks.say("XA", one)
        talks.put("XA")
    keep = {"the middle": lambda lie: lie[:2] + lie[-2:], "the tail": lambda lie: lie[:-4], "everything": lambda lie: []}[which]
    before = len(talks.operator("XB").read(talks.stream("XB")))
    assert talks.operator("XB").rewrite(talks.stream("XB"), keep) < before
    talks.back("XB")
    joined.wait(talks.world, lambda: not talks.operator("XB").waiting(talks.stream("XB"), talks.seat("XB")))
    assert not set(said) <= set(joined.bodies(talks.world, "XB", talks.room))
    assert talks.world["XA"].exchange.status().waiting
    talks.healed(*said)
