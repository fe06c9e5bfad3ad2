"""Codes in a picture somebody took or saved: read by a short-lived confined process, known here by its name only.

A picture is the most hostile of files: its decoder never runs in the process that holds keys (`ui.picture` is that process).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import BinaryIO, Final

from valise.domain.errors import Refused, Unavailable
from valise.formats import process

CHILD_FLAG: Final = "--read-one-picture"  # a packaged program starts itself with it; its entry point calls ui.picture.main()
MODULE: Final = "valise.ui.picture"
MAX_BYTES: Final = 24 * 2**20  # of the file
MAX_CODES: Final = 8
MAX_TEXT: Final = 1000  # characters of one code

LINES: Final = {
    "picture.too_big": "the file is larger than 24 MiB, or has more than 64 million points",
    "picture.unknown": "the file is not a picture of a kind that is read: PNG, JPEG, BMP, WebP",
    "picture.too_hard": "reading the picture took more time or memory than is allowed",
    "picture.child": "the separate process that reads pictures gave no usable answer",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes of address space, `cpu` and `wall` in whole seconds."""

    memory: int = 2 * 2**30
    cpu: int = 15
    wall: int = 25


def command() -> list[str]:
    """How the process is started; the only place that knows."""
    return process.command(CHILD_FLAG, MODULE)


def environment() -> dict[str, str]:
    """What it may see of our environment: what it cannot start without."""
    return process.environment(("SYSTEMROOT", "WINDIR")) | {"TZ": "UTC", "QT_QPA_PLATFORM": "offscreen"}


def read_codes(data: bytes, limits: Limits | None = None) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, at most 8, each of at most 1,000 printable ASCII characters.

    Refused("picture.too_big" | "picture.unknown" | "picture.too_hard" | "picture.child"), Unavailable("picture.no_child").
    """
    if not data or len(data) > MAX_BYTES:
        raise _refused("picture.too_big" if data else "picture.unknown")
    limits = limits or Limits()
    asked = {"size": len(data), "memory": limits.memory, "cpu": limits.cpu, "wall": limits.wall + 1}
    try:
        child = process.start(command(), environment())
    except OSError:
        raise Unavailable("picture.no_child", "the process that reads pictures cannot be started") from None
    raw = json.dumps(asked).encode("ascii")

    def feed(given: BinaryIO) -> None:
        given.write(len(raw).to_bytes(4, "big") + raw)
        given.write(data)

    with process.asked(child, feed, limits.wall) as answers:
        head = answers.read(4)
        size = int.from_bytes(head, "big")
        said = answers.read(size) if len(head) == 4 and size <= 2**16 else b""
    if not said or len(said) != size:
        raise _refused("picture.too_hard")
    return _believed(said)


def _believed(said: bytes) -> tuple[str, ...]:
    """A refusal must be one of ours, a text short and printable."""
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        raise _refused("picture.child") from None
    if isinstance(answer, dict) and answer.keys() == {"refused"}:
        code = answer["refused"]
        raise _refused(code if isinstance(code, str) and code in LINES else "picture.child")
    codes = answer.get("codes") if isinstance(answer, dict) and answer.keys() == {"codes"} else None
    if not isinstance(codes, list) or len(codes) > MAX_CODES:
        raise _refused("picture.child")
    for one in codes:
        if not (isinstance(one, str) and 0 < len(one) <= MAX_TEXT and one.isascii() and one.isprintable()):
            raise _refused("picture.child")
    return tuple(codes)


def _refused(code: str) -> Refused:
    return Refused(code, LINES[code])
