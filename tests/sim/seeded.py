"""Randomness of ours that replays: ids from seeded streams, and attachments sealed with a seeded key and header."""

from __future__ import annotations

import random
from typing import Any

from valise.protocol import attachment


class SeededSodium:
    """libsodium's bindings with the two calls replaced by which an attachment draws its key and header."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._real: Any = attachment.sodium

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def crypto_secretstream_xchacha20poly1305_keygen(self) -> bytes:
        return self._rng.randbytes(32)

    def crypto_secretstream_xchacha20poly1305_init_push(self, state: Any, key: bytes) -> bytes:
        # The writing state is the reading state of the same header and key; only the header is drawn at random.
        header = self._rng.randbytes(attachment.HEADER)
        self._real.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        return header
