"""Deciding about a laptop before the root key is opened: admit, renew or change, revoke, hand over. `decided(act)`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_laptops import REASONS, Admit, AskedView, LaptopView, Reason, Renew, Revoke
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.security.laptops_terms import TermsForm
from valise.ui.security.laptops_words import reason, who
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.files import read
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.notice import NoticeBar


class Deciding(Asking):
    """A form; `decided(act)` with what the root key is to sign."""

    decided = Signal(object)

    def finish(self, words: str) -> None:
        """The buttons."""
        self.column.addStretch(1)
        self.go = button(words, self._go, kind="primary", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.end(self.cancel, self.go)

    def act(self) -> object:
        """What is decided."""
        raise NotImplementedError

    def _go(self) -> None:
        made = self.act()
        self.accept()
        self.decided.emit(made)


class RequestPart(QWidget):
    """The request of another laptop and the comparing of its check code. `changed`; `asked`, `data` when it was read."""

    changed = Signal()

    def __init__(self, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self.data = b""
        self.asked: AskedView | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.file = FileChoice(self.tr("Choose the request…"), self.tr("Open the request"), self)
        self.file.chosen.connect(self._read)
        box.addWidget(self.file)
        self.notice = NoticeBar(self)
        box.addWidget(self.notice)
        self.compare = QWidget(self)
        inner = QVBoxLayout(self.compare)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.SPACE.xs)
        inner.addWidget(
            Words(self.tr("Read this code aloud; the other laptop shows its own. They must be the same."), "muted", self)
        )
        self.code = SafeLabel("", "title", self)
        self.code.setFont(theme.font(mono=True))
        inner.addWidget(self.code)
        self.same = QCheckBox(self.tr("The codes are the same"), self)
        named(self.same, self.same.text())
        self.same.toggled.connect(self.changed)
        inner.addWidget(self.same)
        inner.addWidget(
            Words(self.tr("If they differ, do not go on: the request was exchanged on its way. Carry it yourself."), "small", self)
        )
        self.compare.hide()
        box.addWidget(self.compare)

        self.setFocusProxy(self.file)

    def set_request(self, path: Path) -> None:
        """The file the other laptop made."""
        self.file.set_path(path)

    def _read(self, path: Path) -> None:
        self.asked, self.data = None, b""
        self.same.setChecked(False)
        try:
            self.data = read(path)
            self.asked = self._door.laptops.asked(self.data)
        except ValiseError as error:
            self.notice.show_error(error)
        else:
            self.notice.close_notice()
            self.code.setText(self.asked.check_code)
        self.compare.setVisible(self.asked is not None)
        self.changed.emit()

    def ready(self) -> bool:
        """Somebody compared the codes."""
        return self.asked is not None and self.same.isChecked()


class AdmitDialog(Deciding):
    """Admit another laptop."""

    def __init__(self, door: Door, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin(self.tr("Admit another laptop"))
        self.say(self.tr("The other laptop makes a request: first start, “Join our delegation”."))
        self.request = RequestPart(door, self)
        self.request.changed.connect(self._changed)
        self.column.addWidget(self.request)
        self.form = TermsForm(self)
        self.form.changed.connect(self._changed)
        self.form.setEnabled(False)
        self.column.addWidget(self.form)
        self.finish(self.tr("Go on to the root key…"))
        self._filled = ""
        self._changed()

    def _changed(self) -> None:
        asked = self.request.asked
        if asked is not None and asked.device != self._filled:
            self._filled = asked.device
            self.form.fill(asked.officer, asked.role)
        self.form.setEnabled(asked is not None)
        self.go.setEnabled(self.request.ready() and self.form.ready())
        self.fit()

    def act(self) -> Admit:
        asked = self.request.asked
        assert asked is not None
        return Admit(self.request.data, self.form.terms(), asked.check_code)


class RenewDialog(Deciding):
    """Renew a laptop; `change` only words it as a change of officer or rights."""

    def __init__(self, one: LaptopView, parent: QWidget | None = None, *, change: bool = False) -> None:
        super().__init__(parent)
        self._one = one
        self.begin(self.tr("Change officer or rights") if change else self.tr("Renew the certificate"), who(one))
        self.form = TermsForm(self)
        self.form.of(one)
        self.form.changed.connect(self._changed)
        self.column.addWidget(self.form)
        self.say(
            self.tr(
                "Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before "
                "stands. A laptop you no longer trust is not changed but revoked."
            )
        )
        self.finish(self.tr("Go on to the root key…"))

    def _changed(self) -> None:
        self.go.setEnabled(self.form.ready())

    def act(self) -> Renew:
        return Renew(self._one.id, self.form.terms())


class RevokeDialog(Deciding):
    """Revoke a laptop. The harmless button has the keyboard."""

    def __init__(self, one: LaptopView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one = one
        self.begin(self.tr("Revoke a laptop"), self.tr("Revoke the laptop of {0}").format(who(one)))
        self.say(
            self.tr(
                "From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed "
                "before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew."
            ),
            "",
        )
        self.say(self.tr("Why? This stays on this laptop."), "strong")
        self.reasons: dict[Reason, QRadioButton] = {}
        group = QButtonGroup(self)
        for name in REASONS:
            made = QRadioButton(reason(name), self)
            named(made, made.text())
            group.addButton(made)
            self.reasons[name] = made
            self.column.addWidget(made)
        group.buttonClicked.connect(lambda _one: self.go.setEnabled(True))
        self.say(
            self.tr("What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.")
        )
        self.finish(self.tr("Go on to the root key…"))
        self.go.setEnabled(False)
        self.cancel.setFocus()

    def act(self) -> Revoke:
        return Revoke(self._one.id, next(name for name, made in self.reasons.items() if made.isChecked()))


class HandOverDialog(Deciding):
    """An officer leaves: the rights go to a successor's laptop, the old one is revoked, in one card. `decided((old, act))`."""

    def __init__(
        self, door: Door, leaving: Sequence[LaptopView], staying: Sequence[LaptopView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._leaving, self._staying = list(leaving), list(staying)
        self.begin(self.tr("Hand over an office"))
        self.say(
            self.tr(
                "The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red "
                "lines and the record stay with the delegation: the successor's laptop receives them."
            )
        )
        self.old = named(QComboBox(self), self.tr("Who leaves"))
        self.new = named(QComboBox(self), self.tr("Who follows"))
        for one in self._leaving:
            self.old.addItem(who(one))
        self.new.addItem(self.tr("A laptop that is still to be admitted"))
        for one in self._staying:
            self.new.addItem(who(one))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        for place, (words, box) in enumerate(((self.tr("Who leaves"), self.old), (self.tr("Who follows"), self.new))):
            grid.addWidget(Words(words, "strong", self), place, 0)
            grid.addWidget(box, place, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self.old.activated.connect(self._chosen)
        self.new.activated.connect(self._chosen)
        self.request = RequestPart(door, self)
        self.request.changed.connect(self._asked)
        self.column.addWidget(self.request)
        self.form = TermsForm(self)
        self.form.changed.connect(self._changed)
        self.column.addWidget(self.form)
        self.say(
            self.tr("The officer at this very laptop is handed over on the successor's, once it is admitted there."), "small"
        )
        self.finish(self.tr("Go on to the root key…"))
        self._chosen()

    def _follower(self) -> LaptopView | None:
        place = self.new.currentIndex() - 1
        return self._staying[place] if place >= 0 else None

    def _chosen(self) -> None:
        old, new = self._leaving[self.old.currentIndex()], self._follower()
        self.request.setVisible(new is None)
        officer = new.officer if new is not None else self.request.asked.officer if self.request.asked else ""
        self.form.fill(officer, old.role, old.rights, old.rooms)
        self._changed()

    def _asked(self) -> None:
        if self.request.asked is not None and not self.form.ready():
            self._chosen()
        self._changed()

    def _changed(self) -> None:
        old, new = self._leaving[self.old.currentIndex()], self._follower()
        able = self.request.ready() if new is None else new.id != old.id
        self.go.setEnabled(able and self.form.ready())
        self.fit()

    def act(self) -> tuple[str, Admit | Renew]:
        old, new, terms = self._leaving[self.old.currentIndex()].id, self._follower(), self.form.terms()
        if new is not None:
            return old, Renew(new.id, terms)
        asked = self.request.asked
        assert asked is not None
        return old, Admit(self.request.data, terms, asked.check_code)
