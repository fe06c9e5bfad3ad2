"""Values of a TOML file, checked one by one; whatever is wrong is Refused("register.toml", "line 12, column 3: ...")."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, TypeVar

from valise.domain.errors import Refused
from valise.domain.register.definition import LANGUAGES, Words
from valise.domain.register.places import Path, Places
from valise.domain.register.values import fold

Named = TypeVar("Named", bound=str)
LARGEST: Final = 200_000  # letters of a file, as in the operation register.define
MOST: Final = {"column": 120, "choice": 120, "item": 400, "view": 30, "export": 20}
NAMED: Final = 500  # names in one list
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}\Z")
COLUMN_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
# control characters but the end of a line, and the marks that change in which direction or whether the rest is read
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_PLACE = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)\Z")


class Fields:
    """One file. Every method takes the table, and the path at which it stands, for the message."""

    def __init__(self, text: str, *, guard: bool) -> None:
        self._text = text
        self._places: Places | None = None
        if len(text) > LARGEST:
            raise Refused("register.toml", f"line 1, column 1: the file is longer than {LARGEST} letters")
        if guard:
            self._places = Places(text)
        try:
            self.top: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refused("register.toml", _plain(str(error), text)) from None
        except (RecursionError, ValueError, OverflowError):  # a number or a date that is none; brackets without end
            raise Refused("register.toml", "line 1, column 1: this is not TOML that can be read") from None

    def fail(self, path: Path, words: str) -> NoReturn:
        places = self._places or Places(self._text)
        raise Refused("register.toml", f"{places.say(path)}: {words}")

    # small values
    def known(self, table: Mapping[str, Any], path: Path, keys: Sequence[str]) -> None:
        for key in table:
            if key not in keys:
                self.fail((*path, key), f"there is no key {shown(key)} here{nearest(key, keys)}")

    def table(self, table: Mapping[str, Any], path: Path, key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.fail((*path, key), f"{key} is a table")
        return value

    def tables(self, table: Mapping[str, Any], path: Path, key: str) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fail((*path, key), f"{key} is a list of tables: [[{key}]]")
        most = MOST.get(key, MOST["choice"])
        if len(value) > most:
            self.fail((*path, key, most), f"more than {most} of {key}")
        return value

    def text(self, table: Mapping[str, Any], path: Path, key: str, most: int = 2_000, *, needed: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.fail((*path, key), f"{key} is a text in quotation marks")
        if needed and not value.strip():
            self.fail((*path, key), f"{key} is missing" if key not in table else f"{key} is empty")
        if len(value) > most:
            self.fail((*path, key), f"{key} is longer than {most} letters")
        if _UNSEEN.search(value):
            self.fail((*path, key), f"{key} holds a character that cannot be seen")
        return value

    def flag(self, table: Mapping[str, Any], path: Path, key: str, default: bool) -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.fail((*path, key), f"{key} is true or false")
        return value

    def whole(self, table: Mapping[str, Any], path: Path, key: str, default: int, least: int, most: int) -> int:
        value = table.get(key, default)
        if type(value) is not int or not least <= value <= most:
            self.fail((*path, key), f"{key} is a whole number from {least} to {most}")
        return int(value)

    def texts(
        self, table: Mapping[str, Any], path: Path, key: str, among: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fail((*path, key), f'{key} is a list of texts: ["...", "..."]')
        if len(value) > NAMED or any(len(one) > 5_000 or _UNSEEN.search(one) for one in value):
            self.fail((*path, key), f"{key} names more than {NAMED}, or something that is too long or cannot be seen")
        for one in value:
            if among is not None and one not in among:
                self.fail((*path, key), f"{key} names {shown(one)}, which is not there{nearest(one, among)}")
        if len(set(value)) != len(value):
            self.fail((*path, key), f"{key} names something twice")
        return tuple(value)

    def some_of(self, table: Mapping[str, Any], path: Path, key: str, among: Sequence[Named]) -> tuple[Named, ...]:
        """Those of `among` that the list names, in its order."""
        there = {str(one): one for one in among}
        return tuple(there[one] for one in self.texts(table, path, key, among))

    def one_of(self, table: Mapping[str, Any], path: Path, key: str, among: Sequence[str], default: str = "") -> Any:
        value = table.get(key, default)
        if value not in among:
            if value == "":
                self.fail((*path, key), f"{key} is missing")
            self.fail((*path, key), f"{key} is one of {', '.join(among)}{nearest(value, among)}")
        return value

    def ident(
        self, table: Mapping[str, Any], path: Path, pattern: re.Pattern[str], seen: set[str] | None = None
    ) -> str:
        value = self.text(table, path, "id", 60, needed=True)
        if not pattern.match(value):
            small = "small letters" if pattern is COLUMN_ID else "letters"
            self.fail((*path, "id"), f"an id is made of {small}, digits and _{'' if pattern is COLUMN_ID else ' - .'}")
        if seen is not None:
            if value in seen:
                self.fail((*path, "id"), f"the id {shown(value)} is there twice")
            seen.add(value)
        return value

    def words(self, table: Mapping[str, Any], path: Path, key: str) -> Words | None:
        """A term: a text in English, or a table by language."""
        if key not in table:
            return None
        if isinstance(table[key], str):
            return Words({"en": self.text(table, path, key, needed=True)})
        by = self.table(table, path, key)
        self.known(by, (*path, key), LANGUAGES)
        if "en" not in by:
            self.fail((*path, key), f"{key} has no English (en)")
        return Words({language: self.text(by, (*path, key), language, needed=True) for language in by})

    def distinct(self, terms: Iterable[tuple[Words, Path]], what: str) -> None:
        """No two of these terms are the same in a language: in a file that is read back they could not be told apart."""
        seen: dict[tuple[str, str], Path] = {}
        for words, path in terms:
            for language in LANGUAGES:
                if seen.setdefault((language, fold(words.in_(language))), path) != path:
                    self.fail(path, f"two {what} are called {shown(words.in_(language))} ({language})")

    def title(self, table: Mapping[str, Any], path: Path) -> Words:
        found = self.words(table, path, "title")
        if found is None:
            self.fail(path, "title is missing")
        return found


def shown(text: object, most: int = 40) -> str:
    """A word of the file in a message: short, and nothing in it that changes how the message reads."""
    return '"' + "".join(one if one.isprintable() else "?" for one in str(text)[:most]) + '"'


def nearest(word: object, among: Sequence[str]) -> str:
    """ "; did you mean title?", or nothing."""
    found = difflib.get_close_matches(str(word)[:60], list(among)[:500], 1, 0.6)
    return f"; did you mean {found[0]}?" if found else ""


def _plain(error: str, text: str) -> str:
    found = _PLACE.search(error)
    said = _PLACE.sub("", error)
    place = f"line {found[1]}, column {found[2]}" if found and found[1] else f"line {text.count(chr(10)) + 1}, column 1"
    return f"{place}: this is not TOML: {shown(said[:1].lower() + said[1:], 120)[1:-1]}"
