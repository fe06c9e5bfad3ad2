"""One dialog for everything that is said about an incident: what it means, to whom it goes, the fields it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_incidents import IncidentView
from valise.domain.errors import ValiseError
from valise.domain.incident.template import Template
from valise.ui import actions, theme
from valise.ui.incidents import said
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.incidents.fields import FormField
from valise.ui.incidents.moments import MomentField
from valise.ui.messages.files import FileTray
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean
from valise.ui.texts.script import from_editor
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.badge import MarkingLabel
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.files import pick_file
from valise.ui.widgets.labels import SafeLabel, Words, named
from valise.ui.widgets.notice import NoticeBar


class SayDialog(Asking):
    """`wanted(form, extras)`: keys of the form, and what else was asked for by name. Then `accept()` or `refused(error)`."""

    wanted = Signal(object, object)

    def __init__(
        self, name: str, one: IncidentView, words: Template, parent: QWidget | None = None, *, leaves: bool = True, to: str = ""
    ) -> None:
        """`to` says who reads it where that is not the room of the incident; `leaves` False: nobody but us."""
        super().__init__(parent, width=580)
        self.one, self.words = one, words
        self.fields: dict[str, FormField] = {}
        self.extras: dict[str, Callable[[], Any]] = {}
        self.moments: list[MomentField] = []
        self.typed: dict[str, Callable[[str], object]] = {}  # what was typed beside the form can be put back
        self.keep: Callable[[dict[str, Any]], object] = lambda _written: None
        self._before: dict[str, Any] = {}
        self._tray: FileTray | None = None
        banner = ExerciseBanner(self)
        self.column.addWidget(banner)
        banner.show_exercise(one.row.exercise)
        self.begin(name)
        self.column.addWidget(SafeLabel(clean(one.row.title, lines=False), "strong", self))
        if leaves:
            marks: list[QWidget] = [MarkingLabel(mark, self) for mark in (one.row.tlp, one.row.national) if mark]
            place = SafeLabel(to or self._readers(one), "muted", self)
            self.column.addWidget(place)
            self.column.addLayout(row(Words(self.tr("Marked"), "muted", self), *marks, None))
        else:
            self.say(self.tr("This stays inside your delegation."), "muted")
        self.bar = NoticeBar(self)
        self.column.addWidget(self.bar)
        self._body = QVBoxLayout()
        self._body.setSpacing(theme.SPACE.m)
        self.column.addLayout(self._body)

    def _readers(self, one: IncidentView) -> str:
        """A room of two bears the name of the other delegation: "everybody in" it would be a whole country."""
        if len(one.readers) == 1:
            return self.tr("Only {0} reads it.").format(said.names(one.readers))
        return self.tr("Everybody in {0} reads it.").format(one.place)

    def say(self, words: str, role: str = "muted") -> Words:
        """A sentence of ours, in its place among what is asked."""
        made = Words(words, role, self)
        (self._body if hasattr(self, "_body") else self.column).addWidget(made)
        return made

    def scroll(self) -> None:
        """For many fields: they scroll."""
        page = ScrollPage(self, width=600)
        self.column.addWidget(page, 1)
        self._body = page.box
        self.resize(640, 640)

    def ask(self, keys: Sequence[str], required: Sequence[str] = (), values: dict[str, Any] | None = None) -> SayDialog:
        """Keys of the form."""
        for key in keys:
            field = FormField(self.words, key, required=key in required, parent=self)
            if values and key in values:
                field.set_value(values[key])
            field.changed.connect(self._allow)
            self.fields[key] = field
            self._body.addWidget(field)
        return self

    def ask_words(self, name: str, label: str, *, lines: int = 3, value: str = "") -> SayDialog:
        """Words beside the form."""
        self._body.addWidget(Words(label, "strong", self))
        if lines > 1:
            box = named(QPlainTextEdit(self), label)
            box.setPlainText(value)
            box.setTabChangesFocus(True)
            box.setFixedHeight(box.fontMetrics().lineSpacing() * lines + 22)
            box.textChanged.connect(self._allow)
            self.extras[name] = lambda: from_editor(box.toPlainText()).strip()
            self.typed[name] = box.setPlainText
            self._body.addWidget(box)
        else:
            line = named(QLineEdit(value, self), label)
            line.textChanged.connect(self._allow)
            self.extras[name] = lambda: from_editor(line.text()).strip()
            self.typed[name] = line.setText
            self._body.addWidget(line)
        return self

    def ask_choice(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> SayDialog:
        """One of several: (value, words)."""
        self._body.addWidget(Words(label, "strong", self))
        box = named(QComboBox(self), label)
        for value, words in choices:
            box.addItem(clean(words, lines=False), value)
        self.extras[name] = box.currentData
        self._body.addWidget(box)
        return self

    def ask_ticks(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> SayDialog:
        """Any number of several."""
        self._body.addWidget(Words(label, "strong", self))
        boxes = {}
        for value, words in choices:
            shown = clean(words, lines=False)
            boxes[value] = named(QCheckBox(shown.replace("&", "&&"), self), shown)
            boxes[value].toggled.connect(lambda _on: self._allow())
            self._body.addWidget(boxes[value])
        self.extras[name] = lambda: [value for value, box in boxes.items() if box.isChecked()]
        return self

    def ask_moment(self, name: str, label: str, value: int = 0) -> SayDialog:
        """A time in UTC, or none."""
        field = MomentField(label, self)
        field.set_value(value)
        field.changed.connect(self._allow)
        self.extras[name] = field.value
        self.moments.append(field)
        self._body.addWidget(field)
        return self

    def ask_files(self, door: Door, runner: Runner) -> SayDialog:
        """Files to go along, sealed for the room of the incident."""
        tray = FileTray(door, runner, self)
        tray.changed.connect(self._allow)
        tray.failed.connect(self.bar.show_error)
        step = button(self.tr("Attach a file…"), icon="attach", kind="quiet", parent=self)
        step.clicked.connect(lambda: pick_file(
            self, self.tr("Attach a file"), "", lambda path: tray.add(self.one.row.room, path)))  # fmt: skip
        self._body.addWidget(tray)
        self._body.addLayout(row(step, None))
        self.extras["files"] = tray.ids
        self._tray = tray
        return self

    def written(self) -> dict[str, Any]:
        """What could be put back after a lock."""
        return {"form": self.form(), "words": {name: self.extras[name]() for name in self.typed}}

    def restore(self, written: dict[str, Any]) -> None:
        """Put back what was being said; what does not fit any more is left out."""
        for key, value in written.get("form", {}).items():
            if key in self.fields:
                self.fields[key].set_value(value)
        for name, words in written.get("words", {}).items():
            if name in self.typed:
                self.typed[name](words)
        self.bar.say(self.tr("What you wrote before is here again."), tone="info")

    def reject(self) -> None:
        """Closed without being said, by a person or by a lock: what was typed is kept."""
        if self._before and self.written() != self._before:
            self.keep(self.written())
        super().reject()

    def close_with(self, words: str, *, needs: Callable[[SayDialog], bool] | None = None, danger: bool = False) -> SayDialog:
        """The buttons; `needs(dialog)` says whether enough is filled in."""
        self._needs = needs or (lambda _dialog: True)
        self._body.addStretch(1)
        self.go = button(words, self._go, kind="danger" if danger else "primary", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.end(self.cancel, self.go)
        QShortcut(actions.portable("Ctrl+Return"), self).activated.connect(self._go)
        self._before = self.written()
        self._allow()
        asked = [field.editor for field in self.fields.values()]
        asked += [one for one in self.findChildren(QWidget) if isinstance(one, (QPlainTextEdit, QLineEdit, QCheckBox))]
        (asked[0] if asked else self.cancel).setFocus()
        return self

    def form(self) -> dict[str, Any]:
        """What is filled in, empty values too."""
        return {key: field.value() for key, field in self.fields.items()}

    def said(self) -> dict[str, Any]:
        """What was asked for beside the form."""
        return {name: value() for name, value in self.extras.items()}

    def _allow(self) -> None:
        if hasattr(self, "go"):
            whole = all(field.valid() for field in (*self.fields.values(), *self.moments))
            filled = all(_there(field.value()) for field in self.fields.values() if field.required)
            self.go.setEnabled(whole and filled and not (self._tray and self._tray.busy) and self._needs(self))

    def _go(self) -> None:
        if self.go.isEnabled():
            self.go.setEnabled(False)
            self.wanted.emit(self.form(), self.said())

    def refused(self, error: ValiseError) -> None:
        """It was not said; the words are still here."""
        self.bar.show_error(error)
        self._allow()
        self.fit()  # the notice takes no room from what is asked


def _there(value: Any) -> bool:
    return bool(value) or value == 0


def row_names(one: IncidentView) -> list[tuple[str, str]]:
    """Offers that can be taken, by who made them."""
    return [
        (offer.id, f"{offer.by.name} ({offer.by.code}): {' '.join(offer.words.split())[:160]}")
        for offer in one.offers if offer.state in ("open", "chosen")
    ]  # fmt: skip
