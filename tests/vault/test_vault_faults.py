"""What a vault survives: a second opener, a killed process, a full or failing disk, a fault at any step."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from valise.domain.errors import Unavailable, ValiseError
from valise.vault import checks
from valise.vault.store import Store

Opened = Callable[..., Store]


class Crash(BaseException):
    """What a simulated crash raises: nothing may swallow it."""


def put(store: Store, key: str, value: str = "v") -> None:
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES (?, ?)", (key, value))


def held(store: Store) -> list[str]:
    with store.read() as reader:
        return [row[0] for row in reader.rows("SELECT key FROM setting ORDER BY key")]


# -- one holder


def test_a_second_opener_is_told_that_the_vault_is_busy(opened: Opened, folder: Path, key: str) -> None:
    opened()
    for act in (Store.open, Store.create):
        with pytest.raises(Unavailable) as caught:
            act(folder, key)
        assert caught.value.code == "vault.busy"
    other = subprocess.run(
        [sys.executable, "-c", CHILD, "open", str(folder), key], check=False, capture_output=True, text=True
    )
    assert other.stdout.strip() == "vault.busy", other.stderr


CHILD = """
import os, signal, sys
from pathlib import Path
from valise.domain.errors import ValiseError
from valise.vault.store import Store

act, folder, key = sys.argv[1:4]

def kill_at(point, nth):
    left = [nth]
    def fault(name):
        if name == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    return fault

try:
    if act == "limit":
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    fault = kill_at(sys.argv[4], int(sys.argv[5])) if act == "kill" else None
    store = Store.open(Path(folder), key, fault=fault)
    n = 0
    while act != "open":
        with store.write() as tx:
            tx.run("INSERT INTO setting(key, value) VALUES (?, ?)", (f"{n:04}", "x" * 3000))
            tx.run("INSERT INTO event(at, code) VALUES (?, 'twin')", (n,))
        print(n, flush=True)
        n += 1
    store.close()
    print("opened")
except ValiseError as error:
    print(error.code, flush=True)
"""


def test_the_lock_goes_with_the_process(opened: Opened, folder: Path, key: str) -> None:
    opened().close()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, "write", str(folder), key], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(30)][-1]
    with pytest.raises(Unavailable):
        Store.open(folder, key)
    child.send_signal(signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, child.stdout.read().split())])
    child.wait()
    child.stdout.close()
    whole_and_sound(opened(), acknowledged)


def whole_and_sound(store: Store, acknowledged: int) -> None:
    """Everything acknowledged is there, once, with its twin; at most one more came through; the pages verify."""
    keys = held(store)
    assert keys == [f"{n:04}" for n in range(len(keys))]
    assert len(keys) - 1 in (acknowledged, acknowledged + 1)
    with store.read() as reader:
        assert [row[0] for row in reader.rows("SELECT at FROM event ORDER BY id")] == list(range(len(keys)))
    if keys:
        assert store.notices == ["vault.unclean"]
    assert checks.integrity(store, 1).sound


@pytest.mark.parametrize("point", ["begin", "statement", "commit.before", "commit.after"])
@pytest.mark.parametrize("nth", [1, 2, 41])
def test_killed_in_the_middle_nothing_acknowledged_is_lost(
    opened: Opened, folder: Path, key: str, point: str, nth: int
) -> None:
    opened().close()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, "kill", str(folder), key, point, str(nth)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    whole_and_sound(opened(), max(map(int, child.stdout.split()), default=-1))


# -- the disk


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_half_written(opened: Opened, folder: Path, key: str) -> None:
    opened().close()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, "limit", str(folder), key], check=False, capture_output=True, text=True
    )
    *acknowledged, code = child.stdout.split()
    assert code in ("vault.io", "vault.disk_full"), child.stderr
    whole_and_sound(opened(), max(map(int, acknowledged)))


def test_a_full_disk_is_its_own_error_and_the_store_goes_on(store: Store) -> None:
    put(store, "a")
    with store.write() as tx:
        pages = tx.value("PRAGMA page_count")
        tx.rows(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Unavailable) as caught:
        put(store, "b", "x" * 100_000)
    assert caught.value.code == "vault.disk_full"
    with store.write() as tx:
        tx.rows("PRAGMA max_page_count = 1000000")
    put(store, "c")
    assert held(store) == ["a", "c"]


@pytest.mark.parametrize("point", ["begin", "statement", "commit.before", "commit.after"])
@pytest.mark.parametrize(
    ("planted", "code"),
    [(OSError(errno.ENOSPC, ""), "vault.disk_full"), (OSError(errno.EIO, ""), "vault.io"), (Crash(), "")],
)
def test_a_fault_at_any_point_leaves_before_or_after(
    opened: Opened, point: str, planted: BaseException, code: str
) -> None:
    store = opened()
    put(store, "a")
    generation = store.generation()
    store.close()
    strikes = 0

    def fault(name: str) -> None:
        nonlocal strikes
        if name == point and armed:
            strikes += 1
            raise planted

    armed = True
    store = opened(fault=fault)
    with pytest.raises(BaseException) as caught:
        put(store, "b")
    assert strikes == 1
    assert isinstance(caught.value, ValiseError) is bool(code)
    if isinstance(caught.value, ValiseError):
        assert caught.value.code == code
    armed = False
    after = ["a", "b"] if point == "commit.after" else ["a"]
    assert held(store) == after
    store.abandon()
    store = opened()
    assert held(store) == after
    assert store.generation() == generation + len(after) - 1
    put(store, "c")
    store.close()
    assert held(opened()) == [*after, "c"]


def test_an_abandoned_store_is_left_as_a_crash_leaves_it(opened: Opened) -> None:
    store = opened()
    with pytest.raises(Crash), store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '')")
        store.abandon()
        raise Crash
    assert held(opened()) == []
