"""Opening a room: its kind, its title, and who is in it, each with its trust level."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.contacts import trust
from valise.ui.contacts.trust import Names
from valise.ui.language import listed
from valise.ui.messages import terms
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.badge import trust_words
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, named, title
from valise.ui.widgets.notice import NoticeBar

_ID = Qt.ItemDataRole.UserRole
LONGEST = 120


class NewRoom(Dialog):
    """`created(room)` when the desk has made it."""

    created = Signal(str)

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner, self._names = door, runner, names
        self._busy = False
        self.setWindowTitle(self.tr("New room"))
        self.setModal(True)
        self.setMinimumSize(500, 560)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.m)
        box.addWidget(title(self.tr("New room"), self))
        self.notice = NoticeBar(self)
        box.addWidget(self.notice)
        self.kinds = QButtonGroup(self)
        choices = []
        for place, (kind, text) in enumerate(
            (("bilateral", self.tr("Bilateral")), ("group", self.tr("Group")), ("internal", self.tr("Internal")))
        ):
            choice = named(QRadioButton(text, self), text, terms.kind_help(kind))
            self.kinds.addButton(choice, place)
            choices.append(choice)
        box.addLayout(row(*choices, None, spacing=theme.SPACE.l))
        self.kind_help = Words("", "muted", self)
        box.addWidget(self.kind_help)
        self.name = named(QLineEdit(self), self.tr("Title of the room"))
        self.name.setPlaceholderText(self.tr("Title, e.g. Drafting group on points of contact"))
        self.name.setMaxLength(LONGEST)
        box.addWidget(self.name)
        self.members = named(QListWidget(self), self.tr("Delegations in the room"))
        self.members.setSpacing(1)
        for contact in names.others():
            level = trust.level(contact)
            item = QListWidgetItem(f"{names.label(contact.id)} · {trust_words(level)}")
            item.setIcon(icons.icon(trust.icon(level), trust.colour(level)))
            item.setData(_ID, contact.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{names.label(contact.id)}, {trust_words(level)}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            if contact.changed:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.members.addItem(item)
        box.addWidget(self.members, 1)
        nobody = self.tr("You know no other delegation yet. Import its card in Contacts first.")
        self.nobody = Words(nobody, "muted", self)
        box.addWidget(self.nobody)
        self.warning = Words("", "warn", self)
        box.addWidget(self.warning)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.make = button(self.tr("Open the room"), self.create, kind="primary", parent=self)
        self.make.setDefault(True)
        box.addLayout(row(None, self.cancel, self.make))
        self.members.itemChanged.connect(self._checked)
        self.members.itemActivated.connect(_toggle)
        self.name.textChanged.connect(lambda _text: self._look())
        self.kinds.idToggled.connect(lambda _id, _on: self._look())
        self.finished.connect(self.deleteLater)
        choices[0].setChecked(True)
        self._look()
        self.name.setFocus()

    def kind(self) -> str:
        return terms.KINDS[max(0, self.kinds.checkedId())]

    def chosen(self) -> list[str]:
        """Delegation ids that are ticked; none in an internal room."""
        if self.kind() == "internal":
            return []
        rows = (self.members.item(place) for place in range(self.members.count()))
        return [str(item.data(_ID)) for item in rows if item.checkState() == Qt.CheckState.Checked]

    def ready(self) -> bool:
        count = len(self.chosen())
        enough = {"bilateral": count == 1, "group": count >= 1, "internal": True}[self.kind()]
        return enough and bool(self._title())

    def create(self) -> None:
        """Ask the desk; the dialog stays open with the reason when it refuses."""
        if not self.ready() or self._busy:
            return
        self._busy = True
        kind, name, members = self.kind(), self._title(), self.chosen()
        self._look()
        self._runner.run(lambda: self._door.rooms.create(kind, name, members), self._made, self._refused, owner=self)

    def _title(self) -> str:
        typed = clean(self.name.text(), lines=False).strip()
        chosen = self.chosen()
        if not typed and self.kind() == "bilateral" and len(chosen) == 1:
            contact = self._names.contact(chosen[0])
            return clean(contact.name, lines=False)[:LONGEST] if contact else ""
        return typed

    def _made(self, room: str) -> None:
        self.created.emit(room)
        self.accept()

    def _refused(self, error: ValiseError) -> None:
        self._busy = False
        self.notice.show_error(error)
        self._look()

    def _checked(self, item: QListWidgetItem) -> None:
        """In a bilateral room the newest tick is the only one."""
        if self.kind() == "bilateral" and item.checkState() == Qt.CheckState.Checked:
            for place in range(self.members.count()):
                other = self.members.item(place)
                if other is not item and other.checkState() == Qt.CheckState.Checked:
                    other.setCheckState(Qt.CheckState.Unchecked)
        self._look()

    def _look(self) -> None:
        kind = self.kind()
        self.kind_help.setText(terms.kind_help(kind))
        self.members.setVisible(kind != "internal" and self.members.count() > 0)
        self.nobody.setVisible(kind != "internal" and self.members.count() == 0)
        weak = [one for one in self.chosen() if str(self._names.level(one)) in ("received only", "unknown", "vouched")]
        if kind == "group" and weak:
            who = listed(self._names.label(one) for one in weak)
            self.warning.setText(
                self.tr(
                    "Not verified in person: {who}. One false identity in a group reads everything in it; "
                    "compare safety numbers first if you can."
                ).format(who=who)
            )
        else:
            self.warning.setText("")
        self.warning.setVisible(bool(self.warning.plain()))
        self.make.setEnabled(self.ready() and not self._busy)


def _toggle(item: QListWidgetItem) -> None:
    on = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
