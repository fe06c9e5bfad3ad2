"""A real record of four delegations written as evidence and checked by somebody without a vault; checkpoints."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.incidents_hands import form
from tests.desk.pings_hands import entry, opened
from tests.registered import SHARED
from tests.world import World

from valise.desk import evidence
from valise.desk.checkpoints import KIND, LOOK
from valise.desk.context import RECORD
from valise.domain import checkpoint as rules
from valise.domain.errors import Damaged, NotAllowed, Refused, Unavailable
from valise.evidence.verify import verify
from valise.protocol.canonical import unb64u

DAY = rules.DAY
CODES = ("XA", "XB", "XC", "XD")
PARAGRAPHS = [
    {"section": "PP", "label": "PP 1", "words": "Recalling its mandate,", "status": "closed"},
    {"section": "OP", "label": "OP 1", "words": "States should designate points of contact;", "status": "open"},
    {"section": "OP", "label": "OP 2", "words": "Invites States to test them every year.", "status": "open"},
]


def talk(world: World) -> tuple[str, str, str]:
    """Amendments, an agreed paragraph, two revisions with a joint statement, messages of both classes."""
    room = world.room()
    a, b, c, d = (world[code] for code in CODES)
    text = a.texts.open(room, "Draft decision", symbol="FICT/1", organ="Plenary", paragraphs=PARAGRAPHS)
    world.exchange()
    op1, op2 = [row.id for row in b.texts.outline(text)][-2:]
    (first,) = b.texts.propose_words(text, op1, "States shall designate points of contact;", "stronger")
    (second,) = c.texts.propose_words(text, op2, "Invites States to test them twice every year.")
    world.exchange()
    d.texts.position(text, first, "support")
    a.texts.take(text, first)
    a.texts.agree(text, op1)
    a.texts.revision(text, "FICT/1/Rev.1")
    world.exchange()
    a.texts.merge(text, [
        {"op": "add", "after": op2, "section": "OP", "label": "OP 3", "words": "Decides to meet again.", "status": "open"},
        {"op": "split", "paragraph": op2, "words": "Invites States to test them", "rest": "every year.", "label": "OP 2 bis"},
        {"op": "move", "paragraph": op1, "after": op2}, {"op": "label", "paragraph": op1, "label": "OP 1 alt"},
    ], [{"proposal": second, "outcome": "rejected"}])  # fmt: skip
    a.texts.pass_pen(text, world.id("XB"))
    world.exchange()
    b.texts.revision(text, "FICT/1/Rev.2")
    statement = c.joint.open_statement(room, "Statement on points of contact", "We answer within a day.")
    c.joint.sign(statement)
    world.exchange()
    d.joint.sign(statement)
    world.exchange()
    c.joint.close(statement)
    b.messages.send(room, "For the record.", for_the_record=True, marking="TLP:GREEN")
    c.messages.send(room, "Between us: chatterbox.")
    d.internal.write(text, op1, "Planted redline word.", "red line")
    world.exchange()
    return room, text, statement


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("evidence"), CODES)
    yield made
    made.close()


@pytest.fixture(scope="module")
def said(world: World) -> tuple[str, str, str]:
    return talk(world)


def report(path: Path) -> Any:
    with path.open("rb") as stream:
        return verify(stream)


def operations(path: Path) -> list[str]:
    return [one["id"] for one in map(json.loads, path.read_text("utf-8").splitlines()) if one["is"] == "operation"]


def test_a_record_of_four_delegations(world: World, said: tuple[str, str, str], tmp_path: Path) -> None:
    room, text, statement = said
    path = tmp_path / "room.evidence"
    steps: list[tuple[int, int]] = []
    made = world["XA"].evidence.save(room, path, progress=lambda done, total: steps.append((done, total)))
    data = path.read_bytes()
    assert (made.path, made.size, made.sha256) == (path, len(data), hashlib.sha256(data).hexdigest())
    assert steps and path.stat().st_mode & 0o077 == 0 and list(tmp_path.iterdir()) == [path]
    told = world["XB"].evidence.check(path)
    assert told == report(path)
    assert told["sound"] == 1 and told["doubts"] == []
    assert {one["code"] for one in told["delegations"]} == set(CODES)
    assert {one["id"] for one in told["delegations"]} == {world.id(code) for code in CODES}
    devices = [device for one in told["delegations"] for device in one["devices"]]
    assert len(devices) == 4 and all(device["complete"] for device in devices)
    assert sum(device["operations"] for device in devices) == made.operations == told["file"]["operations"]
    (shown,) = told["texts"]
    heads = world["XA"].texts.head(text)
    by_symbol = {one.symbol: one for one in heads.revisions}
    assert {one["symbol"] for one in shown["revisions"]} == set(by_symbol) == {"FICT/1/Rev.1", "FICT/1/Rev.2"}
    for one in shown["revisions"]:
        assert one["words"] == "same" and one["text_hash"] == by_symbol[one["symbol"]].text_hash
        assert set(one["confirmed_by"]) == {world.id(code) for code in CODES} - {one["by"]}
        assert one["contradicted_by"] == []
    assert {(one["label"], one["status"]) for one in shown["agreed"]} == {("PP 1", "closed"), ("OP 1 alt", "agreed ad ref")}
    assert hashlib.sha256(b"States shall designate points of contact;").hexdigest() in {one["hash"] for one in shown["agreed"]}
    (joint,) = told["joint"]
    assert (joint["id"], joint["closed"], joint["whole"]) == (statement, True, True)
    assert {one["delegation"]: one["state"] for one in joint["signs"]} == {world.id("XC"): "signed", world.id("XD"): "signed"}
    assert told["messages"] == {"sent": 1, "acknowledged": 0}


def test_everybody_writes_the_same_operations_in_the_same_order(world: World, said: tuple[str, str, str], tmp_path: Path) -> None:
    orders = []
    for code in CODES:
        path = tmp_path / f"{code}.evidence"
        world[code].evidence.save(said[0], path)
        orders.append(operations(path))
    assert all(one == orders[0] for one in orders)
    with world["XA"].context.read() as handle:
        stored = {row[0] for row in handle.rows("select id from op where room = ? and klass = ?", (said[0], RECORD))}
    assert set(orders[0]) == stored


def test_no_conversation_and_nothing_internal_is_in_it(world: World, said: tuple[str, str, str], tmp_path: Path) -> None:
    path = tmp_path / "room.evidence"
    world["XD"].evidence.save(said[0], path)
    whole = path.read_bytes()
    for line in path.read_text("utf-8").splitlines():
        one = json.loads(line)
        if "raw" in one:
            from valise.protocol.canonical import unb64u

            whole += unb64u(one["raw"])
    assert b"For the record." in whole
    for word in (b"chatterbox", b"redline"):
        assert word not in whole


def test_what_it_would_let_others_read_is_told(world: World, said: tuple[str, str, str]) -> None:
    holds = world["XA"].evidence.holds(said[0])
    assert {code for code, _ in holds.delegations} == set(CODES)
    assert set(holds.officers) == {f"Officer {code}" for code in CODES}
    assert (holds.texts, holds.statements, holds.messages, holds.markings) == (1, 1, 1, (("TLP:GREEN", 1),))
    rows = world["XA"].evidence.rooms()
    assert [one.internal for one in rows] == [False, True]
    assert rows[0].operations == holds.operations > 20 and rows[0].members == CODES
    with pytest.raises(NotAllowed, match=r"evidence\.unknown"):
        world["XA"].evidence.holds("A" * 43)


def test_an_internal_room_only_as_an_own_archive(world: World, said: tuple[str, str, str], tmp_path: Path) -> None:
    internal = next(one.id for one in world["XD"].evidence.rooms() if one.internal)
    path = tmp_path / "inside.evidence"
    with pytest.raises(NotAllowed, match=r"evidence\.internal"):
        world["XD"].evidence.save(internal, path)
    assert list(tmp_path.iterdir()) == []
    world["XD"].evidence.save(internal, path, own_archive=True)
    assert report(path)["file"]["audience"] == "own archive"
    assert path.read_text("utf-8").startswith('{"audience":"own archive"') and "Not to be handed to anybody" in path.read_text("utf-8")


def test_registers_pings_and_incidents(tmp_path: Path) -> None:
    """Whatever delegations tell each other verifies; what each keeps to itself is in its own archive alone."""
    made = World(tmp_path / "world", ("XA", "XB"))
    a, b = made["XA"], made["XB"]
    asked = entry(a, "XB")
    round = opened(a, [asked], words="Planted round.")
    made.exchange()
    (place,) = a.incidents.places()
    room = place.room
    a.registers.define(SHARED)
    told = a.registers.new_row("told", {"status": ["planned"]}, room=room, about={"state": "XA", "item": "a"})
    a.registers.set(told, {"status": ["in_place"]}, note="As reported.")
    (question,) = b.pings.questions()
    b.pings.answer(question.id, "changed", changes={"phone": ["+41225550199"]})
    incident = a.incidents.open(room, form(a))
    made.exchange()
    b.incidents.acknowledge(incident, "Duty officer")
    b.incidents.respond(incident, {"capacity": "no", "refusal_reason": "not stated"})
    b.incidents.offer(incident, {"offer": "Two analysts."})
    b.incidents.offer(incident, {"offer": "A laboratory."})
    made.exchange()
    taken, other = (one.id for one in a.incidents.one(incident).offers)
    a.incidents.update(incident, {"status": "contained"})
    a.incidents.raise_to(incident, "T2")
    a.incidents.choose(incident, [taken])
    b.incidents.withdraw(incident, other)
    a.incidents.close(incident, {"outcome": "Restored."})
    a.incidents.reopen(incident, "It came back.")
    a.incidents.note(incident, "Planted note.")
    a.incidents.task(incident, "Planted task.")
    (task,) = a.incidents.one(incident).inside.tasks
    a.incidents.done(incident, task.id)
    a.incidents.strike(incident, a.incidents.one(incident).inside.notes[0].id)
    a.pings.record(round, asked, "answered", channel="telephone", at=made.clock.now())
    a.pings.close(round)
    made.exchange()
    shared, own = tmp_path / "shared.evidence", tmp_path / "own.evidence"
    b.evidence.save(room, shared)
    a.evidence.save(a.rooms.internal(), own, own_archive=True)
    assert [(report(path)["sound"], report(path)["doubts"]) for path in (shared, own)] == [(1, []), (1, [])]
    outside, inside = _kinds(shared), _kinds(own)
    assert {one for one in outside if one.startswith("incident.")} == SAID_OF_INCIDENTS
    assert {"register.set", "ping.ask", "ping.answer"} <= outside and outside.isdisjoint(KEPT_INSIDE)
    assert inside >= {*KEPT_INSIDE, "register.set"} and not any(b"Planted" in one for one in _raw(shared))
    assert any(b"Planted" in one for one in _raw(own))
    made.close()


SAID_OF_INCIDENTS = {f"incident.{one}" for one in (
    "open", "update", "acknowledge", "respond", "offer", "withdraw", "choose", "raise", "close", "reopen")}  # fmt: skip
KEPT_INSIDE = {"register.define", "ping.round", "ping.record", "ping.close",
               "incident.note", "incident.task", "incident.done", "incident.strike"}  # fmt: skip


def _raw(path: Path) -> list[bytes]:
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [unb64u(one["raw"]) for one in lines if one["is"] == "operation"]


def _kinds(path: Path) -> set[str]:
    return {json.loads(one)["kind"] for one in _raw(path)}


def test_the_command_line_without_a_vault(world: World, said: tuple[str, str, str], tmp_path: Path) -> None:
    path = tmp_path / "room.evidence"
    world["XA"].evidence.save(said[0], path)

    def call(*given: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "valise", "verify", *given]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)

    good = call(str(path))
    assert good.returncode == 0 and good.stdout.startswith("SOUND.") and good.stderr == ""
    for part in ("WHAT IS PROVED", "WHAT IS NOT PROVED", "FICT/1/Rev.2", "computed again", "Statement on points of contact"):
        assert part in good.stdout
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:9] + lines[10:]))
    wrong = call(str(path))
    assert wrong.returncode == 1 and "Line 10" in wrong.stdout and wrong.stdout.startswith("NOT SOUND")
    assert json.loads(call("--json", str(path)).stdout) == report(path)
    assert call(str(tmp_path / "none")).returncode == 2
    assert call().returncode == 2
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys; from valise.evidence.__main__ import main; print(sorted(sys.modules))"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    for name in ("sqlcipher3", "vodozemac", "PySide6", "valise.vault", "valise.desk", "valise.domain.kinds", "keyring"):
        assert f"'{name}'" not in loaded


def test_what_cannot_be_written_or_read_is_told(world: World, said: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world["XA"].evidence
    with pytest.raises(Unavailable, match=r"file\.unwritable"):
        desk.save(said[0], tmp_path / "none" / "room.evidence")
    with pytest.raises(Unavailable, match=r"file\.unreadable"):
        desk.check(tmp_path / "none")
    for answer in (b"nonsense", b"[]", b'{"sound":1}', b'{"sound":0,"bad":{"line":"1","what":"x","code":"y"}}', b"[" * 100_000):
        with pytest.raises(Refused, match=r"evidence\.child"):
            evidence.believed(answer)
    kept = tmp_path / "kept.evidence"
    kept.write_bytes(b"before")
    monkeypatch.setattr(evidence, "_command", lambda: [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"])
    with pytest.raises(Refused, match=r"evidence\.too_hard"):
        desk.save(said[0], kept)
    monkeypatch.setattr(evidence, "_command", lambda: [str(tmp_path / "no such program")])
    with pytest.raises(Unavailable, match=r"evidence\.no_child"):
        desk.check(kept)
    monkeypatch.undo()
    with world["XA"].context.write() as tx:
        (sig,) = tx.row("select sig from op where id = ?", (said[1],))
        tx.run("update op set sig = ? where id = ?", (bytes(64), said[1]))
    with pytest.raises(Damaged, match=r"evidence\.own"):
        desk.save(said[0], kept)
    with world["XA"].context.write() as tx:
        tx.run("update op set sig = ? where id = ?", (sig, said[1]))
    assert kept.read_bytes() == b"before" and list(tmp_path.iterdir()) == [kept]


# -- checkpoints


def points(world: World, code: str, room: str) -> list[tuple[str, int]]:
    with world[code].context.read() as handle:
        return [
            (row[0], row[1])
            for row in handle.rows("select device, seq from op where room = ? and kind = ? order by n", (room, KIND))
        ]


def test_a_log_that_has_grown_is_signed_over_once_a_day(tmp_path: Path) -> None:
    world = World(tmp_path, ("XA", "XB"))
    room = world.room()
    world["XA"].messages.send(room, "One.", for_the_record=True)
    world.exchange(3, pause=LOOK)
    assert points(world, "XA", room) == [], "nothing on the first day"
    before = world["XA"].overview(), world["XB"].messages.threads(room)
    world.exchange(2, pause=DAY)
    world.exchange(3)
    mine = world["XA"].me().device
    assert points(world, "XA", room) == points(world, "XB", room) == [(mine, 3)]
    assert world["XB"].messages.threads(room) == before[1] and world["XA"].search("log") == []
    assert [one.line for one in world["XA"].overview().due] == [one.line for one in before[0].due]
    world.exchange(5, pause=DAY)
    assert points(world, "XB", room) == [(mine, 3)], "a log that has not grown needs none"
    for words in ("Two.", "Three."):
        world["XA"].messages.send(room, words, for_the_record=True)
        world.exchange(2, pause=LOOK + 1)
    assert points(world, "XB", room) == [(mine, 3), (mine, 5)], "one a day"
    world.exchange(2, pause=DAY)
    world.exchange()
    assert [seq for _, seq in points(world, "XB", room)] == [3, 5, 7]
    path = tmp_path / "room.evidence"
    world["XB"].evidence.save(room, path)
    told = report(path)
    assert told["sound"] == 1 and told["doubts"] == []
    (device,) = (one for side in told["delegations"] for one in side["devices"] if one["id"] == mine)
    assert device["checkpoint"]["seq"] == 6 and device["complete"]
    world["XB"].rebuild()
    assert [seq for _, seq in points(world, "XB", room)] == [3, 5, 7]
    world.close()


def test_a_room_we_left_is_left_alone(tmp_path: Path) -> None:
    world = World(tmp_path, ("XA", "XB", "XC"))
    room = world.room()
    world["XC"].messages.send(room, "Before.", for_the_record=True)
    world.exchange()
    world["XC"].rooms.remove(room, world.id("XC"))
    world.exchange(6)
    world.exchange(4, pause=2 * DAY)
    gone = world["XC"].me().device
    assert gone not in {device for device, _ in points(world, "XA", room)}
    assert gone not in {device for device, _ in points(world, "XC", room)}
    world.close()


@pytest.mark.parametrize(
    ("now", "newest", "first", "grown", "made", "wanted"),
    [
        (DAY, 0, 0, True, -DAY, True),
        (DAY - 1, 0, 0, True, -DAY, False),
        (3 * DAY, 2 * DAY, 0, True, -DAY, True),
        (3 * DAY, 2 * DAY, 0, False, -DAY, False),
        (3 * DAY, 2 * DAY + 1, 0, True, -DAY, False),
        (3 * DAY, 2 * DAY, 0, True, 2 * DAY + 1, False),  # this process made one less than a day ago
        (3 * DAY, 4 * DAY - 1, 0, True, -DAY, False),  # the clock was set back a little: it waits
        (3 * DAY, 9 * DAY, 0, True, -DAY, True),  # by much: it does not wait for years
        (3 * DAY, 9 * DAY, 0, True, 8 * DAY, True),
    ],
)
def test_when_one_is_due(now: int, newest: int, first: int, grown: bool, made: int, wanted: bool) -> None:
    assert rules.due(now, newest, first, grown, made) is wanted
