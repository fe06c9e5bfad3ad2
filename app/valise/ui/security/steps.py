"""First steps: what a new delegation does first so that nothing is lost and nobody else gets the key; how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_backups import BackupState
from valise.desk.door_laptops import RootView
from valise.desk.door_slots import SlotView
from valise.desk.views import Changes
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.labels import Words, divider, muted, named
from valise.ui.widgets.layouts import clear

_ = QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Step:
    """`name`, what it is called, why it is done, the words of its button, and the place in the screen where it is done."""

    name: str
    what: str
    why: str
    act: str
    place: str


STEPS = (
    Step("key", _("steps", "Move the key file to a stick"),
         _("steps", "It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop "
                    "takes both; only its passphrase is then in the way."),
         _("steps", "Move it…"), "laptops:key"),
    Step("vault", _("steps", "Make recovery shares of this vault"),
         _("steps", "Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. "
                    "Without them nobody can."),
         _("steps", "Make shares…"), "unlocking:shares"),
    Step("root", _("steps", "Make recovery shares of the delegation"),
         _("steps", "Words on paper that give the delegation's key back when the key file or its passphrase is lost. Without it no "
                    "laptop can be admitted or revoked."),
         _("steps", "Make shares…"), "laptops:shares"),
    Step("backup", _("steps", "Make a backup"),
         _("steps", "A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received."),
         _("steps", "Back up…"), "backups:now"),
)  # fmt: skip


def standing(root: RootView, slots: tuple[SlotView, ...], backups: BackupState, *, may: bool) -> dict[str, str]:
    """How far each step is: "open", "half" (done, and not yet tried) or "done". A step that is not for this laptop is not in it.

    `may`: this laptop may admit others. Shares cannot be made of the key of a delegation that is older than they are.
    """
    recovery = next((one for one in slots if one.kind == "recovery"), None)
    found = {
        "vault": "open" if recovery is None else "done" if recovery.rehearsed else "half",
        "backup": "open" if backups.last is None else "done",
    }
    if may:
        found["key"] = "open" if root.beside else "done"
        if root.splittable is not False:
            found["root"] = "open" if not root.total else "done" if root.rehearsed_at else "half"
    return {one.name: found[one.name] for one in STEPS if one.name in found}


class StepRow(QWidget):
    """One step: its sign, what and why, and the button that leads to where it is done."""

    def __init__(self, number: int, step: Step, go: partial[None], parent: QWidget) -> None:
        super().__init__(parent)
        self.step = step
        named(self, translate("steps", step.what))
        self.sign = QLabel(self)
        self.state = Words("", "small", self)
        self.act = button(translate("steps", step.act), go, parent=self)
        named(self.act, f"{translate('steps', step.what)}: {translate('steps', step.act)}")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Words(f"{number}.  {translate('steps', step.what)}", "strong", self))
        words.addWidget(muted(translate("steps", step.why), self))
        words.addWidget(self.state)
        line = row(self.sign, words, self.act, spacing=theme.SPACE.m)
        line.setStretch(1, 1)
        self.setLayout(line)

    def show_state(self, state: str) -> None:
        """How far it is, in words and a sign."""
        icon, token, role, words = {
            "open": ("warning", "warn", "warn", translate("steps", "Not done yet.")),
            "half": ("info", "info", "warn", translate("steps", "Made, and never rehearsed: only a rehearsal shows that the paper is right.")),
            "done": ("check-circle", "good", "good", translate("steps", "Done.")),
        }[state]
        icons.bind(self.sign, icon, token, 24)
        self.state.setRole(role)
        self.state.setText(words)
        self.act.setVisible(state != "done")
        if state == "half":
            self.act.setText(translate("steps", "Rehearse…"))
            named(self.act, f"{translate('steps', self.step.what)}: {self.act.text()}")
        self.setAccessibleDescription(words)


class StepsSection(Section):
    """The section "steps" of the security screen. Nothing here has to be done at once: "Later" leads to the overview."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.rows: dict[str, StepRow] = {}
        self._shown: dict[str, str] = {}
        self._wanted = False  # the keyboard was to begin here before it was known where
        self.line = muted("", self)
        self.box.addWidget(self.line)
        self.card = Card(self)
        self.box.addWidget(self.card)
        self.later = button(self.tr("Later"), lambda: self.go.emit("overview", ""), parent=self)
        self.box.addLayout(row(None, self.later))
        self.box.addStretch(1)

    def refresh(self, changes: Changes) -> None:
        if not (changes.status or changes.settings or changes.contacts):
            return
        door = self.door

        def look() -> dict[str, str]:
            may = "enrol" in door.me().rights
            return standing(door.laptops.root(), door.slots.all(), door.backups.state(), may=may)

        self.runner.run(look, self.show_standing, self.notice.emit, owner=self)

    def show_standing(self, found: dict[str, str]) -> None:
        """How far each step is."""
        if found == self._shown:
            return
        self._shown = found
        if self.rows.keys() != found.keys():
            self._make(found)
        for name, state in found.items():
            self.rows[name].show_state(state)
        done = all(state == "done" for state in found.values())
        self.line.setText(
            self.tr("All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.")
            if done
            else self.tr("In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.")
        )
        self.later.setVisible(not done)
        if self._wanted and self.isVisible():
            self.focus_first()

    def _make(self, found: dict[str, str]) -> None:
        clear(self.card.box)
        self.rows = {}
        for number, step in enumerate([one for one in STEPS if one.name in found], 1):
            if number > 1:
                self.card.box.addWidget(divider(self.card))
            self.rows[step.name] = StepRow(number, step, partial(self.go.emit, "security", step.place), self.card)
            self.card.box.addWidget(self.rows[step.name])
        order = [*(one.act for one in self.rows.values()), self.later]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def first(self) -> QWidget | None:
        """The button of the first step that is open."""
        return next((self.rows[name].act for name, state in self._shown.items() if state != "done"), None)

    def focus_first(self) -> None:
        first = self.first()
        self._wanted = first is None and not self._shown
        if first is not None:
            first.setFocus()
