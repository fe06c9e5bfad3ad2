"""The operator's keys, one file each, and what each may do.

offline/operator   signs the signing key and nothing else; taken away after the first run
keys/signing       signs accounts; beside the server, for revocations by a click
keys/<account>     the account's own key
keys/<account>-<role>   makes credentials of one role in it
keys/<name>.user   a credential of the operator's own: JWT and seed, two lines
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from valise.carriers.relay import nkeys
from valise.carriers.relay.nkeys import Kind
from valise.domain.errors import Refused
from valise.operator import files

Random = Callable[[int], bytes]
TOKEN = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105 - the letters of a token


@dataclass(frozen=True, slots=True)
class Credential:
    jwt: str
    seed: str


def token(random: Random, length: int = 16) -> str:
    """Random letters of a subject's token, 5 bits each."""
    return "".join(TOKEN[one & 31] for one in random(length))


class Ring:
    """The keys in one folder. Missing ones are made where `random` was given."""

    def __init__(self, folder: Path, random: Random | None = None) -> None:
        self.folder, self._random = folder, random

    def _path(self, name: str) -> Path:
        return self.folder / ("offline" if name == "operator" else "keys") / f"{name}.seed"

    def seed(self, name: str, kind: Kind) -> str:
        """Read, or made. Unavailable("file.unreadable"), Refused("relay.key")."""
        path = self._path(name)
        if self._random is not None and not path.exists():
            files.write(path, nkeys.seed(kind, self._random(nkeys.RAW)).encode() + b"\n", secret=True)
        letters = files.read(path).decode("ascii", "replace").strip()
        nkeys.read_seed(letters, kind)
        return letters

    def public(self, name: str, kind: Kind) -> str:
        return nkeys.public(self.seed(name, kind))

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def keep(self, name: str, one: Credential) -> None:
        files.write(self.folder / "keys" / f"{name}.user", f"{one.jwt}\n{one.seed}\n".encode(), secret=True)

    def credential(self, name: str) -> Credential | None:
        """Refused("relay.key")."""
        path = self.folder / "keys" / f"{name}.user"
        if not path.exists():
            return None
        lines = files.read(path).decode("ascii", "replace").split()
        if len(lines) != 2:
            raise Refused("relay.key", "a credential of the operator is torn")
        nkeys.read_seed(lines[1], Kind.USER)
        return Credential(*lines)
