"""A recipe: what opens only in a certain state, and how to bring it about in the vault the window's tests invent."""

from __future__ import annotations

from atexit import register
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fake_data as d
from fake_door import FakeDoor

from valise.ui.window import MainWindow


def _nothing(_door: FakeDoor) -> None:
    """The vault as it is."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`before` prepares the vault, `act` does something in the window, at `screen`."""

    name: str
    screen: str
    act: Callable[[MainWindow], object]
    before: Callable[[FakeDoor], object] = _nothing


def rest(window: MainWindow) -> None:
    """Everything asked for has come."""
    from valise.ui.gallery import until
    from valise.ui.shots import settle

    settle(40)
    until(lambda: window.runner.idle)
    settle(40)


def after(ref: tuple[str, str], act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    """Go there, wait, then act on the screen."""

    def do(window: MainWindow) -> object:
        window.go(*ref)
        rest(window)
        return act(window.made(ref[0]))

    return do


def at(window: MainWindow, label: str) -> Any:
    """The screen of the texts, at a paragraph of the first of them."""
    screen = window.made("texts")
    row = next(one for one in window.door.texts.outline(d.TEXT) if one.label == label)
    window.go("texts", f"{d.TEXT}#{row.id}")
    rest(window)
    return screen


def paper(name: str, content: bytes) -> Path:
    """A file to be opened, there until the pictures are made."""
    global _papers
    if _papers is None:
        _papers = TemporaryDirectory(prefix="valise-pictures-")
        register(_papers.cleanup)
    path = Path(_papers.name) / name
    path.write_bytes(content)
    return path


_papers: TemporaryDirectory[str] | None = None
