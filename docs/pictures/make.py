"""The pictures of docs/screens.md, made anew: fictional delegations, real vaults and windows, a clock that stands still.

    make pictures                          every view, light and dark, English and an Arabic text right to left:
                                           docs/pictures/all, and those of the guide: resources/guide/pictures
    make pictures ARGS=--screens           every screen and dialog in six languages, and what is wrong in them (screens.py)
    python docs/pictures/make.py OUT       the first into another folder
    python docs/pictures/make.py --guide   only those of the guide
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from play import ENGLISH, IN_ARABIC, Play
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from valise.desk.views import Changes
from valise.ui import (
    gallery,
    gallery_directory,
    gallery_guide,
    gallery_incidents,
    gallery_registers,
    gallery_security,
    theme,
)
from valise.ui.exchange import said as exchange_said
from valise.ui.seeing import deadline
from valise.ui.widgets import times

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "resources" / "guide" / "pictures"
SHARE = "/media/exchange"
LOOKS: tuple[theme.Choice, ...] = ("light", "dark")
README = {"workbench-en-light": "texts", "editor-en-dark": "editor", "overview-ar-light": "overview"}  # named there


@dataclass(frozen=True, slots=True)
class Dress:
    """How a picture is taken: `tag` ends its name, `arabic` says which of the two talks is shown, `language` "" is English laid
    out as the talk is read."""

    tag: str
    look: theme.Choice
    arabic: bool
    language: str = ""


DOCUMENTS = tuple(Dress(f"{tag}-{look}", look, tag == "ar") for tag in ("en", "ar") for look in LOOKS)
Views = Callable[[gallery.Scenes], Iterator[tuple[str, "QImage"]]]


def pictures(play: Play, dresses: Iterable[Dress] = DOCUMENTS, size: QSize | None = None) -> Iterator[tuple[str, QImage]]:
    """(name, picture) of every view in every dress; a window of `size`, or of the documents."""
    english, arabic = play.text(ENGLISH), play.text(IN_ARABIC)
    contact, dresses = play.desks["XB"].me().delegation, tuple(dresses)

    def taken(scenes: gallery.Scenes, *views: Views) -> Iterator[tuple[str, QImage]]:
        if size is not None:
            scenes.window.resize(size)
        for view in views:
            for dress in dresses:
                scenes.dress(arabic if dress.arabic else english, dress.look, dress.language)
                for name, image in view(scenes):
                    yield f"{name}-{dress.tag}", image

    with closing(gallery.Scenes(play.desks["XA"])) as scenes:
        yield from taken(
            scenes, gallery.Scenes.workbench, gallery_incidents.views,
            partial(gallery_directory.views, now=play.clock.at), gallery_registers.views,
        )  # fmt: skip
        for stage in (english, arabic):
            play.silence(stage)
        play.exchange()
        yield from taken(scenes, partial(gallery_security.views, contact=contact))
        scenes.window.refresh(Changes(texts=frozenset({english.text, arabic.text})))
        yield from taken(scenes, gallery.Scenes.silence)
    play.copied([(ENGLISH, english), (IN_ARABIC, arabic)])
    with closing(gallery.Scenes(play.desks["XB"])) as scenes:
        yield from taken(scenes, gallery.Scenes.frozen)


def of_guide(play: Play) -> Iterator[tuple[str, QImage]]:
    """The same of the guide's pictures, in English and in a window of a page's size; those of the dark look end in -dark."""
    looks = {"light": "", "dark": "-dark"}

    def told(name: str, look: str, image: QImage) -> tuple[str, QImage]:
        return name + looks[look], gallery_guide.fitted(image, whole=name == "overview")

    for look in LOOKS:
        theme.current().choose(look)
        yield told("first-run", look, gallery_guide.first_run(play.gate("new")))
    stage = play.text(ENGLISH)
    with closing(gallery_guide.GuideScenes(play.desks["XA"])) as scenes:
        for look in LOOKS:
            scenes.dress(stage, look)
            for name, image in gallery_guide.views(scenes, play.desks["XB"].me().delegation, play.clock.at):
                yield told(name, look, image)
        play.silence(stage)
        play.exchange()
        scenes.window.refresh(Changes(texts=frozenset({stage.text})))
        for look in LOOKS:
            scenes.dress(stage, look)
            for name, image in scenes.silence():
                yield told(name, look, image)


@contextmanager
def stage() -> Iterator[tuple[QApplication, Play]]:
    """The application and the delegations, gone again afterwards."""
    app = QApplication.instance() or QApplication(["valise"])
    assert isinstance(app, QApplication)
    theme.install(app)
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    base = Path(tempfile.mkdtemp(prefix="valise-pictures-"))
    play = Play(base)
    # the windows read the same clock as the delegations
    deadline.now = play.clock.now
    # the folder they share has the name it would have on a laptop
    place = exchange_said.place
    exchange_said.place = lambda one: place(replace(one, place=SHARE) if one.place == str(play.share) else one)
    times._now = lambda now: datetime.fromtimestamp((play.clock.at if now is None else now) / 1000, UTC)
    try:
        yield app, play
    finally:
        play.close()
        shutil.rmtree(base, ignore_errors=True)


def main(folder: Path, which: Callable[[Play], Iterable[tuple[str, QImage]]]) -> None:
    """Draw and save all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with stage() as (_, play):
        for name, image in which(play):
            gallery.save(image, folder / f"{name}.png")
            print(f"    {name}.png", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__)
        sys.exit()
    if sys.argv[1:2] == ["--screens"]:
        from screens import main as screens

        sys.exit(screens(sys.argv[2:]))
    elif sys.argv[1:] == ["--guide"]:
        main(GUIDE, of_guide)
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]), pictures)
    else:
        main(GUIDE, of_guide)
        main(HERE / "all", pictures)
        for name, file in README.items():
            shutil.copyfile(HERE / "all" / f"{name}.png", HERE / f"{file}.png")
