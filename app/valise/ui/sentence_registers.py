"""Error sentences about registers: what was written in a row, and tables that are read in."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

REGISTERS: dict[str, Sentence] = {
    "register.value": Sentence(
        QT_TRANSLATE_NOOP("errors", "This field does not take what was written: its help says what it asks for."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC."),
    ),
    "register.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This register is not known here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Another laptop of your delegation may have made it: exchange, or install the newer version."),
    ),
    "register.side": Sentence(
        QT_TRANSLATE_NOOP("errors", "This register does not have that side here. What you assess stays within your delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose the other side, or the register within your delegation."),
    ),
    "register.shared": Sentence(
        QT_TRANSLATE_NOOP("errors", "This register is kept within your delegation alone, not in a room with others."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Keep the row without choosing a room."),
    ),
    "register.about": Sentence(
        QT_TRANSLATE_NOOP("errors", "It is not chosen what this row is about."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose the State, the delegation or the item first."),
    ),
    "register.column": Sentence(
        QT_TRANSLATE_NOOP("errors", "This register has no such field."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was kept. Open the register again; its definition may have changed."),
    ),
    "register.internal": Sentence(
        QT_TRANSLATE_NOOP("errors", "This field belongs to what you assess, and never stands beside what a State says of itself."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write it on the assessed side."),
    ),
    "register.by_hand": Sentence(
        QT_TRANSLATE_NOOP("errors", "This field is written by the program itself."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Leave it as it is; it follows from what happens."),
    ),
    "register.required": Sentence(
        QT_TRANSLATE_NOOP("errors", "A field that a row cannot be without is empty."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Fill in the marked field, then keep the row again."),
    ),
    "register.asks": Sentence(
        QT_TRANSLATE_NOOP("errors", "This can only be changed together with what it rests on, such as its date."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Fill in the marked field as well, then keep both."),
    ),
    "register.too_long": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is longer than one change of a register can be."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Shorten it, or attach it as a file."),
    ),
    "register.row": Sentence(
        QT_TRANSLATE_NOOP("errors", "This row is not in the register."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the list again. Only States and items that the register has can have rows."),
    ),
    "register.exists": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is a row about this already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open that row and change it."),
    ),
    "register.gone": Sentence(
        QT_TRANSLATE_NOOP("errors", "This row was taken out of the register."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Show the rows that were taken out, put it back, then change it."),
    ),
    "register.not_own": Sentence(
        QT_TRANSLATE_NOOP("errors", "In a room with others each delegation writes the rows of its own State only."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write it in the register within your delegation, or ask the other delegation."),
    ),
    "register.operation": Sentence(
        QT_TRANSLATE_NOOP("errors", "This change is not in the record here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the history of the row again after the next exchange."),
    ),
    "register.undone": Sentence(
        QT_TRANSLATE_NOOP("errors", "This change was undone already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing needs to be done; the history shows who undid it."),
    ),
    "register.moved_on": Sentence(
        QT_TRANSLATE_NOOP("errors", "The row was changed again since, so this change cannot be undone by itself."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Undo the later change first, or write the value you want."),
    ),
    "register.taken": Sentence(
        QT_TRANSLATE_NOOP("errors", "The program has a register with this id already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give your own register another id in its file."),
    ),
    "register.name": Sentence(
        QT_TRANSLATE_NOOP("errors", "A filter needs a name, of at most 100 letters."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give it a name and keep it again."),
    ),
    "register.form": Sentence(
        QT_TRANSLATE_NOOP("errors", "This register is not written in that kind of file."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was written. Choose one of the forms that are offered."),
    ),
    "state.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no State of this code."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Choose a State of the list."),
    ),
    "state.name": Sentence(
        QT_TRANSLATE_NOOP("errors", "This name is too long, or has signs in it that cannot be shown."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Write a name of at most 100 letters."),
    ),
    "register.nomination": Sentence(
        QT_TRANSLATE_NOOP("errors", "A note verbale is addressed to somebody and gets a number; it is not written with other rows."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was written. Open the entry in the directory and choose the note verbale there."),
    ),
    "import.kind": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only tables as CSV are read into a register, and calendars into one with dates."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts."),
    ),
    "import.side": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file holds the other side of the register: what you assess and what States say never mix."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Change to the side the file was written from."),
    ),
    "import.column": Sentence(
        QT_TRANSLATE_NOOP("errors", "A column of the file is none of this register."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Name the column as the register does, or delete it from the file."),
    ),
    "import.column_twice": Sentence(
        QT_TRANSLATE_NOOP("errors", "Two columns of the file have the same name."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Delete one of them from the file."),
    ),
    "import.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file lacks a column that says what each row is about, or has nothing but that."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Export the register first and fill in that file."),
    ),
    "import.ragged": Sentence(
        QT_TRANSLATE_NOOP("errors", "This line has more or fewer cells than there are headings."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Look for a comma or a quotation mark too many in that line."),
    ),
    "import.twice": Sentence(
        QT_TRANSLATE_NOOP("errors", "Another line of the file is about the same row."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Decide which of the two lines is right and delete the other."),
    ),
    "import.key": Sentence(
        QT_TRANSLATE_NOOP("errors", "The last column of this line names no row that this register can have."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Leave the cell empty for a new row."),
    ),
    "import.about": Sentence(
        QT_TRANSLATE_NOOP("errors", "This line names no State, delegation or item of this register."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Write the name as the register shows it, or its code."),
    ),
    "import.ambiguous": Sentence(
        QT_TRANSLATE_NOOP("errors", "Several rows, States or delegations are called so, and nobody can tell which one is meant."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Write the key in this cell: the last column of an exported file has it."),
    ),
    "import.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cell names a row that is not here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Write the title as the register shows it, or enter that row first."),
    ),
    "import.by_hand": Sentence(
        QT_TRANSLATE_NOOP("errors", "This line changes a field that the program writes itself."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Put back what stood there, or delete the column from the file."),
    ),
    "import.stale": Sentence(
        QT_TRANSLATE_NOOP("errors", "The register was changed since the file was read."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Read the file again: what it changes now is shown."),
    ),
    "import.faults": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file has faults, and a file is taken as a whole or not at all."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Mend the lines that are listed, then read the file again."),
    ),
    "register.toml": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file does not define a register: line and column say where it goes wrong."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was added. Mend the line that is named and read the file again."),
    ),
}
