"""Slots: the database key sealed under something a person has or knows. One header may hold several.

Kinds: "passphrase"; "keyring" (a secret in the keyring of this computer, for convenience); "passphrase+keyring" (both are
needed); "recovery" (a secret on paper, m of n). `kinds` says what each is made of, `sealing` how any is sealed and opened,
`rules` which may stand together.
"""

from __future__ import annotations

from valise.vault.slots.kdf import Kdf, calibrate
from valise.vault.slots.kinds import KEYRING, KINDS, PASSPHRASE, RECOVERY, SECOND, Given, Kind
from valise.vault.slots.rules import lawful, one_of, with_slot, without
from valise.vault.slots.sealing import Opened, open_slots, open_with, seal, seal_slot

__all__ = [
    "KEYRING", "KINDS", "PASSPHRASE", "RECOVERY", "SECOND", "Given", "Kdf", "Kind", "Opened", "calibrate", "lawful",
    "one_of", "open_slots", "open_with", "seal", "seal_slot", "with_slot", "without",
]  # fmt: skip
