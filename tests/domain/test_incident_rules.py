"""What may be said and where to: the form, the markings, embargo, police and judicial matters, the ladder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import valise.resources
from tests.domain.incident_hands import (
    HEAD,
    XA,
    XB,
    XC,
    acknowledged,
    answered,
    closing,
    form,
    offered,
    opening,
    said,
    updated,
)

from valise.domain.errors import Damaged, NotAllowed
from valise.domain.incident import form as forms
from valise.domain.incident import kinds, ladder, rules, sharing, template
from valise.domain.incident.ladder import DAY, HOUR, Timers
from valise.domain.incident.record import Incident, fold
from valise.domain.kinds import kind as kind_of
from valise.domain.message import TLP
from valise.domain.op import Op

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "incident_template.json"
TOML = Path(valise.resources.__path__[0]) / "reference" / "incident.toml"


def state(*ops: Op) -> Incident:
    made = fold(ops)
    assert made is not None
    return made


def refused(code: str, call: Callable[..., Any], *args: Any, **more: Any) -> None:
    with pytest.raises(NotAllowed) as caught:
        call(*args, **more)
    assert caught.value.code == code


# the form


def test_the_form_has_its_38_keys_in_seven_groups() -> None:
    assert len(forms.KEYS) == len(forms.BY_KEY) == 38
    assert list(dict.fromkeys(one.group for one in forms.KEYS)) == list(forms.GROUPS)
    carried = {key for keys in forms.CARRIED.values() for key in keys}
    assert set(forms.BY_KEY) - carried == {"sent_at"}  # the time of the operation


@pytest.mark.skipif(not FACTS.exists(), reason="the facts are not beside this repository")
def test_the_keys_are_those_of_the_template() -> None:
    facts = json.loads(FACTS.read_text("utf-8"))
    found = [(one["key"], one["section"], one["required"]) for one in facts["fields"]]
    assert [(one.key, one.group, one.required) for one in forms.KEYS] == found
    for one in facts["fields"]:
        if one["type"].startswith(("enum:", "list: ")) and "IP/" not in one["type"]:
            told = [part.strip().split(" technical")[0].split(" diplo")[0].split(" policy")[0].split(" routine")[0]
                    for part in one["type"].split(":", 1)[1].split("|")]  # fmt: skip
            ours = [each.removeprefix("TLP:") for each in forms.BY_KEY[one["key"]].choices]
            if one["key"] not in ("tier", "urgency"):
                assert set(ours) >= set(told) - {"ping"}, one["key"]


def test_every_key_choice_and_tier_is_named_in_six_languages() -> None:
    words = template.read(TOML.read_text("utf-8"))
    for one in (*words.groups.values(), *words.keys.values(), *(each for by in words.choices.values() for each in by.values())):
        assert len(one.by) == 6 and all(one.by.values())
    assert {name: (tier.unit, tier.reply) for name, tier in words.tiers.items()} == {
        "T0": ("working days", 5), "T1": ("hours", 24), "T2": ("hours", 24), "T3": ("hours", 0),
    }  # fmt: skip
    assert words.choice("tlp", "TLP:AMBER", "fr") == "TLP:AMBER"  # a marking is never translated


@pytest.mark.parametrize("torn", ["", "x = [", "[keys.title]\nen = 'x'", "version = 1"])
def test_words_that_are_not_whole_are_damage(torn: str) -> None:
    with pytest.raises(Damaged):
        template.read(torn)
    with pytest.raises(Damaged):
        template.read(TOML.read_text("utf-8").replace("[keys.title]", "[keys.titel]"))


def test_a_blank_form_attributes_nothing_and_is_no_exercise() -> None:
    made = forms.blank()
    assert (made["attribution_disclaimer"], made["exercise"]) == (1, 0)
    assert forms.missing("incident.open", made)[:3] == ("reference", "from_entry", "to_entries")
    assert forms.missing("incident.open", form()) == ()


def test_only_what_was_filled_in_travels() -> None:
    made = rules.opened(form(cross_border=" ", severity={"level": "", "scale": ""}, reply_requested_by=0), members=2)
    assert not {"cross_border", "severity", "reply_requested_by"} & made["form"].keys()
    kind_of("incident.open").body.check(made)


@pytest.mark.parametrize(("more", "code"), [
    ({"title": " "}, "incident.required"), ({"sectors": []}, "incident.required"), ({"strange": "x"}, "incident.unknown-key"),
    ({"title": "x" * 301}, "incident.value"), ({"sectors": ["moon"]}, "incident.value"), ({"exercise": True}, "incident.value"),
    ({"urgency": "immediate"}, "incident.reply-by"), ({"requested_actions": ["none"]}, "incident.nothing-asked"),
    ({"message_type": "exercise"}, "incident.exercise"), ({"message_type": "closure"}, "incident.type"),
    ({"description": "ж" * 20_000, "impact": "ж" * 20_000, "cross_border": "ж" * 20_000, "request_detail": "ж" * 20_000},
     "incident.too-long"),
], ids=lambda one: one if isinstance(one, str) else "")  # fmt: skip
def test_what_cannot_be_reported(more: dict[str, Any], code: str) -> None:
    refused(code, rules.opened, form(**more), members=2)


# markings


def test_red_is_for_one_and_no_group() -> None:
    rules.opened(form(tlp="TLP:RED"), members=2)
    refused("incident.red_to_group", rules.opened, form(tlp="TLP:RED"), members=3)
    first = opening()
    refused("incident.red_to_group", rules.update, state(first), XA, {"status": "ended"}, {**HEAD, "tlp": "TLP:RED"}, members=3)


@pytest.mark.parametrize("of", TLP)
@pytest.mark.parametrize("tlp", TLP)
def test_a_reply_never_allows_more_than_what_it_answers(of: str, tlp: str) -> None:
    first = opening(tlp=of)
    if TLP.index(tlp) > TLP.index(of):
        refused("incident.marking", rules.acknowledge, state(first), XB, {**HEAD, "tlp": tlp}, "CSIRT")
    else:
        assert rules.acknowledge(state(first), XB, {**HEAD, "tlp": tlp}, "CSIRT")["form"]["tlp"] == tlp


def test_markings_stand_side_by_side_and_untranslated() -> None:
    assert sharing.marked({"tlp": "TLP:AMBER+STRICT", "national_marking": "AURELIA СЕКРЕТНО"}) == ("TLP:AMBER+STRICT", "AURELIA СЕКРЕТНО")
    carried = sharing.carried_on(form(national_marking="AURELIA OFFICIAL", onward_sharing=["CSIRT"]), ("title",))
    assert set(carried) == {"title", "tlp", "national_marking", "onward_sharing"}


@pytest.mark.parametrize(("tlp", "onward", "own", "goes"), [
    ("TLP:RED", [], False, False), ("TLP:RED", ["CSIRT"], False, False), ("TLP:AMBER+STRICT", ["CSIRT"], False, False),
    ("TLP:AMBER", [], False, False), ("TLP:AMBER", ["CSIRT"], False, True), ("TLP:AMBER", ["none"], False, False),
    ("TLP:GREEN", [], False, True), ("TLP:GREEN", ["none"], False, False), ("TLP:CLEAR", [], False, True),
    ("TLP:AMBER+STRICT", [], True, True), ("TLP:RED", [], True, True),
])  # fmt: skip
def test_the_source_may_allow_more_and_a_recipient_may_not(tlp: str, onward: list[str], own: bool, goes: bool) -> None:
    said_so = form(tlp=tlp, onward_sharing=onward)
    if goes:
        sharing.send_on(said_so, own=own, members=2)
    else:
        refused("incident.not_further", sharing.send_on, said_so, own=own, members=2)


def test_an_embargo_holds_or_has_its_reason() -> None:
    assert sharing.embargo(0, 5) == sharing.embargo(5, 5) == sharing.Embargo(0, "")
    refused("incident.embargo", sharing.embargo, 6, 5)
    refused("incident.embargo", sharing.embargo, 6, 5, " \n ")
    assert sharing.embargo(6, 5, " It is  used already ") == sharing.Embargo(6, "It is used already")


@pytest.mark.parametrize("words", [
    "Request for mutual legal assistance", "We ask for the EXTRADITION of the suspect", "Please issue a search warrant",
    "Demande d'entraide judiciaire", "Commission rogatoire internationale", "Solicitud de asistencia judicial recíproca",
    "Просим об оказании взаимной правовой помощи", "请求司法协助", "طلب المساعدة القانونية المتبادلة", "letters  rogatory are attached",
    "This is not an exercise. We request mutual legal assistance.",
])  # fmt: skip
def test_what_police_and_courts_do_is_refused(words: str) -> None:
    refused("incident.judicial", rules.opened, form(request_detail=words), members=2)


@pytest.mark.parametrize("words", [
    "This is not a request for mutual legal assistance.", "Mutual legal assistance is excluded.", "MLA excluded unless stated",
    "La présente ne constitue pas une demande d’entraide judiciaire", "Не является запросом о правовой помощи", "此非司法协助请求",
    "Without prejudice to mutual legal assistance", "The attestation of the arresting cable", "police cars lost their radios",
])  # fmt: skip
def test_what_only_names_it_or_leaves_it_out_is_not(words: str) -> None:
    rules.opened(form(legal_basis=words), members=2)


def test_a_person_who_says_it_is_judicial_is_believed() -> None:
    refused("incident.judicial", rules.opened, form(), members=2, matter="judicial")
    first = opening()
    refused("incident.judicial", rules.offer, state(first), XB, HEAD, {"offer": "x", "legal_basis": "extradition treaty"})
    refused("incident.judicial", rules.update, state(first), XA, {"request_detail": "extradition"}, HEAD, members=2)


# who may say what, and when


def test_acknowledge_first_then_answer() -> None:
    first = opening()
    refused("incident.acknowledge-first", rules.respond, state(first), XB, HEAD, {"capacity": "yes"})
    held = state(first, acknowledged(first, XB))
    refused("incident.acknowledged", rules.acknowledge, held, XB, HEAD, "CSIRT")
    refused("incident.no-reason", rules.respond, held, XB, HEAD, {"capacity": "no"})
    kind_of("incident.respond").body.check(rules.respond(held, XB, HEAD, {"capacity": "no", "refusal_reason": "not stated"}))
    refused("incident.own", rules.acknowledge, held, XA, HEAD, "CSIRT")


def test_offers_are_chosen_by_who_asked_and_taken_back_by_who_made_them() -> None:
    first = opening()
    one = offered(first, XB)
    held = state(first, one)
    refused("incident.offer", rules.withdraw, held, XC, one.id)
    refused("incident.offer", rules.choose, held, XA, [])
    refused("incident.offer", rules.choose, held, XA, [first.id])
    refused("incident.not-opener", rules.choose, held, XB, [one.id])
    gone = state(first, one, said(first, "incident.withdraw", XB, offer=one.id, words=""))
    refused("incident.offer", rules.choose, gone, XA, [one.id])
    both = state(first, one, said(first, "incident.withdraw", XB, offer=one.id, words=""),
                 said(first, "incident.choose", XA, offers=[one.id], words=""))  # fmt: skip
    assert both.chosen == () and both.offers[0].chosen and both.offers[0].withdrawn


def test_a_closed_one_is_closed_until_it_is_opened_again() -> None:
    first = opening()
    held = state(first, closing(first))
    for code, call, args in (
        ("incident.closed", rules.offer, (held, XB, HEAD, {"offer": "x"})), ("incident.closed", rules.choose, (held, XA, ["x"])),
        ("incident.closed", rules.raise_to, (held, XA, "T2")), ("incident.closed", rules.close, (held, XA, HEAD, {})),
        ("incident.words", rules.reopen, (held, XA, " ")), ("incident.not-opener", rules.reopen, (held, XB, "x")),
        ("incident.not-closed", rules.reopen, (state(first), XA, "x")),
    ):  # fmt: skip
        refused(code, call, *args)
    assert rules.reopen(held, XA, "It came back")["closes"] == list(held.closures)


def test_a_closure_is_filed_under_the_hash_of_what_was_there() -> None:
    first = opening()
    body = rules.close(state(first), XA, HEAD, {"outcome": "Over."})
    assert body["form"]["record_copy"] == state(first).hash and body["seen"] == [first.id]
    kind_of("incident.close").body.check(body)
    assert rules.close(state(first), XA, HEAD, {"record_copy": "File 7"})["form"]["record_copy"] == "File 7"


def test_an_update_names_what_it_takes_the_place_of() -> None:
    first = opening()
    refused("incident.no-change", rules.update, state(first), XA, {"status": "suspected"}, HEAD, members=2)
    refused("incident.required", rules.update, state(first), XA, {"impact": " "}, HEAD, members=2)
    body = rules.update(state(first), XA, {"status": "ended", "cross_border": "Over a shared cable."}, HEAD, members=2)
    assert body["over"] == [first.id] and "cross_border" in body["form"]
    kind_of("incident.update").body.check(body)
    graded = state(opening(severity={"level": "3", "scale": "A to E"}, first_observed=5))
    taken_back = rules.update(graded, XA, {"severity": {}, "first_observed": 0, "cross_border": ""}, HEAD, members=2)
    assert taken_back["form"].keys() & forms.CHANGES == {"severity", "first_observed"}  # what never stood is not taken back
    kind_of("incident.update").body.check(taken_back)
    two = state(first, updated(first, over=(first.id,), status="ended"), updated(first, over=(first.id,), status="contained"))
    settled = rules.update(two, XA, {"status": two.form["status"]}, HEAD, members=2)
    assert len(settled["over"]) == 2


# the ladder


def test_an_unanswered_t1_proposes_t2_after_the_set_time() -> None:
    first = opening(at=0)
    for hours in (1, 24, 48):
        waits = Timers(t1=hours)
        assert ladder.step(state(first), waits, hours * HOUR - 1).proposes == ""
        late = ladder.step(state(first), waits, hours * HOUR)
        assert (late.tier, late.proposes, late.late, late.until) == ("T1", "T2", True, hours * HOUR)
    assert ladder.step(state(first), Timers(t1=0), 9 * DAY) == ladder.Step("T1", 0, 0, False, False, "")


def test_each_tier_has_its_own_time_and_an_answer_ends_it() -> None:
    first = opening(at=0)
    up = said(first, "incident.raise", XA, at=10 * HOUR, tier="T2", words="")
    assert ladder.step(state(first, up), Timers(), 33 * HOUR).late is False
    assert ladder.step(state(first, up), Timers(), 34 * HOUR).proposes == "T3"
    top = said(first, "incident.raise", XA, at=40 * HOUR, tier="T3", words="")
    end = ladder.step(state(first, up, top), Timers(t3=2), 50 * HOUR)
    assert (end.late, end.proposes) == (True, "")
    ack = acknowledged(first, XB)
    assert ladder.step(state(first, ack), Timers(), 25 * HOUR).proposes == "T2"  # an acknowledgement is no answer
    assert ladder.step(state(first, ack, answered(first, XB)), Timers(), 25 * HOUR).answered
    only = opening(at=0, message_type="notification", requested_actions=["confirm receipt"])
    assert ladder.step(state(only, acknowledged(only, XB)), Timers(), 25 * HOUR).answered


def test_the_time_the_form_names_comes_first() -> None:
    first = opening(at=0, reply_requested_by=2 * HOUR)
    assert ladder.step(state(first), Timers(), 2 * HOUR).proposes == "T2"
    up = said(first, "incident.raise", XA, at=2 * HOUR, tier="T2", words="")
    assert ladder.step(state(first, up), Timers(), 3 * HOUR).late is False


def test_routine_waits_for_working_days() -> None:
    friday = 1_796_385_600_000 - (1_796_385_600_000 % DAY)
    while (friday // DAY + 3) % 7 != 4:  # 1 January 1970 was a Thursday
        friday += DAY
    assert ladder.working_days(friday, 1) == friday + 3 * DAY
    assert ladder.working_days(friday, 5) == friday + 7 * DAY
    first = opening(at=friday, tier="T0")
    assert ladder.step(state(first), Timers(), friday + 7 * DAY).proposes == "T1"
    assert ladder.step(state(first), Timers(), friday + 7 * DAY - 1).proposes == ""


def test_timers_are_whole_and_possible() -> None:
    assert ladder.timers({"t1": 6}) == Timers(t1=6)
    for wrong in ({"t1": -1}, {"t1": 10**6}, {"t9": 1}, {"t1": True}):
        refused("incident.timer", ladder.timers, wrong)


def test_what_is_inside_belongs_to_the_internal_room_alone() -> None:
    assert not kinds.SHARED & kinds.INSIDE
    for name in kinds.INSIDE:
        assert kinds.belongs(name, "internal") and not kinds.belongs(name, "group") and not kinds.belongs(name, "bilateral")
    for name in kinds.SHARED:
        assert kinds.belongs(name, "group") and not kinds.belongs(name, "internal")
