"""Error sentences about points of contact: ping rounds, contact cards, nominations."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

PINGS: dict[str, Sentence] = {
    "ping.title": Sentence(
        QT_TRANSLATE_NOOP("errors", "A round needs a name of at most 200 characters."), "safe",
        QT_TRANSLATE_NOOP("errors", "Give it a short name; those asked read it."),
    ),
    "ping.nobody": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nobody is chosen for this round."), "safe",
        QT_TRANSLATE_NOOP("errors", "Tick at least one point of contact."),
    ),
    "ping.too_many": Sentence(
        QT_TRANSLATE_NOOP("errors", "A round asks at most 400 points of contact."), "safe",
        QT_TRANSLATE_NOOP("errors", "Open two rounds instead."),
    ),
    "ping.twice": Sentence(
        QT_TRANSLATE_NOOP("errors", "A point of contact was chosen twice."), "safe",
        QT_TRANSLATE_NOOP("errors", "Choose each of them once."),
    ),
    "ping.due": Sentence(
        QT_TRANSLATE_NOOP("errors", "The date for answers lies in the past."), "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a later one."),
    ),
    "ping.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your own points of contact cannot be asked by yourself."), "safe",
        QT_TRANSLATE_NOOP("errors", "Leave them out of the round."),
    ),
    "ping.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This round, question or contact is not known here."), "safe",
        QT_TRANSLATE_NOOP("errors", "Exchange once more and look again."),
    ),
    "ping.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This round is closed already."), "safe",
        QT_TRANSLATE_NOOP("errors", "Answers that come still count; nothing needs to be done."),
    ),
    "ping.outcome": Sentence(
        QT_TRANSLATE_NOOP("errors", "This outcome or way is not one of those that are known."), "safe",
        QT_TRANSLATE_NOOP("errors", "Choose one from the list."),
    ),
    "ping.when": Sentence(
        QT_TRANSLATE_NOOP("errors", "This time cannot be: an answer comes after the question, and not in the future."), "safe",
        QT_TRANSLATE_NOOP("errors", "Correct the times; they are UTC."),
    ),
    "ping.words": Sentence(
        QT_TRANSLATE_NOOP("errors", "The note is longer than 2,000 characters."), "safe",
        QT_TRANSLATE_NOOP("errors", "Shorten it."),
    ),
    "ping.changes": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only an answer that the entry has changed says what has changed."), "safe",
        QT_TRANSLATE_NOOP("errors", "Say what is otherwise, or that the entry is right."),
    ),
    "ping.nothing": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is nothing here that could be taken or written."), "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the entry and the round again; choose something that was confirmed, or a wider marking."),
    ),
    "ping.exercise": Sentence(
        QT_TRANSLATE_NOOP("errors", "This round was an exercise: nothing of it is taken into an entry."), "safe",
        QT_TRANSLATE_NOOP("errors", "Ask in a round that is meant in earnest."),
    ),
    "ping.not_ours": Sentence(
        QT_TRANSLATE_NOOP("errors", "A delegation nominates its own points of contact, and this one is of another State."), "safe",
        QT_TRANSLATE_NOOP("errors", "Choose an entry of your own State."),
    ),
    "ping.report": Sentence(
        QT_TRANSLATE_NOOP("errors", "A round is written as a table or as pages."), "safe",
        QT_TRANSLATE_NOOP("errors", "Choose one of the two."),
    ),
    "vcard.none": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no contact card in this file."), "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a file that ends in .vcf."),
    ),
    "vcard.torn": Sentence(
        QT_TRANSLATE_NOOP("errors", "A contact card in this file is not whole or not built as the standard says."), "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for the card once more, as vCard 3.0 or 4.0."),
    ),
    "vcard.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "A contact card in this file is of a version that is not read."), "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for it as vCard 3.0 or 4.0."),
    ),
    "vcard.name": Sentence(
        QT_TRANSLATE_NOOP("errors", "A contact card in this file names nobody."), "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for a card with a name, or enter the contact by hand."),
    ),
    "vcard.nested": Sentence(
        QT_TRANSLATE_NOOP("errors", "A contact card in this file holds something else inside."), "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for the card alone."),
    ),
    "vcard.many": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file holds more than any directory has."), "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for smaller files (at most 2,000 cards)."),
    ),
    "vcard.long": Sentence(
        QT_TRANSLATE_NOOP("errors", "A value in a contact card is longer than 2,000 characters."), "refused",
        QT_TRANSLATE_NOOP("errors", "Shorten it, or enter the contact by hand."),
    ),
    "vcard.control": Sentence(
        QT_TRANSLATE_NOOP("errors", "A contact card holds control characters, which no name or number has."), "refused",
        QT_TRANSLATE_NOOP("errors", "Do not use this file; ask for the card by another way."),
    ),
    "vcard.encoding": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not written in UTF-8."), "refused",
        QT_TRANSLATE_NOOP("errors", "Save it as UTF-8 and try again."),
    ),
    "vcard.written": Sentence(
        QT_TRANSLATE_NOOP("errors", "The contact cards could not be read back as they were written, so no file was made."), "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the entries for unusual characters and try again."),
    ),
    "vcard.stale": Sentence(
        QT_TRANSLATE_NOOP("errors", "The directory has changed since this file was read."), "safe",
        QT_TRANSLATE_NOOP("errors", "Read the file again: what it would change now is shown."),
    ),
}  # fmt: skip
