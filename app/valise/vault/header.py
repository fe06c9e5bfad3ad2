"""`header.json` beside the database: which vault this is and the slots that hold its key.

Written as canonical JSON. Slots of kinds this version does not know are kept as they are. The header itself is
not secret; its slots are sealed (slots/). `public_name` and `made` are not authenticated: show, never rely on.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from valise.domain.errors import Damaged, Refused, Unavailable
from valise.protocol import canonical
from valise.vault import files
from valise.vault.connection import failure

NAME: Final = "header.json"
COPY: Final = "header.json.bak"
VERSION: Final = 1
LIMIT: Final = 64 << 10  # bytes
_SLOTS = 16
_NAME_LENGTH = 200
_VAULT_BYTES = 16
_FIELDS = frozenset({"v", "vault", "public_name", "made", "slots"})

Slot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Header:
    """`vault` = 16 random bytes as base64url, `made` = ms UTC. A slot has at least a "kind"."""

    vault: str
    public_name: str
    made: int
    slots: tuple[Slot, ...]


class Loaded(NamedTuple):
    """`notice` is "" or "header.from_copy": the first file was torn and its copy was read."""

    header: Header
    notice: str


def new(public_name: str, made: int) -> Header:
    """A header with a fresh vault id and no slots yet. Raises Refused("header.name")."""
    header = Header(canonical.b64u(secrets.token_bytes(_VAULT_BYTES)), public_name, made, ())
    if not _name_fits(public_name):
        raise Refused("header.name", "the public name is too long or holds control characters")
    return header


def exists(folder: Path) -> bool:
    """True when a vault is meant to be in `folder`."""
    return (folder / NAME).exists() or (folder / COPY).exists()


def encode(header: Header) -> bytes:
    """The bytes of the file. Raises Refused("canonical.*" | "header.large")."""
    data = canonical.encode({
        "v": VERSION, "vault": header.vault, "public_name": header.public_name, "made": header.made,
        "slots": [dict(slot) for slot in header.slots],
    })  # fmt: skip
    if len(data) > LIMIT:
        raise Refused("header.large", "the header is larger than allowed")
    return data


def decode(data: bytes) -> Header:
    """Strict. Raises Damaged("header.torn" | "header.shape") or Refused("header.large" | "header.newer")."""
    if len(data) > LIMIT:
        raise Refused("header.large", "the header is larger than allowed")
    try:
        value = canonical.decode(data, LIMIT)
    except Refused:
        raise Damaged("header.torn", "the header is not whole") from None
    if not isinstance(value, dict):
        raise Damaged("header.shape", "the header is not an object")
    version = value.get("v")
    if type(version) is int and version > VERSION:
        raise Refused("header.newer", "this vault was written by a newer Valise")
    slots = value.get("slots")
    if (
        value.keys() != _FIELDS
        or version != VERSION
        or type(value["made"]) is not int
        or value["made"] < 0
        or not _name_fits(value["public_name"])
        or not isinstance(slots, list)
        or len(slots) > _SLOTS
        or not all(isinstance(slot, dict) and isinstance(slot.get("kind"), str) for slot in slots)
    ):
        raise Damaged("header.shape", "the header has a wrong field")
    try:
        canonical.unb64u(value["vault"], _VAULT_BYTES)
    except Refused:
        raise Damaged("header.shape", "the header has a wrong field") from None
    return Header(value["vault"], value["public_name"], value["made"], tuple(slots))


def load(folder: Path) -> Loaded:
    """The header, or its copy with a notice when the first file is missing or torn.

    Raises Damaged("header.missing" | "header.torn" | "header.shape"), Refused("header.large" | "header.newer"),
    Unavailable("vault.io"). A header of a newer version is never passed over for an older copy.
    """
    try:
        return Loaded(_read(folder / NAME), "")
    except (Damaged, Refused) as error:
        if error.code == "header.newer":
            raise
        try:
            return Loaded(_read(folder / COPY), "header.from_copy")
        except (Damaged, Refused):
            raise error from None


def save(folder: Path, header: Header, *, forget: bool = False) -> None:
    """Atomically replace the header; what was good before becomes its copy.

    With `forget` the copy becomes the new header too: use it when a slot was taken away or its passphrase changed,
    otherwise the old passphrase would open the copy. Raises Refused, Unavailable("vault.disk_full" | "vault.io").
    """
    data = encode(header)
    if decode(data) != header:
        raise Refused("header.shape", "this header could not be read again")
    try:
        if not forget:
            with suppress(Damaged, Refused):  # when there is no good one the copy stays what it is
                files.replace(folder / COPY, encode(_read(folder / NAME)))
        files.replace(folder / NAME, data)
        if forget or not (folder / COPY).exists():
            files.replace(folder / COPY, data)
    except OSError as error:
        raise failure(error) or error from error


def _read(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise Damaged("header.missing", "the header file is gone") from None
    except OSError as error:
        raise Unavailable("vault.io", "the header could not be read") from error
    return decode(data)


def _name_fits(name: Any) -> bool:
    return (
        isinstance(name, str)
        and len(name) <= _NAME_LENGTH
        and not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for letter in name)
    )
