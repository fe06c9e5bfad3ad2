"""Names the overview needs of others, in the language of the window: of registers and States; of sorts of dates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale

from valise.desk.door_today import Sort
from valise.ui.language import translate

_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
_titles: dict[str, str] = {}
_told = ""  # the language they are in
_fetch: Callable[[], dict[str, str]] | None = None


def language() -> str:
    """The language of the window, of those a register has."""
    code = QLocale().name().partition("_")[0]
    return code if code in _LANGUAGES else "en"


def learn(fetch: Callable[[], dict[str, str]]) -> None:
    """How titles are found: {register, "register:column" or "@code" of a State: title}; asked once, when first needed."""
    global _fetch
    _fetch = fetch
    _titles.clear()


def forget() -> None:
    """A State may be called otherwise now."""
    _titles.clear()


def register(name: str) -> str:
    """The title of a register, or its id where nobody knows it."""
    global _told
    if language() != _told:
        _titles.clear()
        _told = language()
    if name not in _titles and _fetch is not None:
        _titles.update(_fetch())
    return _titles.get(name, name)


def column(name: str) -> str:
    """The title of a column, named "register:column"; its id where nobody knows it."""
    register(name)
    return _titles.get(name, name.partition(":")[2] or name)


def state(code: str) -> str:
    """What a State is called here; its code where nobody knows it."""
    register(f"@{code}")
    return _titles.get(f"@{code}", code)


def sort(one: Sort) -> tuple[str, str, str]:
    """(what it is, icon, tone)."""
    return {
        "meeting": (translate("calendar", "Consultation"), "contacts", "accent"),
        "event": (translate("calendar", "Event"), "flag", "accent"),
        "review": (translate("calendar", "Review"), "registers", "warn"),
        "deadline": (translate("calendar", "Deadline"), "clock", "bad"),
        "silence": (translate("calendar", "Silence ends"), "pause", "warn"),
        "sign-on": (translate("calendar", "Sign-on closes"), "pen", "warn"),
        "date": (translate("calendar", "Date"), "circle", "muted"),
    }[one]
