"""What a person reads about laptops: states, offices, terms, and in one sentence each what the root key will sign."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.door_laptops import Act, Admit, LaptopView, Renew, Terms
from valise.ui.language import comma, full_stop, listed, sentences, translate
from valise.ui.settings.identity import right_words
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date

# An office is a preset of rights, each of which can be changed one by one.
OFFICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (QT_TRANSLATE_NOOP("laptops", "Head of delegation"), ("observe", "speak", "amend", "pen", "commit", "enrol")),
    (QT_TRANSLATE_NOOP("laptops", "Negotiator"), ("observe", "speak", "amend")),
    (QT_TRANSLATE_NOOP("laptops", "Pen holder"), ("observe", "speak", "amend", "pen")),
    (QT_TRANSLATE_NOOP("laptops", "Adviser"), ("observe", "speak")),
    (QT_TRANSLATE_NOOP("laptops", "Point of contact"), ("observe", "speak", "commit")),
    (QT_TRANSLATE_NOOP("laptops", "Observer"), ("observe",)),
)
TERMS: tuple[tuple[str, int], ...] = (
    (QT_TRANSLATE_NOOP("laptops", "three months"), 92),
    (QT_TRANSLATE_NOOP("laptops", "one year"), 365),
    (QT_TRANSLATE_NOOP("laptops", "two years"), 730),
    (QT_TRANSLATE_NOOP("laptops", "three years"), 1095),
)
USUAL_TERM = 2
_REASONS = {
    "lost": QT_TRANSLATE_NOOP("laptops", "It was lost or stolen"),
    "replaced": QT_TRANSLATE_NOOP("laptops", "Another laptop takes its place"),
    "officer left": QT_TRANSLATE_NOOP("laptops", "Its officer has left"),
}


def reason(name: str) -> str:
    """Why a laptop was revoked."""
    return translate("laptops", _REASONS[name]) if name in _REASONS else ""


def rights(given: tuple[str, ...]) -> str:
    """Rights as one phrase."""
    return listed(right_words(one) for one in ("observe", "speak", "amend", "pen", "commit", "enrol") if one in given)


def term(days: int) -> str:
    """How long a certificate holds."""
    return next((translate("laptops", words) for words, held in TERMS if held == days), translate("laptops", "%n days", None, days))


def who(one: LaptopView) -> str:
    """Officer and role, isolated."""
    return isolate(f"{one.officer}{comma()}{one.role}" if one.role else one.officer)


def state(one: LaptopView, now: int) -> tuple[str, str]:
    """(sentence, role of its label)."""
    if one.state == "revoked":
        words = translate("laptops", "Revoked on {0}: it gets nothing any more. What it signed stands.").format(isolate(date(one.revoked_at)))
        return (sentences((words, f"{reason(one.reason)}{full_stop()}")) if one.reason else words), "error"
    if one.state == "expired":
        return translate("laptops", "Expired on {0}: nothing is sealed for it. Renew it.").format(isolate(date(one.not_after))), "error"
    if one.state == "expiring":
        days = max(1, (one.not_after - now) // 86_400_000)
        return translate("laptops", "Expires in %n days, on {0}. Renew it.", None, days).format(isolate(date(one.not_after))), "warn"
    since, until = isolate(date(one.not_before)), isolate(date(one.not_after))
    return translate("laptops", "Since {0}, until {1}").format(since, until), "small"


def scope(one: tuple[str, ...]) -> str:
    """What a travel laptop is."""
    return translate("laptops", "Travel laptop: only %n rooms", None, len(one)) if one else ""


def _says(terms: Terms) -> str:
    words = translate("laptops", "{officer} may {rights}, for {term}.").format(
        officer=isolate(f"{terms.officer}{comma()}{terms.role}" if terms.role else terms.officer),
        rights=rights(terms.rights), term=term(terms.days),
    )  # fmt: skip
    return f"{words} {scope(terms.rooms)}." if terms.rooms else words


def act(one: Act, laptops: dict[str, LaptopView]) -> str:
    """What will be signed, in words."""
    if isinstance(one, Admit):
        return translate("laptops", "Admit a laptop (check code {0}): {1}").format(isolate(one.check_code), _says(one.terms))
    held = laptops[one.device]
    if isinstance(one, Renew):
        return translate("laptops", "Renew the laptop of {0}: {1}").format(who(held), _says(one.terms))
    return translate("laptops", "Revoke the laptop of {0}: from now on it gets nothing.").format(who(held))
