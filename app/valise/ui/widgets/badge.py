"""Pills: trust, markings. Words always, colour only as a second cue."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from valise.desk.views import ContactView, Trust
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.text_safe import clean


class Pill(QWidget):
    """Rounded text with an icon before it. Colours are theme tokens, read at each painting."""

    def __init__(
        self, text: str = "", icon: str = "", ink: str = "muted", fill: str = "neutral_soft",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._text, self._icon, self._ink, self._fill = "", icon, ink, fill
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(theme.SMALL_PX, bold=True))
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Change the words (plain)."""
        self._text = clean(text, lines=False)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def set_look(self, icon: str, ink: str, fill: str) -> None:
        """Change icon and colours (token names)."""
        self._icon, self._ink, self._fill = icon, ink, fill
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words."""
        return self._text

    def colours(self) -> tuple[QColor, QColor]:
        """Ink and fill."""
        return theme.colour(self._ink), theme.colour(self._fill)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        wide = metrics.horizontalAdvance(self._text) + 16 + (18 if self._icon else 0)
        return QSize(max(wide, 22), metrics.height() + 5)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self._text, self._icon, self.colours(), self.layoutDirection())


def paint_pill(
    painter: QPainter,
    area: QRect,
    text: str,
    icon: str,
    colours: tuple[QColor, QColor],
    way: Qt.LayoutDirection,
) -> None:
    """Paint a pill that fills `area` (for delegates too). Colours are ink and fill."""
    ink, fill = colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    radius = area.height() / 2
    painter.drawRoundedRect(QRectF(area), radius, radius)
    inner = area.adjusted(8, 0, -8, 0)
    if icon:
        spot = QRect(inner.left(), inner.center().y() - 6, 14, 14)
        device = painter.device()
        dpr = device.devicePixelRatioF() if device is not None else 1.0
        painter.drawPixmap(QStyle.visualRect(way, area, spot), icons.pixmap(icon, ink.name(), 14, dpr))
        inner.setLeft(inner.left() + 18)
    painter.setPen(ink)
    where = Qt.AlignmentFlag.AlignVCenter
    where |= QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeading) if icon else Qt.AlignmentFlag.AlignHCenter
    painter.drawText(QStyle.visualRect(way, area, inner), int(where), text)
    painter.restore()


TRUST_LOOK: dict[str, tuple[str, str, str]] = {
    "own": ("user", "info", "info_soft"),
    "verified in person": ("shield-check", "good", "good_soft"),
    "vouched": ("shield-half", "info", "info_soft"),
    "received only": ("shield", "warn", "warn_soft"),
    "unknown": ("shield-unknown", "muted", "neutral_soft"),
    "changed": ("shield-alert", "bad", "bad_soft"),
}


def trust_words(trust: Trust | str) -> str:
    """The level in the words shown wherever a delegation is named."""
    return {
        "own": translate("trust", "our own"),
        "verified in person": translate("trust", "verified in person"),
        "vouched": translate("trust", "vouched for"),
        "received only": translate("trust", "not verified yet"),
        "changed": translate("trust", "identity changed"),
    }.get(trust, translate("trust", "unknown"))


class TrustBadge(Pill):
    """How far the identity of a delegation is known: a shield, different for each level, and the words."""

    def __init__(self, trust: Trust | str = "unknown", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_trust(trust)

    def set_trust(self, trust: Trust | str) -> None:
        """A Trust level, or "changed" for a changed identity."""
        self.set_look(*TRUST_LOOK.get(trust, TRUST_LOOK["unknown"]))
        self.set_text(trust_words(trust))

    def set_contact(self, contact: ContactView) -> None:
        """The level of this contact; a changed identity comes before everything."""
        self.set_trust("changed" if contact.changed else contact.trust)


# Colours of TLP 2.0 (first.org/tlp): the label in its colour on black; the words carry the meaning.
TLP: dict[str, str] = {
    "TLP:RED": "#FF2B2B",
    "TLP:AMBER+STRICT": "#FFC000",
    "TLP:AMBER": "#FFC000",
    "TLP:GREEN": "#33FF00",
    "TLP:CLEAR": "#FFFFFF",
}
MARKINGS: tuple[str, ...] = tuple(TLP)


class MarkingLabel(Pill):
    """A marking: its text always; TLP labels on black in their colour, any other in the plain tint. Hidden when ""."""

    def __init__(self, marking: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_marking(marking)

    def set_marking(self, marking: str) -> None:
        """Show a marking, "" hides the label."""
        self.set_text(marking)
        if marking:
            self.setAccessibleName(self.tr("Marking: {0}").format(self.text()))
        self.setVisible(bool(marking))

    def colours(self) -> tuple[QColor, QColor]:
        return marking_colours(self.text())


def marking_colours(marking: str) -> tuple[QColor, QColor]:
    """Ink and fill for a marking (delegates use it with `paint_pill`)."""
    if marking in TLP:
        return QColor(TLP[marking]), QColor("#000000")
    return theme.colour("text"), theme.colour("neutral_soft")
