"""The first run: four pages, one button on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.first.begin import BeginPage
from valise.ui.first.page import Page
from valise.ui.first.pages import CardPage, DelegationPage, PassphrasePage, RequestPage
from valise.ui.tasks import Runner
from valise.ui.widgets.buttons import ProgressLine, button, row
from valise.ui.widgets.labels import named, small

if TYPE_CHECKING:
    from valise.desk.door import Door, Gate

FillSample = Callable[["Door"], object]

BESIDE = theme.SPACE.m  # px for the bar of what scrolls


class FirstRun(QWidget):
    """`opened(door)` with a new delegation's vault; `joined()` when a further laptop waits to be admitted.

    `fill_sample(door)`, when given, puts invented data into the vault; it runs on the writer thread.
    """

    opened = Signal(object)
    joined = Signal()
    restoring = Signal()  # somebody has a backup
    practising = Signal()  # or wants to practise first

    def __init__(
        self, gate: Gate, runner: Runner, fill_sample: FillSample | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._gate, self._runner, self._fill = gate, runner, fill_sample
        self.door: Door | None = None
        named(self, self.tr("First run"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.xl, theme.SPACE.l, theme.SPACE.xl, theme.SPACE.l)
        box.setSpacing(theme.SPACE.s)
        self.step = small("", self)
        box.addWidget(self.step)
        self.stack = QStackedWidget(self)
        self.stack.setObjectName("scrolled")
        scroll = QScrollArea(self)  # the longest words of any language have room
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.stack)
        wide = QVBoxLayout()  # the bar of the scroll area stands beside the fields, not on them
        wide.setContentsMargins(-BESIDE, 0, -BESIDE, 0)
        wide.addWidget(scroll)
        box.addLayout(wide, 1)
        self.progress = ProgressLine(self)
        box.addWidget(self.progress)
        self.delegation = DelegationPage(self)
        self.passphrase = PassphrasePage(self)
        self.card = CardPage(self)
        self.begin = BeginPage(fill_sample is not None, self)
        self.request = RequestPage(self)
        for page in (self.delegation, self.passphrase, self.card, self.begin, self.request):
            self.stack.addWidget(page)
            page.box.setContentsMargins(BESIDE, 0, BESIDE, 0)
            page.ready.connect(self._ready)
        self.delegation.submitted.connect(self.on)
        self.passphrase.submitted.connect(self.on)
        self.card.kept.connect(self._to_next)
        self.back = button(self.tr("Back"), self._back, parent=self)
        self.next = button(self.tr("Continue"), self.on, kind="primary", parent=self)
        self.next.setDefault(True)
        self.restore = button(self.tr("I have a backup…"), self.restoring.emit, kind="quiet", icon="upload", parent=self)
        self.practise = button(self.tr("Practise first…"), self.practising.emit, kind="quiet", icon="flag", parent=self)
        box.addLayout(row(self.back, self.restore, self.practise, None, self.next))
        self._show(self.delegation)

    def page(self) -> Page:
        """The page shown."""
        page = self.stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def _joining(self) -> bool:
        return self.delegation.join.isChecked()

    def _path(self) -> list[Page]:
        if self._joining():
            return [self.delegation, self.passphrase, self.request]
        return [self.delegation, self.passphrase, self.card, self.begin]

    def _show(self, page: Page) -> None:
        self.stack.setCurrentWidget(page)
        self._caption()
        self.back.setVisible(page is self.passphrase)
        self.restore.setVisible(page is self.delegation)
        self.practise.setVisible(page is self.delegation)
        last = page is self.begin or page is self.request
        self.next.setText(self.tr("Open the vault") if page is self.begin else self.tr("Done") if last else
                          self.tr("Make the vault") if page is self.passphrase else self.tr("Continue"))  # fmt: skip
        named(self.next, self.next.text())
        self.next.setEnabled(page.is_ready())
        start = page.first()
        if start is not None:
            self.setFocusProxy(start)  # also for whoever gives the keyboard to the whole, before it is shown
            start.setFocus()

    def _caption(self) -> None:
        path = self._path()
        self.step.setText(self.tr("Step {0} of {1}").format(path.index(self.page()) + 1, len(path)))

    def _ready(self, ready: bool) -> None:
        if self.sender() is self.page():
            self.next.setEnabled(ready)
            self._caption()

    def _to_next(self) -> None:
        self.next.setFocus()

    def _back(self) -> None:
        self._show(self.delegation)

    def on(self) -> None:
        """What the button does on this page."""
        page = self.page()
        if not page.is_ready() or not self.stack.isEnabled():
            return
        if page is self.delegation:
            about = self.delegation
            self.passphrase.about = tuple(one.text() for one in (about.code, about.name, about.officer, about.role))
            self._show(self.passphrase)
        elif page is self.passphrase:
            self._make()
        elif page is self.card:
            self._show(self.begin)
        elif page is self.begin:
            self._finish()
        else:
            self.joined.emit()

    def _work(self, busy: bool) -> None:
        self.stack.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.next.setEnabled(not busy and self.page().is_ready())
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def _make(self) -> None:
        gate, given = self._gate, self.passphrase.take()
        officer, role = self.delegation.officer.text().strip(), self.delegation.role.text().strip()
        self._work(True)
        if self._joining():
            self._runner.run(
                lambda: gate.ask_enrolment(officer=officer, role=role, passphrase=given),
                self._asked,
                self._failed,
                owner=self,
            )
            return
        code, name = self.delegation.code.text(), self.delegation.name.text().strip()
        public = name if self.delegation.public.isChecked() else ""

        def create() -> tuple[Door, bytes, str, str]:
            door = gate.create(code=code, name=name, officer=officer, role=role, passphrase=given, public_name=public)
            contacts = door.contacts
            return door, contacts.own_card(), contacts.own_qr(), contacts.one(door.me().delegation).fingerprint

        self._runner.run(create, self._made, self._failed, owner=self)

    def _made(self, made: tuple[Door, bytes, str, str]) -> None:
        self.door, card, qr, fingerprint = made
        self._work(False)
        self.card.show_card(
            self.delegation.code.text(), self.delegation.name.text().strip(), card, qr, fingerprint, self._gate.folder
        )
        self._show(self.card)

    def _asked(self, request: bytes) -> None:
        self._work(False)
        self.request.show_request(request)
        self._show(self.request)

    def _failed(self, error: ValiseError) -> None:
        from valise.ui.strings import tell

        self._work(False)
        told = tell(error)
        page = self.page()
        if isinstance(page, PassphrasePage | BeginPage):
            page.say(f"{told.happened} {told.confidentiality} {told.todo}")
        start = page.first()
        if start is not None:
            start.setFocus()

    @property
    def sampled(self) -> bool:
        """Somebody looks around with invented data first."""
        return self._fill is not None and self.begin.sample.isChecked()

    def _finish(self) -> None:
        door, way, fill = self.door, self.begin.set_up(), self._fill
        assert door is not None
        with_sample = self.sampled
        if way is None and not with_sample:
            self.opened.emit(door)
            return

        def prepare() -> None:
            if way is not None:
                way(door)
            if with_sample and fill is not None:
                fill(door)

        self._work(True)
        self._runner.run(prepare, lambda _none: self._prepared(), self._failed, owner=self)

    def _prepared(self) -> None:
        self._work(False)
        self.opened.emit(self.door)
