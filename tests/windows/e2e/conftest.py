"""Windows over real desks: whole delegations, real vaults and seals, one exchange folder, a person's keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import Desks, Table
from tests.world import FAST

from valise import bootstrap
from valise.desk.gate import Gate
from valise.ui import theme


@pytest.fixture
def gate_at(tmp_path: Path) -> Callable[[str], Gate]:
    """Real gates with a fast passphrase function and the machine's clock."""
    return lambda name: bootstrap.gate(tmp_path / name, kdf=FAST)


@pytest.fixture
def table(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    """Aurelia, Borovia and Gallia Minor."""
    made = Table(Desks(tmp_path), qtbot)
    yield made
    made.close()
    made.world.close()
