"""Commands on the one writer thread; results, errors and changes come back on the UI thread by queued signals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from valise.domain.errors import ValiseError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from valise.desk.views import Changes

Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """Raised inside a command, at its next progress call, when it was cancelled or the window closes."""


class Task:
    """One command under way. `cancel()` works until it starts, and at each progress call after that."""

    __slots__ = ("_done", "_error", "_owner", "_progress", "cancelled", "future", "unbegun")

    def __init__(
        self,
        done: Callable[[Any], object] | None,
        error: Callable[[ValiseError], object] | None,
        progress: Callable[[int, int], object] | None,
        owner: QObject | None,
    ) -> None:
        self._done, self._error, self._progress, self._owner = done, error, progress, owner
        self.cancelled = threading.Event()
        self.future: Future[None] | None = None
        self.unbegun: Callable[[Task], None] | None = None  # told when it will never begin

    def cancel(self) -> None:
        """Ask the command to stop; neither result nor error is delivered afterwards."""
        self.cancelled.set()
        unbegun, self.unbegun = self.unbegun, None
        if self.future is not None and self.future.cancel() and unbegun is not None:
            unbegun(self)

    @property
    def begun(self) -> bool:
        """Whether the command has started (or ended); one cancelled before it started never does."""
        return self.future is not None and not self.future.cancelled() and (self.future.running() or self.future.done())

    def _wanted(self, call: Callable[..., object] | None) -> bool:
        if call is None or self.cancelled.is_set():
            return False
        for one in (self._owner, getattr(call, "__self__", None)):
            if isinstance(one, QObject) and not shiboken6.isValid(one):
                return False
        return True


def join(one: Changes, other: Changes) -> Changes:
    """Both descriptors in one."""
    return type(one)(
        one.rooms | other.rooms,
        one.texts | other.texts,
        one.threads | other.threads,
        one.contacts | other.contacts,
        one.registers | other.registers,
        one.incidents | other.incidents,
        one.status or other.status,
        one.settings or other.settings,
    )


class Runner(QObject):
    """Owns the writer thread. Made on the UI thread; `close()` before it is destroyed.

    `changed(Changes)`: what commands touched, joined per turn of the event loop. `failed(ValiseError)`: an error of a
    command that brought no handler of its own. `busy(bool)`: whether commands are under way.
    """

    changed = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)
    _arrived = Signal(object, str, object)
    _announced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: ThreadPoolExecutor | None = None
        self._closed = False
        self._under_way: set[Task] = set()
        self._quiet: set[Task] = set()  # nobody is told that something is going on
        self._lock = threading.Lock()
        self._pending: Changes | None = None
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._announced.connect(self._flush, Qt.ConnectionType.QueuedConnection)

    @property
    def _pool(self) -> ThreadPoolExecutor:
        if self._made is None:
            from concurrent.futures import ThreadPoolExecutor  # not before the unlock page is painted

            self._made = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        return self._made

    def run(
        self,
        call: Callable[..., Any],
        on_done: Callable[[Any], object] | None = None,
        on_error: Callable[[ValiseError], object] | None = None,
        *,
        on_progress: Callable[[int, int], object] | None = None,
        owner: QObject | None = None,
        quiet: bool = False,
        aside: bool = False,
    ) -> Task:
        """Queue a command. With `on_progress`, `call` is given a Progress; without, nothing. Callbacks come on the UI
        thread, never for a closed runner, a cancelled task or a destroyed `owner`. `quiet`: `busy` does not tell of it. `aside`:
        it only waits for somebody outside and touches nothing of the vault, so that no other command waits behind it."""
        task = Task(on_done, on_error, on_progress, owner)
        if self._closed:
            task.cancel()
            return task
        if quiet:
            self._quiet.add(task)
        else:
            if not self._under_way:
                self.busy.emit(True)
            self._under_way.add(task)
        if aside:  # a thread that may be left behind when the window closes
            threading.Thread(target=self._work, args=(task, call, on_progress is not None), name="aside", daemon=True).start()
            return task
        task.future = self._pool.submit(self._work, task, call, on_progress is not None)
        task.unbegun = self._unbegun
        return task

    @property
    def idle(self) -> bool:
        """Nothing under way and nothing still to deliver."""
        return not self._under_way and not self._quiet

    def announce(self, changes: Changes) -> None:
        """Give this to `door.subscribe`; may be called from any thread."""
        with self._lock:
            first = self._pending is None
            self._pending = changes if self._pending is None else join(self._pending, changes)
        if first and not self._closed:
            self._announced.emit()

    def cancel_waiting(self) -> None:
        """Cancel everything queued so far; a command under way stops at its next progress call."""
        for task in [*self._under_way, *self._quiet]:
            task.cancel()

    def close(self, last: Callable[[], object] | None = None, seconds: float = 5.0) -> bool:
        """Run what is still queued and then `last` on the writer thread, and end it. Nothing is delivered after.

        Waits at most `seconds`: a folder that hangs must not keep a vault from locking. False when that time passed.
        """
        if self._closed:
            return True
        self._closed = True
        if self._made is None and last is None:
            return True
        if last is not None:
            self._pool.submit(last)
        ended = threading.Event()
        self._pool.submit(ended.set)
        self._pool.shutdown(wait=False)
        in_time = ended.wait(seconds)
        self._under_way.clear()
        self._quiet.clear()
        return in_time

    def _unbegun(self, task: Task) -> None:
        self._tell(task, "cancelled", None)

    # on the writer thread

    def _work(self, task: Task, call: Callable[..., Any], with_progress: bool) -> None:
        def progress(done: int, total: int) -> None:
            if task.cancelled.is_set():
                raise Cancelled
            self._arrived.emit(task, "progress", (done, total))

        try:
            if task.cancelled.is_set():
                raise Cancelled
            result = call(progress) if with_progress else call()
        except Cancelled:
            self._tell(task, "cancelled", None)
        except ValiseError as error:
            self._tell(task, "error", error.with_traceback(None))
        except BaseException as error:
            # A panic of a native part is a BaseException; its text could hold anything, so only its type goes on.
            self._tell(task, "error", ValiseError("internal", type(error).__name__))
        else:
            self._tell(task, "done", result)

    def _tell(self, task: Task, what: str, value: object) -> None:
        if not self._closed:
            self._arrived.emit(task, what, value)

    # on the UI thread

    @Slot(object, str, object)
    def _deliver(self, task: Task, what: str, value: Any) -> None:
        if self._closed:
            return
        if what == "progress":
            if task._wanted(task._progress) and task._progress is not None:
                task._progress(*value)
            return
        task.unbegun = None
        quiet = task in self._quiet
        (self._quiet if quiet else self._under_way).discard(task)
        try:
            if what == "done" and task._wanted(task._done) and task._done is not None:
                task._done(value)
            elif what == "error" and not task.cancelled.is_set():
                if task._error is None:
                    self.failed.emit(value)
                elif task._wanted(task._error):
                    task._error(value)
        finally:
            if not quiet and not self._under_way:
                self.busy.emit(False)

    @Slot()
    def _flush(self) -> None:
        with self._lock:
            changes, self._pending = self._pending, None
        if changes is not None and not self._closed:
            self.changed.emit(changes)


class Latest(QObject):
    """A query that takes longer than a frame, asked again whenever something changed: beside the window, one at a time, and
    once more when it was asked for meanwhile. `show(answer)` on the UI thread; until then what was shown stays."""

    def __init__(
        self, runner: Runner, call: Callable[[], Any], show: Callable[[Any], object], failed: Callable[[ValiseError], object],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._runner, self._call, self._show, self._failed = runner, call, show, failed
        self._task: Task | None = None
        self._again = False

    @property
    def asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None

    def ask(self) -> None:
        """Ask, now or after the question that is under way."""
        if self._task is not None and not self._task.cancelled.is_set():
            self._again = True
            return
        self._again = False
        self._task = self._runner.run(self._call, self._done, self._refused, owner=self, quiet=True)

    def _done(self, answer: Any) -> None:
        self._task = None
        if self._again:
            self.ask()
        self._show(answer)

    def _refused(self, error: ValiseError) -> None:
        self._task = None
        self._failed(error)
        if self._again:
            self.ask()


class Periodic(QObject):
    """Runs one command again and again on the writer thread, never twice at once. The interval is in seconds."""

    GAP = 20  # ms between the beginnings of rounds that somebody asked for
    failed = Signal(object)
    finished = Signal(object)
    _woken = Signal()

    def __init__(self, runner: Runner, call: Callable[[], Any], seconds: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._call = runner, call
        self._task: Task | None = None
        self._asked = threading.Event()  # a round is worth making and has not begun
        self._ended = False
        self._timer = QTimer(self)
        self._timer.setInterval(seconds * 1000)
        self._timer.timeout.connect(self.now)
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(self.GAP)
        self._gap.timeout.connect(self._follow)
        self._woken.connect(self._follow, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Run now and then at every interval."""
        self._timer.start()
        self.now()

    def stop(self) -> None:
        """No further rounds."""
        self._ended = True
        self._timer.stop()
        self._gap.stop()

    def set_interval(self, seconds: int) -> None:
        """Change the interval."""
        self._timer.setInterval(seconds * 1000)

    def wake(self) -> None:
        """A round at once; from any thread. However often it is asked for, one is under way and one waits at most."""
        if not self._asked.is_set() and not self._ended:
            self._asked.set()
            with suppress(RuntimeError):  # the window is gone already
                self._woken.emit()

    @Slot()
    def now(self) -> None:
        """One round, unless one is under way."""
        if self._task is None:
            self._asked.clear()  # before it looks: what comes while it looks asks again
            self._gap.start()
            self._task = self._runner.run(self._call, self._done, self._error, owner=self)

    @Slot()
    def _follow(self) -> None:
        if self._asked.is_set() and self._task is None and not self._gap.isActive() and not self._ended:
            self.now()

    def _done(self, result: object) -> None:
        self._task = None
        self.finished.emit(result)
        self._follow()

    def _error(self, error: ValiseError) -> None:
        self._task = None
        self.failed.emit(error)
        self._follow()
