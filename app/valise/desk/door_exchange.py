"""The door's parts that carry: the exchange and its ways, the relay, the courier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from valise.desk import views as v
from valise.desk.door_texts import Progress

Way = Literal["relay", "folder", "courier"]
WAYS: tuple[Way, ...] = ("relay", "folder", "courier")


@dataclass(frozen=True, slots=True)
class WayView:
    """One way of exchange. `place` = the folder's path or the relay's host. `state`: "ready", "connecting", "trouble",
    "off" (not set up; the courier is always "ready"). `problem` = error code of the last trouble, "" = none. Times ms UTC, 0 =
    never; `next_try` only while there is trouble. `waiting` = own items not yet acknowledged of the delegations it serves."""

    name: Way
    place: str
    state: Literal["ready", "connecting", "trouble", "off"]
    problem: str = ""
    last_put: int = 0
    last_fetch: int = 0
    next_try: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """How one delegation is reached. `chosen` = what a person set, "" = by itself; `ways` = what is in use now, the first
    first ((): nothing reaches it). `why` says why something waits: "" nothing waits, "unconfirmed" put and not yet
    acknowledged, "way.none", "way.courier" (for the next bundle), "way.trouble" (see `problem`, an error code), "stopped".
    `oldest` = when the oldest waiting item was made, `heard` = when anything of it came last, `put` = when something was put for
    it last. `possible` = ways that could be chosen."""

    delegation: str
    code: str
    name: str
    ways: tuple[Way, ...]
    chosen: Literal["", "relay", "folder", "courier"]
    possible: tuple[Way, ...]
    waiting: int = 0
    oldest: int = 0
    why: str = ""
    problem: str = ""
    heard: int = 0
    put: int = 0
    own: bool = False  # the other laptops of our own delegation


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a way came to. `code` "" = it works, else an error code. `software` = version of the relay's server.
    `seen`: what was done, codes in order ("connected", "wrote", "read back", ...)."""

    code: str
    milliseconds: int
    software: str = ""
    seen: tuple[str, ...] = ()


class Exchange(Protocol):
    def status(self) -> v.ExchangeStatus:
        """In one line, over all ways."""
        ...

    def use_folder(self, folder: Path) -> None:
        """Unavailable("carrier.unreachable")."""
        ...

    def drop_folder(self) -> None:
        """No exchange folder any more; what lies there stays there."""
        ...

    def now(self) -> v.Changes:
        """One round: seal what waits, put, fetch, open, acknowledge. Never raises for what peers did."""
        ...

    def ways(self) -> list[WayView]:
        """All three, in the order of WAYS."""
        ...

    def served(self) -> list[Served]:
        """Every known delegation that is not stopped for good, by code, and our own where it has other laptops."""
        ...

    def choose(self, delegation: str, way: Literal["", "relay", "folder", "courier"]) -> None:
        """Which way serves it from now on; "" = by itself. NotAllowed("way.impossible")."""
        ...

    def try_way(self, way: Way) -> Tried:
        """The test button: whether it can be reached, written and read just now. Never raises for what is outside."""
        ...

    def when_wanted(self, call: Callable[[], None] | None) -> None:
        """`call` is made, from any thread, when a round is worth making at once. None ends it."""
        ...


@dataclass(frozen=True, slots=True)
class RelayView:
    """Our own mailbox on a relay. `host` "" = none. `expires` of this laptop's credential, ms UTC, 0 = never. `label` = the
    operator's words (foreign text). `may_grant`: this laptop can make credentials for others. `problem`: why the relay has not
    confirmed what was revoked, an error code; "" while nothing is open, or it was not asked yet."""

    host: str
    urls: tuple[str, ...] = ()
    label: str = ""
    expires: int = 0
    since: int = 0
    may_grant: bool = False
    pinned: bool = False  # by a pin or an authority of the kit, not by those of the computer
    problem: str = ""


GrantState = Literal["active", "ending", "expired", "revoked", "revoking"]


@dataclass(frozen=True, slots=True)
class GrantView:
    """Permission for one correspondent to write to our inbox. "ending" = less than a third of its time is left; "revoking" = the
    relay has not confirmed yet. `told` = in which way it reached them: "" not yet, "card" in a card handed over, "room" sealed
    over the exchange. `delegation` "" while it was only handed over with a card to `note` (a code a person typed)."""

    slot: str
    delegation: str
    code: str
    name: str
    made_at: int
    expires: int
    state: GrantState
    told: str
    note: str = ""


AddressState = Literal["active", "ending", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class AddressView:
    """Where we may write to one delegation."""

    delegation: str
    code: str
    name: str
    host: str
    expires: int
    state: AddressState


class Relays(Protocol):
    def own(self) -> RelayView: ...
    def join(self, kit: bytes) -> RelayView:
        """Use the mailbox of this file from the relay's operator; every correspondent with whom we share a bilateral room is
        given permission to write. Refused("relay.kit" | "relay.address"), NotAllowed("relay.expired")."""
        ...

    def leave(self) -> None:
        """Use no relay any more: correspondents are told to use another way; what waits is kept."""
        ...

    def grants(self) -> list[GrantView]: ...
    def grant(self, delegation: str) -> GrantView:
        """Permission to write for a known delegation, sealed to it over the exchange. NotAllowed("relay.none" |
        "relay.no_room")."""
        ...

    def renew(self, slot: str) -> GrantView:
        """A new credential in place of this one, which ends by itself. NotAllowed("relay.none" | "relay.grant")."""
        ...

    def revoke(self, slot: str) -> GrantView:
        """Nothing more is taken with it, as soon as the relay confirms; "revoking" until then."""
        ...

    def revocation_file(self) -> bytes:
        """What the relay has not confirmed, for its operator to carry out by hand."""
        ...

    def card_for(self, note: str) -> bytes:
        """Our card with a permission to write, for one correspondent alone (`note` says which, kept here only)."""
        ...

    def addresses(self) -> list[AddressView]: ...


@dataclass(frozen=True, slots=True)
class CourierWaiting:
    """What a bundle for one delegation would hold."""

    delegation: str
    code: str
    name: str
    items: int  # own operations it has not acknowledged
    attachments: int
    octets: int  # about
    exported_at: int  # the last bundle for it, 0 = never
    confirmed: int  # of how many bundles of ours it has said that they came; of how many in all
    exported: int


@dataclass(frozen=True, slots=True)
class CourierExport:
    """A bundle that was written and read back. `place` is the file; `size` in octets; `envelopes` in it."""

    place: Path
    size: int
    envelopes: int
    delegations: tuple[str, ...]
    number: int
    checked: bool
    digest: str


BundleKind = Literal["new", "old", "doubled", "torn", "foreign", "not_bundle", "own"]


@dataclass(frozen=True, slots=True)
class CourierImport:
    """What a bundle was. `kind`: "new"; "old" = made before one that came already (it fills a gap); "doubled" = came before;
    "torn" = damaged or cut (`taken` of `envelopes` verified and came in); "foreign" = for others; "own" = made here. `sender` is a
    delegation id, "" while the manifest could not be opened; `missing` = numbers of bundles of the same sender that have not
    come. `operations` that are new here, `waiting` envelopes kept that cannot be opened yet."""

    kind: BundleKind
    sender: str = ""
    code: str = ""
    name: str = ""
    device: str = ""
    number: int = 0
    made_at: int = 0
    envelopes: int = 0
    taken: int = 0
    operations: int = 0
    waiting: int = 0
    missing: tuple[int, ...] = ()
    problem: str = ""  # error code beside the kind
    wipeable: bool = False  # everything in it is here, committed: it may be deleted from the stick


class Courier(Protocol):
    def waiting(self) -> list[CourierWaiting]:
        """Every delegation a bundle could be made for, those with something waiting first."""
        ...

    def export(
        self, folder: Path, delegations: Sequence[str], progress: Progress | None = None
    ) -> CourierExport:
        """Seal what these delegations have not acknowledged into one file in `folder`, durably, and read it back.
        Unavailable("carrier.full" | "carrier.unreachable"), NotAllowed("courier.nobody" | "courier.stopped"),
        Damaged("courier.readback"). Nothing is lost when it fails."""
        ...

    def look(self, file: Path) -> CourierImport:
        """What a file is, without taking anything in."""
        ...

    def take(self, file: Path, progress: Progress | None = None) -> CourierImport:
        """Take a bundle in. Never raises for what is wrong with the file; Unavailable("carrier.unreachable") when it cannot
        be read."""
        ...

    def wipe(self, file: Path) -> None:
        """Delete a bundle whose content is committed here. NotAllowed("courier.not_taken")."""
        ...
