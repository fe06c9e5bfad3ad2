"""The courier's file: sealed envelopes on a stick or in a folder, for laptops without a network. Not a carrier of rounds.

One file an export, written once, read part by part. Everything is big-endian::

    front    magic 8 "VALISE-C" | version 1 | zero 1 | manifests u16 | places u16 | parts u16
             places times: size u32 | BLAKE2b-256 that ends the part     (zeros where there is no part)
             manifests times 3,584 bytes, each sealed to one laptop      (protocol/manifest.py)
             BLAKE2b-256 of all before it
    parts    one after the other, each a bundle (carriers/bundle.py) of at most 16 MiB, ours of about 4
    zeros    up to a size class
    front    once more: a stick often loses its first block, and a copy cut short has no end
    end      magic 8 "VALISE-E" | bytes of the front u32 | BLAKE2b-256 of the front's digest and the twelve bytes before

Every byte is under a digest or must be zero, so a cut or a flipped bit is noticed; what verifies by itself still comes in,
and no single one costs more than the part it lies in. The digests are keyed with nothing: they notice decay. Forgery is
noticed in the signed manifest and inside the envelopes. What is for others is passed over by the heads of its parts.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

from valise.carriers import bundle
from valise.carriers.place import Place, unavailable
from valise.domain.errors import Refused, Unavailable

MAGIC: Final = b"VALISE-C"
VERSION: Final = 1
ENDING: Final = ".valise"
START: Final = struct.Struct(">8sBBHHH")
LINE: Final = struct.Struct(">I32s")
END: Final = struct.Struct(">8sI32s")
END_MAGIC: Final = b"VALISE-E"
DIGEST: Final = 32
MANIFEST: Final = 3_584  # bytes of a sealed manifest, all alike
MANIFESTS: Final = 2_048  # laptops one file is for, at most
PLACES: Final = (16, 64, 256, 1_024)  # the table is larger than needed: how many parts there are shows less
LARGEST: Final = 3 << 30  # sticks are often formatted so that no file can have 4 GiB
_FRONT_PERSON: Final = b"valise/front/1"
_TABLE_PERSON: Final = b"valise/table/1"
_END_PERSON: Final = b"valise/end/1"
_STEP: Final = 1 << 20


def _torn(line: str) -> Refused:
    return Refused("carrier.torn", line)


def digest(person: bytes, *parts: bytes) -> bytes:
    """32 bytes."""
    made = hashlib.blake2b(digest_size=DIGEST, person=person)
    for one in parts:
        made.update(one)
    return made.digest()


def size_class(size: int) -> int:
    """What a file of at least `size` bytes is filled up to: the classes of bundles, beyond them eight to each doubling."""
    for one in bundle.CLASSES:
        if size <= one:
            return one
    step = 1 << ((size - 1).bit_length() - 4)
    return -(-size // step) * step


def front_size(places: int, manifests: int) -> int:
    return START.size + places * LINE.size + manifests * MANIFEST + DIGEST


@dataclass(frozen=True, slots=True)
class Line:
    """One part as the table names it; `start` in the file."""

    start: int
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Front:
    """A verified front. `table` = 32 bytes over everything before the manifests, which they sign."""

    raw: bytes
    lines: tuple[Line, ...]
    manifests: tuple[bytes, ...]
    table: bytes

    @property
    def size(self) -> int:
        """Of the whole file."""
        return size_class(2 * len(self.raw) + sum(one.size for one in self.lines) + END.size)

    @property
    def end(self) -> bytes:
        head = END_MAGIC + len(self.raw).to_bytes(4, "big")
        return head + digest(_END_PERSON, self.raw[-DIGEST:], head)


def table(parts: Sequence[tuple[int, bytes]], places: int, manifests: int) -> bytes:
    """The front up to the manifests, for parts of (size, digest)."""
    lines = b"".join(LINE.pack(*one) for one in parts).ljust(places * LINE.size, b"\0")
    return START.pack(MAGIC, VERSION, 0, manifests, places, len(parts)) + lines


def table_digest(start: bytes) -> bytes:
    return digest(_TABLE_PERSON, start)


def encode_front(start: bytes, manifests: Sequence[bytes]) -> bytes:
    """`start` from `table`."""
    body = start + b"".join(manifests)
    return body + digest(_FRONT_PERSON, body)


def _front_length(start: bytes) -> int:
    """How long the front is, from its first bytes. Refused("carrier.torn" | "courier.newer")."""
    if len(start) < START.size or start[: len(MAGIC)] != MAGIC:
        raise _torn("no front starts here")
    _, version, zero, manifests, places, parts = START.unpack_from(start)
    if version > VERSION:
        raise Refused("courier.newer", "written by a newer version")
    if version != VERSION or zero or manifests > MANIFESTS or places not in PLACES or parts > places:
        raise _torn("the front cannot be of this form")
    return front_size(places, manifests)


def read_front(data: bytes) -> Front:
    """Verify a front; `data` is all of it. Refused("carrier.torn" | "courier.newer")."""
    if len(data) != _front_length(data) or digest(_FRONT_PERSON, data[:-DIGEST]) != data[-DIGEST:]:
        raise _torn("the front does not verify")
    _, _, _, manifests, places, parts = START.unpack_from(data)
    at = len(data)
    lines: list[Line] = []
    for number in range(places):
        size, value = LINE.unpack_from(data, START.size + number * LINE.size)
        if number >= parts:
            if size or any(value):
                raise _torn("a part that is not counted")
            continue
        if size not in bundle.CLASSES:
            raise _torn("a part of no size class")
        lines.append(Line(at, size, value))
        at += size
    first = START.size + places * LINE.size
    sealed = tuple(data[first + n * MANIFEST : first + (n + 1) * MANIFEST] for n in range(manifests))
    made = Front(data, tuple(lines), sealed, table_digest(data[:first]))
    if made.size > LARGEST:
        raise _torn("larger than any file of ours")
    return made


State = Literal["whole", "passed", "torn", "unread"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it was read. `ours` = envelopes in it for us, as its head says; `others` = some of them, or more, are for
    others too; `items` (id, blob) only when "whole". "passed" = nothing for us, or the body was not asked for; "unread" =
    the medium failed."""

    state: State
    ours: int = 0
    others: bool = False
    items: tuple[tuple[bytes, bytes], ...] = ()
    mailboxes: frozenset[bytes] = frozenset()
    envelopes: int = 0


class Source:
    """A file that may be a bundle, open for reading. Never believes it: what is read is verified in memory.

    `kind` "bundle" with a `front`, "torn" without one, or "not_bundle"; `problem` = error code, "" = none. `damaged`: it is not
    as it was written, though parts may verify. Errors of the medium after opening are "unread" parts.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self.size = os.fstat(handle).st_size
        self.front: Front | None = None
        self.damaged = False
        self.problem = ""
        self.kind: Literal["bundle", "torn", "not_bundle"] = "not_bundle"
        self._begin()

    @classmethod
    def open(cls, path: Path) -> Source:
        """Never through a link, never waiting. Unavailable("carrier.unreachable"), Refused("courier.not_bundle") for what is
        no file at all."""
        try:
            with Place.root(path.parent) as folder:
                if not stat.S_ISREG(folder.look(path.name).st_mode):
                    raise Refused("courier.not_bundle", "not a regular file")
                handle = folder.open_file(path.name)
        except OSError as error:
            raise unavailable(error) from None
        try:
            return cls(handle)
        except OSError as error:
            os.close(handle)
            raise unavailable(error) from None
        except BaseException:
            os.close(handle)
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    def same(self, status: os.stat_result) -> bool:
        """Whether a name still stands for this very file."""
        mine = os.fstat(self._handle)
        return (mine.st_dev, mine.st_ino) == (status.st_dev, status.st_ino)

    def _at(self, start: int, count: int) -> bytes:
        """At most `count` bytes. Raises OSError."""
        if start >= self.size or start < 0:
            return b""
        os.lseek(self._handle, start, os.SEEK_SET)
        found = []
        while count > 0:
            piece = os.read(self._handle, min(count, _STEP))
            if not piece:
                break
            found.append(piece)
            count -= len(piece)
        return b"".join(found)

    def _begin(self) -> None:
        start = self._at(0, START.size)
        if self.size > LARGEST:
            return
        newer = ""
        for find in (self._first, self._last):
            try:
                self.front = find()
                break
            except Refused as error:
                newer = newer or (error.code if error.code == "courier.newer" else "")
            except OSError:
                newer = newer or "carrier.unreachable"
        if self.front is not None:
            self.kind = "bundle"
            self.damaged = not self._ends_alike(self.front)
        elif start and (MAGIC.startswith(start[: len(MAGIC)]) or self._has_end()):
            self.kind, self.damaged = "torn", True
            self.problem = newer or "carrier.torn"

    def _first(self) -> Front:
        return read_front(self._at(0, _front_length(self._at(0, START.size))))

    def _last(self) -> Front:
        """The copy at the end, where the beginning does not verify."""
        end = self._at(self.size - END.size, END.size)
        length = int.from_bytes(end[len(END_MAGIC) : len(END_MAGIC) + 4], "big")
        if not START.size <= length <= front_size(PLACES[-1], MANIFESTS):
            raise _torn("no end, or one that asks for more than any front has")
        front = read_front(self._at(self.size - END.size - length, length))
        if front.end != end or front.size != self.size:
            raise _torn("the end does not fit")
        return front

    def _has_end(self) -> bool:
        with suppress(OSError):
            return self._at(self.size - END.size, len(END_MAGIC)) == END_MAGIC
        return False

    def _ends_alike(self, front: Front) -> bool:
        """Both fronts and the end are as they have to be, and the size is."""
        with suppress(OSError):
            length = len(front.raw)
            tail = self._at(self.size - END.size - length, length + END.size)
            return self.size == front.size and tail == front.raw + front.end and self._at(0, length) == front.raw
        return False

    def padded(self) -> bool:
        """Whether what lies between the parts and the end is zeros, as it was written."""
        assert self.front is not None
        at = self.front.lines[-1].start + self.front.lines[-1].size if self.front.lines else len(self.front.raw)
        end = self.front.size - END.size - len(self.front.raw)
        try:
            while at < end:
                piece = self._at(at, min(_STEP, end - at))
                if not piece or piece.count(0) != len(piece):
                    return False
                at += len(piece)
        except OSError:
            return False
        return True

    def part(self, number: int, routes: frozenset[bytes], *, bodies: bool = True, everything: bool = False) -> Part:
        """One part: its head, and where something in it is for `routes` and `bodies` are asked for, all of it.
        `everything`: as if all were for us (who looks without a vault)."""
        assert self.front is not None
        line = self.front.lines[number]
        try:
            return self._part(line, routes, bodies, everything)
        except Refused:
            return Part("torn")
        except OSError:
            return Part("unread")

    def _part(self, line: Line, routes: frozenset[bytes], bodies: bool, everything: bool) -> Part:
        data = self._at(line.start, min(line.size, bundle.CLASSES[0]))
        length = bundle.head_length(data, line.size)
        if length > len(data):
            data += self._at(line.start + len(data), length - len(data))
        head = bundle.read_head(data, line.size)
        wanted = head.entries if everything else head.wanted(routes)
        boxes = frozenset[bytes]().union(*{one.routes for one in head.entries})
        part = Part("passed", len(wanted), not boxes <= routes, (), boxes, len(head.entries))
        if not wanted or not bodies:
            return part
        data += self._at(line.start + len(data), line.size - len(data))
        bundle.verify(data, head)
        if data[-bundle.DIGEST :] != line.digest:
            raise _torn("another part than the table names")
        items = tuple((one.id, data[one.start : one.end]) for one in wanted)
        return Part("whole", part.ours, part.others, items, boxes, part.envelopes)


@contextmanager
def reach() -> Iterator[None]:
    """Whatever the system says of the medium becomes our error, without its path."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from None


def remove(path: Path, source: Source) -> None:
    """Delete the very file that was read; another one that took its name stays. Unavailable("carrier.unreachable")."""
    with reach(), Place.root(path.parent) as folder:
        if not source.same(folder.look(path.name)):
            raise Unavailable("carrier.unreachable", "another file has taken the name")
        folder.remove(path.name)
        folder.sync()
