"""Error sentences for texts, rooms, contacts and messages, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

TALKS: dict[str, Sentence] = {
    "text.said": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation has said that already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait until enough others have spoken."),
    ),
    "returned.changed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The text has changed since this file was read; nothing was proposed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Read the file again: what can still be proposed is shown."),
    ),
    "joint.unsound": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words of this statement do not have the hash that would be signed."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Do not sign on. Ask the delegation that opened it, in person or by telephone."),
    ),
    "joint.differs": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop does not hold the same text under that revision."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange; if it stays so, compare the hash with the opener."),
    ),
    "joint.signed": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation has signed on already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing more to do."),
    ),
    "joint.not-opener": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only the delegation that opened this list may do that."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write to it."),
    ),
    "joint.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This list is closed already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Admit delegations that signed on late one by one."),
    ),
    "joint.revision": Sentence(
        QT_TRANSLATE_NOOP("errors", "This revision is not here, or this laptop computes it differently."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange, or freeze a new revision."),
    ),
    "joint.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "A joint statement needs a title and words."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write both, then open it for sign-on."),
    ),
    "joint.characters": Sentence(
        QT_TRANSLATE_NOOP("errors", "The title or the words hold signs that cannot be seen and could show other words."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write or paste the words as plain text, then try again."),
    ),
    "joint.too-long": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words or the title are too long for a joint statement."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Shorten them, or open a text and a list of its co-sponsors."),
    ),
    "joint.not-signed": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation does not stand on this list."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to take back."),
    ),
    "joint.not-late": Sentence(
        QT_TRANSLATE_NOOP("errors", "This delegation does not wait to be admitted any more."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the list again: it may have taken its name back."),
    ),
    "joint.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This statement is not on this laptop."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Exchange once more; it may still be under way."),
    ),
    "release.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "This draft is your own: another officer releases or returns it."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask a second officer of your delegation, on another laptop."),
    ),
    "release.other": Sentence(
        QT_TRANSLATE_NOOP("errors", "This draft is of another officer, who alone can take it back."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Release it, or return it with the reason."),
    ),
    "release.stale": Sentence(
        QT_TRANSLATE_NOOP("errors", "The paragraph has changed since this draft was written; it did not leave."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Return it, so that its author writes it for the words as they stand now."),
    ),
    "release.decided": Sentence(
        QT_TRANSLATE_NOOP("errors", "This draft was decided meanwhile."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the paragraph as it stands now."),
    ),
    "release.alone": Sentence(
        QT_TRANSLATE_NOOP("errors", "No second officer of your delegation could release anything."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Admit a second officer's laptop first, with the right to propose amendments."),
    ),
    "text.export-kind": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such kind of export."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose one of those offered."),
    ),
    "text.not-open": Sentence(
        QT_TRANSLATE_NOOP("errors", "The beginning of this text has not arrived yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange; everything before it is fetched by itself."),
    ),
    "text.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This text is not in the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange, or ask its room."),
    ),
    "text.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "This text is no longer in the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another text in the list."),
    ),
    "text.not-pen": Sentence(
        QT_TRANSLATE_NOOP("errors", "Another computer holds the pen."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Propose the change instead, or ask for the pen."),
    ),
    "text.frozen": Sentence(
        QT_TRANSLATE_NOOP("errors", "The text is frozen: two different continuations were written with the pen."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost. The delegations decide together how it goes on."),
    ),
    "text.no_pen_device": Sentence(
        QT_TRANSLATE_NOOP("errors", "No laptop of that delegation may hold the pen."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another delegation, or ask it to admit a laptop with that right."),
    ),
    "text.undisposed": Sentence(
        QT_TRANSLATE_NOOP("errors", "An amendment that these words touch has no answer yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Say what becomes of each amendment, then set the words."),
    ),
    "text.outcome": Sentence(
        QT_TRANSLATE_NOOP("errors", "An amendment was answered twice, or with an answer that does not exist."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose one answer for each amendment."),
    ),
    "text.edit": Sentence(
        QT_TRANSLATE_NOOP("errors", "This change of the text is not possible."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the newest state of the paragraph, then try again."),
    ),
    "text.span": Sentence(
        QT_TRANSLATE_NOOP("errors", "The place of the amendment in the new words is missing."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another answer for it, or leave its words standing."),
    ),
    "text.still-bracketed": Sentence(
        QT_TRANSLATE_NOOP("errors", "Amendments to this paragraph are still open."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Decide each of them first, then agree the paragraph."),
    ),
    "text.status": Sentence(
        QT_TRANSLATE_NOOP("errors", "The paragraph does not stand so that this could be done."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at its status; it may have been agreed or reopened meanwhile."),
    ),
    "text.symbol": Sentence(
        QT_TRANSLATE_NOOP("errors", "A revision needs a symbol of its own."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give one that no earlier revision has, for example ending in Rev.3."),
    ),
    "text.title": Sentence(
        QT_TRANSLATE_NOOP("errors", "The text has no title."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give it one, then open it."),
    ),
    "text.roster": Sentence(
        QT_TRANSLATE_NOOP("errors", "The pen can only go to a delegation that takes part in this text."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a member of the room."),
    ),
    "text.section": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such part of a text."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose preamble, operative part, annex or other."),
    ),
    "text.position": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such position."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose support, can go along, reserve, scrutiny reservation or oppose."),
    ),
    "text.too-large": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is too much for one act of the pen."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Do it in several steps, a few paragraphs each."),
    ),
    "text.unknown-paragraph": Sentence(
        QT_TRANSLATE_NOOP("errors", "The paragraph is no longer in the text."),
        "safe",
        QT_TRANSLATE_NOOP(
            "errors", "Look at the newest state of the text; it may have been taken out or put together with another."
        ),
    ),
    "text.unknown-proposal": Sentence(
        QT_TRANSLATE_NOOP("errors", "This amendment is not in the text."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the newest state of the paragraph."),
    ),
    "text.unknown-target": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is nothing here to speak to."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a paragraph or an amendment that stands."),
    ),
    "text.unknown-version": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words this refers to never stood in the text."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the newest state of the paragraph, then try again."),
    ),
    "text.unknown-revision": Sentence(
        QT_TRANSLATE_NOOP("errors", "This revision has not arrived yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is tried again at each exchange; there is nothing to do."),
    ),
    "text.silence-runs": Sentence(
        QT_TRANSLATE_NOOP("errors", "A silence procedure is running on this text already, or has to be closed first."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Wait until it is over, or extend it; then open the next one."),
    ),
    "text.silence-over": Sentence(
        QT_TRANSLATE_NOOP("errors", "This silence procedure is over."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost. Say what your delegation thinks as an amendment or a remark; the "
                          "pen-holder can open another procedure."),
    ),
    "text.silence-not-over": Sentence(
        QT_TRANSLATE_NOOP("errors", "The deadline has not passed yet and nobody has broken the silence."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Wait for the deadline; the procedure is then closed by itself."),
    ),
    "text.silence-broken": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation has broken this silence already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do: it counts, with the reason that was given."),
    ),
    "text.silence-clear": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nothing about this silence procedure is contested any more."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost. How it ended stands above the text; there is nothing to decide."),
    ),
    "text.deadline": Sentence(
        QT_TRANSLATE_NOOP("errors", "This deadline is not possible."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Choose a time between one hour and one year ahead, and later than "
                          "the deadline in force."),
    ),
    "text.reason": Sentence(
        QT_TRANSLATE_NOOP("errors", "A delegation that breaks the silence says why."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was sent. Write a sentence for the other delegations, then break it."),
    ),
    "text.unknown-silence": Sentence(
        QT_TRANSLATE_NOOP("errors", "This silence procedure has not arrived here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost. It is fetched with the next exchange; look again then."),
    ),
    "text.not-suspended": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nothing is suspended here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "text.snapshot": Sentence(
        QT_TRANSLATE_NOOP("errors", "A stored state of the text does not verify any more."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is computed again from the signed entries; there is nothing to do."),
    ),
    "room.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This room is not in the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange, or ask its chair."),
    ),
    "room.members": Sentence(
        QT_TRANSLATE_NOOP("errors", "This list of members is not possible for such a room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose one other delegation for a bilateral room, at least one for a group."),
    ),
    "room.left": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation is no longer a member of this room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "What was received stays readable; write in another room."),
    ),
    "room.title": Sentence(
        QT_TRANSLATE_NOOP("errors", "A group needs a title."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give it one that every member will understand."),
    ),
    "contact.changed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The identity of a delegation concerned changed and nobody has decided yet."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Compare with it in person, then decide in Contacts."),
    ),
    "contact.differs": Sentence(
        QT_TRANSLATE_NOOP("errors", "The numbers compared with a delegation concerned differ."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Compare once more, best in person, then decide in Contacts."),
    ),
    "contact.forked": Sentence(
        QT_TRANSLATE_NOOP("errors", "A delegation concerned showed two different lists of its laptops."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Ask it by another way, then decide in Contacts."),
    ),
    "contact.replaced": Sentence(
        QT_TRANSLATE_NOOP("errors", "This identity was replaced by another one of the same delegation."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Use the newer contact."),
    ),
    "message.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This message is not in the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Wait for the next exchange."),
    ),
    "message.marking": Sentence(
        QT_TRANSLATE_NOOP("errors", "This marking is not possible."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a marking of the list, or write a shorter one."),
    ),
    "attachment.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not in the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "attachment.other_room": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file was attached in another room and is sealed for its members."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Attach it here once more."),
    ),
    "attachment.torn": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is not as long as its sender announced."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "attachment.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "A part of the file does not open: it was changed on its way."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again; if it recurs, tell your security officer."),
    ),
    "attachment.seal": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was announced about the file is impossible."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "op.body": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was to be signed is not possible in the record."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check what you wrote for unusual characters, then try again."),
    ),
    "op.rights": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop does not have the right to do this."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the officer who admits laptops in your delegation."),
    ),
    "op.too_large": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is too much for one entry of the record."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Do it in several steps."),
    ),
}
