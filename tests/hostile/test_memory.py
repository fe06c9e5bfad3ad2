"""After locking: the process that held the keys is gone, and what runs afterwards holds none of them. Real processes.

Their memory is read as the system shows it to the administrator (/proc/<pid>/mem); nothing is added to the program for it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")
from PySide6.QtTest import QTest
from tests import buses
from tests.buses import LOGIN, MANAGER, FakeDesktop

from valise import bootstrap
from valise.vault import header, slots

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/<pid>/mem is Linux's")
ROOT = Path(__file__).parents[2]
STEM = "Vuqozhipe"  # every planted word begins with it, so that one look finds any of them
COUNT = 1_000
WAL = "vault.db-wal"
PAGE = "Locked together with your session"


def regions(pid: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of everything a process could have written to."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *_rest = line.split()
        if rights.startswith("rw") and "[v" not in line:
            begin, end = (int(one, 16) for one in span.split("-"))
            yield begin, end


def memory(pid: int) -> Iterator[bytes]:
    """What is in them, with an overlap so that nothing is cut."""
    with open(f"/proc/{pid}/mem", "rb", 0) as handle:
        for begin, end in regions(pid):
            for start in range(begin, end, 1 << 24):
                try:
                    handle.seek(start)
                    yield handle.read(min(end, start + (1 << 24) + 512) - start)
                except (OSError, ValueError, OverflowError):
                    continue  # a page that is not there any more


def found(pid: int, needles: dict[str, list[bytes]]) -> dict[str, int]:
    """How often each is in the memory of a process, in any of its forms."""
    count = dict.fromkeys(needles, 0)
    for piece in memory(pid):
        for name, forms in needles.items():
            count[name] += sum(piece.count(one) for one in forms)
    return count


def forms(words: str) -> list[bytes]:
    return [words.encode(), words.encode("utf-16-le"), words.encode("utf-32-le"), words.upper().encode()]


def readable() -> bool:
    """Whether this account may look into a process that does not let itself be read."""
    code = "from valise.system.harden import harden; harden(); print(1, flush=True); import sys; sys.stdin.read()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as one:
        assert one.stdout is not None and one.stdin is not None
        one.stdout.readline()
        try:
            return any(memory(one.pid))
        except PermissionError:
            return False
        finally:
            one.stdin.close()


def windows_of(keeper: int) -> list[int]:
    """The processes a keeper has started."""
    made = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1] == str(keeper):
                made.append(int(name))
        except OSError:
            continue
    return made


def until(holds: Callable[[], Any], keeping: subprocess.Popen[bytes]) -> Any:
    """Turn the loop of this process, on which the login manager lives, until something holds."""
    end = time.monotonic() + 60
    while not (value := holds()):
        assert time.monotonic() < end and keeping.poll() is None, keeping.poll()
        QTest.qWait(20)
    return value


PASSPHRASE = f"{STEM} {secrets.token_hex(12)}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a text and an officer: words and words. Closed."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    desk = bootstrap.gate(folder).create(
        code="XA", name=f"{STEM}delegation", officer=f"{STEM}officer", role=f"{STEM}role",
        passphrase=bytearray(PASSPHRASE.encode()),
    )  # fmt: skip
    words = [f"{STEM}{n:04d}" for n in range(COUNT)]
    room = desk.rooms.internal()
    desk.texts.open(
        room, f"{STEM}title", paragraphs=[
            {"section": "OP", "label": f"OP {n}", "words": " ".join(words[n::100]) + ";", "status": "open"}
            for n in range(100)
        ],
    )  # fmt: skip
    desk.close()
    return folder


@pytest.fixture
def vault(made: Path, tmp_path: Path) -> Path:
    """The same, for one test."""
    return Path(shutil.copytree(made, tmp_path / "vault"))


@pytest.fixture
def desktop(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[tuple[str, FakeDesktop]]:
    with buses.running(tmp_path_factory.mktemp("b")) as address:
        made = FakeDesktop(address)
        yield address, made
        made.close()


@contextmanager
def running(vault: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real command, on the test's buses; it unlocks. It is the keeper; ended at the end if it has not ended."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environ |= {f"DBUS_{one}_BUS_ADDRESS": address for one in ("SYSTEM", "SESSION")}
    keeping = subprocess.Popen(
        [sys.executable, "-m", "valise", "--vault", str(vault), "--passphrase-stdin"], cwd=ROOT, env=environ,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert keeping.stdin is not None
    keeping.stdin.write(PASSPHRASE.encode() + b"\n")
    keeping.stdin.close()
    try:
        yield keeping
    finally:
        if keeping.poll() is None:
            keeping.terminate()
            keeping.wait(30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_c6_when_the_program_is_told_to_end_or_its_keeper_is_killed_the_vault_is_closed(
    vault: Path, desktop: tuple[str, FakeDesktop], number: signal.Signals
) -> None:
    address, login = desktop
    with running(vault, address) as keeping:
        until(lambda: login.desk.requests, keeping)
        (window,) = windows_of(keeping.pid)
        assert (vault / WAL).exists()
        keeping.send_signal(number)
        assert keeping.wait(30) == (-number if number == signal.SIGKILL else 128 + number)
        end = time.monotonic() + 30
        while Path(f"/proc/{window}").exists() and time.monotonic() < end:
            QTest.qWait(20)
        assert not (vault / WAL).exists()  # the database removes it when it is closed, and only then
        assert not login.desk.held()


def test_c17_after_locking_no_key_and_no_word_is_left_in_any_process(
    vault: Path, desktop: tuple[str, FakeDesktop], tmp_path: Path
) -> None:
    """C6 and C17, and the promise that a locked vault is closed: the old process has ended, a new one shows the unlock
    page, and neither it nor the keeper holds the passphrase, the database key or a word."""
    if not readable():
        pytest.skip("this account may not read the memory of a protected process")
    address, login = desktop
    key = slots.open_slots(header.load(vault).header, bytearray(PASSPHRASE.encode()))
    needles = {
        "key": [bytes.fromhex(key[:64]), *forms(key[:64])],
        "passphrase": forms(PASSPHRASE),
        "words": forms(STEM),
    }
    with running(vault, address) as keeping:
        until(lambda: login.desk.requests, keeping)  # the window is open: it has asked for a delay of sleep
        (old,) = windows_of(keeping.pid)
        opened = found(old, needles)
        assert opened["key"] > 0 and opened["words"] > 20, "the scan finds what is there"
        login.send(f"{MANAGER}/session/_31", f"{LOGIN}.Session", "Lock")
        until(lambda: [one for one in windows_of(keeping.pid) if one != old], keeping)
        (new,) = windows_of(keeping.pid)
        assert not Path(f"/proc/{old}").exists()
        assert not login.desk.held()
        # The page says why it is there; in these letters only where it is shown.
        page = {"page": [PAGE.encode("utf-16-le")]}
        until(lambda: found(new, page)["page"], keeping)
        assert found(keeping.pid, page)["page"] == 0
        for process in (new, keeping.pid):
            assert found(process, needles) == dict.fromkeys(needles, 0)
        assert len(login.desk.requests) == 1, "nothing was unlocked"
        with pytest.raises(OSError):  # nobody of the account could have done what we did: it is not dumpable
            _as_somebody_else(new)
        keeping.send_signal(signal.SIGTERM)
        assert keeping.wait(30) == 128 + signal.SIGTERM
        assert not Path(f"/proc/{new}").exists()
    assert not [one for one in tmp_path.rglob("core*") if one.is_file()]


def _as_somebody_else(pid: int) -> None:
    """Read a process's memory without the administrator's rights. Raises what the system says."""
    code = (
        "import ctypes, os, sys\n"
        "ctypes.CDLL(None).prctl(24, 19, 0, 0, 0)\n"  # PR_CAPBSET_DROP, CAP_SYS_PTRACE
        "os.execv(sys.executable, [sys.executable, '-c',\n"
        "    'import sys; open(f\"/proc/{sys.argv[1]}/mem\", \"rb\").read(0)', sys.argv[1]])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(pid)], capture_output=True, text=True, check=False)
    if "PermissionError" in done.stderr:
        raise PermissionError(done.returncode)
    assert done.returncode == 0, done.stderr
