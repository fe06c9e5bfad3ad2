"""The silence procedure: no clock decides, a break in time counts, a late one is shown, a contested one waits for the pen."""

from __future__ import annotations

from typing import Any

import pytest
from negotiation import Device, World

from valise.domain.errors import NotAllowed
from valise.domain.text import model, rules, view
from valise.domain.text.fold import TextState

HOUR = 3_600_000


@pytest.fixture
def world() -> World:
    made = World(2, codes=("XA", "XB", "XC"), devices=1)
    pen = made.devices[0]
    made.spread(pen, pen.act("text.revision", rules.revision(pen.text, pen.id, "FICT/1/Rev.1")))
    return made


def now(world: World) -> int:
    return world.clock * 1000


def alone(device: Device, kind: str, body: dict[str, Any]) -> str:
    """Said, and not heard by anybody yet."""
    return device.act(kind, body).id


def say(world: World, who: int, kind: str, body: dict[str, Any]) -> str:
    device = world.devices[who]
    op = device.act(kind, body)
    world.spread(device, op)
    return op.id


def opened(world: World, hours: int = 72) -> str:
    pen = world.devices[0]
    revision = next(iter(pen.text.book.editions))
    body = rules.silence_open(pen.text, pen.id, revision, now(world) + hours * HOUR, now(world), "the whole text")
    return say(world, 0, "text.silence_open", body)


def only(state: TextState) -> model.Silence:
    (one,) = view.silences(state)
    return one


def everywhere(world: World) -> model.Silence:
    for one in world.devices:
        for other in world.devices:
            world.share(one, other)
    shown = {only(one.text) for one in world.devices}
    assert len(shown) == 1 and len({one.text.dump() for one in world.devices}) == 1
    return shown.pop()


def later(world: World, hours: float) -> None:
    world.clock += int(hours * HOUR / 1000)


def test_nobody_speaks(world: World) -> None:
    silence = opened(world)
    pen = world.devices[0]
    assert only(pen.text).state == "running" and only(pen.text).symbol == "FICT/1/Rev.1"
    assert rules.closing_due(pen.text, pen.id, now(world)) == ""
    with pytest.raises(NotAllowed, match="silence-not-over"):
        rules.silence_close(pen.text, pen.id, silence, now(world))
    later(world, 73)
    assert rules.closing_due(world.devices[1].text, world.devices[1].id, now(world)) == ""  # not its to close
    assert rules.closing_due(pen.text, pen.id, now(world)) == silence
    say(world, 0, "text.silence_close", rules.silence_close(pen.text, pen.id, silence, now(world)))
    assert everywhere(world).state == "kept"
    assert view.head(pen.text).silences == (only(pen.text),)
    with pytest.raises(NotAllowed, match="silence-over"):
        rules.silence_break(world.devices[1].text, world.devices[1].delegation, silence, "too late")


def test_a_break_ends_it_and_says_why(world: World) -> None:
    silence = opened(world)
    other = world.devices[1]
    with pytest.raises(NotAllowed, match=r"text\.reason"):
        rules.silence_break(other.text, other.delegation, silence, "  ")
    say(world, 1, "text.silence_break", rules.silence_break(other.text, other.delegation, silence, "OP 3 is not agreed"))
    with pytest.raises(NotAllowed, match="silence-broken"):
        rules.silence_break(other.text, other.delegation, silence, "again")
    pen = world.devices[0]
    assert only(pen.text).state == "broken" and not only(pen.text).closed
    say(world, 0, "text.silence_close", rules.silence_close(pen.text, pen.id, silence, now(world)))
    shown = everywhere(world)
    assert (shown.state, shown.closed) == ("broken", True)
    assert [(one.delegation, one.reason, one.state) for one in shown.breaks] == [
        (other.delegation, "OP 3 is not agreed", "counts")]  # fmt: skip


def crossing(world: World, hours: float) -> str:
    """XB breaks the silence without a network `hours` after the opening; the pen closes, not knowing."""
    silence = opened(world)
    other, pen = world.devices[1], world.devices[0]
    later(world, hours)
    alone(other, "text.silence_break", rules.silence_break(other.text, other.delegation, silence, "not on our side"))
    later(world, 100)
    alone(pen, "text.silence_close", rules.silence_close(pen.text, pen.id, silence, now(world)))
    assert only(pen.text).state == "kept"
    return silence


@pytest.mark.parametrize(("outcome", "worth"), [("kept", "late"), ("broken", "counts")])
def test_one_that_says_it_was_in_time_is_contested_until_the_pen_confirms(world: World, outcome: str, worth: str) -> None:
    silence = crossing(world, 71)
    shown = everywhere(world)
    assert (shown.state, shown.breaks[0].state) == ("contested", "contested")
    pen = world.devices[0]
    say(world, 0, "text.silence_confirm", rules.silence_confirm(pen.text, pen.id, silence, outcome))
    shown = everywhere(world)
    assert (shown.state, shown.breaks[0].state) == (outcome, worth)
    with pytest.raises(NotAllowed, match="silence-clear"):
        rules.silence_confirm(pen.text, pen.id, silence, outcome)


def test_one_that_says_itself_it_was_late_changes_nothing(world: World) -> None:
    crossing(world, 80)
    shown = everywhere(world)
    assert (shown.state, shown.breaks[0].state) == ("kept", "late")


def test_one_made_knowing_the_end_changes_nothing(world: World) -> None:
    silence = opened(world)
    later(world, 73)
    pen, other = world.devices[0], world.devices[1]
    say(world, 0, "text.silence_close", rules.silence_close(pen.text, pen.id, silence, now(world)))
    world.clock -= 50 * 3600  # a clock set back does not help
    say(world, 1, "text.silence_break", {"text": pen.text.text, "silence": silence, "reason": "after all"})
    assert other.text.void == {}
    shown = everywhere(world)
    assert (shown.state, shown.breaks[0].state) == ("kept", "late")


def test_extending(world: World) -> None:
    silence = opened(world, 24)
    pen = world.devices[0]
    first = only(pen.text).deadline
    with pytest.raises(NotAllowed, match="deadline"):
        rules.silence_extend(pen.text, pen.id, silence, first, now(world))
    say(world, 0, "text.silence_extend", rules.silence_extend(pen.text, pen.id, silence, first + 24 * HOUR, now(world)))
    assert (only(pen.text).deadline, only(pen.text).first_deadline) == (first + 24 * HOUR, first)
    later(world, 30)
    assert rules.closing_due(pen.text, pen.id, now(world)) == ""
    assert everywhere(world).state == "running"


def test_what_does_not_fit_is_refused(world: World) -> None:
    pen, other = world.devices[0], world.devices[1]
    revision = next(iter(pen.text.book.editions))
    for deadline in (now(world), now(world) + HOUR // 2, now(world) + 400 * 24 * HOUR):
        with pytest.raises(NotAllowed, match="deadline"):
            rules.silence_open(pen.text, pen.id, revision, deadline, now(world))
    with pytest.raises(NotAllowed, match="not-pen"):
        rules.silence_open(other.text, other.id, revision, now(world) + 24 * HOUR, now(world))
    with pytest.raises(NotAllowed, match="unknown-revision"):
        rules.silence_open(pen.text, pen.id, other.id, now(world) + 24 * HOUR, now(world))
    opened(world)
    with pytest.raises(NotAllowed, match="silence-runs"):
        rules.silence_open(pen.text, pen.id, revision, now(world) + 24 * HOUR, now(world))
    with pytest.raises(NotAllowed, match="unknown-silence"):
        rules.silence_break(other.text, other.delegation, revision, "no")


@pytest.mark.parametrize("seed", range(10))
def test_a_second_period_on_the_chain_is_void(seed: int) -> None:
    """Whatever pens do against the rules, at most one period runs, and a snapshot holds it all."""
    world = World(seed, devices=1).run(260)
    state = world.fold()
    assert sum(not one.closed for one in view.silences(state)) <= 1
    again = TextState.load(state.dump())
    assert view.silences(again) == view.silences(state)
    assert again.dump() == state.dump()


def test_the_random_negotiations_hold_silences() -> None:
    shown = [one for seed in range(40) for one in view.silences(World(seed, devices=1).run(260).fold())]
    assert len(shown) > 10 and {one.state for one in shown} >= {"running", "broken", "kept"}
