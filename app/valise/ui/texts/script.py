"""Scripts and code points: the edge between QString (UTF-16) and the record (code points), and text direction."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt

_RTL_LANGUAGES = frozenset({"ar", "fa", "he", "iw", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"})
_RTL_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc"})
PDI = "\u2069"
_BREAKS = str.maketrans({"\r": "", "\n": "\u2028", "\u2029": "\u2028", "\t": " "})


def _tricky(character: str) -> bool:
    """Overrides and embeddings can show other words than were signed; control codes show nothing at all."""
    return "\u202a" <= character <= "\u202e" or (unicodedata.category(character) == "Cc" and character not in "\n\t")


def shown(text: str) -> str:
    """Words of the record as painted: overrides and control codes as U+FFFD, so that they are seen, isolates kept
    and balanced (Arabic around Latin names needs them), line ends as U+2028."""
    if text.isascii() and text.isprintable():
        return text
    depth, out = 0, []
    for character in text.translate(_BREAKS):
        if "\u2066" <= character <= "\u2068":
            depth += 1
        elif character == PDI:
            if not depth:
                continue
            depth -= 1
        out.append("\ufffd" if _tricky(character) else character)
    return "".join(out) + PDI * depth


def first_strong(text: str) -> str:
    """ "L", "R" or "" by the first strongly directed character outside isolates (UAX 9, P2 and P3)."""
    depth = 0
    for character in text:
        if "\u2066" <= character <= "\u2068":
            depth += 1
        elif character == PDI:
            depth = max(0, depth - 1)
        elif not depth:
            kind = unicodedata.bidirectional(character)
            if kind == "L":
                return "L"
            if kind in ("R", "AL"):
                return "R"
    return ""


def language_is_rtl(language: str) -> bool:
    """By BCP 47 tag: the script subtag decides, else the language."""
    parts = language.lower().replace("_", "-").split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    return scripts[0] in _RTL_SCRIPTS if scripts else parts[0] in _RTL_LANGUAGES


def direction(text: str, language: str = "en") -> Qt.LayoutDirection:
    """Direction of a paragraph: its content decides, the language of the text where content does not."""
    strong = first_strong(text)
    rtl = strong == "R" if strong else language_is_rtl(language)
    # A Latin name at the head of an Arabic paragraph does not turn it: the majority of its letters does.
    if strong == "L" and language_is_rtl(language):
        kinds = [unicodedata.bidirectional(character) for character in text]
        rtl = sum(one in ("R", "AL") for one in kinds) > kinds.count("L")
    return Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight


def utf16(text: str, point: int) -> int:
    """Index in UTF-16 units (QString, QTextCursor) of code point index `point` of `text`."""
    return point + sum(character > "\uffff" for character in text[:point])


def points(text: str, unit: int) -> int:
    """Code point index of UTF-16 index `unit`; inside a surrogate pair the character after it."""
    units = 0
    for index, character in enumerate(text):
        if units >= unit:
            return index
        units += 2 if character > "\uffff" else 1
    return len(text)


def from_editor(text: str) -> str:
    """Words out of an editor: NFC at the author, Qt's separators back to line feeds, lone surrogates as U+FFFD."""
    plain = text.replace("\u2029", "\n").replace("\u2028", "\n")
    return unicodedata.normalize("NFC", plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
