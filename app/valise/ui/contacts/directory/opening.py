"""Opening a round: its name, until when, who is asked and how. What those asked will read is said before anything leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QLineEdit, QListView, QListWidget, QListWidgetItem, QWidget

from valise.desk.door_pings import Candidate, Proposal
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import press_with
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, named

_CANDIDATE = int(Qt.ItemDataRole.UserRole) + 1


class Opening(Asking):
    """`told()` once it was accepted. It opens at once."""

    def __init__(self, parent: QWidget, proposed: Proposal, chosen: str = "") -> None:
        super().__init__(parent, width=620)
        self.setModal(True)
        self.begin(self.tr("Open a ping round"), self.tr("Ask points of contact to confirm their entry"))
        self.say(self.tr(
            "Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked."))
        self.say(self.tr("Name of the round, as those asked read it"), "")
        self.name = named(QLineEdit(self.tr("Round {n}").format(n=proposed.title), self), self.tr("Name of the round"))
        self.name.setMaxLength(200)
        self.column.addWidget(self.name)
        self.say(self.tr("Forum or directory (optional)"), "")
        self.forum = named(QLineEdit(self), self.tr("Forum or directory"))
        self.forum.setMaxLength(100)
        self.column.addWidget(self.forum)
        self.say(self.tr("Answers by (UTC)"), "")
        self.due = named(QDateTimeEdit(self), self.tr("Answers by (UTC)"))
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        self.due.setTimeZone(utc)
        self.due.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # first: Qt turns the format round with the window
        self.due.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.due.setMinimumHeight(34)
        self.due.setDateTime(QDateTime.fromMSecsSinceEpoch(proposed.answer_by, utc))
        self.column.addWidget(self.due)
        self.exercise = named(QCheckBox(self.tr("This is an exercise: every question says so"), self), self.tr("This is an exercise"))
        self.column.addWidget(self.exercise)
        self.say(self.tr("Who is asked"), "")
        self.list = named(QListWidget(self), self.tr("Who is asked"))
        self.list.setMinimumHeight(180)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for one in proposed.candidates:
            self._add(one, chosen)
        self.list.itemChanged.connect(lambda _item: self._count())
        self.column.addWidget(self.list, 1)
        self.counted = Words("", "muted", self)
        self.every = button(self.tr("All"), lambda: self._tick(True), kind="quiet", parent=self)
        self.nobody = button(self.tr("None"), lambda: self._tick(False), kind="quiet", parent=self)
        line = row(self.counted, self.every, self.nobody)
        line.setStretch(0, 1)
        self.column.addLayout(line)
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Ask now"), self.accept, kind="primary", icon="send", parent=self)
        self.end(self.leave, self.go)
        press_with(self, self.go)
        self.name.textChanged.connect(lambda _text: self._count())
        self.due.dateTimeChanged.connect(lambda _when: self._count())
        self._count()
        self.name.setFocus()
        self.open()

    def _add(self, one: Candidate, chosen: str) -> None:
        why = {
            "own": self.tr("our own"), "status": self.tr("superseded or removed"), "training": self.tr("real: not in a vault for practice"),
        }.get(one.hindered, "")  # fmt: skip
        words = isolate(clean(f"{one.state} · {one.label}", lines=False))
        item = QListWidgetItem(f"{words} ({why or said.way(one.way)})")
        item.setData(_CANDIDATE, one)
        may = one.hindered in ("", "status")
        free = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(free if may else Qt.ItemFlag.NoItemFlags)
        wanted = one.contact == chosen if chosen else not one.hindered
        item.setCheckState(Qt.CheckState.Checked if may and wanted else Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _candidates(self) -> list[Candidate]:
        items = (self.list.item(n) for n in range(self.list.count()))
        return [one.data(_CANDIDATE) for one in items if one.checkState() == Qt.CheckState.Checked]

    def _tick(self, on: bool) -> None:
        for n in range(self.list.count()):
            item = self.list.item(n)
            if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                wanted = on and not item.data(_CANDIDATE).hindered
                item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)

    def _count(self) -> None:
        chosen = self._candidates()
        here = sum(one.way == "here" for one in chosen)
        self.counted.setText(
            translate("directory", "%n are asked now; {outside} an officer calls or writes to.", None, here).format(
                outside=len(chosen) - here
            )
        )
        future = self.due.dateTime().toMSecsSinceEpoch() > datetime.now(UTC).timestamp() * 1000
        self.go.setEnabled(bool(chosen) and bool(self.name.text().strip()) and future)

    def told(self) -> dict[str, Any]:
        """What `Pings.open` is given."""
        return {
            "title": self.name.text().strip(), "due": self.due.dateTime().toMSecsSinceEpoch(), "forum": self.forum.text().strip(),
            "exercise": self.exercise.isChecked(), "contacts": [one.contact for one in self._candidates()],
        }  # fmt: skip
