"""What the program ships to look things up: registers, States, memberships, languages, time zones, TLP. Read once, when asked for.

Files are in resources/registers and resources/reference; nothing here is from a vault or from outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from valise.domain.register import reading
from valise.domain.register.definition import Definition


@dataclass(frozen=True, slots=True)
class State:
    """A State by its short name in the United Nations, in English. `code` ISO 3166-1 alpha-2. `group`: regional group (AFR, APG,
    EEG, GRULAC, WEOG), "" for an observer. Fictional States are for demonstrations and training, and in no real membership."""

    code: str
    name: str
    group: str = ""
    memberships: frozenset[str] = frozenset()
    member: bool = True  # of the United Nations
    fictional: bool = False
    alpha3: str = ""

    def in_(self, language: str) -> str:
        """Its short name in a language of the United Nations; the English one for another."""
        return self.name if language == "en" else _translated().get(language, {}).get(self.code, self.name)

    def names(self) -> tuple[str, ...]:
        """Its short names in every language, the English one first."""
        return (self.name, *(one[self.code] for one in _translated().values()))


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the Traffic Light Protocol 2.0. `stix`: id of its STIX 2.1 marking definition."""

    label: str
    means: str
    ink: str
    ground: str
    stix: str


def files(folder: str) -> Mapping[str, str]:
    """The text files of a folder of the resources, by name (`reading.Source`)."""
    place = resources.files("valise.resources").joinpath(*folder.split("/"))
    return {one.name: one.read_text("utf-8") for one in place.iterdir() if one.name.endswith((".toml", ".json"))}


def _file(name: str) -> Any:
    return json.loads(resources.files("valise.resources").joinpath("reference", name).read_text("utf-8"))


# registers
@cache
def registers() -> tuple[Definition, ...]:
    """Every register of the program, in order."""
    return reading.shipped(files, lists())


@cache
def lists() -> reading.Lists:
    """Shared choices and lists of items, which a register of the delegation's own may name as well."""
    choices, items = reading.shared(files)
    return MappingProxyType(choices), MappingProxyType(items)


def read(toml: str) -> Definition:
    """A register of the delegation's own. Refused("register.toml", where and what)."""
    choices, items = lists()
    return reading.read(toml, choices=choices, items=items, states=memberships())


# States
@cache
def _states() -> tuple[State, ...]:
    held = _file("states.json")
    return (
        *(State(one["code"], one["name"], one["group"], frozenset(one["memberships"]), alpha3=one["alpha3"]) for one in held["states"]),
        *(State(one["code"], one["name"], "", frozenset(one["memberships"]), False) for one in held["observers"]),
        *(State(one["code"], one["name"], "", frozenset(), False, True, one["alpha3"]) for one in held["fictional"]),
    )


@cache
def _translated() -> Mapping[str, Mapping[str, str]]:
    """Names by language and code, English ones left out, in the order of a list of that language: no table of letters would
    have pinyin, or pass over the Arabic article. Not read for a window in English until words are looked for."""
    return {language: named for language, named in _file("state_names.json").items() if not language.startswith("_")}


@cache
def places(language: str = "en") -> Mapping[str, int]:
    """Code -> where a State stands among all in a list of that language; the fictional ones come first."""
    if language != "en" and (named := _translated().get(language)) is not None:
        order = {code: n for n, code in enumerate(named)}
    else:
        order = {one.code: n for n, one in enumerate(sorted(_states(), key=lambda one: _sorting(one.name)))}
    every = sorted(_states(), key=lambda one: (not one.fictional, order[one.code]))
    return MappingProxyType({one.code: n for n, one in enumerate(every)})


@cache
def memberships() -> tuple[str, ...]:
    """The memberships a register may name: AU, OAS, OSCE, ..."""
    return tuple(sorted({one for state in _states() for one in state.memberships}))


@cache
def states(membership: str = "", *, fictional: bool = False, language: str = "en") -> tuple[State, ...]:
    """The rows of a register about States, in the alphabetical order of a language: members of the United Nations for "", or
    those who take part in `membership` (the OSCE with the Holy See). `fictional`: the States of demonstrations and training
    instead, whatever the membership."""
    found = [
        one for one in _states() if (one.fictional if fictional else membership in one.memberships if membership else one.member)
    ]
    return tuple(sorted(found, key=lambda one: places(language)[one.code]))


@cache
def state(code: str) -> State | None:
    """A State by its code, also an observer and a fictional one."""
    return next((one for one in _states() if one.code == code.upper()), None)


def _sorting(name: str) -> str:
    import unicodedata

    return "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(one))


# what a column can be
@cache
def languages() -> tuple[tuple[str, str], ...]:
    """(BCP 47 tag, the language's own name); the six of the United Nations first."""
    return tuple((tag, name) for tag, name in _file("languages.json")["languages"])


@cache
def zones() -> tuple[str, ...]:
    """IANA time zones that a person would choose, of the shipped tzdata."""
    text = resources.files("tzdata").joinpath("zones").read_text("utf-8")
    named = (one for one in text.split() if "/" in one and not one.startswith(("Etc/", "US/", "SystemV/")))
    return ("UTC", *sorted(named))


@cache
def tlp() -> tuple[Label, ...]:
    """The five labels of TLP 2.0, the strictest first."""
    return tuple(
        Label(one["label"], one["means"], one["ink"], one["ground"], one["stix"]) for one in _file("tlp.json")["labels"]
    )


def names(kind: str, language: str = "en", *, fictional: bool = False) -> list[tuple[str, str]]:
    """What a column of kind state, marking, language or zone can be: (value, name). States are called as the United Nations
    call them in `language`, and stand in its order. Other kinds are in the vault: []."""
    if kind == "state":
        every = sorted(_states(), key=lambda one: places(language)[one.code])
        return [(one.code, one.in_(language)) for one in every if fictional or not one.fictional]
    if kind == "language":
        return list(languages())
    if kind == "zone":
        return [(one, one.replace("_", " ")) for one in zones()]
    if kind == "marking":
        return [(one.label, one.label) for one in tlp()]
    return []
