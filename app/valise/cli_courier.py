"""`valise courier`: bundles made, taken in, and looked at without a vault."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valise.desk.desk import Desk
    from valise.desk.door_exchange import CourierImport

Ask = Callable[[str, bool], bytearray]
Progress = Callable[[int, int], None]

KINDS = {
    "new": "new",
    "old": "late: newer ones of this laptop came before",
    "doubled": "came before",
    "torn": "damaged or cut",
    "foreign": "for others",
    "not_bundle": "no bundle",
    "own": "made here",
}


def add(commands: Any) -> None:
    """The subcommand with its own."""
    courier = commands.add_parser("courier", help="bundles on a stick, for laptops without a network")
    acts = courier.add_subparsers(dest="act", metavar="ACT", required=True)
    export = acts.add_parser("export", help="seal what delegations have not acknowledged into one file, and read it back")
    export.add_argument("folder", type=Path, metavar="DIR", help="the stick or folder")
    export.add_argument("--to", action="append", required=True, metavar="CODE", help="a delegation; may be given again")
    take = acts.add_parser("import", help="take bundles in; whatever they are called")
    take.add_argument("files", type=Path, nargs="+", metavar="FILE")
    take.add_argument("--wipe", action="store_true", help="delete those whose whole content is in the vault now")
    look = acts.add_parser("inspect", help="what anybody can learn from a bundle; needs no vault")
    look.add_argument("file", type=Path, metavar="FILE")


def run(known: argparse.Namespace, ask: Ask, progress: Progress) -> int:
    """Exit codes: 0 done, 1 failed, 2 wrong usage, 3 read with losses, 4 refused."""
    if known.act == "inspect":
        return inspect(known.file)
    from valise import bootstrap
    from valise.domain.errors import ValiseError
    from valise.system import paths

    gate = bootstrap.gate(known.vault or paths.folders().data / "vault")
    if not gate.exists():
        print("There is no vault in this folder.", file=sys.stderr)
        return 2
    try:
        desk = gate.unlock(ask("Passphrase: ", known.passphrase_stdin))
    except ValiseError as error:
        print(f"The vault was not opened ({error.code}).", file=sys.stderr)
        return 4
    try:
        if known.act == "export":
            return _export(desk, known.folder, known.to, progress)
        return max(_import(desk, one, known.wipe, progress) for one in known.files)
    finally:
        desk.close()


def _export(desk: Desk, folder: Path, codes: list[str], progress: Progress) -> int:
    from valise.domain.errors import ValiseError

    known = {one.code: one.delegation for one in desk.courier.waiting()}
    unknown = [one for one in codes if one.upper() not in known]
    if unknown:
        print(f"No bundle can be made for {', '.join(unknown)}: unknown, stopped, or no room in common.", file=sys.stderr)
        return 2
    try:
        made = desk.courier.export(folder, [known[one.upper()] for one in codes], progress)
    except ValiseError as error:
        print(f"\nThere is no new bundle ({error.code}). Nothing is lost.", file=sys.stderr)
        return 4
    print(f"\r{made.place}: bundle {made.number}, {made.envelopes} envelopes, {made.size} bytes, written and read back.")
    print(f"SHA-256 {made.digest}")
    return 0


def _import(desk: Desk, file: Path, wipe: bool, progress: Progress) -> int:
    from valise.domain.errors import ValiseError

    try:
        came = desk.courier.take(file, progress)
    except ValiseError as error:
        print(f"\n{file}: not taken in ({error.code}).", file=sys.stderr)
        return 4
    print(f"\r{file}: {_said(came)}")
    if wipe:
        try:
            desk.courier.wipe(file)
        except ValiseError as error:
            print(f"{file}: left where it is ({error.code}).", file=sys.stderr)
            return 3
        print(f"{file}: deleted.")
    if came.kind in ("foreign", "not_bundle"):
        return 4
    return 3 if came.kind == "torn" else 0


def _said(came: CourierImport) -> str:
    parts = [KINDS[came.kind]]
    if came.sender:
        parts.append(f"bundle {came.number} of {came.code} {came.name}")
    if came.envelopes:
        parts.append(f"{came.taken} of {came.envelopes} envelopes")
    if came.operations:
        parts.append(f"{came.operations} new entries")
    if came.waiting:
        parts.append(f"{came.waiting} cannot be opened yet and are kept")
    if came.missing:
        parts.append(f"not come so far: {', '.join(map(str, came.missing))}")
    if came.problem:
        parts.append(f"({came.problem})")
    return "; ".join(parts)


def inspect(file: Path) -> int:
    """What the file shows to whoever finds it."""
    from valise.carriers.courier import Source
    from valise.domain.errors import ValiseError

    try:
        with Source.open(file) as source:
            return _inspect(source)
    except ValiseError as error:
        print(f"Not a bundle, or it cannot be read ({error.code}).", file=sys.stderr)
        return 4


def _inspect(source: Any) -> int:
    front = source.front
    if front is None:
        what = "damaged: neither its beginning nor its end verifies" if source.kind == "torn" else "no bundle"
        print(f"This is {what}." if source.kind != "torn" else f"This was a bundle and is {what}.")
        return 4
    parts = [source.part(number, frozenset(), everything=True) for number in range(len(front.lines))]
    bad = sum(one.state != "whole" for one in parts)
    boxes = frozenset().union(*(one.mailboxes for one in parts))
    print(f"A bundle for the courier, {source.size} bytes, {len(parts)} parts.")
    print(f"{sum(one.envelopes for one in parts)} sealed envelopes for {len(boxes)} mailboxes, {len(front.manifests)} sealed manifests.")
    print("Who made it and for whom, when, and what is in it is sealed.")
    if bad or source.damaged or not source.padded():
        print(f"It is damaged: {bad} parts do not verify; the others can still be taken in.")
        return 3
    print("Every byte of it verifies.")
    return 0
