"""The actions of registers, declared once for each screen that shows one."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
VIEWS = 6  # that have a key
# act, words, key, icon, help
_ACTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("open", _("actions", "Open the row"), "Ctrl+Return", "edit", _("actions", "Show every field of the row")),
    ("keep", _("actions", "Keep"), "Ctrl+S", "check", _("actions", "Keep what was changed in the row")),
    ("undo", _("actions", "Undo the last change"), "Ctrl+Z", "undo",
     _("actions", "Put back what stood before your last change; both stay in the history")),
    ("settle", _("actions", "Settle a difference"), "Ctrl+Shift+D", "hand",
     _("actions", "Decide which of several standing values holds")),
    ("out", _("actions", "Take out or put back"), "Ctrl+Shift+Backspace", "trash",
     _("actions", "Take the row out with a reason, or put it back")),
    ("history", _("actions", "History of the row"), "Ctrl+Shift+H", "history", _("actions", "What was changed in the row, by whom and when")),
    ("sort", _("actions", "Sort by this column"), "Ctrl+Shift+O", "list",
     _("actions", "Sort the table by the column one is at; again turns it round")),
    ("filter", _("actions", "Filter"), "Ctrl+Shift+F", "filter", _("actions", "Choose what fields must say for a row to be shown")),
    ("filters", _("actions", "Kept filters"), "Ctrl+Shift+K", "tag", _("actions", "Filters that were kept under a name")),
    ("side", _("actions", "Our assessment – internal"), "Ctrl+Shift+A", "eye-off",
     _("actions", "Change between what is stated and what our delegation thinks")),
    ("import", _("actions", "Import rows"), "Ctrl+I", "upload", _("actions", "Read rows from a file; what would change is shown first")),
    ("export", _("actions", "Export rows"), "Ctrl+Shift+X", "download", _("actions", "Write rows as a file")),
    ("state.name", _("actions", "Name shown for a State"), "Ctrl+Shift+Y", "tag",
     _("actions", "Call a State otherwise on the screens of this vault, or show its code alone")),
    ("zoom.out", _("actions", "More at once"), "Ctrl+-", "minus", _("actions", "See more of the matrix at once")),
    ("zoom.in", _("actions", "Nearer"), "Ctrl++", "plus", _("actions", "See less of the matrix, larger")),
    ("view1", _("actions", "First view"), "Alt+1", "", _("actions", "Show the first view of the register")),
    ("view2", _("actions", "Second view"), "Alt+2", "", _("actions", "Show the second view of the register")),
    ("view3", _("actions", "Third view"), "Alt+3", "", _("actions", "Show the third view of the register")),
    ("view4", _("actions", "Fourth view"), "Alt+4", "", _("actions", "Show the fourth view of the register")),
    ("view5", _("actions", "Fifth view"), "Alt+5", "", _("actions", "Show the fifth view of the register")),
    ("view6", _("actions", "Sixth view"), "Alt+6", "", _("actions", "Show the sixth view of the register")),
)  # fmt: skip
ACTS = tuple(one[0] for one in _ACTS)


def declare(screen: str) -> None:
    """The same acts with the same keys on a screen."""
    for act, words, key, icon, help_ in _ACTS:
        more = ("Ctrl+=",) if act == "zoom.in" else ()
        register(ActionSpec(f"{screen}.{act}", words, key, screen, icon=icon, help=help_, alternatives=more))


declare("registers")
register(
    ActionSpec("registers.define", _("actions", "Add a register from a file"), "Ctrl+Shift+N", "registers", icon="plus",
               help=_("actions", "Read the definition of a further register")),
)  # fmt: skip
