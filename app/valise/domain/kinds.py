"""The registry of operation kinds. A kind is defined once, here found by decorator.

A definition names the fields of the body (all required unless `optional`), the right a device
certificate must carry, the class it travels in and the signature it needs. Nothing that is not
registered enters the vault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from valise.domain.errors import Refused

Right = Literal["observe", "speak", "amend", "pen", "commit", "enrol"]
RIGHTS: tuple[Right, ...] = ("observe", "speak", "amend", "pen", "commit", "enrol")
MAX_INT = 2**53 - 1
_ID = re.compile(r"[A-Za-z0-9_-]{43}\Z")


class Field:
    """A check on one value of a body. Raises Refused("op.body")."""

    def check(self, value: Any) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Field):
    """A string of at most `limit` code points; `choices` narrows it."""

    limit: int = 20_000
    choices: tuple[str, ...] = ()
    least: int = 0

    def check(self, value: Any) -> None:
        if not isinstance(value, str) or not self.least <= len(value) <= self.limit:
            raise Refused("op.body", "a text field has the wrong type or length")
        if self.choices and value not in self.choices:
            raise Refused("op.body", "a text field is not one of its choices")


@dataclass(frozen=True)
class Ident(Field):
    """An id of ours (43 characters of base64url); `empty` admits ""."""

    empty: bool = False

    def check(self, value: Any) -> None:
        if self.empty and value == "":
            return
        if not isinstance(value, str) or not _ID.match(value):
            raise Refused("op.body", "a field is not an id")


@dataclass(frozen=True)
class Whole(Field):
    """An integer from `least` to `most`."""

    least: int = 0
    most: int = MAX_INT

    def check(self, value: Any) -> None:
        if type(value) is not int or not self.least <= value <= self.most:
            raise Refused("op.body", "a number field has the wrong type or range")


@dataclass(frozen=True)
class Many(Field):
    """A list of at most `most` values that each pass `item`."""

    item: Field
    most: int = 1000

    def check(self, value: Any) -> None:
        if not isinstance(value, list) or len(value) > self.most:
            raise Refused("op.body", "a list field has the wrong type or length")
        for one in value:
            self.item.check(one)


@dataclass(frozen=True)
class Fields(Field):
    """An object with exactly these fields, those in `optional` may be absent."""

    fields: Mapping[str, Field]
    optional: frozenset[str] = frozenset()

    def check(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise Refused("op.body", "a field is not an object")
        unknown = value.keys() - self.fields.keys()
        missing = self.fields.keys() - value.keys() - self.optional
        if unknown or missing:
            raise Refused("op.body", "an object has unknown or missing fields")
        for name, one in value.items():
            self.fields[name].check(one)


@dataclass(frozen=True)
class Kind:
    """One registered kind. `folds` names the domain room that folds it (text, room, message, ...)."""

    name: str
    body: Fields
    right: Right
    travels: Literal["record", "chat", "either"] = "record"
    composite: bool = False
    folds: str = field(default="")


_KINDS: dict[str, Kind] = {}


def operation(
    name: str,
    fields: Mapping[str, Field],
    *,
    right: Right,
    optional: tuple[str, ...] = (),
    travels: Literal["record", "chat", "either"] = "record",
    composite: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated fold function's kind. The function gets `.kind`; a second name fails."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if name in _KINDS:
            raise ValueError(f"operation kind {name} is defined twice")
        made = Kind(
            name, Fields(dict(fields), frozenset(optional)), right, travels, composite, name.split(".", maxsplit=1)[0]
        )
        _KINDS[name] = made
        function.kind = made  # type: ignore[attr-defined]
        return function

    return register


def kind(name: str) -> Kind:
    """The registered kind, or Refused("op.kind")."""
    try:
        return _KINDS[name]
    except (KeyError, TypeError):
        raise Refused("op.kind", "this operation kind is not known to this version") from None


def all_kinds() -> tuple[Kind, ...]:
    """Every registered kind, by name."""
    return tuple(_KINDS[name] for name in sorted(_KINDS))
