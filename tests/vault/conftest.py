"""Vaults for tests: real ones, in a temporary folder, with a passphrase slot that costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from valise.vault import connection
from valise.vault.slots import Kdf
from valise.vault.store import Store


@pytest.fixture
def cheap() -> Kdf:
    return Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192)


@pytest.fixture
def key() -> str:
    return connection.new_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def opened(folder: Path, key: str) -> Iterator[Callable[..., Store]]:
    """Opens (or first makes) the vault; whatever is still open at the end is let go."""
    made: list[Store] = []

    def act(**more: object) -> Store:
        exists = (folder / "vault.db").exists()
        store = (Store.open if exists else Store.create)(folder, key, **more)  # type: ignore[arg-type]
        made.append(store)
        return store

    yield act
    for store in made:
        store.abandon()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()
