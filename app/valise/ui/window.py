"""The main window: sidebar, screens, status line, notices, search, keys, lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.door_exchange import WayView
from valise.desk.views import Changes, Overview
from valise.domain.errors import ValiseError
from valise.domain.training import MARK
from valise.system import children
from valise.ui import actions, fonts, screens, theme, zoom
from valise.ui.exchange import courier
from valise.ui.exchange.drop import Drops
from valise.ui.lock import LockWatch
from valise.ui.notifying import Notifier
from valise.ui.overview.terms import language
from valise.ui.screens import Entry, Screen
from valise.ui.seeing import deadline
from valise.ui.settings import capture
from valise.ui.speaking import Speaking
from valise.ui.tabbing import ReadingOrder
from valise.ui.tasks import Latest, Periodic, Runner
from valise.ui.widgets.banner import PracticeBanner
from valise.ui.widgets.buttons import ProgressLine
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.keys_page import KeysPage
from valise.ui.widgets.labels import divider, named
from valise.ui.widgets.notice import NoticeBar
from valise.ui.widgets.search_palette import Found, SearchPalette
from valise.ui.widgets.sidebar import Beside, Sidebar
from valise.ui.widgets.statusline import StatusLine

EVERYTHING = Changes(status=True, settings=True)


class MainWindow(ReadingOrder, QMainWindow):
    """An unlocked vault. `locked(reason)` after the vault was closed: idle, suspend, session, asked, quit or closed.

    Whoever makes the window ends the process then (`app.py`); tests just listen.
    """

    locked = Signal(str)

    def __init__(self, door: Door, *, runner: Runner | None = None, watch: LockWatch | None = None,
                 periodic: bool = True) -> None:  # fmt: skip
        super().__init__()
        most = zoom.room(self)
        self.resize(QSize(1280, 800).boundedTo(most))
        self.setMinimumSize(QSize(860, 560).boundedTo(most.expandedTo(zoom.LEAST)))
        self.door = door
        self.runner = runner or Runner()
        self.runner.setParent(self)
        self._ended = False
        self._screens: dict[str, Screen] = {}
        self._entries = screens.shown()
        self._own_counts: dict[str, int] = {}
        self.speaking = Speaking(self, self._speak_anew)
        self._build()
        self._declare()
        self._end_subscription: Callable[[], None] = door.subscribe(self.runner.announce)
        self.runner.changed.connect(self.refresh)
        self.runner.failed.connect(self.show_error)
        self.runner.busy.connect(self._show_busy)
        self.watch = watch or LockWatch()
        self.watch.setParent(self)
        self.watch.left.connect(self.status.show_lock)
        self.watch.due.connect(self.lock)
        self.exchange = Periodic(self.runner, door.exchange.now, door.settings.get("exchange.interval_seconds"), self)
        self.notifier = Notifier(self)
        self._due = Latest(self.runner, self._overview, self._show_due, self.show_error, self)
        self._apply_settings()
        self.exchange.failed.connect(self.show_error)
        self.exchange.finished.connect(lambda _changes: self._refresh_status())
        door.exchange.when_wanted(self.exchange.wake)
        self.drops = Drops(self, lambda files: self._courier("take", files))
        self._periodic = periodic
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._lend_lock)
        letters = fonts.current()
        letters.lacks.connect(self.show_lacks, Qt.ConnectionType.QueuedConnection)
        letters.speak(QLocale().name())
        self._refresh_status()
        self.show_screen(self._entries[0].name)

    def _apply_settings(self) -> None:
        self.watch.set_minutes(self.door.settings.get("lock.idle_minutes"))
        self.exchange.set_interval(self.door.settings.get("exchange.interval_seconds"))
        clipboard().set_seconds(self.door.settings.get("clipboard.clear_seconds"))
        self.notifier.use(self.door.settings.get("notify.desktop"))
        captures = capture.guard()
        if captures is not None:
            captures.use(self.door.settings.get("capture.protect"))
        deadline.use(self.door.settings.get("clock.zones"))

    def _build(self) -> None:
        self.setWindowTitle(f"{MARK} · {self.tr('Valise')}" if self.door.training.on() else self.tr("Valise"))
        centre = QWidget(self)
        centre.setObjectName("pane")
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if self.door.training.on():
            whole.addWidget(PracticeBanner(centre))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.sidebar = Sidebar(self._entries, centre)
        self.sidebar.chosen.connect(self.show_screen)
        me = self.door.me()
        self.sidebar.show_me(f"{me.code} {me.name}", me.officer)
        middle.addWidget(Beside(self.sidebar, self, centre))
        right = QVBoxLayout()
        right.setSpacing(0)
        self.progress = ProgressLine(centre)
        self.progress.setFixedHeight(2)
        right.addWidget(self.progress)
        self.notice = NoticeBar(centre)
        holder = QVBoxLayout()
        holder.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.l, 0)
        holder.addWidget(self.notice)
        right.addLayout(holder)
        self.stack = QStackedWidget(centre)
        named(self.stack, self.tr("Screen"))
        right.addWidget(zoom.Reach(self.stack, zoom.SCREEN, centre), 1)
        middle.addWidget(divider(centre, vertical=True))
        middle.addLayout(right, 1)
        whole.addLayout(middle, 1)
        self.status = StatusLine(centre)
        self.status.lock.clicked.connect(lambda _checked=False: self.lock("asked"))
        self.status.ways.clicked.connect(lambda _checked=False: self.go("settings", "exchange"))
        whole.addWidget(self.status)
        self.guide = self.status.add("guide", self.show_guide)
        self.close_now = self.status.add("close.now", lambda: self.lock("closed"))
        self.setCentralWidget(centre)

    def show_lacks(self, names: list[str]) -> None:
        """Letters that this computer has not: said once of each script, where nothing more important is said."""
        if self.notice.isHidden():
            self.notice.say(fonts.happened(names), "", fonts.todo(names), "warn")

    def _declare(self) -> None:
        for entry in self._entries:
            actions.make(f"go.{entry.name}", self, partial(self.show_screen, entry.name, focus=True))
        for name, slot in (
            ("search", self.search),
            ("lock", lambda: self.lock("asked")),
            ("close.now", lambda: self.lock("closed")),
            ("exchange", self._exchange_now),
            ("go.ways", partial(self.go, "settings", "exchange")),
            ("courier.export", partial(self._courier, "export")),
            ("courier.take", partial(self._courier, "take")),
            ("new", lambda: self._current().new()),
            ("find", lambda: self._current().find()),
            ("panes.next", lambda: self._cycle(1)),
            ("panes.back", lambda: self._cycle(-1)),
            ("guide", self.show_guide),
            ("keys", self.show_keys),
            ("quit", self.close),
        ):
            actions.make(name, self, slot)

    # screens

    def _entry(self, name: str) -> Entry:
        return next(one for one in self._entries if one.name == name)

    def _current(self) -> Screen:
        screen = self.stack.currentWidget()
        assert isinstance(screen, Screen)
        return screen

    def made(self, name: str) -> Screen:
        """The screen of that name, made now when it was never shown. KeyError for none."""
        found = self._screens.get(name)
        if found is None:
            entry = next((one for one in self._entries if one.name == name), None)
            if entry is None:
                raise KeyError(name)
            found = screens.load(entry)(self.door, self.runner, self.stack)
            named(found, entry.label)
            found.go.connect(self.go)
            found.notice.connect(self.show_error)
            found.count.connect(lambda count, which=name: self._count(which, count))
            self._screens[name] = found
            self.stack.addWidget(found)
            found.refresh(EVERYTHING)
        return found

    def show_screen(self, name: str, *, focus: bool = False) -> None:
        """Show a screen; `focus` puts the keyboard where its work starts."""
        screen = self.made(name)
        self.stack.setCurrentWidget(screen)
        self.sidebar.choose(name)
        if focus:
            screen.focus_first()

    def go(self, name: str, ref: str) -> None:
        """Show one thing on its screen."""
        if any(one.name == name for one in self._entries):
            self.show_screen(name, focus=True)
            if ref:
                self.made(name).open_ref(ref)

    def _cycle(self, step: int) -> None:
        places: list[QWidget] = [self.sidebar, *(one for one in self._current().panes() if one.isVisible())]
        focus = QApplication.focusWidget()
        here = next((n for n, one in enumerate(places) if focus is one or one.isAncestorOf(focus)), 0) if focus else 0
        target = places[(here + step) % len(places)]
        if target is self.sidebar:
            self.sidebar.focus()
            return
        inner: QWidget | None = target
        if target.focusPolicy() == Qt.FocusPolicy.NoFocus and target.focusProxy() is None:
            inner = next(
                (one for one in target.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus
                 and one.isVisible() and one.isEnabled()),
                None,
            )  # fmt: skip
        if inner is not None:
            inner.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _exchange_now(self) -> None:
        self.exchange.now()

    def _courier(self, what: str, files: Sequence[Path] = ()) -> None:
        self._bundles = courier.begin(what, self.door, self.runner, self, files=files)

    # what changed

    def refresh(self, changes: Changes) -> None:
        """Pass `changes` to every screen that exists, and bring sidebar and status line up to date."""
        for one in self._screens.values():
            one.refresh(changes)
        self._refresh_status()
        if changes.settings:
            self._apply_settings()

    def _refresh_status(self) -> None:
        self._due.ask()

    def _overview(self) -> tuple[Overview, list[WayView]]:
        """On the writer thread."""
        return self.door.overview(language()), self.door.exchange.ways()

    def _show_due(self, found: tuple[Overview, list[WayView]]) -> None:
        overview, ways = found
        self.status.show_status(overview.status or self.door.exchange.status(), ways)
        due: Counter[str] = Counter({"overview": len(overview.due)})
        for one in overview.due:
            many = one.line in ("message.unread", "text.proposals") and one.values[0].isdecimal()
            due[one.screen] += int(one.values[0]) if many else 1
        self.notifier.waiting(due.total(), {(one.screen, one.ref, one.line) for one in overview.due})
        for name, button in self.sidebar.buttons.items():
            button.set_count(self._own_counts.get(name, due[name]))

    def _count(self, name: str, count: int) -> None:
        self._own_counts[name] = count
        self.sidebar.buttons[name].set_count(count)

    def _show_busy(self, busy: bool) -> None:
        self.status.show_busy(busy)
        if busy:
            self.progress.wait()
        else:
            self.progress.rest()

    def show_error(self, error: ValiseError) -> None:
        """Say an error in the notice bar; where a person must decide, with the way there."""
        if error.code.startswith(("room.blocked", "contact.", "card.changed")):
            self.notice.show_error(error, self.tr("Go to Contacts"), lambda: self.show_screen("contacts", focus=True))
        elif error.code.startswith(("carrier.", "relay.", "way.")):
            self.notice.show_error(error, self.tr("Ways of exchange"), lambda: self.go("settings", "exchange"))
        else:
            self.notice.show_error(error)

    # search and keys

    def search(self) -> None:
        """Open the search over everything."""
        commands = [
            Found(one.icon or "keyboard", one.label, "", one.shortcut, run=self._trigger(one.id))
            for one in actions.all_specs(actions.EVERYWHERE)
            if one.id not in ("search", "panes.next", "panes.back") and self._has(one.id)
        ]
        palette = SearchPalette(lambda words: self.door.search(words, language=language()), commands, self)
        palette.chosen.connect(self.go)
        corner = self.mapToGlobal(self.rect().topLeft())
        palette.move(corner.x() + (self.width() - palette.width()) // 2, corner.y() + self.height() // 7)
        palette.open()

    def _has(self, action: str) -> bool:
        return any(one.objectName() == action for one in self.actions())

    def _trigger(self, action: str) -> Callable[[], object]:
        found = next(one for one in self.actions() if one.objectName() == action)
        return found.trigger

    def show_guide(self) -> None:
        """Open the guide at the page about what is on the screen; over a dialog, at the page about that."""
        from valise.ui.guide.window import help_for

        help_for(self, self._current())

    def show_keys(self) -> None:
        """Open the keys page."""
        screens.load_actions()
        KeysPage(self).open()

    def _speak_anew(self) -> None:
        """Everything again, in the language that is spoken now; drafts are stored first."""
        shown = next(name for name, one in self._screens.items() if one is self._current())
        for one in self._screens.values():
            one.save()
        self._screens.clear()
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        self._build()  # the window lets go of what it held
        self._declare()
        self.watch.left.connect(self.status.show_lock)
        self.status.show_lock(self.watch.seconds_left)
        self._refresh_status()
        self.show_screen(shown, focus=shown != "settings")
        if shown == "settings":
            self.made(shown).open_ref("language")

    # the end

    def _lend_lock(self, window: QWindow | None) -> None:
        """A dialog keeps the keys of the window from it; the keys that lock and close work over any of them."""
        for dialog in () if window is None or self._ended else QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.windowHandle() == window:
                if all(one.objectName() != "lock" for one in dialog.actions()):
                    actions.make("lock", dialog, lambda: self.lock("asked"))
                    actions.make("close.now", dialog, lambda: self.lock("closed"))
                if all(one.objectName() != "guide" for one in dialog.actions()):
                    actions.make("guide", dialog, self.show_guide)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None and not self._ended:
            self.watch.watch(handle)
            self.watch.start()
            self._current().focus_first()
            if self._periodic:
                self._periodic = False
                self.exchange.start()

    def lock(self, reason: str = "asked") -> None:
        """Hide, forget the clipboard, store drafts, close the vault; then `locked(reason)`. Safe to call twice."""
        if self._ended:
            return
        self._ended = True
        self.hide()
        clipboard().clear()
        self.notifier.stop()
        self.speaking.stop()
        for dialog in QApplication.topLevelWidgets():
            if dialog is not self and dialog.isVisible():
                dialog.close()
                dialog.hide()  # also one that would rather ask first
        self.watch.stop()
        self.door.exchange.when_wanted(None)
        self.exchange.stop()
        self.runner.cancel_waiting()
        for one in self._screens.values():
            one.save()
        self._end_subscription()
        children.end_documents()
        if not self.runner.close(self.door.close):
            children.end_documents()  # one that was just being started
        clipboard().clear()  # what a dialog put there as it closed
        self.watch.vault_closed()
        self.locked.emit(reason)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.lock("quit")
        event.accept()

    def keep_place(self) -> QByteArray:
        """Size and place, for the settings of this computer."""
        return self.saveGeometry()
