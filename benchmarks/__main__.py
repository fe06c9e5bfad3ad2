"""python -m benchmarks [name ...] [--quick] [--cache DIR] [--record FILE] [--way WAY] [--peers-env DIR] [--set-up]"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import io
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Options, filesystem, machine

NAMES = ("start", "opening", "unlock", "messages", "text", "search", "devices", "memory", "size", "security",
         "library", "workbench", "documents", "keys", "courier", "registers", "pings")  # fmt: skip
WAYS = ("relay", "catchup", "idle", "peers", "torture", "desktops")  # need servers that are not part of the application: run when named


class Both(io.TextIOBase):
    """Prints and remembers."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        self.kept.append(text)
        sys.__stdout__.write(text)  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]
        return len(text)


def main(argv: list[str]) -> int:
    """Run the benchmarks named, or all; exit code 0 when they ran, whatever they found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What the project measures about itself.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join((*NAMES, *WAYS)))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: only to see that everything runs")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the vaults made for measuring here")
    parser.add_argument("--record", type=Path, metavar="FILE", help="append what is printed to this file")
    parser.add_argument("--way", choices=("relay", "folder"), default="relay", help="the way of exchange goals are held against")
    parser.add_argument("--peers-env", type=Path, metavar="DIR", help="the environment of the peers' clients")
    parser.add_argument("--set-up", action="store_true", help="make that environment first (peers)")
    parser.add_argument("--installed", type=Path, metavar="FILE", help="the program of an installed package too (desktops)")
    known = parser.parse_args(argv)
    unknown = set(known.names) - {*NAMES, *WAYS}
    if unknown:
        parser.error(f"no benchmark of that name: {', '.join(sorted(unknown))}")
    both = Both()
    with tempfile.TemporaryDirectory(prefix="valise-bench-") as own, contextlib.redirect_stdout(both):
        peers = known.peers_env.resolve() if known.peers_env else None
        options = Options((known.cache or Path(own)).resolve(), known.quick, known.way, peers, known.set_up, known.installed)
        options.cache.mkdir(parents=True, exist_ok=True)
        for name in known.names or NAMES:
            today = datetime.datetime.now(datetime.UTC).date().isoformat()
            print(f"## {name}\n\n`python -m benchmarks {name}{' --quick' if known.quick else ''}`, {today}: {machine()}, "
                  f"vaults on {filesystem(options.cache)}.\n")  # fmt: skip
            import_module(f"benchmarks.{name}").run(options)
    if known.record:
        with known.record.open("a", encoding="utf-8") as record:
            record.write("".join(both.kept))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
