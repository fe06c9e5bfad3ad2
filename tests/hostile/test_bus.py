"""C7: everything a working minute puts on the message buses, heard by a monitor. Real buses, a real window, a real vault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")
from PySide6.QtTest import QTest
from tests import buses
from tests.buses import LOGIN, MANAGER, FakeDesktop
from tests.hostile.many import Many

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus")
ROOT = Path(__file__).parents[2]
# What does speak on a bus is the screen reader's own (at-spi), when a person has one running: it carries every label and
# text that has the focus, since that is what it reads out. It is a bus of its own, left out here (NO_AT_BRIDGE).
QUIET = {"QT_QPA_PLATFORM": "offscreen", "NO_AT_BRIDGE": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def desktop(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[tuple[str, FakeDesktop]]:
    with buses.running(tmp_path_factory.mktemp("b")) as address:
        made = FakeDesktop(address)
        yield address, made
        made.close()


@pytest.fixture
def monitor(desktop: tuple[str, FakeDesktop], tmp_path: Path) -> Iterator[Path]:
    """A file with every octet of every message."""
    program = shutil.which("dbus-monitor")
    if program is None:
        pytest.skip("no dbus-monitor on this machine")
    heard = tmp_path / "heard"
    with heard.open("wb") as out, subprocess.Popen([program, "--address", desktop[0], "--binary"], stdout=out) as process:
        until(lambda: hears(desktop[1], heard, "it listens"))
        yield heard
        process.terminate()


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < end
        QTest.qWait(20)


def hears(fake: FakeDesktop, heard: Path, words: str) -> bool:
    """Say something on the bus; whether the monitor has heard it by now."""
    fake.send(MANAGER, f"{LOGIN}.Probe", "Said", words)
    return words.encode() in heard.read_bytes()


def test_c7_no_word_name_or_file_name_is_on_a_bus(
    desktop: tuple[str, FakeDesktop], monitor: Path, tmp_path: Path
) -> None:
    """C7: notifications, locks and delays say how many and why, and never a word."""
    address, fake = desktop
    environ = {**os.environ, **QUIET} | {f"DBUS_{one}_BUS_ADDRESS": address for one in ("SESSION", "SYSTEM")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.working", str(tmp_path)], cwd=ROOT, env=environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as working:  # fmt: skip
        until(lambda: working.poll() is not None)
        said, failed = working.communicate()
    assert working.returncode == 0, failed[-3000:]
    planted = json.loads(said)
    assert len(planted) >= 1_000 - 60
    assert fake.desk.requests == [["sleep", "Valise", "Close the vault", "delay"]]
    ((signature, name, instead_of, icon, sentence, body),) = fake.notices.shown
    assert [signature, name, instead_of, icon, body] == ["susssasa{sv}i", "Valise", 0, "valise", ""]
    assert str(sentence).startswith("Valise: ") and str(sentence).endswith((" item", " items"))
    until(lambda: hears(fake, monitor, "all of it was heard"))
    heard = monitor.read_bytes()
    assert b"Valise: " in heard and b"Close the vault" in heard, "the monitor heard what was said"
    scan = Many(planted)
    assert scan.hits(heard) == set()
    # and it would have heard a word
    until(lambda: hears(fake, monitor, planted[-1]))
    assert {word for word, _ in scan.hits(monitor.read_bytes())} == {planted[-1]}
