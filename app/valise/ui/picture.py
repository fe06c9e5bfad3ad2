"""Finds QR codes in one picture: `python -m valise.ui.picture`, started by formats/picture for every file, ended with it.

One request on standard input (a length in 4 bytes, JSON, then the file), the answer on standard output (a length, JSON). It
knows no vault and no key. What it needs is loaded before the first byte of the file; then it gives up files, sockets,
processes, and all but bounded memory and time.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import zxingcpp
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from valise.ui import child

MAX_REQUEST: Final = 4096
MAX_BYTES: Final = 24 * 2**20
MAX_POINTS: Final = 64_000_000
MAX_SIDE: Final = 16_000
MAX_CODES: Final = 8
MAX_TEXT: Final = 1000
LARGE: Final = 2_600  # a longer side is made this long: a code one can read from a screen is still there
FORMATS: Final = (b"png", b"jpeg", b"bmp", b"webp")


class NoPicture(Exception):
    """`code` as in formats.picture.LINES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> int:
    """Answer one request. An exit without an answer means it was too hard."""
    ours, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        request = child.get(ours, MAX_REQUEST)
        prepare()
        _confine(request["memory"], request["cpu"], request["wall"])
        if not 0 < request["size"] <= MAX_BYTES:
            raise NoPicture("picture.too_big")
        child.put(out, {"codes": codes(ours.read(request["size"]))})
    except NoPicture as refusal:
        child.put(out, {"refused": refusal.code})
    except (MemoryError, RecursionError):
        return child.TOO_HARD
    except (OSError, KeyError, TypeError, ValueError):
        return 1
    return 0


def prepare() -> None:
    """Load every decoder while files can still be opened: each reads a picture of one point that we wrote."""
    point = QImage(1, 1, QImage.Format.Format_Grayscale8)
    point.fill(255)
    for name in FORMATS:
        held = QBuffer()
        held.open(QIODevice.OpenModeFlag.ReadWrite)
        writer = QImageWriter(held, name)
        if writer.canWrite() and writer.write(point):
            held.seek(0)
            QImageReader(held, name).read()
    _find(point)


def _confine(memory: int, cpu: int, wall: int) -> None:
    """Bytes, seconds, seconds; no file, no socket, no process from here on."""
    QImageReader.setAllocationLimit(320)  # MiB of one decoded picture
    os.closerange(3, 4096)
    child.confine(memory, cpu, wall, "RLIMIT_NPROC", "RLIMIT_NOFILE")


def codes(data: bytes) -> list[str]:
    """The texts of the QR codes in a picture, in no order; what is not short printable ASCII is none of ours. NoPicture."""
    held = QBuffer()
    held.setData(QByteArray(data))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(held)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in FORMATS:
        raise NoPicture("picture.unknown")
    size = reader.size()
    if not size.isValid() or size.width() < 1 or size.height() < 1:
        raise NoPicture("picture.unknown")
    if size.width() * size.height() > MAX_POINTS or max(size.width(), size.height()) > MAX_SIDE:
        raise NoPicture("picture.too_big")
    image = reader.read()
    if image.isNull():
        raise NoPicture("picture.unknown")
    found = dict.fromkeys(_find(image.convertToFormat(QImage.Format.Format_Grayscale8)))
    longer = max(image.width(), image.height())
    if not found and longer > LARGE:  # the grain of a large photograph hides what a smaller one shows
        small = image.scaled(image.size() * (LARGE / longer)).convertToFormat(QImage.Format.Format_Grayscale8)
        found = dict.fromkeys(_find(small))
    return list(found)[:MAX_CODES]


def _find(grey: QImage) -> list[str]:
    width, height, stride = grey.width(), grey.height(), grey.bytesPerLine()
    rows = memoryview(grey.constBits()).cast("B")
    packed = b"".join(rows[line * stride : line * stride + width] for line in range(height)) if stride != width else rows
    points = memoryview(packed)[: width * height].cast("B", (height, width))
    read = zxingcpp.read_barcodes(points, formats=zxingcpp.BarcodeFormat.QRCode, text_mode=zxingcpp.TextMode.Plain)
    texts = [one.text for one in read if one.valid]
    return [one for one in texts if 0 < len(one) <= MAX_TEXT and one.isascii() and one.isprintable()]


if __name__ == "__main__":
    sys.exit(main())
