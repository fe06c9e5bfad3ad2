"""The lines of an evidence file: one after the other, of bounded size, each in the one form that is signed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from valise.domain.errors import Refused
from valise.protocol import canonical

MOST_BYTES: Final = 1 << 30
MOST_LINES: Final = 1_000_000
LONGEST: Final = 256 * 1024  # bytes of a line with its end
SECONDS: Final = 900


class Bad(Exception):
    """The first entry that does not hold: `line` (from 1), `what` it is, `code` why. Both words are of a fixed list."""

    def __init__(self, line: int, what: str, code: str) -> None:
        super().__init__(f"line {line}, {what}: {code}")
        self.line, self.what, self.code = line, what, code


class Lines:
    """Reads lines; knows the number of the present one and the digest of all before it."""

    def __init__(self, stream: BinaryIO, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._until = clock() + seconds
        self._sha = hashlib.sha256()
        self._size = 0
        self.number = 0
        self.before = self._sha.digest()

    def next(self) -> dict[str, Any] | None:
        """The next line as an object, None at the end of the file. Bad("file")."""
        self.before = self._sha.digest()
        raw = self._stream.readline(LONGEST + 1)
        if not raw:
            return None
        self.number += 1
        self._size += len(raw)
        if len(raw) > LONGEST or self._size > MOST_BYTES or self.number > MOST_LINES:
            raise Bad(self.number, "line", "too large")
        if not raw.endswith(b"\n"):
            raise Bad(self.number, "line", "torn")
        self.pause(self.number)
        self._sha.update(raw)
        try:
            held = canonical.decode(raw[:-1], LONGEST)
        except Refused:
            raise Bad(self.number, "line", "form") from None
        if type(held) is not dict or type(held.get("is")) is not str:
            raise Bad(self.number, "line", "fields")
        if held.get("n") != self.number:
            raise Bad(self.number, "line", "number")
        return held

    def pause(self, line: int) -> None:
        """Bad("too long") when the time is over."""
        if self._clock() > self._until:
            raise Bad(line, "file", "too long")


def ident(value: Any) -> bool:
    """43 characters of base64url that stand for 32 bytes."""
    return type(value) is str and len(value) == 43 and octets(value) is not None


def octets(value: Any, size: int | None = None) -> bytes | None:
    """The bytes of strict base64url, None when it is not, or not of `size`."""
    try:
        return canonical.unb64u(value, size)
    except (Refused, UnicodeError):
        return None


def whole(value: Any, least: int = 0) -> bool:
    """An integer of at least `least`."""
    return type(value) is int and value >= least


def named(domain: str, raw: bytes) -> str:
    """base64url(SHA-256(domain, zero byte, raw))."""
    return canonical.b64u(canonical.digest(domain, raw))
