"""What lies beside a vault in the clear and is read before it opens: the public name, and how the window looks.

Nothing here is secret and nothing is authenticated: shown, never relied on. Imports only the standard library, so
that the unlock page appears before any cryptography is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

HEADERS: Final = ("header.json", "header.json.bak")
LOOK: Final = "look.json"
ERASING: Final = "erasing"  # this vault is being destroyed; see erase.py
_LIMIT = 64 << 10


def exists(folder: Path) -> bool:
    """Whether a vault is meant to be here."""
    return any((folder / name).exists() for name in HEADERS)


def public_name(folder: Path) -> str:
    """The name its owner made public, or ""; a damaged header shows none (unlocking says what is wrong with it)."""
    for name in HEADERS:
        found = _object(folder / name).get("public_name", "")
        if isinstance(found, str) and found:
            return found[:200]
    return ""


def ways(folder: Path) -> frozenset[str]:
    """The kinds of slots in the header (or its copy); what a damaged one tells may be wrong or nothing."""
    for name in HEADERS:
        found = _object(folder / name).get("slots")
        if isinstance(found, list):
            kinds = [one.get("kind") for one in found if isinstance(one, dict)]
            return frozenset(kind for kind in kinds if isinstance(kind, str))
    return frozenset()


def look(folder: Path) -> dict[str, str]:
    """Settings kept beside the vault (those declared `before_unlock`), as text by key."""
    return {key: value for key, value in _object(folder / LOOK).items() if isinstance(value, str)}


def keep(folder: Path, key: str, value: str) -> None:
    """Write one of them."""
    from valise.vault import files

    made = {**look(folder), key: value}
    files.replace(folder / LOOK, json.dumps(made, ensure_ascii=False, sort_keys=True).encode())


def _object(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LIMIT))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
