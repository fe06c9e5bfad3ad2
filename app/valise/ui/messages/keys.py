"""The actions of this screen, declared once."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
register(
    ActionSpec("messages.send", _("actions", "Seal and send"), "Ctrl+Return", "messages", icon="send",
               help=_("actions", "Seal what you wrote and send it at the next exchange"), alternatives=("Ctrl+Enter",)),
    ActionSpec("messages.acknowledge", _("actions", "Acknowledge"), "Ctrl+Shift+K", "messages", icon="check-double",
               help=_("actions", "Tell the author, signed, that this message has been read here")),
    ActionSpec("messages.acknowledge.list", _("actions", "Acknowledge (in the list)"), "K", "messages", within=True,
               help=_("actions", "The same with one key while the list of messages has the focus")),
    ActionSpec("messages.thread", _("actions", "New thread"), "Ctrl+T", "messages", icon="edit",
               help=_("actions", "Start a new thread in this room")),
    ActionSpec("messages.room", _("actions", "New room"), "Ctrl+Shift+N", "messages", icon="plus",
               help=_("actions", "Open a room with one delegation, a group, or your own")),
    ActionSpec("messages.members", _("actions", "Members"), "Ctrl+Shift+M", "messages", icon="contacts",
               help=_("actions", "Show who is in this room")),
    ActionSpec("messages.delivery", _("actions", "Delivery"), "Ctrl+Shift+D", "messages", icon="check-circle",
               help=_("actions", "Show when each device received and acknowledged the message")),
    ActionSpec("messages.attach", _("actions", "Attach files"), "Ctrl+Shift+A", "messages", icon="attach",
               help=_("actions", "Seal files into the vault and send them with the message")),
    ActionSpec("messages.files", _("actions", "Save files as"), "Ctrl+S", "messages", icon="download",
               help=_("actions", "Save the files of the chosen message; nothing is ever opened from here")),
)  # fmt: skip
