"""What differs by operating system. The Linux parts run for real, in child processes where they are for good."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from valise.domain.errors import Unavailable
from valise.system import abc, children, keeper, paths, process, started
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


# the keeper: each case in a process of its own, since it forks and waits

LEAK = """
import json, os, signal, socket, sys, threading
from valise.system import keeper
from valise.system.abc import here
here().harden()
leaked = open(sys.argv[1], 'w'); os.set_inheritable(leaked.fileno(), True)
line = socket.socketpair()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGUSR1})
os.environ['XDG_ACTIVATION_TOKEN'] = 'of the first window only'
keeping = os.getpid()

def window(reason):
    import ctypes
    handles = [int(name) for name in os.listdir('/proc/self/fd') if int(name) > 2]
    blocked = [int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, ())]
    held = [os.environ.pop('OURS', None), os.environ.get('XDG_ACTIVATION_TOKEN'), os.environ.get('KEPT')]
    os.environ['OURS'] = 'set in a window'
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
    said = [os.getpid(), os.getppid() == keeping, reason, len(handles), blocked, held, dumpable]
    print(json.dumps(said))
    return keeper.exit_code({'': 'idle', 'idle': 'session'}.get(reason, 'quit')) or 7

print(json.dumps(keeper.keep(window, None)))
"""


@linux
def test_a_lock_ends_the_process_and_a_fresh_one_inherits_nothing_but_the_streams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPT", "by all")
    *windows, code = [json.loads(one) for one in child(LEAK, str(tmp_path / "open")).splitlines()]
    assert code == 7
    assert [one[2] for one in windows] == ["", "idle", "session"]
    assert len({one[0] for one in windows}) == 3
    for number, (_, of_the_keeper, _, handles, blocked, environ, dumpable) in enumerate(windows):
        assert of_the_keeper
        assert handles == 1  # the listing itself
        assert blocked == []
        assert environ == [None, None if number else "of the first window only", "by all"]
        assert dumpable == 0  # a copy keeps it


ENDED = """
import os, signal, sys
from valise.system import keeper

def window(reason):
    print(reason or 'first', flush=True)
    {0}

print(keeper.keep(window, None))
"""


@linux
@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("return 0", 0),
        ("return 3", 3),
        ("sys.exit(4)", 4),
        ("raise ValueError('a word of a text')", 1),
        ("os.kill(os.getpid(), signal.SIGKILL)", 128 + 9),
        ("os.kill(os.getpid(), signal.SIGSEGV)", 128 + 11),
        ("return 85", 85),
    ],
)
def test_a_window_that_ended_otherwise_is_not_started_again(does: str, code: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", ENDED.format(does)], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.split() == ["first", str(code)]


ASKED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background has it ignored
from valise.system import keeper

def window(reason):
    signal.signal({0}, lambda *_: os._exit(keeper.exit_code('idle')))  # it locks at that very moment
    print(os.getpid(), flush=True)
    while True:
        signal.pause()

print(keeper.keep(window, None), signal.getsignal({0}) in (signal.SIG_DFL, signal.default_int_handler))
"""


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_keeper_reaches_the_window_and_no_other_follows(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKED.format(int(number))], stdout=subprocess.PIPE, text=True
    ) as keeping:
        assert keeping.stdout is not None
        window = int(keeping.stdout.readline())
        os.kill(keeping.pid, number)
        assert keeping.stdout.read().split() == [str(128 + number), "True"]
    assert not Path(f"/proc/{window}").exists()


ALONE = """
import os, signal, sys
from valise.system import keeper

def window(reason):
    def asked(*_):
        os.write(1, b'vault closed')
        os._exit(0)
    signal.signal(signal.SIGTERM, asked)
    print(os.getpid(), flush=True)
    while True:
        signal.pause()

keeper.keep(window, None)
"""


@linux
def test_a_window_whose_keeper_is_killed_closes_its_vault() -> None:
    with subprocess.Popen([sys.executable, "-c", ALONE], stdout=subprocess.PIPE, text=True) as keeping:
        assert keeping.stdout is not None
        keeping.stdout.readline()
        keeping.kill()
        assert keeping.stdout.read() == "vault closed"  # read to its end: the window is gone too


STARTED = """
import os, sys
from valise.system import keeper, started

def command(reason):
    then = {{'': 82, 'idle': 0}}[reason]
    return [sys.executable, '-c', f'import os, sys; print(os.getpid(), flush=True); sys.exit({{then}})', reason]

class Elsewhere:
    def in_process(self, window, command, reason):
        return started.run(command(reason))

keeper.here = Elsewhere
print(keeper.keep(None, command))
try:
    keeper.keep(None, lambda reason: ['{0}'])
except Exception as error:
    print(error.code, '{0}' in str(error))
"""


def test_where_a_process_is_started_from_its_file_it_is_the_same(tmp_path: Path) -> None:
    """The way of Windows and macOS, run here."""
    first, second, code, failed, told = child(STARTED.format(tmp_path / "missing")).split()
    assert first != second
    assert (code, failed, told) == ("0", "system.restart", "False")


def test_windows_and_macos_start_it_from_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[list[str]] = []
    monkeypatch.setattr(started, "run", lambda argv: run.append(list(argv)) or 82)
    for system in (Windows(), Darwin()):
        assert system.in_process(lambda _reason: 0, lambda reason: ["valise", reason], "idle") == 82
    assert run == [["valise", "idle"]] * 2


def test_a_reason_is_a_number_and_no_other_exit_code_is() -> None:
    assert {keeper.reason_of(keeper.exit_code(one)) for one in keeper.LOCKED} == set(keeper.LOCKED)
    assert [keeper.exit_code(one) for one in ("quit", "closed", "")] == [0, 0, 0]
    assert [one for one in range(256) if keeper.reason_of(one)] == [81, 82, 83, 84]


@linux
def test_an_uncaught_exception_says_no_word(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c",
         "import sys, threading\n"
         "from pathlib import Path\n"
         "from valise.system import guard\n"
         "guard.install(Path(sys.argv[1]))\n"
         "assert 'logging' not in sys.modules\n"
         "def fails(): raise ValueError('zanzibarword')\n"
         "one = threading.Thread(target=fails); one.start(); one.join()\n"
         "class Late:\n"
         "    def __del__(self): raise KeyError('zanzibarword')\n"
         "Late()\n"
         "fails()\n", str(tmp_path / "state")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    log = (tmp_path / "state" / "valise.log").read_text()
    assert "zanzibarword" not in told.stdout + told.stderr + log
    assert told.stderr == ""
    assert [line.split()[-1] for line in log.splitlines()] == [
        "failed=ValueError", "failed=KeyError", "failed=ValueError"
    ]  # fmt: skip


# processes that work on documents


def test_they_are_known_by_how_they_are_started() -> None:
    from valise.formats import confined
    from valise.formats.pdf import paper

    for maker in (confined, paper):
        assert {one.encode() for one in maker.command()} & children.DOCUMENTS
        assert maker.CHILD_FLAG.encode() in children.DOCUMENTS


@linux
def test_only_ours_are_ended() -> None:
    """Neither another child nor a grandchild, which somebody else waits for."""
    silent = "import sys; sys.stdin.read()"
    between = (
        "import subprocess, sys; one = subprocess.Popen([sys.executable, '-c', sys.argv[1], 'valise.ui.paper']); "
        "print(one.pid, flush=True); one.wait(); print(one.returncode, flush=True)"
    )
    everyone = [
        subprocess.Popen([sys.executable, "-c", *rest], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for rest in ([silent, "valise.ui.paper"], [silent, "about valise.ui.paper"], [between, silent])
    ]
    grandchild = int(everyone[2].stdout.readline())
    wait_for(lambda: b"valise.ui.paper" in Path(f"/proc/{everyone[0].pid}/cmdline").read_bytes())
    wait_for(lambda: b"valise.ui.paper" in Path(f"/proc/{grandchild}/cmdline").read_bytes())
    assert children.end_documents() == 1
    assert everyone[0].wait(10) == -signal.SIGKILL
    for one in everyone:
        one.communicate(timeout=30)
    assert [one.returncode for one in everyone[1:]] == [0, 0]


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        os.sched_yield()


def test_own_command() -> None:
    assert process.own_command("--locked")[1:] == ["-m", "valise", "--locked"]


def test_the_clock_is_in_milliseconds() -> None:
    clock = SystemClock()
    assert abs(clock.now() - time.time() * 1000) < 5000
    assert clock.steady() <= clock.steady()
