"""Error sentences about our own laptops, the root key of the delegation and its ceremony."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

LAPTOPS: dict[str, Sentence] = {
    "laptop.code": Sentence(
        QT_TRANSLATE_NOOP("errors", "The check code is not the one that was compared."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Open the request again and compare its code with the other laptop's screen."),
    ),
    "laptop.itself": Sentence(
        QT_TRANSLATE_NOOP("errors", "A laptop cannot revoke itself: nobody would hear of it."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Revoke it on another laptop of your delegation that may admit laptops."),
    ),
    "laptop.last": Sentence(
        QT_TRANSLATE_NOOP("errors", "No laptop would be left that may admit others and is in every room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give another laptop the right to admit laptops first."),
    ),
    "laptop.revoked": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop was revoked; that cannot be taken back."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Let it ask to be admitted anew."),
    ),
    "laptop.term": Sentence(
        QT_TRANSLATE_NOOP("errors", "A certificate holds for at least a day and at most three years."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another term."),
    ),
    "laptop.card_full": Sentence(
        QT_TRANSLATE_NOOP("errors", "The card of your delegation would be too large to travel."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one."),
    ),
    "laptop.earlier": Sentence(
        QT_TRANSLATE_NOOP("errors", "The rights of this laptop were changed too often."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Revoke it and admit it anew."),
    ),
    "device.revoked": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop was revoked by its delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It sends nothing and gets nothing any more; what it holds can still be read here."),
    ),
    "device.scope": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is a travel laptop, and it is not for this room."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Write it on a laptop at home, or in one of the rooms this one was made for."),
    ),
    "root.not_open": Sentence(
        QT_TRANSLATE_NOOP("errors", "The root key of your delegation is not open; nothing was signed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open it again from its key file or from recovery shares."),
    ),
    "root.closed": Sentence(
        QT_TRANSLATE_NOOP("errors", "The root key of your delegation was closed in the meantime; nothing was signed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open it again from its key file or from recovery shares."),
    ),
    "root.secret": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was given is not the secret of a root key."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Use the key file or the recovery shares of your delegation."),
    ),
    "root.not_splittable": Sentence(
        QT_TRANSLATE_NOOP("errors", "No recovery shares can be made of this root key."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is of the first version: keep two copies of its key file in two safes."),
    ),
    "root.copy_differs": Sentence(
        QT_TRANSLATE_NOOP("errors", "The copy is not the same as the key file beside the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was removed. Copy it again, to another stick if need be."),
    ),
    "root.file_gone": Sentence(
        QT_TRANSLATE_NOOP("errors", "The key file no longer lies beside the vault."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "If nobody moved it, look for the copy in your safe."),
    ),
    "card.not_ours": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a card of your delegation."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Cards of other delegations are read under Contacts."),
    ),
    "certificate.number": Sentence(
        QT_TRANSLATE_NOOP("errors", "A newer certificate of this laptop exists already."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Exchange first (Ctrl+R), then begin again."),
    ),
}
