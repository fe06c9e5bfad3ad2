"""What the short-lived processes of the window have in common: a request in, an answer out, limits between them."""

from __future__ import annotations

import contextlib
import json
import signal
from typing import Any, BinaryIO, Final

try:
    import resource
except ImportError:  # Windows: the parent's clock remains
    resource = None  # type: ignore[assignment]

TOO_HARD: Final = 3  # exit code: the memory allowed was not enough


def get(stream: BinaryIO, most: int) -> Any:
    """The request: its length in 4 bytes, at most `most`, then JSON. Raises ValueError."""
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    raw = stream.read(size) if len(head) == 4 and size <= most else b""
    if len(raw) != size or not raw:
        raise ValueError
    return json.loads(raw)


def put(stream: BinaryIO, value: dict[str, Any]) -> None:
    """The answer, in the same form."""
    raw = json.dumps(value, separators=(",", ":")).encode("ascii")
    stream.write(len(raw).to_bytes(4, "big") + raw)
    stream.flush()


def confine(memory: int, cpu: int, wall: int, *more: str) -> None:
    """Bytes, seconds, seconds; no core, no file written, and none of the resources named in `more`."""
    if resource is None:
        return
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_CPU": cpu, "RLIMIT_AS": memory, **dict.fromkeys(more, 0)}
    for name, most in limits.items():
        if hasattr(resource, name):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))
    signal.alarm(wall)
