"""The actions of this screen, declared once. Ctrl+N imports files, Ctrl+F goes to the search box."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
register(
    ActionSpec("library.folder", _("actions", "Import a folder"), "Ctrl+O", "library", icon="folder",
               help=_("actions", "Take every document of a folder into the library; what is there already is passed over")),
    ActionSpec("library.cancel", _("actions", "Stop the import"), "Ctrl+Shift+X", "library", icon="cross",
               help=_("actions", "Stop importing; what was taken in stays, and the same import again goes on from there")),
    ActionSpec("library.filter", _("actions", "Find a document"), "Ctrl+D", "library", icon="filter",
               help=_("actions", "Narrow the list of documents by symbol, title or language")),
    ActionSpec("library.copy", _("actions", "Copy with source"), "Ctrl+Shift+C", "library", icon="copy",
               help=_("actions", "Copy the chosen paragraph and where it stands; forgotten after ten seconds")),
    ActionSpec("library.drop", _("actions", "Take out of the library"), "Delete", "library", icon="trash", within=True,
               help=_("actions", "Take the chosen document out of the library of this laptop")),
)  # fmt: skip
