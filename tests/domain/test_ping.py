"""What came of a ping: from the set of what was said, whatever the order, and never an answer nobody signed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from valise.domain.errors import NotAllowed
from valise.domain.ping import hours, kinds, marking, rules
from valise.domain.ping.rules import Answer, Ask, Record, verdict

HOUR = 3_600_000
T = 1_796_774_400_000
DUE = T + 48 * HOUR
ASK = Ask("ask", "room", "us", T)


def answer(name: str = "a", at: int = T + HOUR, says: str = "confirmed", **more: Any) -> Answer:
    return Answer(name, more.pop("ask", "ask"), more.pop("room", "room"), more.pop("author", "them"), at, says, **more)


def record(name: str = "r", outcome: str = "answered", at: int = T + HOUR, **more: Any) -> Record:
    return Record(name, outcome, more.pop("channel", "telephone"), more.pop("asked_at", T), at, **more)


def judged(*said: Answer | Record, now: int = T + 24 * HOUR, closed: bool = False) -> rules.Verdict:
    answers = [one for one in said if isinstance(one, Answer)]
    return verdict([ASK], answers, [one for one in said if isinstance(one, Record)], due=DUE, now=now, closed=closed)


def test_the_five_outcomes_and_waiting() -> None:
    assert judged() == rules.Verdict("waiting")
    assert judged(now=DUE + 1).outcome == "no reply"
    assert judged(closed=True).outcome == "no reply"
    found = judged(answer())
    assert (found.outcome, found.how, found.latency, found.counted) == ("confirmed", "signed", HOUR, "a")
    assert judged(answer(at=DUE + 1)).outcome == "late"
    assert judged(answer(at=DUE)).outcome == "confirmed"
    assert judged(answer(says="wrong contact")).outcome == "wrong contact"
    assert judged(record(outcome="bounced")).outcome == "bounced"
    told = judged(record(at=DUE + HOUR))
    assert (told.outcome, told.how, told.latency, told.channel) == ("late", "recorded", 49 * HOUR, "telephone")


def test_what_is_no_answer() -> None:
    for other in (
        answer(author="us"),  # whoever asks cannot answer
        answer(room="another"),  # nor anybody from elsewhere
        answer(ask="another"),  # nor to what was not asked
    ):
        assert judged(other) == rules.Verdict("waiting")
        assert judged(other, now=DUE + 1).outcome == "no reply"


def test_a_clock_that_is_behind_gives_no_latency_and_says_so() -> None:
    found = judged(answer(at=T - HOUR))
    assert (found.outcome, found.latency, found.doubt) == ("confirmed", None, True)


def test_who_takes_a_word_back_was_still_reached_then() -> None:
    first, then = answer("a", T + HOUR), answer("b", DUE + HOUR, "changed", changes={"phone": ("+331",)}, replaces=("a",))
    found = judged(first, then)
    assert (found.outcome, found.latency, found.counted, found.changes) == ("confirmed", HOUR, "b", {"phone": ("+331",)})
    assert not found.differs
    wrong = answer("w", T + HOUR, "wrong contact")
    assert judged(wrong, answer("b", T + 2 * HOUR, replaces=("w",))).outcome == "confirmed"


def test_two_laptops_that_say_different_things_are_a_difference() -> None:
    found = judged(answer("a"), answer("b", says="wrong contact"))
    assert found.outcome == "wrong contact" and found.differs
    twice = judged(answer("a", says="changed", changes={"phone": ("1",)}), answer("b", says="changed", changes={"phone": ("2",)}))
    assert twice.outcome == "confirmed" and twice.differs
    assert judged(answer("a"), record(outcome="wrong contact")).differs
    # what nobody took back differs; that nobody picked up the telephone does not
    assert not judged(answer("a"), record(outcome="no reply")).differs
    assert not judged(answer("a"), record("x", "wrong contact"), record("y", "no reply", replaces=("x",))).differs


def test_nobody_replaces_another_delegations_word() -> None:
    other = answer("x", author="third", says="confirmed", replaces=("a",))
    assert judged(answer("a", says="wrong contact"), other).outcome == "wrong contact"


def test_of_several_records_the_most_cautious_stands_until_it_is_replaced() -> None:
    found = judged(record("a"), record("b", "bounced"), record("c", "wrong contact"))
    assert found.outcome == "wrong contact" and found.differs
    last = record("d", "answered", replaces=rules.standing([record("a"), record("b", "bounced")]))
    assert judged(record("a"), record("b", "bounced"), last).outcome == "confirmed"
    assert judged(record(asked_at=0)).latency is None


def test_order_plays_no_part() -> None:
    chance = random.Random(66)
    says = ("confirmed", "changed", "wrong contact")
    for _ in range(300):
        said: list[Answer | Record] = []
        for n in range(chance.randrange(6)):
            before = tuple(one.id for one in said if isinstance(one, Answer) and chance.random() < 0.4)
            changes = {"phone": (str(chance.randrange(3)),)} if chance.random() < 0.5 else {}
            said.append(answer(f"a{n}", T + chance.randrange(-5, 60) * HOUR, chance.choice(says), changes=changes, replaces=before,
                               author=chance.choice(("them", "them", "us"))))  # fmt: skip
        for n in range(chance.randrange(4)):
            before = tuple(one.id for one in said if isinstance(one, Record) and chance.random() < 0.4)
            said.append(record(f"r{n}", chance.choice(kinds.NOTED), T + chance.randrange(1, 60) * HOUR, replaces=before))
        found = judged(*said)
        for _ in range(4):
            chance.shuffle(said)
            assert judged(*said, *said) == found


def test_a_question_tells_nothing_of_its_round() -> None:
    nonce = "n" * 32
    one, other = kinds.token(nonce, "row 1"), kinds.token(nonce, "row 2")
    assert one != other and len(one) == 43
    assert kinds.token("m" * 32, "row 1") != one
    assert kinds.token(nonce, "row 1") == one


def test_what_may_be_said() -> None:
    body = {"contact": "c", "state": "XB", "label": "x" * 100, "way": "here"}
    made = rules.opened(" Round ", "", DUE, [body], "n" * 32, now=T, exercise=True, words="")
    assert made["title"] == "Round" and len(made["asked"][0]["label"]) == 60 and made["exercise"] == 1
    for code, changes in (
        ("ping.title", {"title": " "}),
        ("ping.nobody", {"asked": []}),
        ("ping.twice", {"asked": [body, body]}),
        ("ping.due", {"due": T}),
        ("ping.too_many", {"asked": [{**body, "contact": str(n)} for n in range(kinds.MOST + 1)]}),
    ):
        told: dict[str, Any] = {"title": "Round", "forum": "", "due": DUE, "asked": [body], "nonce": "n" * 32} | changes
        with pytest.raises(NotAllowed) as refused:
            rules.opened(**told, now=T, exercise=False, words="")
        assert refused.value.code == code
    with pytest.raises(NotAllowed) as refused:
        rules.answer("a", "changed", {}, "", ())
    assert refused.value.code == "ping.changes"
    with pytest.raises(NotAllowed):
        rules.answer("a", "perhaps", {}, "", ())
    assert rules.answer("a", "changed", {"phone": ("1",), "marking": ("TLP:RED",)}, "", ())["changes"] == [{"field": "phone", "values": ["1"]}]
    base: dict[str, Any] = {"asked_at": T, "at": T + 1, "now": T + 2, "words": "", "changes": {}, "replaces": ()}
    assert rules.recorded("r", "c", "answered", "telephone", **base)["outcome"] == "answered"
    for outcome, channel, told in (("confirmed", "telephone", base), ("answered", "pigeon", base)):
        with pytest.raises(NotAllowed):
            rules.recorded("r", "c", outcome, channel, **told)
    for told in (base | {"at": T + 3}, base | {"at": T - 1}, base | {"at": 0}):
        with pytest.raises(NotAllowed) as refused:
            rules.recorded("r", "c", "answered", "telephone", **told)
        assert refused.value.code == "ping.when"
    with pytest.raises(NotAllowed) as refused:
        rules.answer("a", "confirmed", {}, "x" * 2_001, ())
    assert refused.value.code == "ping.words"


@pytest.mark.parametrize(
    ("then", "next_"),
    [("2026-01-15", "2026-07-15"), ("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2026-12-31", "2027-06-30")],
)
def test_every_six_months(then: str, next_: str) -> None:
    at = int(datetime.fromisoformat(then).replace(tzinfo=UTC).timestamp() * 1000)
    assert f"{datetime.fromtimestamp(rules.next_round(at) / 1000, UTC):%Y-%m-%d}" == next_
    assert rules.next_round(0) == 0


def test_hours() -> None:
    found = hours.parse("Mo-Fr 09:00\u201312:30, 13:30-17:00; Sa 10:00-12:00; Fr off; PH 10:00-11:00")
    assert found is not None
    assert found.open(0, 9 * 60) and not found.open(0, 12 * 60 + 30) and found.open(0, 16 * 60 + 59)
    assert not found.open(4, 10 * 60) and found.open(5, 11 * 60) and not found.open(6, 11 * 60)
    assert found.open(0, 10 * 60, holiday=True) and not found.open(0, 15 * 60, holiday=True)
    night = hours.parse("Sa-Su 22:00-06:00")
    assert night is not None
    assert night.open(5, 23 * 60) and night.open(6, 5 * 60) and night.open(0, 5 * 60) and not night.open(5, 5 * 60)
    assert hours.parse("Monday-Friday 8:00-16:00") == hours.parse("Mo-Fr 08:00-16:00")
    always = hours.parse("24/7")
    assert always is not None and always.open(6, 0, holiday=True)
    for other in ("", "on working days", "Mo-Fr", "Mo-We-Fr 09:00-17:00", "Mo 25:00-26:00", "Mo 09:00-09:00", "PH-Mo 09:00-10:00",
                  "Mo 09:00-17:00, never"):  # fmt: skip
        assert hours.parse(other) is None


def test_a_list_shows_only_what_its_marking_admits() -> None:
    """C15. The order of TLP 2.0; an entry nobody has marked is TLP:AMBER+STRICT; a national marking is in no order."""
    every = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
    for place, listed in enumerate(every):
        assert [marking.within(one, listed) for one in every] == [at <= place for at in range(5)]
    assert not marking.within("", "TLP:AMBER") and marking.within("", "TLP:AMBER+STRICT")
    assert marking.within("RESTRICTED", "RESTRICTED")
    assert not marking.within("RESTRICTED", "TLP:RED") and not marking.within("TLP:CLEAR", "RESTRICTED")
    assert marking.strictest(["TLP:GREEN", "", "TLP:CLEAR"]) == "TLP:AMBER+STRICT"
    assert marking.strictest(["RESTRICTED", "RESTRICTED"]) == "RESTRICTED"
    assert marking.strictest(["RESTRICTED", "TLP:RED"]) == ""
    assert marking.strictest([]) == marking.USUAL


def test_a_verdict_never_claims_an_answer_without_one() -> None:
    """No false "answered" (D1), on the rule alone; over whole vaults: tests/desk/test_pings_hostile.py."""
    chance = random.Random(67)
    for _ in range(2_000):
        said = [
            replace(answer(f"a{n}"), ask=chance.choice(("ask", "other")), room=chance.choice(("room", "elsewhere")),
                    author=chance.choice(("us", "them")), at=T + chance.randrange(-9, 99) * HOUR, says=chance.choice(kinds.SAYS))
            for n in range(chance.randrange(5))
        ]  # fmt: skip
        found = judged(*said, now=T + chance.randrange(99) * HOUR, closed=chance.random() < 0.5)
        sound = [one for one in said if (one.ask, one.room, one.author) == ("ask", "room", "them")]
        assert (found.how == "signed") == bool(sound)
        assert bool(sound) == (found.outcome in ("confirmed", "late", "wrong contact"))
