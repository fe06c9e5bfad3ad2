"""Security: unlocking, laptops, keys, backups, evidence and checks, one section each."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "SecurityScreen":
        from valise.ui.security.screen import SecurityScreen

        return SecurityScreen
    raise AttributeError(name)
