"""The language of the window: looking a text up, and choosing what was translated.

`translate(context, text, None, n)` is a plural: "%n new proposals", in English too, whose two forms stand in a file of
their own. A plural never goes through `self.tr`: in a class that inherits the text PySide6 would look for it under the
name of the heir first, fill the number in and take that for the translation.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication

translate = QCoreApplication.translate

# Dates and numbers of a language chosen here, not of one country: that of the United Nations' own English, Western digits
# in Arabic, beside clocks and codes which have no others.
_LOCALES = {"ar": "ar_001", "en": "en_GB"}
_COMMAS = {"ar": "، ", "zh": "，"}
_COLONS = {"fr": "\u00a0: ", "zh": "："}
_SEMICOLONS = {"ar": "؛ ", "fr": "\u202f; ", "zh": "；"}
_IN_LISTS = {**_COMMAS, "zh": "、"}
# Keys as they are called on keyboards and in our texts; Qt's own translations say "Control" and "Retorno" in Spanish.
_KEYS = (
    QT_TRANSLATE_NOOP("QShortcut", "Ctrl"), QT_TRANSLATE_NOOP("QShortcut", "Shift"), QT_TRANSLATE_NOOP("QShortcut", "Return"),
    QT_TRANSLATE_NOOP("QShortcut", "Enter"), QT_TRANSLATE_NOOP("QShortcut", "Del"), QT_TRANSLATE_NOOP("QShortcut", "Backspace"),
    QT_TRANSLATE_NOOP("QShortcut", "Down"), QT_TRANSLATE_NOOP("QShortcut", "Left"), QT_TRANSLATE_NOOP("QShortcut", "Right"),
    QT_TRANSLATE_NOOP("QShortcut", "Up"),
)  # fmt: skip
_installed: list[QTranslator] = []


def folder() -> Path:
    """Where the translations are."""
    from valise.ui.icons import resources

    return resources() / "i18n"


def listed(parts: Iterable[str]) -> str:
    """Parts one after the other, with the comma of the language of the window."""
    return _IN_LISTS.get(QLocale().name().partition("_")[0], ", ").join(parts)


def comma() -> str:
    """The same between two things that are no list: a day and its hour, an officer and a role."""
    return _COMMAS.get(QLocale().name().partition("_")[0], ", ")


def colon() -> str:
    """Between what is told of and what is told."""
    return _COLONS.get(QLocale().name().partition("_")[0], ": ")


def semicolons(parts: Iterable[str]) -> str:
    """Parts that may hold commas themselves, one after the other."""
    return _SEMICOLONS.get(QLocale().name().partition("_")[0], "; ").join(parts)


def sentences(parts: Iterable[str]) -> str:
    """One after the other, each with its full stop; in Chinese no blank stands between them."""
    return ("" if QLocale().name().startswith("zh") else " ").join(parts)


def full_stop() -> str:
    """After words that become a sentence."""
    return "。" if QLocale().name().startswith("zh") else "."


def percent(number: int) -> str:
    """ "62 %"; Chinese leaves no blank."""
    return f"{number}%" if QLocale().name().startswith("zh") else f"{number} %"


def size(octets: int) -> str:
    """ "412 KB", "1.2 MB": 1 KB is 1,024 bytes, in the digits and with the signs of the language."""
    if octets < 1024 and QLocale().name().startswith("ru"):
        return f"{QLocale().toString(octets)}\u00a0Б"  # Qt has one plural form only: "14 байты"
    whole = octets < 1024 * 1024
    return QLocale().formattedDataSize(octets, 0 if whole else 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def apart(words: str) -> str:
    """Words with numbers in a direction of their own, where the window goes from right to left: a time after a code ("UTC",
    "T1") would change places with it (UAX 9, W7)."""
    return f"\u2068{words}\u2069" if QLocale().textDirection() == Qt.LayoutDirection.RightToLeft else words


def _locale(language: str) -> QLocale:
    return QLocale(_LOCALES.get(language, language))


def _load(app: QGuiApplication, locale: QLocale) -> QTranslator | None:
    made = QTranslator(app)
    if made.load(locale, "valise", "_", str(folder())):
        return made
    made.deleteLater()
    return None


def use(app: QGuiApplication, language: str = "") -> None:
    """Load our translation and Qt's for `language` (BCP 47; "" = the system's); lay out right-to-left where it is.
    Where there is none, the window is English, with Qt's own words in English too: half a translated window helps nobody.
    Windows hear of it by QEvent.LanguageChange, when it is another one than before.
    """
    system = QLocale.system()
    ours = _load(app, _locale(language) if language else system) or _load(app, _locale("en"))
    code = (ours.language() if ours is not None else "en").partition("_")[0]
    # A date in another language than its sentence is no date of the system.
    of_system = not language and code == system.name().partition("_")[0] and code != "ar"
    QLocale.setDefault(system if of_system else _locale(code))
    app.setLayoutDirection(_locale(code).textDirection())
    if ours is None or (_installed and _installed[-1].filePath() == ours.filePath()):
        return
    before = _installed.copy()
    _installed.clear()
    if code != "en":
        theirs = QTranslator(app)
        if theirs.load(QLocale(), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            _installed.append(theirs)
    _installed.append(ours)
    for one in _installed:
        app.installTranslator(one)
    for one in before:  # asking the application for its children instead would take 13 ms the first time
        app.removeTranslator(one)
        one.deleteLater()
