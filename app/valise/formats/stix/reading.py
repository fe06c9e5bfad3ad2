"""Reading a STIX 2.1 bundle from outside: the child's half (`prepare`, `frames`) and the parent's (`read`).

The child refuses what is too large, too deep or of another version before the library sees it, gives the library one object
after the other, and answers with plain values, each of which the parent checks again. References to objects that are not in
the bundle are no fault: bundles are parts of something.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from valise.formats.abc import refused
from valise.formats.confined import Limits
from valise.formats.stix import terms

LINES = terms.LINES
LIMITS: Final = Limits(memory=512 * 2**20, cpu=20, wall=30)
SHOWN: Final = ("incident", "indicator")
_FORM_LIMIT: Final = 200_000


@dataclass(frozen=True, slots=True)
class Thing:
    """One incident or indicator. `pattern` of an indicator; `form` of an incident of ours, as JSON text, else "". Times ms UTC."""

    sort: str
    name: str
    description: str
    pattern: str
    created: int
    start: int
    until: int
    form: str
    embargo: int
    exercise: bool
    lang: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds that means something here. `tlp` the narrowest label of its objects, "" for none; `statements`
    other markings, word for word; `others` objects that were sound and are nothing to us."""

    things: tuple[Thing, ...]
    tlp: str
    statements: tuple[str, ...]
    others: int


# the parent's half


def read(source: Path | bytes, limits: Limits | None = None) -> Bundle:
    """The bundle. Refused("stix.*" | "format.*"), Unavailable("format.no_child")."""
    from valise.formats import records

    things: list[Thing] = []
    ending: dict[str, Any] | None = None
    for value in records.read("stix", source, limits=limits or LIMITS):
        if not isinstance(value, dict) or ending is not None or len(things) > terms.MAX_OBJECTS:
            raise refused("format.child")
        if value.keys() == {"tlp", "statements", "others"}:
            ending = value
        else:
            things.append(_thing(value))
    if ending is None:
        raise refused("format.child")
    tlp, statements, others = ending["tlp"], ending["statements"], ending["others"]
    if tlp not in ("", *terms.TLP_IDS) or type(others) is not int or not isinstance(statements, list):
        raise refused("format.child")
    return Bundle(tuple(things), tlp, tuple(_text(one, 1_000) for one in statements[:20]), others)


def _thing(value: dict[str, Any]) -> Thing:
    if value.keys() != Thing.__dataclass_fields__.keys() or value["sort"] not in SHOWN or type(value["exercise"]) is not bool:
        raise refused("format.child")
    times = [value[name] for name in ("created", "start", "until", "embargo")]
    if any(type(one) is not int or not 0 <= one < 2**45 for one in times) or not isinstance(value["marks"], list):
        raise refused("format.child")
    return Thing(
        value["sort"], _text(value["name"], 2_000), _text(value["description"], 100_000), _text(value["pattern"], terms.MAX_PATTERN),
        value["created"], value["start"], value["until"], _text(value["form"], _FORM_LIMIT), value["embargo"], value["exercise"],
        _text(value["lang"], 100), tuple(_text(one, 100) for one in value["marks"][:50]),
    )  # fmt: skip


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise refused("format.child")
    return value.encode("utf-8", "replace").decode()


# the child's half


def prepare() -> None:
    """Load the library while files can still be opened; one indicator makes its parser of patterns load too."""
    import stix2  # type: ignore[import-untyped]

    probe = "[ipv4-addr:value = '192.0.2.1']"
    stix2.parse(
        {"type": "indicator", "spec_version": "2.1", "id": terms.named("indicator", "probe"), "created": terms.FORM_MADE,
         "modified": terms.FORM_MADE, "pattern": probe, "pattern_type": "stix", "valid_from": terms.FORM_MADE}
    )  # fmt: skip
    stix2.parse({**terms.tlp_object("TLP:CLEAR")})


def frames(stream: Any, options: Mapping[str, Any]) -> Iterator[Any]:
    """One value for each incident and indicator, then one for all. Misread("stix.*") with the number of the object."""
    objects = _opened(stream)
    statements: list[str] = []
    labels: dict[str, str] = dict(terms.TLP_BY_ID)
    seen: set[str] = set()
    parsed = []
    for at, raw in enumerate(objects, 1):
        name = str(raw.get("id", ""))
        if name in seen and raw.get("type") != "marking-definition":
            raise misread("stix.twice", at)
        seen.add(name)
        one = _parsed(raw, at)
        if raw.get("type") == "marking-definition":
            _mark(raw, labels, statements, at)
        parsed.append((raw, one))
    used: set[str] = set()
    told = 0
    for raw, _one in parsed:
        used |= {str(ref) for ref in raw.get("object_marking_refs", ())}
        if raw["type"] in SHOWN:
            told += 1
            yield _told(raw)
    if not told:
        raise misread("stix.empty", 0)
    order = list(terms.TLP_IDS)
    found = sorted((labels[ref] for ref in used if ref in labels), key=order.index)
    others = sum(raw["type"] not in (*SHOWN, "marking-definition", "identity", "relationship", "extension-definition")
                 for raw, _one in parsed)  # fmt: skip
    yield {"tlp": found[0] if found else "", "statements": statements[:20], "others": others}


def misread(code: str, at: int) -> Exception:
    from valise.formats.records import Misread

    return Misread(code, LINES[code], at)


def _opened(stream: Any) -> list[dict[str, Any]]:
    data = stream.read(terms.MAX_BUNDLE + 1)
    if len(data) > terms.MAX_BUNDLE:
        raise misread("stix.big", 0)
    _shallow(data)
    try:
        value = json.loads(data.removeprefix(b"\xef\xbb\xbf").decode(), parse_constant=_nothing, parse_int=_whole)
    except RecursionError:
        raise misread("stix.deep", 0) from None
    except ValueError:
        raise misread("stix.json", 0) from None
    if not isinstance(value, dict) or value.get("type") != "bundle" or not isinstance(value.get("objects"), list):
        raise misread("stix.bundle", 0)
    objects: list[dict[str, Any]] = value["objects"]
    if len(objects) > terms.MAX_OBJECTS:
        raise misread("stix.many", 0)
    for at, one in enumerate(objects, 1):
        if not isinstance(one, dict) or not isinstance(one.get("type"), str) or not isinstance(one.get("id"), str):
            raise misread("stix.object", at)
        if one.get("spec_version", "2.1" if one["id"] in terms.TLP_BY_ID else "") != "2.1":
            raise misread("stix.version", at)
    return objects


def _shallow(data: bytes) -> None:
    """Refused before any parser goes down: brackets outside strings are counted as they come."""
    depth, inside, escaped = 0, False, False
    for sign in data:
        if inside:
            if escaped:
                escaped = False
            elif sign == 0x5C:
                escaped = True
            elif sign == 0x22:
                inside = False
        elif sign == 0x22:
            inside = True
        elif sign in (0x7B, 0x5B):
            depth += 1
            if depth > terms.MAX_DEPTH:
                raise misread("stix.deep", 0)
        elif sign in (0x7D, 0x5D):
            depth -= 1


def _nothing(_name: str) -> Any:
    raise ValueError  # NaN and Infinity are no JSON (RFC 8259, 6)


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError
    return int(digits)


def _parsed(raw: dict[str, Any], at: int) -> Any:
    """The object as the library sees it. Nothing it says of a fault is passed on: it quotes the file."""
    import stix2
    from stix2.exceptions import STIXError  # type: ignore[import-untyped]

    pattern = raw.get("pattern")
    if isinstance(pattern, str):
        _plain(pattern, at)
    try:
        return stix2.parse(dict(raw), allow_custom=True, version="2.1")
    except (MemoryError, RecursionError):
        raise
    except (STIXError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        raise misread("stix.object", at) from None


def _plain(pattern: str, at: int) -> None:
    if len(pattern) > terms.MAX_PATTERN:
        raise misread("stix.pattern", at)
    depth = most = 0
    for sign in pattern:
        depth += (sign in "([") - (sign in ")]")
        most = max(most, depth)
    if most > terms.PATTERN_DEPTH:
        raise misread("stix.pattern", at)


def _mark(raw: dict[str, Any], labels: dict[str, str], statements: list[str], at: int) -> None:
    """A marking definition: one of TLP 2.0 by its extension must bear the identifier everybody uses."""
    tlp = raw.get("extensions", {}).get(terms.TLP_EXTENSION, {}) if isinstance(raw.get("extensions"), dict) else {}
    label = f"TLP:{str(tlp.get('tlp_2_0', '')).upper()}" if isinstance(tlp, dict) and tlp else ""
    known = terms.TLP_BY_ID.get(raw["id"], "")
    if (label or known) and label != known and not (known and not label):
        raise misread("stix.red", at)
    definition = raw.get("definition")
    if raw.get("definition_type") == "statement" and isinstance(definition, dict):
        said = str(definition.get("statement", ""))[:1_000]
        if said and said not in statements:
            statements.append(said)
    if raw.get("definition_type") == "tlp" and isinstance(definition, dict):
        # TLP 1.0, which STIX 2.1 has in itself (7.2.1.4); white is what is clear now
        old = {"red": "TLP:RED", "amber": "TLP:AMBER", "green": "TLP:GREEN", "white": "TLP:CLEAR"}
        labels[raw["id"]] = old.get(str(definition.get("tlp", "")), "TLP:RED")


def _told(raw: dict[str, Any]) -> dict[str, Any]:
    ours = raw.get("extensions", {}).get(terms.FORM, {}) if isinstance(raw.get("extensions"), dict) else {}
    ours = ours if isinstance(ours, dict) else {}
    form, embargo = ours.get("form", ""), ours.get("embargo", 0)
    marks = raw.get("labels", [])
    name = str(raw.get("name", ""))[:2_000]
    return {
        "sort": raw["type"], "name": name, "description": str(raw.get("description", ""))[:100_000],
        "pattern": str(raw.get("pattern", "")) if raw.get("pattern_type") == "stix" else "",
        "created": _time(raw.get("created")), "start": _time(raw.get("valid_from")), "until": _time(raw.get("valid_until")),
        "form": form if isinstance(form, str) and len(form) <= _FORM_LIMIT else "",
        "embargo": embargo if type(embargo) is int and 0 <= embargo < 2**45 else 0,
        "exercise": name.startswith(terms.EXERCISE) or (isinstance(marks, list) and "exercise" in marks),
        "lang": str(raw.get("lang", ""))[:100], "marks": [str(one)[:100] for one in marks[:50]] if isinstance(marks, list) else [],
    }  # fmt: skip


def _time(value: Any) -> int:
    """RFC 3339 as ms UTC, 0 where there is none."""
    from datetime import datetime

    if not isinstance(value, str) or not value:
        return 0
    try:
        return max(0, min(int(datetime.fromisoformat(value).timestamp() * 1000), 2**45 - 1))
    except (ValueError, OverflowError):
        return 0
