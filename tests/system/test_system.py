"""What differs by operating system. The Linux parts run for real, in child processes where they are for good."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from valise.domain.errors import Unavailable
from valise.system import abc, paths, process
from valise.system.clock import SystemClock
from valise.system.darwin import Darwin
from valise.system.linux import Linux
from valise.system.windows import Windows

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Linux implementation")


def child(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@linux
def test_hardened_for_real() -> None:
    told = json.loads(
        child(
            "import json, os, resource, ctypes\n"
            "from valise.system.harden import harden\n"
            "made = harden()\n"
            "dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
            "mask = os.umask(0)\n"
            "print(json.dumps([made.done, made.not_done, resource.getrlimit(resource.RLIMIT_CORE), dumpable, mask]))"
        )
    )
    assert told == [list(abc.MEASURES), [], [0, 0], 0, 0o077]


@linux
def test_what_fails_is_said_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    from valise.system import linux as module
    from valise.system import posix

    before = os.umask(0o022)
    try:
        monkeypatch.setattr(posix, "no_core_dumps", lambda: False)
        monkeypatch.setattr(module, "not_dumpable", lambda: False)
        made = Linux().harden()
    finally:
        os.umask(before)
    assert made.done == ("files for the owner only",)
    assert made.not_done == ("no core dumps", "not readable by other processes")


def test_other_systems_are_honest() -> None:
    assert Windows().harden() == abc.Hardening((), abc.MEASURES)
    before = os.umask(0o022)
    try:
        assert "not readable by other processes" in Darwin().harden().not_done
    finally:
        os.umask(before)


DEFAULT = "/h/.local/share/valise /h/.config/valise /h/.local/state/valise /h/.cache/valise /h/.local/state/valise/run"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, DEFAULT),
        (
            {"XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k",
             "XDG_RUNTIME_DIR": "/r"},
            "/d/valise /c/valise /s/valise /k/valise /r/valise",
        ),
        (
            {"XDG_DATA_HOME": "relative", "XDG_RUNTIME_DIR": "r", "XDG_CACHE_HOME": ""},
            DEFAULT,
        ),
    ],
)
def test_freedesktop_folders(environ: dict[str, str], expected: str) -> None:
    made = Linux().folders(environ, Path("/h"))
    assert [str(PurePosixPath(one)) for one in (made.data, made.config, made.state, made.cache, made.runtime)] == (
        expected.split()
    )


def test_windows_never_roams() -> None:
    environ = {"APPDATA": "/roaming", "LOCALAPPDATA": "/local"}
    made = Windows().folders(environ, Path("/h"))
    assert all(str(one).startswith("/local") for one in (made.data, made.config, made.state, made.cache, made.runtime))
    assert str(Windows().folders({}, Path("/h")).data).startswith("/h")


def test_folders_of_this_account_are_in_the_home_of_the_test(home: Path) -> None:
    assert home in paths.folders().data.parents


def test_our_own_folder_is_for_the_owner_only(tmp_path: Path) -> None:
    made = paths.own(tmp_path / "a" / "b")
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o755)
    assert paths.own(made).stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(made)
    (tmp_path / "file").write_text("")
    for wrong in (tmp_path / "link", tmp_path / "file", tmp_path / "file" / "under"):
        with pytest.raises(Unavailable) as caught:
            paths.own(wrong)
        assert caught.value.code == "system.folder"
        assert str(tmp_path) not in str(caught.value)


AFTER = "import json, os, signal; print(json.dumps([os.getpid(), sorted(int(n) for n in os.listdir('/proc/self/fd')), \
[int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, ())], os.environ.get('KEPT')]))"


@linux
def test_locking_replaces_the_process_and_keeps_nothing_open(tmp_path: Path) -> None:
    told = child(
        "import os, signal, socket, sys, threading\n"
        "from valise.system.process import reexec\n"
        "secret = open(sys.argv[2], 'w'); os.set_inheritable(secret.fileno(), True)\n"
        "line = socket.socketpair(); [os.set_inheritable(one.fileno(), True) for one in line]\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "print(os.getpid(), flush=False)\n"
        "reexec([sys.executable, '-c', sys.argv[1]])\n",
        AFTER,
        str(tmp_path / "open"),
    )
    before, after = told.splitlines()
    pid, handles, blocked, _ = json.loads(after)
    assert pid == int(before)
    assert [one for one in handles if one > 2] in ([], [3])  # 3 is the listing itself
    assert blocked == []


@linux
def test_a_restart_that_cannot_be_made_leaves_a_working_process(tmp_path: Path) -> None:
    told = child(
        "import sys\n"
        "from valise.domain.errors import Unavailable\n"
        "from valise.system.process import reexec\n"
        "kept = open(sys.argv[1] + '/file', 'w')\n"
        "for argv in ([sys.argv[1] + '/missing'], [], [sys.argv[1]]):\n"
        "    try:\n"
        "        reexec(argv)\n"
        "    except Unavailable as error:\n"
        "        print(error.code, sys.argv[1] in str(error))\n"
        "kept.write('x'); kept.close()\n",
        str(tmp_path),
    )
    assert told.split() == ["system.restart", "False"] * 3
    assert (tmp_path / "file").read_text() == "x"


def test_own_command() -> None:
    assert process.own_command("--locked")[1:] == ["-m", "valise", "--locked"]


def test_the_clock_is_in_milliseconds() -> None:
    import time

    clock = SystemClock()
    assert abs(clock.now() - time.time() * 1000) < 5000
    assert clock.steady() <= clock.steady()
