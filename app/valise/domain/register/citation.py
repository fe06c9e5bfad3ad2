"""What somebody means who types "A/70/174, para. 13 (f)", "norme f" or "CBM 12 OSCE": items of registers by how they are cited.

Reads the writing of the six languages; looks up in dictionaries and scans nothing but titles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from valise.domain.register.definition import Item

LONGEST: Final = 200  # letters of what is typed that are looked at
Found = tuple[str, Item]  # register, item

_SYMBOL = re.compile(r"[a-z]{1,6}(?:[.-][a-z0-9]+)*(?:/[a-z0-9.-]*[a-z0-9])+")
_PIECE = re.compile(r"[0-9]+|[a-z]+|[\u0400-\u04ff]+|[\u0600-\u06ff]+|[\u3400-\u9fff]+")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ALIKE: Final = str.maketrans("асеор", "aceop")  # Cyrillic letters of a symbol that look like the Latin ones
_ARABIC: Final = dict(zip("ابجدهوزحطيك", "abcdefghijk", strict=True))  # the order in which paragraphs are lettered
_LETTERS: Final = frozenset("abcdefghijk")

NORM: Final = frozenset({
    "norm", "norms", "norme", "normes", "норма", "нормы", "норме", "norma", "normas", "معيار", "المعيار", "معايير", "المعايير",
    "قاعدة", "القاعدة", "قواعد", "规范", "規範", "准则",
})  # fmt: skip
MEASURE: Final = frozenset({
    "cbm", "cbms", "mdc", "mfc", "mesure", "mesures", "мд", "мера", "меры", "medida", "medidas", "measure", "measures",
    "تدبير", "التدبير", "تدابير", "措施",
})  # fmt: skip
OF: Final[Mapping[str, str]] = {
    "osce": "cbm.osce", "обсе": "cbm.osce", "欧安组织": "cbm.osce", "oas": "cbm.oas", "oea": "cbm.oas", "оаг": "cbm.oas",
    "美洲国家组织": "cbm.oas", "un": "cbm.global", "onu": "cbm.global", "оон": "cbm.global", "联合国": "cbm.global", "global": "cbm.global",
    "oewg": "cbm.global", "mondiale": "cbm.global", "mundial": "cbm.global", "глобальная": "cbm.global", "全球": "cbm.global",
    "العالمي": "cbm.global", "العالمية": "cbm.global", "الاوروبي": "cbm.osce", "اوروبا": "cbm.osce", "الامريكية": "cbm.oas",
    "arf": "cbm.asean-arf", "asean": "cbm.asean-arf", "асеан": "cbm.asean-arf", "东盟": "cbm.asean-arf",
}  # fmt: skip
_CHINESE: Final = tuple(sorted((one for one in (*NORM, *MEASURE, *OF) if one[0] >= "\u3400"), key=len, reverse=True))
_WORKS: Final[Mapping[str, str]] = {
    "a/70/174": "norms", "a/76/135": "norms", "pc.dec/1106": "cbm.osce", "pc.dec/1202": "cbm.osce",
    "cicte/res.1/17": "cbm.oas", "a/78/265": "cbm.global", "a/79/214": "cbm.global",
}  # fmt: skip
_PARAGRAPH: Final = 13  # of A/70/174, under which the norms are lettered


def fold(text: str) -> str:
    """For comparing: small letters without accents, vowel signs and marks of direction; digits of any writing as 0-9."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    made = "".join(one for one in parts if not unicodedata.combining(one))
    return _MARKS.sub("", "".join(str(unicodedata.decimal(one, one)) for one in made))


class Citations:
    """The items of the registers, by what they are cited as. `items`: register -> its items."""

    def __init__(self, items: Mapping[str, Iterable[Item]]) -> None:
        self._by: dict[tuple[str, str], Item] = {}
        self._symbols: dict[str, list[Found]] = {}
        self._titles: list[tuple[str, Found]] = []
        for register, every in items.items():
            for item in every:
                self._by[register, item.id] = item
                if register == "documents":
                    self._symbols.setdefault(fold(item.symbol), []).append((register, item))
                words = " ".join((*item.title.by.values(), *item.values.get("short", ())))
                self._titles.append((f" {fold(words)}", (register, item)))

    def cited(self, typed: str) -> list[Found]:
        """What these words cite, the one that is meant first; [] when they are no citation."""
        text = fold(typed[:LONGEST])
        symbols = _symbols(text)
        for one in symbols:
            text = text.replace(one, " ")
        symbols = [one.translate(_ALIKE) for one in symbols]
        pieces = list(_pieces(text))
        made = [*self._item(symbols, pieces), *self._documents(symbols)]
        return list({(register, item.id): (register, item) for register, item in made}.values())

    def titled(self, typed: str, most: int = 5) -> list[Found]:
        """Items in whose title or short name every word begins a word, in any of the languages; nothing for less than three
        letters."""
        words = fold(typed[:LONGEST]).split()
        if sum(map(len, words)) < 3 and not any(one >= "\u3400" for one in typed):
            return []
        # Arabic joins its article to the word, Chinese has no spaces: there, anywhere in a word
        sought = [word if word[0] >= "\u0600" else f" {word}" for word in words]
        return [found for text, found in self._titles if all(word in text for word in sought)][:most]

    def _item(self, symbols: list[str], pieces: list[str]) -> list[Found]:
        numbers = [int(one) for one in pieces if one.isdigit() and len(one) < 5]
        letters = [found for one in pieces if (found := _letter(one))]
        works = {_WORKS[one] for one in symbols if one in _WORKS}
        if symbols and not works:
            return []
        norm, measure = bool(NORM & {*pieces}) or "norms" in works, bool(MEASURE & {*pieces})
        named = [OF[one] for one in pieces if one in OF] or [one for one in works if one != "norms"]
        if not measure and not named and letters and (norm or _PARAGRAPH in numbers):
            return self._known([("norms", letters[-1])])
        if norm and not letters and numbers and not measure:
            within = [one for one in numbers if one != _PARAGRAPH or len(numbers) == 1]
            return self._known([("norms", "abcdefghijk"[one - 1]) for one in within[-1:] if 1 <= one <= 11])
        if numbers and (measure or named):
            return self._known(
                (register, str(numbers[-1])) for register in named or ("cbm.global", "cbm.osce", "cbm.oas")
            )
        return []

    def _known(self, wanted: Iterable[tuple[str, str]]) -> list[Found]:
        return [(register, self._by[register, id]) for register, id in wanted if (register, id) in self._by]

    def _documents(self, symbols: list[str]) -> list[Found]:
        made: list[Found] = []
        for one in symbols:
            exact = self._symbols.get(one, [])
            made += exact or [
                found for symbol, every in self._symbols.items() if symbol.startswith(one) for found in every
            ]
        return made[:20]


def _symbols(text: str) -> list[str]:
    """Document symbols as they stand in `text`, also where the first letters are Cyrillic ones that look alike."""
    latin = text.translate(_ALIKE)
    return [text[one.start() : one.end()] for one in _SYMBOL.finditer(latin)] if len(latin) == len(text) else []


def _pieces(text: str) -> Iterable[str]:
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece[0] < "\u3400":
            yield piece
            continue
        rest = piece  # Chinese has no spaces: the words that mean something here, the longest first
        for word in _CHINESE:
            if word in rest:
                yield word
                rest = rest.replace(word, " ")


def _letter(piece: str) -> str:
    one = piece.translate(_ALIKE)
    if len(one) == 1 and one in _LETTERS:
        return one
    return _ARABIC.get(piece, "") if len(piece) == 1 else ""
