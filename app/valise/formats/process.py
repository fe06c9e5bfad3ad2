"""A short-lived process for one document: started, asked once, stopped. What it may do it sets itself; what it answers is
believed by nobody here."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast


def command(flag: str, module: str) -> list[str]:
    """How such a process is started: by its module, or by a packaged program with `flag`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, flag]
    return [sys.executable, "-I", "-B", "-m", module]


def environment(kept: Sequence[str]) -> dict[str, str]:
    """What it may see of our environment: `kept`, and what the loader of a packaged program cannot start without."""
    found = {name: value for name in kept if (value := os.environ.get(name))}
    if getattr(sys, "frozen", False):
        found |= {
            name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH" or name.startswith("_PYI_")
        }
    return found | {"LC_ALL": "C.UTF-8"}


def start(started: Sequence[str], surroundings: dict[str, str]) -> subprocess.Popen[bytes]:
    """The process, knowing nothing yet. OSError if it cannot be started."""
    return subprocess.Popen(
        started,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        cwd=os.path.abspath(os.sep),
        env=surroundings,
        start_new_session=True,
    )


@contextmanager
def asked(
    child: subprocess.Popen[bytes], feed: Callable[[BinaryIO], object], wall: float
) -> Iterator[BinaryIO]:
    """Its answer, to be read inside. It is killed at the end, and after `wall` seconds at the latest."""
    given, answers = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)

    def give() -> None:
        with contextlib.suppress(OSError):  # if it ends first, its answer or the lack of one says why
            feed(given)
            given.close()

    feeder = threading.Thread(target=give, name="document to process", daemon=True)
    clock = threading.Timer(wall, child.kill)
    clock.daemon = True
    feeder.start()
    clock.start()
    try:
        yield answers
    finally:
        child.kill()
        child.wait()
        clock.cancel()
        feeder.join()
        clock.join()
        answers.close()
        with contextlib.suppress(OSError):
            given.close()
