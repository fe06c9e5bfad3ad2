"""Nothing we say of States judges or ranks them: over every string of the program and of what it ships, in six languages; and no
cell of a register or of the directory is painted from red to green."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app" / "valise"
UNSAID = re.compile(
    r"\b(non-?)?complian(ce|t)\b|\branked\b|\branking|\bscores?\b|\bscoreboard|\bscorecard|\bleague\b|\bbest performing|\bworst\b|\blaggard"
    r"|conformité|classement|palmarès|cumplimiento|ranking|puntuaci[oó]n|соблюдени|рейтинг|合规|合乎规定|排名|评分|امتثال|تصنيف",
    re.IGNORECASE,
)
PARTS = ("ui", "desk", "formats", "domain", "evidence", "cli_registers.py")
# What may be said all the same: the words, and why.
SAID = {
    "no order is a ranking.": "it says that there is none",
    "League of Arab States": "its name",
}
APART = {"app/valise/ui/widgets/passphrase.py"}  # how hard a passphrase is to guess


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(one.body[0].value) for one in ast.walk(tree)
        if isinstance(one, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and one.body
        and isinstance(one.body[0], ast.Expr) and isinstance(one.body[0].value, ast.Constant)
    }  # fmt: skip
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docs:
            yield one.value


def values(told: Any) -> Iterator[str]:
    """Every string in something read from a file."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for one in told.values() if isinstance(told, dict) else told:
            yield from values(one)


def shipped() -> Iterator[tuple[str, str]]:
    """(file, words) of all that people read."""
    for part in PARTS:
        for path in sorted((APP / part).rglob("*.py")) if (APP / part).is_dir() else [APP / part]:
            yield from ((str(path.relative_to(ROOT)), one) for one in strings(path))
    for path in sorted((ROOT / "resources").rglob("*")):
        if path.suffix in (".toml", ".json"):
            text = path.read_text("utf-8")
            told = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
            yield from ((str(path.relative_to(ROOT)), one) for one in values(told))


def test_no_word_judges_or_ranks() -> None:
    every = list(shipped())
    assert len(every) > 10_000
    found = [
        (where, words) for where, words in every
        if where not in APART and UNSAID.search(words) and not any(one in words for one in SAID)
    ]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("words", ["Compliance of States", "non-compliant", "Ranking", "Score", "Conformité", "合规", "рейтинг стран"])
def test_such_words_are_noticed(words: str) -> None:
    assert UNSAID.search(words)


@pytest.mark.parametrize("part", ["registers", "commitments", "contacts/directory"])
def test_nothing_of_registers_is_painted_in_the_colours_of_good_and_bad(part: str) -> None:
    """Statuses are told apart by sign, word and hatching. What is late or differs may be pointed out, in one colour."""
    judging = {"good", "good_soft", "bad", "bad_soft", "bad_fill"}
    modules = sorted((APP / "ui" / part).rglob("*.py"))
    assert len(modules) > 3
    for path in modules:
        every = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        named = {one.attr for one in every if isinstance(one, ast.Attribute)}
        pills = [one for one in every if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Pill"]
        named |= {arg.value for one in pills for arg in one.args if isinstance(arg, ast.Constant)}
        assert not named & judging, path.name
