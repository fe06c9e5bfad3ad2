"""Settings as a file: one line each, "key = value", to give to a colleague or to another laptop. No secret is in it, and
nothing that belongs to one computer (folders, the size of letters)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from valise.domain.errors import Refused
from valise.settings import SETTINGS, Setting, Value, setting, without_secret

FIRST = "valise-settings 1"
LARGEST = 64 * 1024  # bytes
Get = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Change:
    """One setting as it is here and as the file has it."""

    setting: Setting
    now: Value
    then: Value

    @property
    def protects_less(self) -> bool:
        """To be shown before it is taken in."""
        return self.setting.protects_less(self.now, self.then)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file would change, in the order of the declarations; `kept` as they are here already; `odd` lines that are of
    another version or mean nothing here."""

    changes: tuple[Change, ...]
    kept: int
    odd: int


def given() -> tuple[Setting, ...]:
    """The settings that go into a file."""
    return tuple(one for one in SETTINGS if not one.here)


def write(get: Get) -> bytes:
    """The file, UTF-8. A proxy stands in it without name and password."""
    lines = [FIRST, "# Settings of Valise. No secret is in this file."]
    for one in given():
        text = one.write(get(one.key))
        lines += ["", f"# {one.label}", f"{one.key} = {without_secret(text)}"]
    return ("\n".join(lines) + "\n").encode()


def read(data: bytes, get: Get) -> Taken:
    """What the file would change. A line that cannot be understood changes nothing and is counted.
    Refused("setting.file") when it is no file of settings or names a setting twice."""
    if len(data) > LARGEST:
        raise Refused("setting.file", "a file of settings is smaller")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Refused("setting.file", "a file of settings is text") from None
    if not lines or lines[0].strip() != FIRST:
        raise Refused("setting.file", "this is no file of settings, or of another version")
    found: dict[str, str] = {}
    odd = 0
    for line in lines[1:]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, sign, text = (part.strip() for part in line.partition("="))
        if not sign or key not in {one.key for one in given()}:
            odd += 1
        elif key in found:
            raise Refused("setting.file", "a setting stands twice in this file")
        else:
            found[key] = text
    changes: list[Change] = []
    kept = 0
    for one in given():
        if one.key not in found:
            continue
        now = get(one.key)
        try:
            then = setting(one.key).validate(one.parse(without_secret(found[one.key])))
        except Refused:
            odd += 1
            continue
        if then == now or (isinstance(now, str) and then == without_secret(now)):
            kept += 1  # the same proxy keeps the name and password that are here
        else:
            changes.append(Change(one, now, then))
    return Taken(tuple(changes), kept, odd)
