"""A long run that was stopped goes on, and its shards are each seed once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.sim import __main__ as command
from tests.sim.log import Log
from tests.sim.run import Outcome


def lived(seed: int, steps: int = 200) -> Outcome:
    failure = "step 7: planted" if seed == 13 else ""
    return Outcome(seed, steps, failure, ("a line",), 10 * seed, 1, seed, 86_400_000, 0.5, {}, "the post" if seed % 2 else "relay and post")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Seeds that were run, in order; each takes no time."""
    seen: list[int] = []

    def run(seed: int, steps: int) -> Outcome:
        seen.append(seed)
        return lived(seed, steps)

    monkeypatch.setattr(command, "run", run)
    return seen


def test_what_is_in_the_log_is_not_run_again(tmp_path: Path, ran: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    log = str(tmp_path / "night.log")
    assert command.main(["--seeds", "1..5", "--jobs", "1", "--log", log]) == 0
    assert command.main(["--seeds", "1..9", "--jobs", "1", "--log", log]) == 0
    assert ran == list(range(1, 10))
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("9 seeds (4 by relay and post, 5 by the post), 1800 steps, 450 operations, 9 crashes, 0 failed; healed in 9")
    assert "9.0 days simulated" in last


def test_a_torn_line_is_run_again(tmp_path: Path, ran: list[int]) -> None:
    log = tmp_path / "night.log"
    command.main(["--seeds", "1..5", "--jobs", "1", "--log", str(log)])
    whole = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(whole[:3]) + whole[3][:20])
    command.main(["--seeds", "1..5", "--jobs", "1", "--log", str(log)])
    assert ran == [1, 2, 3, 4, 5, 4, 5]
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    assert [row["seed"] for row in rows if "seed" in row] == [1, 2, 3, 4, 5]


def test_a_failure_is_told_with_what_replays_it_and_kept(tmp_path: Path, ran: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    log = str(tmp_path / "night.log")
    assert command.main(["--seeds", "12..14", "--jobs", "1", "--log", log]) == 1
    assert "FAILED 13: step 7: planted\n  python -m tests.sim 13 --steps 200 --trace" in capsys.readouterr().out
    assert command.main(["--seeds", "12..14", "--jobs", "1", "--log", log]) == 1  # it has not gone away
    assert ran == [12, 13, 14]


def test_shards_are_each_seed_once(ran: list[int]) -> None:
    for which in (1, 2, 3):
        command.main(["--seeds", "1..10", "--jobs", "1", "--shard", f"{which}/3"])
    assert ran == [1, 4, 7, 10, 2, 5, 8, 3, 6, 9]
    with pytest.raises(SystemExit):
        command.main(["--seeds", "1..10", "--shard", "4/3"])


def test_a_night_ends(tmp_path: Path, ran: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    hours = [0.0]

    def run(seed: int, steps: int) -> Outcome:
        ran.append(seed)
        hours[0] += 1.5
        return lived(seed, steps)

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command.time, "monotonic", lambda: hours[0] * 3600)
    log = str(tmp_path / "night.log")
    command.main(["--nightly", "--jobs", "1", "--log", log])
    assert ran == [1, 2, 3, 4, 5, 6]  # the sixth began before eight hours were over
    command.main(["--nightly", "--jobs", "1", "--log", log, "--hours", "2"])
    assert ran[6:] == [7, 8]


def test_a_log_of_other_steps_is_not_gone_on_with(tmp_path: Path, ran: list[int]) -> None:
    log = Log(tmp_path / "night.log", 200)
    log.add(lived(1))
    log.close(1.0)
    with pytest.raises(ValueError, match="200 steps"):
        command.main(["--seeds", "1..2", "--steps", "50", "--log", str(tmp_path / "night.log")])
