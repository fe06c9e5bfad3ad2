"""Hygiene: how well this laptop is kept, point by point; what does not pass has one button that leads to its mend."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_hygiene import Checked
from valise.desk.views import Changes
from valise.ui import icons, theme
from valise.ui.language import translate
from valise.ui.security.section import Section
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import Words, divider, muted, named
from valise.ui.widgets.layouts import clear
from valise.ui.widgets.times import date

_ = QT_TRANSLATE_NOOP
# what it is called, and the words of the button that leads to its mend
_NAMES: dict[str, tuple[str, str]] = {
    "lock": (_("hygiene", "Locking by itself"), _("hygiene", "Shorten it…")),
    "passphrase": (_("hygiene", "Passphrase"), _("hygiene", "Change it…")),
    "recovery": (_("hygiene", "Recovery shares"), _("hygiene", "To the shares…")),
    "backup": (_("hygiene", "Backup"), _("hygiene", "Back up…")),
    "contacts": (_("hygiene", "Contacts compared"), _("hygiene", "Compare…")),
    "scrub": (_("hygiene", "Check of this vault"), _("hygiene", "Check now…")),
    "version": (_("hygiene", "Software"), _("hygiene", "About Valise…")),
    "relay": (_("hygiene", "Permission to use the relay"), _("hygiene", "Ways of exchange…")),
    "laptops": (_("hygiene", "A second laptop"), _("hygiene", "Our laptops…")),
    "key": (_("hygiene", "Key file of the delegation"), _("hygiene", "Move it…")),
}
# (point, doubt) -> what is so. {n} is its number, {when} its date, {text} its text.
_SAID: dict[tuple[str, str], str | Callable[[int], str]] = {
    ("lock", ""): lambda n: translate("hygiene", "The vault locks after %n minutes without a key or the mouse.", None, n),
    ("lock", "late"): lambda n: translate(
        "hygiene", "The vault stays open for %n minutes when nobody is there; ten are enough.", None, n
    ),
    ("passphrase", ""): _("hygiene", "Protected as it should be; in use since {when}."),
    ("passphrase", "weak"): _("hygiene", "It is protected less than it should be: change it once, and it is sealed anew."),
    ("passphrase", "old"): _("hygiene", "In use since {when}, for more than two years."),
    ("recovery", ""): _("hygiene", "Made, and last rehearsed {when}."),
    ("recovery", "never"): _("hygiene", "There are none: when the passphrase is forgotten, nobody can open this vault."),
    ("recovery", "untried"): _("hygiene", "Made, and never rehearsed: only a rehearsal shows that the paper is right."),
    ("recovery", "late"): _("hygiene", "Last rehearsed {when}, more than a year ago."),
    ("backup", ""): _("hygiene", "The last one is of {when}."),
    ("backup", "never"): _("hygiene", "None was made: what is only here goes with this laptop."),
    ("backup", "late"): _("hygiene", "The last one is of {when}, and there is news since."),
    ("contacts", ""): _("hygiene", "Every delegation you exchange with was compared or is vouched for."),
    ("contacts", "some"): _("hygiene", "Delegations nobody has compared yet: {n}."),
    ("scrub", ""): _("hygiene", "Everything verified {when}."),
    ("scrub", "never"): _("hygiene", "Not checked yet."),
    ("scrub", "late"): _("hygiene", "Last checked {when}, more than a week ago."),
    ("scrub", "wrong"): _("hygiene", "The check found something wrong."),
    ("version", ""): _("hygiene", "Version {text} of {when}."),
    ("version", "old"): _("hygiene", "Version {text} of {when} is more than half a year old: ask who installs it for a newer one."),
    ("relay", ""): _("hygiene", "It holds until {when}."),
    ("relay", "ending"): _("hygiene", "It ends on {when}: ask its operator for a new file."),
    ("relay", "ended"): _("hygiene", "It ended on {when}: ask its operator for a new file."),
    ("laptops", ""): _("hygiene", "Laptops of your delegation in use: {n}."),
    ("laptops", "one"): _("hygiene", "This is the only one: if it is lost, the delegation cannot write until another is admitted."),
    ("key", ""): _("hygiene", "It does not lie beside the vault."),
    ("key", "beside"): _("hygiene", "It still lies beside the vault: whoever takes this laptop takes both."),
}


def said(one: Checked) -> str:
    """What is so, as a sentence. A doubt this version has no words for still says that it does not pass."""
    known = _SAID.get((one.point, one.doubt))
    if known is None:
        return translate("hygiene", "This does not pass.")
    if not isinstance(known, str):
        return known(one.number)
    return translate("hygiene", known).format(n=one.number, when=isolate(date(one.at)), text=isolate(one.text))


class PointRow(QWidget):
    """One point: sign, name and verdict, what is so, and the way to its mend."""

    def __init__(self, one: Checked, go: partial[None], parent: QWidget) -> None:
        super().__init__(parent)
        name, act = (translate("hygiene", words) for words in _NAMES[one.point])
        sign = QLabel(self)
        icons.bind(sign, "check-circle" if one.passes else "warning", "good" if one.passes else "warn", 24)
        self.verdict = Words(
            translate("hygiene", "Passes") if one.passes else translate("hygiene", "Does not pass"),
            "good" if one.passes else "warn",
            self,
        )
        self.line = muted(said(one), self)
        self.act = button(act, go, parent=self)
        named(self.act, f"{name}: {act}")
        self.act.setVisible(not one.passes)
        words = QVBoxLayout()
        words.setSpacing(2)
        called = Words(name, "strong", self)
        for one_line in (called, self.verdict):
            one_line.setWordWrap(False)
        words.addLayout(flowing(called, self.verdict))
        words.addWidget(self.line)
        line = row(sign, words, self.act, spacing=theme.SPACE.m)
        line.setStretch(1, 1)
        self.setLayout(line)
        named(self, f"{name}: {self.verdict.plain()}", self.line.plain())


class HygieneSection(Section):
    """The section "hygiene" of the security screen."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(door, runner, parent)
        self.rows: dict[str, PointRow] = {}
        self.points: tuple[Checked, ...] = ()
        self._wanted = False
        self.line = Words("", "", self)
        self.box.addWidget(self.line)
        self.card = Card(self)
        self.box.addWidget(self.card)
        self.again = button(self.tr("Look again"), self.look, icon="refresh", parent=self)
        self.box.addLayout(row(self.again, None))
        self.box.addStretch(1)

    def refresh(self, changes: Changes) -> None:
        if changes.status or changes.settings or changes.contacts:
            self.look()

    def look(self) -> None:
        """Ask how everything stands."""
        self.runner.run(self.door.hygiene.state, self.show_points, self.notice.emit, owner=self)

    def show_points(self, points: tuple[Checked, ...]) -> None:
        """Show it, if it is news."""
        if points != self.points:
            self.points = points
            held = next((name for name, one in self.rows.items() if one.act.hasFocus()), "")
            self._make()
            if held in self.rows and self.rows[held].act.isVisibleTo(self):
                self.rows[held].act.setFocus()
            elif held:
                self.again.setFocus()
        if self._wanted and self.isVisible():
            self.focus_first()

    def _make(self) -> None:
        clear(self.card.box)
        self.rows = {}
        for one in sorted(self.points, key=lambda point: point.passes):
            if self.rows:
                self.card.box.addWidget(divider(self.card))
            made = PointRow(one, partial(self.go.emit, one.screen, one.ref), self.card)
            key = one.point if one.point not in self.rows else f"{one.point} {len(self.rows)}"
            self.rows[key] = made
            self.card.box.addWidget(made)
        open_ = sum(not one.passes for one in self.points)
        if not open_:
            self.line.setText(self.tr("Everything passes: {0} of {0}.").format(len(self.points)))
        else:
            self.line.setText(translate(
                "hygiene", "{0} of %n pass. Each of the others has a button that leads to where it is put right.", None, len(self.points)
            ).format(len(self.points) - open_))  # fmt: skip

    def focus_first(self) -> None:
        first = next((one.act for one in self.rows.values() if one.act.isVisibleTo(self)), None)
        self._wanted = not self.rows
        (first or self.again).setFocus()
