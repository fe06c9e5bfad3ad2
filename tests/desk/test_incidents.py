"""Incidents between real delegations over a real folder: from the request to the closure, one record for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.incidents_hands import DAY, HOUR, form, hashes, report
from tests.world import World

from valise.desk.door_incidents import Draft
from valise.domain.errors import NotAllowed
from valise.domain.incident import rules
from valise.domain.incident.kinds import SHARED

FOUR = ("XA", "XB", "XC", "XD")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, FOUR)
    yield made
    made.close()


def test_from_request_to_closure_there_is_one_record_with_one_hash(world: World) -> None:
    room = world.room(members=FOUR)
    incident = report(world, room)
    assert len(hashes(world, incident)) == 1
    for code in ("XB", "XC", "XD"):
        assert world[code].incidents.one(incident).row.needs == "acknowledge"
        with pytest.raises(NotAllowed, match=r"incident.acknowledge-first"):
            world[code].incidents.respond(incident, {"capacity": "yes"})
        world[code].incidents.acknowledge(incident, "CSIRT, officer on duty")
    world["XB"].incidents.offer(incident, {"offer": "Two experts for a week.", "capacity": "yes"})
    world["XC"].incidents.offer(incident, {"offer": "An image of a station we cleaned.", "capacity": "partly"})
    world["XD"].incidents.respond(incident, {"capacity": "no", "refusal_reason": "capacity"})
    world.exchange()
    at_home = world["XA"].incidents.one(incident)
    assert at_home.row.state == "offered"
    assert [one.answered for one in at_home.receipts] == [True, True, True]
    world["XA"].incidents.choose(incident, [at_home.offers[0].id], "With thanks.")
    world["XA"].incidents.update(incident, {"status": "ended"})
    world.exchange()
    assert {one.state for one in world["XC"].incidents.one(incident).offers} == {"chosen", "open"}
    assert world["XA"].incidents.one(incident).row.needs == "close"
    world["XA"].incidents.close(incident, {"outcome": "The stations run again.", "lessons": "Agree a telephone first."})
    world.exchange()
    assert len(hashes(world, incident)) == 1
    for code in FOUR:
        one = world[code].incidents.one(incident)
        assert (one.row.state, one.row.needs) == ("closed", "")
        record = world[code].incidents.record(incident)
        assert hashlib.sha256(record).hexdigest() == one.hash
        assert json.loads(record)["state"] == "closed"
    closing = world["XB"].incidents.one(incident).timeline[-1]
    assert len(closing.form["record_copy"]) == 64  # filed under the hash as it was before


def test_what_is_said_after_the_closure_is_shown_as_that(world: World) -> None:
    room = world.room(members=FOUR)
    incident = report(world, room)
    world["XA"].incidents.close(incident, {"outcome": "False alarm."})
    world["XB"].incidents.acknowledge(incident, "CSIRT")  # it has not heard of the closure
    world.exchange()
    for code in FOUR:
        lines = world[code].incidents.one(incident).timeline
        assert [one.late for one in lines if one.kind == "incident.acknowledge"] == [True]
    with pytest.raises(NotAllowed, match=r"incident.closed"):
        world["XB"].incidents.offer(incident, {"offer": "Help."})
    world["XA"].incidents.reopen(incident, "It came back.")
    world.exchange()
    assert {world[code].incidents.one(incident).row.state for code in FOUR} == {"acknowledged"}
    assert len(hashes(world, incident)) == 1


def test_two_laptops_apart_leave_a_difference_and_a_person_settles_it(world: World) -> None:
    room = world.room(members=FOUR)
    incident = report(world, room)
    a, b = world["XA"], world["XB"]
    with a.store.read() as handle:
        state = a.incidents.state(handle, incident)
    # as from two laptops of the same delegation: two updates of which neither knows the other
    head = {key: state.form[key] for key in ("reference", "from_entry", "languages", "tlp", "attribution_disclaimer")}
    with a.context.write() as tx:
        for words in ("contained", "ended"):
            body = rules.update(state, a.me().delegation, {"status": words}, head, members=4)
            a.context.author(tx, room, "incident.update", body)
    world.exchange()
    for code in FOUR:
        one = world[code].incidents.one(incident)
        assert one.differs == {"status"}
        assert set(one.standing["status"]) == {"contained", "ended"}
    a.incidents.update(incident, {"status": "ended"})
    world.exchange()
    assert b.incidents.one(incident).differs == frozenset()
    assert b.incidents.one(incident).row.status == "ended"
    assert len(hashes(world, incident)) == 1


def test_an_unanswered_t1_proposes_t2_after_the_set_time_and_does_nothing_by_itself(world: World) -> None:
    room = world.room(members=FOUR)
    incident = report(world, room)
    a = world["XA"]
    a.settings.set("incidents.technical_hours", 6)
    assert a.incidents.due() == []
    world.clock.advance(6 * HOUR - 60_000)
    assert a.incidents.one(incident).step.proposes == ""  # type: ignore[union-attr]
    world.clock.advance(60_000)
    step = a.incidents.one(incident).step
    assert step is not None and (step.tier, step.proposes, step.late) == ("T1", "T2", True)
    due = [one for one in a.overview().due if one.screen == "incidents"]
    assert [(one.line, one.values[1:3]) for one in due] == [("incident.propose", ("T1", "T2"))]
    world.exchange()
    assert {world[code].incidents.one(incident).row.tier for code in FOUR} == {"T1"}  # nobody was told anything
    a.incidents.raise_to(incident, "T2", "No answer at T1.")
    world.exchange()
    assert {world[code].incidents.one(incident).row.tier for code in FOUR} == {"T2"}
    assert a.incidents.one(incident).step.proposes == ""  # type: ignore[union-attr]  # its own time begins
    world.clock.advance(DAY)
    assert a.incidents.one(incident).step.proposes == "T3"  # type: ignore[union-attr]
    with pytest.raises(NotAllowed, match=r"incident.tier"):
        a.incidents.raise_to(incident, "T1")
    world["XB"].incidents.acknowledge(incident, "Ministry")
    world["XB"].incidents.respond(incident, {"capacity": "under examination"})
    world.exchange()
    assert a.incidents.one(incident).step.late is False  # type: ignore[union-attr]


def test_a_reply_by_time_comes_before_the_ladder(world: World) -> None:
    room = world.room(members=FOUR)
    until = world.clock.at + HOUR
    with pytest.raises(NotAllowed, match=r"incident.reply-by"):
        world["XA"].incidents.open(room, form(world["XA"], urgency="immediate"))
    incident = report(world, room, urgency="immediate", reply_requested_by=until)
    world.clock.advance(2 * HOUR)
    assert world["XA"].incidents.one(incident).step.proposes == "T2"  # type: ignore[union-attr]


def test_police_and_judicial_matters_are_refused(world: World) -> None:
    room, a = world.room(members=FOUR), world["XA"]
    with pytest.raises(NotAllowed, match=r"incident.judicial"):
        a.incidents.open(room, form(a), matter="judicial")
    with pytest.raises(NotAllowed, match=r"incident.judicial"):
        a.incidents.look(room, form(a, request_detail="Please execute our request for mutual legal assistance."))
    assert a.incidents.all() == []
    a.incidents.open(room, form(a, legal_basis="This is not a request for mutual legal assistance."))


def test_red_goes_to_one_and_never_to_a_group(world: World) -> None:
    group, pair = world.room(members=FOUR), world.room("bilateral", members=("XA", "XB"))
    a = world["XA"]
    with pytest.raises(NotAllowed, match=r"incident.red_to_group"):
        a.incidents.open(group, form(a, tlp="TLP:RED"))
    incident = report(world, pair, tlp="TLP:RED", national_marking="AURELIA CONFIDENTIAL")
    b = world["XB"].incidents.one(incident)
    assert (b.row.tlp, b.row.national) == ("TLP:RED", "AURELIA CONFIDENTIAL")
    world["XB"].incidents.acknowledge(incident, "CSIRT")
    with pytest.raises(NotAllowed, match=r"incident.marking"):
        world["XB"].incidents.respond(incident, {"capacity": "yes", "tlp": "TLP:GREEN"})
    with pytest.raises(NotAllowed, match=r"incident.red_to_group"):
        a.incidents.send_on(incident, group)


def test_what_may_be_sent_on_is_for_its_source_to_say(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    other = world.room("bilateral", chair="XB", members=("XB", "XC"))
    b = world["XB"].incidents
    for tlp, onward, code in (
        ("TLP:AMBER+STRICT", [], "incident.not_further"), ("TLP:AMBER", [], "incident.not_further"),
        ("TLP:GREEN", ["none"], "incident.not_further"), ("TLP:AMBER", ["CSIRT"], ""), ("TLP:GREEN", [], ""),
    ):  # fmt: skip
        incident = report(world, pair, tlp=tlp, national_marking="AURELIA OFFICIAL", onward_sharing=onward)
        if code:
            with pytest.raises(NotAllowed, match=code):
                b.send_on(incident, other)
            continue
        made = b.send_on(incident, other)
        world.exchange()
        there = world["XC"].incidents.one(made)
        assert (there.row.tlp, there.row.national, there.row.opener.code) == (tlp, "AURELIA OFFICIAL", "XB")
        assert [one.made for one in b.one(incident).inside.passed] == [made]


def test_an_embargo_holds_it_back_or_is_overridden_with_a_reason_that_is_kept(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    other = world.room("bilateral", chair="XB", members=("XB", "XC"))
    a, b = world["XA"].incidents, world["XB"].incidents
    until = world.clock.at + DAY
    incident = a.open(pair, form(world["XA"], message_type="notification", tlp="TLP:GREEN"), embargo=until)
    world.exchange()
    for act in (lambda: b.send_on(incident, other), lambda: b.stix(incident), lambda: b.send_on(incident, other, reason="  ")):
        with pytest.raises(NotAllowed, match=r"incident.embargo"):
            act()
    assert b.one(incident).inside.passed == ()
    made = b.send_on(incident, other, reason="The flaw is used already.")
    kept = b.one(incident).inside.passed
    assert [(one.made, one.until, one.reason) for one in kept] == [(made, until, "The flaw is used already.")]
    world.exchange()
    assert world["XC"].incidents.one(made).embargo == until
    assert world["XC"].incidents.one(made).inside.passed == ()
    world.clock.advance(2 * DAY)
    b.send_on(incident, other)
    assert b.one(incident).inside.passed[-1].until == 0


def test_an_exercise_is_one_everywhere_and_stays_one(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    with pytest.raises(NotAllowed, match=r"incident.exercise"):
        world["XA"].incidents.open(pair, form(world["XA"], message_type="exercise"))
    incident = report(world, pair, exercise=1)
    b = world["XB"]
    assert b.incidents.one(incident).row.exercise
    assert [one.values[-1] for one in b.incidents.due()] == ["exercise"]
    assert all(one.title.startswith("EXERCISE EXERCISE EXERCISE") for one in b.search("wiper"))
    bundle = json.loads(b.incidents.stix(incident))
    named = [one["name"] for one in bundle["objects"] if one["type"] in ("incident", "indicator")]
    assert named and all(one.startswith("EXERCISE EXERCISE EXERCISE") for one in named)
    with pytest.raises(NotAllowed, match=r"incident.no-change"):
        world["XA"].incidents.update(incident, {"exercise": 0})
    preview = world["XA"].incidents.read_stix(b.incidents.stix(incident))
    assert preview.exercise and preview.form["exercise"] == 1


def test_a_printed_page_says_in_words_what_was_done(world: World) -> None:
    from valise.desk.incidents_files import _said, tell

    words = world["XA"].incidents.template()
    kinds = sorted(SHARED)
    assert len(kinds) == 10
    for language in ("en", "fr", "es", "ru", "zh", "ar"):
        told = [_said(words, kind, "request for assistance", language) for kind in kinds]
        assert len(set(told)) == len(told) and not any("incident." in one for one in told), (language, told)
        assert tell(words, "languages", "fr", language) != "fr"
    assert _said(words, "incident.open", "request for assistance", "en") == "Request for assistance"


def test_files_go_along_and_drafts_survive_a_lock(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    a = world["XA"]
    file = a.messages.attach(pair, "indicators.csv", b"192.0.2.1\n").id
    name = a.incidents.save_draft(Draft("", pair, form(a), files=(file,)))
    a = world.reopen("XA")
    held = a.incidents.drafts()[0]
    assert (held.id, held.room, held.files, held.form["title"]) == (name, pair, (file,), form(a)["title"])
    look = a.incidents.look(pair, held.form, files=held.files)
    assert (look.marking, [one.name for one in look.files], look.laptops) == (("TLP:AMBER",), ["indicators.csv"], 1)
    incident = a.incidents.open(pair, held.form, files=held.files, draft=name)
    assert a.incidents.drafts() == []
    world.exchange()
    there = world["XB"].incidents.one(incident).timeline[0]
    assert [one.ready for one in there.files] == [True]
    assert world["XB"].messages.attachment(there.files[0].id) == b"192.0.2.1\n"
    other = world.room("bilateral", members=("XA", "XC"))
    with pytest.raises(NotAllowed, match=r"attachment.other_room"):
        a.incidents.open(other, form(a), files=[file])
    made = a.incidents.send_on(incident, other)
    world.exchange()
    copy = world["XC"].incidents.one(made).timeline[0].files[0]
    assert world["XC"].messages.attachment(copy.id) == b"192.0.2.1\n"


def test_tasks_are_due_and_search_finds(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    incident = report(world, pair)
    a = world["XA"].incidents
    a.task(incident, "Ask the utility for its logs", officer="Officer XA", due=world.clock.at + HOUR)
    a.task(incident, "Write the lessons", due=world.clock.at + 9 * DAY)
    assert [one.values[0] for one in a.due() if one.line == "incident.task"] == ["Ask the utility for its logs"]
    task = a.one(incident).inside.tasks[0]
    a.done(incident, task.id, "Got them.")
    with pytest.raises(NotAllowed, match=r"incident.task"):
        a.done(incident, task.id)
    assert [one for one in a.due() if one.line == "incident.task"] == []
    hits = [one for one in world["XA"].search("lorry") if one.kind == "incident"]
    assert [one.ref for one in hits] == [incident]
    assert [one.ref for one in world["XA"].search("utility logs")] == [incident]
    assert world["XB"].search("utility logs") == []


def test_projections_are_built_again_from_operations_alone(world: World) -> None:
    pair = world.room("bilateral", members=("XA", "XB"))
    incident = report(world, pair)
    b = world["XB"]
    b.incidents.acknowledge(incident, "CSIRT")
    b.incidents.note(incident, "Looks like the March case.")
    with b.store.read() as handle:
        before = handle.rows("select * from incident_op order by id")
    page = b.incidents.one(incident)
    b.rebuild()
    with b.store.read() as handle:
        assert handle.rows("select * from incident_op order by id") == before
    assert b.incidents.one(incident) == page
    assert [one.kind for one in b.search("March case")] == ["incident"]
