"""Ping rounds between whole delegations over a real folder: asked alone, answered by a click, recorded by an officer."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pings_hands import DAY, HOUR, entry, fields, opened, rows
from world import Clock, World

from valise.desk.context import Context
from valise.desk.door_pings import Wanted
from valise.desk.door_registers import Place
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Refused, Unavailable


def _world(base: Path, *codes: str) -> Iterator[World]:
    made = World(base, codes)
    made.clock.advance(10 * HOUR)  # a Wednesday morning in Europe
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield from _world(tmp_path, "XA", "XB")


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[World]:
    yield from _world(tmp_path, "XA", "XB", "XC", "XD")


def test_one_late_one_silent_one_wrong_contact(wide: World, tmp_path: Path) -> None:
    xa = wide["XA"]
    asked = {state: entry(xa, state) for state in ("XB", "XC", "XD")}
    round = opened(xa, list(asked.values()))
    wide.exchange()
    [late] = wide["XB"].pings.questions()
    [wrong] = wide["XD"].pings.questions()
    assert (late.code, late.title, late.says) == ("XA", "First round 2026", "")
    assert dict(late.entry)["email"] == ("technical@xb.example",)
    wide["XD"].pings.answer(wrong.id, "wrong contact", words="This office has moved.")
    wide.exchange()
    wide.clock.advance(8 * DAY)
    wide["XB"].pings.answer(late.id, "changed", changes={"phone": ["+41225550199"]})
    wide.exchange()

    found = rows(xa, round)
    assert {state: (one.outcome, one.how) for state, one in found.items()} == {
        "XB": ("late", "signed"), "XC": ("no reply", ""), "XD": ("wrong contact", "signed"),
    }  # fmt: skip
    xb = found["XB"]
    assert xb.latency is not None and 8 * DAY <= xb.latency < 8 * DAY + HOUR and xb.latency == xb.at - xb.asked_at
    assert xb.received_at >= xb.at and xb.by == "Officer XB" and not xb.doubt
    assert xb.changes == {"phone": ("+41225550199",)} and xb.asked_there is not None and xb.asked_there.clock == "11:00"
    assert found["XC"].latency is None and found["XC"].delivery == "delivered"  # held there, and no answer for it
    assert found["XD"].words == "This office has moved."

    reach = xa.pings.reach()
    assert [one.state for one in reach.tracks] == ["XB", "XC", "XD"]  # by name, never by result
    assert [one.points[0] and one.points[0].outcome for one in reach.tracks] == ["late", "no reply", "wrong contact"]
    point = reach.tracks[0].points[0]
    assert point is not None and point.latency == xb.latency and point.open is True

    # a person takes the correction; only then the entry says so
    assert [one.values[1] for one in xa.pings.due() if one.line == "ping.differs"] == ["XB"]
    assert xa.pings.entry(asked["XB"]).first("phone") == "+41225550100"
    xa.pings.take(round, asked["XB"])
    taken = xa.pings.entry(asked["XB"])
    assert taken.first("phone") == "+41225550199" and taken.confirmed_how == "ping"
    assert taken.last is not None and taken.last.outcome == "late"
    assert {one.state: one.taken for one in xa.pings.round(round).rows} == {"XB": True, "XC": False, "XD": False}
    xa.registers.set(Place("contacts", asked["XB"]), {"phone": ["+41225550111"]})  # what was confirmed no longer stands there
    assert not next(one for one in xa.pings.round(round).rows if one.state == "XB").taken
    xa.pings.take(round, asked["XB"])
    with pytest.raises(NotAllowed) as refused:
        xa.pings.take(round, asked["XD"])
    assert refused.value.code == "ping.nothing"

    told = [one.line for one in xa.pings.due()]
    assert sorted(told) == ["ping.round_over", "ping.wrong"]
    xa.pings.close(round)
    assert [one.line for one in xa.pings.due()] == []
    with pytest.raises(NotAllowed) as refused:
        xa.pings.close(round)
    assert refused.value.code == "ping.closed"


def test_a_moment_no_calendar_holds_stops_no_report(world: World, tmp_path: Path) -> None:
    """Who answers may name any number; rounds, the plot and reports still come."""
    xa, xb = world["XA"], world["XB"]
    round = opened(xa, [entry(xa, "XB")])
    world.exchange(3)
    (question,) = xb.pings.questions()
    with xb.context.write() as tx:
        body = {"ask": question.id, "says": "confirmed", "changes": [], "words": "", "replaces": []}
        room = tx.value("select room from ping_ask where id = ?", (question.id,))
        clock, xb.context.clock = xb.context.clock, Clock(2**53 - 10, 0)
        xb.context.author(tx, room, "ping.answer", body)
        xb.context.clock = clock
    world.exchange(3)
    [row] = xa.pings.round(round).rows
    assert row.at > 2**52 and row.how == "signed"
    for form in ("csv", "pdf"):
        assert xa.pings.report(round, form, tmp_path / f"report.{form}").rows == 1
    assert "9999-12-31" in (tmp_path / "report.csv").read_text("utf-8-sig")
    assert xa.pings.reach() and xa.pings.entries() and xa.overview()
    xa.pings.take(round, row.contact)  # noted as of our own clock, and not offered again
    assert xa.pings.entry(row.contact).first("last_confirmed")[:4] == "2026" and xa.pings.round(round).rows[0].taken


def test_nothing_but_an_answer_is_one(world: World) -> None:
    """Delivery statements, message acknowledgements and exchanges are none, however many."""
    xa, xb = world["XA"], world["XB"]
    round = opened(xa, [entry(xa, "XB")], days=1)
    world.exchange(3)
    room = next(one.id for one in xb.rooms.all() if one.kind == "bilateral")
    sent = xa.messages.send(room, "Did it come?", for_the_record=True)
    world.exchange()
    xb.messages.acknowledge(sent)
    xb.messages.send(room, "Yes, confirmed.", for_the_record=True)
    world.exchange(3)
    [row] = xa.pings.round(round).rows
    assert (row.outcome, row.delivery) == ("waiting", "delivered")
    world.clock.advance(2 * DAY)
    [row] = xa.pings.round(round).rows
    assert (row.outcome, row.how, row.latency) == ("no reply", "", None)


def test_what_is_asked_tells_nothing_of_others(wide: World) -> None:
    """C15: neither the question, nor any other operation or row that reaches one asked, shows who else was."""
    xa = wide["XA"]
    contacts = {state: entry(xa, state, category) for state in ("XB", "XC", "XD") for category in ("technical",)}
    opened(xa, list(contacts.values()), words="the internal note of the round")
    wide.exchange()
    bodies = {}
    for code in ("XB", "XC", "XD"):
        desk = wide[code]
        with desk.context.read() as handle:
            raws = [bytes(row[0]).decode() for row in handle.rows("select raw from op where kind like 'ping.%'")]
            assert handle.rows("select * from ping_round") == [] and handle.rows("select * from ping_asked") == []
        assert len(raws) == 1
        for other in {"XB", "XC", "XD"} - {code}:
            assert wide.id(other) not in raws[0] and f"{other.casefold()}.example" not in raws[0] and other not in json.loads(raws[0])["body"]["role"]
            assert contacts[other] not in raws[0]
        assert "internal note" not in raws[0] and contacts[code] not in raws[0]
        bodies[code] = json.loads(raws[0])["body"]
    assert len({one["token"] for one in bodies.values()}) == 3  # two who compare theirs find nothing in common but the title
    with xa.context.read() as handle:
        round = handle.row("select id from ping_round")[0]
    assert all(round not in json.dumps(one) for one in bodies.values())


def test_an_answer_counts_only_from_the_delegation_concerned(wide: World) -> None:
    xa, xb, xc = wide["XA"], wide["XB"], wide["XC"]
    round = opened(xa, [entry(xa, "XB"), entry(xa, "XC")])
    wide.exchange()
    [mine] = xc.pings.questions()
    with xa.context.read() as handle:
        stolen = handle.row("select id from ping_ask where room != ?", (_room(xc),))[0]
    with xc.context.write() as tx:  # a peer that answers what another was asked, in its own room
        xc.context.author(tx, _room(xc), "ping.answer", {"ask": stolen, "says": "confirmed", "changes": [], "words": "", "replaces": []})
    with xc.context.write() as tx:  # and one that asks with the very token it was asked with, and answers itself
        body = json.loads(tx.row("select raw from op where id = ?", (mine.id,))[0])["body"]
        own = xc.context.author(tx, _room(xc), "ping.ask", body).op.id
        xc.context.author(tx, _room(xc), "ping.answer", {"ask": own, "says": "confirmed", "changes": [], "words": "", "replaces": []})
    with xc.context.write() as tx:  # and a round and a record where none belong
        xc.context.author(tx, _room(xc), "ping.close", {"round": round})
    wide.exchange()
    assert {state: one.outcome for state, one in rows(xa, round).items()} == {"XB": "waiting", "XC": "waiting"}
    assert not xa.pings.round(round).head.closed_at
    # what it asked of us is a question to us, and waits for a person
    assert [one.code for one in xa.pings.questions()] == ["XC"]
    with pytest.raises(NotAllowed) as refused:
        xb.pings.answer(("B" if stolen[0] == "A" else "A") + stolen[1:], "confirmed")
    assert refused.value.code == "ping.unknown"
    xc.pings.answer(mine.id, "confirmed")
    wide.exchange()
    assert {state: one.outcome for state, one in rows(xa, round).items()} == {"XB": "waiting", "XC": "confirmed"}


def _room(desk: object) -> str:
    return next(one.id for one in desk.rooms.all() if one.kind == "bilateral")  # type: ignore[attr-defined]


def test_who_answers_may_think_again(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    round = opened(xa, [entry(xa, "XB")])
    world.exchange()
    [asked] = xb.pings.questions()
    xb.pings.answer(asked.id, "wrong contact")
    xb.pings.answer(asked.id, "changed", changes={"email": ["new@xb.example"]})
    world.exchange()
    [row] = xa.pings.round(round).rows
    assert (row.outcome, row.differs, row.changes) == ("confirmed", False, {"email": ("new@xb.example",)})
    [again] = xb.pings.questions()
    assert again.says == "changed" and again.said_by == "Officer XB" and not again.late


def test_whom_we_do_not_exchange_with_an_officer_calls(world: World) -> None:
    xa = world["XA"]
    outside, chosen = entry(xa, "XE"), entry(xa, "XB")
    round = opened(xa, [outside, chosen], outside=[chosen])
    assert {one.way for one in xa.pings.round(round).rows} == {"outside"}
    with xa.context.read() as handle:
        assert handle.rows("select 1 from ping_ask") == []
    now = world.clock.now()
    world.clock.advance(3 * HOUR)
    xa.pings.record(round, outside, "no reply", channel="telephone", at=now + HOUR, asked_at=now)
    xa.pings.record(round, outside, "answered", channel="e-mail", at=now + 2 * HOUR, asked_at=now, words="Wrote back.",
                    changes={"hours": ["24/7"]})  # fmt: skip
    found = rows(xa, round)["XE"]
    assert (found.outcome, found.how, found.channel, found.latency) == ("confirmed", "recorded", "e-mail", 2 * HOUR)
    assert not found.differs and found.received_at == 0 and found.words == "Wrote back."
    xa.pings.take(round, outside)
    assert xa.pings.entry(outside).first("hours") == "24/7" and xa.pings.entry(outside).confirmed_how == "call"
    for values, code in (
        ({"contact": "nobody", "outcome": "answered", "channel": "e-mail", "at": now}, "ping.unknown"),
        ({"contact": outside, "outcome": "answered", "channel": "e-mail", "at": now + 10 * DAY}, "ping.when"),
        ({"contact": outside, "outcome": "perhaps", "channel": "e-mail", "at": now}, "ping.outcome"),
    ):
        with pytest.raises(NotAllowed) as refused:
            xa.pings.record(round, **values)  # type: ignore[arg-type]
        assert refused.value.code == code
    assert [one.line for one in xa.pings.due()] == []


def test_a_round_is_refused_whole(world: World) -> None:
    xa = world["XA"]
    contact, own = entry(xa, "XB"), entry(xa, "XA")
    for contacts, code in (([contact, own], "ping.own"), ([], "ping.nobody"), (["nothing"], "register.row"), ([contact, contact], "ping.twice")):
        with pytest.raises(NotAllowed) as refused:
            opened(xa, contacts)
        assert refused.value.code == code
    assert xa.pings.rounds() == []
    with xa.context.read() as handle:
        assert handle.rows("select 1 from op where kind like 'ping.%'") == []


def test_labels_are_in_the_language_of_who_reads_and_what_a_person_wrote_stays(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    contact = entry(xa, "XB")
    assert {one.label for one in xa.pings.proposal("fr").candidates} == {"Technique, technical office of XB, Duty officer"}
    round = opened(xa, [contact])
    world.exchange()
    question = xb.pings.questions()[0]
    xb.pings.answer(question.id, "changed", changes={"phone": ["+41225550199"]}, words="From Monday on.")
    world.exchange()
    xa.registers.set(Place("contacts", contact), {"institution": ["Another office"]})  # the round keeps what was asked
    for language, category in (("en", "Technical"), ("fr", "Technique"), ("zh", "技术")):
        wanted = f"{category}, technical office of XB, Duty officer"
        assert [one.label for one in xa.pings.round(round, language).rows] == [wanted]
        assert [one.label for one in xa.pings.reach(language=language).tracks] == [wanted]
        assert [one.values[0] for one in xa.overview(language).due if one.line == "ping.differs"] == [wanted]
    assert xa.pings.directory.told("Technician on duty", "fr") == "Technician on duty"
    told = xb.pings.questions()[0]
    assert (dict(told.changes), told.words) == ({"phone": ("+41225550199",)}, "From Monday on.")


def test_every_six_months_a_round_is_proposed(world: World) -> None:
    xa = world["XA"]
    assert xa.pings.due() == []  # nobody to ask
    entry(xa, "XB")
    entry(xa, "XE", status="removed")
    entry(xa, "XA")
    assert [one.line for one in xa.pings.due()] == ["ping.round_due"]
    proposed = xa.pings.proposal()
    assert {one.state: (one.way, one.hindered) for one in proposed.candidates} == {
        "XA": ("outside", "own"), "XB": ("here", ""), "XE": ("outside", "status"),
    }  # fmt: skip
    named = [one.contact for one in proposed.candidates if not one.hindered]
    exercise = opened(xa, named, "Exercise", exercise=True)
    xa.pings.close(exercise)
    assert "ping.round_due" in [one.line for one in xa.pings.due()]  # an exercise is none
    xa.pings.close(opened(xa, named))
    assert xa.pings.due() == []
    world.clock.advance(190 * DAY)
    assert [one.line for one in xa.pings.due()] == ["ping.round_due"]
    names = []
    for _ in range(3):  # rounds of one half-year are told apart by their names
        names.append(xa.pings.proposal().title)
        opened(xa, named, f"Round {names[-1]}")
    assert len(set(names)) == 3 and names[1:] == [f"{names[0]} (2)", f"{names[0]} (3)"]
    assert xa.pings.reach().rounds != () and len(xa.pings.reach().rounds) == 4 and len(xa.pings.reach(exercises=True).rounds) == 5


def test_rebuilt_from_operations_it_is_the_same(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    round = opened(xa, [entry(xa, "XB"), entry(xa, "XE")])
    world.exchange()
    xb.pings.answer(xb.pings.questions()[0].id, "confirmed")
    world.exchange()
    tables = ("ping_round", "ping_asked", "ping_closed", "ping_record", "ping_ask", "ping_answer")

    def everything() -> list[object]:
        with xa.context.read() as handle:
            return [handle.rows(f"select * from {one} order by 1, 2") for one in tables]

    before, view = everything(), xa.pings.round(round)
    xa.rebuild()
    assert everything() == before and xa.pings.round(round).rows == view.rows
    again = world.reopen("XA")
    assert again.pings.round(round).rows == view.rows


def test_answers_are_announced(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    opened(xa, [entry(xa, "XB")])
    world.exchange()
    heard: list[Changes] = []
    xa.subscribe(heard.append)
    xb.pings.answer(xb.pings.questions()[0].id, "confirmed")
    world.exchange()
    assert any("contacts" in one.registers for one in heard)


def test_the_directory(world: World) -> None:
    xa = world["XA"]
    world.clock.at = 1_798_365_600_000  # 27 December 2026, 10:00 UTC, a Sunday
    entry(xa, "XB", time_zone="Asia/Tokyo", hours="24/7")
    entry(xa, "FR", "diplomatic", time_zone="Europe/Paris", full_name="Ms. Example", review="2026-11-30")
    tokyo, paris = (next(one for one in xa.pings.entries() if one.state == code) for code in ("XB", "FR"))
    assert tokyo.there is not None and (tokyo.there.clock, tokyo.there.weekday, tokyo.there.offset) == ("19:00", 6, 540)
    assert tokyo.there.open is True and tokyo.way == "here" and tokyo.delegation == world.id("XB")
    assert paris.there is not None and paris.there.open is False and paris.way == "outside"
    assert paris.overdue and not tokyo.overdue and "OSCE" in paris.memberships and tokyo.memberships == ()
    assert paris.label.startswith("Diplomatic") and paris.label.endswith("Ms. Example")
    at = 1_798_192_800_000  # 25 December
    found = xa.pings.there(paris.contact, at)
    assert found is not None and found.holiday and found.open is False and found.date == "2026-12-25"
    assert xa.pings.there(tokyo.contact, at).holiday == ""  # type: ignore[union-attr]  a fictional State has none
    for wanted, codes in (
        (Wanted(words="tokyo"), ["XB"]), (Wanted(words="duty BOROVIA"), ["XB"]), (Wanted(words="osce"), ["FR"]),
        (Wanted(categories=("diplomatic",)), ["FR"]), (Wanted(states=("XB", "XC")), ["XB"]), (Wanted(attention=True), ["FR"]),
        (Wanted(directories=("OSCE",)), []),
    ):  # fmt: skip
        assert [one.state for one in xa.pings.entries(wanted)] == codes, wanted


def test_an_exercise_changes_no_entry_and_hides_no_real_round(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    contact = entry(xa, "XB")
    real = opened(xa, [contact], "In earnest")
    world.clock.advance(HOUR)
    drill = opened(xa, [contact], "Drill", exercise=True)
    world.exchange()
    questions = {one.title: one for one in xb.pings.questions()}
    assert [one.values[-1] for one in sorted(xb.pings.due(), key=lambda one: one.at) if one.line == "ping.asked"] == ["", "exercise"]
    xb.pings.answer(questions["Drill"].id, "changed", changes={"phone": ["+41225550199"]})
    world.exchange()
    assert rows(xa, drill)["XB"].outcome == "confirmed" and not [one for one in xa.pings.due() if one.line == "ping.differs"]
    one = xa.pings.entry(contact)
    assert one.last is not None and (one.last.title, one.last.outcome, one.last.exercise) == ("In earnest", "waiting", False)
    with pytest.raises(NotAllowed) as refused:
        xa.pings.take(drill, contact)
    assert refused.value.code == "ping.exercise" and xa.pings.entry(contact).first("phone") == "+41225550100"
    xb.pings.answer(questions["In earnest"].id, "confirmed")
    world.exchange()
    xa.pings.take(real, contact)
    assert xa.pings.entry(contact).confirmed_how == "ping"


def test_languages_are_read_by_their_names(world: World) -> None:
    xa = world["XA"]
    contact = entry(xa, "XB", languages=["en", "fr", "de"])
    shown = {tag: xa.pings.entry(contact, tag).shown["languages"] for tag in ("en", "fr", "zh")}
    assert shown == {"en": "English, French, Deutsch", "fr": "anglais, français, Deutsch", "zh": "英文、法文、Deutsch"}
    assert [one.contact for one in xa.pings.entries(Wanted(words="french"))] == [contact]


def test_a_report_is_for_whom_it_is_for(world: World, tmp_path: Path) -> None:
    """C15: with a marking, stricter entries stay out; for one State, nothing tells that others were asked."""
    xa, xb = world["XA"], world["XB"]
    red = entry(xa, "XC", marking="TLP:RED")
    round = opened(xa, [entry(xa, "XB", hours="=HYPERLINK()"), red, entry(xa, "XE")], exercise=True)
    world.exchange()
    xb.pings.answer(xb.pings.questions()[0].id, "confirmed", words="=1+1")
    world.exchange()
    whole, some, one = tmp_path / "whole.csv", tmp_path / "some.csv", tmp_path / "one.csv"
    assert xa.pings.report(round, "csv", whole).rows == 3
    lines = list(csv.reader(whole.read_text("utf-8-sig").splitlines()))
    assert len(lines) == 4 and all(row[0] == "EXERCISE" for row in lines)
    answered = next(row for row in lines if "XB" in row[1])
    assert "confirmed" in answered and "signed answer" in answered and "'=1+1" in answered
    told = xa.pings.report(round, "csv", some, marking="TLP:AMBER")
    assert (told.rows, told.left_out) == (2, 1) and "XC" not in some.read_text("utf-8-sig")
    told = xa.pings.report(round, "csv", one, state="XB")
    assert told.rows == 1
    alone = one.read_text("utf-8-sig")
    assert not any(other in alone for other in ("XC ", "XE ", "Castellan", "Eastmark"))
    with pytest.raises(Refused) as refused:
        xa.pings.report(round, "docx", whole)
    assert refused.value.code == "ping.report"
    with pytest.raises(Unavailable) as lost:
        xa.pings.report(round, "csv", tmp_path / "no folder" / "file.csv")
    assert lost.value.code == "file.unwritable"


@pytest.mark.parametrize("state", ["", "XB"])
def test_a_printed_report_bears_its_marking_on_every_page(world: World, tmp_path: Path, state: str) -> None:
    """C14: the marking and EXERCISE stand on every page; C15 for one State."""
    from pypdf import PdfReader

    xa = world["XA"]
    round = opened(xa, [entry(xa, code, category) for code in ("XB", "XC", "XE") for category in ("technical", "diplomatic")], exercise=True)
    target = tmp_path / "report.pdf"
    xa.pings.report(round, "pdf", target, state=state)
    pages = [page.extract_text() for page in PdfReader(target).pages]
    assert pages
    for text in pages:
        assert "TLP:AMBER" in text and "EXERCISE" in text and ("Internal" in text) == (not state)
    everything = "\n".join(pages)
    assert ("Eastmark" in everything) == (not state) and "Borovia" in everything
    assert ("no answer yet: 6" in everything) == (not state)


def test_a_hostile_title_or_entry_of_a_question_is_kept_as_it_is_and_asked_once(world: World) -> None:
    xa, xb = world["XA"], world["XB"]
    entry(xa, "XB")
    room = xa.rooms.create("bilateral", "", [world.id("XB")])
    body = {"token": "A" * 43, "title": "<b>x</b>", "forum": "", "role": "r", "due": 0, "exercise": 0, "marking": "TLP:RED",
            "entry": [{"field": "email", "values": ["a"]}, {"field": "email", "values": ["b"]}]}  # fmt: skip
    with xa.context.write() as tx:
        for _ in range(3):
            xa.context.author(tx, room, "ping.ask", body)
    world.exchange()
    [asked] = xb.pings.questions()
    assert asked.title == "<b>x</b>" and asked.entry == (("email", ("a",)),)
    assert [one.line for one in xb.pings.due()] == ["ping.asked"]
    xb.pings.answer(asked.id, "confirmed")
    assert xb.pings.due() == [] and xb.pings.questions()[0].says == "confirmed"
    # a question can never carry how we handle an entry
    with pytest.raises(Refused), xa.context.write() as tx:
        xa.context.author(tx, room, "ping.ask", body | {"entry": [{"field": "authority_note", "values": ["x"]}]})


def test_a_training_vault_reaches_nobody_real(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    xa = world["XA"]
    real, invented = entry(xa, "FR"), entry(xa, "XE")
    monkeypatch.setattr(Context, "training", True)
    with pytest.raises(NotAllowed) as refused:
        opened(xa, [real])
    assert refused.value.code == "training.real_contact"
    assert {one.state: one.hindered for one in xa.pings.proposal().candidates}["FR"] == "training"
    round = opened(xa, [invented])
    assert xa.pings.round(round).rows[0].state == "XE"


def test_fields_are_those_of_the_register() -> None:
    from valise.desk import reference
    from valise.desk.pings_cards import _OURS
    from valise.desk.pings_nominate import USUAL
    from valise.domain.ping.kinds import ASKED_FIELDS

    contacts = next(one for one in reference.registers() if one.id == "contacts")
    known = {one.id for one in contacts.columns}
    assert {*ASKED_FIELDS, *USUAL, *_OURS.values(), *fields("XB")} <= known
    assert not {"marking", "status", "source_document", "authority_note", "escalates_to", "review"} & set(ASKED_FIELDS)
