"""What a person would notice in a window and a test would not: words that are cut, words in another language than the
window, things on the wrong side in a window that reads from the right.

Everything a widget paints is recorded by a paint engine of our own, so that what delegates and plots draw is looked at as
labels are. `faults(root, language)` says what is wrong in a window as it stands; `unmirrored(root)` turns it round and back.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPaintDevice, QPaintEngine, QPaintEngineState, QPainter, QRegion, QTextItem
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QDateTimeEdit,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

ROOT = Path(__file__).parents[2]
WRITTEN = {"ar": "ARABIC", "zh": "CJK", "ru": "CYRILLIC"}  # languages that are not written in Latin letters
ELLIPSIS = "…"
TALKS = ("TextView", "MessageView")  # whose words stand by their own direction, whatever the window's
TURN = 24.0  # px that a thing may stand elsewhere when the window is turned round
SLACK = 4.0  # px that rounding and the overhang of a letter may take


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run of words as it was painted: `place` in pixels of the window, `widget` that painted it."""

    text: str
    place: QRectF
    widget: QWidget


class _Engine(QPaintEngine):
    """Keeps words and where they are; paints nothing."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.runs: list[tuple[str, QRectF]] = []

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, _state: QPaintEngineState) -> None:
        pass

    def drawTextItem(self, at: object, item: QTextItem) -> None:
        # The list of items is drawn with the painter's own transform; a widget's place in its window is added by the caller.
        turned = self.painter().combinedTransform()
        box = QRectF(at.x(), at.y() - item.ascent(), item.width(), item.ascent() + item.descent())  # type: ignore[attr-defined]
        self.runs.append((item.text(), turned.mapRect(box)))

    def _nothing(self, *_arguments: object) -> None:
        pass

    drawPixmap = drawImage = drawPolygon = drawPath = drawRects = drawLines = drawTiledPixmap = drawEllipse = drawPoints = _nothing


class _Paper(QPaintDevice):
    """As large as one widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        wide, high = max(1, widget.width()), max(1, widget.height())
        m = QPaintDevice.PaintDeviceMetric
        self._metrics = {
            m.PdmWidth: wide, m.PdmHeight: high, m.PdmWidthMM: wide // 4 + 1, m.PdmHeightMM: high // 4 + 1, m.PdmDepth: 32,
            m.PdmNumColors: 1 << 24, m.PdmDpiX: widget.logicalDpiX(), m.PdmDpiY: widget.logicalDpiY(),
            m.PdmPhysicalDpiX: 96, m.PdmPhysicalDpiY: 96, m.PdmDevicePixelRatio: 1, m.PdmDevicePixelRatioScaled: 1 << 16,
        }  # fmt: skip
        self.engine = _Engine()

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, which: QPaintDevice.PaintDeviceMetric) -> int:
        return self._metrics.get(which, 0)


def seen(root: QWidget) -> Iterator[QWidget]:
    """The root and every widget under it of which a person sees a part."""
    for one in (root, *root.findChildren(QWidget)):
        if one.isVisible() and not (one is not root and one.isWindow()) and not one.visibleRegion().isEmpty():
            yield one


def kinds(root: QWidget) -> set[str]:
    """The classes of what is seen, their bases, and what holds it: a page may be covered wholly by what is on it."""
    found: dict[int, QWidget] = {}
    for one in seen(root):
        around: QWidget | None = one
        while around is not None and id(around) not in found:
            found[id(around)] = around
            around = around.parentWidget() if around is not root else None
    return {kind.__name__ for one in found.values() for kind in type(one).__mro__}


def drawn(root: QWidget, only: Callable[[QWidget], bool] = lambda _one: True) -> list[Drawn]:
    """Every run of words painted in the window now, in its pixels; of those widgets."""
    found = []
    for widget in seen(root):
        if not only(widget):
            continue
        paper = _Paper(widget)
        painter = QPainter(paper)
        widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag(0))
        painter.end()
        corner = widget.mapTo(root, QPoint())
        found += [Drawn(text, place.translated(corner), widget) for text, place in paper.engine.runs if text.strip()]
    return found


# words


@cache
def sources(language: str) -> dict[str, set[str]]:
    """English text -> its translations, of the texts that are said otherwise in that language."""
    found: dict[str, set[str]] = {}
    for one in ET.parse(ROOT / "resources" / "i18n" / f"valise_{language}.ts").getroot().iter("message"):  # noqa: S314  (our own)
        if one.get("numerus") != "yes":
            source, there = one.findtext("source") or "", one.findtext("translation") or ""
            found.setdefault(source.replace("&", ""), set()).add(there.replace("&", ""))
    return {source: there for source, there in found.items() if source not in there}


@cache
def sample_words() -> frozenset[str]:
    """Latin words that are somebody's data: of the fictional delegations, of what ships to look things up, of other languages."""
    words: set[str] = set()
    for path in [*sorted((ROOT / "docs/pictures").glob("*.py")), *sorted((ROOT / "app/valise/ui").glob("gallery*.py")),
                 *sorted((ROOT / "tests/windows").glob("fake_*.py"))]:  # fmt: skip
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                words |= _latin(node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace"))
    for name in ("sample_text.md", "states.json", "verbs.json", "languages.json", "tlp.json"):
        words |= _latin((ROOT / "resources" / "reference" / name).read_text("utf-8"))
    for path in sorted((ROOT / "resources" / "registers").glob("*.toml")):  # signs of choices are the same everywhere
        words |= _latin(" ".join(re.findall(r'^sign = "(.+)"$', path.read_text("utf-8"), re.MULTILINE)))
    return frozenset(words)


@cache
def sample_texts() -> frozenset[str]:
    """Whole texts of the vault that the tests invent: its registers speak English."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests/windows").glob("fake_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return frozenset(found)


# Written alike in every language.
ALIKE = frozenset(
    "UTC TLP RED AMBER STRICT GREEN CLEAR Ctrl Alt Shift Esc Del Return Enter Tab Space Left Right Up Down Home End Valise QR EXERCISE "
    "KiB MiB GiB kB MB STIX NATS TLS CBM CBMs CSIRT CERT ASEAN ARF OSCE OAS UN ICT OP PP SHA AT SPI docx pdf csv html ics vcard "
    "valise PDF Word HTML Akoma Ntoso CSV AKN English Français Español SLIP Rev doctor".casefold().split()
)  # fmt: skip


def _latin(text: str) -> set[str]:
    return {one.casefold() for one in re.findall(r"[A-Za-zÀ-ɏ]{2,}", text)}


def foreign(text: str) -> set[str]:
    """Latin words in it that are neither data nor the same everywhere."""
    bare = re.sub(rf"\w+{ELLIPSIS}|\b[0-9a-f]{{4}}(?=\s+[0-9a-f]{{4}}\b)|(?<=[0-9a-f]\s)[0-9a-f]{{4}}\b", " ", text)  # half words, fingerprints
    bare = re.sub(r"\S*[@/\\_]\S*|\S+\.\w{2,5}\b|\b(?=\w*\d)\w+\b", " ", bare)  # addresses, files, hashes, symbols
    return {one for one in _latin(bare) if one not in ALIKE and one not in sample_words()}


def untranslated(painted: list[Drawn], language: str) -> Iterator[str]:
    """What is painted in English though the window speaks another language."""
    if language == "en":
        return
    known = sources(language)
    for one in painted:
        text = one.text.strip().strip("\u2068\u2069\u200e\u200f")
        if text in known and not _sampled(text) and not _data(one.widget):
            yield f"English: {text!r} in {whose(one.widget)}"
        elif language in WRITTEN and not _sampled(text) and not _data(one.widget) and (words := foreign(text)):
            yield f"Latin: {text!r} ({', '.join(sorted(words))}) in {whose(one.widget)}"


def _sampled(text: str) -> bool:
    """Whether somebody of the samples says it, or says it on one of several lines, or it is where that is cut short."""
    if len(text) > 6 and any(one.startswith(text) for one in sample_texts()):
        return True
    return text in sample_texts() or (len(text) > 12 and any(text in one for one in sample_texts()))


def _data(widget: QWidget) -> bool:
    """Whether it shows what somebody wrote: labels for foreign text, editors, fields."""
    kinds = {one.__name__ for one in type(widget).__mro__}
    around = widget.parentWidget()
    if any(one in type(widget.window()).__name__ for one in ("GuideWindow",)):
        return True  # its pages are in the languages they are written in, and it says so
    return (
        ("SafeLabel" in kinds and "Words" not in kinds) or bool(kinds & {"RunsLabel", "ElidedLabel"})
        or isinstance(widget, QTextEdit | QPlainTextEdit | QLineEdit) or isinstance(around, QTextEdit | QPlainTextEdit)
    )  # fmt: skip


def whose(widget: QWidget) -> str:
    """The nearest widget of ours, itself or around it."""
    one: QWidget | None = widget
    names = []
    while one is not None and len(names) < 3:
        names.append(type(one).__name__)
        if type(one).__module__.startswith("valise.") and type(one).__name__ not in ("Words", "SafeLabel", "PushButton", "Card"):
            break
        one = one.parentWidget()
    return " < ".join(names)


# cut


def cut(root: QWidget, painted: list[Drawn]) -> Iterator[str]:
    """What has less room than its words need. Words that end in an ellipsis are named too where they are ours: a column, a
    button, a tab; somebody's long title may end in one."""
    for one in seen(root):
        if said := _short(one):
            yield f"cut: {said} in {whose(one)} ({one.width()}x{one.height()})"
    for one in painted:
        seen_part = QRectF(one.widget.visibleRegion().boundingRect().translated(one.widget.mapTo(root, QPoint())))
        if one.place.bottom() < seen_part.top() or one.place.top() > seen_part.bottom():
            continue
        over = max(seen_part.left() - one.place.left(), one.place.right() - seen_part.right())
        if over > SLACK and one.text.strip(" ·,") and not _scrolls(one.widget):
            yield f"cut: {one.text!r} reaches {over:.0f} px over the edge of {whose(one.widget)}"


def _scrolls(widget: QWidget) -> bool:
    """Whether what is beyond its edge can be scrolled to."""
    around: QWidget | None = widget
    while around is not None:
        if isinstance(around, QAbstractScrollArea) and not isinstance(around, QHeaderView) and around.horizontalScrollBar().maximum() > 0:
            return around.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        around = around.parentWidget()
    return isinstance(widget, QLineEdit)


def _short(one: QWidget) -> str:
    if isinstance(one, QLabel) and one.text() and type(one).__name__ != "OneLine":
        wide = one.contentsRect().width() - 2 * one.margin()
        if one.wordWrap():
            longest = max((one.fontMetrics().horizontalAdvance(word) for word in re.split(r"[\s\u200b]", one.text())), default=0)
            spaced = not re.search("[\u3000-\u9fff]", one.text())
            lacks = one.height() < one.heightForWidth(one.width()) - 1 or (spaced and longest > wide + 1)
        else:
            lacks = one.width() < one.minimumSizeHint().width() - 1 or one.height() < one.minimumSizeHint().height() - 3
        return repr(one.text()[:80]) if lacks else ""
    if isinstance(one, QAbstractButton) and one.text() and _painted_text(one).count(ELLIPSIS) > one.text().count(ELLIPSIS):
        return repr(one.text())
    if isinstance(one, QTabBar) and one.usesScrollButtons() and one.width() < one.sizeHint().width() - 1:
        return " | ".join(one.tabText(n) for n in range(one.count()))
    if isinstance(one, QHeaderView) and one.orientation() == Qt.Orientation.Horizontal and one.model() is not None:
        short = [
            said for n in range(one.count())
            if not one.isSectionHidden(n) and (said := str(one.model().headerData(n, Qt.Orientation.Horizontal) or ""))
            and one.sectionSize(n) < one.fontMetrics().horizontalAdvance(said) + 4
        ]  # fmt: skip
        return "columns " + " | ".join(short) if short else ""
    if isinstance(one, QComboBox) and not one.isEditable() and one.width() < one.fontMetrics().horizontalAdvance(one.currentText()) + 24:
        return f"choice {one.currentText()!r}"
    if isinstance(one, QLineEdit) and not one.text() and one.placeholderText():
        room = one.width() - 10 - sum(20 for action in one.actions() if action.icon())
        return f"placeholder {one.placeholderText()!r}" if one.fontMetrics().horizontalAdvance(one.placeholderText()) > room else ""
    return ""


def _painted_text(one: QWidget) -> str:
    paper = _Paper(one)
    painter = QPainter(paper)
    one.render(painter, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.end()
    return "".join(text for text, _ in paper.engine.runs)


# sides


def _lines(painted: list[Drawn]) -> list[Drawn]:
    """Runs that touch, together: a line of several scripts is painted in pieces, whose order is the script's own affair."""
    lines: list[tuple[list[str], QRectF, QWidget]] = []
    for one in painted:
        text = one.text.strip(" ·\u2068\u2069\u200e\u200f\u00a0")
        if lines and (last := lines[-1])[2] is one.widget and abs(last[1].center().y() - one.place.center().y()) < 7 and last[1].adjusted(
            -9, 0, 9, 0
        ).intersects(one.place):
            last[0].append(text)
            lines[-1] = (last[0], last[1].united(one.place), one.widget)
        else:
            lines.append(([text], one.place, one.widget))
    return [Drawn(" ".join(sorted(part for part in texts if part)), place, widget) for texts, place, widget in lines]


def unmirrored(root: QWidget, turn: Callable[[Qt.LayoutDirection], None]) -> list[str]:
    """What is not on the other side when the window is: each line of words against where it was, from the other edge. The words
    stay the same, so that only the direction differs; `turn` lays the application out that way and lets the window rest."""
    turn(Qt.LayoutDirection.LeftToRight)
    left = _lines(drawn(root))
    turn(Qt.LayoutDirection.RightToLeft)
    there: dict[str, list[QRectF]] = {}
    for one in _lines(drawn(root)):
        there.setdefault(one.text, []).append(one.place)
    found = []
    for one in left:
        if type(one.widget.parentWidget()).__name__ in TALKS:
            continue
        wanted = root.width() - one.place.right()
        near = [place for place in there.get(one.text, ()) if abs(place.top() - one.place.top()) < 12]
        if near and one.text and min(abs(place.left() - wanted) for place in near) > TURN and not _data(one.widget):
            place = min(near, key=lambda place: abs(place.left() - wanted))
            found.append(
                f"not mirrored: {one.text!r} at {one.place.left():.0f} is at {place.left():.0f}, not {wanted:.0f}: {whose(one.widget)}"
            )
    return found


def faults(root: QWidget, language: str, painted: list[Drawn] | None = None) -> list[str]:
    """What is wrong in the window as it stands, each once; `painted` where it is known already."""
    painted = drawn(root) if painted is None else painted
    return list(dict.fromkeys([*cut(root, painted), *untranslated(painted, language), *_sides(root, language)]))


def _sides(root: QWidget, language: str) -> Iterator[str]:
    """In Arabic everything is laid out from the right, but for what is written from the left in any language."""
    if language == "ar":
        for one in seen(root):
            fields = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractItemView, QDateTimeEdit)
            digits = any(type(part).__name__ in ("Fingerprint", "EyePane") for part in (one, one.parentWidget()))
            if one.layoutDirection() != Qt.LayoutDirection.RightToLeft and not isinstance(one, fields) and not digits:
                around = one.parentWidget()
                if around is None or around.layoutDirection() == Qt.LayoutDirection.RightToLeft:  # the outermost of them
                    yield f"laid out from the left: {whose(one)}"
