"""What the page of comparing does: asks the desk, shows what came of it. The screen is told by signals."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog

from valise.desk.door import Door
from valise.desk.trust_views import Judged, Live
from valise.desk.views import ContactView
from valise.domain.errors import ValiseError
from valise.ui.contacts import said
from valise.ui.contacts.code import KINDS, read_picture
from valise.ui.contacts.verify import Verify
from valise.ui.language import translate
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.files import pick_file


class Comparing(QObject):
    """`verified(contact, delegation id)`, `stopped(contact)`, `judged(contact, Judged)`, `failed(error)`, `left`."""

    verified = Signal(object, str)
    stopped = Signal(object)
    judged = Signal(object, object)
    failed = Signal(object)
    left = Signal()

    def __init__(self, door: Door, runner: Runner, page: Verify) -> None:
        super().__init__(page)
        self.door, self.runner, self.page = door, runner, page
        self.contact: ContactView | None = None
        page.eye.matched.connect(self.matched)
        page.eye.differed.connect(self.differed)
        page.live.compare_asked.connect(self.compare)
        page.live.same.connect(lambda: self._answer(True))
        page.live.different.connect(lambda: self._answer(False))
        page.live.cancelled.connect(self.put_off)
        page.live.beat.connect(self._beat)
        page.code.picture_asked.connect(self.choose_picture)

    def start(self, contact: ContactView, way: str = "") -> bool:
        """Show everything about one delegation, beginning with a way that is possible. False when it cannot be shown."""
        try:
            number = self.door.contacts.safety(contact.id)
            code = self.door.contacts.own_qr()
            live = self._live(contact)
            status = self.door.exchange.status()
        except ValiseError as error:
            self.failed.emit(error)
            return False
        self.contact = contact
        possible = not live.hindered and bool(status.carrier) and status.reachable
        practice = self.door.training.on()  # no partner there presses anything at the same time
        chosen = way or ("words" if (possible and not practice) or live.stage != "none" else "eye")
        self.page.show_contact(contact, number, code, live, chosen)
        return True

    def refresh(self, contact: ContactView) -> None:
        """Something about this delegation changed while it is being compared."""
        self.contact = contact
        live = self._live(contact)
        before = self.page.live.stage
        self.page.live.show_live(isolate(contact.code), live)
        if live.stage == "ready" and before != "ready" and self.page.way != "words":
            self.page.choose("words")

    def _live(self, contact: ContactView) -> Live:
        return self.door.trust.live(contact.id)

    # words now

    def compare(self) -> None:
        """Ask, or answer who asks; and exchange at once."""
        if (contact := self.contact) is not None:
            door, which = self.door, contact.id

            def work() -> Live:
                door.trust.compare(which)
                door.exchange.now()
                return door.trust.live(which)

            self.page.live.begin.setEnabled(False)
            self.runner.run(work, lambda live: self._moved(which, live), self._refused, owner=self)

    def _moved(self, which: str, live: Live) -> None:
        if self.contact is not None and self.contact.id == which:
            self.page.live.show_live(isolate(self.contact.code), live)

    def _refused(self, error: ValiseError) -> None:
        if self.contact is not None:
            self.refresh(self.contact)
        self.failed.emit(error)

    def _beat(self) -> None:
        """Both wait in front of their screens: exchange sooner than usual."""
        if self.runner.idle and (contact := self.contact) is not None:
            door, which = self.door, contact.id

            def work() -> Live:
                door.exchange.now()
                return door.trust.live(which)

            self.runner.run(work, lambda live: self._moved(which, live), owner=self)

    def _answer(self, same: bool) -> None:
        if (contact := self.contact) is not None:
            trust, which = self.door.trust, contact.id
            call = (lambda: trust.same(which)) if same else (lambda: trust.different(which))
            done = (lambda _: self.verified.emit(contact, which)) if same else (lambda _: self.stopped.emit(contact))
            self.runner.run(call, done, self._refused, owner=self)

    def put_off(self) -> None:
        """Not now: the other side is told."""
        if (contact := self.contact) is not None:
            trust, which = self.door.trust, contact.id
            self.runner.run(lambda: trust.cancel(which), lambda _done: self.left.emit(), self._refused, owner=self)

    # by eye

    def matched(self) -> None:
        """The number is the same."""
        if (contact := self.contact) is not None:
            contacts, which = self.door.contacts, contact.id
            changed = said.reason(contact) == "changed"

            def work() -> str:
                found = which
                if changed:  # the number compared is that of the new identity
                    contacts.decide(which, True)
                    found = self._now(contact)
                contacts.verified(found, "eye")
                return found

            self.runner.run(work, lambda found: self.verified.emit(contact, found), self.failed.emit, owner=self)

    def differed(self) -> None:
        """It is not."""
        if (contact := self.contact) is not None:
            contacts, which = self.door.contacts, contact.id
            self.runner.run(
                lambda: contacts.differs(which), lambda _: self.stopped.emit(contact), self.failed.emit, owner=self
            )

    # by code

    def choose_picture(self) -> QDialog:
        """Ask for the picture of their code."""
        kinds = translate("contacts", "Pictures ({endings})").format(endings=KINDS)
        dialog: QFileDialog = pick_file(self.page, translate("contacts", "The picture of their code"), kinds, self.read_picture)
        return dialog

    def read_picture(self, path: Path) -> None:
        """Read it and say what it is."""
        if (contact := self.contact) is not None:
            trust, which = self.door.trust, contact.id
            self.page.code.progress.wait()

            def done(found: Judged) -> None:
                self.page.code.progress.rest()
                self.judged.emit(contact, found)

            def failed(error: ValiseError) -> None:
                self.page.code.progress.rest()
                self.failed.emit(error)

            self.runner.run(lambda: trust.read_code(which, read_picture(path)), done, failed, owner=self)

    def _now(self, contact: ContactView) -> str:
        """The identity that now stands under the code of a contact."""
        return next((one.id for one in self.door.contacts.all() if one.code == contact.code), contact.id)
