"""What is being written: kept in the vault as one types, sealed and sent with Ctrl+Enter."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.views import Draft, RoomView
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.contacts.trust import Names
from valise.ui.messages import terms
from valise.ui.messages.files import FileTray
from valise.ui.messages.marking import MarkingChoice
from valise.ui.messages.rooms import room_name
from valise.ui.tasks import Runner, Task
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import button, icon_button, row
from valise.ui.widgets.files import home
from valise.ui.widgets.flow import Flow
from valise.ui.widgets.labels import Words, named, small
from valise.ui.widgets.times import moment

PAUSE = 600  # ms without a key before a draft is stored
LONGEST_SUBJECT = 200


class Composer(QFrame):
    """`show_target` loads the draft of a room and thread ("" = a new thread); `sent(thread)` after sending."""

    sent = Signal(str, str)  # message, thread ("" = a new one was started)
    failed = Signal(object)
    stopped_asked = Signal()  # go and decide about a changed identity

    def __init__(
        self,
        door: Door,
        runner: Runner,
        names: Names,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._door, self._runner, self._names, self._clock = door, runner, names, clock
        self._room: RoomView | None = None
        self._thread = ""
        self._loading = False
        self._dirty = False
        self._sending = False
        self._send: Task | None = None
        self._under_way: dict[tuple[str, str], Draft | None] = {}  # on their way to the vault; newer than what it holds
        self.setObjectName("pane")
        self.setAcceptDrops(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.store)
        self._build()
        self._look()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.m)
        box.setSpacing(theme.SPACE.s)
        self.stop = QFrame(self)
        self.stop.setObjectName("notice")
        self.stop.setProperty("tone", "bad")
        self.stop_words = Words("", parent=self.stop)
        self.decide = button(self.tr("Decide in Contacts"), self.stopped_asked.emit, parent=self.stop)
        stop_row = row(self.stop_words, self.decide)
        stop_row.setStretch(0, 1)
        stop_row.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.s, theme.SPACE.s)
        self.stop.setLayout(stop_row)
        self.subject = named(QLineEdit(self), self.tr("Subject"))
        self.subject.setPlaceholderText(self.tr("Subject of the new thread"))
        self.subject.setMaxLength(LONGEST_SUBJECT)
        self.body = named(QPlainTextEdit(self), self.tr("Message"), self.tr("Kept in the vault as you type"))
        self.body.setTabChangesFocus(True)
        self.body.setAcceptDrops(False)
        self.body.setFixedHeight(92)
        self.files = FileTray(self._door, self._runner, self)
        self.marking = MarkingChoice(self)
        self.record = named(QCheckBox(self.tr("For the record (signed)"), self), self.tr("For the record (signed)"))
        self.attach = icon_button("attach", self.tr("Attach files (or drop them here)"), self.choose_files, parent=self)
        self.send_button = button(self.tr("Seal and send"), self.send, kind="primary", icon="send", parent=self)
        self.send_button.setToolTip(self.tr("Ctrl+Enter"))
        self.saved = small("", self)
        self.saved.setWordWrap(False)
        self.meaning = small("", self)
        for part in (self.stop, self.subject, self.body, self.files):
            box.addWidget(part)
        how = QWidget(self)
        flow = Flow(how, theme.SPACE.m, apart=True)
        for part in (self.attach, self.marking, self.record, self.send_button):
            flow.addWidget(part)
        box.addWidget(how)
        foot = row(self.meaning, self.saved)
        foot.setStretch(0, 1)
        box.addLayout(foot)
        self.subject.textChanged.connect(self._changed)
        self.body.textChanged.connect(self._changed)
        self.marking.changed.connect(self._changed)
        self.record.toggled.connect(self._changed)
        self.files.changed.connect(self._changed)
        self.files.failed.connect(self.failed)

    # what the screen asks

    def show_target(self, room: RoomView | None, thread: str) -> None:
        """Another room or thread: store what was being written, then load what was begun there."""
        same = room is not None and self._room is not None and room.id == self._room.id and thread == self._thread
        if same:
            self._room = room
            self._look()
            return
        self.store()
        self._room, self._thread = room, thread
        draft = None
        if room is not None:
            place = (room.id, thread)
            held = place in self._under_way
            draft = self._under_way[place] if held else self._door.messages.draft(room.id, thread)
        self._load(draft)
        if draft is not None:
            self.saved.setText(self.tr("Draft saved {time}").format(time=isolate(moment(draft.saved_at))))
        self._look()

    def focus(self) -> None:
        """The keyboard to where writing starts."""
        (self.subject if self.subject.isVisibleTo(self) and not self.subject.text() else self.body).setFocus()

    def store(self) -> None:
        """Store the draft through the writer thread, or drop it when nothing is left of it."""
        self._timer.stop()
        if not self._dirty or self._room is None or self._sending:
            return
        self._dirty = False
        draft, messages = self._draft(), self._door.messages
        room, thread = place = (self._room.id, self._thread)
        self._under_way[place] = draft
        self._runner.run(
            (lambda: messages.drop_draft(room, thread)) if draft is None else (lambda: messages.save_draft(draft)),
            lambda _done: self._stored(place, draft),
            lambda error: self._not_stored(place, error),
            owner=self,
        )

    def store_now(self) -> None:
        """The same at once, on this thread: the vault is about to be closed."""
        self._timer.stop()
        if self._room is not None:
            place = (self._room.id, self._thread)
            if self._dirty and not self._sending:
                self._under_way[place] = self._draft()
            elif self._sending and self._send is not None and self._send.begun:
                self._under_way.pop(place, None)  # it is being sent, or was
        for (room, thread), draft in self._under_way.items():
            try:
                if draft is None:
                    self._door.messages.drop_draft(room, thread)
                else:
                    self._door.messages.save_draft(draft)
            except ValiseError as error:  # locking goes on whatever happens here
                self.failed.emit(error)
        self._under_way.clear()
        self._dirty = False

    def choose_files(self) -> None:
        """Ask for files to attach."""
        if self._room is None:
            return
        dialog = QFileDialog(self, self.tr("Attach files"), home())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.take([Path(one) for one in chosen]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Attach these files."""
        if self._room is not None and not self._sending:
            for path in paths:
                self.files.add(self._room.id, path)

    def may_send(self) -> bool:
        if self._room is None or self._room.blocked or self._sending or self.files.busy:
            return False
        if not self._thread and not self.subject.text().strip():
            return False
        return bool(self.body.toPlainText().strip() or self.files.ids())

    def send(self) -> None:
        """Seal and send. What was written stays until the desk has it."""
        if self._room is None or not self.may_send():
            return
        self.store()
        self._sending = True
        self._look()
        room, thread, messages = self._room.id, self._thread, self._door.messages
        body, subject = self.body.toPlainText().strip(), self.subject.text().strip()
        marking, record, files = self.marking.marking(), self.record.isChecked(), self.files.ids()

        def work() -> str:
            return messages.send(room, body, thread=thread, subject="" if thread else subject, marking=marking,
                                 for_the_record=record, attachments=files)  # fmt: skip

        self._send = self._runner.run(work, lambda made: self._sent(room, thread, made), self._not_sent, owner=self)

    # inside

    def _draft(self) -> Draft | None:
        if self._room is None:
            return None
        made = Draft(
            self._room.id, self._thread, self.subject.text() if not self._thread else "", self.body.toPlainText(),
            self.marking.marking(), self.record.isChecked(), self.files.ids(), int(self._clock() * 1000),
        )  # fmt: skip
        return made if made.subject.strip() or made.body.strip() or made.attachments else None

    def _load(self, draft: Draft | None, *, after_sending: bool = False) -> None:
        self._loading = True
        self.subject.setText(draft.subject if draft else "")
        self.body.setPlainText(draft.body if draft else "")
        if draft is not None or not after_sending:
            self.marking.set_marking(draft.marking if draft else "")
        self.record.setChecked(bool(draft and draft.for_the_record))
        self.files.show_ids(draft.attachments if draft else ())
        self.saved.setText("")
        self._loading = False
        self._dirty = False

    def _changed(self) -> None:
        if self._loading:
            return
        self._dirty = True
        self._timer.start()
        self._look()

    def _stored(self, place: tuple[str, str], draft: Draft | None) -> None:
        if self._under_way.get(place) is draft:
            self._under_way.pop(place, None)
        if self._room is not None and place == (self._room.id, self._thread):
            said = self.tr("Draft saved {time}").format(time=isolate(moment(draft.saved_at))) if draft else ""
            self.saved.setText(said)

    def _not_stored(self, place: tuple[str, str], error: ValiseError) -> None:
        if self._room is not None and place == (self._room.id, self._thread):
            self._dirty = True
            self.saved.setText(self.tr("Draft not saved"))
        self.failed.emit(error)

    def _sent(self, room: str, thread: str, message: str) -> None:
        self._sending = False
        self._under_way.pop((room, thread), None)
        messages = self._door.messages
        self._runner.run(lambda: messages.drop_draft(room, thread), None, self.failed.emit, owner=self)
        if self._room is not None and (room, thread) == (self._room.id, self._thread):
            self._load(None, after_sending=True)  # an answer often carries the marking of the last one
        elif self._dirty:
            self._timer.start()
        self._look()
        self.sent.emit(message, thread)

    def _not_sent(self, error: ValiseError) -> None:
        self._sending = False
        if self._dirty:
            self._timer.start()
        self._look()
        self.failed.emit(error)

    def _look(self) -> None:
        room = self._room
        self.setEnabled(room is not None)
        self.subject.setVisible(not self._thread)
        blocked = terms.blocked(room) if room is not None else ""
        self.stop.setVisible(bool(blocked))
        self.stop_words.setText(blocked)
        self.decide.setVisible(room is not None and room.blocked != "room.left")
        for part in (self.subject, self.body):
            part.setReadOnly(self._sending)
        for control in (self.marking, self.record, self.attach, self.files):
            control.setEnabled(not self._sending)
        self.send_button.setEnabled(self.may_send())
        self.send_button.setText(self.tr("Sealing…") if self._sending else self.tr("Seal and send"))
        title = isolate(room_name(room, self._names)) if room is not None else ""
        if room is not None and room.kind == "internal":
            hint = self.tr("Write to your own delegation. Nothing here can be sent to another.")
        else:
            hint = self.tr("Write to {room}. Drafts are kept in the vault.").format(room=title)
        self.body.setPlaceholderText(hint)
        if self.record.isChecked():
            said = self.tr("Signed: every member can prove later, to anybody, that your delegation wrote this.")
        else:
            said = self.tr("Not signed: members know it is from you, but cannot prove it to others.")
        self.meaning.setText(said)
        self.record.setToolTip(said)

    # files dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._room is not None and any(one.isLocalFile() for one in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(one.toLocalFile()) for one in event.mimeData().urls() if one.isLocalFile()])
        event.acceptProposedAction()
