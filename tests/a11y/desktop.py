"""A whole desktop of the test's own: a virtual screen, a session bus, the accessibility bus, and a window manager if asked for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from jeepney import MatchRule, message_bus
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg
from tests import buses
from tests.a11y.atspi import GLANCE, PATIENCE

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
SCREEN = "1366x768x24"
APART = ("QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "WAYLAND_DISPLAY", "QT_ACCESSIBILITY", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "AT_SPI_BUS_ADDRESS")


def lacking(*also: str) -> str:
    """What this machine has not; "" when a desktop can be made."""
    programs = [one for one in ("Xvfb", "dbus-daemon", *also) if shutil.which(one) is None]
    if not any(Path(one).exists() for one in LAUNCHERS):
        programs.append("at-spi2-core")
    return ", ".join(programs)


@contextmanager
def running(*command: str, environment: Mapping[str, str], keep: tuple[int, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a group of its own, which ends with everything it has started."""
    made = subprocess.Popen(
        command, env=environment, pass_fds=keep, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield made
    finally:
        _end(made)


def _end(process: subprocess.Popen[bytes]) -> None:
    for one in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, one)
        except ProcessLookupError:
            break
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


class Desktop:
    """`environment` is what a program gets that is started on it."""

    def __init__(self, folder: Path, session: str, environment: dict[str, str], stack: ExitStack) -> None:
        self.folder, self.session, self.environment, self._stack = folder, session, environment, stack

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        """Valise, as somebody starts it from a menu."""
        with (self.folder / "valise.log").open("ab") as log:
            made = subprocess.Popen(
                [sys.executable, "-m", "valise", *arguments], env={**self.environment, **more},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._stack.callback(_end, made)
        return made

    def said(self) -> str:
        """What the program wrote to its terminal."""
        return (self.folder / "valise.log").read_text("utf-8", "replace")


@contextmanager
def desktop(folder: Path, *, manager: bool = False) -> Iterator[Desktop]:
    """Skips where a part of it is not on this machine."""
    lacks = lacking(*(("openbox", "xdotool") if manager else ()))
    if lacks:
        pytest.skip(f"not on this machine: {lacks}")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        environment = {name: value for name, value in os.environ.items() if name not in APART}
        theirs, ours = os.pipe()
        stack.enter_context(
            running(
                "Xvfb", "-displayfd", str(ours), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset",
                environment=environment, keep=(ours,),
            )
        )
        os.close(ours)
        with os.fdopen(theirs, "rb") as told:
            environment["DISPLAY"] = f":{told.readline().decode().strip()}"
        session = stack.enter_context(buses.running(folder))
        environment["DBUS_SESSION_BUS_ADDRESS"] = session
        environment["LANG"] = environment["LC_ALL"] = "C.UTF-8"
        launcher = next(one for one in LAUNCHERS if Path(one).exists())
        stack.enter_context(running(launcher, environment=environment))
        _wait_for("org.a11y.Bus", session)
        if manager:
            stack.enter_context(running("openbox", "--sm-disable", environment=environment))
        yield Desktop(folder, session, environment, stack)


def _wait_for(name: str, session: str) -> None:
    """Until somebody answers to that name; the bus says when one comes."""
    bus = open_dbus_connection(session)
    try:
        unwrap_msg(bus.send_and_get_reply(message_bus.AddMatch(MatchRule(type="signal", member="NameOwnerChanged"))))
        while not unwrap_msg(bus.send_and_get_reply(message_bus.NameHasOwner(name), timeout=PATIENCE))[0]:
            with suppress(TimeoutError):
                bus.receive(timeout=GLANCE)
    finally:
        bus.close()
