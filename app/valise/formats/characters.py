"""From bytes to characters and back: the same care for every text format."""

from __future__ import annotations

import re

from valise.formats.abc import MAX_BYTES, Note, refused

_BOM = b"\xef\xbb\xbf"
# All of C0 but tab, line ends, vertical tab and form feed; DEL. A NUL ends a string for half the world's readers.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# Embeddings and overrides (UAX 9 3.1): they can make a sentence read otherwise than it is stored.
_OVERRIDE = re.compile("[\u202a-\u202e]")
_ISOLATE = re.compile("[\u2066-\u2069]")


def decode(data: bytes) -> tuple[str, bool]:
    """(characters, whether a byte order mark stood first). UTF-8, or UTF-16 with its mark.

    Refused("format.too_big" | "format.encoding" | "format.control"). No other encoding is guessed: a wrong guess
    changes words without a word.
    """
    if len(data) > MAX_BYTES:
        raise refused("format.too_big")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16") if wide else data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        raise refused("format.encoding") from None
    if _CONTROL.search(text):
        raise refused("format.control")
    return text, data.startswith(_BOM)


def encode(text: str, mark: bool = False) -> bytes:
    """UTF-8. Refused("format.encoding") for lone surrogates."""
    try:
        return (_BOM if mark else b"") + text.encode("utf-8")
    except UnicodeEncodeError:
        raise refused("format.encoding") from None


def observations(text: str) -> list[Note]:
    """What a careful reader wants to know about the characters; nothing is changed."""
    made = []
    if overrides := len(_OVERRIDE.findall(text)):
        made.append(Note("text.bidi_override", count=overrides))
    if isolates := len(_ISOLATE.findall(text)):
        made.append(Note("text.bidi_isolate", count=isolates))
    return made


def visible(text: str) -> str:
    """For a terminal: control and direction characters as U+XXXX, so that nothing a file says moves the cursor."""
    return re.sub(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]",
        lambda found: f"<U+{ord(found[0]):04X}>",
        text,
    )
