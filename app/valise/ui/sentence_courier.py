"""Error sentences about bundles for the courier."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

COURIER: dict[str, Sentence] = {
    "courier.nobody": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open a room with the delegation first, or leave it out."),
    ),
    "courier.stopped": Sentence(
        QT_TRANSLATE_NOOP("errors", "Sending to one of these delegations is stopped until a person decides."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at the contact, or make the bundle for the others alone."),
    ),
    "courier.readback": Sentence(
        QT_TRANSLATE_NOOP("errors", "The bundle was written, but reads back differently: the stick or disk is failing."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle's name."),
    ),
    "courier.not_bundle": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is not a bundle of Valise."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Choose a file whose name ends in .valise."),
    ),
    "courier.newer": Sentence(
        QT_TRANSLATE_NOOP("errors", "This bundle was written by a newer Valise than this one."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was taken in. Install the newer version, then open the bundle again."),
    ),
    "courier.not_taken": Sentence(
        QT_TRANSLATE_NOOP("errors", "Not everything in this bundle is in the vault, so it stays on the stick."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Open the bundle first; if it is damaged, ask for another one."),
    ),
    "courier.others": Sentence(
        QT_TRANSLATE_NOOP("errors", "This bundle is for other laptops too, so it stays on the stick."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Hand the stick on. Whoever is the last may delete the file."),
    ),
    "courier.two": Sentence(
        QT_TRANSLATE_NOOP("errors", "The laptop that made this bundle has numbered two different ones alike."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Its vault was put back from an older copy, or it is in use twice. Ask that delegation."),
    ),
    "courier.flood": Sentence(
        QT_TRANSLATE_NOOP("errors", "Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "If you expected it, open the sender's newest identity card first, then the bundle again."),
    ),
}
