"""Colours, type and spacing: two palettes, one stylesheet built from them, followed or chosen, switched live."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from valise.ui.stylesheet import sheet

Choice = Literal["system", "light", "dark"]
FAMILIES = [
    "Noto Sans", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans CJK SC", "Segoe UI", "SF Pro Text",
    "Helvetica Neue", "DejaVu Sans", "sans-serif",
]  # fmt: skip
MONO_FAMILIES = ["Noto Sans Mono", "Noto Sans Mono CJK SC", "Consolas", "Menlo", "DejaVu Sans Mono", "monospace"]
BODY_PX, SMALL_PX, HEADING_PX, TITLE_PX = 14, 12, 16, 21
SPACE = SimpleNamespace(xs=4, s=8, m=12, l=16, xl=24, xxl=36)
RADIUS = 8
ICON = QSize(18, 18)


class Tokens(NamedTuple):
    """The colours of one palette, as #rrggbb. `x_soft` is the tint behind text of colour `x`."""

    dark: bool
    surface: str  # where one reads
    raised: str  # cards, fields
    sidebar: str
    bar: str  # status line
    hover: str
    line: str  # dividers
    outline: str  # edges of fields
    text: str
    muted: str
    accent: str  # text and strokes in the accent colour
    accent_fill: str  # behind `on_accent`
    accent_hover: str
    on_accent: str
    selected: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str
    neutral_soft: str
    bad_fill: str  # danger buttons, behind white


LIGHT = Tokens(
    dark=False, surface="#ffffff", raised="#ffffff", sidebar="#eef0f4", bar="#f4f5f8", hover="#e4e7ed",
    line="#dfe2e8", outline="#808897", text="#1a1f29", muted="#565f70", accent="#1f5fbf", accent_fill="#1f5fbf",
    accent_hover="#194f9f", on_accent="#ffffff", selected="#e2ecfb", good="#176b3a", good_soft="#dff3e6",
    warn="#855300", warn_soft="#fdf0d5", bad="#b3211f", bad_soft="#fde5e4", info="#1f5fbf", info_soft="#e6effc",
    neutral_soft="#eceef2", bad_fill="#b3211f",
)  # fmt: skip
DARK = Tokens(
    dark=True, surface="#1c2127", raised="#232931", sidebar="#252a34", bar="#171b20", hover="#2f3641",
    line="#333a45", outline="#778292", text="#e6e9ee", muted="#a0a9b8", accent="#7aaaff", accent_fill="#2f6fd6",
    accent_hover="#2763c6", on_accent="#ffffff", selected="#22365a", good="#6fd39a", good_soft="#17382a",
    warn="#f2c063", warn_soft="#3d3016", bad="#ff9490", bad_soft="#4a2022", info="#8ab4ff", info_soft="#1f3150",
    neutral_soft="#2c323c", bad_fill="#c23b38",
)  # fmt: skip


def palette(t: Tokens) -> QPalette:
    """A whole Fusion palette, outlines (Light .. Shadow) included."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, t.surface), (role.WindowText, t.text), (role.Base, t.raised), (role.AlternateBase, t.bar),
        (role.Text, t.text), (role.Button, t.raised), (role.ButtonText, t.text), (role.BrightText, t.bad),
        (role.Highlight, t.accent_fill), (role.HighlightedText, t.on_accent), (role.Link, t.accent),
        (role.LinkVisited, t.accent), (role.ToolTipBase, t.raised), (role.ToolTipText, t.text),
        (role.PlaceholderText, t.muted), (role.Accent, t.accent_fill),
        (role.Light, "#3d4552" if t.dark else "#ffffff"), (role.Midlight, "#343b46" if t.dark else "#f1f3f6"),
        (role.Mid, t.line), (role.Dark, t.outline), (role.Shadow, "#0b0d10" if t.dark else "#8b93a1"),
    ):  # fmt: skip
        made.setColor(which, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        made.setColor(off, which, QColor("#7d8796" if t.dark else "#868e9b"))
    made.setColor(off, role.Highlight, QColor(t.neutral_soft))
    return made


def font(px: int = BODY_PX, *, bold: bool = False, mono: bool = False) -> QFont:
    """A font of our families. `px` in device-independent pixels."""
    made = QFont()
    made.setFamilies(MONO_FAMILIES if mono else FAMILIES)
    made.setPixelSize(px)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


class Theme(QObject):
    """Which palette is on. `changed` is emitted after the application wears the new one."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: Choice = "system"
        self.tokens = LIGHT
        if not app.property("valiseStyle"):
            app.setStyle("Fusion")
        app.setFont(font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._wear(self._wanted())

    @property
    def choice(self) -> Choice:
        """What was chosen: system, light or dark."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Follow the system, or one palette whatever the system says."""
        self._choice = choice
        hints = QGuiApplication.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
        wanted = self._wanted()
        if wanted is not self.tokens:
            self._wear(wanted)

    def _wanted(self) -> Tokens:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self.tokens:
            self._wear(wanted)

    def _wear(self, wanted: Tokens) -> None:
        from valise.ui import icons

        self.tokens = wanted
        self._app.setPalette(palette(wanted))
        self._app.setStyleSheet(sheet(wanted))
        icons.refresh()
        self.changed.emit()


_theme: Theme | None = None


def install(app: QApplication, choice: Choice = "system") -> Theme:
    """Dress the application; the same Theme when called again."""
    global _theme
    if _theme is None:
        _theme = Theme(app)
    if choice != _theme.choice:
        _theme.choose(choice)
    return _theme


def current() -> Theme:
    """The installed theme (installed now when nobody did)."""
    if _theme is None:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("no application to dress")
        return install(app)
    return _theme


def tokens() -> Tokens:
    """The colours that are on."""
    return LIGHT if _theme is None else _theme.tokens


def colour(name: str) -> QColor:
    """One token as a QColor."""
    return QColor(getattr(tokens(), name))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours (WCAG 2.2, relative luminance)."""

    def luminance(value: str) -> float:
        parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dim + 0.05)
