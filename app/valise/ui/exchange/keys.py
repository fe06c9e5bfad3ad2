"""The keys of the page of ways."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
SCREEN = "settings"
CHOICES = {"ways.automatic": "", "ways.relay": "relay", "ways.folder": "folder", "ways.courier": "courier"}

register(
    ActionSpec("ways.back", _("actions", "Back to the settings"), "Alt+Left", SCREEN, icon="arrow-left"),
    ActionSpec("ways.automatic", _("actions", "Automatic"), "A", SCREEN, within=True, icon="refresh",
               help=_("actions", "The relay where there is one, else the folder")),
    ActionSpec("ways.relay", _("actions", "By the relay only"), "R", SCREEN, within=True, icon="world"),
    ActionSpec("ways.folder", _("actions", "By the folder only"), "F", SCREEN, within=True, icon="folder"),
    ActionSpec("ways.courier", _("actions", "By courier only"), "C", SCREEN, within=True, icon="valise"),
    ActionSpec("ways.join", _("actions", "Use a relay…"), "Ctrl+J", SCREEN, icon="world",
               help=_("actions", "Open the file of the relay's operator")),
    ActionSpec("ways.leave", _("actions", "Leave the relay…"), "Ctrl+Shift+J", SCREEN, icon="cross"),
    ActionSpec("ways.choose", _("actions", "Choose a folder…"), "Ctrl+O", SCREEN, icon="folder"),
    ActionSpec("ways.drop", _("actions", "Stop using the folder…"), "Ctrl+Shift+O", SCREEN, icon="cross"),
    ActionSpec("ways.test_relay", _("actions", "Test the relay"), "Ctrl+T", SCREEN, icon="refresh"),
    ActionSpec("ways.test_folder", _("actions", "Test the folder"), "Ctrl+Shift+T", SCREEN, icon="refresh"),
    ActionSpec("ways.give", _("actions", "Give permission…"), "Ctrl+G", SCREEN, icon="plus",
               help=_("actions", "Let a delegation write to us through our relay")),
    ActionSpec("ways.card", _("actions", "Card with permission…"), "Ctrl+Shift+G", SCREEN, icon="card",
               help=_("actions", "Our identity card with permission to write, for one correspondent alone")),
    ActionSpec("ways.renew", _("actions", "Renew"), "Ctrl+E", SCREEN, icon="refresh",
               help=_("actions", "A new permission in place of this one")),
    ActionSpec("ways.revoke", _("actions", "Revoke…"), "Del", SCREEN, within=True, icon="cross-circle",
               help=_("actions", "Take a permission back: nothing more is taken with it")),
    ActionSpec("ways.revocations", _("actions", "Save the revocations…"), "Ctrl+Shift+V", SCREEN, icon="download",
               help=_("actions", "For the operator of a relay that takes them by hand")),
)  # fmt: skip
