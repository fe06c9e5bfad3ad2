"""One look before it is sent: to whom it goes, how it is marked, and every word that leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QGridLayout, QWidget

from valise.desk.door_incidents import Leaving
from valise.domain.incident import form as forms
from valise.domain.incident.template import Template
from valise.ui import actions, language, theme
from valise.ui.incidents import said
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.badge import MarkingLabel
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.labels import SafeLabel, Words, named


class LeavingDialog(Asking):
    """`wanted()` when it may be sent."""

    wanted = Signal()

    def __init__(self, leaving: Leaving, words: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=640)
        self.resize(680, 640)
        banner = ExerciseBanner(self)
        self.column.insertWidget(0, banner)
        banner.show_exercise(leaving.exercise)
        self.begin(self.tr("This leaves"))
        laptops = translate("incidents", "%n laptops", None, leaving.laptops)
        self.to = self.say(self.tr("To {0}, sealed for {1}. Nobody else reads it.").format(said.names(leaving.place.members), laptops), "strong")
        marks: list[QWidget] = [MarkingLabel(one, self) for one in leaving.marking]
        self.column.addLayout(row(Words(self.tr("Marked"), "muted", self), *marks, None))
        if leaving.embargo:
            self.say(self.tr("Nobody may send it on before {0}.").format(isolate(said.when(leaving.embargo))), "warn")
        if not leaving.form.get("attribution_disclaimer"):
            self.say(self.tr("You took away the sentence that this message attributes nothing to anybody."), "warn")
        page = ScrollPage(self, width=620)
        page.setObjectName("leaves")
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(theme.SPACE.l)
        grid.setVerticalSpacing(theme.SPACE.s)
        line = 0
        for one in forms.KEYS:
            if one.key in leaving.form and one.sort != "files":
                grid.addWidget(Words(said.label(words, one.key), "muted", page), line, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(SafeLabel(said.told(words, one.key, leaving.form[one.key]), "", page), line, 1, Qt.AlignmentFlag.AlignTop)
                line += 1
        for file in leaving.files:
            grid.addWidget(Words(said.label(words, "indicators"), "muted", page), line, 0)
            grid.addWidget(SafeLabel(f"{file.name} ({language.size(file.size)})", "", page), line, 1)
            line += 1
        grid.setColumnMinimumWidth(0, 170)
        page.box.addLayout(grid)
        page.box.addStretch(1)
        named(page, self.tr("Everything that leaves"))
        self.column.addWidget(page, 1)
        self.say(self.tr("Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected."))
        self.cancel = button(self.tr("Back to the form"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Send"), self._go, kind="primary", icon="send", parent=self)
        self.end(self.cancel, self.go)
        QShortcut(actions.portable("Ctrl+Return"), self).activated.connect(self._go)
        self.cancel.setFocus()

    def _go(self) -> None:
        if self.go.isEnabled():
            self.go.setEnabled(False)
            self.wanted.emit()
            self.accept()
