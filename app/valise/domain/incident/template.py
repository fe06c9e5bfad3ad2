"""The words of the form in the six languages, as its TOML file says them. Reading the file is for the desk."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from valise.domain.errors import Damaged
from valise.domain.incident.form import BY_KEY, GROUPS, KEYS, TIERS
from valise.domain.register.definition import LANGUAGES, Words

_UNITS: Final = ("working days", "hours")


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the ladder: who speaks, and the time proposed for a reply (0 = as agreed)."""

    who: Words
    unit: str
    reply: int


@dataclass(frozen=True, slots=True)
class Template:
    """Labels by key; help where there is any."""

    groups: Mapping[str, Words]
    keys: Mapping[str, Words]
    help: Mapping[str, Words]
    choices: Mapping[str, Mapping[str, Words]]
    tiers: Mapping[str, Tier]

    def choice(self, key: str, value: str, language: str) -> str:
        """A choice in words; what is no choice of ours stands as it is (the labels of TLP do)."""
        found = self.choices.get(key, {}).get(value)
        return found.in_(language) if found is not None else value


@lru_cache(maxsize=2)
def read(text: str) -> Template:
    """Read once for each text. Damaged("incident.template") unless all keys, choices and tiers are named in every language."""
    try:
        value = tomllib.loads(text)
        made = Template(
            {name: _words(value["groups"][name]) for name in GROUPS},
            {name: _words(value["keys"][name]) for name in BY_KEY},
            {name: _words(value["keys"][name]["help"]) for name in BY_KEY if "help" in value["keys"][name]},
            {
                one.key: {each: _words(value["choices"][one.key][each]) for each in one.choices}
                for one in KEYS if one.choices and one.key != "tlp"
            },
            {name: _tier(value["tiers"][name]) for name in TIERS},
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        raise Damaged("incident.template", "the words of the form are not as they must be") from None
    if value["keys"].keys() != BY_KEY.keys() or value["groups"].keys() != set(GROUPS):
        raise Damaged("incident.template", "the words of the form are not as they must be")
    return made


def _words(table: Mapping[str, Any]) -> Words:
    by = {name: str(table[name]) for name in LANGUAGES}
    if not all(by.values()):
        raise ValueError
    return Words(by)


def _tier(table: Mapping[str, Any]) -> Tier:
    if table["unit"] not in _UNITS or type(table["reply"]) is not int:
        raise ValueError
    return Tier(_words(table), table["unit"], table["reply"])
