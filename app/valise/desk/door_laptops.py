"""What the door offers about our own laptops and the delegation's root key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["in use", "expiring", "expired", "revoked"]
Reason = Literal["lost", "replaced", "officer left"]
REASONS: tuple[Reason, ...] = ("lost", "replaced", "officer left")


@dataclass(frozen=True, slots=True)
class LaptopView:
    """One of our laptops. Times in ms UTC, 0 = never. `this`: the one in front of us. `rooms`: the only rooms it is for,
    empty = every room. `reason` only where it was revoked on this laptop. `reached` of `shared` rooms have shown that it
    is in them and holds what this laptop signed there."""

    id: str
    officer: str
    role: str
    rights: tuple[str, ...]
    not_before: int
    not_after: int
    number: int
    state: State
    revoked_at: int
    this: bool
    rooms: tuple[str, ...] = ()
    reason: str = ""
    reached: int = 0
    shared: int = 0


@dataclass(frozen=True, slots=True)
class RootView:
    """The delegation's root key, as far as this laptop knows. `beside`: its key file still lies beside the vault;
    `splittable`: recovery shares can be made of it, None while nobody can tell. Shares: `need` of `total`, 0 = none."""

    beside: bool
    splittable: bool | None
    need: int = 0
    total: int = 0
    made_at: int = 0
    rehearsed_at: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class AskedView:
    """The request of a laptop that wants to be admitted. `check_code` is compared with the one on its screen."""

    device: str
    officer: str
    role: str
    check_code: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a certificate is to say. `days`: how long it holds, 1 to 1096."""

    officer: str
    role: str
    rights: tuple[str, ...]
    days: int = 730
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Admit:
    """Certify the laptop that made this request. `check_code`: the one a person compared."""

    request: bytes
    terms: Terms
    check_code: str


@dataclass(frozen=True, slots=True)
class Renew:
    """A newer certificate for a laptop we have: another term, officer, role, rights or rooms."""

    device: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Revoke:
    """From now on this laptop gets nothing. `reason` stays here."""

    device: str
    reason: Reason


Act = Admit | Renew | Revoke


@dataclass(frozen=True, slots=True)
class Performed:
    """What a ceremony made: the answers for admitted laptops, in the order of the acts, and the number of the new card."""

    answers: tuple[bytes, ...]
    card: int


@dataclass(frozen=True, slots=True)
class HandoverView:
    """An office that passed from one officer to another. `rights` passed; `rooms` and `notes` (of the internal room) stayed
    with the delegation; `reached` of `rooms` the successor's laptop has shown to hold."""

    old: str
    new: str
    at: int
    rights: tuple[str, ...]
    rooms: int
    notes: int
    reached: int


class Laptops(Protocol):
    """Our laptops. What needs the root key happens between `open_key` or `open_shares` and the end of `perform`."""

    def all(self) -> list[LaptopView]:
        """In the order they came, the revoked ones last."""
        ...

    def root(self) -> RootView: ...
    def asked(self, request: bytes) -> AskedView:
        """Read a request. Refused("request.*"), NotAllowed("request.known")."""
        ...

    def open_key(self, key_file: bytes, passphrase: bytearray) -> None:
        """Open the root key from its file. Wipes `passphrase`. WrongPassphrase("rootfile.passphrase"), Refused("rootfile.*"),
        NotAllowed("root.other" | "rights.missing")."""
        ...

    def open_shares(self, shares: Sequence[str]) -> None:
        """Open the root key from its recovery shares. Refused("shares.*"), NotAllowed("root.other" | "rights.missing")."""
        ...

    def close(self) -> None:
        """Close the root key without signing (or after). Does nothing when it is closed."""
        ...

    def perform(self, acts: Sequence[Act]) -> Performed:
        """Sign all of them as one new card, and close the root key, also when it fails.

        NotAllowed("root.not_open" | "laptop.*" | "request.known"), Refused("request.*" | "certificate.*").
        """
        ...

    def hand_over(self, old: str, to: Admit | Renew) -> Performed:
        """The successor gets the rights and the old laptop is revoked, in one card. As `perform`."""
        ...

    def make_shares(self, need: int, total: int) -> tuple[str, ...]:
        """Recovery shares of the open root key, to be shown or printed once; nothing of them is kept but how many. The root
        key stays open. NotAllowed("root.not_open" | "root.not_splittable"), Refused("shares.number")."""
        ...

    def rehearse(self, shares: Sequence[str]) -> bool:
        """Whether these shares join to our root key; the day is kept when they do. Refused("shares.*")."""
        ...

    def new_key_file(self, passphrase: bytearray) -> bytes:
        """The open root key under another passphrase. Wipes it. NotAllowed("root.not_open"), Refused("rootfile.*")."""
        ...

    def key_file(self) -> bytes:
        """The key file that lies beside the vault, to copy it. Unavailable("root.file_gone")."""
        ...

    def remove_key_file(self, copy: bytes) -> None:
        """Remove it here, `copy` having been read back from where it was copied. NotAllowed("root.copy_differs")."""
        ...

    def take_card(self, data: bytes) -> None:
        """A newer card of our own delegation, brought as a file. Refused("card.*"), NotAllowed("card.not_ours")."""
        ...

    def handovers(self) -> list[HandoverView]:
        """The newest first."""
        ...
