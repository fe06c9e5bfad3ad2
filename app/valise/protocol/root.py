"""The root key of a delegation: from a secret that recovery shares can restore, and closed when it was used."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from valise.domain.errors import Refused
from valise.protocol import signing
from valise.protocol.canonical import b64u, digest

SECRET: Final = 32  # bytes
_ROOT_SEED: Final = b"valise/v1/root-seed\0"


def delegation_id(root_public: bytes) -> str:
    """43 characters: base64url(SHA-256("valise/v1/root", zero byte, composite public key))."""
    return b64u(digest("valise/v1/root", root_public))


class Root:
    """A delegation's root key. Kept offline between uses; `close` when it was used.

    It comes from a 32-byte secret, which recovery shares can restore, or (delegations founded by the first version)
    from a 64-byte seed, which they cannot. What is kept here lies in bytearrays that `close` overwrites. That is no
    promise that nothing remains: Python and the libraries beneath have copied it on the way (to derive, to sign), and
    those copies go when their memory is used again, at the latest with the process.
    """

    __slots__ = ("_key", "_public", "delegation", "secret", "seed")

    def __init__(self, seed: bytes | bytearray, secret: bytearray | None = None) -> None:
        self.seed = bytearray(seed)
        self.secret = secret
        key = signing.CompositeKey(bytes(self.seed))
        self._key: signing.CompositeKey | None = key
        self._public = key.public
        self.delegation = delegation_id(key.public)

    @classmethod
    def new(cls) -> Root:
        """A fresh root."""
        return cls.of_secret(secrets.token_bytes(SECRET))

    @classmethod
    def of_secret(cls, secret: bytes | bytearray) -> Root:
        """The root of a 32-byte secret: seed = SHAKE-256("valise/v1/root-seed", zero byte, secret), 64 bytes.

        Raises Refused("root.secret").
        """
        if len(secret) != SECRET:
            raise Refused("root.secret", "not the secret of a root")
        made = hashlib.shake_256(_ROOT_SEED)
        made.update(secret)
        return cls(made.digest(64), bytearray(secret))

    @property
    def splittable(self) -> bool:
        """Whether recovery shares can be made of it."""
        return self.secret is not None

    @property
    def closed(self) -> bool:
        return self._key is None

    @property
    def public(self) -> bytes:
        """1,984 bytes; still known when closed."""
        return self._public

    def sign(self, domain: str, raw: bytes) -> bytes:
        """Composite signature over digest(domain, raw). Refused("root.closed") after `close`."""
        if self._key is None:
            raise Refused("root.closed", "the root key was closed")
        return self._key.sign(digest(domain, raw))

    def close(self) -> None:
        """Overwrite what this object holds. It signs nothing any more."""
        self.seed[:] = bytes(len(self.seed))
        if self.secret is not None:
            self.secret[:] = bytes(len(self.secret))
        self._key = None

    def __repr__(self) -> str:
        return "Root()"
