"""A QR code painted on white whatever the theme (readers need the contrast)."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, qRgb
from PySide6.QtWidgets import QSizePolicy, QWidget

from valise.ui import theme
from valise.ui.widgets.labels import named

QUIET = 4  # modules of white around it (ISO/IEC 18004, 6.3.8)


def qr_image(text: str) -> QImage:
    """One pixel per module, quiet zone included."""
    import segno

    rows = [bytearray(line) for line in segno.make(text, micro=False, error="m").matrix]
    side = len(rows) + 2 * QUIET
    made = QImage(side, side, QImage.Format.Format_RGB32)
    made.fill(qRgb(255, 255, 255))
    for y, line in enumerate(rows):
        for x, dark in enumerate(line):
            if dark:
                made.setPixel(x + QUIET, y + QUIET, qRgb(0, 0, 0))
    return made


class QrView(QWidget):
    """Shows one QR code as large as whole pixels allow. `name` is what a screen reader says instead."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None, *, side: int = 200) -> None:
        super().__init__(parent)
        self._side = side
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(side, side)
        named(self, name)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another code; nothing for ""."""
        self._image = qr_image(text) if text else QImage()
        if not self._image.isNull():
            # As large as whole pixels per module allow within what was asked for.
            self.setFixedSize(QSize(*[max(1, self._side // self._image.width()) * self._image.width()] * 2))
        self.update()

    def image(self) -> QImage:
        """The code, a pixel per module."""
        return self._image

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("line"))
        painter.setBrush(Qt.GlobalColor.white)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        dpr = self.devicePixelRatioF()
        module = max(1, int(self.width() * dpr) // self._image.width()) / dpr
        side = round(self._image.width() * module)
        spot = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter.drawImage(spot, self._image)
