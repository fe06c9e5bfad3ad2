"""Opening a joint statement, other words in the place of one, and the list of co-sponsors of a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from valise.desk.door import Door
from valise.desk.views import JointRow
from valise.domain.errors import NotAllowed
from valise.domain.text.model import TextHead
from valise.ui.contacts.trust import Names
from valise.ui.joint import confirm
from valise.ui.joint.page import Read
from valise.ui.joint.writing import OpenStatement
from valise.ui.messages.rooms import room_name

if TYPE_CHECKING:
    from valise.ui.joint.bench import JointBench
    from valise.ui.texts.screen import TextsScreen


def room_names(door: Door) -> dict[str, str]:
    """Names of rooms by id."""
    names = Names(door)
    return {one.id: room_name(one, names) for one in door.rooms.all()}


class Opening(QObject):
    """Asks, opens, and leads to what was opened."""

    def __init__(self, bench: JointBench, screen: TextsScreen) -> None:
        super().__init__(bench)
        self._bench, self._screen = bench, screen

    def new(self) -> None:
        """Write a joint statement and open it."""
        self._write(None)

    def again(self) -> None:
        """Write other words in the place of these."""
        one = self._bench.here("joint-again")
        if one is not None:
            self._write(one)

    def _write(self, replaces: JointRow | None) -> None:
        bench, screen, desk = self._bench, self._screen, self._screen.door.joint
        if not bench.may("amend"):
            bench.failed(NotAllowed("rights.missing", "this laptop may not open a statement"))
            return
        names = room_names(screen.door)
        rooms = [one.id for one in screen.door.rooms.all() if one.kind != "internal" and not one.blocked]
        if replaces is not None:
            rooms = [replaces.room]
        if not rooms:
            bench.page.bar.say(
                self.tr("There is no room yet in which delegations could sign on."), "",
                self.tr("Make a room under Messages first (Ctrl+5)."),
            )  # fmt: skip
            return
        box = OpenStatement([(key, names.get(key, "")) for key in rooms], screen.drafts, replaces, screen)

        def opened(statement: str) -> None:
            box.opened()
            self._opened(statement, self.tr("The statement is open for sign-on."))

        def opening(room: str, body: dict[str, Any]) -> None:
            screen.runner.run(
                lambda: desk.open_statement(
                    room, body["title"], body["words"], language=body["language"], until=body["until"],
                    replaces=body["replaces"],
                ),
                opened, box.refused, owner=box,
            )  # fmt: skip

        box.wanted.connect(opening)
        box.open()

    def _opened(self, statement: str, words: str) -> None:
        bench = self._bench
        bench.look(statement)
        step = self.tr("Sign on…") if bench.may_sign() else ""
        bench.page.bar.say(
            words, self.tr("Everybody in the room is told with the next exchange. Your own delegation has not signed on yet."),
            tone="good", step=step, slot=bench.sign,
        )  # fmt: skip

    def sponsors(self, revision: str = "") -> None:
        """Open the list of co-sponsors of a revision (the newest); go to it where there is one."""
        head = self._screen.head
        if head is None or not self._screen.acts["sponsors"].isEnabled():
            return
        wanted = revision or next((one.id for one in confirm.usable(head)), "")

        def came(read: Read) -> None:
            there = next((one for one in read.rows if one.revision == wanted and not one.closed and one.sound), None)
            if there is None:
                self._ask(head, wanted)
                return
            self._bench.show(read, there.id)
            self._bench.page.bar.say(self.tr("A list of co-sponsors of this revision is open already."), tone="info")

        self._bench.read(came)

    def _ask(self, head: TextHead, revision: str) -> None:
        screen, desk = self._screen, self._screen.door.joint
        box = confirm.OpenSponsors(head, revision, room_names(screen.door).get(head.room, ""), screen)
        box.wanted.connect(lambda which, until: screen.runner.run(
            lambda: desk.open_sponsors(head.id, which, until),
            lambda made: self._opened(made, self.tr("The list of co-sponsors is open.")), self._bench.failed, owner=screen,
        ))  # fmt: skip
        box.open()
