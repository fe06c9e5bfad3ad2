"""What opens only in a certain state: how to bring it about in the vault the window's tests invent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
from cooking import Recipe, after, at, rest
from fake_backups import WAITING
from fake_door import FakeDoor
from recipes_rows import ROWS
from recipes_ways import WAYS

from valise.desk.door_registers import Place
from valise.desk.door_slots import SlotView
from valise.domain.text.model import Break
from valise.ui.window import MainWindow


def _broken(code: str, state: str) -> Break:
    return Break(d.ident(f"break {code}"), d.delegation(code), "OP 3 is not agreed", d.NOW - d.HOUR, state)  # type: ignore[arg-type]


def _silence(state: str, *breaks: Break, closed: bool = False, hours: int = 48) -> Callable[[FakeDoor], object]:
    return lambda door: door.silence.put(d.TEXT, state, d.NOW + hours * d.HOUR, *breaks, closed=closed)


def _screen(window: MainWindow, name: str) -> Any:
    return window.made(name)


def _hold(door: FakeDoor) -> None:
    paragraph = next(one.id for one in door.texts.outline(d.TEXT) if one.label == "OP 3")
    door.internal.hold(d.TEXT, paragraph, "Invites the Chair to report;")


def _returned(window: MainWindow) -> object:
    from valise.ui.texts.held import ReturnDialog

    made = ReturnDialog("Legal Adviser", window)
    made.open()
    return made


def _round(window: MainWindow) -> object:
    page = _screen(window, "contacts").directory
    window.go("contacts", "contacts/contact-XB-diplomatic")
    rest(window)
    page.show_tab("rounds")
    rest(window)
    rounds = page.rounds
    place = next(n for n, one in enumerate(rounds.model.rows) if one.contact == "contact-XE-diplomatic")
    rounds.table.selectRow(place)
    return rounds.record.click()


def _directory(act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    def do(window: MainWindow) -> object:
        page = _screen(window, "contacts").directory
        window.go("contacts", "contacts/contact-XB-diplomatic")
        rest(window)
        return act(page)

    return do


def _ours(door: FakeDoor) -> None:
    own = "contact-XB-diplomatic"
    door.pings.rows[own] = replace(door.pings.rows[own], way="")


def _incident(act: str) -> Callable[[MainWindow], object]:
    from fake_incidents import DRILL, LATE, OWN, THEIRS

    def do(window: MainWindow) -> object:
        screen = window.made("incidents")
        for one in (OWN, THEIRS, LATE, DRILL):
            window.go("incidents", one)
            rest(window)
            if screen.acts[act].isEnabled():
                return screen.acts[act].trigger()
        raise RuntimeError(f"no incident allows {act}")

    return do


def _acknowledged(door: FakeDoor) -> None:
    from fake_incidents import THEIRS

    door.incidents.rows[THEIRS] = replace(door.incidents.rows[THEIRS], state="acknowledged")


def _register(name: str, act: Callable[[Any], object]) -> Callable[[MainWindow], object]:
    def do(window: MainWindow) -> object:
        window.go("registers", name)
        rest(window)
        return act(window.made("registers"))

    return do


def _settle(window: MainWindow) -> object:
    window.go("registers", "norms")
    rest(window)
    page = window.made("registers").page
    page.open_row(Place("norms", "XB/a"))
    rest(window)
    return page.row_page.settle("status")


def _sheets(window: MainWindow) -> object:
    window.go("security", "unlocking")
    rest(window)
    return window.made("security").section("unlocking").rehearse.click()


def _shares(door: FakeDoor) -> None:
    door.slots.rows = [*door.slots.rows, SlotView("recovery", d.NOW - d.DAY, need=3, total=5)]


def _restored(door: FakeDoor) -> None:
    door.backups.now = replace(door.backups.now, restored=WAITING)


RECIPES: tuple[Recipe, ...] = (
    Recipe("silence-open", "texts", lambda w: at(w, "OP 3").far.open_silence()),
    Recipe("silence-running", "texts", lambda w: at(w, "OP 3"), _silence("running")),
    Recipe("silence-extend", "texts", lambda w: at(w, "OP 3").far.extend(), _silence("running")),
    Recipe("silence-break", "texts", lambda w: at(w, "OP 3").far.break_silence(), _silence("running")),
    Recipe("silence-close", "texts", lambda w: at(w, "OP 3").far.close_silence(), _silence("running", hours=-2)),
    Recipe("silence-settle", "texts", lambda w: at(w, "OP 3").far.settle(),
           _silence("contested", _broken("XB", "contested"), closed=True)),
    Recipe("sponsors", "texts", lambda w: at(w, "OP 3").far.joint.opening.sponsors(w.door.texts.head(d.TEXT).revisions[0].id)),
    Recipe("pass-pen", "texts", lambda w: at(w, "OP 3").acts["pass"].trigger()),
    Recipe("held", "texts", lambda w: at(w, "OP 3").show_right(), _hold),
    Recipe("return-draft", "texts", _returned),
    Recipe("revisions", "texts", lambda w: at(w, "OP 3").tabs.setCurrentIndex(1)),
    Recipe("incident-respond", "incidents", _incident("respond"), _acknowledged),
    Recipe("incident-acknowledge", "incidents", _incident("acknowledge")),
    Recipe("incident-close", "incidents", _incident("close")),
    Recipe("incident-raise", "incidents", _incident("raise")),
    Recipe("incident-offer", "incidents", _incident("offer")),
    Recipe("incident-update", "incidents", _incident("update")),
    Recipe("incident-form", "incidents", lambda w: w.made("incidents").new()),
    Recipe("incident-bundle", "incidents", lambda w: w.made("incidents").doing.read_path(Path("x.json"))),
    Recipe("nominate", "contacts", _directory(lambda page: page.nominate()), _ours),
    Recipe("record", "contacts", _round),
    Recipe("cards", "contacts", _directory(lambda page: page.read_cards(Path("in.vcf")))),
    Recipe("entry-form", "contacts", _directory(lambda page: page.edit())),
    Recipe("vouch", "contacts", after(("contacts", d.delegation("XB")), lambda screen: screen.detail.vouch.click())),
    Recipe("verify-words", "contacts", after(("contacts", d.delegation("XD")), lambda screen: screen.start_verifying("words"))),
    Recipe("begin-row", "registers", _register("norms", lambda screen: screen.new())),
    Recipe("keep-filter", "registers", _register("norms", lambda screen: screen.page.filters.keep.emit())),
    Recipe("settle", "registers", _settle, lambda door: door.registers.one_differs()),
    Recipe("rehearse", "security", _sheets, _shares),
    Recipe("restored", "security", after(("security", "backups"), lambda screen: None), _restored),
    Recipe("admit-here", "security", after(("security", "backups"), lambda screen: screen.section().restored.here.click()), _restored),
    *ROWS,
    *WAYS,
)
