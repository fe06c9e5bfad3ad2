"""The process that lays out pages: `python -m valise.ui.paper`, known here by its name only.

It is started for one file, as the one that reads files is (`formats.confined`), asked once and stopped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from valise.domain.errors import Unavailable
from valise.formats import process
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
    return process.command(CHILD_FLAG, MODULE)


def environment() -> dict[str, str]:
    """What it may see of our environment."""
    # Without a fixed seed Qt lists the fonts of a page in another order each time.
    return process.environment(_KEPT) | {"TZ": "UTC", "QT_QPA_PLATFORM": "offscreen", "QT_HASH_SEED": "0"}


def lay_out(request: dict[str, Any], limits: Limits | None = None) -> tuple[bytes, dict[str, str]]:
    """(the PDF as Qt writes it, how it names glyphs otherwise than meant).

    Refused("format.fonts" | "format.paper_too_hard" | "format.paper"). Unavailable("format.no_paper") if the process cannot
    be started.
    """
    limits = limits or Limits()
    asked = request | {"memory": limits.memory, "cpu": limits.cpu, "wall": limits.wall + 1}
    try:
        child = process.start(command(), environment())
    except OSError:
        raise Unavailable("format.no_paper", "the process that lays out pages cannot be started") from None
    raw = json.dumps(asked, separators=(",", ":")).encode("ascii")
    with process.asked(child, lambda given: given.write(len(raw).to_bytes(4, "big") + raw), limits.wall) as answers:
        return _believed(answers)


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
