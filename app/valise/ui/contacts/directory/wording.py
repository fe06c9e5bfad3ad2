"""Values of an entry as a person reads and writes them: choices by their titles, languages by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from valise.desk import reference
from valise.desk.pings_words import tongue
from valise.domain.register import values as v
from valise.ui.contacts.directory import said
from valise.ui.language import semicolons

_BETWEEN = re.compile(r"\s*[;；؛]\s*")
_LANGUAGES = "languages"


class Wording:
    """The words of the register of points of contact, as it was shipped, in the language of the window."""

    def __init__(self) -> None:
        self._definition = next(one for one in reference.registers() if one.id == "contacts")
        self._language = said.language()

    def one(self, column: str, value: str) -> str:
        """A value in words; what is none of ours stands as it is."""
        if column == _LANGUAGES:
            return tongue(value, self._language)
        found = self._definition.column(column)
        return v.shown(found, [value], self._language) if found is not None and found.choices else value

    def shown(self, column: str, values: Iterable[str]) -> str:
        """All values of a field in one line."""
        return semicolons(self.one(column, value) for value in values)

    def choices(self, column: str) -> Sequence[str]:
        """What a field can hold, where that is known."""
        found = self._definition.column(column)
        return [one.id for one in found.choices] if found is not None else []

    def told(self, column: str, text: str) -> list[str]:
        """The values of what was typed: names of languages and titles of choices are what they stand for."""
        parts = [part for part in _BETWEEN.split(text.strip()) if part]
        if column == _LANGUAGES:
            names = {v.fold(name): tag for tag, own in reference.languages() for name in (own, tongue(tag, self._language))}
            return [names.get(v.fold(part), part) for part in parts]
        found = self._definition.column(column)
        return parts if found is None else [v.parse(found, part, self._language) for part in parts]
