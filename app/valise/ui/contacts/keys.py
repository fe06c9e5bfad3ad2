"""The actions of this screen, declared once."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
register(
    ActionSpec("contacts.verify", _("actions", "Verify"), "Ctrl+Shift+V", "contacts", icon="shield-check",
               help=_("actions", "Compare the safety number with the chosen delegation")),
    ActionSpec("contacts.import", _("actions", "Import a card"), "Ctrl+I", "contacts", icon="upload",
               help=_("actions", "Read the card of another delegation from a file")),
    ActionSpec("contacts.own", _("actions", "Our card"), "Ctrl+Shift+O", "contacts", icon="card",
               help=_("actions", "Show our own card, to hand over or save")),
    ActionSpec("contacts.save", _("actions", "Save our card"), "Ctrl+S", "contacts", icon="download",
               help=_("actions", "Save our own card as a file")),
)  # fmt: skip
