"""The command line: the window, the demonstration, and what needs no vault. Imports nothing before it is asked for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

VERSION = "0.1.0"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="valise", description="Confidential drafting and exchange for delegations. Without a command: the window."
    )
    parser.add_argument("--version", action="version", version=f"valise {VERSION}")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder (default: your own)")
    parser.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="read the passphrase from the first line of standard input and unlock",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="three fictional delegations negotiate a sample text")
    demo.add_argument("--keep", type=Path, metavar="DIR", help="leave the vaults here; they open normally")
    demo.add_argument("--shots", type=Path, metavar="DIR", help="where screenshots go (default: demo-out)")
    demo.add_argument("--offscreen", action="store_true", help="take screenshots instead of opening windows")
    commands.add_parser("doctor", help="check every page, table and index of a vault; changes nothing")
    inspect = commands.add_parser(
        "inspect", help="what an importer sees in a file, without opening a vault", add_help=False
    )
    inspect.add_argument("rest", nargs=argparse.REMAINDER)
    convert = commands.add_parser("convert", help="write a draft in another format, without opening a vault", add_help=False)
    convert.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def run(argv: list[str]) -> int:
    """Exit codes: 0 done, 1 failed, 2 wrong usage, 3 read with losses, 4 refused."""
    if argv[:1] == ["inspect"]:
        from valise.formats import inspect

        return inspect.main(argv[1:])
    if argv[:1] == ["convert"]:
        from valise.formats import convert

        return convert.main(argv[1:])
    known = _parser().parse_args(argv)
    from valise.system import harden

    harden.harden()
    if known.command == "demo":
        from valise import demo

        return demo.run(keep=known.keep, shots=known.shots, offscreen=known.offscreen)
    if known.command == "doctor":
        return _doctor(known.vault, known.passphrase_stdin)
    return _window(known.vault, known.passphrase_stdin)


WRONG = {
    "pages": "some pages do not verify: the file was damaged on the disk",
    "tables": "a table or index is damaged",
    "references": "a row refers to something that is not there",
    "search": "the search index does not fit the data",
}


def _doctor(folder: Path | None, from_stdin: bool) -> int:
    import getpass

    from valise import bootstrap
    from valise.domain.errors import ValiseError
    from valise.system import paths

    gate = bootstrap.gate(folder or paths.folders().data / "vault")
    if not gate.exists():
        print("There is no vault in this folder.", file=sys.stderr)
        return 2
    given = sys.stdin.buffer.readline().rstrip(b"\r\n") if from_stdin else getpass.getpass("Passphrase: ").encode()
    try:
        problems = gate.examine(
            bytearray(given), lambda done, total: print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)
        )
    except ValiseError as error:
        print(f"\nThe vault could not be checked ({error.code}). Nothing was changed.", file=sys.stderr)
        return 4
    print(file=sys.stderr)
    for one in problems:
        print(WRONG.get(one, one))
    print(
        "Copy the folder somewhere safe before anything else."
        if problems
        else "Everything verifies. Nothing was changed."
    )
    return 1 if problems else 0


def _window(folder: Path | None, from_stdin: bool) -> int:
    from valise import bootstrap
    from valise.system import paths
    from valise.ui import app

    def fill_sample(door: Any) -> None:
        from valise import demo

        demo.fill_sample(door)

    passphrase = bytearray(sys.stdin.buffer.readline().rstrip(b"\r\n")) if from_stdin else None
    gate = bootstrap.gate(folder or paths.folders().data / "vault")
    return app.run(gate, sys.argv[:1], passphrase=passphrase, fill_sample=fill_sample)
