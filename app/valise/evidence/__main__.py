"""`valise verify FILE`: checks an evidence file. Needs no vault, opens no network, writes nothing."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys

from valise.evidence import words
from valise.evidence.reading import SECONDS
from valise.evidence.verify import verify

try:
    import resource
except ImportError:  # Windows has no limits of this kind; those of the reader itself remain
    resource = None  # type: ignore[assignment]

MEMORY = 4 << 30  # bytes of address space


def main(argv: list[str]) -> int:
    """0 sound, 1 not sound, 2 wrong usage or the file cannot be read. "-" reads standard input."""
    parser = argparse.ArgumentParser(
        prog="valise verify", description="Check an evidence file: what it proves, what it does not, the first entry that fails."
    )
    parser.add_argument("file", metavar="FILE", help='the evidence file, "-" for standard input')
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--seconds", type=int, default=SECONDS, metavar="N", help=f"give up after N seconds (default {SECONDS})")
    known = parser.parse_args(argv)
    _confine()
    try:
        if known.file == "-":
            report = verify(sys.stdin.buffer, known.seconds)
        else:
            with open(known.file, "rb") as stream:
                report = verify(stream, known.seconds)
    except OSError:
        print("The file cannot be read.", file=sys.stderr)
        return 2
    except MemoryError:
        report = {"sound": 0, "bad": {"line": 0, "what": "file", "code": "too large"}}
    if known.json:
        print(json.dumps(report, sort_keys=True, separators=(",", ":")))
    else:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")
        for line in words.sentences(report):
            print(line)
    return 0 if report["sound"] else 1


def _confine() -> None:
    if resource is None:
        return
    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
