"""Before a vault is open: what the unlock page and the first run ask. Shows nothing from inside.

Light on purpose: the page is painted before anything of cryptography or the database is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from valise.desk.ports import CarrierMaker, Clock, Custodian, Entropy, Parser
from valise.vault import beside

if TYPE_CHECKING:
    from valise.desk.desk import Desk
    from valise.desk.door_backups import Secret
    from valise.desk.entrance import Entrance
    from valise.vault.slots import Kdf

KEY_FILE = "delegation.key"
WAITING = "awaiting-enrolment"  # an empty file: nothing in it says who waits


class Gate:
    """The door's Gate for one vault folder; the acts themselves are in desk.entrance."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        make_carrier: CarrierMaker,
        parser: Parser,
        entropy: Entropy | None = None,
        kdf: Kdf | None = None,
        custodian: Custodian | None = None,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._make_carrier = make_carrier
        self._parser = parser
        self._entropy = entropy
        self._kdf = kdf
        self._custodian = custodian

    def exists(self) -> bool:
        """A vault that opens with a passphrase is here."""
        self._erased()
        return beside.exists(self.folder)

    def _erased(self) -> None:
        """Go on with destroying a vault where a crash interrupted it. Unavailable("vault.busy" | "vault.erasing")."""
        if (self.folder / beside.ERASING).exists():
            from valise.vault import erase

            erase.erase(self.folder)

    def public_name(self) -> str:
        """The name its owner chose to show, or ""."""
        return "" if self.look().get("unlock.show_name") == "off" else beside.public_name(self.folder)

    def look(self) -> dict[str, str]:
        """Theme, language and the like, as kept beside the vault."""
        return beside.look(self.folder)

    def awaiting_enrolment(self) -> bool:
        """A request was made here and its answer has not been read yet."""
        return self.exists() and (self.folder / WAITING).exists()

    def request_again(self, passphrase: bytearray) -> bytes:
        """The request made here, to save it once more. Wipes `passphrase`. See Entrance.request_again."""
        return self._entrance().request_again(passphrase)

    def create(
        self, *, code: str, name: str, officer: str, role: str, passphrase: bytearray, public_name: str = ""
    ) -> Desk:
        """New delegation, first device with every right. Wipes `passphrase`. See Entrance.create."""
        return self._entrance().create(
            code=code, name=name, officer=officer, role=role, passphrase=passphrase, public_name=public_name
        )

    def practice(self) -> Gate:
        """The gate to the vault for practice beside this one: fictional delegations only."""
        return Gate(
            self.folder.with_name(self.folder.name + "-practice"), clock=self._clock, make_carrier=self._make_carrier,
            parser=self._parser, entropy=self._entropy, kdf=self._kdf, custodian=self._custodian,
        )  # fmt: skip

    def practise(self, passphrase: bytearray, officer: str = "") -> Desk:
        """Of the gate `practice` gives: open it, or make it and its partners. Wipes `passphrase`. As `unlock` and `create`."""
        from valise.domain import training

        if self.exists():
            desk = self.unlock(passphrase)
        else:
            desk = self.create(
                code="XA", name=training.name_of("XA"), officer=officer or "Delegate", role="Practice", passphrase=passphrase
            )
        try:
            desk.training.begin()
        except BaseException:
            desk.close()
            raise
        return desk

    def unlock(self, passphrase: bytearray, progress: Callable[[int, int], None] | None = None) -> Desk:
        """Open the vault. Wipes `passphrase`. See Entrance.unlock."""
        return self._entrance().unlock(passphrase, progress)

    def salvage(
        self, passphrase: bytearray, progress: Callable[[int, int], None] | None = None
    ) -> tuple[tuple[str, int, int], ...]:
        """What verifies of a damaged vault becomes a new one; (table, rows kept, rows known to be lost). See Entrance.salvage."""
        return self._entrance().salvage(passphrase, progress)

    def can_unlock_by(self) -> frozenset[str]:
        """The kinds of slots in the header, read without any cryptography: shown, never relied on."""
        return beside.ways(self.folder)

    def unlock_keyring(self) -> Desk:
        """Open the vault with what the keyring of this computer keeps. See Entrance.unlock_keyring."""
        return self._entrance().unlock_keyring()

    def try_shares(self, shares: Sequence[str]) -> None:
        """Whether these recovery shares would open the vault. See Entrance.try_shares."""
        self._entrance().try_shares(shares)

    def unlock_shares(self, shares: Sequence[str], new: bytearray | None = None) -> Desk:
        """Open with recovery shares, and with a new passphrase from now on. Wipes `new`. See Entrance.unlock_shares."""
        return self._entrance().unlock_shares(shares, new)

    def examine(self, passphrase: bytearray, progress: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        """Check the whole vault; names what is wrong, nothing when it is sound. See Entrance.examine."""
        return self._entrance().examine(passphrase, progress)

    def ask_enrolment(self, *, officer: str, role: str, passphrase: bytearray) -> bytes:
        """A vault for a new device of an existing delegation. See Entrance.ask_enrolment."""
        return self._entrance().ask_enrolment(officer=officer, role=role, passphrase=passphrase)

    def finish_enrolment(self, file: bytes, passphrase: bytearray) -> Desk:
        """Read the answer of the first laptop. See Entrance.finish_enrolment."""
        return self._entrance().finish_enrolment(file, passphrase)

    def restore(
        self, backup: Path, secret: Secret, passphrase: bytearray, progress: Callable[[int, int], None] | None = None
    ) -> Desk:
        """A new laptop from a backup; wipes what it is given. See Entrance.restore."""
        return self._entrance().restore(backup, secret, passphrase, progress)

    def _entrance(self) -> Entrance:
        self._erased()
        from valise.desk.entrance import Entrance

        return Entrance(
            self.folder,
            clock=self._clock,
            make_carrier=self._make_carrier,
            parser=self._parser,
            entropy=self._entropy,
            kdf=self._kdf,
            custodian=self._custodian,
        )
