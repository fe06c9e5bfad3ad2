"""`valise registers check FILE`: reads the definition of a register and says what is wrong with it, without opening a vault."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valise.domain.register.definition import Definition, Words


def add(commands: Any) -> None:
    """The command and its arguments."""
    registers = commands.add_parser("registers", help="definitions of registers (docs/registers.md): check")
    acts = registers.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="read definitions and say, by line and column, what is not right")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")


def run(known: argparse.Namespace) -> int:
    """Exit codes: 0 every file is a register, 1 one cannot be read, 4 one is refused."""
    return max(_check(file) for file in known.files)


def _check(file: Path) -> int:
    from valise.desk import reference
    from valise.domain.errors import Refused
    from valise.domain.register.fields import LARGEST

    try:
        with file.open("rb") as opened:
            text = opened.read(4 * LARGEST + 1).decode("utf-8-sig")
    except OSError:
        print(f"{file}: cannot be read.", file=sys.stderr)
        return 1
    except UnicodeDecodeError:
        print(f"{file}: line 1, column 1: this is not text in UTF-8", file=sys.stderr)
        return 4
    try:
        definition = reference.read(text.replace("\r\n", "\n"))
    except Refused as error:
        print(f"{file}: {error.line}", file=sys.stderr)
        return 4
    rows = " and ".join(definition.rows)
    print(
        f"{file}: {definition.id}, rows about a {rows}: {len(definition.columns)} columns, {len(definition.items)} items, "
        f"{len(definition.views)} views, {len(definition.exports)} exports."
    )
    for language, count in _missing(definition).items():
        print(f"{file}: {count} terms have no {language}; English is shown there.")
    if any(one.id == definition.id and one != definition for one in reference.registers()):
        print(f"{file}: the program has a register {definition.id} of its own, which holds; choose another id.")
    return 0


def _missing(definition: Definition) -> dict[str, int]:
    from valise.domain.register.definition import LANGUAGES

    terms: list[Words | None] = [definition.title, definition.help]
    for column in definition.columns:
        terms += [column.title, column.help, *(one.title for one in column.choices)]
    terms += [one.title for one in (*definition.items, *definition.views, *definition.exports)]
    counts = {one: sum(one not in term.by for term in terms if term is not None) for one in LANGUAGES}
    return {one: count for one, count in counts.items() if count}
