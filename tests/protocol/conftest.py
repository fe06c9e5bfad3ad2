"""Kinds that exist only while these tests run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from valise.domain import kinds

from .made import KINDS


@pytest.fixture(scope="package", autouse=True)
def _probe_kinds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, kind in KINDS.items():
            patch.setitem(kinds._KINDS, name, kind)
        yield
