"""Every screen and every dialog in six languages, light and dark, to be looked through; and what is wrong in them.

    make pictures ARGS=--screens                           all of it, into build/screens
    python docs/pictures/make.py --screens --to DIR --languages ar,zh --looks dark --views rooms --size 1000x640

The views of the documents are taken over real vaults (make.py); then every tab, section, page and dialog over the vault the
tests invent, by pressing everything that asks something more, and what is before the vault is open. `sheets/` has several on
an image. `faults.txt` says what `looking.py` found. No class of a widget may be missing from the pictures: those that were
never shown are told, so that a new dialog cannot be forgotten. The answer is 1 when there is anything to mend.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import looking
from make import LOOKS, Dress, pictures, stage
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from sheets import sheets

import valise.ui
from valise.ui import gallery, language, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
SIX = ("ar", "en", "es", "fr", "ru", "zh")
SIZE = QSize(1280, 800)  # as the window opens
# Nothing of it is seen by itself: bases, and what is made where this computer has no place for it.
UNSEEN = frozenset({
    "Asking", "Screen", "Act",
})  # fmt: skip


class Album:
    """Keeps pictures, what is wrong in them, and which classes of widgets were on them."""

    def __init__(self, folder: Path, dark_alone: bool = False) -> None:
        self.folder = folder
        self.faults: dict[str, list[str]] = {}
        self.kinds: set[str] = set()
        self.made: list[Path] = []
        self._known: set[str] = set()
        self.speaks = "en"
        self.dark_alone = dark_alone

    def look(self, root: QWidget) -> None:
        """A picture of it is being taken."""
        self.kinds |= looking.kinds(root)
        painted = looking.drawn(root)
        self._said = " ".join(f"{one.text}@{one.place.x():.0f},{one.place.y():.0f}" for one in painted)
        # Words stand where they stood in the light.
        self._found = [] if theme.tokens().dark and not self.dark_alone else looking.faults(root, self.speaks, painted)

    def keep(self, name: str, image: QImage) -> bool:
        """Save it under that name, unless another of that language and look says the same; whether it is new."""
        for one in self._found:
            self.faults.setdefault(one, []).append(name)
        key = f"{'-'.join(name.split('-')[:2])} {image.width()}x{image.height()} {self._said}"
        if key in self._known:
            return False
        self._known.add(key)
        path = self.folder / f"{re.sub(r'[^A-Za-z0-9-]+', '_', name)}.png"
        image.save(str(path), "PNG", 60)  # type: ignore[call-overload]  # quickly, not small
        self.made.append(path)
        return True

    def report(self) -> str:
        """What is to be mended, most frequent first."""
        rows = sorted(self.faults.items(), key=lambda one: (-len(one[1]), one[0]))
        return "".join(f"{fault}\n    {', '.join(names[:4])}{f' and {len(names) - 4} more' if names[4:] else ''}\n" for fault, names in rows)


def dresses(languages: Sequence[str], looks: Sequence[theme.Choice]) -> list[Dress]:
    return [Dress(f"{tongue}-{look}", look, tongue == "ar", tongue) for tongue in languages for look in looks]


def declared() -> set[str]:
    """Every class of a widget that the window is made of."""
    for one in pkgutil.walk_packages(valise.ui.__path__, "valise.ui."):
        importlib.import_module(one.name)
    found: set[str] = set()
    waiting: list[type] = [QWidget]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("valise.ui."):
            found.add(kind.__name__)
    return found


def over_vaults(album: Album, worn: Sequence[Dress], size: QSize) -> Iterator[str]:
    """The views of the documents."""
    by_tag = {one.tag: one for one in worn}
    with stage() as (app, play):
        # The window is dressed before a picture is taken: its language is asked of the application.
        gallery.watchers.append(lambda root: (setattr(album, "speaks", spoken(app)), album.look(root)))
        try:
            for name, image in pictures(play, worn, size):
                tag = next(tag for tag in by_tag if name.endswith(tag))
                if album.keep(f"{tag}-{name.removesuffix(f'-{tag}')}", image):
                    yield name
        finally:
            gallery.watchers.clear()


def spoken(_app: QApplication) -> str:
    from PySide6.QtCore import QLocale

    return QLocale().name().partition("_")[0]


def over_inventions(album: Album, worn: Sequence[Dress], size: QSize) -> Iterator[str]:
    """Every place and dialog of the window over the tests' vault."""
    sys.path[:0] = [str(ROOT / "tests" / "windows"), str(ROOT)]
    from rooms import Rooms  # needs what the tests invent

    base = Path(tempfile.mkdtemp(prefix="valise-pictures-"))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        for dress in worn:
            theme.install(app).choose(dress.look)
            language.use(app, dress.language)
            album.speaks = dress.language
            rooms = Rooms(base, size)
            for name, shown in rooms.all():
                album.look(shown)
                image = shown.grab().toImage().convertToFormat(shown.grab().toImage().Format.Format_RGB32)
                if album.keep(f"{dress.tag}-{name}", image):
                    yield f"{name}-{dress.tag}"
            for one in rooms.failed:
                album.faults.setdefault(f"broke off: {one}", []).append(dress.tag)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="screens", description="Pictures of every screen and dialog in six languages.")
    asked.add_argument("--to", type=Path, default=ROOT / "build" / "screens")
    asked.add_argument("--languages", default=",".join(SIX))
    asked.add_argument("--looks", default=",".join(LOOKS))
    asked.add_argument("--views", choices=("all", "vaults", "rooms"), default="all")
    asked.add_argument("--size", default=f"{SIZE.width()}x{SIZE.height()}")
    given = asked.parse_args(arguments)
    size = QSize(*map(int, given.size.split("x")))
    worn = dresses(given.languages.split(","), given.looks.split(","))
    shutil.rmtree(given.to, ignore_errors=True)
    given.to.mkdir(parents=True)
    app = QApplication.instance() or QApplication(["valise"])
    album = Album(given.to, dark_alone="light" not in given.looks)
    if given.views != "rooms":
        for name in over_vaults(album, worn, size):
            print(f"    {name}", flush=True)
    if given.views != "vaults":
        for name in over_inventions(album, worn, size):
            print(f"    {name}", flush=True)
    for path in sheets(album.made, given.to / "sheets"):
        print(f"    {path.name}", flush=True)
    unseen = sorted(declared() - album.kinds - UNSEEN) if given.views == "all" else []
    report = album.report() + "".join(f"never shown: {one}\n" for one in unseen)
    (given.to / "faults.txt").write_text(report, "utf-8")
    print(f"{len(album.made)} pictures in {given.to}, {len(album.faults)} faults, {len(unseen)} widgets never shown")
    del app
    return 1 if report else 0
