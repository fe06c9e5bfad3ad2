"""Somebody on the wire, between laptops and their relay: which connections there are, which sizes, which words (capture_run.py).
What TLS hides is left open for it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.relay import apart, capture

from valise.carriers.relay import wire

ONE = b"\x01" * 16


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not apart.possible():
        assert not os.environ.get("CI"), "where everything is tested, this must be"
        pytest.skip("no network of one's own on this computer (run as root)")
    done = apart.run("tests.relay.capture_run", [str(tmp_path_factory.mktemp("capture")), "--speed", "480"], 300)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_capture_is_whole_and_holds_an_hour_of_work(report: dict[str, Any]) -> None:
    assert report["dropped"] == 0
    assert report["envelopes"] > 20 and report["octets"] > 100_000 and report["words"] > 20
    assert {"HPUB", "PUB", "CONNECT", "SUB"} <= report["verbs"].keys() and report["verbs"].keys() & {"MSG", "HMSG"}


def test_laptops_connect_to_their_relays_and_nowhere_else(report: dict[str, Any]) -> None:
    """In a network where any address could be reached: no name is looked up, no other port is tried."""
    assert report["targets"].keys() == {"127.0.0.1:tcp", "127.0.0.1:websocket"}
    assert report["others"] == 0, "something that is not TCP"


def test_envelopes_have_declared_sizes_only(report: dict[str, Any]) -> None:
    assert {int(size) for size in report["sizes"]} <= set(wire.CLASSES)
    assert len(report["sizes"]) > 2


def test_beside_envelopes_only_questions_and_confirmations(report: dict[str, Any]) -> None:
    assert not [one for one in report["kinds"] if one.startswith("?")], report["kinds"]
    assert report["kinds"].get("+ACK")
    assert report["subjects"] == [], "subjects that say more than a mailbox"


def test_no_name_no_code_and_no_word_is_in_any_byte(report: dict[str, Any]) -> None:
    assert (report["found"], report["codes"], report["short"]) == ([], [], [])


# what reads a capture, tried on made-up ones


def segment(here: int, there: int, number: int, flags: int, data: bytes = b"") -> bytes:
    tcp = b"".join((
        here.to_bytes(2, "big"), there.to_bytes(2, "big"), number.to_bytes(4, "big"), bytes(4), bytes((5 << 4, flags)), bytes(6),
    ))  # fmt: skip
    size = 20 + len(tcp) + len(data)
    ip = b"\x45\x00" + size.to_bytes(2, "big") + bytes(5) + b"\x06" + bytes(2) + b"\x7f\0\0\1" * 2
    return bytes(12) + b"\x08\x00" + ip + tcp + data


def written(path: Path, *frames: bytes) -> Path:
    head = (0xA1B2C3D4).to_bytes(4, "little") + b"\x02\0\x04\0" + bytes(8) + (1 << 18).to_bytes(4, "little") + b"\1\0\0\0"
    path.write_bytes(head + b"".join(bytes(8) + len(one).to_bytes(4, "little") * 2 + one for one in frames))
    return path


def test_a_stream_is_put_together_whatever_order_it_came_in(tmp_path: Path) -> None:
    file = written(
        tmp_path / "x", segment(9, 4222, 99, 2), segment(9, 4222, 105, 16, b"56789"), segment(9, 4222, 100, 16, b"01234"),
        segment(9, 4222, 103, 16, b"3456"),
    )  # fmt: skip
    found = capture.seen(file)
    (stream,) = found.streams.values()
    assert stream.data == b"0123456789" and stream.opened
    assert found.opened() == {(("127.0.0.1", 9), ("127.0.0.1", 4222))}


def test_a_hole_or_a_beginning_that_is_missing_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="in the middle"):
        capture.seen(written(tmp_path / "x", segment(9, 4222, 105, 16, b"56789")))
    found = capture.seen(written(tmp_path / "y", segment(9, 4222, 99, 2), segment(9, 4222, 105, 16, b"56789")))
    with pytest.raises(AssertionError, match="a hole"):
        _ = next(iter(found.streams.values())).data


def test_other_packets_are_kept_apart(tmp_path: Path) -> None:
    name = bytearray(segment(9, 53, 1, 0))
    name[14 + 9] = 17
    assert [kind for kind, _ in capture.seen(written(tmp_path / "x", bytes(name))).others] == [17]


def test_what_is_said_is_read_with_and_without_a_websocket() -> None:
    packed = wire.pack(ONE, [ONE], b"sealed")
    head = b"NATS/1.0\r\nNats-Msg-Id: x\r\n\r\n"
    said = b"CONNECT {}\r\nPING\r\nHPUB inbox.a.b _W.b.1 %d %d\r\n%s%s\r\nPUB r 2\r\nok\r\n" % (
        len(head), len(head) + len(packed), head, packed)  # fmt: skip
    mask = b"\1\2\3\4"
    framed = b"GET / HTTP/1.1\r\n\r\n"
    for start in range(0, len(said), 300):
        part = said[start : start + 300]
        size = bytes((0x82, 0x80 | 126)) + len(part).to_bytes(2, "big") if len(part) > 125 else bytes((0x82, 0x80 | len(part)))
        framed += size + mask + bytes(one ^ mask[at % 4] for at, one in enumerate(part))
    for data, websocket in ((said, False), (framed, True)):
        found = list(capture.talk(data, websocket=websocket))
        assert [one.verb for one in found] == ["CONNECT", "PING", "HPUB", "PUB"]
        assert found[2].payload == packed and found[2].headers == head and found[2].subject == "inbox.a.b"
        assert found[3].payload == b"ok"


def test_compression_is_noticed() -> None:
    with pytest.raises(AssertionError, match="compressed"):
        list(capture.talk(b"HTTP/1.1 101\r\n\r\n" + bytes((0xC2, 2)) + b"xx", websocket=True))
