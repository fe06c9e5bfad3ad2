"""Error sentences about the ways of exchange: the relay, and which way serves whom."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

WAYS: dict[str, Sentence] = {
    "relay.kit": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not the file of a relay, or it is torn."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1."),
    ),
    "relay.address": Sentence(
        QT_TRANSLATE_NOOP("errors", "What this says about a relay cannot be right."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Ask whoever made it for a new one."),
    ),
    "relay.expired": Sentence(
        QT_TRANSLATE_NOOP("errors", "The permission to use the relay has ended."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask the operator of the relay for a new file. What waits is kept; a courier can take it."),
    ),
    "relay.refused": Sentence(
        QT_TRANSLATE_NOOP("errors", "The relay does not accept the permission of this laptop, or no longer."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Ask its operator, or for a correspondent's relay ask that delegation. What waits is kept."),
    ),
    "relay.old": Sentence(
        QT_TRANSLATE_NOOP("errors", "The relay runs a version that is too old to be relied on."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Its operator has to bring it up to date. What waits is kept; a courier can take it."),
    ),
    "relay.untrusted": Sentence(
        QT_TRANSLATE_NOOP("errors", "What answers at the relay's address cannot prove that it is the relay."),
        "doubt",
        QT_TRANSLATE_NOOP(
            "errors", "Nothing was given to it. Something on the way may answer in its place: ask its operator by another way."
        ),
    ),
    "relay.proxy": Sentence(
        QT_TRANSLATE_NOOP("errors", "The proxy of this network did not let Valise through to the relay."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the proxy under Settings, Exchange, with whoever looks after this network."),
    ),
    "relay.none": Sentence(
        QT_TRANSLATE_NOOP("errors", "Your delegation uses no relay, or this laptop may not give permissions for it."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open the operator's file under Ways of exchange first."),
    ),
    "relay.no_room": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is no room that you share with this delegation alone, to send it the permission in."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Make one under Messages, or hand over your card with a permission."),
    ),
    "relay.grant": Sentence(
        QT_TRANSLATE_NOOP("errors", "This permission was taken back, or is not known here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Give the delegation a new one."),
    ),
    "relay.no_agent": Sentence(
        QT_TRANSLATE_NOOP("errors", "The relay takes no revocations by itself."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Save the file of revocations and give it to the operator of the relay."),
    ),
    "way.impossible": Sentence(
        QT_TRANSLATE_NOOP("errors", "This delegation cannot be reached in that way now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "A relay needs the address it gave you, a folder has to be chosen; the courier is always possible."),
    ),
}  # fmt: skip
