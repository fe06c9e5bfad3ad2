"""Files of records from outside (tables, calendars, cards, indicators) are read in the confined child, as documents are.

A kind is a module with `prepare()`, which loads what it needs while files can still be opened, and `frames(stream, options)`,
which yields JSON values and raises `Misread` or Refused. It runs in the child alone; what it yields is believed by nobody:
its parent half checks every value. `KINDS` names the modules; a file is streamed, so that its size is bounded by time.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from valise.domain.errors import Refused, Unavailable
from valise.formats import confined, process, wire
from valise.formats.abc import LINES, refused
from valise.formats.confined import Limits

MAX_FILE: Final = 256 * 2**20
_CHUNK: Final = 2**20


class Misread(Refused):
    """Something of a file of records, with its place: `row` counts records (a table's header is 1), `column` cells from 1;
    0 = not known."""

    def __init__(self, code: str, line: str, row: int = 0, column: int = 0) -> None:
        at = f" (row {row}, column {column})" if row and column else f" (row {row})" if row else ""
        super().__init__(code, line + at)
        self.row = row
        self.column = column


class Kind(Protocol):
    """What a module of records offers; LINES are its refusals."""

    LINES: Mapping[str, str]

    def prepare(self) -> None: ...
    def frames(self, stream: Any, options: Mapping[str, Any]) -> Iterator[Any]: ...


def kind(name: str) -> Kind:
    """The module that reads this kind. Imports stand here one by one: a packager sees them too. Refused("format.unknown")."""
    module: Any
    if name == "csv":
        from valise.formats import table_csv as module
    elif name == "ics":
        from valise.formats import ics as module
    elif name == "vcard":
        from valise.formats import vcard as module
    elif name == "stix":
        from valise.formats.stix import reading as module
    else:
        raise refused("format.unknown")
    return module  # type: ignore[no-any-return]


def read(
    name: str, source: Path | bytes, options: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> Generator[Any, None, None]:
    """What the child says of the file, value by value; close it, or exhaust it, to end the child.

    Misread with a code of the module's LINES, Refused("format.no_file" | "format.not_a_file" | "format.records_big" |
    "format.too_hard" | "format.child"), Unavailable("format.no_child").
    """
    limits = limits or Limits(cpu=60, wall=90)
    lines = kind(name).LINES
    with closing(_opened(source)) as file:
        request = {
            "records": name,
            "options": dict(options or {}),
            "size": file.size,
            "memory": limits.memory,
            "cpu": limits.cpu,
            "wall": limits.wall + 1,
        }
        try:
            child = process.start(confined.command(), confined.environment())
        except OSError:
            raise Unavailable("format.no_child", "the process that reads files cannot be started") from None

        def feed(given: BinaryIO) -> None:
            wire.put(given, request)
            for chunk in file.chunks():
                given.write(chunk)

        with process.asked(child, feed, limits.wall) as answers:
            while True:
                try:
                    answer = wire.get(answers)
                except wire.Torn:
                    raise refused("format.too_hard") from None
                if isinstance(answer, dict) and answer.keys() == {"value"}:
                    yield answer["value"]
                elif isinstance(answer, dict) and answer.keys() == {"end"}:
                    return
                else:
                    raise _refusal(answer, lines)


def _refusal(answer: Any, lines: Mapping[str, str]) -> Refused:
    """A refusal must be one of ours; its line is taken from our own list."""
    if isinstance(answer, dict) and answer.keys() == {"refused", "row", "column"}:
        code, row, column = answer["refused"], answer["row"], answer["column"]
        whole = all(type(one) is int and 0 <= one <= 2**31 for one in (row, column))
        if isinstance(code, str) and whole and code in lines:
            return Misread(code, lines[code], row, column)
        if isinstance(code, str) and whole and code in LINES:
            return refused(code)
    return refused("format.child")


def serve(request: Mapping[str, Any], stream: BinaryIO, out: BinaryIO) -> None:
    """The child's half, confined already: the frames of one file, then an end or a refusal. MemoryError as it comes."""
    try:
        for value in kind(request["records"]).frames(Bounded(stream, request["size"]), request["options"]):
            wire.put(out, {"value": value})
        wire.put(out, {"end": True})
    except Refused as refusal:
        row, column = (refusal.row, refusal.column) if isinstance(refusal, Misread) else (0, 0)
        wire.put(out, {"refused": refusal.code, "row": row, "column": column})


class Bounded(RawIOBase):
    """So many bytes of a stream, and then its end."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        made = self._stream.read(min(len(buffer), self._left))
        buffer[: len(made)] = made
        self._left -= len(made)
        return len(made)


class _Source:
    """The file as chunks, opened once, so that nobody changes what it is between the look and the reading."""

    def __init__(self, number: int, data: bytes, size: int) -> None:
        self._number = number
        self._data = data
        self.size = size

    def chunks(self) -> Iterator[bytes]:
        left = self.size
        while self._number >= 0 and left > 0 and (chunk := os.read(self._number, min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
        for at in range(0, len(self._data), _CHUNK):
            yield self._data[at : at + _CHUNK]

    def close(self) -> None:
        if self._number >= 0:
            os.close(self._number)
            self._number = -1


def _opened(source: Path | bytes) -> _Source:
    """Refused("format.no_file" | "format.not_a_file" | "format.records_big")."""
    if isinstance(source, bytes):
        made = _Source(-1, source, len(source))
    else:
        try:
            # Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
            number = os.open(source, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        except (OSError, ValueError):
            raise refused("format.no_file") from None
        about = os.fstat(number)
        made = _Source(number, b"", about.st_size)
        if not stat.S_ISREG(about.st_mode):
            made.close()
            raise refused("format.not_a_file")
    if made.size > MAX_FILE:
        made.close()
        raise refused("format.records_big")
    return made
