"""What people read in the window: no words of those who build it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from valise import ui

HERE = Path(ui.__file__).parent
INSIDE = re.compile(r"\b(mutation|slot|rollback|generation|ratchet|commit|branch|tenant|compliance)s?\b", re.IGNORECASE)
LAPTOP = re.compile(r"\bdevices?\b", re.IGNORECASE)
ASK = {"tr", "_", "QT_TRANSLATE_NOOP", "translate"}


def read(path: Path) -> Iterator[str]:
    """Every sentence that is translated."""
    for one in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(one, ast.Call):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            if name in ASK:
                texts = [arg.value for arg in one.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                yield from texts[1:] if name in ("QT_TRANSLATE_NOOP", "_", "translate") else texts


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.py")), ids=lambda path: str(path.relative_to(HERE)))
def test_no_word_of_those_who_build_it_is_shown(path: Path) -> None:
    assert [words for words in read(path) if INSIDE.search(words)] == []


@pytest.mark.parametrize("part", ["security", "contacts", "first"])
def test_a_laptop_is_called_a_laptop(part: str) -> None:
    said = [words for path in sorted((HERE / part).glob("*.py")) for words in read(path)]
    assert len(said) > 50
    assert [words for words in said if LAPTOP.search(words) and words != "device not listed"] == []
