"""What somebody on the wire sees: a capture by tcpdump, put together again to streams and taken apart into what NATS says.

Only plain connections are read (`nats://` and `ws://` on loopback): everything that TLS would hide lies open here.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_ETHERNET = 14
End = tuple[str, int]


class Capture:
    """tcpdump on loopback while the block runs."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Capture:
        tool = shutil.which("tcpdump")
        assert tool, "tcpdump is missing"
        # -U: every packet is in the file at once; the buffer is large, so that nothing is dropped
        self._process = subprocess.Popen(
            [tool, "-i", "lo", "-U", "-n", "-s", "0", "-B", "65536", "-Z", "root", "-w", str(self._file)],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stderr is not None
        first = self._process.stderr.readline()
        assert "listening on" in first, first
        return self

    def __exit__(self, *_: object) -> None:
        self._settle()
        self._process.terminate()
        said = self._process.communicate(timeout=30)[1]
        found = re.search(r"(\d+) packets dropped by kernel", said)
        assert found, said
        self.dropped = int(found[1])

    def _settle(self, patience: float = 10.0) -> None:
        """Until the file grows no more: what was under way is in it."""
        end, before = time.monotonic() + patience, -1
        while time.monotonic() < end and (now := self._file.stat().st_size) != before:
            before = now
            time.sleep(0.2)


@dataclass
class Stream:
    """One direction of one connection."""

    source: End
    target: End
    opened: bool = False  # it began with a SYN of this side, not an answering one
    first: int | None = None
    parts: dict[int, bytes] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """In order; fails where something is missing before the end."""
        whole = bytearray()
        for at in sorted(self.parts):
            part = self.parts[at]
            assert at <= len(whole), "a hole in the capture"
            whole += part[len(whole) - at :]
        return bytes(whole)


@dataclass
class Seen:
    """A whole capture."""

    streams: dict[tuple[End, End], Stream] = field(default_factory=dict)
    others: list[tuple[int, bytes]] = field(default_factory=list)  # whatever is not TCP: protocol, packet

    def opened(self) -> set[tuple[End, End]]:
        """Who began a connection with whom."""
        return {key for key, one in self.streams.items() if one.opened}


def packets(file: Path) -> Iterator[bytes]:
    """The frames of a file as tcpdump writes it (libpcap, little-endian, microseconds)."""
    data = file.read_bytes()
    magic, _, _, _, _, _, link = struct.unpack_from("<IHHiIII", data)
    assert magic == 0xA1B2C3D4 and link == 1, "another kind of capture"
    at = 24
    while at + 16 <= len(data):
        _, _, size, whole = struct.unpack_from("<IIII", data, at)
        assert size == whole, "a packet was cut"
        yield data[at + 16 : at + 16 + size]
        at += 16 + size


def seen(file: Path) -> Seen:
    found = Seen()
    for frame in packets(file):
        kind = int.from_bytes(frame[12:14], "big")
        if kind == 0x0800:
            head = (frame[_ETHERNET] & 15) * 4
            protocol, ends = frame[_ETHERNET + 9], (frame[_ETHERNET + 12 :][:4], frame[_ETHERNET + 16 :][:4])
            length = int.from_bytes(frame[_ETHERNET + 2 :][:2], "big")
            body = frame[_ETHERNET + head : _ETHERNET + length]
            source, target = (".".join(map(str, one)) for one in ends)
        elif kind == 0x86DD:
            protocol = frame[_ETHERNET + 6]
            body = frame[_ETHERNET + 40 :]
            source, target = frame[_ETHERNET + 8 :][:16].hex(), frame[_ETHERNET + 24 :][:16].hex()
        else:
            found.others.append((-kind, frame))
            continue
        if protocol != 6:
            found.others.append((protocol, frame))
            continue
        _segment(found, source, target, body)
    return found


def _segment(found: Seen, source: str, target: str, body: bytes) -> None:
    here, there, number, _, offset, flags = struct.unpack_from(">HHIIBB", body)
    key = ((source, here), (target, there))
    data = body[(offset >> 4) * 4 :]
    if flags & 2:  # SYN: a new connection, perhaps from a port that was used before
        assert key not in found.streams or found.streams[key].first == (number + 1) & 0xFFFFFFFF, "a port was used twice"
        found.streams.setdefault(key, Stream(*key, opened=not flags & 16, first=(number + 1) & 0xFFFFFFFF))
        return
    stream = found.streams.get(key)
    assert stream is not None and stream.first is not None, "the capture began in the middle of a connection"
    if data:
        at = (number - stream.first) & 0xFFFFFFFF
        if at < 1 << 31 and len(stream.parts.get(at, b"")) < len(data):  # else a probe before the first byte
            stream.parts[at] = data


@dataclass(frozen=True)
class Said:
    """One thing said in NATS: the verb with its line, headers and payload of messages."""

    verb: str
    line: bytes
    headers: bytes = b""
    payload: bytes = b""

    @property
    def subject(self) -> str:
        return self.line.split()[1].decode()

    @property
    def clear(self) -> bytes:
        """All but the payload."""
        return self.line + self.headers


def talk(data: bytes, *, websocket: bool) -> Iterator[Said]:
    """What one direction of a connection says."""
    plain = _unframed(data) if websocket else data
    at = 0
    while at < len(plain):
        end = plain.find(b"\r\n", at)
        if end < 0:
            return
        line = plain[at:end]
        at = end + 2
        words = line.split()
        verb = words[0].decode().upper() if words else ""
        if verb in ("PUB", "MSG", "HPUB", "HMSG"):
            size = int(words[-1])
            head = int(words[-2]) if verb[0] == "H" else 0
            body = plain[at : at + size]
            assert plain[at + size : at + size + 2] == b"\r\n", "a message does not end where it says"
            at += size + 2
            yield Said(verb, line, body[:head], body[head:])
        else:
            assert verb in ("INFO", "CONNECT", "PING", "PONG", "SUB", "UNSUB", "+OK", "-ERR"), line[:60]
            yield Said(verb, line)


def greeting(data: bytes) -> bytes:
    """The HTTP head with which a WebSocket begins."""
    return data[: data.index(b"\r\n\r\n") + 4]


def _unframed(data: bytes) -> bytes:
    """The binary messages of a WebSocket (RFC 6455, section 5.2), unmasked."""
    at = len(greeting(data))
    whole = bytearray()
    while at + 2 <= len(data):
        kind, size = data[at] & 15, data[at + 1] & 127
        masked = bool(data[at + 1] & 128)
        assert not data[at] & 0x40, "compressed: sizes would tell of content"
        at += 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            size = int.from_bytes(data[at : at + wide], "big")
            at += wide
        mask = data[at : at + 4] if masked else b""
        at += len(mask)
        part = data[at : at + size]
        assert len(part) == size, "a frame is not whole"
        at += size
        if masked:
            key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
            part = (int.from_bytes(part, "big") ^ key).to_bytes(size, "big")
        if kind in (0, 2):
            whole += part
        else:
            assert kind in (8, 9, 10), "another kind of frame"
    return bytes(whole)
