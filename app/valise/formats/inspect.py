"""`valise inspect FILE`: what a file holds, without opening a vault.

The file is read in the confined child; this process knows no key. Exit codes: 0 read, 2 wrong call, 3 read with
losses, 4 refused.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from valise.domain.errors import ValiseError
from valise.domain.text.inline import Inline, parse
from valise.formats import confined
from valise.formats.abc import MAX_BYTES, STATUSES, Document, Para, refused
from valise.formats.characters import visible
from valise.formats.labels import bare

READ, USAGE, LOSSES, REFUSED = 0, 2, 3, 4
BIG = 2**19  # bytes; from here on progress is reported
_STEP = 1_000  # paragraphs between two lines of progress
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

Progress = Callable[[int, int], None]  # paragraphs done, total


def describe(document: Document, progress: Progress | None = None) -> dict[str, Any]:
    """The document as plain values for JSON: title, summary, paragraphs, slips, notes and what the header says."""
    total = len(document.paragraphs)
    paragraphs = []
    for done, para in enumerate(document.paragraphs, 1):
        paragraphs.append(_paragraph(para))
        if progress and (done % _STEP == 0 or done == total):
            progress(done, total)
    title = parse(document.title)
    counted = title.counts()
    del counted["plain_length"]
    return {
        "format": document.format,
        "language": document.language,
        "direction": document.direction,
        "symbol": document.symbol,
        "fields": document.fields,
        "title": {"text": document.title, **counted},
        "formula": document.formula,
        "summary": _summary(paragraphs),
        "paragraphs": paragraphs,
        "slips": slips(paragraphs),
        "changes": [asdict(one) for one in document.changes],
        "comments": [asdict(one) for one in document.comments],
        "notes": [
            {"code": note.code, "where": note.where, "count": note.count, "lossy": note.lossy}
            for note in document.notes
        ],
    }


def slips(paragraphs: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """What a drafter would want pointed out: {"paragraph", "rule"} in the order of the text."""
    made: list[dict[str, str]] = []
    parents = {one["parent"] for one in paragraphs if one["parent"]}
    settled = [status for status in STATUSES if status in ("closed", "agreed ad ref")]
    for one in paragraphs:
        rules = []
        if one["status"] in settled and one["bracket_pairs"]:
            rules.append(f"{one['status']} but brackets remain")
        if one["status"] is None and one["label"] in parents:
            rules.append("chapeau without a status of its own; status follows from its sub-paragraphs")
        if one["unbalanced"]:
            rules.append("brackets do not balance")
        made += [{"paragraph": one["label"], "rule": rule} for rule in rules]
    return made


def _paragraph(para: Para) -> dict[str, Any]:
    inline: Inline = parse(para.words)
    return {
        "label": bare(para),
        "section": para.section,
        "kind": para.section if para.section in ("PP", "OP") else None,
        "number": para.number or None,
        "suffix": para.suffix or None,
        "is_alt": para.alt,
        "alt_number": para.alt_number or None,
        "alt_by": para.alt_by or None,
        "parent": para.parent or None,
        "status": para.status or None,
        **inline.counts(),
        "unbalanced": len(inline.unbalanced),
        "words": para.words,
    }


def _summary(paragraphs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Counts of the body; the title is not counted. Sub-paragraphs count apart and in the statuses."""
    top = [one for one in paragraphs if one["parent"] is None]
    return {
        "paragraphs": len(top),
        "subparagraphs": len(paragraphs) - len(top),
        "PP": sum(one["kind"] == "PP" for one in top),
        "OP": sum(one["kind"] == "OP" for one in top),
        "alts": sum(one["is_alt"] for one in paragraphs),
        "bis_ter": sum(one["suffix"] is not None for one in paragraphs),
        "by_status": {status: sum(one["status"] == status for one in paragraphs) for status in STATUSES},
        "without_status": [one["label"] for one in paragraphs if one["status"] is None],
        "bracket_pairs": sum(one["bracket_pairs"] for one in paragraphs),
        "max_depth": max((one["max_depth"] for one in paragraphs), default=0),
        "insertions": sum(len(one["insertions"]) for one in paragraphs),
        "deletions": sum(len(one["deletions"]) for one in paragraphs),
        "reservations": sum(len(one["reservations"]) for one in paragraphs),
    }


def as_json(described: dict[str, Any]) -> str:
    """Readable UTF-8 JSON; characters that could change how a terminal shows it are escaped."""
    plain = json.dumps(described, ensure_ascii=False, indent=1)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", plain) + "\n"


def as_text(described: dict[str, Any]) -> str:
    """For a person at a terminal."""
    summary = described["summary"]
    lines = [_safe(described["title"]["text"], described) or "(no title)"]
    said = [described["symbol"], described["language"], described["direction"], described["format"]]
    lines.append("  ".join(_safe(one, described) for one in said if one))
    lines.append("")
    lines.append(
        f"{summary['paragraphs']} paragraphs ({summary['PP']} PP, {summary['OP']} OP), "
        f"{summary['subparagraphs']} sub-paragraphs, {summary['alts']} alternatives, {summary['bis_ter']} bis or ter"
    )
    lines.append(", ".join(f"{count} {status}" for status, count in summary["by_status"].items()))
    lines.append(
        f"{summary['bracket_pairs']} bracket pairs (deepest {summary['max_depth']}), {summary['insertions']} "
        f"insertions, {summary['deletions']} deletions, {summary['reservations']} reservations"
    )
    for one in described["paragraphs"]:
        status = f" ({one['status']})" if one["status"] else ""
        by = f" ({one['alt_by']})" if one["alt_by"] else ""
        lines += ["", f"{one['label'] or '-'}{by}{status}", _safe(one["words"], described), *_said(one, described)]
    lines += _marked(described)
    if described["slips"]:
        lines += ["", "To look at:"]
        lines += [f"  {one['paragraph'] or '-'}: {one['rule']}" for one in described["slips"]]
    if described["notes"]:
        lines += ["", "How the file was read:"]
        for note in described["notes"]:
            where = f" {_safe(note['where'], described)}" if note["where"] else ""
            times = f" ({note['count']})" if note["count"] > 1 else ""
            lines.append(f"  {'lost: ' if note['lossy'] else ''}{note['code']}{where}{times}")
    return "\n".join(lines) + "\n"


def _marked(described: dict[str, Any]) -> list[str]:
    """Tracked changes and comments, a line each."""
    lines: list[str] = []
    for name in ("changes", "comments"):
        if described[name]:
            lines += ["", f"{len(described[name])} {name}:"]
        for one in described[name]:
            at = one["paragraph"]
            where = "title" if at < 0 else described["paragraphs"][at]["label"] or "-"
            kind = f"{one['kind']}: " if name == "changes" else ""
            lines.append(f"  {_safe(one['author'], described) or '-'}, {where}: {kind}{_safe(one['words'], described)}")
    return lines


def _said(one: dict[str, Any], described: dict[str, Any]) -> list[str]:
    """Lines under a paragraph: who proposes, opposes, reserves and remarks."""
    made = []
    if one["bracket_pairs"]:
        named = ", ".join(one["attributed"]) or "nobody named"
        made.append(f"  {one['bracket_pairs']} bracket pairs, deepest {one['max_depth']}: {named}")
    made += [f"  {', '.join(by)}: retain" for by in one["retain"]]
    made += [f"  {', '.join(each['by'])}: {each['kind']}" for each in one["reservations"]]
    made += [f"  {', '.join(each['by'])}: {_safe(each['text'], described)}" for each in one["remarks"]]
    return made


def _safe(words: str, described: dict[str, Any]) -> str:
    """No control or direction character of the file reaches the terminal; right-to-left words are isolated."""
    seen = visible(words)
    return f"\u2067{seen}\u2069" if described["direction"] == "rtl" and seen else seen


def load(path: str) -> bytes:
    """The bytes of an ordinary file. Refused("format.no_file" | "format.not_a_file" | "format.too_big")."""
    try:
        # Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        raise refused("format.no_file") from None
    with os.fdopen(number, "rb") if stat.S_ISREG(os.fstat(number).st_mode) else _refuse(number) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refused("format.too_big")
    return data


def _refuse(number: int) -> Any:
    os.close(number)
    raise refused("format.not_a_file")


def main(argv: Sequence[str] | None = None, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """The command; `argv` without "inspect" itself. Returns the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    parser = argparse.ArgumentParser(prog="valise inspect", description="Show what a file of a draft holds.")
    parser.add_argument("file", metavar="FILE", help="the file to read")
    parser.add_argument("--json", action="store_true", help="write everything as JSON")
    parser.add_argument("--format", default="", metavar="NAME", help="read it as this format (notation, plain)")
    try:
        asked = parser.parse_args(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        data = load(asked.file)
        big = len(data) >= BIG
        if big:
            print(f"reading {len(data) / 2**20:.1f} MiB", file=err, flush=True)
        document = confined.read(asked.file, data, format=asked.format)
        described = describe(document, _reporter(err) if big else None)
    except ValiseError as error:
        print(f"{error.code}: {error.line}", file=err)
        return REFUSED
    _write(out, as_json(described) if asked.json else as_text(described))
    return LOSSES if document.lossy else READ


def _reporter(err: TextIO) -> Progress:
    return lambda done, total: print(f"{done} of {total} paragraphs", file=err, flush=True)


def _write(out: TextIO, text: str) -> None:
    """UTF-8 whatever the terminal's locale says; a pager that was closed early is no error."""
    try:
        raw = getattr(out, "buffer", None)
        if raw is None:
            out.write(text)
        else:
            out.flush()
            raw.write(text.encode("utf-8"))
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
