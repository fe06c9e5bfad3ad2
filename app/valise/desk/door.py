"""The door: everything the window and the command line may ask of the desk, in one place (what concerns texts: door_texts).

All calls are synchronous and may be made from any thread; commands (they change something) are run by the
window on its one writer thread, queries (paged, short) directly. Commands return what they made and announce
Changes to every subscriber, on the calling thread. Errors are ValiseError with a stable code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from valise.desk import views as v
from valise.desk.door_backups import Backups, Secret
from valise.desk.door_capacity import Capacity
from valise.desk.door_evidence import Evidence
from valise.desk.door_exchange import Courier, Exchange, Relays
from valise.desk.door_hygiene import Hygiene
from valise.desk.door_incidents import Incidents
from valise.desk.door_laptops import Laptops
from valise.desk.door_pings import Pings
from valise.desk.door_ratchets import Ratchets
from valise.desk.door_registers import Registers
from valise.desk.door_slots import Slots
from valise.desk.door_texts import (
    Export,
    Frozen,
    Internal,
    Joint,
    Library,
    Progress,
    Returned,
    Seeing,
    Silence,
    Texts,
)
from valise.desk.door_today import Today
from valise.desk.door_training import Training
from valise.desk.door_trust import Trust

__all__ = ["Door", "Gate", "Progress"]


class Gate(Protocol):
    """What can be done before a vault is open. Shows nothing from inside it."""

    folder: Path

    def exists(self) -> bool: ...
    def public_name(self) -> str: ...
    def create(
        self, *, code: str, name: str, officer: str, role: str, passphrase: bytearray, public_name: str = ""
    ) -> Door:
        """New delegation, first device with every right. Wipes `passphrase`. Writes the delegation key file beside the vault."""
        ...

    def practice(self) -> Gate:
        """The gate to the vault for practice beside this one."""
        ...

    def practise(self, passphrase: bytearray, officer: str = "") -> Door:
        """Of that gate: open the vault for practice, or make it and its partners. Wipes `passphrase`. As `unlock` and `create`."""
        ...

    def unlock(self, passphrase: bytearray, progress: Progress | None = None) -> Door:
        """Raises WrongPassphrase("vault.passphrase"), Unavailable("vault.busy"), Damaged. Wipes `passphrase`. `progress` is told
        while a vault that was not closed is checked."""
        ...

    def salvage(self, passphrase: bytearray, progress: Progress | None = None) -> tuple[tuple[str, int, int], ...]:
        """For a vault that is Damaged: what verifies of it becomes a new one, the damaged files are kept aside. (table, rows
        kept, rows known to be lost). Wipes `passphrase`. Damaged("vault.damaged") when nothing of it opens."""
        ...

    def can_unlock_by(self) -> frozenset[str]:
        """Kinds of slots this vault has (SlotKind), as the header tells them; empty when it cannot be read."""
        ...

    def unlock_keyring(self) -> Door:
        """Unavailable("slot.keyring_gone" | "custodian.unavailable" | "vault.busy"), NotAllowed("slot.no_keyring")."""
        ...

    def try_shares(self, shares: Sequence[str]) -> None:
        """Refused("shares.*"), WrongPassphrase("slot.shares" | "slot.shares_other") unless they would open the vault."""
        ...

    def unlock_shares(self, shares: Sequence[str], new: bytearray | None = None) -> Door:
        """With `new` that passphrase opens it from now on. Wipes `new`. Raises what `try_shares` does; NotAllowed("slot.short")."""
        ...

    def ask_enrolment(self, *, officer: str, role: str, passphrase: bytearray) -> bytes:
        """Make a vault for a new device of an existing delegation; returns the request file to carry to the first laptop."""
        ...

    def look(self) -> dict[str, str]:
        """Settings kept beside the vault (theme, language), as text by key."""
        ...
    def request_again(self, passphrase: bytearray) -> bytes:
        """The enrolment request made here, to save it once more. WrongPassphrase. Wipes `passphrase`."""
        ...
    def awaiting_enrolment(self) -> bool:
        """A request was made here and its answer has not come yet."""
        ...

    def finish_enrolment(self, enrolment: bytes, passphrase: bytearray) -> Door:
        """Read the enrolment file the first laptop made. Refused("grant.*"), WrongPassphrase. Wipes `passphrase`."""
        ...

    def restore(
        self, backup: Path, secret: Secret, passphrase: bytearray, progress: Progress | None = None
    ) -> Door:
        """A new laptop from a backup: reads at once, waits to be admitted. WrongPassphrase("backup.passphrase"), Damaged,
        Refused("backup.*" | "shares.*"), NotAllowed("vault.exists"), Unavailable. Wipes what it is given."""
        ...


class Contacts(Protocol):
    def all(self) -> list[v.ContactView]: ...
    def one(self, delegation: str) -> v.ContactView: ...
    def own_card(self) -> bytes: ...
    def own_qr(self) -> str: ...
    def import_card(self, data: bytes) -> v.ContactView:
        """Refused("card.*") if forged or torn; a known code with another root sets `changed` on the contact."""
        ...

    def safety(self, delegation: str) -> v.SafetyNumber: ...
    def verified(self, delegation: str, how: str = "eye") -> None:
        """Two people compared, `how` = "code" | "words" | "eye", and it is the same."""
        ...

    def differs(self, delegation: str) -> None:
        """A person compared and they differ: stop sending until decided."""
        ...

    def decide(self, delegation: str, accept: bool) -> None:
        """Settle what stopped sending, ours included. A changed identity: accept the new root (trust falls to received only)
        or keep the old one. A new laptop, a custodian's other word: go on, or stay stopped."""
        ...


class Rooms(Protocol):
    def all(self) -> list[v.RoomView]: ...
    def one(self, room: str) -> v.RoomView: ...
    def create(self, kind: str, title: str, members: Sequence[str]) -> str: ...
    def add(self, room: str, delegation: str, history: bool) -> None: ...
    def remove(self, room: str, delegation: str) -> None: ...


class Messages(Protocol):
    def threads(self, room: str) -> list[v.ThreadRow]: ...
    def page(self, room: str, thread: str, offset: int, limit: int) -> list[v.MessageRow]:
        """Oldest first."""
        ...

    def one(self, message: str) -> v.MessageRow: ...
    def send(
        self,
        room: str,
        body: str,
        *,
        thread: str = "",
        subject: str = "",
        marking: str = "",
        for_the_record: bool = False,
        attachments: Sequence[str] = (),
    ) -> str: ...
    def acknowledge(self, message: str) -> None: ...
    def seen(self, room: str, thread: str) -> None: ...
    def attach(self, room: str, name: str, data: bytes, progress: Progress | None = None) -> v.AttachmentView:
        """Seal a file into the vault, ready to be sent. Returns its view; give its id to `send`."""
        ...

    def attachment(self, attachment: str) -> bytes:
        """The verified plaintext, or NotYet("attachment.incomplete")."""
        ...

    def attachment_view(self, attachment: str) -> v.AttachmentView: ...
    def draft(self, room: str, thread: str) -> v.Draft | None: ...
    def save_draft(self, draft: v.Draft) -> None: ...
    def drop_draft(self, room: str, thread: str) -> None: ...


class Settings(Protocol):
    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any) -> None: ...
    def all(self) -> list[Any]:
        """valise.settings.Setting objects: key, type, default, help, group."""
        ...


class Door(Protocol):
    """An unlocked vault's desk."""

    contacts: Contacts
    laptops: Laptops
    trust: Trust
    rooms: Rooms
    texts: Texts
    internal: Internal
    joint: Joint
    frozen: Frozen
    silence: Silence
    seeing: Seeing
    export: Export
    returned: Returned
    library: Library
    messages: Messages
    incidents: Incidents
    registers: Registers
    capacity: Capacity
    pings: Pings
    evidence: Evidence
    exchange: Exchange
    relays: Relays
    courier: Courier
    ratchets: Ratchets
    backups: Backups
    settings: Settings
    slots: Slots
    training: Training
    today: Today
    hygiene: Hygiene

    def me(self) -> v.Me: ...
    def overview(self, language: str = "en") -> v.Overview: ...
    def search(self, words: str, limit: int = 50, language: str = "") -> list[v.Hit]: ...
    def subscribe(self, listener: Callable[[v.Changes], None]) -> Callable[[], None]:
        """Returns the call that ends the subscription."""
        ...

    def grant_enrolment(self, request: bytes, key_file: bytes, passphrase: bytearray, rights: Sequence[str]) -> bytes:
        """Certify a second laptop; returns the enrolment file to carry back to it."""
        ...

    def close(self) -> None:
        """Drafts and state are already in the vault; closes the database and forgets references."""
        ...
