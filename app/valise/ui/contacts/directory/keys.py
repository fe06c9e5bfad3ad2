"""The actions of the directory, declared once. They belong to the screen of contacts."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
register(
    ActionSpec("directory.show", _("actions", "Points of contact"), "Ctrl+Shift+D", "contacts", icon="list",
               help=_("actions", "Between the delegations and the directory of points of contact")),
    ActionSpec("directory.edit", _("actions", "Change the entry"), "Ctrl+E", "contacts", icon="edit",
               help=_("actions", "Open the chosen point of contact as a form")),
    ActionSpec("directory.mail", _("actions", "Copy the e-mail address"), "Ctrl+Alt+E", "contacts", icon="copy",
               help=_("actions", "Copy the address of the chosen point of contact for ten seconds; nothing is sent")),
    ActionSpec("directory.phone", _("actions", "Copy the telephone number"), "Ctrl+Alt+T", "contacts", icon="copy",
               help=_("actions", "Copy the number of the chosen point of contact for ten seconds; nothing is dialled")),
    ActionSpec("directory.entry", _("actions", "Entry"), "Ctrl+Alt+1", "contacts", icon="card",
               help=_("actions", "Everything about the chosen point of contact")),
    ActionSpec("directory.rounds", _("actions", "Ping rounds"), "Ctrl+Alt+2", "contacts", icon="refresh",
               help=_("actions", "Rounds that ask points of contact to confirm their entry")),
    ActionSpec("directory.reach", _("actions", "Reachability"), "Ctrl+Alt+3", "contacts", icon="chart",
               help=_("actions", "What came of each contact over the rounds")),
    ActionSpec("directory.asked", _("actions", "Asked of us"), "Ctrl+Alt+4", "contacts", icon="reply",
               help=_("actions", "Questions of other delegations about our entries")),
    ActionSpec("directory.round", _("actions", "Open a ping round"), "Ctrl+Alt+N", "contacts", icon="send",
               help=_("actions", "Ask points of contact to confirm their entry, each alone")),
    ActionSpec("directory.nominate", _("actions", "Nominate by note verbale"), "Ctrl+Alt+V", "contacts", icon="file",
               help=_("actions", "Write a note verbale that nominates the chosen point of contact")),
    ActionSpec("directory.cards", _("actions", "Save contact cards"), "Ctrl+Alt+S", "contacts", icon="download",
               help=_("actions", "Save the entries shown as contact cards (.vcf)")),
    ActionSpec("directory.undo", _("actions", "Undo the last change"), "Ctrl+Z", "contacts", icon="undo",
               help=_("actions", "In an open entry: put back what stood before your last change; both stay in the history")),
    ActionSpec("directory.history", _("actions", "History of the entry"), "Ctrl+Shift+H", "contacts", icon="history",
               help=_("actions", "In an open entry: what was changed, by whom and when")),
    ActionSpec("directory.out", _("actions", "Take out or put back"), "Ctrl+Shift+Backspace", "contacts", icon="trash",
               help=_("actions", "In an open entry: take it out with a reason, or put it back")),
    ActionSpec("directory.import", _("actions", "Import contact cards"), "Ctrl+Alt+I", "contacts", icon="upload",
               help=_("actions", "Read contact cards from a file and see what they would change")),
)  # fmt: skip
