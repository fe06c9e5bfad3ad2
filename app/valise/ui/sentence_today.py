"""Error sentences about tables, calendars and practice."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

_ = QT_TRANSLATE_NOOP
_NOTHING = _("errors", "Nothing was taken in. Mend that place and read the file again.")
_AGAIN = _("errors", "Save it once more as CSV, UTF-8, in the program it comes from, and read it again.")
_CALENDAR = _("errors", "Nothing was taken in. Export the calendar again as .ics from the program it comes from.")

TODAY: dict[str, Sentence] = {
    "table.encoding": Sentence(_("errors", "The table is not written in UTF-8, so its letters cannot be told."), "safe", _AGAIN),
    "table.control": Sentence(_("errors", "The table holds control characters that no cell has."), "safe", _AGAIN),
    "table.quotes": Sentence(_("errors", "The quotation marks of the table do not match in this row."), "safe", _NOTHING),
    "table.long_cell": Sentence(_("errors", "One cell of this row is longer than 200,000 characters."), "safe", _NOTHING),
    "table.long_line": Sentence(_("errors", "One line of this file is longer than any table has."), "safe", _AGAIN),
    "table.too_wide": Sentence(_("errors", "This row has more than 500 columns."), "safe", _NOTHING),
    "table.too_many": Sentence(
        _("errors", "The table has more rows than are read at once."), "safe",
        _("errors", "Nothing was taken in. Cut it into several files."),
    ),
    "table.empty": Sentence(_("errors", "The table has no row of headings."), "safe", _NOTHING),
    "table.ragged": Sentence(
        _("errors", "The table could not be written: its rows are not of one length."), "safe",
        _("errors", "Nothing was written. Tell whoever looks after Valise with you."),
    ),
    "table.written": Sentence(
        _("errors", "The file reads back otherwise than it was written, so it was not kept."), "safe",
        _("errors", "Nothing was written. Try another format, and tell whoever looks after Valise with you."),
    ),
    "table.paper": Sentence(
        _("errors", "The table has more than 20,000 rows, too many for one printed file."), "safe",
        _("errors", "Choose fewer rows with a filter, or write it as CSV."),
    ),
    "format.records_big": Sentence(
        _("errors", "The file is larger than 256 MiB."), "safe", _("errors", "Nothing was read. Cut it into several files."),
    ),
    "ics.unknown": Sentence(_("errors", "This file is not a calendar, or it is damaged."), "safe", _CALENDAR),
    "ics.big": Sentence(_("errors", "The calendar is larger than 16 MiB."), "safe", _CALENDAR),
    "ics.too_many": Sentence(
        _("errors", "The calendar has more than 10,000 entries."), "safe", _("errors", "Choose a shorter time and try again."),
    ),
    "ics.empty": Sentence(
        _("errors", "There is no event and no task in this calendar."), "safe", _("errors", "Choose another file or another time."),
    ),
    "ics.date": Sentence(_("errors", "An entry of the calendar has no date, or one that does not exist."), "safe", _CALENDAR),
    "ics.order": Sentence(_("errors", "An entry of the calendar ends before it begins."), "safe", _CALENDAR),
    "ics.long": Sentence(_("errors", "An entry of the calendar has a text longer than 20,000 characters."), "safe", _CALENDAR),
    "ics.uid": Sentence(_("errors", "Two entries of the calendar have the same identifier."), "safe", _CALENDAR),
    "ics.control": Sentence(_("errors", "An entry of the calendar holds control characters."), "safe", _CALENDAR),
    "today.register": Sentence(
        _("errors", "A calendar cannot be read into this register."), "safe",
        _("errors", "Choose consultations or events."),
    ),
    "training.real_contact": Sentence(
        _("errors", "This is the card of a real delegation, and this vault is for practice: it was refused."), "safe",
        _("errors", "Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault."),
    ),
    "training.real_state": Sentence(
        _("errors", "This is a real State, and this vault is for practice: it was refused."), "safe",
        _("errors", "Nothing was written. Choose one of the fictional delegations; real States belong into your own vault."),
    ),
    "training.card": Sentence(
        _("errors", "This is the card of a delegation from a vault for practice: it was refused."), "safe",
        _("errors", "Nothing was taken in. Ask for the card of the real delegation."),
    ),
    "training.place": Sentence(
        _("errors", "A vault for practice carries nothing beyond its own folder."), "safe",
        _("errors", "Nothing left and nothing was read. Practise with the partners that are here."),
    ),
    "training.relay": Sentence(
        _("errors", "A vault for practice uses no relay."), "safe", _("errors", "Set the relay up in your own vault."),
    ),
    "training.real_vault": Sentence(
        _("errors", "The tasks are in the vault for practice, and this is a real one."), "safe",
        _("errors", "Lock, and choose “Practise with fictional delegations” on the unlock page."),
    ),
}  # fmt: skip
