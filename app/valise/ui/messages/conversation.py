"""The middle: what is being read, and below it what is being written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import AttachmentView, MessageRow, RoomView, ThreadRow
from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.contacts.trust import Names
from valise.ui.messages import markup, terms
from valise.ui.messages.composer import Composer
from valise.ui.messages.files import suggested, write
from valise.ui.messages.rooms import room_level, room_line, room_name
from valise.ui.messages.view import MessageView
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import TrustBadge
from valise.ui.widgets.buttons import action_button, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import home
from valise.ui.widgets.labels import ElidedLabel, Words, divider, small


class Conversation(QFrame):
    """`show_thread` with a room and one of its threads (None = a new one is being written)."""

    failed = Signal(object)
    said = Signal(str)
    members_asked = Signal()

    def __init__(
        self, door: Door, runner: Runner, names: Names, actions: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._door, self._runner, self._names = door, runner, names
        self.room: RoomView | None = None
        self.thread = ""
        self._shown: tuple[str, str] | None = None
        self.setObjectName("pane")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._header(actions))
        box.addWidget(divider(self))
        self.disagreement = self._disagreement()
        box.addWidget(self.disagreement)
        self.stack = QStackedWidget(self)
        self.view = MessageView(names, self.stack)
        self.empty = EmptyState(
            "messages", self.tr("A new thread"),
            self.tr("Give it a subject below. Everybody in the room will see it."), parent=self.stack,
        )  # fmt: skip
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        box.addWidget(self.stack, 1)
        box.addWidget(self._place_line())
        box.addWidget(divider(self))
        self.composer = Composer(door, runner, names, self)
        box.addWidget(self.composer)
        self.view.painter_.acknowledge_asked.connect(self.acknowledge)
        self.view.painter_.file_asked.connect(self.save_file)
        self.view.moved.connect(self._say_place)
        self.composer.failed.connect(self.failed)

    def _header(self, actions: list[QAction]) -> QWidget:
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(theme.SPACE.l, theme.SPACE.m, theme.SPACE.m, theme.SPACE.s)
        line.setSpacing(theme.SPACE.xs)
        words = QVBoxLayout()
        words.setSpacing(3)
        self.subject = ElidedLabel("", head)
        self.subject.setFont(theme.font(theme.HEADING_PX, bold=True))
        self.trust = TrustBadge("unknown", head)
        self.where = ElidedLabel("", head, ours=True)
        self.where.setFont(theme.font(13))
        words.addWidget(self.subject)
        under = row(self.trust, self.where)
        under.setStretch(1, 1)
        words.addLayout(under)
        line.addLayout(words, 1)
        for action in actions:
            line.addWidget(action_button(action, head))
        return head

    def _disagreement(self) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("notice")
        frame.setProperty("tone", "warn")
        sign = QLabel(frame)
        icons.bind(sign, "warning", "warn", 20)
        self.disagreement_words = Words("", parent=frame)
        show = button(self.tr("Show members"), self.members_asked.emit, parent=frame)
        line = row(sign, self.disagreement_words, show)
        line.setStretch(1, 1)
        line.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        frame.setLayout(line)
        frame.hide()
        return frame

    def _place_line(self) -> QWidget:
        self.place = QWidget(self)
        self.place_words = small("", self.place)
        self.place_words.setWordWrap(False)
        oldest = button(self.tr("Oldest"), self.view.oldest, kind="quiet", parent=self.place)
        newest = button(self.tr("Newest"), self.view.newest, kind="quiet", parent=self.place)
        line = row(None, self.place_words, oldest, newest, None)
        self.place.setLayout(line)
        self.place.hide()
        return self.place

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._stand()
        return done

    def _stand(self) -> None:
        """As high as its words need at this width, however narrow: the splitter around it asks for no more than is needed by
        words on one line, and the button that sends would be pushed out."""
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalMinimumHeightForWidth(self.width()))

    # showing

    def show_thread(self, room: RoomView | None, thread: ThreadRow | None) -> None:
        """Show a thread, or an empty place for a new one; the same thread again only follows what changed."""
        self.room, self.thread = room, thread.id if thread else ""
        self._say_head(room, thread)
        key = (room.id if room else "", self.thread)
        if room is not None and thread is not None:
            if key == self._shown:
                self.view.refresh(thread.messages)
            else:
                self.view.open(self._reader(room.id, thread.id), thread.messages)
            self.stack.setCurrentWidget(self.view)
        else:
            self.view.close_thread()
            self.stack.setCurrentWidget(self.empty)
        self._shown = key
        self.composer.show_target(room, self.thread)
        self._say_place()

    def _reader(self, room: str, thread: str) -> Callable[[int, int], list[MessageRow]]:
        return lambda offset, limit: self._door.messages.page(room, thread, offset, limit)

    def set_next_exchange(self, at: int) -> None:
        """When what waits goes out (ms UTC, 0 = not planned)."""
        if self.view.painter_.next_exchange != at:
            self.view.painter_.next_exchange = at
            self.view.names_changed()

    def names_changed(self) -> None:
        self.view.names_changed()

    def _say_head(self, room: RoomView | None, thread: ThreadRow | None) -> None:
        if room is None:
            self.subject.setText("")
            self.where.setText("")
            self.trust.hide()
            return
        self.trust.show()
        self.trust.set_trust("own" if room.kind == "internal" else room_level(room, self._names))
        if thread is None:
            self.subject.setText(self.tr("New thread"))
        else:
            self.subject.setText(markup.one_line(thread.subject) or self.tr("No subject"))
        if room.kind == "bilateral":
            self.where.setText(isolate(room_name(room, self._names)))
        else:
            self.where.setText(f"{isolate(room_name(room, self._names))} · {room_line(room, self._names)}")
        self.disagreement_words.setText(terms.disagreement(room))
        self.disagreement.setVisible(bool(room.disagreement))

    def _say_place(self) -> None:
        rows = self.view.rows
        more = rows.total > rows.rowCount() and self.stack.currentWidget() is self.view
        self.place.setVisible(more)
        if more:
            self.place_words.setText(
                self.tr("Messages {first} to {last} of {all}").format(
                    first=f"{rows.first + 1:,}", last=f"{rows.last:,}", all=f"{rows.total:,}"
                )
            )

    # acting on a message

    def acknowledge(self, message: str = "") -> None:
        """Acknowledge a message, the chosen one by default; nothing when there is nothing to acknowledge."""
        row = self.view.row() if not message else self.view.rows.row(self.view.rows.find(message))
        if row is None or terms.settled(row, self._names.me.device):
            return
        messages, which = self._door.messages, row.id
        self._runner.run(lambda: messages.acknowledge(which), None, self.failed.emit, owner=self)

    def save_files(self) -> None:
        """Save the chosen message's file, or offer a list when there are several."""
        row = self.view.row()
        ready = [one for one in row.attachments if one.ready] if row else []
        if row is not None and len(ready) == 1:
            self.save_file(row.id, ready[0].id)
        elif row is not None and ready:
            self._menu(row, ready).popup(self.view.mapToGlobal(self.view.visualRect(self.view.currentIndex()).center()))

    def save_file(self, message: str, attachment: str) -> None:
        """Ask where, then write the verified bytes there. Nothing is opened."""
        row = self.view.rows.row(self.view.rows.find(message))
        found = next((one for one in row.attachments if one.id == attachment), None) if row else None
        if found is None or not found.ready:
            return
        dialog = QFileDialog(self, self.tr("Save file as"), home())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(suggested(found.name))
        dialog.fileSelected.connect(lambda chosen: self.write_file(attachment, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_file(self, attachment: str, path: Path) -> None:
        """Write one file to a place that was chosen, on the writer thread."""
        messages = self._door.messages

        def work() -> None:
            write(path, messages.attachment(attachment))

        self._runner.run(work, lambda _done: self._written(path), self._not_written, owner=self)

    def _written(self, path: Path) -> None:
        words = self.tr("Saved as {file}. Outside the vault it is no longer protected by it.")
        self.said.emit(words.format(file=isolate(path.name)))

    def _not_written(self, error: ValiseError) -> None:
        self.failed.emit(error)

    def _menu(self, row: MessageRow, files: list[AttachmentView]) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not terms.settled(row, self._names.me.device):
            menu.addAction(self.tr("Acknowledge"), lambda: self.acknowledge(row.id))
        menu.addAction(self.tr("Delivery"), lambda: self.view.delivery_asked.emit(row.id))
        for one in files:
            label = self.tr("Save {file} as…").format(file=isolate(markup.file_name(one.name)))
            menu.addAction(label.replace("&", "&&"), lambda chosen=one.id: self.save_file(row.id, chosen))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.view.row()
        if (
            row is not None
            and self.view.isVisible()
            and self.view.geometry().contains(self.stack.mapFrom(self, event.pos()))
        ):
            self._menu(row, [one for one in row.attachments if one.ready]).popup(event.globalPos())
