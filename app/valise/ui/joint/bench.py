"""The workbench's side of joint statements: the page, when it is shown, and what its keys do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout

from valise.desk.views import Changes, JointRow
from valise.domain.errors import NotAllowed, ValiseError
from valise.ui.collating import placed
from valise.ui.joint import confirm, said
from valise.ui.joint.opening import Opening, room_names
from valise.ui.joint.page import JointPage, Read
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts import table
from valise.ui.widgets import files
from valise.ui.widgets.buttons import button
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.labels import named

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen

OFFERED = ("joint-sign", "joint-admit", "joint-newer", "joint-text", "joint-close", "joint-again", "joint-list",
           "joint-file", "joint-leave")  # fmt: skip


class JointBench(QObject):
    """Made with the workbench, its page when it is first wanted."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._page: JointPage | None = None
        self._asked = 0
        self._waiting: Callable[[Read], object] | None = None  # what is done with the answer under way
        self.picking: QFileDialog | None = None
        self.opening = Opening(self, screen)
        screen.revisions.sponsors.connect(self.opening.sponsors)

    def slots(self) -> dict[str, Callable[[], object]]:
        """One callable per name in the table of actions."""
        return {
            "joint": self.look, "sponsors": self.opening.sponsors, "joint-sign": self.sign, "joint-leave": self.leave_list,
            "joint-close": self.close, "joint-admit": self.admit, "joint-again": self.opening.again,
            "joint-list": self.copy_list, "joint-hash": self.copy_hash, "joint-file": self.save_words,
            "joint-text": self.go_to_text, "joint-newer": self.go_to_newer,
        }  # fmt: skip

    def build_doors(self) -> None:
        """The buttons that lead here: under the list of texts, and where there is no text yet."""
        screen = self._screen
        for place in (screen.side, screen.empty):
            box = place.layout()
            if not isinstance(box, QVBoxLayout):
                continue
            made = self._door_button()
            made.setParent(place)
            if place is screen.empty:
                box.insertWidget(box.count() - 1, made, 0, Qt.AlignmentFlag.AlignHCenter)
            else:
                made.setStyleSheet("QPushButton { padding-left: 6px; padding-right: 6px; }")  # the column is narrow
                box.addWidget(made)

    def _door_button(self) -> QPushButton:
        made = button(self.tr("Joint statements"), self.look, kind="quiet", icon="support")
        made.setToolTip(self.tr("Joint statements and lists of co-sponsors (Ctrl+J)"))
        return named(made, self.tr("Joint statements and lists of co-sponsors"))

    # the page

    @property
    def page(self) -> JointPage:
        """The page, made when it is first wanted."""
        if self._page is None:
            screen = self._screen
            page = JointPage(screen.people, [screen.acts[name] for name in OFFERED], self.opening.new, screen)
            page.back.connect(self.leave)
            page.looked.connect(screen.far.allow)
            page.admit.connect(self.admit)
            page.copy_hash.connect(self.copy_hash)
            screen.drafts.failed.connect(page.bar.show_error)
            screen.stack.addWidget(page)
            self._page = page
        return self._page

    def looking(self) -> bool:
        """Whether the page is in the place of the text."""
        return self._page is not None and self._screen.stack.currentWidget() is self._page

    def look(self, statement: str = "") -> None:
        """Show the page (Ctrl+J), with the keyboard in it."""
        if not self.looking():
            self.page.bar.close_notice()
        self.read(lambda made: self.show(made, statement))

    def open_ref(self, ref: str) -> None:
        """Show a statement, when it is one."""
        self.read(lambda made: self.show(made, ref) if any(one.id == ref for one in made.rows) else None)

    def show(self, made: Read, statement: str) -> None:
        """Show the page with what was read, `statement` chosen, and the keyboard in it."""
        screen = self._screen
        if not self.looking():
            screen.writing.stash()
            screen.list.close_editor()
            screen.stack.setCurrentWidget(self.page)
            screen.show_right()
        self.page.show_read(made, statement)
        self.page.first().setFocus()

    def forget(self) -> None:
        """Somebody went elsewhere meanwhile: an answer under way shows nothing any more."""
        self._asked += 1
        self._waiting = None

    def leave(self) -> None:
        """Back to the texts, where one was."""
        screen = self._screen
        if self.looking():
            screen.stack.setCurrentWidget(screen.columns if screen.side.model.rowCount() else screen.empty)
            screen.focus_first()
            screen.show_right()

    def refresh(self, changes: Changes) -> None:
        """Something changed: read again while one looks, or is about to."""
        if (self.looking() or self._waiting) and (changes.texts or changes.rooms or changes.contacts):
            self.read(self._waiting or self.page.show_read)

    def read(self, show: Callable[[Read], object]) -> None:
        """Read beside the window; only the newest answer is shown."""
        self._asked += 1
        self._waiting = show
        number, door, screen = self._asked, self._screen.door, self._screen
        known = {one.id for one in screen.side.model.entries}

        def ask() -> Read:
            rows = door.joint.all()
            symbols: dict[str, str] = {}
            for text in sorted({one.text for one in rows if one.text in known}):
                with suppress(ValiseError):  # taken out of the vault meanwhile
                    symbols |= {one.id: one.symbol or f"Rev.{one.number}" for one in door.texts.head(text).revisions}
            return Read(tuple(rows), room_names(door), symbols)

        def came(made: Read) -> None:
            if number == self._asked:
                self._waiting = None
                self.page.may_sign = self.may_sign()
                show(made)

        def failed(error: ValiseError) -> None:
            if number == self._asked:
                self._waiting = None
            self.failed(error)

        screen.runner.run(ask, came, failed, owner=screen)

    def failed(self, error: ValiseError) -> None:
        """Say an error where one looks."""
        (self.page.bar if self.looking() else self._screen.bar).show_error(error)

    # what can be done

    def may(self, right: str) -> bool:
        """Whether this laptop has a right."""
        return right in self._screen.door.me().rights

    def may_sign(self) -> bool:
        """Whether this laptop may sign on for its delegation."""
        return self.may("commit")

    def allow(self) -> None:
        """Which of the actions can be done now."""
        screen = self._screen
        one = self.page.row() if self.looking() else None
        may = dict.fromkeys(table.JOINT, False)
        if one is not None:
            commits, amends = self.may_sign(), self.may("amend")
            mine = amends and one.opener == screen.people.own
            may |= {
                "joint-sign": commits and said.signable(one),
                "joint-leave": commits and one.ours in ("signed", "admitted", "late"),
                "joint-close": mine and not one.closed,
                "joint-admit": mine and bool(said.late(one)),
                "joint-again": mine and said.joint(one) and not one.newer,
                "joint-list": bool(said.listed(one)), "joint-hash": True, "joint-file": one.sound,
                "joint-text": not said.joint(one) and screen.side.place(one.text) >= 0,
                "joint-newer": bool(one.newer),
            }  # fmt: skip
        for name, allowed in may.items():
            screen.acts[name].setEnabled(allowed)
        screen.acts["joint"].setEnabled(True)
        screen.acts["sponsors"].setEnabled(
            not screen.far.looking()
            and screen.head is not None
            and bool(confirm.usable(screen.head))
            and self.may("amend")
        )
        if self.looking():
            self.page.offer()

    def _run(self, call: Callable[[], Any], words: str, more: str = "") -> None:
        self._screen.runner.run(
            call, lambda _made: self.page.bar.say(words, more, tone="good"), self.failed, owner=self._screen
        )

    def here(self, name: str) -> JointRow | None:
        """The statement one looks at, where this action can be done."""
        return self.page.row() if self._screen.acts[name].isEnabled() else None

    def sign(self) -> None:
        """Sign on, once it was said what that means."""
        one = self.here("joint-sign")
        if one is None:
            return
        key, desk = one.id, self._screen.door.joint
        box = confirm.SignDialog(one, self.page.room(one), self._screen.people, self._screen)
        box.wanted.connect(lambda: self._run(
            lambda: desk.sign(key), self.tr("Our delegation has signed on."),
            self.tr("Everybody in the room is told with the next exchange (Ctrl+R exchanges at once)."),
        ))  # fmt: skip
        box.open()

    def leave_list(self) -> None:
        """Take our name back."""
        one = self.here("joint-leave")
        if one is None:
            return
        key, desk = one.id, self._screen.door.joint
        box = confirm.leave_dialog(one, self.page.room(one), self._screen)
        box.wanted.connect(lambda: self._run(lambda: desk.leave(key), self.tr("Our delegation's name is taken back.")))
        box.open()

    def close(self) -> None:
        """Close the list."""
        one = self.here("joint-close")
        if one is None:
            return
        key, desk = one.id, self._screen.door.joint
        box = confirm.close_dialog(one, self._screen)
        box.wanted.connect(lambda: self._run(
            lambda: desk.close(key), self.tr("The list is closed."), self.tr("Who signs on later waits for you to admit it.")
        ))  # fmt: skip
        box.open()

    def admit(self, delegation: str = "") -> None:
        """Put a late delegation on the list: the one chosen, else the first that waits."""
        one = self.here("joint-admit")
        if one is None:
            return
        at = self.page.pane.signers.current()
        wanted = delegation or (
            at.delegation if at is not None and at.state == "late" else said.late(one)[0].delegation
        )
        late = next((each for each in said.late(one) if each.delegation == wanted), None)
        if late is None:
            return
        key, desk = one.id, self._screen.door.joint
        name = isolate(said.who(self._screen.people, late)[0])
        box = confirm.admit_dialog(one, late, self._screen.people, self._screen)
        box.wanted.connect(lambda: self._run(
            lambda: desk.admit(key, wanted), self.tr("{0} stands on the list.").format(name)
        ))  # fmt: skip
        box.open()

    def new(self) -> bool:
        """Ctrl+N on the page; False elsewhere."""
        if self.looking():
            self.opening.new()
        return self.looking()

    # looking elsewhere, and taking along

    def go_to_text(self) -> None:
        """The text whose revision is co-sponsored."""
        one = self.here("joint-text")
        if one is not None:
            self._screen.open_ref(one.text)

    def go_to_newer(self) -> None:
        """The statement in the place of this one."""
        one = self.here("joint-newer")
        if one is not None:
            self.page.list.choose(one.newer)

    def copy_hash(self) -> None:
        """The whole hash to the clipboard."""
        one = self.here("joint-hash")
        if one is not None:
            clipboard().copy(one.hash)
            self.page.bar.say(self.tr("The whole hash is on the clipboard for ten seconds."), tone="info")

    def copy_list(self) -> None:
        """The names on the list, one a line, for the Secretariat's system."""
        one = self.here("joint-list")
        if one is None:
            return
        key, desk, count = one.id, self._screen.door.joint, said.count(one)

        def put(words: str) -> None:
            clipboard().copy("".join(sorted(words.splitlines(keepends=True), key=placed)))  # in the order one sees
            self.page.bar.say(
                self.tr("Copied, one name a line: {0}.").format(count),
                self.tr("The clipboard is emptied in ten seconds."),
                tone="info",
            )

        self._screen.runner.run(lambda: desk.listing(key), put, self.failed, owner=self._screen)

    def save_words(self) -> None:
        """Ask where the words go."""
        one = self.here("joint-file")
        if one is None:
            return
        name = "".join(c if c.isalnum() else "-" for c in shorten(clean(one.title, lines=False), 60)).strip("-")
        self.picking = files.pick_place(
            self._screen,
            self.tr("Save the words"),
            f"{name or 'statement'}.txt",
            lambda path: self.write_words(path, one),
        )

    def write_words(self, path: Path, one: JointRow) -> None:
        """Write the file whose sha256sum is the hash; nothing is written when it is not."""
        desk = self._screen.door.joint

        def write() -> None:
            data = desk.words(one.id).encode()
            if hashlib.sha256(data).hexdigest() != one.hash:
                raise NotAllowed("joint.unsound", "the words do not have the hash")
            files.write(path, data)

        self._run(
            write, self.tr("The words are saved. The sha256sum of the file is the hash: {0} …").format(one.hash[:16]),
            self.tr("It is a plain file: who has it reads the words."),
        )  # fmt: skip
