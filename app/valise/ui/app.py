"""The application: one instance, dressed, translated; unlock, then the main window; locking ends the process."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCryptographicHash,
    QLockFile,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QApplication, QWidget

from valise import settings
from valise.domain.errors import ValiseError
from valise.system import keeper
from valise.system.paths import folders, own
from valise.ui import access, language, motion, theme, zoom
from valise.ui.first.front import Front
from valise.ui.first.unlock import UnlockPage
from valise.ui.locking.signals import Signals

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

    from valise.desk.door import Door, Gate
    from valise.ui.first.wizard import FillSample
    from valise.ui.window import MainWindow

WAIT_MS = 500
LISTEN_MS = 200  # after the first paint


class Single(QObject):
    """One window per vault folder. `called` when a second start asked for the window.

    A lock file decides who is first (QtNetwork is not loaded for it); a local socket, opened after the window is shown,
    lets the second start ask.
    """

    called = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # The name is visible to other programs: a hash, not the path.
        whole = QCryptographicHash.hash(str(folder.resolve()).encode(), QCryptographicHash.Algorithm.Sha256)
        self.name = "valise-" + bytes(whole.toHex().data()).decode()[:16]
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """True when we are the first; otherwise the running window was asked to show itself."""
        try:
            place = own(folders().runtime)
        except ValiseError:
            return True  # no place of our own for it; the vault's own lock still keeps a second writer out
        self._lock = QLockFile(str(place / f"{self.name}.lock"))
        self._lock.setStaleLockTime(0)  # only a dead process makes it stale, never age
        if self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError:
            return True
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if socket.waitForConnected(WAIT_MS):
            socket.disconnectFromServer()
        return False

    def listen(self) -> None:
        """Begin to hear second starts."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._called)
        if not server.listen(self.name):
            QLocalServer.removeServer(self.name)  # left behind by a process that was killed
            server.listen(self.name)
        self._server = server

    def _called(self) -> None:
        if self._server is not None:
            socket = self._server.nextPendingConnection()
            if socket is not None:
                socket.disconnected.connect(socket.deleteLater)
                socket.disconnectFromServer()
        self.called.emit()

    def release(self) -> None:
        """Give the name back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()


class Application(QObject):
    """Carries the window from the unlock page to the lock. `ended(reason)`: quit, closed, or why it locked."""

    ended = Signal(str)

    def __init__(
        self, gate: Gate, reason: str = "", fill_sample: FillSample | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._gate, self._fill = gate, fill_sample
        self.window: MainWindow | None = None
        self.front: Front | None = Front(gate, reason, fill_sample)
        self.front.opened.connect(self._opened, Qt.ConnectionType.QueuedConnection)

    def show(self) -> None:
        """Show the window of now."""
        window = self.shown()
        if window is not None:
            window.show()

    def bring(self) -> None:
        """A second start asked for the window: to the front with it."""
        window = self.shown()
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    def end(self) -> None:
        """The system or the terminal asks us to end: close the vault, if it is open, and quit."""
        if self.window is not None:
            self.window.lock("quit")
        elif self.front is not None:
            self.front.close()
            self.ended.emit("quit")

    def unlock_with(self, passphrase: bytearray) -> None:
        """Unlock with what the command line was given; wiped when there is nothing to unlock."""
        page = self.front.content if self.front is not None else None
        if isinstance(page, UnlockPage):
            page.unlock_with(passphrase)
        else:
            passphrase[:] = bytes(len(passphrase))

    def shown(self) -> QWidget | None:
        """The window of now."""
        return self.window if self.window is not None else self.front

    def _opened(self, door: Door) -> None:
        from valise.ui.settings.apply import apply_look
        from valise.ui.window import MainWindow

        front = self.front
        assert front is not None
        apply_look(door)
        self.window = MainWindow(door, runner=front.runner)
        self.window.watch.listen()
        self.window.locked.connect(self.ended)
        self.window.show()
        if front.founded:
            self.window.go("security", "steps")
        self.front = None
        front.close()
        front.deleteLater()


def _collect() -> None:
    """Of a process that was started without (cli.py): what the window is made of is never garbage, what comes may be."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def run(
    gate: Gate,
    argv: Sequence[str],
    *,
    reason: str = "",
    passphrase: bytearray | None = None,
    fill_sample: FillSample | None = None,
) -> int:
    """Run the window for the vault of `gate` until it is quit or locked. `reason` says why the one before it locked;
    a `passphrase` unlocks at once and is wiped.

    Returns the exit code of this process: 0 when it was quit, that of a lock by its reason (`keeper.LOCKED`: the keeper
    starts another), 128 + n when signal n asked for the end. The vault is closed; the caller ends the process.
    """
    look = gate.look()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        zoom.prepare(look)
        # By argument: setStyle would return a QStyle, and making that type known to Python takes 6 ms.
        app = QApplication([argv[0] if argv else "valise", "-style", "fusion"])
        app.setProperty("valiseStyle", True)
    if sys.platform.startswith("linux"):
        # A desktop's own file chooser may be another process: the name of the file would go over the session bus (C7).
        app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    access.install()
    app.setApplicationName("Valise")
    app.setDesktopFileName("valise")
    app.setQuitOnLastWindowClosed(True)
    zoom.watch(app)
    motion.current().choose(settings.get(look, "look.motion"))
    choice = look.get("theme", "system")
    theme.install(app, "light" if choice == "light" else "dark" if choice == "dark" else "system")
    spoken = look.get("language", "system")
    language.use(app, "" if spoken == "system" else spoken)
    single = Single(gate.folder, app)
    if not single.claim():
        return 0
    application = Application(gate, reason, fill_sample, app)
    single.called.connect(application.bring)
    ended: list[str] = []
    application.ended.connect(ended.append)
    application.ended.connect(app.quit)
    signals = Signals(app)
    signals.asked.connect(application.end)
    application.show()
    if passphrase is not None:
        application.unlock_with(passphrase)
    QTimer.singleShot(LISTEN_MS, _collect)
    QTimer.singleShot(LISTEN_MS, single.listen)
    QTimer.singleShot(LISTEN_MS, motion.current().listen)
    app.exec()
    single.release()
    signals.close()
    application.deleteLater()
    return 128 + signals.came[0] if signals.came else keeper.exit_code(ended[0] if ended else "quit")
