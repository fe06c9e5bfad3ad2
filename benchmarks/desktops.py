"""Start, memory and installed size beside other programs of a desktop, as their Debian packages have them.

Each start is a process of its own on a screen of its own (Xvfb), in a session of its own, the programs in turn. What a person
sees is what is measured: Xvfb keeps the screen in a file, and the first picture is there when a hundredth of it has changed.
Memory is what the processes of the session hold, shared pages divided among their users (PSS). The installed size is the package
and whatever it pulls in beyond an essential system. A program that is not installed is left out and said.
"""

from __future__ import annotations

import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held, median, percentile, surroundings

GOAL = 1.5
NOBODY: Final = 65534
PROGRAMS: Final = ("keepassxc", "nheko", "gajim", "thunderbird")
BARE = (
    "from PySide6.QtWidgets import QApplication, QWidget\n"
    "a = QApplication(['bare']); w = QWidget(); w.resize(900, 640); w.show(); a.exec()"
)
_STEP: Final = 64  # of the screen's bytes one in so many is looked at
_FIRST: Final = 0.01  # share of these that have changed when there is a picture
_STIR: Final = 0.002  # and between two looks while it is still being made: more than a cursor that blinks
_QUIET: Final = 1.5  # seconds without that: it stands
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start of the process to the first picture and to the last change of it; MB (10^6 bytes)."""

    first: float
    stands: float
    memory: float


def run(options: Options) -> Ratios:
    """"bare": the unlock page over a bare window, medians of the first picture; each program's name: ours over its own."""
    table = Table(
        "From process start to the first picture on the screen",
        ("program", "runs", "first picture ms", "p95 ms", "stands ms", "memory MB", "installed MB", "ours to it", "goal"),
    )
    ratios: Ratios = {}
    if sys.platform != "linux" or not shutil.which("Xvfb") or not shutil.which("dbus-run-session"):
        table.note("No Xvfb or no dbus-run-session here: nothing was measured.")
        print(table.markdown())
        return ratios
    with tempfile.TemporaryDirectory(dir=options.cache) as base, tempfile.TemporaryDirectory() as homes:
        vault = Path(base) / "vault"
        Path(homes).chmod(0o711)
        worlds.found(vault).close()
        commands = _commands(options, vault)
        found: dict[str, list[Start]] = {name: [] for name in commands}
        for turn in range(options.size(11, 1) + 1):
            for name, command in commands.items():
                home = Path(homes) / name
                home.mkdir(parents=True, exist_ok=True)
                made = start(command, home, options)
                if turn and made is not None:  # the first of each only warms the disk's cache and makes its folders
                    found[name].append(made)
        ours = "Valise, installed" if "Valise, installed" in found else "Valise"
        for name, runs in found.items():
            if not runs:
                table.note(f"{name}: no picture within {_PATIENCE:.0f} s.")
                continue
            firsts = [one.first for one in runs]
            ratio = median([one.first for one in found[ours]]) / median(firsts)
            goal = "" if name.startswith("Valise") else held(ratio, GOAL if name == "bare window" else 1.0)
            ratios["bare" if name == "bare window" else name] = ratio
            table.add(
                name, len(runs), median(firsts) * 1e3, percentile(firsts, 0.95) * 1e3, median([one.stands for one in runs]) * 1e3,
                median([one.memory for one in runs]), _installed(name, options), ratio,
                "" if name == "keepassxc" else goal,
            )  # fmt: skip
    for name in PROGRAMS:
        if name not in commands:
            table.note(f"{name} is not installed here, left out.")
    print(table.markdown())
    return ratios


def _commands(options: Options, vault: Path) -> dict[str, list[str]]:
    made = {
        "bare window": [sys.executable, "-c", BARE],
        "Valise": [sys.executable, "-m", "valise", "--vault", str(vault)],
    }
    if options.installed:
        made["Valise, installed"] = [str(options.installed), "--vault", str(vault)]
    if not options.quick:
        made |= {name: [name] for name in PROGRAMS if shutil.which(name)}
    return made


def start(command: list[str], home: Path, options: Options) -> Start | None:
    """One start, watched until it stands. None when no picture came."""
    memory = Path("/dev/shm")  # noqa: S108  where every desktop has its runtime folder: in memory
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as runtime:
        return _start(command, home, Path(runtime), options)


def _start(command: list[str], home: Path, runtime: Path, options: Options) -> Start | None:
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
    home.chmod(0o700)
    dropped: list[str] = []
    if command[0] in PROGRAMS and os.geteuid() == 0:  # one of them refuses to be root's
        os.chown(home, NOBODY, NOBODY)
        os.chown(runtime, NOBODY, NOBODY)
        dropped = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder, _screen(Path(folder)) as (display, shown):
        environ = surroundings({**options.environ(), **places, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
        before = shown[::_STEP]
        begun = time.monotonic()
        running = subprocess.Popen(
            [*dropped, "dbus-run-session", "--", *command], env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, cwd=home,
        )  # fmt: skip
        try:
            return _watched(shown, before, begun, running)
        finally:
            _end(running)


def _watched(shown: mmap.mmap, before: bytes, begun: float, running: subprocess.Popen[bytes]) -> Start | None:
    first = stands = 0.0
    last, now = before, begun
    while now - begun < _PATIENCE:
        time.sleep(0.002)
        seen, now = shown[::_STEP], time.monotonic()
        if not first and _differing(before, seen) >= _FIRST:
            first = stands = now
        if first and _differing(last, seen) >= _STIR:
            stands = now
        last = seen
        if first and now - stands > _QUIET:
            return Start(first - begun, stands - begun, _memory(running.pid))
        if not first and running.poll() is not None:
            return None
    return Start(first - begun, stands - begun, _memory(running.pid)) if first else None


def _differing(one: bytes, other: bytes) -> float:
    if one == other:
        return 0.0
    return sum(a != b for a, b in zip(one, other, strict=True)) / len(one)


@contextmanager
def _screen(folder: Path) -> Iterator[tuple[str, mmap.mmap]]:
    """A screen and the file it is in (an XWD picture; its header is of no interest, being always the same)."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1360x900x24", "-nolisten", "tcp", "-fbdir", str(folder)],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb does not start")
        with (folder / "Xvfb_screen0").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as shown:
            assert struct.unpack(">I", shown[4:8])[0] == 7, "not an XWD picture"
            yield f":{number}", shown
    finally:
        server.terminate()
        server.wait()


def _family(pid: int) -> list[int]:
    """The process and all that descend from it, also those that went into sessions of their own."""
    parents: dict[int, int] = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                parents[int(one.name)] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _memory(pid: int) -> float:
    """MB of all but the session's own bus."""
    total = 0
    for one in _family(pid):
        try:
            if Path(f"/proc/{one}/comm").read_text().startswith("dbus-"):
                continue
            rolled = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
    return total * 1024 / 1e6


def _end(running: subprocess.Popen[bytes]) -> None:
    family = _family(running.pid)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for one in reversed(family):
            try:
                os.kill(one, sign)
            except ProcessLookupError:
                continue
        time.sleep(0.2)
    running.wait()


def _installed(name: str, options: Options) -> float | str:
    """MB on the disk of a Debian package with all it needs beyond an essential system; "" where there is no telling."""
    if name == "Valise, installed" and options.installed:
        return sum(one.stat().st_size for one in options.installed.resolve().parent.rglob("*") if one.is_file()) / 1e6
    if name not in PROGRAMS or not shutil.which("apt-cache"):
        return ""
    asked = ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks",
             "--no-replaces", "--no-enhances", "--installed", name]  # fmt: skip
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    wanted = sorted({line.strip() for line in told.splitlines() if line and not line.startswith((" ", "<"))})
    query = ["dpkg-query", "-W", "-f", "${Priority}\t${Essential}\t${Installed-Size}\n", *wanted]
    rows = [line.split("\t") for line in subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()]
    return sum(int(size) for rank, essential, size in rows if rank != "required" and essential != "yes" and size) * 1024 / 1e6
