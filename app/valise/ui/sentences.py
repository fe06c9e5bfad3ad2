"""The table of error sentences, one entry a code. `secrecy` names one of the sentences of CONFIDENTIAL."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

CONFIDENTIAL: dict[str, str] = {
    "safe": QT_TRANSLATE_NOOP("errors", "Nothing left this device unsealed."),
    "sealed": QT_TRANSLATE_NOOP("errors", "The vault stays sealed."),
    "refused": QT_TRANSLATE_NOOP("errors", "It was refused whole; nothing of it entered the vault."),
    "doubt": QT_TRANSLATE_NOOP("errors", "Until it is settled, do not rely on who is at the other end."),
    "open": QT_TRANSLATE_NOOP("errors", "What was sent so far may not be protected as it should be."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry, before translation."""

    happened: str
    secrecy: str
    todo: str


SENTENCES: dict[str, Sentence] = {
    "internal": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something went wrong inside Valise."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again. If it happens again, run valise doctor."),
    ),
    "kind.refused": Sentence(
        QT_TRANSLATE_NOOP("errors", "What came from outside is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "kind.notallowed": Sentence(
        QT_TRANSLATE_NOOP("errors", "A rule of the talks or of this vault does not allow this."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed; choose another way."),
    ),
    "kind.notyet": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something this needs has not arrived yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is tried again at each exchange; there is nothing to do."),
    ),
    "kind.damaged": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something stored here no longer verifies."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Leave the folder as it is and run valise doctor."),
    ),
    "kind.unavailable": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something outside Valise did not do its part."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the disk and the exchange folder, then try again."),
    ),
    "vault.passphrase": Sentence(
        QT_TRANSLATE_NOOP("errors", "That is not the passphrase of this vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Check Caps Lock and the keyboard's language, then type it again."),
    ),
    "vault.passphrase_empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The passphrase is empty."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Type a passphrase."),
    ),
    "vault.busy": Sentence(
        QT_TRANSLATE_NOOP("errors", "Another window has this vault open."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Go to that window, or close it and try again."),
    ),
    "vault.exists": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is a vault in this folder already."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock it, or choose another folder."),
    ),
    "vault.synced_folder": Sentence(
        QT_TRANSLATE_NOOP("errors", "This folder is copied elsewhere by a synchronising program."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Put the vault into a folder that stays on this device."),
    ),
    "vault.not_enrolled": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop has not been admitted to its delegation yet."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Open the answer that the first laptop made."),
    ),
    "vault.enrolled": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop has already been admitted."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock it with its passphrase."),
    ),
    "vault.newer": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault was written by a newer Valise."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Install the newer version on this device."),
    ),
    "vault.disk_full": Sentence(
        QT_TRANSLATE_NOOP("errors", "The disk is full; the last change was not stored."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Free some space, then do it again."),
    ),
    "vault.io": Sentence(
        QT_TRANSLATE_NOOP("errors", "The disk did not store the last change."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the disk, then do it again."),
    ),
    "vault.memory": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is not enough memory to open the vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Close other programs, then try again."),
    ),
    "vault.no_cipher": Sentence(
        QT_TRANSLATE_NOOP("errors", "The part that encrypts the database is missing."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Install Valise anew; the vault itself is untouched."),
    ),
    "vault.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault was closed meanwhile."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock it and do it again."),
    ),
    "vault.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault's files are not where they were."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Connect the disk they are on, or restore a backup."),
    ),
    "vault.damaged": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault's database is damaged."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Leave the folder as it is and run valise doctor."),
    ),
    "rootfile.passphrase": Sentence(
        QT_TRANSLATE_NOOP("errors", "That is not the passphrase of the key file."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Type the passphrase the delegation was founded with."),
    ),
    "rootfile.memory": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is not enough memory to open the key file."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Close other programs, then try again."),
    ),
    "room.blocked": Sentence(
        QT_TRANSLATE_NOOP("errors", "Sending is stopped: the identity of a delegation changed."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Go to Contacts, compare with that delegation and decide."),
    ),
    "room.not_chair": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only the chair of this room can change its members."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation that chairs the room."),
    ),
    "room.not_member": Sentence(
        QT_TRANSLATE_NOOP("errors", "That delegation is not a member of this room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the list of members."),
    ),
    "room.already_member": Sentence(
        QT_TRANSLATE_NOOP("errors", "That delegation is a member of this room already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "room.history_needed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The text of this room can only be read with its past."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Add the delegation with the history of the room."),
    ),
    "contact.still_stopped": Sentence(
        QT_TRANSLATE_NOOP("errors", "Sending to this delegation is still stopped."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Compare with it in person, then decide in Contacts."),
    ),
    "contact.undecided": Sentence(
        QT_TRANSLATE_NOOP("errors", "The identity of this delegation changed and nobody has decided yet."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Compare with it in person, then decide in Contacts."),
    ),
    "contact.nothing_to_decide": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is nothing to decide about this delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "contact.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "That delegation is not among your contacts."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask it for its identity card and open it in Contacts."),
    ),
    "card.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is your own card."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open the card that the other delegation gave you."),
    ),
    "card.conflict": Sentence(
        QT_TRANSLATE_NOOP("errors", "This card names a delegation you know, with another identity."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Compare with that delegation in person before sending anything."),
    ),
    "card.older": Sentence(
        QT_TRANSLATE_NOOP("errors", "You already have a newer card of that delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "card.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no card of that delegation yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask it for its identity card and open it in Contacts."),
    ),
    "request.known": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop has been admitted already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "root.other": Sentence(
        QT_TRANSLATE_NOOP("errors", "This key file belongs to another delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose the key file of your own delegation."),
    ),
    "rights.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop does not have the right to do this."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the officer who admits laptops in your delegation."),
    ),
    "message.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The message is empty."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write something or attach a file."),
    ),
    "message.too_long": Sentence(
        QT_TRANSLATE_NOOP("errors", "The message is too long."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Shorten it, or attach it as a file."),
    ),
    "message.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is your own message."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Only its recipients can acknowledge it."),
    ),
    "message.red_to_group": Sentence(
        QT_TRANSLATE_NOOP("errors", "TLP:RED is for named recipients only, not for a group."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another marking, or write to one delegation."),
    ),
    "attachment.incomplete": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file has not arrived whole yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Its missing parts have been asked for again."),
    ),
    "attachment.size": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is empty or too large to be sent."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Send a smaller file, or carry it on a stick."),
    ),
    "attachment.too_large": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is larger than can be received."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender for a smaller one."),
    ),
    "attachment.differs": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that arrived is not the one its sender announced."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "device.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This came from a laptop whose card is not here yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask that delegation for its newest card; until then it is kept sealed."),
    ),
    "file.large": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is larger than such a file can be."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Check that you chose the right file."),
    ),
    "file.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is empty."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that you chose the right file."),
    ),
    "text.agreed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The paragraph is agreed; its words cannot be changed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the pen to reopen it."),
    ),
    "text.no-change": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nothing would change."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Edit the words first."),
    ),
    "text.characters": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words contain characters that a text cannot hold."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Remove them; they are often pasted in by accident."),
    ),
    "text.too-long": Sentence(
        QT_TRANSLATE_NOOP("errors", "The words are too long for one paragraph."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Split them into several paragraphs."),
    ),
    "text.decided": Sentence(
        QT_TRANSLATE_NOOP("errors", "The pen has already decided on this amendment."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at what the pen decided, then propose anew if needed."),
    ),
    "text.withdrawn": Sentence(
        QT_TRANSLATE_NOOP("errors", "This amendment was withdrawn."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Propose it anew if you wish."),
    ),
    "text.already-sponsor": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation sponsors this amendment already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "text.not-sponsor": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation does not sponsor this amendment."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Only its author can withdraw it."),
    ),
    "op.own_history": Sentence(
        QT_TRANSLATE_NOOP("errors", "Another copy of this laptop's vault has signed something different."),
        "open",
        QT_TRANSLATE_NOOP("errors", "Stop working here, and tell the officer who admits laptops."),
    ),
    "setting.value": Sentence(
        QT_TRANSLATE_NOOP("errors", "This value is not possible for this setting."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another value."),
    ),
    "carrier.full": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no room left in the folder, on the stick or at the relay."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Free some space there, or take another stick; what waits is kept and sent then."),
    ),
    "carrier.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This way of exchange is not known to this version."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at Ways of exchange in Settings."),
    ),
    "format.no_child": Sentence(
        QT_TRANSLATE_NOOP("errors", "The reader for documents could not be started."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again; if it happens again, run valise doctor."),
    ),
    "format.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This kind of document cannot be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it as plain text, then open that."),
    ),
    "format.too_hard": Sentence(
        QT_TRANSLATE_NOOP("errors", "The document took too long to read or needed too much memory."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it anew in a simpler form, then open that."),
    ),
    "format.too_big": Sentence(
        QT_TRANSLATE_NOOP("errors", "The document is too large."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Split it into smaller ones."),
    ),
    "format.too_many": Sentence(
        QT_TRANSLATE_NOOP("errors", "The document has too many paragraphs."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Split it into smaller ones."),
    ),
    "system.restart": Sentence(
        QT_TRANSLATE_NOOP("errors", "The unlock page could not be started."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "The vault is closed. Start Valise again."),
    ),
}
