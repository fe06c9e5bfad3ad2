"""The child process that reads files: what it can do, what it cannot, and what its parent believes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest

from valise.domain.errors import Refused, Unavailable
from valise.formats import child, confined, wire
from valise.formats.abc import Document
from valise.formats.confined import Limits

SAMPLE = files("valise.resources").joinpath("reference", "sample_text.md").read_bytes()
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limits of this test are Linux ones")

# A child that plays foul: it confines itself as the real one does, then runs the line it was given.
FOUL = """
import sys, os, socket, subprocess, time
from valise.formats import child, wire
request = wire.get(sys.stdin.buffer)
child.prepare()
child.confine(request["memory"], request["cpu"], request["wall"])
def attempt(act):
    try:
        act()
    except Exception as error:
        return type(error).__name__
    return "done"
def say(value):
    wire.put(sys.stdout.buffer, value)
"""


def code_of(name: str, data: bytes, **more: Any) -> str:
    with pytest.raises(Refused) as refusal:
        confined.read(name, data, **more)
    assert data[:40].decode("latin-1") not in str(refusal.value) or not data
    return refusal.value.code


def foul(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(confined, "command", lambda: [sys.executable, "-I", "-c", FOUL + line])


def test_the_child_reads_what_we_would_read() -> None:
    assert confined.read("sample.md", SAMPLE) == child.read("sample.md", SAMPLE)


def test_a_format_can_be_named() -> None:
    assert confined.read("sample.md", SAMPLE, format="plain").format == "plain"
    assert code_of("sample.md", SAMPLE, format="none such") == "format.unknown"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.md", b"", "format.empty"),
        ("a.md", b"\xff\xfe\xfd", "format.encoding"),
        ("a.txt", b"a\0b", "format.control"),
        ("a.docx", b"PK\x03\x04\0\0", "format.zip"),
        ("a.md", b"**OP 1** " + b"[" * 30_000, "format.too_long"),
        ("a.md", b"a" * (16 * 2**20 + 1), "format.too_big"),
    ],
)
def test_refusals_keep_their_code(name: str, data: bytes, code: str) -> None:
    assert code_of(name, data) == code


def test_too_little_time() -> None:
    assert code_of("a.md", SAMPLE, limits=Limits(wall=0)) == "format.too_hard"


@linux
def test_too_little_memory() -> None:
    big = b"[ " * 7 * 2**20
    assert code_of("a.txt", big) == "format.too_long"
    assert code_of("a.txt", big, limits=Limits(memory=32 * 2**20)) == "format.too_hard"


@linux
def test_a_child_that_never_ends_is_stopped_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    foul(monkeypatch, "while True: pass")
    began = time.monotonic()
    assert code_of("a.md", b"", limits=Limits(cpu=1, wall=60)) == "format.too_hard"
    assert time.monotonic() - began < 50  # the limit on processor time, not the clock


@linux
def test_what_the_child_has_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come back as a nonsense frame, so they are looked at before the parent judges them."""
    seen: list[Any] = []
    believed = confined._believed
    monkeypatch.setattr(confined, "_believed", lambda answer: seen.append(answer) or believed(answer))
    foul(
        monkeypatch,
        "say({'file': attempt(lambda: open('/etc/hostname')), 'write': attempt(lambda: open('/tmp/x', 'w')),"
        " 'socket': attempt(socket.socket), 'pipe': attempt(os.pipe), 'module': attempt(lambda: __import__('tomllib')),"
        " 'run': attempt(lambda: subprocess.run(['true'])), 'memory': attempt(lambda: bytearray(2**31)),"
        " 'environment': sorted(os.environ), 'folder': FOLDER})".replace("FOLDER", "os.getcwd()"),
    )
    os.environ["VALISE_PLANTED"] = "red line"
    try:
        assert code_of("a.md", b"", limits=Limits()) == "format.child"
    finally:
        del os.environ["VALISE_PLANTED"]
    (answer,) = seen
    assert answer.pop("environment") == ["LC_ALL"]
    assert answer.pop("folder") == "/"
    assert answer.pop("memory") == "MemoryError"
    assert set(answer.values()) <= {"OSError", "ModuleNotFoundError", "ImportError", "BlockingIOError"}


@pytest.mark.parametrize(
    "line",
    [
        "say([])",
        "say({'refused': 'XA: a red line'})",
        "say({'refused': ['format.empty']})",
        "say({'document': {}})",
        "say({'document': None, 'refused': 'format.empty'})",
        "sys.stdout.buffer.write(b'\\xff\\xff\\xff\\xffab'); sys.stdout.flush()",
        "sys.stdout.buffer.write(b'\\0\\0\\0\\2{]'); sys.stdout.flush()",
        "d = b'[' * 200000; sys.stdout.buffer.write(len(d).to_bytes(4, 'big') + d); sys.stdout.flush()",
    ],
)
def test_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    foul(monkeypatch, line)
    assert code_of("a.md", b"") == "format.child"


@pytest.mark.parametrize("line", ["sys.exit(0)", "os.kill(os.getpid(), 9)", "sys.stdout.buffer.write(b'\\0\\0\\1')"])
def test_no_answer_is_too_hard(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    foul(monkeypatch, line)
    assert code_of("a.md", b"a" * 10**6) == "format.too_hard"


def test_a_child_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "command", lambda: ["/nonexistent/valise"])
    with pytest.raises(Unavailable, match=r"format\.no_child"):
        confined.read("a.md", b"a")


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert confined.command() == [sys.executable, confined.CHILD_FLAG]


def test_the_child_knows_no_vault_no_keys_no_window() -> None:
    script = (
        "import sys, json; from valise.formats import child; child.prepare(); print(json.dumps(sorted(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, check=True, timeout=60)
    loaded = set(json.loads(told.stdout))
    assert "valise.formats.notation" in loaded
    outside = {"PySide6", "vodozemac", "cryptography", "nacl", "sqlcipher3", "cbor2", "asyncio", "socket", "ssl",
               "ctypes", "valise.vault", "valise.protocol", "valise.desk", "valise.ui", "valise.carriers"}  # fmt: skip
    assert not {name for name in loaded if name in outside or any(name.startswith(one + ".") for one in outside)}


def packed() -> dict[str, Any]:
    return json.loads(json.dumps(wire.packed(child.read("a.md", SAMPLE))))  # type: ignore[no-any-return]


def test_a_document_crosses_whole() -> None:
    assert wire.unpacked(packed()) == child.read("a.md", SAMPLE)
    stream = BytesIO()
    wire.put(stream, packed())
    assert wire.get(BytesIO(stream.getvalue())) == packed()
    for cut in (0, 3, 4, len(stream.getvalue()) - 1):
        with pytest.raises(wire.Torn):
            wire.get(BytesIO(stream.getvalue()[:cut]))


WRONG: list[Any] = [None, True, -1, 1.5, "\ud800", "no such value \n", ["x", 7, None], {"a": 1}, 2**60, "x" * 300]


@pytest.mark.parametrize("part", ["", "paragraphs", "notes"])
def test_every_field_is_checked(part: str) -> None:
    """Each field replaced by values of every wrong type: a document equal in type comes out, or a refusal."""
    base = packed()
    base["notes"] = [{"code": "text.no_title", "where": "", "count": 1, "lossy": False}]
    fields = list(base if not part else base[part][0])
    refused = 0
    for name in fields:
        for value in WRONG:
            value_in = json.loads(json.dumps(base))
            (value_in if not part else value_in[part][0])[name] = value
            try:
                made = wire.unpacked(value_in)
            except Refused:
                refused += 1
                continue
            assert isinstance(made, Document)
            assert value != "\ud800"
            assert type(value) in (str, bool, int, type(None))
            json.dumps(wire.packed(made)).encode()
        value_in = json.loads(json.dumps(base))
        del (value_in if not part else value_in[part][0])[name]
        with pytest.raises(Refused, match=r"format\.child"):
            wire.unpacked(value_in)
    assert refused >= 7 * len(fields)


@pytest.mark.parametrize("piece", [31, -3, True, None, 1.0, ["x"]])
def test_a_frame_points_only_to_what_is_there(piece: Any) -> None:
    value = packed()
    value["frame"][0] = piece
    with pytest.raises(Refused, match=r"format\.child"):
        wire.unpacked(value)
