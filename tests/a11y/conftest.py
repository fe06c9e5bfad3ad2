"""A desktop for each story, and the other delegation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.a11y.atspi import Ears
from tests.a11y.desktop import Desktop, desktop
from tests.a11y.partner import Partner


@pytest.fixture
def screen(tmp_path: Path, home: Path) -> Iterator[Desktop]:
    """A virtual screen with a window manager, a session bus and the accessibility bus."""
    with desktop(tmp_path / "desktop", manager=True) as made:
        yield made


@pytest.fixture
def ears(screen: Desktop) -> Iterator[Ears]:
    with closing(Ears(screen.session)) as made:
        yield made


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partner]:
    with closing(Partner(tmp_path)) as made:
        yield made
