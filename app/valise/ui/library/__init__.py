"""The library of agreed language: documents imported here, searched by words, by likeness and by symbol."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "LibraryScreen":
        from valise.ui.library.screen import LibraryScreen

        return LibraryScreen
    raise AttributeError(name)
