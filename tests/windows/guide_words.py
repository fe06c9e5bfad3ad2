"""The words of the program, read from its source and its own tables: what the guide may put in bold."""

from __future__ import annotations

import ast
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import valise
from valise.settings import SETTINGS
from valise.ui.icons import resources

UI = Path(valise.__file__).parent / "ui"
_CALLS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1, "_": 1}  # place of the words among the arguments


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(UI.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def marked(tree: ast.Module) -> Iterator[str]:
    """Literals that are marked for translation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = _CALLS.get(name, -1)
            if 0 <= place < len(node.args):
                words = node.args[place]
                if isinstance(words, ast.Constant) and isinstance(words.value, str):
                    yield words.value


def of_tables(language: str = "en") -> Iterator[tuple[str, str]]:
    """English titles of registers, their fields, and the form of incidents; each with that of a language."""

    def titles(value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            if isinstance(value.get("en"), str) and isinstance(value.get(language), str):
                yield value["en"], value[language]
            for inner in value.values():
                yield from titles(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from titles(inner)

    yield from titles(_tables())


@cache
def _tables() -> list[Any]:
    paths = (*(resources() / "registers").glob("*.toml"), resources() / "reference" / "incident.toml")
    return [tomllib.loads(path.read_text("utf-8")) for path in paths]


def plain(words: str) -> str:
    """Without the signs of mnemonics."""
    return words.replace("&&", "\0").replace("&", "").replace("\0", "&")


def program() -> set[str]:
    """Every text a person can read in the window, without the signs of mnemonics."""
    found = {words for _, tree in trees() for words in marked(tree)}
    found |= {words for words, _ in of_tables()}
    found |= {words for one in SETTINGS for words in (one.label, *one.labels)}
    return {plain(one) for one in found}


@cache
def translations(language: str) -> dict[str, set[str]]:
    """English texts of the window, each with what it is in a language; a final … also left out on both sides."""
    found: dict[str, set[str]] = {}

    def add(source: str, words: str) -> None:
        source, words = plain(source), plain(words)
        found.setdefault(source, set()).add(words)
        found.setdefault(source.rstrip(" …"), set()).add(words.rstrip(" \u00a0…"))

    for message in ET.parse(resources() / "i18n" / f"valise_{language}.ts").iter("message"):  # noqa: S314 - ours
        source, words = message.findtext("source"), message.findtext("translation")
        if source and words and words.strip():
            add(source, words)
    for source, words in of_tables(language):
        add(source, words)
    return found


def classes() -> dict[str, set[str]]:
    """Names of classes of the window, each with the modules it is in."""
    found: dict[str, set[str]] = {}
    for path, tree in trees():
        module = ".".join(("valise", "ui", *path.relative_to(UI).with_suffix("").parts)).removesuffix(".__init__")
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).add(module)
    return found
