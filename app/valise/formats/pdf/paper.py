"""The process that lays out pages: `python -m valise.ui.paper`, known here by its name only.

It is started for one file, as the one that reads files is (`formats.confined`), asked once and stopped.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

from valise.domain.errors import Unavailable
from valise.formats.abc import refused

CHILD_FLAG: Final = "--lay-out-one-text"  # a packaged program starts itself with it; its entry point calls ui.paper.main()
MODULE: Final = "valise.ui.paper"
MAX_PAGES: Final = 20_000
MAX_FILE: Final = 512 * 2**20
# What Qt and the system's list of fonts need to be found, on Linux, Windows and macOS; nothing that names a session.
_KEPT: Final = ("HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "SYSTEMROOT", "WINDIR",
                "LOCALAPPDATA", "USERPROFILE")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes of address space, `cpu` and `wall` in whole seconds."""

    memory: int = 3 * 2**30
    cpu: int = 60
    wall: int = 90


def command() -> list[str]:
    """How the process is started; the only place that knows."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-I", "-B", "-m", MODULE]


def environment() -> dict[str, str]:
    """What it may see of our environment."""
    kept = {name: value for name in _KEPT if (value := os.environ.get(name))}
    if getattr(sys, "frozen", False):
        kept |= {
            name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH" or name.startswith("_PYI_")
        }
    # Without a fixed seed Qt lists the fonts of a page in another order each time.
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC", "QT_QPA_PLATFORM": "offscreen", "QT_HASH_SEED": "0"}


def lay_out(request: dict[str, Any], limits: Limits | None = None) -> tuple[bytes, dict[str, str]]:
    """(the PDF as Qt writes it, how it names glyphs otherwise than meant).

    Refused("format.fonts" | "format.paper_too_hard" | "format.paper"). Unavailable("format.no_paper") if the process cannot
    be started.
    """
    limits = limits or Limits()
    asked = request | {"memory": limits.memory, "cpu": limits.cpu, "wall": limits.wall + 1}
    try:
        child = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            cwd=os.path.abspath(os.sep),
            env=environment(),
            start_new_session=True,
        )
    except OSError:
        raise Unavailable("format.no_paper", "the process that lays out pages cannot be started") from None
    given, answers = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)

    def feed() -> None:
        with contextlib.suppress(OSError):  # if it ends first, its answer or the lack of one says why
            raw = json.dumps(asked, separators=(",", ":")).encode("ascii")
            given.write(len(raw).to_bytes(4, "big") + raw)
            given.close()

    feeder = threading.Thread(target=feed, name="text to paper", daemon=True)
    clock = threading.Timer(limits.wall, child.kill)
    clock.daemon = True
    feeder.start()
    clock.start()
    try:
        return _believed(answers)
    finally:
        child.kill()
        child.wait()
        clock.cancel()
        feeder.join()
        clock.join()
        answers.close()
        with contextlib.suppress(OSError):
            given.close()


def _believed(answers: BinaryIO) -> tuple[bytes, dict[str, str]]:
    head = answers.read(4)
    size = int.from_bytes(head, "big")
    raw = answers.read(size) if len(head) == 4 and size <= 2**22 else b""
    if not raw or len(raw) != size:
        raise refused("format.paper_too_hard")
    try:
        answer = json.loads(raw)
        if answer == {"refused": "format.fonts"}:
            raise refused("format.fonts")
        length, aliases = answer["size"], answer["aliases"]
        sound = type(length) is int and 0 < length <= MAX_FILE and all(
            type(one) is str and type(other) is str and len(one) == len(other) == 1 for one, other in aliases.items()
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        sound, length, aliases = False, 0, {}
    if not sound:
        raise refused("format.paper")
    made = answers.read(length)
    if len(made) != length:
        raise refused("format.paper_too_hard")
    return made, aliases
