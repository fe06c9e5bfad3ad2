"""The rule of four eyes: whether proposals wait for a second officer. One officer sets it, two lift it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from valise.desk.door import Door
from valise.desk.views import FourEyes
from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.labels import Words, heading, muted
from valise.ui.widgets.notice import NoticeBar


class ReleaseCard(Card):
    """Says how it stands and offers the next step."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self.box.addWidget(heading(self.tr("Release by a second officer"), self))
        self.box.addWidget(
            muted(
                self.tr(
                    "With this rule a proposal stays in your delegation until another officer, on another laptop, releases"
                    " it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once."
                    " A laptop that has not heard of the rule yet does not keep it."
                ),
                self,
            )
        )
        self.said = Words("", "", self)
        self.box.addWidget(self.said)
        self.bar = NoticeBar(self)
        self.step = button("", self._step, parent=self)
        self.box.addLayout(row(self.step, None))
        self.box.addWidget(self.bar)
        self._now = FourEyes(False, "", ())
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        self._show(self._door.internal.four_eyes())

    def _show(self, now: FourEyes) -> None:
        self._now = now
        own = self._door.me().officer
        if not now.on and not now.seconds:
            said = self.tr("Off. No second officer of your delegation has a laptop that may propose amendments.")
        elif not now.on:
            said = self.tr("Off: proposals leave at once.")
        elif not now.lifting:
            said = self.tr("On: every proposal waits for a second officer.")
        elif now.lifting == own:
            said = self.tr("On. You asked to lift it; it is lifted when a second officer asks too.")
        else:
            said = self.tr("On. {0} asks to lift it; it is lifted when you ask too.").format(isolate(now.lifting))
        self.said.setText(said)
        on = not now.on or now.lifting == own
        self.step.setText(
            self.tr("Wait for a second officer") if not now.on
            else self.tr("Keep the rule") if on else self.tr("Ask to lift the rule")
        )  # fmt: skip
        self.step.setAccessibleName(self.step.text())
        self.step.setEnabled("amend" in self._door.me().rights and (now.on or bool(now.seconds)))

    def _step(self) -> None:
        own = self._door.me().officer
        on = not self._now.on or self._now.lifting == own

        def failed(error: ValiseError) -> None:
            self.bar.show_error(error)

        self._runner.run(lambda: self._door.internal.want_four_eyes(on), self._show, failed, owner=self)
