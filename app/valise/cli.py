"""The command line: the window, the demonstration, and what needs no vault. Imports nothing before it is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valise import VERSION

if TYPE_CHECKING:
    import argparse


def _parser() -> argparse.ArgumentParser:
    import argparse

    from valise import cli_courier, cli_registers, cli_release

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
    # set by the keeper where it starts a window from a file: "start", or why the one before it locked
    parser.add_argument("--window", default="", metavar="REASON", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="three fictional delegations negotiate a sample text")
    demo.add_argument("--keep", type=Path, metavar="DIR", help="leave the vaults here; they open normally")
    demo.add_argument("--shots", type=Path, metavar="DIR", help="where screenshots go (default: demo-out)")
    demo.add_argument("--offscreen", action="store_true", help="take screenshots instead of opening windows")
    doctor = commands.add_parser("doctor", help="check every page, table and index of a vault; changes nothing")
    doctor.add_argument("--salvage", action="store_true", help="make a new database of what verifies; keeps the damaged one aside")
    backup = commands.add_parser("backup", help="write a backup of the vault into a folder, and read it again")
    backup.add_argument("place", type=Path, metavar="DIR")
    restore = commands.add_parser("restore", help="make a new laptop of the delegation from a backup")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--key", type=Path, metavar="FILE", help="admit it at once with this key file; revokes the old laptop")
    cli_courier.add(commands)
    cli_registers.add(commands)
    cli_release.add(commands)
    verify = commands.add_parser(
        "verify", help="check an evidence file: what it proves, what it does not, what fails first", add_help=False
    )
    verify.add_argument("rest", nargs=argparse.REMAINDER)
    inspect = commands.add_parser(
        "inspect", help="what an importer sees in a file, without opening a vault", add_help=False
    )
    inspect.add_argument("rest", nargs=argparse.REMAINDER)
    convert = commands.add_parser("convert", help="write a draft in another format, without opening a vault", add_help=False)
    convert.add_argument("rest", nargs=argparse.REMAINDER)
    relay = commands.add_parser("relay", help="run a relay: config, provision, check, agent, revoke", add_help=False)
    relay.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _window_alone(argv: list[str]) -> tuple[Path | None, bool, str] | None:
    """Folder, whether the passphrase comes on standard input, why the window before it locked; None for whatever else is asked.
    A window is there sooner without the parser of all commands."""
    folder, from_stdin, kept = None, False, ""
    left = list(argv)
    while left:
        word = left.pop(0)
        if word == "--passphrase-stdin":
            from_stdin = True
        elif word in ("--vault", "--window") and left and not left[0].startswith("-"):
            folder, kept = (Path(left.pop(0)), kept) if word == "--vault" else (folder, left.pop(0))
        else:
            return None
    return folder, from_stdin, kept


def run(argv: list[str]) -> int:
    """Exit codes: 0 done, 1 failed, 2 wrong usage, 3 read with losses, 4 refused."""
    alone = _window_alone(argv)
    if alone is not None:
        from valise.system import harden

        harden.harden()
        return _window(*alone)
    if argv[:1] == ["inspect"]:
        from valise.formats import inspect

        return inspect.main(argv[1:])
    if argv[:1] == ["convert"]:
        from valise.formats import convert

        return convert.main(argv[1:])
    if argv[:1] == ["verify"]:
        from valise.evidence.__main__ import main as verify

        return verify(argv[1:])
    if argv[:1] == ["relay"]:
        from valise.operator.__main__ import main as relay

        return relay(argv[1:])
    known = _parser().parse_args(argv)
    from valise.system import harden

    harden.harden()
    if known.command == "demo":
        from valise import demo

        return demo.run(keep=known.keep, shots=known.shots, offscreen=known.offscreen)
    if known.command == "doctor":
        return _doctor(known.vault, known.passphrase_stdin, salvage=known.salvage)
    if known.command == "backup":
        return _backup(known.vault, known.passphrase_stdin, known.place)
    if known.command == "courier":
        from valise import cli_courier

        return cli_courier.run(known, _ask, _progress)
    if known.command == "registers":
        from valise import cli_registers

        return cli_registers.run(known)
    if known.command == "release":
        from valise import cli_release

        return cli_release.run(known)
    if known.command == "restore":
        return _restore(known.vault, known.passphrase_stdin, known.file, known.key)
    return _window(known.vault, known.passphrase_stdin, known.window)


def _ask(what: str, from_stdin: bool) -> bytearray:
    """The next line of standard input, or what somebody types unseen."""
    import getpass

    line = sys.stdin.buffer.readline().rstrip(b"\r\n") if from_stdin else getpass.getpass(what).encode()
    return bytearray(line)


def _progress(done: int, total: int) -> None:
    print(f"\r{100 * done // max(1, total)} %", end="", file=sys.stderr, flush=True)


def _backup(folder: Path | None, from_stdin: bool, place: Path) -> int:
    from valise import bootstrap
    from valise.domain.errors import ValiseError
    from valise.system import paths

    gate = bootstrap.gate(folder or paths.folders().data / "vault")
    if not gate.exists():
        print("There is no vault in this folder.", file=sys.stderr)
        return 2
    given = _ask("Passphrase: ", from_stdin)
    again = bytearray(given)
    try:
        desk = gate.unlock(given)
        try:
            note = desk.backups.make(place, again, _progress)
        finally:
            desk.close()
    except ValiseError as error:
        print(f"\nThere is no new backup ({error.code}). Earlier ones are as they were.", file=sys.stderr)
        return 4
    print(f"\r{note.name}: written, read again and verified; {note.waiting} items have not left yet.")
    return 0


def _restore(folder: Path | None, from_stdin: bool, file: Path, key: Path | None) -> int:
    from valise import bootstrap
    from valise.domain.errors import ValiseError
    from valise.system import paths

    gate = bootstrap.gate(folder or paths.folders().data / "vault")
    given = _ask("Passphrase of the backup: ", from_stdin)
    try:
        desk = gate.restore(file, given, bytearray(given), _progress)
    except ValiseError as error:
        print(f"\nNothing was restored ({error.code}).", file=sys.stderr)
        return 4
    try:
        waits = desk.backups.state().restored
        assert waits is not None
        print("\rRestored. Everything can be read; the vault opens with the passphrase of the backup.")
        if key is None:
            print("It sends nothing before it is admitted: see Security, Backups and travel, in its window.")
            return 0
        old = [one.id for one in waits.replaces if one.old]
        desk.backups.certify(key.read_bytes(), _ask("Passphrase of the key file: ", from_stdin), old)
    except (ValiseError, OSError) as error:
        code = error.code if isinstance(error, ValiseError) else "file.unreadable"
        print(f"It is not admitted ({code}). It can be admitted in its window.", file=sys.stderr)
        return 1
    finally:
        desk.close()
    print("It is admitted. Hand its new identity card to every delegation.")
    return 0


WRONG = {
    "pages": "some pages do not verify: the file was damaged on the disk",
    "tables": "a table or index is damaged",
    "references": "a row refers to something that is not there",
    "search": "the search index does not fit the data",
}


def _doctor(folder: Path | None, from_stdin: bool, *, salvage: bool = False) -> int:
    import getpass

    from valise import bootstrap
    from valise.domain.errors import ValiseError
    from valise.system import paths

    gate = bootstrap.gate(folder or paths.folders().data / "vault")
    if not gate.exists():
        print("There is no vault in this folder.", file=sys.stderr)
        return 2
    given = sys.stdin.buffer.readline().rstrip(b"\r\n") if from_stdin else getpass.getpass("Passphrase: ").encode()

    def progress(done: int, total: int) -> None:
        print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)

    try:
        if salvage:
            return _salvaged(gate.salvage(bytearray(given), progress))
        problems = gate.examine(bytearray(given), progress)
    except ValiseError as error:
        what = "salvaged" if salvage else "checked"
        print(f"\nThe vault could not be {what} ({error.code}). Nothing was changed.", file=sys.stderr)
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


def _salvaged(report: tuple[tuple[str, int, int], ...]) -> int:
    """What is in the new vault and what is not, table by table."""
    print(file=sys.stderr)
    lost = [one for one in report if one[2]]
    for table, rows, gone in lost:
        print(f"{table}: {rows} rows kept, {'some' if gone < 0 else gone} lost")
    print("Everything that was there verifies." if not lost else "The damaged database is kept beside the new one.")
    print("The vault opens as before. It asks the others for what is missing and then goes on.")
    return 1 if lost else 0


def _window(folder: Path | None, from_stdin: bool, kept: str) -> int:
    from valise.system import keeper, paths, process

    def window(reason: str) -> int:
        import gc

        gc.disable()  # all that is loaded stays; app.run lets it collect once the window stands
        from valise.system import ahead

        ahead.begin()
        from valise.ui import imports

        imports.plain()
        from valise import bootstrap
        from valise.system import guard
        from valise.ui import app

        def fill_sample(door: Any) -> None:
            from valise import demo

            demo.fill_sample(door)

        guard.install(paths.folders().state)
        given = from_stdin and not reason  # a vault that was locked asks a person
        passphrase = bytearray(sys.stdin.buffer.readline().rstrip(b"\r\n")) if given else None
        gate = bootstrap.gate(folder or paths.folders().data / "vault")
        return app.run(gate, sys.argv[:1], reason=reason, passphrase=passphrase, fill_sample=fill_sample)

    def command(reason: str) -> list[str]:
        where = ["--vault", str(folder)] if folder else []
        return process.own_command("--window", reason or "start", *where, *["--passphrase-stdin"] * from_stdin)

    if kept:
        return window(kept if kept in keeper.LOCKED else "")
    sys.exit(keeper.keep(window, command))  # what is left of this process only waits: nobody above has more to do
