"""Signs that Word writes as places in a symbol font (w:sym), as characters."""

from __future__ import annotations

# Adobe Symbol encoding, the part that occurs in prose.
_SYMBOL = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
_SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD7: "⋅", 0xDE: "⇒",
    0x2D: "−", 0xA2: "′", 0xA4: "⁄", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™",
}  # fmt: skip
_WINGDINGS = {
    0xA7: "▪", 0xA8: "◻", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xE0: "→",
    0xDF: "←", 0xD8: "➢", 0x76: "❖", 0x9F: "•",
}  # fmt: skip
_SAME = frozenset(range(0x20, 0x40)) - {0x22, 0x24, 0x27, 0x2A, 0x2D}  # of the Symbol font


def symbol(font: str, char: str) -> tuple[str, bool]:
    """(the character, whether it is the one shown); what is not known stays at its place of the private use area."""
    try:
        code = int(char, 16)
    except ValueError:
        return "\ufffd", False
    if not 0xF000 <= code <= 0xF0FF:
        known = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
        return (chr(code), True) if known else ("\ufffd", False)
    place = code - 0xF000
    table = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}.get(font.strip().lower(), {})
    if place in table:
        return table[place], True
    if font.strip().lower() == "symbol" and place in _SAME:
        return chr(place), True
    return chr(code), False
