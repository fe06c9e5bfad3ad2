"""One value of a column: whether it is what the column asks for, how it is written down, shown and sorted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from valise.domain.errors import NotAllowed, Refused
from valise.domain.message import TLP
from valise.domain.register.definition import Axis, Column, Words
from valise.domain.register.kinds import VALUE_LIMIT

Known = Mapping[str, Container[str]]
"""By kind of column ("state", "zone", "delegation", ...): the values there are. A kind that is absent is checked by form alone."""

REAL: Final = "state.real"  # in `Known`: States that a vault for practice refuses

Name = Callable[[str, str, str], str]
"""(kind, value, language) -> what a person calls it, "" when nobody knows: states, delegations, files, other rows."""

MOST: Final = 200  # values of one cell
LINE: Final = 2_000  # letters of a value that is one line
SORTED: Final = 48  # letters that a sort key looks at; those of a longer value that are equal so far are in no order
BETWEEN: Final = "; "  # values of one cell, as they are shown
YES_NO: Final[Mapping[str, tuple[str, str]]] = {
    "ar": ("نعم", "لا"), "zh": ("是", "否"), "en": ("yes", "no"), "fr": ("oui", "non"), "ru": ("да", "нет"), "es": ("sí", "no"),
}  # fmt: skip
AXES: Final[Mapping[Axis, Words]] = {
    "state": Words({"ar": "الدولة", "zh": "国家", "en": "State", "fr": "État", "ru": "Государство", "es": "Estado"}),
    "delegation": Words({"ar": "الوفد", "zh": "代表团", "en": "Delegation", "fr": "Délégation", "ru": "Делегация", "es": "Delegación"}),
    "item": Words({"ar": "البند", "zh": "事项", "en": "Item", "fr": "Point", "ru": "Пункт", "es": "Punto"}),
    "record": Words({"ar": "القيد", "zh": "记录", "en": "Entry", "fr": "Fiche", "ru": "Запись", "es": "Entrada"}),
}
KEY: Final = "@row"  # heading of the column in a file that holds the keys of rows
KEY_ASSESSED: Final = "@row (assessed)"
_BARRED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_ID = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)? ?(Z|UTC|[+-]\d{2}:\d{2})\Z")
_NUMBER = re.compile(r"([+-]?)0*(\d{1,18})(?:\.(\d{1,9}))?\Z")
_STATE = re.compile(r"[A-Z]{2}\Z")
# RFC 5646, 2.1: language, script, region, variants, extensions, private use; grandfathered tags are not taken
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-(?:[A-Za-z]{2}|\d{3}))?(-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?\Z"
)
# RFC 5321, 4.1.2 with the lengths of 4.5.3.1; letters beyond ASCII as RFC 6531 has them, no quoted local part
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])\Z")
_PHONE = re.compile(r"\+?[\d ()./-]{3,30}(?: ?(?:ext\.?|x) ?\d{1,8})?\Z")
_SYMBOL = re.compile(
    r"[A-Z][A-Za-z0-9.-]{0,30}(?:/[A-Za-z0-9.()*-]{1,40}){1,8}(?: [A-Z]{1,2})?"
    r"(?:,? (?:paras?|annex|chap|sect|pp?|OP|PP|page)\.?(?: [\w().,\u2013-]{1,20}){0,6})?\Z"
)
# RFC 3986, 3: a page of the web; who names a password before its host is not believed
_URL = re.compile(
    r"(?i:https?)://(?P<host>[^\s/?#@:\[\]\\]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?(?:[/?#][^\s\\]*)?\Z"
)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}\Z")
_RECORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}/\S{1,200}\Z")
_PARAGRAPH = re.compile(r"[A-Za-z0-9_-]{43}#\S{1,100}\Z")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?\Z")


def check(column: Column, value: str, known: Known | None = None) -> str:
    """The value as it is kept. Refused("register.value", id of the column), NotAllowed("training.real_state", the same)."""
    made = _tidy(value, many_lines=column.kind == "long")
    if not made or len(made) > (VALUE_LIMIT if column.kind == "long" else LINE):
        raise _refused(column)
    found = _MADE[column.kind](column, made)
    if not found or (column.kind in (known or {}) and found not in (known or {})[column.kind]):
        raise _refused(column)
    if column.kind == "state" and found in (known or {}).get(REAL, ()):
        raise NotAllowed("training.real_state", column.id)
    return found


def checked(column: Column, values: Sequence[str], known: Known | None = None) -> tuple[str, ...]:
    """The values of a cell, empty ones left out, none twice. Refused("register.value", id of the column)."""
    made = dict.fromkeys(check(column, one, known) for one in values if _tidy(one, many_lines=True))
    if len(made) > (MOST if column.many else 1):
        raise _refused(column)
    return tuple(made)


def fits(column: Column, values: Sequence[str], known: Known | None = None) -> bool:
    """Whether a cell holds what its column asks for, written as we write it."""
    try:
        return checked(column, values, known) == tuple(values)
    except (Refused, NotAllowed):
        return False


def shown(column: Column, values: Sequence[str], language: str = "en", name: Name | None = None) -> str:
    """The cell as a table, a file and a screen reader show it."""
    return BETWEEN.join(_shown(column, one, language, name) for one in values)


def parse(column: Column, text: str, language: str = "en", told: Mapping[str, str] | None = None) -> str:
    """A value of what a file shows of it: the title of a choice, the name of a State (`told`: name, folded -> value), a word
    for yes. What is none of these is given back as it stands, for `check`."""
    folded = fold(text)
    if column.kind == "choice":
        for choice in column.choices:
            if folded in (fold(choice.id), *(fold(one) for one in choice.title.by.values())):
                return choice.id
    if column.kind == "yesno":
        for tongue in (language, *YES_NO):
            for n, one in enumerate(YES_NO.get(tongue, ())):
                if folded in (fold(one), ("yes", "no")[n]):
                    return ("yes", "no")[n]
    if column.kind == "moment" and text.endswith(" UTC"):
        return text.removesuffix(" UTC").replace(" ", "T") + "Z"
    return (told or {}).get(folded, text)


def fold(text: str) -> str:
    """Words of a file compared: without case, spaces single, apostrophes straight."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split())


def sort_key(value: str) -> int | float | str:
    """What a value is sorted and looked up by: numbers by size, before words; words without case and accents."""
    if _PLAIN_NUMBER.match(value) and value.isascii():
        return float(value) if "." in value else int(value)
    text = value[: 4 * SORTED]
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(one for one in parts if not unicodedata.combining(one)))
    return text.casefold()[:SORTED]


def order(key: int | float | str) -> tuple[int, int | float, str]:
    """A sort key among others: numbers first."""
    return (1, 0, key) if isinstance(key, str) else (0, key, "")


def _refused(column: Column) -> Refused:
    return Refused("register.value", column.id)


def _tidy(value: str, *, many_lines: bool) -> str:
    """NFC, no control characters or lone surrogates, spaces in one line single."""
    text = value
    if not (value.isascii() and value.isprintable()):
        text = unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode()).replace("\r\n", "\n").replace("\r", "\n")
        text = _BARRED.sub("", text)
    return text.strip() if many_lines else " ".join(text.split())


def _shown(column: Column, value: str, language: str, name: Name | None) -> str:
    if column.kind == "choice":
        choice = column.choice(value)
        return choice.title.in_(language) if choice else value
    if column.kind == "yesno" and value in ("yes", "no"):
        return YES_NO.get(language, YES_NO["en"])[value == "no"]
    if column.kind == "moment" and _MOMENT.match(value):
        return value.replace("T", " ").replace("Z", " UTC")
    if column.kind in _NAMED and name is not None:
        return name(column.kind, value, language) or value
    return value


_NAMED: Final = frozenset({"state", "delegation", "contact", "paragraph", "record", "evidence"})


# one kind of column each: (column, tidied value) -> as it is kept, "" when it is not one


def _text(column: Column, value: str) -> str:
    return value


def _date(column: Column, value: str) -> str:
    if not _DATE.match(value):
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


def _moment(column: Column, value: str) -> str:
    found = _MOMENT.match(value)
    if not found:
        return ""
    zone = "+00:00" if found[3] in ("Z", "UTC") else found[3]
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{at:%Y-%m-%dT%H:%M}Z".rjust(17, "0")  # years before 1000 too


def _number(column: Column, value: str) -> str:
    plain = "".join(str(unicodedata.decimal(one, one)) for one in value).replace("\u2212", "-")
    found = _NUMBER.match(plain)
    if not found or not plain.isascii():
        return ""
    rest = (found[3] or "").rstrip("0")
    made = f"{found[2]}.{rest}" if rest else found[2]
    return f"-{made}" if found[1] == "-" and made.strip("0.") else made


def _yesno(column: Column, value: str) -> str:
    return value if value in ("yes", "no") else ""


def _choice(column: Column, value: str) -> str:
    return value if column.choice(value) else ""


def _state(column: Column, value: str) -> str:
    return value.upper() if _STATE.match(value.upper()) else ""


def _language(column: Column, value: str) -> str:
    if len(value) > 60 or not _LANGUAGE.match(value):
        return ""
    parts = value.split("-")  # RFC 5646, 2.1.1: how a tag is written
    alone = next((n for n, one in enumerate(parts) if len(one) == 1), len(parts))
    return "-".join(
        one.lower() if n == 0 or n >= alone else one.title() if len(one) == 4 and one.isalpha() else one.upper() if len(one) == 2
        else one.lower()
        for n, one in enumerate(parts)
    )  # fmt: skip


def _email(column: Column, value: str) -> str:
    return value if len(value) <= 254 and ".." not in value and _EMAIL.match(value) else ""


def _phone(column: Column, value: str) -> str:
    return value if _PHONE.match(value) and 3 <= sum(one.isdigit() for one in value.lower().split("x")[0]) <= 15 else ""


def _url(column: Column, value: str) -> str:
    found = _URL.match(value)
    return value if found and found["host"].strip(".") and found["port"] != "0" else ""


def _matching(pattern: re.Pattern[str]) -> Callable[[Column, str], str]:
    return lambda column, value: value if pattern.match(value) else ""


def _short(column: Column, value: str) -> str:
    return value if len(value) <= 60 else ""


def _marking(column: Column, value: str) -> str:
    """Any words, but of the Traffic Light Protocol's labels (TLP 2.0) one of the five: half of one hides nothing."""
    if value.upper().startswith("TLP"):
        return value.upper() if value.upper() in TLP else ""
    return _short(column, value)


def _key(column: Column, value: str) -> str:
    return value if len(value) <= 200 and " " not in value else ""


_MADE: Final[Mapping[str, Callable[[Column, str], str]]] = {
    "text": _text, "long": _text, "date": _date, "moment": _moment, "number": _number, "yesno": _yesno, "choice": _choice,
    "state": _state, "delegation": _matching(_ID), "contact": _key, "paragraph": _matching(_PARAGRAPH),
    "record": _matching(_RECORD), "evidence": _matching(_ID), "marking": _marking, "language": _language, "email": _email,
    "phone": _phone, "url": _url, "symbol": _matching(_SYMBOL), "zone": _matching(_ZONE),
}  # fmt: skip
