"""Scripts without letters on this computer: which, and what to install, said before a person sees boxes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication

from valise.ui.language import listed, translate

Writing = QFontDatabase.WritingSystem
CORE, CJK = "fonts-noto-core", "fonts-noto-cjk"  # Debian and Ubuntu


@dataclass(frozen=True, slots=True)
class Script:
    """`spans` of code points (first, last) that only letters of this script have; `package` of the system with its letters."""

    name: str
    writing: QFontDatabase.WritingSystem
    package: str
    spans: tuple[tuple[int, int], ...]


# The scripts of the six languages, and of others in which delegations write names.
SCRIPTS: tuple[Script, ...] = (
    Script("cyrillic", Writing.Cyrillic, CORE, ((0x0400, 0x052F),)),
    Script("arabic", Writing.Arabic, CORE, ((0x0620, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))),
    Script("chinese", Writing.SimplifiedChinese, CJK, ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))),
    Script("japanese", Writing.Japanese, CJK, ((0x3041, 0x30FF),)),
    Script("korean", Writing.Korean, CJK, ((0x1100, 0x11FF), (0xAC00, 0xD7A3))),
    Script("greek", Writing.Greek, CORE, ((0x0370, 0x03FF),)),
    Script("armenian", Writing.Armenian, CORE, ((0x0530, 0x058F),)),
    Script("hebrew", Writing.Hebrew, CORE, ((0x0591, 0x05F4),)),
    Script("devanagari", Writing.Devanagari, CORE, ((0x0900, 0x097F),)),
    Script("bengali", Writing.Bengali, CORE, ((0x0980, 0x09FF),)),
    Script("thai", Writing.Thai, CORE, ((0x0E01, 0x0E5B),)),
    Script("georgian", Writing.Georgian, CORE, ((0x10A0, 0x10FF),)),
)
_BY_NAME = {one.name: one for one in SCRIPTS}
OF_LANGUAGES = {"ar": "arabic", "zh": "chinese", "ru": "cyrillic"}
LONGEST = 4096  # characters of a text that are looked at
Has = Callable[[Script], bool]


def installed(script: Script) -> bool:
    """Whether a font of this computer has its letters."""
    return bool(QFontDatabase.families(script.writing))


def scripts_of(text: str) -> set[str]:
    """Names of the scripts of SCRIPTS in it."""
    if text.isascii():
        return set()
    points = {ord(one) for one in text[:LONGEST] if one > "\u036f"}
    return {
        one.name for one in SCRIPTS
        if any(first <= point <= last for first, last in one.spans for point in points)
    }  # fmt: skip


def script_words(name: str) -> str:
    """A script in the words of the window."""
    return {
        "cyrillic": translate("fonts", "Cyrillic"),
        "arabic": translate("fonts", "Arabic"),
        "chinese": translate("fonts", "Chinese"),
        "japanese": translate("fonts", "Japanese"),
        "korean": translate("fonts", "Korean"),
        "greek": translate("fonts", "Greek"),
        "armenian": translate("fonts", "Armenian"),
        "hebrew": translate("fonts", "Hebrew"),
        "devanagari": translate("fonts", "Devanagari"),
        "bengali": translate("fonts", "Bengali"),
        "thai": translate("fonts", "Thai"),
        "georgian": translate("fonts", "Georgian"),
    }.get(name, name)


def happened(names: list[str]) -> str:
    """What is lacking, in a sentence."""
    scripts = listed(script_words(one) for one in names)
    return translate("fonts", "This computer has no letters for: {0}. Such text is shown as boxes.").format(scripts)


def todo(names: list[str]) -> str:
    """What to do about it."""
    if not sys.platform.startswith("linux"):
        return translate("fonts", "Add the fonts of these languages in the settings of the system, then start Valise again.")
    packages = ", ".join(dict.fromkeys(_BY_NAME[one].package for one in names))
    return translate(
        "fonts", "Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. "
        "What is stored and sent is not touched by this.",
    ).format(packages)  # fmt: skip


class Letters(QObject):
    """Says once of each script that it lacks letters: `lacks(names)`. `has` can be given instead (tests)."""

    lacks = Signal(list)

    def __init__(self, parent: QObject | None = None, has: Has = installed) -> None:
        super().__init__(parent)
        self._has = has
        self._looked: dict[str, bool] = {}  # script -> whether there are letters

    def missing(self, names: set[str]) -> list[str]:
        """Those of them without letters, in a fixed order."""
        for name in names:
            if name not in self._looked:
                self._looked[name] = self._has(_BY_NAME[name])
        return [one.name for one in SCRIPTS if one.name in names and not self._looked[one.name]]

    def of_the_six(self) -> list[str]:
        """Scripts of the six languages without letters."""
        return self.missing(set(OF_LANGUAGES.values()))

    def meet(self, text: str) -> None:
        """This text is about to be shown."""
        fresh = scripts_of(text) - self._looked.keys()
        if fresh and (names := self.missing(fresh)):
            self.lacks.emit(names)

    def speak(self, language: str) -> None:
        """The window speaks this language (BCP 47)."""
        script = OF_LANGUAGES.get(language.partition("-")[0].partition("_")[0])
        if script is not None and script not in self._looked and (names := self.missing({script})):
            self.lacks.emit(names)


_one: Letters | None = None


def current() -> Letters:
    """The one of this application."""
    global _one
    if _one is None:
        _one = Letters(QGuiApplication.instance())
    return _one
