"""The letters of a printed text: which fonts have them, how they are written so that they can be found again in the file."""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QRawFont, QTextLayout

from valise.ui.fonts import scripts_of

FAMILIES: Final = ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans")
# The joined letters lam and alef are glyphs without a character of their own in many fonts; written as the characters
# Unicode has for them (U+FEF5 to U+FEFC) they can be found and copied again. A joiner keeps the letter before joined.
_LAM: Final = "\u0644"
_ALEFS: Final = {"\u0622": "\ufef5", "\u0623": "\ufef7", "\u0625": "\ufef9", "\u0627": "\ufefb"}
_JOINS_ON: Final = frozenset("بتثجحخسشصضطظعغفقكلمنهيئـپچگک")
_MARKS: Final = frozenset(chr(code) for code in (*range(0x64B, 0x660), 0x670))
_ALLAH: Final = "\u0627\u0644\u0644\u0647"


class MissingFont(Exception):
    """Some character would print as a box."""


class Letters:
    """Every character that is printed passes through `shaped`.

    `codes`: a character of no script that delegations write in, and of no font here, is printed as its number in
    Unicode. One such character, sent by somebody else, must not keep a notification or a register from being printed.
    """

    def __init__(self, font: QFont, *, codes: bool = False) -> None:
        self.font = font
        self.codes = codes
        self.seen: set[str] = set()
        self._fonts: list[QRawFont] = []
        self._drawn: dict[str, bool] = {}
        arabic = _raw("Noto Naskh Arabic")
        self.ligatures = all(arabic.supportsCharacter(ord(one)) for one in ("\ufefb", "\ufefc", "\ufef7", "\ufdf2"))

    def shaped(self, text: str) -> str:
        """As it is printed; every character is noted."""
        text = text.replace("\r\n", "\u2028").replace("\n", "\u2028").replace("\r", "\u2028")
        if self.codes and not text.isascii():
            text = text.translate({ord(one): f"[U+{ord(one):04X}]" for one in set(text) if self._strange(one)})
        self.seen.update(text)
        if not self.ligatures or _LAM not in text:
            return text
        made: list[str] = []
        at = 0
        while at < len(text):
            before = next((one for one in reversed(made[-4:]) if one not in _MARKS), " ")
            if text.startswith(_ALLAH, at) and before not in _JOINS_ON and not text[at + 4 : at + 5].isalpha():
                made.append("\ufdf2")
                at += 4
            elif text[at] == _LAM and (form := _ALEFS.get(text[at + 1 : at + 2])):
                made += ["\u200d", chr(ord(form) + 1)] if before in _JOINS_ON else [form]
                at += 2
            else:
                made.append(text[at])
                at += 1
        return "".join(made)

    def check(self) -> None:
        """MissingFont if a character of the text has no glyph in any font here."""
        if not all(self._has(char) for char in sorted(self.seen)):
            raise MissingFont

    def _strange(self, char: str) -> bool:
        return not self._has(char) and (unicodedata.category(char) == "Cn" or not scripts_of(char))

    def _has(self, char: str) -> bool:
        if char not in self._drawn:
            self._fonts = self._fonts or [_raw(name) for name in FAMILIES]
            silent = unicodedata.category(char) in _SILENT
            self._drawn[char] = silent or any(one.supportsCharacter(ord(char)) for one in self._fonts) or self._elsewhere(char)
        return self._drawn[char]

    def _elsewhere(self, char: str) -> bool:
        """Whether another font of this computer has it."""
        layout = QTextLayout(char, self.font)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return not any(0 in run.glyphIndexes() for run in layout.glyphRuns())

    def aliases(self) -> dict[str, str]:
        """Where fonts draw two characters alike, Qt names the lower one in the file (a tab for every space, a radical for
        a word): {what it names: what stands in this text}."""
        made: dict[str, str] = {}
        wanted = sorted(char for char in self.seen if ord(char) < 0x10000 and unicodedata.category(char) != "Cf")
        low = "".join(chr(code) for code in range(9, 0xFFFE) if not 0xD800 <= code < 0xE000)
        for family in FAMILIES:
            for bold, italic in ((False, False), (True, False), (False, True)):
                font = _raw(family, bold, italic)
                named: dict[int, str] = {}
                for char, glyph in zip(low, font.glyphIndexesForString(low), strict=False):
                    if glyph:
                        named.setdefault(glyph, char)
                for char, glyph in zip(wanted, font.glyphIndexesForString("".join(wanted)), strict=False):
                    other = named.get(glyph, char)
                    if other != char and other not in self.seen:
                        made.setdefault(other, char)
        return made


_SILENT: Final = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))  # categories of Unicode that draw nothing


def _raw(family: str, bold: bool = False, italic: bool = False) -> QRawFont:
    font = QFont(family)
    font.setBold(bold)
    font.setItalic(italic)
    return QRawFont.fromFont(font, QFontDatabase.WritingSystem.Any)
