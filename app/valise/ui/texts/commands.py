"""What the keys of the workbench do: each is one call of the door on the writer thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from valise.domain.errors import ValiseError
from valise.domain.text.model import ParagraphView, Proposal
from valise.ui.text_safe import isolate
from valise.ui.texts import terms
from valise.ui.texts.editor import Mode
from valise.ui.texts.outline import GoTo
from valise.ui.texts.pen import PassPenDialog, RevisionDialog
from valise.ui.texts.typing_guard import TypingGuard
from valise.ui.widgets.clipboard import clipboard

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen

VALUES = {"support": "support", "along": "can go along", "reserve": "reserve", "scrutiny": "scrutiny reservation",
          "oppose": "oppose", "none": "none"}  # fmt: skip


class Commands(QObject):
    """Acts on the text, paragraph and amendment that the screen shows now."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.guard = TypingGuard()

    def slots(self) -> dict[str, Callable[[], object]]:
        """One callable per name in the table of actions."""
        made: dict[str, Callable[[], object]] = {
            name: (lambda value=value: self.position(value)) for name, value in VALUES.items()
        }
        made |= {
            "edit": lambda: self._write("words"), "add": lambda: self._write("add"),
            "delete": lambda: self._write("delete"), "alternative": lambda: self._write("alternative"),
            "move": lambda: self._write("move"), "comment": lambda: self._write("comment"),
            "set": lambda: self._write("pen"), "withdraw": self.withdraw, "take": lambda: self.decide("take"),
            "reject": lambda: self.decide("reject"), "keep": lambda: self.decide("keep"),
            "admit": lambda: self.decide("admit"),
            "agree": lambda: self.status("agree"), "park": lambda: self.status("park"),
            "closed": lambda: self.status("closed"),
            "reopen": lambda: self.status("reopen"), "revision": self.revision, "pass": self.pass_pen,
            "copy": self.copy, "next": lambda: self._screen.amendments.step(1),
            "previous": lambda: self._screen.amendments.step(-1), "remark": self._screen.focus_remark,
            "goto": self.go_to, "behalf": self.speak_for,
            "cosponsor": self.cosponsor,
            "decide": self._screen.deciding.open, "library": self._screen.writing.from_library,
            "phrase": self._screen.writing.next_phrase,
        }  # fmt: skip
        return made | self._screen.far.slots() | self._screen.files.slots()

    def _run(self, call: Callable[[], Any], done: Callable[[Any], object] | None = None,
             failed: Callable[[ValiseError], object] | None = None) -> None:  # fmt: skip
        self._screen.runner.run(call, done, failed or self._screen.bar.show_error, owner=self._screen)

    def is_typing(self, event: QEvent) -> bool:
        """Whether a key that reached the screen is a letter of somebody's words; says so."""
        if not isinstance(event, QKeyEvent) or not event.text().strip() or not event.text().isprintable():
            return False
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if not self.guard.typing():
            return False
        self._screen.bar.say(
            self.tr("Letters are acts here, so these were not taken."),
            self.tr("To write, press Enter on an open paragraph."), tone="info",
        )  # fmt: skip
        return True

    def _write(self, mode: Mode) -> None:
        self._screen.writing.begin(mode)

    def _target(self) -> tuple[str, ParagraphView, Proposal | None] | None:
        view = self._screen.view()
        if view is None:
            return None
        key = self._screen.amendments.target
        return self._screen.text, view, next((one for one in view.proposals if one.id == key), None)

    # everybody

    def position(self, value: str, target: str = "") -> None:
        """Say it of the chosen amendment, or of the paragraph."""
        here = self._target()
        if here is None:
            return
        text, view, chosen = here
        about = target or (chosen.id if chosen else view.paragraph.id)
        behalf = self._screen.amendments.behalf()
        own = terms.own_position(view.positions, about, self._screen.people.own, behalf)
        if (own.value if own else "none") == value:
            self._screen.bar.say(self.tr("That is your position already."), tone="info")
            return
        name = next((one.label for one in view.proposals if one.id == about), terms.name(view.paragraph))
        label = isolate(name)
        before = own.value if own else "none"
        group = (behalf,) if behalf else ()

        def said(_none: Any) -> None:
            words = self.tr("Your position on {0}: {1}.").format(label, terms.position(value))
            if behalf:
                words = self.tr("Your position on {0} for {2}: {1}.").format(label, terms.position(value), isolate(behalf))
            self._screen.bar.say(words, tone="good", step=self.tr("Take back"), slot=back)

        def back() -> None:
            self._screen.bar.close_notice()
            self._run(lambda: self._screen.door.texts.position(text, about, before, *group))

        self._run(lambda: self._screen.door.texts.position(text, about, value, *group), said)

    def speak_for(self) -> None:
        """Say for whom positions are taken."""
        self._screen.amendments.voice.setFocus()
        field = self._screen.amendments.voice.lineEdit()
        if field is not None:
            field.selectAll()

    def picked(self, verb: str, target: str) -> None:
        """A button in the right pane."""
        if verb in terms.POSITIONS:
            here = self._target()
            if here is not None:
                behalf = self._screen.amendments.behalf()
                own = terms.own_position(here[1].positions, target, self._screen.people.own, behalf)
                self.position("none" if own and own.value == verb else verb, target)
        elif verb == "withdraw":
            self.withdraw(target)
        elif verb == "comment":
            self._screen.writing.begin("comment", target)
        elif verb == "resume":
            self._screen.writing.resume()
        elif verb == "cosponsor":
            self.cosponsor(target)
        else:
            self.decide(verb, target)

    def cosponsor(self, proposal: str = "") -> None:
        """Put our name to an amendment of others: the chosen one, or the only one here."""
        here = self._target()
        if here is None:
            return
        text, view, chosen = here
        others = [
            one for one in view.proposals
            if self._screen.people.own not in one.sponsors and one.state in terms.PENDING
        ]  # fmt: skip
        if not proposal:
            one = chosen if chosen in others else others[0] if chosen is None and len(others) == 1 else None
            if one is None:
                self._screen.bar.say(self.tr("Choose an amendment of another delegation first (Alt+Down)."), tone="info")
                return
            proposal = one.id
        name = isolate(next((one.label for one in view.proposals if one.id == proposal), ""))
        self._run(
            lambda: self._screen.door.texts.cosponsor(text, proposal),
            lambda _none: self._screen.bar.say(self.tr("Your delegation sponsors {0} too.").format(name), tone="good"),
        )

    def withdraw(self, proposal: str = "") -> None:
        """Ours only; with nothing chosen the only live one of ours on this paragraph."""
        here = self._target()
        if here is None:
            return
        text, view, chosen = here
        me = self._screen.people.own
        own = [one for one in view.proposals if me in one.sponsors and one.state in terms.PENDING]
        if not proposal:
            if chosen is not None and chosen in own:
                proposal = chosen.id
            elif chosen is None and len(own) == 1:
                proposal = own[0].id
        if proposal:
            self._run(lambda: self._screen.door.texts.withdraw(text, proposal))
        else:
            self._screen.bar.say(self.tr("Choose one of your own amendments first."), tone="info")

    def begin(self) -> None:
        """Enter or a double click: edit the words, or say why that cannot be."""
        here = self._target()
        if here is None:
            return
        if self._screen.acts["edit"].isEnabled():
            self._write("words")
        elif here[1].paragraph.status in ("agreed ad ref", "closed"):
            self.guard.deafen()
            said = self.tr("{0} is {1}: nothing can be proposed until the pen reopens it.")
            label, status = isolate(here[1].paragraph.label), terms.status(here[1].paragraph.status)
            self._screen.bar.say(said.format(label, status), tone="info")

    def copy(self) -> None:
        """The whole text in notation on the clipboard."""
        text = self._screen.text
        if self._screen.far.looking():
            self._screen.far.copy()
            return
        if not text:
            return

        def put(words: str) -> None:
            clipboard().copy(words)
            self._screen.bar.say(
                self.tr("Copied with brackets and attributions."),
                self.tr("The clipboard is emptied in ten seconds."),
                tone="info",
            )

        self._run(lambda: self._screen.door.texts.notation(text), put)

    def go_to(self) -> None:
        """Go to a paragraph by its number (Ctrl+G)."""
        dialog = GoTo(self._screen.model, self._screen)
        dialog.went.connect(self._went)
        dialog.open()

    def _went(self, place: int) -> None:
        self._screen.list.go(place)
        self._screen.list.setFocus()

    # the pen

    def decide(self, verb: str, proposal: str = "") -> None:
        """Take, reject or keep the chosen amendment, or admit one that came late or was written for earlier words."""
        here = self._target()
        if here is None or not self._screen.pen:
            return
        text, view, chosen = here
        wanted = terms.WAITING if verb == "admit" else terms.LIVE
        live = [one for one in view.proposals if one.state in wanted]
        if not proposal:
            if chosen is None and len(live) == 1:
                chosen = live[0]
            if chosen is None:
                self._screen.bar.say(self.tr("Choose an amendment first (Alt+Down)."), tone="info")
                return
            proposal = chosen.id
        texts = self._screen.door.texts
        calls: dict[str, Callable[[], Any]] = {
            "take": lambda: texts.take(text, proposal),
            "reject": lambda: texts.reject(text, proposal),
            "admit": lambda: texts.admit(text, proposal),
            "keep": lambda: texts.merge(text, [], [{"proposal": proposal, "outcome": "kept as alternative"}]),
        }
        self._run(calls[verb])

    def status(self, verb: str) -> None:
        """Agree ad ref, park or reopen the paragraph."""
        here = self._target()
        if here is None or not self._screen.pen:
            return
        text, key, label = here[0], here[1].paragraph.id, here[1].paragraph.label
        texts = self._screen.door.texts
        call = {"agree": texts.agree, "closed": texts.close, "park": texts.park, "reopen": texts.reopen}[verb]

        brackets = here[1].open_brackets

        def done(_none: Any) -> None:
            if verb != "agree":
                return
            more = terms.still_open(brackets) if brackets else ""
            self._screen.bar.say(
                self.tr("{0} is agreed ad ref.").format(isolate(label)), more, tone="warn" if brackets else "good",
                step=self.tr("Reopen"), slot=reopen,
            )  # fmt: skip

        def reopen() -> None:
            self._screen.bar.close_notice()
            self._run(lambda: texts.reopen(text, key))

        self._run(lambda: call(text, key), done)

    def revision(self) -> None:
        """Ask for the symbol, then freeze."""
        head = self._screen.head
        if head is None or not self._screen.pen:
            return
        text = head.id
        dialog = RevisionDialog(head, self._screen)

        def freeze(symbol: str) -> None:
            self._screen.runner.run(
                lambda: self._screen.door.texts.revision(text, symbol),
                lambda made: dialog.show_hash(made.symbol, made.text_hash),
                failed,
                owner=dialog,
            )

        def failed(error: ValiseError) -> None:
            dialog.again()
            self._screen.bar.show_error(error)

        dialog.wanted.connect(freeze)
        dialog.open()

    def pass_pen(self) -> None:
        """Ask to whom, then pass."""
        head = self._screen.head
        if head is None or not self._screen.pen:
            return
        text, own = head.id, self._screen.people.own
        members = [key for key in self._screen.door.rooms.one(head.room).members if key != own]
        dialog = PassPenDialog(members, self._screen.people, self._screen)
        dialog.wanted.connect(lambda to: self._run(lambda: self._screen.door.texts.pass_pen(text, to)))
        dialog.open()
