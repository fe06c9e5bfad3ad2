"""The actions of the workbench: declared once, for menus, the keys page and the tests."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.actions import ActionSpec, register

_ = QT_TRANSLATE_NOOP
_ROWS: tuple[tuple[str, str, str, str, str, bool], ...] = (
    ("edit", _("actions", "Propose by editing"), "F2", "edit",
     _("actions", "Edit the words in place; the difference becomes the proposal (Enter does the same)"),
     False),
    ("add", _("actions", "Propose a paragraph"), "A", "insert",
     _("actions", "Propose a new paragraph after this one"), True),
    ("delete", _("actions", "Propose deletion"), "D", "delete",
     _("actions", "Propose to delete this paragraph"), True),
    ("alternative", _("actions", "Propose an alternative"), "L", "brackets",
     _("actions", "Propose other words for the whole paragraph, beside it"), True),
    ("move", _("actions", "Propose to move"), "M", "arrow-right",
     _("actions", "Propose another place for this paragraph"), True),
    ("comment", _("actions", "Remark to the room"), "C", "messages",
     _("actions", "Write a remark on the chosen amendment, or the paragraph, for everybody in the room"), True),
    ("support", _("actions", "Support"), "S", "support",
     _("actions", "Support the chosen amendment, or the paragraph"), True),
    ("along", _("actions", "Can go along"), "G", "check",
     _("actions", "Say that the delegation can go along"), True),
    ("reserve", _("actions", "Reserve"), "R", "flag", _("actions", "Enter a reservation"), True),
    ("scrutiny", _("actions", "Scrutiny reservation"), "Shift+R", "clock",
     _("actions", "Reserve until the capital has looked at it"), True),
    ("oppose", _("actions", "Oppose"), "O", "oppose",
     _("actions", "Oppose the chosen amendment, or the paragraph"), True),
    ("none", _("actions", "No position"), "N", "minus", _("actions", "Take the position back"), True),
    ("withdraw", _("actions", "Withdraw"), "W", "undo", _("actions", "Withdraw our chosen amendment"), True),
    ("next", _("actions", "Next amendment"), "Alt+Down", "",
     _("actions", "Choose the next amendment to this paragraph"), False),
    ("previous", _("actions", "Previous amendment"), "Alt+Up", "",
     _("actions", "Choose the previous amendment, or the paragraph"), False),
    ("remark", _("actions", "Internal remark"), "Ctrl+M", "note",
     _("actions", "Write a remark that stays in our delegation"), False),
    ("release", _("actions", "Release the draft"), "Ctrl+Shift+L", "check-double",
     _("actions", "Let another officer's draft on this paragraph leave to the room"), False),
    ("return", _("actions", "Return the draft"), "Ctrl+Shift+J", "undo",
     _("actions", "Return another officer's draft on this paragraph, with the reason"), False),
    ("library", _("actions", "Insert from the library"), "Ctrl+Shift+F", "library",
     _("actions", "While writing: take words of agreed language, with their source; selected words are searched"), False),
    ("phrase", _("actions", "Next phrase of agreed language"), "F3", "",
     _("actions", "While writing: go to the next words that stand in the library, and see where"), False),
    ("goto", _("actions", "Go to paragraph"), "Ctrl+G", "list",
     _("actions", "Go to a paragraph by its number"), False),
    ("copy", _("actions", "Copy in notation"), "Ctrl+Shift+C", "copy",
     _("actions", "Copy the text with its brackets and attributions; forgotten after ten seconds"), False),
    ("agree", _("actions", "Agree ad ref"), "Ctrl+Shift+A", "check-double",
     _("actions", "With the pen: this paragraph is agreed ad ref"), False),
    ("park", _("actions", "Park"), "Ctrl+Shift+P", "pause",
     _("actions", "With the pen: set this paragraph aside"), False),
    ("reopen", _("actions", "Reopen"), "Ctrl+Shift+O", "brackets",
     _("actions", "With the pen: open this paragraph again"), False),
    ("set", _("actions", "Edit with the pen"), "Ctrl+E", "edit",
     _("actions", "With the pen: set the words and say what becomes of each amendment"), False),
    ("take", _("actions", "Take"), "T", "check", _("actions", "With the pen: take the chosen amendment"), True),
    ("keep", _("actions", "Keep as alternative"), "K", "brackets",
     _("actions", "With the pen: keep the chosen amendment as an alternative"), True),
    ("reject", _("actions", "Reject"), "X", "cross",
     _("actions", "With the pen: do not take the chosen amendment"), True),
    ("admit", _("actions", "Admit"), "I", "undo",
     _("actions", "With the pen: take a late amendment, or one to earlier words, back into the talks"), True),
    ("revision", _("actions", "New revision"), "Ctrl+Shift+R", "history",
     _("actions", "With the pen: freeze the text as a revision"), False),
    ("compare", _("actions", "Compare revisions"), "F7", "history",
     _("actions", "Put two revisions side by side, or one and the text as it stands"), False),
    ("matrix", _("actions", "Who stands where"), "F8", "contacts",
     _("actions", "Show what every delegation says at every paragraph"), False),
    ("convergence", _("actions", "Convergence"), "F9", "chart",
     _("actions", "Show how many words stand outside brackets, revision by revision"), False),
    ("slips", _("actions", "Slips"), "F4", "check-circle",
     _("actions", "Look for slips of drafting: numbers, brackets, opening verbs, signs at the end"), False),
    ("history", _("actions", "History of the paragraph"), "Ctrl+H", "history",
     _("actions", "Show what happened to this paragraph"), False),
    ("silence", _("actions", "Open a silence procedure"), "Ctrl+Shift+S", "clock",
     _("actions", "With the pen: a revision stands as agreed unless somebody breaks the silence"), False),
    ("break", _("actions", "Break the silence"), "Ctrl+Shift+B", "hand",
     _("actions", "Say, with the reason, that our delegation does not agree; it cannot be taken back"), False),
    ("extend", _("actions", "Extend the deadline"), "Ctrl+Shift+E", "clock",
     _("actions", "With the pen: give the silence procedure a later deadline"), False),
    ("close", _("actions", "Close the procedure"), "Ctrl+Shift+K", "check",
     _("actions", "With the pen: the silence procedure is over"), False),
    ("settle", _("actions", "Decide the contested silence"), "Ctrl+Shift+T", "check-double",
     _("actions", "With the pen: say whether the silence was kept or broken"), False),
    ("calendar", _("actions", "Save calendar entry"), "Ctrl+Shift+I", "download",
     _("actions", "Save the deadline of the silence procedure as a calendar file"), False),
    ("pass", _("actions", "Pass the pen"), "Ctrl+Shift+H", "arrow-right",
     _("actions", "Give the pen to another delegation"), False),
)  # fmt: skip

register(*(
    ActionSpec(f"texts.{name}", text, key, "texts", help_, icon, within)
    for name, text, key, icon, help_, within in _ROWS
))  # fmt: skip
NAMES: tuple[str, ...] = tuple(row[0] for row in _ROWS)
LETTERS: frozenset[str] = frozenset(row[0] for row in _ROWS if row[5])
SEEING: tuple[str, ...] = ("compare", "matrix", "convergence", "slips")
SILENCE: tuple[str, ...] = ("break", "extend", "close", "settle", "calendar")
PEN: tuple[str, ...] = ("agree", "park", "reopen", "set", "revision", "pass")
