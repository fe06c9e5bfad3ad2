"""Styles and automatic numbering of a Word document: what they make of a paragraph's beginning and of its letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from valise.formats.docx.names import child, flag, value, w

_BASED = 16  # how far a chain of styles is followed
_LEVELS = 9
_MOST = 10_000  # a number beyond this is written in digits


@dataclass(frozen=True, slots=True)
class Style:
    """What is said in one style itself; None and "" = nothing."""

    name: str = ""
    based: str = ""
    italic: bool | None = None
    hidden: bool | None = None
    outline: bool = False
    numbered: tuple[str, int] | None = None  # w:numId, w:ilvl


class Styles:
    """The styles part."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default = {"paragraph": "", "character": ""}
        self.language = value(root, "docDefaults", "rPrDefault", "rPr", "lang")
        for one in root.iterchildren(w("style")) if root is not None else ():
            key, kind = one.get(w("styleId"), ""), one.get(w("type"), "")
            if one.get(w("default"), "") in ("1", "true", "on") and kind in self._default:
                self._default[kind] = key
            run, block = child(one, "rPr"), child(one, "pPr")
            self._styles[key] = Style(
                value(one, "name").lower(), value(one, "basedOn"), flag(child(run, "i")), flag(child(run, "vanish")),
                _outlined(block), numbered(block),
            )  # fmt: skip

    def paragraph(self, key: str) -> list[Style]:
        """The style of a paragraph and those it is based on, nearest first."""
        return self._chain(key or self._default["paragraph"])

    def _chain(self, key: str) -> list[Style]:
        made: list[Style] = []
        while key in self._styles and len(made) < _BASED:
            made.append(self._styles[key])
            key = made[-1].based
        return made

    def letters(self, block: list[Style], run: etree._Element | None) -> tuple[bool, bool]:
        """(italic, hidden) of a run: what it says itself, else its styles; the two kinds of style toggle (17.7.3)."""
        own = self._chain(value(run, "rStyle")) if run is not None else []
        made = []
        for name, said in (("i", lambda style: style.italic), ("vanish", lambda style: style.hidden)):
            direct = flag(child(run, name))
            made.append(_first(own, said) ^ _first(block, said) if direct is None else direct)
        return made[0], made[1]


def _first(chain: list[Style], said: Callable[[Style], bool | None]) -> bool:
    return next((found for style in chain if (found := said(style)) is not None), False)


def _outlined(block: etree._Element | None) -> bool:
    level = value(block, "outlineLvl")
    return level.isdecimal() and int(level) < _LEVELS


def numbered(block: etree._Element | None) -> tuple[str, int] | None:
    """(list, level) that paragraph properties name; ("0", 0) takes a paragraph out of its style's list."""
    found = child(block, "numPr")
    if found is None:
        return None
    level = value(found, "ilvl")
    return value(found, "numId"), min(int(level), _LEVELS - 1) if level.isdecimal() and len(level) < 4 else 0


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    symbol: bool = False
    legal: bool = False


@dataclass(slots=True)
class _List:
    base: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The numbering part, and how far each list has counted. Lists of one definition count together (17.9.15)."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._at: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        bases = {one.get(w("abstractNumId"), ""): one for one in root.iterchildren(w("abstractNum"))}
        for one in root.iterchildren(w("num")):
            base = value(one, "abstractNumId")
            if base not in bases:
                continue
            made = _List(base, _levels(bases[base]))
            for over in one.iterchildren(w("lvlOverride")):
                level = _whole(over.get(w("ilvl"), ""), 0)
                if (own := child(over, "lvl")) is not None:
                    made.levels[level] = _level(own)
                if (start := value(over, "startOverride")).isdecimal():
                    made.restarts[level] = _whole(start, 1)
            self._lists[one.get(w("numId"), "")] = made

    def label(self, place: tuple[str, int] | None, count: bool = True) -> str:
        """What stands before a paragraph of this list and level. `count` = False looks ahead without counting."""
        found = self._lists.get(place[0]) if place else None
        if place is None or found is None:
            return ""
        level = place[1]
        said = found.levels.get(level, _Level())
        at = dict(self._at[found.base])
        if level in found.restarts and (place not in self._started):
            at[level] = found.restarts[level]
        else:
            at[level] = at[level] + 1 if level in at else said.start
        for deeper in range(level + 1, _LEVELS):
            at.pop(deeper, None)
        if count:
            self._started.add(place)
            self._at[found.base] = at
        if said.kind == "bullet":
            return "•" if said.symbol or not said.text.strip() else said.text.strip()
        text = said.text
        for depth in range(_LEVELS):
            if f"%{depth + 1}" in text:
                one = found.levels.get(depth, _Level())
                kind = "decimal" if said.legal and depth != level else one.kind
                text = text.replace(f"%{depth + 1}", numeral(at.get(depth, one.start), kind))
        return text.strip()


def _levels(base: etree._Element) -> dict[int, _Level]:
    return {_whole(one.get(w("ilvl"), ""), 0): _level(one) for one in base.iterchildren(w("lvl"))}


def _level(one: etree._Element) -> _Level:
    fonts = child(one, "rPr", "rFonts")
    text = value(one, "lvlText")
    return _Level(
        _whole(value(one, "start"), 1) if value(one, "start") else 1,
        value(one, "numFmt") or "decimal",
        text[:40],
        fonts is not None or any("\ue000" <= char <= "\uf8ff" for char in text),
        child(one, "isLgl") is not None,
    )


def _whole(said: str, otherwise: int) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else otherwise


_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_ARABIC = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_HAN = "零一二三四五六七八九"


def numeral(number: int, kind: str) -> str:
    """A number as a list writes it (ST_NumberFormat, 17.18.59); kinds we do not know are written in digits."""
    if not 0 < number < _MOST:
        return "" if kind == "none" else str(number)
    if kind in ("lowerLetter", "upperLetter"):
        return _cased(chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1), kind)
    if kind in ("lowerRoman", "upperRoman"):
        return _cased(_roman(number), kind)
    if kind in ("russianLower", "russianUpper"):
        return _cased(_RUSSIAN[(number - 1) % len(_RUSSIAN)], kind.replace("russian", "").lower())
    if kind in ("arabicAlpha", "arabicAbjad"):
        letters = _ARABIC if kind == "arabicAlpha" else _ABJAD
        return letters[(number - 1) % len(letters)]
    if number < 100 and kind in (
        "chineseCounting", "chineseCountingThousand", "ideographDigital", "taiwaneseCounting", "japaneseCounting",
    ):  # fmt: skip
        tens, ones = divmod(number, 10)
        return ("" if tens < 2 else _HAN[tens]) + ("十" if tens else "") + (_HAN[ones] if ones else "")
    if kind == "none":
        return ""
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _cased(text: str, kind: str) -> str:
    return text.upper() if kind.lower().startswith("upper") else text


def _roman(number: int) -> str:
    made = ""
    for size, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        made += sign * (number // size)
        number %= size
    return made
