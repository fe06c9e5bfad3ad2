"""The pieces of the paired benchmark, without any peer: two small processes of our own stand in for the correspondents."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import smtplib
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
RELAY = shutil.which("nats-server", path="/usr/sbin:/usr/local/bin:/usr/bin")


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


STAND_IN = """
import json, sys, time
from pathlib import Path
from benchmarks.peers.worker import Journal, Orders, Pace, Plan, body, number, say

plan = Plan.read(sys.argv[1])
store, fault = Path(plan.own["store"]), plan.own["fault"]
orders = Orders()
there = lambda: store.read_text().split() if store.exists() else []
orders.numbers = lambda: [int(one) for one in there()]
say(ready=True)
orders.go.wait()
at = []
if plan.role == "send":
    pace, journal = Pace(plan), Journal(plan.journal)
    while not pace.over and not orders.calm.is_set():
        time.sleep(pace.wait())
        this = pace.next()
        with store.open("a") as file:
            if not (fault == "loses" and this % 5 == 0):
                file.write(f"{number(body(this, 40))}\\n" * (2 if fault == "doubles" and this % 5 == 0 else 1))
        journal.note(this)
    at = pace.begun
    orders.end.wait()
else:
    while not orders.end.is_set() and (not plan.count or len(at) < plan.count):
        at = [(int(one), time.monotonic()) for one in there() if plan.first <= int(one) < plan.first + 100_000]
        time.sleep(0.001)
say(done={"at": at, "cpu": 0.0})
"""


class StandIn:
    """Messages are lines of one file."""

    name = "stand-in"

    def __init__(self, base: Path, fault: str = "") -> None:
        self.store, self.fault, self.script = base / "store", fault, base / "stand_in.py"
        self.script.write_text(STAND_IN, "utf-8")

    def command(self, plan: Any) -> Sequence[str]:
        from benchmarks.peers.stack import text

        return [sys.executable, str(self.script), text(plan)]

    def own(self, role: str) -> dict[str, Any]:
        return {"store": str(self.store), "fault": self.fault}

    def environ(self) -> Mapping[str, str]:
        return {}

    def servers(self) -> float:
        return 0.0

    def held(self) -> dict[str, Any]:
        return {"numbers": [int(one) for one in self.store.read_text().split()], "broken": 0}


def test_correspondents_are_measured_from_the_first_begun_to_the_last_there(tmp_path: Path) -> None:
    from benchmarks.peers.stack import correspond

    found = correspond(StandIn(tmp_path), 25)
    assert found.count == 25 == len(found.delays)
    assert 0 <= max(found.delays) <= found.wall
    paced = correspond(StandIn(tmp_path), 5, every=0.02)
    assert paced.wall >= 4 * 0.02


def test_an_end_that_falls_is_said_and_leaves_nothing_running(tmp_path: Path) -> None:
    from benchmarks.peers.stack import correspond

    stack = StandIn(tmp_path)
    stack.script.write_text("raise SystemExit(3)", "utf-8")
    with pytest.raises(RuntimeError, match="ended with 3"):
        correspond(stack, 5)


@pytest.mark.parametrize(("fault", "lost", "doubled"), [("", False, False), ("loses", True, False), ("doubles", False, True)])
def test_torture_counts_what_is_lost_and_what_came_twice(
    fault: str, lost: bool, doubled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import torture

    monkeypatch.setattr(torture, "RHYTHM", 0.002)
    monkeypatch.setattr(torture, "LIVES", (0.1, 0.2))
    found = torture.tortured(StandIn(tmp_path, fault), tmp_path / "journal", 3, patience=0.5)
    assert found.kills == 3 and found.promised > 10 and found.died == 0
    assert (found.lost > 0, found.doubled > 0) == (lost, doubled)
    if lost:
        assert found.lost == sum(1 for one in torture.promised(tmp_path / "journal") if one % 5 == 0)


def test_a_body_has_its_size_and_its_number_and_a_cut_promise_is_none(tmp_path: Path) -> None:
    from benchmarks.peers import worker

    texts = [worker.body(n, 200) for n in (0, 7, 4_300_017)]
    assert all(len(one.encode()) == 200 for one in texts) and len(set(texts)) == 3
    assert [worker.number(one) for one in texts] == [0, 7, 4_300_017]
    assert worker.number("Messages are encrypted.") == -1
    (tmp_path / "journal").write_text("1\n2\n3", "ascii")
    assert worker.promised(tmp_path / "journal") == [1, 2]
    assert worker.promised(tmp_path / "none") == []


def test_what_is_late_counts_from_when_it_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.peers import worker

    now = [100.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    pace = worker.Pace(worker.Plan("send", 3, 0.5, 40, 10, "", {}))
    assert (pace.wait(), pace.next(), pace.wait()) == (0.0, 10, 0.5)
    now[0] = 102.0
    assert (pace.wait(), pace.next(), pace.next(), pace.over) == (0.0, 11, 12, True)
    assert pace.begun == [(10, 100.0), (11, 100.5), (12, 101.0)]


def test_rounds_are_made_as_the_window_makes_them() -> None:
    from benchmarks.peers.vaults import WINDOW

    from valise.settings import SETTINGS
    from valise.ui.tasks import Periodic

    interval = next(one.default for one in SETTINGS if one.key == "exchange.interval_seconds")
    assert (Periodic.GAP / 1_000, interval) == WINDOW


def test_two_vaults_correspond_over_a_folder(tmp_path: Path) -> None:
    from benchmarks.peers.stack import correspond
    from benchmarks.peers.vault_stack import vaults

    with vaults(tmp_path / "pair") as stack:
        found = correspond(stack, 6)
        assert len(found.delays) == 6
        held = stack.held()
    assert len(held["numbers"]) == len(set(held["numbers"])) == 6 and held["broken"] == 0


# -- servers of our own


@contextmanager
def submission(root: Path) -> Iterator[int]:
    """smtp.py on a thread."""
    from benchmarks.peers import daemons, smtp

    port, loop = daemons.free_port(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def until_ended() -> None:
        serving = asyncio.ensure_future(smtp.serve(port, root))
        await ended.wait()
        serving.cancel()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is told so

    thread = threading.Thread(target=lambda: loop.run_until_complete(until_ended()))
    thread.start()
    try:
        while not daemons.listens(port):
            assert thread.is_alive()
        yield port
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def test_submission_delivers_whole_messages_once_to_each_box(tmp_path: Path) -> None:
    with submission(tmp_path) as port:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
            line.login("one@peers.test", "any")
            line.sendmail("one@peers.test", ["two@peers.test", "three@peers.test"], "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n")
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                line.sendmail("one@peers.test", ["../../out@peers.test"], "Subject: x\r\n\r\ny\r\n")
    for box in ("two", "three"):
        kept = [path.read_bytes() for path in (tmp_path / box / "new").iterdir()]
        assert kept == [b"Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n"]
        assert list((tmp_path / box / "tmp").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"two", "three"}


def test_the_tap_counts_every_octet_in_both_directions() -> None:
    from benchmarks.peers import daemons, relay

    with socket.create_server(("127.0.0.1", 0)) as behind:
        tap = relay.Tap(port := daemons.free_port(), behind.getsockname()[1])
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as near:
                far, _ = behind.accept()
                with far:
                    near.sendall(b"x" * 70_000)
                    got = 0
                    while got < 70_000:
                        got += len(far.recv(1 << 16))
                    far.sendall(b"y" * 5)
                    assert near.recv(5, socket.MSG_WAITALL) == b"yyyyy"
                assert tap.both == (70_000, 5)
        finally:
            tap.close()


@pytest.mark.skipif(RELAY is None, reason="no nats-server here")
@pytest.mark.parametrize("name", ["catchup", *(pytest.param(one, marks=pytest.mark.soak) for one in ("idle", "relay"))])
def test_a_benchmark_of_the_relay_runs(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.measure import Options

    ratios = import_module(f"benchmarks.{name}").run(Options(tmp_path, quick=True))
    assert ratios and all(value >= 0 for value in ratios.values())
    assert capsys.readouterr().out.startswith("### ")
    assert list(tmp_path.iterdir()) == []


# -- the peers are test tools


def test_the_peers_are_pinned_and_no_part_of_the_application(tmp_path: Path) -> None:
    from benchmarks.peers import environment

    text = environment.REQUIREMENTS.read_text("utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))
    asked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)$", environment.REQUIREMENTS.with_suffix(".in").read_text("utf-8"), re.MULTILINE))
    assert asked and asked.items() <= pinned.items()
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pinned) and all("--hash=sha256:" in one for one in blocks)
    shipped = (ROOT / "pyproject.toml").read_text("utf-8") + (ROOT / "requirements.lock").read_text("utf-8")
    shipped += (ROOT / "requirements-dev.lock").read_text("utf-8")
    assert [one for one in (*asked, "omemo", "twomemo", "oldmemo") if re.search(rf"(?m)^{one}==|[\"']{one}\b", shipped)] == []
    with pytest.raises(RuntimeError, match="--set-up"):
        environment.find(tmp_path)
    (tmp_path / environment.MADE).write_text("of other requirements", "ascii")
    with pytest.raises(RuntimeError, match="--set-up"):
        environment.find(tmp_path)


def test_what_runs_with_the_peers_knows_nothing_of_the_application() -> None:
    script = (
        "import sys\nfor name in ('worker', 'smtp'):\n    __import__('benchmarks.peers.' + name)\n"
        "import json\nprint(json.dumps([one for one in sys.modules if one.split('.')[0] in ('valise', 'nacl', 'PySide6')]))"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
    source = (ROOT / "benchmarks/peers/xmpp.py").read_text("utf-8")
    own = set(re.findall(r"^(?:from|import) (benchmarks\S*|valise\S*)", source, re.MULTILINE))
    assert own == {"benchmarks.peers.worker"}
