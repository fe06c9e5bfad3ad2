"""How Valise starts itself."""

from __future__ import annotations

import sys


def own_command(*arguments: str) -> list[str]:
    """How to start Valise anew with these arguments. They can be seen by every process: never a secret."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "valise", *arguments]
