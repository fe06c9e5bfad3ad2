"""Asking once before something that cannot be taken back: one sentence, what follows from it, two buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, heading


class Confirm(QDialog):
    """Opens at once; `yes` is called when it is confirmed. Escape and the first button leave things as they are."""

    def __init__(
        self, parent: QWidget, question: str, consequence: str, do_it: str, yes: Callable[[], object], *,
        danger: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(self.tr("Please confirm"))
        self.setModal(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.m)
        self.question = heading(question, self)
        self.consequence = Words(consequence, parent=self)
        box.addWidget(self.question)
        box.addWidget(self.consequence)
        box.addSpacing(theme.SPACE.s)
        self.leave = button(self.tr("Leave as it is"), self.reject, parent=self)
        self.do_it = button(do_it, self.accept, kind="danger" if danger else "primary", parent=self)
        box.addLayout(row(None, self.leave, self.do_it))
        self.setMinimumWidth(440)
        self.setMaximumWidth(620)
        self.accepted.connect(yes)
        self.finished.connect(self.deleteLater)
        self.leave.setFocus()
        self.open()
