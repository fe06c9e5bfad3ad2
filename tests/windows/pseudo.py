"""A language nobody speaks: every text 40 % longer and within ⟦ ⟧. What stands outside of them never went through the
translator; what is wider than its place is cut."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import looking  # docs/pictures, as the pictures themselves are looked at
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

from valise.ui.text_safe import FSI, PDI
from valise.ui.widgets.buttons import PushButton
from valise.ui.widgets.labels import ElidedLabel, SafeLabel, Words
from valise.ui.widgets.statusline import OneLine

OPEN, CLOSE = "⟦", "⟧"
ROOT = Path(__file__).parents[2]
_LETTERS = str.maketrans("aeiouynscAEIOUNSC", "áéíöüýñšćÁÉÍÖÜÑŠĆ")
_KEPT = re.compile(r"(\{[^{}]*\}|%L?n|<[^<>]*>)")
# Written alike in every language.
ALIKE = re.compile(
    r"(?<!\w)(UTC|TLP:[A-Z+]+|Ctrl|Alt|Shift|Esc|Del|Return|Enter|Tab|Space|Left|Right|Up|Down|Home|End|F\d+|Valise|QR|ID"
    r"|EXERCISE|KiB|MiB|GiB|kB|MB|[A-Z]{1,4}\d*|\.[a-z]{2,5}"
    + "".join(
        f"|{QLocale().monthName(n, wide)}|{QLocale().dayName(1 + n % 7, wide)}"
        for n in range(1, 13) for wide in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat)
    )  # from Qt, in any language
    + r")\b"
)


NAMES = re.compile(
    r"\b(Aurelia|Borovia|Castellan Republic|Dravenia|Eastmark|Freeland Islands|Gallia Minor|Hesperia|Isonia"
    r"|Jorvik Federation|Lysandria|Meridia|العربية|中文|English|Français|Русский|Español|Rev\.\d+|[0-9a-f]{4})\b|\bNorm \([a-k]\)"
)


@cache
def declared() -> tuple[str, ...]:
    """What registers and forms say: they carry their six languages themselves. The longest first."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from texts(one)

    found: set[str] = set()
    for folder in ("registers", "reference", "guide"):
        for path in (ROOT / "resources" / folder).rglob("*.toml"):
            found.update(texts(tomllib.loads(path.read_text("utf-8"))))
    for name in ("fake_registers", "fake_data"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text("utf-8"))
        said = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        found |= said if name == "fake_registers" else {one for one in said if " " in one}
    return tuple(sorted((one for one in found if len(one) > 1), key=len, reverse=True))


class Pseudo(QTranslator):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str]] = set()

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, _comment: str | None = None, _n: int = -1) -> str:
        self.asked.add((context, source))
        return longer(source)


def longer(source: str) -> str:
    words = "".join(part if _KEPT.fullmatch(part) else part.translate(_LETTERS) for part in _KEPT.split(source))
    more = max(1, round(len(source) * 0.4))  # in words, as a language has them
    tail = "".join(" " if n % 9 == 8 else "~" for n in range(more))
    return f"{OPEN}{words}{tail}{CLOSE}"


def hard(text: str) -> str:
    """What of it is neither translated nor from outside; "" when all is well."""
    rest = NAMES.sub(" ", text.replace("&", ""))
    for one in (rf"{FSI}[^{FSI}{PDI}]*{PDI}", rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}"):
        while (shorter := re.sub(one, " ", rest, flags=re.DOTALL)) != rest:
            rest = shorter
    if re.search(r"[^\W\d_]{2,}", ALIKE.sub(" ", rest)):
        for one in declared():
            if one in rest:
                rest = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", rest)
    rest = ALIKE.sub(" ", rest)
    return rest.strip() if re.search(r"[^\W\d_]{2,}", rest) else ""


def spoken(widget: QWidget) -> Iterator[tuple[str, str]]:
    """(what it is, text of ours) of everything a widget says that a person sees or hears."""
    if isinstance(widget, Words) or (isinstance(widget, QLabel) and not isinstance(widget, SafeLabel)):
        yield "label", widget.text()
    if isinstance(widget, QAbstractButton):
        yield "button", widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (("choice", widget.itemText(n)) for n in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(n)) for n in range(widget.count()))
    if isinstance(widget, QGroupBox):
        yield "group", widget.title()
    if isinstance(widget, QSpinBox):
        yield "unit", widget.suffix()
    if isinstance(widget, QHeaderView) and widget.model() is not None:
        model, way = widget.model(), widget.orientation()
        if way == Qt.Orientation.Horizontal and not widget.isHidden():
            for n in range(model.columnCount()):
                yield "column", str(model.headerData(n, way) or "")
    yield "tooltip", re.sub(r"<[^<>]*>", " ", widget.toolTip())  # outside words stand in it as they are (text_safe.tip)
    yield "title", widget.windowTitle() if widget.isWindow() else ""
    if not isinstance(widget, SafeLabel | ElidedLabel):
        yield "name", widget.accessibleName()
        yield "description", widget.accessibleDescription()
    for action in widget.actions():
        yield "action", action.text()


def painted(root: QWidget) -> set[str]:
    """Words that delegates and plots paint in plain letters though the translator would have put signs on them, and that nobody
    of the samples says. Scripts are painted apart, so that the brackets around a text are of no help here."""
    found = set()
    for one in looking.drawn(root, _paints):
        text = re.sub(r"\w+…|\S*[@/\\_:]\S*|\b(?=\w*\d)\w+\b", " ", ALIKE.sub(" ", NAMES.sub(" ", one.text)))
        words = {word for word in re.findall(r"(?<!\w)[A-Za-z]{3,}(?!\w)", text) if word.translate(_LETTERS) != word}
        if left := {word for word in words if word.casefold() not in looking.sample_words() and word not in said_there()}:
            found.add(f"painted {', '.join(sorted(left))} in {looking.whose(one.widget)}")
    return found


def _paints(widget: QWidget) -> bool:
    """Whether delegates or the widget itself paint there: what others say is asked of themselves."""
    return isinstance(widget.parentWidget(), QAbstractItemView) or any(
        "paintEvent" in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("valise.")
    )


@cache
def said_there() -> frozenset[str]:
    """Words of what carries its languages itself."""
    return frozenset(word for one in declared() for word in re.findall(r"[A-Za-z]{3,}", one))


def untranslated(root: QWidget) -> set[str]:
    """What is said under `root` in no language but ours."""
    found = painted(root)
    for one in (root, *root.findChildren(QWidget)):
        for what, text in spoken(one):
            if rest := hard(text):
                found.add(f"{what} {rest!r} in {type(one).__name__} {of(one)}")
    return found


def of(widget: QWidget) -> str:
    """The nearest widget of ours around it."""
    parent = widget.parentWidget()
    while parent is not None and not type(parent).__module__.startswith("valise."):
        parent = parent.parentWidget()
    return type(parent).__name__ if parent is not None else "-"


def cut(root: QWidget) -> set[str]:
    """What is shown now in less room than its words need, and has no ellipsis of its own."""
    found = set()
    for one in (root, *root.findChildren(QWidget)):
        if not one.isVisible() or one.visibleRegion().isEmpty():
            continue
        text, lacks = "", False
        if isinstance(one, QLabel) and not isinstance(one, OneLine) and one.text():
            text = one.text()
            wide = one.contentsRect().width() - 2 * one.margin()
            if one.wordWrap():
                longest = max((one.fontMetrics().horizontalAdvance(word) for word in re.split(r"\s", text)), default=0)
                lacks = one.height() < one.heightForWidth(one.width()) - 1 or longest > wide + 1
            else:
                lacks = one.width() < one.minimumSizeHint().width() - 1
        elif isinstance(one, QAbstractButton) and one.text() and type(one).__name__ != "NavButton":
            text = one.text()
            icon_only = isinstance(one, QToolButton) and one.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
            room = 0.75 if isinstance(one, PushButton) else 1.0  # it ends in an ellipsis; but more than a word or two is there
            lacks = not icon_only and one.width() < room * one.sizeHint().width() - 1
        elif isinstance(one, QTabBar):
            text = " | ".join(one.tabText(n) for n in range(one.count()))
            lacks = one.usesScrollButtons() and one.width() < one.sizeHint().width() - 1
        elif isinstance(one, QHeaderView) and one.orientation() == Qt.Orientation.Horizontal and one.model() is not None:
            short = []
            for n in range(one.count()):
                said = str(one.model().headerData(n, Qt.Orientation.Horizontal) or "")
                if said and not one.isSectionHidden(n) and one.sectionSize(n) < one.fontMetrics().horizontalAdvance(said) + 4:
                    short.append(said)
            text, lacks = " | ".join(short), bool(short) and one.textElideMode() == Qt.TextElideMode.ElideNone
        if lacks:
            found.add(f"{type(one).__name__} {text[:60]!r} in {of(one)} ({one.width()}x{one.height()})")
    return found
