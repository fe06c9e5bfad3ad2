"""The section on what opens the vault: passphrase, keyring of this computer, recovery shares."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from valise.desk.door import Door
from valise.desk.door_slots import SlotView
from valise.desk.views import Changes
from valise.domain.training import marking
from valise.ui.security.doing import ConfirmDialog
from valise.ui.security.section import Section
from valise.ui.security.share_dialogs import RehearseDialog, SharesDialog
from valise.ui.security.share_sheets import ShareSheets
from valise.ui.security.unlocking_dialogs import ChangeDialog
from valise.ui.tasks import Runner
from valise.ui.widgets import times
from valise.ui.widgets.buttons import Card, button
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, heading, muted


class UnlockingSection(Section):
    """Three cards that say how things stand and offer what can be done now."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.ways: dict[str, SlotView] = {}
        self._wanted = False  # somebody was led to the recovery shares
        self.dialog: QDialog | None = None
        self.box.addWidget(self._passphrase_card())
        self.box.addWidget(self._recovery_card())
        self.box.addWidget(self._keyring_card())
        self.box.addStretch(1)

    def _passphrase_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Passphrase"), card))
        self.passphrase = Words("", "", card)
        card.box.addWidget(self.passphrase)
        self.cost = Words("", "muted", card)
        card.box.addWidget(self.cost)
        self.change = button(self.tr("Change the passphrase…"), self.change_passphrase, icon="key", parent=card)
        card.box.addLayout(flowing(self.change))
        return card

    def _recovery_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Recovery shares"), card))
        card.box.addWidget(
            muted(
                self.tr(
                    "Words on paper, held by several people or in several places. Some of them together open this vault when "
                    "the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would "
                    "not meet by chance."
                ),
                card,
            )
        )
        self.recovery = Words("", "strong", card)
        card.box.addWidget(self.recovery)
        self.rehearsal = Words("", "muted", card)
        card.box.addWidget(self.rehearsal)
        self.make = button(self.tr("Make shares…"), self.make_shares, icon="print", parent=card)
        self.rehearse = button(self.tr("Rehearse…"), self.rehearse_now, icon="check-circle", parent=card)
        self.drop = button(self.tr("Let them open nothing…"), self.drop_shares, kind="quiet", parent=card)
        card.box.addLayout(flowing(self.make, self.rehearse, self.drop))
        return card

    def _keyring_card(self) -> Card:
        card = Card(self.widget())
        card.box.addWidget(heading(self.tr("Keyring of this computer"), card))
        self.keyring = Words("", "strong", card)
        card.box.addWidget(self.keyring)
        self.means = Words("", "muted", card)
        card.box.addWidget(self.means)
        self.use = button(self.tr("Open without typing…"), self.use_keyring, icon="unlock", parent=card)
        self.stop = button(self.tr("Stop using the keyring"), self.stop_keyring, icon="lock", parent=card)
        self.both = button(self.tr("Demand both…"), self.demand_both, icon="shield-check", parent=card)
        self.alone = button(
            self.tr("Let the passphrase open alone…"), self.passphrase_alone, icon="unlock", parent=card
        )
        card.box.addLayout(flowing(self.use, self.stop, self.both, self.alone))
        self.hint = Words("", "small", card)
        card.box.addWidget(self.hint)
        return card

    def refresh(self, changes: Changes) -> None:
        if changes.settings:
            self.runner.run(self.door.slots.all, self._show, self.notice.emit, owner=self)

    def open_ref(self, ref: str) -> None:
        """ "shares": the recovery shares, at the button for what is next."""
        if ref == "shares":
            self._wanted = True
            self._lead()

    def _lead(self) -> None:
        """Lead there as soon as it is known how things stand."""
        if self._wanted and self.ways:
            self._wanted = False
            slot = self.ways.get("recovery")
            self.show_at(self.rehearse if slot is not None and not slot.rehearsed else self.make)

    def focus_first(self) -> None:
        self.change.setFocus()

    def _show(self, rows: tuple[SlotView, ...]) -> None:
        self.ways = {one.kind: one for one in rows}
        self._show_passphrase()
        self._show_recovery()
        self._show_keyring()
        self._lead()

    def _show_passphrase(self) -> None:
        slot = self.ways.get("passphrase") or self.ways.get("passphrase+keyring")
        if slot is None:
            return
        since = self.tr("The same since {0}.").format(times.date(slot.made)) if slot.made else ""
        self.passphrase.setText(since)
        self.passphrase.setVisible(bool(since))
        self.cost.setText(
            self.tr("Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).").format(
                slot.ops, slot.mem
            )
        )

    def _show_recovery(self) -> None:
        slot = self.ways.get("recovery")
        if slot is None:
            self.recovery.setRole("warn")
            self.recovery.setText(self.tr("There are none. A forgotten passphrase would be the end of this vault."))
        else:
            self.recovery.setRole("strong")
            self.recovery.setText(
                self.tr("Any {0} of {1}, made on {2}.").format(slot.need, slot.total, times.date(slot.made))
            )
        self.rehearsal.setVisible(slot is not None)
        if slot is not None:
            self.rehearsal.setRole("good" if slot.rehearsed else "warn")
            self.rehearsal.setText(
                self.tr("Rehearsed on {0}.").format(times.date(slot.rehearsed))
                if slot.rehearsed
                else self.tr("Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.")
            )
        both = "passphrase+keyring" in self.ways
        self.make.setText(self.tr("Make shares…") if slot is None else self.tr("Make new shares…"))
        self.make.setAccessibleName(self.make.text())
        self.make.setVisible(not both)
        self.rehearse.setVisible(slot is not None)
        self.drop.setVisible(slot is not None and not both)

    def _show_keyring(self) -> None:
        on, both = "keyring" in self.ways, "passphrase+keyring" in self.ways
        recovery = self.ways.get("recovery")
        safe = recovery is not None and bool(recovery.rehearsed)
        if both:
            state = self.tr("Needed together with the passphrase.")
            means = self.tr(
                "A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring "
                "is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault."
            )
        elif on:
            state = self.tr("Opens the vault without typing.")
            means = self.tr(
                "Whoever sits at this computer while you are logged in opens the vault, and so can any program running under "
                "your account. The passphrase goes on opening it too."
            )
        else:
            state = self.tr("Not used.")
            means = self.tr(
                "The keyring is where this computer keeps what belongs to your account. It can open the vault in place of "
                "typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger."
            )
        self.keyring.setText(state)
        self.means.setText(means)
        self.use.setVisible(not on and not both)
        self.stop.setVisible(on)
        self.both.setVisible(not both)
        self.both.setEnabled(safe)
        self.alone.setVisible(both)
        wanting = not both and not safe
        self.hint.setText(
            self.tr("Both can be demanded once recovery shares are made and rehearsed.") if wanting else ""
        )
        self.hint.setVisible(wanting)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda _how: self._closed(dialog))
        dialog.open()

    def _closed(self, dialog: QDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def _confirm(self, name: str, sentence: str, do_it: str, act: Callable[[bytearray], object]) -> None:
        self._open(ConfirmDialog(self.runner, name, sentence, do_it, act, self.window()))

    def change_passphrase(self) -> None:
        """Ask for the old and a new one."""
        self._open(ChangeDialog(self.door, self.runner, self.window()))

    def make_shares(self) -> None:
        """How many, then the sheets, then a rehearsal at once."""
        asking = SharesDialog(self.door, self.runner, "recovery" in self.ways, self.window())
        asking.made.connect(self._hand_out)
        self._open(asking)

    def _hand_out(self, shares: tuple[str, ...], need: int) -> None:
        me = self.door.me()
        purpose = self.tr("share of a vault of {0}, made on {1}").format(me.code, times.date(self._made()))
        sheets = ShareSheets(shares, need, marking(self.door.training.on(), purpose), self.window())
        sheets.done.connect(self.rehearse_now)
        self._open(sheets)

    def _made(self) -> int:
        found = [one.made for one in self.door.slots.all() if one.kind == "recovery"]
        return found[0] if found else 0

    def rehearse_now(self) -> None:
        """Try what is on paper."""
        sentence = self.tr("Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.")
        right = self.tr("These sheets open your vault.")
        self._open(RehearseDialog(self.runner, sentence, self.door.slots.rehearse, right, self.window()))

    def drop_shares(self) -> None:
        """Ask once: nothing on paper opens the vault afterwards."""
        self._confirm(
            self.tr("Let the shares open nothing"),
            self.tr("The sheets open this vault no longer. Only the passphrase does, until new shares are made."),
            self.tr("Let them open nothing"),
            self.door.slots.drop_shares,
        )

    def use_keyring(self) -> None:
        """The keyring opens from now on, beside the passphrase."""
        self._confirm(
            self.tr("Open without typing"),
            self.tr(
                "A key for this vault is put into the keyring of this computer. It is as safe as your account is while you "
                "are logged in. The system may ask for the keyring's own password."
            ),
            self.tr("Use the keyring"),
            self.door.slots.keyring_on,
        )

    def stop_keyring(self) -> None:
        """Only typing opens again."""
        self.runner.run(self.door.slots.keyring_off, None, self.notice.emit, owner=self)

    def demand_both(self) -> None:
        """Passphrase and keyring together."""
        self._confirm(
            self.tr("Demand passphrase and keyring"),
            self.tr(
                "The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be "
                "lost, the recovery shares are the one way in: keep them where you can reach them."
            ),
            self.tr("Demand both"),
            self.door.slots.second_on,
        )

    def passphrase_alone(self) -> None:
        """No keyring is needed any more."""
        self._confirm(
            self.tr("Let the passphrase open alone"),
            self.tr("The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase."),
            self.tr("Let it open alone"),
            self.door.slots.second_off,
        )
