"""`valise release verify FILE [PACKAGE]`: checks a signed release file, and a package against it. Opens no vault and no network."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

SENTENCES = {
    "update.unreadable": "The file cannot be read.",
    "update.malformed": "This is not a release file. Get it again from the publisher.",
    "update.newer_form": "This release file has a form that only a newer version reads. Ask the publisher how to go on.",
    "update.foreign": "This release file was signed by somebody else than the publisher of this program. Install nothing of it.",
    "update.signature": "The signature of this release file does not hold: it was changed on its way. Install nothing of it.",
    "update.differs": "This package is not the one the publisher released: it was changed on its way. Do not install it.",
    "update.not_listed": "This package does not belong to this release. Do not install it.",
}
DEMONSTRATION = (
    "Note: this copy knows no publisher yet, only a demonstration key with which nothing can be signed. Whoever hands Valise out puts"
    " a key of its own there (docs/packaging.md)."
)
STANDING = {
    "newer": "It is newer than the version that runs, {running}.",
    "same": "It is the version that runs.",
    "older": "It is OLDER than the version that runs, {running}. Going back brings back faults that are mended since.",
}


def add(commands: Any) -> None:
    """The command and its arguments."""
    releases = commands.add_parser("release", help="signed release files of the publisher: verify")
    acts = releases.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="check a release file, and that a package is the one it names")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("package", type=Path, nargs="?", metavar="PACKAGE")


def run(known: argparse.Namespace) -> int:
    """Exit codes: 0 it holds and is not older, 1 it holds and is older, or cannot be read, 4 refused."""
    from valise.desk import release
    from valise.domain.errors import Unavailable, ValiseError

    if release.publisher().demonstration:
        print(DEMONSTRATION, file=sys.stderr)
    try:
        said = release.opened(known.file)
        package = release.compared(said, known.package) if known.package else None
    except ValiseError as error:
        print(f"{SENTENCES[error.code]} ({error.code})", file=sys.stderr)
        return 1 if isinstance(error, Unavailable) else 4
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    print(f"Valise {said.release.version} of {said.release.date}: the publisher's signature holds.")
    print(STANDING[said.standing].format(running=said.running))
    if package is not None:
        print(f"The package is {package.name}, {package.size} bytes, exactly as released.")
    else:
        for one in said.release.packages:
            print(f"{one.sha256}  {one.name}  ({one.size} bytes)")
    print(said.release.notes_in("en"))
    return 1 if said.standing == "older" else 0
