"""Writing the courier's file (its form is in carriers/courier.py): nothing half ever has its name, and it is read again first."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from valise.carriers import bundle, courier
from valise.carriers.abc import ROUTE_BYTES, Parcel
from valise.carriers.place import Place, unavailable
from valise.domain.errors import Damaged, Refused

PART: Final = 4 << 20  # what a part is filled up to: what one bad block of a stick costs
ROOM: Final = 8  # parts for which there is still room when a file counts as full
SYNC: Final = 16 << 20  # after so much the medium is waited for: progress is true, and a full stick is noticed early
_NAME: Final = re.compile(r"tmp-([0-9a-f]{16})([0-9a-f]{16})\.part\Z")
_STEP: Final = 1 << 20
Tell = Callable[[int, int], None]  # octets done, of how many


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written and read back: its SHA-256 in hex is what sha256sum prints."""

    place: Path
    size: int
    digest: str


class Filler:
    """Gathers parcels until a part is full."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self._sets: set[tuple[bytes, ...]] = set()
        self._size = bundle.START.size + 2 * bundle.DIGEST

    def add(self, parcel: Parcel) -> list[Parcel]:
        """The parcels of a part that is full without this one, else none."""
        routes = tuple(sorted(set(parcel.routes)))
        fresh = bundle.SET.size + ROUTE_BYTES * len(routes)
        weight = bundle.ENTRY.size + len(parcel.blob)
        more = weight + (0 if routes in self._sets else fresh)
        full: list[Parcel] = []
        if self.parcels and (self._size + more > PART or len(self.parcels) == bundle.PARCELS_LIMIT):
            full = self.take()
            more = weight + fresh
        self.parcels.append(parcel)
        self._sets.add(routes)
        self._size += more
        return full

    def take(self) -> list[Parcel]:
        """What was gathered; begins anew."""
        found, self.parcels, self._sets = self.parcels, [], set()
        self._size = bundle.START.size + 2 * bundle.DIGEST
        return found


def places_for(octets: int) -> int:
    """Places in the table for about so many octets of envelopes."""
    parts = 1 + ROOM + octets // (PART - PART // 8)
    return next((one for one in courier.PLACES if one >= parts), courier.PLACES[-1])


class Writing:
    """One file in the making, in `folder`. `writer` (32 secret bytes) marks what a killed process leaves, so that it, and
    nobody else, takes it away. Raises Unavailable("carrier.full" | "carrier.unreachable"); then nothing of it stays."""

    def __init__(
        self, folder: Path, writer: bytes, places: int, manifests: int, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._random = random
        self._places = places
        self._manifests = manifests
        self._parts: list[tuple[int, bytes]] = []
        self._front = courier.front_size(places, manifests)
        self._octets = 0
        self._unsynced = 0
        nonce = random(8)
        self._part = f"tmp-{nonce.hex()}{self._mark(nonce).hex()}.part"
        self._keep = False
        self._handle = -1
        try:
            self._place = Place.root(folder)
        except OSError as error:
            raise unavailable(error) from None
        try:
            with courier.reach():
                self._sweep()
                self._handle = self._place.create(self._part)
                self._write(bytes(self._front))
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._close()
        if kind is not None and not self._keep:
            with suppress(OSError):
                self._place.remove(self._part)
        self._place.__exit__(None, None, None)

    @property
    def full(self) -> bool:
        """Whether it is time to stop: a few parts more still find room, not many."""
        total = 2 * self._front + self._octets + ROOM * PART + courier.END.size
        return len(self._parts) + ROOM > self._places or courier.size_class(total) > courier.LARGEST

    @property
    def table(self) -> bytes:
        """What the manifests sign: 32 bytes over all parts so far."""
        return courier.table_digest(self._start())

    def _start(self) -> bytes:
        return courier.table(self._parts, self._places, self._manifests)

    def add(self, parcels: Sequence[Parcel]) -> None:
        """One more part."""
        if len(self._parts) == self._places:
            raise ValueError("more parts than there are places")
        data = bundle.encode(parcels)
        with courier.reach():
            self._write(data)
            self._unsynced += len(data)
            if self._unsynced >= SYNC:
                os.fsync(self._handle)
                self._unsynced = 0
        self._parts.append((len(data), data[-bundle.DIGEST :]))
        self._octets += len(data)

    def finish(self, manifests: Sequence[bytes], tell: Tell) -> Written:
        """Close the file, make it durable, read it again from its medium, and only then give it its name.
        Damaged("courier.readback") names a file that is not what was written: it stays as it is, nothing else is changed."""
        if len(manifests) != self._manifests:
            raise ValueError("another number of manifests than was asked for")
        front = courier.read_front(courier.encode_front(self._start(), manifests))
        zeros = front.size - 2 * self._front - self._octets - courier.END.size
        with courier.reach():
            while zeros > 0:
                self._write(bytes(min(zeros, _STEP)))
                zeros -= _STEP
            self._write(front.raw + front.end)
            os.lseek(self._handle, 0, os.SEEK_SET)
            self._write(front.raw)
            self._settle()
            digest = self._read_back(front, tell)
            name = f"{self._random(16).hex()}{courier.ENDING}"
            self._place.rename(self._part, name)
            self._part = name  # should what follows fail, nothing stays under either name
            self._place.sync()
        return Written(self._folder / name, front.size, digest)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view[:_STEP]) :]

    def _settle(self) -> None:
        """Times and rights that tell nothing, durably."""
        # Whoever may read the folder may read what is sealed in it, whatever our umask; a stick may refuse both.
        if hasattr(os, "fchmod"):
            with suppress(OSError):
                os.fchmod(self._handle, self._place.mode() & 0o666)
        if os.utime in os.supports_fd:
            with suppress(OSError):
                os.utime(self._handle, ns=(0, 0))
        os.fsync(self._handle)
        self._close()

    def _close(self) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    def _read_back(self, front: courier.Front, tell: Tell) -> str:
        """Read the file again and compare each part with the digest it was written under; its SHA-256.

        The page cache is asked to forget the file first (posix_fadvise, DONTNEED), so that what comes back comes from the
        medium as far as the system obliges: it may decline, a file in memory has no medium, and the cache of the stick's own
        controller is out of reach. A medium that lies about that is noticed by whoever imports.
        """
        whole = hashlib.sha256()
        handle = self._place.open_file(self._part)
        try:
            if hasattr(os, "posix_fadvise"):
                with suppress(OSError):
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            if os.fstat(handle).st_size != front.size:
                self._differs()
            done = 0

            def take(count: int) -> bytes:
                nonlocal done
                found = []
                while count > 0:
                    piece = os.read(handle, min(count, _STEP))
                    if not piece:
                        self._differs()
                    found.append(piece)
                    whole.update(piece)
                    count -= len(piece)
                    done += len(piece)
                tell(done, front.size)
                return b"".join(found)

            if take(len(front.raw)) != front.raw:
                self._differs()
            for line in front.lines:
                data = take(line.size)
                try:
                    bundle.verify(data, bundle.read_head(data, line.size))
                except Refused:
                    self._differs()
                if data[-bundle.DIGEST :] != line.digest:
                    self._differs()
            last = front.raw + front.end
            while done < front.size - len(last):
                piece = take(min(_STEP, front.size - len(last) - done))
                if piece.count(0) != len(piece):
                    self._differs()
            if take(len(last)) != last:
                self._differs()
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            self._differs()
        finally:
            os.close(handle)
        return whole.hexdigest()

    def _differs(self) -> None:
        self._keep = True
        raise Damaged("courier.readback", f"{self._part} is not what was written")

    def _mark(self, nonce: bytes) -> bytes:
        return hashlib.blake2b(nonce, key=self._writer[:64], digest_size=8, person=b"valise/courier").digest()

    def _sweep(self) -> None:
        """Take away what this vault left unfinished here."""
        for name in self._place.names():
            part = _NAME.match(name)
            if part and hmac.compare_digest(self._mark(bytes.fromhex(part[1])), bytes.fromhex(part[2])):
                with suppress(OSError):
                    self._place.remove(name)
