"""The folder carrier: bundles in a shared folder (SMB, Nextcloud, Syncthing, a stick, one laptop).

ROOT/v1/<2 hex>/<32 random hex>.vb, in flight tmp-<nonce>.part. A bundle is written once and never changed;
readers never delete, a writer deletes only what it wrote. What is torn is "not yet" and looked at again.

Times of folders and files are not trusted (shares lie about them), so each round lists the names and reads
those that are new. What is new is decided by the engine's own record (`Seen`), through a small cache that
holds 16 bytes for each name the engine has confirmed; after a restart each name is asked for once, no file
is read twice, and an older file that arrives late is as new as any other.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import stat
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from valise.carriers import bundle, naming
from valise.carriers.abc import Batch, Capabilities, Held, Outcome, Parcel, Posted, Seen, carrier
from valise.carriers.place import Place, fill, read_exactly, unavailable
from valise.domain.errors import Refused, Unavailable

VERSION_FOLDER = "v1"
_PART = re.compile(r"tmp-([0-9a-f]{16})([0-9a-f]{16})\.part\Z")


class _Later(Exception):
    """Not whole, not readable or not ours to read: look again another time."""


class _Round:
    """What one fetch has gathered so far, and whether it is enough."""

    def __init__(self, limit: int, files: int, octets: int) -> None:
        self.items: list[tuple[bytes, bytes]] = []
        self.done: list[str] = []
        self._pairs: set[tuple[bytes, bytes]] = set()
        self._limit = max(1, limit)
        self._files = files
        self._octets = octets

    @property
    def tired(self) -> bool:
        """No further file may be opened in this call."""
        return self.full or self._files <= 0 or self._octets <= 0

    @property
    def full(self) -> bool:
        return len(self.items) >= self._limit

    def spend(self, octets: int, files: int = 0) -> None:
        self._files -= files
        self._octets -= octets

    def take(self, ident: bytes, blob: bytes) -> None:
        """One parcel; an exact repetition (a conflict copy) is dropped. A known id with other bytes is not:
        else a stranger could suppress a parcel by sending another under its id."""
        if (ident, blob) not in self._pairs:
            self._pairs.add((ident, blob))
            self.items.append((ident, blob))


@carrier("folder")
class FolderCarrier:
    """One exchange folder. `writer` is a secret of this vault (32 random bytes, or b"" for none) by which it
    recognises, and nobody else can, the unfinished files it left behind when its process was killed."""

    name = "folder"
    files_in_a_fetch = 2048
    octets_in_a_fetch = 32 << 20
    patience = 16  # rounds at most between two looks at a file that is not whole and did not change
    troubles_remembered = 10_000

    def __init__(self, root: Path, writer: bytes = b"", random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._root = Path(root)
        self._writer = writer
        self._random = random
        self._lock = threading.Lock()
        self._known: dict[str, bytes] = {}  # shard -> 16-byte idents in one string
        self._known_for = b""
        self._trouble: dict[tuple[str, str], tuple[tuple[int, int, int], int, int]] = {}
        self._number = 0
        self._open: tuple[str, str, bundle.Head, bytes] | None = None

    def capabilities(self) -> Capabilities:
        return Capabilities(durable=True, prompt=True, network=False, collects=True)

    def prepare(self) -> None:
        """Once, when an officer chooses the folder: make v1 and see that it can be written. Later a missing
        v1 means that the share is not there. Raises Unavailable."""
        with self._lock, _reach():
            with Place.root(self._root) as root:
                root.make_folder(VERSION_FOLDER)
                with root.folder(VERSION_FOLDER) as top:
                    part = self._part()
                    os.close(top.create(part))
                    top.remove(part)

    # -- writing

    def put(self, parcels: Sequence[Parcel]) -> Posted:
        first: dict[bytes, Parcel] = {}
        for parcel in parcels:
            first.setdefault(parcel.id, parcel)
        places: dict[bytes, str] = {}
        rest = Outcome.RETRY
        with self._lock:
            for group in bundle.split(tuple(first.values())):
                try:
                    place = self._write(bundle.encode(group))
                except Unavailable as error:
                    if not places:
                        raise
                    rest = Outcome.FULL if error.code == "carrier.full" else Outcome.RETRY
                    break
                places.update((parcel.id, place) for parcel in group)
        outcomes = []
        for parcel in parcels:
            if first.get(parcel.id) is parcel:
                outcomes.append(Outcome.ACCEPTED if parcel.id in places else rest)
                del first[parcel.id]
            else:
                outcomes.append(Outcome.DUPLICATE if parcel.id in places else rest)
        return Posted(tuple(outcomes), tuple(places.get(parcel.id, "") for parcel in parcels))

    def _write(self, data: bytes) -> str:
        """Durable when it returns: file, then name. Nothing half is ever visible under a bundle's name."""
        name = self._random(naming.IDENT).hex()
        with _reach(), self._top() as top:
            top.make_folder(name[:2])
            with top.folder(name[:2]) as folder:
                part = self._part()
                handle = folder.create(part)
                try:
                    try:
                        fill(handle, data, folder.mode() & 0o666)
                    finally:
                        os.close(handle)
                    folder.rename(part, f"{name}.vb")
                    folder.sync()
                except OSError:
                    for left in (part, f"{name}.vb"):
                        with contextlib.suppress(OSError):
                            folder.remove(left)
                    raise
        return name

    def _part(self) -> str:
        nonce = self._random(8)
        return f"tmp-{nonce.hex()}{self._mark(nonce).hex()}.part"

    def _mark(self, nonce: bytes) -> bytes:
        if not self._writer:
            return self._random(8)
        return hashlib.blake2b(nonce, key=self._writer[:64], digest_size=8, person=b"valise/part/1").digest()

    def collect_garbage(
        self, own: Mapping[str, Sequence[Held]], finished: Collection[bytes], now: int
    ) -> frozenset[str]:
        ripe = [
            place
            for place, held in own.items()
            if re.fullmatch(r"[0-9a-f]{32}", place) and all(one.id in finished or one.expires <= now for one in held)
        ]
        gone: set[str] = set()
        with self._lock, _reach(), self._top() as top:
            if self._writer:
                self._sweep(top)
            for place in ripe:
                try:
                    with top.folder(place[:2]) as folder:
                        folder.remove(f"{place}.vb")
                except FileNotFoundError:
                    pass
                except OSError:
                    continue  # in use or refused just now; asked again at the next collection
                gone.add(place)
        return frozenset(gone)

    def _sweep(self, top: Place) -> None:
        """Remove the unfinished files this vault left when it was killed. No put is under way (the lock)."""
        for shard in ("", *naming.shards(top.names())):
            with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
                folder = stack.enter_context(top.folder(shard)) if shard else top
                for name in folder.names():
                    part = _PART.match(name)
                    if part and hmac.compare_digest(self._mark(bytes.fromhex(part[1])), bytes.fromhex(part[2])):
                        folder.remove(name)

    # -- reading

    def fetch(self, routes: frozenset[bytes], cursor: bytes, limit: int, seen: Seen) -> Batch:
        if not routes:
            return Batch((), b"", False)
        gathered = _Round(limit, self.files_in_a_fetch, self.octets_in_a_fetch)
        broken: OSError | None = None
        with self._lock, _reach(), self._top() as top:
            salt = self._look_with(routes)
            shard_from, name_from, entry_from = naming.parse(cursor, salt)
            if not name_from:
                self._begin()
            for shard in naming.shards(top.names()):
                if shard < shard_from:
                    continue
                with contextlib.ExitStack() as stack:
                    try:
                        folder = stack.enter_context(top.folder(shard))
                        names = folder.names()
                    except OSError as error:
                        broken = error if _is_folder(top, shard) else broken
                        continue
                    for name, key in self._fresh(salt, shard, names, seen):
                        resumed = shard == shard_from and name == name_from
                        if shard == shard_from and name < name_from:
                            continue
                        if gathered.tired:
                            return self._batch(gathered, naming.cursor(salt, shard, name, 0), True)
                        left = self._read(folder, shard, name, routes, entry_from if resumed else 0, gathered)
                        if left:
                            return self._batch(gathered, naming.cursor(salt, shard, name, left), True)
                        if left == 0:
                            gathered.done.append(key)
            # A part of the folder that cannot be read must not hide the rest, nor go unsaid for good.
            if broken and not gathered.items and not name_from:
                raise broken
        return self._batch(gathered, b"", False)

    def done(self, cursor: bytes) -> None:
        """Nothing waits for it here."""

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """Nothing tells when something comes."""

    def close(self) -> None:
        """Nothing is open between two calls."""

    def gone(self, routes: frozenset[bytes], names: Collection[str]) -> frozenset[str]:
        salt = naming.salt(routes)
        present: set[str] = set()
        with self._lock, _reach(), self._top() as top:
            for shard in naming.shards(top.names()):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError), top.folder(shard) as folder:
                    there = naming.candidates(shard, folder.names())
                    present.update(naming.digest(salt, ident).hex() for _, ident in there)
        return frozenset(name for name in names if name not in present)

    @staticmethod
    def _batch(gathered: _Round, cursor: bytes, more: bool) -> Batch:
        return Batch(tuple(gathered.items), cursor, more, tuple(gathered.done))

    def _begin(self) -> None:
        self._number += 1
        if len(self._trouble) >= self.troubles_remembered:
            self._trouble = {}

    def _look_with(self, routes: frozenset[bytes]) -> bytes:
        """Seen names are bound to the routes they were looked at with: with other routes all is new."""
        salt = naming.salt(routes)
        if salt != self._known_for:
            self._known_for, self._known, self._trouble, self._open = salt, {}, {}, None
        return salt

    def _fresh(self, salt: bytes, shard: str, names: list[str], seen: Seen) -> list[tuple[str, str]]:
        """Names (and their keys for `seen`) not yet consumed, in order."""
        packed = self._known.get(shard, b"")
        known = {packed[at : at + naming.IDENT] for at in range(0, len(packed), naming.IDENT)}
        still: list[bytes] = []
        asked: list[tuple[str, bytes, str]] = []
        for name, ident in naming.candidates(shard, names):
            if ident in known:
                still.append(ident)
            else:
                asked.append((name, ident, naming.digest(salt, ident).hex()))
        stored = frozenset(seen([key for _, _, key in asked])) if asked else frozenset()
        still.extend(ident for _, ident, key in asked if key in stored)
        self._known[shard] = b"".join(still)
        return sorted((name, key) for name, _, key in asked if key not in stored)

    def _read(
        self, folder: Place, shard: str, name: str, routes: frozenset[bytes], entry: int, gathered: _Round
    ) -> int | None:
        """Take what is for `routes` from the `entry`th on. 0 = all taken, None = not yet, else go on there."""
        try:
            head, data = self._load(folder, shard, name, routes, gathered)
        except _Later:
            return None
        wanted = head.wanted(routes)
        for number in range(entry, len(wanted)):
            if gathered.full:
                self._open = (shard, name, head, data)
                return number
            one = wanted[number]
            gathered.take(one.id, data[one.start : one.end])
        self._open = None
        return 0

    def _load(
        self, folder: Place, shard: str, name: str, routes: frozenset[bytes], gathered: _Round
    ) -> tuple[bundle.Head, bytes]:
        if self._open and self._open[:2] == (shard, name):
            return self._open[2], self._open[3]
        spot = (shard, name)
        shape = (0, 0, 0)
        try:
            status = folder.look(name)
            shape = (status.st_size, status.st_mtime_ns, status.st_ino)
            before, tries, due = self._trouble.get(spot, (shape, 0, 0))
            if before == shape and self._number < due:
                raise _Later
            if status.st_size not in bundle.CLASSES:
                raise Refused("carrier.torn", "no size class")
            handle = folder.open_file(name)
            try:
                found = _read_bundle(handle, status.st_size, routes, gathered)
            finally:
                os.close(handle)
        except FileNotFoundError:
            self._trouble.pop(spot, None)
            raise _Later from None
        except (OSError, Refused):
            before, tries, _ = self._trouble.get(spot, (shape, 0, 0))
            tries = tries + 1 if before == shape else 1
            if len(self._trouble) < self.troubles_remembered or spot in self._trouble:
                self._trouble[spot] = (shape, tries, self._number + min(1 << (tries - 1), self.patience))
            raise _Later from None
        self._trouble.pop(spot, None)
        return found

    def _top(self) -> Place:
        with Place.root(self._root) as root:
            return root.folder(VERSION_FOLDER)


@contextlib.contextmanager
def _reach() -> Iterator[None]:
    """Whatever the system says of the folder becomes our error, without its path."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from None


def _is_folder(top: Place, name: str) -> bool:
    try:
        return stat.S_ISDIR(top.look(name).st_mode)
    except FileNotFoundError:
        return False


def _read_bundle(
    handle: int, size: int, routes: frozenset[bytes], gathered: _Round
) -> tuple[bundle.Head, bytes]:
    """The verified head and, when something in it is for `routes`, the whole verified file."""
    if os.fstat(handle).st_size != size:
        raise Refused("carrier.torn", "the file is still growing")
    gathered.spend(bundle.CLASSES[0], files=1)
    data = read_exactly(handle, bundle.CLASSES[0])
    length = bundle.head_length(data, size)
    if length > len(data):
        gathered.spend(length - len(data))
        data += read_exactly(handle, length - len(data))
    head = bundle.read_head(data, size)
    if head.wanted(routes):
        gathered.spend(size - len(data))
        data += read_exactly(handle, size - len(data))
        bundle.verify(data, head)
    return head, data


__all__ = ["FolderCarrier"]
