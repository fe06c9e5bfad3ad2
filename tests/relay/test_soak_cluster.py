"""Three servers and laptops in processes of their own; servers and laptops are killed, a server is cut off (cluster_run.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.relay import apart

WHOLE = ["--envelopes", "20000", "--leaders", "5", "--clients", "20", "--cut", "60", "--all", "1"]


def run(tmp_path: Path, *arguments: str, seconds: float) -> str:
    """What it printed; in a network of its own where this computer lets us have one."""
    done = apart.run("tests.relay.cluster_run", [str(tmp_path), *arguments], seconds)
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def test_a_leader_and_a_laptop_are_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    said = run(tmp_path, "--codes", "XA,XB", "--laptops", "1", "--envelopes", "200", seconds=1200)
    assert "leader killed" in said and "client killed" in said and "on 2 laptops alike" in said


@pytest.mark.soak
def test_whatever_happens_to_the_cluster_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    said = run(tmp_path, *WHOLE, seconds=3 * 3600)
    assert said.count("leader killed") >= 5 and said.count("client killed") >= 20 and "all servers killed" in said
    assert ("leader cut off from the network" if apart.possible() else "leader stopped in its tracks") in said
    assert "on 8 laptops alike" in said
