"""What this operating system keeps for the account outside the vault: its keyring, or nothing."""

from __future__ import annotations

from valise.system.custodian.abc import Custodian
from valise.system.custodian.none import NoCustodian

__all__ = ["Custodian", "NoCustodian", "find"]


def find() -> Custodian:
    """The keyring of this system. Nothing is loaded and nobody is asked before the first call of it."""
    from valise.system.custodian.keyrings import KeyringCustodian

    return KeyringCustodian()
