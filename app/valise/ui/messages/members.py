"""Who is in a room: every delegation with its trust level, and the devices behind it. The chair adds and removes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyleOptionViewItem, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import ContactView, RoomView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.contacts import trust
from valise.ui.contacts.confirm import Confirm
from valise.ui.contacts.trust import Names
from valise.ui.language import translate
from valise.ui.messages import terms
from valise.ui.messages.listing import ITEM, Listing
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import trust_words
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, heading, named, small
from valise.ui.widgets.times import date

Index = QModelIndex | QPersistentModelIndex


class MemberDelegate(RowDelegate):
    def __init__(self, names: Names, chair: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._names, self._chair = names, chair

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, 50)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        member, t = str(index.data(ITEM)), theme.tokens()
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        level = str(self._names.level(member))
        sign_at(painter, place(QRect(16, 15, 20, 20)), trust.icon(level), getattr(t, trust.colour(level)))
        area = QRect(46, 6, place.width - 46 - 16, 20)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(theme.BODY_PX))
        place.text(painter, area, self._names.label(member))
        painter.setPen(QColor(t.muted))
        painter.setFont(theme.font(theme.SMALL_PX))
        place.text(painter, area.translated(0, 19), member_line(member, self._names, self._chair()))
        painter.restore()


def member_line(member: str, names: Names, chair: str) -> str:
    """Trust in words, number of devices, and whether it is the chair."""
    parts = [trust_words(str(names.level(member)))]
    contact = names.contact(member)
    if contact is not None:
        count = sum(1 for one in contact.devices if not one.revoked)
        parts.append(translate("messages", "%n devices", None, count))
    if member == chair:
        parts.append(translate("messages", "chair"))
    return " · ".join(parts)


def devices_text(contact: ContactView) -> str:
    """A line for each device: officer, role, until when; revoked ones say so."""
    lines = []
    for one in contact.devices:
        who = isolate(f"{one.officer} · {one.role}")
        if one.revoked:
            lines.append(translate("messages", "{who}, revoked").format(who=who))
        else:
            lines.append(translate("messages", "{who}, valid until {date}").format(who=who, date=date(one.not_after)))
    return "\n".join(lines)


class MembersPane(QWidget):
    """`contact_asked(delegation)` goes to Contacts; errors by `failed`."""

    contact_asked = Signal(str)
    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner, self._names = door, runner, names
        self._room: RoomView | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.s, theme.SPACE.m, theme.SPACE.s, theme.SPACE.m)
        box.setSpacing(theme.SPACE.s)
        head = heading(self.tr("Members"), self)
        head.setContentsMargins(theme.SPACE.s, 0, 0, 0)
        self.wrong = Words("", "warn", self)
        self.wrong.setContentsMargins(theme.SPACE.s, 0, theme.SPACE.s, 0)
        self.rows = Listing(lambda member: member, self._spoken, self)
        self.list = named(QListView(self), self.tr("Members of the room"))
        self.list.setModel(self.rows)
        self.list.setItemDelegate(MemberDelegate(names, lambda: self._room.chair if self._room else "", self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._look())
        self.list.activated.connect(lambda index: self.contact_asked.emit(str(index.data(ITEM))))
        self.devices = Words("", "small", self)
        self.devices.setContentsMargins(theme.SPACE.s, 0, theme.SPACE.s, 0)
        self.chair_line = small("", self)
        self.chair_line.setContentsMargins(theme.SPACE.s, 0, theme.SPACE.s, 0)
        self.add_button = button(self.tr("Add…"), self.choose, icon="plus", parent=self)
        self.add_button.setAccessibleName(self.tr("Add a delegation"))
        self.remove_button = button(self.tr("Remove…"), self.ask_remove, parent=self)
        self.remove_button.setAccessibleName(self.tr("Remove the chosen delegation"))
        for part in (head, self.wrong, self.list, self.devices, self.chair_line):
            box.addWidget(part, 1 if part is self.list else 0)
        buttons = row(self.add_button, self.remove_button, None)
        buttons.setContentsMargins(theme.SPACE.s, 0, 0, 0)
        box.addLayout(buttons)

    def show_room(self, room: RoomView | None) -> None:
        self._room = room
        order = sorted(room.members, key=lambda one: (one != room.chair, self._names.code(one))) if room else []
        self.rows.follow(order)
        self.rows.repaint_all()
        self.wrong.setText(terms.disagreement(room) if room else "")
        self.wrong.setVisible(bool(room and room.disagreement))
        if not self.list.currentIndex().isValid() and order:
            self.list.setCurrentIndex(self.rows.index(0))
        self._look()

    def candidates(self) -> list[ContactView]:
        """Delegations that may be added."""
        inside = set(self._room.members) if self._room else set()
        return [one for one in self._names.others() if one.id not in inside and not one.changed]

    def choose(self) -> None:
        """Offer the delegations that are not in the room yet."""
        menu = QMenu(self)
        for one in self.candidates():
            label = f"{self._names.label(one.id)} · {trust_words(trust.level(one))}".replace("&", "&&")
            menu.addAction(label, lambda chosen=one.id: self.ask_add(chosen))
        if menu.isEmpty():
            menu.addAction(self.tr("Every delegation you know is in this room")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def ask_add(self, delegation: str) -> None:
        """Confirm, then add. A joiner is given the room's record, since a text cannot be read without its past."""
        if self._room is None:
            return
        room, level = self._room.id, str(self._names.level(delegation))
        after = self.tr("It is given everything signed for the record in this room, and what is sent from now on.")
        if level not in ("verified in person", "vouched"):
            after += "\n" + self.tr("Its identity is not verified: compare the safety number first if you can.")
        Confirm(
            self,
            self.tr("Add {who} to this room?").format(who=self._names.label(delegation)),
            after,
            self.tr("Add"),
            lambda: self._run(lambda: self._door.rooms.add(room, delegation, True)),
            danger=False,
        )

    def ask_remove(self) -> None:
        """Confirm, then remove."""
        member = self.chosen()
        if self._room is None or not member or not self._may(member):
            return
        room = self._room.id
        Confirm(
            self,
            self.tr("Remove {who} from this room?").format(who=self._names.label(member)),
            self.tr("It keeps what it has received and gets nothing that is sent from now on. Everyone sees this."),
            self.tr("Remove"),
            lambda: self._run(lambda: self._door.rooms.remove(room, member)),
        )

    def chosen(self) -> str:
        index = self.list.currentIndex()
        return str(index.data(ITEM)) if index.isValid() else ""

    def _run(self, call: Any) -> None:
        self._runner.run(call, None, self._refused, owner=self)

    def _refused(self, error: ValiseError) -> None:
        self.failed.emit(error)

    def _may(self, member: str) -> bool:
        """We are the chair of a group and it is not ourselves."""
        room, me = self._room, self._names.me.delegation
        return room is not None and room.kind == "group" and room.chair == me and member != me

    def _look(self) -> None:
        room, member = self._room, self.chosen()
        chair = room is not None and room.kind == "group" and room.chair == self._names.me.delegation
        self.add_button.setVisible(chair)
        self.remove_button.setVisible(chair)
        self.remove_button.setEnabled(bool(member) and self._may(member))
        contact = self._names.contact(member) if member else None
        self.devices.setText(devices_text(contact) if contact else "")
        self.devices.setVisible(contact is not None)
        said = ""
        if room is not None and room.kind == "group" and not chair:
            said = self.tr("{who} holds the chair and decides who is in this room.").format(
                who=self._names.label(room.chair)
            )
        self.chair_line.setText(said)
        self.chair_line.setVisible(bool(said))

    def _spoken(self, member: str) -> str:
        chair = self._room.chair if self._room else ""
        return f"{self._names.label(member)}, {member_line(member, self._names, chair)}"
