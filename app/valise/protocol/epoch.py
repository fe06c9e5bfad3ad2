"""The epoch of a room: one hash over who is in it and on which devices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from valise.protocol import canonical


def membership_head(heads: Sequence[str]) -> bytes:
    """32 bytes over the sorted ids of the heads of the membership operations."""
    return canonical.digest("valise/v1/membership", canonical.encode(sorted(heads)))


def epoch(devices: Iterable[tuple[str, str]], head: bytes) -> bytes:
    """SHA-256(canonical(sorted [device id, certificate hash]) || membership head), 32 bytes."""
    return hashlib.sha256(canonical.encode([list(pair) for pair in sorted(devices)]) + head).digest()


def recipients_hash(devices: Iterable[str]) -> bytes:
    """32 bytes over the sorted device ids a session is sealed for."""
    return canonical.digest("valise/v1/recipients", canonical.encode(sorted(devices)))
