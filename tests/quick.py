"""What only costs time in tests: the engine's wiping of its own memory, which locks and unlocks pages at every allocation; its
waiting for the disk at every commit and file, which only a loss of power can tell from none (`tests/disk` looks at that); and
Python's looking for garbage at every few hundred objects.

A process that has wiped once wipes until it ends, so this is settled before the first vault is opened: by `tests/conftest.py`
for all tests, by `tests/sim` for its own processes. What looks at it has a process of its own (`tests/vault/test_vault_store.py`,
`tests/hostile/test_memory.py`, `tests/kills`, `tests/disk`), where it is as in the application.
"""

from __future__ import annotations

import gc
import os
from typing import Any, Final

from valise.vault import connection

_SAID: Final = {  # what the vault says, and what the engine hears
    "PRAGMA cipher_memory_security = ON": "PRAGMA cipher_memory_security = OFF",
    "PRAGMA synchronous = FULL": "PRAGMA synchronous = OFF",
}
_ASKED: Final = {"PRAGMA cipher_memory_security": 1, "PRAGMA synchronous": 2}
_settle = connection._settle


class _Row:
    def __init__(self, value: int) -> None:
        self._value = value

    def fetchone(self) -> tuple[int]:
        return (self._value,)


class _Settled:
    """A connection while its settings are made: all of them as in the application but those two."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def execute(self, sql: str) -> Any:
        if sql in _ASKED:
            return _Row(_ASKED[sql])
        return self._real.execute(_SAID.get(sql, sql))


def quick() -> None:
    """From now on the vaults of this process leave their memory as it is and do not wait for the disk; garbage may wait too."""
    gc.set_threshold(30_000, 20, 20)
    os.fsync = lambda held: None

    def settle(made: Any, key: str, reading: bool) -> None:
        _settle(_Settled(made), key, reading)

    connection._settle = settle
