"""Our laptops: who holds them and how long; admit, renew, change, revoke, hand over; the delegation's root key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_laptops import Act, Admit, HandoverView, LaptopView, Performed, Renew
from valise.desk.views import Changes
from valise.domain.errors import ValiseError
from valise.domain.training import marking
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.security import laptops_acts as acts
from valise.ui.security import laptops_words as said
from valise.ui.security.key_file import NewKeyFileDialog
from valise.ui.security.laptops_ceremony import CeremonyDialog
from valise.ui.security.laptops_root import RootCard
from valise.ui.security.section import Section
from valise.ui.security.share_dialogs import HowMany, RehearseDialog
from valise.ui.security.share_sheets import ShareSheets
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.files import pick_file, pick_place, read, write
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import ElidedLabel, Words, divider, heading, muted, named
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.times import date


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """What a ceremony made and nobody has saved yet, with what is said before and after."""

    data: bytes
    title: str
    name: str
    waits: tuple[str, str]
    done: tuple[str, str, str]


class LaptopRow(QWidget):
    """One laptop with what can be done about it."""

    def __init__(self, one: LaptopView, now: int, act: Callable[[str, LaptopView], None], may: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = one
        named(self, said.who(one))
        sign = QLabel(self)
        icons.bind(sign, "laptop", "muted" if one.revoked_at else "accent", 24)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.who = ElidedLabel(f"{one.officer} · {one.role}" if one.role else one.officer, self, bold=True)
        self.this = Words(self.tr("this laptop"), "good", self)
        self.this.setVisible(one.this)
        first = row(self.who, self.this)
        first.setStretch(0, 1)
        words.addLayout(first)
        self.rights = Words(self.tr("May {0}").format(said.rights(one.rights)), "muted", self)
        words.addWidget(self.rights)
        text, role = said.state(one, now)
        self.state = Words(text, role, self)
        words.addWidget(self.state)
        if one.rooms:
            words.addWidget(Words(said.scope(one.rooms), "muted", self))
        if one.shared and not one.this:
            held = translate("laptops", "It holds the record of {0} of %n rooms.", None, one.shared).format(one.reached)
            words.addWidget(Words(held, "small", self))
        self.buttons = {}
        if may and not one.revoked_at:
            for name, label in (
                ("renew", self.tr("Renew…")), ("change", self.tr("Change…")), ("revoke", self.tr("Revoke…")),
            ):  # fmt: skip
                if name != "revoke" or not one.this:
                    made = button(label, partial(act, name, one), kind="quiet", parent=self)
                    named(made, f"{label} {said.who(one)}")
                    self.buttons[name] = made
            words.addLayout(flowing(*self.buttons.values()))
        line = row(sign, words, spacing=theme.SPACE.m)
        line.setStretch(1, 1)
        self.setLayout(line)


class LaptopsSection(Section):
    """The section "laptops" of the security screen."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self._rows: list[LaptopRow] = []
        self._unsaved: _Unsaved | None = None
        self.dialog: QWidget | None = None
        self.bar = NoticeBar(self)
        self.box.addWidget(self.bar)
        self.list = Card(self)
        self.box.addWidget(self.list)
        self.admit = button(self.tr("Admit…"), self.begin_admitting, kind="primary", icon="plus", parent=self)
        self.hand_over = button(self.tr("Hand over an office…"), self.begin_handing_over, icon="user", parent=self)
        self.card = button(self.tr("Read a newer identity card of ours…"), self._pick_card, kind="quiet", icon="card", parent=self)
        self.box.addLayout(flowing(self.admit, self.hand_over, self.card))
        self.root = RootCard(door, runner, self)
        self.root.make.connect(self.begin_shares)
        self.root.rehearse.connect(self.begin_rehearsal)
        self.root.renew.connect(self.begin_new_key_file)
        self.box.addWidget(self.root)
        self.past = Card(self)
        self.box.addWidget(self.past)
        self.box.addStretch(1)
        self.setFocusProxy(self.admit)

    def refresh(self, changes: Changes) -> None:
        if not (changes.contacts or changes.rooms or changes.status or changes.settings):
            return
        now, me = int(time.time() * 1000), self.door.me()
        laptops = self.door.laptops.all()
        this = next((one for one in laptops if one.this), None)
        revoked = this is not None and this.state == "revoked"
        may = "enrol" in me.rights and not revoked
        if [row_.view for row_ in self._rows] != laptops or not self._rows:
            clear(self.list.box)
            self._rows = []
            for place, one in enumerate(laptops):
                if place:
                    self.list.box.addWidget(divider(self.list))
                made = LaptopRow(one, now, self._act, may, self.list)
                self._rows.append(made)
                self.list.box.addWidget(made)
        if revoked:
            self.bar.say(
                self.tr("This laptop was revoked by your delegation."),
                self.tr("It sends nothing any more and gets nothing. What it holds stays readable here."),
                self.tr("Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop."), "bad",
            )  # fmt: skip
        self.admit.setVisible(may)
        self.hand_over.setVisible(may and len(self._leaving(laptops)) > 0)
        self.root.show_root(self.door.laptops.root(), may)
        self._show_past(self.door.laptops.handovers())

    def open_ref(self, ref: str) -> None:
        """ "key" or "shares": the root key's card, at the button for it."""
        one = {"key": self.root.copy, "shares": self.root.make_shares if self.root.try_shares.isHidden() else self.root.try_shares}.get(ref)
        if one is not None:
            self.show_at(one)

    def focus_first(self) -> None:
        (self.admit if self.admit.isVisible() else self.card).setFocus()

    def _leaving(self, laptops: list[LaptopView]) -> list[LaptopView]:
        return [one for one in laptops if not one.this and not one.revoked_at]

    def _show_past(self, found: list[HandoverView]) -> None:
        clear(self.past.box)
        self.past.setVisible(bool(found))
        if found:
            self.past.box.addWidget(heading(self.tr("Offices handed over"), self.past))
        for one in found:
            names = self.tr("{0} to {1}, {2}").format(isolate(one.old), isolate(one.new), isolate(date(one.at)))
            self.past.box.addWidget(Words(names, "strong", self.past))
            passed = self.tr("Passed: {0}.").format(said.rights(one.rights))
            self.past.box.addWidget(Words(passed, "", self.past))
            notes = translate("laptops", "%n notes and red lines", None, one.notes)
            stayed = translate(
                "laptops",
                "Stayed with the delegation: the record of %n rooms, of which the successor's laptop holds {0}; {1}. "
                "Conversations before it was admitted, and the library of this laptop, do not pass by themselves.",
                None,
                one.rooms,
            ).format(one.reached, notes)
            self.past.box.addWidget(muted(stayed, self.past))

    # -- beginning something

    def _act(self, what: str, one: LaptopView) -> None:
        if what == "revoke":
            box: acts.Deciding = acts.RevokeDialog(one, self)
        else:
            box = acts.RenewDialog(one, self, change=what == "change")
        box.decided.connect(lambda act: self.begin_ceremony([act]))
        self._open(box)

    def begin_admitting(self) -> None:
        """Another laptop wants to join."""
        box = acts.AdmitDialog(self.door, self)
        box.decided.connect(lambda act: self.begin_ceremony([act]))
        self._open(box)

    def begin_handing_over(self) -> None:
        """An officer leaves."""
        laptops = self.door.laptops.all()
        staying = [one for one in laptops if not one.revoked_at]
        box = acts.HandOverDialog(self.door, self._leaving(laptops), staying, self)
        box.decided.connect(self._hand_over)
        self._open(box)

    def _hand_over(self, decided: tuple[str, Admit | Renew]) -> None:
        old, to = decided
        laptops = {one.id: one for one in self.door.laptops.all()}
        lines = [said.act(to, laptops), self.tr("Revoke the laptop of {0}: from now on it gets nothing.").format(said.who(laptops[old]))]
        desk = self.door.laptops
        self._ceremony(lines, lambda: desk.hand_over(old, to), self._performed)

    def begin_ceremony(self, wanted: list[Act]) -> None:
        """Open the root key for these acts."""
        laptops = {one.id: one for one in self.door.laptops.all()}
        desk = self.door.laptops
        self._ceremony([said.act(one, laptops) for one in wanted], lambda: desk.perform(wanted), self._performed)

    def begin_shares(self) -> None:
        """Make recovery shares."""
        box = HowMany(self)
        box.decided.connect(self._shares)
        self._open(box)

    def _shares(self, need: int, total: int) -> None:
        desk = self.door.laptops
        line = translate("laptops", "Make %n recovery shares, of which any {0} give the root key back.", None, total).format(need)

        def act() -> tuple[str, ...]:
            try:
                return desk.make_shares(need, total)
            finally:
                desk.close()

        self._ceremony([line], act, lambda made: self._hand_out(made, need), self.tr("Make them and close the root key"))

    def _hand_out(self, made: tuple[str, ...], need: int) -> None:
        me, now = self.door.me(), self.door.laptops.root().made_at
        purpose = self.tr("share of the root key of {0}, made on {1}").format(me.code, date(now))
        sheets = ShareSheets(made, need, marking(self.door.training.on(), purpose), self)
        sheets.done.connect(self.begin_rehearsal)
        self._open(sheets)

    def begin_rehearsal(self) -> None:
        """Try recovery shares."""
        sentence = self.tr("Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.")
        right = self.tr("These sheets give the root key of your delegation.")
        self._open(RehearseDialog(self.runner, sentence, self.door.laptops.rehearse, right, self))

    def begin_new_key_file(self) -> None:
        """Another passphrase for the key file."""
        box = NewKeyFileDialog(self.door.me(), self.door.laptops.root().beside, self)
        box.decided.connect(self._new_key_file)
        self._open(box)

    def _new_key_file(self, given: bytearray) -> None:
        desk = self.door.laptops
        line = self.tr("Write the key file anew, under the new passphrase.")

        def act() -> bytes:
            try:
                return desk.new_key_file(given)
            finally:
                desk.close()

        self._ceremony([line], act, self._new_file, self.tr("Make it and close the root key"))
        self.dialog.finished.connect(lambda _how: _wipe(given))

    def _new_file(self, made: bytes) -> None:
        self._save_as(_Unsaved(
            made, self.tr("Save the new key file"), "delegation.key",
            (self.tr("The new key file is not saved yet."), self.tr("Until it is, only the old one opens the root key.")),
            (
                self.tr("The new key file is saved as {0}. It opens with the new passphrase."),
                self.tr("Every key file made before still opens with its old passphrase."),
                self.tr("Take the stick out and lock it away; then destroy the old key files."),
            ),
        ))  # fmt: skip

    def _ceremony(
        self, lines: list[str], act: Callable[[], Any], done: Callable[[Any], object], does: str = ""
    ) -> None:
        box = CeremonyDialog(self.door, self.runner, lines, act, self, does=does)
        results: list[Any] = []
        box.signed.connect(results.append)
        # first the stick comes out, then the answer is saved or the sheets are shown
        box.finished.connect(lambda _how: done(results[0]) if results else None)
        self._open(box)

    def _open(self, box: Any) -> None:
        self.dialog = box
        box.open()

    # -- what came of it

    def _performed(self, made: Performed) -> None:
        if made.answers:
            self._save_as(_Unsaved(
                made.answers[0], self.tr("Save the answer"), "valise-answer",
                (self.tr("The answer is not saved yet."), self.tr("Without it the other laptop cannot begin.")),
                (
                    self.tr("The other laptop is admitted. Carry {0} back to it."),
                    self.tr("Your counterparts will see it as a new laptop of yours."),
                    self.tr("Put the key file back where it is locked away."),
                ),
            ))  # fmt: skip
            return
        self.bar.say(
            self.tr("Signed: identity card number {0} of your delegation.").format(made.card),
            self.tr("Your counterparts see the change with the next exchange."),
            self.tr("A laptop without an exchange reads it from the identity card, saved under Contacts."), "good",
        )  # fmt: skip

    def _save_as(self, made: _Unsaved) -> None:
        """What a ceremony made is there only once: it waits until somebody has saved it."""
        self._unsaved = made
        self.bar.say(*made.waits, tone="warn", step=self.tr("Save it…"), slot=self._pick_place)
        self._pick_place()

    def _pick_place(self) -> None:
        if self._unsaved is not None:
            pick_place(self, self._unsaved.title, self._unsaved.name, self.save)

    def save(self, path: Path) -> None:
        """Write what a ceremony made."""
        made = self._unsaved
        if made is None:
            return
        try:
            write(path, made.data)
        except ValiseError as error:
            self.bar.show_error(error, self.tr("Save it elsewhere…"), self._pick_place)
            return
        self._unsaved = None
        happened, means, todo = made.done
        self.bar.say(happened.format(isolate(path.name)), means, todo, "good")

    def _pick_card(self) -> None:
        pick_file(self, self.tr("Open the identity card of your delegation"), "", self.read_card)

    def read_card(self, path: Path) -> None:
        """A card another laptop of ours saved."""
        desk = self.door.laptops
        self.runner.run(
            lambda: desk.take_card(read(path)),
            lambda _none: self.bar.say(self.tr("The identity card was read."), tone="good"),
            self.bar.show_error, owner=self,
        )  # fmt: skip


def _wipe(given: bytearray) -> None:
    given[:] = bytes(len(given))
