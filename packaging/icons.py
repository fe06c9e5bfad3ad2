"""The program's icon in the sizes of the hicolor theme, drawn by Qt: `python packaging/icons.py SVG FOLDER`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def places() -> dict[str, int]:
    """The file of each size, below .../icons; 0 for the drawing itself."""
    return {f"hicolor/{size}x{size}/apps/valise.png": size for size in SIZES} | {"hicolor/scalable/apps/valise.svg": 0}


def draw(source: Path, folder: Path) -> None:
    """Write them all."""
    from PySide6.QtCore import QByteArray, QRectF
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication(["icons"])
    renderer = QSvgRenderer(QByteArray(source.read_bytes()))
    if not renderer.isValid():
        raise SystemExit(f"{source.name} is not a drawing")
    for name, size in places().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not size:
            shutil.copyfile(source, target)
            continue
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        if not image.save(str(target), "PNG"):
            raise SystemExit(f"{name} cannot be written")
    del application


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
