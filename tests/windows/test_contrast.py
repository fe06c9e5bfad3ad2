"""Both palettes as they are worn: words 4.5 to 1, signs, edges and the ring of the keyboard 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11);
no meaning by colour alone (1.4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from valise.ui import icons, theme
from valise.ui.stylesheet import sheet
from valise.ui.theme import contrast
from valise.ui.widgets.badge import TLP, TRUST_LOOK, marking_colours, trust_words
from valise.ui.widgets.notice import _ICONS as NOTICES

BOTH = pytest.mark.parametrize("t", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
GROUNDS = ("surface", "raised", "bar", "sidebar")
_COLOUR = r"(#[0-9a-fA-F]{6})\b"


def rules(t: theme.Tokens) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of the stylesheet."""
    for found in re.finditer(r"([^{}]+)\{([^{}]*)\}", sheet(t)):
        yield " ".join(found[1].split()), found[2]


def colour(declarations: str, name: str) -> str:
    found = re.search(rf"(?<![-\w]){name}:\s*[^;]*?{_COLOUR}", declarations)
    return found[1] if found else ""


@BOTH
def test_words_of_every_rule_of_the_sheet(t: theme.Tokens) -> None:
    poor = {}
    checked = 0
    for selector, said in rules(t):
        ink, ground = colour(said, "color"), colour(said, "background")
        if not ink or ":disabled" in selector:  # what cannot be used is exempt
            continue
        for one in (ground,) if ground else (getattr(t, name) for name in GROUNDS):
            checked += 1
            if contrast(ink, one) < 4.5:
                poor[f"{selector}: {ink} on {one}"] = round(contrast(ink, one), 2)
    assert not poor
    assert checked > 30


@BOTH
def test_who_has_the_keyboard_can_be_seen(t: theme.Tokens) -> None:
    rings = {selector: colour(said, "border") or colour(said, "color") for selector, said in rules(t) if ":focus" in selector}
    rings = {selector: ink for selector, ink in rings.items() if ink}
    assert len(rings) >= 7
    poor = {
        f"{selector} {ink} on {ground}": round(contrast(ink, getattr(t, ground)), 2)
        for selector, ink in rings.items() for ground in GROUNDS if contrast(ink, getattr(t, ground)) < 3
    }  # fmt: skip
    assert not poor


@BOTH
def test_what_is_taken_hold_of_can_be_seen(t: theme.Tokens) -> None:
    inks = {"edge of a field": t.outline}
    for selector, said in rules(t):
        if "::handle" in selector and "QScrollBar" in selector:
            inks[selector] = colour(said, "background") or t.outline
        if "::indicator" in selector and "disabled" not in selector:
            inks[selector] = colour(said, "border") or colour(said, "border-color") or t.outline
    assert len(inks) > 4
    poor = {
        f"{what} {ink} on {ground}": round(contrast(ink, getattr(t, ground)), 2)
        for what, ink in inks.items() for ground in ("surface", "raised", "bar") if contrast(ink, getattr(t, ground)) < 3
    }  # fmt: skip
    assert not poor


@BOTH
def test_signs_can_be_seen_on_what_they_stand_on(t: theme.Tokens) -> None:
    pairs = [(ink, fill) for _, ink, fill in TRUST_LOOK.values()]
    pairs += [(ink, f"{tone}_soft") for tone, (_, ink) in NOTICES.items()]
    pairs += [("text", "line"), ("on_accent", "accent_fill")]  # counts in the sidebar
    assert {pair: contrast(getattr(t, pair[0]), getattr(t, pair[1])) for pair in pairs
            if contrast(getattr(t, pair[0]), getattr(t, pair[1])) < 4.5} == {}  # fmt: skip


@pytest.mark.parametrize("marking", TLP)
def test_markings_are_readable(marking: str) -> None:
    ink, fill = marking_colours(marking)
    assert contrast(ink.name(), fill.name()) >= 4.5


def test_every_tone_has_a_sign_of_its_own_and_words() -> None:
    signs = [sign for sign, _ in NOTICES.values()]
    assert len(set(signs)) == len(signs) and set(signs) <= set(icons.names())
    shields = {level: look[0] for level, look in TRUST_LOOK.items()}
    assert len(set(shields.values())) == len(shields) and set(shields.values()) <= set(icons.names())
    said = [trust_words(level) for level in TRUST_LOOK]
    assert all(said) and len(set(said)) == len(said)
    assert len(set(TLP)) == len(TLP)  # the label itself stands in the pill
