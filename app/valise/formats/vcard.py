"""Contact cards: vCard 4.0 (RFC 6350) and 3.0 (RFC 2426) out, both in. Read by vobject in the confined child; what was written
is read back there before anybody gets it. What RFC 6350 has no property for stands under X-POC names of ours."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from valise.formats import records
from valise.formats.abc import refused
from valise.formats.confined import Limits
from valise.formats.records import Misread

VERSIONS: Final = ("3.0", "4.0")
MAX_FILE: Final = 8 * 2**20  # bytes
MAX_CARDS: Final = 2_000
MAX_LINES: Final = 400  # properties of one card
MAX_TEXT: Final = 2_000  # code points of one value
MAX_MANY: Final = 20  # values of one property
OURS: Final = ("state", "directory", "category", "entry", "hours", "channel", "marking", "valid-from")
_LIMITS: Final = Limits(cpu=20, wall=30)
_BARRED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_KNOWN: Final = frozenset({
    "VERSION", "FN", "N", "ORG", "TITLE", "ROLE", "NOTE", "EMAIL", "TEL", "LANG", "TZ", "UID", "KIND", "PRODID", "REV", "X-POC-LANGUAGE",
    *(f"X-POC-{name.upper()}" for name in OURS),
})  # fmt: skip
_LINE: Final = 75  # octets of a folded line (RFC 6350, 3.2)

LINES: Final[Mapping[str, str]] = {
    "vcard.none": "there is no contact card in this file",
    "vcard.torn": "a contact card is not whole, or a line of it is not built as the standard says",
    "vcard.version": "a contact card is of another version than 3.0 or 4.0",
    "vcard.name": "a contact card names nobody",
    "vcard.nested": "a contact card holds another component inside",
    "vcard.many": "the file holds more cards, or a card more properties, than any directory has",
    "vcard.long": "a value of a contact card is longer than 2,000 characters",
    "vcard.control": "a contact card holds control characters",
    "vcard.encoding": "the file is not valid UTF-8 text",
    "vcard.written": "the cards could not be read back as they were written",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `name` as it is shown (FN); `person` () or (family, given, additional, prefixes, suffixes); `emails` and
    `languages` in order of preference; `phones` = (number, kind) with kind "" or "24x7"; `ours` by the names of OURS, several
    values each. `left_out`: properties without a place here."""

    name: str
    person: tuple[str, ...] = ()
    organization: str = ""
    title: str = ""
    role: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    zone: str = ""
    note: str = ""
    uid: str = ""
    ours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: int = 0


def written(cards: Sequence[Card], version: str = "4.0") -> bytes:
    """The file, read back and found equal. Misread("vcard.*") for what no card can hold."""
    if version not in VERSIONS:
        raise misread("vcard.version")
    for number, one in enumerate(cards, 1):
        _admissible(one, number)
    data = "".join(line for one in cards for line in _lines(one, version)).encode("utf-8")
    if [_plain(one) for one in read(data)] != [_plain(one) for one in cards]:
        raise misread("vcard.written")
    return data


def read(source: Path | bytes) -> list[Card]:
    """The cards of a file. Misread("vcard.*") with the number of the card, and the refusals of `records.read`."""
    made: list[Card] = []
    with closing(records.read("vcard", source, limits=_LIMITS)) as values:
        for value in values:
            made.append(_believed(value))
            if len(made) > MAX_CARDS:
                raise refused("format.child")
    if not made:
        raise misread("vcard.none")
    return made


def misread(code: str, card: int = 0) -> Misread:
    return Misread(code, LINES[code], card)


# writing


def _lines(one: Card, version: str) -> Iterator[str]:
    new = version == "4.0"
    yield "BEGIN:VCARD\r\n"
    yield f"VERSION:{version}\r\n"
    if new:
        yield _fold(f"KIND:{'individual' if one.person else 'org'}")
    yield _fold(f"FN:{_text(one.name)}")
    person = (*one.person, "", "", "", "", "")[:5]
    if one.person or not new:  # version 3.0 asks for it (RFC 2426, 3.1.2)
        yield _fold("N:" + ";".join(_text(part) for part in person))
    if one.organization:
        yield _fold(f"ORG:{_text(one.organization)}")
    for name, value in (("TITLE", one.title), ("ROLE", one.role), ("NOTE", one.note)):
        if value:
            yield _fold(f"{name}:{_text(value)}")
    for place, address in enumerate(one.emails, 1):
        kind = f";PREF={place}" if new else ";TYPE=INTERNET,PREF" if place == 1 else ";TYPE=INTERNET"
        yield _fold(f"EMAIL{kind}:{_text(address)}")
    for number, kind in one.phones:
        kinds = ",".join(("work", "voice", *(["x-24x7"] if kind else [])))
        if new and (uri := _tel(number)):
            yield _fold(f'TEL;VALUE=uri;TYPE="{kinds}":{uri}')
        else:
            yield _fold(f"TEL;TYPE={kinds if not new else chr(34) + kinds + chr(34)}:{_text(number)}")
    for place, language in enumerate(one.languages, 1):
        yield _fold(f"LANG;PREF={place}:{language}" if new else f"X-POC-LANGUAGE:{_text(language)}")
    if one.zone:
        yield _fold(f"TZ:{_text(one.zone)}" if new else f"TZ;VALUE=text:{_text(one.zone)}")
    if one.uid:
        yield _fold(f"UID:{one.uid}")
    for name in OURS:
        for value in one.ours.get(name, ()):
            yield _fold(f"X-POC-{name.upper()}:{_text(value)}")
    yield "END:VCARD\r\n"


def _text(value: str) -> str:
    """RFC 6350, 3.4."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def _tel(number: str) -> str:
    """The number as a URI (RFC 3966), "" where it is none in E.164: then it stands as text."""
    plain = re.sub(r"[\s().-]", "", number)
    return f"tel:{plain}" if plain == number and re.fullmatch(r"\+[0-9]{4,15}", plain) else ""


def _fold(line: str) -> str:
    """Lines of at most 75 octets, never cut within a character."""
    made, octets = [], 0
    for char in line:
        size = len(char.encode("utf-8"))
        if octets + size > _LINE:
            made.append("\r\n ")
            octets = 1
        made.append(char)
        octets += size
    return "".join((*made, "\r\n"))


def _admissible(one: Card, number: int) -> None:
    if not one.name.strip():
        raise misread("vcard.name", number)
    unknown = set(one.ours) - set(OURS)
    if unknown:
        raise misread("vcard.torn", number)
    for text in _texts(one):
        if len(text) > MAX_TEXT:
            raise misread("vcard.long", number)
        if _BARRED.search(text):
            raise misread("vcard.control", number)
    if any(len(many) > MAX_MANY for many in (one.emails, one.phones, one.languages, *one.ours.values())):
        raise misread("vcard.many", number)


def _texts(one: Card) -> Iterator[str]:
    yield from (one.name, one.organization, one.title, one.role, one.zone, one.note, one.uid)
    yield from (*one.person, *one.emails, *one.languages)
    for number, kind in one.phones:
        yield from (number, kind)
    for values in one.ours.values():
        yield from values


def _plain(one: Card) -> Card:
    """What must be the same before and after: all but spaces at an edge, which readers drop."""
    return Card(
        one.name.strip(), _person(one.person), one.organization.strip(), one.title.strip(), one.role.strip(),
        tuple(text.strip() for text in one.emails), tuple((text.strip(), kind) for text, kind in one.phones),
        tuple(text.strip() for text in one.languages), one.zone.strip(), one.note.strip(), one.uid.strip(),
        {name: tuple(text.strip() for text in values) for name, values in one.ours.items() if values},
    )  # fmt: skip


def _person(parts: Sequence[str]) -> tuple[str, ...]:
    """The five parts of a name, () when all of them are empty."""
    five = tuple(part.strip() for part in (*parts, "", "", "", "", "")[:5])
    return five if any(five) else ()


# believing


def _believed(value: Any) -> Card:
    """A card as the child says, every value checked. Refused("format.child")."""
    if not isinstance(value, dict) or value.keys() != {one.name for one in fields(Card)}:
        raise refused("format.child")
    try:
        made = Card(
            value["name"], tuple(value["person"]), value["organization"], value["title"], value["role"], tuple(value["emails"]),
            tuple((number, kind) for number, kind in value["phones"]), tuple(value["languages"]), value["zone"], value["note"],
            value["uid"], {name: tuple(values) for name, values in value["ours"].items()}, value["left_out"],
        )  # fmt: skip
        sound = all(type(text) is str for text in _texts(made)) and type(made.left_out) is int and 0 <= made.left_out <= MAX_LINES
        sound = sound and len(made.person) in (0, 5) and all(kind in ("", "24x7") for _, kind in made.phones)
        if sound:
            _admissible(made, 0)
    except (TypeError, ValueError, AttributeError, Misread):
        sound = False
    if not sound:
        raise refused("format.child")
    return made


# what runs in the child


def prepare() -> None:
    """Load vobject while files can be opened, and let it look up what it loads late."""
    codecs.lookup("utf-8-sig")
    import vobject  # type: ignore[import-untyped]

    for version in VERSIONS:
        sample = f"BEGIN:VCARD\r\nVERSION:{version}\r\nFN:x\r\nN:x;;;;\r\nORG:x\r\nX-POC-STATE:x\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\n"
        list(vobject.readComponents(sample, validate=False, transform=False))


def frames(stream: Any, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One value a card. Misread("vcard.*")."""
    import vobject

    data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise misread("vcard.many")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise misread("vcard.encoding") from None
    number = 0
    found = vobject.readComponents(text, validate=False, transform=False)
    while True:
        try:
            one = next(found, None)
        except (vobject.base.VObjectError, AttributeError, LookupError, TypeError, ValueError):
            # vobject meets lines outside any component, unknown encodings and the like with whatever error comes
            raise misread("vcard.torn", number + 1) from None
        if one is None:
            return
        number += 1
        if number > MAX_CARDS:
            raise misread("vcard.many", number)
        yield _card(one, number)


def _card(one: Any, number: int) -> dict[str, Any]:
    if getattr(one, "name", "") != "VCARD":
        raise misread("vcard.torn", number)
    lines = list(one.getChildren())
    if len(lines) > MAX_LINES:
        raise misread("vcard.many", number)
    if any(type(line).__name__ == "Component" for line in lines):
        raise misread("vcard.nested", number)
    held: dict[str, list[Any]] = {}
    for line in lines:
        name = line.name.upper()
        if not isinstance(line.value, str) and name in _KNOWN:  # bytes where words belong
            raise misread("vcard.torn", number)
        held.setdefault(name, []).append(line)
    if [line.value.strip() for line in held.get("VERSION", ())] not in (["3.0"], ["4.0"]):
        raise misread("vcard.version", number)
    made = _taken(held)
    person = made.person if _first(held, "KIND").casefold() != "org" else ()
    name = made.name or " ".join(part for part in (person[3:4] + person[1:3] + person[0:1]) if part) or made.organization
    made = Card(name, person, *(getattr(made, one.name) for one in fields(Card)[2:]))
    _admissible(made, number)
    return {one.name: getattr(made, one.name) for one in fields(Card)}


def _taken(held: Mapping[str, list[Any]]) -> Card:
    ours = {
        name: tuple(line.value.strip() for line in held[f"X-POC-{name.upper()}"]) for name in OURS if f"X-POC-{name.upper()}" in held
    }
    left = sum(len(lines) for name, lines in held.items() if name not in _KNOWN)
    left += sum(max(0, len(held.get(name, ())) - 1) for name in ("FN", "N", "ORG", "TITLE", "ROLE", "NOTE", "TZ"))
    phones = []
    for line in _preferred(held.get("TEL", ())):
        number = line.value.strip()
        kinds = {kind.casefold() for told in line.params.get("TYPE", ()) for kind in told.split(",")}
        if "fax" in kinds:
            left += 1
            continue
        phones.append((number[4:] if number.casefold().startswith("tel:") else number, "24x7" if "x-24x7" in kinds else ""))
    tongues = [line.value.strip() for line in (*_preferred(held.get("LANG", ())), *held.get("X-POC-LANGUAGE", ()))]
    return Card(
        _first(held, "FN"), _person(_parts(_raw(held, "N"))), ", ".join(part for part in _parts(_raw(held, "ORG")) if part),
        _first(held, "TITLE"), _first(held, "ROLE"), tuple(line.value.strip() for line in _preferred(held.get("EMAIL", ()))),
        tuple(phones), tuple(tongues), _first(held, "TZ"), _first(held, "NOTE"), _first(held, "UID"), ours, left,
    )  # fmt: skip


def _first(held: Mapping[str, list[Any]], name: str) -> str:
    return held[name][0].value.strip() if name in held else ""


def _raw(held: Mapping[str, list[Any]], name: str) -> str:
    return held[name][0].value if name in held else ""


def _preferred(lines: Sequence[Any]) -> list[Any]:
    """By PREF (RFC 6350, 5.3), then those marked as preferred in version 3.0, then as they stand."""

    def rank(line: Any) -> int:
        told = next(iter(line.params.get("PREF", ())), "")
        if told.isdecimal() and len(told) < 4:
            return int(told)
        marked = any(kind.casefold() == "pref" for one in line.params.get("TYPE", ()) for kind in one.split(","))
        return 0 if marked else 101

    return sorted(lines, key=rank)


def _parts(value: str) -> list[str]:
    """A structured value: parts between semicolons, each unescaped."""
    made, current, escape = [], "", False
    for char in value:
        if escape:
            current += "\n" if char in "nN" else char
            escape = False
        elif char == "\\":
            escape = True
        elif char == ";":
            made.append(current)
            current = ""
        else:
            current += char
    return [one.strip() for one in (*made, current)]
