"""Opening what a courier brought: several bundles at once, what came, what is missing, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import CourierImport
from valise.domain.errors import ValiseError
from valise.ui import icons, theme, zoom
from valise.ui.exchange import courier_said as said
from valise.ui.exchange.drop import files_of
from valise.ui.exchange.relay_dialogs import Sure
from valise.ui.exchange.stopping import Stopping
from valise.ui.language import translate
from valise.ui.strings import tell
from valise.ui.tasks import Runner, Task
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import threatens
from valise.ui.widgets.buttons import Card, ProgressLine, ScrollPage, button, row
from valise.ui.widgets.files import forgetful, home
from valise.ui.widgets.flow import flowing
from valise.ui.widgets.labels import SafeLabel, Words, muted, named, small

WIDTH, MOST = 640, 50


def pick_files(parent: QWidget, title: str, chosen: Callable[[list[Path]], object]) -> QFileDialog:
    """Ask for files to read, several at once."""
    dialog = QFileDialog(parent, title, home())
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(translate("exchange", "Bundles (*.valise);;All files (*)"))
    dialog.filesSelected.connect(lambda names: chosen([Path(one) for one in names]))
    dialog.finished.connect(dialog.deleteLater)
    forgetful(dialog)
    dialog.open()
    return dialog


class WipeDialog(Sure):
    """Delete a bundle from the stick: only when a person says so, and ticks that it is meant."""

    def __init__(self, parent: QWidget, file: Path, wipe: Callable[[], object]) -> None:
        super().__init__(parent, self.tr("Delete the bundle from the stick"), self.tr("Delete it"), wipe, danger=True)
        self.inner.addWidget(SafeLabel(file.name, "strong", self))
        self.add(self.tr("Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while."))
        self.tick = QCheckBox(self.tr("Nobody else of our delegation has to open this file"), self)
        named(self.tick, self.tick.text())
        self.tick.toggled.connect(self._settle)
        self.inner.addWidget(self.tick)
        self._settle(False)
        self.tick.setFocus()

    def _settle(self, meant: bool) -> None:
        self.do_it.setEnabled(meant)
        threatens(self.do_it, meant)


class Bundle(Card):
    """One file: waiting, being opened, or what it was. `again(delegation)`, `wipe()`, `retry()`."""

    again = Signal(str)
    wipe = Signal()
    retry = Signal()

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=theme.SPACE.m)
        self.file = file
        self.found: CourierImport | None = None
        self.error: ValiseError | None = None
        self.box.setSpacing(theme.SPACE.xs)
        named(self, file.name)
        self.sign = QLabel(self)
        self.sign.setFixedSize(20, 20)
        icons.bind(self.sign, "file", "muted", 20)
        self.what = Words(self.tr("Waits its turn"), "strong", self)
        head = row(self.sign, self.what)
        head.setStretch(1, 1)
        self.box.addLayout(head)
        self.name = SafeLabel(file.name, "small", self)
        self.box.addWidget(self.name)
        self.progress = ProgressLine(self)
        keep = self.progress.sizePolicy()
        keep.setRetainSizeWhenHidden(False)
        self.progress.setSizePolicy(keep)
        self.box.addWidget(self.progress)
        self._body: QWidget | None = None
        self.inner = self._afresh()

    def _afresh(self) -> QVBoxLayout:
        """An empty place for what is said below."""
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget(self)
        made = QVBoxLayout(self._body)
        made.setContentsMargins(0, 0, 0, 0)
        made.setSpacing(2)
        self.box.addWidget(self._body)
        return made

    def begin(self) -> None:
        """It is being opened."""
        self.error = None
        self.inner = self._afresh()
        self.what.setText(self.tr("Being opened…"))
        self.progress.wait()

    def show_stopped(self) -> None:
        """Somebody stopped it."""
        self.progress.rest()
        self.what.setText(self.tr("Stopped. What came in by then is kept; open it again for the rest."))

    def show_error(self, error: ValiseError) -> None:
        """It could not be read."""
        self.error = error
        self.progress.rest()
        self.inner = self._afresh()
        told = tell(error)
        icons.bind(self.sign, "warning", "warn", 20)
        self.what.setText(told.happened)
        for words in (told.confidentiality, told.todo):
            self.inner.addWidget(Words(words, "", self))
        self.inner.addLayout(flowing(button(self.tr("Try again"), self.retry.emit, icon="refresh", parent=self)))

    def show_found(self, one: CourierImport) -> None:
        """What it was."""
        self.found = one
        self.progress.rest()
        self.inner = self._afresh()
        words, sign, tone = said.kind(one)
        icons.bind(self.sign, sign, tone, 20)
        self.what.setText(words)
        who = said.sender(one)
        if who:
            self.inner.addWidget(small(who, self))
        for line in said.details(one):
            self.inner.addWidget(Words(line, "", self))
        buttons = []
        if one.sender and one.kind in ("new", "old", "doubled", "torn"):
            back = button(self.tr("Take a bundle back…"), lambda: self.again.emit(one.sender), icon="upload", parent=self)
            why = self.tr("Take a bundle back, so that {0} knows it arrived.").format(isolate(one.name))
            named(back, back.text(), why)
            self.inner.addWidget(muted(why, self))
            buttons.append(back)
        if one.wipeable:
            wipe = button(self.tr("Delete from the stick…"), self.wipe.emit, kind="quiet", parent=self)
            named(wipe, self.tr("Delete {0} from the stick").format(isolate(self.file.name)))
            buttons.append(wipe)
        if buttons:
            self.inner.addSpacing(theme.SPACE.xs)
            self.inner.addLayout(flowing(*buttons))

    def show_wiped(self) -> None:
        """The file is gone."""
        self.name.setText(self.tr("{0}, deleted from the stick").format(isolate(self.file.name)))
        if self.found is not None:
            self.show_found(replace(self.found, wipeable=False))


class ImportDialog(Stopping):
    """Choose files or drop them; each is opened in turn. `again(delegations)` asks for a bundle to take back."""

    again = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=WIDTH)
        self.door, self.runner = door, runner
        self.bundles: list[Bundle] = []
        self._task: Task | None = None
        self._now: Bundle | None = None
        self._stopping = False
        self.dialog: Sure | None = None
        self.setAcceptDrops(True)
        self.begin(self.tr("Open bundles of a courier"))
        self.lead = muted(
            self.tr(
                "Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing "
                "is changed on the stick."
            ),
            self,
        )
        self.column.addWidget(self.lead)
        self.page = ScrollPage(self, width=4 * WIDTH)
        outer = self.page.widget()
        assert outer is not None
        layout = outer.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, 0)
        self.page.box.setSpacing(theme.SPACE.s)
        self.page.box.addStretch(1)
        self.page.setMinimumHeight(120)
        self.page.hide()
        outer.installEventFilter(self)
        self.column.addWidget(self.page, 1)
        self.choose = button(self.tr("Choose files…"), self._pick, icon="download", parent=self)
        self.cancel = button(self.tr("Close"), self.stop, kind="quiet", parent=self)
        self.column.addSpacing(theme.SPACE.xs)
        self.column.addLayout(row(self.choose, None, self.cancel))
        self.choose.setFocus()

    # -- its size

    def fit(self) -> None:
        """As high as what the bundles say, but no higher than the window below it: there the page scrolls."""
        super().fit()
        held, layout = self.page.widget(), self.page.widget().layout()
        if layout is None or not self.page.isVisible() or zoom.scrolls(self):
            return
        lacks = layout.totalHeightForWidth(held.width()) - self.page.viewport().height()
        below = self.parentWidget().window().height() if self.parentWidget() is not None else zoom.room(self).height()
        height = min(self.height() + lacks, below, zoom.room(self).height())
        if height > self.height():
            self.resize(self.width(), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return super().eventFilter(watched, event)

    # -- files

    def _pick(self) -> None:
        pick_files(self, self.tr("Open bundles"), self.add)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = files_of(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.add(files)

    def add(self, files: Sequence[Path]) -> None:
        """Open these, after those that wait."""
        there = {one.file for one in self.bundles}
        for file in [one for one in dict.fromkeys(files) if one not in there][: MOST - len(self.bundles)]:
            made = Bundle(file, self.page)
            made.again.connect(self._back)
            made.wipe.connect(self._wipe)
            made.retry.connect(self._retry)
            self.page.box.insertWidget(len(self.bundles), made)
            self.bundles.append(made)
        if self.bundles and not self.page.isVisible():
            self.page.show()
        self._next()

    def _next(self) -> None:
        if self._now is not None:
            return
        one = next((one for one in self.bundles if one.found is None and one.error is None), None)
        if one is None or self._stopping:
            self.cancel.setText(self.tr("Close"))
            return
        self._now = one
        one.begin()
        self.cancel.setText(self.tr("Stop"))
        self.page.ensureWidgetVisible(one)
        file = one.file
        self._task = self.runner.run(
            lambda progress: self.door.courier.take(file, progress), self._taken, self._failed,
            on_progress=one.progress.show_progress, owner=self,
        )  # fmt: skip

    def _taken(self, found: CourierImport) -> None:
        one, self._now, self._task = self._now, None, None
        assert one is not None
        one.show_found(found)
        self._next()
        if self._now is None:
            self.cancel.setFocus()

    def _failed(self, error: ValiseError) -> None:
        one, self._now, self._task = self._now, None, None
        assert one is not None
        one.show_error(error)
        self._next()

    def _retry(self) -> None:
        one = self.sender()
        if isinstance(one, Bundle):
            one.error = None
            self._next()

    # -- stopping and next steps

    def _stopped(self) -> None:
        self._task, self._now, self._stopping = None, None, False
        self.cancel.setEnabled(True)
        self.cancel.setText(self.tr("Close"))
        for one in [one for one in self.bundles if one.found is None and one.error is None]:
            one.show_stopped()
            one.error = ValiseError("courier.stopped")

    def _back(self, delegation: str) -> None:
        if self._task is None:
            super().reject()
            self.again.emit([delegation])

    def _wipe(self) -> None:
        one = self.sender()
        if not isinstance(one, Bundle):
            return
        file = one.file

        def wipe() -> None:
            self.runner.run(lambda: self.door.courier.wipe(file), lambda _none: one.show_wiped(), one.show_error, owner=one)

        self.dialog = WipeDialog(self, file, wipe)
        self.dialog.open()
