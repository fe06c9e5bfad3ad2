"""The actions of this screen, declared once; those of its rows are the same as on the registers' screen."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register
from valise.ui.registers import keys as rows

_ = QT_TRANSLATE_NOOP
rows.declare("commitments")
register(
    ActionSpec("commitments.matrix", _("actions", "Matrix and page"), "Ctrl+M", "commitments", icon="registers",
               help=_("actions", "From a norm or measure to the matrix of States, and back to the page of the cell one is at")),
    ActionSpec("commitments.own", _("actions", "Our own row"), "Ctrl+Shift+W", "commitments", icon="flag",
               help=_("actions", "Show what our State has said and done about it")),
    ActionSpec("commitments.next", _("actions", "Next norm or measure"), "Alt+Down", "commitments",
               help=_("actions", "Go to the page of the next one")),
    ActionSpec("commitments.before", _("actions", "Previous norm or measure"), "Alt+Up", "commitments",
               help=_("actions", "Go to the page of the one before")),
    ActionSpec("commitments.library", _("actions", "Find it in the library"), "Ctrl+Shift+L", "commitments", icon="library",
               help=_("actions", "Look for its symbol in the documents of the library")),
)  # fmt: skip
