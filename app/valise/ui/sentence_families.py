"""Error sentences for every code of a family that has none of its own: the part of the code before the dot."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

FAMILIES: dict[str, Sentence] = {
    "update": Sentence(
        QT_TRANSLATE_NOOP("errors", "This release file, or the package with it, is not what the publisher signed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Install nothing of it. Get both again from the publisher, by another way."),
    ),
    "ping": Sentence(
        QT_TRANSLATE_NOOP("errors", "That cannot be done with this ping round now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at it again after the next exchange."),
    ),
    "vcard": Sentence(
        QT_TRANSLATE_NOOP("errors", "The contact cards could not be read or written."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask for them once more, as vCard 3.0 or 4.0."),
    ),
    "register": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with this register now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Look at the row again; somebody may have changed it meanwhile."),
    ),
    "state": Sentence(
        QT_TRANSLATE_NOOP("errors", "The name of this State cannot be changed so."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Choose a State of the list, and a name of at most 100 letters."),
    ),
    "import": Sentence(
        QT_TRANSLATE_NOOP("errors", "The rows of this file cannot be taken in."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Mend the file where it is named, and choose it again."),
    ),
    "training": Sentence(
        QT_TRANSLATE_NOOP("errors", "A vault for practice keeps to fictional delegations and to its own folder."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Do this in your own vault if it is meant in earnest."),
    ),
    "table": Sentence(
        QT_TRANSLATE_NOOP("errors", "This table could not be read or written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Mend the place that is named and try again."),
    ),
    "ics": Sentence(
        QT_TRANSLATE_NOOP("errors", "This calendar could not be read or written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Export it again from the program it comes from."),
    ),
    "today": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with these dates."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Choose consultations or events."),
    ),
    "evidence": Sentence(
        QT_TRANSLATE_NOOP("errors", "The evidence could not be written or checked."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Try again, or use the command valise verify."),
    ),
    "incident": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with this incident now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was sent. Look at it again after the next exchange."),
    ),
    "stix": Sentence(
        QT_TRANSLATE_NOOP("errors", "The STIX bundle could not be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Ask its sender for another one."),
    ),
    "laptop": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be signed for a laptop of your delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was signed and the root key is closed. Look at the list and begin again."),
    ),
    "root": Sentence(
        QT_TRANSLATE_NOOP("errors", "The root key of your delegation cannot be used for this now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open it again from its key file or from recovery shares."),
    ),
    "returned": Sentence(
        QT_TRANSLATE_NOOP("errors", "What this file wants otherwise cannot be proposed now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Read the file again: what can still be proposed is shown."),
    ),
    "joint": Sentence(
        QT_TRANSLATE_NOOP("errors", "That cannot be done with this statement now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at it again after the next exchange."),
    ),
    "release": Sentence(
        QT_TRANSLATE_NOOP("errors", "This draft could not be released, returned or taken back."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It did not leave. Look at it again after the next exchange."),
    ),
    "internal": Sentence(
        QT_TRANSLATE_NOOP("errors", "This internal note could not be kept."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Your words are still in the field; change them and try again."),
    ),
    "copy": Sentence(
        QT_TRANSLATE_NOOP("errors", "What this laptop said before it was put back is not all known yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Connect; it goes on by itself."),
    ),
    "vault": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault could not be opened or written."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Run valise doctor; nothing was thrown away."),
    ),
    "header": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that opens the vault is damaged."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore it from a backup; the vault itself may be whole."),
    ),
    "custodian": Sentence(
        QT_TRANSLATE_NOOP("errors", "The keyring of this computer could not be used."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock with your passphrase; everything works without a keyring."),
    ),
    "shares": Sentence(
        QT_TRANSLATE_NOOP("errors", "The recovery shares could not be used."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Begin again and compare every word with the paper."),
    ),
    "slot": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file that opens the vault is not as it must be."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Restore it from a backup; somebody may have changed it."),
    ),
    "migrate": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault could not be brought to this version."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "It was left as it was. Run valise doctor."),
    ),
    "card": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a valid identity card."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation for its card again, best handed over in person."),
    ),
    "certificate": Sentence(
        QT_TRANSLATE_NOOP("errors", "The certificate of a laptop is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask that delegation for its newest card."),
    ),
    "prekeys": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a valid identity card."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation for its card again."),
    ),
    "grant": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a valid answer for this laptop."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the first laptop for the answer to the request made here."),
    ),
    "request": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a valid request of another laptop."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Let the other laptop make its request again."),
    ),
    "rootfile": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a valid key file of a delegation."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose the file named delegation.key, usually on a stick."),
    ),
    "device": Sentence(
        QT_TRANSLATE_NOOP("errors", "The identity of a laptop is not as it must be."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask that delegation for its newest card."),
    ),
    "contact": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with this contact."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the contact's page."),
    ),
    "room": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done in this room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the list of members."),
    ),
    "message": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with this message."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed."),
    ),
    "attachment": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file did not arrive as it was sent."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "text": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with the text as it stands now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the newest state of the paragraph, then try again."),
    ),
    "proposal": Sentence(
        QT_TRANSLATE_NOOP("errors", "This cannot be done with this amendment."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at its newest state, then try again."),
    ),
    "op": Sentence(
        QT_TRANSLATE_NOOP("errors", "An entry of the record is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; its sender's laptop should be looked at."),
    ),
    "rights": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop does not have the right to do this."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the officer who admits laptops in your delegation."),
    ),
    "setting": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no such setting."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed."),
    ),
    "carrier": Sentence(
        QT_TRANSLATE_NOOP("errors", "The folder, stick or relay cannot be reached."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the drive, the share or the network; what waits is kept and sent then."),
    ),
    "relay": Sentence(
        QT_TRANSLATE_NOOP("errors", "The relay did not do what it was asked."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "What waits is kept. Look at Ways of exchange; a courier can take it."),
    ),
    "way": Sentence(
        QT_TRANSLATE_NOOP("errors", "This way of exchange cannot be used now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "What waits is kept. Look at Ways of exchange."),
    ),
    "courier": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle could not be made or taken in."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "What waits is kept. Try again, best with another stick."),
    ),
    "manifest": Sentence(
        QT_TRANSLATE_NOOP("errors", "What this bundle says of itself cannot be read or is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "What verifies in it came in all the same. Ask its sender for a new one."),
    ),
    "exchange": Sentence(
        QT_TRANSLATE_NOOP("errors", "The exchange did not succeed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "What waits is kept and sent at the next exchange."),
    ),
    "file": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file could not be read or written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the disk and that you may write there, then try again."),
    ),
    "format": Sentence(
        QT_TRANSLATE_NOOP("errors", "The document could not be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Check that it opens elsewhere, or save it anew and open that."),
    ),
    "envelope": Sentence(
        QT_TRANSLATE_NOOP("errors", "A sealed envelope is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; its sender sends it again."),
    ),
    "frame": Sentence(
        QT_TRANSLATE_NOOP("errors", "A sealed envelope is not valid inside."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; its sender sends it again."),
    ),
    "key": Sentence(
        QT_TRANSLATE_NOOP("errors", "Keys that came from another laptop are not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "They have been asked for again; wait for the next exchanges."),
    ),
    "olm": Sentence(
        QT_TRANSLATE_NOOP("errors", "A sealed message could not be opened with the keys that are here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is kept sealed, and its keys have been asked for again."),
    ),
    "hpke": Sentence(
        QT_TRANSLATE_NOOP("errors", "A sealed envelope does not open."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; its sender sends it again."),
    ),
    "padding": Sentence(
        QT_TRANSLATE_NOOP("errors", "A sealed envelope is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; its sender sends it again."),
    ),
    "signature": Sentence(
        QT_TRANSLATE_NOOP("errors", "A signature does not verify."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again; if it recurs, compare identities."),
    ),
    "statement": Sentence(
        QT_TRANSLATE_NOOP("errors", "A report of what a laptop holds is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here; it is repeated at the next exchange."),
    ),
    "canonical": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file or entry is torn or was changed on its way."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "cbor": Sentence(
        QT_TRANSLATE_NOOP("errors", "The file or entry is torn or was changed on its way."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "safety": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is nothing to compare with this delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open its identity card first."),
    ),
    "system": Sentence(
        QT_TRANSLATE_NOOP("errors", "The system did not allow what is needed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again; if it happens again, run valise doctor."),
    ),
    "backup": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is something wrong with this backup."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose another one, or make a new one in another place."),
    ),
    "restore": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop was made from a backup, and this cannot be done with it now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Security, Backups and travel, says how it is admitted."),
    ),
    "search": Sentence(
        QT_TRANSLATE_NOOP("errors", "The search could not be done."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try other words."),
    ),
    "compare": Sentence(
        QT_TRANSLATE_NOOP("errors", "The comparison did not come to an end."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Start it again, or compare the number by eye."),
    ),
    "picture": Sentence(
        QT_TRANSLATE_NOOP("errors", "The picture could not be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Take another picture of the whole code, or compare the number by eye."),
    ),
    "vouch": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation cannot vouch for this one."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another delegation."),
    ),
}
