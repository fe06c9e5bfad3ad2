"""One screen to report an incident or ask for help: seven groups, what must be filled in first, one look before it leaves."""

from __future__ import annotations

import secrets
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QPlainTextEdit, QRadioButton, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_incidents import Draft, Leaving, Place
from valise.domain.errors import ValiseError
from valise.domain.incident import form as forms
from valise.domain.incident.template import Template
from valise.ui import actions, theme
from valise.ui.incidents import said
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.incidents.directory import Directory, FromDirectory, Named
from valise.ui.incidents.fields import FormField
from valise.ui.incidents.leaving import LeavingDialog
from valise.ui.incidents.moments import MomentField
from valise.ui.language import listed, translate
from valise.ui.messages.files import FileTray
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.widgets.buttons import Card, ScrollPage, button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.folded import FoldedRadio
from valise.ui.widgets.labels import Words, heading, muted, named, small, title
from valise.ui.widgets.notice import NoticeBar

KIND = "incident.open"
LATER = ("response", "closure")
PAUSE = 1_500  # ms after the last key until the draft is kept


class ReportPage(QWidget):
    """`sent(id)` when it left; `left()` back to the list. What is typed is kept in the vault."""

    sent = Signal(str)
    left = Signal()

    def __init__(self, door: Door, runner: Runner, words: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.door, self.runner, self.words = door, runner, words
        self.draft = Draft("")
        self.fields: dict[str, FormField] = {}
        self.offers: dict[str, FromDirectory] = {}
        self._directory = Directory()
        self._quiet = True
        self._dialog: LeavingDialog | None = None
        self.banner = ExerciseBanner(self)
        self.bar = NoticeBar(self)
        self.page = ScrollPage(self, width=780)
        self._build()
        self.said = small("", self)
        self.wanting = False  # whether the bar names what is missing
        self.back = button(self.tr("Back"), self.leave, kind="quiet", parent=self)
        self.drop = button(self.tr("Drop the draft"), self._drop, kind="quiet", icon="trash", parent=self)
        self.go = button(self.tr("Look at what leaves…"), self.look, kind="primary", parent=self)
        self.go.setToolTip(self.tr("Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)"))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            press = QShortcut(actions.portable(key), self)
            press.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            press.activated.connect(self.look)
        foot = row(self.said, self.drop, self.back, self.go)
        foot.setContentsMargins(theme.SPACE.xl, theme.SPACE.s, theme.SPACE.xl, theme.SPACE.s)
        foot.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in (self.banner, self.bar):
            column.addWidget(one)
        column.addWidget(self.page, 1)
        column.addLayout(foot)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._keep)
        self._quiet = False

    # building

    def _build(self) -> None:
        box = self.page.box
        box.addWidget(title(self.tr("Report an incident or ask for help"), self))
        box.addWidget(muted(self.tr(
            "Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times "
            "are UTC."), self))  # fmt: skip
        box.addWidget(self._about())
        box.addWidget(self._to())
        self.cards: dict[str, Card] = {}
        must = set(forms.required(KIND))
        for group in forms.GROUPS:
            keys = [one for one in forms.KEYS if one.group == group and one.key in forms.CARRIED[KIND] and one.sort != "files"]
            card = self.cards[group] = Card(self)
            card.box.addWidget(heading(self.words.groups[group].in_(said.language()), card))
            if group in LATER:
                card.box.addWidget(muted(
                    self.tr("Filled in by the delegations that answer.") if group == "response"
                    else self.tr("Filled in by you when it is over."), card))  # fmt: skip
            for one in sorted(keys, key=lambda key: key.key not in must):  # what must be filled in comes first
                field = FormField(self.words, one.key, required=one.key in must, parent=card)
                field.changed.connect(self._changed)
                self.fields[one.key] = field
                card.box.addWidget(field)
                if one.sort in ("entry", "entries"):
                    card.box.addWidget(self._offers(field, one.sort, card))
            if group == "technical":
                card.box.addLayout(self._files(card))
            box.addWidget(card)
        box.addStretch(1)

    def _about(self) -> Card:
        card = Card(self)
        card.box.addWidget(heading(self.tr("What is it about?"), card))
        self.incident = QRadioButton(self.tr("An ICT incident between States"), card)
        self.judicial = FoldedRadio(
            self.tr("A police or judicial matter: mutual legal assistance, extradition, evidence for a court"), card
        )
        group = QButtonGroup(self)
        for one in (self.incident, self.judicial):
            named(one, one.text())
            group.addButton(one)
            card.box.addWidget(one)
        self.channels = Words(self.tr(
            "Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the "
            "24/7 network of the treaty that applies, or INTERPOL through your national central bureau."), "warn", card)  # fmt: skip
        card.box.addWidget(self.channels)
        self.incident.setChecked(True)
        self.judicial.toggled.connect(self._matter)
        self.channels.hide()
        return card

    def _to(self) -> Card:
        card = Card(self)
        card.box.addWidget(heading(self.tr("To whom?"), card))
        self.room = named(QComboBox(card), self.tr("Room in which it is reported; everybody in it reads it"))
        card.box.addWidget(self.room)
        self.readers = muted("", card)
        card.box.addWidget(self.readers)
        self.embargo = MomentField(self.tr("Not to be sent on to others before (embargo)"), card)
        card.box.addWidget(self.embargo)
        self.room.currentIndexChanged.connect(self._room_chosen)
        self.embargo.changed.connect(self._changed)
        return card

    def _offers(self, field: FormField, sort: str, card: Card) -> FromDirectory:
        """Points of contact to choose from: our own as the sender, others as those it is for."""
        ours = self.door.me().code
        editor = field.editor
        assert isinstance(editor, (QLineEdit, QPlainTextEdit))

        def offered() -> list[Named]:
            return [one for one in self._directory.known if (one.state == ours) == (sort == "entry")]

        made = self.offers[field.key] = FromDirectory(editor, field.name, offered, card)
        made.follow()
        return made

    def use_directory(self, directory: Directory) -> None:
        """The directory was read."""
        self._directory = directory
        for one in self.offers.values():
            one.follow()

    def _files(self, card: Card) -> QVBoxLayout:
        column = QVBoxLayout()
        column.addWidget(Words(said.label(self.words, "indicators"), "strong", card))
        self.tray = FileTray(self.door, self.runner, card)
        self.tray.changed.connect(self._changed)
        self.tray.failed.connect(self.bar.show_error)
        column.addWidget(self.tray)
        self.attach = button(self.tr("Attach a file…"), self._attach, icon="attach", kind="quiet", parent=card)
        column.addLayout(row(self.attach, None))
        column.addWidget(small(said.helped(self.words, "indicators"), card))
        return column

    # what is written

    def start(self, draft: Draft, places: list[Place]) -> None:
        """Fill in a form: a draft kept before, or a new one."""
        self._quiet = True
        self.bar.close_notice()
        self.wanting = False
        self.draft = draft if draft.id else Draft(secrets.token_hex(16), draft.room, draft.form, draft.matter, draft.embargo, draft.files)
        self.room.clear()
        for one in places:
            self.room.addItem(clean(one.title, lines=False), one)
        place = next((n for n, one in enumerate(places) if one.room == draft.room), 0)
        self.room.setCurrentIndex(place if places else -1)
        for key, field in self.fields.items():
            field.set_value(draft.form.get(key))
        (self.judicial if draft.matter == "judicial" else self.incident).setChecked(True)
        self.embargo.set_value(draft.embargo)
        self.tray.show_ids(draft.files)
        self._quiet = False
        self._say()
        self._told()
        self.page.verticalScrollBar().setValue(0)

    def form(self) -> dict[str, Any]:
        """What is filled in."""
        made = {key: field.value() for key, field in self.fields.items()}
        return {key: one for key, one in made.items() if not forms.empty(one) and not (one == 0 and self.fields[key].spec.sort == "moment")}

    def place(self) -> Place | None:
        found: Place | None = self.room.currentData()
        return found

    def written(self) -> Draft:
        """The draft as it stands."""
        place = self.place()
        return Draft(
            self.draft.id, place.room if place else "", self.form(), "judicial" if self.judicial.isChecked() else "incident",
            self.embargo.value(), self.tray.ids(),
        )  # fmt: skip

    def _changed(self) -> None:
        if not self._quiet:
            self._pause.start()
            self._say()

    def _room_chosen(self) -> None:
        self._told()
        if not self._quiet and self.tray.ids():
            self.tray.clear()
            self.bar.say(self.tr("Files are sealed for one room: attach them again for this one."), tone="info")
        self._changed()

    def _told(self) -> None:
        place = self.place()
        if place is None:
            self.readers.setText(self.tr("There is no room with another delegation yet. Make one under Messages (Ctrl+5)."))
        elif place.group:
            self.readers.setText(self.tr("Everybody in this room reads it: {0}. TLP:RED is not for a group.").format(said.names(place.members)))
        else:
            self.readers.setText(self.tr("Only {0} reads it.").format(said.names(place.members)))

    def _matter(self, judicial: bool) -> None:
        self.channels.setVisible(judicial)
        for one in self.cards.values():
            one.setEnabled(not judicial)
        self._changed()
        self._say()

    def missing(self) -> list[str]:
        """Names of what must still be filled in, in the order of the page."""
        form = self.form()
        return [key for key in self.fields if key in forms.missing(KIND, form)]

    def _say(self) -> None:
        self.banner.show_exercise(bool(self.fields["exercise"].value()))
        gone = self.missing()
        if self.wanting and not self._lacking():
            self.wanting = False
            self.bar.close_notice()
        self.go.setEnabled(not self.judicial.isChecked() and self.place() is not None and not self.tray.busy)
        if self.judicial.isChecked():
            self.said.setText(self.tr("This matter is not sent here: use the channel named above."))
        elif gone:
            first = said.label(self.words, gone[0])
            self.said.setText(translate("incidents", "Still required: {0} (and %n more)", None, len(gone) - 1).format(first)
                              if len(gone) > 1 else self.tr("Still required: {0}").format(first))  # fmt: skip
        else:
            self.said.setText(self.tr("Everything required is filled in. What you write is kept in the vault."))

    def _attach(self) -> None:
        place = self.place()
        if place is not None:
            pick_file(self, self.tr("Attach a file"), "", lambda path: self.tray.add(place.room, path))

    # keeping, leaving, sending

    def touched(self) -> bool:
        """Whether something is written that is not in the vault yet."""
        return self._pause.isActive()

    def save(self) -> None:
        """Keep it at once (before a lock)."""
        if self.touched():
            self._pause.stop()
            self.door.incidents.save_draft(self.written())

    def _keep(self) -> None:
        written = self.written()
        self.runner.run(lambda: self.door.incidents.save_draft(written), owner=self)

    def leave(self) -> None:
        """Back to the list; the draft stays."""
        if self.touched():
            self._pause.stop()
            self._keep()
        self.left.emit()

    def _drop(self) -> None:
        self._pause.stop()
        name = self.draft.id
        self.runner.run(lambda: self.door.incidents.drop_draft(name), lambda _none: self.left.emit(), owner=self)

    def look(self) -> None:
        """Show what leaves and to whom. What is missing gets the keyboard instead."""
        if not self.go.isEnabled():
            return
        self.bar.close_notice()
        if not self.embargo.valid():  # a slip of the hand must not lift an embargo
            self.page.ensureWidgetVisible(self.embargo, 0, 60)
            self.embargo.setFocus()
            self.bar.say(self.tr("The time of the embargo cannot be understood: write it like 2026-12-10 18:00."), tone="warn")
            return
        gone = self._lacking()
        if gone:
            self.wanting = True
            field = self.fields[gone[0]]
            self.page.ensureWidgetVisible(field, 0, 60)
            field.setFocus()
            self.bar.say(self.tr("Fill in: {0}").format(listed(said.label(self.words, key) for key in gone[:6])), tone="warn")
            return
        self.runner.run(self._looking(self.written()), self._looked, self.refused, owner=self)

    def _lacking(self) -> list[str]:
        return self.missing() or [key for key, field in self.fields.items() if not field.valid()]

    def _looking(self, one: Draft) -> Any:
        return lambda: self.door.incidents.look(one.room, one.form, matter=one.matter, embargo=one.embargo, files=one.files)

    def _looked(self, leaving: Leaving) -> None:
        self._dialog = LeavingDialog(leaving, self.words, self)
        self._dialog.wanted.connect(self.send)
        self._dialog.finished.connect(self._turned)
        self._dialog.open()

    def _turned(self, _result: int) -> None:
        self._dialog = None  # it deletes itself

    def send(self) -> None:
        """It was looked at: send it."""
        one = self.written()
        self._pause.stop()
        self.runner.run(
            lambda: self.door.incidents.open(
                one.room, one.form, matter=one.matter, embargo=one.embargo, files=one.files, draft=one.id
            ),
            self.sent.emit, self.refused, owner=self,
        )  # fmt: skip

    def refused(self, error: ValiseError) -> None:
        """It cannot be sent like this; everything is still here."""
        self.bar.show_error(error)
