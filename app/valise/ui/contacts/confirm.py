"""Asking once before something that cannot be taken back: one sentence, what follows from it, two buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button


class Confirm(Asking):
    """Opens at once; `yes` is called when it is confirmed. Escape and the first button leave things as they are."""

    def __init__(
        self, parent: QWidget, question: str, consequence: str, do_it: str, yes: Callable[[], object], *,
        danger: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent, width=440)
        self.setModal(True)
        self.setMaximumWidth(620)
        self.begin(self.tr("Please confirm"), question)
        self.question = self.title
        self.consequence = self.say(consequence, "")
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.do_it = button(do_it, self.accept, kind="danger" if danger else "primary", parent=self)
        self.end(self.leave, self.do_it)
        self.accepted.connect(yes)
        self.leave.setFocus()
        self.open()
