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
    ActionSpec("contacts.words", _("actions", "Compare words now"), "Ctrl+Shift+W", "contacts", icon="messages",
               help=_("actions", "Compare four words with the chosen delegation, both at the same time")),
    ActionSpec("contacts.code", _("actions", "Read their code"), "Ctrl+Shift+P", "contacts", icon="qr",
               help=_("actions", "Read the code of the chosen delegation from a picture")),
    ActionSpec("contacts.eye", _("actions", "Compare by eye"), "Ctrl+Shift+E", "contacts", icon="eye",
               help=_("actions", "Compare the number of the chosen delegation by eye")),
    ActionSpec("contacts.vouch", _("actions", "Vouch"), "Ctrl+Shift+U", "contacts", icon="shield-half",
               help=_("actions", "Tell other delegations that you have verified the chosen one")),
    ActionSpec("contacts.custodians", _("actions", "Custodians"), "Ctrl+Shift+K", "contacts", icon="shield-half",
               help=_("actions", "Choose the delegations whose word counts")),
    ActionSpec("contacts.accept", _("actions", "Accept laptops"), "Ctrl+Shift+Y", "contacts", icon="laptop",
               help=_("actions", "Look at the laptop that was added to the delegation shown, and accept it")),
    ActionSpec("contacts.save", _("actions", "Save our card"), "Ctrl+S", "contacts", icon="download",
               help=_("actions", "Save our own card as a file; in an open point of contact: keep what was changed")),
)  # fmt: skip
