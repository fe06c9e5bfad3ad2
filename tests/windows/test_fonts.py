"""Scripts without letters on this computer are named once, with what to install, and nothing is in the way."""

from __future__ import annotations

from typing import Any

import pytest
from fake_door import FakeDoor
from PySide6.QtGui import QFontDatabase, QRawFont
from PySide6.QtWidgets import QApplication

from valise.ui import fonts, theme
from valise.ui.fonts import CJK, CORE, SCRIPTS, Letters, Script, happened, scripts_of, todo
from valise.ui.settings import SettingsScreen
from valise.ui.window import MainWindow


def without(*names: str) -> Letters:
    return Letters(has=lambda one: one.name not in names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain English, 100 %", set()), ("Fran\u00e7ais, Espa\u00f1ol \u2014 \u201cquoted\u201d", set()), ("\u0420\u0443\u0441\u0441\u043a\u0438\u0439", {"cyrillic"}),
        ("\u0627\u0644\u0639\u0631\u0628\u064a\u0629", {"arabic"}), ("\u4e2d\u6587", {"chinese"}), ("\u3053\u308c and \ud55c", {"japanese", "korean"}),
        ("\u2066isolated\u2069 \u00b7 \u2192", set()), ("x" * fonts.LONGEST + "\u4e2d", set()),
    ],
)  # fmt: skip
def test_scripts_are_known_by_their_letters(text: str, names: set[str]) -> None:
    assert scripts_of(text) == names


def test_each_is_said_once(qtbot: Any) -> None:
    letters = without("arabic", "chinese")
    heard: list[list[str]] = []
    letters.lacks.connect(heard.append)
    for text in ("plain", "\u0420\u0443\u0441", "\u0627\u0644", "\u0627\u0644 \u4e2d", "\u4e2d"):
        letters.meet(text)
    assert heard == [["arabic"], ["chinese"]]
    letters.speak("ar_EG")
    assert heard == [["arabic"], ["chinese"]]
    fresh = without("arabic")
    fresh.lacks.connect(heard.append)
    for language in ("en_GB", "ru", "ar-EG"):
        fresh.speak(language)
    assert heard[2:] == [["arabic"]]
    assert without("chinese").of_the_six() == ["chinese"] and without().of_the_six() == []


def test_what_to_do_names_the_package_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts.sys, "platform", "linux")
    assert CJK in todo(["chinese", "japanese"]) and todo(["chinese", "japanese"]).count(CJK) == 1 and CORE not in todo(["chinese"])
    assert "Arabic, Chinese" in happened(["arabic", "chinese"])
    monkeypatch.setattr(fonts.sys, "platform", "win32")
    assert "fonts-" not in todo(["arabic"])


def test_the_families_are_named(qapp: QApplication) -> None:
    families = theme.font().families()
    assert families.index("Noto Sans") < families.index("Noto Naskh Arabic") < families.index("Noto Sans CJK SC")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_a_font_said_to_have_a_script_has_its_letters(script: Script, qapp: QApplication) -> None:
    if not fonts.installed(script):
        pytest.skip("this computer has no letters for it")
    point = {"arabic": 0x0627, "hebrew": 0x05D0, "greek": 0x03B1, "armenian": 0x0531}.get(script.name, script.spans[-1][0] + 5)
    families = QFontDatabase.families(script.writing)
    assert any(QRawFont.fromFont(QFontDatabase.font(one, "", 12), script.writing).supportsCharacter(point) for one in families)


def test_the_settings_say_it_and_the_window_says_it_once_without_a_dialog(
    worn: theme.Theme, door: FakeDoor, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = without("chinese")
    monkeypatch.setattr(fonts, "_one", letters)
    window = MainWindow(door, periodic=False)
    qtbot.addWidget(window)
    window.show()
    assert window.notice.isHidden()
    letters.meet("\u4e2d\u6587")
    qtbot.waitUntil(window.notice.isVisible)
    assert "Chinese" in window.notice.happened.plain() and QApplication.activeModalWidget() is None
    window.notice.close_notice()
    letters.meet("\u4e2d\u6587")
    QApplication.processEvents()
    assert window.notice.isHidden()
    screen = window.made("settings")
    assert isinstance(screen, SettingsScreen)
    assert screen.letters is not None and CJK in screen.letters.plain()
