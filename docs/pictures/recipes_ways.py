"""Recipes of everything else: the ways of exchange, bundles, messages, statements, the library, a release, practice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fake_data as d
from cooking import Recipe, after, at, paper, rest
from fake_door import FakeDoor
from fake_joint import OPEN
from fake_trust import ready

from valise.desk import release
from valise.desk.library import Imported
from valise.desk.trust_views import Live
from valise.domain.release import Package, Release
from valise.ui.window import MainWindow

BUNDLES = ("from-borovia.valise", "gone.valise")


def _ways(act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    """On the page of ways."""

    def do(window: MainWindow) -> object:
        window.go("settings", "exchange")
        rest(window)
        return act(window.made("settings").ways)  # type: ignore[attr-defined]

    return do


def _tab(number: int, act: Callable[[Any], object] = lambda _pane: None) -> Callable[[MainWindow], object]:
    def do(page: Any) -> object:
        page.tabs.setCurrentIndex(number)
        return act(page.tabs.currentWidget())

    return _ways(do)


def _taken(window: MainWindow) -> Any:
    """Two bundles of a courier, of which one cannot be read any more."""
    window._courier("take")
    box = window._bundles
    found = [paper(name, b"fictional bundle") for name in BUNDLES]
    found[1].unlink()
    box.add(found)
    rest(window)
    return box


def _agreed(window: MainWindow) -> None:
    screen = at(window, "OP 3")
    screen.writing.begin("words")
    screen.list.editor.words.setPlainText("Welcomes the designation of points of contact at the policy level and the technical level;")
    screen.writing.agreed.look()


def _frozen(door: FakeDoor) -> None:
    door.texts.rows[d.TEXT].frozen = "text.pen-fork"


def _joint(act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    def do(window: MainWindow) -> object:
        screen = at(window, "OP 3")
        screen.far.joint.look(OPEN)
        rest(window)
        return act(screen)

    return do


def _message(act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    return after(("messages", d.GROUP), act)


def _attached(screen: Any) -> None:
    screen.talk.composer.files.add(d.GROUP, paper("Note on points of contact.pdf", b"%PDF fictional"))


def _unread(screen: Any) -> None:
    refused = (("annex.doc", "format.zip"), ("scan-of-a-letter.pdf", "format.empty"))
    screen.report = Imported(3, 1, 41, refused, False)
    screen.show_report()


def _live(stage: Live) -> Recipe:
    who = d.delegation("XD")
    return Recipe(
        f"live-{stage.stage}", "contacts", after(("contacts", who), lambda screen: screen.start_verifying("words")),
        lambda door: door.trust.move(who, stage),
    )  # fmt: skip


def _release(window: MainWindow) -> object:
    from valise.ui.settings.newer import ReleaseDialog

    package = Package("valise_0.2.0_amd64.deb", 91_234_567, "3f9a1c07" * 8)
    held = Release("0.2.0", "2026-12-01", (package,), (("en", "Silence procedures can be extended."),))
    made = ReleaseDialog(release.Said(held, "0.1.0", held.standing("0.1.0")), "valise-0.2.0.release", window.runner, window)
    made.open()
    return made


def _practice(door: FakeDoor) -> None:
    door.training.is_on = True


WAYS: tuple[Recipe, ...] = (
    Recipe("ways", "settings", _ways(lambda page: None)),
    Recipe("ways-grants", "settings", _tab(1)),
    Recipe("ways-addresses", "settings", _tab(2)),
    Recipe("ways-give", "settings", _tab(1, lambda pane: pane.begin_giving())),
    Recipe("ways-card", "settings", _tab(1, lambda pane: pane.begin_card())),
    Recipe("taken", "settings", _taken),
    Recipe("wipe", "settings", lambda window: _taken(window).bundles[0].wipe.emit()),
    Recipe("dropping", "library", lambda window: window.drops.veil.over(2)),
    Recipe("release", "settings", _release),
    Recipe("notice", "settings", lambda window: window.made("settings").version.look(paper("note.release", b"no release"))),  # type: ignore[attr-defined]
    Recipe("agreed", "texts", _agreed),
    Recipe("frozen", "texts", lambda window: at(window, "OP 3"), _frozen),
    Recipe("open-text", "texts", lambda window: window.made("texts").new()),
    Recipe("statement", "texts", _joint(lambda screen: None)),
    Recipe("statement-open", "texts", _joint(lambda screen: screen.new())),
    Recipe("statement-sign", "texts", _joint(lambda screen: screen.far.joint.sign())),
    Recipe("members", "messages", _message(lambda screen: screen._members.trigger())),
    Recipe("delivery", "messages", _message(lambda screen: screen._delivery.trigger())),
    Recipe("attached", "messages", _message(_attached)),
    Recipe("unread-files", "library", after(("library", ""), _unread)),
    Recipe("laptop-joined", "contacts", lambda window: window.go("contacts", d.delegation("XB")), lambda door: door.trust.added("XB")),
    _live(Live("waiting", until=d.NOW + 600_000)),
    _live(ready()),
    Recipe("practice", "overview", lambda window: window.made("overview").tabs.setCurrentIndex(2), _practice),  # type: ignore[attr-defined]
    Recipe("copies", "security", after(("security", "checks"), lambda screen: None), lambda door: door.copies.put_back()),
)
