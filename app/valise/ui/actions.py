"""The one table of actions: menus, the keys page (Ctrl+F1), the guide and the tests read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from valise.ui.language import translate

EVERYWHERE = ""


class ActionSpec(NamedTuple):
    """One action. `text` and `help` are marked with QT_TRANSLATE_NOOP("actions", ...); `screen` "" = everywhere.

    `shortcut` is a portable key sequence ("Ctrl+K"), "" for none; `alternatives` further ones. `within` says the key
    works only while the focus is inside the widget the action belongs to (single letters while a list has the focus).
    """

    id: str
    text: str
    shortcut: str = ""
    screen: str = EVERYWHERE
    help: str = ""
    icon: str = ""
    within: bool = False
    alternatives: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The text in the language of the window."""
        return translate("actions", self.text)

    @property
    def explanation(self) -> str:
        """The help in the language of the window."""
        return translate("actions", self.help) if self.help else self.label

    @property
    def keys(self) -> list[QKeySequence]:
        """The key sequences, the shown one first."""
        return [portable(one) for one in (self.shortcut, *self.alternatives) if one]

    @property
    def called(self) -> list[str]:
        """The same as they are called on the keyboard, each once: both keys of Enter have one name in most languages."""
        return list(dict.fromkeys(one.toString(QKeySequence.SequenceFormat.NativeText) for one in self.keys))

    @property
    def shown(self) -> str:
        """The first of them as it is called on the keyboard, "" for none."""
        return native(self.shortcut)


def portable(key: str) -> QKeySequence:
    """A key of ours. Without the format Qt reads it in the language of the window, where "Enter" may be the other of the two."""
    return QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)


def native(key: str) -> str:
    """A portable key sequence as keyboards of the language of the window call it."""
    return portable(key).toString(QKeySequence.SequenceFormat.NativeText)


_table: dict[str, ActionSpec] = {}
_by_key: dict[str, list[ActionSpec]] = {}


def register(*specs: ActionSpec) -> None:
    """Add actions. Registering the same again is nothing; another with the same id or clashing keys is ValueError."""
    for spec in specs:
        if _table.get(spec.id) == spec:
            continue
        if spec.id in _table:
            raise ValueError(f"action {spec.id} is declared twice")
        keys = [one.toString() for one in spec.keys]
        for key in keys:
            for other in _by_key.get(key, ()):
                reach = EVERYWHERE in (spec.screen, other.screen) or spec.screen == other.screen
                if reach and not (spec.within and other.within):
                    raise ValueError(f"{spec.id} and {other.id} share the key {key}")
        _table[spec.id] = spec
        for key in keys:
            _by_key.setdefault(key, []).append(spec)


def spec(action: str) -> ActionSpec:
    """The declaration of an action; KeyError when there is none."""
    return _table[action]


def all_specs(screen: str | None = None) -> list[ActionSpec]:
    """Everything declared, in the order of declaration; or of one screen ("" = everywhere)."""
    return [one for one in _table.values() if screen is None or one.screen == screen]


def make(action: str, owner: QWidget, slot: Callable[[], object]) -> QAction:
    """The action as a QAction of `owner`, with its keys, text, icon and help; `slot` is called without arguments."""
    from valise.ui import icons

    one = spec(action)
    made = QAction(one.label, owner)
    made.setObjectName(one.id)
    if one.keys:
        made.setShortcuts(one.keys)
        made.setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if one.within or one.screen != EVERYWHERE
            else Qt.ShortcutContext.WindowShortcut
        )
    shown = made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    made.setToolTip(f"{one.explanation} ({shown})" if shown else one.explanation)
    made.setStatusTip(one.explanation)
    if one.icon:
        icons.bind(made, one.icon)
    made.triggered.connect(lambda _checked=False: slot())
    owner.addAction(made)
    return made


register(
    ActionSpec("go.overview", QT_TRANSLATE_NOOP("actions", "Overview"), "Ctrl+1", icon="overview",
               help=QT_TRANSLATE_NOOP("actions", "Go to the overview")),
    ActionSpec("go.texts", QT_TRANSLATE_NOOP("actions", "Texts"), "Ctrl+2", icon="texts",
               help=QT_TRANSLATE_NOOP("actions", "Go to the texts")),
    ActionSpec("go.commitments", QT_TRANSLATE_NOOP("actions", "Commitments"), "Ctrl+3", icon="commitments",
               help=QT_TRANSLATE_NOOP("actions", "Go to the commitments")),
    ActionSpec("go.contacts", QT_TRANSLATE_NOOP("actions", "Contacts"), "Ctrl+4", icon="contacts",
               help=QT_TRANSLATE_NOOP("actions", "Go to the contacts")),
    ActionSpec("go.messages", QT_TRANSLATE_NOOP("actions", "Messages"), "Ctrl+5", icon="messages",
               help=QT_TRANSLATE_NOOP("actions", "Go to the messages")),
    ActionSpec("go.incidents", QT_TRANSLATE_NOOP("actions", "Incidents"), "Ctrl+6", icon="incidents",
               help=QT_TRANSLATE_NOOP("actions", "Go to the incidents")),
    ActionSpec("go.library", QT_TRANSLATE_NOOP("actions", "Library"), "Ctrl+7", icon="library",
               help=QT_TRANSLATE_NOOP("actions", "Go to the library")),
    ActionSpec("go.registers", QT_TRANSLATE_NOOP("actions", "Registers"), "Ctrl+8", icon="registers",
               help=QT_TRANSLATE_NOOP("actions", "Go to the registers")),
    ActionSpec("go.settings", QT_TRANSLATE_NOOP("actions", "Settings"), "Ctrl+9", icon="settings",
               help=QT_TRANSLATE_NOOP("actions", "Go to the settings")),
    ActionSpec("go.security", QT_TRANSLATE_NOOP("actions", "Security"), "Ctrl+0", icon="shield",
               help=QT_TRANSLATE_NOOP("actions", "Go to hygiene, unlocking, laptops, backups, keys, evidence and checks")),
    ActionSpec("search", QT_TRANSLATE_NOOP("actions", "Search everything"), "Ctrl+K", icon="search",
               help=QT_TRANSLATE_NOOP("actions", "Search texts, amendments, messages, contacts, commitments and registers")),
    ActionSpec("lock", QT_TRANSLATE_NOOP("actions", "Lock now"), "Ctrl+L", icon="lock",
               help=QT_TRANSLATE_NOOP("actions", "Close the vault and show the unlock page")),
    ActionSpec("close.now", QT_TRANSLATE_NOOP("actions", "Close at once"), "Ctrl+Shift+Q", icon="cross-circle",
               help=QT_TRANSLATE_NOOP("actions", "Close the vault and end the program; nothing is left on the screen")),
    ActionSpec("exchange", QT_TRANSLATE_NOOP("actions", "Exchange now"), "Ctrl+R", icon="refresh",
               help=QT_TRANSLATE_NOOP("actions", "Send what waits and fetch what has come"), alternatives=("F5",)),
    ActionSpec("go.ways", QT_TRANSLATE_NOOP("actions", "Ways of exchange"), "Ctrl+F5", icon="world",
               help=QT_TRANSLATE_NOOP("actions", "Relay, folder and courier: which way serves which delegation, and what waits")),
    ActionSpec("courier.export", QT_TRANSLATE_NOOP("actions", "Make a bundle for the courier"), "Ctrl+F7", icon="upload",
               help=QT_TRANSLATE_NOOP("actions", "Write what waits as one sealed file on a stick")),
    ActionSpec("courier.take", QT_TRANSLATE_NOOP("actions", "Open bundles of a courier"), "Ctrl+F8", icon="download",
               help=QT_TRANSLATE_NOOP("actions", "Take in what a courier brought on a stick")),
    ActionSpec("new", QT_TRANSLATE_NOOP("actions", "New"), "Ctrl+N", icon="plus",
               help=QT_TRANSLATE_NOOP("actions", "Start something new on this screen")),
    ActionSpec("find", QT_TRANSLATE_NOOP("actions", "Find here"), "Ctrl+F", icon="search",
               help=QT_TRANSLATE_NOOP("actions", "Go to the search box of this screen")),
    ActionSpec("panes.next", QT_TRANSLATE_NOOP("actions", "Next pane"), "F6",
               help=QT_TRANSLATE_NOOP("actions", "Go to the next pane of this screen")),
    ActionSpec("panes.back", QT_TRANSLATE_NOOP("actions", "Previous pane"), "Shift+F6",
               help=QT_TRANSLATE_NOOP("actions", "Go to the previous pane of this screen")),
    ActionSpec("guide", QT_TRANSLATE_NOOP("actions", "Guide"), "F1", icon="info",
               help=QT_TRANSLATE_NOOP("actions", "Open the guide at the page about what is on the screen")),
    ActionSpec("guide.contents", QT_TRANSLATE_NOOP("actions", "Contents of the guide"), "Alt+Home", "guide", icon="list"),
    ActionSpec("guide.back", QT_TRANSLATE_NOOP("actions", "Back to the page before"), "Alt+Left", "guide", icon="arrow-left"),
    ActionSpec("guide.forward", QT_TRANSLATE_NOOP("actions", "Forward again"), "Alt+Right", "guide", icon="arrow-right"),
    ActionSpec("keys", QT_TRANSLATE_NOOP("actions", "Keys"), "Ctrl+F1", icon="keyboard",
               help=QT_TRANSLATE_NOOP("actions", "Show every key")),
    ActionSpec("quit", QT_TRANSLATE_NOOP("actions", "Quit"), "Ctrl+Q",
               help=QT_TRANSLATE_NOOP("actions", "Close the vault and quit")),
)  # fmt: skip
