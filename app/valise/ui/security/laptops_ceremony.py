"""The ceremony in the window: open the root key, see in words what it will sign, sign, see that it is closed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.domain.errors import ValiseError
from valise.ui import icons, theme
from valise.ui.security.key_file import KeyFile
from valise.ui.tasks import Runner
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import ProgressLine, ScrollPage, button, row
from valise.ui.widgets.files import read
from valise.ui.widgets.labels import Words, heading, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.shares_entry import SharesEntry

_LISTED = 200  # px of what will be signed that are always in sight
OPEN_FOR = 300_000  # ms: a root key that nobody uses is closed again


class CeremonyDialog(Asking):
    """`lines` say what will be signed, or what it `does` instead; `act()` runs on the writer thread once the key is open and
    the person signs, and its result comes with `signed`. However the dialog ends, the root key is closed."""

    signed = Signal(object)

    def __init__(
        self, door: Door, runner: Runner, lines: Sequence[str], act: Callable[[], Any], parent: QWidget | None = None,
        *, does: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent, width=600)
        self._door, self._runner, self._act = door, runner, act
        self._busy = self._over = False
        self._signs = not does
        self.begin(self.tr("The delegation's root key"))
        self.notice = NoticeBar(self)
        self.column.addWidget(self.notice)
        self.go = button(self.tr("Open the root key"), self.open_root, kind="primary", icon="unlock", parent=self)
        self.sign = button(does or self.tr("Sign and close the root key"), self._sign, kind="primary", parent=self)
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet", parent=self)
        self.steps = QStackedWidget(self)
        self.column.addWidget(self.steps, 1)
        self.steps.addWidget(self._opening())
        self.steps.addWidget(self._listing(lines))
        self.steps.addWidget(self._closed())
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.end(self.cancel, self.go, self.sign)
        self.clock = QTimer(self)
        self.clock.setSingleShot(True)
        self.clock.timeout.connect(self.reject)
        self._show(0)

    def _page(self) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget(self.steps)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        return page, box

    def _opening(self) -> QWidget:
        page, box = self._page()
        box.addWidget(
            Words(
                self.tr(
                    "Only the root key can say which laptops are yours. It is needed for a minute; then it goes back "
                    "to where it is locked away."
                ),
                "muted",
                page,
            )
        )
        self.by_file = QRadioButton(self.tr("From its key file and passphrase"), page)
        self.by_shares = QRadioButton(self.tr("From recovery shares on paper"), page)
        group = QButtonGroup(self)
        for choice in (self.by_file, self.by_shares):
            named(choice, choice.text())
            group.addButton(choice)
        self.by_file.setChecked(True)
        group.buttonClicked.connect(lambda _choice: self._which())
        box.addLayout(row(self.by_file, self.by_shares, None, spacing=theme.SPACE.l))
        self.key = KeyFile(page)
        self.entry = self.key.entry
        self.key.edited.connect(self._changed)
        self.key.submitted.connect(self.open_root)
        box.addWidget(self.key)
        self.shares = SharesEntry(page)
        self.shares.edited.connect(self._changed)
        self.shares.complete.connect(self._changed)
        self.shares.hide()
        box.addWidget(self.shares)
        box.addStretch(1)
        return page

    def _listing(self, lines: Sequence[str]) -> QWidget:
        page = ScrollPage(self.steps, width=600)
        named(page, self.tr("What will be signed"))
        sign = QLabel(page)
        icons.bind(sign, "unlock", "warn", 24)
        self.open_now = heading(self.tr("The root key is open."), page)
        inner = page.widget().layout()
        assert inner is not None
        inner.setContentsMargins(0, 0, theme.SPACE.s, 0)
        page.box.setSpacing(theme.SPACE.m)
        line = row(sign, self.open_now)
        line.setStretch(1, 1)
        page.box.addLayout(line)
        only = self.tr("It will sign this, and nothing else:") if self._signs else self.tr("It is used for this, and nothing else:")
        page.box.addWidget(Words(only, "strong", page))
        self.lines = [Words(f"•  {one}", "", page) for one in lines]
        for one in self.lines:
            page.box.addWidget(one)
        if self._signs:
            page.box.addWidget(Words(self.tr("Every counterpart sees the change with the next exchange."), "muted", page))
        page.box.addStretch(1)
        return page

    def _closed(self) -> QWidget:
        page, box = self._page()
        sign = QLabel(page)
        icons.bind(sign, "lock", "good", 24)
        line = row(sign, heading(self.tr("The root key is closed again."), page))
        line.setStretch(1, 1)
        box.addLayout(line)
        box.addWidget(
            Words(
                self.tr(
                    "Take the stick with the key file out now and lock it away. What this program held of the key has "
                    "been overwritten; copies the system made go when Valise is locked or closed."
                ),
                "",
                page,
            )
        )
        box.addStretch(1)
        return page

    def _which(self) -> None:
        shares = self.by_shares.isChecked()
        self.key.setVisible(not shares)
        self.shares.setVisible(shares)
        self.fit()
        (self.shares if shares else self.entry).setFocus()
        self._changed()

    def set_key(self, path: Path) -> None:
        """The delegation's key file, usually on a stick."""
        self.key.file.set_path(path)

    def _changed(self) -> None:
        ready = self.shares.is_complete() if self.by_shares.isChecked() else self.key.ready()
        self.go.setEnabled(ready and not self._busy)

    def open_root(self) -> None:
        """Open the key with what was given; deriving takes seconds and runs beside the window."""
        self._changed()
        if not self.go.isEnabled():
            return
        door = self._door
        self.notice.close_notice()
        if self.by_shares.isChecked():
            words = self.shares.take()
            self._work(lambda: door.laptops.open_shares(words), lambda _none: self._opened())
            return
        path, given = self.key.path, self.entry.take()
        assert path is not None

        def opening() -> None:
            try:
                door.laptops.open_key(read(path), given)
            finally:
                given[:] = bytes(len(given))

        self._work(opening, lambda _none: self._opened())

    def _opened(self) -> None:
        self._rest()
        self._show(1)
        self.clock.start(OPEN_FOR)

    def _sign(self) -> None:
        self.clock.stop()
        self._work(self._act, self._done)

    def _done(self, made: object) -> None:
        self._rest()
        self._over = True
        self._shut()
        self._show(2)
        self.signed.emit(made)

    def _show(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self.steps.widget(1).setMinimumHeight(_LISTED if step == 1 else 0)
        for at in range(self.steps.count()):  # the others ask for no room
            how = QSizePolicy.Policy.Preferred if at == step else QSizePolicy.Policy.Ignored
            self.steps.widget(at).setSizePolicy(QSizePolicy.Policy.Preferred, how)
        if self.isVisible():
            self.resize(self.width(), 0)
            self.fit()
        self.go.setVisible(step == 0)
        self.sign.setVisible(step == 1)
        leave = self.tr("Close it without signing") if self._signs else self.tr("Close it, do nothing")
        self.cancel.setText([self.tr("Cancel"), leave, self.tr("Done")][step])
        named(self.cancel, self.cancel.text())
        (self.key, self.sign, self.cancel)[step].setFocus()
        self._changed()

    def _work(self, act: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._busy = True
        self.progress.wait()
        self.steps.setEnabled(False)
        for one in (self.go, self.sign, self.cancel):
            one.setEnabled(False)
        self._runner.run(act, done, self._failed, owner=self)

    def _rest(self) -> None:
        self._busy = False
        self.progress.rest()
        self.steps.setEnabled(True)
        for one in (self.sign, self.cancel):
            one.setEnabled(True)
        self._changed()

    def _failed(self, error: ValiseError) -> None:
        signing = self.steps.currentIndex() == 1
        self._rest()
        self.notice.show_error(error)
        if signing:  # whatever went wrong, the desk has closed the key
            self._shut()
            self._show(0)
        elif self.by_file.isChecked():
            self.entry.setFocus()

    def _shut(self) -> None:
        self.clock.stop()
        laptops = self._door.laptops
        self._runner.run(laptops.close)

    def reject(self) -> None:
        """Close the key, whatever was open; not in the midst of a signature."""
        if self._busy:
            return
        self._shut()
        if self._over:
            self.accept()
        else:
            super().reject()
