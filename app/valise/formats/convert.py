"""`valise convert IN OUT`: one format into another, without opening a vault.

The file is read in the confined child. What was written is read back in it too before it takes its name, so that what a
format cannot hold is said, and a file that nobody could read again is never left behind. Exit codes: 0 done, 2 wrong
call, 3 done with losses (named on standard error), 4 refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from valise.domain.errors import ValiseError
from valise.formats import abc, confined, whole
from valise.formats.abc import Document, refused
from valise.formats.inspect import BIG, LOSSES, READ, REFUSED, USAGE, load
from valise.formats.kinds import KINDS


def by_ending(path: str) -> abc.Format:
    """The format a file of this name is written in. Refused("format.unknown")."""
    ending = Path(path).suffix.lower()
    for one in abc.all_formats():
        if ending in one.extensions:
            return one
    raise refused("format.unknown")


def lost(document: Document, back: Document) -> list[str]:
    """What of a document is not in the file any more: "title", "words", "labels", "statuses", "changes", "comments",
    "language"."""
    ours, theirs = document.paragraphs, back.paragraphs
    pairs = list(zip(ours, theirs, strict=False))
    told = {
        "title": document.title != back.title or document.formula != back.formula,
        "words": len(ours) != len(theirs) or any(a.words != b.words for a, b in pairs),
        "labels": any((a.label, a.parent) != (b.label, b.parent) for a, b in pairs),
        "statuses": any(a.status != b.status for a, b in pairs),
        "changes": document.changes != back.changes,
        "comments": document.comments != back.comments,
        "language": document.language not in ("und", back.language),
    }
    return [name for name, gone in told.items() if gone]


def converted(document: Document, target: abc.Format, kind: str) -> tuple[bytes, list[str]]:
    """(the file, what it does not hold). Refused("format.*") also when what was written does not read back."""
    made = KINDS[kind](document)
    data = target.write(made)
    return data, lost(made, confined.read("file" + target.extensions[0], data, format=target.name))


def main(argv: Sequence[str] | None = None, err: TextIO | None = None) -> int:
    """The command; `argv` without "convert" itself. Returns the exit code."""
    err = err or sys.stderr
    parser = argparse.ArgumentParser(prog="valise convert", description="Write a draft in another format.")
    parser.add_argument("source", metavar="IN", help="the file to read")
    parser.add_argument("target", metavar="OUT", help="the file to write; its ending says in which format")
    parser.add_argument("--kind", choices=sorted(KINDS), default="", help="which text (default: tracked where it can be)")
    parser.add_argument("--format", default="", metavar="NAME", help="read it as this format")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    try:
        asked = parser.parse_args(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    target = Path(asked.target)
    if target.exists() and not asked.overwrite:
        print(f"{target.name} is there already; --overwrite replaces it", file=err)
        return USAGE
    try:
        data = load(asked.source)
        if len(data) >= BIG:
            print(f"reading {len(data) / 2**20:.1f} MiB", file=err, flush=True)
        chosen = by_ending(asked.target)
        document = confined.read(asked.source, data, format=asked.format)
        print(f"{len(document.paragraphs)} paragraphs, {len(document.changes)} changes", file=err, flush=True)
        made, gone = converted(document, chosen, asked.kind or ("tracked" if chosen.marks else "compilation"))
        whole.put(target, made)
    except ValiseError as error:
        print(f"{error.code}: {error.line}", file=err)
        return REFUSED
    except OSError:
        print(f"{target.name} could not be written; nothing was changed", file=err)
        return REFUSED
    for note in document.notes:
        if note.lossy:
            print(f"not read: {note.code}" + (f" ({note.count})" if note.count > 1 else ""), file=err)
    for name in gone:
        print(f"not kept by this format: {name}", file=err)
    return LOSSES if gone or document.lossy else READ


if __name__ == "__main__":
    sys.exit(main())
