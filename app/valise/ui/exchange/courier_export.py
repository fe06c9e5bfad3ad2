"""Making a bundle for the courier: for whom, where to, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import CourierExport, CourierWaiting
from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.exchange import courier_said as said
from valise.ui.exchange.stopping import Stopping
from valise.ui.exchange.table import Cell, Column, Rows, Table
from valise.ui.language import listed
from valise.ui.tasks import Runner, Task
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.files import pick_folder
from valise.ui.widgets.labels import SafeLabel, Words, heading, muted, small
from valise.ui.widgets.notice import NoticeBar

WIDTH = 640


class ExportDialog(Stopping):
    """Ticks, a place, one button; then the result. `done_with` is what was written, None until then."""

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None, delegations: Sequence[str] = ()) -> None:
        super().__init__(parent, width=WIDTH)
        self.door, self.runner = door, runner
        self.folder: Path | None = None
        self.done_with: CourierExport | None = None
        self._task: Task | None = None
        self._stopping = False
        self.begin(self.tr("Make a bundle for the courier"))
        self.stack = QStackedWidget(self)
        self.column.addWidget(self.stack, 1)
        self.ask, self.result = QWidget(self), QWidget(self)
        self.stack.addWidget(self.ask)
        self.stack.addWidget(self.result)
        self._build_ask()
        self.result_box = QVBoxLayout(self.result)
        self.result_box.setContentsMargins(0, 0, 0, 0)
        self.result_box.setSpacing(theme.SPACE.s)
        self.cancel = button(self.tr("Cancel"), self.stop, kind="quiet", parent=self)
        self.go = button(self.tr("Make the bundle"), self.write, kind="primary", parent=self)
        self.end(self.cancel, self.go)
        self._fill(delegations)

    def _build_ask(self) -> None:
        box = QVBoxLayout(self.ask)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        box.addWidget(muted(
            self.tr(
                "One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name "
                "stands on it."
            ), self))  # fmt: skip
        self.rows = Rows(
            (
                Column(self.tr("Delegation"), lambda one: Cell(isolate(f"{one.code} {one.name}"), bold=True)),
                Column(self.tr("Waiting"), lambda one: Cell(*said.amount(one), tone="text" if one.items else "muted"), 165),
                Column(self.tr("Last bundle"), lambda one: Cell(*said.before(one)), 165),
            ),
            lambda one: one.delegation, said.waiting_spoken, self, ticks=True,
        )  # fmt: skip
        self.rows.ticked.connect(self._settle)
        self.table = Table(self.tr("For whom"), self.rows, self.ask, help_=self.tr("Arrows move; Space ticks"))
        self.table.setMinimumHeight(190)
        box.addWidget(self.table, 1)
        self.nobody = EmptyState(
            "contacts", self.tr("There is nobody to make a bundle for"),
            self.tr("Open the identity card of a delegation under Contacts first."), parent=self.ask,
        )  # fmt: skip
        box.addWidget(self.nobody, 1)
        self.sum = small("", self.ask)
        box.addWidget(self.sum)
        self.choose = button(self.tr("Choose the stick or folder…"), self._pick, icon="folder", parent=self.ask)
        self.where = SafeLabel(self.tr("None chosen"), "muted", self.ask)
        line = row(self.choose, self.where)
        line.setStretch(1, 1)
        box.addLayout(line)
        self.notice = NoticeBar(self.ask)
        box.addWidget(self.notice)
        self.progress = ProgressLine(self.ask)
        box.addWidget(self.progress)

    def _fill(self, delegations: Sequence[str]) -> None:
        found = self.door.courier.waiting()
        self.rows.follow(found)
        wanted = set(delegations)
        self.rows.checked = {one.delegation for one in found if (one.delegation in wanted if wanted else one.items)}
        self.table.settle()
        self.table.setVisible(bool(found))
        self.nobody.setVisible(not found)
        self._settle()
        (self.choose if self.rows.checked else self.table if found else self.cancel).setFocus()

    def chosen(self) -> list[CourierWaiting]:
        """The ticked ones, in their order."""
        return [one for one in self.rows.rows if one.delegation in self.rows.checked]

    @property
    def busy(self) -> bool:
        """It is being written."""
        return self._task is not None

    def _settle(self) -> None:
        self.sum.setText(said.summary(self.chosen()) if self.rows.rows else "")
        if hasattr(self, "go"):
            self.go.setEnabled(bool(self.chosen()) and self.folder is not None and not self.busy)

    def _pick(self) -> None:
        pick_folder(self, self.tr("Choose a stick or a folder"), self.set_folder)

    def set_folder(self, folder: Path) -> None:
        """Where to."""
        self.folder = folder
        self.where.setText(str(folder))
        self._settle()
        if self.go.isEnabled():
            self.go.setFocus()

    # -- writing

    def write(self) -> None:
        """Make it."""
        folder, whom = self.folder, [one.delegation for one in self.chosen()]
        if folder is None or not whom or self.busy:
            return
        self.notice.hide()
        for one in (self.table, self.choose, self.go):
            one.setEnabled(False)
        self.progress.wait()
        self.cancel.setText(self.tr("Stop"))
        self.cancel.setFocus()
        self._task = self.runner.run(
            lambda progress: self.door.courier.export(folder, whom, progress), self._written, self._failed,
            on_progress=self.progress.show_progress, owner=self,
        )  # fmt: skip

    def _rest(self) -> None:
        self._task, self._stopping = None, False
        self.progress.rest()
        self.cancel.setText(self.tr("Cancel"))
        for one in (self.table, self.choose, self.cancel):
            one.setEnabled(True)
        self._settle()

    def _stopped(self) -> None:
        self._rest()
        self.notice.say(
            self.tr("Stopped. No bundle was made."), self.tr("Nothing left this device unsealed."),
            self.tr("Everything still waits here."), "info",
        )  # fmt: skip

    def _failed(self, error: ValiseError) -> None:
        self._rest()
        self.notice.show_error(error)
        self.choose.setFocus()

    def _written(self, made: CourierExport) -> None:
        self._rest()
        self.done_with = made
        box, names = self.result_box, {one.delegation: f"{one.code} {one.name}" for one in self.rows.rows}
        sign = QLabel(self.result)
        sign.setFixedSize(28, 28)
        icons.bind(sign, "check-circle", "good", 28)
        head = row(sign, heading(self.tr("Bundle {0} is ready").format(made.number), self.result), None)
        box.addLayout(head)
        first, *rest = said.written(made)
        box.addWidget(Words(first, "strong", self.result))
        self.place = SafeLabel(str(made.place.parent), "small", self.result)
        box.addWidget(self.place)
        for words in rest:
            box.addWidget(Words(words, "", self.result))
        box.addSpacing(theme.SPACE.xs)
        whom = listed(isolate(names.get(one, "")) for one in made.delegations)
        box.addWidget(Words(self.tr("It is for: {0}").format(whom), "", self.result))
        box.addWidget(muted(
            self.tr("Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came."),
            self.result))  # fmt: skip
        box.addStretch(1)
        self.stack.setCurrentWidget(self.result)
        self.go.hide()
        self.cancel.setText(self.tr("Done"))
        self.cancel.setFocus()
        self.fit()
