"""The overview: what needs a person today, and the last and next exchange."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "OverviewScreen":
        from valise.ui.overview.screen import OverviewScreen

        return OverviewScreen
    raise AttributeError(name)
