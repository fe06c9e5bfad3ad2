"""Several pictures on one image, to be looked through quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

WIDE, HIGH, GAP, TITLE = 2600, 1680, 12, 18  # px


def sheets(pictures: Sequence[Path], folder: Path) -> Iterator[Path]:
    """One series a language and look, which begin the names; pictures in their own size, in rows, as many as fit."""
    folder.mkdir(parents=True, exist_ok=True)

    def tag(path: Path) -> str:
        return "-".join(path.stem.split("-")[:2])

    for series, group in groupby(sorted(pictures, key=lambda one: (tag(one), _height(one))), key=tag):
        page, number, place, row = _blank(), 1, QPoint(GAP, GAP), 0
        for path in group:
            image = QImage(str(path))
            if place.x() + image.width() > WIDE and place.x() > GAP:
                place, row = QPoint(GAP, place.y() + row + GAP), 0
            if place.y() + image.height() + TITLE > HIGH and place != QPoint(GAP, GAP):
                yield _saved(page, folder / f"{series}-{number:02}.png")
                page, number, place, row = _blank(), number + 1, QPoint(GAP, GAP), 0
            painter = QPainter(page)
            painter.setPen(QColor("black"))
            name = QRect(place.x(), place.y(), max(image.width(), 200), TITLE)
            painter.drawText(name, Qt.AlignmentFlag.AlignLeft, path.stem.removeprefix(f"{series}-"))
            painter.drawImage(place + QPoint(0, TITLE), image)
            painter.end()
            place.setX(place.x() + image.width() + GAP)
            row = max(row, image.height() + TITLE)
        yield _saved(page, folder / f"{series}-{number:02}.png")


def _height(path: Path) -> int:
    return QImage(str(path)).height()


def _blank() -> QImage:
    page = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    page.fill(QColor("#c8c8c8"))
    return page


def _saved(page: QImage, path: Path) -> Path:
    page.save(str(path))
    return path
