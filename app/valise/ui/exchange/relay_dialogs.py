"""What is asked before a relay is used or left, and before permission to write is given or taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from valise.desk.door_exchange import GrantView
from valise.desk.relay_look import look
from valise.desk.views import ContactView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.exchange import relay_said as said
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import Card, button
from valise.ui.widgets.choosing import FileChoice
from valise.ui.widgets.files import read
from valise.ui.widgets.labels import SafeLabel, Words, muted, named, small
from valise.ui.widgets.notice import NoticeBar

KIT_LIMIT = 64 * 1024


class Sure(Asking):
    """A question with two buttons: the harmless one has the keyboard. `act()` is called after it is closed."""

    def __init__(
        self, parent: QWidget, name: str, do_it: str, act: Callable[[], object], *, title: str = "", danger: bool = False
    ) -> None:
        super().__init__(parent)
        self.setModal(True)
        self._act = act
        self.begin(name, title)
        self.inner = QVBoxLayout()
        self.inner.setSpacing(theme.SPACE.s)
        self.column.addLayout(self.inner)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.do_it = button(do_it, self.go, kind="danger" if danger else "primary", parent=self)
        self.end(self.cancel, self.do_it)

    def add(self, words: str, role: str = "") -> Words:
        """A sentence."""
        made = Words(words, role, self)
        self.inner.addWidget(made)
        return made

    def go(self) -> None:
        """Do it."""
        if self.do_it.isEnabled():
            self.accept()
            self._act()


class JoinDialog(Sure):
    """The operator's file, what it says, and what a relay can see. `join(data)` when a person agrees."""

    def __init__(self, parent: QWidget, join: Callable[[bytes], object]) -> None:
        super().__init__(parent, self.tr("Use a relay"), self.tr("Use this relay"), lambda: join(self.data))
        self.data = b""
        self.add(
            self.tr(
                "A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file "
                "for this laptop; it is handed over like a key."
            ),
            "muted",
        )
        kinds = self.tr("Files of a relay (*.valise-relay);;All files (*)")
        self.file = FileChoice(self.tr("Open the operator's file…"), self.tr("Open the file of a relay"), self, kinds=kinds)
        self.file.chosen.connect(self._read)
        self.inner.addWidget(self.file)
        self.notice = NoticeBar(self)
        self.inner.addWidget(self.notice)
        self.found = Card(self, margin=theme.SPACE.m)
        self.found.box.setSpacing(theme.SPACE.xs)
        self.host = SafeLabel("", "heading", self.found)
        self.found.box.addWidget(self.host)
        self.label_head = small(self.tr("What its operator calls it, in words of theirs:"), self.found)
        self.label = SafeLabel("", "", self.found)
        self.until = small("", self.found)
        for one in (self.label_head, self.label, self.until):
            self.found.box.addWidget(one)
        self.inner.addWidget(self.found)
        self.lines = [muted(words, self) for words in said.sees()]
        for line in self.lines:
            self.inner.addWidget(line)
        self.after = small(
            self.tr(
                "Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file "
                "where keys are kept, or delete it once it has been used."
            ),
            self,
        )
        self.inner.addWidget(self.after)
        self._show(False)
        self.file.setFocus()

    def _show(self, found: bool) -> None:
        self.found.setVisible(found)
        self.after.setVisible(found)
        self.do_it.setEnabled(found)
        self.fit()

    def open_file(self, path: Path) -> None:
        """The operator's file."""
        self.file.set_path(path)

    def _read(self, path: Path) -> None:
        self.data = b""
        try:
            self.data = read(path, KIT_LIMIT)
            view = look(self.data)
        except ValiseError as error:
            self.data = b""
            self.notice.show_error(error)
            self._show(False)
            return
        self.notice.close_notice()
        self.host.setText(view.host)
        self.label.setText(view.label)
        for one in (self.label_head, self.label):
            one.setVisible(bool(view.label))
        self.until.setText(said.own(view))
        self._show(True)
        self.do_it.setFocus()


class LeaveDialog(Sure):
    """Use no relay any more."""

    def __init__(self, parent: QWidget, host: str, leave: Callable[[], object]) -> None:
        super().__init__(parent, self.tr("Leave the relay"), self.tr("Leave it"), leave,
                         title=self.tr("Use {0} no longer?").format(isolate(host)), danger=True)  # fmt: skip
        self.add(self.tr("Your correspondents are told to use another way; until they have heard it, what they send there waits there."))
        self.add(self.tr("What waits here is kept: it goes by the folder where one is shared, and else by courier."))
        self.add(self.tr("To come back you need the operator's file again."), "muted")
        self.cancel.setFocus()


class DropDialog(Sure):
    """Use no folder any more."""

    def __init__(self, parent: QWidget, place: str, drop: Callable[[], object]) -> None:
        super().__init__(parent, self.tr("Stop using the folder"), self.tr("Stop using it"), drop, danger=True)
        self.inner.addWidget(SafeLabel(place, "strong", self))
        self.add(self.tr("What waits here is kept and goes another way. The sealed envelopes in the folder stay there."))
        self.cancel.setFocus()


class GiveDialog(Sure):
    """Permission to write for a delegation we know. `give(delegation)`."""

    def __init__(self, parent: QWidget, contacts: Sequence[ContactView], give: Callable[[str], object]) -> None:
        super().__init__(parent, self.tr("Give permission to write"), self.tr("Give it"), lambda: give(self.who.currentData()))
        self.add(
            self.tr(
                "The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is "
                "sent to it sealed; it ends by itself and you can take it back."
            ),
            "muted",
        )
        self.add(self.tr("Delegation"), "strong")
        self.who = named(QComboBox(self), self.tr("Delegation"))
        for one in contacts:
            self.who.addItem(f"{isolate(one.code)} {isolate(one.name)}", one.id)
        self.inner.addWidget(self.who)
        self.none = self.add(self.tr("Every delegation you know has one already, or sending to it is stopped."), "warn")
        self.none.setVisible(not contacts)
        self.do_it.setEnabled(bool(contacts))
        self.who.setEnabled(bool(contacts))
        (self.who if contacts else self.cancel).setFocus()


class RevokeDialog(Sure):
    """Take a permission back."""

    def __init__(self, parent: QWidget, one: GrantView, revoke: Callable[[], object]) -> None:
        code, name = said.who(one)
        whom = isolate(f"{code} {name}") if one.code else isolate(code)
        super().__init__(parent, self.tr("Revoke a permission"), self.tr("Revoke it"), revoke,
                         title=self.tr("Take the permission of {0} back?").format(whom), danger=True)  # fmt: skip
        self.add(self.tr("As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes."))
        self.add(self.tr("This cannot be undone; you can give a new permission at any time."))
        self.add(self.tr("The delegation reaches you by the folder or by courier meanwhile."), "muted")
        self.cancel.setFocus()


class CardDialog(Sure):
    """Our card with permission for one correspondent. `make(note)`."""

    def __init__(self, parent: QWidget, make: Callable[[str], object]) -> None:
        super().__init__(parent, self.tr("Card with permission to write"), self.tr("Make the card…"), lambda: make(self.note.text().strip()))
        self.add(
            self.tr(
                "Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with "
                "whom you do not exchange yet."
            ),
            "muted",
        )
        self.warning = NoticeBar(self)
        self.warning.dismiss.hide()
        self.warning.say(
            self.tr("This file is handed over like a key."),
            self.tr("Whoever has it can write to you there in that correspondent's name; it opens nothing you send or receive."),
            self.tr("Give it from hand to hand. If it goes astray, revoke it here."), "warn",
        )  # fmt: skip
        self.inner.addWidget(self.warning)
        label = self.tr("For whom? Kept here only, for example the code of the delegation")
        self.add(label, "strong")
        self.note = QLineEdit(self)
        self.note.setMaxLength(40)
        named(self.note, label)
        self.note.textChanged.connect(self._settle)
        self.note.returnPressed.connect(self.go)
        self.inner.addWidget(self.note)
        self._settle()
        self.note.setFocus()

    def _settle(self) -> None:
        self.do_it.setEnabled(bool(self.note.text().strip()))
