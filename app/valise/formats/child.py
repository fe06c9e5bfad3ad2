"""The short-lived process that reads one hostile file: `python -m valise.formats.child`.

It gets the file on standard input and answers on standard output (frames of `wire.py`). It holds no key and knows no
vault. Before the first byte of the file is looked at it gives up files, sockets and processes; what remains to it is
bounded memory and time. Keep its imports light: it starts for every file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any

from valise.domain.errors import Refused
from valise.formats import abc, languages, wire

try:
    import resource
except ImportError:  # Windows has no limits of this kind; the parent's clock and this process's poverty remain
    resource = None  # type: ignore[assignment]

TOO_HARD = 3  # exit code: memory or stack gone


def main() -> int:
    """Read one request, answer once. Never raises; an exit without an answer means the file was too hard."""
    ours, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        request = wire.get(ours)
        if "records" in request:
            from valise.formats import records

            records.kind(request["records"]).prepare()
            confine(request["memory"], request["cpu"], request["wall"])
            records.serve(request, ours, out)
            return 0
        prepare(request["name"], request["format"])
        confine(request["memory"], request["cpu"], request["wall"])
        data = ours.read(request["size"])
        wire.put(out, {"document": wire.packed(read(request["name"], data, request["format"]))})
    except Refused as refusal:
        wire.put(out, {"refused": refusal.code})
    except (MemoryError, RecursionError):
        return TOO_HARD
    except (wire.Torn, OSError, KeyError, TypeError):
        return 1
    return 0


def read(name: str, data: bytes, format_name: str = "") -> abc.Document:
    """What the child does with the file; in a test also without a child. Refused("format.*")."""
    if len(data) > abc.MAX_BYTES:
        raise abc.refused("format.too_big")
    chosen = abc.by_name(format_name) if format_name else abc.detect(name, data)
    return abc.check(chosen.read(data))


def prepare(name: str = "", format_name: str = "") -> None:
    """Load what a format may need later, while files can still be opened."""
    ending = name.lower().rpartition(".")[2]
    known = [one for one in abc.all_formats() if one.name == format_name or (not format_name and f".{ending}" in one.extensions)]
    for one in known or abc.all_formats():
        one.prepare()
    languages.languages()
    "".encode("utf-16")
    b"".decode("utf-16")


def confine(memory: int, cpu: int, wall: int) -> None:
    """Give up everything but memory (bytes), processor time (seconds) and a lifetime (seconds)."""
    if resource is None:
        return
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, memory),
        (getattr(resource, "RLIMIT_NPROC", None), 0),
    ):
        if kind is not None:
            _limit(kind, most)
    os.closerange(3, 4096)
    _limit(resource.RLIMIT_NOFILE, 0)  # no file, no socket, no pipe from here on
    signal.alarm(wall)  # the default action ends the process, should its parent be gone


def _limit(kind: int, most: int) -> Any:
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
