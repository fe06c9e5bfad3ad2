"""What a STIX bundle would become, before anything is taken in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from valise.desk.door_incidents import Preview
from valise.domain.incident import form as forms
from valise.domain.incident.template import Template
from valise.ui.incidents import said
from valise.ui.incidents.banner import ExerciseBanner
from valise.ui.language import listed
from valise.ui.text_safe import shorten
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.badge import MarkingLabel
from valise.ui.widgets.buttons import ScrollPage, button, row
from valise.ui.widgets.labels import SafeLabel, Words, named

MOST = 200  # lines shown


class PreviewDialog(Asking):
    """`wanted()` when a draft should be made of it."""

    wanted = Signal()

    def __init__(self, preview: Preview, words: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=600)
        self.resize(640, 560)
        banner = ExerciseBanner(self)
        self.column.addWidget(banner)
        banner.show_exercise(preview.exercise)
        self.begin(self.tr("A STIX bundle"), self.tr("What this bundle would become"))
        taken = sum(one.taken for one in preview.found)
        self.say(self.tr("A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.").format(
            taken, len(preview.found) - taken + preview.left_out), "")  # fmt: skip
        self.column.addLayout(row(Words(self.tr("Marked"), "muted", self), MarkingLabel(preview.marking, self), None))
        page = ScrollPage(self, width=580)
        named(page, self.tr("What the bundle holds"))
        for key in ("title", "description", "national_marking"):
            if preview.form.get(key):
                page.box.addWidget(Words(said.label(words, key), "muted", page))
                page.box.addWidget(SafeLabel(shorten(said.told(words, key, preview.form[key]), 2_000), "", page))
        places = preview.form.get("infrastructure_in_recipient_territory")
        if places:
            page.box.addWidget(Words(said.label(words, "infrastructure_in_recipient_territory"), "muted", page))
            page.box.addWidget(SafeLabel(said.told(words, "infrastructure_in_recipient_territory", places[:MOST]), "", page))
        out = [one for one in preview.found if not one.taken]
        if out:
            page.box.addWidget(Words(self.tr("Kept out: patterns that name more than one address"), "muted", page))
            for one in out[:MOST]:
                page.box.addWidget(SafeLabel(shorten(one.words, 300), "", page))
        page.box.addStretch(1)
        self.column.addWidget(page, 1)
        missing = [said.label(words, key) for key in forms.missing("incident.open", preview.form)]
        if missing:
            self.say(self.tr("To be filled in by you: {0}").format(listed(missing)))
        self.cancel = button(self.tr("Leave it"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Make a draft of it"), self._go, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self.cancel.setFocus()

    def _go(self) -> None:
        self.go.setEnabled(False)
        self.wanted.emit()
        self.accept()
