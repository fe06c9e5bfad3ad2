"""The file a backup is: one stream, sealed under a fresh key, that says itself where it ends.

    VALISE-BACKUP-1 and a line feed
    u32        length of the cover
    cover      canonical JSON: version, header (id, date, slots), origin (see Cover)
    24 bytes   header of a libsodium secretstream (XChaCha20-Poly1305)
    frames     u32 length of the sealed frame, then the frame; the last one carries TAG_FINAL, and nothing follows

The key of the stream is SHA-256 over what the slots hold. The cover is associated data of the first frame, each length of
its own frame, so that no byte of the file can be changed, cut, repeated or put elsewhere unnoticed. Numbers are
big-endian. Nothing in the clear says whose backup it is.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import nacl.bindings as sodium
from nacl.exceptions import CryptoError

from valise.domain.errors import Damaged, Refused, Unavailable, WrongPassphrase
from valise.protocol import canonical
from valise.vault import header, slots
from valise.vault.header import Header, Slot
from valise.vault.slots import Given, Kdf

MAGIC: Final = b"VALISE-BACKUP-1\n"
ENDING: Final = ".valise-backup"
PART: Final = ".part"  # added to the name until it was verified
VERSION: Final = 1
FRAME: Final = 4 << 20  # bytes of a sealed frame, at most
_COVER: Final = 256 << 10
_STREAM: Final = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Cover:
    """What is in the clear. `header` has the slots of the backup's own key.

    Where the vault can be opened by recovery shares, `origin` is a header with the vault's id and its recovery slots, as
    they are, and `through` a slot that opens with what those hold: shares -> the vault's key -> the backup's.
    """

    header: Header
    origin: Header | None = None
    through: Slot | None = None

    def encode(self) -> bytes:
        """Canonical JSON."""
        return canonical.encode({
            "v": VERSION, "header": header.encode(self.header).decode("ascii"),
            "origin": header.encode(self.origin).decode("ascii") if self.origin else "",
            "through": dict(self.through) if self.through else {},
        })  # fmt: skip


def seal_cover(passphrase: bytearray, key: str, vault_key: str, of: Header, made: int, kdf: Kdf) -> Cover:
    """A cover for a backup under `key`, opened by `passphrase` and by whatever recovers the vault whose header is `of`.

    Wipes nothing. Raises what `slots.seal_slot` raises.
    """
    fresh = header.new("", made)
    own = Header(fresh.vault, "", made, (slots.seal_slot(slots.PASSPHRASE, passphrase, key, fresh.vault, kdf, made),))
    recovering = tuple(one for one in of.slots if one["kind"] == slots.RECOVERY)
    if not recovering:
        return Cover(own)
    inner = _through(vault_key)
    through = slots.seal(slots.KEYRING, inner, key, fresh.vault, cost=kdf, made=made)
    inner.wipe()
    return Cover(own, Header(of.vault, "", of.made, recovering), through)


def open_cover(cover: Cover, given: Given, kdf: Kdf) -> str:
    """The backup's key for its passphrase, or for the secret joined from recovery shares. Wipes nothing.

    Raises WrongPassphrase("backup.passphrase"), Damaged("backup.cover"), Refused("slot.*"), Unavailable("vault.memory").
    """
    try:
        if given.recovery is None:
            return slots.open_with(cover.header, given, kdf).key
        if cover.origin is None or cover.through is None:
            raise Refused("backup.no_shares", "this backup opens by its passphrase only")
        inner = _through(slots.open_with(cover.origin, given, kdf).key)
        opened = slots.open_with(Header(cover.header.vault, "", 0, (cover.through,)), inner, kdf)
        inner.wipe()
        return opened.key
    except WrongPassphrase:
        raise WrongPassphrase("backup.passphrase", "nothing given opens this backup") from None
    except Damaged:
        raise Damaged("backup.cover", "the slots of this backup do not verify") from None


def _through(vault_key: str) -> Given:
    """What stands for the vault's own key: a secret of 32 bytes, which a slot of that kind takes as it is."""
    return Given(keyring=bytearray(canonical.digest("valise/v1/backup-through", bytes.fromhex(vault_key))))


class Writer:
    """Writes the stream. `out` is open for writing at its beginning; its caller syncs and closes it."""

    def __init__(self, out: BinaryIO, cover: Cover, key: str) -> None:
        self._out = out
        self._first = cover.encode()
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        opening = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, _stream_key(key))
        with medium():
            out.write(MAGIC + len(self._first).to_bytes(4, "big") + self._first + opening)

    def frame(self, plain: bytes, *, last: bool = False) -> None:
        """One more frame. Raises Refused("backup.large"), Unavailable("backup.full" | "backup.medium")."""
        size = len(plain) + sodium.crypto_secretstream_xchacha20poly1305_ABYTES
        if size > FRAME:
            raise Refused("backup.large", "one row is larger than a backup takes")
        length = size.to_bytes(4, "big")
        aad, self._first = self._first + length, b""
        sealed = sodium.crypto_secretstream_xchacha20poly1305_push(self._state, plain, aad, _FINAL if last else _MORE)
        with medium():
            self._out.write(length + sealed)


def read_cover(source: BinaryIO) -> Cover:
    """The cover of a file that stands at its beginning.

    Raises Refused("backup.magic" | "backup.newer"), Damaged("backup.cut" | "backup.cover"), Unavailable("backup.medium").
    """
    found = _take(source, len(MAGIC), short=True)
    if found != MAGIC:
        if found and MAGIC.startswith(found):
            raise Damaged("backup.cut", "the file ends in its first line")
        if found.startswith(b"VALISE-BACKUP-"):
            raise Refused("backup.newer", "written by a newer Valise")
        raise Refused("backup.magic", "this is no backup")
    size = int.from_bytes(_take(source, 4), "big")
    if size > _COVER:
        raise Damaged("backup.cover", "the cover is larger than allowed")
    raw = _take(source, size)
    try:
        held = canonical.decode(raw, _COVER)
        if type(held) is not dict or held.keys() != {"v", "header", "origin", "through"}:
            raise Damaged("backup.cover", "the cover has other fields")
        if type(held["v"]) is int and held["v"] > VERSION:
            raise Refused("backup.newer", "written by a newer Valise")
        through = held["through"]
        if held["v"] != VERSION or type(through) is not dict or (through and type(through.get("kind")) is not str):
            raise Damaged("backup.cover", "the cover has a wrong field")
        origin = _header(held["origin"]) if held["origin"] != "" else None
        return Cover(_header(held["header"]), origin, through or None)
    except (Refused, Damaged) as error:
        if error.code in ("backup.newer", "header.newer"):
            raise Refused("backup.newer", "written by a newer Valise") from None
        raise Damaged("backup.cover", "the cover does not verify") from None


def frames(source: BinaryIO, cover: Cover, key: str) -> Iterator[bytes]:
    """The plain frames of a file that stands behind its cover; ends only where the file ends.

    Raises Damaged("backup.cut" | "backup.altered"), Unavailable("backup.medium").
    """
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, _take(source, _STREAM), _stream_key(key))
    first = cover.encode()
    tag = _MORE
    while tag != _FINAL:
        length = _take(source, 4)
        size = int.from_bytes(length, "big")
        if not sodium.crypto_secretstream_xchacha20poly1305_ABYTES <= size <= FRAME:
            raise Damaged("backup.altered", "a length cannot be right")
        sealed = _take(source, size)
        try:
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, first + length)
        except (CryptoError, ValueError):
            raise Damaged("backup.altered", "a frame does not verify") from None
        if tag not in (_MORE, _FINAL):
            raise Damaged("backup.altered", "a frame is of another kind")
        first = b""
        yield plain
    if _take(source, 1, short=True):
        raise Damaged("backup.altered", "something follows the end")


@contextmanager
def medium() -> Iterator[None]:
    """What the stick or disk does not do, as ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable("backup.full", "no room left for the backup") from error
        raise Unavailable("backup.medium", "the place of the backup does not answer") from error


def _header(text: Any) -> Header:
    if type(text) is not str:
        raise Damaged("backup.cover", "the cover has a wrong field")
    return header.decode(text.encode("utf-8"))


def _take(source: BinaryIO, size: int, *, short: bool = False) -> bytes:
    with medium():
        data = source.read(size)
    if len(data) < size and not short:
        raise Damaged("backup.cut", "the file ends before its end")
    return data


def _stream_key(key: str) -> bytes:
    return canonical.digest("valise/v1/backup", bytes.fromhex(key))
