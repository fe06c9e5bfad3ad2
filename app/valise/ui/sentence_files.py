"""Error sentences for cards, key files, laptops, documents, folders and the vault, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

FILES: dict[str, Sentence] = {
    "card.malformed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not an identity card, or not a whole one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation for its card again, best handed over in person."),
    ),
    "card.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "This card was made by another version of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Bring both to the same version, then ask for the card again."),
    ),
    "card.magic": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not an identity card."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file the other delegation gave you."),
    ),
    "card.size": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is too large to be an identity card."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file the other delegation gave you."),
    ),
    "card.signature": Sentence(
        QT_TRANSLATE_NOOP("errors", "The signature of this card does not verify: it was changed, or it is a forgery."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not use it. Ask the delegation for its card by another way."),
    ),
    "card.certificate": Sentence(
        QT_TRANSLATE_NOOP("errors", "A laptop on this card is not certified by its delegation."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not use it. Ask the delegation for its card by another way."),
    ),
    "card.prekeys": Sentence(
        QT_TRANSLATE_NOOP("errors", "The keys of a laptop on this card do not verify."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation for its newest card."),
    ),
    "card.forked": Sentence(
        QT_TRANSLATE_NOOP("errors", "This card and one you hold name different laptops of the same delegation."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Ask that delegation by another way before sending anything."),
    ),
    "grant.malformed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not the answer to a request, or not a whole one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file that the first laptop saved."),
    ),
    "grant.magic": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not the answer to a request."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file that the first laptop saved."),
    ),
    "grant.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "This answer was made by another version of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Bring both laptops to the same version, then ask for the answer again."),
    ),
    "request.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "This request was made by another version of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Bring both laptops to the same version, then make the request again."),
    ),
    "card.device_taken": Sentence(
        QT_TRANSLATE_NOOP("errors", "This card claims a laptop that belongs to another delegation."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not use it. Ask both delegations for their cards by another way."),
    ),
    "grant.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This answer was made for another laptop, or was changed on its way."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the first laptop for the answer to the request made here."),
    ),
    "grant.signature": Sentence(
        QT_TRANSLATE_NOOP("errors", "The signature of this answer does not verify."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the first laptop for it again, carried by hand."),
    ),
    "grant.certificate": Sentence(
        QT_TRANSLATE_NOOP("errors", "This answer does not certify this laptop."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the first laptop for the answer to the request made here."),
    ),
    "grant.rights": Sentence(
        QT_TRANSLATE_NOOP("errors", "The laptop that made this answer may not admit others."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the officer who admits laptops in your delegation."),
    ),
    "grant.card": Sentence(
        QT_TRANSLATE_NOOP("errors", "The card of your delegation does not list both laptops."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again; if it happens again, run valise doctor."),
    ),
    "grant.too_large": Sentence(
        QT_TRANSLATE_NOOP("errors", "There are too many contacts for one answer."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Retire contacts that are no longer needed, then try again."),
    ),
    "request.malformed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not a request of another laptop, or not a whole one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file that the other laptop saved."),
    ),
    "request.magic": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not a request of another laptop."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file that the other laptop saved."),
    ),
    "request.key": Sentence(
        QT_TRANSLATE_NOOP("errors", "The keys in this request are not possible."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Let the other laptop make its request again."),
    ),
    "request.signature": Sentence(
        QT_TRANSLATE_NOOP("errors", "The signature of this request does not verify."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Let the other laptop make its request again, and carry it by hand."),
    ),
    "rootfile.malformed": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a key file of a delegation, or it was changed."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file named delegation.key, usually on a stick."),
    ),
    "rootfile.magic": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a key file of a delegation."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file named delegation.key, usually on a stick."),
    ),
    "rootfile.version": Sentence(
        QT_TRANSLATE_NOOP("errors", "This key file was written by another version of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Use the version it was made with, or a newer one."),
    ),
    "rootfile.weak": Sentence(
        QT_TRANSLATE_NOOP("errors", "This key file is protected less than it must be."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not use it; take the one made when the delegation was founded."),
    ),
    "rootfile.passphrase_empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The passphrase of the key file is empty."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Type it."),
    ),
    "header.missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that opens the vault is missing."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore it from a backup; without it the vault stays closed."),
    ),
    "header.torn": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that opens the vault is damaged."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore it from a backup; the vault itself may be whole."),
    ),
    "header.newer": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault was made by a newer Valise."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Install the newer version on this device."),
    ),
    "header.slot": Sentence(
        QT_TRANSLATE_NOOP("errors", "The part of the vault that answers to a passphrase is damaged."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore the file from a backup; the vault itself may be whole."),
    ),
    "header.name": Sentence(
        QT_TRANSLATE_NOOP("errors", "The public name is too long or holds control characters."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Choose a shorter one."),
    ),
    "slot.downgraded": Sentence(
        QT_TRANSLATE_NOOP(
            "errors",
            "The passphrase of this vault is protected less than it must be: somebody may have changed the file.",
        ),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Do not type the passphrase. Restore the file from a backup."),
    ),
    "slot.excessive": Sentence(
        QT_TRANSLATE_NOOP(
            "errors", "Opening this vault would demand more than a computer should give: the file was changed."
        ),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore the file from a backup."),
    ),
    "slot.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "An empty passphrase protects nothing."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Type a passphrase."),
    ),
    "slot.kind": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault opens in a way that this version does not know."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Install the newer version on this device."),
    ),
    "vault.key_form": Sentence(
        QT_TRANSLATE_NOOP("errors", "The key of the vault is not as it must be."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Leave the folder as it is and run valise doctor."),
    ),
    "vault.settings": Sentence(
        QT_TRANSLATE_NOOP("errors", "The database of the vault is not protected as it must be."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Leave the folder as it is and run valise doctor."),
    ),
    "vault.wrong_key": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that opens the vault and the vault do not belong together."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore both from the same backup."),
    ),
    "migrate.failed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault could not be brought to this version."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "It was left as it was. Run valise doctor."),
    ),
    "carrier.unreachable": Sentence(
        QT_TRANSLATE_NOOP("errors", "The folder, stick or relay cannot be reached."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the drive, the share or the network; what waits is kept and sent then."),
    ),
    "carrier.torn": Sentence(
        QT_TRANSLATE_NOOP("errors", "A file in the exchange folder is torn or still being copied."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "It is tried again at the next exchange; there is nothing to do."),
    ),
    "carrier.parcel": Sentence(
        QT_TRANSLATE_NOOP("errors", "A file in the exchange folder is not one of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; keep other files out of that folder."),
    ),
    "format.empty": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file holds no words."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that you chose the right file."),
    ),
    "format.too_long": Sentence(
        QT_TRANSLATE_NOOP("errors", "One paragraph of the document is too long."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Split it into several paragraphs, then open it again."),
    ),
    "format.long_label": Sentence(
        QT_TRANSLATE_NOOP("errors", "The number of a paragraph is too long to be one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Look for a paragraph that begins with a very long mark, and mend it."),
    ),
    "format.encoding": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file is not readable as text."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it as plain text in UTF-8, then open that."),
    ),
    "format.control": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file holds control characters that no text has."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it anew as plain text, then open that."),
    ),
    "format.language": Sentence(
        QT_TRANSLATE_NOOP("errors", "The language is not one of the six official languages of the United Nations."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose one of the six."),
    ),
    "format.structure": Sentence(
        QT_TRANSLATE_NOOP("errors", "The parts of the document are not built as expected."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save it as plain text, then open that."),
    ),
    "format.child": Sentence(
        QT_TRANSLATE_NOOP("errors", "The separate reader of documents gave no usable answer."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Save the document as plain text, then open that."),
    ),
    "format.no_file": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file cannot be opened."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that it is still there and that you may read it."),
    ),
    "format.not_a_file": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not an ordinary file."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a document."),
    ),
    "file.read": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file could not be read."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that it is still there and that you may read it."),
    ),
    "file.unreadable": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file could not be read."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that it is still there and that you may read it."),
    ),
    "file.write": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file could not be written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that there is room and that you may write there."),
    ),
    "file.unwritable": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file could not be written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that there is room and that you may write there."),
    ),
    "setting.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such setting."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed."),
    ),
    "setting.file": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is no file of settings that can be read here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Export the settings again where the file comes from."),
    ),
    "setting.inside": Sentence(
        QT_TRANSLATE_NOOP("errors", "This setting is kept inside the vault only."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Unlock the vault to change it."),
    ),
    "safety.key": Sentence(
        QT_TRANSLATE_NOOP("errors", "The card of this delegation does not hold a key that can be compared."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask it for its card again."),
    ),
    "safety.same": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is your own identity: there is nothing to compare."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another delegation."),
    ),
    "system.folder": Sentence(
        QT_TRANSLATE_NOOP("errors", "A folder of Valise cannot be made, or belongs to somebody else."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the rights of your home folder, then start again."),
    ),
}
