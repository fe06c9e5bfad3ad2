"""Codes in pictures: what is found, and that a hostile picture costs a process and nothing else."""

from __future__ import annotations

import json
import struct
import sys
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from valise.domain.errors import Refused, Unavailable
from valise.formats import picture, process
from valise.ui import picture as child
from valise.ui.widgets.qr import qr_image

TEXT = f"VALISE-ID-1:XB:{'a' * 43}:12:{'b' * 43}:{'c' * 43}:{'d' * 43}"


def code(text: str = TEXT, module: int = 6) -> QImage:
    made = qr_image(text)
    return made.scaled(made.width() * module, made.height() * module)


def encoded(image: QImage, kind: str = "PNG") -> bytes:
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(held, kind)
    return bytes(held.data().data())


def photograph(text: str = TEXT) -> QImage:
    """As a person takes it: at an angle, on a coloured desk, small in a large picture."""
    made = QImage(QSize(3200, 2400), QImage.Format.Format_RGB32)
    made.fill(QColor("#7a6a55"))
    painter = QPainter(made)
    turned = code(text).transformed(QTransform().rotate(11), Qt.TransformationMode.SmoothTransformation)
    painter.drawImage(1200, 700, turned)
    painter.end()
    return made


def png(width: int, height: int) -> bytes:
    """A picture that says it is this large and holds nothing."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_a_code_is_read_by_the_confined_process(kind: str) -> None:
    assert picture.read_codes(encoded(code(), kind)) == (TEXT,)


def test_a_photograph_and_two_codes_in_one_picture() -> None:
    assert picture.read_codes(encoded(photograph(), "JPEG")) == (TEXT,)
    both = QImage(QSize(900, 450), QImage.Format.Format_RGB32)
    both.fill(Qt.GlobalColor.white)
    painter = QPainter(both)
    painter.drawImage(0, 0, code())
    painter.drawImage(450, 0, code(TEXT.replace("XB", "XC")))
    painter.end()
    assert set(picture.read_codes(encoded(both))) == {TEXT, TEXT.replace("XB", "XC")}


def test_no_code_is_no_error_and_no_picture_is_one() -> None:
    blank = QImage(QSize(300, 200), QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    assert picture.read_codes(encoded(blank)) == ()
    for data in (b"", b"no picture", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", encoded(code())[:40]):
        with pytest.raises(Refused, match=r"picture\.unknown"):
            picture.read_codes(data)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (16_001, 1), (9_000, 9_000)])
def test_what_says_it_is_large_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(Refused, match=r"picture\.too_big"):
        picture.read_codes(png(width, height))


def test_a_large_file_does_not_even_start_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "start", lambda *_: pytest.fail("started"))
    with pytest.raises(Refused, match=r"picture\.too_big"):
        picture.read_codes(b"\x89PNG" + bytes(picture.MAX_BYTES))


def test_too_little_memory_stops_the_process_and_not_us() -> None:
    with pytest.raises(Refused, match=r"picture\.(too_hard|unknown)"):
        picture.read_codes(encoded(QImage(6000, 6000, QImage.Format.Format_RGB32), "PNG"), picture.Limits(memory=2**20))


@pytest.mark.qt_log_ignore(".*")
def test_a_picture_cut_anywhere_or_with_any_byte_changed_never_comes_through_as_another_code() -> None:
    """In one process, since it is the decoder's answer that counts: nothing, a refusal, or the very text."""
    data = encoded(code(module=3), "JPEG")
    for at in range(0, len(data), max(1, len(data) // 120)):
        for changed in (data[:at], data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :]):
            try:
                found = child.codes(changed)
            except child.NoPicture:
                continue
            assert found in ([], [TEXT])


@pytest.mark.parametrize(
    "answer",
    [b"", b"not json", b"[]", b'{"codes": "x"}', b'{"codes": [1]}', b'{"codes": ["\\u00e9"]}', b'{"codes": [""]}',
     b'{"codes": ["a\\nb"]}', b'{"refused": "card.own"}', b'{"refused": 1}', b'{"codes": [], "more": 1}',
     json.dumps({"codes": ["a"] * 9}).encode(), json.dumps({"codes": ["a" * 1001]}).encode()],
)  # fmt: skip
def test_what_the_process_answers_is_believed_by_nobody(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    says = f"import sys; d = {answer!r}; sys.stdout.buffer.write(len(d).to_bytes(4, 'big') + d)"
    monkeypatch.setattr(picture, "command", lambda: [sys.executable, "-c", says])
    with pytest.raises(Refused, match=r"picture\.(child|too_hard)"):
        picture.read_codes(encoded(code()))


def test_without_a_process_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "command", lambda: ["/nowhere/valise"])
    with pytest.raises(Unavailable, match=r"picture\.no_child"):
        picture.read_codes(encoded(code()))


@pytest.mark.skipif(sys.platform != "linux", reason="resource limits of Linux")
def test_once_it_reads_it_can_open_nothing() -> None:
    """In a process of its own: after the limits no file, no socket, no program."""
    says = (
        "import sys, os, socket\nfrom valise.ui import picture\npicture.prepare(); picture._confine(2**31, 10, 20)\n"
        "tries = [lambda: open('/etc/hostname'), lambda: socket.socket(), lambda: os.pipe(), lambda: open('/tmp/x', 'w')]\n"
        "for one in tries:\n    try: one()\n    except OSError: continue\n    sys.exit(9)\n"
        "sys.stdout.buffer.write(b'sealed'); sys.stdout.flush()\n"
    )
    made = process.start([sys.executable, "-c", says], picture.environment())
    with process.asked(made, lambda _given: None, 30) as answers:
        assert answers.read() == b"sealed"
